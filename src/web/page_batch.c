/* What the pages of batches need beyond the API's answers. */
#include <inttypes.h>

#include "web/assistant.h"
#include "web/batch.h"
#include "web/page_account.h"
#include "web/page_field.h"

enum { REFRESH_S = 3 };

static const struct batch_kind *kind_in(const struct call *call, const struct value *value)
{
    return batch_kind_find(call->app->house.batches, value_get_str(value, "kind"));
}

static const char *state_tone(const struct value *batch)
{
    const struct value *counts = value_get(batch, "counts");
    bool wrong = value_get_int(counts, "bad") + value_get_int(counts, "failed") > 0;
    if (str_is(value_get_str(batch, "state"), "done")) {
        return wrong ? "ask" : "good";
    }
    return str_is(value_get_str(batch, "state"), "running") ? "plain" : "ask";
}

static struct value *page_batches(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "批量立案", false);
    struct value *list = value_list(arena);
    const struct value *batches = value_get(value, "batches");
    for (uint32_t i = 0; i < value_count(batches); i++) {
        struct value *one = value_merge(arena, value_item(batches, i), NULL);
        value_set_text(arena, one, "tone", state_tone(one));
        value_add(arena, list, one);
    }
    const struct value *lawyers = value_get(assistant_choices(call), "prepares_for");
    value_set(arena, view, "batches", list);
    value_set(arena, view, "lawyers", lawyers);
    value_set_bool(arena, view, "has_lawyers", value_count(lawyers) > 0);
    return view;
}

/* --- what goes with it --- */

static struct value *files_of(struct arena *arena, const struct value *files, Str kind)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(files); i++) {
        if (str_same(value_get_str(value_item(files, i), "kind"), kind)) {
            value_add(arena, list, value_item(files, i));
        }
    }
    return list;
}

/* Kinds that all claims may share, and last the files that rows name. */
static struct value *kinds_show(struct call *call, const struct batch_kind *kind,
                                const struct value *files)
{
    struct arena *arena = call->cx->arena;
    struct value *kinds = value_list(arena);
    for (uint32_t i = 0; i <= kind->act->material_count; i++) {
        const struct material_rule *rule =
            i == kind->act->material_count ? NULL : &kind->act->materials[i];
        bool named = rule == NULL;
        if (rule != NULL && rule->max == 1) {
            continue; /* what there is one of belongs to one claim */
        }
        Str name = rule == NULL ? STR("") : str_of(rule->kind);
        struct value *one = value_map(arena);
        struct value *list = files_of(arena, files, name);
        value_set_str(arena, one, "kind", name);
        value_set_str(arena, one, "spot", named ? STR("named") : name);
        value_set_text(arena, one, "title", rule == NULL ? "各行按文件名使用的文件" : rule->title);
        value_set_bool(arena, one, "named", named);
        value_set_bool(arena, one, "done", list->count > 0);
        value_set_bool(arena, one, "required", rule != NULL && rule->min > 0);
        value_set(arena, one, "files", list);
        value_add(arena, kinds, one);
    }
    return kinds;
}

/* --- what is wrong --- */

/* The same reason in many rows is said once, with the rows: 第3、7、9行等20行. */
static struct value *reasons_show(struct arena *arena, const struct value *problems)
{
    enum { NAMED = 5 };

    struct value *groups = value_list(arena);
    for (uint32_t i = 0; i < value_count(problems); i++) {
        const struct value *problem = value_item(problems, i);
        struct value *group = NULL;
        for (uint32_t k = 0; k < groups->count; k++) {
            struct value *each = groups->as.items[k];
            bool same = str_same(value_get_str(each, "title"), value_get_str(problem, "title")) &&
                        str_same(value_get_str(each, "column"), value_get_str(problem, "column"));
            group = same ? each : group;
        }
        if (group == NULL) {
            group = value_merge(arena, problem, NULL);
            value_set_int(arena, group, "count", 0);
            value_set_str(arena, group, "rows", STR(""));
            value_add(arena, groups, group);
        }
        int64_t count = value_get_int(group, "count") + 1;
        value_set_int(arena, group, "count", count);
        if (count <= NAMED) {
            value_set_str(arena, group, "rows",
                          str_printf(arena, "%s%s%" PRId64, value_get_str(group, "rows").p,
                                     count == 1 ? "" : "、", value_get_int(problem, "row")));
        }
        value_set_bool(arena, group, "more", count > NAMED);
    }
    return groups;
}

static void set_found(struct arena *arena, const struct value *value, struct value *view)
{
    const struct value *unknown = value_get(value_get(value, "found"), "unknown");
    Str words = STR("");
    for (uint32_t i = 0; i < value_count(unknown); i++) {
        words = str_printf(arena, "%s%s“%s”", words.p, i == 0 ? "" : "、",
                           value_as_str(value_item(unknown, i)).p);
    }
    value_set(arena, view, "unknown", words.n == 0 ? NULL : value_str(arena, words));
    value_set_bool(arena, view, "has_sample",
                   value_count(value_get(value_get(value, "found"), "samples")) > 0);
    value_set(arena, view, "left_out",
              value_get_int(value_get(value, "found"), "sheets_left_out") == 0
                  ? NULL
                  : value_get(value_get(value, "found"), "sheets_left_out"));
}

/* --- signing --- */

static struct value *said_of(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    const struct value *said = value_get(value, "said");
    struct value *values = value_is_map(said) ? value_merge(arena, said, NULL) : value_map(arena);
    struct value *signature =
        value_merge(arena,
                    value_is_map(value_get(values, "signature")) ? value_get(values, "signature")
                                                                 : value_map(arena),
                    NULL);
    if (value_get_str(signature, "name").n == 0) {
        value_set_str(arena, signature, "name", call->actor.name);
    }
    value_set(arena, values, "signature", signature);
    return values;
}

