/* What everybody may read: procedures, causes, courts. */
#include <inttypes.h>

#include "law/reach.h"
#include "law/source.h"
#include "web/contact.h"
#include "web/page_handover.h"
#include "web/page_parts.h"
#include "web/page_views.h"

/* --- procedures --- */

enum begun { BEGUN_ONLINE, BEGUN_WINDOW, BEGUN_COURT };

/* Who begins it decides where people look for it. */
static enum begun where_begun(const struct procedure *p)
{
    enum begun where = BEGUN_COURT;
    for (uint32_t i = 0; i < p->begin_count; i++) {
        switch (p->begin_by[i].kind) {
        case ACTOR_PERSON:
        case ACTOR_LAWYER:
        case ACTOR_PARTY:
        case ACTOR_FOLLOWER: return BEGUN_ONLINE;
        case ACTOR_WINDOW:
        case ACTOR_COLLABORATOR: where = BEGUN_WINDOW; break;
        case ACTOR_COURT:
        case ACTOR_PROVINCE:
        case ACTOR_NATION:
        case ACTOR_UPPER:
        case ACTOR_SYSTEM:
        case ACTOR_EFFECT: break;
        }
    }
    return where;
}

struct value *page_procedures(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_begin(call, value, STR("能办哪些事"), false);
    const struct value *procedures = value_get(value, "procedures");
    struct value *online = value_list(arena);
    struct value *window = value_list(arena);
    struct value *court = value_list(arena);
    for (uint32_t i = 0; i < value_count(procedures); i++) {
        const struct value *row = value_item(procedures, i);
        const struct procedure *p =
            procedure_find(call->app->house.procedures, value_get_str(row, "name"), 0);
        enum begun begun = p == NULL ? BEGUN_COURT : where_begun(p);
        struct value *group = begun == BEGUN_ONLINE   ? online
                              : begun == BEGUN_WINDOW ? window
                                                      : court;
        value_add(arena, group, value_merge(arena, row, NULL));
    }
    value_set(arena, view, "online", online);
    value_set(arena, view, "window", window);
    value_set(arena, view, "court", court);
    return view;
}

static Str actor_words(struct arena *arena, const struct procedure *p,
                       const struct actor_rule *rule)
{
    switch (rule->kind) {
    case ACTOR_PERSON: return STR("当事人");
    case ACTOR_LAWYER: return STR("律师");
    case ACTOR_PARTY: return str_of(procedure_role_title(p, str_of(rule->name), NULL));
    case ACTOR_COURT: return str_of(post_title(str_of(rule->name)));
    case ACTOR_COLLABORATOR: return STR("协作法院窗口");
    case ACTOR_PROVINCE: return STR("高级法院监督人员");
    case ACTOR_NATION: return STR("最高法院监督人员");
    case ACTOR_WINDOW: return STR("诉讼服务窗口");
    case ACTOR_SYSTEM: return STR("系统");
    case ACTOR_UPPER: return STR("上级法院监督");
    case ACTOR_FOLLOWER: return STR("持查询码的人");
    case ACTOR_EFFECT: break;
    }
    (void)arena;
    return STR("");
}

static Str joined(struct arena *arena, Str a, Str b)
{
    return a.n == 0 ? b : (b.n == 0 ? a : str_printf(arena, "%s、%s", a.p, b.p));
}

static struct value *act_words(struct arena *arena, const struct procedure *p,
                               const struct act *act)
{
    struct value *row = value_map(arena);
    Str by = STR("");
    Str from = STR("");
    for (uint32_t i = 0; i < act->by_count; i++) {
        by = joined(arena, by, actor_words(arena, p, &act->by[i]));
    }
    for (uint32_t i = 0; i < p->state_count; i++) {
        if ((act->from & (UINT32_C(1) << i)) != 0) {
            from = joined(arena, from, str_of(p->states[i].title));
        }
    }
    value_set_text(arena, row, "title", act->title);
    value_set_str(arena, row, "by_title", by);
    value_set_str(arena, row, "from_title", from);
    value_set_text(arena, row, "to_title", act->to < 0 ? "不变" : p->states[act->to].title);
    return row;
}

static struct value *clock_words(struct arena *arena, const struct clock_rule *clock)
{
    struct value *row = value_map(arena);
    Str limit = str_printf(arena, "%" PRId64 "%s", clock->limit.length,
                           period_unit_title(clock->limit.unit));
    value_set_text(arena, row, "title", clock->title);
    value_set_str(arena, row, "limit_title",
                  clock->limit_from == NULL ? limit
                                            : str_printf(arena, "由法院定，最长%s", limit.p));
    value_set_str(arena, row, "law_title", source_title(arena, str_of(clock->law)));
    return row;
}

