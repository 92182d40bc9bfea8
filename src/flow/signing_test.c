#include "base/json.h"
#include "base/test.h"
#include "base/yaml.h"
#include "flow/signing.h"
#include "law/tables_sample.h"

/* An act with a form, a matter with a file, and values said in JSON. */
struct desk {
    struct trial trial;
    struct procedure procedure;
    struct act act;
    const struct field *form[4];
    struct actor_rule by[2];
    struct matter matter;
    struct material files[2];
    struct ask ask;
};

static const char ELEMENTS[] =
    "- {element: claim, title: 请求, type: group, required: true, fields: [\n"
    "   {name: amount, title: 金额, type: money, required: true, example: 1},\n"
    "   {name: note, title: 说明, type: text, required: false, example: 无}]}\n"
    "- {element: parties, title: 当事人, type: list, required: true, example: [{role: plaintiff, "
    "name: 林}], fields: [\n"
    "   {name: role, title: 地位, type: choice, required: true, example: plaintiff,\n"
    "    options: [{value: plaintiff, title: 原告}, {value: defendant, title: 被告}]},\n"
    "   {name: name, title: 姓名, type: text, required: true, example: 林},\n"
    "   {name: identity, title: 证件, type: identity, required: false, example: "
    "11010519491231002X},\n"
    "   {name: phone, title: 电话, type: phone, required: false, example: \"13800138000\"},\n"
    "   {name: guardian, title: 法定代理人, type: text, required: false, example: 林建国},\n"
    "   {name: officer, title: 负责人, type: text, required: false, example: 赵某},\n"
    "   {name: agents, title: 代理人, type: list, required: false, fields: [\n"
    "     {name: name, title: 姓名, type: text, required: true, example: 李某},\n"
    "     {name: phone, title: 电话, type: phone, required: false, example: \"13800138000\"}]}]}\n"
    "- {element: promises, title: 承诺, type: group, required: true, fields: [\n"
    "   {name: truth, title: 属实, type: yes-no, required: true, example: true}]}\n"
    "- {element: signature, title: 签名, type: signature, required: true,\n"
    "   example: {method: typed, name: 林, code: \"000000\"}}\n";

static struct value *json(struct desk *d, const char *text)
{
    struct value *v = NULL;
    assert_int_equal(json_read(&d->trial.cx, str_of(text), &v), OK);
    return v;
}

static void desk_begin(struct desk *d)
{
    struct value *list = NULL;
    *d = (struct desk){.procedure = {.name = "trial", .title = "试", .kind = ""}};
    trial_begin(&d->trial);
    assert_int_equal(yaml_read(&d->trial.cx, "elements", str_of(ELEMENTS), &list), OK);
    struct field *fields = arena_array(d->trial.arena, struct field, 4);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(field_read(&d->trial.cx, "elements", value_item(list, i), &fields[i]), OK);
        d->form[i] = &fields[i];
    }
    d->by[0] = (struct actor_rule){.kind = ACTOR_PARTY, .name = "plaintiff"};
    d->act = (struct act){
        .name = "submit", .form = d->form, .form_count = 4, .by = {d->by[0]}, .by_count = 1};
    d->files[0] = (struct material){.n = 1, .kind = STR("evidence"), .name = STR("借条.pdf")};
    d->matter = (struct matter){
        .id = 7, .court = STR("京0105"), .materials = d->files, .material_count = 1};
    d->ask = (struct ask){.tables = tables_real(),
                          .procedure = &d->procedure,
                          .act = &d->act,
                          .matter = &d->matter,
                          .now = INT64_C(1770000000000)};
}

static Str digest(struct desk *d, const char *values)
{
    d->ask.values = json(d, values);
    return signing_digest(&d->trial.cx, &d->ask);
}

static const char SAID[] = "{\"claim\":{\"amount\":100},\"parties\":[{\"role\":\"plaintiff\","
                           "\"name\":\"林\"}]}";

static void what_is_not_said_and_what_is_empty_are_signed_alike(void **state)
{
    struct desk d;
    (void)state;
    desk_begin(&d);
    Str once = digest(&d, SAID);
    assert_int_equal(once.n, 64);
    assert_string_equal(
        once.p, digest(&d, "{\"parties\":[{\"name\":\"林\",\"phone\":\"\",\"role\":\"plaintiff\"}],"
                           "\"claim\":{\"note\":\"\",\"amount\":100}}")
                    .p);
    assert_null(d.trial.cx.failure.errors); /* looking leaves no complaint behind */
    trial_end(&d.trial);
}

static void promises_and_signatures_are_not_part_of_it(void **state)
{
    struct desk d;
    (void)state;
    desk_begin(&d);
    Str once = digest(&d, SAID);
    assert_string_equal(
        once.p, digest(&d, "{\"claim\":{\"amount\":100},\"parties\":[{\"role\":\"plaintiff\","
                           "\"name\":\"林\"}],\"promises\":{\"truth\":true},\"signature\":"
                           "{\"method\":\"typed\",\"name\":\"林\",\"code\":\"1\"}}")
                    .p);
    trial_end(&d.trial);
}

