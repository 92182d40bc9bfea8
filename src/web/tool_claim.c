/* The calculators of what a claim comes to: law/ computes a bill, here the query is read. */
#include "law/debt.h"
#include "law/penalty.h"
#include "law/severance.h"
#include "law/support.h"
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

/* --- the end of employment --- */

static void read_employment(struct call *call, struct severance_ask *ask)
{
    static const char *const kinds[] = {"compensation", "notice", "damages", "double"};
    tool_need(call, tool_text(call, "kind").n > 0, "kind");
    ask->kind = (enum severance_kind)tool_word(call, "kind", kinds, 4);
    tool_need(call, tool_money(call, "wage", &ask->wage), "wage");
    tool_need(call, tool_date(call, "start", &ask->first), "start");
    tool_need(call, tool_date(call, "end", &ask->last), "end");
    if (ask->kind == SEVERANCE_NOTICE) {
        tool_need(call, tool_money(call, "last_wage", &ask->last_wage), "last_wage");
    } else if (ask->kind == SEVERANCE_DOUBLE) {
        (void)tool_date(call, "written", &ask->written);
    }
}

static enum status severance_tool(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    struct severance_ask ask = {.written = DATE_NONE, .local_wage = -1};
    struct bill bill;
    read_employment(call, &ask);
    ask.place = tool_place(call, "place", tool_text(call, "place"));
    if (tool_money(call, "local_wage", &ask.local_wage) && ask.local_wage <= 0) {
        tool_wrong(call, "local_wage", "请填写0元以上的金额");
    }
    TRY(tool_checked(call));
    TRY(severance_compute(cx, tool_tables(call), &ask, &bill));
    return bill_out(call, &bill, out);
}

enum status tool_severance(struct call *call)
{
    return tool_answer(call, "severance", severance_tool);
}

/* --- an agreed penalty --- */

static enum status penalty_tool(struct call *call, struct value **out)
{
    static const char *const ways[] = {"daily", "share", "fixed"};
    struct cx *cx = call->cx;
    struct penalty_ask ask = {.loss = -1};
    struct bill bill;
    tool_need(call, tool_text(call, "way").n > 0, "way");
    ask.way = (enum penalty_way)tool_word(call, "way", ways, 3);
    tool_need(call, tool_money(call, "base", &ask.base), "base");
    if (ask.way != PENALTY_FIXED) {
        read_percent(call, "rate", true, &ask.ppm);
    }
    if (ask.way == PENALTY_DAILY) {
        tool_need(call, tool_date(call, "start", &ask.from), "start");
        tool_need(call, tool_date(call, "end", &ask.to), "end");
    }
    if (tool_money(call, "loss", &ask.loss) && ask.loss < 0) {
        tool_wrong(call, "loss", "请填写0元以上的金额");
    }
    TRY(tool_checked(call));
    TRY(penalty_compute(cx, tool_tables(call), &ask, &bill));
    return bill_out(call, &bill, out);
}

enum status tool_penalty(struct call *call)
{
    return tool_answer(call, "penalty", penalty_tool);
}

/* --- support of a child --- */

/* A number that fits an int; what does not is told. */
static int read_count(struct call *call, const char *name, int otherwise)
{
    int64_t number = otherwise;
    const int most = 1000000;
    if (tool_number(call, name, &number) && (number < 0 || number > most)) {
        tool_wrong(call, name, "数字不在可以计算的范围内");
        return otherwise;
    }
    return (int)number;
}

static enum status support_tool(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    struct support_ask ask = {.born = DATE_NONE, .from = DATE_NONE};
    struct bill bill;
    tool_need(call, tool_money(call, "income", &ask.income), "income");
    ask.children = read_count(call, "children", 1);
    tool_need(call, tool_text(call, "percent").n > 0, "percent");
    ask.percent = read_count(call, "percent", 0);
    if (tool_date(call, "born", &ask.born)) {
        tool_need(call, tool_date(call, "start", &ask.from), "start");
    }
    TRY(tool_checked(call));
    TRY(support_compute(cx, tool_tables(call), &ask, &bill));
    return bill_out(call, &bill, out);
}

enum status tool_support(struct call *call)
{
    return tool_answer(call, "support", support_tool);
}
