#include <stdio.h>
#include <string.h>

#include "base/test.h"
#include "base/yaml.h"
#include "law/tables_sample.h"
#include "proof/proof.h"

static Str file_text(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct buf text;
    buf_init(&text, arena, (size_t)8 << 20);
    char part[4096];
    for (size_t n = 0; (n = fread(part, 1, sizeof part, file)) > 0;) {
        buf_add(&text, part, n);
    }
    (void)fclose(file);
    return buf_done(&text);
}

static const struct proof_world *world_real(void)
{
    static struct arena *arena = NULL;
    static struct proof_world world;
    if (arena == NULL) {
        struct cx cx;
        arena = arena_open((size_t)64 << 20);
        cx_init(&cx, arena);
        world.tables = tables_real();
        enum status status = statutes_build(&cx, arena, sample_text(arena, "statutes.csv"),
                                            sample_text(arena, "renumbered.csv"), &world.statutes);
        if (status == OK) {
            status = words_build(&cx, arena, sample_text(arena, "slips.tsv"), &world.words);
        }
        if (status == OK) {
            status =
                articles_build(&cx, arena, sample_text(arena, "articles.tsv"), &world.articles);
        }
        struct share *share = NULL;
        struct language_texts texts;
        assert_int_equal(share_open(&cx, NULL, 0, ".", &share), OK);
        language_texts_of(arena, share, &texts);
        world.language = language_shelf_new(arena, &texts);
        assert_non_null(language_of(world.language));
        if (status != OK) {
            print_error("%s\n", cx.failure.detail.p);
        }
        assert_int_equal(status, OK);
    }
    return &world;
}

static void check_text(struct trial *t, Str text, const struct value *facts, struct findings *out)
{
    proof_check(t->arena, world_real(), text, facts, date_of(2026, 11, 29), out);
}

static void print_findings(const char *what, Str text, const struct findings *f)
{
    for (uint32_t i = 0; i < f->count; i++) {
        const struct finding *one = &f->items[i];
        print_message("    %s: %s %.*s: %.*s\n", what, one->check, (int)(one->at.to - one->at.from),
                      text.p + one->at.from, STR_ARG(one->reason));
    }
}

/* Only this check, at least once. */
static bool only(const struct findings *f, Str check)
{
    bool good = f->count > 0;
    for (uint32_t i = 0; i < f->count; i++) {
        good = good && str_is(check, f->items[i].check);
    }
    return good;
}

static bool clean(const struct findings *f, Str check)
{
    for (uint32_t i = 0; i < f->count; i++) {
        if (f->items[i].severity == SEVERITY_ERROR || str_is(check, f->items[i].check)) {
            return false;
        }
    }
    return true;
}

/* The judgment with something else in the place of `from`. */
static Str replaced(struct trial *t, Str text, Str from, Str to)
{
    const char *at = strstr(text.p, from.p);
    assert_non_null(at);
    size_t before = (size_t)(at - text.p);
    return str_printf(t->arena, "%.*s%s%s", (int)before, text.p, to.p, at + from.n);
}

static int case_fails(struct trial *t, const struct value *one, Str judgment)
{
    int failures = 0;
    struct findings f;
    Str check = value_get_str(one, "check");
    const struct value *change = value_get(one, "replace");
    Str right = change == NULL ? value_get_str(one, "right") : judgment;
    Str wrong = change == NULL ? value_get_str(one, "wrong")
                               : replaced(t, judgment, value_get_str(change, "from"),
                                          value_get_str(change, "to"));
    check_text(t, wrong, value_get(one, "facts"), &f);
    if (!only(&f, check)) {
        print_message("%s:\n", check.p);
        print_findings("wrong", wrong, &f);
        failures++;
    }
    check_text(t, right, change == NULL ? value_get(one, "facts") : NULL, &f);
    if (!clean(&f, check)) {
        print_message("%s:\n", check.p);
        print_findings("right", right, &f);
        failures++;
    }
    return failures;
}

