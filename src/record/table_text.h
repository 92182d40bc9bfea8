/* record/table_text.h - the rows behind the law tables: texts with versions, and which of them make
 * up a set. See record/tables.h for what is done with them.
 */
#ifndef RECORD_TABLE_TEXT_H
#define RECORD_TABLE_TEXT_H

#include "base/date.h"
#include "seal/hash.h"
#include "store/store.h"

enum table_kind {
    TABLE_COURTS,
    TABLE_DIVISIONS,
    TABLE_CAUSES,
    TABLE_ELEMENT_FORMS,
    TABLE_HOLIDAYS,
    TABLE_HOURS,
    TABLE_FEES,
    TABLE_LPR,
    TABLE_REGIONAL,
    TABLE_COMPULSORY,
    TABLE_PINYIN,
    TABLE_KINDS, /* how many there are */
};

const char *table_kind_name(enum table_kind kind); /* courts, element-forms … */
const char *table_kind_path(enum table_kind kind); /* data/tables/courts.csv */
bool table_kind_parse(Str text, enum table_kind *out);

struct table_row {
    enum table_kind kind;
    int64_t version;
    Date valid_from; /* DATE_NONE for always */
    Hash sm3;
    Str text;     /* empty in lists */
    Id loaded_by; /* 0: came with the program */
    Instant at;
};

/* All rows without their texts, by kind and version. */
enum status table_rows_list(struct cx *cx, struct sql *sql, struct table_row **out,
                            uint32_t *count);
/* E_NOT_FOUND "not-found". */
enum status table_row_text(struct cx *cx, struct sql *sql, enum table_kind kind, int64_t version,
                           Str *out);
/* E_STATE "store-duplicate" when somebody else was quicker with this version. */
enum status table_row_add(struct cx *cx, struct sql *sql, const struct table_row *row);

/* Number of the set with this composition; 0 when there is none yet. *next is a free number. */
enum status table_set_find(struct cx *cx, struct sql *sql, Str composition, int64_t *out,
                           int64_t *next);
enum status table_set_add(struct cx *cx, struct sql *sql, int64_t number, Str composition,
                          Instant at);

#endif
