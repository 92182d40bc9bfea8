/* A set is planned from the rows (which version of each kind), built, written where something is
 * new, and only then published. When another node was quicker with a version or number, the plan is
 * made anew. */
#include "record/tables.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

#define SET_BYTES_MAX     ((size_t)64 << 20)
#define SCRATCH_BYTES_MAX ((size_t)64 << 20)

enum { ATTEMPTS_MAX = 4 };

struct table_set {
    struct table_set *older;
    struct arena *arena;
    const struct law_tables *tables;
    const char *composition;
    int64_t versions[TABLE_KINDS];
};

struct tables {
    struct store *store;
    const struct share *share;
    pthread_mutex_t changing; /* one load at a time; readers never take it */
    struct table_set *newest; /* a list, freed by tables_close() */
    _Atomic(const struct law_tables *) current;
};

/* What a set is to be made of. */
struct set_plan {
    struct tables *tables;
    Instant now;
    bool seeding;             /* the share's texts may become versions */
    struct table_row *wanted; /* tables_replace(): the row to add, or NULL */
    table_edit_fn *edit;      /* tables_edit(): makes its text of the one in force */
    void *edit_arg;
    struct table_row rows[TABLE_KINDS]; /* what is built; version 0: there is none */
    bool is_new[TABLE_KINDS];           /* to be written */
    bool is_current;                    /* nothing to do */
    bool is_trial;                      /* built to prove a text of the future */
    Str composition;
    int64_t number;
    bool number_is_new;
};

/* --- planning --- */
static void texts_of(const struct set_plan *plan, struct table_texts *out)
{
    *out = (struct table_texts){
        .courts_csv = plan->rows[TABLE_COURTS].text,
        .divisions_csv = plan->rows[TABLE_DIVISIONS].text,
        .causes_csv = plan->rows[TABLE_CAUSES].text,
        .element_forms_csv = plan->rows[TABLE_ELEMENT_FORMS].text,
        .holidays_csv = plan->rows[TABLE_HOLIDAYS].text,
        .hours_csv = plan->rows[TABLE_HOURS].text,
        .fees_csv = plan->rows[TABLE_FEES].text,
        .lpr_csv = plan->rows[TABLE_LPR].text,
        .regional_csv = plan->rows[TABLE_REGIONAL].text,
        .compulsory_csv = plan->rows[TABLE_COMPULSORY].text,
        .pinyin = plan->rows[TABLE_PINYIN].text,
    };
}

/* (2) */
static void seed(struct set_plan *plan, enum table_kind kind, const struct table_row *newest)
{
    Str text = share_text(plan->tables->share, table_kind_path(kind));
    if (text.n == 0 || newest->loaded_by != 0) {
        return;
    }
    Hash sm3 = hash_str(text);
    if (newest->version > 0 && hash_same(newest->sm3, sm3)) {
        return;
    }
    plan->is_new[kind] = true;
    plan->rows[kind] = (struct table_row){
        .kind = kind,
        .version = newest->version + 1,
        .valid_from = newest->version == 0 ? DATE_NONE : instant_date(plan->now),
        .sm3 = sm3,
        .text = text,
        .at = plan->now,
    };
}

static void composition_write(struct cx *cx, struct set_plan *plan)
{
    struct buf text;
    buf_init(&text, cx->arena, 1024);
    for (int kind = 0; kind < TABLE_KINDS; kind++) {
        buf_printf(&text, "%s%s=%lld", kind == 0 ? "" : " ", table_kind_name((enum table_kind)kind),
                   (long long)plan->rows[kind].version);
    }
    plan->composition = buf_done(&text);
}

/* Which rows; the newest of each kind, in force or not, in newest[]. */
static void rows_choose(struct set_plan *plan, const struct table_row *rows, uint32_t count,
                        struct table_row newest[TABLE_KINDS])
{
    Date today = instant_date(plan->now);
    memset(plan->rows, 0, sizeof plan->rows);
    memset(plan->is_new, 0, sizeof plan->is_new);
    for (uint32_t i = 0; i < count; i++) { /* they come by version */
        struct table_row *chosen = &plan->rows[rows[i].kind];
        newest[rows[i].kind] = rows[i];
        if (rows[i].valid_from <= today &&
            (chosen->version == 0 || chosen->valid_from <= rows[i].valid_from)) {
            *chosen = rows[i];
        }
    }
}

