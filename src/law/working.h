/* law/working.h - how an answer was come by: a list of steps, each with its rule and source.
 *
 * The list is a value in the caller's arena, shown as it is under "working":
 * {"rule":"第七日是休息日，顺延","law":"civil-procedure-law@2023 85","text"?,"amount"?,"date"?}.
 * (1) rule is plain Chinese; law is a reference of law/source.h, or "" for plain arithmetic.
 * (2) amount is fen, rounded for showing; an exact value stands in text.
 */
#ifndef LAW_WORKING_H
#define LAW_WORKING_H

#include "base/date.h"
#include "base/money.h"
#include "base/value.h"
#include "law/tables.h"

struct working {
    struct arena *arena;
    struct value *lines;
};

void working_begin(struct working *working, struct arena *arena);
/* Adds a step; the map is returned to add to. rule and law must live as long as the arena. */
struct value *working_add(struct working *working, const char *rule, const char *law);
struct value *working_text(struct working *working, const char *rule, const char *law, Str text);
struct value *working_amount(struct working *working, const char *rule, const char *law,
                             Money amount);
struct value *working_date(struct working *working, const char *rule, const char *law, Date date);
/* The last step of a working that used a table: which version of it. */
void working_tables(struct working *working, const struct law_tables *tables);

#endif
