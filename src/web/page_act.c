/* Taking an act: what it asks for, and of a draft everything once more before it is signed. */
#include <inttypes.h>
#include <string.h>

#include "flow/authority.h"
#include "law/fee.h"
#include "law/source.h"
#include "web/keep.h"
#include "web/page_alignment.h"
#include "web/page_field.h"
#include "web/page_handover.h"
#include "web/page_parts.h"
#include "web/page_views.h"
#include "web/page_words.h"
#include "web/phrase.h"
#include "web/signing.h"

enum { EXPLAINED_AT_ONCE = 50 }; /* rows that a form begins with; more are added on the page */

/* --- shared --- */

static bool is_at(Str field, const char *name)
{
    size_t n = strlen(name);
    return str_starts(field, name) && (field.p[n] == '\0' || field.p[n] == '.');
}

static bool is_accepted(const struct value *accepted, Str code)
{
    for (uint32_t i = 0; i < value_count(accepted); i++) {
        if (str_same(value_as_str(value_item(accepted, i)), code)) {
            return true;
        }
    }
    return false;
}

static struct value *warnings_show(struct call *call, Id matter, const struct value *warnings)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    const struct value *here = value_list(arena); /* nothing is: each leads to where it is mended */
    const struct value *accepted = keep_all(call, "_accept");
    for (uint32_t i = 0; i < value_count(warnings); i++) {
        const struct value *warning = value_item(warnings, i);
        struct value *row = value_merge(arena, warning, NULL);
        struct value *one = value_list(arena);
        Str title = value_get_str(warning, "title");
        Str field = value_get_str(warning, "field");
        value_add(arena, one, warning);
        struct value *shown = errors_show(call, matter, one, here);
        value_set_str(arena, row, "title",
                      str_ends(title, "。") ? str_slice(arena, title, 0, title.n - 3) : title);
        value_set_str(arena, row, "law_title", source_title(arena, value_get_str(warning, "law")));
        value_set_bool(arena, row, "checked", is_accepted(accepted, value_get_str(row, "code")));
        if (str_is(field, "court")) {
            value_set_text(arena, row, "fix_title", "换一家法院");
            value_set_str(arena, row, "fix_href",
                          str_printf(arena, "/courts?matter=%" PRId64, matter));
        } else if (field.n > 0) {
            value_set_text(arena, row, "fix_title", "去修改");
            value_set(arena, row, "fix_href", value_get(value_item(shown, 0), "href"));
        }
        value_add(arena, list, row);
    }
    return list;
}

/* A second warning of the same code would be accepted with the first: one box for each code. */
static struct value *warnings_by_code(struct arena *arena, const struct value *warnings)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(warnings); i++) {
        struct value *same = NULL;
        const struct value *warning = value_item(warnings, i);
        for (uint32_t k = 0; k < list->count; k++) {
            if (str_same(value_get_str(list->as.items[k], "code"),
                         value_get_str(warning, "code"))) {
                same = list->as.items[k];
            }
        }
        if (same == NULL) {
            value_add(arena, list, value_merge(arena, warning, NULL));
        } else if (!str_has(value_get_str(same, "title"), value_get_str(warning, "title").p)) {
            value_set_str(arena, same, "title",
                          str_printf(arena, "%s；%s", value_get_str(same, "title").p,
                                     value_get_str(warning, "title").p));
        }
    }
    return list;
}

static struct value *act_show(struct call *call, const struct act_form *form)
{
    struct arena *arena = call->cx->arena;
    const struct value *all = guidance_of(call->app->guidance, str_of(form->seen->procedure->name));
    const struct value *words = value_get(value_get(all, "acts"), form->act->name);
    struct value *act = value_map(arena);
    value_set_text(arena, act, "name", form->act->name);
    value_set_text(arena, act, "title", form->act->title);
    value_set(arena, act, "noun",
              value_get(all, "noun") == NULL ? value_str(arena, STR("材料"))
                                             : value_get(all, "noun"));
    Str about = value_get_str(words, "about");
    value_set(arena, act, "about",
              about.n == 0
                  ? NULL
                  : value_str(arena, guidance_fill(arena, about, guidance_args(call, form->seen))));
    value_set(arena, act, "submit_title", value_get(words, "button"));
    value_set_bool(arena, act, "danger", value_get_bool(words, "danger"));
    value_set(arena, act, "law_title", NULL);
    return act;
}

