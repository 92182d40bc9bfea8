/* Which rows the answer to an element form has, and what of the complaint each of them answers. */
#include "flow/element_reply.h"

#include <string.h>

#include "flow/shape.h"

/* A row of the complaint with the section that it stands in. */
struct place {
    const struct form_section *section;
    uint32_t row;
};

static enum status fault(struct cx *cx, const char *file, const struct value *at, const char *why,
                         Str what)
{
    return FAIL(cx, E_READ, "data-unreadable", "%s:%u: %s: %.*s", file, at == NULL ? 0 : at->line,
                why, STR_ARG(what));
}

/* The row that asks a field: the last one that begins at or before it. */
static bool row_find(const struct form_section *section, Str name, uint32_t *row)
{
    const struct field *group = section->group;
    const struct field *field = field_find(group->fields, group->field_count, name);
    bool found = false;
    for (uint32_t i = 0; field != NULL && i < section->row_count; i++) {
        const char *first = section->rows[i].first;
        if (first != NULL &&
            field_find(group->fields, group->field_count, str_of(first)) <= field) {
            *row = i;
            found = true;
        }
    }
    return found;
}

/* Rows of the claim, or of the sections that tell the facts; what forms share (the agreed court,
 * mediation) is answered by no row. */
static bool place_find(const struct element_form *form, bool fact, Str name, struct place *out)
{
    for (uint32_t i = 0; i < form->section_count; i++) {
        const struct form_section *section = form->sections[i];
        uint32_t row = 0;
        if (!section->shared && (section != form->claim) == fact && row_find(section, name, &row)) {
            *out = (struct place){section, row};
            return true;
        }
    }
    return false;
}

/* --- reading --- */

struct reading {
    const char *file;
    struct element_form *form;
    struct form_reply *replies;
    uint32_t count;
};

/* Is the row answered already that asks this field? exact: is that very field named? */
static bool is_answered(const struct reading *r, bool fact, const char *name, bool exact)
{
    struct place wanted;
    if (!place_find(r->form, fact, str_of(name), &wanted)) {
        return false;
    }
    for (uint32_t i = 0; i < r->count; i++) {
        for (uint32_t k = 0; r->replies[i].fact == fact && k < value_count(r->replies[i].to); k++) {
            struct place place;
            Str said = value_as_str(value_item(r->replies[i].to, k));
            if (exact ? str_is(said, name)
                      : place_find(r->form, fact, said, &place) &&
                            place.section == wanted.section && place.row == wanted.row) {
                return true;
            }
        }
    }
    return false;
}

static const char *name_of(struct arena *arena, bool fact, Str first)
{
    return arena_printf(arena, "%s.%.*s", fact ? "facts" : "claim", STR_ARG(first));
}

/* Some official answers have facts and claims in one list: all rows of an entry are of one kind. */
static enum status rows_prove(struct cx *cx, const struct reading *r, const struct value *yaml,
                              bool below, bool *fact)
{
    const struct value *to = value_get(yaml, "to");
    struct place place;
    *fact = below;
    if (to != NULL && !place_find(r->form, *fact, value_as_str(value_item(to, 0)), &place)) {
        *fact = !below;
    }
    for (uint32_t i = 0; i < value_count(to); i++) {
        Str first = value_as_str(value_item(to, i));
        if (!place_find(r->form, *fact, first, &place)) {
            return fault(cx, r->file, yaml, "the complaint has no row that asks", first);
        }
        if (!value_get_bool(yaml, "part") && is_answered(r, *fact, first.p, true)) {
            return fault(cx, r->file, yaml, "answered twice", first);
        }
    }
    return OK;
}

