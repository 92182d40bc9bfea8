#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/json.h"
#include "base/test.h"
#include "base/yaml.h"
#include "flow/values.h"

/* Keys in a directory of their own, and a procedure of three elements: no store is needed. */
struct sealed_house {
    struct trial trial;
    char directory[64];
    struct house house;
    struct procedure procedure;
    struct matter matter;
};

static const char ELEMENTS[] =
    "- {element: parties, title: 当事人, type: list, fields: [\n"
    "   {name: name, title: 姓名, type: text, example: 林},\n"
    "   {name: identity, title: 证件, type: identity, example: 11010519491231002X},\n"
    "   {name: phone, title: 电话, type: phone, example: \"13800138000\"}]}\n"
    "- {element: payee, title: 收款, type: group, fields: [\n"
    "   {name: account, title: 账号, type: bank-account, example: \"6222021100012345671\"},\n"
    "   {name: bank, title: 银行, type: text, example: 某行}]}\n"
    "- {element: facts, title: 事实, type: long-text, example: 事实}\n";

static const char CLEAR[] =
    "{\"parties\":[{\"name\":\"林晓舟\",\"identity\":{\"type\":\"resident-id\",\"number\":"
    "\"11010519491231002X\"},\"phone\":\"13800138000\"},{\"name\":\"王某\",\"phone\":"
    "\"19912345678\"}],\"payee\":{\"account\":\"6222021100012345671\",\"bank\":\"某行\"},"
    "\"facts\":\"借款\"}";

static int setup(void **state)
{
    static struct sealed_house h;
    memset(&h, 0, sizeof h);
    trial_begin(&h.trial);
    struct cx *cx = &h.trial.cx;
    struct value *list = NULL;
    SealKey key;
    trial_directory(h.directory, sizeof h.directory, "values");
    assert_int_equal(keys_open(cx, h.directory, true, &h.house.keys), OK);
    assert_int_equal(seal_key_new(cx, h.house.keys, &key, &h.matter.wrapped_key), OK);
    assert_int_equal(yaml_read(cx, "elements", str_of(ELEMENTS), &list), OK);
    struct field *fields = arena_array(h.trial.arena, struct field, value_count(list));
    for (uint32_t i = 0; i < value_count(list); i++) {
        assert_int_equal(field_read(cx, "elements", value_item(list, i), &fields[i]), OK);
    }
    h.procedure.elements = fields;
    h.procedure.element_count = value_count(list);
    *state = &h;
    return 0;
}

static int teardown(void **state)
{
    struct sealed_house *h = *state;
    char command[128];
    keys_close(h->house.keys);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", h->directory);
    assert_int_equal(system(command), 0);
    trial_end(&h->trial);
    return 0;
}

static struct value *json(struct sealed_house *h, const char *text)
{
    struct value *v = NULL;
    cx_forgive(&h->trial.cx);
    if (json_read(&h->trial.cx, str_of(text), &v) != OK) {
        fail_msg("%s", h->trial.cx.failure.detail.p);
    }
    return v;
}

static const char *text_of(struct sealed_house *h, const struct value *v)
{
    return json_write(h->trial.arena, v).p;
}

static struct value *seal(struct sealed_house *h, const struct value *clear,
                          const struct value *old_clear, const struct value *old_sealed)
{
    struct value *sealed = NULL;
    cx_forgive(&h->trial.cx);
    assert_int_equal(values_seal(&h->trial.cx, &h->house, &h->procedure, &h->matter, clear,
                                 old_clear, old_sealed, &sealed),
                     OK);
    return sealed;
}

static enum status open_again(struct sealed_house *h, struct value *sealed, struct value **out)
{
    cx_forgive(&h->trial.cx);
    h->matter.values = sealed;
    return values_open(&h->trial.cx, &h->house, &h->procedure, &h->matter, out);
}

/* --- sealing --- */

static void test_what_is_sealed_opens_to_the_same(void **state)
{
    struct sealed_house *h = *state;
    struct value *clear = json(h, CLEAR);
    struct value *sealed = seal(h, clear, NULL, NULL);
    struct value *opened = NULL;
    assert_int_equal(open_again(h, sealed, &opened), OK);
    assert_true(value_same(opened, clear));
}

static void test_nothing_sensitive_is_left_in_what_is_stored(void **state)
{
    struct sealed_house *h = *state;
    const char *stored = text_of(h, seal(h, json(h, CLEAR), NULL, NULL));
    assert_null(strstr(stored, "11010519491231002X"));
    assert_null(strstr(stored, "13800138000"));
    assert_null(strstr(stored, "19912345678"));
    assert_null(strstr(stored, "6222021100012345671"));
    assert_non_null(strstr(stored, "林晓舟")); /* names are searched for */
    assert_non_null(strstr(stored, "resident-id"));
    assert_non_null(strstr(stored, "借款"));
}

