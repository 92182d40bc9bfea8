#include <string.h>

#include "base/test.h"
#include "flow/element_form.h"
#include "flow/rule.h"

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
    "sections:\n"
    "  - section: loan-claim\n"
    "    title: 请求\n"
    "    rows:\n"
    "      - row: 本金\n"
    "        print: 截至{day}止，尚欠{principal}元[（{note}）]\n"
    "        requests: [{text: \"偿还{principal}元\"}, "
    "{text: 承担费用, when: {field: costs, in: [true]}}]\n"
    "        fields:\n"
    "          - {name: day, title: 截至日期, type: date, required: true, help: 哪天, "
    "example: \"2026-03-01\"}\n"
    "          - {name: principal, title: 本金, type: money, required: true, help: 多少, "
    "example: 100}\n"
    "          - {name: note, title: 备注, ours: true, type: text, help: 备注, example: 无}\n"
    "      - {rows: rest}\n"
    "  - {use: proof}\n";

static const char REST[] =
    "rows: rest\n"
    "list:\n"
    "  - row: 费用\n"
    "    print: \"{costs:true|是}\\n{costs:false|否}\"\n"
    "    fields:\n"
    "      - {name: costs, title: 是否主张费用, type: yes-no, required: false, help: 是否, "
    "example: true}\n"
    "  - row: 总额\n"
    "    print: \"{total}元\"\n"
    "    fields:\n"
    "      - {name: total, title: 总额, type: money, required: false, help: 多少, example: 100}\n";

static const char PROOF[] =
    "section: proof\n"
    "title: 证据\n"
    "numbered: false\n"
    "rows:\n"
    "  - row: 清单\n"
    "    print: \"{list}\"\n"
    "    fields:\n"
    "      - name: list\n"
    "        title: 证据\n"
    "        type: list\n"
    "        required: false\n"
    "        help: 一件一行\n"
    "        print: \"{n}．{name}\"\n"
    "        example: [{name: 借条}]\n"
    "        fields: [{name: name, title: 名称, type: text, required: true, help: 名称, "
    "example: 借条}]\n";

struct texts {
    const char *form, *rest, *proof, *letter;
};

static const struct texts GOOD = {FORM, REST, PROOF, LETTER};

static enum status load(struct trial *t, const struct texts *texts, struct procedures **out)
{
    static const struct rule *const none[] = {NULL};
    const struct procedure_source sources[] = {
        {"forms/09.yaml", str_of(texts->form)},
        {"forms/rows/rest.yaml", str_of(texts->rest)},
        {"forms/sections/proof.yaml", str_of(texts->proof)},
        {"procedures/letter/1.yaml", str_of(texts->letter)},
    };
    const struct load_world world = {.rules = none};
    return procedures_load(&t->cx, sources, 4, &world, out);
}

static const struct element_form *loaded(struct trial *t, struct procedures **set)
{
    if (load(t, &GOOD, set) != OK) {
        fail_msg("%s", t->cx.failure.detail.p);
    }
    return element_form_find(procedures_forms(*set), STR("09"));
}

static void its_sections_are_elements_of_the_filing(void **state)
{
    (void)state;
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    const struct element_form *form = loaded(&t, &set);
    const struct procedure *p = procedure_find(set, STR("letter"), 1);
    const struct act *submit = procedure_act(p, STR("submit"));
    assert_non_null(form);
    assert_int_equal(submit->form_count, 2);
    assert_string_equal(submit->form[0]->name, "loan-claim");
    assert_string_equal(submit->form[0]->fields[0].row, "本金");
    assert_string_equal(submit->form[0]->fields[1].row, "");
    assert_string_equal(submit->form[1]->forms, " 09 ");
    assert_true(form->sections[1]->shared);
    assert_int_equal(value_count(form->sections[0]->official), 4); /* the note is ours */
    trial_end(&t);
}

