/* record/batch.h - claims filed from a spreadsheet: the batch, what was understood of each of its
 * rows, and what became of it.
 *
 * (1) What a row says is not here: it stays in the spreadsheet (a blob) and is in the matter that
 *     was made of it. Rows of this table hold no identity number, phone or account. (2) A batch is
 *     one person's; nobody else learns that it exists. (3) A row names the matter made of it in the
 *     transaction that makes it, and two unique indexes let no person file the same key, or the
 *     same content at the same court, twice. (4) Rows and files change only while the batch is
 *     "ready"; each change raises its revision.
 */
#ifndef RECORD_BATCH_H
#define RECORD_BATCH_H

#include "base/date.h"
#include "base/value.h"
#include "record/script.h"
#include "seal/hash.h"

struct batch_file {
    int64_t n;
    Str kind; /* of material; "" for files that rows name */
    Str name;
    Str type;
    int64_t size;
    Hash sm3;
    Str status; /* as of a material */
};

struct batch_counts {
    int64_t all, ready, bad, twice, filed, failed;
};

struct batch {
    Id id;
    Id person;      /* whose it is: he signs it */
    Id prepared_by; /* his assistant; 0: he himself */
    Str kind;       /* name in data/batches/ */
    Str name;       /* of the file */
    Str format;
    Hash sm3;
    int64_t size;
    Str state; /* ready, running, done */
    int64_t revision;
    Str found;     /* JSON {"columns","unknown","sample","sheets_left_out","warnings"} */
    Str digest;    /* of the rows that would be filed; "" for none */
    Str signature; /* JSON; "" */
    Instant created, started, ended;
    struct batch_counts counts; /* read only */
};

struct batch_row {
    int64_t n;
    Str key;
    Str state;
    Str court;
    Str title;
    int64_t amount;
    Str signed_sm3;
    Str problems; /* JSON [{"column","code","title"}] */
    Id matter;    /* 0: none */
    Id twin;      /* of a double; 0 */
    /* Of the matter, as it stands now; read only: */
    Str matter_title, case_number, matter_state, procedure;
    int64_t version;
};

void batch_write_new(struct script *script, struct arena *arena, const struct batch *batch);
/* What was understood, read anew: found, digest and all rows. */
void batch_write_rows(struct script *script, const struct batch *batch,
                      const struct batch_row *rows, uint32_t count);
void batch_file_write(struct script *script, struct arena *arena, Id batch,
                      const struct batch_file *file);
void batch_file_remove(struct script *script, Id batch, int64_t n);
void batch_remove(struct script *script, Id batch);
/* Inside the transaction, before what it is about: E_AGAIN "stale" unless the batch is in `state`
 * at `revision`, which it raises. */
enum status batch_claim(struct cx *cx, struct sql *sql, Id batch, const char *state,
                        int64_t revision);
void batch_start(struct script *script, Id batch, Str signature, Instant at);
/* Inside a closure: ends it when no row waits any more; *ended: that was now. */
enum status batch_end(struct cx *cx, struct sql *sql, Id batch, Instant at, bool *ended);
/* What became of a row. matter 0: none stands. */
void batch_row_begun(struct script *script, Id batch, int64_t n, Id matter);
void batch_row_ended(struct script *script, Id batch, int64_t n, const char *state, Str problems,
                     Id twin);

/* *out NULL when this person has none of this id, nor prepares it for somebody whose assistant he
 * is. person 0: whoever's it is. */
enum status batch_find(struct cx *cx, struct sql *sql, Id id, Id person, struct batch **out);
/* The newest of this person's from the same file. */
enum status batch_find_file(struct cx *cx, struct sql *sql, Id person, Hash sm3,
                            struct batch **out);
/* Those of this person, and those that he prepares: newest first, ids below `before` (0: from the
 * newest). */
enum status batch_list(struct cx *cx, struct sql *sql, Id person, Id before, uint32_t limit,
                       struct batch **out, uint32_t *count);
enum status batch_files(struct cx *cx, struct sql *sql, Id batch, struct batch_file **out,
                        uint32_t *count);
/* By number, those above `after`; state "" for all, "wrong" for bad and failed ones. */
enum status batch_rows(struct cx *cx, struct sql *sql, Id batch, Str state, int64_t after,
                       uint32_t limit, struct batch_row **out, uint32_t *count);

/* What of it was filed, by court, in the order of the courts' codes. */
struct batch_court {
    Str court;
    int64_t filed;
    Str first; /* a title, the first in the order of texts */
};

/* *wrong: rows of which nothing was filed, doubles aside. */
enum status batch_courts(struct cx *cx, struct sql *sql, Id batch, struct batch_court **out,
                         uint32_t *count, int64_t *wrong);

/* What this person has filed already under the key, or with the same content. */
struct batch_before {
    Id batch;
    Id matter;    /* 0: nothing */
    bool is_same; /* content; else only the key is */
};

enum status batch_before(struct cx *cx, struct sql *sql, Id person, const struct batch_row *rows,
                         uint32_t count, struct batch_before *out);

#endif
