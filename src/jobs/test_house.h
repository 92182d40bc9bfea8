/* jobs/test_house.h - a whole house in a directory of its own: store, keys, blobs, the real tables,
 * and a small procedure whose clocks run into each other. For *_test.c only.
 *
 * A letter: submitted by a citizen, asked about or closed by a reviewer. After 7 days without
 * answer it is overdue and the citizen is asked; after 5 days without reply it is open again; and
 * so on for ever. Closing opens a second matter and takes a case number. On PostgreSQL while
 * test_server runs.
 */
#ifndef JOBS_TEST_HOUSE_H
#define JOBS_TEST_HOUSE_H

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/share.h"
#include "base/test.h"
#include "flow/act.h"
#include "flow/rule.h"
#include "jobs/sequencer.h"
#include "law/tables_sample.h"
#include "render/paper.h"
#include "store/blob.h"
#include "store/test_postgres.h"
#include "store/test_schema.h"

struct home {
    struct trial trial;
    char directory[64];
    char url[512];
    struct store *store;
    struct blobs *blobs;
    struct keys *keys;
    struct sequence *sequence;
    struct share *share;
    struct sequencer *sequencer;
    struct house house;
    struct arena *long_arena; /* outlives the trial's resets */
};

static const char HOME_PROCEDURE[] =
    "procedure: letter\ntitle: 来信\nabout: 给法院写信。\n"
    "begin: {by: [person], courts: {levels: [基层]}}\n"
    "parties: {plaintiff: 原告}\n"
    "states:\n"
    "  draft: {title: 草稿，尚未提交}\n"
    "  open: {title: 待处理, waits: [court.reviewer]}\n"
    "  asked: {title: 待补充, waits: [party.plaintiff]}\n"
    "  closed: {title: 已办结, end: true}\n"
    "clocks:\n"
    "  review: {title: 处理期限, starts: [open], stops: [asked, closed], limit: 7 days,\n"
    "    count: plain, law: civil-procedure-law@2023 126, remind: [2 days],\n"
    "    on_breach: review-overdue}\n"
    "  reply: {title: 补充期限, starts: [asked], stops: [open, closed], limit: 5 days,\n"
    "    count: plain, law: civil-procedure-law@2023 126, remind: [3 days, 1 days],\n"
    "    on_breach: reply-lapsed}\n"
    "acts:\n"
    "  submit: {title: 提交, by: [party.plaintiff], from: [draft, asked], to: open,\n"
    "    form: [reason], materials: {evidence: 0..}, effects: [take-in], papers: [slip],\n"
    "    tells: [court.reviewer]}\n"
    "  ask: {title: 询问, by: [court.reviewer], from: [open], to: asked,\n"
    "    tells: [party.plaintiff]}\n"
    "  close: {title: 办结, by: [court.reviewer], from: [open], to: closed,\n"
    "    effects: [open-second, number], tells: [party.plaintiff]}\n"
    "  review-overdue: {title: 超期未处理, by: [system], from: [open], to: asked,\n"
    "    tells: [party.plaintiff]}\n"
    "  reply-lapsed: {title: 逾期未补充, by: [system], from: [asked], to: open,\n"
    "    tells: [court.reviewer]}\n";
static const char HOME_REASON[] = "element: reason\ntitle: 事由\ntype: long-text\nrequired: true\n"
                                  "max_length: 2000\nexample: 请求查阅卷宗\n";
static const char HOME_MATERIALS[] = "evidence: 证据材料\n";
static const char HOME_PAPER[] = "paper: slip\ntitle: 收件凭证\nby: system\nneeds:\n"
                                 "  - {name: issued-at, type: datetime}\n"
                                 "  - {name: receipt-number, type: text}\n"
                                 "body:\n  - {title: 收件凭证}\n"
                                 "  - {text: \"编号{receipt-number}\"}\n";

/* --- its rules --- */

