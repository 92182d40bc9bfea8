#include "law/jurisdiction.h"
#include "law/sample.h"

/* --- a country of two provinces --- */

static const char COURTS_CSV[] =
    "code,name,level,kind,parent,division,code_basis,name_source,valid_from,valid_to\n"
    "最高法,最高人民法院,最高,general,,,known,,,\n"
    "京,北京市高级人民法院,高级,general,最高法,110000,rule,,,\n"
    "京03,北京市第三中级人民法院,中级,general,京,,known,,,\n"
    "京0105,北京市朝阳区人民法院,基层,general,京03,110105,rule,,,\n"
    "京0105-01,北京市朝阳区人民法院奥运村人民法庭,人民法庭,general,京0105,110105,ours,,,\n"
    "京0491,北京互联网法院,基层,internet,京03,,known,,,\n"
    "浙,浙江省高级人民法院,高级,general,最高法,330000,rule,,,\n"
    "浙02,宁波市中级人民法院,中级,general,浙,330200,rule,,,\n"
    "浙0203,宁波市海曙区人民法院,基层,general,浙02,330203,rule,,,\n";

static const char DIVISIONS_CSV[] = "code,name,parent,level,kind\n"
                                    "110000,北京市,,1,statutory\n"
                                    "110100,市辖区,110000,2,virtual\n"
                                    "110105,朝阳区,110100,3,statutory\n"
                                    "330000,浙江省,,1,statutory\n"
                                    "330200,宁波市,330000,2,statutory\n"
                                    "330203,海曙区,330200,3,statutory\n";

static const char CAUSES_CSV[] = "code,level,parent,name,number\n"
                                 "C02,1,,婚姻家庭、继承纠纷,\n"
                                 "C02-02,2,C02,婚姻家庭纠纷,\n"
                                 "C02-02-014,3,C02-02,离婚纠纷,14\n"
                                 "C02-02-024,3,C02-02,赡养纠纷,24\n"
                                 "C02-03,2,C02,继承纠纷,\n"
                                 "C02-03-029,3,C02-03,法定继承纠纷,29\n"
                                 "C03,1,,物权纠纷,\n"
                                 "C03-06,2,C03,所有权纠纷,\n"
                                 "C03-06-056,3,C03-06,共有纠纷,56\n"
                                 "C04,1,,合同、准合同纠纷,\n"
                                 "C04-10,2,C04,合同纠纷,\n"
                                 "C04-10-108,3,C04-10,借款合同纠纷,108\n"
                                 "C04-10-116,3,C04-10,租赁合同纠纷,116\n"
                                 "C04-10-116-02,4,C04-10-116,房屋租赁合同纠纷,116.2\n"
                                 "C08,1,,海事海商纠纷,\n"
                                 "C08-22,2,C08,海事海商纠纷,\n"
                                 "C08-22-228,3,C08-22,海上、通海水域货物运输合同纠纷,228\n"
                                 "C10,1,,侵权责任纠纷,\n"
                                 "C10-35,2,C10,侵权责任纠纷,\n"
                                 "C10-35-411,3,C10-35,机动车交通事故责任纠纷,411\n";

static const struct law_tables *build(struct trial *t)
{
    const struct law_tables *tables = NULL;
    struct table_texts texts = {.version = STR("sample"),
                                .courts_csv = str_of(COURTS_CSV),
                                .divisions_csv = str_of(DIVISIONS_CSV),
                                .causes_csv = str_of(CAUSES_CSV)};
    if (law_tables_build(&t->cx, t->arena, &texts, &tables) != OK) {
        fail_msg("%s", t->cx.failure.detail.p);
    }
    return tables;
}

static const Str BEIJING[] = {{"110105", 6}};
static const Str NINGBO[] = {{"330203", 6}};

/* A plaintiff in Beijing against a defendant in Ningbo. */
static struct jurisdiction_ask ask_of(const char *cause)
{
    return (struct jurisdiction_ask){.cause = str_of(cause),
                                     .plaintiffs = BEIJING,
                                     .plaintiff_count = 1,
                                     .defendants = NINGBO,
                                     .defendant_count = 1,
                                     .agreed = STR("")};
}

/* The codes found, joined by blanks. */
static void assert_courts(struct trial *t, struct jurisdiction_ask ask, const char *codes,
                          bool exclusive)
{
    struct jurisdiction_answer answer;
    struct buf buf;
    jurisdiction_find(t->arena, build(t), &ask, &answer);
    buf_init(&buf, t->arena, 1000);
    for (int i = 0; i < answer.count; i++) {
        buf_printf(&buf, "%s%s", i > 0 ? " " : "", answer.candidates[i].court->code.p);
    }
    assert_string_equal(buf_done(&buf).p, codes);
    assert_int_equal(answer.exclusive, exclusive);
}

static void amounts_decide_the_level(void **state)
{
    (void)state;

    static const struct {
        Money fen;
        bool crossing;
        bool foreign;
        const char *province;
        enum court_level level;
    } ROWS[] = {
        {49999999999, false, false, "11", COURT_BASIC},
        {50000000000, false, false, "11", COURT_INTERMEDIATE},
        {9999999999, true, false, "11", COURT_BASIC},
        {10000000000, true, false, "11", COURT_INTERMEDIATE},
        {500000000000, false, false, "11", COURT_HIGH},
        {499999999999, true, false, "11", COURT_INTERMEDIATE},
        {3999999999, false, true, "33", COURT_BASIC},
        {4000000000, false, true, "33", COURT_INTERMEDIATE},
        {2000000000, false, true, "34", COURT_INTERMEDIATE},
        {1999999999, false, true, "34", COURT_BASIC},
        {0, false, false, "", COURT_BASIC},
    };

    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (jurisdiction_level(ROWS[i].fen, ROWS[i].crossing, ROWS[i].foreign,
                               str_of(ROWS[i].province)) != ROWS[i].level) {
            fail_msg("row %zu", i);
        }
    }
}

