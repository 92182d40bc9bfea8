/* Claims about a database of an earlier version: brought up to date it keeps every row, lists show
 * what they showed, and people are found as before. */
#include <inttypes.h>

#include "record/listing.h"
#include "record/test_people.h"

enum { MATTERS = 120, PEOPLE = 7, COURTS = 3, NAMES = 4, GRAMS = 2, OLD = 11 };

static const char *const COURT[COURTS] = {"京0105", "粤0307", "藏0630"};
static const char *const NAME[NAMES] = {"林晓舟", "王㼆", "欧阳𠮷", "李四"};
static const char *const GRAM[NAMES][GRAMS] = {
    {"林晓", "晓舟"}, {"王㼆", NULL}, {"欧阳", "阳𠮷"}, {"李四", NULL}};

/* --- the database --- */

static int bare_setup(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    check(place != NULL);
    place_make(place);
    assert_int_equal(store_open(&place->trial.cx, &place->options, &place->store), OK);
    *state = place;
    return 0;
}

static enum status rows_write(struct cx *cx, struct sql *sql, void *arg)
{
    return script_run(cx, sql, arg);
}

static Str bytes_of(struct arena *arena, int i)
{
    unsigned char bytes[32];
    memset(bytes, i, sizeof bytes);
    return (Str){arena_copy(arena, (const char *)bytes, sizeof bytes), sizeof bytes};
}

static void viewer_add(struct script *script, Str viewer, const char *box, int i, int64_t key)
{
    script_add(script,
               SQL("INSERT INTO listing (viewer, box, sort_key, matter, procedure, state, due) "
                   "VALUES (?1, ?2, ?3, ?4, 'filing', ?5, ?6)"),
               ARGS(SQL_S(viewer), SQL_C(box), SQL_I(key), SQL_I(1000 + i),
                    SQL_C(i % 5 == 0 ? "draft" : "under-review"),
                    i % 3 == 0 ? SQL_N : SQL_I(50000 - i)));
    for (int k = 0; k < GRAMS && GRAM[i % NAMES][k] != NULL; k++) {
        script_add(script,
                   SQL("INSERT INTO search (viewer, gram, matter) VALUES (?1, ?2, ?3) "
                       "ON CONFLICT DO NOTHING"),
                   ARGS(SQL_S(viewer), SQL_C(GRAM[i % NAMES][k]), SQL_I(1000 + i)));
    }
}

/* A draft stands on its owner's desk alone; the rest at its court, and some at a second one. */
static void lists_add(struct arena *arena, struct script *script, int i)
{
    viewer_add(script, str_printf(arena, "p:%d", i % PEOPLE), "mine", i, -i);
    if (i % 5 != 0) {
        viewer_add(script, str_printf(arena, "court@%s", COURT[i % COURTS]), "court", i, i);
        viewer_add(script, str_printf(arena, "reviewer@%s", COURT[i % COURTS]), "todo", i, 900 - i);
    }
    if (i % 5 == 1) {
        viewer_add(script, str_printf(arena, "court@%s", COURT[(i + 1) % COURTS]), "court", i, i);
    }
}

