/* Texts of data/forms/ as they lie, and the rows that they share laid into one list. */
#include <string.h>

#include "base/yaml.h"
#include "flow/element_form_int.h"
#include "flow/shape.h"

enum status form_fault(struct cx *cx, const char *file, const struct value *at, const char *why,
                       Str what)
{
    return FAIL(cx, E_READ, "data-unreadable", "%s:%u: %s: %.*s", file, at == NULL ? 0 : at->line,
                why, STR_ARG(what));
}

/* The text data/forms/KIND/NAME.yaml, whose first key says its name again. */
enum status form_shared_read(struct cx *cx, const struct form_loader *f, const char *kind,
                             const char *key, const char *at_file, const struct value *at,
                             const char **file, struct value **yaml)
{
    bool sections = strcmp(kind, "sections") == 0;
    int version = 1;
    Str name = value_get_str(at, sections || strcmp(kind, "answers") == 0 ? "use" : key);
    Str own = name; /* of a section without its version: that is the name of its answers */
    if (sections && !ref_split(cx->arena, name, &own, &version)) {
        return form_fault(cx, at_file, at, "no such version", name);
    }
    const char *path = arena_printf(cx->arena, "forms/%s/%s.yaml", kind, name.p);
    uint32_t i = 0;
    while (i < f->source_count && !text_is(f->sources[i].path, path)) {
        i++;
    }
    if (i == f->source_count) {
        int letters = (int)strlen(kind) - (strcmp(kind, "rows") != 0); /* no such section */
        return form_fault(cx, at_file, at, arena_printf(cx->arena, "no such %.*s", letters, kind),
                          name);
    }
    *file = f->sources[i].path;
    if (f->parsed[i] == NULL) {
        TRY(yaml_read(cx, *file, f->sources[i].text, &f->parsed[i]));
    }
    *yaml = f->parsed[i];
    Str said = value_get_str(*yaml, key);
    return str_same(said, own) ? OK : form_fault(cx, path, *yaml, "not named as its file", said);
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
            return form_fault(cx, file, named, "example of what the rows do not ask", name);
        }
    }
    return OK;
}

enum status form_rows_lay(struct cx *cx, const struct form_loader *f, const char *file,
                          const struct value *list, struct laid_row *out, uint32_t *count)
{
    static const char *const shared_keys[] = {"rows:t", "list:l", NULL};
    static const char *const use_keys[] = {"rows:t", "examples:m", "rooms:m", NULL};
    for (uint32_t i = 0; i < value_count(list); i++) {
        const struct value *item = value_item(list, i);
        if (value_get(item, "rows") == NULL) {
            if (*count == FORM_ROWS_MAX) {
                return form_fault(cx, file, item, "too many rows", STR(""));
            }
            out[(*count)++] = (struct laid_row){file, item, NULL, NULL};
            continue;
        }
        const char *inner = NULL;
        struct value *yaml = NULL;
        TRY(shape_check(cx, file, item, use_keys));
        TRY(form_shared_read(cx, f, "rows", "rows", file, item, &inner, &yaml));
        TRY(shape_check(cx, inner, yaml, shared_keys));
        const struct value *shared = value_get(yaml, "list");
        const struct value *examples = value_get(item, "examples");
        const struct value *rooms = value_get(item, "rooms");
        TRY(named_prove(cx, file, examples, shared));
        TRY(named_prove(cx, file, rooms, shared));
        for (uint32_t k = 0; k < value_count(shared); k++) {
            if (*count == FORM_ROWS_MAX || value_get(value_item(shared, k), "rows") != NULL) {
                return form_fault(cx, inner, shared, "too many rows, or rows within rows", STR(""));
            }
            out[(*count)++] = (struct laid_row){inner, value_item(shared, k), examples, rooms};
        }
    }
    return OK;
}

enum status form_fields_lay(struct cx *cx, const struct form_loader *f, const struct laid_row *row,
                            struct laid_field *out, uint32_t *count)
{
    struct laid_row laid[FORM_ROWS_MAX];
    uint32_t rows = 0;
    TRY(form_rows_lay(cx, f, row->file, value_get(row->yaml, "fields"), laid, &rows));
    for (uint32_t i = 0; i < rows; i++) {
        if (*count == FORM_FIELDS_MAX) {
            return form_fault(cx, row->file, row->yaml, "too many fields", STR(""));
        }
        const struct value *examples = laid[i].examples != NULL ? laid[i].examples : row->examples;
        out[(*count)++] = (struct laid_field){laid[i].file, laid[i].yaml, examples,
                                              row->rooms != NULL ? row->rooms : laid[i].rooms};
    }
    return OK;
}
