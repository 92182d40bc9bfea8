#include "law/fee.h"
#include "law/sample.h"

#define YUAN INT64_C(100)

static enum status compute(struct trial *t, struct fee_ask ask, struct fee_answer *out)
{
    struct law_tables tables = {.version = STR("sample")};
    return fee_compute(&t->cx, &tables, &ask, out);
}

/* amount and base in fen; -1 for none */
struct vector {
    const char *id;
    enum fee_kind kind;
    Money amount;
    Money base;
    Money fee;
};

/* domain/fees.md section 2 */
static const struct vector VECTORS[] = {
    {"P1", FEE_PROPERTY, 999999, -1, 5000},
    {"P2", FEE_PROPERTY, 1000000, -1, 5000},
    {"P3", FEE_PROPERTY, 5000000, -1, 105000},
    {"P4", FEE_PROPERTY, 10000000, -1, 230000},
    {"P5", FEE_PROPERTY, 12345678, -1, 276914},
    {"P6", FEE_PROPERTY, 87654321, -1, 1256543},
    {"P7", FEE_PROPERTY, 200000000, -1, 2280000},
    {"P8", FEE_PROPERTY, 3500000000, -1, 21680000},
    {"P9", FEE_PROPERTY, 10000000000, -1, 54180000},
    {"end 200000", FEE_PROPERTY, 20000000, -1, 430000},
    {"end 500000", FEE_PROPERTY, 50000000, -1, 880000},
    {"end 1000000", FEE_PROPERTY, 100000000, -1, 1380000},
    {"end 5000000", FEE_PROPERTY, 500000000, -1, 4680000},
    {"end 10000000", FEE_PROPERTY, 1000000000, -1, 8180000},
    {"end 20000000", FEE_PROPERTY, 2000000000, -1, 14180000},
    {"nothing claimed", FEE_PROPERTY, 0, -1, 5000},
    {"D1", FEE_DIVORCE, -1, 15000, 15000},
    {"D2", FEE_DIVORCE, 20000000, 15000, 15000},
    {"D3", FEE_DIVORCE, 35000000, 30000, 105000},
    {"D4", FEE_DIVORCE, 123456789, 20000, 537284},
    {"H1", FEE_PERSONALITY, -1, 30000, 30000},
    {"H2", FEE_PERSONALITY, 8000000, 30000, 60000},
    {"H3", FEE_PERSONALITY, 26000000, 50000, 180000},
    {"N1", FEE_OTHER, -1, 7000, 7000},
    {"N2", FEE_IP, -1, 100000, 100000},
    {"N3", FEE_IP, 30000000, -1, 580000},
    {"N4", FEE_LABOUR, -1, -1, 1000},
    {"N5", FEE_ADMINISTRATIVE_IP, -1, -1, 10000},
    {"N6", FEE_ADMINISTRATIVE, -1, -1, 5000},
    {"N7", FEE_JURISDICTION_OBJECTION, -1, 10000, 10000},
    {"N8", FEE_ADMINISTRATIVE_COMPENSATION, -1, -1, 0},
    {"N9", FEE_PROPERTY, 6000000, -1, 130000},
    {"N10", FEE_PROPERTY, 6000000 + 4500000, -1, 240000},
    {"E1", FEE_ENFORCEMENT, 800000, -1, 5000},
    {"E2", FEE_ENFORCEMENT, 30000000, -1, 440000},
    {"E3", FEE_ENFORCEMENT, 123456789, -1, 1474568},
    {"E4", FEE_ENFORCEMENT, 500000000, -1, 5240000},
    {"E5", FEE_ENFORCEMENT, 2500000000, -1, 9240000},
    {"E6", FEE_ENFORCEMENT, -1, 20000, 20000},
    {"S1", FEE_PRESERVATION, 100000, -1, 3000},
    {"S1 without amount", FEE_PRESERVATION, -1, -1, 3000},
    {"S2", FEE_PRESERVATION, 5000000, -1, 52000},
    {"S3", FEE_PRESERVATION, 12345678, -1, 113728},
    {"S4", FEE_PRESERVATION, 50000000, -1, 302000},
    {"S5", FEE_PRESERVATION, 89600000, -1, 500000},
    {"S6", FEE_PRESERVATION, 300000000, -1, 500000},
    {"Y1", FEE_PAYMENT_ORDER, 1000000, -1, 1667},
    {"Y2", FEE_PAYMENT_ORDER, 6000000, -1, 43333},
    {"Y3", FEE_PAYMENT_ORDER, 100000000, -1, 460000},
    {"A1", FEE_PUBLIC_SUMMONS, -1, -1, 10000},
    {"A2", FEE_ARBITRATION, -1, -1, 40000},
    {"A3", FEE_MARITIME_CLAIMS, -1, -1, 100000},
    {"A4", FEE_GENERAL_AVERAGE, -1, -1, 100000},
    {"A5", FEE_LIMITATION_FUND, -1, 500000, 500000},
    {"A6", FEE_MARITIME_INJUNCTION, -1, 200000, 200000},
    {"A7", FEE_SHIP_PRIORITY, -1, 100000, 100000},
    {"B1", FEE_BANKRUPTCY, 500000000, -1, 2340000},
    {"B2", FEE_BANKRUPTCY, 10000000000, -1, 27090000},
    {"B3", FEE_BANKRUPTCY, 11164000000, -1, 30000000},
    {"B4", FEE_BANKRUPTCY, 50000000000, -1, 30000000},
    {"F1a", FEE_LABOUR, 500000, -1, 1000},
    {"F1b", FEE_LABOUR, 8000000, -1, 1000},
    {"F3a", FEE_JURISDICTION_OBJECTION, -1, 5000, 5000},
    {"F3b", FEE_JURISDICTION_OBJECTION, -1, 8000, 8000},
    {"F5a", FEE_PUBLIC_SUMMONS, 100000, -1, 10000},
    {"F5c", FEE_PUBLIC_SUMMONS, 200000000, -1, 10000},
    {"F6c", FEE_ARBITRATION, 10000000000, -1, 40000},
    {"F7", FEE_SPECIAL, -1, -1, 0},
};

