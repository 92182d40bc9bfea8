#include "jobs/sequencer.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "jobs/bell.h"
#include "jobs/log.h"

enum {
    ROUND_MS = 100,
    CHECKPOINT_MS = 1000,
    LEAVES_MOST = 500,
    NODES_MOST = LEAVES_MOST + MERKLE_DEPTH_MAX,
    ROUND_BYTES_MAX = 16 << 20,
    PAUSE_FAILED_MS = 1000
};

/* Of the advisory lock under which one node at a time numbers. */
#define NUMBERING_LOCK INT64_C(0x746f6e677375)

struct sequencer {
    struct frontier frontier; /* (2): the writer's on SQLite, the thread's on PostgreSQL */
    const struct house *house;
    struct bell bell;
    pthread_t thread;
    bool started;
    int64_t signed_us; /* the last checkpoint, monotonic; 0: none in this life */
    int64_t behind_us; /* since when something waits; 0: nothing does */
    atomic_int_fast64_t size, checkpointed, waiting, behind_since_us;
};

struct sequencer *sequencer_new(struct arena *arena)
{
    struct sequencer *sequencer = arena_new(arena, struct sequencer);
    frontier_init(&sequencer->frontier);
    return sequencer;
}

/* --- numbering --- */

struct node {
    uint32_t level;
    uint64_t index;
    Hash hash;
};

struct nodes {
    struct node all[NODES_MOST];
    uint32_t count;
};

static void node_made(void *arg, uint32_t level, uint64_t index, Hash hash)
{
    struct nodes *nodes = arg;
    if (level > 0) { /* (1) */
        check(nodes->count < NODES_MOST);
        nodes->all[nodes->count++] = (struct node){level, index, hash};
    }
}

#define NODE_INSERT "INSERT INTO log_node (level, idx, hash) VALUES (?1, ?2, ?3)"
#define NODE_INSERT_8                                                                   \
    NODE_INSERT                                                                         \
    ", (?4, ?5, ?6), (?7, ?8, ?9), (?10, ?11, ?12), (?13, ?14, ?15), (?16, ?17, ?18), " \
    "(?19, ?20, ?21), (?22, ?23, ?24)"

enum { NODES_AT_ONCE = 8, NODE_ROW = 3 };

/* Eight at a time, the rest one by one. */
static enum status nodes_write(struct cx *cx, struct sql *sql, const struct nodes *nodes)
{
    struct sql_value args[NODES_AT_ONCE * NODE_ROW];
    for (uint32_t from = 0, now = 0; from < nodes->count; from += now) {
        size_t used = 0;
        now = nodes->count - from < NODES_AT_ONCE ? 1 : NODES_AT_ONCE;
        for (uint32_t i = from; i < from + now; i++) {
            const struct node *node = &nodes->all[i];
            args[used++] = SQL_I(node->level);
            args[used++] = SQL_I((int64_t)node->index);
            args[used++] = SQL_B(node->hash.b, HASH_BYTES);
        }
        TRY(sql_exec(cx, sql, now == 1 ? SQL(NODE_INSERT) : SQL(NODE_INSERT_8), args, used));
    }
    return OK;
}

/* Rows come as the engine likes; by number they are one behind the other. */
static enum status leaves_add(struct cx *cx, const struct rows *rows, struct frontier *frontier,
                              struct nodes *nodes)
{
    Hash *hashes = arena_array(cx->arena, Hash, rows->count);
    bool *known = arena_array(cx->arena, bool, rows->count);
    for (uint32_t i = 0; i < rows->count; i++) {
        int64_t at = row_int(rows, i, 0) - (int64_t)frontier->size;
        Str bytes = row_str(rows, i, 1);
        if (bytes.n != HASH_BYTES) {
            return FAIL(cx, E_STORE, "store-failed", "leaf %" PRId64 " is no hash",
                        row_int(rows, i, 0));
        }
        check(at >= 0 && at < (int64_t)rows->count && !known[at]);
        memcpy(hashes[at].b, bytes.p, HASH_BYTES);
        known[at] = true;
    }
    for (uint32_t i = 0; i < rows->count; i++) {
        frontier_add(frontier, hashes[i], node_made, nodes);
    }
    return OK;
}

/* Numbers up to LEAVES_MOST leaves, in the order they came. *frontier is used when it fits the
 * rows, and is afterwards what will stand once the transaction is committed. */