static void each_check_tells_wrong_from_right(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *file = NULL;
    Str yaml = file_text(t.arena, "test/proof/cases.yaml");
    if (yaml_read(&t.cx, "cases.yaml", yaml, &file) != OK) {
        print_error("%s\n", t.cx.failure.detail.p);
    }
    const struct value *cases = value_get(file, "cases");
    Str judgment = value_get_str(file, "judgment");
    int failures = 0;
    assert_true(value_count(cases) >= 75);
    for (uint32_t i = 0; i < value_count(cases); i++) {
        failures += case_fails(&t, value_item(cases, i), judgment);
    }
    const struct value *checks = proof_checks(t.arena);
    for (uint32_t i = 0; i < value_count(checks); i++) {
        Str check = value_get_str(value_item(checks, i), "check");
        bool tried = false;
        for (uint32_t k = 0; k < value_count(cases); k++) {
            tried = tried || str_same(value_get_str(value_item(cases, k), "check"), check);
        }
        if (!tried) {
            print_message("%s: no case\n", check.p);
            failures++;
        }
    }
    assert_int_equal(failures, 0);
    trial_end(&t);
}

/* Nothing fails, whatever comes: parts of a document, its bytes turned round, one kind of mark
 * until the text has half a megabyte (what grew with the square of that would not end). */
static void any_text_is_read(void **state)
{
    (void)state;
    static const char *const marks[] = {"《",
                                        "（",
                                        "（2025）京0105民初",
                                        "条",
                                        "元",
                                        "月",
                                        "一、",
                                        "承担",
                                        "1",
                                        "，",
                                        "案件受理费",
                                        "年",
                                        "原告：张三丰，\n",
                                        "1元，",
                                        "共计1元",
                                        "2025年1月1日，",
                                        "承担3%",
                                        "《民法典》第一条、",
                                        "1元×2元=3元",
                                        "期限一年",
                                        "纠纷一案",
                                        "朝阳区人民法院",
                                        "本院认为",
                                        "判决如下：",
                                        "住1号楼，",
                                        "(",
                                        "”",
                                        "《（“",
                                        "1）"};
    struct trial t;
    trial_begin(&t);
    Str judgment = file_text(t.arena, "test/proof/cases.yaml");
    for (size_t i = 0; i < judgment.n; i += 97) {
        struct arena_mark mark = arena_mark(t.arena);
        size_t from = i;
        while (from < judgment.n && ((unsigned char)judgment.p[from] & 0xC0U) == 0x80U) {
            from++;
        }
        struct findings f;
        check_text(&t, str_slice(t.arena, judgment, from, judgment.n), NULL, &f);
        arena_rewind(t.arena, mark);
    }
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        struct arena_mark mark = arena_mark(t.arena);
        struct buf text;
        buf_init(&text, t.arena, (size_t)4 << 20);
        while (text.n < 500000) {
            buf_text(&text, marks[i]);
        }
        struct findings f;
        check_text(&t, buf_done(&text), NULL, &f);
        assert_true(f.count <= FINDINGS_MAX);
        arena_rewind(t.arena, mark);
    }
    trial_end(&t);
}

/* Rows, and an enumeration, of the most that is money: together they would leave int64. */
static void sums_of_great_amounts_do_not_run_over(void **state)
{
    (void)state;
    static const char *const amounts[] = {"999999999999999元", "3999999999999元"};
    struct trial t;
    trial_begin(&t);
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        for (int as_rows = 0; as_rows < 2; as_rows++) {
            struct buf text;
            struct findings f;
            buf_init(&text, t.arena, (size_t)1 << 20);
            for (int k = 0; k < 150; k++) {
                buf_printf(&text, "%s%s", amounts[i], as_rows != 0 ? "\n" : "、");
            }
            buf_printf(&text, "合计%s", amounts[i]);
            check_text(&t, buf_done(&text), NULL, &f);
            bool told = false;
            for (uint32_t k = 0; k < f.count; k++) {
                told = told || str_is(str_of(f.items[k].check), "C01");
            }
            assert_int_equal(told, i == 1); /* what is more than is read is not judged */
        }
    }
    trial_end(&t);
}

