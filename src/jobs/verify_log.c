/* The log from its first leaf to its last checkpoint, and the case numbers. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "jobs/log.h"
#include "jobs/verify_int.h"
#include "law/case_number.h"

enum { LEAVES = 500, NODES = LEAVES + MERKLE_DEPTH_MAX, ORPHANS = 20, PAGE = 200 };

/* --- the tree --- */

struct node {
    uint32_t level;
    uint64_t index;
    Hash hash;
};

struct replay {
    struct verifying *v;
    struct frontier frontier;
    struct node nodes[NODES]; /* made by the page */
    uint32_t node_count;
    int64_t nodes_all;
    bool broken;   /* a leaf is missing: roots mean nothing any more */
    uint32_t page; /* leaves in it */
    int64_t from;  /* the next number wanted */
    /* the next checkpoint to be met */
    struct rows checkpoint;
};

static void node_made(void *arg, uint32_t level, uint64_t index, Hash hash)
{
    struct replay *replay = arg;
    if (level > 0) {
        check(replay->node_count < NODES);
        replay->nodes[replay->node_count++] = (struct node){level, index, hash};
        replay->nodes_all += 1;
    }
}

static enum status checkpoint_next(struct cx *cx, struct sql *sql, struct replay *replay,
                                   int64_t from)
{
    return sql_query(cx, sql,
                     SQL("SELECT size, root, text, key_id, signature, at FROM log_checkpoint "
                         "WHERE size >= ?1 ORDER BY size LIMIT 1"),
                     ARGS(SQL_I(from)), &replay->checkpoint);
}

static void checkpoint_verify(struct cx *cx, struct replay *replay)
{
    const struct rows *r = &replay->checkpoint;
    int64_t size = row_int(r, 0, 0);
    struct checkpoint said;
    Hash root;
    Str text = row_str(r, 0, 2);
    replay->v->counts->checkpoints += 1;
    bool is_own = verify_hash(r, 0, 1, &root) && checkpoint_parse(cx->arena, text, &said) &&
                  said.size == (uint64_t)size && hash_same(said.root, root) &&
                  str_same(said.at, instant_format(cx->arena, row_int(r, 0, 5)));
    if (!is_own) {
        verify_found(cx, replay->v, "checkpoint", 0, "checkpoint %" PRId64 " is not its text",
                     size);
    }
    if (!keys_verify(replay->v->options->keys, text, row_str(r, 0, 3).p, row_str(r, 0, 4))) {
        verify_found(cx, replay->v, "checkpoint-signature", 0,
                     "checkpoint %" PRId64 " is not signed by a key of this database", size);
    }
    if (is_own && !replay->broken && !hash_same(root, frontier_root(&replay->frontier))) {
        verify_found(cx, replay->v, "log-root", 0, "checkpoint %" PRId64 " has another root", size);
    }
}

/* Every checkpoint of the size reached. */
static enum status checkpoints_meet(struct cx *cx, struct sql *sql, struct replay *replay)
{
    while (replay->checkpoint.count > 0 &&
           row_int(&replay->checkpoint, 0, 0) <= (int64_t)replay->frontier.size) {
        checkpoint_verify(cx, replay);
        TRY(checkpoint_next(cx, sql, replay, row_int(&replay->checkpoint, 0, 0) + 1));
    }
    return OK;
}

static enum status nodes_verify(struct cx *cx, struct sql *sql, struct replay *replay)
{
    for (uint32_t i = 0; i < replay->node_count; i++) {
        const struct node *node = &replay->nodes[i];
        struct rows rows = {0};
        Hash stored;
        TRY(sql_query(cx, sql, SQL("SELECT hash FROM log_node WHERE level = ?1 AND idx = ?2"),
                      ARGS(SQL_I(node->level), SQL_I((int64_t)node->index)), &rows));
        if (!replay->broken && (rows.count != 1 || !verify_hash(&rows, 0, 0, &stored) ||
                                !hash_same(stored, node->hash))) {
            verify_found(cx, replay->v, "log-node", 0, "node %u/%" PRIu64 " is another",
                         node->level, node->index);
        }
    }
    replay->node_count = 0;
    return OK;
}

