#include "record/tables.h"
#include "store/test_store.h"

#define DIVISIONS "code,name,parent,level\n110000,北京市,,1\n110105,朝阳区,110000,3\n"
#define COURTS                                              \
    "code,name,level,kind,parent,division,code_basis\n"     \
    "最高法,最高人民法院,最高,general,,,known\n" \
    "京,北京市高级人民法院,高级,general,最高法,110000,rule\n"
#define MORE     COURTS "京01,北京市第一中级人民法院,中级,general,京,,known\n"
#define LPR      "from,percent\n2025-05-20,3.00\n"
#define LPR_MORE LPR "2026-05-20,3.10\n"

#define BYTES(text) (const unsigned char *)(text), sizeof(text) - 1

static const struct share_file FILES[] = {
    {"data/tables/courts.csv", BYTES(COURTS), "1", NULL},
    {"data/tables/divisions.csv", BYTES(DIVISIONS), "2", NULL},
    {"data/tables/lpr.csv", BYTES(LPR), "3", NULL},
};
static const struct share_file NEWER_FILES[] = {
    {"data/tables/courts.csv", BYTES(MORE), "1", NULL},
    {"data/tables/divisions.csv", BYTES(DIVISIONS), "2", NULL},
    {"data/tables/lpr.csv", BYTES(LPR_MORE), "3", NULL},
};

enum { FILE_COUNT = 3, ADMIN = 7 };

#define NOW (DAY_MS * 20000)

/* test_store.h's place with the schema of the tables. */
static int tables_setup(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    check(place != NULL);
    place_make(place);
    static char text[1 << 16];
    FILE *file = fopen("sql/0002-tables.sql", "rb");
    assert_non_null(file);
    size_t n = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    text[n] = '\0';
    const struct migration schema[] = {{2, "tables", {text, n}}};
    struct cx *cx = &place->trial.cx;
    assert_int_equal(store_open(cx, &place->options, &place->store), OK);
    assert_int_equal(store_migrate(cx, place->store, schema, 1), OK);
    *state = place;
    return 0;
}

static struct share *share_with(struct place *place, const struct share_file *files)
{
    struct share *share = NULL;
    assert_int_equal(share_open(&place->trial.cx, files, FILE_COUNT, NULL, &share), OK);
    return share;
}

static struct tables *open_at(struct place *place, const struct share *share, Instant now)
{
    struct tables *tables = NULL;
    struct cx *cx = &place->trial.cx;
    cx_forgive(cx);
    if (tables_open(cx, place->store, share, now, &tables) != OK) {
        fail_msg("%s", cx->failure.detail.p);
    }
    return tables;
}

static int64_t load(struct place *place, struct tables *tables, enum table_kind kind, Str text,
                    Date from, Instant now)
{
    int64_t version = 0;
    struct cx *cx = &place->trial.cx;
    if (tables_replace(cx, tables, kind, text, from, ADMIN, now, &version) != OK) {
        fail_msg("%s", cx->failure.detail.p);
    }
    return version;
}

static int64_t row_count(struct place *place)
{
    struct rows rows = place_ask(place, SQL("SELECT count(*) FROM table_text"), NO_ARGS);
    return row_int(&rows, 0, 0);
}

static void test_the_programs_texts_are_version_one(void **state)
{
    struct place *place = *state;
    struct share *share = share_with(place, FILES);
    struct tables *tables = open_at(place, share, NOW);
    const struct law_tables *set = tables_current(tables);
    assert_int_equal(set->court_count, 2);
    assert_int_equal(set->lpr_count, 1);
    assert_string_equal(set->version.p, "v1");
    assert_int_equal(row_count(place), 3);
    tables_close(tables);
    tables = open_at(place, share, NOW); /* again: nothing new */
    assert_string_equal(tables_current(tables)->version.p, "v1");
    assert_int_equal(row_count(place), 3);
    tables_close(tables);
    share_close(share);
}

static void test_a_new_version_replaces_the_set_and_the_old_stays_readable(void **state)
{
    struct place *place = *state;
    struct share *share = share_with(place, FILES);
    struct tables *tables = open_at(place, share, NOW);
    const struct law_tables *before = tables_current(tables);
    assert_int_equal(load(place, tables, TABLE_COURTS, STR(MORE), DATE_NONE, NOW), 2);
    const struct law_tables *after = tables_now(tables);
    assert_ptr_not_equal(before, after);
    assert_string_equal(after->version.p, "v2");
    assert_non_null(court_by_code(after, STR("京01")));
    assert_null(court_by_code(before, STR("京01")));
    assert_string_equal(court_by_code(before, STR("京"))->name.p, "北京市高级人民法院");
    tables_close(tables);
    tables = open_at(place, share, NOW);
    assert_string_equal(tables_current(tables)->version.p, "v2"); /* the rows win over the share */
    assert_int_equal(tables_current(tables)->court_count, 3);
    tables_close(tables);
    share_close(share);
}

