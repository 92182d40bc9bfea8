#include <string.h>

#include "base/test.h"
#include "flow/procedure.h"
#include "flow/rule.h"
#include "law/tables_sample.h"

/* A whole small procedure that the compiler takes; every test of a refusal spoils one place of it.
 */
static const char LETTER[] =
    "procedure: letter\n"
    "title: 来信\n"
    "begin: {by: [person, window], courts: {levels: [基层]}}\n"
    "parties: {writer: 来信人}\n"
    "states:\n"
    "  draft: {title: 草稿，尚未提交}\n"
    "  open: {title: 待回复, waits: [court.clerk]}\n"
    "  mending: {title: 待补正, waits: [party.writer]}\n"
    "  done: {title: 已回复, end: true}\n"
    "clocks:\n"
    "  reply: {title: 回复期限, starts: [open], stops: [done, mending], limit: 7 days, count: law,\n"
    "    remind: [2 days], on_breach: overdue}\n"
    "  mend: {title: 补正期限, starts: [mending], stops: [open, done],\n"
    "    limit: {from: wanting.days, unit: days, max: 30}, on_breach: lapsed}\n"
    "acts:\n"
    "  send: {title: 寄出, by: [party.writer], from: [draft, mending], to: open,\n"
    "    form: [reason, contact], materials: {evidence: 0..3}, hard: [named], soft: [named],\n"
    "    effects: [number], narrow: {in: mending, by: wanting.items, keep: [reason]},\n"
    "    papers: [slip], tells: [court.clerk]}\n"
    "  ask: {title: 通知补正, by: [court.clerk], from: [open], to: mending, form: [wanting],\n"
    "    tells: [party.writer]}\n"
    "  answer: {title: 回复, by: [court.clerk], from: [open], to: done}\n"
    "  overdue: {title: 超期, by: [system], from: [open], tells: [court.leader], report: weekly}\n"
    "  lapsed: {title: 逾期, by: [system], from: [mending], to: done}\n";

static const char REASON[] = "element: reason\n"
                             "title: 理由\n"
                             "type: text\n"
                             "required: true\n"
                             "example: 请求查询\n";

static const char CONTACT[] =
    "element: contact\n"
    "title: 联系方式\n"
    "type: group\n"
    "offered: wanted\n"
    "fields:\n"
    "  - {name: kind, title: 种类, type: choice, options: {call: 电话, mail: 邮件}, example: call}\n"
    "  - {name: phone, title: 电话, type: phone, required: true, when: {field: kind, in: [call]},\n"
    "     example: \"13800138000\"}\n"
    "  - {name: rush, title: 是否加急, type: yes-no, example: true}\n"
    "  - {name: why, title: 原因, type: text, when: {field: rush, in: [true]}, example: 急用}\n";

static const char WANTING[] =
    "element: wanting\n"
    "title: 缺什么\n"
    "type: group\n"
    "fields:\n"
    "  - name: items\n"
    "    title: 事项\n"
    "    type: list\n"
    "    required: true\n"
    "    max: 5\n"
    "    example: [{item: reason}]\n"
    "    fields: [{name: item, title: 哪一项, type: text, example: reason}]\n"
    "  - {name: days, title: 几天, type: number, min: 1, max: 30, example: 10}\n";

static const char MATERIALS[] = "evidence: 证据\n";

enum { LETTER_AT, REASON_AT, CONTACT_AT, WANTING_AT, MATERIALS_AT, SOURCES };

static const struct procedure_source TEXTS[SOURCES] = {
    {"procedures/letter/1.yaml", {LETTER, sizeof LETTER - 1}},
    {"elements/reason.yaml", {REASON, sizeof REASON - 1}},
    {"elements/contact.yaml", {CONTACT, sizeof CONTACT - 1}},
    {"elements/wanting.yaml", {WANTING, sizeof WANTING - 1}},
    {"elements/materials.yaml", {MATERIALS, sizeof MATERIALS - 1}},
};

static enum status guard_named(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    (void)cx;
    (void)ask;
    (void)rule;
    return OK;
}

static enum status effect_number(struct cx *cx, struct plan *plan)
{
    (void)cx;
    (void)plan;
    return OK;
}

static bool predicate_wanted(const struct ask *ask)
{
    (void)ask;
    return true;
}

static const struct rule named = {.name = "named", .kind = RULE_GUARD, .guard = guard_named};
static const struct rule number = {
    .name = "number", .kind = RULE_EFFECT, .inputs = "serial colour", .effect = effect_number};
static const struct rule wanted = {
    .name = "wanted", .kind = RULE_PREDICATE, .predicate = predicate_wanted};
static const struct rule *const RULES[] = {&named, &number, &wanted, NULL};

static bool slip_exists(void *arg, const char *paper)
{
    (void)arg;
    return strcmp(paper, "slip") == 0;
}

static const struct value *slip_needs(void *arg, const char *paper)
{
    (void)paper;
    return arg;
}

