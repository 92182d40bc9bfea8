/* A draft: the list of tasks, one group of questions, its materials, and before it the beginning.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "flow/by_hand.h"
#include "web/assistant.h"
#include "web/authority_letter.h"
#include "web/certificate.h"
#include "web/evidence.h"
#include "web/keep.h"
#include "web/last_day.h"
#include "web/page_field.h"
#include "web/page_handover.h"
#include "web/page_parts.h"
#include "web/page_views.h"
#include "web/page_words.h"
#include "web/part.h"
#include "web/renewal.h"
#include "web/saved.h"
#include "web/signing.h"
#include "web/visitor.h"

enum {
    DRAFT_DAYS = 180, /* untouched for so long, a draft lapses */
    ANSWERS_BYTES_MAX = 1 << 12,
    ROWS_LISTED_MIN = 5,
};

static struct words words_for(struct call *call)
{
    return (struct words){.arena = call->cx->arena, .tables = page_tables(call)};
}

/* --- tasks --- */

/* Errors at or below a top-level field. */
static uint32_t errors_below(const struct value *errors, const char *name, uint32_t *wrong)
{
    uint32_t count = 0;
    size_t n = strlen(name);
    *wrong = 0;
    for (uint32_t i = 0; i < value_count(errors); i++) {
        Str field = value_get_str(value_item(errors, i), "field");
        Str code = value_get_str(value_item(errors, i), "code");
        if (str_starts(field, name) && (field.p[n] == '\0' || field.p[n] == '.')) {
            count++;
            *wrong += !str_is(code, "missing") && !str_is(code, "too-few");
        }
    }
    return count;
}

static void set_state(struct arena *arena, struct value *row, bool empty, bool required,
                      uint32_t errors, uint32_t wrong)
{
    bool done = errors == 0 && !empty;
    Str text = done        ? STR("已填好")
               : wrong > 0 ? str_printf(arena, "有%u处要改", wrong)
               : !empty    ? str_printf(arena, "还差%u项", errors)
               : required  ? STR("未填")
                           : STR("选填");
    value_set_str(arena, row, "state_title", text);
    value_set_bool(arena, row, "done", done);
    value_set_bool(arena, row, "empty", empty && wrong == 0);
}

static struct value *task_show(struct call *call, const struct act_form *form,
                               const struct field *field, const struct value *errors)
{
    struct arena *arena = call->cx->arena;
    struct words words = words_for(call);
    struct value *row = value_map(arena);
    const struct value *v = value_get(form->values, field->name);
    uint32_t wrong = 0;
    uint32_t count = errors_below(errors, field->name, &wrong);
    bool empty = value_is_empty(v);
    Str note = words_note(&words, field, v);
    value_set_text(arena, row, "name", field->name);
    value_set_text(arena, row, "title", field->title);
    value_set_str(arena, row, "href",
                  str_printf(arena, "/matters/%" PRId64 "/edit/%s%s", form->seen->matter->id,
                             field->name, !empty && count > 0 ? "?check=1" : ""));
    value_set(arena, row, "note", note.n == 0 ? NULL : value_str(arena, note));
    if (field->arranges[0] != '\0') {
        value_set_str(arena, row, "href",
                      str_printf(arena, "/matters/%" PRId64 "/evidence", form->seen->matter->id));
        value_set_str(arena, row, "note", evidence_note(arena, v, form->seen->matter));
    }
    set_state(arena, row, empty, field->required, count, wrong);
    return row;
}

static uint32_t files_of(const struct matter *m, const char *kind)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < m->material_count; i++) {
        count += m->materials[i].removed == 0 && str_is(m->materials[i].kind, kind);
    }
    return count;
}

