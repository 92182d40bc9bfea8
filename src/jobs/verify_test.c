/* Claims about verify: silent on what the program wrote, loud on one bit changed anywhere. */
#include "jobs/log.h"
#include "jobs/test_house.h"
#include "jobs/timer.h"
#include "jobs/verify.h"

static struct home h;
static Id filed_id;  /* overdue once, with file, paper, ledger */
static Id closed_id; /* with a number and a second matter */
static struct verify_counts counts;
static char last_what[64];
static char last_detail[200];

static void found(void *arg, const char *what, Id matter, Str detail)
{
    (void)arg;
    (void)snprintf(last_detail, sizeof last_detail, "%s", detail.p);
    (void)matter;
    (void)snprintf(last_what, sizeof last_what, "%s", what);
}

static int64_t findings(void)
{
    struct verify_options options = {.store = h.store,
                                     .keys = h.keys,
                                     .blobs = h.blobs,
                                     .procedures = h.house.procedures,
                                     .tables = tables_real(),
                                     .found = found};
    struct arena *arena = arena_open((size_t)64 << 20);
    struct cx cx;
    cx_init(&cx, arena);
    last_what[0] = '\0';
    if (verify(&cx, &options, &counts) != OK) {
        fail_msg("verify: %s", cx.failure.detail.p);
    }
    arena_close(arena);
    return counts.findings;
}

/* As if its job had run. */
static void paper_drawn(Id id)
{
    unsigned char sm3[32];
    home_must(&h, blob_put(&h.trial.cx, h.blobs, "%PDF-1.7 paper", 14, sm3));
    home_do(&h, SQL("UPDATE paper SET sm3 = ?2, size = 14 WHERE matter = ?1"),
            ARGS(SQL_I(id), SQL_B(sm3, 32)));
}

static void rounds(void)
{
    home_must(&h, sequencer_round(&h.trial.cx, h.sequencer, &h.house));
}

static int set_up(void **state)
{
    (void)state;
    home_open(&h);
    struct timer *timer = NULL;
    struct timer_options options = {.house = &h.house};
    home_must(&h, timer_open(&h.trial.cx, &options, &timer));
    filed_id = home_filed(&h);
    paper_drawn(filed_id);
    rounds();
    home_must(&h, timer_advance(&h.trial.cx, timer, 8 * DAY_MS));
    closed_id = home_filed(&h);
    home_act(&h, &HOME_REVIEWER, closed_id, "close");
    home_act(&h, &HOME_REVIEWER, home_filed(&h), "close");
    rounds();
    (void)home_draft(&h);
    (void)home_filed(&h);
    rounds();
    timer_close(timer);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    home_close(&h);
    return 0;
}

static void what_the_program_wrote_holds(void **state)
{
    (void)state;
    if (findings() != 0) {
        fail_msg("found %s: %s", last_what, last_detail);
    }
    assert_int_equal(counts.matters, 7);
    assert_int_equal(counts.drafts, 1);
    assert_int_equal(counts.events, 9);
    assert_int_equal(counts.leaves, 9);
    assert_int_equal(counts.checkpoints, 3);
    assert_int_equal(counts.files, 5);
}

/* --- one bit --- */

enum cell { NUMBER, TEXT, BYTES };

struct place {
    const char *table;
    const char *column;
    enum cell cell;
    const char *where; /* %ld: filed_id */
    const char *back;  /* of the changed row, when its new value is not the only one; or NULL */
};

#define FILED "matter = %ld"
#define FIRST "matter = %ld AND n = 1"