static enum status home_take_in(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    struct matter *m = change->after;
    m->title = STR("林晓舟的来信");
    if (m->attachment_count == 0) {
        struct party *party = matter_add_party(cx->arena, m);
        party->role = STR("plaintiff");
        party->kind = STR("natural-person");
        party->name = STR("林晓舟");
        party->identity_blind = hash_str(STR("blind"));
        struct attachment *a = matter_add_attachment(cx->arena, m);
        a->person = m->owner;
        a->role = STR("plaintiff");
        a->party = 1;
        a->how = STR("began");
        a->authority = STR("");
        a->since = plan->now;
        struct ledger_row *fee = matter_add_ledger(cx->arena, m);
        fee->kind = STR("acceptance-fee-due");
        fee->amount = 5000;
        fee->working = STR("[]");
        fee->at = plan->now;
    }
    return OK;
}

static enum status home_open_second(struct cx *cx, struct plan *plan)
{
    struct matter *first = plan->changes[0].after;
    struct change *second = NULL;
    TRY(plan_open(cx, plan, procedure_find(plan->house->procedures, STR("letter"), 0), first->court,
                  first->owner, &second));
    second->act = "open";
    second->title = "立案";
    second->after->state = STR("open");
    struct link_row *forth = matter_add_link(cx->arena, first);
    forth->other = second->after->id;
    forth->rel = STR("opened");
    struct link_row *back = matter_add_link(cx->arena, second->after);
    back->other = first->id;
    back->rel = STR("opened-by");
    return OK;
}

static void home_number_got(struct cx *cx, struct plan *plan, int64_t serial)
{
    for (uint32_t i = 0; i < plan->change_count; i++) {
        plan->changes[i].after->case_number =
            str_printf(cx->arena, "（%d）%.*s%.*s%" PRId64 "号", plan->number_year,
                       STR_ARG(plan->number_court), STR_ARG(plan->number_type), serial);
    }
}

static enum status home_number(struct cx *cx, struct plan *plan)
{
    (void)cx;
    plan_number(plan, plan->changes[0].after->court, date_split(instant_date(plan->now)).year,
                STR("民初"), home_number_got);
    return OK;
}

static const struct rule home_rule_take_in = {
    .name = "take-in", .kind = RULE_EFFECT, .law = "", .effect = home_take_in};
static const struct rule home_rule_second = {
    .name = "open-second", .kind = RULE_EFFECT, .law = "", .effect = home_open_second};
static const struct rule home_rule_number = {
    .name = "number", .kind = RULE_EFFECT, .law = "", .effect = home_number};
static const struct rule *const HOME_RULES[] = {&home_rule_take_in, &home_rule_second,
                                                &home_rule_number, NULL};

/* --- building --- */

#define home_must(home, call)                                            \
    do {                                                                 \
        if ((call) != OK) {                                              \
            fail_msg("%s: %s: %s", #call, (home)->trial.cx.failure.code, \
                     (home)->trial.cx.failure.detail.p);                 \
        }                                                                \
    } while (0)

static inline const struct law_tables *home_tables(void *arg)
{
    (void)arg;
    return tables_real();
}

static inline bool home_paper_exists(void *arg, const char *paper)
{
    (void)arg;
    return strcmp(paper, "slip") == 0;
}

static inline void home_file_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static inline void home_definitions(struct home *home)
{
    struct cx *cx = &home->trial.cx;
    struct arena *arena = home->long_arena;
    struct procedure_source *sources = arena_array(arena, struct procedure_source, 3);
    sources[0] = (struct procedure_source){"procedures/letter/1.yaml", str_of(HOME_PROCEDURE)};
    sources[1] = (struct procedure_source){"elements/reason.yaml", str_of(HOME_REASON)};
    sources[2] = (struct procedure_source){"elements/materials.yaml", str_of(HOME_MATERIALS)};
    struct load_world world = {
        .rules = HOME_RULES, .paper_exists = home_paper_exists, .tables = tables_real()};
    struct procedures *procedures = NULL;
    home_must(home, procedures_load(cx, sources, 3, &world, &procedures));
    struct value *slip = value_map(arena);
    struct value *papers = value_map(arena);
    value_set_text(arena, slip, "title", "收件凭证");
    value_set_str(arena, slip, "sm3", hash_hex(arena, hash_str(str_of(HOME_PAPER))));
    value_set(arena, papers, "slip", slip);
    home->house.procedures = procedures;
    home->house.papers = papers;
    home->house.rules = HOME_RULES;
}

