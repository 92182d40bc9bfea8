/* Kinds of batches out of data/batches/, proved against the procedures they file by. */
#include "base/yaml.h"
#include "flow/batch.h"

struct loader {
    struct cx *cx;
    const char *file;
    struct batch_kind *kind;
};

static enum status fault(const struct loader *l, const struct value *at, const char *why, Str what)
{
    return FAIL(l->cx, E_READ, "data-unreadable", "%s:%u: %s: %.*s", l->file,
                at == NULL ? 0 : at->line, why, STR_ARG(what));
}

static enum status keys_known(const struct loader *l, const struct value *map,
                              const char *const *known)
{
    for (uint32_t i = 0; i < value_count(map); i++) {
        bool found = false;
        for (size_t k = 0; known[k] != NULL; k++) {
            found = found || str_is(map->as.members[i].key, known[k]);
        }
        if (!found) {
            return fault(l, map->as.members[i].value, "unknown key", map->as.members[i].key);
        }
    }
    return OK;
}

static bool is_index(Str part)
{
    int64_t number = 0;
    return str_int(part, &number);
}

/* The field at a path of the act's form: "parties.1.name". */
static const struct field *field_at(struct arena *arena, const struct act *act, Str path)
{
    Str *parts = NULL;
    size_t count = str_split(arena, path, '.', &parts);
    const struct field *at = NULL;
    for (uint32_t i = 0; i < act->form_count; i++) {
        at = str_is(parts[0], act->form[i]->name) ? act->form[i] : at;
    }
    for (size_t i = 1; i < count && at != NULL; i++) {
        if (at->type == FIELD_LIST && is_index(parts[i]) && ++i == count) {
            return NULL; /* a whole item */
        }
        at = at->type == FIELD_LIST || at->type == FIELD_GROUP
                 ? field_find(at->fields, at->field_count, parts[i])
                 : NULL;
    }
    return at;
}

static bool takes_material(const struct act *act, Str kind)
{
    for (uint32_t i = 0; i < act->material_count; i++) {
        if (str_is(kind, act->materials[i].kind)) {
            return true;
        }
    }
    return false;
}

/* --- columns --- */

static enum status path_read(const struct loader *l, const struct value *yaml, const char *key,
                             const char **path, const struct field **field)
{
    Str text = value_get_str(yaml, key);
    *path = text.p;
    *field = field_at(l->cx->arena, l->kind->act, text);
    bool group = *field != NULL && (*field)->type == FIELD_GROUP;
    return *field == NULL || group ? fault(l, yaml, "no field of the form", text) : OK;
}

static enum status column_use(const struct loader *l, const struct value *yaml,
                              struct batch_column *column)
{
    struct cx *cx = l->cx;
    Str use = value_get_str(yaml, "use");
    Str files = value_get_str(yaml, "files");
    if (files.n > 0) {
        column->use = BATCH_NAMES;
        column->kind = files.p;
        return takes_material(l->kind->act, files) ? OK : fault(l, yaml, "no material", files);
    }
    if (value_get_str(yaml, "lines").n > 0) {
        column->use = BATCH_LINES;
        column->item = value_get_str(yaml, "item").p;
        TRY(path_read(l, yaml, "lines", &column->path, &column->field));
        return column->field->type == FIELD_LIST &&
                       field_find(column->field->fields, column->field->field_count,
                                  str_of(column->item)) != NULL
                   ? OK
                   : fault(l, yaml, "no list with such an item", str_of(column->path));
    }
    if (value_get_str(yaml, "value").n > 0) {
        column->use = BATCH_VALUE;
        TRY(path_read(l, yaml, "value", &column->path, &column->field));
        return value_get(yaml, "or") == NULL
                   ? OK
                   : path_read(l, yaml, "or", &column->other, &column->other_field);
    }
    column->use = str_is(use, "key") ? BATCH_KEY : BATCH_COURT;
    return str_is(use, "key") || str_is(use, "court") ? OK : fault(l, yaml, "no such use", use);
}