static void test_a_faulty_text_changes_nothing(void **state)
{
    struct place *place = *state;
    struct share *share = share_with(place, FILES);
    struct tables *tables = open_at(place, share, NOW);
    const struct law_tables *before = tables_current(tables);
    struct cx *cx = &place->trial.cx;
    int64_t version = 0;
    assert_int_equal(tables_replace(cx, tables, TABLE_LPR, STR("from,percent\n2025-05-20,three\n"),
                                    DATE_NONE, ADMIN, NOW, &version),
                     E_INPUT);
    assert_string_equal(cx->failure.code, "table-faulty");
    assert_true(str_starts(value_get_str(cx->failure.args, "why"), "lpr.csv:2:"));
    cx_forgive(cx);
    assert_int_equal(
        tables_replace(cx, tables, TABLE_LPR, STR(""), DATE_NONE, ADMIN, NOW, &version), E_INPUT);
    cx_forgive(cx);
    /* A text that is fine alone but not beside the others: a division goes, its court stays. */
    assert_int_equal(tables_replace(cx, tables, TABLE_DIVISIONS,
                                    STR("code,name,parent,level\n120000,天津市,,1\n"), DATE_NONE,
                                    ADMIN, NOW, &version),
                     E_INPUT);
    assert_ptr_equal(tables_current(tables), before);
    assert_int_equal(row_count(place), 3);
    tables_close(tables);
    share_close(share);
}

static void test_a_text_of_the_future_comes_into_force_on_its_day(void **state)
{
    struct place *place = *state;
    struct share *share = share_with(place, FILES);
    struct tables *tables = open_at(place, share, NOW);
    bool changed = true;
    Date day = instant_date(NOW) + 3;
    struct cx *cx = &place->trial.cx;
    assert_int_equal(load(place, tables, TABLE_LPR, STR(LPR_MORE), day, NOW), 2);
    assert_string_equal(tables_current(tables)->version.p, "v1");
    assert_int_equal(tables_refresh(cx, tables, NOW + 2 * DAY_MS, &changed), OK);
    assert_false(changed);
    /* A correction for the days until then does not push it aside. */
    assert_int_equal(load(place, tables, TABLE_LPR, STR("from,percent\n2025-05-20,2.90\n"),
                          DATE_NONE, NOW + DAY_MS),
                     3);
    assert_int_equal(tables_current(tables)->lpr_1y[0].ppm, 29000);
    assert_int_equal(tables_refresh(cx, tables, NOW + 3 * DAY_MS, &changed), OK);
    assert_true(changed);
    assert_int_equal(tables_current(tables)->lpr_count, 2);
    assert_int_equal(tables_refresh(cx, tables, NOW + 3 * DAY_MS, &changed), OK);
    assert_false(changed);
    tables_close(tables);
    share_close(share);
}

static void test_a_newer_program_renews_its_own_texts_only(void **state)
{
    struct place *place = *state;
    struct share *share = share_with(place, FILES);
    struct share *newer = share_with(place, NEWER_FILES);
    struct tables *tables = open_at(place, share, NOW);
    (void)load(place, tables, TABLE_LPR, STR("from,percent\n2025-05-20,2.90\n"), DATE_NONE, NOW);
    tables_close(tables);
    tables = open_at(place, newer, NOW + DAY_MS);
    assert_int_equal(tables_current(tables)->court_count, 3);
    assert_int_equal(tables_current(tables)->lpr_count, 1); /* the administrator's stays */
    assert_string_equal(tables_current(tables)->version.p, "v3");
    assert_int_equal(row_count(place), 5);
    tables_close(tables);
    share_close(newer);
    share_close(share);
}

static void test_another_node_takes_over_what_one_has_loaded(void **state)
{
    struct place *place = *state;
    struct share *share = share_with(place, FILES);
    struct tables *one = open_at(place, share, NOW);
    struct tables *other = open_at(place, share, NOW);
    bool changed = false;
    (void)load(place, one, TABLE_COURTS, STR(MORE), DATE_NONE, NOW);
    assert_string_equal(tables_current(other)->version.p, "v1");
    assert_int_equal(tables_refresh(&place->trial.cx, other, NOW, &changed), OK);
    assert_true(changed);
    assert_string_equal(tables_current(other)->version.p, "v2");
    assert_int_equal(tables_current(other)->court_count, 3);
    tables_close(other);
    tables_close(one);
    share_close(share);
}

