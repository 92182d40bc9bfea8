/* What is owed under a judgment on the day to which it is counted (强制执行): the debt, its general
 * interest, and the doubled interest of late performance, with what was paid in between. */
#include "flow/element_calculator.h"
#include "law/debt.h"

enum { ROWS_MAX = 100, ROW_BYTES = 48 };

/* "2026-05-06:100000,…" of a list; rows that are incomplete are told by the form. */
static int payments_read(struct counting *c, struct interest_payment *out)
{
    const struct value *list = value_get(c->claim, "debt-payments");
    struct buf said;
    int count = 0;
    buf_init(&said, c->cx->arena, ROWS_MAX * ROW_BYTES);
    for (uint32_t i = 0; value_is_list(list) && i < list->count && count < ROWS_MAX; i++) {
        const struct value *row = value_item(list, i);
        struct interest_payment *one = &out[count];
        one->amount = value_get_int(row, "amount");
        if (date_parse(value_get_str(row, "date"), &one->date) && one->amount > 0) {
            buf_printf(&said, "%s%s:%lld", count == 0 ? "" : ",", value_get_str(row, "date").p,
                       (long long)one->amount);
            count++;
        }
    }
    counting_say(c, "payments", buf_done(&said));
    return count;
}

static int pauses_read(struct counting *c, struct interest_pause *out)
{
    const struct value *list = value_get(c->claim, "debt-pauses");
    struct buf said;
    int count = 0;
    buf_init(&said, c->cx->arena, ROWS_MAX * ROW_BYTES);
    for (uint32_t i = 0; value_is_list(list) && i < list->count && count < ROWS_MAX; i++) {
        const struct value *row = value_item(list, i);
        struct interest_pause *one = &out[count];
        if (date_parse(value_get_str(row, "from"), &one->from) &&
            date_parse(value_get_str(row, "to"), &one->to)) {
            buf_printf(&said, "%s%s..%s", count == 0 ? "" : ",", value_get_str(row, "from").p,
                       value_get_str(row, "to").p);
            count++;
        }
    }
    counting_say(c, "pauses", buf_done(&said));
    return count;
}

static enum status general_read(struct counting *c, struct debt_ask *ask)
{
    struct cx *cx = c->cx;
    Str way = value_get_str(c->claim, "debt-general");
    bool lpr = str_is(way, "lpr");
    ask->year_days = str_is(value_get_str(c->claim, "debt-days"), "d360") ? 360 : 365;
    if (!lpr && !str_is(way, "agreed")) {
        return OK;
    }
    Str rate = value_get_str(c->claim, lpr ? "debt-times" : "debt-rate");
    ask->general = lpr ? DEBT_LPR : DEBT_AGREED;
    counting_say(c, "general", way);
    counting_say_int(c, "year_days", ask->year_days);
    if (!counting_decimal(rate, &ask->ppm) ||
        !counting_date(c, "debt-start", "start", &ask->from)) {
        return FAIL(cx, E_INPUT, "interest-rate", "no rate, or no first day");
    }
    counting_say(c, lpr ? "times" : "rate", rate);
    ask->ppm = lpr ? ask->ppm * 100 : ask->ppm;
    return OK;
}

/* What the table says of the doubled interest: so far, and from then on. */
static void debt_words(struct counting *c, const struct debt_ask *ask, const struct bill *bill)
{
    struct arena *arena = c->cx->arena;
    counting_fill(
        c, "doubled",
        value_text(arena, arena_printf(arena,
                                       "截至%s，加倍部分债务利息%s元；此后以尚未清偿的%s元为基数，"
                                       "按日万分之一点七五计算至清偿之日",
                                       date_chinese(arena, ask->delay.end).p,
                                       money_format(arena, bill_amount(bill, "doubled")).p,
                                       money_format(arena, bill_amount(bill, "principal")).p)));
    counting_fill(c, "total", value_int(arena, bill->total));
}

static enum status debt_count(struct counting *c, struct value **sheet)
{
    struct cx *cx = c->cx;
    struct interest_payment payments[ROWS_MAX];
    struct interest_pause pauses[ROWS_MAX];
    struct debt_ask ask = {.delay = {.payments = payments, .pauses = pauses}};
    struct bill bill;
    if (!str_is(value_get_str(c->claim, "debt-counted"), "count") ||
        !field_value_in(value_get(c->claim, "matters"), (const char *const[]){"money"}, 1)) {
        return OK;
    }
    ask.delay.debt = counting_money(c, "debt-principal", "principal");
    if (ask.delay.debt == 0 || !counting_date(c, "debt-due", "due", &ask.delay.due) ||
        !counting_date(c, "debt-end", "end", &ask.delay.end)) {
        return FAIL(cx, E_INPUT, "interest-dates", "no debt, or no days");
    }
    TRY(general_read(c, &ask));
    ask.delay.payment_count = payments_read(c, payments);
    ask.delay.pause_count = pauses_read(c, pauses);
    TRY(debt_compute(cx, c->tables, &ask, &bill));
    debt_words(c, &ask, &bill);
    *sheet = bill_value(&bill);
    return OK;
}

const struct calculator ELEMENT_DEBT = {
    .name = "debt",
    .title = "执行款项",
    .way = "debt-counted",
    .tool = "debt",
    .fills = {{"principal", false}, {"general", false}, {"total", false}, {"doubled", true}},
    .reads = {"matters"},
    .unknown =
        "执行款项算不出来：请填写并核对债务的数额、履行期间的最后一日、算到哪一天、利率，以及"
        "还款的先后和数额。",
    .count = debt_count,
};
