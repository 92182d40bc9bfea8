#include "law/tables_sample.h"

static void test_divisions_are_complete(void **state)
{
    (void)state;
    const struct law_tables *t = tables_real();
    int levels[4] = {0};
    for (int i = 0; i < t->division_count; i++) {
        const struct division *d = &t->divisions[i];
        levels[d->level] += 1;
        assert_true((d->level == 1) == (d->parent < 0));
        assert_true(d->parent < 0 || t->divisions[d->parent].level < d->level);
    }
    assert_int_equal(levels[1], 34);
    assert_int_equal(levels[2], 333);
    assert_int_equal(levels[3], 2976);
    assert_null(division_by_code(t, STR("110100"))); /* a virtual container */
    assert_string_equal(division_by_code(t, STR("441900"))->name.p, "东莞市");
}

static void test_full_names_leave_containers_out(void **state)
{
    (void)state;
    struct arena *arena = arena_open(1 << 16);
    const struct law_tables *t = tables_real();
    assert_string_equal(division_full_name(arena, t, STR("110105")).p, "北京市朝阳区");
    assert_string_equal(division_full_name(arena, t, STR("440307")).p, "广东省深圳市龙岗区");
    assert_string_equal(division_full_name(arena, t, STR("419001")).p, "河南省济源市");
    assert_string_equal(division_full_name(arena, t, STR("999999")).p, "");
    arena_close(arena);
}

static void assert_address(const char *address, const char *code)
{
    const struct division *d = division_of_address(tables_real(), str_of(address));
    if (code == NULL) {
        assert_null(d);
        return;
    }
    if (d == NULL || !str_is(d->code, code)) {
        print_error("%s gives %s\n", address, d == NULL ? "nothing" : d->name.p);
    }
    assert_non_null(d);
    assert_string_equal(d->code.p, code);
}

static void test_the_division_of_an_address(void **state)
{
    (void)state;
    assert_address("北京市朝阳区建国路1号", "110105");
    assert_address("北京朝阳区建国路1号", "110105");
    assert_address("广东省深圳市龙岗区龙翔大道8033号", "440307");
    assert_address("广东深圳龙岗区", "440307");
    assert_address("深圳市龙岗区", "440307");
    assert_address("江苏省如东县掘港镇", "320623"); /* the prefecture left out */
    assert_address("吉林省吉林市昌邑区", "220202");
    assert_address("吉林市昌邑区", "220202");
    assert_address("新疆维吾尔自治区石河子市北四路", "659001");
    assert_address("新疆乌鲁木齐市天山区", "650102");
    assert_address("内蒙古自治区呼和浩特市新城区", "150102");
    assert_address("重庆市万州区", "500101");
    assert_address("西藏那曲市双湖县", "540630");
}

static void test_an_address_goes_no_deeper_than_it_says(void **state)
{
    (void)state;
    assert_address("北京市朝阳路1号", "110000"); /* a road, not the district */
    assert_address("上海市南京西路", "310000");
    assert_address("朝阳区建国路1号", NULL); /* 北京 or 长春 */
    assert_address("鼓楼区", NULL);
    assert_address("中华路1号", NULL);
    assert_address("", NULL);
}

static void test_search_lists_provinces_then_children(void **state)
{
    (void)state;
    const struct law_tables *t = tables_real();
    int out[100];
    assert_int_equal(division_search(t, STR(""), STR(""), 0, out, 100), 34);
    assert_string_equal(t->divisions[out[0]].name.p, "北京市");
    assert_int_equal(division_search(t, STR(""), STR("110000"), 0, out, 100), 16);
    assert_int_equal(division_search(t, STR(""), STR("440300"), 0, out, 1), 1);
    assert_int_equal(division_search(t, STR(""), STR("999999"), 0, out, 100), 0);
}

static void test_search_finds_names_initials_codes(void **state)
{
    (void)state;
    const struct law_tables *t = tables_real();
    int out[100];
    assert_true(division_search(t, STR("朝阳"), STR(""), 0, out, 100) >= 4);
    assert_string_equal(t->divisions[out[0]].code.p, "211300"); /* the prefecture first */
    assert_int_equal(division_search(t, STR("朝阳"), STR("110000"), 0, out, 100), 1);
    assert_string_equal(t->divisions[out[0]].code.p, "110105");
    assert_true(division_search(t, STR("440307"), STR(""), 0, out, 100) >= 1);
    assert_string_equal(t->divisions[out[0]].name.p, "龙岗区");
    assert_true(division_search(t, STR("cqs"), STR(""), 0, out, 100) >= 1);
    assert_string_equal(t->divisions[out[0]].name.p, "重庆市");
    assert_true(division_search(t, STR("深圳龙岗"), STR(""), 0, out, 100) >= 1);
    assert_string_equal(t->divisions[out[0]].code.p, "440307");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_divisions_are_complete),
        cmocka_unit_test(test_full_names_leave_containers_out),
        cmocka_unit_test(test_the_division_of_an_address),
        cmocka_unit_test(test_an_address_goes_no_deeper_than_it_says),
        cmocka_unit_test(test_search_lists_provinces_then_children),
        cmocka_unit_test(test_search_finds_names_initials_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
