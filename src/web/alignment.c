/* The table of elements of a case (要素对照): what is claimed, what each defendant answers, with
 * which evidence, and what is left in dispute. One answer for the page and for programs. */
#include "flow/alignment.h"

#include <inttypes.h>
#include <string.h>

#include "flow/authority.h"
#include "flow/values.h"
#include "law/source.h"
#include "web/handlers.h"
#include "web/page_alignment.h"
#include "web/pages.h"

bool alignment_is_for(const struct seen *seen)
{
    return seen->matter->events > 0 && procedure_act(seen->procedure, STR("answer")) != NULL &&
           field_find(seen->procedure->elements, seen->procedure->element_count, STR("answer")) !=
               NULL;
}

/* What this caller may read of the claim: numbers masked but for the owner. The digests stay those
 * of the claim itself. */
static struct value *claim_shown(struct call *call, const struct seen *seen)
{
    struct arena *arena = call->cx->arena;
    const struct law_tables *tables = page_tables(call);
    struct value *claim = alignment_claim(arena, seen->procedure, tables, seen->clear, false);
    if (authority_sees_whole(&call->actor, seen->matter)) {
        return claim;
    }
    const struct value *masked = values_mask(call->cx, seen->procedure, seen->clear);
    const struct value *shown = alignment_claim(arena, seen->procedure, tables, masked, false);
    for (uint32_t i = 0; i < claim->count && i < value_count(shown); i++) {
        value_set(arena, claim->as.items[i], "claim", value_get(value_item(shown, i), "claim"));
    }
    return claim;
}

static Str material_name(const struct matter *m, int64_t n)
{
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (m->materials[i].n == n) {
            return m->materials[i].name;
        }
    }
    return STR("");
}

static void name_evidence(struct arena *arena, const struct matter *m, struct value *answer)
{
    const struct value *evidence = value_get(answer, "evidence");
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(evidence); i++) {
        struct value *item = value_merge(arena, value_item(evidence, i), NULL);
        value_set_str(arena, item, "name", material_name(m, value_get_int(item, "material")));
        value_add(arena, list, item);
    }
    value_set(arena, answer, "evidence", list);
}

static void name_rows(struct arena *arena, const struct matter *m, const struct value *table)
{
    const struct value *rows = value_get(table, "rows");
    for (uint32_t i = 0; i < value_count(rows); i++) {
        struct value *row = rows->as.items[i];
        const struct value *answers = value_get(row, "answers");
        value_set_text(arena, row, "status_title",
                       alignment_status_title(value_get_str(row, "status")));
        for (uint32_t k = 0; k < value_count(answers); k++) {
            struct value *answer = answers->as.items[k];
            value_set_text(arena, answer, "stance_title",
                           alignment_stance_title(value_get_str(answer, "stance")));
            name_evidence(arena, m, answer);
        }
    }
}

static void copy_set(struct arena *arena, struct value *to, const char *name,
                     const struct value *from, const char *as)
{
    value_set(arena, to, name, value_get(from, as));
}

/* Has the period to answer run out? */
static bool is_over(const struct value *service)
{
    Date due = DATE_NONE;
    return date_parse(value_get_str(service, "due"), &due) && due < instant_date(clock_now());
}

/* Each defendant: when he was served, until when he may answer, when he did. */
static struct value *defendants_view(struct arena *arena, const struct seen *seen)
{
    struct value *list = alignment_defendants(arena, seen->matter);
    for (uint32_t i = 0; i < list->count; i++) {
        struct value *one = list->as.items[i];
        int64_t n = value_get_int(one, "party");
        const struct value *service = alignment_answer_of(value_get(seen->clear, "services"), n);
        const struct value *answer = alignment_answer_of(value_get(seen->clear, "answers"), n);
        copy_set(arena, one, "prepared", service, "prepared");
        copy_set(arena, one, "served", service, "served");
        copy_set(arena, one, "due", service, "due");
        copy_set(arena, one, "days", service, "days");
        copy_set(arena, one, "law", service, "law");
        copy_set(arena, one, "working", service, "working");
        value_set_bool(arena, one, "over", answer == NULL && is_over(service));
        copy_set(arena, one, "answered", answer, "at");
        copy_set(arena, one, "by", answer, "by");
        copy_set(arena, one, "opinion", answer, "opinion");
        copy_set(arena, one, "wish", answer, "wish");
        value_set_int(arena, one, "version", value_get_int(answer, "version"));
        value_set_bool(arena, one, "late", value_get_bool(answer, "late"));
    }
    return list;
}

