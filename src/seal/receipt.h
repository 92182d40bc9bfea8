/* seal/receipt.h - what is signed for an act, and the checking of a receipt without any server.
 *
 * Two texts are signed, lines that end with LF. Any program can make them again:
 *   promise:    "tongsu-promise-1" origin matter event leaf-hex at        (before the log took it)
 *   checkpoint: origin size root-base64 at                                (the log at one size)
 * The leaf is the SM3 of 0x00 || "tongsu-leaf-1" LF matter LF event LF event-hash-hex LF.
 * (1) Times are RFC 3339 as shown; numbers are decimal without leading zeros; hex is lower case.
 * (2) No part holds a control character, so that one text has one reading; and a promise has six
 *     lines, a checkpoint four, so that neither is taken for the other.
 * (3) Checking is pure: no clock, no files, no network. A receipt comes from anywhere.
 */
#ifndef SEAL_RECEIPT_H
#define SEAL_RECEIPT_H

#include "base/date.h"
#include "seal/keys.h"
#include "seal/merkle.h"

struct promise {
    Str origin; /* names the log */
    Str matter; /* id, decimal */
    int64_t event;
    Hash leaf;
    Str at;
};

struct checkpoint {
    Str origin;
    uint64_t size;
    Hash root;
    Str at;
};

/* What the log takes for an act: the event's place and its hash in the chain of the matter. */
Hash receipt_leaf(Str matter, int64_t event, Hash event_hash);
/* What it takes for a signed or sealed paper, so that its time is proved: the SM3 of 0x00 ||
 * "tongsu-paper-1" LF sm3-of-the-file-hex LF. */
Hash receipt_paper_leaf(Hash file_sm3);
Str promise_text(struct arena *arena, const struct promise *promise);
Str checkpoint_text(struct arena *arena, const struct checkpoint *checkpoint);
/* false unless checkpoint_text() would write just this. */
bool checkpoint_parse(struct arena *arena, Str text, struct checkpoint *out);

/* A receipt in parts. Before the log took the leaf, `checkpoint` is empty. */
struct receipt {
    struct promise promise;
    Hash event_hash;
    struct signature promise_signature;
    uint64_t index;
    uint64_t tree_size;
    const Hash *path;
    uint32_t path_count;
    Str checkpoint; /* its text */
    struct signature checkpoint_signature;
};

/* {"origin","matter","event","hash","leaf","promise":{"at","signature","key_id"},"index",
 * "tree_size","path","checkpoint":{"text","signature","key_id"},"keys":[{"id","pem",…}]}; index,
 * tree_size, path and checkpoint are null before the log took it. keys: keys_public(). */
struct value *receipt_value(struct arena *arena, const struct receipt *receipt,
                            const struct value *keys);

/* {"verdict","title","trusted","findings":[{"what","ok","title"}]}.
 * verdict: "proved" (in the log), "promised" (signed for, not yet in the log), "refuted".
 * trusted_keys: the published public keys, a list of {"id","pem"}, or NULL. With them, a receipt
 * signed by any other key is refuted and trusted is true; without them the keys in the receipt are
 * believed, trusted is false, and the title says so.
 * what: shape, leaf, promise, checkpoint, checkpoint-signature, inclusion; titles are Chinese. */
struct value *receipt_verify(struct arena *arena, const struct value *receipt,
                             const struct value *trusted_keys);

/* Whether the answer of GET /log/proof proves that the log held this leaf under a checkpoint that
 * is signed by one of these keys; *at is the checkpoint's time. */
bool receipt_proof_holds(struct arena *arena, const struct value *proof, Hash leaf,
                         const struct value *trusted_keys, Instant *at);

#endif