static void promises_tick(struct call *call, const struct field *field, struct value *values)
{
    struct arena *arena = call->cx->arena;
    if (str_is(call_param(call, "promised"), "1") && field_is_promise(field)) {
        struct value *promises = value_map(arena);
        for (uint32_t i = 0; i < field->field_count; i++) {
            value_set_bool(arena, promises, field->fields[i].name, true);
        }
        value_set(arena, values, field->name, promises);
    }
}

static void set_signing(struct call *call, const struct batch_kind *kind, const struct value *value,
                        struct value *view)
{
    struct arena *arena = call->cx->arena;
    uint32_t count = 0;
    struct field *fields = arena_array(arena, struct field, value_count(kind->asked_once));
    struct value *values = said_of(call, value);
    for (uint32_t i = 0; i < value_count(kind->asked_once); i++) {
        const struct field *field =
            field_find(kind->procedure->elements, kind->procedure->element_count,
                       value_as_str(value_item(kind->asked_once, i)));
        if (field != NULL) {
            fields[count++] = *field;
            promises_tick(call, field, values);
        }
    }
    values = fields_from_form(arena, fields, count, values);
    const struct field_show show = {.arena = arena,
                                    .tables = call->app->house.tables(call->app->house.tables_arg),
                                    .errors = value_get(value, "errors"),
                                    .open = -1};
    value_set(arena, view, "fields", fields_show(&show, fields, count, values, STR("")));
}

static struct value *warnings_show(struct arena *arena, const struct value *value)
{
    struct value *list = value_list(arena);
    const struct value *warnings = value_get(value, "warnings");
    const struct value *accepted = value_get(value, "accepted");
    for (uint32_t i = 0; i < value_count(warnings); i++) {
        struct value *one = value_merge(arena, value_item(warnings, i), NULL);
        bool checked = false;
        for (uint32_t k = 0; k < value_count(accepted); k++) {
            checked = checked ||
                      str_same(value_as_str(value_item(accepted, k)), value_get_str(one, "code"));
        }
        value_set_bool(arena, one, "checked", checked);
        value_set_int(arena, one, "n", i + 1);
        value_add(arena, list, one);
    }
    return list;
}

/* --- one --- */

static struct value *page_batch(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    const struct batch_kind *kind = kind_in(call, value);
    struct value *view = page_titled(call, value, value_get_str(value, "name").p, true);
    Str state = value_get_str(value, "state");
    bool open = str_is(state, "ready");
    bool running = str_is(state, "running");
    const struct value *counts = value_get(value, "counts");
    value_set_text(arena, view, "tone", state_tone(value));
    value_set_bool(arena, view, "is_open", open);
    value_set_bool(arena, view, "is_running", running);
    value_set_bool(arena, view, "is_done", str_is(state, "done"));
    bool mine = value_get_bool(value, "mine");
    value_set_bool(arena, view, "can_start", open && mine && value_get_int(counts, "ready") > 0);
    value_set_bool(arena, view, "prepares", open && !mine);
    value_set_bool(arena, view, "has_wrong",
                   value_get_int(counts, "bad") + value_get_int(counts, "failed") > 0);
    value_set_bool(arena, view, "has_twice", value_get_int(counts, "double") > 0);
    value_set_bool(arena, view, "was_sent", str_is(call_param(call, "sent"), "1"));
    value_set(arena, view, "reasons", reasons_show(arena, value_get(value, "problems")));
    value_set(arena, view, "kinds", kinds_show(call, kind, value_get(value, "materials")));
    value_set(arena, view, "warnings", warnings_show(arena, value));
    set_found(arena, value, view);
    set_signing(call, kind, value, view);
    if (running) {
        struct value *page = value_merge(arena, value_get(view, "page"), NULL);
        value_set_text(arena, page, "live", "/notices/stream");
        value_set_int(arena, page, "refresh", REFRESH_S);
        value_set(arena, view, "page", page);
    }
    return view;
}

static struct value *page_results(struct call *call, const struct value *value)
{
    static const struct {
        const char *state;
        const char *title;
        const char *count;
    } tabs[] = {{"", "全部", "rows"},
                {"filed", "已提交", "filed"},
                {"wrong", "没提交", NULL},
                {"ready", "等待提交", "ready"},
                {"double", "以前提交过", "double"}};
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "每一行的结果", false);
    struct value *list = value_list(arena);
    const struct value *counts = value_get(value, "counts");
    for (size_t i = 0; i < sizeof tabs / sizeof tabs[0]; i++) {
        struct value *tab = value_map(arena);
        int64_t count = tabs[i].count == NULL
                            ? value_get_int(counts, "bad") + value_get_int(counts, "failed")
                            : value_get_int(counts, tabs[i].count);
        bool here = str_is(call_param(call, "state"), tabs[i].state);
        value_set_text(arena, tab, "state", tabs[i].state);
        value_set_text(arena, tab, "title", tabs[i].title);
        value_set_int(arena, tab, "count", count);
        value_set_bool(arena, tab, "here", here);
        if (count > 0 || here || i == 0) {
            value_add(arena, list, tab);
        }
    }
    value_set(arena, view, "tabs", list);
    return view;
}

const struct page_extra pages_batch[] = {
    {"batches", page_batches},
    {"batch", page_batch},
    {"batch-results", page_results},
    {NULL, NULL},
};
