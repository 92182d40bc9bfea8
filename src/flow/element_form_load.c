/* HOW IT WORKS. A form's text names rows and sections that it shares; they are laid in first, so
 * that each section is one list of rows. What only the table needs (row, print, requests, official,
 * ours) is then taken off, and what is left is an element as any file of data/elements/ is, read by
 * field_read(). The proofs come last: whatever a row prints must be there, and whatever the
 * official form asks must be printed. */
#include <string.h>

#include "base/yaml.h"
#include "flow/element_block.h"
#include "flow/element_calculator.h"
#include "flow/element_reply.h"
#include "flow/procedure_int.h"
#include "flow/shape.h"

enum { SECTIONS_MAX = 12, ROWS_MAX = 80, FIELDS_MAX = 160, SCRATCH_BYTES_MAX = 16 * 1024 * 1024 };

/* A row with the file that it stands in. */
struct laid_row {
    const char *file;
    const struct value *yaml;
    const struct value *examples; /* of the form that lays it in: name of a field to its example */
    const struct value *rooms;    /* likewise, to what is printed where nothing is said */
};

struct laid_field {
    const char *file;
    const struct value *yaml;
    const struct value *examples;
    const struct value *rooms;
};

struct form_loader {
    struct loader *loader;
    const struct procedure_source *sources;
    uint32_t source_count;
    const char *file;      /* of the form */
    struct value **parsed; /* by source: what forms share is parsed once */
    struct arena *scratch; /* for trees that nothing points to when a section is read */
};

static enum status fault(struct cx *cx, const char *file, const struct value *at, const char *why,
                         Str what)
{
    return FAIL(cx, E_READ, "data-unreadable", "%s:%u: %s: %.*s", file, at == NULL ? 0 : at->line,
                why, STR_ARG(what));
}

/* The text data/forms/KIND/NAME.yaml, whose first key says its name again. */
static enum status shared_read(struct cx *cx, const struct form_loader *f, const char *kind,
                               const char *key, const char *at_file, const struct value *at,
                               const char **file, struct value **yaml)
{
    bool sections = strcmp(kind, "sections") == 0;
    int version = 1;
    Str name = value_get_str(at, sections || strcmp(kind, "answers") == 0 ? "use" : key);
    Str own = name; /* of a section without its version: that is the name of its answers */
    if (sections && !ref_split(cx->arena, name, &own, &version)) {
        return fault(cx, at_file, at, "no such version", name);
    }
    const char *path = arena_printf(cx->arena, "forms/%s/%s.yaml", kind, name.p);
    uint32_t i = 0;
    while (i < f->source_count && !text_is(f->sources[i].path, path)) {
        i++;
    }
    if (i == f->source_count) {
        int letters = (int)strlen(kind) - (strcmp(kind, "rows") != 0); /* no such section */
        return fault(cx, at_file, at, arena_printf(cx->arena, "no such %.*s", letters, kind), name);
    }
    *file = f->sources[i].path;
    if (f->parsed[i] == NULL) {
        TRY(yaml_read(cx, *file, f->sources[i].text, &f->parsed[i]));
    }
    *yaml = f->parsed[i];
    Str said = value_get_str(*yaml, key);
    return str_same(said, own) ? OK : fault(cx, path, *yaml, "not named as its file", said);
}

/* --- laying in what is shared --- */

/* Examples and rooms that a form gives to shared rows are of fields that they ask. */
static enum status named_prove(struct cx *cx, const char *file, const struct value *named,
                               const struct value *rows)
{
    for (uint32_t i = 0; i < value_count(named); i++) {
        Str name = named->as.members[i].key;
        bool found = false;
        for (uint32_t k = 0; k < value_count(rows); k++) {
            const struct value *row = value_item(rows, k);
            const struct value *fields = value_get(row, "fields");
            found = found || str_same(value_get_str(row, "name"), name);
            for (uint32_t n = 0; n < value_count(fields); n++) {
                found = found || str_same(value_get_str(value_item(fields, n), "name"), name);
            }
        }
        if (!found) {
            return fault(cx, file, named, "example of what the rows do not ask", name);
        }
    }
    return OK;
}