static struct value *material_task(struct call *call, const struct act_form *form,
                                   const struct value *errors)
{
    struct arena *arena = call->cx->arena;
    struct value *row = value_map(arena);
    const struct matter *m = form->seen->matter;
    Str note = STR("");
    uint32_t wrong = 0;
    uint32_t files = 0;
    bool required = false;
    for (uint32_t i = 0; i < form->form.material_count; i++) {
        const struct material_rule *rule = &form->form.materials[i];
        files += files_of(m, rule->kind);
        required = required || rule->min > 0;
        note = str_printf(arena, "%s%s%s", note.p, i == 0 ? "" : "、", rule->title);
    }
    uint32_t count = errors_below(errors, "materials", &wrong);
    value_set_text(arena, row, "title", "上传材料");
    value_set_str(arena, row, "href", str_printf(arena, "/matters/%" PRId64 "/materials", m->id));
    value_set_str(arena, row, "note", note);
    set_state(arena, row, files == 0, required, count, 0);
    if (files > 0 && count == 0) {
        value_set_str(arena, row, "state_title", str_printf(arena, "已传%u份", files));
    } else if (count > 0) {
        value_set_str(arena, row, "state_title", str_printf(arena, "还差%u种", count));
    }
    return row;
}

/* What the page that submits asks for is not missing yet. */
static struct value *errors_of_tasks(struct call *call, const struct act_form *form)
{
    struct value *list = value_list(call->cx->arena);
    const struct value *errors = act_form_errors(call, form);
    for (uint32_t i = 0; i < value_count(errors); i++) {
        bool last = false;
        Str field = value_get_str(value_item(errors, i), "field");
        for (uint32_t k = 0; k < form->form.field_count; k++) {
            const struct field *f = &form->form.fields[k];
            size_t n = strlen(f->name);
            last = last || (field_is_last(f) && str_starts(field, f->name) &&
                            (field.p[n] == '\0' || field.p[n] == '.'));
        }
        if (!last) {
            value_add(call->cx->arena, list, value_item(errors, i));
        }
    }
    return list;
}

static void set_draft(struct call *call, const struct seen *seen, struct value *view)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = seen->matter;
    value_set_text(arena, view, "procedure_title", seen->procedure->title);
    value_set_str(arena, view, "saved", instant_format(arena, m->updated));
    value_set_str(arena, view, "lapses", date_format(arena, instant_date(m->updated) + DRAFT_DAYS));
}

/* The first task that is not done; NULL when all are. done_count and task_count go in as well. */
static const struct value *next_task(struct arena *arena, struct value *view)
{
    const struct value *tasks = value_get(view, "tasks");
    const struct value *material = value_get(view, "material_task");
    const struct value *next = NULL;
    uint32_t all = value_count(tasks) + (material == NULL ? 0 : 1);
    uint32_t done = 0;
    for (uint32_t i = 0; i < all; i++) {
        const struct value *task = i < value_count(tasks) ? value_item(tasks, i) : material;
        done += value_get_bool(task, "done");
        next = next == NULL && !value_get_bool(task, "done") ? task : next;
    }
    value_set_int(arena, view, "task_count", all);
    value_set_int(arena, view, "done_count", done);
    return next;
}

struct value *page_tasks(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_begin(call, value, value_get_str(value, "title"), true);
    const struct seen *seen = NULL;
    struct act_form form;
    if (page_seen(call, &seen) != OK || !act_form_open(call, seen, STR(""), &form)) {
        page_lacks(call, "tasks");
        return view;
    }
    struct value *tasks = value_list(arena);
    struct value *act = value_map(arena);
    const struct value *errors = errors_of_tasks(call, &form);
    for (uint32_t i = 0; i < form.form.field_count; i++) {
        if (!field_is_last(&form.form.fields[i])) {
            value_add(arena, tasks, task_show(call, &form, &form.form.fields[i], errors));
        }
    }
    value_set_text(arena, act, "name", form.act->name);
    value_set_text(arena, act, "title", form.act->title);
    value_set(arena, view, "act", act);
    value_set(arena, view, "tasks", tasks);
    value_set(arena, view, "material_task",
              form.form.material_count == 0 ? NULL : material_task(call, &form, errors));
    value_set(arena, view, "next_task", next_task(arena, view));
    value_set(arena, view, "sign_task", signing_task(call, &form));
    value_set_int(arena, view, "missing", value_count(errors));
    value_set_bool(arena, view, "can_check", value_count(errors) == 0);
    value_set(arena, view, "errors", NULL);
    value_set(arena, view, "renewal", renewal_show(call, seen));
    set_draft(call, seen, view);
    struct value *last_day = NULL;
    if (last_day_view(call, seen, &last_day) == OK) {
        value_set(arena, last_day, "working",
                  value_get(last_day, "working") == NULL
                      ? NULL
                      : working_show(arena, value_get(last_day, "working")));
        value_set_bool(arena, last_day, "has_working",
                       value_is_null(value_get(last_day, "given")) &&
                           value_count(value_get(last_day, "working")) > 0);
        value_set(arena, view, "last_day", last_day);
    }
    return view;
}

