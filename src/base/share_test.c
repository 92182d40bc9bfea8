#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/share.h"
#include "base/test.h"

static const struct share_file EMBEDDED[] = {
    {"data/a.yaml", (const unsigned char *)"old", 3, "1", NULL},
    {"data/b.yaml", (const unsigned char *)"kept", 4, "2", NULL},
    {"pages/zh/a.html", (const unsigned char *)"<p>", 3, "3", NULL},
};

enum { EMBEDDED_COUNT = sizeof EMBEDDED / sizeof *EMBEDDED };

struct folder {
    struct trial trial;
    char path[64];
};

static void put(const struct folder *f, const char *name, const char *text)
{
    char *path = arena_printf(f->trial.arena, "%s/%s", f->path, name);
    for (char *slash = strchr(path + strlen(f->path) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    struct folder *f = calloc(1, sizeof *f);
    assert_non_null(f);
    trial_begin(&f->trial);
    (void)snprintf(f->path, sizeof f->path, "/tmp/share-test-XXXXXX");
    assert_non_null(mkdtemp(f->path));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct folder *f = *state;
    char *command = arena_printf(f->trial.arena, "rm -r %s", f->path);
    int status = system(command);
    trial_end(&f->trial);
    free(f);
    return status;
}

static void test_embedded_files_are_found_and_listed(void **state)
{
    struct folder *f = *state;
    struct share *share = NULL;
    assert_int_equal(share_open(&f->trial.cx, EMBEDDED, EMBEDDED_COUNT, NULL, &share), OK);
    assert_string_equal(share_text(share, "data/b.yaml").p, "kept");
    assert_int_equal(share_text(share, "data/c.yaml").n, 0);
    assert_null(share_find(share, STR("data/")));
    const struct share_file *first = NULL;
    assert_int_equal(share_list(share, "data/", &first), 2);
    assert_string_equal(first->path, "data/a.yaml");
    assert_int_equal(share_list(share, "sql/", &first), 0);
    assert_int_equal(share_list(share, "", &first), 3);
    share_close(share);
}

static void test_a_folder_lies_over_them_path_by_path(void **state)
{
    struct folder *f = *state;
    put(f, "data/a.yaml", "new");
    put(f, "data/deep/er/c.yaml", "added");
    put(f, "static/app.css", "");
    put(f, "other/x", "not ours");
    put(f, "data/.hidden", "no");
    put(f, "data/README.md", "no");
    put(f, "data/a.yaml~", "no");
    struct share *share = NULL;
    assert_int_equal(share_open(&f->trial.cx, EMBEDDED, EMBEDDED_COUNT, f->path, &share), OK);
    assert_string_equal(share_text(share, "data/a.yaml").p, "new");
    assert_string_equal(share_text(share, "data/b.yaml").p, "kept");
    assert_string_equal(share_text(share, "data/deep/er/c.yaml").p, "added");
    const struct share_file *first = NULL;
    assert_int_equal(share_list(share, "", &first), 5);
    for (size_t i = 1; i < 5; i++) {
        assert_true(strcmp(first[i - 1].path, first[i].path) < 0);
    }
    assert_non_null(share_find(share, STR("static/app.css")));
    assert_non_null(share_find(share, STR("data/a.yaml"))->file);
    assert_null(share_find(share, STR("data/b.yaml"))->file);
    share_close(share);
}

static void test_the_etag_is_of_the_content(void **state)
{
    struct folder *f = *state;
    put(f, "data/a", "same");
    put(f, "data/b", "same");
    put(f, "data/c", "other");
    struct share *share = NULL;
    assert_int_equal(share_open(&f->trial.cx, NULL, 0, f->path, &share), OK);
    const char *a = share_find(share, STR("data/a"))->etag;
    assert_int_equal(strlen(a), 16);
    assert_string_equal(a, share_find(share, STR("data/b"))->etag);
    assert_string_not_equal(a, share_find(share, STR("data/c"))->etag);
    share_close(share);
}

static void test_what_cannot_be_read_is_refused(void **state)
{
    struct folder *f = *state;
    struct share *share = NULL;
    assert_int_equal(share_open(&f->trial.cx, NULL, 0, "/no/such/folder", &share), E_READ);
    assert_string_equal(f->trial.cx.failure.code, "data-unreadable");
    cx_forgive(&f->trial.cx);
    put(f, "data/big", "");
    assert_int_equal(truncate(arena_printf(f->trial.arena, "%s/data/big", f->path), 17 << 20), 0);
    assert_int_equal(share_open(&f->trial.cx, NULL, 0, f->path, &share), E_READ);
    cx_forgive(&f->trial.cx);
    put(f, "data/big", "");
    put(f, "data/1/2/3/4/5/6/7/8/9/x", "deep");
    assert_int_equal(share_open(&f->trial.cx, NULL, 0, f->path, &share), E_READ);
    assert_true(str_has(f->trial.cx.failure.detail, "too deep"));
    assert_null(share);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_embedded_files_are_found_and_listed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_folder_lies_over_them_path_by_path, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_the_etag_is_of_the_content, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_read_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