static enum status load_with(struct trial *t, const struct procedure_source *sources,
                             uint32_t count, const struct value *needs, struct procedures **out)
{
    union {
        const struct value *in;
        void *out;
    } arg = {.in = needs}; /* read only */

    struct load_world world = {.rules = RULES,
                               .paper_exists = slip_exists,
                               .paper_needs = needs == NULL ? NULL : slip_needs,
                               .arg = arg.out,
                               .tables = tables_real()};
    cx_forgive(&t->cx);
    return procedures_load(&t->cx, sources, count, &world, out);
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

/* text with the first `from` replaced; `from` must be there. */
static Str spoiled(struct arena *arena, Str text, const char *from, const char *to)
{
    const char *at = strstr(text.p, from);
    if (at == NULL) {
        fail_msg("the sample has no \"%s\"", from);
    }
    return str_printf(arena, "%.*s%s%s", (int)(at - text.p), text.p, to, at + strlen(from));
}

static void expect(struct trial *t, const struct procedure_source *sources, uint32_t count,
                   const char *detail)
{
    struct procedures *out = NULL;
    enum status status = load_with(t, sources, count, NULL, &out);
    if (detail == NULL) {
        if (status != OK) {
            fail_msg("refused: %s", t->cx.failure.detail.p);
        }
        return;
    }
    if (status == OK) {
        fail_msg("taken, though: %s", detail);
    }
    assert_int_equal(status, E_READ);
    assert_string_equal(t->cx.failure.code, "data-unreadable");
    assert_string_equal(t->cx.failure.detail.p, detail);
    assert_null(out);
}

/* The sample with one place of one source changed is refused with this detail; NULL: is taken. */
static void spoil(void **state, int which, const char *from, const char *to, const char *detail)
{
    struct trial *t = *state;
    struct procedure_source sources[SOURCES];
    memcpy(sources, TEXTS, sizeof sources);
    sources[which].text = spoiled(t->arena, sources[which].text, from, to);
    expect(t, sources, SOURCES, detail);
}

/* --- what is taken --- */

static void test_the_sample_compiles_as_it_was_written(void **state)
{
    struct trial *t = *state;
    struct procedures *set = NULL;
    assert_int_equal(load_with(t, TEXTS, SOURCES, NULL, &set), OK);
    assert_int_equal(procedures_count(set), 1);
    const struct procedure *p = procedure_find(set, STR("letter"), 0);
    assert_non_null(p);
    assert_ptr_equal(p, procedures_at(set, 0));
    assert_string_equal(p->states[p->first_state].name, "draft");
    assert_true(procedure_state(p, STR("done"))->end);
    const struct act *send = procedure_act(p, STR("send"));
    assert_int_equal(send->from, 0x5); /* draft, mending */
    assert_int_equal(send->to, procedure_state_index(p, STR("open")));
    assert_int_equal(send->form_count, 2);
    assert_int_equal(send->materials[0].min, 0);
    assert_int_equal(send->materials[0].max, 3);
    assert_string_equal(send->materials[0].title, "证据");
    assert_int_equal(send->narrow_in, 2);
    assert_string_equal(procedure_act(p, STR("overdue"))->report, "weekly");
    assert_int_equal(p->clock_count, 2);
    assert_true(p->clocks[0].roll);
    assert_int_equal(p->clocks[0].limit.length, 7);
    assert_int_equal(p->clocks[0].limit.unit, PERIOD_DAYS);
    assert_string_equal(p->clocks[1].limit_from, "wanting.days");
    assert_ptr_equal(p->clocks[1].on_breach, procedure_act(p, STR("lapsed")));
    assert_int_equal(p->element_count, 3);
    assert_string_equal(procedure_role_title(p, STR("writer"), NULL), "来信人");
    assert_string_equal(material_title(p, STR("evidence")), "证据");
    assert_null(procedure_act(p, STR("fly")));
    assert_null(procedure_state(p, STR("lost")));
    assert_null(procedure_find(set, STR("letter"), 2));
}

static void test_the_newest_version_is_found_unless_one_is_named(void **state)
{
    struct trial *t = *state;
    struct procedures *set = NULL;
    struct procedure_source sources[SOURCES + 2];
    memcpy(sources, TEXTS, sizeof TEXTS);
    sources[SOURCES] = (struct procedure_source){
        "procedures/letter/10.yaml", spoiled(t->arena, TEXTS[0].text, "来信\n", "来信十\n")};
    sources[SOURCES + 1] = (struct procedure_source){
        "procedures/letter/2.yaml", spoiled(t->arena, TEXTS[0].text, "来信\n", "来信二\n")};
    assert_int_equal(load_with(t, sources, SOURCES + 2, NULL, &set), OK);
    assert_int_equal(procedures_count(set), 3);
    assert_string_equal(procedure_find(set, STR("letter"), 0)->title, "来信十");
    assert_string_equal(procedure_find(set, STR("letter"), 1)->title, "来信");
    assert_string_equal(procedure_find(set, STR("letter"), 2)->title, "来信二");
}

static void test_a_view_names_states_acts_and_clocks(void **state)
{
    struct trial *t = *state;
    struct procedures *set = NULL;
    assert_int_equal(load_with(t, TEXTS, SOURCES, NULL, &set), OK);
    struct value *view = procedure_view(t->arena, procedures_at(set, 0));
    assert_string_equal(value_get_str(value_at(view, "acts.0"), "name").p, "send");
    assert_string_equal(value_as_str(value_at(view, "acts.0.by.0")).p, "party.writer");
    assert_string_equal(value_as_str(value_at(view, "acts.0.from.1")).p, "mending");
    assert_string_equal(value_as_str(value_at(view, "acts.0.form.0.example")).p, "请求查询");
    assert_string_equal(value_as_str(value_at(view, "clocks.0.on_breach")).p, "overdue");
    assert_true(value_get_bool(value_at(view, "states.3"), "end"));
}

/* --- what is refused --- */

#define AT "procedures/letter/1.yaml:"

static void test_refuses_unknown_keys_everywhere(void **state)
{
    spoil(state, LETTER_AT, "title: 来信\n", "titel: 来信\n", AT "2: unknown key: titel");
    spoil(state, LETTER_AT, "by: [person, window]", "for: [person]", AT "3: unknown key: for");
    spoil(state, LETTER_AT, "levels: [基层]", "level: [基层]", AT "3: unknown key: level");
    spoil(state, LETTER_AT, "end: true", "ende: true", AT "9: unknown key: ende");
    spoil(state, LETTER_AT, "remind:", "reminds:", AT "12: unknown key: reminds");
    spoil(state, LETTER_AT, "max: 30", "most: 30", AT "14: unknown key: most");
    spoil(state, LETTER_AT, "soft:", "softly:", AT "17: unknown key: softly");
    spoil(state, LETTER_AT, "keep: [reason]", "hold: [reason]", AT "18: unknown key: hold");
    spoil(state, LETTER_AT, "0..3", "{count: 1, offer: wanted}", AT "17: unknown key: offer");
    spoil(state, REASON_AT, "required", "requiered",
          "elements/reason.yaml:4: unknown key: requiered");
    spoil(state, CONTACT_AT, "in: [call]", "is: [call]",
          "elements/contact.yaml:7: unknown key: is");
}

static void test_refuses_values_of_the_wrong_shape(void **state)
{
    spoil(state, LETTER_AT, "by: [party.writer]", "by: party.writer", AT "16: not a list: by");
    spoil(state, LETTER_AT, "[named], soft", "named, soft", AT "17: not a list: hard");
    spoil(state, LETTER_AT, "{evidence: 0..3}", "[evidence]", AT "17: not a map: materials");
    spoil(state, LETTER_AT, "end: true", "end: yes", AT "9: neither true nor false: end");
    spoil(state, LETTER_AT, "title: 来信\n", "title: 7\n", AT "2: not a text: title");
    spoil(state, LETTER_AT, "draft: {title: 草稿，尚未提交}", "draft: 草稿", AT "6: not a map: ");
    spoil(state, REASON_AT, "true", "1",
          "elements/reason.yaml:4: neither true nor false: required");
    spoil(state, WANTING_AT, "min: 1", "min: one",
          "elements/wanting.yaml:12: not a whole number: min");
}

static void test_refuses_text_that_is_no_yaml(void **state)
{
    struct trial *t = *state;
    struct procedures *out = NULL;
    struct procedure_source sources[SOURCES];
    memcpy(sources, TEXTS, sizeof sources);
    sources[LETTER_AT].text = STR("procedure: [letter\n");
    assert_int_equal(load_with(t, sources, SOURCES, NULL, &out), E_READ);
    assert_true(str_starts(t->cx.failure.detail, "procedures/letter/1.yaml:"));
    spoil(state, LETTER_AT, "  done:", "  open:", AT "9: key \"open\" is given twice");
}

static void test_refuses_a_file_that_is_not_named_as_what_it_holds(void **state)
{
    struct trial *t = *state;
    struct procedure_source sources[SOURCES];
    spoil(state, LETTER_AT, "procedure: letter", "procedure: parcel",
          AT "1: procedure, title or parties missing or not as the path says: parcel");
    spoil(state, REASON_AT, "element: reason", "element: cause",
          "elements/reason.yaml:1: element is not named as its file: cause");
    memcpy(sources, TEXTS, sizeof sources);
    sources[LETTER_AT].path = "procedures/letter/one.yaml";
    expect(t, sources, SOURCES,
           "procedures/letter/one.yaml:0: not named procedures/NAME/VERSION.yaml: "
           "procedures/letter/one.yaml");
    sources[LETTER_AT].path = "procedures/letter.yaml";
    expect(t, sources, SOURCES,
           "procedures/letter.yaml:0: not named procedures/NAME/VERSION.yaml: "
           "procedures/letter.yaml");
}

static void test_refuses_a_procedure_without_the_necessary(void **state)
{
    spoil(state, LETTER_AT, "title: 来信\n", "",
          AT "1: procedure, title or parties missing or not as the path says: letter");
    spoil(state, LETTER_AT, "title: 待回复", "title: \"\"", AT "7: state without title: open");
    spoil(state, LETTER_AT, "title: 寄出", "title: \"\"", AT "16: act without title: send");
    spoil(state, LETTER_AT, "title: 回复期限", "title: \"\"", AT "11: clock without title: reply");
    spoil(state, LETTER_AT, "[person, window]", "[]", AT "3: nobody may begin: ");
    spoil(state, LETTER_AT,
          "  draft:", "  first:", AT "6: no state to begin in: draft, or begin: true: ");
    spoil(state, LETTER_AT, "waits: [court.clerk]", "begin: true",
          AT "7: second state to begin in: open");
    spoil(state, MATERIALS_AT, "evidence", "proof",
          AT "17: material without title in elements/materials.yaml: evidence");
}

static void test_refuses_names_that_resolve_to_nothing(void **state)
{
    spoil(state, LETTER_AT, "from: [draft, mending]", "from: [draft, lost]",
          AT "16: unknown state: lost");
    spoil(state, LETTER_AT, "to: open", "to: lost", AT "16: unknown state: lost");
    spoil(state, LETTER_AT, "by: [party.writer]", "by: [party.reader]",
          AT "16: unknown role of a party: party.reader");
    spoil(state, LETTER_AT, "waits: [court.clerk]", "waits: [court.king]",
          AT "7: unknown post: court.king");
    spoil(state, LETTER_AT, "by: [court.clerk]", "by: [court.admin]",
          AT "20: unknown post: court.admin");
    spoil(state, LETTER_AT, "by: [court.clerk]", "by: [anybody]", AT "20: unknown actor: anybody");
    spoil(state, LETTER_AT, "[基层]", "[底层]", AT "3: unknown level of court: 底层");
    spoil(state, LETTER_AT, "form: [reason, contact]", "form: [reason, season]",
          AT "17: unknown element: season");
    spoil(state, LETTER_AT, "papers: [slip]", "papers: [{paper: slap}]",
          AT "19: unknown paper: slap");
    spoil(state, LETTER_AT, "papers: [slip]", "papers: [{paper: slip, offered: named}]",
          AT "19: predicate without C function: named");
    spoil(state, LETTER_AT, "papers: [slip]", "papers: [{paper: slip, offered: wanted}]", NULL);
    spoil(state, LETTER_AT, "papers: [slip]", "papers: [{paper: slip, each: copies}]",
          AT "16: paper for each of what no effect supplies: copies");
    spoil(state, LETTER_AT, "papers: [slip]", "papers: [slap]", AT "19: unknown paper: slap");
    spoil(state, LETTER_AT, "starts: [open]", "starts: [lost]",
          AT "11: neither state nor act: lost");
    spoil(state, LETTER_AT, "stops: [done, mending]", "stops: [lost]",
          AT "11: neither state nor act: lost");
    spoil(state, LETTER_AT, "report: weekly", "report: hourly",
          AT "23: report is daily or weekly: hourly");
    spoil(state, REASON_AT, "type: text", "type: txt",
          "elements/reason.yaml:1: unknown type of field: reason");
}

static void test_refuses_rules_without_c_functions(void **state)
{
    spoil(state, LETTER_AT, "hard: [named]", "hard: [nameless]",
          AT "17: guard without C function: nameless");
    spoil(state, LETTER_AT, "soft: [named]", "soft: [number]",
          AT "17: guard without C function: number");
    spoil(state, LETTER_AT, "effects: [number]", "effects: [named]",
          AT "18: effect without C function: named");
    spoil(state, LETTER_AT, "0..3", "{count: 1, offered: named}",
          AT "17: predicate without C function: named");
    spoil(state, CONTACT_AT, "offered: wanted", "offered: unwanted",
          AT "17: predicate without C function: unwanted");
}

static void test_refuses_states_that_cannot_be_reached_or_left(void **state)
{
    spoil(state, LETTER_AT, "  done: {", "  lost: {title: 迷失}\n  done: {",
          AT "9: state that cannot be reached: lost");
    spoil(state, LETTER_AT, "to: mending, ", "", AT "8: state that cannot be reached: mending");
    spoil(state, LETTER_AT, "title: 已回复, end: true", "title: 已回复",
          AT "9: state that cannot be left: done");
    spoil(state, LETTER_AT, "from: [draft, mending], to: open",
          "from: [draft, mending, done], to: open", AT "9: end that can be left: done");
    spoil(state, LETTER_AT, "from: [open], to: done", "from: [open, done]", NULL); /* it stays */
}

static void test_refuses_acts_nobody_can_take(void **state)
{
    spoil(state, LETTER_AT, "by: [party.writer]", "by: []", AT "16: act nobody can take: send");
    spoil(state, LETTER_AT, "by: [party.writer], ", "", AT "16: act nobody can take: send");
    spoil(state, LETTER_AT, "from: [draft, mending], ", "from: [], ",
          AT "16: act from no state: send");
    spoil(state, LETTER_AT, "  answer: {title: 回复, by: [court.clerk]",
          "  answer: {title: 回复, by: [effect]",
          AT "22: act nobody can take: effects take none: answer");
    spoil(state, LETTER_AT, "  answer: {title: 回复, by: [court.clerk]",
          "  answer: {title: 回复, by: [system]",
          AT "22: act nobody can take: no clock runs into it: answer");
    spoil(state, LETTER_AT, "  answer: {title: 回复, by: [court.clerk]",
          "  answer: {title: 回复, by: [collaborator.window]",
          AT "22: act nobody can take: not begun by windows alone: answer");
    spoil(state, LETTER_AT, "by: [person, window]", "by: [party.writer]",
          AT "3: only person, lawyer, window, follower and effect begin: party.writer");
}

static void test_refuses_telling_whom_no_list_reaches(void **state)
{
    spoil(state, LETTER_AT, "tells: [court.leader]", "tells: [system]",
          AT "23: only parties, posts and supervisors can be told: system");
    spoil(state, LETTER_AT, "waits: [party.writer]", "waits: [person]",
          AT "8: only parties and posts can be waited for: person");
    spoil(state, LETTER_AT, "tells: [court.leader]",
          "tells: [court.leader, court.leader, court.leader, court.leader, court.leader, "
          "court.leader, court.leader, court.leader, court.leader]",
          AT "23: too many actors: ");
}

static void test_refuses_clocks_without_target_unit_or_start(void **state)
{
    spoil(state, LETTER_AT, "    remind: [2 days], on_breach: overdue}", "    remind: [2 days]}",
          AT "11: clock without target: on_breach names no act: ");
    spoil(state, LETTER_AT, "on_breach: overdue", "on_breach: overture",
          AT "11: clock without target: on_breach names no act: overture");
    spoil(state, LETTER_AT, "limit: 7 days", "limit: \"7\"",
          AT "11: length or unit of a period: 7");
    spoil(state, LETTER_AT, "limit: 7 days", "limit: 7 weeks",
          AT "11: length or unit of a period: 7 weeks");
    spoil(state, LETTER_AT, "limit: 7 days", "limit: 0 days",
          AT "11: length or unit of a period: 0 days");
    spoil(state, LETTER_AT, "limit: 7 days, ", "", AT "11: clock without limit: reply");
    spoil(state, LETTER_AT, "unit: days, ", "",
          AT "14: limit needs from, unit and max: wanting.days");
    spoil(state, LETTER_AT, "max: 30", "max: 0",
          AT "14: limit needs from, unit and max: wanting.days");
    spoil(state, LETTER_AT, "starts: [open], stops: [done, mending]", "stops: [done]",
          AT "11: clock that nothing starts: reply");
    spoil(state, LETTER_AT, "[2 days]", "[1 days, 2 days, 3 days, 4 days, 5 days]",
          AT "12: more than 4 reminders: reply");
    spoil(state, LETTER_AT, "[2 days]", "[soon]", AT "12: length or unit of a period: soon");
    spoil(state, LETTER_AT, "count: law", "count: rule", AT "11: neither plain nor law: rule");
    spoil(state, LETTER_AT, "count: law", "of: everybody",
          AT "11: neither court nor collaborator: everybody");
    spoil(state, LETTER_AT, "count: law", "of: collaborator",
          AT "11: hours of a collaborator: not begun by windows alone: reply");
    spoil(state, LETTER_AT, "  answer: {",
          "  open: {title: 开, by: [court.clerk], from: [open]}\n  answer: {",
          AT "11: both a state and an act: open");
}

static void test_refuses_limits_from_absent_fields(void **state)
{
    spoil(state, LETTER_AT, "wanting.days", "absent.days",
          AT "14: limit from an element no form has: absent.days");
    spoil(state, LETTER_AT, "wanting.days", "wanting.years",
          AT "14: limit from an element no form has: wanting.years");
    spoil(state, LETTER_AT, "wanting.days", "wanting.items.0.item",
          AT "14: limit from an element no form has: wanting.items.0.item");
    spoil(state, LETTER_AT, "wanting.days", "reason",
          AT "14: limit from a field that is no number: reason");
    spoil(state, LETTER_AT, "to: mending, form: [wanting]", "to: mending",
          AT "14: limit from an element no form has: wanting.days");
}

static void test_refuses_breaches_that_cannot_be_taken(void **state)
{
    spoil(state, LETTER_AT, "by: [system], from: [open]", "by: [court.leader], from: [open]",
          AT "11: breach is no act of the system: reply");
    spoil(state, LETTER_AT, "by: [system], from: [open]", "by: [system], from: [mending]",
          AT "11: breach cannot be taken where the clock runs: reply: open");
    /* Not stopped on the way to mending, the clock runs on there, where overdue is no act. */
    spoil(state, LETTER_AT, "stops: [done, mending]", "stops: [done]",
          AT "11: breach cannot be taken where the clock runs: reply: mending");
    spoil(state, LETTER_AT, "stops: [done, mending]", "stops: [answer, ask]", NULL);
    spoil(state, LETTER_AT, "stops: [open, done]", "stops: [open]",
          AT "13: breach cannot be taken where the clock runs: mend: done");
}

static void test_refuses_an_act_of_the_system_with_a_form(void **state)
{
    spoil(state, LETTER_AT, "by: [system], from: [open]",
          "by: [system], from: [open], form: [reason]",
          AT "23: act of the system with a form: overdue");
    spoil(state, LETTER_AT, "by: [system], from: [open]",
          "by: [system], from: [open], materials: {evidence: 1}",
          AT "23: act of the system with a form: overdue");
}

static void test_refuses_wording_that_flatters_a_draft(void **state)
{
    static const char *const claims[] = {"已提交", "草稿提交成功", "已完成", "已受理", "已立案"};
    struct trial *t = *state;
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        const char *detail = arena_printf(
            t->arena, AT "6: wording that says a draft is submitted or completed: %s", claims[i]);
        spoil(state, LETTER_AT, "草稿，尚未提交", claims[i], detail);
    }
    spoil(state, LETTER_AT, "待回复", "已提交", NULL); /* of what has been submitted it may */
}

