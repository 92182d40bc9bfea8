#include "jobs/log.h"

#include <inttypes.h>
#include <string.h>

#include "base/check.h"

/* --- rows --- */

static bool hash_take(const struct rows *rows, uint32_t row, uint32_t column, Hash *out)
{
    Str bytes = row_str(rows, row, column);
    if (bytes.n != HASH_BYTES) {
        return false;
    }
    memcpy(out->b, bytes.p, HASH_BYTES);
    return true;
}

enum status log_size(struct cx *cx, struct sql *sql, uint64_t *out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT max(idx) FROM leaf"), NO_ARGS, &rows));
    *out = row_is_null(&rows, 0, 0) ? 0 : (uint64_t)row_int(&rows, 0, 0) + 1;
    return OK;
}

enum status log_node_read(struct cx *cx, void *arg, uint32_t level, uint64_t index, Hash *out)
{
    struct sql *sql = arg;
    struct rows rows = {0};
    if (level == 0) {
        TRY(sql_query(cx, sql, SQL("SELECT hash FROM leaf WHERE idx = ?1"),
                      ARGS(SQL_I((int64_t)index)), &rows));
    } else {
        TRY(sql_query(cx, sql, SQL("SELECT hash FROM log_node WHERE level = ?1 AND idx = ?2"),
                      ARGS(SQL_I(level), SQL_I((int64_t)index)), &rows));
    }
    if (rows.count != 1 || !hash_take(&rows, 0, 0, out)) {
        return FAIL(cx, E_STORE, "store-failed", "the log has no node %u/%" PRIu64, level, index);
    }
    return OK;
}

enum status log_frontier(struct cx *cx, struct sql *sql, uint64_t size, struct frontier *out)
{
    uint64_t from = 0;
    struct frontier frontier;
    frontier_init(&frontier);
    for (uint32_t level = MERKLE_DEPTH_MAX; level > 0; level--) {
        uint64_t span = UINT64_C(1) << (level - 1);
        if ((size & span) != 0) {
            TRY(log_node_read(cx, sql, level - 1, from / span, &frontier.roots[frontier.count]));
            frontier.count += 1;
            from += span;
        }
    }
    frontier.size = size;
    check(from == size);
    *out = frontier;
    return OK;
}

static enum status checkpoint_take(struct cx *cx, const struct rows *rows,
                                   struct checkpoint_row *out)
{
    *out = (struct checkpoint_row){0};
    if (rows->count == 0) {
        return OK;
    }
    Str key = row_str(rows, 0, 3);
    if (!hash_take(rows, 0, 1, &out->root) || key.n >= sizeof out->signature.key_id) {
        return FAIL(cx, E_STORE, "store-failed", "checkpoint %" PRId64 " cannot be read",
                    row_int(rows, 0, 0));
    }
    out->found = true;
    out->size = row_int(rows, 0, 0);
    out->text = row_str(rows, 0, 2);
    memcpy(out->signature.key_id, key.p, key.n);
    out->signature.bytes_base64 = row_str(rows, 0, 4);
    out->at = row_int(rows, 0, 5);
    return OK;
}

enum status log_checkpoint_newest(struct cx *cx, struct sql *sql, struct checkpoint_row *out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT size, root, text, key_id, signature, at FROM log_checkpoint "
                      "ORDER BY size DESC LIMIT 1"),
                  NO_ARGS, &rows));
    return checkpoint_take(cx, &rows, out);
}

enum status log_checkpoint_first(struct cx *cx, struct sql *sql, int64_t index,
                                 struct checkpoint_row *out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT size, root, text, key_id, signature, at FROM log_checkpoint "
                      "WHERE size > ?1 ORDER BY size LIMIT 1"),
                  ARGS(SQL_I(index)), &rows));
    return checkpoint_take(cx, &rows, out);
}

/* --- one look for proof and receipt --- */

enum leaf_by { BY_EVENT, BY_HASH, BY_INDEX };

struct leaf_look {
    enum leaf_by by;
    Id matter;
    int64_t event;
    Hash hash; /* the leaf's; of BY_HASH given */
    int64_t index;
    bool found;
    bool numbered;
    Hash event_hash;
    Instant at;
    struct checkpoint_row checkpoint; /* covers the leaf when found */
    Hash path[MERKLE_DEPTH_MAX];
    uint32_t path_count;
};

static enum status leaf_query(struct cx *cx, struct sql *sql, const struct leaf_look *look,
                              struct rows *out)
{
    switch (look->by) {
    case BY_EVENT:
        return sql_query(
            cx, sql,
            SQL("SELECT l.hash, l.idx, e.hash, e.at FROM event e JOIN leaf l "
                "ON l.matter = e.matter AND l.n = e.n WHERE e.matter = ?1 AND e.n = ?2"),
            ARGS(SQL_I(look->matter), SQL_I(look->event)), out);
    case BY_HASH:
        return sql_query(cx, sql,
                         SQL("SELECT hash, idx FROM leaf WHERE hash = ?1 ORDER BY seq LIMIT 1"),
                         ARGS(SQL_B(look->hash.b, HASH_BYTES)), out);
    case BY_INDEX:
        return sql_query(cx, sql, SQL("SELECT hash, idx FROM leaf WHERE idx = ?1"),
                         ARGS(SQL_I(look->index)), out);
    }
    return OK;
}

