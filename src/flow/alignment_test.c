/* The table of elements on claims and answers worked out by hand. */
#include "base/json.h"
#include "base/test.h"
#include "flow/alignment.h"
#include "flow/rule.h"
#include "law/tables_sample.h"

static struct value *read(struct trial *t, const char *json)
{
    struct value *v = NULL;
    if (json_read(&t->cx, str_of(json), &v) != OK) {
        fail_msg("%s: %s", json, t->cx.failure.detail.p);
    }
    return v;
}

static const struct value *row_of(const struct value *rows, const char *name)
{
    for (uint32_t i = 0; i < value_count(rows); i++) {
        if (str_is(value_get_str(value_item(rows, i), "row"), name)) {
            return value_item(rows, i);
        }
    }
    fail_msg("no row %s", name);
    return NULL;
}

/* --- claims in words --- */

static const struct procedure FREE = {.name = "trial", .title = "试", .kind = ""};

static struct value *claim_in_words(struct trial *t, const char *json)
{
    return alignment_claim(t->arena, &FREE, tables_real(), read(t, json), false);
}

static const char LOAN[] =
    "{\"claim\":{\"requests\":[{\"text\":\"偿还借款50000元\"},{\"text\":\"承担诉讼费用\"}],"
    "\"facts\":\"2025年3月14日借款50000元。\\n\\n  到期没有归还。\\n\"}}";

static void a_claim_in_words_has_a_row_for_each_request_and_paragraph(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct value *rows = claim_in_words(&t, LOAN);
    assert_int_equal(value_count(rows), 5);
    assert_string_equal(value_get_str(row_of(rows, "claim.2"), "claim").p, "承担诉讼费用");
    assert_string_equal(value_get_str(row_of(rows, "claim.2"), "label").p,
                        "对第2项诉讼请求有无异议");
    assert_string_equal(value_get_str(row_of(rows, "facts.2"), "claim").p, "到期没有归还。");
    assert_true(value_get_bool(row_of(rows, "facts.basis"), "own"));
    rows = claim_in_words(&t, "{\"claim\":{\"requests\":[],\"facts\":\"一段𠮷㼆𬭩\"}}");
    assert_string_equal(value_get_str(row_of(rows, "facts.1"), "label").p, "对事实与理由有无异议");
    assert_string_equal(value_get_str(row_of(rows, "facts.1"), "claim").p, "一段𠮷㼆𬭩");
    assert_int_equal(value_count(claim_in_words(&t, "{}")), 0);
    assert_int_equal(value_count(claim_in_words(&t, "{\"claim\":{\"facts\":\" \\n \"}}")), 0);
    trial_end(&t);
}

static void no_claim_has_more_rows_than_can_be_answered(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *values = value_map(t.arena);
    struct value *claim = value_map(t.arena);
    struct value *requests = value_list(t.arena);
    struct buf facts;
    buf_init(&facts, t.arena, 1 << 16);
    for (int i = 0; i < 300; i++) {
        struct value *one = value_map(t.arena);
        value_set_str(t.arena, one, "text", str_printf(t.arena, "请求%d", i));
        value_add(t.arena, requests, one);
        buf_printf(&facts, "第%d段\n", i);
    }
    value_set(t.arena, claim, "requests", requests);
    value_set(t.arena, values, "claim", claim);
    assert_int_equal(value_count(alignment_claim(t.arena, &FREE, tables_real(), values, false)),
                     ALIGNMENT_ROWS_MAX);
    value_remove(claim, "requests");
    value_set_str(t.arena, claim, "facts", buf_done(&facts));
    const struct value *rows = alignment_claim(t.arena, &FREE, tables_real(), values, false);
    assert_int_equal(value_count(rows), 101); /* the hundredth holds the rest */
    assert_true(str_has(value_get_str(row_of(rows, "facts.100"), "claim"), "第299段"));
    trial_end(&t);
}

/* --- side by side --- */

static const char TWO[] = "[{\"party\":2,\"name\":\"王某\"},{\"party\":3,\"name\":\"李某\"}]";

struct answers {
    struct trial *t;
    const struct value *claim;
    struct value *list;
};

static void answer(struct answers *a, int64_t party, const char *rows)
{
    struct value *one = value_map(a->t->arena);
    value_set_int(a->t->arena, one, "party", party);
    value_set(a->t->arena, one, "rows",
              alignment_answered(a->t->arena, a->claim, read(a->t, rows)));
    value_add(a->t->arena, a->list, one);
}

static const char *status_of(struct answers *a, const char *parties, const char *row)
{
    const struct value *table =
        alignment_table(a->t->arena, a->claim, read(a->t, parties), a->list);
    return value_get_str(row_of(value_get(table, "rows"), row), "status").p;
}