static enum status wanted_take(struct cx *cx, struct sql *sql, struct set_plan *plan,
                               int64_t version)
{
    struct table_row *row = &plan->rows[plan->wanted->kind];
    if (plan->edit != NULL) {
        Str text = {"", 0};
        if (row->version > 0) {
            TRY(table_row_text(cx, sql, row->kind, row->version, &text));
        }
        TRY(plan->edit(cx, text, plan->edit_arg, &plan->wanted->text));
        plan->wanted->sm3 = hash_str(plan->wanted->text);
    }
    *row = *plan->wanted;
    row->version = version;
    plan->is_new[row->kind] = true;
    plan->is_trial = row->valid_from > instant_date(plan->now);
    return OK;
}

/* Makes the plan and reads the texts it needs; a closure for store_read(). */
static enum status plan_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct set_plan *plan = arg;
    struct table_row *rows = NULL;
    struct table_row newest[TABLE_KINDS] = {0};
    uint32_t count = 0;
    int64_t next = 0;
    TRY(table_rows_list(cx, sql, &rows, &count));
    rows_choose(plan, rows, count, newest);
    for (int kind = 0; kind < TABLE_KINDS && plan->seeding; kind++) {
        seed(plan, (enum table_kind)kind, &newest[kind]);
    }
    if (plan->wanted != NULL) {
        TRY(wanted_take(cx, sql, plan, newest[plan->wanted->kind].version + 1));
    }
    composition_write(cx, plan);
    const struct table_set *set = plan->tables->newest;
    plan->is_current = set != NULL && str_is(plan->composition, set->composition);
    if (plan->is_current) {
        return OK;
    }
    TRY(table_set_find(cx, sql, plan->composition, &plan->number, &next));
    plan->number_is_new = plan->number == 0;
    plan->number = plan->number_is_new ? next : plan->number;
    for (int kind = 0; kind < TABLE_KINDS; kind++) {
        struct table_row *row = &plan->rows[kind];
        if (row->version > 0 && !plan->is_new[kind]) {
            TRY(table_row_text(cx, sql, (enum table_kind)kind, row->version, &row->text));
        }
    }
    return OK;
}

/* A closure for store_write(). */
static enum status plan_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct set_plan *plan = arg;
    for (int kind = 0; kind < TABLE_KINDS; kind++) {
        if (plan->is_new[kind]) {
            TRY(table_row_add(cx, sql, &plan->rows[kind]));
        }
    }
    if (plan->number_is_new && !plan->is_trial) {
        TRY(table_set_add(cx, sql, plan->number, plan->composition, plan->now));
    }
    return OK;
}

/* --- building and publishing --- */
static void set_close(struct table_set *set)
{
    arena_close(set->arena); /* the set itself lives in it */
}

/* The set in force differs in its hours alone: they change often, court by court, and everything
 * else can be shared, as sets live until the end. */
static const struct table_set *set_beside(const struct set_plan *plan)
{
    const struct table_set *set = plan->tables->newest;
    bool same = set != NULL;
    for (int kind = 0; same && kind < TABLE_KINDS; kind++) {
        same = kind == TABLE_HOURS || set->versions[kind] == plan->rows[kind].version;
    }
    return same ? set : NULL;
}

static enum status set_build(struct cx *cx, const struct set_plan *plan, struct table_set **out)
{
    struct arena *arena = arena_open(SET_BYTES_MAX);
    struct table_set *set = arena_new(arena, struct table_set);
    const struct table_set *beside = set_beside(plan);
    struct table_texts texts;
    set->arena = arena;
    set->composition = arena_copy(arena, plan->composition.p, plan->composition.n);
    for (int kind = 0; kind < TABLE_KINDS; kind++) {
        set->versions[kind] = plan->rows[kind].version;
    }
    texts_of(plan, &texts);
    texts.version = str_printf(cx->arena, "v%lld", (long long)plan->number);
    enum status status = beside != NULL
                             ? law_tables_rehour(cx, arena, beside->tables, &texts, &set->tables)
                             : law_tables_build(cx, arena, &texts, &set->tables);
    if (status != OK) {
        arena_close(arena);
        return status;
    }
    *out = set;
    return OK;
}

static void set_publish(struct tables *tables, struct table_set *set)
{
    set->older = tables->newest;
    tables->newest = set;
    atomic_store(&tables->current, set->tables);
}

static bool something_is_new(const struct set_plan *plan)
{
    bool any = plan->number_is_new;
    for (int kind = 0; kind < TABLE_KINDS; kind++) {
        any = any || plan->is_new[kind];
    }
    return any;
}

static enum status plan_try(struct cx *cx, struct set_plan *plan)
{
    struct table_set *set = NULL;
    struct store *store = plan->tables->store;
    TRY(store_read(cx, store, plan_read, plan));
    if (plan->is_current) {
        return OK;
    }
    TRY(set_build(cx, plan, &set)); /* (3) */
    enum status status = OK;
    if (something_is_new(plan)) {
        status = store_write(cx, store, WRITE_INTERACTIVE, plan_write, plan);
    }
    if (status != OK || plan->is_trial) {
        set_close(set);
        return status;
    }
    set_publish(plan->tables, set);
    return OK;
}

