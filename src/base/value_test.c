#include <string.h>

#include "base/json.h"
#include "base/test.h"
#include "base/value.h"

static struct value *of(struct trial *t, const char *json)
{
    struct value *v = NULL;
    if (json_read(&t->cx, str_of(json), &v) != OK) {
        fail_msg("%s: %s", json, t->cx.failure.detail.p);
    }
    return v;
}

static void is(struct trial *t, const struct value *v, const char *json)
{
    assert_string_equal(json_write(t->arena, v).p, json);
}

static void test_a_map_keeps_order_and_holds_a_key_once(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *map = value_map(t.arena);
    value_set_int(t.arena, map, "b", 1);
    value_set_text(t.arena, map, "a", "诉");
    value_set_bool(t.arena, map, "b", true);
    value_set_text(t.arena, map, "c", NULL);
    value_set(t.arena, map, "d", NULL);
    value_set_str(t.arena, map, "e", STR("x"));
    is(&t, map, "{\"b\":true,\"a\":\"诉\",\"c\":null,\"d\":null,\"e\":\"x\"}");
    value_remove(map, "a");
    value_remove(map, "never");
    is(&t, map, "{\"b\":true,\"c\":null,\"d\":null,\"e\":\"x\"}");
    value_remove(map, "e");
    value_remove(map, "b");
    is(&t, map, "{\"c\":null,\"d\":null}");
    trial_end(&t);
}

static void test_lists_and_maps_grow(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *list = value_list(t.arena);
    struct value *map = value_map(t.arena);
    for (int i = 0; i < 500; i++) {
        value_add(t.arena, list, value_int(t.arena, i));
        value_set_int(t.arena, map, str_printf(t.arena, "k%d", i).p, i);
    }
    assert_int_equal(value_count(list), 500);
    assert_int_equal(value_as_int(value_item(list, 499)), 499);
    assert_int_equal(value_count(map), 500);
    assert_int_equal(value_get_int(map, "k0"), 0);
    assert_int_equal(value_get_int(map, "k499"), 499);
    trial_end(&t);
}

static void test_reading_what_is_absent_gives_nothing(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct value *v = of(&t, "{\"a\":[1,{\"b\":\"x\"}],\"n\":5,\"no\":false}");
    assert_null(value_get(NULL, "a"));
    assert_null(value_get(v, "z"));
    assert_null(value_get(value_get(v, "a"), "a")); /* a list is no map */
    assert_null(value_item(v, 0));
    assert_null(value_item(value_get(v, "a"), 2));
    assert_int_equal(value_get_str(v, "n").n, 0); /* another kind is absent too */
    assert_int_equal(value_get_int(v, "a"), 0);
    assert_false(value_get_bool(v, "n"));
    assert_false(value_get_bool(v, "no"));
    assert_int_equal(value_count(value_get(v, "n")), 0);
    assert_int_equal(value_count(NULL), 0);
    assert_string_equal(value_as_str(NULL).p, "");
    assert_true(value_is_null(NULL));
    assert_false(value_is_map(NULL) || value_is_list(NULL) || value_is_text(NULL));
    trial_end(&t);
}

static void test_paths_reach_into_lists_and_maps(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct value *v = of(&t, "{\"a\":[1,{\"b\":\"x\"}],\"7\":\"seven\",\"m\":{\"0\":2}}");
    assert_string_equal(value_as_str(value_at(v, "a.1.b")).p, "x");
    assert_int_equal(value_as_int(value_at(v, "a.0")), 1);
    assert_string_equal(value_as_str(value_at(v, "7")).p, "seven");
    assert_int_equal(value_as_int(value_at(v, "m.0")), 2);
    static const char *const absent[] = {"",      "a.",   ".a",   "a..b",
                                         "a.2",   "a.-1", "a.x",  "a.1.b.c",
                                         "a.01x", "z.a",  "a. 1", "a.99999999999"};
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        if (value_at(v, absent[i]) != NULL) {
            fail_msg("found: %s", absent[i]);
        }
    }
    assert_null(value_at(NULL, "a"));
    trial_end(&t);
}

