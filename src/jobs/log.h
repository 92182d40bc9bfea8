/* jobs/log.h - reading the Merkle log: its newest checkpoint, proofs, receipts.
 *
 * Nothing here writes. Signatures of promises are made on demand: SM2 takes about a millisecond, so
 * not inside a transaction.
 */
#ifndef JOBS_LOG_H
#define JOBS_LOG_H

#include "flow/plan.h"
#include "seal/receipt.h"

/* The receipt of one event (seal/receipt.h, receipt_value). The promise's time is the event's; the
 * proof is null until a checkpoint covers the leaf. The caller has seen to it that the reader may
 * see the matter. E_NOT_FOUND "not-found" when there is no such event. */
enum status receipt_make(struct cx *cx, const struct house *house, Id matter, int64_t event,
                         struct value **out);

/* GET /log/checkpoint: {"origin","size","root","at","text","signature","key_id","keys"}.
 * E_NOT_FOUND "not-found" before the first one. */
enum status log_checkpoint_view(struct cx *cx, const struct house *house, struct value **out);

/* GET /log/proof?leaf=: a leaf's hash in hex, or its number. {"leaf","index","tree_size","path",
 * "checkpoint"}; the last three are null before a checkpoint covers it, and are of the first that
 * does: a later one would prove less about when. Names no matter. E_INPUT
 * "fields" for what is neither, E_NOT_FOUND "log-leaf-missing". */
enum status log_proof_view(struct cx *cx, const struct house *house, Str leaf, struct value **out);

/* How many leaves have numbers. */
enum status log_size(struct cx *cx, struct sql *sql, uint64_t *out);
/* A merkle_node_fn over the rows; arg is the struct sql. E_STORE "store-failed" when a row is not
 * there or is no hash. */
enum status log_node_read(struct cx *cx, void *arg, uint32_t level, uint64_t index, Hash *out);
/* The frontier of the first `size` leaves, from the rows. */
enum status log_frontier(struct cx *cx, struct sql *sql, uint64_t size, struct frontier *out);

/* A row of log_checkpoint; found is false when there is none. */
struct checkpoint_row {
    bool found;
    int64_t size;
    Str text;
    struct signature signature;
    Instant at;
    Hash root;
};

enum status log_checkpoint_newest(struct cx *cx, struct sql *sql, struct checkpoint_row *out);
/* The first that covers the leaf of that number: since when it is proved to have been there. */
enum status log_checkpoint_first(struct cx *cx, struct sql *sql, int64_t index,
                                 struct checkpoint_row *out);

#endif