static void test_refuses_elements_never_shown(void **state)
{
    struct trial *t = *state;
    struct procedure_source sources[SOURCES + 1];
    memcpy(sources, TEXTS, sizeof TEXTS);
    sources[SOURCES] = (struct procedure_source){
        "elements/orphan.yaml", spoiled(t->arena, TEXTS[REASON_AT].text, "reason", "orphan")};
    expect(t, sources, SOURCES + 1, "elements/orphan.yaml:1: element that no form shows: orphan");
    spoil(state, LETTER_AT, "form: [reason, contact]", "form: [reason, reason]",
          AT "17: element twice in a form: reason");
}

static void test_refuses_fields_never_shown(void **state)
{
    static const char *const file = "elements/contact.yaml:";
    struct trial *t = *state;
    spoil(
        state, CONTACT_AT, "in: [call]", "in: [letter]",
        arena_printf(t->arena, "%s7: never shown: when asks what cannot be chosen: letter", file));
    spoil(state, CONTACT_AT, "in: [true]", "in: [yes]",
          arena_printf(t->arena, "%s10: never shown: when asks what cannot be chosen: yes", file));
    spoil(state, CONTACT_AT, "field: kind", "field: sort",
          arena_printf(t->arena, "%s7: when names no sibling: sort", file));
    spoil(state, CONTACT_AT, "{field: rush, in: [true]}", "{field: why, in: [x]}",
          arena_printf(t->arena, "%s10: when names no sibling: why", file));
    spoil(state, CONTACT_AT, "in: [call]", "in: []",
          arena_printf(t->arena, "%s7: when needs field and in: phone", file));
    /* An element of its own hangs on another element of the same form only. */
    spoil(state, REASON_AT, "required: true", "when: {field: wanting, in: [x]}",
          "elements/reason.yaml:1: when names no sibling: wanting");
}

