#include "law/identifier.h"
#include "law/sample.h"

struct vector {
    enum identifier_kind kind;
    bool ok;
    int warnings;
    const char *text;
    const char *normal; /* NULL: as typed */
};

/* domain/identifiers.md */
static const struct vector VECTORS[] = {
    {IDENTIFIER_RESIDENT_ID, true, 0, "11010519491231002X", NULL},
    {IDENTIFIER_RESIDENT_ID, true, 0, "11010519491231002x", "11010519491231002X"},
    {IDENTIFIER_RESIDENT_ID, true, 0, "１１０１０５ 19491231 002Ｘ", "11010519491231002X"},
    {IDENTIFIER_RESIDENT_ID, true, 0, "310115200002290013", NULL},
    {IDENTIFIER_RESIDENT_ID, true, 0, "320623199010101239", NULL},
    {IDENTIFIER_RESIDENT_ID, true, 0, "542427198506150045", NULL},
    {IDENTIFIER_RESIDENT_ID, true, 0, "820000199912318817", NULL},
    {IDENTIFIER_RESIDENT_ID, true, 0, "830000200101015000", NULL},
    {IDENTIFIER_RESIDENT_ID, true, 0, "320623201503020015", NULL},
    {IDENTIFIER_RESIDENT_ID, true, 1, "110105491231002", "11010519491231002X"},
    {IDENTIFIER_RESIDENT_ID, true, 1, "320311770706001", "320311197707060018"},
    {IDENTIFIER_RESIDENT_ID, false, 0, "11010519900230001X", NULL},
    {IDENTIFIER_RESIDENT_ID, false, 0, "110105202502290019", NULL},
    {IDENTIFIER_RESIDENT_ID, true, 1, "110105189912310015", NULL},
    {IDENTIFIER_RESIDENT_ID, true, 1, "440524188001010014", NULL}, /* born 1880 */
    {IDENTIFIER_RESIDENT_ID, false, 0, "110105194912310021", NULL},
    {IDENTIFIER_RESIDENT_ID, false, 0, "11010519491231002", NULL},
    {IDENTIFIER_RESIDENT_ID, false, 0, "1101051949123100ZX", NULL},
    {IDENTIFIER_RESIDENT_ID, false, 0, "", NULL},
    {IDENTIFIER_USCC, true, 0, "91350100M000100Y43", NULL},
    {IDENTIFIER_USCC, true, 0, "913206006789234584", NULL},
    {IDENTIFIER_USCC, true, 0, "91310115ma1k3yj15r", "91310115MA1K3YJ15R"},
    {IDENTIFIER_USCC, true, 0, "12100000000018032A", NULL},
    {IDENTIFIER_USCC, true, 0, "9133010020000003XW", NULL},
    {IDENTIFIER_USCC, false, 0, "91350100M000100Y34", NULL},
    {IDENTIFIER_USCC, false, 0, "91350100I000100Y43", NULL},
    {IDENTIFIER_USCC, false, 0, "91350100M000100Y4", NULL},
    {IDENTIFIER_USCC, false, 0, "110105012345678", NULL},
    {IDENTIFIER_BANK_CARD, true, 0, "6222 0211 0001 2345 671", "6222021100012345671"},
    {IDENTIFIER_BANK_CARD, true, 0, "4111111111111111", NULL},
    {IDENTIFIER_BANK_CARD, true, 1, "79927398713", NULL},
    {IDENTIFIER_BANK_CARD, false, 0, "4111111111111112", NULL},
    {IDENTIFIER_BANK_CARD, false, 0, "6222021100012345678", NULL},
    {IDENTIFIER_BANK_CARD, false, 0, "62220211000123456710", NULL},
    {IDENTIFIER_BANK_ACCOUNT, true, 1, "6222021100012345678", NULL},
    {IDENTIFIER_BANK_ACCOUNT, true, 0, "0200001234567", NULL},
    {IDENTIFIER_BANK_ACCOUNT, false, 0, "12345", NULL},
    {IDENTIFIER_BANK_ACCOUNT, false, 0, "ABC123456", NULL},
    {IDENTIFIER_PHONE, true, 0, "13800138000", NULL},
    {IDENTIFIER_PHONE, true, 0, "+86 138 0013 8000", "13800138000"},
    {IDENTIFIER_PHONE, true, 0, "138-0013-8000", "13800138000"},
    {IDENTIFIER_PHONE, true, 0, "19912345678", NULL},
    {IDENTIFIER_PHONE, true, 0, "17012345678", NULL},
    {IDENTIFIER_PHONE, true, 0, "010-65550000", NULL},
    {IDENTIFIER_PHONE, true, 0, "0513-88886666-801", NULL},
    {IDENTIFIER_PHONE, true, 0, "051388886666", NULL},
    {IDENTIFIER_PHONE, true, 0, "4001234567", NULL},
    {IDENTIFIER_PHONE, true, 0, "12368", NULL},
    {IDENTIFIER_PHONE, false, 0, "12345678901", NULL},
    {IDENTIFIER_PHONE, false, 0, "1380013800", NULL},
    {IDENTIFIER_PHONE, false, 0, "+861380013800x", NULL},
    {IDENTIFIER_PHONE, false, 0, "010-655500", NULL},
    {IDENTIFIER_PHONE, false, 0, "0513-88886666-8011234", NULL},
    {IDENTIFIER_MOBILE, false, 0, "010-65550000", NULL},
    {IDENTIFIER_EMAIL, true, 0, "Lin.Xiaozhou@example.com", NULL},
    {IDENTIFIER_EMAIL, false, 0, "a@b@example.com", NULL},
    {IDENTIFIER_EMAIL, false, 0, "@example.com", NULL},
    {IDENTIFIER_EMAIL, false, 0, "林@example.com", NULL},
    {IDENTIFIER_EMAIL, false, 0, "lin@example.com>", NULL},
    {IDENTIFIER_EMAIL, false, 0, "lin@example", NULL},
    {IDENTIFIER_EMAIL, false, 0, "lin@.com", NULL},
    {IDENTIFIER_EMAIL, false, 0, "lin@example.", NULL},
    {IDENTIFIER_EMAIL, false, 0, "lin<x>@example.com", NULL},
    {IDENTIFIER_LAWYER, true, 0, "11101201010123456", NULL},
    {IDENTIFIER_LAWYER, true, 0, "13101201511200001", NULL},
    {IDENTIFIER_LAWYER, true, 1, "110120101012", NULL},
    {IDENTIFIER_LAWYER, false, 0, "11101200800123456", NULL},
    {IDENTIFIER_LAWYER, false, 0, "11101201012123456", NULL},
    {IDENTIFIER_LAWYER, false, 0, "1110120101012345", NULL},
    {IDENTIFIER_LAWYER, false, 0, "11101204010123456", NULL}, /* 2040 */
    {IDENTIFIER_PASSPORT, true, 0, "e12345678", "E12345678"},
    {IDENTIFIER_PASSPORT, false, 0, "E123-5678", NULL},
    {IDENTIFIER_PASSPORT, false, 0, "PASSPORT", NULL},
    {IDENTIFIER_HK_MACAO_PERMIT, true, 0, "H12345678", NULL},
    {IDENTIFIER_HK_MACAO_PERMIT, true, 0, "M1234567801", NULL},
    {IDENTIFIER_HK_MACAO_PERMIT, false, 0, "K12345678", NULL},
    {IDENTIFIER_TAIWAN_PERMIT, true, 0, "12345678", NULL},
    {IDENTIFIER_TAIWAN_PERMIT, false, 0, "1234567", NULL},
    {IDENTIFIER_FOREIGN_RESIDENT, true, 1, "USA110000000001", NULL},
    {IDENTIFIER_FOREIGN_RESIDENT, false, 0, "11010519491231002X", NULL},
    {IDENTIFIER_OFFICER, true, 0, "军字第1234567号", NULL},
    {IDENTIFIER_OFFICER, false, 0, "12", NULL},
    {IDENTIFIER_POSTCODE, true, 0, "100025", NULL},
    {IDENTIFIER_POSTCODE, false, 0, "10002", NULL},
    {IDENTIFIER_VIN, true, 0, "1M8GDM9AXKP042788", NULL},
    {IDENTIFIER_VIN, true, 1, "1M8GDM9A1KP042788", NULL},
    {IDENTIFIER_VIN, false, 0, "1M8GDM9AXKPO42788", NULL},
    {IDENTIFIER_PLATE, true, 0, "京A12345", NULL},
    {IDENTIFIER_PLATE, true, 0, "京ad12345", "京AD12345"},
    {IDENTIFIER_PLATE, true, 0, "京AD1234", NULL},
    {IDENTIFIER_PLATE, true, 0, "粤Z1234港", NULL},
    {IDENTIFIER_PLATE, false, 0, "京I12345", NULL},
    {IDENTIFIER_PLATE, false, 0, "华A12345", NULL},
    {IDENTIFIER_PLATE, false, 0, "京A1234O", NULL},
};

