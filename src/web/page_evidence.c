/* The page on which evidence is put in order: what pages/zh/evidence.html needs beyond the API. */
#include <inttypes.h>

#include "flow/authority.h"
#include "web/evidence.h"
#include "web/page_views.h"
#include "web/pages.h"

static const char *const forms[] = {"original", "copy", "electronic", "physical"};

static struct value *forms_show(struct arena *arena, Str chosen)
{
    struct value *list = value_list(arena);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct value *one = value_map(arena);
        value_set_text(arena, one, "value", forms[i]);
        value_set_text(arena, one, "title", evidence_form_title(str_of(forms[i])));
        value_set_bool(arena, one, "checked", str_is(chosen, forms[i]));
        value_add(arena, list, one);
    }
    return list;
}

static Str page_title(struct arena *arena, const struct value *page)
{
    int64_t number = value_get_int(page, "number");
    Str name = value_get_str(page, "name");
    return number > 0 ? str_printf(arena, "第%" PRId64 "页", number) : name;
}

/* "2.7°": tenths, as people tell them apart. */
static Str tilt_title(struct arena *arena, int64_t cdeg)
{
    int64_t tenths = ((cdeg < 0 ? -cdeg : cdeg) + 5) / 10;
    return str_printf(arena, "%" PRId64 ".%" PRId64 "°", tenths / 10, tenths % 10);
}

/* What a press of the button without scripts brought about. */
static void set_straightened(struct call *call, struct value *view)
{
    struct arena *arena = call->cx->arena;
    int64_t count = 0;
    if (str_int(call_param(call, "straightened"), &count)) {
        value_set_str(arena, view, "straightened",
                      count > 0 ? str_printf(arena, "拉正了%" PRId64 "页，其余的没有动。", count)
                                : STR("没有要拉正的页：页面已经是正的，或者看不出文字行。"));
    }
}

static struct value *page_show(struct arena *arena, Id matter, const struct value *page)
{
    struct value *row = value_merge(arena, page, NULL);
    int64_t n = value_get_int(page, "page");
    int64_t turn = value_get_int(page, "turn");
    int64_t tilt = value_get_int(page, "tilt");
    Str file = str_printf(arena, "/matters/%" PRId64 "/materials/%" PRId64, matter,
                          value_get_int(page, "material"));
    Str picture = str_printf(arena, "%s/pages/%" PRId64, file.p, n);
    const struct value *same = value_get(page, "same_as");
    value_set_str(arena, row, "ref",
                  str_printf(arena, "%" PRId64 ".%" PRId64, value_get_int(page, "material"), n));
    value_set_bool(arena, row, "is_file", n == 0);
    value_set_str(arena, row, "title", page_title(arena, page));
    value_set_str(arena, row, "href",
                  n == 0 ? file
                         : str_printf(arena, "%s?size=large&turn=%" PRId64 "&tilt=%" PRId64,
                                      picture.p, turn, tilt));
    value_set_str(
        arena, row, "small",
        str_printf(arena, "%s?size=small&turn=%" PRId64 "&tilt=%" PRId64, picture.p, turn, tilt));
    value_set_str(arena, row, "before",
                  str_printf(arena, "%s?size=large&turn=%" PRId64, picture.p, turn));
    value_set_bool(arena, row, "is_straightened", tilt != 0);
    value_set_str(arena, row, "tilt_title", tilt_title(arena, tilt));
    value_set(arena, row, "same_ref",
              same == NULL ? NULL
                           : value_str(arena, str_printf(arena, "%" PRId64 ".%" PRId64,
                                                         value_get_int(same, "material"),
                                                         value_get_int(same, "page"))));
    value_set(arena, row, "same_title",
              same == NULL ? NULL
                           : value_str(arena, value_get_int(same, "number") > 0
                                                  ? str_printf(arena, "和第%" PRId64 "页是同一张",
                                                               value_get_int(same, "number"))
                                                  : STR("和没有编入的一页是同一张")));
    return row;
}

static struct value *pages_show(struct arena *arena, Id matter, const struct value *pages)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(pages); i++) {
        value_add(arena, list, page_show(arena, matter, value_item(pages, i)));
    }
    return list;
}

static struct value *item_show(struct arena *arena, Id matter, const struct value *item,
                               uint32_t count)
{
    struct value *row = value_merge(arena, item, NULL);
    int64_t n = value_get_int(item, "n");
    bool empty = value_count(value_get(item, "pages")) == 0;
    value_set_int(arena, row, "index", n - 1);
    value_set_bool(arena, row, "is_first", n == 1);
    value_set_bool(arena, row, "is_last", n == count);
    value_set_bool(arena, row, "is_empty", empty);
    Str form = value_get_str(item, "form_title");
    Str source = value_get_str(item, "source");
    value_set_str(
        arena, row, "about_title",
        str_printf(arena, "%s%s%s", form.p, form.n > 0 && source.n > 0 ? "，" : "", source.p));
    value_set(arena, row, "forms", forms_show(arena, value_get_str(item, "form")));
    value_set_bool(arena, row, "has_numbers", value_get_int(item, "from") > 0);
    value_set(arena, row, "pages", pages_show(arena, matter, value_get(item, "pages")));
    return row;
}

/* What a reviewer's own act of arranging still asks: why. */
static void set_reason(struct call *call, const struct seen *seen, Str act, struct value *view)
{
    struct arena *arena = call->cx->arena;
    struct act_form form;
    if (act_form_open(call, seen, act, &form)) {
        value_set_str(arena, view, "act_title", str_of(form.act->title));
        value_set_str(arena, view, "reason",
                      value_get_str(value_get(form.values, "arrangement"), "reason"));
    }
}

static struct value *page_evidence(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_begin(call, value, STR("证据目录"), true);
    const struct seen *seen = NULL;
    const struct value *items = value_get(value, "items");
    struct value *rows = value_list(arena);
    if (page_seen(call, &seen) != OK) {
        page_lacks(call, "evidence");
        return view;
    }
    Id matter = seen->matter->id;
    Str act = value_get_str(value, "act");
    uint32_t purposes = 0;
    for (uint32_t i = 0; i < value_count(items); i++) {
        const struct value *item = value_item(items, i);
        purposes += value_get_str(item, "purpose").n == 0;
        value_add(arena, rows, item_show(arena, matter, item, value_count(items)));
    }
    const struct act *open = procedure_act(seen->procedure, act);
    value_set(arena, view, "items", rows);
    value_set_int(arena, view, "item_count", rows->count);
    value_set(arena, view, "apart", pages_show(arena, matter, value_get(value, "apart")));
    value_set_bool(arena, view, "has_apart", value_count(value_get(value, "apart")) > 0);
    value_set_bool(arena, view, "may_arrange", act.n > 0);
    value_set_bool(arena, view, "by_court", open != NULL && open->to < 0);
    value_set_bool(arena, view, "drafting", seen->matter->events == 0);
    value_set_bool(arena, view, "has_pages", value_get_int(value, "total") > 0);
    value_set_bool(arena, view, "has_items", rows->count > 0);
    value_set_int(arena, view, "without_purpose", purposes);
    set_reason(call, seen, act, view);
    set_straightened(call, view);
    return view;
}

const struct page_extra pages_evidence[] = {{"evidence", page_evidence}, {NULL, NULL}};
