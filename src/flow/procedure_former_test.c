#include <string.h>

#include "base/test.h"
#include "flow/procedure.h"
#include "law/tables_sample.h"

/* Two versions that the compiler takes; every test of a refusal spoils one place of them. */
static const char FIRST[] =
    "procedure: letter\n"
    "title: 来信\n"
    "begin: {by: [person]}\n"
    "parties: {writer: 来信人}\n"
    "states: {draft: {title: 草稿，尚未提交}, open: {title: 待回复}, done: {title: 已回复, end: true}}\n"
    "acts:\n"
    "  send: {title: 寄出, by: [party.writer], from: [draft], to: open, form: [body, note], "
    "materials: {photo: 0..}}\n"
    "  answer: {title: 回复, by: [court.clerk], from: [open], to: done}\n";

static const char SECOND[] =
    "procedure: letter\n"
    "title: 来信\n"
    "begin: {by: [person]}\n"
    "parties: {writer: 来信人}\n"
    "former:\n"
    "  note: {dropped: 不再需要}\n"
    "  materials.photo: {moved: materials.proof}\n"
    "states: {draft: {title: 草稿，尚未提交}, open: {title: 待回复}, done: {title: 已回复, end: true}}\n"
    "acts:\n"
    "  send: {title: 寄出, by: [party.writer], from: [draft], to: open, form: [body@2, contact], "
    "materials: {proof: 0..}}\n"
    "  answer: {title: 回复, by: [court.clerk], from: [open], to: done}\n";

static const char BODY[] =
    "element: body\n"
    "title: 正文\n"
    "type: group\n"
    "fields:\n"
    "  - {name: wish, title: 愿望, type: text, example: 快\n"
    "    }\n"
    "  - {name: why, title: 缘由, type: text, example: 急}\n"
    "  - {name: sum, title: 金额, type: money, example: 100}\n"
    "  - {name: rows, title: 行, type: list, fields: [{name: a, title: 甲, type: "
    "text, example: x}, {name: b, title: 乙, type: text, example: y}]}\n";

static const char BODY_2[] =
    "element: body\n"
    "title: 正文\n"
    "type: group\n"
    "former:\n"
    "  body.wish: {moved: contact.wish}\n"
    "  body.sum: {merged: body.why}\n"
    "  body.rows.b: {moved: body.rows.c}\n"
    "fields:\n"
    "  - {name: why, title: 缘由, type: long-text, example: 急}\n"
    "  - {name: rows, title: 行, type: list, fields: [{name: a, title: 甲, "
    "type: text, example: x}, {name: c, title: 丙, type: text, example: y}]}\n";

static const char NOTE[] = "element: note\ntitle: 备注\ntype: text\nexample: 无\n";
static const char CONTACT[] = "element: contact\ntitle: 联系\ntype: group\nfields:\n"
                              "  - {name: wish, title: 愿望, type: text, example: 快}\n"
                              "  - {name: day, title: 日子, type: date, example: \"2026-03-02\"}\n";
static const char MATERIALS[] = "photo: 照片\nproof: 证据\n";

enum { FIRST_AT, SECOND_AT, BODY_AT, BODY_2_AT, NOTE_AT, CONTACT_AT, MATERIALS_AT, SOURCES };

static const struct procedure_source TEXTS[SOURCES] = {
    {"procedures/letter/1.yaml", {FIRST, sizeof FIRST - 1}},
    {"procedures/letter/2.yaml", {SECOND, sizeof SECOND - 1}},
    {"elements/body.yaml", {BODY, sizeof BODY - 1}},
    {"elements/body@2.yaml", {BODY_2, sizeof BODY_2 - 1}},
    {"elements/note.yaml", {NOTE, sizeof NOTE - 1}},
    {"elements/contact.yaml", {CONTACT, sizeof CONTACT - 1}},
    {"elements/materials.yaml", {MATERIALS, sizeof MATERIALS - 1}},
};

static bool no_paper(void *arg, const char *paper)
{
    (void)arg;
    (void)paper;
    return false;
}

static int setup(void **state)
{
    static struct trial t;
    trial_begin(&t);
    *state = &t;
    return 0;
}

static int teardown(void **state)
{
    trial_end(*state);
    return 0;
}

static enum status load(struct trial *t, const struct procedure_source *sources,
                        struct procedures **out)
{
    static const struct rule *const rules[] = {NULL};
    struct load_world world = {.rules = rules, .paper_exists = no_paper, .tables = tables_real()};
    cx_forgive(&t->cx);
    return procedures_load(&t->cx, sources, SOURCES, &world, out);
}