/* {row: 对本金有无异议, to: [principal]}, or {row: 答辩依据, name: basis}. */
static enum status reply_read(struct cx *cx, struct reading *r, bool below,
                              const struct value *yaml)
{
    static const char *const keys[] = {"row:t",     "to:l",   "name:t",     "confirm:b", "boxes:t",
                                       "room:t",    "part:b", "tick:b",     "yes:t",     "choose:l",
                                       "heading:t", "span:b", "numbered:b", NULL};
    const struct value *to = value_get(yaml, "to");
    const struct value *choose = value_get(yaml, "choose");
    Str name = value_get_str(yaml, "name");
    bool fact = below;
    TRY(shape_check(cx, r->file, yaml, keys));
    name = name.n == 0 ? value_as_str(value_item(to, 0)) : name;
    if (value_get_str(yaml, "row").n == 0 || name.n == 0 || r->count == REPLIES_MAX) {
        return fault(cx, r->file, yaml, "row of the answer without label or name", name);
    }
    if (to != NULL && (choose != NULL || value_get_bool(yaml, "span"))) {
        return fault(cx, r->file, yaml, "only words of its own are chosen or stand across", name);
    }
    TRY(rows_prove(cx, r, yaml, below, &fact));
    r->replies[r->count++] = (struct form_reply){.name = name_of(cx->arena, fact, name),
                                                 .label = value_get_str(yaml, "row").p,
                                                 .fact = fact,
                                                 .below = below,
                                                 .own = to == NULL,
                                                 .confirms = value_get_bool(yaml, "confirm"),
                                                 .tick = value_get_bool(yaml, "tick"),
                                                 .boxes = value_get_str(yaml, "boxes").p,
                                                 .yes = value_get_str(yaml, "yes").p,
                                                 .room = value_get_str(yaml, "room").p,
                                                 .heading = value_get_str(yaml, "heading").p,
                                                 .choose = choose,
                                                 .span = value_get_bool(yaml, "span"),
                                                 .plain = value_get(yaml, "numbered") != NULL &&
                                                          !value_get_bool(yaml, "numbered"),
                                                 .to = to};
    return OK;
}

static enum status part_read(struct cx *cx, struct reading *r, bool below, const struct value *list)
{
    for (uint32_t i = 0; i < value_count(list); i++) {
        TRY(reply_read(cx, r, below, value_item(list, i)));
    }
    return OK;
}

/* 是否主张诉讼费用 is answered as 对诉讼费用有无异议. */
static const char *label_of(struct arena *arena, const char *row)
{
    static const char *const asking[] = {"是否主张", "是否要求", "是否", "有无"};
    Str label = str_of(row);
    for (size_t i = 0; i < sizeof asking / sizeof asking[0]; i++) {
        if (str_starts(label, asking[i])) {
            label = str_slice(arena, label, strlen(asking[i]), label.n);
            break;
        }
    }
    return arena_printf(arena, "对%s有无异议", label.p);
}

/* A row that nothing of `answer` answers. */
static void row_reply_add(struct cx *cx, struct reading *r, bool fact, bool ours,
                          const struct form_row *row)
{
    bool own = row->own[0] != '\0';
    if (row->first == NULL || !form_row_is_printed(row) ||
        is_answered(r, fact, row->first, false) || (own && ours) || r->count == REPLIES_MAX) {
        return;
    }
    struct value *to = value_list(cx->arena);
    value_add_text(cx->arena, to, row->first);
    r->replies[r->count++] =
        (struct form_reply){.name = name_of(cx->arena, fact, str_of(row->first)),
                            .label = own ? row->own : label_of(cx->arena, row->label),
                            .fact = fact,
                            .below = fact,
                            .own = own,
                            .ours = ours || row->span,
                            .boxes = "",
                            .yes = "",
                            .room = "",
                            .heading = "",
                            .to = own ? NULL : to};
}

static void rest_add(struct cx *cx, struct reading *r, bool fact, bool ours)
{
    for (uint32_t i = 0; i < r->form->section_count; i++) {
        const struct form_section *section = r->form->sections[i];
        for (uint32_t k = 0;
             !section->shared && (section != r->form->claim) == fact && k < section->row_count;
             k++) {
            row_reply_add(cx, r, fact, ours, &section->rows[k]);
        }
    }
}