static void matter_add(struct arena *arena, struct script *script, int i)
{
    Str hash = bytes_of(arena, i);
    struct sql_value idx = i % 10 == 9 ? SQL_N : SQL_I(i);
    script_add(script,
               SQL("INSERT INTO matter (id, procedure, version, state, court, title, owner, "
                   "revision, events, head, field_values, groups, wrapped_key, follow_code, "
                   "created, updated, case_number) VALUES (?1, 'filing', 1, ?2, ?3, ?4, ?5, 1, "
                   "?6, ?7, '{}', '{}', '', '', 1, 1, ?8)"),
               ARGS(SQL_I(1000 + i), SQL_C(i % 5 == 0 ? "draft" : "under-review"),
                    SQL_C(COURT[i % COURTS]), SQL_C(NAME[i % NAMES]), SQL_I(i % PEOPLE),
                    SQL_I(i % 5 == 0 ? 0 : 2), SQL_B(hash.p, hash.n),
                    i % 4 == 0 ? SQL_S(str_printf(arena, "（2026）京0105民初%d号", i)) : SQL_N));
    script_add(script,
               SQL("INSERT INTO party (matter, n, role, kind, name, identity_blind) VALUES "
                   "(?1, 1, 'plaintiff', 'natural-person', ?2, ?3), "
                   "(?1, 2, 'defendant', 'organisation', '某公司', NULL)"),
               ARGS(SQL_I(1000 + i), SQL_C(NAME[i % NAMES]), SQL_B(hash.p, hash.n)));
    script_add(script,
               SQL("INSERT INTO attachment (matter, person, role, party, how, authority, since, "
                   "until) VALUES (?1, ?2, 'plaintiff', 1, 'began', '', ?3, NULL), "
                   "(?1, ?2, 'litigation-agent', 1, 'code', 'special', ?3, ?4)"),
               ARGS(SQL_I(1000 + i), SQL_I(i % PEOPLE), SQL_I(7 * i), SQL_I(8 * i)));
    script_add(script,
               SQL("INSERT INTO clock (matter, n, name, title, law, unit, started, due, length, "
                   "tables, working, stopped, breached, wake, attempts) VALUES (?1, 1, 'review', "
                   "'立案审查期限', '', 'days', ?2, ?3, 7, 't', '[]', ?4, ?4, ?5, ?6)"),
               ARGS(SQL_I(1000 + i), SQL_I(i), SQL_I(50000 - i), i % 3 == 0 ? SQL_I(i) : SQL_N,
                    i % 2 == 0 ? SQL_I(50000 - i) : SQL_N, SQL_I(i % 4)));
    script_add(script,
               SQL("INSERT INTO leaf (matter, n, seq, hash, idx) VALUES (?1, 1, ?2, ?3, ?4)"),
               ARGS(SQL_I(1000 + i), SQL_I(9000 - i), SQL_B(hash.p, hash.n), idx));
    script_add(script, SQL("INSERT INTO log_node (level, idx, hash) VALUES (?1, ?2, ?3)"),
               ARGS(SQL_I(1 + i % 3), SQL_I(i), SQL_B(hash.p, hash.n)));
    script_add(script,
               SQL("INSERT INTO once (actor, route, key, request, status, matter, event, at) "
                   "VALUES (?1, 'POST /matters', ?2, ?3, 201, ?4, NULL, ?5)"),
               ARGS(SQL_S(str_printf(arena, "p:%d", i % PEOPLE)), SQL_S(str_printf(arena, "%d", i)),
                    SQL_B(hash.p, hash.n), SQL_I(1000 + i), SQL_I(i)));
    lists_add(arena, script, i);
}

static void fill(struct place *place)
{
    struct cx *cx = &place->trial.cx;
    for (int i = 0; i < MATTERS; i++) {
        struct script *script = script_new(cx->arena);
        matter_add(cx->arena, script, i);
        if (store_write(cx, place->store, WRITE_INTERACTIVE, rows_write, script) != OK) {
            fail_msg("filling: %s", cx->failure.detail.p);
        }
    }
}

/* --- every row --- */

/* A row as a text and the bytes that are in it; how it is asked for before, and how behind. */
static const char *const KEPT[][2] = {
    {SQL("SELECT viewer || ' ' || box || ' ' || sort_key || ' ' || matter || ' ' || procedure || "
         "' ' || state || ' ' || coalesce(due, -1), NULL FROM listing ORDER BY 1"),
     NULL},
    {SQL("SELECT DISTINCT substr(viewer, 7) || ' ' || gram || ' ' || matter, NULL FROM search "
         "WHERE viewer LIKE 'court@%' ORDER BY 1"),
     SQL("SELECT court || ' ' || gram || ' ' || matter, NULL FROM search ORDER BY 1")},
    {SQL("SELECT matter || ' ' || n || ' ' || seq || ' ' || coalesce(idx, -1), hash FROM leaf "
         "ORDER BY 1"),
     NULL},
    {SQL("SELECT level || ' ' || idx, hash FROM log_node ORDER BY 1"), NULL},
    {SQL("SELECT actor || ' ' || route || ' ' || key || ' ' || status || ' ' || "
         "coalesce(matter, -1) || ' ' || coalesce(event, -1) || ' ' || at, request FROM once "
         "ORDER BY 1"),
     NULL},
    {SQL("SELECT matter || ' ' || person || ' ' || role || ' ' || party || ' ' || how || ' ' || "
         "authority || ' ' || since || ' ' || coalesce(until, -1), NULL FROM attachment "
         "ORDER BY 1"),
     NULL},
    {SQL("SELECT matter || ' ' || n || ' ' || role || ' ' || kind || ' ' || name, identity_blind "
         "FROM party ORDER BY 1"),
     NULL},
    {SQL("SELECT matter || ' ' || n || ' ' || name || ' ' || title || ' ' || law || ' ' || unit "
         "|| ' ' || started || ' ' || due || ' ' || length || ' ' || tables || ' ' || working || "
         "' ' || coalesce(stopped, -1) || ' ' || coalesce(breached, -1) || ' ' || "
         "coalesce(wake, -1) || ' ' || attempts, NULL FROM clock ORDER BY 1"),
     NULL},
    {SQL("SELECT id || ' ' || title || ' ' || coalesce(case_number, ''), head FROM matter "
         "ORDER BY 1"),
     NULL},
};

