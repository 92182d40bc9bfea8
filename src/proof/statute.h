/* proof/statute.h - laws and interpretations by name: how many articles they have, when they were
 * in force, which of their articles moved.
 *
 * Built once from data/tables/statutes.csv and renumbered.csv; immutable. A name is found as it is
 * written, in full (中华人民共和国民法典) or in short (民法典).
 */
#ifndef PROOF_STATUTE_H
#define PROOF_STATUTE_H

#include "base/date.h"
#include "base/fail.h"

enum statute_rank { /* the order in which a decision cites. LAW: citation-rules@2009 2 */
                    STATUTE_LAW,
                    STATUTE_REGULATION,     /* administrative */
                    STATUTE_LOCAL,          /* local regulations */
                    STATUTE_INTERPRETATION, /* judicial */
                    STATUTE_OTHER,          /* not citable as the basis of a decision */
};

struct statute {
    Str full;
    Str short_name;
    int64_t articles; /* 0: not known */
    enum statute_rank rank;
    bool procedural;
    bool basic;    /* passed by the Congress itself: goes first */
    Date from;     /* DATE_NONE: always */
    Date to;       /* the last day in force; DATE_NONE: still */
    Str successor; /* short name; "" */
};

/* An article that an amendment moved: whoever still cites the old number for this subject is
 * behind. */
struct renumbering {
    Str law; /* short name */
    Date since;
    Str subject; /* a word beside the citation that says what is meant */
    int64_t old_article, new_article;
};

struct statutes {
    const struct statute *items;
    uint32_t count;
    const uint32_t *by_name; /* hash slots: index + 1 into names, 0 for none */
    uint32_t slots;
    const struct renumbering *moved;
    uint32_t moved_count;
};

/* E_READ "data-unreadable" with file and line. */
enum status statutes_build(struct cx *cx, struct arena *arena, Str statutes_csv, Str renumbered_csv,
                           const struct statutes **out);
/* NULL when there is none of that name. name: bytes without book-title marks. */
const struct statute *statute_find(const struct statutes *statutes, const char *name, size_t size);
/* The longest short or full name that ends at text.p + to, at least 3 characters; NULL. */
const struct statute *statute_before(const struct statutes *statutes, Str text, size_t to,
                                     size_t *from);

#endif
