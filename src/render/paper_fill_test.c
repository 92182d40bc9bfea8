/* Every paper of data/papers/: with all that it needs it is filled; without any one of it, it is
 * refused and says which. */
#include <string.h>

#include "base/share.h"
#include "base/test.h"
#include "render/paper.h"

static struct value *sample_of(struct arena *arena, const struct value *needs, bool optional);

/* A value of the need's type. */
/* NOLINTNEXTLINE(misc-no-recursion): no deeper than the definition */
static struct value *sample_one(struct arena *arena, const struct value *need, bool optional)
{
    Str type = value_get_str(need, "type");
    const struct value *fields = value_get(need, "fields");
    if (str_is(type, "money") || str_is(type, "number")) {
        return value_int(arena, 30);
    }
    if (str_is(type, "date")) {
        return value_text(arena, "2026-03-02");
    }
    if (str_is(type, "datetime")) {
        return value_text(arena, "2026-03-02T10:20:00+08:00");
    }
    if (str_is(type, "yes-no")) {
        return value_bool(arena, true);
    }
    if (str_is(type, "choice")) {
        return value_copy(arena, value_get(value_item(value_get(need, "options"), 0), "value"));
    }
    if (str_is(type, "list")) {
        struct value *list = value_list(arena);
        value_add(arena, list,
                  fields == NULL ? value_text(arena, "某") : sample_of(arena, fields, optional));
        return list;
    }
    struct value *group = fields == NULL ? NULL : sample_of(arena, fields, optional);
    if (group != NULL && group->count == 0) { /* all of it optional: some of it must be there */
        group = sample_of(arena, fields, true);
    }
    return group == NULL ? value_text(arena, "某") : group;
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static struct value *sample_of(struct arena *arena, const struct value *needs, bool optional)
{
    struct value *values = value_map(arena);
    for (uint32_t i = 0; i < value_count(needs); i++) {
        const struct value *need = value_item(needs, i);
        if (optional || !value_get_bool(need, "optional")) {
            value_set_key(arena, values, value_get_str(need, "name"),
                          sample_one(arena, need, optional));
        }
    }
    return values;
}

struct probing {
    struct trial *t;
    const char *name;
    const struct paper *paper;
    const struct value *whole;
    uint32_t probed;
};

static bool is_told(const struct cx *cx, const char *path)
{
    for (uint32_t i = 0; i < value_count(cx->failure.errors); i++) {
        const struct value *error = value_item(cx->failure.errors, i);
        if (str_is(value_get_str(error, "field"), path) &&
            str_is(value_get_str(error, "code"), "missing")) {
            return true;
        }
    }
    return false;
}

static struct value *member_of(struct value *map, Str name)
{
    for (uint32_t i = 0; i < map->count; i++) {
        if (str_same(map->as.members[i].key, name)) {
            return map->as.members[i].value;
        }
    }
    return NULL;
}

/* Takes out each needed leaf in turn, wherever it stands, and sees the paper refused for it; a
 * blank instead of it is refused as well. `at` lies inside p->whole. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void probe(struct probing *p, const struct value *needs, struct value *at,
                  const char *prefix)
{
    struct cx *cx = &p->t->cx;
    for (uint32_t i = 0; i < value_count(needs); i++) {
        const struct value *need = value_item(needs, i);
        Str name = value_get_str(need, "name");
        const char *path = arena_printf(cx->arena, "%s%s", prefix, name.p);
        const struct value *fields = value_get(need, "fields");
        struct value *was = member_of(at, name);
        struct paper_content *content = NULL;
        if (was == NULL) {
            continue;
        }
        for (int blank = 0; blank < 2 && !value_get_bool(need, "optional"); blank++) {
            value_set_key(cx->arena, at, name, blank == 1 ? value_text(cx->arena, " ") : NULL);
            cx_forgive(cx);
            if (paper_fill(cx, p->paper, p->whole, &content) != E_INPUT || !is_told(cx, path)) {
                fail_msg("%s is filled without %s", p->name, path);
            }
            p->probed += 1;
        }
        value_set_key(cx->arena, at, name, was);
        if (fields != NULL && value_is_list(was)) {
            probe(p, fields, was->as.items[0], arena_printf(cx->arena, "%s.0.", path));
        } else if (fields != NULL) {
            probe(p, fields, was, arena_printf(cx->arena, "%s.", path));
        }
    }
}

static void paper_probe(struct trial *t, const struct share_file *file)
{
    struct cx *cx = &t->cx;
    const char *base = strrchr(file->path, '/') + 1;
    struct probing p = {.t = t, .name = str_copy(cx->arena, base, strcspn(base, ".")).p};
    struct paper *paper = NULL;
    struct paper_content *content = NULL;
    cx_forgive(cx);
    if (paper_compile(cx, p.name, (Str){(const char *)file->bytes, file->size}, &paper) != OK) {
        fail_msg("%s", cx->failure.detail.p);
    }
    p.paper = paper;
    for (int optional = 0; optional < 2; optional++) {
        struct value *whole = sample_of(cx->arena, paper_needs(paper), optional == 1);
        p.whole = whole;
        cx_forgive(cx);
        if (paper_fill(cx, paper, whole, &content) != OK) {
            fail_msg("%s: %s", p.name, cx->failure.detail.p);
        }
        assert_false(str_has(paper_text(cx->arena, content), "{"));
        probe(&p, paper_needs(paper), whole, "");
    }
    assert_true(p.probed > 0);
}

static void test_no_paper_is_filled_without_what_it_needs(void **state)
{
    (void)state;
    struct trial t;
    struct share *share = NULL;
    const struct share_file *file = NULL;
    trial_begin(&t);
    assert_int_equal(share_open(&t.cx, NULL, 0, ".", &share), OK);
    size_t count = share_list(share, "data/papers/", &file);
    assert_true(count > 40);
    for (size_t i = 0; i < count; i++) {
        struct trial one;
        trial_begin(&one);
        paper_probe(&one, &file[i]);
        trial_end(&one);
    }
    share_close(share);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_paper_is_filled_without_what_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
