#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/test.h"
#include "web/file_kind.h"

struct bytes {
    const char *p;
    size_t n;
};

static enum status bytes_read(struct cx *cx, void *arg, int64_t offset, void *out, size_t room,
                              size_t *got)
{
    const struct bytes *bytes = arg;
    size_t left = (size_t)offset < bytes->n ? bytes->n - (size_t)offset : 0;
    (void)cx;
    *got = left < room ? left : room;
    if (*got > 0) {
        memcpy(out, bytes->p + offset, *got);
    }
    return OK;
}

/* The type found, or the code of the refusal. */
static const char *find(struct trial *trial, const void *p, size_t n, const char *name)
{
    struct bytes bytes = {p, n};
    struct file_source source = {bytes_read, &bytes, (int64_t)n};
    const struct file_kind *kind = NULL;
    cx_forgive(&trial->cx);
    return file_kind_find(&trial->cx, &source, str_of(name), &kind) == OK ? kind->type
                                                                          : trial->cx.failure.code;
}

#define find_text(trial, text, name) find((trial), (text), sizeof(text) - 1, (name))

static struct trial trial;

static int begin(void **state)
{
    (void)state;
    trial_begin(&trial);
    return 0;
}

static int end(void **state)
{
    (void)state;
    trial_end(&trial);
    return 0;
}

/* --- packed files, made by libzip --- */

struct part {
    const char *name;
    const char *text;
    size_t blanks; /* instead of a text */
};