static void test_a_faulty_share_does_not_open(void **state)
{
    struct place *place = *state;
    static const struct share_file faulty[] = {
        {"data/tables/courts.csv", BYTES("code\n京\n"), "1", NULL},
        {"data/tables/divisions.csv", BYTES(DIVISIONS), "2", NULL},
        {"data/tables/lpr.csv", BYTES(LPR), "3", NULL},
    };
    struct share *share = share_with(place, faulty);
    struct tables *tables = NULL;
    struct cx *cx = &place->trial.cx;
    assert_int_equal(tables_open(cx, place->store, share, NOW, &tables), E_READ);
    assert_true(str_starts(cx->failure.detail, "courts.csv:1:"));
    assert_null(tables);
    assert_int_equal(row_count(place), 0);
    share_close(share);
}

static enum status line_add(struct cx *cx, Str text, void *arg, Str *out)
{
    const char *line = arg;
    *out = str_printf(cx->arena, "%.*s%s\n", STR_ARG(text), line);
    return OK;
}

/* Two nodes with what they knew before: each adds to what is in force by then. */
static void test_an_edit_keeps_what_others_have_loaded_and_shares_the_rest(void **state)
{
    struct place *place = *state;
    struct cx *cx = &place->trial.cx;
    int64_t version = 0;
    struct share *share = share_with(place, FILES);
    struct tables *one = open_at(place, share, NOW);
    struct tables *two = open_at(place, share, NOW);
    const struct law_tables *before = tables_current(one);
    assert_int_equal(
        tables_replace(cx, one, TABLE_HOURS,
                       STR("court,valid_from,am_start,am_end,pm_start,pm_end\n,,09:00,12:00,,\n"),
                       DATE_NONE, ADMIN, NOW, &version),
        OK);
    static char first[] = "京,,08:00,12:00,,";
    static char second[] = "京01,,08:30,12:00,,";
    static char faulty[] = "京99,,08:30,12:00,,";
    assert_int_equal(tables_edit(cx, two, TABLE_HOURS, line_add, first, ADMIN, NOW, &version), OK);
    assert_int_equal(version, 2);
    assert_int_equal(tables_edit(cx, one, TABLE_HOURS, line_add, second, ADMIN, NOW, &version),
                     E_INPUT); /* there is no 京01 among these courts */
    cx_forgive(cx);
    assert_int_equal(tables_edit(cx, one, TABLE_HOURS, line_add, faulty, ADMIN, NOW, &version),
                     E_INPUT);
    cx_forgive(cx);
    static char third[] = "最高法,,08:30,12:00,,";
    assert_int_equal(tables_edit(cx, one, TABLE_HOURS, line_add, third, ADMIN, NOW, &version), OK);
    assert_int_equal(version, 3);
    assert_int_equal(tables_current(one)->hours_count, 3);
    assert_ptr_equal(tables_current(one)->courts, before->courts);
    assert_string_not_equal(tables_current(one)->version.p, before->version.p);
    assert_int_equal(before->hours_count, 0);
    tables_close(one);
    tables_close(two);
    share_close(share);
}

static void test_kinds_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < TABLE_KINDS; i++) {
        enum table_kind kind = TABLE_KINDS;
        assert_true(table_kind_parse(str_of(table_kind_name((enum table_kind)i)), &kind));
        assert_int_equal(kind, i);
    }
    enum table_kind kind = TABLE_KINDS;
    assert_false(table_kind_parse(STR("court"), &kind));
}

#define tables_case(name) cmocka_unit_test_setup_teardown(name, tables_setup, place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        tables_case(test_the_programs_texts_are_version_one),
        tables_case(test_a_new_version_replaces_the_set_and_the_old_stays_readable),
        tables_case(test_a_faulty_text_changes_nothing),
        tables_case(test_a_text_of_the_future_comes_into_force_on_its_day),
        tables_case(test_a_newer_program_renews_its_own_texts_only),
        tables_case(test_another_node_takes_over_what_one_has_loaded),
        tables_case(test_a_faulty_share_does_not_open),
        tables_case(test_an_edit_keeps_what_others_have_loaded_and_shares_the_rest),
        cmocka_unit_test(test_kinds_have_names),
    };
    return test_on_both_engines(tests);
}