static struct value *table_of(struct call *call, const struct seen *seen)
{
    struct arena *arena = call->cx->arena;
    return alignment_table(arena, claim_shown(call, seen),
                           alignment_defendants(arena, seen->matter),
                           value_get(seen->clear, "answers"));
}

enum status alignment_show(struct call *call)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    TRY(page_seen(call, &seen));
    if (!alignment_is_for(seen)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "a matter without answers");
    }
    const struct element_form *form =
        element_form_asked(seen->procedure, page_tables(call), seen->clear);
    struct value *view = table_of(call, seen);
    name_rows(cx->arena, seen->matter, view);
    value_set_str(cx->arena, view, "matter", str_printf(cx->arena, "%" PRId64, seen->matter->id));
    value_set_text(cx->arena, view, "form", form == NULL ? NULL : form->number);
    value_set_bool(cx->arena, view, "personal", form != NULL && form->personal);
    value_set(cx->arena, view, "defendants", defendants_view(cx->arena, seen));
    return call_answer(call, view, "alignment");
}

/* --- the page --- */

static const char *status_tone(Str status)
{
    return str_is(status, "undisputed") ? "good"
           : str_is(status, "disputed") ? "bad"
           : str_is(status, "asked")    ? "ask"
                                        : "plain";
}

static struct value *row_show(struct arena *arena, Id id, const struct value *row)
{
    struct value *shown = value_merge(arena, row, NULL);
    struct value *answers = value_list(arena);
    const struct value *list = value_get(row, "answers");
    for (uint32_t i = 0; i < value_count(list); i++) {
        struct value *answer = value_merge(arena, value_item(list, i), NULL);
        const struct value *evidence = value_get(answer, "evidence");
        struct value *files = value_list(arena);
        for (uint32_t k = 0; k < value_count(evidence); k++) {
            struct value *file = value_merge(arena, value_item(evidence, k), NULL);
            value_set_str(arena, file, "href",
                          str_printf(arena, "/matters/%" PRId64 "/materials/%" PRId64, id,
                                     value_get_int(file, "material")));
            value_set_str(arena, file, "page", value_get_str(file, "page"));
            value_add(arena, files, file);
        }
        value_set(arena, answer, "evidence", files);
        value_set_bool(arena, answer, "silent", value_get_str(answer, "stance").n == 0);
        value_add(arena, answers, answer);
    }
    value_set(arena, shown, "answers", answers);
    value_set_text(arena, shown, "tone", status_tone(value_get_str(row, "status")));
    return shown;
}

static void part_add(struct arena *arena, Id id, const struct value *rows, const char *part,
                     const char *title, struct value *parts)
{
    struct value *one = value_map(arena);
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(rows); i++) {
        if (str_is(value_get_str(value_item(rows, i), "part"), part)) {
            value_add(arena, list, row_show(arena, id, value_item(rows, i)));
        }
    }
    if (list->count > 0) {
        value_set_text(arena, one, "title", title);
        value_set(arena, one, "rows", list);
        value_add(arena, parts, one);
    }
}

static Str day_of(struct arena *arena, Str instant)
{
    Instant at = 0;
    return instant_parse(instant, &at) ? date_format(arena, instant_date(at)) : STR("");
}

static bool offers(struct call *call, const struct seen *seen, const char *name)
{
    struct act_form form;
    return act_form_open(call, seen, str_of(name), &form);
}