static const struct place PLACES[] = {
    {"matter", "procedure", TEXT, "id = %ld", NULL},
    {"matter", "version", NUMBER, "id = %ld", NULL},
    {"matter", "state", TEXT, "id = %ld", NULL},
    {"matter", "court", TEXT, "id = %ld", NULL},
    {"matter", "title", TEXT, "id = %ld", NULL},
    {"matter", "case_number", TEXT,
     "id = (SELECT max(id) FROM matter WHERE case_number IS NOT NULL AND id <> %ld)", NULL},
    {"matter", "owner", NUMBER, "id = %ld", NULL},
    {"matter", "head", BYTES, "id = %ld", NULL},
    {"matter", "events", NUMBER, "id = %ld", NULL},
    {"matter", "field_values", TEXT, "id = %ld", NULL},
    {"matter", "wrapped_key", TEXT, "id = %ld", NULL},
    {"matter", "created", NUMBER, "id = %ld", NULL},
    {"matter", "arrived", NUMBER, "id = %ld", NULL},
    {"attachment", "person", NUMBER, FILED, NULL},
    {"attachment", "role", TEXT, FILED, NULL},
    {"attachment", "party", NUMBER, FILED, NULL},
    {"attachment", "how", TEXT, FILED, NULL},
    {"attachment", "since", NUMBER, FILED, NULL},
    {"party", "n", NUMBER, FIRST, NULL},
    {"party", "role", TEXT, FIRST, NULL},
    {"party", "kind", TEXT, FIRST, NULL},
    {"party", "name", TEXT, FIRST, NULL},
    {"party", "identity_blind", BYTES, FIRST, NULL},
    {"material", "n", NUMBER, FIRST, NULL},
    {"material", "kind", TEXT, FIRST, NULL},
    {"material", "name", TEXT, FIRST, NULL},
    {"material", "type", TEXT, FIRST, NULL},
    {"material", "size", NUMBER, FIRST, NULL},
    {"material", "sm3", BYTES, FIRST, NULL},
    {"material", "status", TEXT, FIRST, NULL},
    {"material", "person", NUMBER, FIRST, NULL},
    {"material", "at", NUMBER, FIRST, NULL},
    {"paper", "n", NUMBER, FIRST, NULL},
    {"paper", "kind", TEXT, FIRST, NULL},
    {"paper", "title", TEXT, FIRST, NULL},
    {"paper", "event", NUMBER, FIRST, NULL},
    {"paper", "inputs", TEXT, FIRST, NULL},
    {"paper", "template_sm3", BYTES, FIRST, NULL},
    {"paper", "at", NUMBER, FIRST, NULL},
    {"paper", "sm3", BYTES, FIRST, NULL},
    {"paper", "size", NUMBER, FIRST, NULL},
    {"paper", "signer", TEXT, FIRST, NULL},
    {"clock", "name", TEXT, FIRST, NULL},
    {"clock", "law", TEXT, FIRST, NULL},
    {"clock", "unit", TEXT, FIRST, NULL},
    {"clock", "started", NUMBER, FIRST, NULL},
    {"clock", "due", NUMBER, FIRST, NULL},
    {"clock", "length", NUMBER, FIRST, NULL},
    {"clock", "tables", TEXT, FIRST, NULL},
    {"clock", "stopped", NUMBER, FIRST, NULL},
    {"clock", "breached", NUMBER, FIRST, NULL},
    {"link", "rel", TEXT, "matter <> %ld", NULL},
    {"ledger", "n", NUMBER, FIRST, NULL},
    {"ledger", "kind", TEXT, FIRST, NULL},
    {"ledger", "amount", NUMBER, FIRST, NULL},
    {"ledger", "at", NUMBER, FIRST, NULL},
    {"event", "n", NUMBER, "matter = %ld AND n = 2", NULL},
    {"event", "at", NUMBER, FIRST, NULL},
    {"event", "act", TEXT, FIRST, NULL},
    {"event", "revision", NUMBER, FIRST, NULL},
    {"event", "body", TEXT, FIRST, NULL},
    {"event", "hash", BYTES, FIRST, NULL},
    {"leaf", "matter", NUMBER, FIRST, NULL},
    {"leaf", "n", NUMBER, "matter = %ld AND n = 2", NULL},
    {"leaf", "hash", BYTES, FIRST, NULL},
    {"leaf", "idx", NUMBER, "n = 1 AND idx = 8 AND matter <> %ld", NULL},
    {"log_node", "level", NUMBER, "level = 3 AND 0 < %ld", NULL},
    {"log_node", "idx", NUMBER, "level = 3 AND 0 < %ld", "level = 3"},
    {"log_node", "hash", BYTES, "level = 1 AND idx = 2 AND 0 < %ld", NULL},
    {"log_checkpoint", "size", NUMBER, "size = 1 AND 0 < %ld", NULL},
    {"log_checkpoint", "root", BYTES, "size = 1 AND 0 < %ld", NULL},
    {"log_checkpoint", "text", TEXT, "size = 1 AND 0 < %ld", NULL},
    {"log_checkpoint", "key_id", TEXT, "size = 1 AND 0 < %ld", NULL},
    {"log_checkpoint", "signature", TEXT, "size = 1 AND 0 < %ld", NULL},
    {"log_checkpoint", "at", NUMBER, "size = 1 AND 0 < %ld", NULL},
    {"counter", "court", TEXT, "0 < %ld", NULL},
    {"counter", "year", NUMBER, "0 < %ld", NULL},
    {"counter", "type", TEXT, "0 < %ld", NULL},
    {"counter", "last", NUMBER, "0 < %ld", NULL},
    {"listing", "viewer", TEXT, FILED, NULL},
    {"listing", "box", TEXT, "matter = %ld AND box = 'mine'", NULL},
    {"listing", "sort_key", NUMBER, "matter = %ld AND box = 'mine'", NULL},
    {"listing", "sort_key", NUMBER, "matter = %ld AND box = 'court'", NULL},
    {"listing", "procedure", TEXT, FILED, NULL},
    {"listing", "state", TEXT, FILED, NULL},
    {"listing", "due", NUMBER, FILED, NULL},
    {"search", "court", TEXT, FILED, NULL},
    {"search", "gram", TEXT, FILED, NULL},
};