static void assert_status(const char *first, const char *second, const char *status)
{
    struct trial t;
    trial_begin(&t);
    struct answers a = {&t, claim_in_words(&t, LOAN), value_list(t.arena)};
    if (first != NULL) {
        answer(&a, 2, arena_printf(t.arena, "[{\"row\":\"claim.1\",\"stance\":\"%s\"}]", first));
    }
    if (second != NULL) {
        answer(&a, 3, arena_printf(t.arena, "[{\"row\":\"claim.1\",\"stance\":\"%s\"}]", second));
    }
    assert_string_equal(status_of(&a, TWO, "claim.1"), status);
    trial_end(&t);
}

static void a_row_is_undisputed_when_all_admit_it(void **state)
{
    (void)state;
    assert_status("admit", "admit", "undisputed");
    assert_status("admit", NULL, "open");
    assert_status(NULL, NULL, "open");
    assert_status("admit", "unknown", "asked");
    assert_status("unknown", "unknown", "asked");
    assert_status("unknown", NULL, "open");
    assert_status("admit", "deny", "disputed");
    assert_status("partly", "admit", "disputed");
    assert_status("deny", NULL, "disputed");
    assert_status("deny", "unknown", "disputed");
}

static void without_defendants_nothing_is_undisputed(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct answers a = {&t, claim_in_words(&t, LOAN), value_list(t.arena)};
    assert_string_equal(status_of(&a, "[]", "claim.1"), "open");
    const struct value *none = alignment_table(t.arena, value_list(t.arena), read(&t, TWO), NULL);
    assert_int_equal(value_count(value_get(none, "rows")), 0);
    assert_int_equal(value_as_int(value_at(none, "counts.open")), 0);
    trial_end(&t);
}

/* Only what is changed is asked again. */
static void an_answer_to_what_was_changed_no_longer_counts(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct answers a = {&t, claim_in_words(&t, LOAN), value_list(t.arena)};
    answer(&a, 2,
           "[{\"row\":\"claim.1\",\"stance\":\"admit\"},{\"row\":\"claim.2\",\"stance\":\"admit\"},"
           "{\"row\":\"facts.basis\",\"reason\":\"民法典\"}]");
    a.claim = claim_in_words(&t, "{\"claim\":{\"requests\":[{\"text\":\"偿还借款30000元\"},"
                                 "{\"text\":\"承担诉讼费用\"}],\"facts\":\"\"}}");
    const struct value *table =
        alignment_table(t.arena, a.claim, read(&t, "[{\"party\":2,\"name\":\"王某\"}]"), a.list);
    const struct value *first = row_of(value_get(table, "rows"), "claim.1");
    assert_string_equal(value_get_str(first, "status").p, "open");
    assert_true(value_as_int(value_at(table, "counts.undisputed")) == 1);
    assert_true(value_get_bool(value_item(value_get(first, "answers"), 0), "changed"));
    assert_string_equal(value_as_str(value_at(table, "own.0.text")).p, "民法典");
    trial_end(&t);
}

static void what_says_nothing_is_not_kept(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct value *claim = claim_in_words(&t, LOAN);
    const struct value *kept = alignment_answered(
        t.arena, claim,
        read(&t,
             "[{\"row\":\"claim.1\"},{\"row\":\"claim.2\",\"stance\":\"deny\",\"reason\":\"不\","
             "\"evidence\":[]},{\"row\":\"claim.9\",\"stance\":\"admit\"},"
             "{\"row\":\"facts.basis\",\"stance\":\"deny\"}]"));
    assert_int_equal(value_count(kept), 1);
    assert_string_equal(value_as_str(value_at(kept, "0.row")).p, "claim.2");
    assert_null(value_at(kept, "0.evidence"));
    assert_int_equal(value_as_str(value_at(kept, "0.digest")).n, ALIGNMENT_DIGEST_CHARS);
    trial_end(&t);
}

/* What is being typed may be longer than what may be handed in: one copy of it, not one a row. */
static void evidence_is_written_once_however_long(void **state)
{
    (void)state;
    struct trial t;

    enum { ROWS = 6000 };

    trial_begin(&t);
    struct value *rows = value_list(t.arena);
    struct value *row = read(&t, "{\"material\":7,\"page\":\"12\"}");
    const struct matter m = {0};
    for (int i = 0; i < ROWS; i++) {
        value_add(t.arena, rows, row);
    }
    Str text = alignment_evidence(t.arena, &m, rows);
    assert_false(arena_is_over(t.arena));
    assert_true(str_starts(text, "（第7号材料）第12页；（第7号材料）第12页"));
    assert_true(text.n > (size_t)ROWS * strlen("（第7号材料）第12页"));
    trial_end(&t);
}

/* --- by a form --- */

