/* Claims about papers: what the compiler refuses, that nothing is left blank, and that the PDF says
 * what the values said. Reads data/papers/; runs in the root of the project. */
#include <dirent.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/test.h"
#include "render/paper.h"
#include "render/pdf_file.h"

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
    FILE *pipe = popen(command, "r"); /* NOLINT(cert-env33-c): a fixed program on a file of ours */
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
    assert_refused(USES "  - table: {columns: [{width: 1}, {width: 2}], "
                        "rows: [{cells: [a, b], head: c}]}\n",
                   "head and across are {text, when}");
    assert_refused(USES "  - table: {columns: [{width: 1}, {width: 2}], "
                        "rows: [{cells: [a, b], across: {text: c}}]}\n",
                   "head and across are {text, when}");
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

static void test_what_is_typed_ends_with_one_full_stop(void **state)
{
    static const char *const pairs[][2] = {
        {"应予驳回", "应予驳回。"},         {"应予驳回。", "应予驳回。"},
        {" 应予驳回。 ", "应予驳回。"},     {"借条写“还清。”", "借条写“还清。”"},
        {"借条写“还清”", "借条写“还清”。"}, {"是否还清？", "是否还清？"}};
    (void)state;
    struct paper *paper =
        compiled(HEAD "body:\n  - {text: \"{fee|money}\"}\n  - {text: \"{name|sentence}\"}\n"
                      "  - {text: \"{note}\", when: note}\n");
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct value *values = json(VALUES);
        struct paper_content *content = NULL;
        value_set_text(t.arena, values, "name", pairs[i][0]);
        assert_int_equal(paper_fill(&t.cx, paper, values, &content), OK);
        assert_string_equal(paper_text(t.arena, content).p,
                            arena_printf(t.arena, "50,000.00\n%s\n", pairs[i][1]));
    }
    assert_refused(USES "  - {text: \"{fee|sentence}\"}\n", "needs another filter");
}

/* Where the first line with a word begins, in points from the left. */
static double left_of(Str boxes, const char *word)
{
    const char *at = strstr(boxes.p, arena_printf(t.arena, ">%s</word>", word));
    assert_non_null(at);
    while (at > boxes.p && strncmp(at, "xMin=\"", 6) != 0) {
        at--;
    }
    return strtod(at + 6, NULL);
}

