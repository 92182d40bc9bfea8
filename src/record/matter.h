/* record/matter.h - a matter and everything that belongs to it, as rows and as a projection.
 *
 * What it is: one struct filled by one call, the statements that write its rows, and the
 * projection: the value that `after` hashes and that `tongsu verify` rebuilds from the events. (1)
 * values hold sensitive leaves sealed, as in the row; they are opened by flow/. (2) Rows of a
 * matter are numbered from 1 and are never deleted once the matter has events; a material is
 * withdrawn by `removed`. (3) The projection is a function of these rows only: two matters with the
 * same rows have the same projection.
 */
#ifndef RECORD_MATTER_H
#define RECORD_MATTER_H

#include "base/date.h"
#include "record/script.h"
#include "seal/hash.h"

struct party {
    int64_t n;
    Str role; /* plaintiff, defendant, third-party */
    Str kind; /* natural-person, … */
    Str name;
    Hash identity_blind; /* zero: none */
};

struct attachment {
    Id person;
    Str role;
    int64_t party;
    Str how; /* began, code, court */
    Str authority;
    Instant since;
    Instant until; /* 0: still */
};

struct material {
    int64_t n;
    Str kind;
    Str name;
    Str type;
    int64_t size;
    Hash sm3;
    Str status; /* checking, ready, refused, unscanned */
    Id person;
    Str person_name;
    Instant at;      /* all of it had reached the program */
    Instant removed; /* 0: stands */
    int64_t pages;   /* that it was joined from, or a PDF among the evidence has; 0: one file */
    Hash pages_sm3;  /* of the blob that lists them (material_pages_view); zero without pages */
    Str fault;       /* status refused: why its pages could not be joined; "" otherwise */
    Instant began;   /* the first of it reached the program; 0: not recorded */
    Str active;      /* what acts by itself in a PDF: render/pdf_active.h; "": nothing known */
};

/* Its pages are not joined yet: until then sm3 is that of their list, and there is nothing to read.
 */
bool material_is_unjoined(const struct material *material);
/* Its pages came one by one, and are listed. */
bool material_is_joined(const struct material *material);

struct paper {
    int64_t n;
    Str kind;
    Str title;
    Str number;
    int64_t event;
    Str inputs; /* JSON */
    Hash template_sm3;
    Instant at;
    Hash sm3; /* zero: not drawn yet */
    int64_t size;
    Str code;
    Str seal;       /* the court whose seal it wants; "" for none */
    Instant sealed; /* 0: not yet */
    Str sealed_by;  /* name */
    Hash plain_sm3; /* of the PDF before the seal; zero: it was not drawn */
    Str signer;     /* whose certificate signs it (record/certificate.h); "" for none */
};

struct clock_row {
    int64_t n;
    Str name;
    Str title;
    Str law;
    Str unit;
    Instant started;
    Instant due;
    int64_t length;
    Str tables;
    Str working;                 /* JSON */
    Instant stopped;             /* 0: runs */
    Instant breached;            /* 0: not */
    Instant wake;                /* 0: nothing more */
    const struct value *counted; /* working, read; NULL but where it is only shown (flow/shelf.h) */
};

struct link_row {
    Id other;
    Str rel;
    /* Of the other matter, as it stands now; not part of the projection: */
    Str procedure, title, case_number, state, court;
    int64_t version;
    /* Who may see it: its owner, its events so far, those attached to it still, and its values
     * where they name a court that handed it over, else "". */
    Id owner;
    int64_t events;
    Str collaborated;
    struct attachment *people;
    uint32_t person_count;
};

struct ledger_row {
    int64_t n;
    Str kind;
    int64_t amount;
    Str working;
    Instant at;
};

struct matter {
    Id id;
    Str procedure;
    int64_t version;
    Str state;
    Str court;
    Str title;
    Str case_number; /* "" for none */
    Id owner;
    int64_t revision;
    int64_t events;
    Hash head;
    struct value *values; /* (1) */
    struct value *groups;
    Str wrapped_key;
    Str follow_code;
    Instant created;
    Instant updated;
    Instant arrived; /* 0: not yet with the court */