/* Reads and builds in memory of its own: texts are larger than what a request may take. */
static enum status plan_carry_out(struct cx *cx, struct set_plan *plan)
{
    struct tables *tables = plan->tables;
    struct arena *scratch = arena_open(SCRATCH_BYTES_MAX);
    struct cx inner;
    enum status status = OK;
    check(pthread_mutex_lock(&tables->changing) == 0);
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        arena_reset(scratch);
        cx_init(&inner, scratch);
        status = plan_try(&inner, plan);
        if (status != E_STATE && status != E_AGAIN) {
            break; /* else another node was quicker: plan again on what it wrote */
        }
    }
    check(pthread_mutex_unlock(&tables->changing) == 0);
    if (status != OK) {
        status = FAIL(cx, status, inner.failure.code, "%s", inner.failure.detail.p);
    }
    arena_close(scratch);
    return status;
}

/* --- life --- */
enum status tables_open(struct cx *cx, struct store *store, const struct share *share, Instant now,
                        struct tables **out)
{
    struct tables *tables = calloc(1, sizeof *tables);
    check(tables != NULL);
    tables->store = store;
    tables->share = share;
    check(pthread_mutex_init(&tables->changing, NULL) == 0);
    struct set_plan plan = {.tables = tables, .now = now, .seeding = true};
    enum status status = plan_carry_out(cx, &plan);
    if (status != OK) {
        tables_close(tables);
        return status;
    }
    check(tables->newest != NULL);
    *out = tables;
    return OK;
}

void tables_close(struct tables *tables)
{
    if (tables == NULL) {
        return;
    }
    while (tables->newest != NULL) {
        struct table_set *set = tables->newest;
        tables->newest = set->older;
        set_close(set);
    }
    check(pthread_mutex_destroy(&tables->changing) == 0);
    free(tables);
}

const struct law_tables *tables_current(const struct tables *tables)
{
    return atomic_load(&tables->current);
}

const struct law_tables *tables_now(void *arg)
{
    return tables_current(arg);
}

/* Carries out a plan for a row wanted; a text that does not fit is the caller's mistake. */
static enum status wanted_carry_out(struct cx *cx, struct set_plan *plan, int64_t *version)
{
    struct cx inner;
    cx_init(&inner, cx->arena);
    enum status status = plan->edit == NULL && plan->wanted->text.n == 0
                             ? FAIL(&inner, E_READ, "data-unreadable", "%s: empty",
                                    table_kind_name(plan->wanted->kind))
                             : plan_carry_out(&inner, plan);
    if (status == E_READ) {
        status = FAIL(cx, E_INPUT, "table-faulty", "%s", inner.failure.detail.p);
        cx_arg(cx, "why", inner.failure.detail);
        return status;
    }
    if (status != OK) {
        return FAIL(cx, status, inner.failure.code, "%s", inner.failure.detail.p);
    }
    *version = plan->rows[plan->wanted->kind].version;
    return OK;
}

enum status tables_replace(struct cx *cx, struct tables *tables, enum table_kind kind, Str text,
                           Date valid_from, Id loaded_by, Instant now, int64_t *version)
{
    check(loaded_by != 0);
    struct table_row row = {
        .kind = kind,
        .valid_from = valid_from == DATE_NONE ? instant_date(now) : valid_from,
        .sm3 = hash_str(text),
        .text = text,
        .loaded_by = loaded_by,
        .at = now,
    };
    struct set_plan plan = {.tables = tables, .now = now, .wanted = &row};
    return wanted_carry_out(cx, &plan, version);
}

enum status tables_edit(struct cx *cx, struct tables *tables, enum table_kind kind,
                        table_edit_fn *edit, void *arg, Id loaded_by, Instant now, int64_t *version)
{
    check(loaded_by != 0);
    struct table_row row = {.kind = kind,
                            .valid_from = instant_date(now),
                            .text = {"", 0},
                            .loaded_by = loaded_by,
                            .at = now};
    struct set_plan plan = {
        .tables = tables, .now = now, .wanted = &row, .edit = edit, .edit_arg = arg};
    return wanted_carry_out(cx, &plan, version);
}

enum status tables_refresh(struct cx *cx, struct tables *tables, Instant now, bool *changed)
{
    const struct law_tables *before = tables_current(tables);
    struct set_plan plan = {.tables = tables, .now = now};
    TRY(plan_carry_out(cx, &plan));
    *changed = tables_current(tables) != before;
    return OK;
}
