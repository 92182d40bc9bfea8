/* A matter after it was submitted, as the people in it see it; its values and its history. */
#include <inttypes.h>

#include "base/json.h"
#include "base/log.h"
#include "flow/authority.h"
#include "flow/evidence.h"
#include "flow/values.h"
#include "web/answer_due.h"
#include "web/page_alignment.h"
#include "web/page_desk.h"
#include "web/page_handover.h"
#include "web/page_parts.h"
#include "web/page_views.h"
#include "web/page_words.h"

enum { STORY_EVENTS = 6 };

void page_lacks(struct call *call, const char *page)
{
    log_failure(call->cx, page);
    cx_forgive(call->cx);
}

/* --- lists on the page --- */

static struct value *material_groups(struct call *call, const struct seen *seen)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = seen->matter;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < m->material_count; i++) {
        struct value *group = NULL;
        const char *title = material_title(seen->procedure, m->materials[i].kind);
        if (m->materials[i].removed != 0 ||
            !authority_gets(&call->actor, m, seen->procedure, m->materials[i].kind,
                            page_tables(call))) {
            continue;
        }
        for (uint32_t k = 0; k < list->count; k++) {
            if (str_is(value_get_str(list->as.items[k], "title"), title)) {
                group = list->as.items[k];
            }
        }
        if (group == NULL) {
            group = value_map(arena);
            value_set_text(arena, group, "title", title);
            value_set_str(
                arena, group, "href",
                str_printf(arena, "/matters/%" PRId64 "%s", m->id,
                           str_is(m->materials[i].kind, EVIDENCE_KIND) ? "/evidence" : "/papers"));
            value_add(arena, list, group);
        }
        value_set_int(arena, group, "count", value_get_int(group, "count") + 1);
    }
    return list;
}

static const char *rel_title(Str rel)
{
    static const struct {
        const char *rel;
        const char *title;
    } titles[] = {{"opened", "立案后的案件"},   {"opened-by", "立案申请"},
                  {"about", "所办的案件"},      {"request", "跨域申请"},
                  {"within", "有关的执行案件"}, {"raised", "提出的申请、异议"}};

    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (str_is(rel, titles[i].rel)) {
            return titles[i].title;
        }
    }
    return "";
}

struct value *page_links_show(struct call *call, const struct seen *seen, const struct value *links)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = seen->matter;
    struct value *list = value_list(arena);
    uint32_t shown = 0;
    for (uint32_t i = 0; i < m->link_count && shown < value_count(links); i++) {
        if (!link_is_shown(call->cx, &call->app->house, &m->links[i], &call->actor)) {
            continue;
        }
        struct value *row = value_merge(arena, value_item(links, shown), NULL);
        shown++;
        /* A complaint or a call-back is about a request, a request about a case. */
        bool of_request = str_is(m->links[i].rel, "about") && !seen->procedure->collaborated;
        value_set_text(arena, row, "rel_title",
                       of_request ? "有关的事项" : rel_title(m->links[i].rel));
        value_set_str(arena, row, "tone",
                      state_tone(call->app, m->links[i].procedure, m->links[i].state));
        value_add(arena, list, row);
    }
    return list;
}

/* No clock runs for a defendant's answer, nor for the fee of a filing: the notice names the last
 * day. */
static struct value *clocks_and_days(struct call *call, const struct seen *seen)
{
    struct arena *arena = call->cx->arena;
    struct value *list = clocks_show(call, seen);
    answer_due_add(call, seen, list);
    const struct matter *m = seen->matter;
    Str half = STR("");
    bool due = false;
    for (uint32_t i = 0; i < m->ledger_count; i++) {
        due = str_ends(m->ledger[i].kind, "-due");
    }
    Date day = due ? notice_fee_due(call, m, &half) : DATE_NONE;
    if (day != DATE_NONE && clock_now() <= date_end(day)) {
        struct value *row = value_map(arena);
        value_set_text(arena, row, "title", "交费期限");
        value_set_str(arena, row, "due", instant_format(arena, date_end(day)));
        value_set_bool(arena, row, "running", true);
        value_set_bool(arena, row, "overdue", false);
        value_set_bool(arena, row, "by_minute", false);
        value_set_str(arena, row, "left_title", left_words(arena, date_end(day), clock_now()));
        value_set(arena, row, "note", NULL);
        value_set(arena, row, "working", value_list(arena));
        value_set_bool(arena, row, "has_working", false);
        value_set(arena, row, "version", NULL);
        value_add(arena, list, row);
    }
    return list;
}

