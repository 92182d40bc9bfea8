#include "base/test.h"
#include "web/again.h"

static struct trial trial;

static const char *local(const char *path)
{
    return local_path(trial.arena, str_of(path)).p;
}

static void test_paths_of_ours_are_kept(void **state)
{
    (void)state;
    assert_string_equal(local("/"), "/");
    assert_string_equal(local("/matters?box=todo&q=a+b"), "/matters?box=todo&q=a+b");
    assert_string_equal(local("/courts?q=朝阳"), "/courts?q=%E6%9C%9D%E9%98%B3");
    assert_string_equal(local("/a b"), "/a%20b");
}

static void test_other_sites_and_tricks_lead_home(void **state)
{
    static const char *const bad[] = {"",
                                      "matters",
                                      "//evil.example",
                                      "https://evil.example/",
                                      "javascript:alert(1)",
                                      "/\\evil.example",
                                      "/\tx",
                                      "/a\r\nSet-Cookie: x=1",
                                      "\\\\evil.example"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_string_equal(local(bad[i]), "/");
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths_of_ours_are_kept),
        cmocka_unit_test(test_other_sites_and_tricks_lead_home),
    };
    trial_begin(&trial);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    trial_end(&trial);
    return failed;
}
