/* A section of a form: its rows, and the element that asks what they ask. */
#include <string.h>

#include "flow/element_form_int.h"
#include "flow/shape.h"

/* --- a field without what only the table needs --- */

/* As deep as definitions are, which field_read() bounds. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static struct value *field_bare(struct arena *arena, const struct value *yaml, const char *row)
{
    struct value *bare = value_map(arena);
    bare->line = yaml->line;
    for (uint32_t i = 0; i < value_count(yaml); i++) {
        Str key = yaml->as.members[i].key;
        const struct value *v = yaml->as.members[i].value;
        if (str_is(key, "official") || str_is(key, "ours") || str_is(key, "print") ||
            str_is(key, "room") || str_is(key, "from")) {
            continue;
        }
        if (str_is(key, "fields") && value_is_list(v)) {
            struct value *list = value_list(arena);
            list->line = v->line;
            for (uint32_t k = 0; k < v->count; k++) {
                const struct value *inner = v->as.items[k];
                value_add(arena, list,
                          value_is_map(inner) ? field_bare(arena, inner, NULL) : inner);
            }
            v = list;
        }
        value_set_key(arena, bare, key, v);
    }
    if (row != NULL) {
        value_set_text(arena, bare, "row", row);
    }
    return bare;
}

/* Names of what the official form asks, in its order: of a list, those of its items. */
static void official_add(struct arena *arena, const struct value *yaml, struct value *official)
{
    const struct value *fields = value_get(yaml, "fields");
    if (!value_get_bool(yaml, "ours") &&
        (value_count(fields) == 0 || value_get(yaml, "official") != NULL)) {
        Str said = value_get_str(yaml, "official");
        value_set_str(arena, official, value_get_str(yaml, "name").p,
                      said.n > 0 ? said : value_get_str(yaml, "title"));
        return;
    }
    for (uint32_t i = 0; i < value_count(fields) && !value_get_bool(yaml, "ours"); i++) {
        const struct value *inner = value_item(fields, i);
        Str said = value_get_str(inner, "official");
        if (!value_get_bool(inner, "ours")) {
            const char *name = arena_printf(arena, "%s.%s", value_get_str(yaml, "name").p,
                                            value_get_str(inner, "name").p);
            value_set_str(arena, official, name, said.n > 0 ? said : value_get_str(inner, "title"));
        }
    }
}

/* --- a section --- */

/* The trees made here are dropped again: a field keeps texts and examples, which stand in the trees
 * of the files. */
static enum status section_group(struct cx *cx, struct arena *scratch, const char *file,
                                 const struct value *yaml, const struct value *title,
                                 const struct laid_field *fields, uint32_t count,
                                 const char *const *labels, struct field *out)
{
    struct value *group = value_map(scratch);
    struct value *list = value_list(scratch);
    group->line = yaml->line;
    list->line = yaml->line;
    for (uint32_t i = 0; i < count; i++) {
        struct field alone;
        struct value *bare = field_bare(scratch, fields[i].yaml, labels[i]);
        const struct value *example =
            value_get(fields[i].examples, value_get_str(fields[i].yaml, "name").p);
        if (example != NULL) {
            value_set(scratch, bare, "example", example);
        }
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(field_read(cx, fields[i].file, bare, &alone)); /* a fault is told where it stands */
        arena_rewind(cx->arena, mark);
        value_add(scratch, list, bare);
    }
    value_set(scratch, group, "element", value_get(yaml, "section"));
    value_set(scratch, group, "title", title);
    if (value_get(yaml, "help") != NULL) {
        value_set(scratch, group, "help", value_get(yaml, "help"));
    }
    value_set_text(scratch, group, "type", "group");
    value_set_bool(scratch, group, "required", true);
    value_set(scratch, group, "fields", list);
    TRY(field_read(cx, file, group, out));
    return OK;
}

/* What a key of a field says, by the field's name. */
static void keyed_add(struct arena *arena, const struct value *yaml, const char *key,
                      struct value *out)
{
    if (value_get(yaml, key) != NULL) {
        value_set(arena, out, value_get_str(yaml, "name").p, value_get(yaml, key));
    }
}

