/* Running clocks, and the days that defendants have to answer, counted anew when a law table has
 * changed, or when the platform failed on a last day: an act by the system that records the old and
 * the new instant. A breach that was recorded stays; it is marked reconsidered when by the new
 * count the period had not run out yet. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "flow/act.h"
#include "flow/answer_period.h"
#include "flow/rule.h"
#include "flow/values.h"
#include "law/outage.h"
#include "record/outage.h"

enum { PARTIES_TOLD_MAX = 16 };

struct recount_look {
    Id id;
    struct matter *matter;
    struct outage_span *spans; /* that kept parties from acting since the matter began */
    uint32_t span_count;
    struct answer_day *days; /* of defendants who have not answered */
    uint32_t day_count;
};

static enum status recount_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct recount_look *look = arg;
    struct outage *outages = NULL;
    TRY(matter_find(cx, sql, look->id, &look->matter));
    if (look->matter == NULL) {
        return OK;
    }
    TRY(answer_day_of(cx, sql, look->id, &look->days, &look->day_count));
    TRY(outage_hindering(cx, sql, look->matter->created, INT64_MAX, &outages, &look->span_count));
    look->spans = arena_array(cx->arena, struct outage_span, look->span_count);
    for (uint32_t i = 0; i < look->span_count; i++) {
        look->spans[i] = (struct outage_span){outages[i].since, outages[i].until,
                                              str_of(outage_function_title(outages[i].function))};
    }
    return OK;
}

static struct value *recount_entry(struct arena *arena, const struct clock_row *clock, Instant due,
                                   bool prolonged)
{
    struct value *entry = value_map(arena);
    value_set_str(arena, entry, "clock", clock->name);
    value_set_int(arena, entry, "old", clock->due);
    value_set_int(arena, entry, "new", due);
    value_set_str(arena, entry, "old_tables", clock->tables);
    if (prolonged) {
        value_set_bool(arena, entry, "outage", true);
    }
    if (clock->breached != 0) {
        value_set_bool(arena, entry, "reconsidered", due > clock->breached);
    }
    return entry;
}

/* One clock by the tables in force. *entry stays NULL when its end is the same. */
static enum status clock_recount(struct cx *cx, struct plan *plan,
                                 const struct procedure *procedure, const struct recount_look *look,
                                 struct clock_row *clock, struct value **entry)
{
    const struct matter *m = look->matter;
    const struct clock_rule *rule = clock_rule_find(procedure, clock->name);
    struct period_answer answer = {0};
    enum period_unit unit = PERIOD_DAYS;
    bool prolonged = false;
    if (rule == NULL) {
        return OK;
    }
    TRY(clock_count(cx, plan->tables, rule, m, clock, &answer));
    if (clock_is_of_party(procedure, rule) && period_unit_parse(clock->unit, &unit)) {
        TRY(outage_prolong(cx, plan->tables, look->spans, look->span_count, unit,
                           instant_date(plan->now), &answer, &prolonged));
    }
    if (answer.due == clock->due) {
        return OK;
    }
    *entry = recount_entry(cx->arena, clock, answer.due, prolonged);
    clock->due = answer.due;
    clock->tables = plan->tables->version;
    clock->working = json_write(cx->arena, period_value(cx->arena, &answer));
    return clock->breached == 0 ? clock_wake_next(cx, plan->tables, rule, m, clock, plan->now) : OK;
}

static bool is_told(const struct change *change, const struct actor_rule *rule)
{
    for (uint32_t i = 0; i < change->tell_count; i++) {
        if (change->tells[i].kind == rule->kind && text_is(change->tells[i].name, rule->name)) {
            return true;
        }
    }
    return false;
}

/* Is the longer time of an entry for this act? The days to answer are for the one that answers. */
static bool entry_is_for(const struct procedure *procedure, const struct value *entry,
                         const struct act *act)
{
    const struct clock_rule *rule = clock_rule_find(procedure, value_get_str(entry, "clock"));
    for (uint32_t i = 0; rule == NULL && i < act->effect_count; i++) {
        if (text_is(act->effects[i]->name, "file-answer")) {
            return true;
        }
    }
    return rule != NULL && (rule->stops_acts & (UINT64_C(1) << act->index)) != 0;
}

