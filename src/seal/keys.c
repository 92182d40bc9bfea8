/* A key is made, written and synced before the list names it: a crash in between leaves a file
 * that nothing was ever made with. */
#include "seal/keys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "seal/key_cache.h"
#include "seal/key_file.h"
#include "seal/password.h"
#include "seal/sealing.h"
#include "seal/sm2.h"

enum purpose { SIGN, SEAL, BLIND, PURPOSES };

static const char *const PURPOSE_NAMES[PURPOSES] = {"sign", "seal", "blind"};

enum { ID_BYTES = 8, WRAPPED_BYTES = ID_BYTES + SEALING_EXTRA_BYTES + 48 };

struct key {
    struct key *older;
    enum purpose purpose;
    Instant made;
    char id[2 * ID_BYTES + 1];
    EVP_PKEY *pair;  /* SIGN */
    Str public_pem;  /* SIGN */
    SealKey *secret; /* SEAL, BLIND */
};

struct keys {
    struct arena *arena; /* of the process: never over its ceiling */
    const char *dir;
    struct key *newest; /* of any purpose */
    struct key_cache *unwrapped;
};

/* --- files --- */

static const char *path_of(struct cx *cx, const struct keys *keys, const char *name,
                           const char *ending)
{
    return arena_printf(cx->arena, "%s/%s%s", keys->dir, name, ending);
}

/* --- one key --- */

static size_t secret_bytes(enum purpose purpose)
{
    return purpose == SEAL ? sizeof(SealKey) : HASH_BYTES;
}

/* Invariant (4). */
static void key_identify(struct key *key)
{
    static const char words[] = "tongsu key id";
    if (key->purpose == SIGN) {
        sm2_id(key->pair, key->id);
        return;
    }
    Hash hash = hash_hmac(key->secret->b, secret_bytes(key->purpose), words, strlen(words));
    (void)sodium_bin2hex(key->id, sizeof key->id, hash.b, ID_BYTES);
}

static struct key *key_new(struct keys *keys, enum purpose purpose, Instant made)
{
    struct key *key = arena_new(keys->arena, struct key);
    key->purpose = purpose;
    key->made = made;
    if (purpose != SIGN) {
        key->secret = arena_new(keys->arena, SealKey);
    }
    return key;
}

static void key_put(struct keys *keys, struct key *key)
{
    if (key->purpose == SIGN) {
        key->public_pem = sm2_public_pem(keys->arena, key->pair);
    }
    key->older = keys->newest;
    keys->newest = key;
}

static enum status key_make(struct cx *cx, struct keys *keys, enum purpose purpose)
{
    struct key *key = key_new(keys, purpose, clock_now());
    Str secret = {"", 0};
    if (purpose == SIGN) {
        key->pair = sm2_generate();
        secret = sm2_private_pem(keys->arena, key->pair);
    } else {
        random_bytes(key->secret->b, secret_bytes(purpose));
        secret = base64_encode(keys->arena, key->secret->b, secret_bytes(purpose));
    }
    key_identify(key);
    key_put(keys, key);
    const char *path = path_of(cx, keys, key->id, purpose == SIGN ? ".pem" : ".key");
    return key_file_write(cx, path, secret, true);
}

/* The key as its file says; false when that is no key of this purpose. */
static bool key_decode(struct cx *cx, struct key *key, Str text)
{
    if (key->purpose == SIGN) {
        key->pair = sm2_from_private_pem(text);
        return key->pair != NULL;
    }
    size_t size = 0;
    return base64_decode_strict(str_trim(cx->arena, text), key->secret->b, sizeof key->secret->b,
                                &size) &&
           size == secret_bytes(key->purpose);
}

static enum status key_load(struct cx *cx, struct keys *keys, const struct value *entry)
{
    Str id = value_get_str(entry, "id");
    Str purpose = value_get_str(entry, "purpose");
    Instant made = 0;
    int at = 0;
    unsigned char id_bytes[ID_BYTES];
    while (at < PURPOSES && !str_is(purpose, PURPOSE_NAMES[at])) {
        at++;
    }
    if (!text_unhex(id, id_bytes, sizeof id_bytes) || at == PURPOSES ||
        !instant_parse(value_get_str(entry, "made"), &made)) {
        return FAIL(cx, E_STORE, "keys-broken", "%s/keys.json: an entry without sense", keys->dir);
    }
    struct key *key = key_new(keys, (enum purpose)at, made);
    const char *path = path_of(cx, keys, id.p, at == SIGN ? ".pem" : ".key");
    Str text = {"", 0};
    bool found = false;
    TRY(key_file_read(cx, path, &text, &found));
    found = found && key_decode(cx, key, text);
    if (found) {
        key_identify(key);
        key_put(keys, key); /* before it is judged: so that keys_close() frees it */
    }
    if (!found || !str_is(id, key->id)) {
        return FAIL(cx, E_STORE, "keys-broken", "%s is missing or holds another key", path);
    }
    return OK;
}