/* The store alone, of a directory that is there already. */
static inline void home_store(struct home *home)
{
    struct cx *cx = &home->trial.cx;
    struct store_options options = {.url = home->url,
                                    .data_dir = home->directory,
                                    .home = 7,
                                    .before_commit = sequencer_before_commit,
                                    .before_commit_arg = home->sequencer};
    home_must(home, store_open(cx, &options, &home->store));
    test_schema(cx, home->store);
    home_must(home, sequence_open(cx, home->store, &home->sequence));
    home->house.store = home->store;
    home->house.sequence = home->sequence;
}

static inline void home_open(struct home *home)
{
    memset(home, 0, sizeof *home);
    trial_begin(&home->trial);
    home->long_arena = home->trial.arena;
    trial_directory(home->directory, sizeof home->directory, "jobs");
    struct cx *cx = &home->trial.cx;
    if (test_server.pid > 0) {
        test_schema_database(home->url, sizeof home->url);
    } else {
        (void)snprintf(home->url, sizeof home->url, "sqlite:%s/t.db", home->directory);
    }
    home->sequencer = sequencer_new(home->long_arena);
    const char *in = home->directory;
    assert_int_equal(mkdir(arena_printf(cx->arena, "%s/share", in), 0700), 0);
    assert_int_equal(mkdir(arena_printf(cx->arena, "%s/share/data", in), 0700), 0);
    assert_int_equal(mkdir(arena_printf(cx->arena, "%s/share/data/papers", in), 0700), 0);
    home_file_write(arena_printf(cx->arena, "%s/share/data/papers/slip.yaml", in), HOME_PAPER);
    home_must(home, share_open(cx, NULL, 0, arena_printf(cx->arena, "%s/share", in), &home->share));
    home_must(home, keys_open(cx, arena_printf(cx->arena, "%s/keys", in), true, &home->keys));
    home_must(home, blobs_open(cx, arena_printf(cx->arena, "%s/blobs", in), &home->blobs));
    home->house.keys = home->keys;
    home->house.tables = home_tables;
    home->house.origin = STR("https://court.example");
    home->house.demo = true;
    home_definitions(home);
    home_store(home);
}

static inline int home_remove_one(const char *path, const struct stat *about, int kind,
                                  struct FTW *at)
{
    (void)about;
    (void)kind;
    (void)at;
    return remove(path);
}

