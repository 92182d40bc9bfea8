/* What papers print of a matter: recorded with the paper, so that it can be made again to the same
 * bytes when the matter has long moved on. Names are those of data/papers/ (kebab-case). */
#include <inttypes.h>

#include "base/json.h"
#include "flow/element_form.h"
#include "flow/plan.h"
#include "law/source.h"

bool paper_input_is_known(const struct procedure *procedure, Str name)
{
    static const char *const always[] = {
        "court",      "issued-at", "received-at", "received-on", "docketed-on", "receipt-number",
        "submitter",  "recipient", "plaintiffs",  "defendants",  "materials",   "matter-title",
        "check-code", "check-url", "lapsed",      "follow-code", "follow-url"};
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
        if (str_is(name, always[i])) {
            return true;
        }
    }
    if (str_is(name, "collaborator")) {
        return procedure->collaborated;
    }
    if (str_is(name, "element-form")) {
        return procedure->forms != NULL;
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

/* The court whose window handed the matter over. */
static void set_collaborator(struct cx *cx, struct value *inputs, const struct plan *plan,
                             const struct change *change)
{
    Str code = value_get_str(change->clear, "collaborator");
    const struct court *court = court_by_code(plan->tables, code);
    if (change->procedure->collaborated) {
        struct value *view = value_map(cx->arena);
        value_set_str(cx->arena, view, "name", court == NULL ? code : court->name);
        value_set_str(cx->arena, view, "code", code);
        value_set(cx->arena, inputs, "collaborator", view);
    }
}

/* An address as people write it: names of the places, then the detail. */
static struct value *address_text(struct arena *arena, const struct law_tables *tables,
                                  const struct value *address)
{
    struct value *copy = value_merge(arena, address, NULL);
    Str place = division_full_name(arena, tables, value_get_str(address, "division"));
    Str detail = value_get_str(address, "detail");
    bool said = place.n > 0 && str_starts(detail, place.p);
    value_set_str(arena, copy, "text",
                  said ? detail : str_printf(arena, "%.*s%.*s", STR_ARG(place), STR_ARG(detail)));
    return copy;
}

/* Steps of a computation name their source in words. */
static struct value *step_titled(struct arena *arena, const struct value *step)
{
    struct value *copy = value_merge(arena, step, NULL);
    value_set_str(arena, copy, "law_title", source_title(arena, value_get_str(step, "law")));
    return copy;
}

/* A copy in which addresses and steps are ready for people. Depth is bounded by VALUE_DEPTH_MAX. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static const struct value *for_people(struct arena *arena, const struct law_tables *tables,
                                      const struct value *v)
{
    if (value_is_list(v)) {
        struct value *list = value_list(arena);
        for (uint32_t i = 0; i < v->count; i++) {
            value_add(arena, list, for_people(arena, tables, v->as.items[i]));
        }
        return list;
    }
    if (!value_is_map(v)) {
        return v;
    }
    if (value_get(v, "detail") != NULL) {
        return address_text(arena, tables, v);
    }
    if (value_get(v, "rule") != NULL && value_get(v, "law") != NULL) {
        return step_titled(arena, v);
    }
    struct value *map = value_map(arena);
    for (uint32_t i = 0; i < v->count; i++) {
        value_set_key(arena, map, v->as.members[i].key,
                      for_people(arena, tables, v->as.members[i].value));
    }
    return map;
}

/* The official table, where the complaint was made in elements; the interest with its sheet. */
static void set_element_form(struct cx *cx, struct value *inputs, const struct plan *plan,
                             const struct change *change)
{
    const struct element_form *form =
        element_form_asked(change->procedure, plan->tables, change->clear);
    const struct value *claim = value_get(change->clear, "claim");
    if (form != NULL && value_get(claim, "form") != NULL) {
        value_set(cx->arena, inputs, "element-form",
                  element_form_paper(cx->arena, change->procedure->forms, form, plan->tables,
                                     change->clear, plan->house->origin));
    }
}

void paper_inputs_name(struct cx *cx, const struct plan *plan, const struct paper *paper,
                       struct value *inputs)
{
    value_set_str(cx->arena, inputs, "check-code", paper->code);
    value_set_str(cx->arena, inputs, "check-url",
                  str_printf(cx->arena, "%.*s/verify?code=%.*s", STR_ARG(plan->house->origin),
                             STR_ARG(paper->code)));
}

struct value *paper_inputs(struct cx *cx, const struct plan *plan, const struct change *change)
{
    struct arena *arena = cx->arena;
    const struct matter *m = change->after;
    const struct cause *cause = cause_find(plan->tables, value_get_str(change->clear, "cause"));
    struct value *inputs = value_map(arena);
    const struct value *said = value_merge(arena, change->clear, change->inputs);
    for (uint32_t i = 0; i < value_count(said); i++) {
        value_set_key(arena, inputs, said->as.members[i].key,
                      for_people(arena, plan->tables, said->as.members[i].value));
    }
    struct value *plaintiffs = names_of(arena, m, "plaintiff");
    Str first_plaintiff = value_as_str(value_item(plaintiffs, 0));
    set_court(cx, inputs, plan, m);
    set_collaborator(cx, inputs, plan, change);
    value_set_str(arena, inputs, "follow-code", m->follow_code);
    value_set_str(arena, inputs, "follow-url",
                  str_printf(arena, "%.*s/follow/%.*s", STR_ARG(plan->house->origin),
                             STR_ARG(m->follow_code)));
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
    set_element_form(cx, inputs, plan, change);
    value_set_bool(arena, inputs, "lapsed", plan->actor->system); /* a clock ran into this act */
    set_clocks(arena, inputs, m);
    return inputs;
}

enum status paper_inputs_seal(struct cx *cx, const struct house *house, const struct matter *matter,
                              const struct value *needs, const struct value *inputs, Str *out)
{
    SealKey key;
    struct value *picked = value_map(cx->arena);
    for (uint32_t i = 0; i < value_count(needs); i++) {
        Str name = value_get_str(value_item(needs, i), "name");
        if (value_get_key(inputs, name) != NULL) {
            value_set_key(cx->arena, picked, name, value_get_key(inputs, name));
        }
    }
    TRY(seal_key_open(cx, house->keys, matter->wrapped_key, &key));
    *out = seal_text(cx->arena, &key, STR("paper"),
                     json_canonical(cx->arena, needs == NULL ? inputs : picked));
    return OK;
}

enum status paper_inputs_open(struct cx *cx, const struct house *house, Str wrapped_key, Str inputs,
                              struct value **out)
{
    SealKey key;
    Str plain = {"", 0};
    TRY(seal_key_open(cx, house->keys, wrapped_key, &key));
    TRY(seal_open_text(cx, &key, STR("paper"), inputs, &plain));
    return json_row_read(cx, plain, out);
}
