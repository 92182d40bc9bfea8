#include <stdio.h>
#include <string.h>

#include "base/test.h"
#include "web/http.h"

/* What the parser says, written down: "[name|file|type]bytes/" for each part. */
struct notes {
    struct buf text;
    unsigned calls;
    bool refuses_bytes;
    bool only_counts;
    int64_t bytes;
};

static enum status note_begin(void *arg, struct cx *cx, Str name, Str file_name, Str content_type)
{
    (void)cx;
    struct notes *notes = arg;
    buf_printf(&notes->text, "[%s|%s|%s]", name.p, file_name.p, content_type.p);
    assert_int_equal(strlen(name.p), name.n);
    assert_int_equal(strlen(file_name.p), file_name.n);
    return OK;
}

static enum status note_bytes(void *arg, struct cx *cx, const char *bytes, size_t size)
{
    struct notes *notes = arg;
    notes->calls++;
    notes->bytes += (int64_t)size;
    if (notes->refuses_bytes) {
        return FAIL(cx, E_TYPE, "file-kind", "not wanted");
    }
    if (!notes->only_counts) {
        buf_add(&notes->text, bytes, size);
    }
    return OK;
}

static enum status note_end(void *arg, struct cx *cx)
{
    (void)cx;
    struct notes *notes = arg;
    buf_char(&notes->text, '/');
    return OK;
}

static const struct multipart_sink NOTES = {note_begin, note_bytes, note_end};

/* Parses in pieces of `piece` bytes; "" when refused. */
static Str parse(struct trial *trial, Str body, size_t piece)
{
    struct notes notes = {.calls = 0};
    cx_forgive(&trial->cx);
    buf_init(&notes.text, trial->arena, (size_t)1 << 20);
    struct multipart *multipart = multipart_open(trial->arena, STR("XyZ"), &NOTES, &notes);
    enum status status = OK;
    for (size_t i = 0; i < body.n && status == OK; i += piece) {
        size_t size = body.n - i < piece ? body.n - i : piece;
        status = multipart_add(multipart, &trial->cx, body.p + i, size);
    }
    if (status == OK) {
        status = multipart_end(multipart, &trial->cx);
    }
    if (status != OK) {
        assert_int_equal(status, E_READ);
        assert_string_equal(trial->cx.failure.code, "form-unreadable");
        return STR("");
    }
    return buf_done(&notes.text);
}

static void claim_bytes(Str body, Str expected)
{
    struct trial trial;
    trial_begin(&trial);
    static const size_t pieces[] = {1, 2, 3, 5, 7, 64, 100000};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        Str got = parse(&trial, body, pieces[i]);
        assert_int_equal(got.n, expected.n);
        assert_memory_equal(got.p, expected.p, got.n);
    }
    trial_end(&trial);
}

static void claim(const char *body, const char *expected)
{
    claim_bytes(str_of(body), str_of(expected));
}

#define FIELD "Content-Disposition: form-data; name=\"a\"\r\n\r\n"

static void test_fields_and_files(void **state)
{
    (void)state;
    claim("--XyZ\r\n" FIELD "一\r\n--XyZ\r\n"
          "content-type: application/pdf\r\n"
          "Content-Disposition: form-data; name=\"file\"; filename=\"起诉状.pdf\"\r\n\r\n"
          "%PDF\r\n\r\n--XyZ--\r\n",
          "[a||]一/[file|起诉状.pdf|application/pdf]%PDF\r\n/");
}

static void test_preamble_and_epilogue_are_not_read(void **state)
{
    (void)state;
    claim("hello\r\n--XyZ \t\r\n" FIELD "1\r\n--XyZ--and --XyZ\r\n more", "[a||]1/");
    claim("\r\n--XyZ\r\n" FIELD "1\r\n--XyZ--", "[a||]1/");
}

static void test_empty_content_and_no_parts(void **state)
{
    (void)state;
    claim("--XyZ\r\n" FIELD "\r\n--XyZ--", "[a||]/");
    claim("--XyZ--", "");
    struct trial trial;
    trial_begin(&trial);
    struct notes notes = {.calls = 0};
    buf_init(&notes.text, trial.arena, 100);
    struct multipart *multipart = multipart_open(trial.arena, STR("XyZ"), &NOTES, &notes);
    assert_int_equal(multipart_add(multipart, &trial.cx, "--XyZ--\r\n", 9), OK);
    assert_int_equal(multipart_end(multipart, &trial.cx), OK);
    trial_end(&trial);
}

