#include <string.h>
#include <zlib.h>

#include "base/test.h"
#include "render/pdf_active.h"

struct words_trial {
    const char *about, *text, *words;
};

static const struct words_trial trials[] = {
    {"a plain one", "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n", ""},
    {"a script", "1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >> endobj",
     "script"},
    {"a script by codes", "1 0 obj << /S /J#61va#53cript >> endobj", "script"},
    {"a program", "<</OpenAction<</S/Launch/F(a.exe)>>>>", "launch"},
    {"files inside", "<< /Names << /EmbeddedFiles 3 0 R >> >>", "files"},
    {"a pinned file", "<< /Subtype /FileAttachment >>", "files"},
    {"all", "<</S/Launch>> <</S/JavaScript>> <</Type/EmbeddedFile>>", "script launch files"},
    {"words of a string", "<< /Title (see \\) /Launch \\( and (/JS) \\\\) /Lang (zh) >>", ""},
    {"behind a string", "<< /Title (a(b\\)c)\\\\) /S /Launch >>", "launch"},
    {"a string without an end", "<< /Title (abc /S /Launch >>", "launch"},
    {"a comment", "% /Launch\n<< >>", ""},
    {"behind a comment", "% (\n<< /S /Launch >>", "launch"},
    {"bytes of a stream", "<< /Length 9 >>\nstream\n/JS /Launch\nendstream\nendobj", ""},
    {"behind a stream", "<< >>\nstream\n(\nendstream\nendobj << /S /Launch >>", "launch"},
    {"a stream without an end", "<< >>\nstream\n<< /S /Launch >>", "launch"},
    {"longer names", "<< /Launcher /JSX /JavaScriptActionsOfTheWholeDocument /Launc >>", ""},
    {"a name at the end", "<< /S /Launch", "launch"},
    {"half a code at the end", "<< /S /Launch#6", ""},
    {"nothing", "", ""},
};

static void test_names_are_found_where_they_are_names(void **state)
{
    (void)state;
    struct arena *arena = arena_open(64 << 20);
    for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
        size_t n = strlen(trials[i].text);
        char *exact =
            memcpy(malloc(n > 0 ? n : 1), trials[i].text, n); /* so that ASan sees its end */
        Str words = pdf_active_words(arena, pdf_active(arena, (Str){exact, n}));
        free(exact);
        if (!str_is(words, trials[i].words)) {
            fail_msg("%s: %.*s", trials[i].about, STR_ARG(words));
        }
    }
    arena_close(arena);
}

/* An object stream with this text, cut short by so many bytes. */
static Str packed(struct arena *arena, const char *head, Str text, size_t cut)
{
    uLongf size = compressBound(text.n);
    struct buf out;
    unsigned char *bytes = arena_array(arena, unsigned char, size);
    assert_int_equal(compress(bytes, &size, (const unsigned char *)text.p, text.n), Z_OK);
    buf_init(&out, arena, size + 200);
    buf_add(&out, head, strlen(head));
    buf_add(&out, "\nstream\r\n", 9);
    buf_add(&out, bytes, size - cut);
    buf_add(&out, "\nendstream\nendobj\n", 17);
    return buf_done(&out);
}

static void test_object_streams_are_unpacked(void **state)
{
    (void)state;
    struct arena *arena = arena_open(64 << 20);
    const char *head = "1 0 obj\n<< /Type /ObjStm /N 1 /Filter /FlateDecode >>";
    Str text = STR("1 0 << /S /JavaScript /JS (x) >>");
    assert_int_equal(pdf_active(arena, packed(arena, head, text, 0)), PDF_SCRIPT);
    assert_int_equal(pdf_active(arena, packed(arena, head, text, 6)), PDF_SCRIPT); /* no checksum */
    assert_int_equal(pdf_active(arena, packed(arena, "<< /Filter /FlateDecode >>", text, 0)), 0);
    Str page = packed(
        arena, "1 0 obj << /Type /ObjStm >> endobj 2 0 obj << /Filter /FlateDecode >>", text, 0);
    assert_int_equal(pdf_active(arena, page), 0); /* of the object before */
    arena_close(arena);
}

static void test_much_in_little_is_read_to_the_bound(void **state)
{
    (void)state;
    struct arena *arena = arena_open(64 << 20);
    const char *head = "<< /Type /ObjStm /Filter /FlateDecode >>";
    size_t n = PDF_UNPACKED_MAX + 100;
    char *much = memset(arena_array(arena, char, n), ' ', n);
    memcpy(much + n - 12, "<</S/Launch>>", 12);
    assert_int_equal(pdf_active(arena, packed(arena, head, (Str){much, n}, 0)), 0);
    memcpy(much, "<</S/JS >>  ", 12);
    assert_int_equal(pdf_active(arena, packed(arena, head, (Str){much, n}, 0)), PDF_SCRIPT);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_found_where_they_are_names),
        cmocka_unit_test(test_object_streams_are_unpacked),
        cmocka_unit_test(test_much_in_little_is_read_to_the_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
