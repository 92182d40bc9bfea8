#include "law/wages.h"

#include <inttypes.h>

#include "law/source.h"

/* 21.75 days and 8 hours, times 100. */
enum { DAYS_100 = 2175, HOURS_A_MONTH = 174, LEAVE_MORE = 200, DAYS_MAX = 3660 };

bool wages_month_parse(Str text, int *out)
{
    enum { LENGTH = 7 };

    char day[] = "0000-00-01";
    Date date = DATE_NONE;
    if (text.n != LENGTH) {
        return false;
    }
    for (int i = 0; i < LENGTH; i++) {
        day[i] = text.p[i];
    }
    if (!date_parse(str_of(day), &date)) {
        return false;
    }
    struct day split = date_split(date);
    *out = split.year * 12 + split.month - 1;
    return split.year >= 1950 && split.year < 2200;
}

const char *wages_month_text(struct arena *arena, int month)
{
    return arena_printf(arena, "%d年%d月", month / 12, month % 12 + 1);
}

static enum status check_months(struct cx *cx, const struct wages_ask *ask)
{
    if (ask->month_count < 0 || ask->month_count > WAGES_MONTHS_MAX) {
        return FAIL(cx, E_INPUT, "claim-days", "%d months", ask->month_count);
    }
    for (int i = 0; i < ask->month_count; i++) {
        const struct wages_month *month = &ask->months[i];
        TRY(bill_check_amount(cx, "due", month->due));
        TRY(bill_check_amount(cx, "paid", month->paid));
        if (month->paid > month->due) {
            return FAIL(cx, E_INPUT, "claim-amount", "month %d paid beyond its wage", month->month);
        }
        if (i > 0 && month->month <= ask->months[i - 1].month) {
            return FAIL(cx, E_INPUT, "claim-dates", "month %d out of order", month->month);
        }
    }
    return OK;
}

static enum status check_wages(struct cx *cx, const struct wages_ask *ask)
{
    const int64_t hours_max = (int64_t)100000 * WAGES_HOUR;
    TRY(check_months(cx, ask));
    TRY(bill_check_amount(cx, "overtime wage", ask->overtime_wage));
    TRY(bill_check_amount(cx, "overtime paid", ask->overtime_paid));
    TRY(bill_check_amount(cx, "leave wage", ask->leave_wage));
    for (int i = 0; i < OVERTIME_KINDS; i++) {
        if (ask->hours[i] < 0 || ask->hours[i] > hours_max) {
            return FAIL(cx, E_INPUT, "claim-days", "%" PRId64 " hours", ask->hours[i]);
        }
    }
    return ask->leave_days >= 0 && ask->leave_days <= DAYS_MAX
               ? OK
               : FAIL(cx, E_INPUT, "claim-days", "%d days of leave", ask->leave_days);
}

static enum status add_arrears(struct bill *bill, const struct wages_ask *ask)
{
    struct arena *arena = bill->cx->arena;
    Money sum = 0;
    for (int i = 0; i < ask->month_count; i++) {
        const struct wages_month *month = &ask->months[i];
        const char *rule =
            arena_printf(arena, "%s：应发%s元，已发%s元", wages_month_text(arena, month->month),
                         money_format(arena, month->due).p, money_format(arena, month->paid).p);
        working_amount(&bill->working, rule, SOURCE(LAW_LABOUR_LAW, "50"),
                       month->due - month->paid);
        sum += month->due - month->paid;
        if (sum > MONEY_MAX_FEN) { /* in each round: 240 of them leave int64 */
            return FAIL(bill->cx, E_INPUT, "claim-amount", "wages beyond the range of money");
        }
    }
    return ask->month_count == 0 ? OK : bill_sum(bill, "arrears", "拖欠的工资", sum);
}

/* 1.5 hours as people write them. */
static const char *hours_text(struct arena *arena, int64_t hours)
{
    return ratio_yuan(arena, ratio_times(ratio_of(hours), 1, WAGES_HOUR / 100)).p;
}

static enum status add_overtime(struct bill *bill, const struct wages_ask *ask)
{
    static const struct {
        const char *name;
        int percent;
    } kinds[OVERTIME_KINDS] = {
        {"工作日延长工作时间", 150}, {"休息日工作又不能安排补休", 200}, {"法定休假日工作", 300}};
    struct cx *cx = bill->cx;
    struct arena *arena = cx->arena;
    struct ratio sum = ratio_of(0);
    const char *wage = money_format(arena, ask->overtime_wage).p;
    bool said = false;
    for (int i = 0; i < OVERTIME_KINDS; i++) {
        if (ask->hours[i] == 0) {
            continue;
        }
        struct ratio hour = ratio_times(ratio_of(ask->overtime_wage), 1, HOURS_A_MONTH);
        struct ratio amount = ratio_times(hour, ask->hours[i], WAGES_HOUR);
        amount = ratio_times(amount, kinds[i].percent, 100);
        TRY(bill_check_ratio(cx, "overtime", amount));
        const char *rule =
            arena_printf(arena, "%s：月工资%s元 ÷ 21.75 ÷ 8 × %d%% × %s小时", kinds[i].name, wage,
                         kinds[i].percent, hours_text(arena, ask->hours[i]));
        struct value *line =
            working_amount(&bill->working, rule, SOURCE(LAW_LABOUR_LAW, "44"), ratio_round(amount));
        value_set_str(arena, line, "text", str_printf(arena, "%s元", ratio_yuan(arena, amount).p));
        sum = ratio_add(sum, amount);
        said = true;
    }
    if (!said) {
        return OK;
    }
    working_add(&bill->working, "月计薪天数21.75天，每天8小时", SOURCE(LAW_WAGE_CONVERSION, "2"));
    sum = ratio_less(sum, ratio_of(ask->overtime_paid));
    if (ratio_compare(sum, ratio_of(0)) < 0) {
        bill_notice(bill, "已经支付的加班费不少于算出的数额。");
        sum = ratio_of(0);
    }
    return bill_part(bill, "overtime", "加班费",
                     arena_printf(arena, "各项相加，减去已经支付的加班费%s元",
                                  money_format(arena, ask->overtime_paid).p),
                     SOURCE(LAW_LABOUR_LAW, "44"), sum);
}

static enum status add_leave(struct bill *bill, const struct wages_ask *ask)
{
    struct arena *arena = bill->cx->arena;
    if (ask->leave_days == 0) {
        return OK;
    }
    working_add(&bill->working,
                "应休未休的年休假，按日工资的百分之三百支付，其中包含正常工作期间的工资百分之一百，"
                "该部分已经支付，再付百分之二百",
                SOURCE(LAW_ANNUAL_LEAVE, "10"));
    struct ratio amount = ratio_times(ratio_of(ask->leave_wage), 100, DAYS_100);
    amount = ratio_times(amount, (int64_t)ask->leave_days * LEAVE_MORE, 100);
    return bill_part(bill, "leave", "未休年休假工资",
                     arena_printf(arena, "月工资%s元 ÷ 21.75 × %d日 × 200%%",
                                  money_format(arena, ask->leave_wage).p, ask->leave_days),
                     SOURCE(LAW_ANNUAL_LEAVE, "11"), amount);
}

enum status wages_compute(struct cx *cx, const struct law_tables *tables,
                          const struct wages_ask *ask, struct bill *out)
{
    TRY(check_wages(cx, ask));
    bill_begin(out, cx);
    TRY(add_arrears(out, ask));
    TRY(add_overtime(out, ask));
    TRY(add_leave(out, ask));
    working_amount(&out->working, "合计", "", out->total);
    working_tables(&out->working, tables);
    return OK;
}