static const char LETTER[] =
    "procedure: letter\n"
    "title: 来信\n"
    "begin: {by: [person]}\n"
    "parties: {applicant: 申请人}\n"
    "states: {draft: {title: 草稿}, done: {title: 办结, end: true}}\n"
    "acts:\n"
    "  submit: {title: 提交, by: [party.applicant], from: [draft], to: done, "
    "form: [{forms: all}]}\n";

static const char FORM[] =
    "form: loan\n"
    "number: \"09\"\n"
    "title: 借款\n"
    "about: 借款\n"
    "total: total\n"
    "sum: [principal]\n"
    "%s"
    "sections:\n"
    "  - section: loan-claim\n"
    "    title: 请求\n"
    "    rows:\n"
    "      - row: 本金\n"
    "        print: \"{principal}元\"\n"
    "        fields:\n"
    "          - {name: principal, title: 本金, type: money, required: true, help: 多少, "
    "example: 100}\n"
    "      - row: 是否主张费用\n"
    "        print: \"{costs}\"\n"
    "        fields:\n"
    "          - {name: costs, title: 费用, type: yes-no, required: false, help: 是否, "
    "example: true}\n"
    "      - row: 总额\n"
    "        print: \"{total}元\"\n"
    "        fields:\n"
    "          - {name: total, title: 总额, type: money, required: false, help: 多少, "
    "example: 100}\n"
    "  - section: loan-facts\n"
    "    title: 事实\n"
    "    rows:\n"
    "      - row: 合同\n"
    "        print: \"{contract}\"\n"
    "        fields:\n"
    "          - {name: contract, title: 合同, type: text, required: true, help: 写, "
    "example: 借条}\n"
    "      - row: 依据\n"
    "        own: 答辩依据\n"
    "        print: \"{basis}\"\n"
    "        fields:\n"
    "          - {name: basis, title: 依据, type: text, required: true, help: 写, "
    "example: 民法典}\n";

static enum status load(struct trial *t, const char *answers, struct procedures **out)
{
    static const struct rule *const none[] = {NULL};
    const struct procedure_source sources[] = {
        {"forms/09.yaml", str_printf(t->arena, FORM, answers)},
        {"procedures/letter/1.yaml", str_of(LETTER)},
    };
    const struct load_world world = {.rules = none};
    return procedures_load(&t->cx, sources, 2, &world, out);
}

static const struct value *claim_by_form(struct trial *t, const char *answers, const char *values,
                                         bool all)
{
    struct procedures *set = NULL;
    if (load(t, answers, &set) != OK) {
        fail_msg("%s", t->cx.failure.detail.p);
    }
    return alignment_claim(t->arena, procedure_find(set, STR("letter"), 1), tables_real(),
                           read(t, values), all);
}

#define CAUSE \
    "\"cause\":\"民间借贷纠纷\",\"style\":\"element\",\"claim\":{\"form\":\"09\",\"amount\":100}"

static const char SAID[] = "{" CAUSE ",\"loan-claim\":{\"principal\":100,\"costs\":false},"
                           "\"loan-facts\":{\"contract\":\"借条\",\"basis\":\"民法典\"}}";

static void without_words_of_its_own_a_form_is_answered_row_by_row(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct value *rows = claim_by_form(&t, "", SAID, false);
    assert_int_equal(value_count(rows), 4); /* what is not claimed needs no answer */
    assert_string_equal(value_get_str(row_of(rows, "claim.principal"), "label").p,
                        "对本金有无异议");
    assert_string_equal(value_get_str(row_of(rows, "claim.total"), "claim").p, "1.00元");
    assert_string_equal(value_get_str(row_of(rows, "facts.contract"), "claim").p, "借条");
    assert_string_equal(value_get_str(row_of(rows, "facts.basis"), "label").p, "答辩依据");
    assert_true(value_get_bool(row_of(rows, "facts.basis"), "own"));
    rows = claim_by_form(&t, "", SAID, true);
    assert_string_equal(value_get_str(row_of(rows, "claim.costs"), "label").p, "对费用有无异议");
    trial_end(&t);
}

static void the_official_answer_groups_and_names_rows(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    static const char GROUPED[] =
        "answer:\n"
        "  claim:\n"
        "    - {row: 对各项请求有无异议, name: sums, to: [principal, costs]}\n"
        "    - {row: 对合同有无异议, to: [contract]}\n"
        "    - {row: 证据清单, name: evidence}\n";
    const struct value *rows =
        claim_by_form(&t, GROUPED,
                      "{" CAUSE ",\"loan-claim\":{\"principal\":100,\"costs\":true},"
                      "\"loan-facts\":{\"contract\":\"无\"}}",
                      false);
    assert_string_equal(value_get_str(row_of(rows, "claim.sums"), "claim").p,
                        "本金：1.00元\n是否主张费用：是☑　否□");
    assert_true(value_get_bool(row_of(rows, "claim.evidence"), "own"));
    assert_true(value_get_bool(row_of(rows, "claim.total"), "ours")); /* left out, asked below */
    assert_int_equal(value_count(rows), 3); /* where nothing is the contract, it is not asked */
    trial_end(&t);
}

