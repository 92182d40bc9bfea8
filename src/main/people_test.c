/* clang-format off */
/* test_store.h and flow/plan.h both know a struct ask. */
#define ask store_ask
#include "record/test_people.h"
#undef ask
#include "main/people.h"
/* clang-format on */

#include "base/share.h"
#include "law/tables_sample.h"
#include "seal/password.h"

/* Tests are linked without the embedded files, which the rest of main/ asks for. */
const struct share_file share_embedded[] = {{NULL, NULL, 0, NULL, NULL}};
const size_t share_embedded_count = 0;

static const struct law_tables *tables(void *arg)
{
    (void)arg;
    return tables_real();
}

static struct house house_of(const struct town *town)
{
    return (struct house){.store = town->place.store,
                          .keys = town->keys,
                          .sequence = town->sequence,
                          .tables = tables};
}

static enum status import(struct town *town, const char *csv, struct value **report)
{
    struct house house = house_of(town);
    *report = NULL;
    return people_import(town_cx(town), &house, str_of(csv), report);
}

static int64_t count(struct town *town, const char *statement)
{
    struct rows rows = place_ask(&town->place, statement, NO_ARGS);
    return row_int(&rows, 0, 0);
}

static const char GOOD[] = "login,name,kind,post,court,phone\n"
                           "zhang,张三,staff,reviewer,京0105,13800138000\n"
                           "zhang,张三,staff,judge,北京市朝阳区人民法院,13800138000\n"
                           "chief,李四,staff,admin,,\n"
                           "wang,王五,person,,,\n";

static void test_a_table_makes_people_posts_and_first_passwords(void **state)
{
    struct town *town = *state;
    struct value *report = NULL;
    assert_int_equal(import(town, GOOD, &report), OK);
    assert_int_equal(value_get_int(report, "made"), 3);
    assert_int_equal(value_get_int(report, "posts"), 3);
    assert_int_equal(count(town, "SELECT count(*) FROM person"), 3);
    assert_int_equal(count(town, "SELECT count(*) FROM post WHERE court = '京0105'"), 2);
    assert_int_equal(count(town, "SELECT count(*) FROM post WHERE post = 'admin' AND court = ''"),
                     1);
    struct rows rows =
        place_ask(&town->place, "SELECT password FROM person WHERE login = 'zhang'", NO_ARGS);
    const struct value *first = value_item(value_get(report, "people"), 0);
    assert_true(password_holds(value_get_str(first, "first_password"), row_str(&rows, 0, 0)));
}

static void test_the_same_table_again_changes_nothing(void **state)
{
    struct town *town = *state;
    struct value *report = NULL;
    assert_int_equal(import(town, GOOD, &report), OK);
    struct rows before =
        place_ask(&town->place, "SELECT id, password FROM person ORDER BY id", NO_ARGS);
    assert_int_equal(import(town, GOOD, &report), OK);
    assert_int_equal(value_get_int(report, "made"), 0);
    assert_int_equal(value_get_int(report, "updated"), 3);
    assert_int_equal(value_count(value_get(report, "people")), 0);
    struct rows after =
        place_ask(&town->place, "SELECT id, password FROM person ORDER BY id", NO_ARGS);
    assert_int_equal(before.count, after.count);
    for (uint32_t i = 0; i < before.count; i++) {
        assert_int_equal(row_int(&before, i, 0), row_int(&after, i, 0));
        assert_true(str_same(row_str(&before, i, 1), row_str(&after, i, 1)));
    }
    assert_int_equal(count(town, "SELECT count(*) FROM post"), 3);
}