/* The part of errors whose field is (or is not) among the last questions of the form. */
static struct value *errors_last(struct arena *arena, const struct act_form *form,
                                 const struct value *errors, bool last)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(errors); i++) {
        bool found = false;
        Str field = value_get_str(value_item(errors, i), "field");
        for (uint32_t k = 0; k < form->form.field_count; k++) {
            const struct field *f = &form->form.fields[k];
            found = found || (field_is_last(f) && is_at(field, f->name));
        }
        if (found == last) {
            value_add(arena, list, value_item(errors, i));
        }
    }
    return list;
}

/* --- before a draft is submitted --- */

/* A promise that was not ticked is asked for by a promise's words. */
static struct value *errors_worded(struct arena *arena, const struct act_form *form,
                                   const struct value *errors)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(errors); i++) {
        struct value *error = value_merge(arena, value_item(errors, i), NULL);
        Str field = value_get_str(error, "field");
        for (uint32_t k = 0; k < form->form.field_count; k++) {
            const struct field *f = &form->form.fields[k];
            if (field_is_promise(f) && is_at(field, f->name) &&
                str_is(value_get_str(error, "code"), "missing")) {
                value_set_str(arena, error, "title",
                              str_printf(arena, "请在“%s”一栏打勾", f->title));
            }
        }
        value_add(arena, list, error);
    }
    return list;
}

static struct value *kinds_show(struct call *call, const struct act_form *form)
{
    struct value *list = value_list(call->cx->arena);
    for (uint32_t i = 0; i < form->form.material_count; i++) {
        value_add(call->cx->arena, list,
                  page_kind_show(call, form->seen, &form->form.materials[i]));
    }
    return list;
}

/* The documents that were compared with their originals, marked so. */
static void mark_compared(struct call *call, const struct act_form *form, struct value *kinds)
{
    const struct value *originals = value_get(form->values, "originals");
    for (uint32_t i = 0; i < value_count(kinds); i++) {
        const struct value *files = value_get(value_item(kinds, i), "files");
        for (uint32_t k = 0; k < value_count(files); k++) {
            bool compared = false;
            for (uint32_t n = 0; n < value_count(originals); n++) {
                compared = compared || value_get_int(value_item(originals, n), "material") ==
                                           value_get_int(files->as.items[k], "n");
            }
            value_set_bool(call->cx->arena, files->as.items[k], "compared", compared);
        }
    }
}

static struct value *summary_of(struct call *call, const struct act_form *form,
                                const struct value *marks)
{
    struct arena *arena = call->cx->arena;
    struct words words = {
        .arena = arena,
        .tables = page_tables(call),
        .marks = marks,
        .edit = str_printf(arena, "/matters/%" PRId64 "/edit/", form->seen->matter->id).p,
        .blanks = true,
        .matter = form->seen->matter};
    bool window = form->seen->procedure->collaborated;
    uint32_t count = 0;
    const struct field **fields = arena_array(arena, const struct field *, form->form.field_count);
    for (uint32_t i = 0; i < form->form.field_count; i++) {
        const struct field *f = &form->form.fields[i];
        /* At a window originals stand with their documents, and what nobody said is left out. */
        bool left_out =
            window && (text_is(f->name, "originals") ||
                       (!f->required && value_is_empty(value_get(form->values, f->name))));
        if (!left_out) {
            fields[count++] = f;
        }
    }
    return words_summary(&words, fields, count, form->values);
}

/* The signer's name stands there already; he has to say that it is his hand. */
static const struct value *with_signer(struct call *call, const struct act_form *form)
{
    struct arena *arena = call->cx->arena;
    struct value *values = value_merge(arena, form->values, NULL);
    for (uint32_t i = 0; i < form->form.field_count; i++) {
        const struct field *f = &form->form.fields[i];
        const struct value *v = value_get(values, f->name);
        if (f->type == FIELD_SIGNATURE && value_get_str(v, "name").n == 0) {
            struct value *signature = value_merge(arena, v, NULL);
            /* At a window it is the visitor who signs. */
            Str visitor = value_get_str(value_get(values, "visitor"), "name");
            value_set_str(arena, signature, "name", visitor.n > 0 ? visitor : call->actor.name);
            value_set(arena, values, f->name, signature);
        }
    }
    return values;
}

/* What most answers say: who answers examines, within the time that the law gives. */
static const struct value *response_usual(struct call *call, const struct act_form *form)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = form->seen->matter;
    struct value *response = value_map(arena);
    value_set_str(arena, response, "reviewer", call->actor.name);
    value_set_text(arena, response, "next-step", "审查材料，需要补正的一次告知");
    for (uint32_t i = 0; i < m->clock_count; i++) {
        if (m->clocks[i].stopped == 0 && str_is(m->clocks[i].name, "review")) {
            value_set_str(
                arena, response, "at",
                instant_format(arena, date_start(instant_date(m->clocks[i].due)) + 17 * HOUR_MS));
        }
    }
    return response;
}

