/* Clocks that wake: reminders tell people, a breach is an act by the system at its own instant. */
#include <inttypes.h>

#include "base/clock.h"
#include "flow/act.h"
#include "record/listing.h"

struct alarm_look {
    Id id;
    struct matter *matter;
};

static enum status alarm_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct alarm_look *look = arg;
    return matter_find(cx, sql, look->id, &look->matter);
}

static bool ends_within_a_day(const struct clock_row *clock)
{
    enum period_unit unit = PERIOD_DAYS;
    return period_unit_parse(clock->unit, &unit) &&
           (unit == PERIOD_MINUTES || unit == PERIOD_WORKING_MINUTES || unit == PERIOD_HOURS);
}

static void remind(struct plan *plan, const struct matter *m, Str viewer, Str text)
{
    struct notice notice = {.id = plan_id(plan),
                            .viewer = viewer,
                            .matter = m->id,
                            .event = m->events,
                            .kind = STR("remind"),
                            .title = text,
                            .text = m->title,
                            .at = plan->now};
    notice_write(plan->script, &notice);
}

/* Whoever is waited for is reminded. */
static void remind_all(struct cx *cx, struct plan *plan, const struct matter *m,
                       const struct state *state, const struct clock_row *clock)
{
    Str day = date_chinese(cx->arena, instant_date(clock->due));
    int minute = (int)((clock->due - date_start(instant_date(clock->due))) / MINUTE_MS);
    Str text = ends_within_a_day(clock)
                   ? str_printf(cx->arena, "%.*s到%s%02d:%02d届满", STR_ARG(clock->title), day.p,
                                minute / 60, minute % 60)
                   : str_printf(cx->arena, "%.*s到%s届满", STR_ARG(clock->title), day.p);
    for (uint32_t i = 0; i < state->wait_count; i++) {
        const struct actor_rule *rule = &state->waits[i];
        if (rule->kind != ACTOR_PARTY) {
            remind(plan, m, viewer_of_rule(cx->arena, plan->tables, m, rule), text);
        }
        for (uint32_t k = 0; rule->kind == ACTOR_PARTY && k < m->attachment_count; k++) {
            if (m->attachments[k].until == 0 && str_is(m->attachments[k].role, rule->name)) {
                remind(plan, m, viewer_person(cx->arena, m->attachments[k].person), text);
            }
        }
    }
}

static enum status remind_prepare(struct cx *cx, const struct house *house,
                                  const struct actor *system, const struct procedure *procedure,
                                  const struct matter *m, const struct clock_row *clock,
                                  Instant now, struct plan **out)
{
    struct plan *plan = NULL;
    const struct clock_rule *rule = clock_rule_find(procedure, clock->name);
    struct clock_row next = *clock;
    TRY(clock_wake_next(cx, house->tables(house->tables_arg), rule, m, &next, now));
    TRY(plan_new(cx, house, system, now, m, &plan));
    (void)plan_change(cx, plan, procedure,
                      m); /* claims the matter: a clock just stopped stays so */
    remind_all(cx, plan, m, procedure_state(procedure, m->state), clock);
    script_add(plan->script,
               SQL("UPDATE clock SET wake = ?3, attempts = 0 WHERE matter = ?1 AND n = ?2"),
               ARGS(SQL_I(m->id), SQL_I(clock->n), SQL_I(next.wake)));
    plan->sealed = true;
    *out = plan;
    return OK;
}

enum status alarm_prepare(struct cx *cx, const struct house *house, Id matter, int64_t n,
                          Instant now, struct plan **out)
{
    static const struct actor system = {.system = true, .name = {"系统", 6}};
    struct alarm_look look = {matter, NULL};
    const struct clock_row *clock = NULL;
    *out = NULL;
    TRY(store_read(cx, house->store, alarm_read, &look));
    const struct matter *m = look.matter;
    for (uint32_t i = 0; m != NULL && i < m->clock_count; i++) {
        if (m->clocks[i].n == n && m->clocks[i].stopped == 0 && m->clocks[i].wake != 0) {
            clock = &m->clocks[i];
        }
    }
    if (clock == NULL || clock->wake > now) {
        return OK;
    }
    const struct procedure *procedure =
        procedure_find(house->procedures, m->procedure, (int)m->version);
    const struct clock_rule *rule =
        procedure == NULL ? NULL : clock_rule_find(procedure, clock->name);
    if (rule == NULL) {
        return FAIL(cx, E_BUG, "bug", "clock %.*s of matter %" PRId64 " has no rule",
                    STR_ARG(clock->name), m->id);
    }
    if (now < clock->due) {
        return remind_prepare(cx, house, &system, procedure, m, clock, now, out);
    }
    if (clock_is_of_party(procedure, rule)) { /* nobody lapses on a day the platform failed him */
        TRY(recount_prepare(cx, house, matter, out));
        if (*out != NULL) {
            return OK;
        }
    }
    struct act_request request = {
        .actor = &system,
        .matter = matter,
        .act = str_of(rule->on_breach->name),
        .revision = -1,
        .breach_clock = n,
    };
    int64_t replayed = 0;
    return act_prepare(cx, house, &request, out, &replayed);
}
