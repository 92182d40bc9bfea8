#include "flow/answer_period.h"

#include "flow/values.h"

enum status answer_period_count(struct cx *cx, const struct law_tables *tables, Str court,
                                Date served, int64_t days, struct period_answer *out)
{
    const struct period_rule rule = {
        .unit = PERIOD_DAYS, .length = days, .count = PERIOD_LAW, .court = court};
    return period_due_from(cx, tables, &rule, served, out);
}

static struct value *entry_of(struct arena *arena, const struct value *service,
                              const struct answer_day *day, Date due, bool prolonged)
{
    struct value *entry = value_map(arena);
    value_set_int(arena, entry, "party", day->party);
    value_set(arena, entry, "name", value_get(service, "name"));
    value_set_str(arena, entry, "old", date_format(arena, day->due));
    value_set_str(arena, entry, "new", date_format(arena, due));
    if (prolonged) {
        value_set_bool(arena, entry, "outage", true);
    }
    return entry;
}

/* The row of one service; *out is it with its new end, or stays NULL. */
static enum status service_recount(struct cx *cx, struct plan *plan, const struct change *change,
                                   const struct value *service, const struct answer_day *day,
                                   const struct hindrance *hindrance, struct value *entries,
                                   struct value **out)
{
    struct arena *arena = cx->arena;
    struct period_answer answer = {0};
    Date served = DATE_NONE;
    bool prolonged = false;
    if (!date_parse(value_get_str(service, "served"), &served)) {
        return OK;
    }
    TRY(answer_period_count(cx, plan->tables, change->after->court, served,
                            value_get_int(service, "days"), &answer));
    TRY(outage_prolong(cx, plan->tables, hindrance->spans, hindrance->count, PERIOD_DAYS,
                       instant_date(plan->now), &answer, &prolonged));
    if (answer.day == day->due) {
        return OK;
    }
    *out = value_merge(arena, service, NULL);
    value_set_str(arena, *out, "due", date_format(arena, answer.day));
    value_set(arena, *out, "working", answer.working);
    value_add(arena, entries, entry_of(arena, service, day, answer.day, prolonged));
    answer_day_write(plan->script, change->after->id, day->party, answer.day);
    return OK;
}

static const struct answer_day *day_of(const struct answer_day *days, uint32_t count, int64_t party)
{
    for (uint32_t i = 0; i < count; i++) {
        if (days[i].party == party) {
            return &days[i];
        }
    }
    return NULL;
}

enum status answer_period_recount(struct cx *cx, struct plan *plan, struct change *change,
                                  const struct answer_day *days, uint32_t count,
                                  const struct hindrance *hindrance, struct value *entries)
{
    struct value *clear = NULL;
    struct value *list = value_list(cx->arena);
    uint32_t known = value_count(entries);
    if (count == 0) {
        return OK;
    }
    TRY(values_open(cx, plan->house, change->procedure, change->after, &clear));
    const struct value *services = value_get(clear, "services");
    for (uint32_t i = 0; i < value_count(services); i++) {
        const struct value *service = value_item(services, i);
        const struct answer_day *day = day_of(days, count, value_get_int(service, "party"));
        struct value *moved = NULL;
        if (day != NULL) {
            TRY(service_recount(cx, plan, change, service, day, hindrance, entries, &moved));
        }
        value_add(cx->arena, list, moved != NULL ? moved : service);
    }
    if (value_count(entries) == known) {
        return OK;
    }
    clear = value_merge(cx->arena, clear, NULL);
    value_set(cx->arena, clear, "services", list);
    return change_values(cx, plan, change, clear);
}

void answer_period_close(struct plan *plan, const struct change *change)
{
    const struct state *state = procedure_state(change->procedure, change->after->state);
    if (state != NULL && state->end && value_get(change->clear, "services") != NULL) {
        answer_day_close(plan->script, change->after->id);
    }
}
