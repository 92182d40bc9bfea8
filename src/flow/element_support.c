/* Support of a child (抚养费): so much a month, until it is eighteen. */
#include "flow/element_calculator.h"
#include "law/support.h"

static enum status support_count(struct counting *c, struct value **sheet)
{
    struct cx *cx = c->cx;
    struct arena *arena = cx->arena;
    struct support_ask ask = {.born = DATE_NONE, .from = DATE_NONE};
    struct bill bill;
    if (!str_is(value_get_str(c->claim, "support-counted"), "count") ||
        !str_is(value_get_str(c->claim, "has-support"), "with")) {
        return OK;
    }
    ask.income = counting_money(c, "support-income", "income");
    ask.children = counting_number(c, "support-children", "children");
    ask.percent = counting_number(c, "support-percent", "percent");
    if (counting_date(c, "support-born", "born", &ask.born) &&
        !counting_date(c, "support-from", "start", &ask.from)) {
        ask.from = c->today;
        counting_say(c, "start", date_format(arena, c->today));
    }
    if (ask.income == 0) {
        return FAIL(cx, E_INPUT, "claim-amount", "no income");
    }
    TRY(support_compute(cx, c->tables, &ask, &bill));
    const char *several =
        ask.children > 1 ? arena_printf(arena, "（%d个子女合计）", ask.children) : "";
    const char *from = ask.from == DATE_NONE
                           ? ""
                           : arena_printf(arena, "自%s起，", date_chinese(arena, ask.from).p);
    counting_fill(c, "month",
                  value_text(arena, arena_printf(arena, "%s每月%s元%s，至子女年满十八周岁", from,
                                                 money_format(arena, bill.total).p, several)));
    *sheet = bill_value(&bill);
    return OK;
}

const struct calculator ELEMENT_SUPPORT = {
    .name = "support",
    .title = "抚养费",
    .way = "support-counted",
    .tool = "support",
    .fills = {{"month", true}},
    .reads = {"has-support"},
    .unknown =
        "抚养费算不出来：请填写并核对月总收入、子女人数、比例和出生日期；已满十八周岁的不计算。",
    .count = support_count,
};
