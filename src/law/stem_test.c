/* Places as people say them. */
#include "base/test.h"
#include "law/stem.h"

static void test_a_stem_is_a_name_without_its_kind(void **state)
{
    (void)state;

    static const struct {
        const char *name, *letters;
        size_t size;
    } rows[] = {{"朝阳区", "cyq", 2},       {"北京市", "bjs", 2},
                {"浦东新区", "pdxq", 2},    {"广西壮族自治区", "gxzzzzq", 4},
                {"单县", "sx", 2},          {"香港特别行政区", "xgtbxzq", 2},
                {"神农架林区", "snjlq", 4}, {"市中区", "szq", 2},
                {"某㐂区", "mq", 2}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stem stem = stem_of(str_of(rows[i].name), str_of(rows[i].letters));
        assert_string_equal(stem.letters.p, rows[i].letters);
        if (stem.size != rows[i].size) {
            fail_msg("%s has a stem of %zu", rows[i].name, stem.size);
        }
    }
}

static void test_a_place_is_said_in_many_ways(void **state)
{
    (void)state;
    static const struct stem stems[] = {
        {{"gds", 3}, 2},
        {{"szs", 3}, 2},
        {{"lgq", 3}, 2},
    };
    static const char *const endings[] = {"fy", "rmfy", NULL};
    static const struct stem_place place = {stems, 3, endings};
    static const char *const said[] = {"lg",     "lgq",    "szlg",    "gdlg",
                                       "gdszlg", "szslgq", "gdszslg", "lgfy",
                                       "lgqfy",  "szlgfy", "lgqrmfy", "gdsszslgqrmfy"};
    static const char *const other[] = {"",     "l",    "sz",     "gdsz",    "fy",
                                        "lgsz", "lgzy", "szlgq1", "szlgfyfy"};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        if (!stem_place_is(&place, str_of(said[i]))) {
            fail_msg("%s is not understood", said[i]);
        }
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        if (stem_place_is(&place, str_of(other[i]))) {
            fail_msg("%s is taken for the place", other[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stem_is_a_name_without_its_kind),
        cmocka_unit_test(test_a_place_is_said_in_many_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