static void test_refuses_faulty_fields(void **state)
{
    spoil(state, REASON_AT, "title: 理由\n", "",
          "elements/reason.yaml:1: field without name or title: reason");
    spoil(state, REASON_AT, "example: 请求查询\n", "",
          "elements/reason.yaml:1: leaf without example: reason");
    spoil(state, REASON_AT, "type: text", "type: choice",
          "elements/reason.yaml:1: choice without options: reason");
    spoil(state, REASON_AT, "required: true", "options: [a]",
          "elements/reason.yaml:1: options without choice: reason");
    spoil(state, REASON_AT, "required: true",
          "fields: [{name: x, title: x, type: text, example: x}]",
          "elements/reason.yaml:1: fields in a leaf: reason");
    spoil(state, REASON_AT, "required: true", "min: 1",
          "elements/reason.yaml:1: min or max of what has no size: reason");
    spoil(state, REASON_AT, "required: true", "max_length: 0",
          "elements/reason.yaml:1: max_length of what has no length: reason");
    spoil(state, WANTING_AT, "min: 1, max: 30", "min: 31, max: 30",
          "elements/wanting.yaml:12: max below min: days");
    spoil(state, WANTING_AT, "max: 5", "max: 5000",
          "elements/wanting.yaml:5: length of a list: items");
    spoil(state, WANTING_AT, "    example: [{item: reason}]\n", "",
          "elements/wanting.yaml:5: required list without example: items");
    spoil(state, WANTING_AT, "name: days", "name: items",
          "elements/wanting.yaml:1: field twice: items");
    spoil(state, CONTACT_AT, "mail: 邮件", "mail: \"\"",
          "elements/contact.yaml:6: option without value or title: kind");
}

