/* What papers print of a matter: recorded with the paper, so that it can be made again to the same
 * bytes when the matter has long moved on. Names are those of data/papers/ (kebab-case). */
#include <inttypes.h>

#include "base/json.h"
#include "flow/plan.h"

bool paper_input_is_known(const struct procedure *procedure, Str name)
{
    static const char *const always[] = {
        "court",          "issued-at",    "received-at", "received-on", "docketed-on",
        "receipt-number", "submitter",    "recipient",   "plaintiffs",  "defendants",
        "materials",      "matter-title", "check-code",  "check-url",   "lapsed"};
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
        if (str_is(name, always[i])) {
            return true;
        }
    }
    /* What an effect opens has the number and the cause of what opened it. */
    return (str_is(name, "case-number") || str_is(name, "cause")) &&
           procedure->begin_by[0].kind == ACTOR_EFFECT;
}

static struct value *names_of(struct arena *arena, const struct matter *m, const char *role)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < m->party_count; i++) {
        if (str_is(m->parties[i].role, role)) {
            value_add(arena, list, value_str(arena, m->parties[i].name));
        }
    }
    return list;
}

static struct value *materials_of(struct arena *arena, const struct change *change)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < change->after->material_count; i++) {
        const struct material *m = &change->after->materials[i];
        if (m->removed != 0) {
            continue;
        }
        struct value *item = value_map(arena);
        value_set_str(arena, item, "kind", m->kind);
        value_set_text(arena, item, "title", material_title(change->procedure, m->kind));
        value_set_str(arena, item, "name", m->name);
        value_set_str(arena, item, "sm3", hash_hex(arena, m->sm3));
        value_add(arena, list, item);
    }
    return list;
}

static void set_date(struct arena *arena, struct value *inputs, const char *name, Instant at)
{
    if (at != 0) {
        value_set_str(arena, inputs, name, date_format(arena, instant_date(at)));
    }
}

static void set_clocks(struct arena *arena, struct value *inputs, const struct matter *m)
{
    for (uint32_t i = 0; i < m->clock_count; i++) {
        const struct clock_row *clock = &m->clocks[i];
        if (clock->stopped == 0) {
            set_date(arena, inputs, arena_printf(arena, "%s-due", clock->name.p), clock->due);
        }
    }
}

static void set_court(struct cx *cx, struct value *inputs, const struct plan *plan,
                      const struct matter *m)
{
    const struct court *court = court_by_code(plan->tables, m->court);
    struct value *view = value_map(cx->arena);
    value_set_str(cx->arena, view, "name", court == NULL ? m->court : court->name);
    value_set_str(cx->arena, view, "code", m->court);
    value_set(cx->arena, inputs, "court", view);
    if (court != NULL && court->parent >= 0) {
        value_set_str(cx->arena, inputs, "appeal-court", plan->tables->courts[court->parent].name);
    }
}

struct value *paper_inputs(struct cx *cx, const struct plan *plan, const struct change *change,
                           const struct paper *paper)
{
    struct arena *arena = cx->arena;
    const struct matter *m = change->after;
    const struct cause *cause = cause_find(plan->tables, value_get_str(change->clear, "cause"));
    struct value *inputs = value_merge(arena, change->clear, change->inputs);
    struct value *plaintiffs = names_of(arena, m, "plaintiff");
    Str first_plaintiff = value_as_str(value_item(plaintiffs, 0));
    set_court(cx, inputs, plan, m);
    value_set_str(arena, inputs, "issued-at", instant_format(arena, plan->now));
    value_set_str(arena, inputs, "received-at", instant_format(arena, m->arrived));
    set_date(arena, inputs, "received-on", m->arrived);
    set_date(arena, inputs, "docketed-on", plan->now);
    value_set_str(arena, inputs, "receipt-number",
                  str_printf(arena, "%" PRId64 "-%" PRId64, m->id, m->events));
    value_set_str(arena, inputs, "submitter",
                  plan->actor->system ? first_plaintiff : plan->actor->name);
    value_set_str(arena, inputs, "recipient", first_plaintiff);
    value_set_text(arena, inputs, "matter-title", change->procedure->title);
    value_set(arena, inputs, "plaintiffs", plaintiffs);
    value_set(arena, inputs, "defendants", names_of(arena, m, "defendant"));
    if (cause != NULL) {
        value_set_str(arena, inputs, "cause", cause->name);
    }
    if (m->case_number.n > 0) {
        value_set_str(arena, inputs, "case-number", m->case_number);
    }
    value_set(arena, inputs, "materials", materials_of(arena, change));
    value_set_str(arena, inputs, "check-code", paper->code);
    value_set_str(arena, inputs, "check-url",
                  str_printf(arena, "%.*s/verify?code=%.*s", STR_ARG(plan->house->origin),
                             STR_ARG(paper->code)));
    value_set_bool(arena, inputs, "lapsed", plan->actor->system); /* a clock ran into this act */
    set_clocks(arena, inputs, m);
    return inputs;
}
