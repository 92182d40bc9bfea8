#include "law/injury.h"

#include "law/identifier.h"
#include "law/injury_borne.h"
#include "law/regional.h"
#include "law/source.h"

enum {
    DAYS_MAX = 36500,
    PEOPLE_MAX = 10,
    CARE_YEARS_MAX = 20,
    YEAR_DAYS = 365,
    GRADES = 10,
    GRADE_STEP = 10,
    FUNERAL_MONTHS = 6,
    THREE_YEARS = 3,
};

static const struct {
    const char *name;
    const char *title;
    const char *law;
} given_heads[INJURY_GIVEN] = {
    [INJURY_MEDICAL] = {"medical", "医疗费", SOURCE(LAW_INJURY, "6")},
    [INJURY_FOLLOW_UP] = {"follow-up", "后续治疗费", SOURCE(LAW_INJURY, "6")},
    [INJURY_TRANSPORT] = {"transport", "交通费", SOURCE(LAW_INJURY, "9")},
    [INJURY_LODGING] = {"lodging", "外地治疗的住宿费和伙食费", SOURCE(LAW_INJURY, "10")},
    [INJURY_AIDS] = {"aids", "残疾辅助器具费", SOURCE(LAW_INJURY, "13")},
    [INJURY_MENTAL] = {"mental", "精神损害抚慰金", SOURCE(LAW_INJURY, "23")},
    [INJURY_PROPERTY] = {"property", "财产损失", SOURCE(LAW_CIVIL_CODE, "1184")},
};

static const struct {
    const char *name;
    const char *title;
    const char *law;
} daily_heads[INJURY_DAILY] = {
    [INJURY_NURSING] = {"nursing", "护理费", SOURCE(LAW_INJURY, "8")},
    [INJURY_MEALS] = {"meals", "住院伙食补助费", SOURCE(LAW_INJURY, "10")},
    [INJURY_NUTRITION] = {"nutrition", "营养费", SOURCE(LAW_INJURY, "11")},
};

struct injury {
    struct cx *cx;
    const struct law_tables *tables;
    const struct injury_ask *ask;
    struct bill *bill;
    struct value *missing;
};

/* --- what makes no sense --- */

static enum status check_percent(struct cx *cx, const char *what, int percent)
{
    return percent >= 0 && percent <= 100
               ? OK
               : FAIL(cx, E_INPUT, "claim-rate", "%s: %d", what, percent);
}

static enum status check_figure(struct cx *cx, const char *what, Money figure)
{
    return figure >= -1 && figure <= DEPENDANT_FIGURE_MAX
               ? OK
               : FAIL(cx, E_INPUT, "claim-amount", "%s: %lld fen", what, (long long)figure);
}

static enum status check_money(struct cx *cx, const struct injury_ask *ask)
{
    for (int i = 0; i < INJURY_GIVEN; i++) {
        TRY(bill_check_amount(cx, given_heads[i].name, ask->given[i]));
    }
    for (int i = 0; i < INJURY_DAILY; i++) {
        const struct injury_daily_ask *one = &ask->daily[i];
        TRY(bill_check_amount(cx, daily_heads[i].name, one->a_day));
        if (one->days < 0 || one->days > DAYS_MAX || one->people < 0 || one->people > PEOPLE_MAX) {
            return FAIL(cx, E_INPUT, "claim-count", "%d days, %d people", one->days, one->people);
        }
    }
    TRY(check_figure(cx, "income", ask->income));
    TRY(check_figure(cx, "spending", ask->spending));
    TRY(check_figure(cx, "wage", ask->wage));
    TRY(bill_check_amount(cx, "care", ask->care_year));
    TRY(bill_check_amount(cx, "lost", ask->lost_income));
    for (int i = 0; i < INJURY_LIMITS; i++) {
        TRY(bill_check_amount(cx, "others", ask->others[i]));
    }
    TRY(bill_check_amount(cx, "commercial", ask->commercial));
    return bill_check_amount(cx, "paid", ask->paid);
}

