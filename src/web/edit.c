#include "web/edit.h"

#include <inttypes.h>
#include <string.h>

#include "flow/authority.h"
#include "flow/evidence.h"
#include "web/handlers.h"
#include "web/page_desk.h"
#include "web/page_field.h"
#include "web/part.h"
#include "web/renewal.h"
#include "web/saved.h"
#include "web/visitor.h"

static Str matter_address(struct call *call, const struct seen *seen, const char *rest)
{
    return str_printf(call->cx->arena, "/matters/%" PRId64 "%s", seen->matter->id, rest);
}

bool edit_decides(const struct call *call, const struct seen *seen)
{
    Str near = value_get_str(seen->matter->values, "collaborator");
    if (str_is(str_of(seen->procedure->name), "circular")) {
        return false; /* a desk has files to look at: this is answered beside what it lists */
    }
    return call->actor.post.n > 0 && (near.n == 0 || !str_same(near, call->actor.court));
}

const char *edit_act_page(const struct call *call, const struct seen *seen)
{
    if (seen->matter->events == 0) {
        return "check";
    }
    return edit_decides(call, seen) ? "review" : "act";
}

/* --- what a form says --- */

static void untick(struct arena *arena, const struct field *fields, uint32_t count,
                   struct value *values);

static struct value *copy_of(struct arena *arena, const struct value *v)
{
    return value_is_map(v) ? value_merge(arena, v, NULL) : value_map(arena);
}

static void untick_inside(struct arena *arena, /* NOLINT(misc-no-recursion) */
                          const struct field *field, struct value *values)
{
    const struct value *v = value_get(values, field->name);
    if (field->type == FIELD_GROUP) {
        struct value *group = copy_of(arena, v);
        untick(arena, field->fields, field->field_count, group);
        value_set(arena, values, field->name, group);
        return;
    }
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(v); i++) {
        struct value *item = copy_of(arena, value_item(v, i));
        untick(arena, field->fields, field->field_count, item);
        value_add(arena, list, item);
    }
    value_set(arena, values, field->name, list);
}

/* LAW of HTML: a box that is not ticked is not sent. */
static void untick(struct arena *arena, /* NOLINT(misc-no-recursion) */
                   const struct field *fields, uint32_t count, struct value *values)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct field *field = &fields[i];
        if (field->type == FIELD_GROUP || field->type == FIELD_LIST) {
            untick_inside(arena, field, values);
        } else if (value_get(values, field->name) == NULL &&
                   (field->type == FIELD_CHOICES || field->type == FIELD_YES_NO)) {
            value_set_str(arena, values, field->name, STR(""));
        }
    }
}

/* Of the conflict page: where the other side's value was chosen, ours is not said. */
static void choose(struct arena *arena, const struct value *choices, struct value *said)
{
    for (uint32_t i = 0; i < value_count(choices) && value_is_map(choices); i++) {
        Str name = choices->as.members[i].key;
        const struct value *choice = choices->as.members[i].value;
        const struct value *ours = value_get_key(said, name);
        if (str_is(value_as_str(choice), "theirs")) {
            value_remove(said, name.p);
        } else if (value_is_map(choice) && value_is_map(ours)) {
            struct value *group = value_merge(arena, ours, NULL);
            for (uint32_t k = 0; k < choice->count; k++) {
                if (str_is(value_as_str(choice->as.members[k].value), "theirs")) {
                    value_remove(group, choice->as.members[k].key.p);
                }
            }
            value_set_key(arena, said, name, group);
        }
    }
}

struct value *edit_values(struct call *call, const struct seen *seen, const struct field *fields,
                          uint32_t count)
{
    struct arena *arena = call->cx->arena;
    const struct procedure *p = seen->procedure;
    struct value *values =
        fields_from_form(arena, p->elements, p->element_count, matter_values_said(call));
    fields_keep(arena, p->elements, p->element_count, values, seen->clear);
    untick(arena, fields, count, values);
    choose(arena, value_get(call->body, "_choose"), values);
    return values;
}

/* --- what every page of a form begins with --- */

struct value *edit_view(struct call *call, const struct seen *seen)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = seen->matter;
    struct value *view = value_map(arena);
    value_set_str(arena, view, "id", str_printf(arena, "%" PRId64, m->id));
    value_set_str(arena, view, "title", m->title);
    value_set_str(arena, view, "procedure", m->procedure);
    value_set_str(arena, view, "state", m->state);
    value_set(arena, view, "court", court_ref(arena, page_tables(call), m->court));
    value_set_int(arena, view, "revision", m->revision);
    value_set_int(arena, view, "version", seen->procedure->version);
    return view;
}