static enum status column_read(const struct loader *l, const struct value *yaml,
                               struct batch_column *column)
{
    static const char *const known[] = {"title", "help", "example", "use",     "value",    "or",
                                        "lines", "item", "files",   "carried", "required", NULL};
    struct cx *cx = l->cx;
    TRY(keys_known(l, yaml, known));
    column->title = value_get_str(yaml, "title").p;
    column->help = value_get_str(yaml, "help").p;
    column->example = value_get_str(yaml, "example").p;
    column->required = value_get_bool(yaml, "required");
    column->carried = value_get_bool(yaml, "carried");
    if (column->title[0] == '\0') {
        return fault(l, yaml, "a column without title", STR(""));
    }
    return column_use(l, yaml, column);
}

static enum status columns_read(const struct loader *l, const struct value *list)
{
    struct cx *cx = l->cx;
    struct batch_kind *kind = l->kind;
    uint32_t keys = 0;
    uint32_t courts = 0;
    if (value_count(list) == 0 || value_count(list) > BATCH_COLUMNS_MAX) {
        return fault(l, list, "no columns, or too many", STR("columns"));
    }
    kind->columns = arena_array(cx->arena, struct batch_column, list->count);
    for (uint32_t i = 0; i < list->count; i++) {
        struct batch_column *column = &kind->columns[i];
        TRY(column_read(l, value_item(list, i), column));
        keys += column->use == BATCH_KEY;
        courts += column->use == BATCH_COURT;
        for (uint32_t k = 0; k < i; k++) {
            if (text_is(kind->columns[k].title, column->title)) {
                return fault(l, value_item(list, i), "a column twice", str_of(column->title));
            }
        }
    }
    kind->column_count = list->count;
    return keys == 1 && courts == 1 ? OK : fault(l, list, "one key and one court", STR("columns"));
}

/* --- kinds --- */

static enum status kind_read(const struct loader *l, const struct procedures *procedures,
                             const struct value *yaml)
{
    static const char *const known[] = {"batch",    "procedure", "act",     "title",
                                        "about",    "label",     "amount",  "asked-once",
                                        "defaults", "values",    "columns", NULL};
    struct cx *cx = l->cx;
    struct batch_kind *kind = l->kind;
    TRY(keys_known(l, yaml, known));
    kind->name = value_get_str(yaml, "batch").p;
    kind->title = value_get_str(yaml, "title").p;
    kind->about = value_get_str(yaml, "about").p;
    kind->label = value_get_str(yaml, "label").p;
    kind->amount = value_get_str(yaml, "amount").p;
    kind->asked_once = value_get(yaml, "asked-once");
    kind->defaults = value_get(yaml, "defaults");
    kind->values = value_get(yaml, "values");
    kind->procedure = procedure_find(procedures, value_get_str(yaml, "procedure"), 0);
    if (kind->procedure == NULL) {
        return fault(l, yaml, "no such procedure", value_get_str(yaml, "procedure"));
    }
    kind->act = procedure_act(kind->procedure, value_get_str(yaml, "act"));
    if (kind->act == NULL) {
        return fault(l, yaml, "no such act", value_get_str(yaml, "act"));
    }
    return columns_read(l, value_get(yaml, "columns"));
}

enum status batch_kinds_read(struct cx *cx, struct arena *arena, const struct share *share,
                             const struct procedures *procedures, const struct batch_kinds **out)
{
    const struct share_file *file = NULL;
    size_t count = share_list(share, "data/batches/", &file);
    struct batch_kinds *all = arena_new(arena, struct batch_kinds);
    struct batch_kind *kinds = arena_array(arena, struct batch_kind, count);
    struct cx mine; /* what is read lives as long as the program */
    cx_init(&mine, arena);
    all->kinds = kinds;
    for (size_t i = 0; i < count; i++) {
        struct value *yaml = NULL;
        struct loader l = {&mine, file[i].path, &kinds[i]};
        Str text = {(const char *)file[i].bytes, file[i].size};
        if (yaml_read(&mine, file[i].path, text, &yaml) != OK ||
            kind_read(&l, procedures, yaml) != OK) {
            cx->failure = mine.failure;
            return cx->failure.status;
        }
        all->count++;
    }
    *out = all;
    return OK;
}

const struct batch_kind *batch_kind_find(const struct batch_kinds *kinds, Str name)
{
    for (uint32_t i = 0; i < kinds->count; i++) {
        if (str_is(name, kinds->kinds[i].name)) {
            return &kinds->kinds[i];
        }
    }
    return NULL;
}