static struct bytes packed(const struct part *parts, size_t count)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *to = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_source_keep(to);
    zip_t *zip = zip_open_from_source(to, ZIP_TRUNCATE, &error);
    assert_non_null(zip);
    for (size_t i = 0; i < count; i++) {
        size_t size = parts[i].blanks > 0 ? parts[i].blanks : strlen(parts[i].text);
        char *text = malloc(size + 1);
        assert_non_null(text);
        memset(text, ' ', size);
        if (parts[i].blanks == 0) {
            memcpy(text, parts[i].text, size);
        }
        zip_source_t *from = zip_source_buffer_create(text, size, 1, &error);
        assert_true(zip_file_add(zip, parts[i].name, from, ZIP_FL_ENC_UTF_8) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    zip_stat_t about;
    assert_int_equal(zip_source_stat(to, &about), 0);
    char *bytes = arena_alloc(trial.arena, about.size);
    assert_int_equal(zip_source_open(to), 0);
    assert_int_equal(zip_source_read(to, bytes, about.size), about.size);
    assert_int_equal(zip_source_close(to), 0);
    zip_source_free(to);
    return (struct bytes){bytes, about.size};
}

#define CONTENT_TYPES                                                                   \
    {                                                                                   \
        "[Content_Types].xml",                                                          \
            "<?xml version=\"1.0\"?><Types "                                            \
            "xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>", \
            0                                                                           \
    }

static const char *find_packed(const struct part *parts, size_t count)
{
    struct bytes bytes = packed(parts, count);
    return find(&trial, bytes.p, bytes.n, "a.docx");
}

#define find_parts(parts) find_packed((parts), sizeof(parts) / sizeof((parts)[0]))

static void what_courts_take_is_known_by_its_content(void **state)
{
    (void)state;
    assert_string_equal(find_text(&trial, "%PDF-1.4\n%\xe2\xe3\n1 0 obj\n", "a.bin"),
                        "application/pdf");
    assert_string_equal(
        find_text(&trial, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0", "a"),
        "image/png");
    assert_string_equal(
        find_text(&trial, "\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0", "x.pdf"),
        "image/jpeg");
    assert_string_equal(find_text(&trial,
                                  "\0\0\0\x18"
                                  "ftypheic\0\0\0\0mif1heic",
                                  "a.heic"),
                        "image/heic");
    assert_string_equal(find_text(&trial,
                                  "\0\0\0\x18"
                                  "ftypisom\0\0\x02\0isomiso2",
                                  "a.mp4"),
                        "video/mp4");
    assert_string_equal(find_text(&trial, "RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0", "a.wav"),
                        "audio/wav");
    assert_string_equal(find_text(&trial, "RIFF\x24\0\0\0AVI LIST", "a.avi"), "video/x-msvideo");
    assert_string_equal(find_text(&trial, "ID3\x03\0\0\0\0\0\0\xff\xfb\x90\0", "a.mp3"),
                        "audio/mpeg");
    assert_string_equal(find_text(&trial, "今借到人民币五万元整", "借条.txt"), "text/plain");
}

static void what_could_be_run_is_refused_under_any_name(void **state)
{
    static const char *const names[] = {"合同.pdf", "a.txt", "a.docx", "a", ""};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_string_equal(find_text(&trial, "#!/bin/sh\nrm -rf /\n", names[i]), "file-type");
        assert_string_equal(
            find_text(&trial, "<!doctype html><html><script>alert(1)</script></html>", names[i]),
            "file-type");
        assert_string_equal(find_text(&trial,
                                      "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"a()\"/>",
                                      names[i]),
                            "file-type");
        assert_string_equal(find_text(&trial,
                                      "\x7f"
                                      "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0",
                                      names[i]),
                            "file-type");
        assert_string_equal(find_text(&trial, "MZ\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", names[i]),
                            "file-type");
    }
}

static void text_is_taken_only_under_the_name_of_a_text(void **state)
{
    (void)state;
    assert_string_equal(find_text(&trial, "只是文字", "合同.pdf"), "file-type");
    assert_string_equal(find_text(&trial, "只是文字", ""), "file-type");
    assert_string_equal(find_text(&trial, "只是文字", "说明.TXT"), "text/plain");
}

static void an_empty_file_is_told_so(void **state)
{
    (void)state;
    assert_string_equal(find(&trial, "", 0, "a.pdf"), "file-empty");
}

static void packed_documents_are_told_apart(void **state)
{
    static const struct part docx[] = {CONTENT_TYPES, {"word/document.xml", "<w/>", 0}};
    static const struct part xlsx[] = {CONTENT_TYPES, {"xl/workbook.xml", "<x/>", 0}};
    static const struct part pptx[] = {CONTENT_TYPES, {"ppt/presentation.xml", "<p/>", 0}};
    static const struct part ofd[] = {{"OFD.xml", "<ofd/>", 0}, {"Doc_0/Document.xml", "<d/>", 0}};
    static const struct part other[] = {{"a.txt", "x", 0}};
    (void)state;
    assert_true(strstr(find_parts(docx), "wordprocessingml") != NULL);
    assert_true(strstr(find_parts(xlsx), "spreadsheetml") != NULL);
    assert_true(strstr(find_parts(pptx), "presentationml") != NULL);
    assert_string_equal(find_parts(ofd), "application/ofd");
    assert_string_equal(find_parts(other), "file-type");
}

static void a_bomb_is_unsafe(void **state)
{
    static const struct part one[] = {CONTENT_TYPES, {"word/document.xml", NULL, (size_t)64 << 20}};
    struct part many[40] = {CONTENT_TYPES, {"word/document.xml", "<w/>", 0}};
    (void)state;
    assert_string_equal(find_parts(one), "file-unsafe");
    for (size_t i = 2; i < 40; i++) { /* each small enough, all together not */
        many[i] = (struct part){arena_printf(trial.arena, "word/media/%zu.xml", i), NULL,
                                (size_t)2 << 20};
    }
    assert_string_equal(find_parts(many), "file-unsafe");
}

static void programs_and_archives_inside_are_unsafe(void **state)
{
    static const char *const names[] = {
        "word/a.exe", "word/embeddings/b.zip", "word/vbaProject.bin", "word/x.JS", "../etc/passwd",
        "/abs.xml",   "word\\document.xml"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct part parts[] = {
            CONTENT_TYPES, {"word/document.xml", "<w/>", 0}, {names[i], "x", 0}};
        assert_string_equal(find_parts(parts), "file-unsafe");
    }
}

static void a_document_of_many_parts_is_unsafe(void **state)
{
    enum { COUNT = 10002 };

    struct part *parts = arena_array(trial.arena, struct part, COUNT);
    (void)state;
    parts[0] = (struct part)CONTENT_TYPES;
    parts[1] = (struct part){"word/document.xml", "<w/>", 0};
    for (size_t i = 2; i < COUNT; i++) {
        parts[i] = (struct part){arena_printf(trial.arena, "word/%zu.xml", i), "x", 0};
    }
    const char *code = find_packed(parts, COUNT);
    assert_true(strcmp(code, "file-unsafe") == 0 || strcmp(code, "file-type") == 0);
}

static void a_packed_file_cut_off_or_spoiled_is_refused(void **state)
{
    static const struct part docx[] = {CONTENT_TYPES, {"word/document.xml", "<w/>", 0}};
    (void)state;
    struct bytes whole = packed(docx, 2);
    char *spoiled = arena_copy(trial.arena, whole.p, whole.n);
    for (size_t n = 1; n < whole.n; n += 7) {
        const char *code = find(&trial, whole.p, n, "a.docx");
        assert_true(strcmp(code, "file-type") == 0 || strcmp(code, "file-unsafe") == 0);
    }
    for (size_t i = 0; i < whole.n; i++) { /* it may pass or not, but it must not break us */
        spoiled[i] = (char)(spoiled[i] ^ 0x55);
        (void)find(&trial, spoiled, whole.n, "a.docx");
        spoiled[i] = (char)(spoiled[i] ^ 0x55);
    }
}

static void a_kept_type_is_known_again(void **state)
{
    (void)state;
    assert_true(file_kind_of_type(STR("application/pdf"))->framed);
    assert_false(file_kind_of_type(STR("text/plain"))->framed);
    assert_null(file_kind_of_type(STR("text/html")));
    assert_null(file_kind_of_type(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_courts_take_is_known_by_its_content),
        cmocka_unit_test(what_could_be_run_is_refused_under_any_name),
        cmocka_unit_test(text_is_taken_only_under_the_name_of_a_text),
        cmocka_unit_test(an_empty_file_is_told_so),
        cmocka_unit_test(packed_documents_are_told_apart),
        cmocka_unit_test(a_bomb_is_unsafe),
        cmocka_unit_test(programs_and_archives_inside_are_unsafe),
        cmocka_unit_test(a_document_of_many_parts_is_unsafe),
        cmocka_unit_test(a_packed_file_cut_off_or_spoiled_is_refused),
        cmocka_unit_test(a_kept_type_is_known_again),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