static void numbers_are_accepted_and_rejected(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    for (size_t i = 0; i < sizeof VECTORS / sizeof VECTORS[0]; i++) {
        const struct vector *v = &VECTORS[i];
        struct identifier id;
        bool ok =
            identifier_read(t.arena, v->kind, str_of(v->text), sample_date("2026-11-22"), &id);
        if (ok != v->ok || ok != (id.why[0] == '\0') ||
            (ok && (int)value_count(id.warnings) != v->warnings) ||
            (ok && !str_is(id.normal, v->normal == NULL ? v->text : v->normal))) {
            fail_msg("%s %s: %d %s %s", identifier_kind_name(v->kind), v->text, ok, id.why,
                     id.normal.p);
        }
    }
    trial_end(&t);
}

static void a_resident_number_holds_birth_and_sex(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct identifier id;
    assert_true(identifier_read(t.arena, IDENTIFIER_RESIDENT_ID, STR("11010519491231002X"),
                                sample_date("2026-11-22"), &id));
    assert_int_equal(id.born, sample_date("1949-12-31"));
    assert_int_equal(id.sex, SEX_FEMALE);
    struct value *v = identifier_value(t.arena, &id, sample_date("2026-11-22"));
    assert_string_equal(value_get_str(v, "born").p, "1949-12-31");
    assert_string_equal(value_get_str(v, "sex").p, "女");
    assert_int_equal(value_get_int(v, "age"), 76);
    assert_string_equal(value_get_str(v, "region").p, "11");
    assert_true(identifier_read(t.arena, IDENTIFIER_RESIDENT_ID, STR("110101199003070011"),
                                sample_date("2026-11-22"), &id));
    assert_int_equal(id.sex, SEX_MALE);
    trial_end(&t);
}