static void test_one_faulty_row_stops_all_and_is_named_by_its_line(void **state)
{
    static const char *const bad[] = {
        "login,name,kind,post,court\nwang,王五,staff,reviewer,京0105\nzhao,赵六,staff,emperor,京0105\n",
        "login,name,kind,post,court\nwang,王五,staff,reviewer,京0105\nzhao,赵六,staff,judge,京9999\n",
        "login,name,kind,post,court\nwang,王五,staff,reviewer,京0105\nzhao,,staff,judge,京0105\n",
        "login,name,kind,post,court\nwang,王五,staff,reviewer,京0105\n,赵六,staff,judge,京0105\n",
        "login,name,kind,post,court\nwang,王五,staff,reviewer,京0105\nzhao,赵六,king,,\n",
        "login,name,kind,post,court\nwang,王五,staff,reviewer,京0105\nzhao,赵六,,,\n",
        "login,name,kind,post,court\nwang,王五,staff,reviewer,京0105\nzhao,赵六,lawyer,judge,京0105\n",
        "login,name,kind,post,court\nwang,王五,staff,reviewer,京0105\nzhao,赵六,staff,admin,京0105\n",
        "login,name,kind,phone\nwang,王五,staff,\nzhao,赵六,staff,12345\n",
        "login,name,kind,identity\nwang,王五,staff,\nzhao,赵六,staff,110105194912310021\n",
        "login,name,kind\nwang,王五,staff\ncitizen-1,赵六,staff\n",
    };
    struct town *town = *state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct value *report = NULL;
        assert_int_equal(import(town, bad[i], &report), E_INPUT);
        const struct failure *failure = &town->place.trial.cx.failure;
        assert_string_equal(failure->code, "import-faulty");
        const struct value *entry = value_item(failure->errors, 0);
        if (value_count(failure->errors) != 1 || !str_is(value_get_str(entry, "field"), "line 3") ||
            !str_starts(value_get_str(failure->args, "why"), "第3行：")) {
            fail_msg("%s: %s", bad[i], value_get_str(entry, "title").p);
        }
        assert_int_equal(count(town, "SELECT count(*) FROM person"), 0);
    }
}

static void test_a_table_that_is_none_is_refused(void **state)
{
    struct town *town = *state;
    struct value *report = NULL;
    assert_int_equal(import(town, "name,kind\na,b\n", &report), E_INPUT);
    assert_int_equal(import(town, "login,name,kind\na,b\n", &report), E_READ);
    assert_int_equal(import(town, "", &report), E_READ);
}

static void test_a_login_of_another_kind_is_not_taken_over(void **state)
{
    struct town *town = *state;
    struct value *report = NULL;
    (void)town_person(town, "zhang");
    assert_int_equal(import(town, GOOD, &report), E_INPUT);
    assert_true(str_starts(value_get_str(town->place.trial.cx.failure.args, "why"), "第2行"));
    assert_int_equal(count(town, "SELECT count(*) FROM person"), 1);
}

static void test_an_administrator_is_made_once_with_a_fit_password(void **state)
{
    struct town *town = *state;
    struct house house = house_of(town);
    assert_int_equal(admin_create(town_cx(town), &house, STR("chief"), STR("short")), E_INPUT);
    assert_int_equal(admin_create(town_cx(town), &house, STR("a@b"), STR("Long-enough-7")),
                     E_INPUT);
    assert_int_equal(admin_create(town_cx(town), &house, STR("chief"), STR("Long-enough-7")), OK);
    assert_int_equal(admin_create(town_cx(town), &house, STR("chief"), STR("Long-enough-7")),
                     E_STATE);
    assert_int_equal(count(town, "SELECT count(*) FROM post WHERE post = 'admin'"), 1);
    assert_int_equal(count(town, "SELECT count(*) FROM audit WHERE what = 'add-person'"), 1);
}

static enum status asked(struct town *town, const char *typed, Str *out, bool *made_up)
{
    char text[200];
    (void)snprintf(text, sizeof text, "%s", typed);
    FILE *in = tmpfile();
    assert_non_null(in);
    (void)fputs(text, in);
    rewind(in);
    enum status status = password_ask(town_cx(town), in, stderr, out, made_up);
    (void)fclose(in);
    return status;
}

static void test_a_password_is_asked_twice_or_made_up(void **state)
{
    struct town *town = *state;
    Str password = {"", 0};
    bool made_up = true;
    assert_int_equal(asked(town, "Long-enough-7\r\nLong-enough-7\n", &password, &made_up), OK);
    assert_true(str_is(password, "Long-enough-7") && !made_up);
    assert_int_equal(asked(town, "Long-enough-7\nLong-enough-8\n", &password, &made_up), E_INPUT);
    assert_int_equal(asked(town, "Long-enough-7\n", &password, &made_up), E_INPUT);
    assert_int_equal(asked(town, "", &password, &made_up), OK);
    assert_true(made_up && password.n >= 10);
}

#define T(test) cmocka_unit_test_setup_teardown(test, town_setup, town_teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        T(test_a_table_makes_people_posts_and_first_passwords),
        T(test_the_same_table_again_changes_nothing),
        T(test_one_faulty_row_stops_all_and_is_named_by_its_line),
        T(test_a_table_that_is_none_is_refused),
        T(test_a_login_of_another_kind_is_not_taken_over),
        T(test_an_administrator_is_made_once_with_a_fit_password),
        T(test_a_password_is_asked_twice_or_made_up),
    };
    return test_on_both_engines(tests);
}