static struct value *ledger_show(struct call *call, const struct matter *m)
{
    struct cx *cx = call->cx;
    struct arena *arena = cx->arena;
    struct value *list = value_list(arena);
    bool later = str_starts(m->procedure, "enforcement"); /* the debtor pays it in the end */
    for (uint32_t i = 0; i < m->ledger_count; i++) {
        const struct ledger_row *entry = &m->ledger[i];
        struct value *row = value_map(arena);
        struct value *working = NULL;
        bool due = str_ends(entry->kind, "-due");
        bool none = str_is(entry->kind, "no-fee");
        bool back = str_ends(entry->kind, "-back");
        const char *title = str_is(entry->kind, "acceptance-fee-more-due") ? "补交案件受理费"
                            : str_starts(entry->kind, "acceptance-fee")    ? "案件受理费"
                            : str_starts(entry->kind, "enforcement-fee")   ? "申请执行费"
                            : none && later                                ? "申请执行费"
                            : none                                         ? "案件受理费"
                            : str_starts(entry->kind, "copy-fee")          ? "复制工本费"
                                                                           : "费用";
        value_set_text(arena, row, "title", title);
        value_set_int(arena, row, "amount", entry->amount);
        value_set_bool(arena, row, "some", !none);
        value_set_text(arena, row, "state_title",
                       none   ? later ? "现在不用交" : "不用交"
                       : back ? "应退"
                       : due  ? "应交"
                              : "已入账");
        value_set_text(arena, row, "tone", none || back ? "plain" : due ? "ask" : "good");
        value_set(arena, row, "href", NULL);
        if (json_row_read(cx, entry->working, &working) != OK) {
            cx_forgive(cx);
        }
        value_set(arena, row, "working", working_show(arena, working));
        value_set_bool(arena, row, "has_working", value_count(working) > 0);
        value_set(arena, row, "version", NULL);
        value_add(arena, list, row);
    }
    return list;
}

/* Acts that the first card does not offer already. */
static struct value *other_acts(struct call *call, const struct seen *seen,
                                const struct value *acts, const struct value *first)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    const struct value *taken = value_get(first, "actions");
    for (uint32_t i = 0; i < value_count(acts); i++) {
        Str name = value_get_str(value_item(acts, i), "name");
        const struct act *act = procedure_act(seen->procedure, name);
        Str end = str_printf(arena, "/acts/%s", name.p);
        bool there = act == NULL;
        for (uint32_t k = 0; k < value_count(taken); k++) {
            there = there || str_ends(value_get_str(value_item(taken, k), "href"), end.p);
        }
        if (!there) {
            struct value *row = value_map(arena);
            value_set_str(arena, row, "name", name);
            value_set_str(arena, row, "title", act_link_title(call, seen, act));
            value_add(arena, list, row);
        }
    }
    return list;
}

/* --- what is to be corrected --- */

void page_set_todo(struct call *call, const struct seen *seen, const struct value *acts,
                   struct value *view)
{
    struct arena *arena = call->cx->arena;
    const struct value *words = guidance_of(call->app->guidance, str_of(seen->procedure->name));
    const struct value *todo =
        value_get(value_get_key(value_get(words, "states"), seen->matter->state), "todo");
    Str path = value_get_str(todo, "list");
    const struct value *items = path.n == 0 ? NULL : value_at(seen->clear, path.p);
    Str act = value_get_str(todo, "act");
    bool open = false;
    for (uint32_t i = 0; i < value_count(acts); i++) {
        open = open || str_same(value_get_str(value_item(acts, i), "name"), act);
    }
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(items); i++) {
        const struct value *item = value_item(items, i);
        Str what = value_get_str(item, value_get_str(todo, "item").p);
        Str text = value_get_str(item, value_get_str(todo, "text").p);
        const struct field *field =
            field_find(seen->procedure->elements, seen->procedure->element_count, what);
        const char *kind = str_starts(what, "materials.")
                               ? material_title(seen->procedure, str_slice(arena, what, 10, what.n))
                               : (field == NULL ? "" : field->title);
        struct value *row = value_map(arena);
        value_set_str(arena, row, "title", str_printf(arena, "%s：%s", kind, text.p));
        value_set_text(arena, row, "state_title", "待补正");
        value_set_bool(arena, row, "done", false);
        value_set(arena, row, "href",
                  open ? value_str(arena, str_printf(arena, "/matters/%" PRId64 "/acts/%s#f-%s",
                                                     seen->matter->id, act.p, what.p))
                       : NULL);
        value_add(arena, list, row);
    }
    value_set(arena, view, "todo_title", value_get(todo, "title"));
    value_set(arena, view, "todo", list);
    value_set_bool(arena, view, "has_todo", list->count > 0);
}

/* --- the hearing --- */