static void the_defendants_court_hears_the_case(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_courts(&t, ask_of(""), "浙0203", false);
    assert_courts(&t, ask_of("没有这样的案由"), "浙0203", false);
    struct jurisdiction_ask nobody = {.cause = STR(""), .agreed = STR("")};
    assert_courts(&t, nobody, "", false);
    trial_end(&t);
}

static void contracts_add_the_place_of_performance(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct jurisdiction_ask ask = ask_of("108");
    assert_courts(&t, ask, "浙0203", false);
    ask.money_claim = true; /* the lender receives */
    assert_courts(&t, ask, "浙0203 京0105", false);
    ask.places[PLACE_PERFORMANCE] = STR("330203"); /* agreed: the receiving side matters no more */
    assert_courts(&t, ask, "浙0203", false);
    ask.agreed = STR("京0105");
    assert_courts(&t, ask, "京0105 浙0203", false);
    trial_end(&t);
}

static void an_exclusive_rule_stands_alone(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct jurisdiction_ask lease = ask_of("房屋租赁合同纠纷");
    lease.agreed = STR("浙0203");
    lease.places[PLACE_IMMOVABLE] = STR("110105");
    assert_courts(&t, lease, "京0105", true);
    lease.places[PLACE_IMMOVABLE] = STR("");
    assert_courts(&t, lease, "", true); /* asked for, not guessed */
    struct jurisdiction_ask estate = ask_of("法定继承纠纷");
    estate.places[PLACE_ESTATE] = STR("110105");
    assert_courts(&t, estate, "京0105", true);
    struct jurisdiction_ask shared = ask_of("共有纠纷");
    assert_courts(&t, shared, "浙0203", false);
    shared.places[PLACE_IMMOVABLE] = STR("110105");
    assert_courts(&t, shared, "京0105", true);
    trial_end(&t);
}

static void accidents_status_and_support_have_their_places(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct jurisdiction_ask crash = ask_of("411");
    crash.places[PLACE_ACCIDENT] = STR("110105");
    assert_courts(&t, crash, "浙0203 京0105", false);
    struct jurisdiction_ask divorce = ask_of("离婚纠纷");
    assert_courts(&t, divorce, "浙0203", false);
    divorce.plaintiff_place = true;
    assert_courts(&t, divorce, "浙0203 京0105", false);
    static const Str CHILDREN[] = {{"330203", 6}, {"330203", 6}};
    struct jurisdiction_ask support = ask_of("赡养纠纷");
    support.defendants = CHILDREN;
    support.defendant_count = 2;
    assert_courts(&t, support, "浙0203 京0105", false);
    assert_courts(&t, ask_of("228"), "", false); /* maritime courts */
    trial_end(&t);
}

static void large_amounts_climb(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct jurisdiction_ask ask = ask_of("108");
    ask.money_claim = true;
    ask.has_amount = true;
    ask.amount = 10000000000; /* 1 亿, across provinces */
    assert_courts(&t, ask, "浙02 京03", false);
    ask.amount--;
    assert_courts(&t, ask, "浙0203 京0105", false);
    ask.amount = 500000000000;
    assert_courts(&t, ask, "浙 京", false);
    ask.plaintiffs = NINGBO; /* all in one province: from 5 亿 */
    ask.amount = 49999999999;
    assert_courts(&t, ask, "浙0203", false);
    trial_end(&t);
}

static void a_court_is_plausible_or_not(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct law_tables *tables = build(&t);
    struct jurisdiction_ask ask = ask_of("离婚纠纷");
    ask.defendants = BEIJING;
    struct jurisdiction_answer answer;
    jurisdiction_find(t.arena, tables, &ask, &answer);
    assert_int_equal(jurisdiction_fits(tables, &answer, STR("京0105")), FIT_YES);
    assert_int_equal(jurisdiction_fits(tables, &answer, STR("京0105-01")), FIT_YES);
    assert_int_equal(jurisdiction_fits(tables, &answer, STR("浙0203")), FIT_NO);
    assert_int_equal(jurisdiction_fits(tables, &answer, STR("京03")), FIT_NO);
    assert_int_equal(jurisdiction_fits(tables, &answer, STR("京0491")), FIT_UNKNOWN);
    assert_int_equal(jurisdiction_fits(tables, &answer, STR("沪0105")), FIT_UNKNOWN);
    struct value *v = jurisdiction_value(t.arena, &answer);
    const struct value *first = value_item(value_get(v, "courts"), 0);
    assert_string_equal(value_get_str(first, "code").p, "京0105");
    assert_string_equal(value_get_str(first, "level").p, "基层");
    assert_string_equal(value_get_str(first, "rule").p, "general");
    assert_string_equal(value_get_str(first, "law").p, "civil-procedure-law@2023 22");
    answer.count = 0;
    assert_int_equal(jurisdiction_fits(tables, &answer, STR("京0105")), FIT_UNKNOWN);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_decide_the_level),
        cmocka_unit_test(the_defendants_court_hears_the_case),
        cmocka_unit_test(contracts_add_the_place_of_performance),
        cmocka_unit_test(an_exclusive_rule_stands_alone),
        cmocka_unit_test(accidents_status_and_support_have_their_places),
        cmocka_unit_test(large_amounts_climb),
        cmocka_unit_test(a_court_is_plausible_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
