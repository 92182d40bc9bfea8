/* The calculator of wages still owed: months, overtime, annual leave, each only where said. */
#include "law/wages.h"
#include "web/handlers.h"
#include "web/tool.h"

enum { LEAVE_DAYS_MAX = 3660 };

/* Of a month, in fen: more than anybody earns, and with it all that is asked for stays within the
 * range of money: what is too large is told where it stands. */
static const Money WAGE_MAX = INT64_C(1000000000000);

#define WAGE_TOO_LARGE "金额太大，请核对：一个月的金额不超过100亿元"

static bool wage_read(struct call *call, const char *name, Money *out)
{
    bool said = tool_money(call, name, out);
    if (said && (*out < 0 || *out > WAGE_MAX)) {
        tool_wrong(call, name, *out < 0 ? "请填写0元以上的金额" : WAGE_TOO_LARGE);
    }
    return said;
}

/* "2025-10:800000:300000,2025-11:8000元:0元" */
static int months_read(struct call *call, struct wages_month *out)
{
    struct arena *arena = call->cx->arena;
    Str *rows = NULL;
    Str text = tool_rows(call, "months");
    size_t count = text.n == 0 ? 0 : str_split(arena, text, ',', &rows);
    for (size_t i = 0; i < count; i++) {
        Str *parts = NULL;
        if (i >= WAGES_MONTHS_MAX || str_split(arena, rows[i], ':', &parts) != 3 ||
            !wages_month_parse(str_trim(arena, parts[0]), &out[i].month) ||
            !tool_amount_parse(arena, str_trim(arena, parts[1]), &out[i].due) ||
            !tool_amount_parse(arena, str_trim(arena, parts[2]), &out[i].paid)) {
            tool_wrong(
                call, "months",
                "请写成 2025-10:8000元:3000元，先应发、后已发；金额里不用逗号，几个月之间用逗号");
            return 0;
        }
        if (out[i].due > WAGE_MAX || out[i].paid > WAGE_MAX) {
            tool_wrong(call, "months", WAGE_TOO_LARGE);
            return 0;
        }
    }
    return (int)count;
}

static void overtime_read(struct call *call, struct wages_ask *ask)
{
    static const char *const names[OVERTIME_KINDS] = {[OVERTIME_WORKDAY] = "workday_hours",
                                                      [OVERTIME_REST_DAY] = "restday_hours",
                                                      [OVERTIME_HOLIDAY] = "holiday_hours"};
    bool said = false;
    for (int i = 0; i < OVERTIME_KINDS; i++) {
        Str text = tool_text(call, names[i]);
        if (text.n > 0 && !tool_rate_parse(text, &ask->hours[i])) {
            tool_wrong(call, names[i], "请写成 20 或者 20.5 这样的小时数");
        }
        said = said || text.n > 0;
    }
    bool wage = wage_read(call, "overtime_wage", &ask->overtime_wage);
    tool_need(call, wage || !said, "overtime_wage");
    (void)wage_read(call, "overtime_paid", &ask->overtime_paid);
}

static enum status wages_tool(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    struct wages_ask ask = {0};
    struct bill bill;
    int64_t days = 0;
    struct wages_month *months = arena_array(cx->arena, struct wages_month, WAGES_MONTHS_MAX);
    ask.months = months;
    ask.month_count = months_read(call, months);
    overtime_read(call, &ask);
    if (tool_number(call, "leave_days", &days) && (days < 0 || days > LEAVE_DAYS_MAX)) {
        tool_wrong(call, "leave_days", "数字不在可以计算的范围内");
        days = 0;
    }
    ask.leave_days = (int)days;
    bool wage = wage_read(call, "leave_wage", &ask.leave_wage);
    tool_need(call, wage || days == 0, "leave_wage");
    TRY(tool_checked(call));
    TRY(wages_compute(cx, tool_tables(call), &ask, &bill));
    *out = bill_value(&bill);
    tool_tables_apart(call, *out);
    return OK;
}

enum status tool_wages(struct call *call)
{
    return tool_answer(call, "wages", wages_tool);
}