static void a_birth_in_the_future_needs_a_today(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct identifier id;
    Str number = STR("320623201503020015");
    assert_false(
        identifier_read(t.arena, IDENTIFIER_RESIDENT_ID, number, sample_date("2015-03-01"), &id));
    assert_string_equal(id.why, "出生日期晚于今天，请核对第7至14位");
    assert_true(
        identifier_read(t.arena, IDENTIFIER_RESIDENT_ID, number, sample_date("2015-03-02"), &id));
    assert_true(identifier_read(t.arena, IDENTIFIER_RESIDENT_ID, number, DATE_NONE, &id));
    trial_end(&t);
}

static void a_year_of_age_is_full_on_the_birthday(void **state)
{
    (void)state;
    Date born = sample_date("2007-03-10");
    assert_int_equal(age_on(born, sample_date("2025-03-09")), 17);
    assert_int_equal(age_on(born, sample_date("2025-03-10")), 18);
    assert_int_equal(age_on(sample_date("2000-02-29"), sample_date("2018-02-28")), 17);
    assert_int_equal(age_on(sample_date("2000-02-29"), sample_date("2018-03-01")), 18);
}

static void assert_mask(struct trial *t, enum identifier_kind kind, const char *text,
                        const char *mask)
{
    assert_string_equal(identifier_mask(t->arena, kind, str_of(text)).p, mask);
}

static void others_see_masks(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_mask(&t, IDENTIFIER_RESIDENT_ID, "11010519491231002X", "110105********002X");
    assert_mask(&t, IDENTIFIER_PHONE, "13800138000", "138****8000");
    assert_mask(&t, IDENTIFIER_PHONE, "010-65550000", "010-****0000");
    assert_mask(&t, IDENTIFIER_BANK_CARD, "6222021100012345671", "***************5671");
    assert_mask(&t, IDENTIFIER_EMAIL, "lin@example.com", "l**@example.com");
    assert_mask(&t, IDENTIFIER_PASSPORT, "E12345678", "E******78");
    assert_mask(&t, IDENTIFIER_USCC, "91350100M000100Y43", "91350100M000100Y43");
    assert_mask(&t, IDENTIFIER_PLATE, "京A12345", "京A***45");
    /* what is too short to be masked in part is masked whole */
    assert_mask(&t, IDENTIFIER_RESIDENT_ID, "110105", "******");
    assert_mask(&t, IDENTIFIER_PHONE, "", "");
    assert_mask(&t, IDENTIFIER_EMAIL, "x", "*");
    trial_end(&t);
}

static void kinds_have_names(void **state)
{
    (void)state;
    enum identifier_kind kind = IDENTIFIER_PLATE;
    assert_true(identifier_kind_parse(STR("bank-card"), &kind));
    assert_int_equal(kind, IDENTIFIER_BANK_CARD);
    assert_false(identifier_kind_parse(STR("credit"), &kind));
    assert_string_equal(identifier_kind_title(IDENTIFIER_USCC), "统一社会信用代码");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_accepted_and_rejected),
        cmocka_unit_test(a_resident_number_holds_birth_and_sex),
        cmocka_unit_test(a_birth_in_the_future_needs_a_today),
        cmocka_unit_test(a_year_of_age_is_full_on_the_birthday),
        cmocka_unit_test(others_see_masks),
        cmocka_unit_test(kinds_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
