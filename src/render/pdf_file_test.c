/* Claims about the frame of a PDF: what is found in a good file, and that no bytes lead astray. */
#include <stdlib.h>

#include "base/test.h"
#include "render/pdf_file.h"

#define HEAD "%PDF-1.4\n"
#define ONE \
    "1 0 obj\n<< /Type /Catalog /Pages 2 0 R /Text (a \\) (b) /Fields [ 9 0 R ]) >>\nendobj\n"
#define KIDS "/Kids [ 3 0 R<< /A [ 1 2 ] >>(x)/Name<4F> 7 ] % said /Count 9\n/Count 1"
#define TWO  "2 0 obj\n<< " KIDS " >>\nendobj\n"

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

/* Offsets as they come out of the lengths of the parts. */
static Str file_with(const char *trailer)
{
    size_t one = strlen(HEAD);
    size_t two = one + strlen(ONE);
    size_t xref = two + strlen(TWO);
    return str_printf(t.arena,
                      "%sxref\n0 3\n0000000000 65535 f \n%010zu 00000 n \n%010zu 00000 n \n"
                      "trailer\n<< /Size 3 /Root 1 0 R%s >>\nstartxref\n%zu\n%%%%EOF\n",
                      HEAD ONE TWO, one, two, trailer, xref);
}

static void assert_refused(Str bytes, const char *code)
{
    struct pdf_file file;
    cx_forgive(&t.cx);
    assert_int_equal(pdf_open(&t.cx, bytes, &file), E_INPUT);
    assert_string_equal(t.cx.failure.code, code);
    cx_forgive(&t.cx);
}

static void test_objects_are_found(void **state)
{
    struct pdf_file file;
    Str items[8];
    (void)state;
    assert_int_equal(pdf_open(&t.cx, file_with(""), &file), OK);
    Str root = pdf_follow(&file, pdf_get(file.trailer, "Root"));
    assert_true(str_is(pdf_get(root, "Type"), "/Catalog"));
    assert_int_equal(pdf_get(root, "Fields").n, 0); /* in a text */
    Str pages = pdf_follow(&file, pdf_get(root, "Pages"));
    assert_true(str_is(pdf_get(pages, "Count"), "1"));
    assert_int_equal(pdf_items(pdf_get(pages, "Kids"), items, 8), 6);
    assert_int_equal(pdf_reference(items[0]), 3);
    assert_int_equal(pdf_object(&file, 3).n, 0);
    assert_true(str_is(items[4], "<4F>"));
}

static void test_what_is_no_file_of_ours_is_named(void **state)
{
    (void)state;
    assert_refused(STR(""), "pdf-broken");
    assert_refused(STR("%PDF-1.4\n"), "pdf-broken");
    assert_refused(STR("PK\3\4 startxref 0"), "pdf-broken");
    assert_refused(file_with(" /Encrypt 2 0 R"), "pdf-encrypted");
    assert_refused(STR("%PDF-1.5\n9 0 obj\n<<>>\nstartxref\n9\n%%EOF\n"), "pdf-foreign");
    /* A table that names itself as the one before. */
    size_t xref = strlen(HEAD ONE TWO);
    assert_refused(file_with(arena_printf(t.arena, " /Prev %zu", xref)), "pdf-broken");
    assert_refused(STR("%PDF-1.4\nxref\n0 4000000000\ntrailer<<>>\nstartxref\n9\n"), "pdf-broken");
}

/* What many refer to is read as often: it must not be long. */
static void test_nothing_long_is_read_again_and_again(void **state)
{
    static const size_t sizes[] = {PDF_OBJECT_BYTES_MAX / 2, PDF_OBJECT_BYTES_MAX + 64};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct pdf_file file;
        struct buf bytes;
        buf_init(&bytes, t.arena, sizes[i] + 512);
        buf_text(&bytes, HEAD "1 0 obj\n<< /Text (");
        while (bytes.n < sizes[i]) {
            buf_char(&bytes, 'x');
        }
        buf_text(&bytes, ") >>\nendobj\n");
        size_t xref = bytes.n;
        buf_printf(&bytes,
                   "xref\n1 1\n%010zu 00000 n \ntrailer\n<< /Root 1 0 R >>\nstartxref\n%zu\n",
                   strlen(HEAD), xref);
        assert_int_equal(pdf_open(&t.cx, buf_done(&bytes), &file), OK);
        assert_int_equal(pdf_object(&file, 1).n > 0, i == 0);
    }
    /* Two tables, the newer around the older. */
    const char *old = "xref 0 0 trailer << /Text (as long as what stands behind it all) >>\n";
    Str text = str_printf(t.arena, "%sxref\n0 0\n%%%s", HEAD, old);
    assert_refused(str_printf(t.arena, "%strailer\n<< /Prev %zu >>\nstartxref\n%zu\n", text.p,
                              text.n - strlen(old), strlen(HEAD)),
                   "pdf-broken");
}

/* Looks at all there is; what is found does not matter, only that nothing else is touched. */
static void walk(Str bytes)
{
    struct pdf_file file;
    Str items[4];
    char *copy = malloc(bytes.n + 1); /* so that a read behind the end is noticed */
    assert_non_null(copy);
    memcpy(copy, bytes.p, bytes.n);
    if (pdf_open(&t.cx, (Str){copy, bytes.n}, &file) == OK) {
        for (uint32_t i = 0; i < file.count && i < 8; i++) {
            Str object = pdf_object(&file, i);
            (void)pdf_items(pdf_get(object, "Kids"), items, 4);
            (void)pdf_follow(&file, pdf_get(object, "Pages"));
        }
    }
    free(copy);
    cx_forgive(&t.cx);
}

static void test_no_bytes_lead_astray(void **state)
{
    static const char odd[] = "()<>[]/% 9R\0\\";
    (void)state;
    Str good = file_with("");
    for (size_t i = 0; i < good.n; i++) {
        walk((Str){good.p, i}); /* cut short */
        for (size_t k = 0; k < sizeof odd - 1; k++) {
            char *bytes = arena_alloc(t.arena, good.n + 1);
            memcpy(bytes, good.p, good.n);
            bytes[i] = odd[k];
            walk((Str){bytes, good.n});
        }
        if (i % 16 == 15) {
            arena_reset(t.arena);
            cx_init(&t.cx, t.arena);
            good = file_with("");
        }
    }
}

#define CLAIM(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(test_objects_are_found),
        CLAIM(test_what_is_no_file_of_ours_is_named),
        CLAIM(test_nothing_long_is_read_again_and_again),
        CLAIM(test_no_bytes_lead_astray),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