/* --- one group --- */

/* Errors in items that are not open lead to this page with that item open. */
static struct value *errors_opening(struct arena *arena, const struct value *errors,
                                    const struct value *items)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(errors); i++) {
        struct value *row = value_merge(arena, value_item(errors, i), NULL);
        Str href = value_get_str(row, "href");
        for (uint32_t k = 0; k < value_count(items); k++) {
            const struct value *item = value_item(items, k);
            Str id = str_printf(arena, "#f-%s", value_get_str(item, "path").p);
            bool inside = str_starts(href, id.p) && (href.p[id.n] == '.' || href.p[id.n] == '\0');
            if (inside && value_get_bool(item, "folded")) {
                value_set_str(arena, row, "href",
                              str_printf(arena, "?check=1&item=%u%s", k, href.p));
            }
        }
        value_add(arena, list, row);
    }
    return list;
}

/* Originals are compared by a tick beside each, not by its number; all else is asked for whole, or
 * a question at a time. */
static void set_asked(struct call *call, const struct seen *seen, const struct field *field,
                      const struct value *values, struct value *group, struct value *view)
{
    struct arena *arena = call->cx->arena;
    bool checks = seen->procedure->rung_count > 0 && text_is(field->name, "originals");
    value_set_bool(arena, view, "checking", checks);
    if (!checks) {
        const struct part part = part_of(call, field, values);
        part_show(call, &part, group, view);
        return;
    }
    struct value *list = handover_checks_show(call, seen, value_get(values, field->name));
    value_set(arena, group, "fields", value_list(arena));
    value_set(arena, view, "checks", list);
    value_set_bool(arena, view, "has_checks", list->count > 0);
}

/* Beside the fields that something is computed from, what came of them. */
static void set_sheet(struct arena *arena, const struct field *field, const struct value *values,
                      struct value *view)
{
    const struct value *claim = value_get(values, "claim");
    struct value *sheet = page_sheet_show(arena, value_get(claim, "sheet"));
    bool here = field_find(field->fields, field->field_count, STR("interest-periods")) != NULL &&
                sheet->count > 0;
    value_set(arena, view, "sheet", sheet);
    value_set_bool(arena, view, "has_sheet", here);
    value_set_int(arena, view, "interest", value_get_int(claim, "interest"));
    value_set(arena, view, "counted", page_counted_show(arena, claim, field));
}

/* How many official rows a page asks for, when they are so many that a list of them helps. */
static struct value *rows_counted(struct arena *arena, const struct value *fields)
{
    uint32_t rows = 0;
    for (uint32_t i = 0; i < value_count(fields); i++) {
        rows += value_get_str(value_item(fields, i), "row").n > 0 ? 1 : 0;
    }
    return rows < ROWS_LISTED_MIN ? NULL : value_int(arena, rows);
}

static void set_visitor(struct call *call, const struct seen *seen, struct value *view)
{
    struct value *words = visitor_known_words(call);
    value_set_bool(call->cx->arena, view, "asks_visitor",
                   visitor_is_asked(call, seen, call->args[1]));
    if (words != NULL) {
        value_set(call->cx->arena, view, "message", words);
    }
}