static enum status rows_lay(struct cx *cx, const struct form_loader *f, const char *file,
                            const struct value *list, struct laid_row *out, uint32_t *count)
{
    static const char *const shared_keys[] = {"rows:t", "list:l", NULL};
    static const char *const use_keys[] = {"rows:t", "examples:m", "rooms:m", NULL};
    for (uint32_t i = 0; i < value_count(list); i++) {
        const struct value *item = value_item(list, i);
        if (value_get(item, "rows") == NULL) {
            if (*count == ROWS_MAX) {
                return fault(cx, file, item, "too many rows", STR(""));
            }
            out[(*count)++] = (struct laid_row){file, item, NULL, NULL};
            continue;
        }
        const char *inner = NULL;
        struct value *yaml = NULL;
        TRY(shape_check(cx, file, item, use_keys));
        TRY(shared_read(cx, f, "rows", "rows", file, item, &inner, &yaml));
        TRY(shape_check(cx, inner, yaml, shared_keys));
        const struct value *shared = value_get(yaml, "list");
        const struct value *examples = value_get(item, "examples");
        const struct value *rooms = value_get(item, "rooms");
        TRY(named_prove(cx, file, examples, shared));
        TRY(named_prove(cx, file, rooms, shared));
        for (uint32_t k = 0; k < value_count(shared); k++) {
            if (*count == ROWS_MAX || value_get(value_item(shared, k), "rows") != NULL) {
                return fault(cx, inner, shared, "too many rows, or rows within rows", STR(""));
            }
            out[(*count)++] = (struct laid_row){inner, value_item(shared, k), examples, rooms};
        }
    }
    return OK;
}

static enum status fields_lay(struct cx *cx, const struct form_loader *f,
                              const struct laid_row *row, struct laid_field *out, uint32_t *count)
{
    struct laid_row laid[ROWS_MAX];
    uint32_t rows = 0;
    TRY(rows_lay(cx, f, row->file, value_get(row->yaml, "fields"), laid, &rows));
    for (uint32_t i = 0; i < rows; i++) {
        if (*count == FIELDS_MAX) {
            return fault(cx, row->file, row->yaml, "too many fields", STR(""));
        }
        const struct value *examples = laid[i].examples != NULL ? laid[i].examples : row->examples;
        out[(*count)++] = (struct laid_field){laid[i].file, laid[i].yaml, examples,
                                              row->rooms != NULL ? row->rooms : laid[i].rooms};
    }
    return OK;
}

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

/* --- proofs --- */

static bool prints(struct arena *arena, const char *print, Str name)
{
    size_t at = 0;
    struct form_hole hole;
    while (form_hole_next(arena, str_of(print), &at, &hole)) {
        if (hole.bracket == 0 && str_same(hole.name, name)) {
            return true;
        }
    }
    return false;
}

static const struct option *option_of(const struct field *field, Str value)
{
    static const struct option yes_no[] = {{"true", "是"}, {"false", "否"}};
    const struct option *options = field->type == FIELD_YES_NO ? yes_no : field->options;
    uint32_t count = field->type == FIELD_YES_NO ? 2 : field->option_count;
    for (uint32_t i = 0; i < count; i++) {
        if (str_is(value, options[i].value)) {
            return &options[i];
        }
    }
    return NULL;
}

/* A box is of options that there are. */
static enum status hole_prove(struct cx *cx, const char *file, const struct value *at,
                              const struct form_hole *hole, const struct field *field)
{
    Str *options = NULL;
    size_t count = str_split(cx->arena, hole->option, ',', &options);
    bool of_all = str_is(hole->option, FORM_EACH) || str_is(hole->option, FORM_CHOSEN);
    if (of_all && field->option_count > 0) {
        return OK;
    }
    for (size_t i = 0; hole->option.n > 0 && i < count; i++) {
        if (option_of(field, options[i]) == NULL) {
            return fault(cx, file, at, "prints an option that there is not", options[i]);
        }
    }
    return OK;
}

