#include "record/audit.h"
#include "record/authorisation.h"
#include "record/roster.h"
#include "record/test_people.h"

#define NOW (INT64_C(1800000000000))

enum { IDLE_HOURS = 12 };

struct look {
    struct town *town;
    Id id;
    Str login;
    Hash hash;
    struct person *person;
    struct person *people;
    struct post *posts;
    struct session *session;
    struct session *sessions;
    struct actor actor;
    struct roster_query query;
    struct held_post *held;
    struct authorisation *authorisations;
    struct audit *audits;
    uint32_t count;
    Instant now;
};

static enum status by_login(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    return person_find_login(cx, sql, look->login, &look->person);
}

static enum status by_identity(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    return person_list_identity(cx, sql, look->hash, &look->people, &look->count);
}

static enum status by_token(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    return session_find(cx, sql, look->hash, look->now, &look->session, &look->actor);
}

static enum status all_sessions(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    return session_list(cx, sql, look->id, &look->sessions, &look->count);
}

static enum status all_people(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    return roster_people(cx, sql, &look->query, &look->people, &look->count);
}

static enum status all_held(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    return roster_posts(cx, sql, &look->query, look->id, &look->held, &look->count);
}

static enum status all_authorisations(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    return authorisation_list(cx, sql, look->id, &look->authorisations, &look->count);
}

static enum status all_audits(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    return audit_list(cx, sql, look->id, 10, &look->audits, &look->count);
}

static void see(struct town *town, enum status (*read)(struct cx *, struct sql *, void *),
                struct look *look)
{
    struct cx *cx = town_cx(town);
    if (store_read(cx, town->place.store, read, look) != OK) {
        fail_msg("reading: %s", cx->failure.detail.p);
    }
}

/* --- people --- */

static void test_what_is_sealed_opens_again_and_is_found_by_its_exact_number(void **state)
{
    struct town *town = *state;
    struct person p = town_person(town, "a");
    struct cx *cx = town_cx(town);
    Str text = {"", 0};
    struct look look = {.login = STR("a"),
                        .hash = keys_blind(town->keys, "identity", STR("11010519491231002X"))};
    see(town, by_login, &look);
    assert_non_null(look.person);
    assert_false(str_has(look.person->identity_sealed, "1949"));
    assert_int_equal(person_identity_open(cx, town->keys, look.person, &text), OK);
    assert_true(str_is(text, "11010519491231002X"));
    assert_int_equal(person_phone_open(cx, town->keys, look.person, &text), OK);
    assert_true(str_is(text, "13800138000"));
    see(town, by_identity, &look);
    assert_int_equal(look.count, 1);
    assert_int_equal(look.people[0].id, p.id);
    look.hash = keys_blind(town->keys, "identity", STR("110105194912310021"));
    see(town, by_identity, &look);
    assert_int_equal(look.count, 0);
}

static void test_one_person_does_not_open_another_ones_number(void **state)
{
    struct town *town = *state;
    struct person a = town_person(town, "a");
    struct person b = town_person(town, "b");
    Str text = {"", 0};
    a.identity_sealed = b.identity_sealed;
    struct cx *cx = town_cx(town);
    assert_int_equal(person_identity_open(cx, town->keys, &a, &text), E_STORE);
}

/* --- sessions --- */

static struct session session_of(struct town *town, Id person, const char *token, const char *post,
                                 Instant used)
{
    struct cx *cx = town_cx(town);
    struct script *script = script_new(cx->arena);
    struct session s = {.token = hash_str(str_of(token)),
                        .person = person,
                        .post = str_of(post),
                        .court = post[0] == '\0' ? STR("") : STR("京0105"),
                        .csrf = STR("c"),
                        .agent = STR(""),
                        .client = STR(""),
                        .created = used,
                        .used = used};
    assert_int_equal(sequence_next(cx, town->sequence, &s.id), OK);
    session_write_new(script, cx->arena, &s);
    town_run(town, script);
    return s;
}

static bool is_live(struct town *town, const char *token, Instant now)
{
    struct look look = {.hash = hash_str(str_of(token)), .now = now};
    see(town, by_token, &look);
    return look.session != NULL;
}

static void test_a_session_unused_for_half_a_day_is_over(void **state)
{
    struct town *town = *state;
    Id id = town_person(town, "a").id;
    (void)session_of(town, id, "t", "", NOW);
    assert_true(is_live(town, "t", NOW + IDLE_HOURS * HOUR_MS - 1));
    assert_false(is_live(town, "t", NOW + IDLE_HOURS * HOUR_MS));
    assert_false(is_live(town, "u", NOW));
}

static void test_ending_sessions_ends_those_meant(void **state)
{
    struct town *town = *state;
    Id a = town_person(town, "a").id;
    Id b = town_person(town, "b").id;
    struct session one = session_of(town, a, "one", "", NOW);
    struct session two = session_of(town, a, "two", "", NOW);
    (void)session_of(town, a, "three", "", NOW);
    (void)session_of(town, b, "other", "", NOW);
    struct script *script = script_new(town->place.trial.arena);
    session_end(script, one.id, b, NOW); /* not his */
    town_run(town, script);
    assert_true(is_live(town, "one", NOW));
    script = script_new(town->place.trial.arena);
    session_end_others(script, a, two.id, NOW);
    town_run(town, script);
    assert_false(is_live(town, "one", NOW));
    assert_true(is_live(town, "two", NOW));
    assert_false(is_live(town, "three", NOW));
    assert_true(is_live(town, "other", NOW));
    struct look look = {.id = a};
    see(town, all_sessions, &look);
    assert_int_equal(look.count, 1);
    assert_int_equal(look.sessions[0].id, two.id);
}