/* NULL: none is fixed. */
static struct value *hearing_show(struct call *call, const struct seen *seen)
{
    struct arena *arena = call->cx->arena;
    const struct value *hearing = value_get(seen->clear, "hearing");
    const struct field *element =
        field_find(seen->procedure->elements, seen->procedure->element_count, STR("hearing"));
    if (element == NULL || value_count(hearing) == 0) {
        return NULL;
    }
    static const char *const names[] = {"mode",  "place",   "public", "bench",
                                        "judge", "members", "clerk"};
    struct words words = {.arena = arena, .tables = page_tables(call), .matter = seen->matter};
    struct value *view = value_map(arena);
    struct value *facts = value_list(arena);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct field *field =
            field_find(element->fields, element->field_count, str_of(names[i]));
        const struct value *said = value_get(hearing, names[i]);
        if (field != NULL && said != NULL) {
            struct value *fact = value_map(arena);
            value_set_text(arena, fact, "title", field->title);
            value_set_str(arena, fact, "text",
                          field->type == FIELD_LIST ? words_note(&words, field, said)
                                                    : words_of(&words, field, said));
            value_add(arena, facts, fact);
        }
    }
    value_set(arena, view, "at", value_get(hearing, "at"));
    value_set(arena, view, "facts", facts);
    value_set_int(arena, view, "changed", value_count(value_get(seen->clear, "hearings")));
    return view;
}

/* --- the page --- */

static bool may_attach(struct call *call, const struct seen *seen)
{
    for (uint32_t i = 0; i < seen->procedure->act_count; i++) {
        struct act_form form;
        const struct act *act = &seen->procedure->acts[i];
        if (act->material_count > 0 && act_form_open(call, seen, str_of(act->name), &form)) {
            return true;
        }
    }
    return false;
}

struct value *page_matter(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_begin(call, value, value_get_str(value, "title"), false);
    const struct seen *seen = NULL;
    struct value *events = NULL;
    bool more = false;
    const struct value *acts = value_get(value, "acts");
    if (page_seen(call, &seen) != OK ||
        story_latest(call, seen, STORY_EVENTS, &events, &more) != OK) {
        page_lacks(call, "matter");
        return view;
    }
    const struct matter *m = seen->matter;
    struct value *first = first_show(call, seen, acts, false);
    struct value *others = other_acts(call, seen, acts, first);
    struct value *ledger = ledger_show(call, m);
    value_set_str(arena, view, "tone",
                  state_tone(call->app, str_of(seen->procedure->name), m->state));
    value_set_text(arena, view, "procedure_title", seen->procedure->title);
    value_set(arena, view, "first", first);
    page_set_todo(call, seen, acts, view);
    handover_matter_set(call, seen, value, view);
    clocks_set(arena, clocks_and_days(call, seen), view);
    value_set(arena, view, "events", events);
    value_set_bool(arena, view, "more_events", more || m->events > 0);
    value_set(arena, view, "material_groups", material_groups(call, seen));
    value_set_bool(arena, view, "may_attach", may_attach(call, seen));
    value_set(arena, view, "links", page_links_show(call, seen, value_get(value, "links")));
    value_set_bool(arena, view, "has_links", value_count(value_get(value, "links")) > 0);
    value_set(arena, view, "ledger", ledger);
    value_set_bool(arena, view, "has_ledger", ledger->count > 0);
    value_set(arena, view, "acts", others);
    value_set_bool(arena, view, "has_acts", others->count > 0);
    value_set(arena, view, "errors", NULL);
    page_set_exchange(call, seen, view);
    value_set(arena, view, "hearing", hearing_show(call, seen));
    value_set(arena, view, "alignment", alignment_card(call, seen));
    value_set_str(arena, view, "summary_href",
                  str_printf(arena, "/matters/%" PRId64 "?show=values", m->id));
    page_done_message(call, view);
    return view;
}

/* --- values --- */

static bool is_of_party(const struct act *act)
{
    for (uint32_t i = 0; i < act->by_count; i++) {
        enum actor_kind kind = act->by[i].kind;
        if (kind == ACTOR_PARTY || kind == ACTOR_PERSON || kind == ACTOR_LAWYER) {
            return true;
        }
    }
    return false;
}

/* People read what people wrote; the court reads everything. */
static bool is_shown(const struct seen *seen, const struct field *field, bool staff)
{
    for (uint32_t i = 0; i < seen->procedure->act_count && !staff; i++) {
        const struct act *act = &seen->procedure->acts[i];
        for (uint32_t k = 0; is_of_party(act) && k < act->form_count; k++) {
            if (text_is(act->form[k]->name, field->name)) {
                return true;
            }
        }
    }
    return staff;
}

