#include "record/recovery.h"
#include "record/test_people.h"

#define NOW (INT64_C(1800000000000))

static struct script *begun(struct town *town, const struct person *person, const char *ticket)
{
    struct cx *cx = town_cx(town);
    struct script *script = script_new(cx->arena);
    if (recovery_begin(cx, town->place.store, town->keys, town->sequence, script, person,
                       RECOVERY_PASSWORD, str_of(ticket), NOW) != OK) {
        fail_msg("%s", cx->failure.detail.p);
    }
    return script;
}

struct opening {
    struct town *town;
    Str payload, to, text;
};

static enum status opening_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct opening *o = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT payload FROM job WHERE kind = 'message'"), NO_ARGS, &rows));
    assert_int_equal(rows.count, 1);
    o->payload = row_str(&rows, 0, 0);
    TRY(message_open(cx, o->town->keys, sql, o->payload, &o->to, &o->text));
    return sql_exec(cx, sql, SQL("DELETE FROM job"), NO_ARGS);
}

/* The job that a ticket for the person made; it is taken away. */
static struct opening sent(struct town *town, const struct person *person, const char *ticket)
{
    struct opening o = {.town = town};
    town_run(town, begun(town, person, ticket));
    struct cx *cx = town_cx(town);
    assert_int_equal(store_write(cx, town->place.store, WRITE_INTERACTIVE, opening_read, &o), OK);
    return o;
}

static void test_nobody_costs_the_work_that_somebody_costs(void **state)
{
    struct town *town = *state;
    struct person p = town_person(town, "a");
    assert_int_equal(script_count(begun(town, NULL, "t")), script_count(begun(town, &p, "t")));
    struct opening known = sent(town, &p, "one");
    struct opening unknown = sent(town, NULL, "two");
    assert_true(str_is(known.to, "13800138000"));
    assert_true(str_has(known.text, "验证码"));
    assert_int_equal(unknown.to.n, 0);
    assert_int_equal(unknown.text.n, 0);
    /* Alike but for the digits of the person's id: as long a text is sealed for both. */
    assert_in_range(known.payload.n - unknown.payload.n, 0, 20);
}

static void test_a_ticket_of_nobody_opens_nothing(void **state)
{
    struct town *town = *state;
    Id person = 7;
    town_run(town, begun(town, NULL, "ticket"));
    assert_int_equal(recovery_try(town_cx(town), town->place.store, town->keys, RECOVERY_PASSWORD,
                                  STR("ticket"), STR("000000"), STR("000000"), NOW, &person),
                     OK);
    assert_int_equal(person, 0);
}

static void test_a_ticket_has_five_tries_and_ten_minutes(void **state)
{
    struct town *town = *state;
    struct person p = town_person(town, "a");
    Str known = STR("000000");
    Id person = 0;
    town_run(town, begun(town, &p, "ticket"));
    struct cx *cx = town_cx(town);
    struct store *store = town->place.store;
    assert_int_equal(recovery_try(cx, store, town->keys, RECOVERY_PASSWORD, STR("ticket"), known,
                                  known, NOW + 600000, &person),
                     OK);
    assert_int_equal(person, 0);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(recovery_try(cx, store, town->keys, RECOVERY_PASSWORD, STR("ticket"),
                                      STR("no code"), known, NOW + 599999, &person),
                         OK);
        assert_int_equal(person, 0);
    }
    assert_int_equal(recovery_try(cx, store, town->keys, RECOVERY_PASSWORD, STR("ticket"), known,
                                  known, NOW + 599999, &person),
                     OK);
    assert_int_equal(person, 0);
    town_run(town, begun(town, &p, "another"));
    assert_int_equal(recovery_try(cx, store, town->keys, RECOVERY_PASSWORD, STR("another"), known,
                                  known, NOW, &person),
                     OK);
    assert_true(person == p.id);
}

static void test_a_ticket_is_for_one_thing(void **state)
{
    struct town *town = *state;
    struct person p = town_person(town, "a");
    Str known = STR("000000");
    Id person = 0;
    town_run(town, begun(town, &p, "ticket"));
    struct cx *cx = town_cx(town);
    struct store *store = town->place.store;
    assert_int_equal(recovery_try(cx, store, town->keys, RECOVERY_LOGIN, STR("ticket"), known,
                                  known, NOW, &person),
                     OK);
    assert_int_equal(person, 0);
    assert_int_equal(recovery_try(cx, store, town->keys, RECOVERY_PASSWORD, STR("ticket"), known,
                                  known, NOW, &person),
                     OK);
    assert_true(person == p.id);
}

#define T(test) cmocka_unit_test_setup_teardown(test, town_setup, town_teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        T(test_nobody_costs_the_work_that_somebody_costs),
        T(test_a_ticket_of_nobody_opens_nothing),
        T(test_a_ticket_has_five_tries_and_ten_minutes),
        T(test_a_ticket_is_for_one_thing),
    };
    return test_on_both_engines(tests);
}
