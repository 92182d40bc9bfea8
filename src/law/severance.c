#include "law/severance.h"

#include "law/regional.h"
#include "law/source.h"

enum { CAP_TIMES = 3, CAP_HALVES = 24, YEAR_MONTHS = 12, HALF_YEAR_MONTHS = 6 };

/* Service in halves of a month's wage. */
static int halves_of(Date first, Date last)
{
    int months = bill_months(first, last);
    int years = months / YEAR_MONTHS;
    bool more = date_add_months(first, years * YEAR_MONTHS) <= last;
    return years * 2 + (months % YEAR_MONTHS >= HALF_YEAR_MONTHS ? 2 : more ? 1 : 0);
}

static const char *halves_text(struct arena *arena, int halves)
{
    return arena_printf(arena, "%d%s", halves / 2, halves % 2 == 1 ? ".5" : "");
}

static Date law_begins(void)
{
    return date_of(2008, 1, 1);
}

/* The service that counts, told. */
static int service_count(struct bill *bill, const struct severance_ask *ask)
{
    const Date turn = law_begins();
    struct arena *arena = bill->cx->arena;
    Date first = ask->first;
    if (first < turn && ask->kind == SEVERANCE_DAMAGES) {
        working_add(&bill->working, "赔偿金的计算年限自用工之日起计算",
                    SOURCE(LAW_LABOUR_REGULATION, "25"));
        bill_notice(bill, "2008年1月1日以前的年限怎样封顶，法律没有写明，请核对。");
    } else if (first < turn) {
        first = turn;
        working_date(&bill->working, "经济补偿的年限自劳动合同法施行之日起计算",
                     SOURCE(LAW_LABOUR_CONTRACT, "97"), turn);
        bill_notice(bill, "2008年1月1日以前的工作年限按当时的规定另算，没有计算在内。");
    }
    int halves = halves_of(first, ask->last);
    const char *rule = arena_printf(
        arena,
        "工作年限%s至%s：每满一年一个月，六个月以上不满一年的按一年，不满六个月的半个月，共%s个月",
        date_format(arena, first).p, date_format(arena, ask->last).p, halves_text(arena, halves));
    working_add(&bill->working, rule, SOURCE(LAW_LABOUR_CONTRACT, "47"));
    return halves;
}

static Money local_wage(const struct law_tables *tables, const struct severance_ask *ask)
{
    int year = date_split(ask->last).year - 1;
    return ask->local_wage >= 0 ? ask->local_wage
                                : regional_city(tables, ask->place, year, REGIONAL_WAGE);
}

/* Lowers wage and months to what article 47 allows, or says that it cannot be judged. */
static void cap(struct bill *bill, const struct law_tables *tables, const struct severance_ask *ask,
                Money *wage, int *halves)
{
    struct arena *arena = bill->cx->arena;
    int year = date_split(ask->last).year - 1;
    Money local = local_wage(tables, ask);
    const char *law = SOURCE(LAW_LABOUR_CONTRACT, "47");
    if (local < 0) {
        bill_notice(bill, arena_printf(arena,
                                       "没有登记单位所在市%d年职工月平均工资，没有判断是否封顶。"
                                       "月工资高于该平均工资三倍的，按三倍计算，最长十二年。",
                                       year));
        return;
    }
    if (local > MONEY_MAX_FEN / CAP_TIMES || *wage <= local * CAP_TIMES) {
        working_amount(&bill->working,
                       arena_printf(arena, "月工资没有超过%d年本地区职工月平均工资%s元的三倍", year,
                                    money_format(arena, local).p),
                       law, *wage);
        return;
    }
    *wage = local * CAP_TIMES;
    *halves = *halves > CAP_HALVES ? CAP_HALVES : *halves;
    working_amount(
        &bill->working,
        arena_printf(
            arena,
            "月工资超过%d年本地区职工月平均工资%s元的三倍，按三倍计算，年限最高不超过十二年，计%s个月",
            year, money_format(arena, local).p, halves_text(arena, *halves)),
        law, *wage);
}

