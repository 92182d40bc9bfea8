/* Claims about papers: what the compiler refuses, that nothing is left blank, and that the PDF says
 * what the values said. Reads data/papers/; runs in the root of the project. */
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/test.h"
#include "render/paper.h"

#define HEAD                                       \
    "paper: x\ntitle: 文\nby: court\nneeds:\n"    \
    "  - {name: issued-at, type: datetime}\n"      \
    "  - {name: name, type: text, help: 姓名}\n" \
    "  - {name: fee, type: money}\n"               \
    "  - {name: note, type: text, optional: true}\n"
#define USES   "  - {text: \"{name}{fee|money}\"}\n  - {text: \"{note}\", when: note}\n"
#define VALUES "{\"issued-at\":\"2026-03-02T10:20:00+08:00\",\"name\":\"林晓舟\",\"fee\":5000000}"

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

static Str slurp(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = arena_alloc(t.arena, 8 << 20);
    size_t n = fread(bytes, 1, 8 << 20, file);
    (void)fclose(file);
    return (Str){bytes, n};
}

static struct paper *compiled(const char *yaml)
{
    struct paper *paper = NULL;
    enum status status = paper_compile(&t.cx, "x", str_of(yaml), &paper);
    if (status != OK) {
        print_message("%s\n", t.cx.failure.detail.p);
    }
    assert_int_equal(status, OK);
    return paper;
}

static struct value *json(const char *text)
{
    struct value *v = NULL;
    assert_int_equal(json_read(&t.cx, str_of(text), &v), OK);
    return v;
}

static void assert_refused(const char *body, const char *why)
{
    struct paper *paper = NULL;
    char *yaml = arena_printf(t.arena, HEAD "body:\n%s", body);
    cx_forgive(&t.cx);
    assert_int_equal(paper_compile(&t.cx, "x", str_of(yaml), &paper), E_READ);
    assert_string_equal(t.cx.failure.code, "data-unreadable");
    assert_non_null(strstr(t.cx.failure.detail.p, "papers/x.yaml:"));
    if (strstr(t.cx.failure.detail.p, why) == NULL) {
        print_message("%s\n", t.cx.failure.detail.p);
        fail();
    }
}

/* Without white space: where lines break is the press's affair. */
static Str squeezed(Str text)
{
    struct buf out;
    buf_init(&out, t.arena, text.n + 1);
    for (size_t i = 0; i < text.n; i++) {
        if (strchr(" \n\r\t\f", text.p[i]) == NULL) {
            buf_char(&out, text.p[i]);
        }
    }
    return buf_done(&out);
}

static Str output_of(const char *program, Str pdf, const char *options)
{
    char path[] = "/tmp/paper_test_XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, pdf.p, pdf.n), (ssize_t)pdf.n);
    (void)close(fd);
    char *command = arena_printf(t.arena, "%s %s %s", program, path, options);
    FILE *pipe = popen(command, "r"); /* a fixed program on a file of ours */
    assert_non_null(pipe);
    char *bytes = arena_alloc(t.arena, 4 << 20);
    size_t n = fread(bytes, 1, 4 << 20, pipe);
    assert_int_equal(pclose(pipe), 0);
    (void)unlink(path);
    return (Str){bytes, n};
}

static struct paper_pdf printed(const struct paper *paper, const struct value *values)
{
    struct paper_content *content = NULL;
    struct paper_pdf pdf = {0};
    assert_int_equal(paper_fill(&t.cx, paper, values, &content), OK);
    assert_int_equal(paper_print(&t.cx, content, NULL, 0, &pdf), OK);
    return pdf;
}

static void test_definition_is_refused_with_its_line(void **state)
{
    (void)state;
    assert_refused(USES "  - {text: \"{nome}\"}\n", "no need is named nome");
    assert_refused(USES "  - {text: \"{fee}\"}\n", "needs another filter");
    assert_refused(USES "  - {text: \"{name|money}\"}\n", "needs another filter");
    assert_refused(USES "  - {text: \"{note}\"}\n", "optional");
    assert_refused(USES "  - {text: \"{note}\", when: not note}\n", "optional");
    assert_refused(USES "  - {text: \"{name\"}\n", "not closed");
    assert_refused(USES "  - {text: \"name}\"}\n", "closing brace");
    assert_refused(USES "  - {text: a, title: b}\n", "exactly one");
    assert_refused(USES "  - {texte: a}\n", "unknown key texte");
    assert_refused(USES "  - {text: \"\"}\n", "a text is expected");
    assert_refused(USES "  - {group: [{text: a}], each: name}\n", "each names a list");
    assert_refused("  - {text: \"{name}\"}\n", "never used");
    assert_refused(USES "  - {text: a, when: {field: nowhere, in: [b]}}\n", "no need is named");
    assert_refused(USES "  - {space: 99}\n", "space");
    assert_refused(USES "  - table: {columns: [{width: 1}, {width: 2}], rows: [{cells: [a]}]}\n",
                   "as many cells");
}