static enum status given_prove(struct cx *cx, const char *file, const struct value *at, Str said,
                               const struct field *fields, uint32_t count)
{
    Str *names = NULL;
    size_t name_count = str_split(cx->arena, said, '/', &names);
    for (size_t i = 0; i < name_count; i++) {
        if (field_find(fields, count, names[i]) == NULL) {
            return fault(cx, file, at, "box of what nobody asks", names[i]);
        }
    }
    return OK;
}

/* Every name of a template is a field here or an element; options are options of it. */
static enum status print_prove(struct cx *cx, const struct form_loader *f, const char *file,
                               const struct value *at, const char *print,
                               const struct field *fields, uint32_t count)
{
    size_t offset = 0;
    int open = 0;
    struct form_hole hole;
    while (form_hole_next(cx->arena, str_of(print), &offset, &hole)) {
        open += hole.bracket == '[' ? 1 : hole.bracket == ']' ? -1 : 0;
        if (open < 0 || open > 1) {
            return fault(cx, file, at, "brackets do not match", str_of(print));
        }
        if (hole.bracket != 0 || hole.name.n == 0 || str_is(hole.name, "n")) {
            continue;
        }
        if (str_is(hole.option, FORM_GIVEN)) {
            TRY(given_prove(cx, file, at, hole.name, fields, count));
            continue;
        }
        const struct field *field = field_find(fields, count, hole.name);
        if (field == NULL) {
            field = load_element(f->loader, hole.name);
        }
        if (field == NULL) {
            return fault(cx, file, at, "prints what nobody asks", hole.name);
        }
        TRY(hole_prove(cx, file, at, &hole, field));
    }
    return open == 0 ? OK : fault(cx, file, at, "brackets do not match", str_of(print));
}

static enum status requests_prove(struct cx *cx, const struct form_loader *f,
                                  const struct laid_row *row, const struct field *group)
{
    static const char *const keys[] = {"text:t", "when:m", NULL};
    static const char *const when_keys[] = {"field:t", "in:l", NULL};
    const struct value *requests = value_get(row->yaml, "requests");
    for (uint32_t i = 0; i < value_count(requests); i++) {
        const struct value *request = value_item(requests, i);
        const struct value *when = value_get(request, "when");
        TRY(shape_check(cx, row->file, request, keys));
        TRY(print_prove(cx, f, row->file, request, value_get_str(request, "text").p, group->fields,
                        group->field_count));
        if (when != NULL) {
            TRY(shape_check(cx, row->file, when, when_keys));
            Str name = value_get_str(when, "field");
            if (field_find(group->fields, group->field_count, name) == NULL ||
                value_count(value_get(when, "in")) == 0) {
                return fault(cx, row->file, when, "request on what the section does not ask", name);
            }
        }
    }
    return OK;
}

/* The box before a label is ticked by a question of yes or no. */
static enum status tick_prove(struct cx *cx, const struct laid_row *row, const struct field *group)
{
    Str name = value_get_str(row->yaml, "tick");
    const struct field *field = field_find(group->fields, group->field_count, name);
    return name.n == 0 || (field != NULL && field->type == FIELD_YES_NO)
               ? OK
               : fault(cx, row->file, row->yaml, "box that no yes or no ticks", name);
}