struct value *page_procedure(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_begin(call, value, value_get_str(value, "title"), false);
    const struct procedure *p =
        procedure_find(call->app->house.procedures, value_get_str(value, "name"),
                       (int)value_get_int(value, "version"));
    struct value *acts = value_list(arena);
    struct value *clocks = value_list(arena);
    for (uint32_t i = 0; p != NULL && i < p->act_count; i++) {
        value_add(arena, acts, act_words(arena, p, &p->acts[i]));
    }
    for (uint32_t i = 0; p != NULL && i < p->clock_count; i++) {
        value_add(arena, clocks, clock_words(arena, &p->clocks[i]));
    }
    value_set(arena, view, "acts", acts);
    value_set(arena, view, "clocks", clocks);
    value_set_bool(arena, view, "has_clocks", clocks->count > 0);
    value_set_bool(arena, view, "may_begin", p != NULL && where_begun(p) != BEGUN_COURT);
    return view;
}

/* --- causes --- */

static struct value *cause_path(struct arena *arena, const struct law_tables *tables, Str code)
{
    struct value *turned = value_list(arena);
    struct value *list = value_list(arena);
    const struct cause *cause = cause_by_code(tables, code);
    while (cause != NULL && turned->count < 8) {
        struct value *row = value_map(arena);
        value_set_str(arena, row, "code", cause->code);
        value_set_str(arena, row, "title", cause->name);
        value_add(arena, turned, row);
        cause = cause->parent < 0 ? NULL : &tables->causes[cause->parent];
    }
    for (uint32_t i = turned->count; i > 0; i--) {
        value_add(arena, list, turned->as.items[i - 1]);
    }
    return list;
}

static int64_t causes_below(const struct law_tables *tables, const struct cause *cause)
{
    int64_t count = 0;
    for (int i = 0; i < tables->cause_count; i++) {
        count +=
            tables->causes[i].parent >= 0 && &tables->causes[tables->causes[i].parent] == cause;
    }
    return count;
}

struct value *page_causes(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    const struct law_tables *tables = page_tables(call);
    struct value *view = page_begin(call, value, STR("案由"), false);
    const struct value *causes = value_get(value, "causes");
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(causes); i++) {
        struct value *row = value_merge(arena, value_item(causes, i), NULL);
        const struct cause *cause = cause_by_code(tables, value_get_str(row, "code"));
        value_set_int(arena, row, "below", cause == NULL ? 0 : causes_below(tables, cause));
        value_set_bool(arena, row, "element_form", value_get_str(row, "form").n > 0);
        value_add(arena, list, row);
    }
    value_set(arena, view, "causes", list);
    value_set_str(arena, view, "q", call_param(call, "q"));
    value_set(arena, view, "path", cause_path(arena, tables, call_param(call, "parent")));
    return view;
}

/* --- divisions --- */

struct value *page_divisions(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    const struct law_tables *tables = page_tables(call);
    struct value *view = page_begin(call, value, STR("地区"), false);
    const struct value *divisions = value_get(value, "divisions");
    struct value *list = value_list(arena);
    struct value *turned = value_list(arena);
    struct value *path = value_list(arena);
    for (uint32_t i = 0; i < value_count(divisions); i++) {
        struct value *row = value_merge(arena, value_item(divisions, i), NULL);
        value_set_bool(arena, row, "below", value_get_int(row, "level") < 3);
        value_add(arena, list, row);
    }
    const struct division *at = division_by_code(tables, call_param(call, "parent"));
    while (at != NULL && turned->count < 4) {
        struct value *row = value_map(arena);
        value_set_str(arena, row, "code", at->code);
        value_set_str(arena, row, "title", at->name);
        value_add(arena, turned, row);
        at = at->parent < 0 ? NULL : &tables->divisions[at->parent];
    }
    for (uint32_t i = turned->count; i > 0; i--) {
        value_add(arena, path, turned->as.items[i - 1]);
    }
    value_set(arena, view, "divisions", list);
    value_set(arena, view, "path", path);
    value_set_str(arena, view, "q", call_param(call, "q"));
    return view;
}

struct value *page_checkpoint(struct call *call, const struct value *value)
{
    return page_begin(call, value, STR("存证日志"), true);
}

/* --- courts --- */

/* What is begun, or for which draft, once a court is chosen. */
static struct value *begin_show(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct procedure *p =
        procedure_find(call->app->house.procedures, call_param(call, "for"), 0);
    int64_t matter = 0;
    if (p == NULL) {
        return NULL;
    }
    struct value *view = value_map(arena);
    value_set_text(arena, view, "name", p->name);
    value_set_text(arena, view, "title", p->title);
    value_set(arena, view, "matter",
              str_int(call_param(call, "matter"), &matter) && matter > 0
                  ? value_str(arena, str_printf(arena, "%" PRId64, matter))
                  : NULL);
    return view;
}

static bool takes(const struct procedure *p, const struct court *court)
{
    enum court_level level = court->level == COURT_TRIBUNAL ? COURT_BASIC : court->level;
    return where_begun(p) != BEGUN_COURT &&
           (p->begin_levels == 0 || (p->begin_levels & (UINT32_C(1) << level)) != 0);
}

