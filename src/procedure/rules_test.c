/* The definitions that come with the program, compiled with the rules that come with it. */
#include <stdio.h>
#include <string.h>

#include "base/share.h"
#include "base/test.h"
#include "base/yaml.h"
#include "law/tables_sample.h"
#include "procedure/rules.h"

struct data {
    struct trial trial;
    struct share *share;
    struct procedures *procedures;
};

static const struct value *paper_needs_of(void *arg, const char *paper)
{
    struct data *data = arg;
    struct cx *cx = &data->trial.cx;
    const char *path = arena_printf(cx->arena, "data/papers/%s.yaml", paper);
    Str text = share_text(data->share, path);
    struct value *yaml = NULL;
    if (text.n == 0 || yaml_read(cx, path, text, &yaml) != OK) {
        return NULL;
    }
    return value_get(yaml, "needs");
}

static bool paper_is_there(void *arg, const char *paper)
{
    return paper_needs_of(arg, paper) != NULL;
}

/* The definitions of data/, with room for some more behind them. */
static struct procedure_source *sources_of(struct data *data, uint32_t room, uint32_t *used)
{
    const struct share_file *file = NULL;
    size_t count = share_list(data->share, "data/", &file);
    struct procedure_source *sources =
        arena_array(data->trial.arena, struct procedure_source, count + room);
    *used = 0;
    for (size_t i = 0; i < count; i++) {
        const char *path = file[i].path + strlen("data/");
        if (strncmp(path, "procedures/", 11) == 0 || strncmp(path, "elements/", 9) == 0 ||
            strncmp(path, "envelopes/", 10) == 0 || strncmp(path, "forms/", 6) == 0) {
            sources[(*used)++] =
                (struct procedure_source){path, {(const char *)file[i].bytes, file[i].size}};
        }
    }
    return sources;
}

static void load(struct data *data, const struct procedure_source *sources, uint32_t count,
                 struct procedures **out)
{
    struct cx *cx = &data->trial.cx;
    struct load_world world = {.rules = rules_all(),
                               .paper_exists = paper_is_there,
                               .paper_needs = paper_needs_of,
                               .arg = data,
                               .tables = tables_real()};
    cx_forgive(cx);
    if (procedures_load(cx, sources, count, &world, out) != OK) {
        fail_msg("%s", cx->failure.detail.p);
    }
}

static int setup(void **state)
{
    static struct data data;
    uint32_t used = 0;
    trial_begin(&data.trial);
    assert_int_equal(share_open(&data.trial.cx, NULL, 0, ".", &data.share), OK);
    const struct procedure_source *sources = sources_of(&data, 0, &used);
    load(&data, sources, used, &data.procedures);
    *state = &data;
    return 0;
}

static int teardown(void **state)
{
    struct data *data = *state;
    share_close(data->share);
    trial_end(&data->trial);
    return 0;
}

static void test_every_definition_compiles(void **state)
{
    struct data *data = *state;
    assert_true(procedures_count(data->procedures) >= 2);
    assert_non_null(procedure_find(data->procedures, STR("civil-first-instance-filing"), 0));
}

static Str text_of_file(struct arena *arena, const char *path)
{
    static char bytes[1 << 17];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(bytes, 1, sizeof bytes - 1, file);
    (void)fclose(file);
    return str_copy(arena, bytes, n);
}

/* The files that the document tells its reader to write: "`my/data/PATH`", then a block of YAML. */
static void test_the_worked_example_of_the_document_compiles(void **state)
{
    enum { EXAMPLE_FILES = 3 };

    static const char head[] = "\n`my/data/";
    static const char open[] = "```yaml\n";
    struct data *data = *state;
    struct arena *arena = data->trial.arena;
    uint32_t used = 0;
    uint32_t found = 0;
    struct procedures *procedures = NULL;
    struct procedure_source *sources = sources_of(data, EXAMPLE_FILES, &used);
    const char *at = text_of_file(arena, "docs/procedure-language.md").p;
    while ((at = strstr(at, head)) != NULL) {
        const char *path = at + strlen(head);
        const char *block = strstr(path, open) + strlen(open);
        assert_true(found++ < EXAMPLE_FILES);
        sources[used++] = (struct procedure_source){
            str_copy(arena, path, strcspn(path, "`")).p,
            str_copy(arena, block, (size_t)(strstr(block, "```") - block))};
        at = block;
    }
    assert_int_equal(found, EXAMPLE_FILES);
    load(data, sources, used, &procedures);
    assert_non_null(procedure_find(procedures, STR("material-inquiry"), 1));
}

static void test_no_two_rules_of_a_kind_share_a_name(void **state)
{
    (void)state;
    const struct rule *const *rules = rules_all();
    for (size_t i = 0; rules[i] != NULL; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_false(rules[i]->kind == rules[k]->kind &&
                         strcmp(rules[i]->name, rules[k]->name) == 0);
        }
    }
}

static bool is_used(const struct procedure *p, const struct rule *rule)
{
    for (uint32_t i = 0; i < p->act_count; i++) {
        const struct act *act = &p->acts[i];
        for (uint32_t k = 0; k < act->hard_count; k++) {
            if (act->hard[k] == rule) {
                return true;
            }
        }
        for (uint32_t k = 0; k < act->soft_count; k++) {
            if (act->soft[k] == rule) {
                return true;
            }
        }
        for (uint32_t k = 0; k < act->effect_count; k++) {
            if (act->effects[k] == rule) {
                return true;
            }
        }
    }
    return false;
}

static void test_every_guard_and_effect_is_used_by_a_definition(void **state)
{
    struct data *data = *state;
    const struct rule *const *rules = rules_all();
    for (size_t i = 0; rules[i] != NULL; i++) {
        bool used = rules[i]->kind == RULE_PREDICATE;
        for (uint32_t k = 0; k < procedures_count(data->procedures); k++) {
            used = used || is_used(procedures_at(data->procedures, k), rules[i]);
        }
        if (!used) {
            fail_msg("no definition names %s", rules[i]->name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_definition_compiles),
        cmocka_unit_test(test_the_worked_example_of_the_document_compiles),
        cmocka_unit_test(test_no_two_rules_of_a_kind_share_a_name),
        cmocka_unit_test(test_every_guard_and_effect_is_used_by_a_definition),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