static void room_given(struct arena *arena, const struct laid_field *field, struct value *out)
{
    Str name = value_get_str(field->yaml, "name");
    const struct value *room = value_get(field->rooms, name.p);
    if (room != NULL) {
        value_set(arena, out, name.p, room);
    }
}

static enum status row_check(struct cx *cx, const struct laid_row *row)
{
    static const char *const keys[] = {"row:t", "print:t", "span:b", "requests:l", "fields:l",
                                       "own:t", "party:m", "tick:t", "heading:t",  NULL};
    TRY(shape_check(cx, row->file, row->yaml, keys));
    return value_get_str(row->yaml, "row").n > 0
               ? OK
               : form_fault(cx, row->file, row->yaml, "row without label", STR(""));
}

/* --- what the parties of a filing say already --- */

/* party: {role: ROLE, of: WHOM} */
static enum status row_party(struct cx *cx, const struct laid_row *laid, struct form_row *row)
{
    static const char *const keys[] = {"role:t", "of:t", NULL};
    static const char *const whom[] = {"any",    "person",      "body",    "agent",
                                       "lawyer", "other-agent", "guardian"};
    const struct value *party = value_get(laid->yaml, "party");
    if (party == NULL) {
        row->role = "";
        return OK;
    }
    TRY(shape_check(cx, laid->file, party, keys));
    row->role = value_get_str(party, "role").p;
    for (size_t i = 0; i < sizeof whom / sizeof whom[0]; i++) {
        if (str_is(value_get_str(party, "of"), whom[i])) {
            row->party = (enum form_party)i;
            return row->role[0] != '\0' ? OK
                                        : form_fault(cx, laid->file, party, "no role", STR(""));
        }
    }
    return form_fault(cx, laid->file, party, "row of nobody", value_get_str(party, "of"));
}

static bool is_laid(const struct laid_field *fields, uint32_t count, Str name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (str_same(value_get_str(fields[i].yaml, "name"), name)) {
            return true;
        }
    }
    return false;
}

/* Where a party says it: names in the order of choice, each of a field of parties, or of agents. */
static enum status from_prove(struct cx *cx, const struct form_loader *f,
                              const struct laid_field *fields, uint32_t at,
                              const struct form_row *row)
{
    const struct laid_field *field = &fields[at];
    Str from = value_get_str(field->yaml, "from");
    if (from.n > 0 && from.p[0] == '=') {
        return is_laid(fields, at, str_of(from.p + 1))
                   ? OK
                   : form_fault(cx, field->file, field->yaml, "no field before says that", from);
    }
    const struct field *parties = load_element(f->loader, STR("parties"));
    const struct field *agents =
        parties == NULL ? NULL : field_find(parties->fields, parties->field_count, STR("agents"));
    bool agent = row->party >= FORM_PARTY_AGENT && row->party <= FORM_PARTY_OTHER_AGENT;
    const struct field *in = agent ? agents : parties;
    Str *names = NULL;
    size_t count = str_split(cx->arena, from, '/', &names);
    for (size_t i = 0; from.n > 0 && i < count; i++) {
        Str *parts = NULL;
        (void)str_split(cx->arena, names[i], ':', &parts);
        if (row->role[0] == '\0' || in == NULL ||
            (!str_is(names[i], "have") &&
             field_find(in->fields, in->field_count, parts[0]) == NULL)) {
            return form_fault(cx, field->file, field->yaml, "no party says that", names[i]);
        }
    }
    return OK;
}

/* A field is asked in a filing when no party says it; then it hangs on nothing that one says. */
static struct laid_field *fields_asked(struct arena *arena, const struct laid_field *fields,
                                       uint32_t count, const char *const *labels,
                                       const char **asked_labels, uint32_t *asked_count)
{
    struct laid_field *asked = arena_array(arena, struct laid_field, count);
    const char *label = NULL;
    *asked_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        label = labels[i] != NULL ? labels[i] : label;
        if (value_get(fields[i].yaml, "from") == NULL) {
            asked_labels[*asked_count] = label;
            asked[(*asked_count)++] = fields[i];
            label = NULL;
        }
    }
    return asked;
}

