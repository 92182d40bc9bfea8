/* flow/element_form_int.h - how the text of an element form is read; inside flow/ only.
 *
 * HOW IT WORKS. A form's text names rows and sections that it shares; they are laid in first
 * (element_lay.c), so that each section is one list of rows. What only the table needs (row, print,
 * requests, official, ours) is then taken off, and what is left is an element as any file of
 * data/elements/ is, read by field_read() (element_section.c). The proofs come last
 * (element_proof.c): whatever a row prints must be there, and whatever the official form asks must
 * be printed. The form itself, with its claim and its answer, is element_form_load.c's. Every fault
 * is E_READ "data-unreadable" with file, line and reason.
 */
#ifndef FLOW_ELEMENT_FORM_INT_H
#define FLOW_ELEMENT_FORM_INT_H

#include "flow/element_form.h"
#include "flow/procedure_int.h"

enum { FORM_ROWS_MAX = 80, FORM_FIELDS_MAX = 160 };

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
    const char *file;            /* of the form */
    struct value **parsed;       /* by source: what forms share is parsed once */
    struct arena *scratch;       /* for trees that nothing points to when a section is read */
    struct form_section **known; /* sections that forms share, each read once */
    uint32_t known_count;
};

enum status form_fault(struct cx *cx, const char *file, const struct value *at, const char *why,
                       Str what);

/* --- element_lay.c --- */

/* The text data/forms/KIND/NAME.yaml that `at` (of at_file) names; its first key, `key`, says its
 * name again. */
enum status form_shared_read(struct cx *cx, const struct form_loader *f, const char *kind,
                             const char *key, const char *at_file, const struct value *at,
                             const char **file, struct value **yaml);
/* The rows of a list, those of {rows: NAME} in their place; out has room for FORM_ROWS_MAX. */
enum status form_rows_lay(struct cx *cx, const struct form_loader *f, const char *file,
                          const struct value *list, struct laid_row *out, uint32_t *count);
/* The fields of a row, likewise; out has room for FORM_FIELDS_MAX. */
enum status form_fields_lay(struct cx *cx, const struct form_loader *f, const struct laid_row *row,
                            struct laid_field *out, uint32_t *count);

/* --- element_proof.c --- */

/* Every name of a template is a field here or an element; options are options of it. */
enum status form_print_prove(struct cx *cx, const struct form_loader *f, const char *file,
                             const struct value *at, const char *print, const struct field *fields,
                             uint32_t count);
enum status form_requests_prove(struct cx *cx, const struct form_loader *f,
                                const struct laid_row *row, const struct field *group);
/* The box before a label is ticked by a question of yes or no. */
enum status form_tick_prove(struct cx *cx, const struct laid_row *row, const struct field *group);
/* What the official form asks stands in the row's print; a list prints its items. */
enum status form_field_prove(struct cx *cx, const struct form_loader *f, const struct laid_row *row,
                             const struct laid_field *field, const struct form_section *section);

/* --- element_section.c --- */

/* A section of its own or {use: NAME}, which is read once: its element is the same for every form.
 */
enum status form_section_find(struct cx *cx, struct form_loader *f, const struct value *item,
                              int form_version, struct form_section **out);

#endif