static enum status check_ask(struct cx *cx, const struct injury_ask *ask)
{
    TRY(check_money(cx, ask));
    TRY(check_percent(cx, "fault", ask->fault));
    TRY(check_percent(cx, "added", ask->added));
    TRY(check_percent(cx, "care", ask->care_percent));
    if (ask->care_years < 0 || ask->care_years > 100) {
        return FAIL(cx, E_INPUT, "claim-count", "%d years of care", ask->care_years);
    }
    TRY(bill_check_dates(cx, ask->harmed, ask->harmed));
    if (ask->lost != INJURY_LOST_NONE) {
        TRY(bill_check_dates(cx, ask->harmed, ask->lost_from));
        TRY(bill_check_dates(cx, ask->lost_from, ask->lost_to));
    }
    if (ask->outcome == INJURY_HEALED) {
        return OK;
    }
    TRY(bill_check_dates(cx, ask->harmed, ask->fixed));
    if (ask->born < date_of(1850, 1, 1) || ask->born > ask->harmed) {
        return FAIL(cx, E_INPUT, "claim-dates", "born %d", (int)ask->born);
    }
    if (ask->outcome == INJURY_DISABLED && (ask->grade < 1 || ask->grade > GRADES)) {
        return FAIL(cx, E_INPUT, "injury-grade", "grade %d", ask->grade);
    }
    return OK;
}

/* --- what was paid, and what is paid by the day --- */

static enum status add_given(const struct injury *in, enum injury_given which, const char *rule)
{
    Money amount = in->ask->given[which];
    return amount == 0 ? OK
                       : bill_part(in->bill, given_heads[which].name, given_heads[which].title,
                                   rule, given_heads[which].law, ratio_of(amount));
}

static enum status add_daily(const struct injury *in, enum injury_daily which)
{
    struct cx *cx = in->cx;
    const struct injury_daily_ask *one = &in->ask->daily[which];
    int people = one->people == 0 ? 1 : one->people;
    const char *day = money_format(cx->arena, one->a_day).p;
    if (one->days == 0 || one->a_day == 0) {
        return OK;
    }
    const char *rule =
        people == 1 ? arena_printf(cx->arena, "每日%s元 × %d日", day, one->days)
                    : arena_printf(cx->arena, "每人每日%s元 × %d人 × %d日", day, people, one->days);
    if (people > 1) {
        bill_notice(in->bill,
                    "护理人员原则上为一人；一人以上的，要有医疗机构或者鉴定机构的明确意见。");
    }
    return bill_part(in->bill, daily_heads[which].name, daily_heads[which].title, rule,
                     daily_heads[which].law,
                     ratio_times(ratio_of(one->a_day), (int64_t)one->days * people, 1));
}

static enum status add_care(const struct injury *in)
{
    struct cx *cx = in->cx;
    const struct injury_ask *ask = in->ask;
    int years = ask->care_years > CARE_YEARS_MAX ? CARE_YEARS_MAX : ask->care_years;
    if (years == 0 || ask->care_year == 0 || ask->outcome != INJURY_DISABLED) {
        return OK;
    }
    if (ask->care_years > CARE_YEARS_MAX) {
        bill_notice(
            in->bill,
            "定残后的护理期限最长二十年；超过以后仍需护理的，可以另行起诉，再给付五至十年。");
    }
    return bill_part(
        in->bill, "care", "定残后的护理费",
        arena_printf(cx->arena, "每年%s元 × %d年 × 护理依赖程度%d%%",
                     money_format(cx->arena, ask->care_year).p, years, ask->care_percent),
        SOURCE(LAW_INJURY, "8"),
        ratio_times(ratio_of(ask->care_year), (int64_t)years * ask->care_percent, 100));
}

/* --- income that was lost --- */