static void test_content_that_looks_like_a_boundary(void **state)
{
    (void)state;
    claim("--XyZ\r\n" FIELD "\r\r\n\r\n-\r\n--\r\n--X\r\n--Xy\r--XyZ\n--XyZ--XyZ\r\r\n--XyZ--",
          "[a||]\r\r\n\r\n-\r\n--\r\n--X\r\n--Xy\r--XyZ\n--XyZ--XyZ\r/");
}

static void test_bytes_of_any_value_pass(void **state)
{
    (void)state;
    char body[600] = "--XyZ\r\n" FIELD;
    char expected[300] = "[a||]";
    size_t n = strlen(body);
    size_t m = strlen(expected);
    for (int i = 0; i < 256; i++) {
        body[n++] = (char)i;
        expected[m++] = (char)i;
    }
    memcpy(body + n, "\r\n--XyZ--", 9);
    expected[m++] = '/';
    claim_bytes((Str){body, n + 9}, (Str){expected, m});
}

static void test_file_names_of_every_browser(void **state)
{
    (void)state;

    static const struct {
        const char *written, *read;
    } names[] = {
        {"\"a.pdf\"", "a.pdf"},
        {"a.pdf", "a.pdf"},
        {"\"a%22b.pdf\"", "a\"b.pdf"},
        {"\"a\\\"b.pdf\"", "a\"b.pdf"},
        {"\"C:\\\\Users\\\\li\\\\a.pdf\"", "a.pdf"},
        {"\"C:\\Users\\li\\a.pdf\"", "a.pdf"},
        {"\"../../etc/passwd\"", "passwd"},
        {"\"..\\..\\boot.ini\"", "boot.ini"},
        {"\"a; name=b\"", "a; name=b"},
        {"\"\"", ""},
        {"\"𠮷.pdf\"", "𠮷.pdf"},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char body[300];
        char expected[100];
        (void)snprintf(body, sizeof body,
                       "--XyZ\r\nContent-Disposition: form-data; name=f; filename=%s\r\n\r\n1\r\n"
                       "--XyZ--",
                       names[i].written);
        (void)snprintf(expected, sizeof expected, "[f|%s|]1/", names[i].read);
        claim(body, expected);
    }
}

static void test_heads_that_cannot_be_read_are_refused(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "\r\n",
        "Content-Type: text/plain\r\n\r\n",
        "Content-Disposition: attachment; name=\"a\"\r\n\r\n",
        "Content-Disposition: form-data\r\n\r\n",
        "Content-Disposition: form-data; name=\"\"\r\n\r\n",
        "Content-Disposition: form-data; name=\"a\r\n\r\n",
        "Content-Disposition: form-data; name=\"a\" x\r\n\r\n",
        "Content-Disposition: form-data; name=\"a\xFF\"\r\n\r\n",
        "Content-Disposition: form-data; name=\"a\x01\"\r\n\r\n",
        "Content-Disposition: form-data; name=\"a\"\n\r\n\r\n",
        "Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\n",
        "Content-Disposition: form-data; name=\"a\"\r\nno header\r\n\r\n",
        "Content-Disposition: form-data; name=\"a\"\r\n: x\r\n\r\n",
        "Content-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        char body[400];
        (void)snprintf(body, sizeof body, "--XyZ\r\n%s1\r\n--XyZ--\r\n", heads[i]);
        claim(body, "");
    }
    claim_bytes(
        (Str){"--XyZ\r\nContent-Disposition: form-data; name=\"a\0\"\r\n\r\n1\r\n--XyZ--", 63},
        STR(""));
}

static void test_a_form_cut_off_is_refused(void **state)
{
    (void)state;
    static const char whole[] = "--XyZ\r\n" FIELD "1\r\n--XyZ--";
    struct trial trial;
    trial_begin(&trial);
    for (size_t n = 0; n < sizeof whole - 1; n++) {
        assert_int_equal(parse(&trial, (Str){whole, n}, 3).n, 0);
    }
    assert_string_equal(parse(&trial, str_of(whole), 3).p, "[a||]1/");
    trial_end(&trial);
}

static void test_text_behind_a_boundary_is_refused(void **state)
{
    (void)state;
    claim("--XyZ1\r\n" FIELD "1\r\n--XyZ--", "");
    claim("--XyZ\n" FIELD "1\r\n--XyZ--", "");
    claim("--XyZ\r\n" FIELD "1\r\n--XyZ-", "");
    claim("--XyZ\r\n" FIELD "1\r\n--XyZ-\r\n", "");
}