static enum status leaf_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct leaf_look *look = arg;
    struct rows rows = {0};
    TRY(leaf_query(cx, sql, look, &rows));
    look->found = rows.count == 1 && hash_take(&rows, 0, 0, &look->hash);
    if (!look->found) {
        return OK;
    }
    look->numbered = !row_is_null(&rows, 0, 1);
    look->index = row_int(&rows, 0, 1);
    if (look->by == BY_EVENT) {
        look->found = hash_take(&rows, 0, 2, &look->event_hash);
        look->at = row_int(&rows, 0, 3);
    }
    /* A receipt stands under the newest; a proof of when something was there, under the first. */
    TRY(look->by == BY_EVENT || !look->numbered
            ? log_checkpoint_newest(cx, sql, &look->checkpoint)
            : log_checkpoint_first(cx, sql, look->index, &look->checkpoint));
    if (!look->numbered || look->checkpoint.size <= look->index) {
        look->checkpoint.found = false;
        return OK;
    }
    return merkle_inclusion(cx, log_node_read, sql, (uint64_t)look->index,
                            (uint64_t)look->checkpoint.size, look->path, &look->path_count);
}

enum status receipt_make(struct cx *cx, const struct house *house, Id matter, int64_t event,
                         struct value **out)
{
    struct leaf_look look = {.by = BY_EVENT, .matter = matter, .event = event};
    struct receipt receipt = {0};
    TRY(store_read(cx, house->store, leaf_read, &look));
    if (!look.found) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no event %" PRId64 " of %" PRId64, event,
                    matter);
    }
    receipt.promise = (struct promise){.origin = house->origin,
                                       .matter = str_printf(cx->arena, "%" PRId64, matter),
                                       .event = event,
                                       .leaf = look.hash,
                                       .at = instant_format(cx->arena, look.at)};
    receipt.event_hash = look.event_hash;
    TRY(keys_sign(cx, house->keys, promise_text(cx->arena, &receipt.promise),
                  &receipt.promise_signature));
    if (look.checkpoint.found) {
        receipt.index = (uint64_t)look.index;
        receipt.tree_size = (uint64_t)look.checkpoint.size;
        receipt.path = look.path;
        receipt.path_count = look.path_count;
        receipt.checkpoint = look.checkpoint.text;
        receipt.checkpoint_signature = look.checkpoint.signature;
    }
    *out = receipt_value(cx->arena, &receipt, keys_public(cx, house->keys));
    return OK;
}

/* --- the log itself --- */

static void checkpoint_put(struct arena *arena, struct value *map,
                           const struct checkpoint_row *checkpoint)
{
    value_set_str(arena, map, "text", checkpoint->text);
    value_set_str(arena, map, "signature", checkpoint->signature.bytes_base64);
    value_set_str(
        arena, map, "key_id",
        str_copy(arena, checkpoint->signature.key_id, strlen(checkpoint->signature.key_id)));
}

static enum status newest_read(struct cx *cx, struct sql *sql, void *arg)
{
    return log_checkpoint_newest(cx, sql, arg);
}

enum status log_checkpoint_view(struct cx *cx, const struct house *house, struct value **out)
{
    struct checkpoint_row newest;
    TRY(store_read(cx, house->store, newest_read, &newest));
    if (!newest.found) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no checkpoint yet");
    }
    struct value *view = value_map(cx->arena);
    value_set_str(cx->arena, view, "origin", house->origin);
    value_set_int(cx->arena, view, "size", newest.size);
    value_set_str(cx->arena, view, "root", hash_hex(cx->arena, newest.root));
    value_set_str(cx->arena, view, "at", instant_format(cx->arena, newest.at));
    checkpoint_put(cx->arena, view, &newest);
    value_set(cx->arena, view, "keys", keys_public(cx, house->keys));
    *out = view;
    return OK;
}

static bool leaf_named(Str text, struct leaf_look *look)
{
    if (text.n == (size_t)2 * HASH_BYTES) {
        look->by = BY_HASH;
        return hash_unhex(text, &look->hash);
    }
    look->by = BY_INDEX;
    return str_int(text, &look->index) && look->index >= 0;
}

enum status log_proof_view(struct cx *cx, const struct house *house, Str leaf, struct value **out)
{
    struct leaf_look look = {0};
    if (!leaf_named(leaf, &look)) {
        (void)cx_error(cx, "leaf", "ill-typed", NULL);
        return FAIL(cx, E_INPUT, "fields", "neither a hash nor a number of a leaf");
    }
    TRY(store_read(cx, house->store, leaf_read, &look));
    if (!look.found) {
        return FAIL(cx, E_NOT_FOUND, "log-leaf-missing", "no such leaf");
    }
    struct arena *arena = cx->arena;
    bool covered = look.checkpoint.found;
    struct value *view = value_map(arena);
    struct value *path = covered ? value_list(arena) : NULL;
    struct value *checkpoint = covered ? value_map(arena) : NULL;
    for (uint32_t i = 0; covered && i < look.path_count; i++) {
        value_add(arena, path, value_str(arena, hash_hex(arena, look.path[i])));
    }
    if (covered) {
        checkpoint_put(arena, checkpoint, &look.checkpoint);
    }
    value_set_str(arena, view, "leaf", hash_hex(arena, look.hash));
    value_set(arena, view, "index", look.numbered ? value_int(arena, look.index) : NULL);
    value_set(arena, view, "tree_size", covered ? value_int(arena, look.checkpoint.size) : NULL);
    value_set(arena, view, "path", path);
    value_set(arena, view, "checkpoint", checkpoint);
    *out = view;
    return OK;
}
