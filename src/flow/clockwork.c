/* Clocks of a matter: which start and stop when its state or an act says so, when they wake next.
 */
#include "base/json.h"
#include "flow/plan.h"
#include "flow/values.h"

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

/* The earliest reminder still to come, else the due instant; 0 once breached. */
Instant clock_wake_after(const struct clock_rule *rule, Instant due, Instant after)
{
    static const int64_t unit_ms[] = {
        [PERIOD_MINUTES] = MINUTE_MS,   [PERIOD_WORKING_MINUTES] = MINUTE_MS,
        [PERIOD_HOURS] = HOUR_MS,       [PERIOD_DAYS] = DAY_MS,
        [PERIOD_WORKING_DAYS] = DAY_MS, [PERIOD_MONTHS] = 30 * DAY_MS,
        [PERIOD_YEARS] = 365 * DAY_MS,
    };
    Instant wake = due;
    for (uint32_t i = 0; i < rule->remind_count; i++) {
        /* Reminders go out so much earlier by the calendar, at the time of day the period ends. */
        Instant at = due - rule->remind[i].length * unit_ms[rule->remind[i].unit];
        if (at > after && at < wake) {
            wake = at;
        }
    }
    return wake;
}

static int64_t limit_of(const struct clock_rule *rule, const struct value *clear)
{
    if (rule->limit_from == NULL) {
        return rule->limit.length;
    }
    int64_t length = value_as_int(value_at(clear, rule->limit_from));
    return length >= 1 && length <= rule->limit.length ? length : rule->limit.length;
}

static enum status clock_start(struct cx *cx, struct plan *plan, struct change *change,
                               const struct clock_rule *rule)
{
    struct matter *m = change->after;
    struct period_answer answer = {0};
    Str collaborator =
        rule->of_collaborator ? value_get_str(change->clear, "collaborator") : STR("");
    struct period_rule period = {
        .unit = rule->limit.unit,
        .length = limit_of(rule, change->clear),
        .count = rule->roll ? PERIOD_LAW : PERIOD_PLAIN,
        .court = collaborator.n > 0 ? collaborator : m->court,
        .law = rule->law[0] == '\0' ? NULL : rule->law,
    };
    TRY(period_due(cx, plan->tables, &period, plan->now, &answer));
    struct clock_row *clock = matter_add_clock(cx->arena, m);
    clock->name = str_of(rule->name);
    clock->title = str_of(rule->title);
    clock->law = str_of(rule->law);
    clock->unit = str_of(period_unit_name(rule->limit.unit));
    clock->started = plan->now;
    clock->due = answer.due;
    clock->length = period.length;
    clock->tables = plan->tables->version;
    clock->working = json_write(cx->arena, period_value(cx->arena, &answer));
    clock->wake = clock_wake_after(rule, answer.due, plan->now);
    return OK;
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