/* The last day that counts: for whom stays disabled, the one before it was fixed. */
static Date lost_end(const struct injury *in)
{
    const struct injury_ask *ask = in->ask;
    if (ask->outcome != INJURY_DISABLED || ask->lost_to < ask->fixed) {
        return ask->lost_to;
    }
    bill_notice(in->bill, "误工时间计算至定残日前一天，以后的收入损失由残疾赔偿金赔偿。");
    return ask->fixed - 1;
}

static enum status add_lost(const struct injury *in)
{
    struct cx *cx = in->cx;
    const struct injury_ask *ask = in->ask;
    if (ask->lost == INJURY_LOST_NONE || ask->lost_income == 0) {
        return OK;
    }
    Date end = lost_end(in);
    int days = end - ask->lost_from + 1;
    if (days <= 0) {
        return OK;
    }
    const char *span =
        arena_printf(cx->arena, "%s至%s共%d日", date_format(cx->arena, ask->lost_from).p,
                     date_format(cx->arena, end).p, days);
    const char *income = money_format(cx->arena, ask->lost_income).p;
    struct ratio amount = ratio_of(ask->lost_income);
    const char *rule = arena_printf(cx->arena, "%s，固定收入实际减少%s元", span, income);
    if (ask->lost == INJURY_LOST_FIXED && end != ask->lost_to) {
        bill_notice(in->bill, "请核对：实际减少的收入只算到定残日前一天。");
    } else if (ask->lost == INJURY_LOST_AVERAGE) {
        amount = ratio_times(amount, days, (int64_t)THREE_YEARS * YEAR_DAYS);
        rule = arena_printf(cx->arena, "%s，最近三年收入合计%s元 ÷ 3年 ÷ 365日 × %d日", span,
                            income, days);
    } else if (ask->lost == INJURY_LOST_TRADE) {
        amount = ratio_times(amount, days, YEAR_DAYS);
        rule = arena_printf(cx->arena, "%s，相同或者相近行业上一年度平均工资%s元 ÷ 365日 × %d日",
                            span, income, days);
    }
    return bill_part(in->bill, "lost-work", "误工费", rule, SOURCE(LAW_INJURY, "7"), amount);
}

/* --- figures of the place --- */

static const struct {
    enum regional_kind kind;
    const char *name;
    const char *title;
} figures[] = {
    {REGIONAL_INCOME, "income_year", "城镇居民人均可支配收入"},
    {REGIONAL_SPENDING, "spending_year", "城镇居民人均消费支出"},
    {REGIONAL_WAGE, "wage_month", "职工月平均工资"},
};

static Money stated(const struct injury_ask *ask, size_t which)
{
    return which == 0 ? ask->income : which == 1 ? ask->spending : ask->wage;
}

static Str place_name(const struct injury *in, Str division)
{
    return division.n == 0 ? STR("受诉法院所在地")
                           : division_full_name(in->cx->arena, in->tables, division);
}

/* No table, no number: what is missing, for which head, and how to bring it. */
static void tell_missing(const struct injury *in, size_t which, Str place, const char *head)
{
    struct arena *arena = in->cx->arena;
    struct value *row = value_map(arena);
    bill_notice(in->bill,
                arena_printf(arena,
                             "没有登记%s%d年%s，没有计算%s。请填写当地统计部门公布的数字，"
                             "或者请管理员在“各地工资、收入和消费支出”表里录入。",
                             place_name(in, place).p, in->ask->year, figures[which].title, head));
    value_set_text(arena, row, "table", "regional");
    value_set_text(arena, row, "figure", figures[which].name);
    value_set_str(arena, row, "place", place);
    value_set_int(arena, row, "year", in->ask->year);
    value_add(arena, in->missing, row);
}

/* Is what is earned at home more than at the court's place? Then that place's figures may be used.
 */