struct value *page_group(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    const struct seen *seen = NULL;
    struct act_form form;
    uint32_t at = 0;
    uint32_t number = 0;
    uint32_t total = 0;
    const char *next = NULL;
    if (page_seen(call, &seen) != OK || !act_form_open(call, seen, STR(""), &form)) {
        page_lacks(call, "group");
        return page_begin(call, value, STR(""), true);
    }
    if (call->said != NULL) {
        act_form_say(call, &form, call->said);
    }
    for (uint32_t i = 0; i < form.form.field_count; i++) {
        const struct field *f = &form.form.fields[i];
        if (field_is_last(f)) {
            continue;
        }
        total++;
        if (str_is(call->args[1], f->name)) {
            at = i;
            number = total;
        } else if (number > 0 && next == NULL) {
            next = f->title;
        }
    }
    const struct field *field = &form.form.fields[at];
    bool whole = field->type == FIELD_GROUP;
    struct field_show show = {
        .arena = arena,
        .tables = page_tables(call),
        .errors = value_get(value, "marks"),
        .grow = value_get(value, "grow"),
        .folds = true,
        .open = value_get(value, "open") == NULL ? -1 : value_get_int(value, "open"),
        .heading = field->title};
    page_photos_set(call, seen, &show);
    struct value *group = value_map(arena);
    value_set_text(arena, group, "name", field->name);
    value_set_text(arena, group, "title", field->title);
    value_set_text(arena, group, "help", whole && field->help[0] != '\0' ? field->help : NULL);
    value_set(arena, group, "fields",
              whole ? fields_show(&show, field->fields, field->field_count,
                                  value_get(form.values, field->name),
                                  str_printf(arena, "%s.", field->name))
                    : fields_show(&show, field, 1, form.values, STR("")));
    struct value *view = page_begin(call, value, str_of(field->title), true);
    set_asked(call, seen, field, form.values, group, view);
    value_set(arena, view, "group", group);
    value_set(arena, view, "choices", saved_choices(call, &form, field));
    value_set(arena, view, "row_count", rows_counted(arena, value_get(group, "fields")));
    value_set_int(arena, view, "signed_by", signing_count(call, &form));
    set_sheet(arena, field, form.values, view);
    if (field->type == FIELD_LIST && value_count(value_get(view, "errors")) > 0) {
        const struct value *items = value_get(value_item(value_get(group, "fields"), 0), "items");
        value_set(arena, view, "errors", errors_opening(arena, value_get(view, "errors"), items));
    }
    set_visitor(call, seen, view);
    value_set_int(arena, view, "number", number);
    value_set_int(arena, view, "total", total);
    value_set_text(arena, view, "next_title", next);
    value_set_text(arena, view, "act_name", form.act->name);
    set_draft(call, seen, view);
    if (value_is_empty(value_get(form.values, field->name))) {
        value_set(arena, view, "saved", NULL); /* nothing of this group was ever saved */
    }
    return view;
}

/* --- materials --- */

struct value *page_warning(struct call *call, const struct material *m)
{
    Str warning = material_warning(call->cx->arena, m, call->actor.person);
    return warning.n == 0 ? NULL : value_str(call->cx->arena, warning);
}

static struct value *file_show(struct call *call, const struct seen *seen, const struct material *m,
                               bool open)
{
    struct arena *arena = call->cx->arena;
    struct value *row = value_map(arena);
    value_set_int(arena, row, "n", m->n);
    value_set_str(arena, row, "name", m->name);
    value_set_int(arena, row, "size", m->size);
    value_set_str(arena, row, "status", m->status);
    value_set_bool(arena, row, "is_checking", str_is(m->status, "checking"));
    value_set_bool(arena, row, "is_refused", str_is(m->status, "refused"));
    value_set_bool(arena, row, "is_joining",
                   str_is(m->status, "checking") && material_is_unjoined(m));
    value_set(arena, row, "pages", m->pages == 0 ? NULL : value_int(arena, m->pages));
    value_set_text(arena, row, "why",
                   !str_is(m->status, "refused") ? NULL
                   : m->fault.n > 0              ? m->fault.p
                                    : "没有通过安全检查，请删除后换一份");
    value_set(arena, row, "warning", page_warning(call, m));
    value_set_bool(arena, row, "may_delete", open && m->person == call->actor.person);
    (void)seen;
    return row;
}