static enum status leaves_number(struct cx *cx, struct sql *sql, struct frontier *frontier,
                                 uint32_t *count)
{
    struct rows rows = {0};
    uint64_t size = 0;
    TRY(log_size(cx, sql, &size));
    TRY(sql_query(cx, sql,
                  SQL("UPDATE leaf SET idx = next.idx FROM (SELECT matter, n, "
                      "?1 - 1 + row_number() OVER (ORDER BY seq) AS idx FROM leaf "
                      "WHERE idx IS NULL ORDER BY seq LIMIT 500) AS next "
                      "WHERE leaf.matter = next.matter AND leaf.n = next.n "
                      "RETURNING leaf.idx, leaf.hash"),
                  ARGS(SQL_I((int64_t)size)), &rows));
    *count = rows.count;
    if (rows.count == 0) {
        return OK;
    }
    if (frontier->size != size) { /* (2) */
        TRY(log_frontier(cx, sql, size, frontier));
    }
    struct nodes *nodes = arena_new(cx->arena, struct nodes);
    TRY(leaves_add(cx, &rows, frontier, nodes));
    return nodes_write(cx, sql, nodes);
}

enum status sequencer_before_commit(struct cx *cx, struct sql *sql, void *arg)
{
    struct sequencer *sequencer = arg;
    struct frontier frontier = sequencer->frontier;
    for (uint32_t count = LEAVES_MOST; count == LEAVES_MOST;) {
        TRY(leaves_number(cx, sql, &frontier, &count));
    }
    sequencer->frontier = frontier;
    return OK;
}

struct numbering {
    struct frontier known; /* before */
    struct frontier frontier;
    uint32_t count;
};

static enum status numbering_apply(struct cx *cx, struct sql *sql, void *arg)
{
    struct numbering *numbering = arg;
    struct rows rows = {0};
    numbering->frontier = numbering->known; /* also at a repetition */
    TRY(sql_query(cx, sql, SQL("SELECT 1 FROM (SELECT pg_advisory_xact_lock(?1)) AS locked"),
                  ARGS(SQL_I(NUMBERING_LOCK)), &rows));
    return leaves_number(cx, sql, &numbering->frontier, &numbering->count);
}

/* A closure that does nothing: its commit takes the hook along, for leaves that a failing hook left
 * behind. */
static enum status nothing_apply(struct cx *cx, struct sql *sql, void *arg)
{
    (void)cx;
    (void)sql;
    (void)arg;
    return OK;
}

static enum status waiting_number(struct cx *cx, struct sequencer *sequencer)
{
    struct store *store = sequencer->house->store;
    if (store_is_sqlite(store)) {
        return store_write(cx, store, WRITE_INTERACTIVE, nothing_apply, NULL);
    }
    struct numbering numbering = {.known = sequencer->frontier, .count = LEAVES_MOST};
    while (numbering.count == LEAVES_MOST) {
        TRY(store_write(cx, store, WRITE_INTERACTIVE, numbering_apply, &numbering));
        if (numbering.count > 0) {
            sequencer->frontier = numbering.frontier;
            numbering.known = numbering.frontier;
        }
    }
    return OK;
}

/* --- checkpoints --- */

struct standing {
    int64_t waiting;
    uint64_t size;
    bool signed_once;
    int64_t checkpointed;
    struct frontier frontier; /* of size, when it has grown */
};

static enum status standing_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct standing *standing = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT count(*) FROM leaf WHERE idx IS NULL"), NO_ARGS, &rows));
    standing->waiting = row_int(&rows, 0, 0);
    TRY(log_size(cx, sql, &standing->size));
    TRY(sql_query(cx, sql, SQL("SELECT max(size) FROM log_checkpoint"), NO_ARGS, &rows));
    standing->signed_once = !row_is_null(&rows, 0, 0);
    standing->checkpointed = row_int(&rows, 0, 0);
    if (!standing->signed_once || (int64_t)standing->size > standing->checkpointed) {
        TRY(log_frontier(cx, sql, standing->size, &standing->frontier));
    }
    return OK;
}

struct signing {
    struct checkpoint checkpoint;
    Str text;
    struct signature signature;
    Instant at;
};

static enum status signing_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const struct signing *s = arg;
    return sql_exec(cx, sql,
                    SQL("INSERT INTO log_checkpoint (size, root, text, key_id, signature, at) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING"),
                    ARGS(SQL_I((int64_t)s->checkpoint.size),
                         SQL_B(s->checkpoint.root.b, HASH_BYTES), SQL_S(s->text),
                         SQL_C(s->signature.key_id), SQL_S(s->signature.bytes_base64),
                         SQL_I(s->at)));
}