static struct value *page_alignment(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_begin(call, value, STR("要素对照"), false);
    const struct seen *seen = NULL;
    if (page_seen(call, &seen) != OK) {
        return view;
    }
    Id id = seen->matter->id;
    const struct value *rows = value_get(value, "rows");
    const struct value *defendants = value_get(value, "defendants");
    struct value *parts = value_list(arena);
    struct value *people = value_list(arena);
    part_add(arena, id, rows, "claim", "诉讼请求", parts);
    part_add(arena, id, rows, "facts", "事实与理由", parts);
    for (uint32_t i = 0; i < value_count(defendants); i++) {
        struct value *one = value_merge(arena, value_item(defendants, i), NULL);
        value_set_str(arena, one, "answered_on", day_of(arena, value_get_str(one, "answered")));
        value_set_bool(arena, one, "supplemented", value_get_int(one, "version") > 1);
        value_set_bool(arena, one, "has_working", value_count(value_get(one, "working")) > 0);
        value_set(arena, one, "working", working_show(arena, value_get(one, "working")));
        value_set_str(arena, one, "law_title", source_title(arena, value_get_str(one, "law")));
        value_add(arena, people, one);
    }
    value_set_str(arena, view, "id", str_printf(arena, "%" PRId64, id));
    value_set_str(arena, view, "title", seen->matter->title);
    value_set_str(arena, view, "case_number", seen->matter->case_number);
    value_set(arena, view, "parts", parts);
    value_set_bool(arena, view, "has_parts", parts->count > 0);
    value_set_bool(arena, view, "has_own", value_count(value_get(value, "own")) > 0);
    value_set(arena, view, "defendants", people);
    value_set_bool(arena, view, "may_answer", offers(call, seen, "answer"));
    value_set_bool(arena, view, "may_outline", offers(call, seen, "outline"));
    value_set(arena, view, "errors", NULL);
    return view;
}

struct value *alignment_card(struct call *call, const struct seen *seen)
{
    struct arena *arena = call->cx->arena;
    if (!alignment_is_for(seen)) {
        return NULL;
    }
    const struct value *counts = value_get(table_of(call, seen), "counts");
    int64_t all = 0;
    for (uint32_t i = 0; i < value_count(counts); i++) {
        all += value_as_int(counts->as.members[i].value);
    }
    if (all == 0) {
        return NULL;
    }
    struct value *card = value_map(arena);
    value_set_str(arena, card, "text",
                  str_printf(arena,
                             "共%" PRId64 "项：有争议%" PRId64 "项，待当庭询问%" PRId64
                             "项，待答辩%" PRId64 "项，没有争议%" PRId64 "项",
                             all, value_get_int(counts, "disputed"), value_get_int(counts, "asked"),
                             value_get_int(counts, "open"), value_get_int(counts, "undisputed")));
    value_set_str(arena, card, "href",
                  str_printf(arena, "/matters/%" PRId64 "/alignment", seen->matter->id));
    return card;
}

/* --- answering --- */

static const struct value *said_at(const struct value *rows, Str name, int64_t *index)
{
    for (uint32_t i = 0; i < value_count(rows); i++) {
        if (str_same(value_get_str(value_item(rows, i), "row"), name)) {
            *index = i;
            return value_item(rows, i);
        }
    }
    *index = -1;
    return NULL;
}

static struct value *stances_show(struct arena *arena, const struct field *rows, Str path,
                                  Str stance)
{
    const struct field *field = field_find(rows->fields, rows->field_count, STR("stance"));
    struct value *list = value_list(arena);
    for (uint32_t i = 0; field != NULL && i < field->option_count; i++) {
        struct value *option = value_map(arena);
        value_set_str(arena, option, "id",
                      str_printf(arena, "%s.stance-%s", path.p, field->options[i].value));
        value_set_text(arena, option, "value", field->options[i].value);
        value_set_text(arena, option, "title", field->options[i].title);
        value_set_bool(arena, option, "checked", str_is(stance, field->options[i].value));
        value_add(arena, list, option);
    }
    return list;
}