static void test_refuses_fields_nested_without_end(void **state)
{
    struct trial *t = *state;
    struct procedure_source sources[SOURCES];
    Str inner = STR("{name: x, title: x, type: text, example: x}");
    memcpy(sources, TEXTS, sizeof sources);
    for (int i = 0; i < 6; i++) {
        inner = str_printf(t->arena, "{name: g, title: 组, type: group, fields: [%s]}", inner.p);
    }
    sources[REASON_AT].text =
        str_printf(t->arena, "element: reason\ntitle: 理由\ntype: group\nfields: [%s]\n", inner.p);
    expect(t, sources, SOURCES, "elements/reason.yaml:1: fields nested too deep: reason");
}

static void test_refuses_examples_that_do_not_pass(void **state)
{
    spoil(state, CONTACT_AT, "13800138000", "1380013800",
          "elements/contact.yaml:1: example that does not pass: contact.phone (phone)");
    spoil(state, WANTING_AT, "example: 10", "example: 31",
          "elements/wanting.yaml:1: example that does not pass: wanting.days (too-large)");
    spoil(state, CONTACT_AT, "example: call", "example: cell",
          "elements/contact.yaml:1: example that does not pass: contact.kind (choice)");
    spoil(state, WANTING_AT, "[{item: reason}]", "[{item: reason, colour: red}]",
          "elements/wanting.yaml:1: example that does not pass: wanting.items.0.colour (unknown)");
}