static inline void home_close(struct home *home)
{
    sequencer_stop(home->sequencer);
    sequence_close(home->sequence);
    store_close(home->store);
    blobs_close(home->blobs);
    keys_close(home->keys);
    share_close(home->share);
    assert_int_equal(nftw(home->directory, home_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    trial_end(&home->trial);
}

/* --- people and acts --- */

static const struct actor HOME_CITIZEN = {
    .person = 11, .person_kind = {"person", 6}, .name = {"林晓舟", 9}, .verified = true};
static const struct actor HOME_REVIEWER = {.person = 12,
                                           .person_kind = {"staff", 5},
                                           .name = {"陈法官", 9},
                                           .verified = true,
                                           .post = {"reviewer", 8},
                                           .court = {"京0105", 7}};

static inline enum status home_write(struct home *home, struct plan *plan)
{
    return store_write(&home->trial.cx, home->store, WRITE_INTERACTIVE, plan_apply, plan);
}

static inline Id home_draft(struct home *home)
{
    struct cx *cx = &home->trial.cx;
    struct plan *plan = NULL;
    struct value *values = value_map(cx->arena);
    value_set_text(cx->arena, values, "reason", "请求查阅卷宗");
    home_must(home, draft_begin(cx, &home->house, &HOME_CITIZEN, STR("letter"), STR("京0105"),
                                values, false, STR(""), hash_str(STR("")), &plan));
    home_must(home, home_write(home, plan));
    return plan->changes[0].after->id;
}

static inline int64_t home_attach(struct home *home, Id id, const char *text)
{
    struct cx *cx = &home->trial.cx;
    struct plan *plan = NULL;
    int64_t n = 0;
    struct material_request request = {.actor = &HOME_CITIZEN,
                                       .matter = id,
                                       .kind = STR("evidence"),
                                       .name = STR("借条.txt"),
                                       .type = STR("text/plain"),
                                       .size = (int64_t)strlen(text),
                                       .status = STR("ready")};
    home_must(home, blob_put(cx, home->blobs, text, strlen(text), request.sm3.b));
    home_must(home, material_add(cx, &home->house, &request, &plan, &n));
    home_must(home, home_write(home, plan));
    return n;
}

struct home_look {
    Id id;
    struct matter *matter;
};

static inline enum status home_look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct home_look *look = arg;
    return matter_find(cx, sql, look->id, &look->matter);
}

static inline struct matter *home_matter(struct home *home, Id id)
{
    struct home_look look = {.id = id};
    home_must(home, store_read(&home->trial.cx, home->store, home_look_read, &look));
    return look.matter;
}

static inline enum status home_try_act(struct home *home, const struct actor *actor, Id id,
                                       const char *act)
{
    struct cx *cx = &home->trial.cx;
    struct plan *plan = NULL;
    int64_t replayed = 0;
    struct act_request request = {.actor = actor,
                                  .matter = id,
                                  .act = str_of(act),
                                  .values = value_map(cx->arena),
                                  .accept_all = true,
                                  .revision = home_matter(home, id)->revision};
    TRY(act_prepare(cx, &home->house, &request, &plan, &replayed));
    return home_write(home, plan);
}

static inline void home_act(struct home *home, const struct actor *actor, Id id, const char *act)
{
    home_must(home, home_try_act(home, actor, id, act));
}

/* A letter with one file, handed in. */
static inline Id home_filed(struct home *home)
{
    Id id = home_draft(home);
    (void)home_attach(home, id, "今借到人民币五万元整");
    home_act(home, &HOME_CITIZEN, id, "submit");
    return id;
}

/* --- looking --- */

struct home_ask {
    const char *statement;
    const struct sql_value *args;
    size_t arg_count;
    struct rows rows;
};

static inline enum status home_ask_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct home_ask *ask = arg;
    return sql_query(cx, sql, ask->statement, ask->args, ask->arg_count, &ask->rows);
}

static inline enum status home_ask_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct home_ask *ask = arg;
    return sql_exec(cx, sql, ask->statement, ask->args, ask->arg_count);
}

static inline struct rows home_rows(struct home *home, const char *statement,
                                    const struct sql_value *args, size_t arg_count)
{
    struct home_ask ask = {statement, args, arg_count, {0}};
    home_must(home, store_read(&home->trial.cx, home->store, home_ask_read, &ask));
    return ask.rows;
}

static inline int64_t home_count(struct home *home, const char *statement)
{
    struct rows rows = home_rows(home, statement, NO_ARGS);
    return row_int(&rows, 0, 0);
}

static inline void home_do(struct home *home, const char *statement, const struct sql_value *args,
                           size_t arg_count)
{
    struct home_ask ask = {statement, args, arg_count, {0}};
    home_must(home,
              store_write(&home->trial.cx, home->store, WRITE_INTERACTIVE, home_ask_write, &ask));
}

/* The group on SQLite, then on PostgreSQL. */
static inline int home_test_on_engines(const struct CMUnitTest *tests, size_t count)
{
    int failed = _cmocka_run_group_tests("on SQLite", tests, count, NULL, NULL);
    if (!test_server_start()) {
        (void)fprintf(stderr, "[  FAILED  ] PostgreSQL could not be started\n");
        return failed + (int)count;
    }
    failed += _cmocka_run_group_tests("on PostgreSQL", tests, count, NULL, NULL);
    test_server_stop();
    return failed;
}

#define home_tests_run(tests) home_test_on_engines((tests), sizeof(tests) / sizeof((tests)[0]))

#endif
