#include "seal/receipt.h"

#include <inttypes.h>
#include <string.h>

#include "base/check.h"
#include "seal/password.h"

enum { TEXT_BYTES_MAX = 4096, KEYS_MAX = 100 };

/* --- the texts --- */

/* Invariant (2). */
static bool is_one_line(Str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F) {
            return false;
        }
    }
    return s.n > 0 && s.n <= TEXT_BYTES_MAX;
}

Hash receipt_leaf(Str matter, int64_t event, Hash event_hash)
{
    struct arena *arena = arena_open(1 << 16);
    check(is_one_line(matter));
    Str text = str_printf(arena, "tongsu-leaf-1\n%.*s\n%" PRId64 "\n%s\n", STR_ARG(matter), event,
                          hash_hex(arena, event_hash).p);
    Hash leaf = merkle_leaf(text.p, text.n);
    arena_close(arena);
    return leaf;
}

Hash receipt_paper_leaf(Hash file_sm3)
{
    struct arena *arena = arena_open(1 << 12);
    Str text = str_printf(arena, "tongsu-paper-1\n%s\n", hash_hex(arena, file_sm3).p);
    Hash leaf = merkle_leaf(text.p, text.n);
    arena_close(arena);
    return leaf;
}

Str promise_text(struct arena *arena, const struct promise *promise)
{
    check(is_one_line(promise->origin) && is_one_line(promise->matter) && is_one_line(promise->at));
    return str_printf(arena, "tongsu-promise-1\n%.*s\n%.*s\n%" PRId64 "\n%s\n%.*s\n",
                      STR_ARG(promise->origin), STR_ARG(promise->matter), promise->event,
                      hash_hex(arena, promise->leaf).p, STR_ARG(promise->at));
}

Str checkpoint_text(struct arena *arena, const struct checkpoint *checkpoint)
{
    check(is_one_line(checkpoint->origin) && is_one_line(checkpoint->at));
    return str_printf(arena, "%.*s\n%" PRIu64 "\n%s\n%.*s\n", STR_ARG(checkpoint->origin),
                      checkpoint->size, base64_encode(arena, checkpoint->root.b, HASH_BYTES).p,
                      STR_ARG(checkpoint->at));
}

bool checkpoint_parse(struct arena *arena, Str text, struct checkpoint *out)
{
    Str *lines = NULL;
    struct checkpoint c = {0};
    int64_t size = 0;
    size_t root_bytes = 0;
    Instant at = 0;
    if (text.n > TEXT_BYTES_MAX || str_split(arena, text, '\n', &lines) != 5 || lines[4].n != 0 ||
        !is_one_line(lines[0]) || !str_int(lines[1], &size) || size < 0 ||
        !base64_decode_strict(lines[2], c.root.b, HASH_BYTES, &root_bytes) ||
        root_bytes != HASH_BYTES || !instant_parse(lines[3], &at)) {
        return false;
    }
    c.origin = lines[0];
    c.size = (uint64_t)size;
    c.at = lines[3];
    if (!str_same(text, checkpoint_text(arena, &c))) {
        return false; /* another spelling of the size */
    }
    *out = c;
    return true;
}

/* --- the receipt --- */

static struct value *signature_value(struct arena *arena, const char *name, Str text,
                                     const struct signature *signature)
{
    struct value *map = value_map(arena);
    value_set_str(arena, map, name, text);
    value_set_str(arena, map, "signature", signature->bytes_base64);
    value_set_str(arena, map, "key_id",
                  str_copy(arena, signature->key_id, strlen(signature->key_id)));
    return map;
}

static void proof_set(struct arena *arena, struct value *map, const struct receipt *receipt)
{
    bool numbered = receipt->checkpoint.n > 0;
    struct value *path = numbered ? value_list(arena) : NULL;
    for (uint32_t i = 0; numbered && i < receipt->path_count; i++) {
        value_add(arena, path, value_str(arena, hash_hex(arena, receipt->path[i])));
    }
    value_set(arena, map, "index", numbered ? value_int(arena, (int64_t)receipt->index) : NULL);
    value_set(arena, map, "tree_size",
              numbered ? value_int(arena, (int64_t)receipt->tree_size) : NULL);
    value_set(arena, map, "path", path);
    value_set(arena, map, "checkpoint",
              numbered ? signature_value(arena, "text", receipt->checkpoint,
                                         &receipt->checkpoint_signature)
                       : NULL);
}