static void test_a_head_of_eight_kibibytes_and_no_more(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    for (size_t over = 0; over < 2; over++) {
        struct buf body;
        buf_init(&body, trial.arena, 20000);
        buf_text(&body, "--XyZ\r\nX: ");
        size_t rest = strlen("X: \r\n" FIELD);
        for (size_t i = 0; i < 8192 - rest + over; i++) {
            buf_char(&body, 'x');
        }
        buf_text(&body, "\r\n" FIELD "1\r\n--XyZ--");
        assert_string_equal(parse(&trial, buf_done(&body), 1000).p, over ? "" : "[a||]1/");
    }
    trial_end(&trial);
}

static void test_five_thousand_parts_and_no_more(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    struct buf body;
    buf_init(&body, trial.arena, (size_t)1 << 20);
    for (int i = 0; i < 5000; i++) {
        buf_text(&body, "--XyZ\r\n" FIELD "\r\n");
    }
    Str most = str_printf(trial.arena, "%s--XyZ--", body.p);
    buf_text(&body, "--XyZ\r\n" FIELD "\r\n--XyZ--");
    assert_int_equal(parse(&trial, most, 10000).n, 5000 * strlen("[a||]/"));
    assert_int_equal(parse(&trial, buf_done(&body), 10000).n, 0);
    trial_end(&trial);
}

static void test_what_the_sink_refuses_is_handed_up(void **state)
{
    (void)state;
    struct trial trial;
    trial_begin(&trial);
    struct notes notes = {.refuses_bytes = true};
    buf_init(&notes.text, trial.arena, 100);
    struct multipart *multipart = multipart_open(trial.arena, STR("XyZ"), &NOTES, &notes);
    Str body = STR("--XyZ\r\n" FIELD "12345\r\n--XyZ--");
    assert_int_equal(multipart_add(multipart, &trial.cx, body.p, body.n), E_TYPE);
    assert_string_equal(trial.cx.failure.code, "file-kind");
    assert_int_equal(notes.calls, 1);
    trial_end(&trial);
}

/* Nothing of the content is kept: 190 MB cost the arena what 1 KB does, and bytes that all begin a
 * match do not become a call each. */
static void test_large_content_streams_in_few_calls(void **state)
{
    (void)state;
    static char piece[16384];
    static const char fill[] = {'x', '\r'};
    for (size_t kind = 0; kind < 2; kind++) {
        struct trial trial;
        trial_begin(&trial);
        struct notes notes = {.only_counts = true};
        buf_init(&notes.text, trial.arena, 100);
        struct multipart *multipart = multipart_open(trial.arena, STR("XyZ"), &NOTES, &notes);
        Str head = STR("--XyZ\r\n" FIELD);
        assert_int_equal(multipart_add(multipart, &trial.cx, head.p, head.n), OK);
        size_t before = arena_total_bytes(trial.arena);
        memset(piece, fill[kind], sizeof piece);
        unsigned rounds = (190u << 20) / sizeof piece;
        for (unsigned i = 0; i < rounds; i++) {
            assert_int_equal(multipart_add(multipart, &trial.cx, piece, sizeof piece), OK);
        }
        assert_int_equal(multipart_add(multipart, &trial.cx, "\r\n--XyZ--", 9), OK);
        assert_int_equal(multipart_end(multipart, &trial.cx), OK);
        assert_int_equal(notes.bytes, (int64_t)rounds * (int64_t)sizeof piece);
        assert_true(notes.calls <= 2 * rounds + 1);
        assert_int_equal(arena_total_bytes(trial.arena), before);
        trial_end(&trial);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields_and_files),
        cmocka_unit_test(test_preamble_and_epilogue_are_not_read),
        cmocka_unit_test(test_empty_content_and_no_parts),
        cmocka_unit_test(test_content_that_looks_like_a_boundary),
        cmocka_unit_test(test_bytes_of_any_value_pass),
        cmocka_unit_test(test_file_names_of_every_browser),
        cmocka_unit_test(test_heads_that_cannot_be_read_are_refused),
        cmocka_unit_test(test_a_form_cut_off_is_refused),
        cmocka_unit_test(test_text_behind_a_boundary_is_refused),
        cmocka_unit_test(test_a_head_of_eight_kibibytes_and_no_more),
        cmocka_unit_test(test_five_thousand_parts_and_no_more),
        cmocka_unit_test(test_what_the_sink_refuses_is_handed_up),
        cmocka_unit_test(test_large_content_streams_in_few_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
