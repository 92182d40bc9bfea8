#include "base/json.h"
#include "record/code.h"
#include "record/contact.h"
#include "record/test_people.h"

#define NOW   (INT64_C(1800000000000))
#define COURT STR("京0105")

struct look {
    struct town *town;
    Str courts[3];
    struct contact *found[3];
    struct contact_change *changes;
    uint32_t count;
    Str payload, to, text;
};

static enum status all_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    return contact_find_all(cx, sql, look->courts, 3, look->found);
}

static enum status changes_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    TRY(contact_find(cx, sql, COURT, &look->found[0]));
    return contact_changes(cx, sql, look->town->keys, look->found[0], 50, &look->changes,
                           &look->count);
}

static enum status job_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT payload FROM job"), NO_ARGS, &rows));
    look->payload = row_str(&rows, 0, 0);
    return message_open(cx, look->town->keys, sql, look->payload, &look->to, &look->text);
}

static void see(struct town *town, enum status (*read)(struct cx *, struct sql *, void *),
                struct look *look)
{
    struct cx *cx = town_cx(town);
    look->town = town;
    if (store_read(cx, town->place.store, read, look) != OK) {
        fail_msg("reading: %s", cx->failure.detail.p);
    }
}

static struct contact *contact_now(struct town *town)
{
    struct look look = {.courts = {COURT, STR("京0106"), STR("无")}};
    see(town, all_read, &look);
    assert_null(look.found[1]);
    assert_null(look.found[2]);
    return look.found[0];
}

static struct contact_entry entry_of(struct town *town, const char *json)
{
    struct cx *cx = town_cx(town);
    struct value *said = NULL;
    struct contact_entry entry;
    assert_int_equal(json_read(cx, str_of(json), &said), OK);
    assert_int_equal(contact_entry_read(cx, said, &entry), 0);
    return entry;
}

#define FIRST                                                                        \
    "{\"officer\":\"林知远\",\"backup\":\"苏若溪\",\"room\":\"立案大厅\"," \
    "\"office_phone\":\"010-12345678\",\"mobile\":\"13800138000\",\"phone_public\":true}"

static enum status entered(struct town *town, const struct contact *before, const char *json, Id by,
                           Instant now, struct value **changed)
{
    struct contact_entry entry = entry_of(town, json);
    struct cx *cx = town_cx(town);
    struct script *script = script_new(cx->arena);
    assert_int_equal(
        contact_write(cx, town->keys, script, COURT, before, &entry, by, by > 0, now, changed), OK);
    return store_write(cx, town->place.store, WRITE_INTERACTIVE, town_script_run, script);
}

static void test_a_contact_is_found_with_its_mobile_sealed(void **state)
{
    struct town *town = *state;
    struct value *changed = NULL;
    assert_null(contact_now(town));
    assert_int_equal(entered(town, NULL, FIRST, 7, NOW, &changed), OK);
    assert_int_equal(value_count(changed), 6);
    struct contact *c = contact_now(town);
    Str mobile = {"", 0};
    assert_string_equal(c->officer.p, "林知远");
    assert_true(c->phone_public);
    assert_int_equal(c->verified, NOW);
    assert_int_equal(c->verified_by, 7);
    assert_false(str_has(c->mobile_sealed, "1380013"));
    struct cx *cx = town_cx(town);
    assert_int_equal(contact_mobile_open(cx, town->keys, c, CONTACT_OFFICER, &mobile), OK);
    assert_string_equal(mobile.p, "13800138000");
    assert_int_equal(contact_mobile_open(cx, town->keys, c, CONTACT_BACKUP, &mobile), OK);
    assert_int_equal(mobile.n, 0);
}

static void test_every_change_is_kept_with_old_and_new(void **state)
{
    struct town *town = *state;
    struct value *changed = NULL;
    assert_int_equal(entered(town, NULL, FIRST, 7, NOW, &changed), OK);
    assert_int_equal(entered(town, contact_now(town),
                             "{\"officer\":\"陆明轩\",\"backup\":\"苏若溪\",\"room\":\"立案大厅\","
                             "\"office_phone\":\"010-12345678\",\"mobile\":\"13900139000\","
                             "\"phone_public\":\"yes\"}",
                             8, NOW + 5, &changed),
                     OK);
    assert_int_equal(value_count(changed), 2);
    struct look look = {0};
    see(town, changes_read, &look);
    assert_int_equal(look.count, 8);
    assert_int_equal(look.changes[0].revision, 2);
    assert_string_equal(look.changes[0].field.p, "mobile");
    assert_string_equal(look.changes[0].was.p, "13800138000");
    assert_string_equal(look.changes[0].becomes.p, "13900139000");
    assert_string_equal(look.changes[1].field.p, "officer");
    assert_string_equal(look.changes[1].was.p, "林知远");
    assert_string_equal(look.changes[1].becomes.p, "陆明轩");
    assert_int_equal(look.changes[1].person, 8);
    assert_int_equal(look.changes[1].at, NOW + 5);
}

static void test_the_slower_of_two_changes_is_refused(void **state)
{
    struct town *town = *state;
    struct value *changed = NULL;
    assert_int_equal(entered(town, NULL, FIRST, 7, NOW, &changed), OK);
    struct contact *seen = contact_now(town);
    assert_int_equal(
        entered(town, seen, "{\"officer\":\"甲\",\"office_phone\":\"12368\"}", 7, NOW, &changed),
        OK);
    assert_int_equal(
        entered(town, seen, "{\"officer\":\"乙\",\"office_phone\":\"12368\"}", 8, NOW, &changed),
        E_STATE);
    assert_string_equal(contact_now(town)->officer.p, "甲");
}