static void an_answer_with_faults_does_not_compile(void **state)
{
    static const char *const faults[][2] = {
        {"answer: {claim: [{row: 对利息有无异议, to: [interest]}]}\n",
         "forms/09.yaml:7: the complaint has no row that asks: interest"},
        {"answer: {claim: [{row: 甲, to: [total]}, {row: 乙, to: [total]}]}\n",
         "forms/09.yaml:7: answered twice: total"},
        {"answer: {claim: [{row: 甲}]}\n",
         "forms/09.yaml:7: row of the answer without label or name: "},
        {"answer: {claim: [{to: [total]}]}\n",
         "forms/09.yaml:7: row of the answer without label or name: total"},
        {"answer: {claims: []}\n", "forms/09.yaml:7: unknown key: claims"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct trial t;
        struct procedures *set = NULL;
        trial_begin(&t);
        assert_int_equal(load(&t, faults[i][0], &set), E_READ);
        assert_string_equal(t.cx.failure.detail.p, faults[i][1]);
        trial_end(&t);
    }
}

/* --- whose answer --- */

static void an_agent_of_several_says_for_whom(void **state)
{
    (void)state;
    struct party parties[] = {{.n = 1, .role = STR("plaintiff")},
                              {.n = 2, .role = STR("defendant")},
                              {.n = 3, .role = STR("defendant")}};
    struct attachment people[] = {
        {.person = 1, .role = STR("plaintiff"), .party = 1},
        {.person = 2, .role = STR("defendant"), .party = 2},
        {.person = 7, .role = STR("litigation-agent"), .party = 2, .authority = STR("general")},
        {.person = 7, .role = STR("litigation-agent"), .party = 3, .authority = STR("special")},
        {.person = 8, .role = STR("litigation-agent"), .party = 1, .authority = STR("special")},
        {.person = 9, .role = STR("litigation-agent"), .party = 3, .until = 5},
    };
    const struct matter m = {
        .parties = parties, .party_count = 3, .attachments = people, .attachment_count = 6};
    assert_int_equal(alignment_side_of(&m, 2, 0).party, 2);
    assert_int_equal(alignment_side_of(&m, 2, 2).party, 2);
    assert_int_equal(alignment_side_of(&m, 2, 3).party, 0); /* another's is not his own */
    assert_int_equal(alignment_side_of(&m, 2, 1).party, 0);
    assert_int_equal(alignment_side_of(&m, 2, 99).party, 0);
    assert_int_equal(alignment_side_of(&m, 7, 0).party, 0);
    assert_int_equal(alignment_side_of(&m, 7, 3).party, 3);
    assert_true(alignment_side_of(&m, 7, 3).special);
    assert_false(alignment_side_of(&m, 7, 2).special);
    assert_int_equal(alignment_side_of(&m, 1, 0).party, 0);
    assert_int_equal(alignment_side_of(&m, 8, 2).party, 0);
    assert_int_equal(alignment_side_of(&m, 9, 3).party, 0);
    assert_int_equal(alignment_side_of(&m, 10, 2).party, 0);
    people[5] = (struct attachment){
        .person = 2, .role = STR("litigation-agent"), .party = 3, .authority = STR("special")};
    assert_int_equal(alignment_side_of(&m, 2, 0).party, 2); /* a defendant, and another's agent */
    assert_int_equal(alignment_side_of(&m, 2, 3).party, 3);
    assert_true(alignment_side_of(&m, 2, 3).agent);
    people[3].until = 5; /* of one client left */
    assert_int_equal(alignment_side_of(&m, 7, 0).party, 2);
    assert_int_equal(alignment_side_of(&m, 7, 3).party, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_claim_in_words_has_a_row_for_each_request_and_paragraph),
        cmocka_unit_test(no_claim_has_more_rows_than_can_be_answered),
        cmocka_unit_test(a_row_is_undisputed_when_all_admit_it),
        cmocka_unit_test(without_defendants_nothing_is_undisputed),
        cmocka_unit_test(an_answer_to_what_was_changed_no_longer_counts),
        cmocka_unit_test(what_says_nothing_is_not_kept),
        cmocka_unit_test(evidence_is_written_once_however_long),
        cmocka_unit_test(without_words_of_its_own_a_form_is_answered_row_by_row),
        cmocka_unit_test(the_official_answer_groups_and_names_rows),
        cmocka_unit_test(an_answer_with_faults_does_not_compile),
        cmocka_unit_test(an_agent_of_several_says_for_whom),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