static void test_refuses_narrowing_by_what_is_not_there(void **state)
{
    spoil(state, LETTER_AT, "in: mending, by", "in: lost, by",
          AT "18: narrow needs a state and a path: lost");
    spoil(state, LETTER_AT, "in: mending, by", "in: open, by",
          AT "16: narrow in a state not in from, or by an element no form has: send");
    spoil(state, LETTER_AT, "by: wanting.items", "by: absent.items",
          AT "16: narrow in a state not in from, or by an element no form has: send");
    spoil(state, LETTER_AT, "keep: [reason]", "keep: [wanting]",
          AT "18: narrow keeps what the form has not: wanting");
}

static void test_refuses_counts_of_materials(void **state)
{
    static const char *const wrong[] = {"0",   "-1",   "two", "3..2",       "..",
                                        "x..", "1..x", "[1]", "{count: 0}", "1001"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        spoil(state, LETTER_AT, "0..3", wrong[i], AT "17: count of a material: evidence");
    }
    spoil(state, LETTER_AT, "0..3", "2", NULL);
    spoil(state, LETTER_AT, "0..3", "1..", NULL);
    spoil(state, LETTER_AT, "0..3", "{count: 1.., offered: wanted}", NULL);
}

/* --- papers --- */

/* The detail when the act's paper needs this, or "" when it is taken. */
static const char *need(struct trial *t, const char *name, bool optional, const char *part)
{
    struct procedures *out = NULL;
    struct value *needs = value_list(t->arena);
    struct value *one = value_map(t->arena);
    value_set_text(t->arena, one, "name", name);
    value_set_bool(t->arena, one, "optional", optional);
    if (part != NULL) {
        struct value *fields = value_list(t->arena);
        struct value *field = value_map(t->arena);
        value_set_text(t->arena, field, "name", part);
        value_add(t->arena, fields, field);
        value_set(t->arena, one, "fields", fields);
    }
    value_add(t->arena, needs, one);
    return load_with(t, TEXTS, SOURCES, needs, &out) == OK ? "" : t->cx.failure.detail.p;
}

static void test_refuses_papers_using_what_nothing_supplies(void **state)
{
    struct trial *t = *state;
    static const char why[] = AT "16: paper using what no form, clock or effect supplies: slip: ";
    assert_string_equal(need(t, "fee", false, NULL), arena_printf(t->arena, "%sfee", why));
    assert_string_equal(need(t, "seria", false, NULL), arena_printf(t->arena, "%sseria", why));
    assert_string_equal(need(t, "case-number", false, NULL),
                        arena_printf(t->arena, "%scase-number", why));
    assert_string_equal(need(t, "absent-due", false, NULL),
                        arena_printf(t->arena, "%sabsent-due", why));
    assert_string_equal(need(t, "contact", false, "fax"), arena_printf(t->arena, "%scontact", why));
}

static void test_takes_papers_supplied_by_form_clock_effect_or_matter(void **state)
{
    struct trial *t = *state;
    assert_string_equal(need(t, "reason", false, NULL), "");
    assert_string_equal(need(t, "contact", false, "phone"), "");
    assert_string_equal(need(t, "serial", false, NULL), "");
    assert_string_equal(need(t, "colour", false, NULL), "");
    assert_string_equal(need(t, "reply-due", false, NULL), "");
    assert_string_equal(need(t, "receipt-number", false, NULL), "");
    assert_string_equal(need(t, "fee", true, NULL), ""); /* printed when it is there */
}

/* --- matters handed from one court to another --- */

static const char HANDED[] =
    "procedure: handed\n"
    "title: 转交\n"
    "begin: {by: [window]}\n"
    "parties: {writer: {by: kind, near: 来信人, far: 寄信人}}\n"
    "states:\n"
    "  draft: {title: 草稿，尚未发出}\n"
    "  sent: {title: 已发出, waits: [court.clerk, collaborator.window]}\n"
    "  done: {title: 已办, end: true}\n"
    "ladder:\n"
    "  submitted: {title: 发出, acts: [send]}\n"
    "  late-response: {title: 没有回应, acts: [late]}\n"
    "clocks:\n"
    "  reply: {title: 期限, starts: [sent], stops: [done],\n"
    "    limit: {by: kind, near: 7 days, far: 15 days}, law: {by: kind, near: 甲, far: 乙},\n"
    "    remind: [{after: 20 minutes}], on_breach: late}\n"
    "acts:\n"
    "  send: {title: 发出, by: [collaborator.window], from: [draft], to: sent,\n"
    "    form: [kind, {element: reason, when: {field: kind, in: [near], unset: true}}],\n"
    "    materials: {evidence: {count: 0.., when: {field: kind, in: [far]}}},\n"
    "    papers: [{paper: slip, when: {field: kind, in: [far]}}],\n"
    "    tells: [province.supervisor, nation.supervisor, collaborator.window]}\n"
    "  seen: {title: 看到, by: [system], on: opened, from: [sent]}\n"
    "  answer: {title: 答复, by: [court.clerk], from: [sent], to: done}\n"
    "  late: {title: 逾期, by: [system], from: [sent]}\n";

