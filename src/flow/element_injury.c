#include "flow/element_injury.h"

#include <inttypes.h>

#include "law/injury.h"

enum { QUERY_BYTES_MAX = 8192 };

const char *const ELEMENT_INJURY_FILLED[] = {"nursing",   "nutrition",  "meals",
                                             "lost-work", "disability", "dependants",
                                             "death",     "funeral",    NULL};

/* What is computed, with the query that asks the same of anybody. */
struct asking {
    struct arena *arena;
    const struct value *claim;
    struct buf query;
    struct injury_ask ask;
};

static void say(struct asking *a, const char *name, Str text)
{
    if (text.n > 0) {
        buf_printf(&a->query, "%s%s=%.*s", a->query.n == 0 ? "" : "&", name, STR_ARG(text));
    }
}

static void say_int(struct asking *a, const char *name, int64_t number)
{
    if (number != 0) {
        say(a, name, str_printf(a->arena, "%" PRId64, number));
    }
}

static int count_of(struct asking *a, const char *field, const char *name)
{
    const int64_t most = 1000000;
    int64_t number = value_get_int(a->claim, field);
    number = number < 0 || number > most ? 0 : number;
    say_int(a, name, number);
    return (int)number;
}

static Money money_of(struct asking *a, const char *field, const char *name)
{
    Money amount = value_get_int(a->claim, field);
    amount = amount < 0 || amount > MONEY_MAX_FEN ? 0 : amount;
    say_int(a, name, amount);
    return amount;
}

static bool date_of_claim(struct asking *a, const char *field, const char *name, Date *out)
{
    Str text = value_get_str(a->claim, field);
    bool given = date_parse(text, out);
    say(a, name, given ? text : STR(""));
    return given;
}

static Str place_of(struct asking *a, const char *field, const char *name)
{
    Str division = value_get_str(value_get(a->claim, field), "division");
    say(a, name, division);
    return division;
}

static bool typed(const struct asking *a, const char *field)
{
    return !value_is_empty(value_get(a->claim, field));
}

/* What receipts say; the three of property are one head. */
static void given_read(struct asking *a)
{
    static const char *const property[] = {"vehicle", "idle", "other-loss"};
    Money *given = a->ask.given;
    given[INJURY_MEDICAL] = money_of(a, "medical", "medical");
    given[INJURY_TRANSPORT] = money_of(a, "transport", "transport");
    given[INJURY_AIDS] = money_of(a, "aids", "aids");
    given[INJURY_MENTAL] = money_of(a, "mental", "mental");
    for (size_t i = 0; i < sizeof property / sizeof property[0]; i++) {
        Money amount = value_get_int(a->claim, property[i]);
        given[INJURY_PROPERTY] += amount > 0 && amount <= MONEY_MAX_FEN / 4 ? amount : 0;
    }
    say_int(a, "property", given[INJURY_PROPERTY]);
}

static void days_read(struct asking *a, enum injury_daily which, const char *const fields[3],
                      const char *const names[2])
{
    if (typed(a, fields[0]) || value_get_int(a->claim, fields[2]) <= 0) {
        return; /* what is typed stands */
    }
    a->ask.daily[which] = (struct injury_daily_ask){.days = count_of(a, fields[1], names[0]),
                                                    .people = 1,
                                                    .a_day = money_of(a, fields[2], names[1])};
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
    Str way = value_get_str(a->claim, "injury-lost");
    Date from = DATE_NONE;
    Date to = DATE_NONE;
    if (typed(a, "lost-work") || !date_parse(value_get_str(a->claim, "lost-from"), &from) ||
        !date_parse(value_get_str(a->claim, "lost-to"), &to)) {
        return;
    }
    for (int i = INJURY_LOST_FIXED; i <= INJURY_LOST_TRADE; i++) {
        if (str_is(way, ways[i])) {
            a->ask.lost = (enum injury_lost)i;
        }
    }
    if (a->ask.lost != INJURY_LOST_NONE) {
        say(a, "lost", way);
        a->ask.lost_income = money_of(a, "injury-income", "lost_income");
        (void)date_of_claim(a, "lost-from", "lost_start", &a->ask.lost_from);
        (void)date_of_claim(a, "lost-to", "lost_end", &a->ask.lost_to);
    }
}