static void every_change_of_text_file_or_court_is_another(void **state)
{
    struct desk d;
    (void)state;
    desk_begin(&d);
    Str once = digest(&d, SAID);
    assert_string_not_equal(
        once.p, digest(&d, "{\"claim\":{\"amount\":101},\"parties\":[{\"role\":\"plaintiff\","
                           "\"name\":\"林\"}]}")
                    .p);
    d.files[0].sm3.b[0] = 1;
    assert_string_not_equal(once.p, digest(&d, SAID).p);
    d.files[0].sm3.b[0] = 0;
    d.files[1] = (struct material){.n = 2, .kind = STR("evidence"), .name = STR("收条.pdf")};
    d.matter.material_count = 2;
    assert_string_not_equal(once.p, digest(&d, SAID).p);
    d.files[1].removed = 1;
    assert_string_equal(once.p, digest(&d, SAID).p);
    d.matter.court = STR("京0106");
    assert_string_not_equal(once.p, digest(&d, SAID).p);
    trial_end(&d.trial);
}

static void joining_pages_that_were_signed_changes_nothing(void **state)
{
    struct desk d;
    (void)state;
    desk_begin(&d);
    d.files[0].pages = 3;
    d.files[0].pages_sm3.b[0] = 9;
    Str before = digest(&d, SAID);
    d.files[0].sm3.b[0] = 5; /* their PDF is made behind the upload */
    assert_string_equal(before.p, digest(&d, SAID).p);
    trial_end(&d.trial);
}

/* A PDF among the evidence has pages, but is no list of them. */
static void another_file_of_as_many_pages_is_another(void **state)
{
    struct desk d;
    (void)state;
    desk_begin(&d);
    d.files[0].pages = 3;
    Str before = digest(&d, SAID);
    d.files[0].sm3.b[0] = 5;
    assert_string_not_equal(before.p, digest(&d, SAID).p);
    trial_end(&d.trial);
}

static void a_party_signs_by_the_hand_that_may(void **state)
{
    struct desk d;
    struct signatory *all = NULL;
    (void)state;
    desk_begin(&d);
    d.ask.values =
        json(&d, "{\"parties\":[{\"role\":\"plaintiff\",\"name\":\"林\",\"phone\":\"010-12345678\","
                 "\"identity\":{\"type\":\"resident-id\",\"number\":\"11010519491231002X\"},"
                 "\"agents\":[{\"name\":\"李某\",\"phone\":\"13800138001\"}]},"
                 "{\"role\":\"defendant\",\"name\":\"王某\"},"
                 "{\"role\":\"plaintiff\",\"name\":\"林小\",\"guardian\":\"林建国\",\"identity\":"
                 "\"11010519491231002X\"},{\"role\":\"plaintiff\",\"name\":\"某公司\",\"officer\":"
                 "\"赵某\"},{\"role\":\"plaintiff\",\"name\":\" \"}]}");
    assert_int_equal(signing_candidates(&d.trial.cx, &d.ask, &all), 4);
    assert_string_equal(all[0].place.p, "parties.0");
    assert_string_equal(all[0].identity.p, "11010519491231002X");
    assert_int_equal(all[0].phone.n, 0); /* no message goes to a landline */
    assert_string_equal(all[1].place.p, "parties.0.agents.0");
    assert_string_equal(all[1].phone.p, "13800138001");
    assert_string_equal(all[2].name.p, "林建国");
    assert_int_equal(all[2].identity.n, 0); /* the number is the child's */
    assert_string_equal(all[3].name.p, "赵某");
    assert_non_null(strstr(all[3].capacity.p, "某公司的法定代表人"));
    trial_end(&d.trial);
}

static void a_signature_stands_while_the_text_does(void **state)
{
    struct signing s = {.state = STR("waiting"), .digest = STR(""), .expires = 100};
    (void)state;
    assert_int_equal(signing_standing_of(&s, STR("a"), 99), SIGNING_WAITS);
    assert_int_equal(signing_standing_of(&s, STR("a"), 100), SIGNING_EXPIRED);
    s.tries = SIGNING_TRIES_MAX;
    assert_int_equal(signing_standing_of(&s, STR("a"), 99), SIGNING_LOCKED);
    s.state = STR("signed");
    s.digest = STR("a");
    assert_int_equal(signing_standing_of(&s, STR("a"), 200), SIGNING_HOLDS);
    assert_int_equal(signing_standing_of(&s, STR("b"), 99), SIGNING_FELL);
    s.state = STR("refused");
    assert_int_equal(signing_standing_of(&s, STR("a"), 200), SIGNING_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_said_and_what_is_empty_are_signed_alike),
        cmocka_unit_test(promises_and_signatures_are_not_part_of_it),
        cmocka_unit_test(every_change_of_text_file_or_court_is_another),
        cmocka_unit_test(joining_pages_that_were_signed_changes_nothing),
        cmocka_unit_test(another_file_of_as_many_pages_is_another),
        cmocka_unit_test(a_party_signs_by_the_hand_that_may),
        cmocka_unit_test(a_signature_stands_while_the_text_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