static Str printed(struct trial *t, const struct procedures *set, const struct element_form *form,
                   const struct value *said, uint32_t row)
{
    struct law_tables tables = {.version = STR("none")};
    struct form_ink ink = {.arena = t->arena,
                           .forms = procedures_forms(set),
                           .tables = &tables,
                           .section = form->claim};
    const struct field *group = form->claim->group;
    return form_ink_text(&ink, form->claim->rows[row].print, group->fields, group->field_count,
                         said, NULL);
}

static void what_is_not_filled_in_leaves_room(void **state)
{
    (void)state;
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    const struct element_form *form = loaded(&t, &set);
    struct value *said = value_map(t.arena);
    assert_string_equal(printed(&t, set, form, NULL, 0).p,
                        "截至　　　　年　　月　　日止，尚欠　　　　元");
    assert_string_equal(printed(&t, set, form, NULL, 1).p, "是□\n否□");
    value_set_text(t.arena, said, "day", "2026-03-01");
    value_set_int(t.arena, said, "principal", 123456);
    value_set_text(t.arena, said, "note", "{day}[x]");
    value_set_bool(t.arena, said, "costs", false);
    assert_string_equal(printed(&t, set, form, said, 0).p,
                        "截至2026年3月1日止，尚欠1,234.56元（{day}[x]）");
    assert_string_equal(printed(&t, set, form, said, 1).p, "是□\n否☑");
    value_set_text(t.arena, said, "principal", "许多"); /* a draft may hold anything */
    assert_string_equal(printed(&t, set, form, said, 2).p, "　　　　元");
    trial_end(&t);
}

