#include "base/test.h"
#include "web/tus.h"

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

static const char *name_in(const char *header)
{
    return tus_metadata(trial.arena, str_of(header), "filename").p;
}

static void a_name_is_found_among_the_pairs(void **state)
{
    (void)state;
    assert_string_equal(name_in("filename 5YCf5p2hLnBkZg=="), "借条.pdf");
    assert_string_equal(name_in("kind ZXZpZGVuY2U=,filename YS5wZGY=,final"), "a.pdf");
    assert_string_equal(name_in("kind ZXZpZGVuY2U=, filename YS5wZGY= "), "a.pdf");
}

static void what_is_no_name_is_empty(void **state)
{
    static const char *const bad[] = {"",
                                      "filename",
                                      "filename ",
                                      "filename *",
                                      "name YS5w",
                                      "filename a b",
                                      "filename /////",
                                      ",,,",
                                      "filename  YS5wZGY="};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_string_equal(name_in(bad[i]), "");
    }
}

/* --- small forms, read as a whole --- */

static enum status form(const char *body, struct value **out)
{
    cx_forgive(&trial.cx);
    return http_multipart_read(&trial.cx, str_of(body), STR("x"), out);
}

static void a_small_form_is_a_map_of_texts(void **state)
{
    struct value *fields = NULL;
    (void)state;
    assert_int_equal(form("--x\r\nContent-Disposition: form-data; name=\"receipt\"\r\n\r\n{}\r\n"
                          "--x\r\nContent-Disposition: form-data; name=\"file\"; "
                          "filename=\"r.json\"\r\n\r\n{\"leaf\":1}\r\n--x--\r\n",
                          &fields),
                     OK);
    assert_string_equal(value_get_str(fields, "receipt").p, "{}");
    assert_string_equal(value_get_str(fields, "file").p, "{\"leaf\":1}");
}

static void a_small_form_that_is_broken_or_no_text_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "--x",
        "--x--",
        "--x\r\n\r\n\r\n--x--",
        "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb",
        "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\xfe\r\n--x--\r\n"};
    struct value *fields = NULL;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        enum status status = form(bad[i], &fields);
        assert_true(status == E_READ || value_count(fields) == 0);
    }
    assert_int_equal(form(bad[5], &fields), E_READ);
    assert_int_equal(form(bad[4], &fields), E_READ);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_found_among_the_pairs),
        cmocka_unit_test(what_is_no_name_is_empty),
        cmocka_unit_test(a_small_form_is_a_map_of_texts),
        cmocka_unit_test(a_small_form_that_is_broken_or_no_text_is_refused),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