/* What the official form asks stands in the row's print; a list prints its items. */
static enum status field_prove(struct cx *cx, const struct form_loader *f,
                               const struct laid_row *row, const struct laid_field *field,
                               const struct form_section *section)
{
    Str name = value_get_str(field->yaml, "name");
    const struct field *read =
        field_find(section->group->fields, section->group->field_count, name);
    const char *item = value_get_str(section->prints, name.p).p;
    if (value_get_str(field->yaml, "help").n == 0) {
        return fault(cx, field->file, field->yaml, "field without help", name);
    }
    if (read->type == FIELD_LIST) {
        TRY(print_prove(cx, f, field->file, field->yaml, item, read->fields, read->field_count));
    }
    if (value_get(field->yaml, "room") != NULL &&
        (read->option_count > 0 || read->type == FIELD_YES_NO)) {
        return fault(cx, field->file, field->yaml, "room in a choice, which prints its boxes",
                     name);
    }
    if (value_get_bool(field->yaml, "ours")) {
        return OK;
    }
    if (!prints(cx->arena, value_get_str(row->yaml, "print").p, name) &&
        !str_same(value_get_str(row->yaml, "tick"), name)) {
        return fault(cx, field->file, field->yaml, "official field that its row does not print",
                     name);
    }
    for (uint32_t i = 0; i < read->field_count && read->type == FIELD_LIST; i++) {
        if (!prints(cx->arena, item, str_of(read->fields[i].name))) {
            return fault(cx, field->file, field->yaml, "official field that its row does not print",
                         str_of(read->fields[i].name));
        }
    }
    return OK;
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
               : fault(cx, row->file, row->yaml, "row without label", STR(""));
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
            return row->role[0] != '\0' ? OK : fault(cx, laid->file, party, "no role", STR(""));
        }
    }
    return fault(cx, laid->file, party, "row of nobody", value_get_str(party, "of"));
}

/* Where a party says it: names in the order of choice, each of a field of parties, or of agents. */
static enum status from_prove(struct cx *cx, const struct form_loader *f,
                              const struct laid_field *field, const struct form_row *row)
{
    Str from = value_get_str(field->yaml, "from");
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
            return fault(cx, field->file, field->yaml, "no party says that", names[i]);
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

static bool is_asked(const struct laid_field *fields, uint32_t count, Str name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (str_same(value_get_str(fields[i].yaml, "name"), name)) {
            return true;
        }
    }
    return false;
}