static void when_loosen(struct arena *scratch, struct laid_field *fields, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct value *when = value_get(fields[i].yaml, "when");
        if (when != NULL && !is_laid(fields, count, value_get_str(when, "field"))) {
            struct value *free = value_map(scratch);
            free->line = fields[i].yaml->line;
            for (uint32_t k = 0; k < fields[i].yaml->count; k++) {
                const struct member *member = &fields[i].yaml->as.members[k];
                if (!str_is(member->key, "when") && !str_is(member->key, "required")) {
                    value_set_key(scratch, free, member->key, member->value);
                }
            }
            value_set_bool(scratch, free, "required", false);
            fields[i].yaml = free;
        }
    }
}

/* The element that a filing asks, and all that the form asks: the same where no party says
 * anything of it. */
static enum status section_groups(struct cx *cx, const struct form_loader *f, const char *file,
                                  const struct value *yaml, const struct laid_field *fields,
                                  uint32_t count, const char *const *labels,
                                  struct form_section *out)
{
    struct loader *loader = f->loader;
    const char *asked_labels[FORM_FIELDS_MAX] = {NULL};
    uint32_t asked_count = 0;
    struct laid_field *asked =
        fields_asked(f->scratch, fields, count, labels, asked_labels, &asked_count);
    struct field *element = &loader->elements[loader->element_count];
    const struct value *title = value_get(yaml, "title");
    if (asked_count > 0) {
        const struct value *said = value_get(yaml, "asked");
        when_loosen(f->scratch, asked, asked_count);
        TRY(section_group(cx, f->scratch, file, yaml, said == NULL ? title : said, asked,
                          asked_count, asked_labels, element));
        loader->element_count += 1;
        out->asked = element;
    }
    out->group = out->asked;
    if (asked_count < count) {
        struct field *whole = arena_new(cx->arena, struct field);
        TRY(section_group(cx, f->scratch, file, yaml, title, fields, count, labels, whole));
        whole->version = out->version;
        out->group = whole;
    }
    arena_reset(f->scratch);
    return OK;
}

static enum status section_rows(struct cx *cx, const struct form_loader *f, const char *file,
                                const struct value *yaml, const struct laid_row *laid,
                                uint32_t count, struct form_section *out)
{
    struct laid_field fields[FORM_FIELDS_MAX];
    const char *labels[FORM_FIELDS_MAX] = {NULL};
    uint32_t ends[FORM_ROWS_MAX];
    uint32_t total = 0;
    struct form_row *rows = arena_array(cx->arena, struct form_row, count);
    struct value *lists = value_map(cx->arena);
    struct value *official = value_map(cx->arena);
    struct value *from = value_map(cx->arena);
    struct value *rooms = value_map(cx->arena);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t first = total;
        const char *label = value_get_str(laid[i].yaml, "row").p;
        TRY(row_check(cx, &laid[i]));
        TRY(form_fields_lay(cx, f, &laid[i], fields, &total));
        ends[i] = total;
        TRY(row_party(cx, &laid[i], &rows[i]));
        for (uint32_t k = first; k < total; k++) {
            TRY(from_prove(cx, f, fields, k, &rows[i]));
            keyed_add(cx->arena, fields[k].yaml, "from", from);
            keyed_add(cx->arena, fields[k].yaml, "print", lists);
            keyed_add(cx->arena, fields[k].yaml, "room", rooms);
            room_given(cx->arena, &fields[k], rooms);
            official_add(cx->arena, fields[k].yaml, official);
            labels[k] = k == first ? label : NULL;
        }
        rows[i] = (struct form_row){
            .role = rows[i].role,
            .party = rows[i].party,
            .label = label,
            .heading = value_get_str(laid[i].yaml, "heading").p,
            .print = value_get_str(laid[i].yaml, "print").p,
            .tick = value_get_str(laid[i].yaml, "tick").p,
            .span = value_get_bool(laid[i].yaml, "span"),
            .requests = value_get(laid[i].yaml, "requests"),
            .first = total > first ? value_get_str(fields[first].yaml, "name").p : NULL,
            .own = value_get_str(laid[i].yaml, "own").p};
    }
    TRY(section_groups(cx, f, file, yaml, fields, total, labels, out));
    out->from = from;
    out->rows = rows;
    out->row_count = count;
    out->prints = lists;
    out->rooms = rooms;
    out->official = official;
    for (uint32_t i = 0; i < count; i++) {
        TRY(form_print_prove(cx, f, laid[i].file, laid[i].yaml, rows[i].print, out->group->fields,
                             out->group->field_count));
        TRY(form_tick_prove(cx, &laid[i], out->group));
        TRY(form_requests_prove(cx, f, &laid[i], out->group));
        for (uint32_t k = i == 0 ? 0 : ends[i - 1]; k < ends[i]; k++) {
            TRY(form_field_prove(cx, f, &laid[i], &fields[k], out));
        }
    }
    return OK;
}