static void test_put_makes_maps_and_lists_on_the_way(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *root = value_map(t.arena);
    const struct value *x = value_text(t.arena, "x");
    assert_true(value_put_at(t.arena, root, STR("parties.0.name"), x));
    assert_true(value_put_at(t.arena, root, STR("parties.0.identity.number"), x));
    assert_true(value_put_at(t.arena, root, STR("parties.1.name"), x));
    assert_true(value_put_at(t.arena, root, STR("tags.0"), x));
    assert_true(value_put_at(t.arena, root, STR("tags.0"), value_int(t.arena, 7)));
    assert_true(value_put_at(t.arena, root, STR("table.0.0"), x));
    is(&t, root,
       "{\"parties\":[{\"name\":\"x\",\"identity\":{\"number\":\"x\"}},{\"name\":\"x\"}],"
       "\"tags\":[7],\"table\":[[\"x\"]]}");
    trial_end(&t);
}

static void test_put_fills_what_is_null(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *root = of(&t, "{\"a\":null,\"l\":[null]}");
    assert_true(value_put_at(t.arena, root, STR("a.b"), value_int(t.arena, 1)));
    assert_true(value_put_at(t.arena, root, STR("l.0.c"), value_int(t.arena, 2)));
    is(&t, root, "{\"a\":{\"b\":1},\"l\":[{\"c\":2}]}");
    trial_end(&t);
}

static void test_put_refuses_gaps_and_wrong_turns(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct value *x = value_text(t.arena, "x");
    static const char *const refused[] = {
        "",
        ".",
        "a.",
        ".a",
        "text.b",
        "n.0",
        "list.2",
        "list.x",
        "list.-1",
        "list.0.y",
        "list.10001",
        "list.99999999999",
        "list.1x",
        "fresh.1",
        "fresh2.0.1",
        "fresh3.10001",
        "fresh4.99999999999.x",
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct value *root = of(&t, "{\"text\":\"t\",\"n\":1,\"list\":[\"p\"]}");
        if (value_put_at(t.arena, root, str_of(refused[i]), x)) {
            fail_msg("put at: %s", refused[i]);
        }
        assert_string_equal(value_get_str(root, "text").p, "t");
        assert_int_equal(value_count(value_get(root, "list")), 1);
    }
    trial_end(&t);
}

static void test_put_is_bounded_in_depth_and_length(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct value *x = value_text(t.arena, "x");
    struct buf path;
    buf_init(&path, t.arena, 1 << 20);
    buf_text(&path, "a");
    for (int i = 1; i < VALUE_DEPTH_MAX; i++) {
        buf_text(&path, ".a");
    }
    struct value *root = value_map(t.arena);
    assert_true(value_put_at(t.arena, root, (Str){path.p, path.n}, x));
    buf_text(&path, ".a");
    root = value_map(t.arena);
    assert_false(value_put_at(t.arena, root, buf_done(&path), x));
    struct value *list = value_list(t.arena);
    for (int i = 0; i < 10001; i++) {
        assert_true(value_put_at(t.arena, list, str_printf(t.arena, "%d", i), x));
    }
    assert_false(value_put_at(t.arena, list, STR("10001"), x));
    trial_end(&t);
}

static void merges(const char *under, const char *over, const char *to)
{
    struct trial t;
    trial_begin(&t);
    const struct value *u = of(&t, under);
    const struct value *o = of(&t, over);
    is(&t, value_merge(t.arena, u, o), to);
    is(&t, u, under); /* neither is changed */
    is(&t, o, over);
    trial_end(&t);
}

static void test_merging_goes_by_key_and_replaces_lists(void **state)
{
    (void)state;
    merges("{}", "{}", "{}");
    merges("{\"a\":1}", "{\"b\":2}", "{\"a\":1,\"b\":2}");
    merges("{\"a\":{\"x\":1,\"y\":2}}", "{\"a\":{\"y\":3,\"z\":4}}",
           "{\"a\":{\"x\":1,\"y\":3,\"z\":4}}");
    merges("{\"a\":[1,2,3]}", "{\"a\":[4]}", "{\"a\":[4]}");
    merges("{\"a\":{\"x\":1}}", "{\"a\":7}", "{\"a\":7}");
    merges("{\"a\":7}", "{\"a\":{\"x\":1}}", "{\"a\":{\"x\":1}}");
    merges("{\"a\":1}", "{\"a\":\"\"}", "{\"a\":\"\"}");
}