static void every_kind_costs_what_the_measures_say(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    for (size_t i = 0; i < sizeof VECTORS / sizeof VECTORS[0]; i++) {
        const struct vector *v = &VECTORS[i];
        struct fee_ask ask = {.kind = v->kind,
                              .has_amount = v->amount >= 0,
                              .amount = v->amount,
                              .has_base = v->base >= 0,
                              .base = v->base};
        struct fee_answer answer;
        assert_int_equal(compute(&t, ask, &answer), OK);
        if (answer.fee != v->fee) {
            fail_msg("%s: %lld", v->id, (long long)answer.fee);
        }
    }
    trial_end(&t);
}

static void assert_fee(struct trial *t, struct fee_ask ask, Money fee)
{
    struct fee_answer answer;
    ask.has_amount = ask.amount > 0;
    assert_int_equal(compute(t, ask, &answer), OK);
    assert_int_equal(answer.fee, fee);
}

static void fees_are_halved_once(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_fee(&t, (struct fee_ask){.amount = 5000000, .mediated = true}, 52500);    /* V1 */
    assert_fee(&t, (struct fee_ask){.amount = 87654321, .withdrawn = true}, 628272); /* V2 */
    assert_fee(&t, (struct fee_ask){.amount = 12345678, .summary = true}, 138457);   /* V3 */
    assert_fee(&t, (struct fee_ask){.amount = 5000000, .summary = true, .mediated = true},
               52500);                                                                  /* V4 */
    assert_fee(&t, (struct fee_ask){.amount = 20000000, .counterclaim = true}, 215000); /* V5 */
    assert_fee(&t, (struct fee_ask){.kind = FEE_LABOUR, .summary = true}, 500);         /* V6 */
    assert_fee(&t, (struct fee_ask){.kind = FEE_PAYMENT_ORDER, .amount = 6000000, .summary = true},
               43333); /* V7 */
    trial_end(&t);
}

static void early_mediation_is_free_or_half(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_fee(&t, (struct fee_ask){.amount = 5000000, .early = FEE_EARLY_PERFORMED}, 0);
    assert_fee(&t, (struct fee_ask){.amount = 5000000, .early = FEE_EARLY_CONFIRMED}, 0);
    assert_fee(&t, (struct fee_ask){.amount = 5000000, .early = FEE_EARLY_DOCUMENT}, 52500);
    assert_fee(&t, (struct fee_ask){.kind = FEE_JURISDICTION_OBJECTION, .objection_free = true}, 0);
    trial_end(&t);
}