static void test_two_people_make_it_unreachable_and_verifying_clears_that(void **state)
{
    struct town *town = *state;
    struct value *changed = NULL;
    assert_int_equal(entered(town, NULL, FIRST, 7, NOW, &changed), OK);
    struct script *script = script_new(town_cx(town)->arena);
    contact_report(script, COURT, 21, STR("沪0101"), NOW + 1);
    contact_report(script, COURT, 21, STR("沪0101"), NOW + 2);
    town_run(town, script);
    assert_int_equal(contact_now(town)->reports, 1);
    assert_false(contact_is_unreachable(contact_now(town)));
    script = script_new(town_cx(town)->arena);
    contact_report(script, COURT, 22, STR("沪0101"), NOW + 3);
    town_run(town, script);
    assert_true(contact_is_unreachable(contact_now(town)));
    script = script_new(town_cx(town)->arena);
    contact_verify(script, COURT, 7, NOW + 4);
    town_run(town, script);
    assert_int_equal(contact_now(town)->reports, 0);
    assert_int_equal(contact_now(town)->verified, NOW + 4);
    script = script_new(town_cx(town)->arena);
    contact_report(script, COURT, 21, STR("沪0101"), NOW + 5);
    town_run(town, script);
    assert_int_equal(contact_now(town)->reports, 1);
}

static void test_it_is_stale_after_31_days_and_when_never_verified(void **state)
{
    struct town *town = *state;
    struct value *changed = NULL;
    assert_int_equal(entered(town, NULL, FIRST, 0, NOW, &changed), OK);
    assert_true(contact_is_stale(contact_now(town), NOW));
    struct script *script = script_new(town_cx(town)->arena);
    contact_verify(script, COURT, 7, NOW);
    town_run(town, script);
    assert_false(contact_is_stale(contact_now(town), NOW + 31 * DAY_MS));
    assert_true(contact_is_stale(contact_now(town), NOW + 31 * DAY_MS + 1));
}

static void test_a_message_goes_to_the_mobile_and_lies_sealed(void **state)
{
    struct town *town = *state;
    struct value *changed = NULL;
    bool written = true;
    assert_int_equal(entered(town, NULL, FIRST, 7, NOW, &changed), OK);
    struct contact *c = contact_now(town);
    struct cx *cx = town_cx(town);
    struct script *script = script_new(cx->arena);
    assert_int_equal(contact_message_write(cx, town->keys, script, 901, c, CONTACT_BACKUP,
                                           STR("有一件跨域立案申请"), NOW, &written),
                     OK);
    assert_false(written);
    assert_int_equal(contact_message_write(cx, town->keys, script, 902, c, CONTACT_OFFICER,
                                           STR("有一件跨域立案申请"), NOW, &written),
                     OK);
    assert_true(written);
    town_run(town, script);
    struct look look = {0};
    see(town, job_read, &look);
    assert_string_equal(look.to.p, "13800138000");
    assert_string_equal(look.text.p, "有一件跨域立案申请");
    assert_false(str_has(look.payload, "13800138000"));
    assert_false(str_has(look.payload, "跨域"));
}

static void test_what_cannot_be_right_is_refused_at_its_field(void **state)
{
    static const struct {
        const char *json;
        const char *field;
    } cases[] = {
        {"{}", "officer"},
        {"{\"officer\":\"  \",\"office_phone\":\"12368\"}", "officer"},
        {"{\"officer\":\"甲\"}", "office_phone"},
        {"{\"officer\":\"甲\",\"office_phone\":\"电话\"}", "office_phone"},
        {"{\"officer\":\"甲\",\"mobile\":\"010-12345678\"}", "mobile"},
        {"{\"officer\":\"甲\",\"office_phone\":\"12368\",\"backup_mobile\":\"138\"}",
         "backup_mobile"},
        {"{\"officer\":\"甲\\n乙\",\"office_phone\":\"12368\"}", "officer"},
    };
    struct town *town = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cx *cx = town_cx(town);
        struct value *said = NULL;
        struct contact_entry entry;
        assert_int_equal(json_read(cx, str_of(cases[i].json), &said), OK);
        assert_int_equal(contact_entry_read(cx, said, &entry), 1);
        assert_string_equal(value_get_str(value_item(cx->failure.errors, 0), "field").p,
                            cases[i].field);
    }
    struct cx *cx = town_cx(town);
    struct value *said = value_map(cx->arena);
    struct contact_entry entry;
    struct buf long_name;
    buf_init(&long_name, cx->arena, 4096);
    for (int i = 0; i < 101; i++) {
        buf_text(&long_name, "林");
    }
    value_set_str(cx->arena, said, "officer", buf_done(&long_name));
    value_set_text(cx->arena, said, "office_phone", "12368");
    assert_int_equal(contact_entry_read(cx, said, &entry), 1);
}

#define T(test) cmocka_unit_test_setup_teardown(test, town_setup, town_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_a_contact_is_found_with_its_mobile_sealed),
        T(test_every_change_is_kept_with_old_and_new),
        T(test_the_slower_of_two_changes_is_refused),
        T(test_two_people_make_it_unreachable_and_verifying_clears_that),
        T(test_it_is_stale_after_31_days_and_when_never_verified),
        T(test_a_message_goes_to_the_mobile_and_lies_sealed),
        T(test_what_cannot_be_right_is_refused_at_its_field),
    };
    return test_on_both_engines(tests);
}
