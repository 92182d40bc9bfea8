/* 常用信息: the list of what one keeps, changing and deleting it, keeping and using it by program.
 */
#include "web/saved.h"

#include <inttypes.h>

#include "flow/values.h"
#include "web/again.h"
#include "web/edit.h"
#include "web/handlers.h"
#include "web/page_field.h"
#include "web/pages.h"

struct keeper {
    struct call *call;
    Id id;
    struct person *person;
    struct saved *list;
    uint32_t count;
    struct saved *one;
    const struct saved_kind *kind;
    struct field *fields;
    uint32_t field_count;
    struct value *value; /* of `one`, or what is said */
};

static enum status keeper_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct keeper *k = arg;
    Id person = k->call->actor.person;
    TRY(person_find(cx, sql, person, &k->person));
    return k->id != 0
               ? saved_find(cx, sql, person, k->id, &k->one)
               : saved_list(cx, sql, person, call_param(k->call, "kind"), &k->list, &k->count);
}

/* --- the list --- */

static enum status row_view(struct call *call, struct keeper *k, const struct saved *s,
                            struct value **out)
{
    struct cx *cx = call->cx;
    struct arena *arena = cx->arena;
    const struct saved_kind *kind = saved_kind_find(s->kind);
    struct value *row = value_map(arena);
    struct value *value = NULL;
    struct field *fields = NULL;
    uint32_t count = saved_fields(call, NULL, kind, &fields);
    TRY(saved_open(cx, call->app->house.keys, k->person->wrapped_key, s->sealed, &value));
    value_set_str(arena, row, "id", str_printf(arena, "%" PRId64, s->id));
    value_set_str(arena, row, "kind", s->kind);
    value_set_text(arena, row, "kind_title", kind->title);
    value_set_str(arena, row, "label", saved_label(arena, kind, value));
    value_set(arena, row, "value", fields_mask(cx, fields, count, value));
    value_set_str(arena, row, "used", instant_format(arena, s->used));
    *out = row;
    return OK;
}

static enum status list_view(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    struct keeper k = {.call = call};
    struct value *list = value_list(cx->arena);
    TRY(store_read(cx, call->app->house.store, keeper_read, &k));
    for (uint32_t i = 0; k.person != NULL && i < k.count; i++) {
        struct value *row = NULL;
        if (saved_kind_find(k.list[i].kind) != NULL) {
            TRY(row_view(call, &k, &k.list[i], &row));
            value_add(cx->arena, list, row);
        }
    }
    *out = value_map(cx->arena);
    value_set(cx->arena, *out, "saved", list);
    value_set(cx->arena, *out, "next", NULL);
    return OK;
}

enum status saved_show_all(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    TRY(list_view(call, &view));
    return call_answer(call, view, "saved");
}

/* --- one of them --- */

static enum status keeper_look(struct call *call, struct keeper *k)
{
    struct cx *cx = call->cx;
    *k = (struct keeper){.call = call};
    TRY(call_id(call, 0, &k->id));
    TRY(store_read(cx, call->app->house.store, keeper_read, k));
    k->kind = k->one == NULL ? NULL : saved_kind_find(k->one->kind);
    if (k->kind == NULL || k->person == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "nothing saved under %" PRId64, k->id);
    }
    k->field_count = saved_fields(call, NULL, k->kind, &k->fields);
    return saved_open(cx, call->app->house.keys, k->person->wrapped_key, k->one->sealed, &k->value);
}

static struct value *one_view(struct keeper *k, const struct value *value)
{
    struct arena *arena = k->call->cx->arena;
    struct value *view = value_map(arena);
    value_set_str(arena, view, "id", str_printf(arena, "%" PRId64, k->id));
    value_set_text(arena, view, "kind", k->kind->name);
    value_set_text(arena, view, "kind_title", k->kind->title);
    value_set_str(arena, view, "label", saved_label(arena, k->kind, k->value));
    value_set(arena, view, "value", value);
    return view;
}

static void set_fields(struct keeper *k, const struct value *marks, struct value *view)
{
    struct call *call = k->call;
    struct field_show show = {
        .arena = call->cx->arena, .tables = page_tables(call), .errors = marks};
    if (!call->json) {
        value_set(
            call->cx->arena, view, "fields",
            fields_show(&show, k->fields, k->field_count, value_get(view, "value"), STR("value.")));
    }
}

enum status saved_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct keeper k;
    TRY(keeper_look(call, &k));
    struct value *view = one_view(&k, k.value);
    set_fields(&k, NULL, view);
    return call_answer(call, view, "saved-one");
}

static enum status saved_done(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    TRY(list_view(call, &view));
    return call_done(call, STR("/me/saved"), view);
}