/* With one place of one source changed it is refused with this detail; NULL: it is taken. */
static void spoil(void **state, int which, const char *from, const char *to, const char *detail)
{
    struct trial *t = *state;
    struct procedure_source sources[SOURCES];
    struct procedures *out = NULL;
    memcpy(sources, TEXTS, sizeof sources);
    const char *at = strstr(sources[which].text.p, from);
    assert_non_null(at);
    sources[which].text = str_printf(t->arena, "%.*s%s%s", (int)(at - sources[which].text.p),
                                     sources[which].text.p, to, at + strlen(from));
    enum status status = load(t, sources, &out);
    if (detail == NULL) {
        assert_int_equal(status, OK);
        return;
    }
    assert_int_equal(status, E_READ);
    assert_string_equal(t->cx.failure.detail.p, detail);
}

static void test_what_is_gone_is_declared(void **state)
{
    struct trial *t = *state;
    struct procedures *set = NULL;
    assert_int_equal(load(t, TEXTS, &set), OK);
    const struct procedure *newest = procedure_find(set, STR("letter"), 0);
    assert_int_equal(newest->version, 2);
    assert_ptr_equal(procedure_before(set, newest), procedure_find(set, STR("letter"), 1));
    assert_null(procedure_before(set, procedure_find(set, STR("letter"), 1)));
    assert_int_equal(field_find(newest->elements, newest->element_count, STR("body"))->version, 2);
}

static void test_a_question_that_is_gone_and_not_declared(void **state)
{
    spoil(state, BODY_2_AT, "  body.wish: {moved: contact.wish}\n", "",
          "elements/body@2.yaml:5: gone, and former does not say what became of it: body.wish");
    spoil(state, BODY_2_AT, "  body.rows.b: {moved: body.rows.c}\n", "",
          "elements/body@2.yaml:5: gone, and former does not say what became of it: body.rows.b");
    spoil(state, SECOND_AT, "  note: {dropped: 不再需要}\n", "",
          "procedures/letter/2.yaml:6: gone, and former does not say what became of it: note");
    spoil(state, SECOND_AT, "  materials.photo: {moved: materials.proof}\n", "",
          "procedures/letter/2.yaml:6: gone, and former does not say what became of it: "
          "materials.photo");
}

static void test_a_question_of_another_type_is_another_question(void **state)
{
    spoil(state, BODY_2_AT, "type: long-text", "type: date, help: x",
          "elements/body@2.yaml:6: former leads to what cannot hold it: body.why");
    spoil(state, BODY_AT, "name: why, title: 缘由, type: text, example: 急",
          "name: why, title: 缘由, type: number, example: 1",
          "elements/body@2.yaml:5: of another type, and former says nothing of it: body.why");
    spoil(state, BODY_2_AT, "type: long-text", "type: text", NULL);
}

static void test_a_declaration_says_one_thing(void **state)
{
    spoil(state, BODY_2_AT, "{moved: contact.wish}", "{moved: contact.wish, dropped: x}",
          "elements/body@2.yaml:5: former says one of moved, merged, dropped: body.wish");
    spoil(state, BODY_2_AT, "{moved: contact.wish}", "{dropped: \"\"}",
          "elements/body@2.yaml:5: former says one of moved, merged, dropped: body.wish");
    spoil(state, BODY_2_AT, "{moved: contact.wish}", "{lost: x}",
          "elements/body@2.yaml:5: unknown key: lost");
    spoil(state, BODY_2_AT, "{moved: contact.wish}", "x", "elements/body@2.yaml:5: not a map: ");
}

static void test_a_declaration_of_what_was_not_asked_or_still_is(void **state)
{
    spoil(state, BODY_2_AT, "former:\n", "former:\n  body.none: {dropped: x}\n",
          "elements/body@2.yaml:5: former of what was not asked before: body.none");
    spoil(state, BODY_2_AT, "former:\n", "former:\n  body.why: {dropped: x}\n",
          "elements/body@2.yaml:5: former of what is still asked: body.why");
    spoil(state, SECOND_AT, "former:\n", "former:\n  materials.none: {dropped: x}\n",
          "procedures/letter/2.yaml:6: former of what was not asked before: materials.none");
    spoil(state, SECOND_AT, "materials: {proof: 0..}", "materials: {proof: 0.., photo: 0..}",
          "procedures/letter/2.yaml:7: former of what is still asked: materials.photo");
}

