/* What a worker claims of his employer (劳动争议): the wages still owed, the compensation at the
 * end or the damages for an unlawful one, the second wage of months without a written contract.
 * Each is computed where the form says that it is claimed and labour-counted that it is left to the
 * program. */
#include "flow/element_calculator.h"
#include "law/severance.h"
#include "law/wages.h"

static bool is_claimed(const struct counting *c, const char *head)
{
    return str_is(value_get_str(c->claim, "labour-counted"), "count") &&
           value_get_bool(c->claim, head);
}

/* --- wages, overtime, leave --- */

static Money row_money(const struct value *row, const char *name)
{
    Money amount = value_get_int(row, name);
    return amount < 0 || amount > MONEY_MAX_FEN ? 0 : amount;
}

/* "2025-10:800000:300000,…" */
static enum status months_read(struct counting *c, struct wages_ask *ask)
{
    struct cx *cx = c->cx;
    const struct value *list = value_get(c->claim, "labour-months");
    struct wages_month *months = arena_array(cx->arena, struct wages_month, WAGES_MONTHS_MAX);
    struct buf said;
    buf_init(&said, cx->arena, WAGES_MONTHS_MAX * 48);
    for (uint32_t i = 0; value_is_list(list) && i < list->count; i++) {
        const struct value *row = value_item(list, i);
        struct wages_month *one = &months[ask->month_count];
        Str month = value_get_str(row, "month");
        if (ask->month_count == WAGES_MONTHS_MAX || !wages_month_parse(month, &one->month)) {
            return FAIL(cx, E_INPUT, "claim-dates", "row %u is no month", i);
        }
        one->due = row_money(row, "due");
        one->paid = row_money(row, "paid");
        buf_printf(&said, "%s%s:%lld:%lld", i == 0 ? "" : ",", month.p, (long long)one->due,
                   (long long)one->paid);
        ask->month_count++;
    }
    ask->months = months;
    counting_say(c, "months", buf_done(&said));
    return OK;
}

static void overtime_read(struct counting *c, struct wages_ask *ask)
{
    static const char *const fields[OVERTIME_KINDS][2] = {
        [OVERTIME_WORKDAY] = {"labour-workday", "workday_hours"},
        [OVERTIME_REST_DAY] = {"labour-restday", "restday_hours"},
        [OVERTIME_HOLIDAY] = {"labour-holiday", "holiday_hours"}};
    for (int i = 0; i < OVERTIME_KINDS; i++) {
        Str text = value_get_str(c->claim, fields[i][0]);
        if (counting_decimal(text, &ask->hours[i])) {
            counting_say(c, fields[i][1], text);
        }
    }
    ask->overtime_wage = counting_money(c, "labour-overtime-wage", "overtime_wage");
    ask->overtime_paid = counting_money(c, "labour-overtime-paid", "overtime_paid");
}

/* "2025年10月8,000.00元、2025年11月5,000.00元": as many as there is room for. */
static const char *months_words(struct arena *arena, const struct wages_ask *ask)
{
    enum { SHOWN = 12 };

    const char *words = "";
    for (int i = 0; i < ask->month_count && i < SHOWN; i++) {
        const struct wages_month *one = &ask->months[i];
        words = arena_printf(arena, "%s%s%s%s元", words, i == 0 ? "" : "、",
                             wages_month_text(arena, one->month),
                             money_format(arena, one->due - one->paid).p);
    }
    return ask->month_count > SHOWN ? arena_printf(arena, "%s等共%d个月", words, ask->month_count)
                                    : words;
}

static void wages_words(struct counting *c, const struct wages_ask *ask, const struct bill *bill)
{
    struct arena *arena = c->cx->arena;
    if (bill_amount(bill, "arrears") >= 0) {
        counting_fill(
            c, "arrears-detail",
            value_text(arena, arena_printf(arena, "%s，见附表《工资、加班费、年休假计算表》",
                                           months_words(arena, ask))));
    }
    if (bill_amount(bill, "overtime") >= 0) {
        counting_fill(
            c, "overtime-detail",
            value_text(arena, "各类加班的小时数和倍数见附表《工资、加班费、年休假计算表》"));
    }
    if (bill_amount(bill, "leave") >= 0) {
        counting_fill(c, "leave-detail",
                      value_text(arena, arena_printf(arena,
                                                     "应休未休%d日，按日工资的200%%另付，见附表"
                                                     "《工资、加班费、年休假计算表》",
                                                     ask->leave_days)));
    }
}

static enum status wages_count(struct counting *c, struct value **sheet)
{
    struct cx *cx = c->cx;
    struct wages_ask ask = {0};
    struct bill bill;
    bool arrears = is_claimed(c, "wages");
    bool overtime = is_claimed(c, "overtime");
    bool leave = is_claimed(c, "leave");
    if (arrears) {
        TRY(months_read(c, &ask));
    }
    if (overtime) {
        overtime_read(c, &ask);
    }
    if (leave) {
        ask.leave_days = counting_number(c, "labour-leave-days", "leave_days");
        ask.leave_wage = counting_money(c, "labour-leave-wage", "leave_wage");
    }
    bool extra = ask.hours[0] + ask.hours[1] + ask.hours[2] > 0;
    if ((extra && ask.overtime_wage == 0) || (ask.leave_days > 0 && ask.leave_wage == 0)) {
        return FAIL(cx, E_INPUT, "claim-amount", "no wage to count on");
    }
    TRY(wages_compute(cx, c->tables, &ask, &bill));
    wages_words(c, &ask, &bill);
    *sheet = value_count(bill.parts) > 0 ? bill_value(&bill) : NULL;
    return OK;
}

