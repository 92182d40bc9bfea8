#include "law/tables_sample.h"

enum { HITS_MAX = 200 };

static const struct court *hit(Str q, int n)
{
    int out[HITS_MAX];
    int count = court_search(tables_real(), q, -1, STR(""), 0, out, HITS_MAX);
    return n < count ? &tables_real()->courts[out[n]] : NULL;
}

static void assert_first(const char *q, const char *code)
{
    const struct court *court = hit(str_of(q), 0);
    if (court == NULL || !str_is(court->code, code)) {
        print_error("%s finds %s first, not %s\n", q, court == NULL ? "nothing" : court->name.p,
                    code);
    }
    assert_non_null(court);
    assert_string_equal(court->code.p, code);
}

static bool is_found(const char *q, const char *code)
{
    int out[HITS_MAX];
    int count = court_search(tables_real(), str_of(q), -1, STR(""), 0, out, HITS_MAX);
    for (int i = 0; i < count; i++) {
        if (str_is(tables_real()->courts[out[i]].code, code)) {
            return true;
        }
    }
    return false;
}

static void test_the_directory_is_complete(void **state)
{
    (void)state;
    const struct law_tables *t = tables_real();
    int levels[5] = {0};
    int ours = 0;
    int generated = 0;
    for (int i = 0; i < t->court_count; i++) {
        const struct court *c = &t->courts[i];
        levels[c->level] += 1;
        ours += !c->published && c->level != COURT_TRIBUNAL;
        generated += c->generated;
        assert_true((c->level == COURT_SUPREME) == (court_parent(t, c) == NULL));
        assert_true(i == 0 || str_compare(t->courts[i - 1].code, c->code) < 0);
        assert_true(c->initials.n > 0);
    }
    assert_int_equal(levels[COURT_SUPREME], 1);
    assert_int_equal(levels[COURT_HIGH], 33);
    assert_int_equal(levels[COURT_INTERMEDIATE], 413);
    assert_int_equal(levels[COURT_BASIC], 3057);
    assert_int_equal(levels[COURT_TRIBUNAL], 10887);
    assert_int_equal(generated, 10887);
    assert_int_equal(ours, 215);
}

static void test_every_parent_chain_ends_at_the_supreme_court(void **state)
{
    (void)state;
    const struct law_tables *t = tables_real();
    for (int i = 0; i < t->court_count; i++) {
        const struct court *c = &t->courts[i];
        int steps = 0;
        while (court_parent(t, c) != NULL) {
            assert_true(court_parent(t, c)->level < c->level);
            c = court_parent(t, c);
            steps += 1;
        }
        assert_true(steps <= 4);
        assert_string_equal(c->code.p, "最高法");
    }
}

static void test_chaoyang_is_as_the_contract_says(void **state)
{
    (void)state;
    const struct law_tables *t = tables_real();
    const struct court *c = court_by_code(t, STR("京0105"));
    assert_non_null(c);
    assert_string_equal(c->name.p, "北京市朝阳区人民法院");
    assert_string_equal(court_level_name(c->level), "基层");
    assert_string_equal(court_kind_name(c->kind), "general");
    assert_string_equal(court_parent(t, c)->code.p, "京03");
    assert_string_equal(c->division.p, "110105");
    assert_true(c->published);
    assert_ptr_equal(court_by_name(t, STR("北京市朝阳区人民法院")), c);
    struct arena *arena = arena_open(1 << 16);
    assert_string_equal(court_province(arena, c).p, "京");
    assert_string_equal(court_province(arena, court_by_code(t, STR("最高法"))).p, "");
    assert_string_equal(court_province(arena, court_by_code(t, STR("兵X001"))).p, "兵");
    assert_string_equal(court_province_name(t, STR("京")).p, "北京市");
    assert_string_equal(court_province_name(t, STR("")).p, "最高人民法院");
    assert_string_equal(court_province_name(t, STR("兵")).p, "新疆生产建设兵团");
    assert_string_equal(court_province_name(t, STR("甲")).p, "甲");
    arena_close(arena);
}

static void test_unknown_courts_are_null(void **state)
{
    (void)state;
    const struct law_tables *t = tables_real();
    assert_null(court_by_code(t, STR("京9999")));
    assert_null(court_by_code(t, STR("")));
    assert_null(court_by_name(t, STR("北京市朝阳区人民")));
    enum court_level level = COURT_BASIC;
    assert_false(court_level_parse(STR("初级"), &level));
    assert_true(court_level_parse(STR("人民法庭"), &level));
    assert_int_equal(level, COURT_TRIBUNAL);
}