static void test_answers_are_led_to_where_they_can_stand(void **state)
{
    spoil(state, BODY_2_AT, "contact.wish", "contact.hope",
          "elements/body@2.yaml:5: former leads to what is not asked: contact.hope");
    spoil(state, BODY_2_AT, "contact.wish", "contact.day",
          "elements/body@2.yaml:5: former leads to what cannot hold it: contact.day");
    spoil(state, BODY_2_AT, "{merged: body.why}", "{merged: contact.day}",
          "elements/body@2.yaml:6: former leads to what cannot hold it: contact.day");
    spoil(state, BODY_2_AT, "body.rows.b: {moved: body.rows.c}", "body.rows.b: {moved: body.why}",
          "elements/body@2.yaml:7: former leads out of its list, or into one: body.why");
    spoil(state, BODY_2_AT, "body.rows.b: {moved: body.rows.c}", "body.rows.b: {merged: body.why}",
          NULL);
    spoil(state, SECOND_AT, "{moved: materials.proof}", "{moved: materials.photo}",
          "procedures/letter/2.yaml:7: a file is moved to a kind that is asked, or dropped: "
          "materials.photo");
    spoil(state, SECOND_AT, "{moved: materials.proof}", "{dropped: 不收照片}", NULL);
}

static void test_answers_are_led_to_what_the_procedure_asks(void **state)
{
    struct trial *t = *state;
    struct procedure_source sources[SOURCES];
    struct procedures *out = NULL;
    memcpy(sources, TEXTS, sizeof sources);
    /* contact is asked by the court alone, and version 2 forgets it altogether */
    sources[FIRST_AT].text =
        str_of("procedure: letter\n"
               "title: 来信\n"
               "begin: {by: [person]}\n"
               "parties: {writer: 来信人}\n"
               "states: {draft: {title: 草稿}, done: {title: 已回复, end: true}}\n"
               "acts:\n"
               "  send: {title: 寄出, by: [party.writer], from: [draft], to: "
               "done, form: [body, note, contact]}\n");
    sources[SECOND_AT].text =
        str_of("procedure: letter\n"
               "title: 来信\n"
               "begin: {by: [person]}\n"
               "parties: {writer: 来信人}\n"
               "former: {contact: {dropped: 不再问}, note: {dropped: 不再问}}\n"
               "states: {draft: {title: 草稿}, done: {title: 已回复, end: true}}\n"
               "acts:\n"
               "  send: {title: 寄出, by: [party.writer], from: [draft], to: "
               "done, form: [body@2]}\n");
    assert_int_equal(load(t, sources, &out), E_READ);
    assert_string_equal(t->cx.failure.detail.p,
                        "procedures/letter/2.yaml:1: answers are led to what this version does not "
                        "ask: contact.wish");
}

static void test_versions_follow_each_other(void **state)
{
    struct trial *t = *state;
    struct procedure_source sources[SOURCES];
    struct procedures *out = NULL;
    memcpy(sources, TEXTS, sizeof sources);
    sources[BODY_2_AT].path = "elements/body@3.yaml";
    assert_int_equal(load(t, sources, &out), E_READ);
    assert_string_equal(t->cx.failure.detail.p,
                        "elements/body@3.yaml:1: no version before it: body");
    sources[BODY_2_AT].path = "elements/body@x.yaml";
    assert_int_equal(load(t, sources, &out), E_READ);
    assert_string_equal(t->cx.failure.detail.p,
                        "elements/body@x.yaml:1: element is not named as its file: body");
    spoil(state, BODY_AT, "fields:\n", "former: {body.x: {dropped: x}}\nfields:\n",
          "elements/body.yaml:4: first version with former: body");
    spoil(state, FIRST_AT, "states:", "former: {note: {dropped: x}}\nstates:",
          "procedures/letter/1.yaml:5: first version with former: letter");
    spoil(state, FIRST_AT, "form: [body, note]", "form: [body@2, note, contact]",
          "elements/body.yaml:1: element that no form shows: body");
    spoil(state, SECOND_AT, "form: [body@2, contact]", "form: [body@2, contact, body]",
          "procedures/letter/2.yaml:10: element in two versions: body");
    spoil(state, SECOND_AT, "form: [body@2, contact]", "form: [body@9, contact]",
          "procedures/letter/2.yaml:10: unknown element: body@9");
    memcpy(sources, TEXTS, sizeof sources);
    sources[SECOND_AT].text =
        str_of("procedure: letter\n"
               "title: 来信\n"
               "begin: {by: [person]}\n"
               "parties: {writer: 来信人}\n"
               "states:\n"
               "  begun: {title: 起草, begin: true}\n"
               "  done: {title: 已回复, end: true}\n"
               "acts:\n"
               "  send: {title: 寄出, by: [party.writer], from: [begun], to: done, form: [body@2, "
               "contact]}\n");
    assert_int_equal(load(t, sources, &out), E_READ);
    assert_string_equal(t->cx.failure.detail.p,
                        "procedures/letter/2.yaml:6: begins in another state than before: begun");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_gone_is_declared, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_question_that_is_gone_and_not_declared, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_question_of_another_type_is_another_question, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_declaration_says_one_thing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_declaration_of_what_was_not_asked_or_still_is, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_answers_are_led_to_where_they_can_stand, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_answers_are_led_to_what_the_procedure_asks, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_versions_follow_each_other, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
