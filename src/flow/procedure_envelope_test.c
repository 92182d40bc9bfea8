#include <string.h>

#include "base/test.h"
#include "flow/procedure.h"
#include "flow/rule.h"

static const char ENVELOPE[] =
    "envelope: request\n"
    "begin: {by: [person]}\n"
    "parties: {applicant: 申请人}\n"
    "states:\n"
    "  draft: {title: 草稿}\n"
    "  sent: {title: 待办}\n"
    "  done: {title: 办结, end: true}\n"
    "clocks:\n"
    "  reply: {title: 期限, starts: [sent], stops: [done], on_breach: late}\n"
    "acts:\n"
    "  submit: {title: 提交, by: [party.applicant], from: [draft], to: sent}\n"
    "  answer: {title: 答复, by: [court.judge], from: [sent], to: done}\n"
    "  late: {title: 超期, by: [system], from: [sent]}\n";

static const char LETTER[] = "procedure: letter\n"
                             "envelope: request\n"
                             "title: 来信\n"
                             "clocks:\n"
                             "  reply: {limit: 3 days}\n"
                             "acts:\n"
                             "  submit: {form: [note]}\n"
                             "  answer: {by: [court.clerk, court.judge]}\n";

static const char NOTE[] =
    "element: note\ntitle: 内容\ntype: text\nrequired: true\nexample: 您好\n";

static enum status load(struct trial *t, const char *envelope, const char *letter,
                        struct procedures **out)
{
    static const struct rule *const none[] = {NULL};
    const struct procedure_source sources[] = {
        {"elements/note.yaml", str_of(NOTE)},
        {"envelopes/request.yaml", str_of(envelope)},
        {"procedures/letter/1.yaml", str_of(letter)},
    };
    const struct load_world world = {.rules = none};
    return procedures_load(&t->cx, sources, 3, &world, out);
}

static void a_procedure_is_laid_over_its_envelope(void **state)
{
    (void)state;
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    assert_int_equal(load(&t, ENVELOPE, LETTER, &set), OK);
    const struct procedure *p = procedure_find(set, STR("letter"), 1);
    assert_non_null(p);
    assert_string_equal(p->title, "来信");
    assert_int_equal(p->state_count, 3);
    assert_int_equal(p->clocks[0].limit.length, 3);
    assert_string_equal(p->clocks[0].title, "期限");
    const struct act *submit = procedure_act(p, STR("submit"));
    const struct act *answer = procedure_act(p, STR("answer"));
    assert_string_equal(submit->title, "提交");
    assert_int_equal(submit->form_count, 1);
    assert_int_equal(answer->by_count, 2); /* a list is replaced, not joined */
    trial_end(&t);
}

/* A change in either file is another definition: matters that run on it would be stopped. */
static void the_definition_is_both_texts(void **state)
{
    (void)state;
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    assert_int_equal(load(&t, ENVELOPE, LETTER, &set), OK);
    Str text = procedure_find(set, STR("letter"), 1)->text;
    assert_int_equal(text.n, sizeof ENVELOPE + sizeof LETTER - 2);
    assert_true(str_starts(text, ENVELOPE));
    assert_true(str_ends(text, LETTER));
    trial_end(&t);
}

/* The text with one piece of it changed. */
static const char *spoilt(struct arena *arena, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void assert_fault(const char *envelope, const char *letter, const char *detail)
{
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    assert_int_equal(load(&t, envelope, letter, &set), E_READ);
    assert_string_equal(t.cx.failure.detail.p, detail);
    trial_end(&t);
}

static void a_fault_is_told_where_it_stands(void **state)
{
    (void)state;
    struct arena *arena = arena_open((size_t)1 << 20);
    assert_fault(spoilt(arena, ENVELOPE, "[system], from: [sent]", "[system], from: [gone]"),
                 LETTER, "envelopes/request.yaml:13: unknown state: gone");
    assert_fault(spoilt(arena, ENVELOPE, "to: done", "to: end"), LETTER,
                 "procedures/letter/1.yaml:8: unknown state: end"); /* laid over: both make it */
    assert_fault(spoilt(arena, ENVELOPE, "begin:", "start:"), LETTER,
                 "envelopes/request.yaml:2: unknown key: start");
    assert_fault(ENVELOPE, spoilt(arena, LETTER, "3 days", "3 weeks"),
                 "procedures/letter/1.yaml:5: length or unit of a period: 3 weeks");
    assert_fault(ENVELOPE, spoilt(arena, LETTER, "title", "titel"),
                 "procedures/letter/1.yaml:3: unknown key: titel");
    assert_fault(ENVELOPE, spoilt(arena, LETTER, "envelope: request", "envelope: answer"),
                 "procedures/letter/1.yaml:2: no such envelope: answer");
    assert_fault(spoilt(arena, ENVELOPE, "request", "inquiry"), LETTER,
                 "envelopes/request.yaml:1: envelope is not named as its file: request");
    /* What neither says is missing at the place that came last. */
    assert_fault(ENVELOPE, spoilt(arena, LETTER, "limit: 3 days", ""),
                 "procedures/letter/1.yaml:5: clock without limit: reply");
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_procedure_is_laid_over_its_envelope),
        cmocka_unit_test(the_definition_is_both_texts),
        cmocka_unit_test(a_fault_is_told_where_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