/* A long name among short ones pushes no post out of its column. */
static void test_posts_of_a_bench_stand_under_each_other(void **state)
{
    (void)state;
    struct paper *paper = compiled(
        HEAD "body:\n" USES
             "  - sign: [\"甲　　丁某\", \"乙　　买买提·阿不都热合曼\", \"二〇二六年\"]\n");
    Str boxes = output_of("pdftotext -bbox -enc UTF-8", printed(paper, json(VALUES)).bytes, "-");
    assert_true(fabs(left_of(boxes, "甲") - left_of(boxes, "乙")) < 0.5);
    assert_true(left_of(boxes, "二〇二六年") > left_of(boxes, "甲") + 10);
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

/* A row stands across all columns where it says so, and in its cells elsewhere. */
static void test_rows_can_stand_across(void **state)
{
    (void)state;
    struct paper *paper = compiled(
        HEAD "  - {name: rows, type: list, fields: [{name: h, type: text, optional: true}, "
             "{name: a, type: text, optional: true}, {name: c, type: text, optional: "
             "true}]}\nbody:\n" USES "  - table:\n      columns: [{width: 1}, {width: 3}]\n"
             "      rows: [{each: rows, cells: [\"[{c}]\", D], head: {text: \"{h}\", when: "
             "h}, across: {text: \"{a}\", when: a}}]\n");
    struct value *values = json("{\"issued-at\":\"2026-03-02T10:20:00+08:00\",\"name\":\"甲\","
                                "\"fee\":1,\"rows\":[{\"h\":\"标题\"},{\"a\":\"一行\"},"
                                "{\"c\":\"格\"}]}");
    struct paper_content *content = NULL;
    assert_int_equal(paper_fill(&t.cx, paper, values, &content), OK);
    assert_string_equal(paper_text(t.arena, content).p, "甲0.01\n标题\n一行\n格\tD\n");
    struct paper_pdf pdf = printed(paper, values);
    Str text = squeezed(output_of("pdftotext -enc UTF-8", pdf.bytes, "-"));
    assert_true(str_has(text, "标题一行格D"));
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

/* The titles of the columns of a definition's tables: they are printed again on each page that a
 * table goes on to. */
static Str column_titles(Str yaml)
{
    static const char begins[] = "- {title: ";
    struct buf titles;
    buf_init(&titles, t.arena, 1 << 16);
    for (const char *at = strstr(yaml.p, begins); at != NULL; at = strstr(at, begins)) {
        at += sizeof begins - 1;
        buf_add(&titles, at, strcspn(at, ",}"));
    }
    return buf_done(&titles);
}

/* The same characters as often, wherever lines and columns put them; those of `again` up to `times`
 * more often. */
static void assert_same_characters(const char *name, Str a, Str b, Str again, uint32_t times)
{
    enum { CODE_POINTS = 0x110000 };

    int32_t *count = arena_array(t.arena, int32_t, CODE_POINTS);
    int32_t *more = arena_array(t.arena, int32_t, CODE_POINTS);
    uint32_t c = 0;
    for (size_t at = 0; utf8_next(a, &at, &c);) {
        count[c]++;
    }
    for (size_t at = 0; utf8_next(b, &at, &c);) {
        count[c]--;
    }
    for (size_t at = 0; utf8_next(again, &at, &c);) {
        more[c] += (int32_t)times;
    }
    for (c = 0; c < CODE_POINTS; c++) {
        bool good = count[c] <= 0 && count[c] >= -more[c];
        if (!good && c != 0x3000) { /* an ideographic space is white space too */
            print_message("%s: U+%04X: %d\n", name, c, count[c]);
        }
        assert_true(good || c == 0x3000);
    }
}

static void assert_pdf_says(const char *name, const struct paper_pdf *pdf,
                            const struct paper_content *content, Str yaml)
{
    bool by_court = str_has(yaml, "\nby: court\n");
    struct buf expected;
    buf_init(&expected, t.arena, 8 << 20);
    buf_str(&expected, paper_text(t.arena, content));
    for (uint32_t page = 1; page <= pdf->pages; page++) {
        buf_printf(&expected, "第%u页共%u页%s", page, pdf->pages, by_court ? PAPER_UNSEALED : "");
    }
    Str text = squeezed(output_of("pdftotext -enc UTF-8", pdf->bytes, "-"));
    assert_same_characters(name, squeezed(buf_done(&expected)), text, column_titles(yaml),
                           pdf->pages - 1);
}

/* NOLINTBEGIN(misc-no-recursion): no deeper than a definition */

static struct value *example_of(const struct value *need, bool all);

static struct value *examples_of(const struct value *needs,
                                 bool all) /* NOLINT(misc-no-recursion) */
{
    struct value *values = value_map(t.arena);
    for (uint32_t i = 0; i < value_count(needs); i++) {
        const struct value *need = value_item(needs, i);
        if (all || !value_get_bool(need, "optional")) {
            value_set_key(t.arena, values, value_get_str(need, "name"), example_of(need, all));
        }
    }
    return values;
}

static struct value *example_of(const struct value *need, bool all)
{
    Str type = value_get_str(need, "type");
    if (str_is(type, "list")) {
        struct value *list = value_list(t.arena);
        bool is_texts = value_get(need, "of") != NULL;
        for (int i = 0; i < 2; i++) {
            value_add(t.arena, list,
                      is_texts ? value_text(t.arena, "王𠮷㼆")
                               : examples_of(value_get(need, "fields"), all));
        }
        return list;
    }
    if (str_is(type, "group")) {
        struct value *group = examples_of(value_get(need, "fields"), all);
        /* a signature is typed or drawn: a group of optional parts is not empty for all that */
        return value_count(group) > 0 ? group : examples_of(value_get(need, "fields"), true);
    }
    if (str_is(type, "choice")) {
        const struct value *first = value_item(value_get(need, "options"), 0);
        return value_str(t.arena, value_get_str(first, "value"));
    }
    if (str_is(type, "money") || str_is(type, "number")) {
        return value_int(t.arena, 1050012);
    }
    if (str_is(type, "yes-no")) {
        return value_bool(t.arena, all);
    }
    return value_text(t.arena, str_is(type, "date")       ? "2026-03-09"
                               : str_is(type, "datetime") ? "2026-03-02T10:20:05+08:00"
                                                          : "上海𬭩川贸易有限公司");
}

/* NOLINTEND(misc-no-recursion) */

static struct paper *paper_of_file(const char *name)
{
    struct paper *paper = NULL;
    Str yaml = slurp(arena_printf(t.arena, "data/papers/%s.yaml", name));
    if (paper_compile(&t.cx, name, yaml, &paper) != OK) {
        fail_msg("%s", t.cx.failure.detail.p);
    }
    return paper;
}

static struct paper_content *example_print(const char *name, bool all, struct paper_pdf *pdf)
{
    static const char dot[] =
        "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89"
        "\0\0\0\rIDAT\x78\x9c\x63\x10\x50\x30\xf8\x0f\0\2\4\1\x60\x8d\xbc\xbb\x71"
        "\0\0\0\0IEND\xae\x42\x60\x82";
    const struct paper_image images[] = {{STR("signature.png"), {dot, sizeof dot - 1}},
                                         {STR("delivery.signed.png"), {dot, sizeof dot - 1}},
                                         {STR("signature.others.0.png"), {dot, sizeof dot - 1}},
                                         {STR("signature.others.1.png"), {dot, sizeof dot - 1}},
                                         {STR("signed-by.png"), {dot, sizeof dot - 1}},
                                         {STR("signed-by.others.0.png"), {dot, sizeof dot - 1}},
                                         {STR("signed-by.others.1.png"), {dot, sizeof dot - 1}}};
    struct paper *paper = paper_of_file(name);
    struct paper_content *content = NULL;
    struct value *values = examples_of(paper_needs(paper), all);
    if (paper_fill(&t.cx, paper, values, &content) != OK) {
        fail_msg("%s: %s", name, t.cx.failure.detail.p);
    }
    if (paper_print(&t.cx, content, images, sizeof images / sizeof images[0], pdf) != OK) {
        fail_msg("%s: %s", name, t.cx.failure.detail.p);
    }
    return content;
}

static Str example_pdf(const char *name)
{
    struct paper_pdf pdf;
    (void)example_print(name, true, &pdf);
    return pdf.bytes;
}

static void print_example(const char *name, bool all)
{
    struct paper_pdf pdf;
    struct paper_content *content = example_print(name, all, &pdf);
    assert_int_equal(pdf.unknown_glyphs, 0);
    Str yaml = slurp(arena_printf(t.arena, "data/papers/%s.yaml", name));
    assert_pdf_says(name, &pdf, content, yaml);
}

/* Every paper of the project, with no more than it needs and with all it can take. */
static void test_every_paper_prints_what_it_says(void **state)
{
    (void)state;
    uint32_t papers = 0;
    DIR *folder = opendir("data/papers");
    assert_non_null(folder);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        Str file = str_of(entry->d_name);
        if (str_ends(file, ".yaml")) {
            struct arena_mark mark = arena_mark(t.arena);
            char *name = arena_printf(t.arena, "%.*s", (int)(file.n - 5), file.p);
            print_example(name, false);
            print_example(name, true);
            arena_rewind(t.arena, mark);
            papers++;
        }
    }
    (void)closedir(folder);
    assert_true(papers >= 11);
}

static void test_brackets_hold_what_may_be_missing(void **state)
{
    (void)state;
    struct paper *paper = compiled(HEAD "body:\n" USES "  - {text: \"[[a][，{note}]。\"}\n");
    struct paper_content *content = NULL;
    assert_int_equal(paper_fill(&t.cx, paper, json(VALUES), &content), OK);
    assert_string_equal(paper_text(t.arena, content).p, "林晓舟50,000.00\n[a]。\n");
    struct value *values = json(VALUES);
    value_set_text(t.arena, values, "note", "记");
    assert_int_equal(paper_fill(&t.cx, paper, values, &content), OK);
    assert_string_equal(paper_text(t.arena, content).p, "林晓舟50,000.00\n记\n[a]，记。\n");
    assert_refused(USES "  - {text: \"[{note}\"}\n", "not closed");
    assert_refused(USES "  - {text: \"[nothing]\"}\n", "names nothing");
}

static void test_items_can_be_chosen(void **state)
{
    (void)state;
    struct paper *paper = compiled(
        HEAD
        "  - {name: people, type: list, fields: [{name: role, type: choice, options: [{value: a, "
        "title: 甲方}, {value: b, title: 乙方}]}, {name: home, type: address, optional: true}, "
        "{name: id, type: identity}]}\n"
        "body:\n" USES "  - {group: [{text: \"{n}{role}{id}[，{home}]\"}], each: people, only: "
        "{field: role, in: [b]}}\n");
    struct value *values = json(VALUES);
    value_set(t.arena, values, "people",
              json("[{\"role\":\"a\",\"id\":\"1\"},{\"role\":\"b\",\"id\":{\"type\":\"passport\","
                   "\"number\":\"G1\"},\"home\":{\"division\":\"110105\",\"detail\":\"路1号\"}},"
                   "{\"role\":\"b\",\"id\":\"2\",\"home\":{\"detail\":\"d\",\"text\":\"全\"}}]"));
    struct paper_content *content = NULL;
    assert_int_equal(paper_fill(&t.cx, paper, values, &content), OK);
    assert_string_equal(paper_text(t.arena, content).p,
                        "林晓舟50,000.00\n1乙方G1，路1号\n2乙方2，全\n");
    value_set(t.arena, values, "people", json("[{\"role\":\"c\",\"id\":\"1\"}]"));
    assert_int_equal(paper_fill(&t.cx, paper, values, &content), E_INPUT);
    assert_string_equal(value_get_str(value_item(t.cx.failure.errors, 0), "field").p,
                        "people.0.role");
}

static void test_long_paragraphs_and_rows_lose_nothing(void **state)
{
    (void)state;
    struct paper *paper = compiled(
        HEAD "body:\n" USES "  - table: {columns: [{title: A, width: 1}, {title: B, width: "
             "3}], rows: [{cells: [\"1\", \"{name}\"]}, {cells: [\"2\", b]}]}\n");
    struct value *values = json(VALUES);
    struct buf text;
    buf_init(&text, t.arena, 1 << 20);
    for (uint32_t i = 0; i < 25000; i++) {
        char bytes[4];
        buf_add(&text, bytes, utf8_put(i % 50 == 49 ? 'x' : 0x4e00 + i % 700, bytes));
    }
    value_set_str(t.arena, values, "name", buf_done(&text));
    struct paper_content *content = NULL;
    struct paper_pdf pdf;
    assert_int_equal(paper_fill(&t.cx, paper, values, &content), OK);
    assert_int_equal(paper_print(&t.cx, content, NULL, 0, &pdf), OK);
    assert_in_range(pdf.pages, 60, 120);
    Str words = squeezed(output_of("pdftotext -enc UTF-8", pdf.bytes, "-"));
    size_t at = 0;
    uint32_t c = 0;
    uint32_t crosses = 0;
    while (utf8_next(words, &at, &c)) {
        crosses += c == 'x';
    }
    assert_int_equal(crosses, 1000);
}

static void test_keys_are_not_hyphenated(void **state)
{
    (void)state;
    struct paper *paper = compiled(HEAD "body:\n" USES);
    struct value *values = json(VALUES);
    const char *key =
        "MEUCIQDk1p3VZ8Y0pN2m0o4l2vCq5dVtqZrXh4xKQm9bq1s2hwIgQ8n3H7m1f0z3bq0Yw3sT6l5kP"
        "q8VxJr2Nw4e5t6Y7u8AAAAAAAAbbbbbbbbbCCCCCCCCCdddddddd";
    value_set_text(t.arena, values, "name", key);
    struct paper_pdf pdf = printed(paper, values);
    Str text = squeezed(output_of("pdftotext -enc UTF-8", pdf.bytes, "-"));
    assert_true(str_has(text, key));
}

/* Extensions A to F, in two fonts: what registers of persons hold. */
static void test_rare_characters_are_shown_and_kept(void **state)
{
    (void)state;
    struct paper *paper = compiled(HEAD "body:\n" USES);
    struct value *values = json(VALUES);
    value_set_text(t.arena, values, "name", "𠀀𪚥𫝀𫠠𬺰𬭩㼆𮯠𠮷");
    struct paper_pdf pdf = printed(paper, values);
    assert_int_equal(pdf.unknown_glyphs, 0);
    Str text = squeezed(output_of("pdftotext -enc UTF-8", pdf.bytes, "-"));
    assert_true(str_has(text, "𠀀𪚥𫝀𫠠𬺰𬭩㼆𮯠𠮷"));
    value_set_text(t.arena, values, "name", "\U000E0FFF甲\U0010FFFD"); /* no font has these */
    assert_true(printed(paper, values).unknown_glyphs > 0);
}

static uint32_t count_of(Str text, const char *what)
{
    uint32_t count = 0;
    for (size_t i = 0; i + strlen(what) <= text.n; i++) {
        count += memcmp(text.p + i, what, strlen(what)) == 0;
    }
    return count;
}

/* ISO 19005-1, as far as it can be read off the objects: 6.1.2, 6.1.3, 6.2.2, 6.2.4, 6.3.3, 6.3.5,
 * 6.4, 6.7. Fonts of both kinds, a box for what no font has, and a picture with an alpha channel.
 */
static void test_papers_are_for_the_archive(void **state)
{
    (void)state;
    struct paper *paper = compiled(HEAD "body:\n" USES "  - {section: 甲}\n  - {section: 乙}\n");
    struct value *values = json(VALUES);
    value_set_text(t.arena, values, "name", "林晓舟𠀀ئۇ\U0010FFFD");
    Str pdf = printed(paper, values).bytes;
    Str with_picture = example_pdf("complaint");
    struct buf all;
    buf_init(&all, t.arena, 16 << 20);
    buf_str(&all, pdf);
    buf_str(&all, with_picture);
    Str text = buf_done(&all);
    assert_int_equal(count_of(text, "%PDF-1.4\n%"), 2);
    assert_int_equal(count_of(text, "/S /Transparency"), 0);
    assert_int_equal(count_of(text, "/SMask"), 0);
    assert_int_equal(count_of(text, "/Interpolate true"), 0);
    assert_int_equal(count_of(text, "/LZWDecode"), 0);
    assert_int_equal(count_of(text, "/GTS_PDFA1"), 2);
    assert_int_equal(count_of(text, "acsp"), 2); /* the profile lies open */
    assert_int_equal(count_of(text, "<pdfaid:part>1</pdfaid:part>"), 2);
    assert_int_equal(count_of(text, "<pdfaid:conformance>B</pdfaid:conformance>"), 2);
    assert_int_equal(count_of(text, "<xmp:CreateDate>2026-03-02T10:20:00+08:00<"), 1);
    assert_int_equal(count_of(text, "/CreationDate (D:20260302102000+08'00')"), 1);
    assert_int_equal(count_of(text, "\n   /ID [ <"), 2);
    assert_true(count_of(text, "/Subtype /CIDFontType2") > 0);
    assert_int_equal(count_of(text, "/CIDToGIDMap /Identity"),
                     count_of(text, "/Subtype /CIDFontType2"));
    assert_int_equal(count_of(text, "/CIDSet"), count_of(text, "/DescendantFonts"));
    assert_true(count_of(text, "/Subtype /Image") > 0);
    Str fonts = output_of("pdffonts", pdf, "| awk 'NR > 2 && !/yes yes yes/'");
    assert_int_equal(fonts.n, 0); /* each is embedded, cut, and says what its glyphs mean */
}

#ifndef __SANITIZE_ADDRESS__ /* it would take minutes, for 27,000 pieces of text */
/* The most items of an array in a value. */
/* NOLINTNEXTLINE(misc-no-recursion): a file of ours */
static uint32_t most_items(Str value)
{
    enum { ITEMS_MAX = 1 << 16 };

    struct arena_mark mark = arena_mark(t.arena);
    Str *items = arena_array(t.arena, Str, ITEMS_MAX);
    uint32_t count = pdf_items(value, items, ITEMS_MAX);
    uint32_t most = count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t inside = str_starts(items[i], "[") ? most_items(items[i]) : 0;
        most = inside > most ? inside : most;
    }
    arena_rewind(t.arena, mark);
    Str key;
    Str entry;
    for (size_t at = 0; str_starts(value, "<<") && pdf_next(value, &at, &key, &entry);) {
        uint32_t inside = most_items(entry);
        most = inside > most ? inside : most;
    }
    return most;
}