static enum status leaf_replay(struct cx *cx, struct sql *sql, struct replay *replay,
                               const struct rows *rows, uint32_t row)
{
    Hash hash;
    int64_t index = row_int(rows, row, 0);
    if (!verify_hash(rows, row, 1, &hash)) {
        verify_found(cx, replay->v, "leaf", 0, "leaf %" PRId64 " is no hash", index);
        memset(hash.b, 0, sizeof hash.b);
    }
    if (index != (int64_t)replay->frontier.size && !replay->broken) {
        replay->broken = true;
        verify_found(cx, replay->v, "log-gap", 0, "leaf %" PRIu64 " is missing",
                     replay->frontier.size);
    }
    frontier_add(&replay->frontier, hash, node_made, replay);
    replay->v->counts->leaves += 1;
    return checkpoints_meet(cx, sql, replay);
}

static enum status leaves_page(struct cx *cx, struct sql *sql, struct replay *replay)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT idx, hash FROM leaf WHERE idx >= ?1 ORDER BY idx LIMIT 500"),
                  ARGS(SQL_I(replay->from)), &rows));
    for (uint32_t i = 0; i < rows.count; i++) {
        TRY(leaf_replay(cx, sql, replay, &rows, i));
        replay->from = row_int(&rows, i, 0) + 1;
    }
    replay->page = rows.count;
    return nodes_verify(cx, sql, replay);
}

static void cut_verify(struct cx *cx, struct replay *replay)
{
    if (replay->checkpoint.count > 0) {
        verify_found(cx, replay->v, "log-cut", 0,
                     "a checkpoint of %" PRId64 " leaves was signed, %" PRIu64 " are there",
                     row_int(&replay->checkpoint, 0, 0), replay->frontier.size);
    }
}

static enum status log_replay(struct cx *cx, struct sql *sql, void *arg)
{
    struct replay *replay = arg;
    struct rows nodes = {0};
    replay->from = INT64_MIN;
    TRY(checkpoint_next(cx, sql, replay, INT64_MIN));
    TRY(checkpoints_meet(cx, sql, replay));
    do {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(leaves_page(cx, sql, replay));
        arena_rewind(cx->arena, mark);
        TRY(checkpoint_next(cx, sql, replay, (int64_t)replay->frontier.size + 1));
    } while (replay->page == LEAVES);
    cut_verify(cx, replay);
    TRY(sql_query(cx, sql, SQL("SELECT count(*) FROM log_node"), NO_ARGS, &nodes));
    if (row_int(&nodes, 0, 0) != replay->nodes_all && !replay->broken) {
        verify_found(cx, replay->v, "log-node", 0, "%" PRId64 " nodes, %" PRId64 " belong",
                     row_int(&nodes, 0, 0), replay->nodes_all);
    }
    return OK;
}

/* --- what belongs together --- */

static enum status orphans_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct verifying *v = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT l.matter, l.n FROM leaf l LEFT JOIN event e ON e.matter = l.matter "
                      "AND e.n = l.n WHERE e.n IS NULL AND l.matter <> 0 ORDER BY l.matter "
                      "LIMIT 20"),
                  NO_ARGS, &rows));
    for (uint32_t i = 0; i < rows.count; i++) {
        verify_found(cx, v, "leaf", row_int(&rows, i, 0), "leaf of event %" PRId64 " without event",
                     row_int(&rows, i, 1));
    }
    TRY(sql_query(cx, sql,
                  SQL("SELECT e.matter, e.n FROM event e LEFT JOIN matter m ON m.id = e.matter "
                      "WHERE m.id IS NULL ORDER BY e.matter LIMIT 20"),
                  NO_ARGS, &rows));
    for (uint32_t i = 0; i < rows.count; i++) {
        verify_found(cx, v, "event-order", row_int(&rows, i, 0), "event %" PRId64 " without matter",
                     row_int(&rows, i, 1));
    }
    return OK;
}

