#include "flow/rehearsal.h"

#include "flow/form.h"
#include "flow/rule.h"
#include "flow/values.h"

static bool is_asked(const struct value *names, const char *name)
{
    for (uint32_t i = 0; i < value_count(names); i++) {
        if (str_is(value_as_str(value_item(names, i)), name)) {
            return true;
        }
    }
    return false;
}

/* What the examples say is what must be said: they pass every hard rule. A signature is the
 * actor's. */
static void asked_give(struct arena *arena, const struct rehearsal *r, const struct field *field,
                       struct value *values)
{
    struct value *example = fields_example(arena, field, 1);
    if (field->type == FIELD_SIGNATURE) {
        struct value *signature = value_map(arena);
        value_set_text(arena, signature, "method", "typed");
        value_set_str(arena, signature, "name", r->actor->name);
        value_set_text(arena, signature, "code", "000000");
        value_set(arena, values, field->name, signature);
    } else {
        value_set(arena, values, field->name, value_get(example, field->name));
    }
}

static void form_complete(struct arena *arena, const struct rehearsal *r, const struct form *form,
                          struct value *values)
{
    for (uint32_t i = 0; i < form->field_count; i++) {
        const struct field *field = &form->fields[i];
        const struct value *usual = value_get(r->defaults, field->name);
        if (is_asked(r->asked_once, field->name)) {
            asked_give(arena, r, field, values);
        } else if (usual != NULL && value_get(values, field->name) == NULL) {
            value_set(arena, values, field->name, usual);
        }
    }
}

static enum status guards_ask(struct cx *cx, struct ask *ask)
{
    const struct act *act = ask->act;
    for (uint32_t i = 0; i < act->hard_count; i++) {
        TRY(act->hard[i]->guard(cx, ask, act->hard[i]));
    }
    ask->soft = true;
    for (uint32_t i = 0; i < act->soft_count; i++) {
        TRY(act->soft[i]->guard(cx, ask, act->soft[i]));
    }
    return OK;
}

static void signatures_remove(const struct form *form, struct value *values)
{
    for (uint32_t i = 0; i < form->field_count; i++) {
        if (form->fields[i].type == FIELD_SIGNATURE) {
            value_remove(values, form->fields[i].name);
        }
    }
}

enum status act_rehearse(struct cx *cx, const struct rehearsal *r, Str court,
                         const struct value *values, struct material *materials,
                         uint32_t material_count, struct rehearsed *out)
{
    struct matter draft = {.procedure = str_of(r->procedure->name),
                           .version = r->procedure->version,
                           .state = str_of(r->procedure->states[r->procedure->first_state].name),
                           .court = court,
                           .owner = r->actor->person,
                           .materials = materials,
                           .material_count = material_count};
    struct value *said = values_merge(cx->arena, NULL, values);
    struct ask ask = {.house = r->house,
                      .tables = r->house->tables(r->house->tables_arg),
                      .procedure = r->procedure,
                      .act = r->act,
                      .matter = &draft,
                      .actor = r->actor,
                      .values = said,
                      .now = r->now,
                      .signed_ahead = true};
    struct form form;
    form_offered(cx, &ask, &form);
    form_complete(cx->arena, r, &form, said);
    form_offered(cx, &ask, &form); /* a default may offer more */
    form_complete(cx->arena, r, &form, said);
    struct value *normal = form_check(cx, &ask, &form, said);
    ask.values = normal;
    if (cx->failure.errors == NULL) { /* rules are about a form that is filled in */
        TRY(guards_ask(cx, &ask));
    }
    signatures_remove(&form, normal);
    *out = (struct rehearsed){.values = normal,
                              .errors = cx->failure.errors,
                              .warnings = cx->failure.warnings,
                              .digest = values_digest(cx->arena, normal)};
    cx_forgive(cx);
    return OK;
}