struct value *receipt_value(struct arena *arena, const struct receipt *receipt,
                            const struct value *keys)
{
    const struct promise *promise = &receipt->promise;
    struct value *map = value_map(arena);
    value_set_str(arena, map, "origin", promise->origin);
    value_set_str(arena, map, "matter", promise->matter);
    value_set_int(arena, map, "event", promise->event);
    value_set_str(arena, map, "hash", hash_hex(arena, receipt->event_hash));
    value_set_str(arena, map, "leaf", hash_hex(arena, promise->leaf));
    value_set(arena, map, "promise",
              signature_value(arena, "at", promise->at, &receipt->promise_signature));
    proof_set(arena, map, receipt);
    value_set(arena, map, "keys", keys);
    return map;
}

/* --- checking --- */

struct review {
    struct arena *arena;
    const struct value *receipt;
    const struct value *trusted; /* or NULL */
    struct value *findings;
    bool refuted;
    bool numbered; /* the proof's four parts are there */
    struct promise promise;
    Hash event_hash;
    bool has_event_hash;
    uint64_t index;
    uint64_t tree_size;
    Hash path[MERKLE_DEPTH_MAX];
    uint32_t path_count;
};

static bool finding(struct review *r, const char *what, bool ok, const char *good, const char *bad)
{
    struct value *entry = value_map(r->arena);
    value_set_text(r->arena, entry, "what", what);
    value_set_bool(r->arena, entry, "ok", ok);
    value_set_text(r->arena, entry, "title", ok ? good : bad);
    value_add(r->arena, r->findings, entry);
    r->refuted = r->refuted || !ok;
    return ok;
}

/* Hex as it is written, so that a receipt has one spelling. */
static bool hash_read(struct arena *arena, Str text, Hash *out)
{
    return hash_unhex(text, out) && str_same(hash_hex(arena, *out), text);
}

static bool is_count(const struct value *v)
{
    return v != NULL && v->kind == VALUE_INT && v->as.number >= 0;
}

static bool promise_read(struct review *r)
{
    const struct value *event = value_get(r->receipt, "event");
    const struct value *hash = value_get(r->receipt, "hash");
    struct promise *p = &r->promise;
    Instant at = 0;
    p->origin = value_get_str(r->receipt, "origin");
    p->matter = value_get_str(r->receipt, "matter");
    p->event = value_as_int(event);
    p->at = value_get_str(value_get(r->receipt, "promise"), "at");
    r->has_event_hash = !value_is_null(hash);
    return is_one_line(p->origin) && is_one_line(p->matter) && is_count(event) &&
           is_one_line(p->at) && instant_parse(p->at, &at) &&
           hash_read(r->arena, value_get_str(r->receipt, "leaf"), &p->leaf) &&
           (!r->has_event_hash || hash_read(r->arena, value_as_str(hash), &r->event_hash));
}

static bool path_read(struct review *r, const struct value *path)
{
    if (!value_is_list(path) || value_count(path) > MERKLE_DEPTH_MAX) {
        return false;
    }
    r->path_count = value_count(path);
    for (uint32_t i = 0; i < r->path_count; i++) {
        if (!hash_read(r->arena, value_as_str(value_item(path, i)), &r->path[i])) {
            return false;
        }
    }
    return true;
}

/* All of the proof is there, or all of it is null. */
static bool proof_read(struct review *r)
{
    const struct value *index = value_get(r->receipt, "index");
    const struct value *size = value_get(r->receipt, "tree_size");
    const struct value *path = value_get(r->receipt, "path");
    const struct value *checkpoint = value_get(r->receipt, "checkpoint");
    if (value_is_null(index) && value_is_null(size) && value_is_null(path) &&
        value_is_null(checkpoint)) {
        return true;
    }
    if (!is_count(index) || !is_count(size) || !value_is_map(checkpoint)) {
        return false;
    }
    r->numbered = true;
    r->index = (uint64_t)index->as.number;
    r->tree_size = (uint64_t)size->as.number;
    return path_read(r, path);
}

/* The PEM of a key: by its published id, or else, without published keys, by the id in the receipt.
 * In both an id must be the one that the key itself gives. */
