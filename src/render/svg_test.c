/* Claims about pictures: well-formed whatever the data say, complete in words, links only within
 * the site. */
#include <libxml/parser.h>
#include <string.h>

#include "base/json.h"
#include "base/test.h"
#include "render/qr.h"
#include "render/svg.h"

static struct trial t;

static int begin(void **state)
{
    (void)state;
    trial_begin(&t);
    return 0;
}

static int end(void **state)
{
    (void)state;
    trial_end(&t);
    return 0;
}

static struct value *json(const char *text)
{
    struct value *v = NULL;
    assert_int_equal(json_read(&t.cx, str_of(text), &v), OK);
    return v;
}

static void assert_parses(Str svg)
{
    xmlDocPtr document = xmlReadMemory(svg.p, (int)svg.n, "t.svg", NULL, XML_PARSE_NONET);
    assert_non_null(document);
    xmlFreeDoc(document);
    assert_true(str_starts(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\""));
}

static uint32_t count_of(Str text, const char *part)
{
    uint32_t count = 0;
    for (const char *at = strstr(text.p, part); at != NULL; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

static const char filing[] =
    "{\"title\":\"民事一审立案\",\"states\":["
    "{\"name\":\"draft\",\"title\":\"草稿，尚未提交\"},"
    "{\"name\":\"under-review\",\"title\":\"待法院审核\"},"
    "{\"name\":\"docketed\",\"title\":\"已立案\",\"end\":true},"
    "{\"name\":\"correction\",\"title\":\"待补正\"}],"
    "\"acts\":["
    "{\"name\":\"submit\",\"title\":\"提交立案申请\",\"from\":[\"draft\",\"correction\"],"
    "\"to\":\"under-review\",\"by\":[\"原告\",\"代理人\"]},"
    "{\"name\":\"ask\",\"title\":\"通知补正\",\"from\":[\"under-review\"],\"to\":\"correction\","
    "\"by\":[\"立案法官\"]},"
    "{\"name\":\"overdue\",\"title\":\"超期未审核\",\"from\":[\"under-review\"],\"by\":[\"系统\"]},"
    "{\"name\":\"docket\",\"title\":\"登记立案\",\"from\":[\"under-review\"],\"to\":\"docketed\"}]}";

static void test_procedure_shows_every_state_and_act(void **state)
{
    (void)state;
    Str svg;
    assert_int_equal(svg_procedure(&t.cx, json(filing), &svg), OK);
    assert_parses(svg);
    assert_int_equal(count_of(svg, "<rect"), 4);
    assert_int_equal(count_of(svg, "提交立案申请（原告、代理人）：到待法院审核"), 2);
    assert_true(str_has(svg, "已立案（办结）"));
    assert_true(str_has(svg, "超期未审核（系统）：仍为待法院审核"));
    /* in words, for those who hear it; the end comes last */
    assert_true(str_has(svg, "待法院审核；通知补正（立案法官），到待补正"));
    assert_true(strstr(svg.p, "待补正；") < strstr(svg.p, "已立案，办结"));
}

static void test_procedure_with_unknown_state_is_refused(void **state)
{
    (void)state;
    Str svg;
    assert_int_equal(svg_procedure(&t.cx, json("{\"states\":[]}"), &svg), E_INPUT);
    cx_forgive(&t.cx);
    assert_int_equal(svg_procedure(&t.cx,
                                   json("{\"states\":[{\"name\":\"a\",\"title\":\"a\"}],\"acts\":[{"
                                        "\"name\":\"x\",\"from\":[\"a\"],\"to\":\"b\"}]}"),
                                   &svg),
                     E_INPUT);
    assert_string_equal(t.cx.failure.code, "svg-data");
}

static void test_hostile_titles_stay_text(void **state)
{
    (void)state;
    Str svg;
    assert_int_equal(
        svg_bars(&t.cx,
                 json("{\"title\":\"</title><script>alert(1)</script>\",\"points\":["
                      "{\"label\":\"\\\"><script>&\\u0001\",\"value\":3,\"href\":\"javascript:x\"},"
                      "{\"label\":\"b\",\"value\":1,\"href\":\"//elsewhere\"},"
                      "{\"label\":\"c\",\"value\":0,\"href\":\"/matters?state=a&b=\\\"c\\\"\"}]}"),
                 &svg),
        OK);
    assert_parses(svg);
    assert_null(strstr(svg.p, "<script"));
    assert_null(strstr(svg.p, "javascript"));
    assert_int_equal(count_of(svg, "<a href="), 1);
    assert_true(str_has(svg, "<a href=\"/matters?state=a&amp;b=&quot;c&quot;\">"));
}

static void test_charts_say_their_numbers(void **state)
{
    (void)state;
    Str svg;
    struct value *chart =
        json("{\"title\":\"每月收案\",\"unit\":\"件\",\"points\":["
             "{\"label\":\"一月\",\"value\":120},{\"label\":\"二月\",\"value\":0},"
             "{\"label\":\"三月\",\"value\":1000000000000000}]}");
    assert_int_equal(svg_bars(&t.cx, chart, &svg), OK);
    assert_parses(svg);
    assert_true(str_has(svg, "一月 120件；二月 0件；三月 1000000000000000件"));
    assert_int_equal(svg_line(&t.cx, chart, &svg), OK);
    assert_parses(svg);
    assert_int_equal(count_of(svg, "<circle"), 3);
    assert_int_equal(svg_line(&t.cx, json("{\"points\":[]}"), &svg), OK);
    assert_parses(svg);
    assert_int_equal(svg_line(&t.cx, json("{\"points\":[{\"label\":\"a\",\"value\":-1}]}"), &svg),
                     E_INPUT);
    cx_forgive(&t.cx);
    assert_int_equal(
        svg_bars(&t.cx, json("{\"points\":[{\"label\":\"a\",\"value\":9223372036854775807}]}"),
                 &svg),
        E_INPUT);
}

static void test_matrix_shows_missing_cells_as_missing(void **state)
{
    (void)state;
    Str svg;
    assert_int_equal(
        svg_matrix(&t.cx,
                   json("{\"title\":\"法院与事项\",\"columns\":[\"立案\",\"保全\"],"
                        "\"rows\":[{\"label\":\"朝阳\",\"cells\":[5,null]},"
                        "{\"label\":\"海淀\",\"cells\":[0,{\"value\":10,\"href\":\"/x\"}]}"
                        "]}"),
                   &svg),
        OK);
    assert_parses(svg);
    assert_int_equal(count_of(svg, "<rect"), 3);
    assert_true(str_has(svg, "朝阳：立案 5；海淀：立案 0，保全 10"));
    assert_int_equal(
        svg_matrix(&t.cx, json("{\"columns\":[\"a\"],\"rows\":[{\"label\":\"r\",\"cells\":[]}]}"),
                   &svg),
        E_INPUT);
}

static void test_qr_has_finders_and_a_title(void **state)
{
    (void)state;
    struct qr qr;
    assert_int_equal(qr_make(&t.cx, STR("https://court.example/check/7KQ2"), &qr), OK);
    assert_true(qr.size >= 21);
    /* three corners carry a ring of 7 dark dots */
    for (uint32_t i = 0; i < 7; i++) {
        assert_int_equal(qr.dots[i], 1);
        assert_int_equal(qr.dots[qr.size - 1 - i], 1);
        assert_int_equal(qr.dots[(qr.size - 1) * qr.size + i], 1);
    }
    Str svg = qr_svg(t.arena, &qr, STR("核验 <码>"));
    assert_parses(svg);
    assert_true(str_has(svg, "<title>核验 &lt;码&gt;</title>"));
    assert_int_equal(qr_make(&t.cx, STR(""), &qr), E_INPUT);
}

#define CLAIM(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(test_procedure_shows_every_state_and_act),
        CLAIM(test_procedure_with_unknown_state_is_refused),
        CLAIM(test_hostile_titles_stay_text),
        CLAIM(test_charts_say_their_numbers),
        CLAIM(test_matrix_shows_missing_cells_as_missing),
        CLAIM(test_qr_has_finders_and_a_title),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    xmlCleanupParser();
    return failed;
}