static void aid_comes_last(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_fee(&t, (struct fee_ask){.amount = 5000000, .aid = FEE_AID_EXEMPT}, 0); /* W1 */
    assert_fee(&t, (struct fee_ask){.amount = 5000000, .aid = FEE_AID_REDUCE, .aid_percent = 30},
               73500); /* W2 */
    assert_fee(&t, (struct fee_ask){.amount = 5000000, .aid = FEE_AID_REDUCE, .aid_percent = 50},
               52500);                                                            /* W3 */
    assert_fee(&t, (struct fee_ask){.amount = 5000000, .aid = FEE_AID_DEFER}, 0); /* W4 */
    assert_fee(&t,
               (struct fee_ask){
                   .amount = 5000000, .summary = true, .aid = FEE_AID_REDUCE, .aid_percent = 30},
               36750);
    trial_end(&t);
}

static void a_changed_claim_pays_the_difference(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = {.version = STR("sample")};
    struct fee_answer a;
    struct fee_ask raised = {.has_amount = true, .amount = 15000000};
    struct fee_ask lowered = {.has_amount = true, .amount = 8000000};
    struct fee_ask converted = {.has_amount = true, .amount = 30000000};
    struct fee_ask order = {.has_amount = true, .amount = 6000000};
    assert_int_equal(fee_change(&t.cx, &tables, &raised, 5000000, &a), OK);
    assert_int_equal(a.fee, 225000); /* R2 */
    assert_int_equal(fee_change(&t.cx, &tables, &lowered, 15000000, &a), OK);
    assert_int_equal(a.fee, -150000); /* R3 */
    assert_int_equal(fee_conversion(&t.cx, &tables, &converted, &a), OK);
    assert_int_equal(a.fee, 290000); /* R4 */
    assert_int_equal(fee_after_payment_order(&t.cx, &tables, &order, &a), OK);
    assert_int_equal(a.fee, 86667);                               /* R8 */
    assert_fee(&t, (struct fee_ask){.amount = 12000000}, 270000); /* R1, R6 */
    assert_fee(&t, (struct fee_ask){.amount = 5000000}, 105000);  /* R7 */
    trial_end(&t);
}

static void a_split_fee_adds_up(void **state)
{
    (void)state;
    Money plaintiff = 0;
    Money defendant = 0;
    fee_split(230000, 600000, &plaintiff, &defendant); /* R9 */
    assert_int_equal(plaintiff, 92000);
    assert_int_equal(defendant, 138000);
    fee_split(100001, 333333, &plaintiff, &defendant);
    assert_int_equal(plaintiff + defendant, 100001);
    fee_split(290000, 500000, &plaintiff, &defendant); /* R5: half of what was collected */
    assert_int_equal(plaintiff, 145000);
}

static void every_bracket_is_shown_and_they_add_up(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct fee_answer answer;
    struct fee_ask ask = {.has_amount = true, .amount = 12345678};
    assert_int_equal(compute(&t, ask, &answer), OK);
    struct value *v = fee_value(t.arena, &answer);
    assert_int_equal(value_get_int(v, "fee"), 276914);
    const struct value *w = value_get(v, "working");
    assert_string_equal(value_get_str(value_item(w, 0), "rule").p, "不超过10,000.00元的部分，每件");
    assert_string_equal(value_get_str(value_item(w, 1), "rule").p,
                        "超过10,000.00元至100,000.00元的部分：90,000.00元 × 2.5%");
    assert_int_equal(value_get_int(value_item(w, 1), "amount"), 225000);
    assert_string_equal(value_get_str(value_item(w, 2), "text").p, "469.1356元");
    assert_string_equal(value_get_str(value_item(w, 2), "law").p,
                        "litigation-fee-measures@2007 13(1)");
    assert_string_equal(value_get_str(value_item(w, 3), "rule").p, "最后一次四舍五入到分");
    assert_int_equal(value_get_int(value_item(w, 3), "amount"), 276914);
    trial_end(&t);
}

