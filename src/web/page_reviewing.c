/* What the pages of divided work need beyond the API's answers. */
#include <inttypes.h>

#include "web/page_account.h"
#include "web/reviewing.h"

static const char *const AGES[REVIEWING_AGES] = {"3日内收到", "3至4日", "5至6日", "7日以上"};

static struct value *load_shown(struct arena *arena, const struct value *row)
{
    struct value *shown = value_merge(arena, row, NULL);
    struct value *ages = value_list(arena);
    const struct value *counts = value_get(row, "ages");
    const struct value *person = value_get(row, "person");
    for (uint32_t i = 0; i < value_count(counts) && i < REVIEWING_AGES; i++) {
        struct value *age = value_map(arena);
        value_set_text(arena, age, "title", AGES[i]);
        value_set(arena, age, "count", value_item(counts, i));
        value_add(arena, ages, age);
    }
    value_set(arena, shown, "ages", ages);
    value_set(arena, shown, "name",
              person == NULL || value_is_null(person) ? value_str(arena, STR("没有分给个人"))
                                                      : value_get(person, "name"));
    value_set_str(arena, shown, "href",
                  value_is_null(person) ? STR("/matters?box=todo&reviewer=none")
                                        : str_printf(arena, "/matters?box=todo&reviewer=%s",
                                                     value_get_str(person, "id").p));
    value_set_str(arena, shown, "reviewer_id",
                  value_is_null(person) ? STR("") : value_get_str(person, "id"));
    return shown;
}

static struct value *choices(struct arena *arena, const struct value *reviewers, Str chosen)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(reviewers); i++) {
        struct value *row = value_merge(arena, value_get(value_item(reviewers, i), "person"), NULL);
        value_set_bool(arena, row, "checked", str_same(value_get_str(row, "id"), chosen));
        value_add(arena, list, row);
    }
    return list;
}

static struct value *page_review_load(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "审核分工", false);
    struct value *loads = value_list(arena);
    const struct value *reviewers = value_get(value, "reviewers");
    const struct value *said = value_get(value, "said");
    Str person = value_get_str(said, "person");
    for (uint32_t i = 0; i < value_count(reviewers); i++) {
        value_add(arena, loads, load_shown(arena, value_item(reviewers, i)));
    }
    value_add(arena, loads, load_shown(arena, value_get(value, "unassigned")));
    if (person.n == 0) {
        person = str_printf(arena, "%" PRId64, call->actor.person);
    }
    value_set(arena, view, "loads", loads);
    value_set_bool(arena, view, "leader", reviewing_leads(call));
    value_set(arena, view, "away_people", choices(arena, reviewers, person));
    value_set(arena, view, "substitutes",
              choices(arena, reviewers, value_get_str(said, "substitute")));
    value_set_str(arena, view, "from", value_get_str(said, "from"));
    value_set_str(arena, view, "to", value_get_str(said, "to"));
    value_set_bool(arena, view, "has_absences", value_count(value_get(value, "absences")) > 0);
    value_set_bool(arena, view, "several", value_count(reviewers) > 1);
    if (value_get(view, "errors") == NULL) {
        value_set(arena, view, "errors", NULL);
    }
    return view;
}

static struct value *page_docketed(struct call *call, const struct value *value)
{
    return page_titled(call, value, "一并登记立案", true);
}

static struct value *page_related(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "同一当事人的案件", false);
    const struct seen *seen = NULL;
    if (page_seen(call, &seen) == OK) {
        value_set_str(arena, view, "id", str_printf(arena, "%" PRId64, seen->matter->id));
        value_set_str(arena, view, "title", seen->matter->title);
    }
    return view;
}

const struct page_extra pages_reviewing[] = {{"review-load", page_review_load},
                                             {"review-docketed", page_docketed},
                                             {"related", page_related},
                                             {NULL, NULL}};
