/* flow/batch.h - many filings from one spreadsheet: what its columns mean, and what its rows say.
 *
 * A kind of batch is data/batches/NAME.yaml (docs/batches.md has the grammar): a procedure, the act
 * that hands a matter in, and columns, each the key, the court, a path of the values, or names of
 * files. (1) Column titles are the contract with the people who fill them in. (2) A row is read
 * without writing anything; what is wrong with it is named by column, in the filer's words. (3)
 * The same rows, files, tables and filer give the same lines: a row that was signed is read again
 * when it is filed, and must have the same digest.
 */
#ifndef FLOW_BATCH_H
#define FLOW_BATCH_H

#include "base/share.h"
#include "base/sheet.h"
#include "flow/plan.h"
#include "record/batch.h"

enum {
    BATCH_COLUMNS_MAX = 80,
    BATCH_KEY_MAX = 60,
    BATCH_FILES_MAX = 2000,
    BATCH_LINE_FILES_MAX = 40
};

enum batch_use {
    BATCH_KEY, /* the filer's own number */
    BATCH_COURT,
    BATCH_VALUE, /* at path, or at `other` where the field at path does not apply */
    BATCH_LINES, /* a list at path, an item a line */
    BATCH_NAMES, /* of files that are materials of a kind */
};

struct batch_column {
    const char *title;
    const char *help;    /* "" for none */
    const char *example; /* "" for none */
    enum batch_use use;
    bool required;
    bool carried; /* empty: as in the row above */
    const char *path;
    const struct field *field;
    const char *other; /* NULL: none */
    const struct field *other_field;
    const char *item; /* of lines: the field of an item */
    const char *kind; /* of files */
};

struct batch_kind {
    const char *name;
    const char *title;
    const char *about;
    const struct procedure *procedure;
    const struct act *act;
    const char *label;  /* path of what a claim is called by in lists */
    const char *amount; /* path of the sum in dispute; "" for none */
    const struct value *asked_once, *defaults, *values;
    struct batch_column *columns;
    uint32_t column_count;
};

struct batch_kinds {
    const struct batch_kind *kinds;
    uint32_t count;
};

/* All of data/batches/. E_READ "data-unreadable" with file and line: an unknown key, a path that
 * the act's form does not have, a kind of material it does not take. Lives in arena. */
enum status batch_kinds_read(struct cx *cx, struct arena *arena, const struct share *share,
                             const struct procedures *procedures, const struct batch_kinds **out);
const struct batch_kind *batch_kind_find(const struct batch_kinds *kinds, Str name);

/* Where a sheet is being read. */
struct batch_reading {
    const struct house *house;
    const struct actor *actor;
    const struct batch_kind *kind;
    const struct sheet *sheet;
    const struct batch_file *files;
    uint32_t file_count;
    Instant now;
    /* Set by batch_reading_begin(): */
    uint32_t header;                /* index of the row of titles */
    int columns[BATCH_COLUMNS_MAX]; /* of the kind to those of the sheet; -1: not there */
    Str carried[BATCH_COLUMNS_MAX];
    struct value *unknown; /* titles that mean nothing here */
};

/* One row. Everything lives in cx->arena. */
struct batch_line {
    uint32_t n;
    bool is_sample; /* of the template: nothing else is set */
    Str key, court;
    Str label;
    int64_t amount;
    const struct value *values; /* of the matter; NULL where there are problems with them */
    Str digest;
    struct value *problems; /* [{"column","code","title"}] */
    const struct value *warnings;
    Str *texts;                      /* of the kind's columns, as they count */
    struct material *materials;      /* those of the batch and those that the row names */
    const struct batch_file **files; /* of the materials, one each */
    uint32_t material_count;
};

/* Finds the titles. E_INPUT "sheet-empty", "sheet-header" with an error for each column that is
 * missing or stands there twice. The titles are kept beyond the life of lines. */
enum status batch_reading_begin(struct cx *cx, struct batch_reading *reading);
/* The row at an index of the sheet, header < index; in order, since rows lean on those above. */
enum status batch_line_read(struct cx *cx, struct batch_reading *reading, uint32_t index,
                            struct batch_line *out);

/* The whole sheet as it would be stored: rows ready, bad or double, what was found, the digest of
 * those that are ready. What was filed before is looked up. */
enum status batch_understand(struct cx *cx, struct batch_reading *reading, struct batch *batch,
                             struct batch_row **rows, uint32_t *count);
/* Of {"key","court","signed"} of all rows that are ready, in order; "" for none. */
Str batch_digest(struct arena *arena, const struct batch_row *rows, uint32_t count);
/* Adds {"column","code","title"}; a column that has a problem already keeps it. */
void batch_problem(struct arena *arena, struct value *problems, const char *column,
                   const char *code, const char *title);

#endif