struct value *page_summary_of(struct call *call, const struct seen *seen, const struct value *marks)
{
    struct arena *arena = call->cx->arena;
    const struct procedure *p = seen->procedure;
    bool staff = call->actor.post.n > 0;
    struct words words = {
        .arena = arena, .tables = page_tables(call), .marks = marks, .matter = seen->matter};
    const struct field **fields = arena_array(arena, const struct field *, p->element_count);
    struct field *called = arena_array(arena, struct field, p->element_count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->element_count; i++) {
        if (is_shown(seen, &p->elements[i], staff)) {
            called[i] = form_field_called(arena, p, seen->clear, &p->elements[i]);
            fields[count++] = &called[i];
        }
    }
    const struct value *values = authority_sees_whole(&call->actor, seen->matter)
                                     ? seen->clear
                                     : values_mask(call->cx, p, seen->clear);
    return words_summary(&words, fields, count, values);
}

struct value *page_summary(struct call *call, const struct value *value)
{
    struct value *view = page_begin(call, value, STR("提交的内容"), true);
    const struct seen *seen = NULL;
    if (page_seen(call, &seen) != OK) {
        page_lacks(call, "summary");
        return view;
    }
    value_set(call->cx->arena, view, "summary", page_summary_of(call, seen, NULL));
    value_set(call->cx->arena, view, "errors", NULL);
    return view;
}

/* --- history --- */

struct value *page_events(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_begin(call, value, STR("全部经过"), false);
    const struct seen *seen = NULL;
    if (page_seen(call, &seen) != OK) {
        page_lacks(call, "events");
        return view;
    }
    value_set_str(arena, view, "id", str_printf(arena, "%" PRId64, seen->matter->id));
    value_set_str(arena, view, "matter_title", seen->matter->title);
    value_set(arena, view, "events", story_show(call, seen, value_get(value, "events"), false));
    value_set(arena, view, "matter", NULL);
    return view;
}

/* --- what was done a moment ago, elsewhere --- */

struct done_look {
    struct call *call;
    Id id;
    struct seen seen;
    Str title;
};

static enum status done_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct done_look *look = arg;
    struct rows rows = {0};
    TRY(matter_see(cx, &look->call->app->house, sql, &look->call->actor, look->id, &look->seen));
    TRY(sql_query(cx, sql, SQL("SELECT act FROM event WHERE matter = ?1 ORDER BY n DESC LIMIT 1"),
                  ARGS(SQL_I(look->id)), &rows));
    look->title = rows.count == 0 ? STR("") : row_str(&rows, 0, 0);
    return OK;
}

void page_done_message(struct call *call, struct value *view)
{
    struct cx *cx = call->cx;
    struct done_look look = {.call = call};
    struct value *message = value_map(cx->arena);
    if (str_is(call_param(call, "done"), "deleted")) {
        value_set_text(cx->arena, message, "title", "草稿已删除");
        value_set_text(cx->arena, message, "tone", "good");
        value_set(cx->arena, view, "message", message);
        return;
    }
    if (!str_int(call_param(call, "done"), &look.id)) {
        return;
    }
    if (store_read(cx, call->app->house.store, done_read, &look) != OK) {
        cx_forgive(cx); /* an address somebody made up */
        return;
    }
    const struct matter *m = look.seen.matter;
    const struct value *words = guidance_of(call->app->guidance, str_of(look.seen.procedure->name));
    const struct act *act = procedure_act(look.seen.procedure, look.title);
    const struct value *said = value_get_key(value_get(words, "acts"), look.title);
    Str title = value_get_str(said, "done");
    title = title.n > 0 ? title : str_of(act == NULL ? "已办理" : act->title);
    value_set_str(cx->arena, message, "title",
                  m->case_number.n == 0
                      ? title
                      : str_printf(cx->arena, "%s，案号%s", title.p, m->case_number.p));
    value_set_str(cx->arena, message, "detail", m->title);
    value_set_str(cx->arena, message, "href", str_printf(cx->arena, "/matters/%" PRId64, m->id));
    value_set_text(cx->arena, message, "tone", "good");
    value_set(cx->arena, view, "message", message);
}

const struct page_extra pages_matter[] = {
    {"home", page_home},
    {"list", page_list},
    {"tasks", page_tasks},
    {"group", page_group},
    {"materials", page_materials},
    {"check", page_check},
    {"act", page_act},
    {"matter", page_matter},
    {"summary", page_summary},
    {"review", page_review},
    {"events", page_events},
    {"begin", page_begin_one},
    {"conflict", page_conflict},
    {"problem", page_problem},
    {"not-found", page_not_found},
    {"procedures", page_procedures},
    {"procedure", page_procedure},
    {"causes", page_causes},
    {"courts", page_courts},
    {"court", page_court},
    {"divisions", page_divisions},
    {"checkpoint", page_checkpoint},
    {NULL, NULL},
};
