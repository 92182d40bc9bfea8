#include "law/support.h"

#include "law/source.h"

enum { LOW = 20, HIGH_ONE = 30, HIGH_SEVERAL = 50, CHILDREN_MAX = 20, GROWN_MONTHS = 18 * 12 };

static enum status check_support(struct cx *cx, const struct support_ask *ask)
{
    TRY(bill_check_amount(cx, "income", ask->income));
    if (ask->children < 1 || ask->children > CHILDREN_MAX) {
        return FAIL(cx, E_INPUT, "claim-count", "%d children", ask->children);
    }
    if (ask->percent < 1 || ask->percent > 100) {
        return FAIL(cx, E_INPUT, "claim-rate", "%d per cent", ask->percent);
    }
    if (ask->born == DATE_NONE) {
        return OK;
    }
    TRY(bill_check_dates(cx, ask->born, ask->from));
    return bill_check_dates(cx, ask->from, date_add_months(ask->born, GROWN_MONTHS) - 1);
}

static enum status tell_end(struct bill *bill, const struct support_ask *ask)
{
    struct cx *cx = bill->cx;
    struct arena *arena = cx->arena;
    Date last = date_add_months(ask->born, GROWN_MONTHS) - 1;
    int months = bill_months(ask->from, last);
    months += date_add_months(ask->from, months) <= last; /* a month begun is paid */
    struct ratio all = ratio_times(ratio_of(bill->total), months, 1);
    TRY(bill_check_ratio(cx, "until grown", all));
    working_amount(&bill->working,
                   arena_printf(arena, "一般给付至十八周岁：%s至%s，按月共%d期",
                                date_format(arena, ask->from).p, date_format(arena, last).p,
                                months),
                   SOURCE(LAW_FAMILY, "53"), ratio_round(all));
    return OK;
}

enum status support_compute(struct cx *cx, const struct law_tables *tables,
                            const struct support_ask *ask, struct bill *out)
{
    const char *law = SOURCE(LAW_FAMILY, "49");
    int high = ask->children > 1 ? HIGH_SEVERAL : HIGH_ONE;
    TRY(check_support(cx, ask));
    bill_begin(out, cx);
    struct ratio income = ratio_of(ask->income);
    TRY(bill_part(out, "month", "每月抚养费",
                  arena_printf(cx->arena, "月总收入%s元 × %d%%（%d个子女合计）",
                               money_format(cx->arena, ask->income).p, ask->percent, ask->children),
                  law, ratio_times(income, ask->percent, 100)));
    working_amount(&out->working, "一般比例的下限，百分之二十", law,
                   ratio_round(ratio_times(income, LOW, 100)));
    working_amount(&out->working,
                   ask->children > 1 ? "两个以上子女，比例可以适当提高，一般不超过百分之五十"
                                     : "一般比例的上限，百分之三十",
                   law, ratio_round(ratio_times(income, high, 100)));
    if (ask->percent < LOW || ask->percent > high) {
        bill_notice(out,
                    "所填比例不在一般范围内。有特殊情况的，可以适当提高或者降低，请说明理由。");
    }
    if (ask->born != DATE_NONE) {
        TRY(tell_end(out, ask));
    }
    working_tables(&out->working, tables);
    return OK;
}
