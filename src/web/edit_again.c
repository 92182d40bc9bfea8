/* A refused form post: its page once more, with everything typed. */
#include "base/log.h"
#include "web/edit.h"

/* What may be accepted is linked from the summary, as errors are. */
static struct value *warning_links(struct arena *arena, const struct value *warnings)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(warnings); i++) {
        const struct value *warning = value_item(warnings, i);
        struct value *row = value_map(arena);
        value_set(arena, row, "title", value_get(warning, "title"));
        value_set_str(arena, row, "field",
                      str_printf(arena, "_accept.%s", value_get_str(warning, "code").p));
        value_add(arena, list, row);
    }
    return list;
}

static void set_problem(struct call *call, struct value *view)
{
    struct arena *arena = call->cx->arena;
    const struct failure *f = &call->cx->failure;
    struct value *problem = value_map(arena);
    const char *code = f->code;
    message_fill(call->app->messages, arena, f->errors);
    message_fill(call->app->messages, arena, f->warnings);
    if (f->errors != NULL) {
        cx_arg(call->cx, "count", str_printf(arena, "%u", f->errors->count));
    }
    value_set_str(arena, problem, "title",
                  message_title(call->app->messages, arena, code, f->args));
    value_set_str(arena, problem, "detail",
                  message_detail(call->app->messages, arena, code, f->args));
    value_set(arena, view, "problem", problem);
    value_set(arena, view, "marks",
              f->errors != NULL ? f->errors : warning_links(arena, f->warnings));
    value_set(arena, view, "warnings", f->warnings);
}

/* Others have changed what is not in this form: said with the page, to be looked at before going
 * on. */
static void set_changes(struct call *call, const struct seen *seen, struct value *view)
{
    struct arena *arena = call->cx->arena;
    const struct value *conflicts = call->cx->failure.conflicts;
    struct value *marks = value_list(arena);
    for (uint32_t i = 0; i < value_count(conflicts); i++) {
        const struct value *conflict = value_item(conflicts, i);
        Str *parts = NULL;
        Str path = value_get_str(conflict, "field");
        (void)str_split(arena, path, '.', &parts);
        const struct field *field =
            field_find(seen->procedure->elements, seen->procedure->element_count, parts[0]);
        struct value *row = value_map(arena);
        value_set_str(arena, row, "field", STR(""));
        value_set_str(arena, row, "title",
                      str_printf(arena, "%s改了“%s”，请核对后再办理",
                                 value_get_str(conflict, "by").p,
                                 field == NULL ? path.p : field->title));
        value_add(arena, marks, row);
    }
    value_set(arena, view, "marks", marks);
}

static bool in_form(const struct value *conflicts, const struct value *said, struct arena *arena)
{
    for (uint32_t i = 0; i < value_count(conflicts); i++) {
        Str *parts = NULL;
        (void)str_split(arena, value_get_str(value_item(conflicts, i), "field"), '.', &parts);
        if (value_get_key(said, parts[0]) != NULL) {
            return true;
        }
    }
    return false;
}

enum status edit_again(struct call *call, enum status status, const char *page,
                       const struct value *said)
{
    struct cx *cx = call->cx;
    const struct failure refused = cx->failure;
    const struct seen *seen = NULL;
    bool conflict = value_count(refused.conflicts) > 0;
    bool files = str_starts(str_of(refused.code), "files-");
    if (status != E_INPUT && status != E_WARN && !conflict && !files) {
        return status;
    }
    if (str_is(str_of(refused.code), "key-reused") || str_is(str_of(refused.code), "key-missing")) {
        return status;
    }
    cx_forgive(cx);
    call->seen = NULL; /* as it is now */
    if (page_seen(call, &seen) != OK) {
        cx->failure = refused;
        return status;
    }
    struct value *view = edit_view(call, seen);
    if (str_is(str_of(page), "group")) {
        edit_open(call, call->args[1], view);
    }
    cx->failure = refused;
    log_failure(cx, call->route->path);
    if (conflict && in_form(refused.conflicts, said, cx->arena)) {
        value_set(cx->arena, view, "conflicts", refused.conflicts);
        page = "conflict";
    } else {
        set_problem(call, view);
        if (conflict) {
            set_changes(call, seen, view);
        }
    }
    cx_forgive(cx);
    call->said = said;
    call->wait = CALL_DONE;
    call->status = status_http(status);
    return call_answer(call, view, page);
}