/* Times of checkpoints are signed to the second: a bit above it. A node's place must be free. */
static int64_t bit_of(const struct place *place)
{
    bool is_time = strcmp(place->table, "log_checkpoint") == 0 && strcmp(place->column, "at") == 0;
    bool is_level = strcmp(place->column, "level") == 0;
    return is_time ? 4096 : is_level ? 4 : 1;
}

static Str bit_flipped(Str bytes, enum cell cell)
{
    char *copy = arena_copy(h.trial.arena, bytes.p, bytes.n);
    size_t at = bytes.n / 2;
    /* In a text, of a letter or digit: the text stays a text. */
    while (cell == TEXT && (unsigned char)copy[at] >= 0x80 && at > 0) {
        at -= 1;
    }
    if (cell == TEXT && (unsigned char)copy[at] >= 0x80) {
        at = 2; /* the last byte of a first Chinese character */
    }
    copy[at] = (char)(copy[at] ^ 1);
    return (Str){copy, bytes.n};
}

static void one_changed_bit_anywhere_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
        const struct place *p = &PLACES[i];
        struct arena *arena = h.trial.arena;
        char where[200];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        (void)snprintf(where, sizeof where, p->where, (long)filed_id);
#pragma GCC diagnostic pop
        const char *read =
            arena_printf(arena, "SELECT %s FROM %s WHERE %s", p->column, p->table, where);
        struct rows rows = home_rows(&h, read, NO_ARGS);
        assert_true(rows.count >= 1);
        struct sql_value old = rows.cells[0];
        struct sql_value spoilt = old;
        if (p->cell == NUMBER) {
            spoilt.number ^= bit_of(p);
        } else {
            assert_true(old.text.n > 0 || p->cell == TEXT);
            /* No bit to flip where there is no text: one is put in. */
            spoilt.text = old.text.n == 0 ? STR("person:1") : bit_flipped(old.text, p->cell);
        }
        const char *write = arena_printf(arena, "UPDATE %s SET %s = ?1 WHERE %s = ?2 AND %s",
                                         p->table, p->column, p->column, where);
        home_do(&h, write, ARGS(spoilt, old));
        if (findings() == 0) {
            fail_msg("not seen: %s.%s", p->table, p->column);
        }
        home_do(&h,
                arena_printf(arena, "UPDATE %s SET %s = ?1 WHERE %s = ?2 AND %s", p->table,
                             p->column, p->column, p->back == NULL ? "1 = 1" : p->back),
                ARGS(old, spoilt));
        if (findings() != 0) {
            fail_msg("not put back: %s.%s: %s", p->table, p->column, last_what);
        }
    }
}

/* --- rows that are gone or too many --- */

static const char *const ATTACKS[] = {
    "DELETE FROM event WHERE n = 2 AND matter = %ld",
    "DELETE FROM leaf WHERE n = 2 AND matter = %ld",
    "DELETE FROM leaf WHERE 0 < %ld",
    "DELETE FROM leaf WHERE idx = (SELECT max(idx) FROM leaf) AND 0 < %ld",
    "DELETE FROM log_node WHERE level = 2 AND idx = 0 AND 0 < %ld",
    "DELETE FROM party WHERE matter = %ld",
    "DELETE FROM attachment WHERE matter = %ld",
    "DELETE FROM material WHERE matter = %ld",
    "DELETE FROM paper WHERE matter = %ld",
    "DELETE FROM clock WHERE matter = %ld",
    "DELETE FROM ledger WHERE matter = %ld",
    "DELETE FROM link WHERE matter <> %ld",
    "DELETE FROM counter WHERE 0 < %ld",
    "DELETE FROM listing WHERE matter = %ld",
    "DELETE FROM listing WHERE box = 'court' AND matter = %ld",
    "DELETE FROM search WHERE matter = %ld",
    "INSERT INTO listing (matter, viewer, box, sort_key, procedure, state) VALUES "
    "(%ld, 'p:666', 'mine', 1, 'letter', 'open')",
    "INSERT INTO party (matter, n, role, kind, name) VALUES (%ld, 9, 'defendant', 'x', 'y')",
    "INSERT INTO ledger (matter, n, kind, amount, working, at) VALUES (%ld, 9, 'x', 1, '', 1)",
    "INSERT INTO leaf (matter, n, seq, hash, idx) SELECT %ld, 9, 9, hash, 9 FROM leaf "
    "WHERE idx = 0",
    "INSERT INTO log_node (level, idx, hash) SELECT 1, 77, hash FROM leaf WHERE idx = 0 AND "
    "0 < %ld",
    "INSERT INTO event (matter, n, at, act, revision, body, hash) SELECT matter, 9, at, act, 9, "
    "body, hash FROM event WHERE n = 1 AND matter = %ld",
    "UPDATE matter SET events = 0, head = (SELECT head FROM matter WHERE events = 0) WHERE "
    "id = %ld",
    "UPDATE matter SET case_number = (SELECT max(case_number) FROM matter) WHERE id = %ld",
    "UPDATE matter SET case_number = NULL WHERE 0 < %ld",
    "UPDATE material SET sm3 = (SELECT sm3 FROM paper WHERE sm3 IS NOT NULL) WHERE matter = %ld",
};

