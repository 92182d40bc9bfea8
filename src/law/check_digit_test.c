#include "base/test.h"
#include "law/check_digit.h"

static void assert_tails(char (*digit)(Str), const char *const *wholes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Str whole = str_of(wholes[i]);
        char want = whole.p[whole.n - 1];
        char got = digit((Str){whole.p, whole.n - 1});
        if (got != want) {
            fail_msg("%s: %c", wholes[i], got);
        }
    }
}

#define ASSERT_TAILS(digit, wholes) \
    assert_tails((digit), (wholes), sizeof(wholes) / sizeof((wholes)[0]))

static void residents(void **state)
{
    (void)state;
    static const char *const WHOLES[] = {
        "11010519491231002X", "440524188001010014", "310115200002290013", "320623199010101239",
        "542427198506150045", "110101199003070011", "820000199912318817", "830000200101015000",
        "152601197004179024", "320623200002290020", "320623201503020015"};
    ASSERT_TAILS(check_digit_resident, WHOLES);
    assert_int_equal(check_digit_resident(STR("1101051949123100")), 0);
    assert_int_equal(check_digit_resident(STR("1101051949123100A")), 0);
}

static void credit_codes(void **state)
{
    (void)state;
    static const char *const WHOLES[] = {
        "91350100M000100Y43", "913206006789234584", "91310115MA1K3YJ15R",
        "12100000000018032A", "52310000MJ49000050", "913301001000002000",
        "93320623MA1MXXX25T", "31110000MD0123454X", "9133010020000003XW"};
    ASSERT_TAILS(check_digit_uscc, WHOLES);
    assert_int_equal(check_digit_uscc(STR("91350100I000100Y4")), 0);
    assert_int_equal(check_digit_uscc(STR("")), 0);
}

static void organisation_codes(void **state)
{
    (void)state;
    static const char *const WHOLES[] = {"M000100Y4", "600037341", "D2143569X", "000018032",
                                         "708461136", "678923458", "MA1K3YJ15"};
    ASSERT_TAILS(check_digit_organisation, WHOLES);
    assert_int_equal(check_digit_organisation(STR("M00010 Y")), 0);
}

static void cards(void **state)
{
    (void)state;
    static const char *const WHOLES[] = {"6222021100012345671", "6217001234567890122",
                                         "6228480012345678903", "9558800200000123451",
                                         "79927398713",         "4111111111111111"};
    ASSERT_TAILS(check_digit_luhn, WHOLES);
    assert_int_not_equal(check_digit_luhn(STR("411111111111111")), '2');
    assert_int_not_equal(check_digit_luhn(STR("622202110001234567")), '8');
    assert_int_equal(check_digit_luhn(STR("")), 0);
    assert_int_equal(check_digit_luhn(STR("12a")), 0);
}

static void vehicles(void **state)
{
    (void)state;
    static const char *const WHOLES[] = {"1M8GDM9AXKP042788", "11111111111111111",
                                         "LSVAA49J132012345", "LFV2A21K773000001"};
    for (size_t i = 0; i < sizeof WHOLES / sizeof WHOLES[0]; i++) {
        assert_int_equal(check_digit_vin(str_of(WHOLES[i])), WHOLES[i][8]);
    }
    assert_int_equal(check_digit_vin(STR("1M8GDM9AXKPO42788")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(residents),          cmocka_unit_test(credit_codes),
        cmocka_unit_test(organisation_codes), cmocka_unit_test(cards),
        cmocka_unit_test(vehicles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