/* Choosing where to hand over, only those are shown that may receive; everywhere, when they open.
 */
static struct value *courts_show(struct call *call, const struct value *courts)
{
    struct arena *arena = call->cx->arena;
    const struct procedure *p =
        procedure_find(call->app->house.procedures, call_param(call, "for"), 0);
    bool hands_over = p != NULL && p->rung_count > 0 && call->actor.post.n > 0;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(courts); i++) {
        struct value *row = value_merge(arena, value_item(courts, i), NULL);
        if (hands_over && !reach_check(page_tables(call), call->actor.court,
                                       value_get_str(row, "code"), REACH_ANY, NULL)) {
            continue;
        }
        value_set_str(arena, row, "open_title",
                      handover_open_words(arena, value_get(row, "hours"), clock_now()));
        value_set_bool(arena, row, "is_open", value_get_bool(value_get(row, "hours"), "open"));
        value_add(arena, list, row);
    }
    return list;
}

struct value *page_courts(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *begin = begin_show(call);
    struct value *view =
        page_begin(call, value, begin == NULL ? STR("找法院") : STR("选择法院"), false);
    struct value *levels = value_list(arena);
    for (int i = COURT_SUPREME; i <= COURT_TRIBUNAL; i++) {
        const char *name = court_level_name((enum court_level)i);
        struct value *row = value_map(arena);
        value_set_text(arena, row, "value", name);
        value_set_text(arena, row, "title", name);
        value_set_bool(arena, row, "checked", str_is(call_param(call, "level"), name));
        value_add(arena, levels, row);
    }
    Str next = value_get_str(value, "next");
    if (next.n > 0 && begin != NULL) {
        Str matter = value_get_str(begin, "matter");
        value_set_str(arena, view, "next",
                      str_printf(arena, "%s&for=%s%s%s", next.p,
                                 text_percent_encode(arena, value_get_str(begin, "name")).p,
                                 matter.n == 0 ? "" : "&matter=", matter.p));
    }
    value_set(arena, view, "courts", courts_show(call, value_get(value, "courts")));
    value_set_str(arena, view, "q", call_param(call, "q"));
    value_set(arena, view, "levels", levels);
    value_set(arena, view, "begin", begin);
    return view;
}

static struct value *doors_show(struct call *call, const struct court *court)
{
    struct arena *arena = call->cx->arena;
    const struct procedures *all = call->app->house.procedures;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < procedures_count(all); i++) {
        const struct procedure *p = procedures_at(all, i);
        if (p != procedure_find(all, str_of(p->name), 0) || !takes(p, court)) {
            continue;
        }
        struct value *row = value_map(arena);
        value_set_text(arena, row, "title", p->title);
        value_set_str(arena, row, "href",
                      str_printf(arena, "/begin/%s?court=%s", p->name,
                                 text_percent_encode(arena, court->code).p));
        value_add(arena, list, row);
    }
    return list;
}

static struct value *courts_below(struct arena *arena, const struct law_tables *tables, Str code)
{
    enum { BELOW_MAX = 200 };

    int *found = arena_array(arena, int, BELOW_MAX);
    int count = court_search(tables, STR(""), -1, code, 0, found, BELOW_MAX);
    struct value *list = value_list(arena);
    for (int i = 0; i < count; i++) {
        struct value *row = value_map(arena);
        value_set_str(arena, row, "code", tables->courts[found[i]].code);
        value_set_str(arena, row, "name", tables->courts[found[i]].name);
        value_add(arena, list, row);
    }
    return list;
}

/* The number that the court shows to everybody. */
static void set_phone(struct call *call, const struct court *court, struct value *view)
{
    struct value *contact = NULL;
    if (contact_view_of(call, court->code, &contact) != OK) {
        page_lacks(call, "court");
        return;
    }
    bool shown = call->actor.post.n == 0 || value_get_bool(contact, "phone_public");
    value_set(call->cx->arena, view, "phone", shown ? value_get(contact, "office_phone") : NULL);
}

struct value *page_court(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    const struct law_tables *tables = page_tables(call);
    struct value *view = page_begin(call, value, value_get_str(value, "name"), false);
    const struct court *court = court_by_code(tables, value_get_str(value, "code"));
    if (court == NULL) {
        return view;
    }
    const struct court *parent = court_parent(tables, court);
    struct value *below = courts_below(arena, tables, court->code);
    value_set(arena, view, "parent_name", parent == NULL ? NULL : value_str(arena, parent->name));
    value_set(arena, view, "doors", doors_show(call, court));
    value_set(arena, view, "below", below);
    value_set_bool(arena, view, "has_below", below->count > 0);
    value_set_bool(arena, view, "uncoded", !court->published);
    set_phone(call, court, view);
    return view;
}
