/* web/page_trial.h - forms for the tests of pages: fields out of YAML, values out of JSON, the real
 * tables.
 */
#ifndef WEB_PAGE_TRIAL_H
#define WEB_PAGE_TRIAL_H

#include "base/json.h"
#include "base/test.h"
#include "base/yaml.h"
#include "flow/field.h"
#include "law/tables_sample.h"

struct page_trial {
    struct trial trial;
    struct field *fields;
    uint32_t count;
};

static inline int page_trial_setup(void **state)
{
    static struct page_trial t;
    trial_begin(&t.trial);
    *state = &t;
    return 0;
}

static inline int page_trial_teardown(void **state)
{
    struct page_trial *t = *state;
    trial_end(&t->trial);
    return 0;
}

static inline void trial_form(struct page_trial *t, const char *yaml)
{
    struct value *list = NULL;
    assert_int_equal(yaml_read(&t->trial.cx, "form", str_of(yaml), &list), OK);
    t->count = value_count(list);
    t->fields = arena_array(t->trial.arena, struct field, t->count);
    for (uint32_t i = 0; i < t->count; i++) {
        if (field_read(&t->trial.cx, "form", value_item(list, i), &t->fields[i]) != OK) {
            fail_msg("%s", t->trial.cx.failure.detail.p);
        }
    }
}

static inline const struct value *trial_json(struct page_trial *t, const char *text)
{
    struct value *v = NULL;
    if (json_read(&t->trial.cx, str_of(text), &v) != OK) {
        fail_msg("%s: %s", text, t->trial.cx.failure.detail.p);
    }
    return v;
}

/* The text, number or truth at a path, as text; "" when absent. */
static inline const char *trial_at(struct page_trial *t, const struct value *v, const char *path)
{
    const struct value *found = value_at(v, path);
    if (value_is_null(found)) {
        return "";
    }
    return value_is_text(found) ? found->as.text.p : json_write(t->trial.arena, found).p;
}

#endif