/* --- leaves of papers: of matter 0 --- */

struct papers {
    struct verifying *v;
    Id matter;
    int64_t n;
    uint32_t page;
    int64_t found; /* papers whose leaf is there */
};

/* Papers that were signed before the log took them have none; a leaf always has its paper. */
static enum status papers_page(struct cx *cx, struct sql *sql, struct papers *papers)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT matter, n, sm3 FROM paper WHERE (matter, n) > (?1, ?2) AND "
                      "sm3 IS NOT NULL AND (sealed IS NOT NULL OR signer <> '') "
                      "ORDER BY matter, n LIMIT 200"),
                  ARGS(SQL_I(papers->matter), SQL_I(papers->n)), &rows));
    papers->page = rows.count;
    for (uint32_t i = 0; i < rows.count; i++) {
        struct rows leaves = {0};
        Hash sm3;
        papers->matter = row_int(&rows, i, 0);
        papers->n = row_int(&rows, i, 1);
        if (!verify_hash(&rows, i, 2, &sm3)) {
            continue; /* found with its matter */
        }
        Hash leaf = receipt_paper_leaf(sm3);
        TRY(sql_query(cx, sql, SQL("SELECT count(*) FROM leaf WHERE hash = ?1 AND matter = 0"),
                      ARGS(SQL_B(leaf.b, HASH_BYTES)), &leaves));
        papers->found += row_int(&leaves, 0, 0) > 0;
    }
    return OK;
}

/* In one snapshot. */
static enum status papers_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct papers *papers = arg;
    struct rows all = {0};
    do {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(papers_page(cx, sql, papers));
        arena_rewind(cx->arena, mark);
    } while (papers->page == PAGE);
    TRY(sql_query(cx, sql, SQL("SELECT count(*) FROM leaf WHERE matter = 0"), NO_ARGS, &all));
    if (row_int(&all, 0, 0) != papers->found) {
        verify_found(cx, papers->v, "paper-leaf", 0,
                     "%" PRId64 " leaves of signed papers, %" PRId64 " papers are those",
                     row_int(&all, 0, 0), papers->found);
    }
    return OK;
}

enum status verify_log(struct cx *cx, struct verifying *v)
{
    struct papers papers = {.v = v, .matter = INT64_MIN};
    struct replay *replay = arena_new(cx->arena, struct replay);
    replay->v = v;
    frontier_init(&replay->frontier);
    if (store_read(cx, v->options->store, log_replay, replay) != OK) {
        TRY(verify_unreadable(cx, v, 0));
    }
    if (store_read(cx, v->options->store, papers_read, &papers) != OK) {
        TRY(verify_unreadable(cx, v, 0));
    }
    return store_read(cx, v->options->store, orphans_read, v);
}

/* --- case numbers --- */

enum { SERIAL_MAX = 10000000 };

struct counter {
    Str court;
    int64_t year;
    Str type;
    int64_t last;
    unsigned char *seen; /* a bit for each serial */
};

struct numbering {
    struct verifying *v;
    struct counter *counters; /* by court, year, type */
    uint32_t count;
};

static int counter_order(const void *a, const void *b)
{
    const struct counter *x = a;
    const struct counter *y = b;
    int order = str_compare(x->court, y->court);
    if (order == 0) {
        order = x->year < y->year ? -1 : x->year > y->year;
    }
    return order != 0 ? order : str_compare(x->type, y->type);
}

