/* The calculator of injuries: many heads, each asked only where there is something to it. */
#include <string.h>

#include "law/injury.h"
#include "web/handlers.h"
#include "web/tool.h"

/* 0 when absent or told. */
static int count_read(struct call *call, const char *name, int otherwise)
{
    int64_t number = otherwise;
    const int most = 1000000;
    if (tool_number(call, name, &number) && (number < 0 || number > most)) {
        tool_wrong(call, name, "数字不在可以计算的范围内");
        return otherwise;
    }
    return (int)number;
}

static void money_read(struct call *call, const char *name, Money *out)
{
    if (tool_money(call, name, out) && *out < 0) {
        tool_wrong(call, name, "请填写0元以上的金额");
    }
}

static void read_given(struct call *call, struct injury_ask *ask)
{
    static const char *const names[INJURY_GIVEN] = {
        [INJURY_MEDICAL] = "medical",     [INJURY_FOLLOW_UP] = "follow_up",
        [INJURY_TRANSPORT] = "transport", [INJURY_LODGING] = "lodging",
        [INJURY_AIDS] = "aids",           [INJURY_MENTAL] = "mental",
        [INJURY_PROPERTY] = "property",
    };
    for (int i = 0; i < INJURY_GIVEN; i++) {
        money_read(call, names[i], &ask->given[i]);
    }
}

static void read_daily(struct call *call, struct injury_ask *ask)
{
    static const char *const names[INJURY_DAILY][2] = {
        [INJURY_NURSING] = {"nursing_days", "nursing_day"},
        [INJURY_MEALS] = {"stay_days", "meal_day"},
        [INJURY_NUTRITION] = {"nutrition_days", "nutrition_day"},
    };
    for (int i = 0; i < INJURY_DAILY; i++) {
        ask->daily[i].days = count_read(call, names[i][0], 0);
        money_read(call, names[i][1], &ask->daily[i].a_day);
        tool_need(call, ask->daily[i].days == 0 || ask->daily[i].a_day > 0, names[i][1]);
    }
    ask->daily[INJURY_NURSING].people = count_read(call, "nursing_people", 1);
}

static void read_lost(struct call *call, struct injury_ask *ask)
{
    static const char *const ways[] = {"none", "fixed", "average", "trade"};
    ask->lost = (enum injury_lost)tool_word(call, "lost", ways, 4);
    if (ask->lost != INJURY_LOST_NONE) {
        tool_need(call, tool_money(call, "lost_income", &ask->lost_income), "lost_income");
        tool_need(call, tool_date(call, "lost_start", &ask->lost_from), "lost_start");
        tool_need(call, tool_date(call, "lost_end", &ask->lost_to), "lost_end");
    }
}

/* "2016-06-10:2,1956-03-04:3": born, and how many support. */
static int dependants_read(struct call *call, struct dependant *out)
{
    Str *rows = NULL;
    struct arena *arena = call->cx->arena;
    Str text = tool_text(call, "dependants");
    size_t count = text.n == 0 ? 0 : str_split(arena, text, ',', &rows);
    for (size_t i = 0; i < count; i++) {
        Str *parts = NULL;
        int64_t supporters = 0;
        if (i >= DEPENDANTS_MAX || str_split(arena, rows[i], ':', &parts) != 2 ||
            !date_parse(str_trim(arena, parts[0]), &out[i].born) ||
            !str_int(str_trim(arena, parts[1]), &supporters) || supporters < 1 ||
            supporters > SUPPORTERS_MAX) {
            tool_wrong(call, "dependants",
                       "请写成 2016-06-10:2，几人之间用逗号；扶养人1至10人，被扶养人最多20人");
            return 0;
        }
        out[i].supporters = (int)supporters;
    }
    return (int)count;
}

static void read_outcome(struct call *call, struct injury_ask *ask)
{
    static const char *const outcomes[] = {"healed", "disabled", "dead"};
    struct dependant *list = arena_array(call->cx->arena, struct dependant, DEPENDANTS_MAX);
    ask->outcome = (enum injury_outcome)tool_word(call, "outcome", outcomes, 3);
    if (ask->outcome == INJURY_HEALED) {
        return;
    }
    tool_need(call, tool_date(call, "born", &ask->born), "born");
    tool_need(call, tool_date(call, "fixed", &ask->fixed), "fixed");
    ask->dependant_count = dependants_read(call, list);
    ask->dependants = list;
    if (ask->outcome == INJURY_DISABLED) {
        tool_need(call, tool_text(call, "grade").n > 0, "grade");
        ask->grade = count_read(call, "grade", 0);
        ask->added = count_read(call, "added", 0);
        ask->care_years = count_read(call, "care_years", 0);
        money_read(call, "care_year", &ask->care_year);
        ask->care_percent = count_read(call, "care_percent", 100);
    }
}

/* A figure of the place, as the user states it; -1: by the table. */
static Money figure_read(struct call *call, const char *name)
{
    Money figure = -1;
    if (tool_money(call, name, &figure) && figure <= 0) {
        tool_wrong(call, name, "请填写0元以上的金额");
    }
    return figure;
}

static void read_figures(struct call *call, struct injury_ask *ask)
{
    const int first = 1990;
    const int last = 2200;
    ask->year = count_read(call, "year", date_split(instant_date(clock_now())).year - 1);
    if (ask->year < first || ask->year > last) {
        tool_wrong(call, "year", "请填写四位数的年份");
    }
    ask->court = tool_place(call, "place", tool_text(call, "place"));
    ask->home = tool_place(call, "home", tool_text(call, "home"));
    ask->income = figure_read(call, "income");
    ask->spending = figure_read(call, "spending");
    ask->wage = figure_read(call, "wage");
}

static void read_cover(struct call *call, struct injury_ask *ask)
{
    static const char *const covers[] = {"none", "liable", "blameless"};
    static const char *const others[INJURY_LIMITS] = {
        [INJURY_LIMIT_MEDICAL] = "others_medical",
        [INJURY_LIMIT_BODY] = "others_injury",
        [INJURY_LIMIT_PROPERTY] = "others_property",
    };
    ask->cover = (enum injury_cover)tool_word(call, "cover", covers, 3);
    ask->fault = count_read(call, "fault", 100);
    ask->mental_first = !tool_yes(call, "mental_last");
    for (int i = 0; i < INJURY_LIMITS; i++) {
        money_read(call, others[i], &ask->others[i]);
    }
    money_read(call, "commercial", &ask->commercial);
    money_read(call, "paid", &ask->paid);
}

static enum status injury_tool(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    struct injury_ask ask = {
        .lost_from = DATE_NONE, .lost_to = DATE_NONE, .born = DATE_NONE, .fixed = DATE_NONE};
    struct injury_answer answer;
    tool_need(call, tool_date(call, "harmed", &ask.harmed), "harmed");
    read_given(call, &ask);
    read_daily(call, &ask);
    read_lost(call, &ask);
    read_outcome(call, &ask);
    read_figures(call, &ask);
    read_cover(call, &ask);
    TRY(tool_checked(call));
    TRY(injury_compute(cx, tool_tables(call), &ask, &answer));
    *out = injury_value(&ask, &answer);
    tool_tables_apart(call, *out);
    return OK;
}

enum status tool_injury(struct call *call)
{
    return tool_answer(call, "injury", injury_tool);
}