/* ?items=parties:3 shows three of them at least. */
static void set_grow(struct call *call, struct value *view)
{
    struct arena *arena = call->cx->arena;
    Str *parts = NULL;
    int64_t count = 0;
    if (str_split(arena, call_param(call, "items"), ':', &parts) == 2 &&
        str_int(parts[1], &count) && count > 0 && count <= 200) {
        struct value *grow = value_map(arena);
        value_set_int(arena, grow, parts[0].p, count);
        value_set(arena, view, "grow", grow);
    }
}

void edit_open(struct call *call, Str list, struct value *view)
{
    const struct value *rows = value_get_key(call->body, list);
    int64_t open = -1;
    if (!str_int(call_param(call, "item"), &open)) {
        for (uint32_t i = 0; i < value_count(rows) && open < 0; i++) {
            open = value_is_map(value_item(rows, i)) ? (int64_t)i : -1;
        }
    }
    if (open >= 0) {
        value_set_int(call->cx->arena, view, "open", open);
    }
}

static void set_sent(struct call *call, struct value *view)
{
    struct arena *arena = call->cx->arena;
    if (call_param(call, "sent").n > 0) {
        struct value *message = value_map(arena);
        value_set_text(arena, message, "title", "验证码已发到您的手机");
        value_set_text(arena, message, "detail", "10分钟内有效。没有收到的，过一分钟再发一次。");
        value_set_text(arena, message, "tone", "good");
        value_set(arena, view, "message", message);
    }
}

/* --- one group of a draft --- */

static enum status draft_of(struct call *call, const struct seen **seen, struct act_form *form,
                            const struct field **field)
{
    struct cx *cx = call->cx;
    TRY(page_seen(call, seen));
    if ((*seen)->matter->events > 0 || !act_form_open(call, *seen, STR(""), form)) {
        return FAIL(cx, E_STATE, "not-editable", "no draft");
    }
    *field = field_find(form->form.fields, form->form.field_count, call->args[1]);
    return *field == NULL || field_is_last(*field) || (*field)->arranges[0] != '\0'
               ? FAIL(cx, E_NOT_FOUND, "not-found", "no such group in the form")
               : OK;
}

static bool is_below(Str field, const char *name)
{
    size_t n = strlen(name);
    return str_starts(field, name) && (field.p[n] == '\0' || field.p[n] == '.');
}

/* Errors of one group; what is merely missing is welcome in a draft unless it is asked for. */
static struct value *errors_of_group(struct call *call, const struct act_form *form,
                                     const char *path, bool missing_too)
{
    struct arena *arena = call->cx->arena;
    const struct value *all = act_form_errors(call, form);
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(all); i++) {
        const struct value *error = value_item(all, i);
        Str code = value_get_str(error, "code");
        bool missing = str_is(code, "missing") || str_is(code, "too-few");
        if (is_below(value_get_str(error, "field"), path) && (missing_too || !missing)) {
            value_add(arena, list, error);
        }
    }
    return list;
}

static void set_summary(struct call *call, const struct seen *seen, const struct value *errors,
                        struct value *view)
{
    struct arena *arena = call->cx->arena;
    struct value *problem = value_map(arena);
    uint32_t count = value_count(errors);
    uint32_t missing = 0;
    for (uint32_t i = 0; i < count; i++) {
        Str code = value_get_str(value_item(errors, i), "code");
        missing += str_is(code, "missing") || str_is(code, "too-few");
    }
    value_set_str(arena, problem, "title",
                  missing == count ? str_printf(arena, "还有%u处需要填写", count)
                                   : str_printf(arena, "有%u处需要核对", count));
    value_set_text(arena, problem, "detail", "点一项，直接去改。已填的内容都已保存。");
    value_set(arena, view, "problem", problem);
    value_set(arena, view, "errors", errors_show(call, seen->matter->id, errors, NULL));
}