static void the_province_chooses_within_the_range(void **state)
{
    (void)state;
    static const struct fee_province FEES[] = {
        {{"", 0}, 5000, 10000, 5000, 50000, 5000, 5000},
        {{"京", 3}, 15000, 30000, 7000, 75000, 7000, 20000},
    };
    struct trial t;
    trial_begin(&t);
    struct law_tables tables = {.version = STR("sample"), .fees = FEES, .fee_count = 2};
    struct fee_answer answer;
    struct fee_ask ask = {.kind = FEE_DIVORCE, .province = STR("京")};
    assert_int_equal(fee_compute(&t.cx, &tables, &ask, &answer), OK);
    assert_int_equal(answer.fee, 15000);
    ask.province = STR("沪");
    assert_int_equal(fee_compute(&t.cx, &tables, &ask, &answer), OK);
    assert_int_equal(answer.fee, 5000);
    assert_true(str_has(value_get_str(value_item(answer.working, 0), "rule"), "按下限估算"));
    ask.has_base = true;
    ask.base = 30000;
    assert_int_equal(fee_compute(&t.cx, &tables, &ask, &answer), OK);
    assert_int_equal(answer.fee, 30000);
    trial_end(&t);
}

static void rounding_to_the_yuan_is_possible(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_fee(&t, (struct fee_ask){.amount = 12345678, .to_the_yuan = true}, 276900);
    assert_fee(&t, (struct fee_ask){.amount = 12345678, .summary = true, .to_the_yuan = true},
               138500);
    trial_end(&t);
}

static void assert_refused(struct trial *t, struct fee_ask ask, const char *code)
{
    struct fee_answer answer;
    assert_int_equal(compute(t, ask, &answer), E_INPUT);
    assert_string_equal(t->cx.failure.code, code);
    cx_forgive(&t->cx);
}

static void what_the_measures_do_not_allow_is_refused(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_refused(&t, (struct fee_ask){.has_amount = true, .amount = -1}, "fee-amount");
    assert_refused(&t, (struct fee_ask){.has_amount = true, .amount = MONEY_MAX_FEN + 1},
                   "fee-amount");
    assert_refused(&t, (struct fee_ask){.kind = FEE_PROPERTY}, "fee-amount-missing");
    assert_refused(&t, (struct fee_ask){.kind = FEE_DIVORCE, .has_base = true, .base = 4999},
                   "fee-base-range");
    assert_refused(&t, (struct fee_ask){.kind = FEE_DIVORCE, .has_base = true, .base = 30001},
                   "fee-base-range");
    assert_refused(&t,
                   (struct fee_ask){.kind = FEE_LABOUR, .aid = FEE_AID_REDUCE, .aid_percent = 29},
                   "fee-aid-percent");
    assert_refused(
        &t, (struct fee_ask){.kind = FEE_LABOUR, .aid = FEE_AID_EXEMPT, .organisation = true},
        "fee-aid-natural-person");
    enum fee_kind kind = FEE_LABOUR;
    assert_true(fee_kind_parse(STR("jurisdiction-objection"), &kind));
    assert_int_equal(kind, FEE_JURISDICTION_OBJECTION);
    assert_false(fee_kind_parse(STR("Property"), &kind));
    assert_false(fee_kind_parse(STR(""), &kind));
    trial_end(&t);
}

static void the_largest_claim_has_a_fee(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_fee(&t, (struct fee_ask){.amount = MONEY_MAX_FEN}, MONEY_MAX_FEN / 200 + 41800 * YUAN);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_costs_what_the_measures_say),
        cmocka_unit_test(fees_are_halved_once),
        cmocka_unit_test(early_mediation_is_free_or_half),
        cmocka_unit_test(aid_comes_last),
        cmocka_unit_test(a_changed_claim_pays_the_difference),
        cmocka_unit_test(a_split_fee_adds_up),
        cmocka_unit_test(every_bracket_is_shown_and_they_add_up),
        cmocka_unit_test(the_province_chooses_within_the_range),
        cmocka_unit_test(rounding_to_the_yuan_is_possible),
        cmocka_unit_test(what_the_measures_do_not_allow_is_refused),
        cmocka_unit_test(the_largest_claim_has_a_fee),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