static void test_the_same_number_is_sealed_differently_each_time(void **state)
{
    struct sealed_house *h = *state;
    const char *one = text_of(h, seal(h, json(h, CLEAR), NULL, NULL));
    const char *other = text_of(h, seal(h, json(h, CLEAR), NULL, NULL));
    assert_string_not_equal(one, other);
}

static void test_groups_that_did_not_change_stay_byte_for_byte(void **state)
{
    struct sealed_house *h = *state;
    struct value *clear = json(h, CLEAR);
    struct value *sealed = seal(h, clear, NULL, NULL);
    struct value *changed = value_copy(h->trial.arena, clear);
    value_set_text(h->trial.arena, changed, "facts", "借款与利息");
    struct value *again = seal(h, changed, clear, sealed);
    assert_true(value_same(value_get(again, "parties"), value_get(sealed, "parties")));
    assert_true(value_same(value_get(again, "payee"), value_get(sealed, "payee")));
    assert_string_equal(value_get_str(again, "facts").p, "借款与利息");
    struct value *payee = json(h, "{\"account\":\"4111111111111111\",\"bank\":\"某行\"}");
    value_set(h->trial.arena, changed, "payee", payee);
    struct value *third = seal(h, changed, clear, sealed);
    assert_false(value_same(value_get(third, "payee"), value_get(sealed, "payee")));
    assert_true(value_same(value_get(third, "parties"), value_get(sealed, "parties")));
}

static void test_a_row_of_a_list_may_move_and_still_opens(void **state)
{
    struct sealed_house *h = *state;
    struct value *sealed = seal(h, json(h, CLEAR), NULL, NULL);
    const struct value *parties = value_get(sealed, "parties");
    struct value *turned = value_list(h->trial.arena);
    struct value *opened = NULL;
    value_add(h->trial.arena, turned, value_item(parties, 1));
    value_add(h->trial.arena, turned, value_item(parties, 0));
    value_set(h->trial.arena, sealed, "parties", turned);
    assert_int_equal(open_again(h, sealed, &opened), OK);
    assert_string_equal(value_as_str(value_at(opened, "parties.1.identity.number")).p,
                        "11010519491231002X");
}

static void test_a_stored_number_that_was_tampered_with_does_not_open(void **state)
{
    struct sealed_house *h = *state;
    struct value *sealed = seal(h, json(h, CLEAR), NULL, NULL);
    struct value *opened = NULL;
    Str account = value_as_str(value_at(sealed, "payee.account"));
    char *bytes = arena_copy(h->trial.arena, account.p, account.n);
    bytes[account.n - 3] = bytes[account.n - 3] == 'A' ? 'B' : 'A';
    struct value *payee = value_map(h->trial.arena);
    value_set_text(h->trial.arena, payee, "account", bytes);
    value_set(h->trial.arena, sealed, "payee", payee);
    assert_int_equal(open_again(h, sealed, &opened), E_STORE);
    assert_string_equal(h->trial.cx.failure.code, "seal-broken");
}

static void test_a_number_copied_to_another_field_does_not_open(void **state)
{
    struct sealed_house *h = *state;
    struct value *sealed = seal(h, json(h, CLEAR), NULL, NULL);
    struct value *opened = NULL;
    struct value *payee = value_map(h->trial.arena);
    value_set(h->trial.arena, payee, "account", value_at(sealed, "parties.0.phone"));
    value_set(h->trial.arena, sealed, "payee", payee);
    assert_int_equal(open_again(h, sealed, &opened), E_STORE);
}

static void test_the_key_of_another_matter_opens_nothing(void **state)
{
    struct sealed_house *h = *state;
    struct value *sealed = seal(h, json(h, CLEAR), NULL, NULL);
    struct value *opened = NULL;
    SealKey key;
    assert_int_equal(seal_key_new(&h->trial.cx, h->house.keys, &key, &h->matter.wrapped_key), OK);
    assert_int_equal(open_again(h, sealed, &opened), E_STORE);
}

/* --- masks --- */

static void test_others_see_masks(void **state)
{
    struct sealed_house *h = *state;
    struct value *masked = values_mask(&h->trial.cx, &h->procedure, json(h, CLEAR));
    assert_string_equal(value_as_str(value_at(masked, "parties.0.identity.number")).p,
                        "110105********002X");
    assert_string_equal(value_as_str(value_at(masked, "parties.0.identity.type")).p, "resident-id");
    assert_string_equal(value_as_str(value_at(masked, "parties.0.phone")).p, "138****8000");
    assert_string_equal(value_as_str(value_at(masked, "parties.0.name")).p, "林晓舟");
    assert_null(strstr(text_of(h, masked), "62220211000"));
}