enum status edit_page(struct call *call)
{
    const struct seen *seen = NULL;
    const struct field *field = NULL;
    struct act_form form;
    struct cx *cx = call->cx;
    TRY(page_seen(call, &seen));
    if (seen->matter->events > 0) {
        return call_done(call, matter_address(call, seen, ""), NULL);
    }
    if (str_is(call->args[1], EVIDENCE_LIST)) { /* has a page of its own */
        return call_done(call, matter_address(call, seen, "/evidence"), NULL);
    }
    TRY(draft_of(call, &seen, &form, &field));
    struct value *view = edit_view(call, seen);
    bool check = call_param(call, "check").n > 0;
    const struct part part = part_of(call, field, form.values);
    struct value *errors = errors_of_group(call, &form, part_path(cx->arena, field, &part), check);
    value_set(cx->arena, view, "marks", errors);
    if (check && errors->count > 0) {
        set_summary(call, seen, errors, view);
    }
    set_grow(call, view);
    edit_open(call, str_of(field->name), view);
    return call_answer(call, view, "group");
}

/* After the list of tasks the next group follows; after the last one the list again. */
static Str go_on(struct call *call, const struct seen *seen, const struct act_form *form,
                 const struct field *field)
{
    bool passed = false;
    if (str_is(value_get_str(call->body, "_next"), "list")) {
        return matter_address(call, seen, "");
    }
    for (uint32_t i = 0; i < form->form.field_count; i++) {
        const struct field *f = &form->form.fields[i];
        if (passed && !field_is_last(f)) {
            return matter_address(call, seen, arena_printf(call->cx->arena, "/edit/%s", f->name));
        }
        passed = passed || text_is(f->name, field->name);
    }
    return matter_address(call, seen, "");
}

static enum status address_done(struct call *call)
{
    return call_done(call, call->location, NULL);
}

static enum status edit_saved(struct call *call)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    const struct field *field = NULL;
    struct act_form form;
    call->seen = NULL;
    TRY(draft_of(call, &seen, &form, &field));
    const struct part part = part_of(call, field, form.values);
    struct value *errors = errors_of_group(call, &form, part_path(cx->arena, field, &part), false);
    if (errors->count == 0 && part.on && part.behind >= 0 &&
        !str_is(value_get_str(call->body, "_next"), "list")) {
        return call_done(call,
                         matter_address(call, seen,
                                        arena_printf(cx->arena, "/edit/%s?part=%" PRId64,
                                                     field->name, part.behind)),
                         NULL);
    }
    if (errors->count == 0) {
        return call_done(call, go_on(call, seen, &form, field), NULL);
    }
    struct value *view = edit_view(call, seen);
    value_set(cx->arena, view, "marks", errors);
    set_summary(call, seen, errors, view);
    edit_open(call, str_of(field->name), view);
    call->status = 422;
    return call_answer(call, view, "group");
}

/* The page was open while the form was renewed: its answers are carried over, and the list of tasks
 * tells what has changed. */
static enum status edit_save_former(struct call *call, const struct seen *seen,
                                    const struct field *old)
{
    struct cx *cx = call->cx;
    struct plan *plan = NULL;
    struct value *said = value_map(cx->arena);
    value_set_key(cx->arena, said, call->args[1],
                  value_get_key(matter_values_said(call), call->args[1]));
    said = fields_from_form(cx->arena, old, 1, said);
    untick(cx->arena, old, 1, said);
    struct save_request request = {.actor = &call->actor,
                                   .matter = seen->matter->id,
                                   .act = STR(""),
                                   .values = said,
                                   .revision = matter_revision_said(call),
                                   .version = renewal_version_said(call)};
    TRY(draft_save(cx, &call->app->house, &request, &plan));
    call->location = matter_address(call, seen, "");
    return call_plan(call, plan, address_done);
}

enum status edit_save(struct call *call)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    const struct field *field = NULL;
    struct act_form form;
    struct plan *plan = NULL;
    TRY(page_seen(call, &seen));
    const struct field *old = renewal_field_said(call, seen, call->args[1]);
    if (old != NULL) {
        return edit_save_former(call, seen, old);
    }
    TRY(draft_of(call, &seen, &form, &field));
    if (visitor_is_asked(call, seen, call->args[1]) && value_get(call->body, "_known") != NULL) {
        return visitor_known(call, seen);
    }
    const struct part part = part_of(call, field, form.values);
    struct field asked = *field; /* what the form could say */
    if (part.on) {
        asked.fields = &field->fields[part.at];
        asked.field_count = 1;
    }
    struct value *said = edit_values(call, seen, &asked, 1);
    enum status status = OK;
    if (edit_keeps(call)) {
        status =
            edit_keep(call, seen, STR(""), said,
                      matter_address(call, seen, arena_printf(cx->arena, "/edit/%s", field->name)));
    } else {
        struct save_request request = {.actor = &call->actor,
                                       .matter = seen->matter->id,
                                       .act = STR(""),
                                       .values = said,
                                       .revision = matter_revision_said(call)};
        status = draft_save(cx, &call->app->house, &request, &plan);
    }
    if (status != OK) {
        return edit_again(call, status, "group", said);
    }
    if (plan != NULL && value_get_str(call->body, "_save").n > 0) {
        uint32_t kept = 0;
        TRY(saved_collect(call, seen->procedure, field, said, plan->script, &kept));
    }
    return plan == NULL ? OK : call_plan(call, plan, edit_saved);
}