/* --- the list --- */

static enum status list_write(struct cx *cx, const struct keys *keys)
{
    struct value *oldest_first = value_list(cx->arena);
    const struct key *done = NULL;
    while (done != keys->newest) {
        const struct key *key = keys->newest;
        while (key->older != done) {
            key = key->older;
        }
        struct value *entry = value_map(cx->arena);
        value_set_text(cx->arena, entry, "id", key->id);
        value_set_text(cx->arena, entry, "purpose", PURPOSE_NAMES[key->purpose]);
        value_set_str(cx->arena, entry, "made", instant_format(cx->arena, key->made));
        value_add(cx->arena, oldest_first, entry);
        done = key;
    }
    struct value *list = value_map(cx->arena);
    value_set(cx->arena, list, "keys", oldest_first);
    const char *path = path_of(cx, keys, "keys.json", "");
    const char *fresh = path_of(cx, keys, "keys.json", ".new");
    TRY(key_file_write(cx, fresh, json_write(cx->arena, list), false));
    if (rename(fresh, path) != 0) {
        return key_file_fail(cx, "cannot replace", path);
    }
    return key_dir_sync(cx, keys->dir);
}

static enum status list_read(struct cx *cx, struct keys *keys, Str text)
{
    struct value *list = NULL;
    if (json_read(cx, text, &list) != OK) {
        cx_forgive(cx);
    }
    const struct value *entries = value_get(list, "keys");
    for (uint32_t i = 0; i < value_count(entries); i++) {
        TRY(key_load(cx, keys, value_item(entries, i)));
    }
    bool have[PURPOSES] = {false};
    for (const struct key *key = keys->newest; key != NULL; key = key->older) {
        have[key->purpose] = true;
    }
    if (!have[SIGN] || !have[SEAL] || !have[BLIND]) {
        return FAIL(cx, E_STORE, "keys-broken", "%s/keys.json names no key of some purpose",
                    keys->dir);
    }
    return OK;
}