static enum status add_service(struct bill *bill, const struct law_tables *tables,
                               const struct severance_ask *ask)
{
    struct cx *cx = bill->cx;
    Money wage = ask->wage;
    int halves = service_count(bill, ask);
    cap(bill, tables, ask, &wage, &halves);
    struct ratio amount = ratio_times(ratio_of(wage), halves, 2);
    const char *rule =
        arena_printf(cx->arena, "月工资%s元 × %s个月", money_format(cx->arena, wage).p,
                     halves_text(cx->arena, halves));
    if (ask->kind != SEVERANCE_DAMAGES) {
        return bill_part(bill, "compensation", "经济补偿", rule, SOURCE(LAW_LABOUR_CONTRACT, "47"),
                         amount);
    }
    rule = arena_printf(cx->arena, "%s × 2（经济补偿标准的二倍）", rule);
    return bill_part(bill, "damages", "违法解除、终止的赔偿金", rule,
                     SOURCE(LAW_LABOUR_CONTRACT, "87"), ratio_times(amount, 2, 1));
}

/* From the day after the first month to the day before the contract, at most to the end of the
 * first year. */
static enum status add_double(struct bill *bill, const struct severance_ask *ask)
{
    struct cx *cx = bill->cx;
    Date from = date_add_months(ask->first, 1);
    Date last = date_add_months(ask->first, YEAR_MONTHS) - 1;
    last = ask->last < last ? ask->last : last;
    last = ask->written != DATE_NONE && ask->written - 1 < last ? ask->written - 1 : last;
    if (last < from) {
        return bill_part(bill, "double", "未订立书面劳动合同的二倍工资差额",
                         "自用工之日起一个月内已订立书面合同或者已离职，不用支付二倍工资",
                         SOURCE(LAW_LABOUR_CONTRACT, "82"), ratio_of(0));
    }
    int months = bill_months(from, last);
    Date rest = date_add_months(from, months);
    Date next = date_add_months(from, months + 1);
    int days = last + 1 - rest;
    struct ratio amount = ratio_times(ratio_of(ask->wage), months, 1);
    amount = ratio_add(amount, ratio_times(ratio_of(ask->wage), days, next - rest));
    if (days > 0) {
        bill_notice(bill, "不足一个月的部分按日历天数折算；有的地方按月计薪21.75天折算，请核对。");
    }
    const char *rule = arena_printf(
        cx->arena, "%s至%s：%d个月又%d日（当月%d日），每月%s元（已发的工资之外的一倍）",
        date_format(cx->arena, from).p, date_format(cx->arena, last).p, months, days,
        (int)(next - rest), money_format(cx->arena, ask->wage).p);
    working_add(&bill->working, "用工满一个月的次日起，至补订合同的前一日，最长至满一年的前一日",
                SOURCE(LAW_LABOUR_REGULATION, "7"));
    return bill_part(bill, "double", "未订立书面劳动合同的二倍工资差额", rule,
                     SOURCE(LAW_LABOUR_CONTRACT, "82"), amount);
}

enum status severance_compute(struct cx *cx, const struct law_tables *tables,
                              const struct severance_ask *ask, struct bill *out)
{
    TRY(bill_check_dates(cx, ask->first, ask->last));
    if (ask->last < law_begins()) {
        return FAIL(cx, E_INPUT, "claim-dates", "an end before the law: %d", (int)ask->last);
    }
    TRY(bill_check_amount(cx, "wage", ask->wage));
    bill_begin(out, cx);
    if (ask->kind == SEVERANCE_DOUBLE) {
        TRY(add_double(out, ask));
    } else {
        TRY(add_service(out, tables, ask));
    }
    if (ask->kind == SEVERANCE_NOTICE) {
        TRY(bill_check_amount(cx, "last wage", ask->last_wage));
        TRY(bill_part(out, "notice", "代替提前三十日通知的一个月工资", "解除前上一个月的工资",
                      SOURCE(LAW_LABOUR_REGULATION, "20"), ratio_of(ask->last_wage)));
    }
    working_amount(&out->working, "合计", "", out->total);
    working_tables(&out->working, tables);
    return OK;
}