static bool home_is_higher(const struct injury *in)
{
    const struct injury_ask *ask = in->ask;
    if (ask->home.n == 0) {
        return false;
    }
    Money home = regional_nearest(in->tables, ask->home, ask->year, REGIONAL_INCOME);
    Money court = ask->income >= 0
                      ? ask->income
                      : regional_nearest(in->tables, ask->court, ask->year, REGIONAL_INCOME);
    if (home < 0) {
        bill_notice(in->bill, arena_printf(in->cx->arena,
                                           "没有登记%s%d年城镇居民人均可支配收入，"
                                           "没有与受诉法院所在地比较哪个高。",
                                           place_name(in, ask->home).p, ask->year));
    }
    return home >= 0 && court >= 0 && home > court;
}

/* -1 when there is none (told). */
static Money figure(const struct injury *in, size_t which, bool home, const char *head)
{
    const struct injury_ask *ask = in->ask;
    Str place = home ? ask->home : ask->court;
    Money own = home ? -1 : stated(ask, which);
    Money found =
        own >= 0 ? own : regional_nearest(in->tables, place, ask->year, figures[which].kind);
    if (found < 0) {
        tell_missing(in, which, place, head);
        return -1;
    }
    working_amount(&in->bill->working,
                   arena_printf(in->cx->arena, "%s%d年%s%s", place_name(in, place).p, ask->year,
                                figures[which].title, own >= 0 ? "（所填的数字）" : ""),
                   home ? SOURCE(LAW_INJURY, "18") : SOURCE(LAW_INJURY, "22"), found);
    return found;
}

/* --- disability and death --- */

static int coefficient(const struct injury_ask *ask)
{
    int percent = (GRADES + 1 - ask->grade) * GRADE_STEP + ask->added;
    return percent > 100 ? 100 : percent;
}

/* Years of the income, and so the main head of disability or death. */
static enum status add_years(const struct injury *in, int percent, bool home)
{
    struct cx *cx = in->cx;
    const struct injury_ask *ask = in->ask;
    bool dead = ask->outcome == INJURY_DEAD;
    const char *title = dead ? "死亡赔偿金" : "残疾赔偿金";
    int age = age_on(ask->born, ask->fixed);
    int years = injury_years(age);
    Money income = figure(in, 0, home, title);
    if (income < 0) {
        return OK;
    }
    const char *rule =
        arena_printf(cx->arena, "%s时%d周岁，计算%d年：每年%s元 × %d年", dead ? "死亡" : "定残",
                     age, years, money_format(cx->arena, income).p, years);
    rule = dead ? rule : arena_printf(cx->arena, "%s × %d%%", rule, percent);
    return bill_part(in->bill, dead ? "death" : "disability", title, rule,
                     dead ? SOURCE(LAW_INJURY, "15") : SOURCE(LAW_INJURY, "12"),
                     ratio_times(ratio_of(income), (int64_t)years * percent, 100));
}

static enum status add_dependants(const struct injury *in, int percent, bool home)
{
    struct cx *cx = in->cx;
    const struct injury_ask *ask = in->ask;
    if (ask->dependant_count == 0) {
        return OK;
    }
    Money spending = figure(in, 1, home, "被扶养人生活费");
    struct dependants_ask list = {.list = ask->dependants,
                                  .count = ask->dependant_count,
                                  .from = ask->fixed,
                                  .percent = percent,
                                  .spending = spending < 0 ? 0 : spending};
    struct bill unused;
    if (spending < 0) { /* what makes no sense is refused all the same */
        bill_begin(&unused, cx);
        return dependants_add(&unused, &list);
    }
    return dependants_add(in->bill, &list);
}

static enum status add_funeral(const struct injury *in)
{
    struct cx *cx = in->cx;
    Money wage = figure(in, 2, false, "丧葬费");
    return wage < 0 ? OK
                    : bill_part(in->bill, "funeral", "丧葬费",
                                arena_printf(cx->arena, "职工月平均工资%s元 × 6个月",
                                             money_format(cx->arena, wage).p),
                                SOURCE(LAW_INJURY, "14"),
                                ratio_times(ratio_of(wage), FUNERAL_MONTHS, 1));
}

