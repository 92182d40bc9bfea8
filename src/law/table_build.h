/* law/table_build.h - how law_tables_build() puts a table set together, one part per noun.
 *
 * Everything read on the way lives in cx's arena and is thrown away; what is kept is copied into
 * `arena`. Parts are built in the order of the functions below: each may lean on those before.
 */
#ifndef LAW_TABLE_BUILD_H
#define LAW_TABLE_BUILD_H

#include "law/pinyin.h"
#include "law/search.h"
#include "law/tables.h"

struct table_build {
    struct cx *cx;
    struct arena *arena;
    struct law_tables *tables;
    const struct pinyin *pinyin;
    const struct search_item *places; /* per division, made with the divisions */
};

enum status division_table_build(struct table_build *b, Str divisions_csv);
enum status court_table_build(struct table_build *b, Str courts_csv);
enum status cause_table_build(struct table_build *b, Str causes_csv, Str element_forms_csv);
enum status calendar_table_build(struct table_build *b, Str holidays_csv);
enum status hours_table_build(struct table_build *b, Str hours_csv);
enum status fee_table_build(struct table_build *b, Str fees_csv);
enum status lpr_table_build(struct table_build *b, Str lpr_csv);
enum status regional_table_build(struct table_build *b, Str regional_csv);
enum status compulsory_table_build(struct table_build *b, Str compulsory_csv);

Str table_keep(struct table_build *b, Str text);               /* a copy; "" costs nothing */
Str table_initials(struct table_build *b, Str name);           /* kept */
int division_index(const struct law_tables *tables, Str code); /* -1 when absent */
int court_index(const struct law_tables *tables, Str code);    /* -1 when absent */
bool court_kind_parse(Str text, enum court_kind *out);

/* Lists what a search without q answers: indices for which keep says yes, in order[] (NULL for
 * 0, 1, 2 …). */
int table_list(const int *order, int count, bool (*keep)(const void *arg, int id), const void *arg,
               int offset, int *out, int max);

#endif
