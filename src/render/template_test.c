/* Claims about render/template.h. */

#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "base/test.h"
#include "render/template.h"

static const Instant NOW = INT64_C(1772416800000); /* 2026-03-02T10:00+08:00 */

/* What one template, called "page", makes of a view in JSON; with a partial called "part". */
static Str shown_with(struct trial *trial, const char *page, const char *part, const char *json)
{
    const struct template_source sources[] = {{"page", str_of(page)}, {"part", str_of(part)}};
    struct templates *set = NULL;
    struct value *view = NULL;
    Str out = STR("");
    assert_int_equal(templates_load(&trial->cx, trial->arena, sources, 2, &set), OK);
    assert_int_equal(json_read(&trial->cx, str_of(json), &view), OK);
    assert_int_equal(template_render(&trial->cx, set, "page", view, NOW, &out), OK);
    return out;
}

static void expect_with(const char *page, const char *part, const char *json, const char *html)
{
    struct trial trial;
    trial_begin(&trial);
    assert_string_equal(shown_with(&trial, page, part, json).p, html);
    trial_end(&trial);
}

static void expect(const char *page, const char *json, const char *html)
{
    expect_with(page, "", json, html);
}

/* Loading must fail, and the operator is told the place. */
static void expect_refused(const char *page, const char *place)
{
    struct trial trial;
    trial_begin(&trial);
    const struct template_source sources[] = {{"page", str_of(page)}, {"part", STR("x")}};
    struct templates *set = NULL;
    assert_int_equal(templates_load(&trial.cx, trial.arena, sources, 2, &set), E_READ);
    assert_string_equal(trial.cx.failure.code, "data-unreadable");
    if (!str_starts(trial.cx.failure.detail, place)) {
        print_error("%s: %s\n", page, trial.cx.failure.detail.p);
    }
    assert_true(str_starts(trial.cx.failure.detail, place));
    trial_end(&trial);
}

static void test_text_is_escaped(void **state)
{
    (void)state;
    expect("<p title=\"{{t}}\">{{t}}</p>", "{\"t\":\"<b>\\\"'&\"}",
           "<p title=\"&lt;b&gt;&quot;&#39;&amp;\">&lt;b&gt;&quot;&#39;&amp;</p>");
    expect("{{{t}}}", "{\"t\":\"<b>\"}", "&lt;b&gt;");
}

static void test_only_marked_markup_stays(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    const struct template_source source = {"page", STR("{{{m}}}{{m}}")};
    struct templates *set = NULL;
    Str out = STR("");
    struct value *view = value_map(trial.arena);
    value_set(trial.arena, view, "m", html_mark(trial.arena, STR("<svg/>")));
    assert_int_equal(templates_load(&trial.cx, trial.arena, &source, 1, &set), OK);
    assert_int_equal(template_render(&trial.cx, set, "page", view, NOW, &out), OK);
    assert_string_equal(out.p, "<svg/>&lt;svg/&gt;");
    trial_end(&trial);
}

static void test_addresses_lead_nowhere_dangerous(void **state)
{
    (void)state;
    const char *page = "{{#l}}<a href=\"{{.}}\">{{/l}}";
    expect(page, "{\"l\":[\"/matters/1?a=b&c\",\"https://a.cn/\",\"papers/1\",\"?q=a:b\"]}",
           "<a href=\"/matters/1?a=b&amp;c\"><a href=\"https://a.cn/\">"
           "<a href=\"papers/1\"><a href=\"?q=a:b\">");
    expect(page,
           "{\"l\":[\"javascript:alert(1)\",\" javascript:1\",\"java\\nscript:1\",\"data:x\","
           "\"//evil\",\"/\\\\evil\"]}",
           "<a href=\"#\"><a href=\"#\"><a href=\"#\"><a href=\"#\"><a href=\"#\"><a href=\"#\">");
    expect("<a href=\"/x/{{a}}/{{b|url}}\">", "{\"a\":\"j:1\",\"b\":\"京 0105/\"}",
           "<a href=\"/x/j:1/%E4%BA%AC%200105%2F\">");
}

static void test_sections_follow_the_data(void **state)
{
    (void)state;
    const char *page = "{{#a}}[{{b}}]{{/a}}{{^a}}none{{/a}}";
    expect(page, "{\"a\":[{\"b\":1},{\"b\":2}]}", "[1][2]");
    expect(page, "{\"a\":[]}", "none");
    expect(page, "{\"a\":{\"b\":\"x\"}}", "[x]");
    expect(page, "{\"a\":{}}", "none");
    expect(page, "{\"a\":true,\"b\":3}", "[3]");
    expect(page, "{\"a\":0,\"b\":3}", "none");
    expect(page, "{\"a\":\"t\",\"b\":3}", "[3]");
    expect(page, "{\"a\":\"\"}", "none");
    expect(page, "{\"a\":null}", "none");
    expect(page, "{}", "none");
}

