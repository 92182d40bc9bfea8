#include "base/money.h"
#include "base/test.h"

struct pair {
    Money fen;
    const char *text;
};

static const struct pair CAPITALS[] = {
    {0, "零元整"},
    {5, "伍分"},
    {50, "伍角整"},
    {56, "伍角陆分"},
    {100, "壹元整"},
    {1000, "壹拾元整"},
    {10001, "壹佰元零壹分"},
    {32504, "叁佰贰拾伍元零肆分"},
    {40950, "肆佰零玖元伍角整"},
    {100100, "壹仟零壹元整"},
    {101010, "壹仟零壹拾元壹角整"},
    {168032, "壹仟陆佰捌拾元叁角贰分"},
    {600714, "陆仟零柒元壹角肆分"},
    {1000100, "壹万零壹元整"},
    {1050000, "壹万零伍佰元整"},
    {1640902, "壹万陆仟肆佰零玖元零贰分"},
    {10700053, "壹拾万柒仟元伍角叁分"},
    {100000100, "壹佰万零壹元整"},
    {1234567890, "壹仟贰佰叁拾肆万伍仟陆佰柒拾捌元玖角整"},
    {10000000100, "壹亿零壹元整"},
    {10005000000, "壹亿零伍万元整"},
    {99999999999999, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"},
    {100000000000000, "壹万亿元整"},
    {5000000, "伍万元整"},
    {MONEY_MAX_FEN, "壹仟万亿元整"},
    {-5000000, "负伍万元整"},
};

enum { CAPITALS_COUNT = sizeof CAPITALS / sizeof CAPITALS[0] };

static void capitals_are_written_by_the_rule(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    for (int i = 0; i < CAPITALS_COUNT; i++) {
        assert_string_equal(money_capitals(t.arena, CAPITALS[i].fen).p, CAPITALS[i].text);
    }
    trial_end(&t);
}

static void assert_reads(struct trial *t, const char *text, enum capitals how, Money fen)
{
    Money read = -1;
    enum capitals got = money_read_capitals(t->arena, str_of(text), &read);
    if (got != how || (how != CAPITALS_UNREADABLE && read != fen)) {
        fail_msg("%s: %d %lld", text, (int)got, (long long)read);
    }
}

static void capitals_are_read_back(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    for (int i = 0; i < CAPITALS_COUNT - 1; i++) {
        assert_reads(&t, CAPITALS[i].text, CAPITALS_GOOD, CAPITALS[i].fen);
    }
    trial_end(&t);
}

static void every_amount_survives_capitals(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    uint64_t seed = 7;
    for (int i = 0; i < 20000; i++) {
        struct arena_mark mark = arena_mark(t.arena);
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        Money fen = (Money)((seed >> 8) % (uint64_t)MONEY_MAX_FEN);
        for (int zeros = i % 17; zeros > 0; zeros--) {
            fen /= 10;
        }
        if (i % 3 == 0) { /* long runs of zeros in the middle */
            fen = fen % 1000000 * 1000000000 + i % 100;
        }
        Str text = money_capitals(t.arena, fen);
        assert_reads(&t, text.p, CAPITALS_GOOD, fen);
        arena_rewind(t.arena, mark);
    }
    trial_end(&t);
}

static void variants_of_capitals_are_welcome(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_reads(&t, "壹仟陆佰捌拾元零叁角贰分", CAPITALS_GOOD, 168032);
    assert_reads(&t, "壹拾万零柒仟元伍角叁分", CAPITALS_GOOD, 10700053);
    assert_reads(&t, "人民币 伍万圆正", CAPITALS_GOOD, 5000000);
    assert_reads(&t, "壹億貳仟萬元整", CAPITALS_GOOD, 12000000000);
    assert_reads(&t, "陸佰元伍角", CAPITALS_GOOD, 60050);
    trial_end(&t);
}

static void faults_of_capitals_are_told_apart(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_reads(&t, "壹万壹元整", CAPITALS_LOOSE, 1000100);
    assert_reads(&t, "伍万元", CAPITALS_LOOSE, 5000000);
    assert_reads(&t, "拾元整", CAPITALS_LOOSE, 1000);
    assert_reads(&t, "五万元整", CAPITALS_ORDINARY, 5000000);
    assert_reads(&t, "两万元整", CAPITALS_ORDINARY, 2000000);
    assert_reads(&t, "廿元整", CAPITALS_ORDINARY, 2000);
    assert_reads(&t, "", CAPITALS_UNREADABLE, 0);
    assert_reads(&t, "伍万", CAPITALS_UNREADABLE, 0);
    assert_reads(&t, "元整", CAPITALS_UNREADABLE, 0);
    assert_reads(&t, "伍伍元整", CAPITALS_UNREADABLE, 0);
    assert_reads(&t, "伍分壹元整", CAPITALS_UNREADABLE, 0);
    assert_reads(&t, "50000元", CAPITALS_UNREADABLE, 0);
    trial_end(&t);
}

static void amounts_are_grouped(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_string_equal(money_format(t.arena, 5000000).p, "50,000.00");
    assert_string_equal(money_format(t.arena, 0).p, "0.00");
    assert_string_equal(money_format(t.arena, 5).p, "0.05");
    assert_string_equal(money_format(t.arena, -123456).p, "-1,234.56");
    assert_string_equal(money_format(t.arena, 99999).p, "999.99");
    assert_string_equal(money_format(t.arena, INT64_MIN).p, "-92,233,720,368,547,758.08");
    trial_end(&t);
}

static void typed_amounts_are_read(void **state)
{
    (void)state;
    static const struct pair GOOD[] = {
        {5000000, "50000"},
        {5000050, "50,000.5"},
        {5000000, "５００００元"},
        {5000000, " ¥50 000.00 "},
        {-1, "-0.01"},
        {5000000, "5万"},
        {1500000, "1.5万元"},
        {100000000000, "１０亿"},
        {0, "0"},
        {100000000, "1，000，000"},
        {MONEY_MAX_FEN, "1000000000000000"},
        {12345678, "人民币123456.78元"},
    };
    static const char *const BAD[] = {"",
                                      "元",
                                      "-",
                                      "5,0000",
                                      "1,00",
                                      ",500",
                                      "1.234",
                                      "1.",
                                      ".5",
                                      "1e5",
                                      "12a",
                                      "1.2.3",
                                      "--1",
                                      "1,000,00",
                                      "1000000000000000.01",
                                      "99999999999999999999999",
                                      "0.0000001万"};
    struct trial t;
    trial_begin(&t);
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        Money fen = -7;
        if (!money_parse(t.arena, str_of(GOOD[i].text), &fen) || fen != GOOD[i].fen) {
            fail_msg("%s: %lld", GOOD[i].text, (long long)fen);
        }
    }
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        Money fen = -7;
        if (money_parse(t.arena, str_of(BAD[i]), &fen) || fen != -7) {
            fail_msg("%s: %lld", BAD[i], (long long)fen);
        }
    }
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capitals_are_written_by_the_rule),
        cmocka_unit_test(capitals_are_read_back),
        cmocka_unit_test(every_amount_survives_capitals),
        cmocka_unit_test(variants_of_capitals_are_welcome),
        cmocka_unit_test(faults_of_capitals_are_told_apart),
        cmocka_unit_test(amounts_are_grouped),
        cmocka_unit_test(typed_amounts_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