static const char *spoilt(struct arena *arena, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* What a row of the fixture prints with its template in place of another; room: what its field has
 * of its own, or "". */
static const char *reprinted(struct trial *t, const char *print, const char *room,
                             const char *options, const struct value *said)
{
    struct procedures *set = NULL;
    struct texts texts = GOOD;
    memset(&t->cx.failure, 0, sizeof t->cx.failure); /* of a template before */
    texts.rest =
        arena_printf(t->arena,
                     "rows: rest\nlist:\n  - row: 费用\n    print: \"%s\"\n    fields:\n"
                     "      - {name: costs, title: 费用, type: %s, %s required: false, help: 是否, "
                     "example: %s}\n"
                     "  - row: 总额\n    print: \"{total}元\"\n    fields:\n"
                     "      - {name: total, title: 总额, type: money, required: false, help: 多少, "
                     "example: 100}\n",
                     print, options[0] == '\0' ? "money" : "choices",
                     options[0] == '\0' ? room : options, options[0] == '\0' ? "1" : "[a]");
    texts.form = spoilt(t->arena, FORM, "{text: 承担费用, when: {field: costs, in: [true]}}",
                        "{text: 承担费用}");
    if (load(t, &texts, &set) != OK) {
        return t->cx.failure.detail.p;
    }
    return printed(t, set, element_form_find(procedures_forms(set), STR("09")), said, 1).p;
}

static void a_box_may_stand_alone_or_for_several(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    static const char options[] = "options: {a: 甲, b: 乙, c: 丙},";
    struct value *none = value_map(t.arena);
    struct value *some = value_map(t.arena);
    struct value *chosen = value_list(t.arena);
    value_add(t.arena, chosen, value_str(t.arena, STR("a")));
    value_add(t.arena, chosen, value_str(t.arena, STR("c")));
    value_set(t.arena, some, "costs", chosen);
    assert_string_equal(reprinted(&t, "{costs:a,b|前两项}　{costs:c|}丙", "", options, none),
                        "前两项□　□丙");
    assert_string_equal(reprinted(&t, "{costs:a,b|前两项}　{costs:c|}丙", "", options, some),
                        "前两项☑　☑丙");
    assert_string_equal(reprinted(&t, "{costs:each}", "", options, some), "☑1．甲\n□2．乙\n☑3．丙");
    assert_string_equal(reprinted(&t, "{costs:chosen}", "", options, some), "甲、丙");
    assert_string_equal(reprinted(&t, "{costs:chosen}", "", options, none), "　　　　");
    value_set_int(t.arena, some, "costs", 100);
    assert_string_equal(reprinted(&t, "{costs:given|违约金}　{costs}元", "", "", some),
                        "违约金☑　1.00元");
    value_set_int(t.arena, some, "costs", 0); /* nothing is asked of an amount of nothing */
    assert_string_equal(reprinted(&t, "{costs:given|违约金}　{costs}元", "", "", some),
                        "违约金□　0.00元");
    assert_string_equal(reprinted(&t, "{costs}", "room: （写明数额）,", "", none), "（写明数额）");
    assert_string_equal(reprinted(&t, "{costs:each}", "", "", none),
                        "forms/rows/rest.yaml:3: prints an option that there is not: each");
    assert_string_equal(reprinted(&t, "{costs:a,d}", "", options, none),
                        "forms/rows/rest.yaml:3: prints an option that there is not: d");
    trial_end(&t);
}

/* The table of the fixture, blank: "label: text" or a heading, a line each. */
static const char *blank_table(struct trial *t, const struct texts *texts)
{
    struct procedures *set = NULL;
    struct law_tables tables = {.version = STR("none")};
    const char *all = "";
    if (load(t, texts, &set) != OK) {
        return t->cx.failure.detail.p;
    }
    const struct value *rows =
        element_form_table(t->arena, procedures_forms(set),
                           element_form_find(procedures_forms(set), STR("09")), &tables, NULL);
    for (uint32_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_item(rows, i);
        all = arena_printf(t->arena, "%s%s%s\n", all, value_get_str(row, "heading").p,
                           value_get_str(row, "label").p);
    }
    return all;
}

static void a_row_may_stand_below_a_heading_of_its_own(void **state)
{
    (void)state;
    struct trial t;
    struct texts texts = GOOD;
    trial_begin(&t);
    texts.form =
        spoilt(t.arena, FORM, "{rows: rest}",
               "row: 附件一\n        heading: 附件\n        print: 无\n      - {rows: rest}");
    assert_string_equal(blank_table(&t, &texts), "当事人信息\n请求\n1．本金\n附件\n1．附件一\n"
                                                 "2．费用\n3．总额\n证据\n清单\n");
    trial_end(&t);
}

static void the_claim_follows_from_the_answers(void **state)
{
    (void)state;
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    struct law_tables tables = {.version = STR("none")};
    const struct element_form *form = loaded(&t, &set);
    struct value *values = element_form_sample(t.arena, procedures_forms(set), form);
    struct value *claim = element_form_claim(&t.cx, procedures_forms(set), form, &tables, values,
                                             date_of(2026, 3, 2));
    assert_string_equal(value_get_str(claim, "form").p, "09");
    assert_int_equal(value_get_int(claim, "amount"), 100);
    assert_int_equal(value_count(value_get(claim, "requests")), 2);
    assert_string_equal(value_as_str(value_at(claim, "requests.0.text")).p, "偿还1.00元");
    assert_string_equal(value_as_str(value_at(claim, "requests.1.text")).p, "承担费用");
    /* Nothing is asked for, and nothing is the sum. */
    struct value *none = value_map(t.arena);
    claim =
        element_form_claim(&t.cx, procedures_forms(set), form, &tables, none, date_of(2026, 3, 2));
    assert_int_equal(value_count(value_get(claim, "requests")), 0);
    assert_int_equal(value_get_int(claim, "amount"), 0);
    trial_end(&t);
}

/* --- refusals --- */

static void refused(const struct texts *texts, const char *detail)
{
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    assert_int_equal(load(&t, texts, &set), E_READ);
    assert_string_equal(t.cx.failure.detail.p, detail);
    trial_end(&t);
}

static void form_refused(const char *from, const char *to, const char *detail)
{
    struct trial t;
    struct texts texts = GOOD;
    trial_begin(&t);
    texts.form = spoilt(t.arena, FORM, from, to);
    refused(&texts, detail);
    trial_end(&t);
}

static void a_form_with_faults_does_not_compile(void **state)
{
    (void)state;
    form_refused("number: \"09\"", "number: \"10\"",
                 "forms/09.yaml:1: form without name and title, or not numbered as its file: 10");
    form_refused("about: 借款", "abuot: 借款", "forms/09.yaml:4: unknown key: abuot");
    form_refused("number: \"09\"", "number: \"09\"\nkind: letter",
                 "forms/09.yaml:1: no such kind of case: letter");
    form_refused("total: total", "total: day",
                 "forms/09.yaml:1: no amount of the first section: day");
    form_refused("sum: [principal]", "sum: [sum]",
                 "forms/09.yaml:6: no amount of the first section: sum");
    form_refused("sum: [principal]", "sum: [principal]\nplace: note",
                 "forms/09.yaml:1: no address of the first section: note");
    form_refused("尚欠{principal}元", "尚欠元",
                 "forms/09.yaml:16: official field that its row does not print: principal");
    form_refused("止，尚欠", "止，尚欠{nobody}",
                 "forms/09.yaml:11: prints what nobody asks: nobody");
    form_refused("{note}）]", "{note}）",
                 "forms/09.yaml:11: brackets do not match: "
                 "截至{day}止，尚欠{principal}元[（{note}）");
    form_refused("偿还{principal}元", "偿还{all}元",
                 "forms/09.yaml:13: prints what nobody asks: all");
    form_refused("field: costs", "field: cost",
                 "forms/09.yaml:13: request on what the section does not ask: cost");
    form_refused("help: 多少, ", "", "forms/09.yaml:16: field without help: principal");
    form_refused("type: money, required: true", "type: cash, required: true",
                 "forms/09.yaml:16: unknown type of field: principal");
    form_refused("name: note", "name: day", "forms/09.yaml:8: field twice: day");
    form_refused("{rows: rest}", "{rows: rests}", "forms/09.yaml:18: no such rows: rests");
    form_refused("{rows: rest}", "{rows: rest, examples: {sum: 5}}",
                 "forms/09.yaml:18: example of what the rows do not ask: sum");
    form_refused("{rows: rest}", "{rows: rest, rooms: {sum: 无}}",
                 "forms/09.yaml:18: example of what the rows do not ask: sum");
    form_refused("about: 借款", "about: 借款\nparties: [{role: judge, of: person}]",
                 "forms/09.yaml:5: block of nobody: person");
    form_refused("about: 借款", "about: 借款\nparties: [{role: plaintiff, of: ghost}]",
                 "forms/09.yaml:5: block of nobody: ghost");
    form_refused("{use: proof}", "{use: proofs}", "forms/09.yaml:19: no such section: proofs");
    form_refused("- row: 本金", "- print: 本金\n        requests: []\n      - row: 本金",
                 "forms/09.yaml:11: row without label: ");
    form_refused("section: loan-claim", "section: \"\"",
                 "forms/09.yaml:8: section without a name of its own: ");
    form_refused("  - {use: proof}\n", "", "forms/09.yaml:1: sections missing or too many: loan");
}

static void a_form_gives_shared_rows_examples_of_its_own(void **state)
{
    (void)state;
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    struct texts texts = GOOD;
    texts.form = spoilt(t.arena, FORM, "{rows: rest}", "{rows: rest, examples: {total: 250}}");
    assert_int_equal(load(&t, &texts, &set), OK);
    const struct element_form *read = element_form_find(procedures_forms(set), STR("09"));
    const struct value *values = element_form_sample(t.arena, procedures_forms(set), read);
    assert_int_equal(value_as_int(value_at(values, "loan-claim.total")), 250);
    assert_true(value_get_bool(value_get(values, "loan-claim"), "costs")); /* as the rows have it */
    trial_end(&t);
}

static void a_form_that_no_person_can_file_is_told(void **state)
{
    (void)state;
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    struct texts texts = GOOD;
    assert_int_equal(load(&t, &texts, &set), OK);
    assert_int_equal(procedures_file_forms(&t.cx, set), OK);
    texts.letter = spoilt(t.arena, LETTER, "by: [person]", "by: [window]");
    texts.letter = spoilt(t.arena, texts.letter, "by: [party.applicant]", "by: [court.window]");
    assert_int_equal(load(&t, &texts, &set), OK);
    assert_int_equal(procedures_file_forms(&t.cx, set), E_READ);
    assert_string_equal(t.cx.failure.detail.p, "forms/09.yaml:1: form that nobody can file: loan");
    trial_end(&t);
}

static void a_form_of_another_kind_is_asked_by_a_filing_of_its_kind(void **state)
{
    (void)state;
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    struct texts texts = GOOD;
    texts.form = spoilt(t.arena, FORM, "total: total\n", "kind: enforcement\ndocument: 申请书\n");
    texts.form = spoilt(t.arena, texts.form, "sum: [principal]\n", "");
    refused(&texts, "procedures/letter/1.yaml:7: no element forms: all");
    texts.letter = spoilt(t.arena, LETTER, "forms: all", "forms: enforcement");
    texts.letter = spoilt(t.arena, texts.letter, "title: 来信", "title: 来信\nkind: enforcement");
    assert_int_equal(load(&t, &texts, &set), OK);
    const struct element_form *form = element_form_find(procedures_forms(set), STR("09"));
    const struct procedure *p = procedure_find(set, STR("letter"), 1);
    assert_false(element_form_is_civil(form));
    assert_int_equal(procedure_act(p, STR("submit"))->form_count, 2);
    assert_ptr_equal(procedure_filing(set, STR("enforcement")), p);
    assert_null(procedure_filing(set, STR("civil")));
    assert_int_equal(procedures_file_forms(&t.cx, set), OK);
    struct law_tables tables = {.version = STR("none")};
    struct value *chosen = value_map(t.arena);
    value_set_text(t.arena, chosen, "form-enforcement", "09");
    /* A procedure has its own choice of versions: the same form, not the same copy. */
    assert_string_equal(element_form_asked(p, &tables, chosen)->number, form->number);
    value_set_text(t.arena, chosen, "form-enforcement", "free");
    assert_null(element_form_asked(p, &tables, chosen));
    const struct value *values = element_form_sample(t.arena, procedures_forms(set), form);
    const struct value *claim = element_form_claim(&t.cx, procedures_forms(set), form, &tables,
                                                   values, date_of(2026, 3, 2));
    assert_int_equal(value_get_int(claim, "amount"), 0);
    assert_int_equal(value_count(value_get(claim, "requests")), 2);
    const struct value *paper =
        element_form_paper(t.arena, procedures_forms(set), form, &tables, values, STR(""));
    assert_string_equal(value_get_str(paper, "document").p, "申请书");
    assert_string_equal(value_as_str(value_at(paper, "rows.0.heading")).p, "请求"); /* no parties */
    trial_end(&t);
}

static const char PARTIES[] =
    "element: parties\n"
    "title: 当事人\n"
    "type: list\n"
    "required: false\n"
    "fields:\n"
    "  - {name: role, title: 地位, type: text, required: true, example: plaintiff}\n"
    "  - {name: kind, title: 类型, type: text, required: true, example: natural-person}\n"
    "  - {name: name, title: 姓名, type: text, required: true, example: 林某}\n"
    "  - name: agents\n"
    "    title: 代理人\n"
    "    type: list\n"
    "    required: false\n"
    "    fields: [{name: name, title: 姓名, type: text, required: true, example: 李某}]\n";

static const char WHO[] =
    "section: who\n"
    "title: 当事人信息\n"
    "numbered: false\n"
    "rows:\n"
    "  - row: 申请人\n"
    "    party: {role: plaintiff, of: person}\n"
    "    print: 姓名{name}出生地{born}\n"
    "    fields:\n"
    "      - {name: name, from: name, title: 姓名, type: text, required: true, help: 姓名, "
    "example: 林某}\n"
    "      - {name: born, title: 出生地, type: text, required: true, "
    "when: {field: agent, in: [true]}, help: 何地, example: 京}\n"
    "  - row: 代理人\n"
    "    party: {role: plaintiff, of: agent}\n"
    "    print: \"{agent:true|有}{agent-name}\"\n"
    "    fields:\n"
    "      - {name: agent, from: have, title: 有无, type: yes-no, required: false, help: 有无, "
    "example: false}\n"
    "      - {name: agent-name, from: name, title: 姓名, type: text, required: false, "
    "help: 姓名, example: 李某}\n";

static enum status load_with_parties(struct trial *t, const char *who, struct procedures **out)
{
    static const struct rule *const none[] = {NULL};
    const char *form = spoilt(t->arena, FORM, "sections:\n", "sections:\n  - {use: who}\n");
    const char *letter = spoilt(t->arena, LETTER, "[{forms: all}]", "[parties, {forms: all}]");
    const struct procedure_source sources[] = {
        {"elements/parties.yaml", str_of(PARTIES)}, {"forms/09.yaml", str_of(form)},
        {"forms/rows/rest.yaml", str_of(REST)},     {"forms/sections/proof.yaml", str_of(PROOF)},
        {"forms/sections/who.yaml", str_of(who)},   {"procedures/letter/1.yaml", str_of(letter)},
    };
    const struct load_world world = {.rules = none};
    return procedures_load(&t->cx, sources, 6, &world, out);
}

static void who_refused(const char *from, const char *to, const char *detail)
{
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    assert_int_equal(load_with_parties(&t, spoilt(t.arena, WHO, from, to), &set), E_READ);
    assert_string_equal(t.cx.failure.detail.p, detail);
    trial_end(&t);
}

/* What a party says is laid into its rows; what hung on it is asked of everybody, and optional. */
static void what_a_party_says_is_not_asked_again(void **state)
{
    (void)state;
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    assert_int_equal(load_with_parties(&t, WHO, &set), OK);
    const struct form_section *who =
        element_form_find(procedures_forms(set), STR("09"))->sections[0];
    assert_int_equal(who->group->field_count, 4);
    assert_int_equal(who->asked->field_count, 1);
    assert_string_equal(who->asked->fields[0].name, "born");
    assert_string_equal(who->asked->fields[0].row, "申请人");
    assert_false(who->asked->fields[0].required);
    assert_null(who->asked->fields[0].when_field);
    trial_end(&t);
    who_refused("from: name, title: 姓名, type: text, required: true",
                "from: title, title: 姓名, type: text, required: true",
                "forms/sections/who.yaml:9: no party says that: title");
    who_refused("of: person", "of: people", "forms/sections/who.yaml:6: row of nobody: people");
    who_refused("    party: {role: plaintiff, of: person}\n", "",
                "forms/sections/who.yaml:8: no party says that: name");
}

/* --- boxes as the official forms have them --- */

static const char BOXED[] =
    "form: deed\n"
    "number: \"44\"\n"
    "title: 处罚\n"
    "caption: 起诉用\n"
    "kind: administrative\n"
    "head: deeds\n"
    "after: 注释\n"
    "about: 处罚\n"
    "answer: {use: office}\n"
    "sections:\n"
    "  - section: deed-claim\n"
    "    title: 请求\n"
    "    rows:\n"
    "      - row: 撤销\n"
    "        tick: revoke\n"
    "        fields: [{name: revoke, title: 是否撤销, type: yes-no, required: false, help: 是否, "
    "example: true}]\n"
    "      - row: 赔偿\n"
    "        print: \"{□wrong}　{cost/fee:given|费用}：{cost}元　{□fee:given|车费}：{fee}\"\n"
    "        fields:\n"
    "          - {name: wrong, title: 是否违法, type: yes-no, required: false, help: 是否, "
    "example: true}\n"
    "          - {name: cost, title: 费用, type: money, required: false, help: 多少, "
    "example: 100}\n"
    "          - {name: fee, title: 车费, type: text, required: false, help: 多少, example: 无}\n"
    "  - section: deed-facts\n"
    "    title: 事实\n"
    "    rows:\n"
    "      - row: 经过\n"
    "        print: \"{facts}\"\n"
    "        fields: [{name: facts, title: 经过, type: text, required: true, help: 经过, "
    "example: 无}]\n";

static const char HEAD[] = "head: deeds\nnotes: 说明\n";
static const char OFFICE[] = "answer: office\n"
                             "claim:\n"
                             "  - {row: 有职权, name: power, tick: true, room: 具体理由：}\n"
                             "  - {row: 是否复议, name: again, yes: 案号}\n";

static enum status boxed_load(struct trial *t, const char *form, const char *head,
                              struct procedures **out)
{
    static const struct rule *const none[] = {NULL};
    const struct procedure_source sources[] = {
        {"forms/44.yaml", str_of(form)},
        {"forms/answers/office.yaml", str_of(OFFICE)},
        {"forms/heads/deeds.yaml", str_of(head)},
        {"procedures/letter/1.yaml",
         str_of(spoilt(t->arena, LETTER, "forms: all", "forms: administrative"))},
    };
    const struct load_world world = {.rules = none};
    return procedures_load(&t->cx, sources, 4, &world, out);
}

/* Both cells of the n-th row of the table, or what is printed across. */
static const char *row_of(struct trial *t, const struct procedures *set,
                          const struct element_form *form, const struct value *said, uint32_t n)
{
    struct value *values = value_map(t->arena);
    struct law_tables tables = {0};
    value_set(t->arena, values, "deed-claim", said);
    const struct value *table =
        element_form_table(t->arena, procedures_forms(set), form, &tables, values);
    const struct value *row = value_item(table, n);
    return arena_printf(t->arena, "%s|%s|%s", value_get_str(row, "across").p,
                        value_get_str(row, "label").p, value_get_str(row, "text").p);
}

static void a_box_stands_where_the_official_form_has_it(void **state)
{
    (void)state;
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    if (boxed_load(&t, BOXED, HEAD, &set) != OK) {
        fail_msg("%s", t.cx.failure.detail.p);
    }
    const struct element_form *form = element_form_find(procedures_forms(set), STR("44"));
    struct value *said = value_map(t.arena);
    assert_string_equal(row_of(&t, set, form, said, 1), "1．□撤销||");
    assert_string_equal(row_of(&t, set, form, said, 2),
                        "|2．赔偿|□是　□否　费用□：　　　　元　□车费：　　　　");
    value_set_bool(t.arena, said, "revoke", true);
    value_set_bool(t.arena, said, "wrong", false);
    value_set_text(t.arena, said, "fee", "无");
    value_set_int(t.arena, said, "cost", 0);
    assert_string_equal(row_of(&t, set, form, said, 1), "1．☑撤销||");
    assert_string_equal(row_of(&t, set, form, said, 2),
                        "|2．赔偿|□是　☑否　费用□：0.00元　□车费：无");
    value_set_text(t.arena, said, "fee", "10元");
    assert_string_equal(row_of(&t, set, form, said, 2),
                        "|2．赔偿|□是　☑否　费用☑：0.00元　☑车费：10元");
    trial_end(&t);
}

static void heads_and_answers_are_shared(void **state)
{
    (void)state;
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    assert_int_equal(boxed_load(&t, BOXED, HEAD, &set), OK);
    const struct element_form *form = element_form_find(procedures_forms(set), STR("44"));
    assert_string_equal(form->notes, "说明");
    assert_string_equal(form->after, "注释");
    assert_string_equal(form->caption, "起诉用");
    assert_string_equal(form->replies[0].name, "claim.power");
    assert_true(form->replies[0].tick);
    assert_string_equal(form->replies[1].yes, "案号");
    assert_true(form->replies[2].ours); /* what the common answer has not stands below it */
    assert_string_equal(form->replies[2].label, "对撤销有无异议");
    trial_end(&t);
}

static void boxed_refused(const char *from, const char *to, const char *head, const char *detail)
{
    struct trial t;
    struct procedures *set = NULL;
    trial_begin(&t);
    const char *form = spoilt(t.arena, BOXED, from, to);
    assert_int_equal(boxed_load(&t, form, head, &set), E_READ);
    assert_string_equal(t.cx.failure.detail.p, detail);
    trial_end(&t);
}

static void boxes_of_nothing_are_refused(void **state)
{
    (void)state;
    boxed_refused("tick: revoke", "tick: revok", HEAD,
                  "forms/44.yaml:14: box that no yes or no ticks: revok");
    boxed_refused("cost/fee:given", "cost/fees:given", HEAD,
                  "forms/44.yaml:17: box of what nobody asks: fees");
    boxed_refused("head: deeds", "head: deed", HEAD, "forms/44.yaml:1: no such head: deed");
    boxed_refused("{use: office}", "{use: offices}", HEAD,
                  "forms/44.yaml:9: no such answer: offices");
    boxed_refused("about: 处罚", "about: 处罚", "head: other\nnotes: 说明\n",
                  "forms/heads/deeds.yaml:1: not named as its file: other");
}

static void what_forms_share_is_refused_where_it_stands(void **state)
{
    (void)state;
    struct trial t;
    struct texts texts = GOOD;
    trial_begin(&t);
    texts.rest = spoilt(t.arena, REST, "{costs:true|是}", "{costs:perhaps|是}");
    refused(&texts, "forms/rows/rest.yaml:3: prints an option that there is not: perhaps");
    texts.rest = spoilt(t.arena, REST, "rows: rest", "rows: other");
    refused(&texts, "forms/rows/rest.yaml:1: not named as its file: other");
    texts.rest = spoilt(t.arena, REST, "  - row: 费用\n", "  - {rows: rest}\n  - row: 费用\n");
    refused(&texts, "forms/rows/rest.yaml:3: too many rows, or rows within rows: ");
    texts = GOOD;
    texts.proof = spoilt(t.arena, PROOF, "{n}．{name}", "{n}．");
    refused(&texts,
            "forms/sections/proof.yaml:8: official field that its row does not print: name");
    texts.proof = spoilt(t.arena, PROOF, "example: 借条}", "exmaple: 借条}");
    refused(&texts, "forms/sections/proof.yaml:15: unknown key: exmaple");
    texts = GOOD;
    texts.letter = spoilt(t.arena, LETTER, "forms: all", "forms: some");
    refused(&texts, "procedures/letter/1.yaml:7: no element forms: some");
    texts.letter = spoilt(t.arena, LETTER, "[{forms: all}]", "[proof]");
    refused(&texts, "elements/loan-claim.yaml:8: element that no form shows: loan-claim");
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_sections_are_elements_of_the_filing),
        cmocka_unit_test(what_is_not_filled_in_leaves_room),
        cmocka_unit_test(a_box_may_stand_alone_or_for_several),
        cmocka_unit_test(a_row_may_stand_below_a_heading_of_its_own),
        cmocka_unit_test(the_claim_follows_from_the_answers),
        cmocka_unit_test(a_form_with_faults_does_not_compile),
        cmocka_unit_test(a_form_gives_shared_rows_examples_of_its_own),
        cmocka_unit_test(a_form_that_no_person_can_file_is_told),
        cmocka_unit_test(a_form_of_another_kind_is_asked_by_a_filing_of_its_kind),
        cmocka_unit_test(what_a_party_says_is_not_asked_again),
        cmocka_unit_test(what_forms_share_is_refused_where_it_stands),
        cmocka_unit_test(a_box_stands_where_the_official_form_has_it),
        cmocka_unit_test(heads_and_answers_are_shared),
        cmocka_unit_test(boxes_of_nothing_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