/* Whoever came takes home what the last act with papers made. */
static const struct value *delivery_usual(struct call *call, const struct act_form *form)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = form->seen->matter;
    struct value *delivery = value_map(arena);
    int64_t last = m->paper_count > 0 ? m->papers[m->paper_count - 1].event : 0;
    int64_t count = 0;
    for (uint32_t i = 0; i < m->paper_count; i++) {
        count += m->papers[i].event == last;
    }
    value_set(arena, delivery, "recipient", value_at(form->seen->clear, "visitor.name"));
    if (count > 0 && !str_is(m->state, "withdrawn")) {
        value_set_int(arena, delivery, "papers", count);
    }
    return delivery;
}

/* LAW: civil-procedure-law@2023 160: basic courts and their tribunals alone hear cases in summary
 * procedure; there it is the usual one. */
static const struct value *docketing_usual(struct call *call, const struct act_form *form)
{
    struct arena *arena = call->cx->arena;
    const struct court *court = court_by_code(page_tables(call), form->seen->matter->court);
    bool basic = court != NULL && (court->level == COURT_BASIC || court->level == COURT_TRIBUNAL);
    struct value *docketing = value_map(arena);
    value_set_text(arena, docketing, "trial-procedure", basic ? "summary" : "ordinary");
    return docketing;
}

/* A row for each request that the circular lists, by its number: none is to be forgotten or counted
 * out by hand. */
static const struct value *explanations_usual(struct call *call, const struct act_form *form)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    uint32_t count = value_count(value_at(form->seen->clear, "circular.entries"));
    for (uint32_t i = 0; i < count && i < EXPLAINED_AT_ONCE; i++) {
        struct value *row = value_map(arena);
        value_set_int(arena, row, "entry", (int64_t)i + 1);
        value_add(arena, list, row);
    }
    return list;
}

/* By the path of an item of the explanations: which request it is about. */
static const struct value *explained_about(struct call *call, const struct seen *seen,
                                           const struct value *values)
{
    struct arena *arena = call->cx->arena;
    const struct value *entries = value_at(seen->clear, "circular.entries");
    const struct value *said = value_get(values, "explanations");
    struct value *all = value_map(arena);
    for (uint32_t i = 0; value_is_list(said) && i < said->count; i++) {
        int64_t n = value_get_int(said->as.items[i], "entry");
        if (n < 1 || n > (int64_t)value_count(entries)) {
            continue;
        }
        const struct value *entry = value_item(entries, (uint32_t)(n - 1));
        struct value *about = value_map(arena);
        Instant at = 0;
        (void)instant_parse(value_get_str(entry, "submitted"), &at);
        value_set(arena, about, "title", value_get(entry, "service"));
        value_set_str(arena, about, "href",
                      str_printf(arena, "/matters/%s", value_get_str(entry, "request").p));
        value_set_str(arena, about, "text",
                      str_printf(arena, "%s%s提交，印发通报时%s",
                                 value_get_str(entry, "collaborator-name").p,
                                 instant_chinese(arena, at).p, value_get_str(entry, "state").p));
        value_set_key(arena, all, str_printf(arena, "explanations.%u", i), about);
    }
    return all;
}

/* What is most often answered stands there already; nothing is said until the form is sent. */
static const struct value *with_usual(struct call *call, const struct act_form *form,
                                      const struct value *values)
{
    static const struct {
        const char *field;
        const struct value *(*of)(struct call *call, const struct act_form *form);
    } usual[] = {{"response", response_usual},
                 {"delivery", delivery_usual},
                 {"docketing", docketing_usual},
                 {"explanations", explanations_usual}};

    struct arena *arena = call->cx->arena;
    struct value *all = value_merge(arena, values, NULL);
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        Str name = str_of(usual[i].field);
        if (field_find(form->form.fields, form->form.field_count, name) != NULL &&
            value_get_key(values, name) == NULL) {
            value_set_key(arena, all, name, usual[i].of(call, form));
        }
    }
    return all;
}

static struct value *last_fields(struct call *call, const struct act_form *form,
                                 const struct value *errors)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    const struct value *values = with_signer(call, form);
    struct field_show show = {.arena = arena, .tables = page_tables(call), .errors = errors};
    page_photos_set(call, form->seen, &show);
    page_certificate_set(call, &show);
    for (uint32_t i = 0; i < form->form.field_count; i++) {
        const struct field *f = &form->form.fields[i];
        if (!field_is_last(f)) {
            continue;
        }
        const struct value *shown =
            f->type == FIELD_GROUP
                ? fields_show(&show, f->fields, f->field_count, value_get(values, f->name),
                              str_printf(arena, "%s.", f->name))
                : fields_show(&show, f, 1, values, STR(""));
        for (uint32_t k = 0; k < value_count(shown); k++) {
            value_add(arena, list, value_item(shown, k));
        }
    }
    return list;
}

