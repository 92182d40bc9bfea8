/* seal/keys.h - the keys of this database, kept in a directory of their own, and what is done with
 * them: signing (SM2 with SM3), sealing (SM4-CTR, then HMAC-SM3), blind indexes, tokens.
 *
 * DIR/keys.json lists ids, purposes, dates of making; DIR/<id>.pem or .key hold the secrets, mode
 * 0600, in a directory of mode 0700.
 * (1) The newest key of a purpose is used for making, any for checking or opening.
 * (2) Keys are loaded once; keys_rotate() makes new ones for signing and sealing and keeps the old.
 *     The key of the blind indexes is never rotated: an index must stay the same to be found.
 * (3) Nothing here is in the database backup.
 * (4) A key's id is made from the key, so that a file that was swapped or damaged is noticed.
 * (5) Any number of threads may use struct keys, but none while keys_rotate() or keys_close() runs.
 */
#ifndef SEAL_KEYS_H
#define SEAL_KEYS_H

#include "base/fail.h"
#include "seal/hash.h"

struct keys;

/* create: makes the directory (its parent must exist) and first keys when there are none. E_STORE
 * "keys-missing" otherwise; also when keys lie there without their list, so that a lost list is
 * never answered with new keys. E_STORE "keys-broken" when list or keys cannot be read or do not
 * belong together. */
enum status keys_open(struct cx *cx, const char *dir, bool create, struct keys **out);
void keys_close(struct keys *keys);
enum status keys_rotate(struct cx *cx, struct keys *keys);

/* --- signing: log checkpoints, promises --- */
/* LAW: GB/T 32918 (SM2), GB/T 32905 (SM3). */
struct signature {
    char key_id[17];  /* 16 hex digits: the head of the SM3 of the public key */
    Str bytes_base64; /* DER, base64 without line breaks */
};
enum status keys_sign(struct cx *cx, struct keys *keys, Str message, struct signature *out);
/* By a key of ours, by id. */
bool keys_verify(struct keys *keys, Str message, const char *key_id, Str signature_base64);
/* The public keys, as a list of {"id","pem","from","to"}: what an offline verifier needs. */
struct value *keys_public(struct cx *cx, struct keys *keys);
/* Offline, by a PEM; both come from anywhere. Only SM2 keys are taken; the signer's ID is the
 * customary 1234567812345678. LAW: GB/T 32918.2-2016, GB/T 35276. */
bool signature_holds(Str message, Str public_pem, Str signature_base64);
/* The key_id of a public key; false unless an SM2 key. */
bool signature_key_id(Str public_pem, char key_id[17]);

/* --- sealing --- */
typedef struct {
    unsigned char b[48]; /* 16 SM4 + 32 HMAC */
} SealKey;

/* A fresh key for one matter or person, and its wrapped form to store (base64). */
enum status seal_key_new(struct cx *cx, struct keys *keys, SealKey *key, Str *wrapped);
/* E_STORE "seal-broken" when wrapped by an unknown master key or tampered with. */
enum status seal_key_open(struct cx *cx, struct keys *keys, Str wrapped, SealKey *out);
/* True of what seal_text() made, by its looks: callers see to it that no text typed by somebody
 * gets as far as this unsealed. */
bool seal_is_sealed(Str text);
/* "s1:" + base64(nonce || ciphertext || tag). context binds the text to its place (field path):
 * opening with another context fails. */
Str seal_text(struct arena *arena, const SealKey *key, Str context, Str plain);
enum status seal_open_text(struct cx *cx, const SealKey *key, Str context, Str sealed, Str *out);
/* Keyed index for exact look-up: the same text gives the same index, and nothing else is learned.
 * purpose separates kinds ("identity", "phone"). */
Hash keys_blind(struct keys *keys, const char *purpose, Str text);

#endif
