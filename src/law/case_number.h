/* law/case_number.h - case numbers (案号): read, normalised, written.
 *
 * "（" year "）" court-code ["知"] type-code serial "号" ["之" Chinese number]
 * (1) The year is that of intake, in Beijing. (2) normal is canonical: full-width brackets, ASCII
 * digits, no blanks. (3) The old style （2015）海行民初字第5号 is recognised as such, never
 * accepted. LAW: case-number-rules@2018 4-13
 */
#ifndef LAW_CASE_NUMBER_H
#define LAW_CASE_NUMBER_H

#include "base/value.h"
#include "law/case_type.h"

struct case_number {
    bool ok;
    bool old_style;
    Str normal;      /* also when not ok: the text with brackets, digits and blanks put right */
    const char *why; /* what is wrong, in plain Chinese; "" when ok */
    int year;
    Str court;                    /* code: 京0105 */
    bool special;                 /* 最高法知 */
    const struct case_type *type; /* NULL unless ok */
    int64_t serial;
    Str suffix; /* 二 of 之二; "" for none */
};

/* Only the grammar. Returns out->ok. */
bool case_number_parse(struct arena *arena, Str text, struct case_number *out);
/* And what the tables and the day know: a year before 2016 or after `today` makes it not ok; an
 * unknown court, a court not valid that year, a type unusual at its level are told in `warnings`, a
 * list of texts. */
bool case_number_check(struct arena *arena, const struct law_tables *tables, Date today,
                       struct case_number *number, struct value *warnings);
/* （2026）京0105民初1号 */
Str case_number_format(struct arena *arena, int year, Str court, bool special, const char *type,
                       int64_t serial);
/* Whether text is a number of the old style (before 2016), welcome only where an earlier case is
 * named. */
bool case_number_is_old(struct arena *arena, Str text);

/* {"ok","normal","why","year","court","court_name","type","type_title","type_group","serial",
 * "suffix","warnings":[]}; parts that are not known are null. */
struct value *case_number_value(struct arena *arena, const struct law_tables *tables, Date today,
                                Str text);

#endif