static void test_issued_at_is_needed_by_every_paper(void **state)
{
    (void)state;
    struct paper *paper = NULL;
    Str yaml = STR("paper: x\ntitle: 文\nby: court\nneeds: [{name: a, type: text}]\n"
                   "body: [{text: \"{a}\"}]\n");
    assert_int_equal(paper_compile(&t.cx, "x", yaml, &paper), E_READ);
    assert_non_null(strstr(t.cx.failure.detail.p, "issued-at"));
}

static void test_missing_value_fails_the_paper(void **state)
{
    (void)state;
    struct paper *paper = compiled(HEAD "body:\n" USES);
    struct paper_content *content = NULL;
    struct value *values = json("{\"issued-at\":\"2026-03-02T10:20:00+08:00\",\"name\":\" 　\"}");
    assert_int_equal(paper_fill(&t.cx, paper, values, &content), E_INPUT);
    assert_string_equal(t.cx.failure.code, "paper-value-missing");
    assert_int_equal(value_count(t.cx.failure.errors), 2);
    const struct value *first = value_item(t.cx.failure.errors, 0);
    assert_string_equal(value_get_str(first, "field").p, "name");
    assert_string_equal(value_get_str(first, "title").p, "姓名");
}

static void test_ill_typed_value_fails_the_paper(void **state)
{
    (void)state;
    struct paper *paper = compiled(HEAD "body:\n" USES);
    const char *const broken[] = {
        "{\"issued-at\":\"2026-03-02\",\"name\":\"a\",\"fee\":1}",
        "{\"issued-at\":\"2026-03-02T10:20:00+08:00\",\"name\":1,\"fee\":1}",
        "{\"issued-at\":\"2026-03-02T10:20:00+08:00\",\"name\":\"a\",\"fee\":\"1\"}",
        "{\"issued-at\":\"2026-03-02T10:20:00+08:00\",\"name\":\"a\",\"fee\":-1}",
        "{\"issued-at\":\"2026-03-02T10:20:00+08:00\",\"name\":\"a\",\"fee\":1,\"note\":{}}",
        "[]",
        "{}",
    };
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct paper_content *content = NULL;
        cx_forgive(&t.cx);
        bool is_empty_note = i == 4; /* an empty map is nothing: allowed for an optional need */
        assert_int_equal(paper_fill(&t.cx, paper, json(broken[i]), &content),
                         is_empty_note ? OK : E_INPUT);
    }
}

static void test_filters_write_as_courts_do(void **state)
{
    (void)state;
    struct paper *paper = compiled(
        HEAD "  - {name: day, type: date}\n  - {name: half, type: yes-no}\n"
             "  - {name: names, type: list, of: text}\n"
             "body:\n" USES "  - {item: \"{fee|capitals} {day|date} {day|date-capitals}\"}\n"
             "  - {item: \"{issued-at|datetime} {issued-at|date-capitals} {half|yes-no}\"}\n"
             "  - {title: b}\n"
             "  - {item: \"{names|join} {names|count} {{x\"}\n"
             "  - {group: [{flush: \"{n|ordinal}{.}\"}], each: names}\n");
    struct value *values =
        json("{\"issued-at\":\"2026-12-31T16:05:00Z\",\"name\":\"a\",\"fee\":52550,"
             "\"day\":\"2030-10-20\",\"half\":false,\"names\":[\"甲\",\"乙\"]}");
    struct paper_content *content = NULL;
    assert_int_equal(paper_fill(&t.cx, paper, values, &content), OK);
    assert_string_equal(
        paper_text(t.arena, content).p,
        "a525.50\n一、伍佰贰拾伍元伍角整 2030年10月20日 二〇三〇年十月二十日\n"
        "二、2027年1月1日00:05 二〇二七年一月一日 否\nb\n一、甲、乙 2 {x\n一甲\n二乙\n");
}

static void test_conditions_choose_blocks(void **state)
{
    (void)state;
    struct paper *paper = compiled(
        HEAD "body:\n" USES "  - {text: A, when: {field: name, in: [甲, 乙]}}\n"
             "  - {text: B, when: [not note, {field: name, in: [甲]}]}\n"
             "  - {sign: [S, {text: N, when: note}]}\n"
             "  - {pairs: [{label: L, text: \"{note}\", when: note}]}\n"
             "  - table: {columns: [{width: 1}, {width: 2}], rows: [{cells: [C, {text: \"{note}\", "
             "when: note}]}]}\n");
    struct paper_content *content = NULL;
    const char *head = "{\"issued-at\":\"2026-03-02T10:20:00+08:00\",\"fee\":1,\"name\":";
    assert_int_equal(
        paper_fill(&t.cx, paper, json(arena_printf(t.arena, "%s\"甲\"}", head)), &content), OK);
    assert_string_equal(paper_text(t.arena, content).p, "甲0.01\nA\nB\nS\nC\t\n");
    assert_int_equal(paper_fill(&t.cx, paper,
                                json(arena_printf(t.arena, "%s\"丙\",\"note\":\"记\"}", head)),
                                &content),
                     OK);
    assert_string_equal(paper_text(t.arena, content).p, "丙0.01\n记\nS\nN\nL\t记\nC\t记\n");
}