enum { KEPT_COUNT = sizeof KEPT / sizeof KEPT[0] };

static void test_every_row_is_kept(void **state)
{
    struct place *place = *state;
    struct rows before[KEPT_COUNT];
    test_schema_to(&place->trial.cx, place->store, OLD);
    fill(place);
    for (size_t i = 0; i < KEPT_COUNT; i++) {
        before[i] = place_ask(place, KEPT[i][0], NO_ARGS);
        assert_true(before[i].count >= MATTERS);
    }
    test_schema_to(&place->trial.cx, place->store, OLD + 1);
    for (size_t i = 0; i < KEPT_COUNT; i++) {
        struct rows after = place_ask(place, KEPT[i][1] == NULL ? KEPT[i][0] : KEPT[i][1], NO_ARGS);
        assert_int_equal(after.count, before[i].count);
        for (uint32_t k = 0; k < after.count; k++) {
            assert_string_equal(row_str(&after, k, 0).p, row_str(&before[i], k, 0).p);
            assert_int_equal(row_is_null(&after, k, 1), row_is_null(&before[i], k, 1));
            assert_true(row_is_null(&after, k, 1) ||
                        str_same(row_str(&after, k, 1), row_str(&before[i], k, 1)));
        }
    }
}

/* --- what people see --- */

struct look {
    struct listing_query query;
    struct listing *list;
    uint32_t count;
};

static enum status look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    return listing_list(cx, sql, &look->query, &look->list, &look->count);
}

/* Which matters a viewer finds must be those that belong; a person's newest first. */
static void list_is(struct place *place, const char *viewer, const char *box, const char *q,
                    bool (*belongs)(int i))
{
    struct look look = {
        .query = {str_of(viewer), str_of(box), STR(""), STR(""), str_of(q), STR(""), 0, 0, 200}};
    bool newest_first = strcmp(box, "mine") == 0;
    uint32_t found = 0;
    cx_forgive(&place->trial.cx);
    assert_int_equal(store_read(&place->trial.cx, place->store, look_read, &look), OK);
    for (int k = 0; k < MATTERS; k++) {
        int i = newest_first ? MATTERS - 1 - k : k;
        if (belongs(i) && (q[0] == '\0' || strcmp(q, NAME[i % NAMES]) == 0)) {
            assert_true(found < look.count);
            assert_int_equal(look.list[found++].matter, 1000 + i);
        }
    }
    assert_int_equal(look.count, found);
}

/* Its own, and what was handed over with it; no drafts. */
static bool is_of_first_court(int i)
{
    return i % 5 != 0 && (i % COURTS == 0 || (i % 5 == 1 && (i + 1) % COURTS == 0));
}

static bool is_of_third_person(int i)
{
    return i % PEOPLE == 3;
}

static bool is_of_nobody(int i)
{
    return i < 0;
}

static void test_lists_and_search_show_the_same(void **state)
{
    struct place *place = *state;
    test_schema_to(&place->trial.cx, place->store, OLD);
    fill(place);
    test_schema(&place->trial.cx, place->store);
    for (int name = -1; name < NAMES; name++) {
        const char *q = name < 0 ? "" : NAME[name];
        list_is(place, "court@京0105", "court", q, is_of_first_court);
        list_is(place, "p:3", "mine", q, is_of_third_person);
        list_is(place, "p:99", "mine", q, is_of_nobody);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_row_is_kept, bare_setup, place_teardown),
        cmocka_unit_test_setup_teardown(test_lists_and_search_show_the_same, bare_setup,
                                        place_teardown),
    };
    return test_on_both_engines(tests);
}