/* What is there must be right; what is missing may stay so. */
static enum status value_check(struct call *call, struct keeper *k, const struct value *said)
{
    struct cx *cx = call->cx;
    struct field *fields = arena_array(cx->arena, struct field, k->field_count);
    struct field_world world = {.tables = page_tables(call), .today = instant_date(clock_now())};
    for (uint32_t i = 0; i < k->field_count; i++) {
        fields[i] = k->fields[i];
        fields[i].required =
            text_is(fields[i].name, "name") || text_is(fields[i].name, "recipient");
    }
    k->value = fields_check(cx, fields, k->field_count, &world, said, STR("value."));
    if (value_count(cx->failure.errors) > 0) {
        cx_arg(cx, "count", str_printf(cx->arena, "%u", cx->failure.errors->count));
        return FAIL(cx, E_INPUT, "fields", "what is to be kept");
    }
    return OK;
}

static const struct value *value_said(struct call *call, const struct keeper *k)
{
    const struct value *said = value_get(call->body, "value");
    return call->body_is_form ? fields_from_form(call->cx->arena, k->fields, k->field_count, said)
                              : said;
}

enum status saved_change_take(struct call *call)
{
    struct cx *cx = call->cx;
    struct keeper *k = arena_new(cx->arena, struct keeper);
    TRY(keeper_look(call, k));
    const struct value *old = k->value;
    const struct value *said = value_said(call, k);
    said = fields_unmask(cx, k->fields, k->field_count, said, old);
    enum status status = value_check(call, k, said);
    if (status != OK) {
        struct failure failure = cx->failure;
        k->value = value_merge(cx->arena, old, NULL);
        struct value *view = one_view(k, said);
        set_fields(k, failure.errors, view);
        return call_again(call, status, "saved-one", view);
    }
    struct saved changed = *k->one;
    struct script *script = script_new(cx->arena);
    changed.used = clock_now();
    changed.mark = saved_mark(cx, call->app->house.keys, changed.kind, k->value);
    TRY(saved_seal(cx, call->app->house.keys, k->person->wrapped_key, k->value, &changed.sealed));
    saved_change(script, cx->arena, &changed);
    return call_script(call, script, saved_done);
}

static enum status saved_gone(struct call *call)
{
    return call->json ? call_empty(call, 204) : call_done(call, STR("/me/saved"), NULL);
}

enum status saved_delete(struct call *call)
{
    struct cx *cx = call->cx;
    struct keeper k;
    struct script *script = script_new(cx->arena);
    TRY(keeper_look(call, &k));
    saved_drop(script, call->actor.person, k.id);
    return call_script(call, script, saved_gone);
}

/* --- keeping and using by program; pages do both with the form of a group --- */

static enum status group_of(struct call *call, const struct seen **seen, struct act_form *form)
{
    struct cx *cx = call->cx;
    TRY(page_seen(call, seen));
    return (*seen)->matter->events == 0 && act_form_open(call, *seen, STR(""), form)
               ? OK
               : FAIL(cx, E_STATE, "not-editable", "no draft");
}

static enum status used(struct call *call)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    call->seen = NULL;
    TRY(page_seen(call, &seen));
    return call_done(call, str_printf(cx->arena, "/matters/%" PRId64, seen->matter->id),
                     matter_view(cx, &call->app->house, seen, &call->actor, true));
}

/* {"group"}: keeps what stands in that group of the draft. */
static enum status draft_keep(struct call *call, const struct act_form *form, Str name)
{
    struct cx *cx = call->cx;
    struct script *script = script_new(cx->arena);
    const struct field *field = field_find(form->form.fields, form->form.field_count, name);
    uint32_t count = 0;
    if (field != NULL) {
        TRY(saved_collect(call, form->seen->procedure, field, form->values, script, &count));
    }
    if (count == 0) {
        (void)cx_error(cx, "group", "missing", "这里没有可以存的内容");
        cx_arg(cx, "count", STR("1"));
        return FAIL(cx, E_INPUT, "fields", "nothing to keep");
    }
    return call_script(call, script, saved_done);
}

/* {"use","role"}: fills it in. */
enum status saved_with_draft(struct call *call)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    struct act_form form;
    struct plan *plan = NULL;
    struct value *said = NULL;
    Id id = 0;
    TRY(group_of(call, &seen, &form));
    Str group = value_get_str(call->body, "group");
    if (group.n > 0) {
        return draft_keep(call, &form, group);
    }
    if (!str_int(value_get_str(call->body, "use"), &id)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no id of what to use");
    }
    TRY(saved_fill(call, &form, id, value_get_str(call->body, "role"), value_map(cx->arena),
                   &said));
    struct save_request request = {.actor = &call->actor,
                                   .matter = seen->matter->id,
                                   .act = STR(""),
                                   .values = said,
                                   .revision = -1};
    TRY(draft_save(cx, &call->app->house, &request, &plan));
    saved_use(plan->script, call->actor.person, id, clock_now());
    return call_plan(call, plan, used);
}

/* --- pages --- */

static struct value *page_saved(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_begin(call, value, STR("常用信息"), true);
    value_set_bool(arena, view, "has_saved", value_count(value_get(value, "saved")) > 0);
    return view;
}

static struct value *page_saved_one(struct call *call, const struct value *value)
{
    return page_begin(call, value, STR("修改常用信息"), true);
}

const struct page_extra pages_saved[] = {
    {"saved", page_saved},
    {"saved-one", page_saved_one},
    {NULL, NULL},
};