static enum status counters_read(struct cx *cx, struct sql *sql, struct numbering *numbering)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT court, year, type, last FROM counter"), NO_ARGS, &rows));
    numbering->counters = arena_array(cx->arena, struct counter, rows.count + 1);
    for (uint32_t i = 0; i < rows.count; i++) {
        struct counter *c = &numbering->counters[numbering->count++];
        *c = (struct counter){row_str(&rows, i, 0), row_int(&rows, i, 1), row_str(&rows, i, 2),
                              row_int(&rows, i, 3), NULL};
        if (c->last < 0 || c->last > SERIAL_MAX) {
            verify_found(cx, numbering->v, "counter", 0, "%s %" PRId64 " %s stands at %" PRId64,
                         c->court.p, c->year, c->type.p, c->last);
            c->last = 0;
        }
        c->seen = arena_alloc(cx->arena, (size_t)c->last / 8 + 1);
    }
    if (numbering->count > 0) {
        qsort(numbering->counters, numbering->count, sizeof *numbering->counters, counter_order);
    }
    return OK;
}

/* A filing and the case it opened carry the same number; nobody else does. */
static enum status shared_verify(struct cx *cx, struct sql *sql, struct numbering *numbering, Id id,
                                 Str text)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT count(*) FROM link l JOIN matter m ON m.id = l.other "
                      "WHERE l.matter = ?1 AND m.case_number = ?2"),
                  ARGS(SQL_I(id), SQL_S(text)), &rows));
    if (row_int(&rows, 0, 0) == 0) {
        verify_found(cx, numbering->v, "case-number", id, "%s is another's", text.p);
    }
    return OK;
}

static enum status number_verify(struct cx *cx, struct sql *sql, struct numbering *numbering, Id id,
                                 Str text)
{
    struct case_number number = {0};
    struct counter key = {0};
    const struct counter *c = NULL;
    if (case_number_parse(cx->arena, text, &number) && number.type != NULL) {
        key = (struct counter){
            .court = number.court, .year = number.year, .type = str_of(number.type->code)};
        c = bsearch(&key, numbering->counters, numbering->count, sizeof key, counter_order);
    }
    if (c == NULL || number.serial < 1 || number.serial > c->last) {
        verify_found(cx, numbering->v, "case-number", id, "%s was never counted", text.p);
        return OK;
    }
    unsigned char bit = (unsigned char)(1U << (number.serial % 8));
    if ((c->seen[number.serial / 8] & bit) != 0) {
        return shared_verify(cx, sql, numbering, id, text);
    }
    c->seen[number.serial / 8] |= bit;
    return OK;
}

static enum status numbers_page(struct cx *cx, struct sql *sql, struct numbering *numbering,
                                Id *after, uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT id, case_number FROM matter WHERE id > ?1 AND "
                      "case_number IS NOT NULL ORDER BY id LIMIT 200"),
                  ARGS(SQL_I(*after)), &rows));
    for (uint32_t i = 0; i < rows.count; i++) {
        TRY(number_verify(cx, sql, numbering, row_int(&rows, i, 0), row_str(&rows, i, 1)));
        *after = row_int(&rows, i, 0);
    }
    *count = rows.count;
    return OK;
}

static void gaps_verify(struct cx *cx, struct numbering *numbering)
{
    for (uint32_t i = 0; i < numbering->count; i++) {
        const struct counter *c = &numbering->counters[i];
        for (int64_t serial = 1; serial <= c->last; serial++) {
            if ((c->seen[serial / 8] & (1U << (serial % 8))) == 0) {
                verify_found(cx, numbering->v, "case-number", 0,
                             "%s %" PRId64 " %s: number %" PRId64 " was counted and is nobody's",
                             c->court.p, c->year, c->type.p, serial);
                break; /* the first of each counter */
            }
        }
    }
}

/* In one snapshot, so that a number given meanwhile is in both or in neither. */
static enum status numbers_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct numbering *numbering = arg;
    Id after = INT64_MIN;
    uint32_t count = PAGE;
    TRY(counters_read(cx, sql, numbering));
    while (count == PAGE) {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(numbers_page(cx, sql, numbering, &after, &count));
        arena_rewind(cx->arena, mark);
    }
    gaps_verify(cx, numbering);
    return OK;
}

enum status verify_case_numbers(struct cx *cx, struct verifying *v)
{
    struct numbering numbering = {.v = v};
    return store_read(cx, v->options->store, numbers_read, &numbering);
}