enum status form_replies_read(struct cx *cx, const char *file, const struct value *yaml,
                              struct element_form *form)
{
    static const char *const keys[] = {"claim:l", "facts:l",    "note:t",   "personal:b",
                                       "whole:b", "document:t", "signer:t", "notes:t",
                                       "case:b",  "people:l",   NULL};
    struct reading r = {.file = file,
                        .form = form,
                        .replies = arena_array(cx->arena, struct form_reply, REPLIES_MAX)};
    bool said = yaml != NULL && value_get(yaml, "claim") != NULL;
    if (yaml != NULL) {
        TRY(shape_check(cx, file, yaml, keys));
    }
    TRY(part_read(cx, &r, false, value_get(yaml, "claim")));
    TRY(part_read(cx, &r, true, value_get(yaml, "facts")));
    if (!value_get_bool(yaml, "whole")) {
        rest_add(cx, &r, false, said);
        rest_add(cx, &r, true, said);
    }
    form->replies = r.replies;
    form->reply_count = r.count;
    form->reply_note = value_get(yaml, "note") == NULL ? "（对原告诉讼请求的确认或者异议）"
                                                       : value_get_str(yaml, "note").p;
    form->reply_document = value_get_str(yaml, "document").p;
    form->reply_signer = value_get_str(yaml, "signer").p;
    form->reply_notes = value_get_str(yaml, "notes").p;
    form->reply_caseless = value_get(yaml, "case") != NULL && !value_get_bool(yaml, "case");
    form->personal = value_get_bool(yaml, "personal");
    return OK;
}

/* --- what a reply answers --- */

static uint32_t field_index(const struct field *group, const char *name)
{
    const struct field *field = field_find(group->fields, group->field_count, str_of(name));
    return field == NULL ? group->field_count : (uint32_t)(field - group->fields);
}

/* Does the row say anything? What is declared not to be so (是否…：否) claims nothing. */
static bool row_says(const struct form_section *section, uint32_t row, const struct value *said)
{
    const struct field *group = section->group;
    const char *first = section->rows[row].first;
    const struct value *head = value_get(said, first);
    uint32_t end = group->field_count;
    bool says = false;
    for (uint32_t i = row + 1; i < section->row_count; i++) {
        if (section->rows[i].first != NULL) {
            end = field_index(group, section->rows[i].first);
            break;
        }
    }
    for (uint32_t i = field_index(group, first); i < end; i++) {
        says = says || !value_is_empty(value_get(said, group->fields[i].name));
    }
    return says && !(head != NULL && head->kind == VALUE_BOOL && !head->as.truth);
}

Str form_reply_claim(const struct form_ink *ink, const struct element_form *form,
                     const struct form_reply *reply)
{
    Str text = STR("");
    for (uint32_t i = 0; i < value_count(reply->to); i++) {
        struct place place;
        struct form_ink here = *ink;
        if (!place_find(form, reply->fact, value_as_str(value_item(reply->to, i)), &place)) {
            continue;
        }
        const struct form_row *row = &place.section->rows[place.row];
        const struct value *said = element_form_said(ink->arena, form, place.section, ink->values);
        here.section = place.section;
        if (!row_says(place.section, place.row, said)) {
            continue;
        }
        Str one = form_ink_text(&here, row->print, place.section->group->fields,
                                place.section->group->field_count, said, NULL);
        if (str_is(str_trim(ink->arena, one), "无")) {
            continue; /* as the form asks to write where there is nothing */
        }
        /* Yes or no, or one of several rows, says nothing without what was asked. */
        bool named = value_count(reply->to) > 1 || row->tick[0] != '\0' ||
                     str_starts(str_of(row->label), "是否");
        text = str_printf(ink->arena, "%s%s%s%s%s", text.p, text.n == 0 ? "" : "\n",
                          named ? row->label : "", named && one.n > 0 ? "：" : "", one.p);
    }
    return text;
}