static void when_loosen(struct arena *scratch, struct laid_field *fields, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct value *when = value_get(fields[i].yaml, "when");
        if (when != NULL && !is_asked(fields, count, value_get_str(when, "field"))) {
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
    const char *asked_labels[FIELDS_MAX] = {NULL};
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
    struct laid_field fields[FIELDS_MAX];
    const char *labels[FIELDS_MAX] = {NULL};
    uint32_t ends[ROWS_MAX];
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
        TRY(fields_lay(cx, f, &laid[i], fields, &total));
        ends[i] = total;
        TRY(row_party(cx, &laid[i], &rows[i]));
        for (uint32_t k = first; k < total; k++) {
            TRY(from_prove(cx, f, &fields[k], &rows[i]));
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
        TRY(print_prove(cx, f, laid[i].file, laid[i].yaml, rows[i].print, out->group->fields,
                        out->group->field_count));
        TRY(tick_prove(cx, &laid[i], out->group));
        TRY(requests_prove(cx, f, &laid[i], out->group));
        for (uint32_t k = i == 0 ? 0 : ends[i - 1]; k < ends[i]; k++) {
            TRY(field_prove(cx, f, &laid[i], &fields[k], out));
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
    struct laid_row laid[ROWS_MAX];
    uint32_t count = 0;
    struct form_section *section = arena_new(cx->arena, struct form_section);
    TRY(shape_check(cx, file, yaml, keys));
    Str name = value_get_str(yaml, "section");
    if (name.n == 0 || load_element_at(loader, name, version) != NULL) {
        return fault(cx, file, yaml, "section without a name of its own", name);
    }
    section->element = name.p;
    section->version = version;
    section->title = value_get_str(yaml, "title").p;
    section->note = value_get_str(yaml, "note").p;
    section->numbered = value_get(yaml, "numbered") == NULL || value_get_bool(yaml, "numbered");
    TRY(rows_lay(cx, f, file, value_get(yaml, "rows"), laid, &count));
    const struct value *former = value_get(yaml, "former");
    if (text_is(file, f->file) && former != NULL) {
        return fault(cx, file, former, "former of a form stands at its head", name);
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

/* --- a form --- */

/* A shared section is read once: its element is the same for every form. */
static enum status section_find(struct cx *cx, const struct form_loader *f,
                                const struct value *item, int form_version,
                                struct form_section **known, uint32_t *known_count,
                                struct form_section **out)
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
    for (uint32_t i = 0; i < *known_count; i++) {
        if (str_is(name, known[i]->element) && known[i]->version == version) {
            *out = known[i];
            return OK;
        }
    }
    TRY(shared_read(cx, f, "sections", "section", f->file, item, &file, &yaml));
    TRY(section_read(cx, f, file, yaml, version, out));
    if ((*out)->asked != NULL) {
        f->loader->elements[(*out)->asked - f->loader->elements].file = file;
    }
    (*out)->shared = true;
    known[(*known_count)++] = *out;
    return OK;
}

static enum status money_prove(struct cx *cx, const struct form_loader *f,
                               const struct element_form *form, const struct value *at, Str name)
{
    const struct field *field =
        field_find(form->claim->group->fields, form->claim->group->field_count, name);
    return field != NULL && field->type == FIELD_MONEY
               ? OK
               : fault(cx, f->file, at, "no amount of the first section", name);
}

/* What is computed has somewhere to go. */
static enum status counted_prove(struct cx *cx, const struct form_loader *f,
                                 const struct value *yaml, const struct element_form *form)
{
    const struct field *group = form->claim->group;
    Str missing = {"", 0};
    for (uint32_t i = 0; i < value_count(form->counted); i++) {
        Str name = value_as_str(form->counted->as.members[i].value);
        if (field_find(group->fields, group->field_count, name) == NULL) {
            return fault(cx, f->file, form->counted, "counted into what nobody asks", name);
        }
    }
    return calculators_prove(form, &missing)
               ? OK
               : fault(cx, f->file, yaml, "a calculator needs of the first section", missing);
}

static enum status claim_prove(struct cx *cx, const struct form_loader *f, const struct value *yaml,
                               struct element_form *form)
{
    const struct field *group = form->claim->group;
    if (form->total[0] != '\0' || element_form_is_civil(form)) {
        TRY(money_prove(cx, f, form, yaml, str_of(form->total)));
    }
    for (uint32_t i = 0; i < value_count(form->sum); i++) {
        TRY(money_prove(cx, f, form, form->sum, value_as_str(value_item(form->sum, i))));
    }
    const struct field *place = field_find(group->fields, group->field_count, str_of(form->place));
    if (form->place[0] != '\0' && (place == NULL || place->type != FIELD_ADDRESS)) {
        return fault(cx, f->file, yaml, "no address of the first section", str_of(form->place));
    }
    return counted_prove(cx, f, yaml, form);
}

static bool number_is_known(const struct law_tables *tables, Str number)
{
    for (int i = 0; tables != NULL && i < tables->cause_count; i++) {
        if (str_same(tables->causes[i].form_no, number)) {
            return true;
        }
    }
    return tables == NULL;
}

static const char *text_or(const struct value *yaml, const char *key, const char *otherwise)
{
    return value_get(yaml, key) == NULL ? otherwise : value_get_str(yaml, key).p;
}

static enum status form_head(struct cx *cx, const struct form_loader *f, const struct value *yaml,
                             struct element_form *form)
{
    static const char *const keys[] = {
        "form:t",  "number:t", "title:t",   "about:t",    "kind:t",    "document:t", "signer:t",
        "notes:t", "total:t",  "sum:l",     "sections:l", "place:t",   "answer:m",   "former:m",
        "head:t",  "after:t",  "caption:t", "parties:l",  "counted:m", NULL};
    static const char *const kinds[] = {
        "civil",       "administrative",      "private-prosecution", "state-compensation",
        "enforcement", "enforcement-request", "enforcement-review"};
    TRY(shape_check(cx, f->file, yaml, keys));
    Str kind = value_get(yaml, "kind") == NULL ? STR("civil") : value_get_str(yaml, "kind");
    *form =
        (struct element_form){.name = value_get_str(yaml, "form").p,
                              .number = value_get_str(yaml, "number").p,
                              .title = value_get_str(yaml, "title").p,
                              .about = value_get_str(yaml, "about").p,
                              .kind = kind.p,
                              .document = text_or(yaml, "document", "民事起诉状"),
                              .signer = text_or(yaml, "signer", "具状人（签字、盖章）"),
                              .caption = text_or(yaml, "caption", value_get_str(yaml, "title").p),
                              .notes = text_or(yaml, "notes", ""),
                              .after = text_or(yaml, "after", ""),
                              .total = value_get_str(yaml, "total").p,
                              .sum = value_get(yaml, "sum"),
                              .place = value_get_str(yaml, "place").p,
                              .file = f->file,
                              .former = value_get(yaml, "former"),
                              .counted = value_get(yaml, "counted")};
    Str path = str_of(f->file);
    Str number = {"", 0};
    if (form->name[0] == '\0' || form->title[0] == '\0' ||
        !ref_split(cx->arena, str_slice(cx->arena, path, strlen("forms/"), path.n - 5), &number,
                   &form->version) ||
        !str_is(number, form->number)) {
        return fault(cx, f->file, yaml, "form without name and title, or not numbered as its file",
                     str_of(form->number));
    }
    if (!field_value_in(value_str(cx->arena, kind), kinds, sizeof kinds / sizeof kinds[0])) {
        return fault(cx, f->file, yaml, "no such kind of case", kind);
    }
    return !element_form_is_civil(form) ||
                   number_is_known(f->loader->world->tables, str_of(form->number))
               ? OK
               : fault(cx, f->file, yaml, "no cause has the form", str_of(form->number));
}

static void section_asked_by(struct arena *arena, struct loader *loader,
                             const struct form_section *section, const struct element_form *form)
{
    if (section->asked != NULL &&
        strstr(section->asked->forms, arena_printf(arena, " %s ", form->number)) == NULL) {
        struct field *element = &loader->elements[section->asked - loader->elements];
        element->forms = arena_printf(
            arena, "%s%s ", element->forms[0] == '\0' ? " " : element->forms, form->number);
    }
}

/* Whoever files a case of another kind chooses its form by the element form-KIND. */
static enum status choice_prove(struct cx *cx, const struct form_loader *f,
                                const struct value *yaml, const struct element_form *form)
{
    const struct field *choice =
        load_element(f->loader, str_printf(cx->arena, FORM_CHOICE "%s", form->kind));
    for (uint32_t i = 0; choice != NULL && i < choice->option_count; i++) {
        if (text_is(choice->options[i].value, form->number)) {
            return OK;
        }
    }
    return choice == NULL || element_form_is_civil(form)
               ? OK
               : fault(cx, f->file, yaml, "form that nobody can choose: an option of form-KIND",
                       str_of(form->number));
}

/* `head: NAME`: explanations that forms share, data/forms/heads/NAME.yaml. */
static enum status head_read(struct cx *cx, const struct form_loader *f, const struct value *yaml,
                             struct element_form *form)
{
    static const char *const keys[] = {"head:t", "notes:t", NULL};
    const char *file = NULL;
    struct value *shared = NULL;
    if (value_get(yaml, "head") == NULL) {
        return OK;
    }
    TRY(shared_read(cx, f, "heads", "head", f->file, yaml, &file, &shared));
    TRY(shape_check(cx, file, shared, keys));
    form->notes = value_get_str(shared, "notes").p;
    return OK;
}

/* `answer: {use: NAME}`: an official answer of many forms, data/forms/answers/NAME.yaml. */
static enum status answer_read(struct cx *cx, const struct form_loader *f, const struct value *yaml,
                               struct element_form *form)
{
    static const char *const use_keys[] = {"use:t", NULL};
    static const char *const keys[] = {"answer:t", "claim:l", "facts:l", "note:t", NULL};
    const struct value *answer = value_get(yaml, "answer");
    const char *file = NULL;
    struct value *shared = NULL;
    if (value_get(answer, "use") == NULL) {
        return form_replies_read(cx, f->file, answer, form);
    }
    TRY(shape_check(cx, f->file, answer, use_keys));
    TRY(shared_read(cx, f, "answers", "answer", f->file, answer, &file, &shared));
    TRY(shape_check(cx, file, shared, keys));
    struct value *own = value_merge(cx->arena, shared, NULL);
    value_remove(own, "answer");
    return form_replies_read(cx, file, own, form);
}

static enum status form_read(struct cx *cx, const struct form_loader *f, const struct value *yaml,
                             struct form_section **known, uint32_t *known_count,
                             struct element_form *form)
{
    TRY(form_head(cx, f, yaml, form));
    TRY(head_read(cx, f, yaml, form));
    const struct value *list = value_get(yaml, "sections");
    uint32_t count = value_count(list);
    if (count < 2 || count > SECTIONS_MAX) {
        return fault(cx, f->file, yaml, "sections missing or too many", str_of(form->name));
    }
    const struct form_section **sections =
        arena_array(cx->arena, const struct form_section *, count);
    for (uint32_t i = 0; i < count; i++) {
        struct form_section *section = NULL;
        TRY(section_find(cx, f, value_item(list, i), form->version, known, known_count, &section));
        section_asked_by(cx->arena, f->loader, section, form);
        sections[i] = section;
    }
    form->sections = sections;
    form->section_count = count;
    for (uint32_t i = count; i > 0; i--) {
        form->claim = sections[i - 1]->shared ? form->claim : sections[i - 1];
    }
    if (form->claim == NULL) {
        return fault(cx, f->file, yaml, "form without a section of its own", str_of(form->name));
    }
    TRY(claim_prove(cx, f, yaml, form));
    TRY(form_blocks_read(cx, f->file, value_get(yaml, "parties"), form));
    TRY(choice_prove(cx, f, yaml, form));
    return answer_read(cx, f, yaml, form);
}

/* "forms/09.yaml", not what lies in a folder of its own. */
static bool is_form(const char *path)
{
    return strncmp(path, "forms/", 6) == 0 && strchr(path + 6, '/') == NULL;
}

enum status load_element_forms(struct cx *cx, struct loader *loader,
                               const struct procedure_source *sources, uint32_t count)
{
    struct element_forms *forms = arena_new(cx->arena, struct element_forms);
    struct element_form *all = arena_array(cx->arena, struct element_form, count);
    struct form_section **known = arena_array(cx->arena, struct form_section *, count);
    struct form_loader f = {.loader = loader,
                            .sources = sources,
                            .source_count = count,
                            .parsed = arena_array(cx->arena, struct value *, count),
                            .scratch = arena_open(SCRATCH_BYTES_MAX)};
    uint32_t known_count = 0;
    enum status status = OK;
    for (uint32_t i = 0; i < count && status == OK; i++) {
        struct value *yaml = NULL;
        if (!is_form(sources[i].path)) {
            continue;
        }
        f.file = sources[i].path;
        status = yaml_read(cx, f.file, sources[i].text, &yaml);
        status = status != OK ? status
                              : form_read(cx, &f, yaml, known, &known_count, &all[forms->count]);
        forms->count += status == OK;
    }
    arena_close(f.scratch);
    TRY(status);
    forms->all = all;
    forms->elements = loader->elements;
    forms->element_count = loader->element_count;
    loader->forms = forms->count == 0 ? NULL : forms;
    return OK;
}