/* Of a row of his own words that has options: each of them, and which is chosen. */
static struct value *choices_show(struct arena *arena, Str path, const struct value *choose,
                                  Str chosen)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(choose); i++) {
        struct value *option = value_map(arena);
        value_set_str(arena, option, "id", str_printf(arena, "%s.choice-%u", path.p, i));
        value_set(arena, option, "title", value_item(choose, i));
        value_set_bool(arena, option, "checked",
                       str_same(value_as_str(value_item(choose, i)), chosen));
        value_add(arena, list, option);
    }
    return list;
}

static struct value *files_show(struct arena *arena, const struct seen *seen, int64_t chosen)
{
    const struct matter *m = seen->matter;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (m->materials[i].removed != 0) {
            continue;
        }
        struct value *option = value_map(arena);
        value_set_int(arena, option, "value", m->materials[i].n);
        value_set_str(
            arena, option, "title",
            str_printf(arena, "第%" PRId64 "号　%s", m->materials[i].n, m->materials[i].name.p));
        value_set_bool(arena, option, "checked", m->materials[i].n == chosen);
        value_add(arena, list, option);
    }
    return list;
}

/* What was said, and room for one more. */
static struct value *evidence_show(struct arena *arena, const struct seen *seen, Str path,
                                   const struct value *evidence)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i <= value_count(evidence); i++) {
        const struct value *said = value_item(evidence, i);
        struct value *one = value_map(arena);
        value_set_str(arena, one, "path", str_printf(arena, "%s.evidence.%u", path.p, i));
        value_set_str(arena, one, "page", value_get_str(said, "page"));
        value_set(arena, one, "options", files_show(arena, seen, value_get_int(said, "material")));
        value_add(arena, list, one);
    }
    return list;
}

static Str error_at(struct arena *arena, const struct value *marks, int64_t index)
{
    Str path = str_printf(arena, "answer.rows.%" PRId64 ".", index);
    for (uint32_t i = 0; index >= 0 && i < value_count(marks); i++) {
        const struct value *error = value_item(marks, i);
        if (str_starts(value_get_str(error, "field"), path.p)) {
            return value_get_str(error, "title");
        }
    }
    return STR("");
}

struct answering {
    struct call *call;
    const struct seen *seen;
    const struct field *rows;
    const struct value *said;    /* typed towards it, or NULL */
    const struct value *earlier; /* the answer that stands, or NULL */
    const struct value *marks;
};

/* What was typed stands there again; else what he answered before, where the claim still is what he
 * answered. */
static struct value *answering_row(const struct answering *a, const struct value *row, uint32_t i)
{
    struct arena *arena = a->call->cx->arena;
    Str name = value_get_str(row, "row");
    int64_t index = -1;
    int64_t before = -1;
    const struct value *typed = said_at(a->said, name, &index);
    const struct value *earlier = said_at(value_get(a->earlier, "rows"), name, &before);
    bool changed = earlier != NULL && value_get(earlier, "digest") != NULL &&
                   !str_same(value_get_str(earlier, "digest"), value_get_str(row, "digest"));
    const struct value *said = a->said != NULL ? typed : earlier;
    Str path = str_printf(arena, "answer.rows.%u", i);
    Str stance = changed && a->said == NULL ? STR("") : value_get_str(said, "stance");
    struct value *shown = value_map(arena);
    value_set_str(arena, shown, "path", path);
    value_set(arena, shown, "row", value_get(row, "row"));
    value_set(arena, shown, "label", value_get(row, "label"));
    value_set(arena, shown, "claim", value_get(row, "claim"));
    value_set_bool(arena, shown, "own", value_get_bool(row, "own"));
    value_set_str(arena, shown, "heading", value_get_str(row, "heading"));
    value_set_str(arena, shown, "hint", value_get_str(row, "room"));
    value_set(arena, shown, "choices",
              choices_show(arena, path, value_get(row, "choose"), value_get_str(said, "choice")));
    value_set_bool(arena, shown, "words",
                   value_count(value_get(row, "choose")) == 0 || value_get_str(row, "room").n > 0);
    value_set(arena, shown, "options", stances_show(arena, a->rows, path, stance));
    value_set_str(arena, shown, "reason", value_get_str(said, "reason"));
    value_set(arena, shown, "evidence",
              evidence_show(arena, a->seen, path, value_get(said, "evidence")));
    value_set_bool(arena, shown, "proved", value_count(value_get(said, "evidence")) > 0);
    value_set_bool(arena, shown, "changed", changed);
    value_set_str(arena, shown, "error", error_at(arena, a->marks, index));
    return shown;
}