/* --- another court for a draft --- */

enum status edit_court(struct call *call)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    struct plan *plan = NULL;
    TRY(page_seen(call, &seen));
    struct save_request request = {.actor = &call->actor,
                                   .matter = seen->matter->id,
                                   .court = value_get_str(call->body, "court"),
                                   .values = value_map(cx->arena),
                                   .revision = -1};
    if (seen->matter->events > 0) {
        return FAIL(cx, E_STATE, "not-a-draft", "court of a submitted matter");
    }
    TRY(draft_save(cx, &call->app->house, &request, &plan));
    call->location = matter_address(call, seen, "");
    return call_plan(call, plan, address_done);
}

/* --- the page of an act --- */

static enum status act_is_offered(struct call *call, const struct seen *seen)
{
    struct cx *cx = call->cx;
    const struct act *act = procedure_act(seen->procedure, call->args[1]);
    const struct state *state = procedure_state(seen->procedure, seen->matter->state);
    struct act_form form;
    if (act == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no such act");
    }
    if (!authority_may(&call->actor, seen->matter, act, page_tables(call))) {
        return FAIL(cx, E_DENIED, "denied", "act %s is not this actor's", act->name);
    }
    if (!act_form_open(call, seen, call->args[1], &form)) {
        cx_arg(cx, "state", str_of(state == NULL ? "" : state->title));
        cx_arg(cx, "act", str_of(act->title));
        return FAIL(cx, E_STATE, "state", "act %s is not open", act->name);
    }
    return OK;
}

enum status act_page(struct call *call)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    TRY(page_seen(call, &seen));
    TRY(act_is_offered(call, seen));
    if (call->json) { /* a program reads the act as the matter offers it */
        const struct value *acts =
            value_get(matter_view(cx, &call->app->house, seen, &call->actor, false), "acts");
        for (uint32_t i = 0; i < value_count(acts); i++) {
            if (str_same(value_get_str(value_item(acts, i), "name"), call->args[1])) {
                return call_answer(call, value_item(acts, i), NULL);
            }
        }
    }
    struct value *view = edit_view(call, seen);
    set_grow(call, view);
    set_sent(call, view);
    return call_answer(call, view, edit_act_page(call, seen));
}

/* --- before there is a draft --- */

struct value *begin_view(struct call *call, Str procedure, Str code)
{
    struct arena *arena = call->cx->arena;
    const struct procedure *p = procedure_find(call->app->house.procedures, procedure, 0);
    const struct court *court = court_by_code(page_tables(call), code);
    int64_t matter = 0;
    if (p == NULL || (p->begin_count == 1 && p->begin_by[0].kind == ACTOR_EFFECT)) {
        return NULL;
    }
    struct value *view = value_map(arena);
    struct value *about = value_map(arena);
    value_set_text(arena, about, "name", p->name);
    value_set_text(arena, about, "title", p->title);
    value_set_text(arena, about, "about", p->about);
    value_set(arena, view, "procedure", about);
    value_set(arena, view, "court",
              court == NULL ? NULL : court_ref(arena, page_tables(call), court->code));
    value_set(arena, view, "matter",
              str_int(call_param(call, "matter"), &matter) && matter > 0
                  ? value_str(arena, str_printf(arena, "%" PRId64, matter))
                  : NULL);
    return view;
}

enum status begin_page(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = begin_view(call, call->args[0], call_param(call, "court"));
    return view == NULL ? FAIL(cx, E_NOT_FOUND, "not-found", "nothing to begin")
                        : call_answer(call, view, "begin");
}

/* --- afterwards --- */

Str edit_next(struct call *call, Id done)
{
    struct arena *arena = call->cx->arena;
    struct desk_place place = {.number = 0};
    if (desk_place(call, done, &place) != OK) {
        cx_forgive(call->cx);
    }
    return place.next == 0
               ? str_printf(arena, "/matters?box=todo%s&done=%" PRId64,
                            place.mine ? "&reviewer=me" : "", done)
               : str_printf(arena, "/matters/%" PRId64 "?done=%" PRId64, place.next, done);
}