static void test_values_are_text_and_nothing_else(void **state)
{
    (void)state;
    struct paper *paper = compiled(HEAD "body:\n" USES);
    struct value *values =
        json("{\"issued-at\":\"2026-03-02T10:20:00+08:00\",\"fee\":1,"
             "\"name\":\"<b>甲</b> {fee} &amp; \\u0007\\u202e乙\\u2066\\ufeff\\r\\n丙\\t丁\"}");
    struct paper_content *content = NULL;
    assert_int_equal(paper_fill(&t.cx, paper, values, &content), OK);
    assert_string_equal(paper_text(t.arena, content).p, "<b>甲</b> {fee} &amp; 乙\n丙 丁0.01\n");
    struct paper_pdf pdf = printed(paper, values);
    Str text = squeezed(output_of("pdftotext -enc UTF-8", pdf.bytes, "-"));
    assert_true(str_has(text, "<b>甲</b>{fee}&amp;乙丙丁0.01"));
}

static void test_text_of_the_pdf_is_the_text_of_the_paper(void **state)
{
    (void)state;
    struct paper *paper = NULL;
    struct paper_content *content = NULL;
    struct paper_pdf pdf;
    Str yaml = slurp("data/papers/receipt-of-filing.yaml");
    assert_int_equal(paper_compile(&t.cx, "receipt-of-filing", yaml, &paper), OK);
    struct value *values = json(
        "{\"issued-at\":\"2026-03-02T10:20:05+08:00\","
        "\"received-at\":\"2026-03-02T10:20:05+08:00\","
        "\"receipt-number\":\"20260302京0105-000041\",\"court\":{\"name\":\"北京市朝阳区人民法院\"},"
        "\"submitter\":\"林晓舟\",\"matter-title\":\"民事一审立案\",\"plaintiffs\":[\"林晓舟\"],"
        "\"defendants\":[\"王𠮷㼆\",\"上海𬭩川贸易有限公司\"],\"cause\":\"民间借贷纠纷\","
        "\"materials\":[{\"title\":\"民事起诉状\",\"name\":\"起诉状.pdf\","
        "\"sm3\":\"66c7f0f462eeedd9d1f2d46bdc10e4e2\"}],"
        "\"check-url\":\"https://court.example/check/7KQ2\",\"check-code\":\"7KQ2\"}");
    assert_int_equal(paper_fill(&t.cx, paper, values, &content), OK);
    assert_int_equal(paper_print(&t.cx, content, NULL, 0, &pdf), OK);
    assert_int_equal(pdf.unknown_glyphs, 0);
    assert_int_equal(pdf.pages, 1);
    Str source = squeezed(paper_text(t.arena, content));
    Str text = squeezed(output_of("pdftotext -enc UTF-8", pdf.bytes, "-"));
    Str foot = squeezed(STR("第1页 共1页" PAPER_UNSEALED));
    assert_true(text.n == source.n + foot.n);
    assert_true(str_has(text, "王𠮷㼆、上海𬭩川贸易有限公司"));
    assert_true(str_has(text, "收到不等于立案"));
    assert_true(str_has(text, PAPER_UNSEALED));
}

static void test_same_values_give_the_same_bytes(void **state)
{
    (void)state;
    struct paper *paper = compiled(HEAD "body:\n" USES);
    Str first = printed(paper, json(VALUES)).bytes;
    Str second = printed(paper, json(VALUES)).bytes;
    assert_true(str_same(first, second));
    Str info = output_of("TZ=Asia/Shanghai pdfinfo -isodates", first, "");
    assert_true(str_has(info, "2026-03-02T10:20:00+08"));
    assert_true(str_has(info, "Tagged:          yes"));
    Str fonts = output_of("pdffonts", first, "");
    assert_true(str_has(fonts, "NotoSerifCJK"));
}

#ifdef __SANITIZE_ADDRESS__
/* fontconfig keeps its configuration to the end of the process; cairo 1.16 forgets one array for
 * each document with a structure tree (768 bytes: nothing, for a helper of 500 jobs). */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libcairo.so";
}
#endif

static int forget_fonts(void **state)
{
    (void)state;
    pango_cairo_font_map_set_default(NULL);
    cairo_debug_reset_static_data();
    return 0;
}

#define CLAIM(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(test_definition_is_refused_with_its_line),
        CLAIM(test_issued_at_is_needed_by_every_paper),
        CLAIM(test_missing_value_fails_the_paper),
        CLAIM(test_ill_typed_value_fails_the_paper),
        CLAIM(test_filters_write_as_courts_do),
        CLAIM(test_conditions_choose_blocks),
        CLAIM(test_values_are_text_and_nothing_else),
        CLAIM(test_text_of_the_pdf_is_the_text_of_the_paper),
        CLAIM(test_same_values_give_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, forget_fonts);
}