static void answering_parts(const struct answering *a, struct value *view)
{
    static const char *const names[][2] = {{"claim", "对诉讼请求"}, {"facts", "对事实与理由"}};
    struct arena *arena = a->call->cx->arena;
    const struct value *claim = claim_shown(a->call, a->seen);
    struct value *parts = value_list(arena);
    uint32_t n = 0; /* as they are sent: a list in a form has its items in order */
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        struct value *part = value_map(arena);
        struct value *list = value_list(arena);
        for (uint32_t i = 0; i < value_count(claim); i++) {
            if (str_is(value_get_str(value_item(claim, i), "part"), names[k][0])) {
                value_add(arena, list, answering_row(a, value_item(claim, i), n++));
            }
        }
        value_set_text(arena, part, "title", names[k][1]);
        value_set(arena, part, "rows", list);
        if (list->count > 0) {
            value_add(arena, parts, part);
        }
    }
    value_set(arena, view, "answering_parts", parts);
}

/* The group without its rows, and without the number of the party where there is nothing to choose.
 */
static struct field answer_rest(struct arena *arena, const struct field *answer, bool choose)
{
    struct field copy = *answer;
    copy.fields = arena_array(arena, struct field, answer->field_count);
    copy.field_count = 0;
    for (uint32_t i = 0; i < answer->field_count; i++) {
        const char *name = answer->fields[i].name;
        if (!text_is(name, "rows") && (choose || !text_is(name, "party"))) {
            copy.fields[copy.field_count++] = answer->fields[i];
        }
    }
    return copy;
}

void alignment_answering_set(struct call *call, struct act_form *form, const struct value *marks,
                             struct value *view)
{
    struct arena *arena = call->cx->arena;
    struct form *f = &form->form;
    const struct field *answer = field_find(f->fields, f->field_count, STR("answer"));
    const struct field *rows = answer == NULL || answer->type != FIELD_GROUP
                                   ? NULL
                                   : field_find(answer->fields, answer->field_count, STR("rows"));
    bool answering = rows != NULL && alignment_is_for(form->seen);
    value_set_bool(arena, view, "answering", answering);
    if (!answering) {
        return;
    }
    /* That silence may count as an admission is a rule of civil cases. */
    value_set_bool(arena, view, "admits",
                   str_is(procedure_kind(form->seen->procedure, form->seen->clear), "civil"));
    struct alignment_side side = alignment_side_of(form->seen->matter, call->actor.person, 0);
    const struct answering a = {
        .call = call,
        .seen = form->seen,
        .rows = rows,
        .said = value_at(form->values, "answer.rows"),
        .earlier = alignment_answer_of(value_get(form->seen->clear, "answers"), side.party),
        .marks = marks,
    };
    struct field *fields = arena_array(arena, struct field, f->field_count);
    answering_parts(&a, view);
    for (uint32_t i = 0; i < f->field_count; i++) {
        fields[i] =
            &f->fields[i] == answer ? answer_rest(arena, answer, side.party == 0) : f->fields[i];
    }
    f->fields = fields;
}

const struct page_extra pages_alignment[] = {{"alignment", page_alignment}, {NULL, NULL}};