    struct party *parties;
    uint32_t party_count;
    struct attachment *attachments;
    uint32_t attachment_count;
    struct material *materials;
    uint32_t material_count;
    struct paper *papers;
    uint32_t paper_count;
    struct clock_row *clocks;
    uint32_t clock_count;
    struct link_row *links;
    uint32_t link_count;
    struct ledger_row *ledger;
    uint32_t ledger_count;
};

/* Loads one with all that belongs to it: one round trip for the row, one for the rest. *out NULL
 * when there is none. */
enum status matter_find(struct cx *cx, struct sql *sql, Id id, struct matter **out);

/* For who kept a matter that he read before. What says whether it is still the same, asked for
 * later (sql_later()); no row: the matter is gone. Every change but those below has another stamp,
 * also after a database has lost its last transactions: the head of the chain tells. */
enum status matter_stamp_ask(struct cx *cx, struct sql *sql, Id id, struct rows *stamp);
bool matter_stamp_is_of(const struct rows *stamp, const struct matter *m);
bool matter_stamp_is_acted(const struct rows *stamp); /* there, and no draft */
/* Reads again into *m what changes while the stamp stays: the follow code, materials that were
 * being checked, papers that were not drawn, the other matters of links. Nothing that *m points to
 * is changed: it may be a copy of a matter that belongs to others. Not the waking of clocks, which
 * is for jobs only. */
enum status matter_refresh(struct cx *cx, struct sql *sql, const struct rows *stamp,
                           struct matter *m);

/* How a clock was counted, as it is kept read or read now: NULL when that fails. */
const struct value *clock_counted(struct cx *cx, const struct clock_row *clock);

/* A copy whose arrays can be added to: what an act makes of it. */
struct matter *matter_copy(struct arena *arena, const struct matter *matter);

/* Room for one more row, zeroed, numbered behind the last where rows are numbered. */
struct party *matter_add_party(struct arena *arena, struct matter *matter);
struct attachment *matter_add_attachment(struct arena *arena, struct matter *matter);
struct material *matter_add_material(struct arena *arena, struct matter *matter);
struct paper *matter_add_paper(struct arena *arena, struct matter *matter);
struct clock_row *matter_add_clock(struct arena *arena, struct matter *matter);
struct link_row *matter_add_link(struct arena *arena, struct matter *matter);
struct ledger_row *matter_add_ledger(struct arena *arena, struct matter *matter);

/* The projection: {"matter":{…},"values":{…},"parties":{"1":{…}},"materials",…}. */
struct value *matter_projection(struct arena *arena, const struct matter *matter);
Hash projection_hash(struct arena *arena, const struct value *projection);
/* What must be laid on `before` (NULL: nothing) by projection_apply() to give `after`: per section
 * the members that are new or other, null for those that are gone. */
struct value *projection_change(struct arena *arena, const struct value *before,
                                const struct value *after);
struct value *projection_apply(struct arena *arena, const struct value *before,
                               const struct value *change);

/* Statements. The first of an act proves that nobody else changed the matter and locks its row; it
 * must change one row, else the plan is stale: matter_write(), or this where the row is not yet
 * known. */
#define MATTER_CLAIM "UPDATE matter SET revision = revision + 1 WHERE id = ?1 AND revision = ?2"
void matter_write_new(struct script *script, struct arena *arena, const struct matter *matter);
/* The row as it will be, if its revision is still `stands`. */
void matter_write(struct script *script, struct arena *arena, const struct matter *matter,
                  int64_t stands);
/* Rows of `after` that `before` (NULL: none) has not, or has otherwise. */
void matter_write_rows(struct script *script, struct arena *arena, const struct matter *before,
                       const struct matter *after);

#endif
