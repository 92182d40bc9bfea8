/* record/related.h - other matters of a matter's parties, at any court.
 *
 * People are the same when their identity numbers are (the keyed index; numbers are never opened);
 * a defendant who has none is the same by his name, among the matters of the same plaintiff only.
 * (1) A filing and the case it became are one: the filing is found, the case is told with it. (2)
 * The work is bounded whatever the number of matters: at most RELATED_OF_PARTY of each party, the
 * latest, are looked at; at most RELATED_MAX are told.
 */
#ifndef RECORD_RELATED_H
#define RECORD_RELATED_H

#include "record/matter.h"

enum { RELATED_MAX = 20, RELATED_OF_PARTY = 1000, RELATED_PARTIES = 20 };

enum related_kind {
    RELATED_SAME,    /* plaintiff against the same defendant */
    RELATED_CROSSED, /* the defendant against the plaintiff */
    RELATED_PARTY,   /* one of them, with others or in another role */
};

struct related {
    Id id;
    enum related_kind kind;
    bool by_name; /* RELATED_SAME: the defendant by his name only */
    Str procedure;
    int64_t version;
    Str court;
    Str title;
    Str case_number;
    Str state;
    Instant arrived;
    Str cause; /* code; "" for none */
    int64_t amount;
    /* The case that it became; id 0: none. */
    Id opened;
    Str opened_procedure;
    int64_t opened_version;
    Str opened_state;
};

/* How many other filings a party of the matter has brought. */
struct claimant {
    int64_t party; /* its number */
    Str name;
    int64_t filings; /* at most RELATED_OF_PARTY + 1: more than that */
};

struct kinship {
    struct related *related; /* the closest first, then the latest */
    uint32_t count;
    bool more;
    struct claimant *claimants; /* plaintiffs with an identity number */
    uint32_t claimant_count;
};

enum status related_find(struct cx *cx, struct sql *sql, const struct matter *matter,
                         struct kinship *out);

#endif