const struct calculator ELEMENT_WAGES = {
    .name = "wages",
    .title = "工资、加班费、年休假",
    .way = "labour-counted",
    .tool = "wages",
    .fills = {{"arrears", false},
              {"overtime", false},
              {"leave", false},
              {"arrears-detail", true},
              {"overtime-detail", true},
              {"leave-detail", true}},
    .reads = {"wages", "overtime", "leave"},
    .unknown =
        "工资、加班费、年休假算不出来：请核对月份的先后，应发、已发的数额，计算加班费、年休假的"
        "月工资，小时数和天数。",
    .count = wages_count,
};

/* --- the end of employment, and the second wage --- */

static enum status employment_read(struct counting *c, struct severance_ask *ask, const char *kind)
{
    struct cx *cx = c->cx;
    counting_say(c, "kind", str_of(kind));
    ask->wage = counting_money(c, "labour-wage", "wage");
    if (ask->wage == 0 || !counting_date(c, "labour-start", "start", &ask->first)) {
        return FAIL(cx, E_INPUT, "claim-dates", "wage or first day not said");
    }
    return OK;
}

static enum status service_count(struct counting *c, enum severance_kind kind, const char *name,
                                 const char *words, struct value **sheet)
{
    struct cx *cx = c->cx;
    struct arena *arena = cx->arena;
    struct severance_ask ask = {.kind = kind, .written = DATE_NONE, .local_wage = -1};
    struct bill bill;
    TRY(employment_read(c, &ask, kind == SEVERANCE_DAMAGES ? "damages" : "compensation"));
    if (!counting_date(c, "labour-end", "end", &ask.last)) {
        return FAIL(cx, E_INPUT, "claim-dates", "last day not said");
    }
    ask.place = counting_place(c, "labour-employer", "place");
    if (value_get_int(c->claim, "labour-local-wage") > 0) {
        ask.local_wage = counting_money(c, "labour-local-wage", "local_wage");
    }
    TRY(severance_compute(cx, c->tables, &ask, &bill));
    counting_fill(
        c, words,
        value_text(arena,
                   arena_printf(arena, "%s至%s，月工资%s元，年限和倍数见附表《%s计算表》",
                                date_chinese(arena, ask.first).p, date_chinese(arena, ask.last).p,
                                money_format(arena, ask.wage).p, name)));
    *sheet = bill_value(&bill);
    return OK;
}

static enum status severance_count(struct counting *c, struct value **sheet)
{
    return is_claimed(c, "severance")
               ? service_count(c, SEVERANCE_COMPENSATION, "经济补偿", "compensation-detail", sheet)
               : OK;
}

static enum status dismissal_count(struct counting *c, struct value **sheet)
{
    return is_claimed(c, "dismissal")
               ? service_count(c, SEVERANCE_DAMAGES, "赔偿金", "damages-detail", sheet)
               : OK;
}

/* Who still works has no last day: today. */
static enum status double_count(struct counting *c, struct value **sheet)
{
    struct cx *cx = c->cx;
    struct severance_ask ask = {.kind = SEVERANCE_DOUBLE, .written = DATE_NONE, .local_wage = -1};
    struct bill bill;
    if (!is_claimed(c, "double")) {
        return OK;
    }
    TRY(employment_read(c, &ask, "double"));
    if (!counting_date(c, "labour-end", "end", &ask.last)) {
        ask.last = c->today;
        counting_say(c, "end", date_format(cx->arena, c->today));
    }
    (void)counting_date(c, "labour-written", "written", &ask.written);
    TRY(severance_compute(cx, c->tables, &ask, &bill));
    counting_fill(c, "double-detail",
                  value_text(cx->arena, "每月二倍工资的起止和差额见附表《二倍工资计算表》"));
    *sheet = bill_value(&bill);
    return OK;
}

const struct calculator ELEMENT_SEVERANCE = {
    .name = "severance",
    .title = "经济补偿",
    .way = "labour-counted",
    .tool = "severance",
    .fills = {{"compensation", false}, {"compensation-detail", true}},
    .reads = {"severance"},
    .unknown = "经济补偿算不出来：请填写并核对入职、离职的日期和月工资。",
    .count = severance_count,
};

const struct calculator ELEMENT_DISMISSAL = {
    .name = "dismissal",
    .title = "赔偿金",
    .way = "labour-counted",
    .tool = "severance",
    .fills = {{"damages", false}, {"damages-detail", true}},
    .reads = {"dismissal"},
    .unknown = "赔偿金算不出来：请填写并核对入职、离职的日期和月工资。",
    .count = dismissal_count,
};

const struct calculator ELEMENT_DOUBLE = {
    .name = "double",
    .title = "二倍工资",
    .way = "labour-counted",
    .tool = "severance",
    .fills = {{"double", false}, {"double-detail", true}},
    .reads = {"double"},
    .unknown = "二倍工资算不出来：请填写并核对入职、离职、补订合同的日期和月工资。",
    .count = double_count,
};