/* Whoever the matter waits for, and the parties whose act the longer time is for: a defendant
 * answers while the matter waits for its judge. `list` as recount_entry() makes it. */
static void prolonged_tell(struct cx *cx, const struct procedure *procedure, struct change *change,
                           const struct value *list)
{
    const struct state *state = procedure_state(procedure, change->after->state);
    struct actor_rule *tells =
        arena_array(cx->arena, struct actor_rule, state->wait_count + PARTIES_TOLD_MAX);
    memcpy(tells, state->waits, state->wait_count * sizeof *tells);
    change->tells = tells;
    change->tell_count = state->wait_count;
    for (uint32_t i = 0; i < value_count(list); i++) {
        const struct value *entry = value_item(list, i);
        for (uint32_t k = 0; value_get_bool(entry, "outage") && k < procedure->act_count; k++) {
            const struct act *act = &procedure->acts[k];
            bool takes = entry_is_for(procedure, entry, act);
            for (uint32_t b = 0; takes && b < act->by_count; b++) {
                if (act->by[b].kind == ACTOR_PARTY && !is_told(change, &act->by[b]) &&
                    change->tell_count < state->wait_count + PARTIES_TOLD_MAX) {
                    tells[change->tell_count++] = act->by[b];
                }
            }
        }
    }
}

static enum status clocks_of_recount(struct cx *cx, struct plan *plan, struct change *change,
                                     const struct recount_look *look, struct value *list)
{
    for (uint32_t i = 0; i < change->after->clock_count; i++) {
        struct value *entry = NULL;
        if (change->after->clocks[i].stopped == 0) {
            TRY(clock_recount(cx, plan, change->procedure, look, &change->after->clocks[i],
                              &entry));
        }
        if (entry != NULL) {
            value_add(cx->arena, list, entry);
        }
    }
    return OK;
}

static bool is_prolonged(const struct value *list)
{
    for (uint32_t i = 0; i < value_count(list); i++) {
        if (value_get_bool(value_item(list, i), "outage")) {
            return true;
        }
    }
    return false;
}

enum status recount_prepare(struct cx *cx, const struct house *house, Id matter, struct plan **out)
{
    static const struct actor system = {.system = true, .name = {"系统", 6}};
    struct recount_look look = {.id = matter};
    struct plan *plan = NULL;
    struct value *list = value_list(cx->arena);
    *out = NULL;
    TRY(store_read(cx, house->store, recount_read, &look));
    const struct matter *m = look.matter;
    const struct procedure *procedure =
        m == NULL ? NULL : procedure_find(house->procedures, m->procedure, (int)m->version);
    if (procedure == NULL || m->events == 0) {
        return OK;
    }
    TRY(plan_new(cx, house, &system, clock_now(), m, &plan));
    struct change *change = plan_change(cx, plan, procedure, m);
    TRY(clocks_of_recount(cx, plan, change, &look, list));
    const struct hindrance hindrance = {look.spans, look.span_count};
    TRY(answer_period_recount(cx, plan, change, look.days, look.day_count, &hindrance, list));
    if (list->count == 0) {
        return OK;
    }
    bool prolonged = is_prolonged(list);
    change->act = prolonged ? "prolong-periods" : "recount-clocks";
    change->title = prolonged ? "平台有故障，期限顺延" : "期限重新计算";
    if (prolonged) {
        prolonged_tell(cx, procedure, change, list);
    }
    change->extra = value_map(cx->arena);
    value_set(cx->arena, change->extra, "recounted", list);
    TRY(values_open(cx, house, procedure, change->after, &list));
    change->clear = list;
    TRY(plan_seal(cx, plan));
    *out = plan;
    return OK;
}