static const char KIND[] = "element: kind\n"
                           "title: 种类\n"
                           "type: choice\n"
                           "required: true\n"
                           "options: {near: 近, far: 远}\n"
                           "example: near\n";

enum { HANDED_SOURCES = 4 };

static const struct procedure_source HANDED_TEXTS[HANDED_SOURCES] = {
    {"procedures/handed/1.yaml", {HANDED, sizeof HANDED - 1}},
    {"elements/kind.yaml", {KIND, sizeof KIND - 1}},
    {"elements/reason.yaml", {REASON, sizeof REASON - 1}},
    {"elements/materials.yaml", {MATERIALS, sizeof MATERIALS - 1}},
};

static void spoil_handed(void **state, const char *from, const char *to, const char *detail)
{
    struct trial *t = *state;
    struct procedure_source sources[HANDED_SOURCES];
    memcpy(sources, HANDED_TEXTS, sizeof sources);
    sources[0].text = spoiled(t->arena, sources[0].text, from, to);
    expect(t, sources, HANDED_SOURCES, detail);
}

static struct value *said_kind(struct arena *arena, const char *kind)
{
    struct value *values = value_map(arena);
    value_set_text(arena, values, "kind", kind);
    return values;
}

static void test_what_is_said_chooses_titles_limits_and_parts(void **state)
{
    struct trial *t = *state;
    struct procedures *set = NULL;
    assert_int_equal(load_with(t, HANDED_TEXTS, HANDED_SOURCES, NULL, &set), OK);
    const struct procedure *p = procedure_find(set, STR("handed"), 0);
    const struct value *near = said_kind(t->arena, "near");
    const struct value *far = said_kind(t->arena, "far");
    assert_true(p->collaborated);
    assert_string_equal(procedure_role_title(p, STR("writer"), far), "寄信人");
    assert_string_equal(procedure_role_title(p, STR("writer"), NULL), "来信人");
    assert_int_equal(clock_case(&p->clocks[0], near)->limit.length, 7);
    assert_int_equal(clock_case(&p->clocks[0], far)->limit.length, 15);
    assert_string_equal(clock_case(&p->clocks[0], far)->law, "乙");
    assert_int_equal(clock_case(&p->clocks[0], NULL)->limit.length, 7);
    assert_true(p->clocks[0].remind[0].after);
    const struct act *send = procedure_act(p, STR("send"));
    assert_true(condition_holds(&send->form_when[0], far)); /* none */
    assert_true(condition_holds(&send->form_when[1], near));
    assert_false(condition_holds(&send->form_when[1], far));
    assert_true(condition_holds(&send->form_when[1], NULL)); /* unset */
    assert_false(condition_holds(&send->materials[0].when, near));
    assert_false(condition_holds(&send->materials[0].when, NULL));
    assert_true(condition_holds(&send->paper_when[0], far));
    assert_int_equal(p->rung_count, 2);
    assert_int_equal(p->ladder[1].rung, RUNG_LATE_RESPONSE);
    assert_int_equal(procedure_act(p, STR("seen"))->automatic, AUTOMATIC_OPENED);
}

#define HANDED_AT "procedures/handed/1.yaml:"

static void test_refuses_ladders_that_nobody_climbs(void **state)
{
    spoil_handed(state, "submitted: {title: 发出, acts: [send]}",
                 "sent: {title: 发出, acts: [send]}", HANDED_AT "10: unknown rung: sent");
    spoil_handed(state, "acts: [send]", "acts: [fly]", HANDED_AT "10: unknown act: fly");
    spoil_handed(state, "acts: [send]", "acts: []",
                 HANDED_AT "10: rung without title or acts: "
                           "submitted");
    spoil_handed(state, "{title: 发出, acts: [send]}", "{title: 发出, acts: [send], at: 1}",
                 HANDED_AT "10: unknown key: at");
    spoil_handed(state, "acts: [send]", "acts: [late]",
                 HANDED_AT "10: rung by the breach of a clock: late");
    spoil_handed(state, "acts: [late]", "acts: [answer]",
                 HANDED_AT "11: negative rung by an act no clock runs into: answer");
    spoil_handed(state, "  submitted: {title: 发出, acts: [send]}\n", "",
                 HANDED_AT "10: ladder without submitted: ");
    spoil_handed(state, "by: [window]", "by: [window, person]",
                 HANDED_AT "7: no collaborating court: not begun by windows alone: "
                           "collaborator.window");
}

static void test_refuses_a_ladder_without_collaborating_court(void **state)
{
    struct trial *t = *state;
    struct procedure_source sources[HANDED_SOURCES];
    memcpy(sources, HANDED_TEXTS, sizeof sources);
    Str text = spoiled(t->arena, sources[0].text, "by: [window]", "by: [person]");
    text = spoiled(t->arena, text, ", collaborator.window]", "]");
    text = spoiled(t->arena, text, ", collaborator.window]", "]");
    sources[0].text = spoiled(t->arena, text, "by: [collaborator.window]", "by: [party.writer]");
    expect(t, sources, HANDED_SOURCES,
           HANDED_AT "10: ladder without collaborating court: not begun by windows alone: ");
}