static enum status section_read(struct cx *cx, const struct form_loader *f, const char *file,
                                const struct value *yaml, int version, struct form_section **out)
{
    static const char *const keys[] = {"section:t",  "title:t", "asked:t",  "note:t", "help:t",
                                       "numbered:b", "rows:l",  "former:m", NULL};
    struct loader *loader = f->loader;
    struct laid_row laid[FORM_ROWS_MAX];
    uint32_t count = 0;
    struct form_section *section = arena_new(cx->arena, struct form_section);
    TRY(shape_check(cx, file, yaml, keys));
    Str name = value_get_str(yaml, "section");
    if (name.n == 0 || load_element_at(loader, name, version) != NULL) {
        return form_fault(cx, file, yaml, "section without a name of its own", name);
    }
    section->element = name.p;
    section->version = version;
    section->title = value_get_str(yaml, "title").p;
    section->note = value_get_str(yaml, "note").p;
    section->numbered = value_get(yaml, "numbered") == NULL || value_get_bool(yaml, "numbered");
    TRY(form_rows_lay(cx, f, file, value_get(yaml, "rows"), laid, &count));
    const struct value *former = value_get(yaml, "former");
    if (text_is(file, f->file) && former != NULL) {
        return form_fault(cx, file, former, "former of a form stands at its head", name);
    }
    TRY(section_rows(cx, f, file, yaml, laid, count, section));
    if (section->asked != NULL) {
        struct field *asked = &loader->elements[section->asked - loader->elements];
        asked->version = version;
        asked->former = former;
    }
    *out = section;
    return OK;
}

/* A shared section is read once: its element is the same for every form. */
enum status form_section_find(struct cx *cx, struct form_loader *f, const struct value *item,
                              int form_version, struct form_section **out)
{
    static const char *const use_keys[] = {"use:t", NULL};
    const char *file = NULL;
    struct value *yaml = NULL;
    Str name = {"", 0};
    int version = form_version;
    if (value_get(item, "use") == NULL) {
        return section_read(cx, f, f->file, item, version, out);
    }
    TRY(shape_check(cx, f->file, item, use_keys));
    (void)ref_split(cx->arena, value_get_str(item, "use"), &name, &version);
    for (uint32_t i = 0; i < f->known_count; i++) {
        if (str_is(name, f->known[i]->element) && f->known[i]->version == version) {
            *out = f->known[i];
            return OK;
        }
    }
    TRY(form_shared_read(cx, f, "sections", "section", f->file, item, &file, &yaml));
    TRY(section_read(cx, f, file, yaml, version, out));
    if ((*out)->asked != NULL) {
        f->loader->elements[(*out)->asked - f->loader->elements].file = file;
    }
    (*out)->shared = true;
    f->known[f->known_count++] = *out;
    return OK;
}