static void test_courts_without_a_published_code_have_ours(void **state)
{
    (void)state;
    const struct law_tables *t = tables_real();
    const struct court *c = court_by_name(t, STR("新疆生产建设兵团第一师中级人民法院"));
    assert_non_null(c);
    assert_string_equal(c->code.p, "兵X001");
    assert_string_equal(c->code_basis, "ours");
    assert_false(c->published);
    const struct court *tribunal = court_by_code(t, STR("京0105-01"));
    assert_non_null(tribunal);
    assert_true(tribunal->generated);
    assert_string_equal(court_parent(t, tribunal)->code.p, "京0105");
    /* Mended: the raw list took it for a forest court. */
    assert_string_equal(court_by_name(t, STR("西安市碑林区人民法院"))->code.p, "陕0103");
    assert_int_equal(court_by_code(t, STR("军X001"))->kind, COURT_MILITARY);
}

static void test_search_by_name_place_and_code(void **state)
{
    (void)state;
    assert_first("朝阳", "京0105");
    assert_first("朝阳区", "京0105");
    assert_first("朝 阳　区", "京0105");
    assert_first("北京市朝阳区", "京0105");
    assert_first("北京市朝阳区人民法院", "京0105");
    assert_first("龙岗", "粤0307");
    assert_first("双湖县", "藏0630");
    assert_first("双湖", "藏0630");
    assert_first("京0105", "京0105");
    assert_first("粤03", "粤03");
    assert_first("110105", "京0105");
    assert_first("京０１０５", "京0105");
    assert_first("兵x001", "兵X001");
    assert_first("最高", "最高法");
    assert_first("广东省深圳市龙岗区", "粤0307");
    assert_true(is_found("朝阳", "辽13"));
    assert_true(is_found("朝阳", "吉0104"));
}

static void test_search_by_initials(void **state)
{
    (void)state;
    assert_first("cyq", "京0105");
    assert_first("CYQ", "京0105");
    assert_first("bjscyq", "京0105");
    assert_first("bjscyqrmfy", "京0105");
    assert_first("szslg", "粤0307");
    assert_true(is_found("lgq", "粤0307"));
    assert_true(is_found("cqs", "渝"));
    assert_true(is_found("css", "湘01"));
    assert_true(is_found("sx", "鲁1722")); /* 单县 is not dx */
    assert_false(is_found("dxrmfy", "鲁1722"));
    assert_true(is_found("zdq", "鄂1303")); /* 曾都区 */
    assert_true(is_found("las", "皖15"));
    assert_true(is_found("bbs", "皖03"));
    assert_true(is_found("yqs", "浙0382"));
}

static void test_search_by_initials_of_what_people_say(void **state)
{
    (void)state;
    assert_first("bjcy", "京0105");
    assert_first("cyfy", "京0105");
    assert_first("cyqfy", "京0105");
    assert_first("bjcyfy", "京0105");
    assert_first("szlg", "粤0307");
    assert_first("gdszlg", "粤0307");
    assert_first("szlgqrmfy", "粤0307");
    assert_true(is_found("szzy", "粤03")); /* and 朔州, 苏州 */
    assert_first("bjgy", "京");
    assert_true(is_found("cyfy", "吉0104"));
    assert_true(is_found("pdfy", "沪0115"));
    assert_false(is_found("bjcyzy", "京0105"));
}

static void test_search_by_the_short_form_in_use(void **state)
{
    (void)state;
    assert_first("朝阳法院", "京0105");
    assert_first("北京朝阳法院", "京0105");
    assert_first("深圳中院", "粤03");
    assert_first("北京一中院", "京01");
    assert_first("江苏高院", "苏");
    assert_first("最高院", "最高法");
    assert_first("广东龙岗", "粤0307");
}

static void test_search_finds_nothing_for_nonsense(void **state)
{
    (void)state;
    assert_null(hit(STR("鑫鑫鑫"), 0));
    assert_null(hit(STR("zzzzzzzz"), 0));
    assert_null(hit(STR("京0105;drop"), 0));
    assert_null(hit(STR("\xFF\xFE"), 0));
    char long_q[300];
    for (size_t i = 0; i < sizeof long_q; i++) {
        long_q[i] = 'a';
    }
    assert_null(hit((Str){long_q, sizeof long_q}, 0));
}