static uint32_t most_items_of(Str pdf)
{
    struct pdf_file file;
    uint32_t most = 0;
    assert_int_equal(pdf_open(&t.cx, pdf, &file), OK);
    for (uint32_t i = 1; i < file.count; i++) {
        uint32_t inside = most_items(pdf_object(&file, i));
        most = inside > most ? inside : most;
    }
    return most;
}

static struct value *many_names(uint32_t count)
{
    struct value *list = value_list(t.arena);
    for (uint32_t i = 0; i < count; i++) {
        value_add(t.arena, list, value_text(t.arena, "甲"));
    }
    return list;
}

/* ISO 19005-1, 6.1.12: no array has more than 8,191 items. */
static void test_large_papers_keep_within_the_limits(void **state)
{
    enum { MANY = 9000, ARRAY_MAX = 8191 };

    static const char *const bodies[] = {
        "  - table: {columns: [{width: 1}, {width: 1}], rows: [{each: names, cells: [\"{n}\", "
        "\"{.}\"]}]}\n",
        "  - {group: [{flush: \"{.}\"}], each: names}\n"};
    struct buf text;
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct arena_mark mark = arena_mark(t.arena);
        struct paper *paper = compiled(arena_printf(t.arena,
                                                    HEAD "  - {name: names, type: list, of: text}\n"
                                                         "body:\n" USES "%s",
                                                    bodies[i]));
        struct value *values = json(VALUES);
        value_set(t.arena, values, "names", many_names(MANY));
        assert_in_range(most_items_of(printed(paper, values).bytes), MANY / 100, ARRAY_MAX);
        arena_rewind(t.arena, mark);
    }
    buf_init(&text, t.arena, 1 << 16);
    for (uint32_t i = 0; i < MANY; i++) { /* each another character, in one font */
        char utf8[4];
        buf_add(&text, utf8, utf8_put(0x4e00 + i, utf8));
    }
    struct value *values = json(VALUES);
    value_set_str(t.arena, values, "name", buf_done(&text));
    Str pdf = printed(compiled(HEAD "body:\n" USES), values).bytes;
    assert_in_range(most_items_of(pdf), MANY / 2, ARRAY_MAX);
    Str faults = output_of("pdffonts", pdf, "| awk 'NR > 2 && !/yes yes yes/'");
    assert_int_equal(faults.n, 0);
}
#endif