struct value *page_kind_show(struct call *call, const struct seen *seen,
                             const struct material_rule *rule)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = seen->matter;
    const struct value *words = guidance_of(call->app->guidance, str_of(seen->procedure->name));
    struct value *row = value_map(arena);
    struct value *files = value_list(arena);
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (m->materials[i].removed == 0 && str_is(m->materials[i].kind, rule->kind)) {
            value_add(arena, files, file_show(call, seen, &m->materials[i], true));
        }
    }
    int missing = rule->min - (int)files->count;
    value_set_text(arena, row, "kind", rule->kind);
    value_set_text(arena, row, "title", rule->title);
    value_set(arena, row, "help", value_get(value_get(words, "prepare"), rule->kind));
    value_set_bool(arena, row, "required", rule->min > 0);
    value_set_bool(arena, row, "done", files->count > 0 && missing <= 0);
    value_set_str(arena, row, "need_title",
                  missing > 0 ? str_printf(arena, "还差%d份", missing) : STR(""));
    value_set_bool(arena, row, "may_add", rule->max == 0 || (int)files->count < rule->max);
    value_set_bool(arena, row, "many", rule->max == 0 || rule->max > 1);
    value_set_bool(arena, row, "joins", !text_is(rule->kind, SIGNATURE_PHOTO));
    value_set(arena, row, "files", files);
    value_set_bool(arena, row, "has_letter",
                   text_is(rule->kind, "authority") && authority_letter_is_wanted(call, seen));
    value_set(arena, row, "arrange_href",
              str_is(str_of(rule->kind), EVIDENCE_KIND) && files->count > 0
                  ? value_str(arena, str_printf(arena, "/matters/%" PRId64 "/evidence", m->id))
                  : NULL);
    return row;
}

void page_photos_set(struct call *call, const struct seen *seen, struct field_show *show)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = seen->matter;
    struct value *photos = value_list(arena);
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (by_hand_is_photo(m, &m->materials[i])) {
            struct value *row = value_map(arena);
            value_set_int(arena, row, "n", m->materials[i].n);
            value_set_str(arena, row, "name", m->materials[i].name);
            value_add(arena, photos, row);
        }
    }
    show->photos = photos;
    show->photo_href = m->events > 0
                           ? STR("#f-materials." SIGNATURE_PHOTO)
                           : str_printf(arena, "/matters/%" PRId64 "/materials#f-materials.%s",
                                        m->id, SIGNATURE_PHOTO);
}

void page_certificate_set(struct call *call, struct field_show *show)
{
    struct certificate *own = NULL;
    if (certificate_of_caller(call, &own) != OK) {
        cx_forgive(call->cx); /* he signs without */
    } else if (own != NULL) {
        show->certificate = certificate_view(call->cx->arena, own, clock_now());
    }
}