static void test_search_filters_and_pages(void **state)
{
    (void)state;
    const struct law_tables *t = tables_real();
    int out[HITS_MAX];
    int all = court_search(t, STR("朝阳"), COURT_BASIC, STR(""), 0, out, HITS_MAX);
    assert_true(all >= 5);
    for (int i = 0; i < all; i++) {
        assert_int_equal(t->courts[out[i]].level, COURT_BASIC);
    }
    int second[2];
    assert_int_equal(court_search(t, STR("朝阳"), COURT_BASIC, STR(""), 1, second, 2), 2);
    assert_int_equal(second[0], out[1]);
    assert_int_equal(second[1], out[2]);
    assert_int_equal(court_search(t, STR("朝阳"), COURT_BASIC, STR(""), all, out, HITS_MAX), 0);
    assert_int_equal(court_search(t, STR("朝阳"), COURT_BASIC, STR("京"), 0, out, HITS_MAX), 1);
    assert_string_equal(t->courts[out[0]].code.p, "京0105");
    assert_int_equal(court_search(t, STR("朝阳"), -1, STR("不存在"), 0, out, HITS_MAX), 0);
}

static void test_without_q_children_are_listed(void **state)
{
    (void)state;
    const struct law_tables *t = tables_real();
    int out[HITS_MAX];
    int count = court_search(t, STR(" "), -1, STR("京0105"), 0, out, HITS_MAX);
    assert_int_equal(count, 3);
    assert_string_equal(t->courts[out[0]].code.p, "京0105-01");
    count = court_search(t, STR(""), -1, STR("京"), 0, out, HITS_MAX);
    assert_string_equal(t->courts[out[0]].code.p, "京01");
    count = court_search(t, STR(""), COURT_HIGH, STR(""), 0, out, HITS_MAX);
    assert_int_equal(count, 33);
    assert_string_equal(t->courts[out[0]].code.p, "京");
    count = court_search(t, STR(""), -1, STR(""), 0, out, 2);
    assert_int_equal(count, 2);
    assert_string_equal(t->courts[out[0]].code.p, "最高法");
}

static void assert_serves(const char *division, enum court_level level, const char *code)
{
    const struct court *court = court_of_division(tables_real(), str_of(division), level);
    if (code == NULL) {
        assert_null(court);
        return;
    }
    if (court == NULL) {
        print_error("no court for %s\n", division);
    }
    assert_non_null(court);
    assert_string_equal(court->code.p, code);
}

static void test_the_court_of_a_division(void **state)
{
    (void)state;
    assert_serves("110105", COURT_BASIC, "京0105");
    assert_serves("110105", COURT_INTERMEDIATE, "京03"); /* no prefecture stands between */
    assert_serves("110105", COURT_HIGH, "京");
    assert_serves("440307", COURT_BASIC, "粤0307");
    assert_serves("440307", COURT_INTERMEDIATE, "粤03");
    assert_serves("440300", COURT_BASIC, NULL); /* many */
    assert_serves("440300", COURT_INTERMEDIATE, "粤03");
    assert_serves("460202", COURT_BASIC, "琼0271"); /* one court for all of 三亚 */
    assert_serves("441900", COURT_BASIC, NULL);     /* three */
    assert_serves("441900", COURT_INTERMEDIATE, "粤19");
    assert_serves("659001", COURT_HIGH, "兵");
    assert_serves("350527", COURT_BASIC, NULL); /* 金门 */
    assert_serves("000000", COURT_BASIC, NULL);
    assert_serves("110105", COURT_SUPREME, "最高法");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_directory_is_complete),
        cmocka_unit_test(test_every_parent_chain_ends_at_the_supreme_court),
        cmocka_unit_test(test_chaoyang_is_as_the_contract_says),
        cmocka_unit_test(test_unknown_courts_are_null),
        cmocka_unit_test(test_courts_without_a_published_code_have_ours),
        cmocka_unit_test(test_search_by_name_place_and_code),
        cmocka_unit_test(test_search_by_initials),
        cmocka_unit_test(test_search_by_initials_of_what_people_say),
        cmocka_unit_test(test_search_by_the_short_form_in_use),
        cmocka_unit_test(test_search_finds_nothing_for_nonsense),
        cmocka_unit_test(test_search_filters_and_pages),
        cmocka_unit_test(test_without_q_children_are_listed),
        cmocka_unit_test(test_the_court_of_a_division),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