static void dependants_read(struct asking *a)
{
    const struct value *list = value_get(a->claim, "injury-dependants");
    struct dependant *all = arena_array(a->arena, struct dependant, DEPENDANTS_MAX);
    Str text = STR("");
    for (uint32_t i = 0; value_is_list(list) && i < list->count; i++) {
        const struct value *row = value_item(list, i);
        int64_t supporters = value_get_int(row, "supporters");
        struct dependant *one = &all[a->ask.dependant_count];
        if (a->ask.dependant_count < DEPENDANTS_MAX && supporters >= 1 &&
            supporters <= SUPPORTERS_MAX && date_parse(value_get_str(row, "born"), &one->born)) {
            one->supporters = (int)supporters;
            text = str_printf(a->arena, "%s%s%s:%d", text.p, text.n == 0 ? "" : ",",
                              value_get_str(row, "born").p, one->supporters);
            a->ask.dependant_count++;
        }
    }
    a->ask.dependants = all;
    say(a, "dependants", text);
}

static void outcome_read(struct asking *a)
{
    Str outcome = value_get_str(a->claim, "injury-outcome");
    bool dead = str_is(outcome, "dead");
    if ((!dead && !str_is(outcome, "disabled")) || value_get_str(a->claim, "injury-born").n == 0 ||
        value_get_str(a->claim, "injury-fixed").n == 0) {
        return;
    }
    say(a, "outcome", outcome);
    a->ask.outcome = dead ? INJURY_DEAD : INJURY_DISABLED;
    (void)date_of_claim(a, "injury-born", "born", &a->ask.born);
    (void)date_of_claim(a, "injury-fixed", "fixed", &a->ask.fixed);
    if (!dead) {
        a->ask.grade = count_of(a, "injury-grade", "grade");
        a->ask.added = count_of(a, "injury-added", "added");
    }
    dependants_read(a);
}

/* The computed heads that nobody typed. */
static struct value *filled_of(struct asking *a, const struct bill *bill)
{
    struct value *filled = value_map(a->arena);
    for (const char *const *name = ELEMENT_INJURY_FILLED; *name != NULL; name++) {
        Money amount = bill_amount(bill, *name);
        if (amount >= 0 && !typed(a, *name)) {
            value_set_int(a->arena, filled, *name, amount);
        }
    }
    return filled;
}

static void set_unknown(struct arena *arena, struct value *out)
{
    struct value *injury = value_map(arena);
    struct value *notices = value_list(arena);
    value_add(arena, notices,
              value_text(arena, "人身损害赔偿算不出来：请核对受伤害、误工、定残或者死亡的日期、"
                                "出生日期、伤残等级和被扶养人。"));
    value_set(arena, injury, "notices", notices);
    value_set(arena, out, "injury", injury);
}

void element_injury_set(struct cx *cx, const struct law_tables *tables, const struct value *claim,
                        Date today, struct value *out)
{
    struct arena *arena = cx->arena;
    struct failure before = cx->failure;
    struct injury_answer answer;
    struct asking a = {.arena = arena,
                       .claim = claim,
                       .ask = {.year = date_split(today).year - 1,
                               .income = -1,
                               .spending = -1,
                               .wage = -1,
                               .lost_from = DATE_NONE,
                               .lost_to = DATE_NONE,
                               .born = DATE_NONE,
                               .fixed = DATE_NONE,
                               .fault = 100}};
    buf_init(&a.query, arena, QUERY_BYTES_MAX);
    if (!str_is(value_get_str(claim, "injury-way"), "count") ||
        !date_of_claim(&a, "injury-harmed", "harmed", &a.ask.harmed)) {
        return;
    }
    a.ask.court = place_of(&a, "injury-court", "place");
    a.ask.home = place_of(&a, "injury-home", "home");
    say_int(&a, "year", a.ask.year);
    given_read(&a);
    daily_read(&a);
    lost_read(&a);
    outcome_read(&a);
    cx_forgive(cx);
    enum status status = injury_compute(cx, tables, &a.ask, &answer);
    cx->failure = before;
    if (status != OK) {
        set_unknown(arena, out);
        return;
    }
    struct value *injury = injury_value(&a.ask, &answer);
    value_remove(injury, "borne");
    value_remove(injury, "due");
    value_remove(injury, "sheet");
    value_set(arena, injury, "filled", filled_of(&a, &answer.bill));
    value_set_str(arena, injury, "again",
                  str_printf(arena, "/tools/injury?%s", buf_done(&a.query).p));
    value_set(arena, out, "injury", injury);
}