/* Hard rules speak only when every field is right, as they would when the act is taken; what the
 * last questions will answer is not held against the person yet. */
static const struct value *hard_findings(struct call *call, const struct act_form *form,
                                         const struct value *errors)
{
    struct arena *arena = call->cx->arena;
    const struct value *open = errors_last(arena, form, errors, false);
    return value_count(open) > 0
               ? open
               : errors_last(arena, form, act_form_findings(call, form, false), false);
}

/* What docketing will cost, with its working; NULL where nothing is known yet. */
static struct value *fee_show(struct call *call, const struct act_form *form,
                              const struct value *words)
{
    struct cx *cx = call->cx;
    const struct value *paths = value_get(words, "fee");
    const struct court *court = court_by_code(page_tables(call), form->seen->matter->court);
    const struct value *amount = value_at(form->values, value_get_str(paths, "amount").p);
    const struct cause *cause = cause_find(
        page_tables(call), value_as_str(value_at(form->values, value_get_str(paths, "cause").p)));
    struct fee_answer answer;
    if (paths == NULL || cause == NULL || court == NULL || amount == NULL ||
        amount->kind != VALUE_INT) {
        return NULL;
    }
    bool has_amount = amount->as.number > 0;
    struct fee_ask ask = {.kind = fee_kind_of_cause(cause->code, has_amount),
                          .has_amount = has_amount,
                          .amount = amount->as.number,
                          .province = court_province(cx->arena, court)};
    if (fee_compute(cx, page_tables(call), &ask, &answer) != OK) {
        cx_forgive(cx);
        return NULL;
    }
    struct value *fee = value_map(cx->arena);
    value_set_int(cx->arena, fee, "amount", answer.fee);
    value_set(cx->arena, fee, "working", working_show(cx->arena, answer.working));
    value_set(cx->arena, fee, "version", NULL);
    return fee;
}

struct value *page_check(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_begin(call, value, STR("核对并提交"), true);
    const struct seen *seen = NULL;
    struct act_form form;
    if (page_seen(call, &seen) != OK || !act_form_open(call, seen, call->args[1], &form)) {
        page_lacks(call, "check");
        return view;
    }
    if (call->said != NULL) {
        act_form_say(call, &form, call->said);
    }
    const struct value *words = guidance_of(call->app->guidance, str_of(seen->procedure->name));
    const struct value *refused = value_get(value, "marks"); /* of a form shown again */
    const struct value *open = hard_findings(call, &form, act_form_errors(call, &form));
    struct value *warnings = act_form_findings(call, &form, true);
    struct value *here = value_list(arena);
    for (uint32_t i = 0; i < form.form.field_count; i++) {
        if (field_is_last(&form.form.fields[i])) {
            value_add_text(arena, here, form.form.fields[i].name);
        }
    }
    value_set(arena, view, "act", act_show(call, &form));
    value_set(arena, view, "summary", summary_of(call, &form, warnings));
    struct value *kinds = kinds_show(call, &form);
    mark_compared(call, &form, kinds);
    value_set(arena, view, "kinds", kinds);
    value_set_bool(arena, view, "at_window", seen->procedure->collaborated);
    bool assists = authority_assists(&call->actor, seen->matter);
    value_set_bool(arena, view, "assists", assists);
    value_set_bool(arena, view, "can_submit", value_count(open) == 0 && !assists);
    value_set_int(arena, view, "missing", value_count(open));
    value_set(arena, view, "errors",
              errors_show(call, seen->matter->id,
                          errors_worded(arena, &form, refused != NULL ? refused : open), here));
    value_set(arena, view, "warnings",
              warnings_show(call, seen->matter->id, warnings_by_code(arena, warnings)));
    value_set(arena, view, "fields", last_fields(call, &form, refused));
    value_set(arena, view, "fee", fee_show(call, &form, words));
    value_set(arena, view, "before_text", value_get(words, "before"));
    value_set(arena, view, "limit_title", value_get(words, "limit"));
    return view;
}

/* --- any later act --- */