static void test_names_are_looked_up_outwards_unless_local(void **state)
{
    (void)state;
    expect("{{#l}}{{n}}{{.n}}{{/l}}", "{\"n\":\"o\",\"l\":[{},{\"n\":\"i\"}]}", "oii");
    expect("{{#l}}{{n}};{{/l}}", "{\"n\":\"o\",\"l\":[{\"n\":null}]}", ";");
    expect("{{a.b.1.c}}{{#l}}{{.}},{{/l}}",
           "{\"a\":{\"b\":[0,{\"c\":\"deep\"}]},\"l\":[1,\"x\",null]}", "deep1,x,,");
    expect("{{a.b.9.c}}{{a.-1}}{{s.x}}", "{\"a\":{\"b\":[]},\"s\":\"t\"}", "");
}

static void test_partial_may_call_itself(void **state)
{
    (void)state;
    expect_with("{{>part}}", "({{.n}}{{#.l}}{{>part}}{{/.l}})",
                "{\"n\":1,\"l\":[{\"n\":2,\"l\":[{\"n\":3}]},{\"n\":4}]}", "(1(2(3))(4))");
}

static void test_partial_without_end_fails(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "{{>part}}", "{{#l}}{{>part}}{{/l}}",
        "{{#l}}{{#l}}{{#l}}{{#l}}{{>part}}{{/l}}{{/l}}{{/l}}{{/l}}"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct trial trial;
        trial_begin(&trial);
        const struct template_source source = {"part", str_of(parts[i])};
        struct templates *set = NULL;
        struct value *view = NULL;
        Str out = STR("");
        assert_int_equal(templates_load(&trial.cx, trial.arena, &source, 1, &set), OK);
        assert_int_equal(json_read(&trial.cx, STR("{\"l\":[1,2,3,4,5,6,7,8]}"), &view), OK);
        assert_int_equal(template_render(&trial.cx, set, "part", view, NOW, &out), E_BUG);
        assert_string_equal(trial.cx.failure.code, "page-endless");
        trial_end(&trial);
    }
}

static void test_page_over_the_ceiling_fails(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    const struct template_source source = {"page", STR("{{#l}}{{t}}{{/l}}")};
    struct templates *set = NULL;
    Str out = STR("");
    struct value *view = value_map(trial.arena);
    struct value *list = value_list(trial.arena);
    char *text = arena_alloc(trial.arena, 100000);
    memset(text, 'x', 99999);
    for (int i = 0; i < 50; i++) {
        value_add(trial.arena, list, value_int(trial.arena, i));
    }
    value_set(trial.arena, view, "l", list);
    value_set_text(trial.arena, view, "t", text);
    assert_int_equal(templates_load(&trial.cx, trial.arena, &source, 1, &set), OK);
    assert_int_equal(template_render(&trial.cx, set, "page", view, NOW, &out), E_TOO_LARGE);
    cx_forgive(&trial.cx);
    assert_true(template_exists(set, "page"));
    assert_false(template_exists(set, "other"));
    assert_int_equal(template_render(&trial.cx, set, "other", view, NOW, &out), E_BUG);
    trial_end(&trial);
}

static void test_filters(void **state)
{
    (void)state;
    expect("{{a|money}} {{a|yuan}} {{b|yuan}} {{a|capitals}}", "{\"a\":5000000,\"b\":52550}",
           "50,000.00 50,000 525.50 伍万元整");
    expect(
        "{{d|date}} {{e|date}} {{e|time}} {{e|datetime}} {{e|clock}} {{f|time}}",
        "{\"d\":\"2025-03-02\",\"e\":\"2026-03-09T15:59:59Z\",\"f\":\"2025-01-01T08:05:00+08:00\"}",
        "2025年3月2日 3月9日 3月9日23:59 2026年3月9日23:59 23:59 2025年1月1日08:05");
    expect("{{today|said}} {{tomorrow|said}}",
           "{\"today\":\"2026-03-02T09:00:00+08:00\",\"tomorrow\":\"2026-03-03T09:00:00+08:00\"}",
           "09:00 3月3日09:00");
    expect("{{t|lines}}", "{\"t\":\"a<\\nb\"}", "a&lt;<br>b");
    expect("{{a|size}} {{b|size}} {{c|size}} {{d|size}}",
           "{\"a\":900,\"b\":182304,\"c\":5347738,\"d\":3221225472}",
           "900 字节 178 KB 5.1 MB 3.0 GB");
}

static void test_filter_shows_what_it_does_not_understand(void **state)
{
    (void)state;
    expect("{{a|money}} {{a|date}} {{b|money}} {{c|capitals}} {{n|date}}",
           "{\"a\":\"<五万>\",\"b\":9223372036854775807,\"c\":-5}",
           "&lt;五万&gt; &lt;五万&gt; 9223372036854775807 -5 ");
}

