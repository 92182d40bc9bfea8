/* Clocks of a matter: which start and stop when its state or an act says so, when they wake next.
 */
#include "base/json.h"
#include "flow/plan.h"
#include "flow/values.h"

const struct clock_rule *clock_rule_find(const struct procedure *procedure, Str name)
{
    for (uint32_t i = 0; i < procedure->clock_count; i++) {
        if (str_is(name, procedure->clocks[i].name)) {
            return &procedure->clocks[i];
        }
    }
    return NULL;
}

static bool waits_for_party_alone(const struct state *state)
{
    bool alone = state->wait_count > 0;
    for (uint32_t i = 0; i < state->wait_count; i++) {
        enum actor_kind kind = state->waits[i].kind;
        alone = alone && (kind == ACTOR_PARTY || kind == ACTOR_COLLABORATOR);
    }
    return alone;
}

bool clock_is_of_party(const struct procedure *procedure, const struct clock_rule *rule)
{
    bool alone = rule->starts_states != 0;
    for (uint32_t i = 0; i < procedure->act_count; i++) {
        const struct act *act = &procedure->acts[i];
        bool stops = (rule->stops_acts & (UINT64_C(1) << act->index)) != 0;
        for (uint32_t k = 0; stops && k < act->by_count; k++) {
            if (act->by[k].kind == ACTOR_PARTY) {
                return true;
            }
        }
    }
    for (uint32_t i = 0; i < procedure->state_count; i++) {
        if ((rule->starts_states & (UINT32_C(1) << i)) != 0) {
            alone = alone && waits_for_party_alone(&procedure->states[i]);
        }
    }
    return alone;
}

static struct clock_row *clock_running(struct matter *m, const struct clock_rule *rule)
{
    for (uint32_t i = m->clock_count; i > 0; i--) {
        struct clock_row *clock = &m->clocks[i - 1];
        if (str_is(clock->name, rule->name) && clock->stopped == 0) {
            return clock;
        }
    }
    return NULL;
}

/* Whose hours and days a clock counts. */
static Str court_of(const struct clock_rule *rule, const struct matter *m)
{
    Str collaborator = rule->of_collaborator ? value_get_str(m->values, "collaborator") : STR("");
    return collaborator.n > 0 ? collaborator : m->court;
}

static enum status reminder_at(struct cx *cx, const struct law_tables *tables,
                               const struct clock_row *clock, const struct reminder *reminder,
                               Str court, Instant *out)
{
    static const int64_t unit_ms[] = {
        [PERIOD_MINUTES] = MINUTE_MS,   [PERIOD_WORKING_MINUTES] = MINUTE_MS,
        [PERIOD_HOURS] = HOUR_MS,       [PERIOD_DAYS] = DAY_MS,
        [PERIOD_WORKING_DAYS] = DAY_MS, [PERIOD_MONTHS] = 30 * DAY_MS,
        [PERIOD_YEARS] = 365 * DAY_MS,
    };
    if (!reminder->after) {
        /* So much earlier by the calendar, at the time of day the period ends. */
        *out = clock->due - reminder->span.length * unit_ms[reminder->span.unit];
        return OK;
    }
    struct period_answer answer = {0};
    struct period_rule period = {.unit = reminder->span.unit,
                                 .length = reminder->span.length,
                                 .count = PERIOD_PLAIN,
                                 .court = court};
    TRY(period_due(cx, tables, &period, clock->started, &answer));
    *out = answer.due;
    return OK;
}

enum status clock_wake_next(struct cx *cx, const struct law_tables *tables,
                            const struct clock_rule *rule, const struct matter *m,
                            struct clock_row *clock, Instant after)
{
    Instant wake = clock->due;
    for (uint32_t i = 0; i < rule->remind_count; i++) {
        Instant at = 0;
        TRY(reminder_at(cx, tables, clock, &rule->remind[i], court_of(rule, m), &at));
        if (at > after && at < wake) {
            wake = at;
        }
    }
    clock->wake = wake;
    return OK;
}

static struct limit_case limit_of(const struct clock_rule *rule, const struct value *clear)
{
    struct limit_case limit = {"", rule->limit, rule->law};
    if (rule->case_count > 0) {
        return *clock_case(rule, clear);
    }
    if (rule->limit_from != NULL) {
        int64_t length = value_as_int(value_at(clear, rule->limit_from));
        limit.limit.length =
            length >= 1 && length <= rule->limit.length ? length : rule->limit.length;
    }
    return limit;
}

enum status clock_count(struct cx *cx, const struct law_tables *tables,
                        const struct clock_rule *rule, const struct matter *m,
                        const struct clock_row *clock, struct period_answer *out)
{
    struct period_rule period = {
        .length = clock->length,
        .count = rule->roll ? PERIOD_LAW : PERIOD_PLAIN,
        .court = court_of(rule, m),
        .law = clock->law.n == 0 ? NULL : clock->law.p,
    };
    if (!period_unit_parse(clock->unit, &period.unit)) {
        return FAIL(cx, E_STORE, "store-failed", "clock with unit %.*s", STR_ARG(clock->unit));
    }
    return period_due(cx, tables, &period, clock->started, out);
}

enum status clock_measure(struct cx *cx, struct plan *plan, const struct change *change,
                          const struct clock_rule *rule, struct clock_row *clock)
{
    struct period_answer answer = {0};
    struct limit_case limit = limit_of(rule, change->clear);
    clock->law = str_of(limit.law);
    clock->unit = str_of(period_unit_name(limit.limit.unit));
    clock->length = limit.limit.length;
    clock->tables = plan->tables->version;
    TRY(clock_count(cx, plan->tables, rule, change->after, clock, &answer));
    clock->due = answer.due;
    clock->working = json_write(cx->arena, period_value(cx->arena, &answer));
    if (clock->breached != 0) {
        return OK;
    }
    return clock_wake_next(cx, plan->tables, rule, change->after, clock, plan->now);
}

static enum status clock_start(struct cx *cx, struct plan *plan, struct change *change,
                               const struct clock_rule *rule)
{
    struct clock_row *clock = matter_add_clock(cx->arena, change->after);
    clock->name = str_of(rule->name);
    clock->title = str_of(rule->title);
    clock->started = plan->now;
    return clock_measure(cx, plan, change, rule, clock);
}

static void clock_stop(struct clock_row *clock, Instant now)
{
    if (clock != NULL) {
        clock->stopped = now;
        clock->wake = 0;
    }
}

enum status clocks_turn(struct cx *cx, struct plan *plan, struct change *change)
{
    struct matter *m = change->after;
    int index = procedure_state_index(change->procedure, m->state);
    uint32_t state = index < 0 ? 0 : UINT32_C(1) << index;
    uint64_t act = change->act_index == UINT32_MAX ? 0 : UINT64_C(1) << change->act_index;
    bool entered = change->before == NULL || change->before->events == 0 ||
                   !str_same(change->before->state, m->state);
    for (uint32_t i = 0; i < change->procedure->clock_count; i++) {
        const struct clock_rule *rule = &change->procedure->clocks[i];
        struct clock_row *running = clock_running(m, rule);
        bool again =
            (entered && (rule->restarts_states & state) != 0) || (rule->restarts_acts & act) != 0;
        if ((rule->stops_states & state) != 0 || (rule->stops_acts & act) != 0 || again) {
            clock_stop(running, plan->now);
        }
        bool starts =
            (entered && (rule->starts_states & state) != 0) || (rule->starts_acts & act) != 0;
        if (again || (starts && clock_running(m, rule) == NULL)) {
            TRY(clock_start(cx, plan, change, rule));
        }
    }
    return OK;
}