static void test_refuses_choices_that_leave_something_open(void **state)
{
    spoil_handed(state, "near: 7 days, far: 15 days", "near: 7 days",
                 HANDED_AT "14: nothing for this option: far");
    spoil_handed(state, "far: 15 days", "far: 15 days, middle: 9 days",
                 HANDED_AT "14: for no option of the choice: middle");
    spoil_handed(state, "limit: {by: kind", "limit: {by: reason",
                 HANDED_AT "14: by names no choice that a form has: reason");
    spoil_handed(state, "law: {by: kind", "law: {by: reason",
                 HANDED_AT "14: law by another choice than the limit: kind");
    spoil_handed(state, "law: {by: kind, near: 甲, far: 乙}", "law: {by: kind, near: 甲}",
                 HANDED_AT "14: nothing for this option: far");
    spoil_handed(state, "limit: {by: kind, near: 7 days, far: 15 days}", "limit: 7 days",
                 HANDED_AT "14: law by a choice, limit without: ");
    spoil_handed(state, "near: 7 days", "near: 7 weeks",
                 HANDED_AT "14: length or unit of a period: 7 weeks");
    spoil_handed(state, "near: 来信人, far: 寄信人", "near: 来信人",
                 HANDED_AT "4: nothing for this option: far");
    spoil_handed(state, "{by: kind, near: 来信人, far: 寄信人}", "{by: kind}",
                 HANDED_AT "4: role without title: writer");
}

static void test_refuses_conditions_that_cannot_hold(void **state)
{
    spoil_handed(state, "{field: kind, in: [near], unset: true}", "{field: kind, in: [close]}",
                 HANDED_AT "17: condition that can never hold: kind");
    spoil_handed(state, "{field: kind, in: [near], unset: true}", "{field: colour, in: [near]}",
                 HANDED_AT "17: condition on what no form has: colour");
    spoil_handed(state, "{field: kind, in: [near], unset: true}", "{field: kind}",
                 HANDED_AT "18: condition needs field and in: kind");
    spoil_handed(state, "in: [near], unset: true", "in: [near], none: true",
                 HANDED_AT "18: unknown key: none");
    spoil_handed(state, "{count: 0.., when: {field: kind, in: [far]}}",
                 "{count: 0.., when: {field: kind, in: [wide]}}",
                 HANDED_AT "17: condition that can never hold: kind");
    spoil_handed(state, "{paper: slip, when: {field: kind, in: [far]}}",
                 "{paper: slip, when: {field: kind, in: [wide]}}",
                 HANDED_AT "17: condition that can never hold: kind");
    spoil_handed(state, "{element: reason, when:", "{elements: reason, when:",
                 HANDED_AT "18: unknown key: elements");
}

static void test_refuses_what_the_program_cannot_do_on_its_own(void **state)
{
    spoil_handed(state, "on: opened", "on: closed",
                 HANDED_AT "22: on is sent, listed or opened: closed");
    spoil_handed(state, "on: opened, from: [sent]", "on: opened, from: [sent], to: done",
                 HANDED_AT "22: what the program does on its own is by the system and stays: seen");
    spoil_handed(state, "{title: 看到, by: [system], on: opened",
                 "{title: 看到, by: [court.clerk], on: opened",
                 HANDED_AT "22: what the program does on its own is by the system and stays: seen");
    spoil_handed(state, "remind: [{after: 20 minutes}]", "remind: [{after: soon}]",
                 HANDED_AT "15: length or unit of a period: soon");
    spoil_handed(state, "remind: [{after: 20 minutes}]", "remind: [{before: 20 minutes}]",
                 HANDED_AT "15: unknown key: before");
    spoil_handed(state, "waits: [court.clerk, collaborator.window]",
                 "waits: [court.clerk, province.supervisor]",
                 HANDED_AT "7: only parties and posts can be waited for: province.supervisor");
    spoil_handed(state, "{title: 答复, by: [court.clerk]", "{title: 答复, by: [nation.supervisor]",
                 HANDED_AT "23: act nobody can take: supervisors above are told only: answer");
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(test_the_sample_compiles_as_it_was_written),
        test(test_the_newest_version_is_found_unless_one_is_named),
        test(test_a_view_names_states_acts_and_clocks),
        test(test_refuses_unknown_keys_everywhere),
        test(test_refuses_values_of_the_wrong_shape),
        test(test_refuses_text_that_is_no_yaml),
        test(test_refuses_a_file_that_is_not_named_as_what_it_holds),
        test(test_refuses_a_procedure_without_the_necessary),
        test(test_refuses_names_that_resolve_to_nothing),
        test(test_refuses_rules_without_c_functions),
        test(test_refuses_states_that_cannot_be_reached_or_left),
        test(test_refuses_acts_nobody_can_take),
        test(test_refuses_telling_whom_no_list_reaches),
        test(test_refuses_clocks_without_target_unit_or_start),
        test(test_refuses_limits_from_absent_fields),
        test(test_refuses_breaches_that_cannot_be_taken),
        test(test_refuses_an_act_of_the_system_with_a_form),
        test(test_refuses_wording_that_flatters_a_draft),
        test(test_refuses_elements_never_shown),
        test(test_refuses_fields_never_shown),
        test(test_refuses_faulty_fields),
        test(test_refuses_fields_nested_without_end),
        test(test_refuses_examples_that_do_not_pass),
        test(test_refuses_narrowing_by_what_is_not_there),
        test(test_refuses_counts_of_materials),
        test(test_refuses_papers_using_what_nothing_supplies),
        test(test_takes_papers_supplied_by_form_clock_effect_or_matter),
        test(test_what_is_said_chooses_titles_limits_and_parts),
        test(test_refuses_ladders_that_nobody_climbs),
        test(test_refuses_a_ladder_without_collaborating_court),
        test(test_refuses_choices_that_leave_something_open),
        test(test_refuses_conditions_that_cannot_hold),
        test(test_refuses_what_the_program_cannot_do_on_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
