#include <string.h>

#include "base/test.h"
#include "web/guidance.h"

static struct trial trial;

static int setup(void **state)
{
    (void)state;
    trial_begin(&trial);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    trial_end(&trial);
    return 0;
}

static const char *filled(const char *text, const char *name, const char *value)
{
    struct value *args = value_map(trial.arena);
    value_set_text(trial.arena, args, name, value);
    return guidance_fill(trial.arena, str_of(text), args).p;
}

static void test_names_are_filled_in(void **state)
{
    (void)state;
    assert_string_equal(filled("请在{due}前决定。", "due", "3月9日"), "请在3月9日前决定。");
    assert_string_equal(filled("没有名字", "due", "3月9日"), "没有名字");
}

static void test_a_sentence_about_nothing_is_left_out_whole(void **state)
{
    (void)state;
    assert_string_equal(
        filled("收到时间：{arrived}。应在{due}前决定。不交的，退回。", "due", "3月9日"),
        "应在3月9日前决定。不交的，退回。");
    assert_string_equal(filled("请在{due}前决定", "due", ""), "");
    assert_string_equal(filled("甲{due}。乙{unknown}。", "due", "x"), "甲x。");
}

static void test_what_is_no_name_stays(void **state)
{
    (void)state;
    assert_string_equal(filled("花括号{没有关", "due", "x"), "花括号{没有关");
    assert_string_equal(filled("", "due", "x"), "");
}

/* --- reading: the faults that a lawyer's edit may have --- */

static const char elements[] = "element: note\ntitle: 说明\ntype: text\nexample: 文\n";
static const char procedure[] =
    "procedure: request\ntitle: 申请\nbegin: {by: [person]}\nparties: {applicant: 申请人}\n"
    "states:\n  draft: {title: 草稿，尚未提交}\n  done: {title: 已收到, end: true}\n"
    "acts:\n  submit: {title: 提交, by: [party.applicant], from: [draft], to: done, form: [note]}\n";

/* Another that is laid over an envelope; both have words. */
static const char envelope[] =
    "envelope: asking\nbegin: {by: [person]}\nparties: {applicant: 申请人}\n"
    "states:\n  draft: {title: 草稿，尚未提交}\n  done: {title: 已收到, end: true}\n"
    "acts:\n  submit: {title: 提交, by: [party.applicant], from: [draft], to: done}\n";
static const char letter[] =
    "procedure: letter\nenvelope: asking\ntitle: 来信\nacts:\n  submit: {form: [note]}\n";

static struct share_file file_of(const char *path, const char *text)
{
    return (struct share_file){
        .path = path, .bytes = (const unsigned char *)text, .size = str_of(text).n, .etag = path};
}

static bool no_paper(void *arg, const char *paper)
{
    (void)arg;
    (void)paper;
    return false;
}

static enum status read_words(const char *words, const struct guidance **out)
{
    static const struct rule *const none[] = {NULL};
    struct procedure_source sources[] = {{"procedures/request/1.yaml", str_of(procedure)},
                                         {"elements/note.yaml", str_of(elements)},
                                         {"envelopes/asking.yaml", str_of(envelope)},
                                         {"procedures/letter/1.yaml", str_of(letter)}};
    struct load_world world = {.rules = none, .paper_exists = no_paper};
    struct procedures *procedures = NULL;
    struct share *share = NULL;
    cx_forgive(&trial.cx);
    world.tables = arena_alloc(trial.arena, sizeof(struct law_tables));
    if (procedures_load(&trial.cx, sources, 4, &world, &procedures) != OK) {
        fail_msg("%s", trial.cx.failure.detail.p);
    }
    const struct share_file files[] = {
        file_of("data/doors.yaml", "- {title: 申请, text: 说明, procedure: request}\n"),
        file_of("data/guidance/asking.yaml", "noun: 信\nstates:\n  done: {tone: plain}\n"),
        file_of("data/guidance/letter.yaml", "states:\n  done: {party: {title: 收到}}\n"),
        file_of("data/guidance/request.yaml", words),
    };
    assert_int_equal(share_open(&trial.cx, files, 4, NULL, &share), OK);
    enum status status = guidance_read(&trial.cx, trial.arena, share, procedures, out);
    share_close(share);
    return status;
}

static void test_words_are_found_by_procedure(void **state)
{
    const struct guidance *guidance = NULL;
    (void)state;
    assert_int_equal(
        read_words("noun: 材料\nstates:\n  done: {tone: good, party: {title: 好}}\n", &guidance),
        OK);
    const struct value *words = guidance_of(guidance, STR("request"));
    assert_string_equal(value_get_str(words, "noun").p, "材料");
    assert_string_equal(value_as_str(value_at(words, "states.done.party.title")).p, "好");
    assert_int_equal(value_count(guidance_of(guidance, STR("other"))), 0);
    assert_int_equal(value_count(guidance_doors(guidance)), 1);
}

static void test_words_are_laid_over_those_of_the_envelope(void **state)
{
    const struct guidance *guidance = NULL;
    (void)state;
    assert_int_equal(read_words("noun: 材料\n", &guidance), OK);
    const struct value *words = guidance_of(guidance, STR("letter"));
    assert_string_equal(value_get_str(words, "noun").p, "信");
    assert_string_equal(value_as_str(value_at(words, "states.done.tone")).p, "plain");
    assert_string_equal(value_as_str(value_at(words, "states.done.party.title")).p, "收到");
    assert_int_equal(value_count(guidance_of(guidance, STR("asking"))), 0);
}

static void refused(const char *words, const char *why)
{
    const struct guidance *guidance = NULL;
    assert_int_equal(read_words(words, &guidance), E_READ);
    assert_string_equal(trial.cx.failure.code, "data-unreadable");
    assert_non_null(strstr(trial.cx.failure.detail.p, why));
}

static void test_words_about_what_is_not_there_are_refused(void **state)
{
    (void)state;
    refused("states:\n  gone: {tone: good}\n", "no such state");
    refused("states:\n  done: {party: {title: 好, late: {text: \"到{due.gone}。\"}}}\n",
            "no such clock");
    refused("acts:\n  fly: {about: 飞}\n", "no such act");
    refused("states:\n  done: {party: {title: 好, acts: [fly]}}\n", "no such act");
    refused("states:\n  done: {colour: good}\n", "unknown key");
    refused("acts:\n  submit: {link: {gone: 去}}\n", "no such state");
    refused("wish: 好\n", "unknown key");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_names_are_filled_in, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_sentence_about_nothing_is_left_out_whole, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_what_is_no_name_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(test_words_are_found_by_procedure, setup, teardown),
        cmocka_unit_test_setup_teardown(test_words_are_laid_over_those_of_the_envelope, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_words_about_what_is_not_there_are_refused, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