static void test_sections_become_an_outline(void **state)
{
    (void)state;
    struct paper *one = compiled(HEAD "body:\n" USES "  - {section: 甲}\n");
    struct paper *two = compiled(HEAD "body:\n" USES "  - {section: 甲}\n  - {section: 乙}\n");
    assert_false(str_has(output_of("strings", printed(one, json(VALUES)).bytes, ""), "/Outlines"));
    assert_true(str_has(output_of("strings", printed(two, json(VALUES)).bytes, ""), "/Outlines"));
}

/* "页专" made cairo put 500 KB of subroutines into the file. */
static void test_fonts_are_cut_to_what_is_printed(void **state)
{
    (void)state;
    struct paper *paper = compiled(HEAD "body:\n" USES);
    struct value *values = json(VALUES);
    value_set_text(t.arena, values, "name", "页专");
    struct paper_pdf pdf = printed(paper, values);
    assert_in_range(pdf.bytes.n, 1000, 30000);
}

/* The first claim of all: the first papers of a process are cut each for itself, later ones out of
 * the usual characters. */
static void test_a_font_cut_before_gives_the_same_bytes(void **state)
{
    (void)state;
    struct paper *paper = compiled(HEAD "body:\n" USES);
    Str first = printed(paper, json(VALUES)).bytes;
    for (int i = 0; i < 4; i++) {
        assert_true(str_same(first, printed(paper, json(VALUES)).bytes));
    }
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
        CLAIM(test_a_font_cut_before_gives_the_same_bytes),
        CLAIM(test_definition_is_refused_with_its_line),
        CLAIM(test_issued_at_is_needed_by_every_paper),
        CLAIM(test_missing_value_fails_the_paper),
        CLAIM(test_ill_typed_value_fails_the_paper),
        CLAIM(test_filters_write_as_courts_do),
        CLAIM(test_what_is_typed_ends_with_one_full_stop),
        CLAIM(test_posts_of_a_bench_stand_under_each_other),
        CLAIM(test_conditions_choose_blocks),
        CLAIM(test_rows_can_stand_across),
        CLAIM(test_values_are_text_and_nothing_else),
        CLAIM(test_brackets_hold_what_may_be_missing),
        CLAIM(test_items_can_be_chosen),
        CLAIM(test_every_paper_prints_what_it_says),
        CLAIM(test_long_paragraphs_and_rows_lose_nothing),
        CLAIM(test_keys_are_not_hyphenated),
        CLAIM(test_rare_characters_are_shown_and_kept),
        CLAIM(test_papers_are_for_the_archive),
#ifndef __SANITIZE_ADDRESS__
        CLAIM(test_large_papers_keep_within_the_limits),
#endif
        CLAIM(test_sections_become_an_outline),
        CLAIM(test_fonts_are_cut_to_what_is_printed),
        CLAIM(test_same_values_give_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, forget_fonts);
}
