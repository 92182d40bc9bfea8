/* The calculators of what a claim comes to: law/ computes a bill, here the query is read. */
#include "law/debt.h"
#include "web/handlers.h"
#include "web/tool.h"

static enum status bill_out(struct call *call, const struct bill *bill, struct value **out)
{
    *out = bill_value(bill);
    tool_tables_apart(call, *out);
    return OK;
}

/* A rate in per cent under its name. */
static void read_percent(struct call *call, const char *name, bool needed, int64_t *ppm)
{
    Str text = tool_text(call, name);
    if (text.n == 0) {
        tool_need(call, !needed, name);
    } else if (!tool_rate_parse(text, ppm)) {
        tool_wrong(call, name, "请写成 3.45 这样的百分数，小数不超过四位");
    }
}

/* --- the debt of a judgment --- */

static void read_general(struct call *call, struct debt_ask *ask)
{
    static const char *const generals[] = {"none", "agreed", "lpr"};
    int64_t year_days = 365;
    ask->general = (enum debt_general)tool_word(call, "general", generals, 3);
    (void)tool_number(call, "year_days", &year_days);
    ask->year_days = year_days == 360 || year_days == 365 ? (int)year_days : 0;
    if (ask->general == DEBT_NO_GENERAL) {
        return;
    }
    tool_need(call, tool_date(call, "start", &ask->from), "start");
    if (ask->general == DEBT_AGREED) {
        read_percent(call, "rate", true, &ask->ppm);
        return;
    }
    int64_t hundredth = 10000; /* once; "1.5" is read as 1.5 per cent */
    read_percent(call, "times", false, &hundredth);
    ask->ppm = hundredth * 100;
}

static enum status debt_tool(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    struct debt_ask ask = {0};
    struct bill bill;
    struct interest_payment *payments =
        arena_array(cx->arena, struct interest_payment, TOOL_ROWS_MAX);
    struct interest_pause *pauses = arena_array(cx->arena, struct interest_pause, TOOL_ROWS_MAX);
    tool_need(call, tool_money(call, "principal", &ask.delay.debt), "principal");
    tool_need(call, tool_date(call, "due", &ask.delay.due), "due");
    tool_need(call, tool_date(call, "end", &ask.delay.end), "end");
    read_general(call, &ask);
    ask.delay.payments = payments;
    ask.delay.payment_count = tool_payments(call, payments);
    ask.delay.pauses = pauses;
    ask.delay.pause_count = tool_pauses(call, pauses);
    TRY(tool_checked(call));
    TRY(debt_compute(cx, tool_tables(call), &ask, &bill));
    return bill_out(call, &bill, out);
}

enum status tool_debt(struct call *call)
{
    return tool_answer(call, "debt", debt_tool);
}