static void test_a_session_ends_with_its_post_and_with_its_person(void **state)
{
    struct town *town = *state;
    Id id = town_person(town, "a").id;
    struct script *script = script_new(town->place.trial.arena);
    post_write(script, id, STR("judge"), STR("京0105"), NOW);
    town_run(town, script);
    (void)session_of(town, id, "t", "judge", NOW);
    (void)session_of(town, id, "u", "", NOW);
    assert_true(is_live(town, "t", NOW));
    script = script_new(town->place.trial.arena);
    post_end(script, id, STR("judge"), STR("京0105"), NOW);
    town_run(town, script);
    assert_false(is_live(town, "t", NOW));
    assert_true(is_live(town, "u", NOW));
    script = script_new(town->place.trial.arena);
    person_disable(script, id, true);
    town_run(town, script);
    assert_false(is_live(town, "u", NOW));
}

/* --- lists of the administrator --- */

static void test_the_roster_finds_by_name_and_login_and_takes_signs_for_themselves(void **state)
{
    struct town *town = *state;
    Id a = town_person(town, "zhang_ming").id;
    (void)town_person(town, "zhangxming");
    struct look look = {.query = {.q = STR("zhang_"), .limit = 10}};
    see(town, all_people, &look);
    assert_int_equal(look.count, 1);
    assert_int_equal(look.people[0].id, a);
    look.query.q = STR("晓舟");
    see(town, all_people, &look);
    assert_int_equal(look.count, 2);
    look.query = (struct roster_query){.q = STR(""), .after = a, .limit = 10};
    see(town, all_people, &look);
    assert_int_equal(look.count, 1);
    look.query.q = STR("%");
    look.query.after = 0;
    see(town, all_people, &look);
    assert_int_equal(look.count, 0);
}

static void test_held_posts_are_listed_until_they_end(void **state)
{
    struct town *town = *state;
    Id id = town_person(town, "a").id;
    struct script *script = script_new(town->place.trial.arena);
    post_write(script, id, STR("judge"), STR("京0105"), NOW);
    post_write(script, id, STR("reviewer"), STR("京0105"), NOW);
    post_end(script, id, STR("judge"), STR("京0105"), NOW);
    town_run(town, script);
    struct look look = {.query = {.q = STR(""), .limit = 10}};
    see(town, all_held, &look);
    assert_int_equal(look.count, 1);
    assert_true(str_is(look.held[0].post, "reviewer"));
    look.query.q = STR("京0105");
    see(town, all_held, &look);
    assert_int_equal(look.count, 1);
}

static void test_an_authorisation_stands_until_it_is_ended(void **state)
{
    struct town *town = *state;
    Id id = town_person(town, "a").id;
    struct authorisation a = {
        id, STR("91350100M000100Y43"), STR("某公司"), STR("authorised"), STR(""), 0, NOW};
    struct script *script = script_new(town->place.trial.arena);
    authorisation_write(script, &a);
    a.verified = STR("window");
    a.verified_by = 7;
    authorisation_write(script, &a);
    town_run(town, script);
    struct look look = {.id = id};
    see(town, all_authorisations, &look);
    assert_int_equal(look.count, 1);
    assert_true(str_is(look.authorisations[0].verified, "window"));
    script = script_new(town->place.trial.arena);
    authorisation_end(script, id, a.code, NOW);
    town_run(town, script);
    see(town, all_authorisations, &look);
    assert_int_equal(look.count, 0);
}

static void test_the_audit_is_read_newest_first(void **state)
{
    struct town *town = *state;
    struct script *script = script_new(town->place.trial.arena);
    for (Id id = 1; id <= 3; id++) {
        struct audit audit = {id, NOW, 9, STR("give-post"), STR("person:1"), STR("{}")};
        audit_write(script, &audit);
    }
    town_run(town, script);
    struct look look = {0};
    see(town, all_audits, &look);
    assert_int_equal(look.count, 3);
    assert_int_equal(look.audits[0].id, 3);
    look.id = 3;
    see(town, all_audits, &look);
    assert_int_equal(look.count, 2);
    assert_int_equal(look.audits[0].id, 2);
}

#define T(test) cmocka_unit_test_setup_teardown(test, town_setup, town_teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        T(test_what_is_sealed_opens_again_and_is_found_by_its_exact_number),
        T(test_one_person_does_not_open_another_ones_number),
        T(test_a_session_unused_for_half_a_day_is_over),
        T(test_ending_sessions_ends_those_meant),
        T(test_a_session_ends_with_its_post_and_with_its_person),
        T(test_the_roster_finds_by_name_and_login_and_takes_signs_for_themselves),
        T(test_held_posts_are_listed_until_they_end),
        T(test_an_authorisation_stands_until_it_is_ended),
        T(test_the_audit_is_read_newest_first),
    };
    return test_on_both_engines(tests);
}
