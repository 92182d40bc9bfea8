/* What an injury comes to (人身损害赔偿): the heads that the claim leaves blank are computed
 * (law/injury.h); an amount that somebody typed is taken into the sheet only where the law takes it
 * as given. */
#include "flow/element_calculator.h"
#include "law/injury.h"

struct asking {
    struct counting *c;
    struct injury_ask ask;
};

static bool typed(const struct asking *a, const char *field)
{
    return counting_typed(a->c, field);
}

/* What receipts say; the three of property are one head. */
static void given_read(struct asking *a)
{
    static const char *const property[] = {"vehicle", "idle", "other-loss"};
    Money *given = a->ask.given;
    given[INJURY_MEDICAL] = counting_money(a->c, "medical", "medical");
    given[INJURY_TRANSPORT] = counting_money(a->c, "transport", "transport");
    given[INJURY_AIDS] = counting_money(a->c, "aids", "aids");
    given[INJURY_MENTAL] = counting_money(a->c, "mental", "mental");
    for (size_t i = 0; i < sizeof property / sizeof property[0]; i++) {
        Money amount = value_get_int(a->c->claim, property[i]);
        given[INJURY_PROPERTY] += amount > 0 && amount <= MONEY_MAX_FEN / 4 ? amount : 0;
    }
    counting_say_int(a->c, "property", given[INJURY_PROPERTY]);
}

static void days_read(struct asking *a, enum injury_daily which, const char *const fields[3],
                      const char *const names[2])
{
    if (typed(a, fields[0]) || value_get_int(a->c->claim, fields[2]) <= 0) {
        return; /* what is typed stands */
    }
    a->ask.daily[which] =
        (struct injury_daily_ask){.days = counting_number(a->c, fields[1], names[0]),
                                  .people = 1,
                                  .a_day = counting_money(a->c, fields[2], names[1])};
}

static void daily_read(struct asking *a)
{
    static const char *const nursing[] = {"nursing", "nursing-days", "injury-nursing-day"};
    static const char *const meals[] = {"meals", "injury-stay", "injury-meal-day"};
    static const char *const food[] = {"nutrition", "injury-nutrition-days",
                                       "injury-nutrition-day"};
    static const char *const names[][2] = {{"nursing_days", "nursing_day"},
                                           {"stay_days", "meal_day"},
                                           {"nutrition_days", "nutrition_day"}};
    days_read(a, INJURY_NURSING, nursing, names[0]);
    days_read(a, INJURY_MEALS, meals, names[1]);
    days_read(a, INJURY_NUTRITION, food, names[2]);
}

static void lost_read(struct asking *a)
{
    static const char *const ways[] = {"", "fixed", "average", "trade"};
    Str way = value_get_str(a->c->claim, "injury-lost");
    Date from = DATE_NONE;
    Date to = DATE_NONE;
    if (typed(a, "lost-work") || !date_parse(value_get_str(a->c->claim, "lost-from"), &from) ||
        !date_parse(value_get_str(a->c->claim, "lost-to"), &to)) {
        return;
    }
    for (int i = INJURY_LOST_FIXED; i <= INJURY_LOST_TRADE; i++) {
        if (str_is(way, ways[i])) {
            a->ask.lost = (enum injury_lost)i;
        }
    }
    if (a->ask.lost != INJURY_LOST_NONE) {
        counting_say(a->c, "lost", way);
        a->ask.lost_income = counting_money(a->c, "injury-income", "lost_income");
        (void)counting_date(a->c, "lost-from", "lost_start", &a->ask.lost_from);
        (void)counting_date(a->c, "lost-to", "lost_end", &a->ask.lost_to);
    }
}

static void dependants_read(struct asking *a)
{
    const struct value *list = value_get(a->c->claim, "injury-dependants");
    struct dependant *all = arena_array(a->c->cx->arena, struct dependant, DEPENDANTS_MAX);
    Str text = STR("");
    for (uint32_t i = 0; value_is_list(list) && i < list->count; i++) {
        const struct value *row = value_item(list, i);
        int64_t supporters = value_get_int(row, "supporters");
        struct dependant *one = &all[a->ask.dependant_count];
        if (a->ask.dependant_count < DEPENDANTS_MAX && supporters >= 1 &&
            supporters <= SUPPORTERS_MAX && date_parse(value_get_str(row, "born"), &one->born)) {
            one->supporters = (int)supporters;
            text = str_printf(a->c->cx->arena, "%s%s%s:%d", text.p, text.n == 0 ? "" : ",",
                              value_get_str(row, "born").p, one->supporters);
            a->ask.dependant_count++;
        }
    }
    a->ask.dependants = all;
    counting_say(a->c, "dependants", text);
}

static void outcome_read(struct asking *a)
{
    Str outcome = value_get_str(a->c->claim, "injury-outcome");
    bool dead = str_is(outcome, "dead");
    if ((!dead && !str_is(outcome, "disabled")) ||
        value_get_str(a->c->claim, "injury-born").n == 0 ||
        value_get_str(a->c->claim, "injury-fixed").n == 0) {
        return;
    }
    counting_say(a->c, "outcome", outcome);
    a->ask.outcome = dead ? INJURY_DEAD : INJURY_DISABLED;
    (void)counting_date(a->c, "injury-born", "born", &a->ask.born);
    (void)counting_date(a->c, "injury-fixed", "fixed", &a->ask.fixed);
    if (!dead) {
        a->ask.grade = counting_number(a->c, "injury-grade", "grade");
        a->ask.added = counting_number(a->c, "injury-added", "added");
    }
    dependants_read(a);
}

static enum status injury_count(struct counting *c, struct value **sheet)
{
    struct cx *cx = c->cx;
    struct injury_answer answer;
    struct asking a = {.c = c,
                       .ask = {.year = date_split(c->today).year - 1,
                               .income = -1,
                               .spending = -1,
                               .wage = -1,
                               .lost_from = DATE_NONE,
                               .lost_to = DATE_NONE,
                               .born = DATE_NONE,
                               .fixed = DATE_NONE,
                               .fault = 100}};
    if (!str_is(value_get_str(c->claim, "injury-way"), "count") ||
        !counting_date(c, "injury-harmed", "harmed", &a.ask.harmed)) {
        return OK;
    }
    a.ask.court = counting_place(c, "injury-court", "place");
    a.ask.home = counting_place(c, "injury-home", "home");
    counting_say_int(c, "year", a.ask.year);
    given_read(&a);
    daily_read(&a);
    lost_read(&a);
    outcome_read(&a);
    TRY(injury_compute(cx, c->tables, &a.ask, &answer));
    *sheet = injury_value(&a.ask, &answer);
    value_remove(*sheet, "borne");
    value_remove(*sheet, "due");
    return OK;
}

const struct calculator ELEMENT_INJURY = {
    .name = "injury",
    .title = "人身损害赔偿",
    .way = "injury-way",
    .tool = "injury",
    .fills = {{"nursing", false},
              {"nutrition", false},
              {"meals", false},
              {"lost-work", false},
              {"disability", false},
              {"dependants", false},
              {"death", false},
              {"funeral", false}},
    .unknown = "人身损害赔偿算不出来：请核对受伤害、误工、定残或者死亡的日期、出生日期、伤残等级和"
               "被扶养人。",
    .count = injury_count,
};
