/* record/draft_day.h - the last day to hand in a draft, and whether its owner was reminded.
 *
 * (1) What the owner gives counts before what was derived. (2) He is reminded at three days and at
 * one; another day begins that anew.
 */
#ifndef RECORD_DRAFT_DAY_H
#define RECORD_DRAFT_DAY_H

#include "base/date.h"
#include "record/script.h"

enum { DRAFT_DAY_NEVER = 99, DRAFT_DAY_FIRST = 3, DRAFT_DAY_LAST = 1 };

struct draft_day {
    Id matter;
    Id owner;
    Date given;   /* DATE_NONE: not */
    Date derived; /* DATE_NONE: not */
    Str title;    /* of the derived one */
    Str law;
    int64_t told; /* days before it of the last reminder; DRAFT_DAY_NEVER */
    Str matter_title;
};

/* The day that counts; DATE_NONE for none. */
Date draft_day_of(const struct draft_day *day);
/* day DATE_NONE: nothing to derive it from (any more). */
void draft_day_derive(struct script *script, Id matter, Id owner, Date day, Str title, Str law);
void draft_day_give(struct script *script, Id matter, Id owner, Date day);
/* *out NULL when nothing is known. */
enum status draft_day_find(struct cx *cx, struct sql *sql, Id matter, struct draft_day **out);
/* Drafts with a day from today to three days ahead, of which the owner has not been told the step
 * that is due; at most limit. */
enum status draft_day_due(struct cx *cx, struct sql *sql, Date today, uint32_t limit,
                          struct draft_day **out, uint32_t *count);
/* Inside a closure: *claimed is false when another program told it, or the day is another now. */
enum status draft_day_tell(struct cx *cx, struct sql *sql, const struct draft_day *day,
                           int64_t step, bool *claimed);

#endif
