#include <stdio.h>

#include "base/test.h"
#include "record/message.h"

static const struct messages *catalogue(struct trial *t, const char *yaml)
{
    const struct messages *messages = NULL;
    assert_int_equal(messages_read(&t->cx, t->arena, "zh.yaml", str_of(yaml), &messages), OK);
    return messages;
}

#define SMALL                                            \
    "bug:\n  title: 故障\n  detail: 请稍后\n"       \
    "fields:\n  title: 还有 {count} 处需要填写\n" \
    "both:\n  title: 由{by}改为{to}。\n  detail: 见{by}{none}\n"

static void test_names_are_filled(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct messages *m = catalogue(&t, SMALL);
    struct value *args = value_map(t.arena);
    value_set_int(t.arena, args, "count", 2);
    value_set_text(t.arena, args, "by", "林晓舟");
    value_set_text(t.arena, args, "to", "{count}");
    assert_string_equal(message_title(m, t.arena, "fields", args).p, "还有 2 处需要填写");
    assert_string_equal(message_title(m, t.arena, "both", args).p, "由林晓舟改为{count}。");
    assert_string_equal(message_detail(m, t.arena, "both", args).p, "见林晓舟");
    assert_string_equal(message_title(m, t.arena, "fields", NULL).p, "还有  处需要填写");
    assert_int_equal(message_detail(m, t.arena, "fields", args).n, 0);
    trial_end(&t);
}

static void test_an_unknown_code_has_the_words_of_a_bug(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct messages *m = catalogue(&t, SMALL);
    assert_false(message_is_known(m, "nothing"));
    assert_true(message_is_known(m, "both"));
    assert_string_equal(message_title(m, t.arena, "nothing", NULL).p, "故障");
    assert_string_equal(message_detail(m, t.arena, NULL, NULL).p, "请稍后");
    trial_end(&t);
}

static void test_entries_without_title_get_one(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct messages *m = catalogue(&t, SMALL);
    (void)cx_error(&t.cx, "a", "bug", NULL);
    (void)cx_error(&t.cx, "b", "bug", "自己的");
    message_fill(m, t.arena, t.cx.failure.errors);
    message_fill(m, t.arena, NULL);
    assert_string_equal(value_as_str(value_at(t.cx.failure.errors, "0.title")).p, "故障");
    assert_string_equal(value_as_str(value_at(t.cx.failure.errors, "1.title")).p, "自己的");
    trial_end(&t);
}

static void test_a_faulty_catalogue_is_refused(void **state)
{
    (void)state;
    static const char *const faults[] = {
        "- a\n",
        "bug: 故障\n",
        "bug:\n  detail: 没有标题\n",
        "bug:\n  title: \"\"\n",
        "bug:\n  title: 故障\n  advice: 多余\n",
        "bug:\n  title: 没有{关上\n",
        "bug:\n  title: 没有}打开\n",
        "bug:\n  title: 1\n",
        "denied:\n  title: 不能\n",
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct trial t;
        trial_begin(&t);
        const struct messages *m = NULL;
        assert_int_equal(messages_read(&t.cx, t.arena, "zh.yaml", str_of(faults[i]), &m), E_READ);
        assert_null(m);
        assert_true(str_starts(t.cx.failure.detail, "zh.yaml:"));
        trial_end(&t);
    }
}

static void test_the_real_catalogue_is_sound(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    static char text[1 << 18];
    FILE *file = fopen("data/messages/zh.yaml", "rb");
    assert_non_null(file);
    size_t n = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    text[n] = '\0';
    const struct messages *m = catalogue(&t, text);
    static const char *const promised[] = {"login-failed", "not-found", "fields",    "warnings",
                                           "key-reused",   "conflict",  "file-type", "busy",
                                           "login-needed", "csrf",      "method",    "rate"};
    for (size_t i = 0; i < sizeof promised / sizeof *promised; i++) {
        assert_true(message_is_known(m, promised[i]));
        assert_true(message_detail(m, t.arena, promised[i], NULL).n > 0);
    }
    assert_string_equal(message_title(m, t.arena, "login-failed", NULL).p, "账号或密码不正确");
    assert_string_equal(message_title(m, t.arena, "not-found", NULL).p, "没有找到，或您无权查看");
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_filled),
        cmocka_unit_test(test_an_unknown_code_has_the_words_of_a_bug),
        cmocka_unit_test(test_entries_without_title_get_one),
        cmocka_unit_test(test_a_faulty_catalogue_is_refused),
        cmocka_unit_test(test_the_real_catalogue_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