static void test_attributes_by_section(void **state)
{
    (void)state;
    const char *page = "<input{{#r}} required{{/r}} class=\"a{{#b}} b{{/b}}\">";
    expect(page, "{\"r\":true,\"b\":true}", "<input required class=\"a b\">");
    expect(page, "{}", "<input class=\"a\">");
}

static void test_indentation_and_lone_tags_are_not_written(void **state)
{
    (void)state;
    expect("<ul>\n  {{#l}}\n    <li>{{.}}</li> {{! why }}\n  {{/l}}\n</ul>\n{{! end }}",
           "{\"l\":[1,2]}", "<ul>\n<li>1</li> \n<li>2</li> \n</ul>\n");
    expect("{{a}} {{a}}\n  {{a}}\n", "{\"a\":1}", "1 1\n1\n");
}

static void test_refuses_where_nothing_can_be_escaped(void **state)
{
    (void)state;
    expect_refused("<script>{{x}}</script>", "page.html:1:");
    expect_refused("<style>\n{{x}}</style>", "page.html:2:");
    expect_refused("<p onclick=\"{{x}}\">", "page.html:1:");
    expect_refused("<p style=\"{{x}}\">", "page.html:1:");
    expect_refused("<p title={{x}}>", "page.html:1:");
    expect_refused("<p {{x}}>", "page.html:1:");
    expect_refused("<p {{x}}=\"1\">", "page.html:1:");
    expect_refused("<{{x}}>", "page.html:1:");
    expect_refused("<!-- {{x}} -->", "page.html:1:");
    expect_refused("<script src=\"{{x}}\"></script>", "page.html:1:");
    expect_refused("<a title=\"{{{x}}}\">", "page.html:1:");
    expect_refused("<a title=\"{{x|lines}}\">", "page.html:1:");
}

static void test_refuses_what_depends_on_the_course_of_sections(void **state)
{
    (void)state;
    expect_refused("{{#a}}<p title=\"{{/a}}{{x}}\">", "page.html:1:");
    expect_refused("<p {{#a}}on{{/a}}click=\"1\">", "page.html:1:");
    expect_refused("<p{{#a}} title=\"{{/a}}x\">", "page.html:1:");
    expect_refused("{{#a}}<script>{{/a}}</script>", "page.html:1:");
    expect_refused("<a {{>part}}>", "page.html:1:");
    expect_refused("<p title=\"a", "page.html:1:");
}

static void test_refuses_what_is_not_well_formed(void **state)
{
    (void)state;
    expect_refused("a\n\n{{#b}}x", "page.html:3: a section that is not closed: b");
    expect_refused("{{#a}}{{#b}}{{/a}}{{/b}}", "page.html:1:");
    expect_refused("{{/a}}", "page.html:1:");
    expect_refused("\n{{>gone}}", "page.html:2: an unknown partial: gone");
    expect_refused("{{a|gone}}", "page.html:1: an unknown filter");
    expect_refused("{{a b}}", "page.html:1:");
    expect_refused("{{}}", "page.html:1:");
    expect_refused("{{a..b}}", "page.html:1:");
    expect_refused("{{a", "page.html:1:");
    expect_refused("1 < 2", "page.html:1:");
    expect_refused("\xff", "page.html:1:");
}

static void test_script_ends_only_at_its_own_end(void **state)
{
    (void)state;
    expect("<script src=\"/a.js\"></script>{{x}}", "{\"x\":1}", "<script src=\"/a.js\"></script>1");
    expect("<style>a > b {}</style ><!-- < > -->{{x}}", "{\"x\":1}",
           "<style>a > b {}</style ><!-- < > -->1");
    expect_refused("<script></style>{{x}}</script>", "page.html:1:");
    expect_refused("<script></scripty>{{x}}</script>", "page.html:1:");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_escaped),
        cmocka_unit_test(test_only_marked_markup_stays),
        cmocka_unit_test(test_addresses_lead_nowhere_dangerous),
        cmocka_unit_test(test_sections_follow_the_data),
        cmocka_unit_test(test_names_are_looked_up_outwards_unless_local),
        cmocka_unit_test(test_partial_may_call_itself),
        cmocka_unit_test(test_partial_without_end_fails),
        cmocka_unit_test(test_page_over_the_ceiling_fails),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_filter_shows_what_it_does_not_understand),
        cmocka_unit_test(test_attributes_by_section),
        cmocka_unit_test(test_indentation_and_lone_tags_are_not_written),
        cmocka_unit_test(test_refuses_where_nothing_can_be_escaped),
        cmocka_unit_test(test_refuses_what_depends_on_the_course_of_sections),
        cmocka_unit_test(test_refuses_what_is_not_well_formed),
        cmocka_unit_test(test_script_ends_only_at_its_own_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