static Str pem_find(const struct review *r, Str key_id)
{
    const struct value *keys = r->trusted != NULL ? r->trusted : value_get(r->receipt, "keys");
    for (uint32_t i = 0; i < value_count(keys) && i < KEYS_MAX; i++) {
        const struct value *entry = value_item(keys, i);
        Str pem = value_get_str(entry, "pem");
        char id[17] = "";
        if (str_same(value_get_str(entry, "id"), key_id) && signature_key_id(pem, id) &&
            str_is(key_id, id)) {
            return pem;
        }
    }
    return (Str){"", 0};
}

static bool signed_by_us(const struct review *r, Str text, const struct value *signature)
{
    Str key_id = value_get_str(signature, "key_id");
    Str pem = key_id.n == 16 ? pem_find(r, key_id) : (Str){"", 0};
    return pem.n > 0 && signature_holds(text, pem, value_get_str(signature, "signature"));
}

static void proof_check(struct review *r)
{
    const struct value *signature = value_get(r->receipt, "checkpoint");
    Str text = value_get_str(signature, "text");
    struct checkpoint c = {.size = 0};
    bool same = checkpoint_parse(r->arena, text, &c) && str_same(c.origin, r->promise.origin) &&
                c.size == r->tree_size;
    finding(r, "checkpoint", same, "日志检查点与凭证相符", "日志检查点与凭证不符");
    finding(r, "checkpoint-signature", signed_by_us(r, text, signature), "日志检查点的签名有效",
            "日志检查点的签名无效");
    finding(r, "inclusion",
            same && merkle_inclusion_holds(r->promise.leaf, r->index, r->tree_size, r->path,
                                           r->path_count, c.root),
            "这次办理已列入日志", "不能证明这次办理已列入日志");
}

static void parts_check(struct review *r)
{
    bool shape = promise_read(r) && proof_read(r);
    if (!finding(r, "shape", shape, "凭证内容完整", "凭证内容不完整，或格式不对")) {
        return;
    }
    if (r->has_event_hash) {
        Hash leaf = receipt_leaf(r->promise.matter, r->promise.event, r->event_hash);
        finding(r, "leaf", hash_same(leaf, r->promise.leaf), "凭证与事项和办理记录相符",
                "凭证与事项或办理记录不符");
    }
    finding(r, "promise",
            signed_by_us(r, promise_text(r->arena, &r->promise), value_get(r->receipt, "promise")),
            "收到承诺的签名有效", "收到承诺的签名无效");
    if (r->numbered) {
        proof_check(r);
    }
}

struct value *receipt_verify(struct arena *arena, const struct value *receipt,
                             const struct value *trusted_keys)
{
    struct review r = {.arena = arena, .receipt = receipt, .trusted = trusted_keys};
    r.findings = value_list(arena);
    parts_check(&r);
    const char *title = "凭证未通过核验，请向法院核实";
    if (!r.refuted) {
        title = r.numbered ? "凭证真实，这次办理已列入日志"
                           : "凭证真实，这次办理已收到，列入日志后可重新下载凭证再核验";
    }
    struct value *answer = value_map(arena);
    bool trusted = trusted_keys != NULL;
    value_set_text(arena, answer, "verdict",
                   r.refuted    ? "refuted"
                   : r.numbered ? "proved"
                                : "promised");
    value_set_str(
        arena, answer, "title",
        str_printf(arena, "%s%s", title,
                   trusted || r.refuted ? "" : "（公钥取自凭证本身，请与法院公布的公钥核对）"));
    value_set_bool(arena, answer, "trusted", trusted);
    value_set(arena, answer, "findings", r.findings);
    return answer;
}

bool receipt_proof_holds(struct arena *arena, const struct value *proof, Hash leaf,
                         const struct value *trusted_keys, Instant *at)
{
    struct review r = {.arena = arena, .receipt = proof, .trusted = trusted_keys};
    const struct value *signature = value_get(proof, "checkpoint");
    Str text = value_get_str(signature, "text");
    struct checkpoint c = {.size = 0};
    return proof_read(&r) && r.numbered && checkpoint_parse(arena, text, &c) &&
           c.size == r.tree_size && signed_by_us(&r, text, signature) &&
           merkle_inclusion_holds(leaf, r.index, r.tree_size, r.path, r.path_count, c.root) &&
           instant_parse(c.at, at);
}