static void a_row_gone_or_too_many_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ATTACKS / sizeof ATTACKS[0]; i++) {
        char attack[400];
        (void)tear_down(NULL);
        (void)set_up(NULL);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        (void)snprintf(attack, sizeof attack, ATTACKS[i], (long)filed_id);
#pragma GCC diagnostic pop
        home_do(&h, attack, NO_ARGS);
        if (findings() == 0) {
            fail_msg("not seen: %s", attack);
        }
    }
}

/* --- files --- */

static const char *file_of(Id id)
{
    const struct material *m = &home_matter(&h, id)->materials[0];
    const char *hex = hash_hex(h.trial.arena, m->sm3).p;
    return arena_printf(h.trial.arena, "%s/blobs/%.2s/%s", h.directory, hex, hex + 2);
}

static void a_changed_byte_of_a_file_is_found(void **state)
{
    (void)state;
    FILE *file = fopen(file_of(filed_id), "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 5, SEEK_SET), 0);
    assert_int_equal(fputc('Z', file), 'Z');
    assert_int_equal(fclose(file), 0);
    assert_true(findings() > 0);
    assert_string_equal(last_what, "file");
    struct verify_options options = {
        .store = h.store, .keys = h.keys, .blobs = h.blobs, .sizes_only = true, .found = found};
    home_must(&h, verify(&h.trial.cx, &options, &counts));
    assert_int_equal(counts.findings, 0); /* as asked: bytes were not read */
}

static void a_file_that_is_gone_or_cut_is_found(void **state)
{
    (void)state;
    assert_int_equal(truncate(file_of(filed_id), 3), 0);
    assert_true(findings() > 0);
    assert_int_equal(unlink(file_of(filed_id)), 0);
    assert_true(findings() > 0);
    assert_string_equal(last_what, "file");
}

/* --- a forger who knows the format but has no key --- */

static void a_log_made_anew_by_a_stranger_is_found_by_its_signature(void **state)
{
    (void)state;
    struct cx *cx = &h.trial.cx;
    struct keys *foreign = NULL;
    struct keys *own = h.keys;
    home_must(&h,
              keys_open(cx, arena_printf(cx->arena, "%s/foreign", h.directory), true, &foreign));
    home_do(&h, SQL("DELETE FROM log_checkpoint"), NO_ARGS);
    h.house.keys = foreign;
    rounds();
    h.house.keys = own;
    assert_int_equal(findings(), 1);
    assert_string_equal(last_what, "checkpoint-signature");
    keys_close(foreign);
}

static void a_log_of_more_than_a_page_of_leaves_holds_and_its_middle_is_guarded(void **state)
{
    (void)state;
    for (int i = 0; i < 1100; i++) {
        struct arena_mark mark = arena_mark(h.trial.arena);
        home_act(&h, &HOME_CITIZEN, home_draft(&h), "submit");
        arena_rewind(h.trial.arena, mark);
    }
    rounds();
    assert_int_equal(findings(), 0);
    assert_int_equal(counts.leaves, 1109);
    home_do(&h,
            SQL("UPDATE log_node SET hash = (SELECT hash FROM leaf WHERE idx = 0) "
                "WHERE level = 1 AND idx = 300"),
            NO_ARGS);
    assert_int_equal(findings(), 1);
    assert_string_equal(last_what, "log-node");
    home_do(&h, SQL("UPDATE leaf SET idx = 5000 WHERE idx = 600"), NO_ARGS);
    assert_true(findings() > 0);
    assert_string_equal(last_what, "log-gap");
}

#define claim(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        claim(what_the_program_wrote_holds),
        claim(one_changed_bit_anywhere_is_found),
        claim(a_row_gone_or_too_many_is_found),
        claim(a_changed_byte_of_a_file_is_found),
        claim(a_file_that_is_gone_or_cut_is_found),
        claim(a_log_made_anew_by_a_stranger_is_found_by_its_signature),
        claim(a_log_of_more_than_a_page_of_leaves_holds_and_its_middle_is_guarded),
    };
    return home_tests_run(tests);
}