static bool dir_has_keys(const char *path)
{
    DIR *dir = opendir(path);
    bool found = false;
    for (const struct dirent *entry = NULL; dir != NULL && (entry = readdir(dir)) != NULL;) {
        Str name = str_of(entry->d_name);
        found = found || str_ends(name, ".pem") || str_ends(name, ".key");
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    return found;
}

static enum status first_keys(struct cx *cx, struct keys *keys)
{
    if (mkdir(keys->dir, 0700) != 0 && errno != EEXIST) {
        return key_file_fail(cx, "cannot make", keys->dir);
    }
    for (int purpose = 0; purpose < PURPOSES; purpose++) {
        TRY(key_make(cx, keys, (enum purpose)purpose));
    }
    return list_write(cx, keys);
}

static enum status keys_fill(struct cx *cx, struct keys *keys, bool create)
{
    Str text = {"", 0};
    bool found = false;
    TRY(key_file_read(cx, path_of(cx, keys, "keys.json", ""), &text, &found));
    if (found) {
        return list_read(cx, keys, text);
    }
    if (!create || dir_has_keys(keys->dir)) {
        return FAIL(cx, E_STORE, "keys-missing", "no %s/keys.json%s", keys->dir,
                    create ? ", but keys: restore the list or move them away" : "");
    }
    return first_keys(cx, keys);
}

enum status keys_open(struct cx *cx, const char *dir, bool create, struct keys **out)
{
    struct arena *arena = arena_open((size_t)64 << 20);
    struct keys *keys = arena_new(arena, struct keys);
    keys->arena = arena;
    keys->unwrapped = key_cache_open();
    keys->dir = arena_copy(arena, dir, strlen(dir));
    enum status status = keys_fill(cx, keys, create);
    if (status != OK) {
        keys_close(keys);
        return status;
    }
    *out = keys;
    return OK;
}

void keys_close(struct keys *keys)
{
    if (keys == NULL) {
        return;
    }
    for (struct key *key = keys->newest; key != NULL; key = key->older) {
        EVP_PKEY_free(key->pair);
        if (key->secret != NULL) {
            OPENSSL_cleanse(key->secret, sizeof *key->secret);
        }
    }
    key_cache_close(keys->unwrapped);
    arena_close(keys->arena);
}

enum status keys_rotate(struct cx *cx, struct keys *keys)
{
    TRY(key_make(cx, keys, SIGN));
    TRY(key_make(cx, keys, SEAL));
    return list_write(cx, keys);
}

static const struct key *key_newest(const struct keys *keys, enum purpose purpose)
{
    const struct key *key = keys->newest;
    while (key != NULL && key->purpose != purpose) {
        key = key->older;
    }
    check(key != NULL); /* keys_open() saw to it */
    return key;
}

static const struct key *key_find(const struct keys *keys, enum purpose purpose, const char *id)
{
    const struct key *key = keys->newest;
    while (key != NULL && (key->purpose != purpose || strcmp(key->id, id) != 0)) {
        key = key->older;
    }
    return key;
}

/* --- signing --- */

static bool base64_signature_holds(EVP_PKEY *pair, Str message, Str signature_base64)
{
    unsigned char der[SM2_SIGNATURE_MAX];
    size_t size = 0;
    return base64_decode_strict(signature_base64, der, sizeof der, &size) &&
           sm2_holds(pair, message, der, size);
}

enum status keys_sign(struct cx *cx, struct keys *keys, Str message, struct signature *out)
{
    const struct key *key = key_newest(keys, SIGN);
    unsigned char der[SM2_SIGNATURE_MAX];
    size_t size = sm2_sign(key->pair, message, der);
    memcpy(out->key_id, key->id, sizeof out->key_id);
    out->bytes_base64 = base64_encode(cx->arena, der, size);
    return OK;
}

bool keys_verify(struct keys *keys, Str message, const char *key_id, Str signature_base64)
{
    const struct key *key = key_find(keys, SIGN, key_id);
    return key != NULL && base64_signature_holds(key->pair, message, signature_base64);
}

struct value *keys_public(struct cx *cx, struct keys *keys)
{
    struct value *list = value_list(cx->arena);
    Str until = {"", 0};
    for (const struct key *key = keys->newest; key != NULL; key = key->older) {
        if (key->purpose != SIGN) {
            continue;
        }
        struct value *entry = value_map(cx->arena);
        Str from = instant_format(cx->arena, key->made);
        value_set_str(cx->arena, entry, "id", str_copy(cx->arena, key->id, strlen(key->id)));
        value_set_str(cx->arena, entry, "pem",
                      str_copy(cx->arena, key->public_pem.p, key->public_pem.n));
        value_set_str(cx->arena, entry, "from", from);
        value_set(cx->arena, entry, "to", until.n == 0 ? NULL : value_str(cx->arena, until));
        value_add(cx->arena, list, entry);
        until = from;
    }
    return list;
}

bool signature_holds(Str message, Str public_pem, Str signature_base64)
{
    EVP_PKEY *key = sm2_from_public_pem(public_pem);
    bool holds = key != NULL && base64_signature_holds(key, message, signature_base64);
    EVP_PKEY_free(key);
    return holds;
}

bool signature_key_id(Str public_pem, char key_id[17])
{
    EVP_PKEY *key = sm2_from_public_pem(public_pem);
    if (key == NULL) {
        return false;
    }
    sm2_id(key, key_id);
    EVP_PKEY_free(key);
    return true;
}

/* --- sealing --- */

static const Str WRAP_CONTEXT = {"seal key", 8};

enum status seal_key_new(struct cx *cx, struct keys *keys, SealKey *key, Str *wrapped)
{
    const struct key *master = key_newest(keys, SEAL);
    unsigned char bytes[WRAPPED_BYTES];
    random_bytes(key->b, sizeof key->b);
    check(text_unhex(str_of(master->id), bytes, ID_BYTES));
    sealing_make(master->secret, WRAP_CONTEXT, key->b, sizeof key->b, bytes + ID_BYTES);
    *wrapped = base64_encode(cx->arena, bytes, sizeof bytes);
    return OK;
}

enum status seal_key_open(struct cx *cx, struct keys *keys, Str wrapped, SealKey *out)
{
    unsigned char bytes[WRAPPED_BYTES];
    size_t size = 0;
    if (key_cache_find(keys->unwrapped, wrapped, out)) {
        return OK;
    }
    if (!base64_decode_strict(wrapped, bytes, sizeof bytes, &size) || size != WRAPPED_BYTES) {
        return FAIL(cx, E_STORE, "seal-broken", "a wrapped key of %zu characters", wrapped.n);
    }
    Str id = text_hex(cx->arena, bytes, ID_BYTES);
    const struct key *master = key_find(keys, SEAL, id.p);
    Str sealed = {(const char *)bytes + ID_BYTES, WRAPPED_BYTES - ID_BYTES};
    if (master == NULL || !sealing_open(master->secret, WRAP_CONTEXT, sealed, out->b)) {
        return FAIL(cx, E_STORE, "seal-broken", "a key wrapped by %s, which is %s", id.p,
                    master == NULL ? "not ours" : "ours: it was tampered with");
    }
    key_cache_put(keys->unwrapped, wrapped, out);
    return OK;
}

Hash keys_blind(struct keys *keys, const char *purpose, Str text)
{
    const struct key *key = key_newest(keys, BLIND);
    Str parts[] = {str_of(purpose), {"\0", 1}, text};
    return hash_hmac_parts(key->secret->b, HASH_BYTES, parts, sizeof parts / sizeof parts[0]);
}