struct value *page_materials(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_begin(call, value, STR("材料"), true);
    struct value *kinds = value_list(arena);
    const struct seen *seen = NULL;
    if (page_seen(call, &seen) != OK) {
        page_lacks(call, "materials");
        return view;
    }
    for (uint32_t i = 0; i < seen->procedure->act_count; i++) {
        struct act_form form;
        const struct act *act = &seen->procedure->acts[i];
        if (act->material_count == 0 || !act_form_open(call, seen, str_of(act->name), &form)) {
            continue;
        }
        for (uint32_t k = 0; k < form.form.material_count; k++) {
            bool known = false;
            for (uint32_t j = 0; j < kinds->count; j++) {
                known = known || str_is(value_get_str(kinds->as.items[j], "kind"),
                                        form.form.materials[k].kind);
            }
            if (!known) {
                value_add(arena, kinds, page_kind_show(call, seen, &form.form.materials[k]));
            }
        }
    }
    value_set(arena, view, "kinds", kinds);
    value_set_bool(arena, view, "drafting", seen->matter->events == 0);
    value_set_str(arena, view, "next_href",
                  str_printf(arena, "/matters/%" PRId64, seen->matter->id));
    value_set_str(arena, view, "title", seen->matter->title);
    value_set_str(arena, view, "id", str_printf(arena, "%" PRId64, seen->matter->id));
    return view;
}

/* --- before it begins --- */

/* 民事起诉、民事申请再审: the answers for which a file is wanted; "" when it is wanted for any. */
static Str answers_wanting(struct call *call, const struct procedure *p,
                           const struct condition *when)
{
    struct buf out;
    Str *parts = NULL;
    const struct field *field = NULL;
    const struct field *among = p->elements;
    uint32_t count = p->element_count;
    size_t depth =
        when->path == NULL ? 0 : str_split(call->cx->arena, str_of(when->path), '.', &parts);
    buf_init(&out, call->cx->arena, ANSWERS_BYTES_MAX);
    for (size_t i = 0; i < depth && count > 0; i++) {
        field = field_find(among, count, parts[i]);
        among = field == NULL ? NULL : field->fields;
        count = field == NULL ? 0 : field->field_count;
    }
    for (uint32_t i = 0; field != NULL && i < field->option_count; i++) {
        for (uint32_t k = 0; k < value_count(when->in); k++) {
            if (str_is(value_as_str(value_item(when->in, k)), field->options[i].value)) {
                buf_printf(&out, "%s%s", out.n == 0 ? "" : "、", field->options[i].title);
            }
        }
    }
    return buf_done(&out);
}

static struct value *prepare_show(struct call *call, const struct procedure *p,
                                  const struct value *words)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    const struct act *first = NULL;
    for (uint32_t i = 0; i < p->act_count && first == NULL; i++) {
        bool begins = (p->acts[i].from & (UINT32_C(1) << p->first_state)) != 0;
        first = begins && p->acts[i].form_count > 0 ? &p->acts[i] : NULL;
    }
    for (uint32_t i = 0; first != NULL && i < first->material_count; i++) {
        const struct material_rule *rule = &first->materials[i];
        struct value *row = value_map(arena);
        value_set_text(arena, row, "title", rule->title);
        value_set_bool(arena, row, "min", rule->min > 0);
        value_set_str(arena, row, "for_title", answers_wanting(call, p, &rule->when));
        value_set(arena, row, "help", value_get(value_get(words, "prepare"), rule->kind));
        value_add(arena, list, row);
    }
    return list;
}

struct value *page_begin_one(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    const struct value *about = value_get(value, "procedure");
    const struct procedure *p =
        procedure_find(call->app->house.procedures, value_get_str(about, "name"), 0);
    struct value *view = page_begin(call, value, value_get_str(about, "title"), true);
    if (p == NULL) {
        return view;
    }
    const struct value *words = guidance_of(call->app->guidance, str_of(p->name));
    Str limit = value_get_str(words, "limit");
    value_set(arena, view, "materials", prepare_show(call, p, words));
    value_set_bool(arena, view, "at_window", p->collaborated);
    value_set(arena, view, "helps", assistant_choices(call));
    value_set(arena, view, "visitor", p->collaborated ? visitor_show(call) : NULL);
    value_set_str(arena, view, "here", keep_path(call));
    value_set(arena, view, "steps", value_get(words, "steps"));
    value_set(arena, view, "limit_title",
              limit.n == 0
                  ? NULL
                  : value_str(arena, str_ends(limit, "。") ? str_slice(arena, limit, 0, limit.n - 3)
                                                           : limit));
    return view;
}
