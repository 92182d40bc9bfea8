/* record/listing.h - the lists people read, the search rows beside them, and notices.
 *
 * (1) Rows are written in the commit of the act that changes them; nothing rebuilds them later.
 * (2) A viewer is "p:ID", "POST@COURT" (what waits for that post) or "court@COURT" (all of a
 * court). (3) Search rows are pairs of characters (bigrams) of title, case number and parties'
 * names, once for a matter at its court, from its first act on: a two-character name is found. They
 * only narrow down the reader's own list, so nobody finds what he may not see.
 */
#ifndef RECORD_LISTING_H
#define RECORD_LISTING_H

#include "record/matter.h"

struct listing {
    Id matter;
    int64_t sort_key;
    Str procedure;
    int64_t version;
    Str title;
    Str court;
    Str case_number;
    Str state;
    Instant due; /* 0: none */
    Instant updated;
};

enum { LISTING_REVIEWERS_MAX = 8 };

struct listing_query {
    Str viewer;
    Str box;           /* mine, todo, court */
    Str state;         /* "" for any */
    Str procedure;     /* "" for any */
    Str q;             /* "" for none */
    Str own_court;     /* only matters decided here; "" for those handed over as well */
    int64_t after_key; /* sort key and matter of the last row seen; 0, 0 for the first page */
    Id after_matter;
    uint32_t limit;
    bool by_reviewer; /* only what is assigned to one of these; without any, what is nobody's */
    const Id *reviewers;
    uint32_t reviewer_count; /* the first LISTING_REVIEWERS_MAX count */
};

/* A matter's place in one list. */
struct listing_place {
    Str viewer;
    Str box;
    int64_t sort_key;
};

/* In place of all list rows of the matter. is_new: it has none yet. due 0: none. */
void listing_write(struct script *script, const struct matter *matter, bool is_new, Instant due,
                   const struct listing_place *places, uint32_t count);
void listing_search_write(struct cx *cx, struct script *script, const struct matter *matter);
/* How many of the search rows that it should have by its names are not there. */
enum status listing_search_missing(struct cx *cx, struct sql *sql, const struct matter *matter,
                                   int64_t *missing);
/* At most limit rows, in order. */
enum status listing_list(struct cx *cx, struct sql *sql, const struct listing_query *query,
                         struct listing **out, uint32_t *count);

struct notice {
    Id id;
    Str viewer;
    Id matter;
    int64_t event;
    Str kind;
    Str title;
    Str text;
    Instant at;
    Instant read_at;
};

void notice_write(struct script *script, const struct notice *notice);
/* The same notice to several: first.id and those after it, a viewer each. */
void notice_write_all(struct script *script, const struct notice *first, const Str *viewers,
                      uint32_t count);
/* Newest first, ids below `before` (0: from the newest). */
enum status notice_list(struct cx *cx, struct sql *sql, const Str *viewers, uint32_t viewer_count,
                        Id before, uint32_t limit, struct notice **out, uint32_t *count);
enum status notice_unread(struct cx *cx, struct sql *sql, Str viewer, int64_t *out);
void notice_read(struct script *script, Str viewer, Id id, Instant at); /* id 0: all */

#endif