/* The originals are ticked beside each document, not listed by number. */
static void set_originals(struct call *call, struct act_form *form, struct value *view)
{
    struct form *f = &form->form;
    struct field *fields = arena_array(call->cx->arena, struct field, f->field_count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < f->field_count; i++) {
        if (!text_is(f->fields[i].name, "originals")) {
            fields[count++] = f->fields[i];
        }
    }
    bool checks = form->seen->procedure->collaborated && count < f->field_count;
    value_set_bool(call->cx->arena, view, "checking", checks);
    if (checks) {
        struct value *list =
            handover_checks_show(call, form->seen, value_get(form->values, "originals"));
        value_set(call->cx->arena, view, "checks", list);
        value_set_bool(call->cx->arena, view, "has_checks", list->count > 0);
        f->fields = fields;
        f->field_count = count;
    }
}

/* What is put in order is so on a page of its own. */
static void set_arranged(struct call *call, struct act_form *form, struct value *view)
{
    struct form *f = &form->form;
    uint32_t count = 0;
    struct value *href = NULL;
    struct field *fields = arena_array(call->cx->arena, struct field, f->field_count);
    for (uint32_t i = 0; i < f->field_count; i++) {
        if (f->fields[i].arranges[0] == '\0') {
            fields[count++] = f->fields[i];
        } else {
            href = value_str(call->cx->arena,
                             str_printf(call->cx->arena, "/matters/%" PRId64 "/evidence",
                                        form->seen->matter->id));
        }
    }
    f->fields = fields;
    f->field_count = count;
    value_set(call->cx->arena, view, "arrange_href", href);
}

/* Does Enter in the first question send the form? It does in one that is chosen by arrow keys. */
static bool enter_sends(const struct form *form)
{
    enum { RADIOS_MAX = 7 }; /* more are a list to pull down, where Enter opens it */
    const struct field *f = form->field_count == 0 ? NULL : &form->fields[0];
    while (f != NULL && f->type == FIELD_GROUP && f->field_count > 0) {
        f = &f->fields[0];
    }
    return f == NULL || (f->type == FIELD_CHOICE && f->option_count <= RADIOS_MAX);
}

bool page_act_set(struct call *call, const struct seen *seen, Str name, const struct value *value,
                  struct value *view)
{
    struct arena *arena = call->cx->arena;
    struct act_form form;
    if (!act_form_open(call, seen, name, &form)) {
        return false;
    }
    if (call->said != NULL) {
        act_form_say(call, &form, call->said);
    }
    act_form_narrow(call, &form);
    struct value *act = act_show(call, &form);
    const struct value *marks = value_get(value, "marks");
    set_originals(call, &form, view);
    set_arranged(call, &form, view);
    alignment_answering_set(call, &form, marks, view);
    struct act_form shown = form;
    shown.values = value_merge(arena, act_form_shown(call, &form), NULL);
    struct field_show show = {.arena = arena,
                              .tables = page_tables(call),
                              .errors = marks,
                              .grow = value_get(value, "grow"),
                              .heading = form.act->title};
    struct value *warnings = value_get(value, "warnings") == NULL
                                 ? value_list(arena)
                                 : warnings_by_code(arena, value_get(value, "warnings"));
    const struct value *filled = with_usual(call, &form, with_signer(call, &shown));
    show.about = explained_about(call, seen, filled);
    page_photos_set(call, seen, &show);
    page_certificate_set(call, &show);
    value_set_str(arena, act, "title", act_link_title(call, seen, form.act));
    value_set(arena, act, "fields",
              fields_show(&show, form.form.fields, form.form.field_count, filled, STR("")));
    value_set_bool(arena, act, "asks", form.form.field_count > 0);
    value_set_bool(arena, act, "first", false);
    value_set_text(arena, act, "enter", enter_sends(&form.form) ? "Enter" : "Ctrl Enter");
    value_set(arena, view, "act", act);
    value_set(arena, view, "kinds", kinds_show(call, &form));
    value_set(arena, view, "sign_task", signing_task(call, &form));
    value_set(arena, view, "warnings", warnings_show(call, seen->matter->id, warnings));
    value_set(arena, view, "errors",
              marks == NULL ? NULL : errors_show(call, seen->matter->id, marks, NULL));
    value_set_int(arena, view, "revision", seen->matter->revision);
    if (call->actor.post.n == 0 || seen->procedure->collaborated) {
        page_set_todo(call, seen, NULL, view);
    }
    phrases_set(call, seen, form.act, view);
    return true;
}

struct value *page_act(struct call *call, const struct value *value)
{
    const struct seen *seen = NULL;
    struct value *view = page_begin(call, value, STR(""), true);
    if (page_seen(call, &seen) != OK || !page_act_set(call, seen, call->args[1], value, view)) {
        page_lacks(call, "act");
        return view;
    }
    const struct value *title = value_get(value_get(view, "act"), "title");
    return page_begin(call, view, value_as_str(title), true);
}