static void test_a_mask_sent_back_means_unchanged(void **state)
{
    struct sealed_house *h = *state;
    struct value *clear = json(h, CLEAR);
    struct value *masked = values_mask(&h->trial.cx, &h->procedure, clear);
    struct value *meant = values_unmask(&h->trial.cx, &h->procedure, masked, clear);
    assert_true(value_same(meant, clear));
}

static void test_a_mask_that_stands_for_nothing_is_taken_as_typed(void **state)
{
    struct sealed_house *h = *state;
    struct value *clear = json(h, CLEAR);
    struct value *said = json(h, "{\"parties\":[{\"phone\":\"139****8000\"},{\"phone\":"
                                 "\"138****8000\"},{\"phone\":\"138****8000\"}]}");
    struct value *meant = values_unmask(&h->trial.cx, &h->procedure, said, clear);
    assert_string_equal(text_of(h, meant), text_of(h, said)); /* each at a place of its own */
    said = json(h, "{\"parties\":[{\"phone\":\"19912345678\"}]}");
    meant = values_unmask(&h->trial.cx, &h->procedure, said, clear);
    assert_string_equal(value_as_str(value_at(meant, "parties.0.phone")).p, "19912345678");
}

/* --- merging, differences --- */

static void test_groups_merge_by_field_and_lists_are_replaced(void **state)
{
    struct sealed_house *h = *state;
    struct value *merged = values_merge(
        h->trial.arena, json(h, "{\"g\":{\"a\":1,\"b\":2},\"l\":[1,2,3],\"t\":\"x\",\"u\":1}"),
        json(h, "{\"g\":{\"b\":3,\"c\":4},\"l\":[9],\"t\":\"y\",\"u\":null,\"n\":5}"));
    assert_true(value_same(
        merged, json(h, "{\"g\":{\"a\":1,\"b\":3,\"c\":4},\"l\":[9],\"t\":\"y\",\"n\":5}")));
    merged = values_merge(h->trial.arena, json(h, "{\"g\":{\"a\":1}}"), json(h, "{\"g\":[1]}"));
    assert_true(value_same(merged, json(h, "{\"g\":[1]}")));
    merged = values_merge(h->trial.arena, NULL, json(h, "{\"a\":1}"));
    assert_true(value_same(merged, json(h, "{\"a\":1}")));
}

static void test_a_null_in_a_group_removes_its_field(void **state)
{
    struct sealed_house *h = *state;
    struct value *merged = values_merge(h->trial.arena, json(h, "{\"g\":{\"a\":1,\"b\":2}}"),
                                        json(h, "{\"g\":{\"a\":null}}"));
    assert_true(value_same(merged, json(h, "{\"g\":{\"b\":2}}")));
}

static void test_differences_are_named_by_path_with_both_sides(void **state)
{
    struct sealed_house *h = *state;
    struct value *list = value_list(h->trial.arena);
    values_diff(h->trial.arena, STR("claim"), json(h, "{\"a\":1,\"b\":2,\"d\":[1]}"),
                json(h, "{\"a\":1,\"b\":3,\"c\":4,\"d\":[1,2]}"), list);
    assert_string_equal(text_of(h, list),
                        "[{\"field\":\"claim.b\",\"yours\":2,\"theirs\":3},"
                        "{\"field\":\"claim.c\",\"yours\":null,\"theirs\":4},"
                        "{\"field\":\"claim.d\",\"yours\":[1],\"theirs\":[1,2]}]");
    list = value_list(h->trial.arena);
    values_diff(h->trial.arena, STR("x"), json(h, "{\"a\":1}"), json(h, "{}"), list);
    assert_string_equal(text_of(h, list), "[{\"field\":\"x.a\",\"yours\":1,\"theirs\":null}]");
    list = value_list(h->trial.arena);
    values_diff(h->trial.arena, STR("x"), json(h, "\"甲\""), json(h, "\"甲\""), list);
    assert_int_equal(value_count(list), 0);
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(test_what_is_sealed_opens_to_the_same),
        test(test_nothing_sensitive_is_left_in_what_is_stored),
        test(test_the_same_number_is_sealed_differently_each_time),
        test(test_groups_that_did_not_change_stay_byte_for_byte),
        test(test_a_row_of_a_list_may_move_and_still_opens),
        test(test_a_stored_number_that_was_tampered_with_does_not_open),
        test(test_a_number_copied_to_another_field_does_not_open),
        test(test_the_key_of_another_matter_opens_nothing),
        test(test_others_see_masks),
        test(test_a_mask_sent_back_means_unchanged),
        test(test_a_mask_that_stands_for_nothing_is_taken_as_typed),
        test(test_groups_merge_by_field_and_lists_are_replaced),
        test(test_a_null_in_a_group_removes_its_field),
        test(test_differences_are_named_by_path_with_both_sides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