/* What no list names: sentences that stand in no file of ours. */
static void slips_are_found_by_what_was_meant(void **state)
{
    (void)state;

    static const struct {
        const char *wrong, *found, *proposal;
    } cases[] = {
        {"被告未按合同约定履行付款意务，应当承担违约责任。", "意务", "义务"},
        {"原告向法院提起诉讼，请求被告赔偿损矢三万元。", "损矢", "损失"},
        {"双方就损害赔偿达成了条解协议。", "条解", "调解"},
        {"用人单位应当为劳动者缴纳社会保脸费。", "保脸", "保"},
        {"应当承担连代清偿责任。", "连代", "连带"},
        {"被告对鉴定意见没有移议。", "移议", ""},
        {"原告主张的医疗费费应当扣除。", "费费", "费"},
        {"双方因劳动劳动报酬发生纠纷。", "劳动劳动", "劳动"},
        {"被告末经许可使用该商标。", "末经", "未经"},
        {"双方签定合同后，被告未按约定支忖货款。", "支忖", "支付"},
        {"被告应当赔尝原告的经济损失。", "赔尝", "赔偿"},
        {"法院依法折除了违章建筑。", "折除", "拆除"},
        {"当事人对自已提出的主张负有举证责任。", "自已", "自己"},
        {"该协议是双方真买意思表示。", "真买", "真实"},
        {"被告的行为违友合同约定。", "违友", "违反"},
    };
    struct trial t;
    trial_begin(&t);
    int failures = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct findings f;
        Str text = str_of(cases[i].wrong);
        bool good = false;
        check_text(&t, text, NULL, &f);
        for (uint32_t k = 0; k < f.count; k++) {
            const struct finding *one = &f.items[k];
            const char *at = strstr(cases[i].wrong, cases[i].found);
            size_t from = (size_t)(at - cases[i].wrong);
            good = good || (text_is(one->check, "F10") && one->at.from <= from &&
                            one->at.to >= from + strlen(cases[i].found) &&
                            strstr(one->proposal.p, cases[i].proposal) != NULL);
        }
        if (!good) {
            print_message("%s\n", cases[i].wrong);
            print_findings("found", text, &f);
            failures++;
        }
    }
    assert_int_equal(failures, 0);
    trial_end(&t);
}

/* People, figures, capitals and public names are no slips. */
static void what_is_right_is_left_alone(void **state)
{
    (void)state;
    static const char *const right[] = {
        "原告：欧阳澍雯，女，1990年1月2日出生。\n被告欧阳澍雯未到庭。",
        "审判长　郗韫泽\n书记员　亓官懋",
        "如果未按本判决指定的期间履行给付金钱义务，应当加倍支付迟延履行期间的债务利息。",
        "借款人民币壹拾贰万叁仟肆佰伍拾元整。",
        "原告告知被告人人身损害的事实，双方方才签字。",
        "依照《中华人民共和国民法典》第五百七十七条、第五百八十五条规定，判决如下：",
    };
    struct trial t;
    trial_begin(&t);
    int failures = 0;
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        struct findings f;
        check_text(&t, str_of(right[i]), NULL, &f);
        for (uint32_t k = 0; k < f.count; k++) {
            failures += text_is(f.items[k].check, "F10");
        }
        print_findings("right", str_of(right[i]), &f);
    }
    assert_int_equal(failures, 0);
    trial_end(&t);
}

/* What is said of a cause stands at the cause, not at the parties in front of it. */
static void a_cause_is_told_from_the_parties(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Str text = STR("民事判决书\n原告：林晓舟，女，汉族，住北京市朝阳区。\n"
                   "被告：王志远，男，汉族，住北京市朝阳区。\n"
                   "原告林晓舟与被告王志远民间借款纠纷一案，本院立案后，依法进行了审理。\n");
    struct findings f;
    bool said = false;
    check_text(&t, text, NULL, &f);
    for (uint32_t i = 0; i < f.count; i++) {
        const struct finding *one = &f.items[i];
        if (text_is(one->check, "B05")) {
            said = true;
            assert_true(str_is(str_slice(t.arena, text, one->at.from, one->at.to), "民间借款纠纷"));
        }
    }
    assert_true(said);
    trial_end(&t);
}

/* Sentences of judgments whose words double rightly, names, contracts cited in their own figures,
 * terms of one trade: nothing of spelling or counting is said of any, alone or together. */