static void tell_grade(const struct injury *in, int percent)
{
    const struct injury_ask *ask = in->ask;
    working_text(
        &in->bill->working,
        arena_printf(in->cx->arena, "伤残等级%d级：一级100%%，每低一级减10%%%s，赔偿系数",
                     ask->grade,
                     ask->added == 0 ? "" : "；多处伤残增加所填的附加指数，合计不超过100%"),
        SOURCE(LAW_INJURY, "12"), str_printf(in->cx->arena, "%d%%", percent));
}

static enum status add_outcome(const struct injury *in)
{
    struct cx *cx = in->cx;
    const struct injury_ask *ask = in->ask;
    bool dead = ask->outcome == INJURY_DEAD;
    int percent = dead ? 100 : coefficient(ask);
    if (ask->outcome == INJURY_HEALED) {
        return OK;
    }
    if (ask->harmed < date_of(2022, 5, 1)) {
        bill_notice(in->bill,
                    "2022年5月1日以前发生的侵权行为，残疾赔偿金、死亡赔偿金和被扶养人生活费"
                    "按当时的规定计算，城镇、农村标准不同，没有计算在内。");
        return dead ? add_funeral(in) : OK;
    }
    bool home = home_is_higher(in);
    if (!dead) {
        tell_grade(in, percent);
    }
    TRY(add_years(in, percent, home));
    TRY(add_dependants(in, percent, home));
    return dead ? add_funeral(in) : OK;
}

/* --- all of it --- */

static enum status add_heads(const struct injury *in)
{
    struct cx *cx = in->cx;
    const char *receipts = "按票据和有关证明";
    TRY(add_given(in, INJURY_MEDICAL, "按收款凭证，结合病历和诊断证明"));
    TRY(add_given(in, INJURY_FOLLOW_UP, "按医疗证明或者鉴定意见确定必然发生的数额"));
    TRY(add_daily(in, INJURY_NURSING));
    TRY(add_care(in));
    TRY(add_daily(in, INJURY_NUTRITION));
    TRY(add_daily(in, INJURY_MEALS));
    TRY(add_lost(in));
    TRY(add_given(in, INJURY_TRANSPORT, receipts));
    TRY(add_given(in, INJURY_LODGING, receipts));
    TRY(add_outcome(in));
    TRY(add_given(in, INJURY_AIDS, "普通适用器具的合理费用"));
    TRY(add_given(in, INJURY_MENTAL, "按所填数额，由法院确定"));
    return add_given(in, INJURY_PROPERTY, receipts);
}

enum status injury_compute(struct cx *cx, const struct law_tables *tables,
                           const struct injury_ask *ask, struct injury_answer *out)
{
    TRY(check_ask(cx, ask));
    *out = (struct injury_answer){.missing = value_list(cx->arena), .borne = value_list(cx->arena)};
    bill_begin(&out->bill, cx);
    const struct injury in = {
        .cx = cx, .tables = tables, .ask = ask, .bill = &out->bill, .missing = out->missing};
    TRY(add_heads(&in));
    working_amount(&out->bill.working, "损失合计", "", out->bill.total);
    injury_bear(tables, ask, out);
    working_tables(&out->bill.working, tables);
    return OK;
}

struct value *injury_value(const struct injury_ask *ask, const struct injury_answer *answer)
{
    struct arena *arena = answer->bill.cx->arena;
    struct value *value = bill_value(&answer->bill);
    value_set_int(arena, value, "year", ask->year);
    value_set(arena, value, "missing", answer->missing);
    value_set(arena, value, "borne", answer->borne);
    value_set_int(arena, value, "due", answer->due);
    return value;
}