static void test_merging_null_removes(void **state)
{
    (void)state;
    merges("{\"a\":1,\"b\":2}", "{\"a\":null}", "{\"b\":2}");
    merges("{\"a\":{\"x\":1,\"y\":2}}", "{\"a\":{\"x\":null}}", "{\"a\":{\"y\":2}}");
    merges("{}", "{\"a\":{\"x\":null,\"y\":1}}", "{\"a\":{\"y\":1}}");
    merges("{}", "{\"never\":null}", "{}");
    merges("{\"a\":[null,1]}", "{}",
           "{\"a\":[null,1]}"); /* only members over others are removals */
}

static void test_sameness_regards_lists_but_not_maps_in_order(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);

    static const struct {
        const char *a;
        const char *b;
        bool same;
    } rows[] = {
        {"{\"a\":1,\"b\":[1,2]}", "{\"b\":[1,2],\"a\":1}", true},
        {"[1,2]", "[2,1]", false},
        {"[1]", "[1,1]", false},
        {"{\"a\":1}", "{\"b\":1}", false},
        {"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
        {"{\"a\":null}", "{\"b\":null}", false},
        {"1", "\"1\"", false},
        {"1", "true", false},
        {"1", "1.0", false},
        {"null", "null", true},
        {"null", "false", false},
        {"\"诉\"", "\"\\u8bc9\"", true},
        {"{}", "[]", false},
        {"1.5", "1.5", true},
        {"\"a\"", "\"A\"", false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct value *a = of(&t, rows[i].a);
        const struct value *b = of(&t, rows[i].b);
        if (value_same(a, b) != rows[i].same || value_same(b, a) != rows[i].same) {
            fail_msg("%s and %s", rows[i].a, rows[i].b);
        }
        assert_true(value_same(a, value_copy(t.arena, a)));
    }
    assert_true(value_same(NULL, value_null(t.arena)));
    assert_false(value_same(NULL, of(&t, "0")));
    trial_end(&t);
}

static void test_emptiness_looks_inside(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    static const char *const empty[] = {
        "null", "\"\"", "[]", "{}", "[null,\"\",{\"a\":[]}]", "{\"a\":{\"b\":\"\"}}"};
    static const char *const full[] = {"0",   "false",     "\" \"", "[0]", "{\"a\":{\"b\":false}}",
                                       "1.5", "[[],\"x\"]"};
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
        if (!value_is_empty(of(&t, empty[i]))) {
            fail_msg("not empty: %s", empty[i]);
        }
    }
    for (size_t i = 0; i < sizeof full / sizeof full[0]; i++) {
        if (value_is_empty(of(&t, full[i]))) {
            fail_msg("empty: %s", full[i]);
        }
    }
    assert_true(value_is_empty(NULL));
    trial_end(&t);
}

static void test_a_copy_outlives_its_origin(void **state)
{
    (void)state;
    struct trial t;
    struct trial origin;
    trial_begin(&t);
    trial_begin(&origin);
    const char *json = "{\"a\":[1,{\"b\":\"诉\"},null,true,1.5]}";
    struct value *v = of(&origin, json);
    v->line = 12;
    struct value *copy = value_copy(t.arena, v);
    trial_end(&origin);
    is(&t, copy, json);
    assert_int_equal(copy->line, 12);
    assert_true(value_is_null(value_copy(t.arena, NULL)));
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_map_keeps_order_and_holds_a_key_once),
        cmocka_unit_test(test_lists_and_maps_grow),
        cmocka_unit_test(test_reading_what_is_absent_gives_nothing),
        cmocka_unit_test(test_paths_reach_into_lists_and_maps),
        cmocka_unit_test(test_put_makes_maps_and_lists_on_the_way),
        cmocka_unit_test(test_put_fills_what_is_null),
        cmocka_unit_test(test_put_refuses_gaps_and_wrong_turns),
        cmocka_unit_test(test_put_is_bounded_in_depth_and_length),
        cmocka_unit_test(test_merging_goes_by_key_and_replaces_lists),
        cmocka_unit_test(test_merging_null_removes),
        cmocka_unit_test(test_sameness_regards_lists_but_not_maps_in_order),
        cmocka_unit_test(test_emptiness_looks_inside),
        cmocka_unit_test(test_a_copy_outlives_its_origin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