static void right_sentences_are_left_alone(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    int failures = 0;
    int lines = 0;
    Str all = file_text(t.arena, "test/proof/right.txt");
    for (size_t at = 0; at < all.n; lines++) {
        const char *end = memchr(all.p + at, '\n', all.n - at);
        size_t to = end == NULL ? all.n : (size_t)(end - all.p);
        Str line = str_slice(t.arena, all, at, to);
        struct findings f;
        check_text(&t, line, NULL, &f);
        for (uint32_t k = 0; k < f.count; k++) {
            failures += text_is(f.items[k].check, "F10") || text_is(f.items[k].check, "E12");
        }
        print_findings("right", line, &f);
        at = to + 1;
    }
    struct findings f;
    check_text(&t, all, NULL, &f);
    for (uint32_t k = 0; k < f.count; k++) {
        failures += text_is(f.items[k].check, "F10") || text_is(f.items[k].check, "E12");
    }
    assert_true(lines >= 40);
    assert_int_equal(failures, 0);
    trial_end(&t);
}

/* Ten whole documents of invented people, all of them right: no error in any, and of slips that
 * are none at most one. */
static void whole_documents_are_left_alone(void **state)
{
    (void)state;
    static const char *const names[] = {"answer",
                                        "complaint",
                                        "judgment-labour",
                                        "judgment-loan",
                                        "judgment-sale-summary",
                                        "judgment-second",
                                        "mediation",
                                        "ruling-ended",
                                        "ruling-preservation",
                                        "ruling-withdrawal"};
    struct trial t;
    trial_begin(&t);
    int errors = 0;
    int others = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[96];
        (void)snprintf(path, sizeof path, "test/proof/documents/%s.txt", names[i]);
        Str text = file_text(t.arena, path);
        struct findings f;
        check_text(&t, text, NULL, &f);
        for (uint32_t k = 0; k < f.count; k++) {
            errors += f.items[k].severity == SEVERITY_ERROR;
            others += f.items[k].severity == SEVERITY_WARNING;
        }
        print_findings(names[i], text, &f);
    }
    assert_int_equal(errors, 0);
    assert_true(others <= 1);
    trial_end(&t);
}

/* A list that cannot be read is refused with its line. */
static void a_damaged_language_is_refused(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);

    static const struct {
        const char *words, *sounds, *shapes, *said;
    } cases[] = {
        {"word\tcount\n原告\tmany\n", "sound\tcharacters\na\t啊\n", "characters\n末未\n",
         "words.tsv:2"},
        {"word\tcount\n原告\t0\n", "sound\tcharacters\na\t啊\n", "characters\n末未\n",
         "words.tsv:2"},
        {"word\tcount\n原告\t5\n\t7\n", "sound\tcharacters\na\t啊\n", "characters\n末未\n",
         "words.tsv:3"},
        {"word\tcount\n原告\n", "sound\tcharacters\na\t啊\n", "characters\n末未\n", "words.tsv:2"},
        {"word\tcount\n原告\t5\n", "sound\tcharacters\n\t啊\n", "characters\n末未\n",
         "sounds.tsv:2"},
        {"word\tcount\n原告\t5\n", "sound\tcharacters\na\t啊\n", "characters\n末未\n已\n",
         "shapes.tsv:3"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_open((size_t)64 << 20);
        const struct language *language = NULL;
        const struct language_texts texts = {.words_tsv = str_of(cases[i].words),
                                             .sounds_tsv = str_of(cases[i].sounds),
                                             .shapes_tsv = str_of(cases[i].shapes),
                                             .divisions_csv = STR("name\n京\n")};
        cx_init(&t.cx, t.arena);
        assert_int_equal(language_build(&t.cx, arena, &texts, &language), E_READ);
        assert_true(str_has(t.cx.failure.detail, cases[i].said));
        arena_close(arena);
    }
    const struct language_texts none = {.words_tsv = STR("")};
    const struct language *language = NULL;
    assert_int_equal(language_build(&t.cx, t.arena, &none, &language), OK);
    assert_int_equal(language_count(language), 0);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_check_tells_wrong_from_right),
        cmocka_unit_test(any_text_is_read),
        cmocka_unit_test(sums_of_great_amounts_do_not_run_over),
        cmocka_unit_test(slips_are_found_by_what_was_meant),
        cmocka_unit_test(what_is_right_is_left_alone),
        cmocka_unit_test(a_cause_is_told_from_the_parties),
        cmocka_unit_test(right_sentences_are_left_alone),
        cmocka_unit_test(whole_documents_are_left_alone),
        cmocka_unit_test(a_damaged_language_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