static enum status checkpoint_sign(struct cx *cx, struct sequencer *sequencer,
                                   const struct standing *standing)
{
    const struct house *house = sequencer->house;
    struct signing signing = {.at = clock_now()};
    signing.checkpoint = (struct checkpoint){.origin = house->origin,
                                             .size = standing->size,
                                             .root = frontier_root(&standing->frontier),
                                             .at = instant_format(cx->arena, signing.at)};
    signing.text = checkpoint_text(cx->arena, &signing.checkpoint);
    TRY(keys_sign(cx, house->keys, signing.text, &signing.signature));
    TRY(store_write(cx, house->store, WRITE_INTERACTIVE, signing_apply, &signing));
    sequencer->signed_us = clock_monotonic_us();
    atomic_store(&sequencer->checkpointed, (int64_t)standing->size);
    return OK;
}

/* --- rounds --- */

static void figures_keep(struct sequencer *sequencer, const struct standing *standing)
{
    bool behind = standing->waiting > 0 || (int64_t)standing->size > standing->checkpointed;
    if (!behind) {
        sequencer->behind_us = 0;
    } else if (sequencer->behind_us == 0) {
        sequencer->behind_us = clock_monotonic_us();
    }
    atomic_store(&sequencer->size, (int64_t)standing->size);
    atomic_store(&sequencer->checkpointed, standing->checkpointed);
    atomic_store(&sequencer->waiting, standing->waiting);
    atomic_store(&sequencer->behind_since_us, sequencer->behind_us);
}

static enum status round_do(struct cx *cx, struct sequencer *sequencer, bool at_once)
{
    struct standing standing = {0};
    struct store *store = sequencer->house->store;
    TRY(store_read(cx, store, standing_read, &standing));
    if (standing.waiting > 0) {
        TRY(waiting_number(cx, sequencer));
        TRY(store_read(cx, store, standing_read, &standing));
    }
    figures_keep(sequencer, &standing);
    bool due = at_once || sequencer->signed_us == 0 ||
               clock_monotonic_us() - sequencer->signed_us >= (int64_t)CHECKPOINT_MS * 1000;
    if (due && (!standing.signed_once || (int64_t)standing.size > standing.checkpointed)) {
        TRY(checkpoint_sign(cx, sequencer, &standing));
        standing.checkpointed = (int64_t)standing.size;
        figures_keep(sequencer, &standing);
    }
    return OK;
}

enum status sequencer_round(struct cx *cx, struct sequencer *sequencer, const struct house *house)
{
    check(!sequencer->started);
    sequencer->house = house;
    return round_do(cx, sequencer, true);
}

static void *sequencer_work(void *arg)
{
    struct sequencer *sequencer = arg;
    struct cx cx;
    unsigned wait_ms = 0;
    cx_init(&cx, arena_open(ROUND_BYTES_MAX));
    for (bool goes_on = true; goes_on;) {
        goes_on = bell_wait(&sequencer->bell, wait_ms);
        wait_ms = ROUND_MS;
        if (round_do(&cx, sequencer, !goes_on) != OK) {
            log_failure(&cx, "sequencer");
            wait_ms = PAUSE_FAILED_MS;
        }
        cx_forgive(&cx);
        arena_reset(cx.arena);
    }
    arena_close(cx.arena);
    return NULL;
}

enum status sequencer_start(struct cx *cx, struct sequencer *sequencer, const struct house *house)
{
    check(!sequencer->started);
    sequencer->house = house;
    bell_open(&sequencer->bell);
    if (pthread_create(&sequencer->thread, NULL, sequencer_work, sequencer) != 0) {
        bell_close(&sequencer->bell);
        return FAIL(cx, E_BUG, "bug", "no thread for the sequencer");
    }
    sequencer->started = true;
    return OK;
}

void sequencer_stop(struct sequencer *sequencer)
{
    if (sequencer == NULL || !sequencer->started) {
        return;
    }
    bell_stop(&sequencer->bell);
    check(pthread_join(sequencer->thread, NULL) == 0);
    bell_close(&sequencer->bell);
    sequencer->started = false;
}

void sequencer_figures(struct sequencer *sequencer, struct sequencer_figures *out)
{
    int64_t since_us = atomic_load(&sequencer->behind_since_us);
    *out = (struct sequencer_figures){
        .size = atomic_load(&sequencer->size),
        .checkpointed = atomic_load(&sequencer->checkpointed),
        .waiting = atomic_load(&sequencer->waiting),
        .lag_ms = since_us == 0 ? 0 : (clock_monotonic_us() - since_us) / 1000,
    };
}
