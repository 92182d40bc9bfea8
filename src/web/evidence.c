/* HOW IT WORKS. The order is a value of the matter (flow/evidence.h), typed into a draft or towards
 * an act like any other. A change says which order it saw ("seen"): on another one it is refused,
 * so that two devices never mix two orders. Without scripts each button changes the order by one
 * step; pages/zh/evidence.html is one form with all texts in it, so that nothing typed is lost. */
#include "web/evidence.h"

#include <inttypes.h>

#include "base/check.h"
#include "base/json.h"
#include "web/again.h"
#include "web/edit.h"
#include "web/handlers.h"
#include "web/keep.h"

enum { LIST_BYTES_MAX = 1 << 20, DIGEST_LENGTH = 16 };

#define STRAIGHTEN "straighten" /* the step that looks at the pictures themselves */

static Str evidence_path(struct call *call, Id matter)
{
    return str_printf(call->cx->arena, "/matters/%" PRId64 "/evidence", matter);
}

/* --- looking --- */

static bool act_arranges(const struct act_form *form)
{
    for (uint32_t i = 0; i < form->form.field_count; i++) {
        if (form->form.fields[i].arranges[0] != '\0') {
            return true;
        }
    }
    return false;
}

/* What this caller last said, where he may say it; else what stands. */
static const struct value *list_find(struct call *call, struct evidence_look *look)
{
    const struct procedure *p = look->seen->procedure;
    for (uint32_t i = 0; i < p->act_count; i++) {
        struct act_form form;
        if (act_form_open(call, look->seen, str_of(p->acts[i].name), &form) &&
            act_arranges(&form)) {
            look->act = &p->acts[i];
            return value_get(form.values, EVIDENCE_LIST);
        }
    }
    return value_get(look->seen->clear, EVIDENCE_LIST);
}

static void digest_set(struct arena *arena, struct evidence_look *look)
{
    Str whole = values_digest(arena, evidence_value(arena, &look->evidence));
    look->digest = str_slice(arena, whole, 0, DIGEST_LENGTH);
}

enum status evidence_look(struct call *call, struct evidence_look *out)
{
    struct cx *cx = call->cx;
    *out = (struct evidence_look){.act = NULL};
    TRY(page_seen(call, &out->seen));
    evidence_read(cx->arena, list_find(call, out), out->seen->matter, &out->evidence);
    digest_set(cx->arena, out);
    return OK;
}

Str evidence_note(struct arena *arena, const struct value *list, const struct matter *matter)
{
    struct evidence e;
    evidence_read(arena, list, matter, &e);
    return e.total == 0 ? str_printf(arena, "%u项", e.item_count)
                        : str_printf(arena, "%u项，共%u页", e.item_count, e.total);
}

/* --- where the pages came from --- */

static const struct material *file_of(const struct evidence_look *look, int64_t n)
{
    const struct matter *m = look->seen->matter;
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (m->materials[i].n == n) {
            return &m->materials[i];
        }
    }
    return NULL;
}

static enum status list_read(struct call *call, const struct material *m, const struct value **out)
{
    struct cx *cx = call->cx;
    struct value *list = NULL;
    int64_t size = 0;
    Str text = {0};
    TRY(blob_size(cx, call->app->blobs, m->pages_sm3.b, &size));
    if (size < 0 || size > LIST_BYTES_MAX) {
        return FAIL(cx, E_BUG, "bug", "a list of pages of %" PRId64 " bytes", size);
    }
    TRY(blob_whole(cx, call->app->blobs, m->pages_sm3.b, size, &text));
    TRY(json_read(cx, text, &list));
    *out = value_get(list, "pages");
    return OK;
}

static void source_set(struct evidence_source *source, const struct material *m,
                       const struct value *page)
{
    *source = (struct evidence_source){.name = m->name, .sm3 = m->sm3, .size = m->size};
    if (page != NULL) {
        source->name = value_get_str(page, "name");
        source->size = value_get_int(page, "size");
        source->rotate_deg = (int)value_get_int(page, "rotate");
        (void)hash_unhex(value_get_str(page, "sm3"), &source->sm3);
    }
}

static void same_find(struct evidence_look *look)
{
    const struct evidence *e = &look->evidence;
    for (uint32_t i = 0; i < e->page_count; i++) {
        for (uint32_t k = 0; k < i && look->same[i] == NULL; k++) {
            if (look->sources[i].sheet == look->sources[k].sheet &&
                hash_same(look->sources[i].sm3, look->sources[k].sm3)) {
                look->same[i] = &e->pages[k];
            }
        }
    }
}

enum status evidence_sources(struct call *call, struct evidence_look *look)
{
    struct cx *cx = call->cx;
    const struct evidence *e = &look->evidence;
    const struct matter *matter = look->seen->matter;
    const struct value **lists =
        arena_array(cx->arena, const struct value *, matter->material_count);
    look->sources = arena_array(cx->arena, struct evidence_source, e->page_count);
    look->same = arena_array(cx->arena, const struct evidence_page *, e->page_count);
    for (uint32_t i = 0; i < e->page_count; i++) {
        const struct material *m = file_of(look, e->pages[i].material);
        check(m != NULL);
        const struct value **list = &lists[m - matter->materials];
        if (material_is_joined(m) && *list == NULL) {
            TRY(list_read(call, m, list));
        }
        source_set(&look->sources[i], m,
                   e->pages[i].page == 0 ? NULL : value_item(*list, e->pages[i].page - 1));
        look->sources[i].sheet = m->pages > 0 && *list == NULL ? e->pages[i].page : 0;
    }
    same_find(look);
    return OK;
}

/* --- as the API shows it --- */

static struct value *page_value(struct arena *arena, const struct evidence_look *look, uint32_t i,
                                uint32_t first)
{
    const struct evidence_page *page = &look->evidence.pages[i];
    const struct evidence_source *source = &look->sources[i];
    struct value *view = value_map(arena);
    value_set_int(arena, view, "material", page->material);
    value_set_int(arena, view, "page", page->page);
    value_set_int(arena, view, "turn", page->turn);
    value_set_int(arena, view, "tilt", page->tilt_cdeg);
    value_set(arena, view, "number", page->number == 0 ? NULL : value_int(arena, page->number));
    value_set(arena, view, "in_item",
              page->number == 0 ? NULL : value_int(arena, (int64_t)page->number - first + 1));
    value_set_str(arena, view, "name", source->name);
    value_set_str(arena, view, "sm3", hash_hex(arena, source->sm3));
    if (look->same[i] != NULL) {
        struct value *same = value_map(arena);
        value_set_int(arena, same, "material", look->same[i]->material);
        value_set_int(arena, same, "page", look->same[i]->page);
        value_set(arena, same, "number",
                  look->same[i]->number == 0 ? NULL : value_int(arena, look->same[i]->number));
        value_set(arena, view, "same_as", same);
    }
    return view;
}

static struct value *pages_value(struct arena *arena, const struct evidence_look *look,
                                 uint32_t from, uint32_t count, uint32_t number)
{
    struct value *list = value_list(arena);
    for (uint32_t i = from; i < from + count; i++) {
        value_add(arena, list, page_value(arena, look, i, number));
    }
    return list;
}

struct value *evidence_view(struct cx *cx, const struct evidence_look *look)
{
    struct arena *arena = cx->arena;
    const struct evidence *e = &look->evidence;
    struct value *view = value_map(arena);
    struct value *items = value_list(arena);
    for (uint32_t i = 0; i < e->item_count; i++) {
        const struct evidence_item *item = &e->items[i];
        struct value *one = value_map(arena);
        value_set_int(arena, one, "n", i + 1);
        value_set_str(arena, one, "name", item->name);
        value_set_str(arena, one, "purpose", item->purpose);
        value_set_str(arena, one, "source", item->source);
        value_set_str(arena, one, "form", item->form);
        value_set_text(arena, one, "form_title", evidence_form_title(item->form));
        value_set(arena, one, "from", item->from == 0 ? NULL : value_int(arena, item->from));
        value_set(arena, one, "to", item->to == 0 ? NULL : value_int(arena, item->to));
        value_set_int(arena, one, "count", item->count);
        value_set_str(arena, one, "pages_title", evidence_pages_text(arena, e, item));
        value_set(arena, one, "pages",
                  pages_value(arena, look, item->first, item->count, item->from));
        value_add(arena, items, one);
    }
    value_set(arena, view, "items", items);
    value_set(arena, view, "apart",
              pages_value(arena, look, e->page_count - e->apart, e->apart, 0));
    value_set_int(arena, view, "total", e->total);
    value_set_str(arena, view, "seen", look->digest);
    value_set_text(arena, view, "act", look->act == NULL ? NULL : look->act->name);
    return view;
}

/* --- showing --- */

static enum status sources_slow(struct call *call)
{
    return evidence_sources(call, call->kept);
}

static enum status show_answer(struct call *call)
{
    struct evidence_look *look = call->kept;
    struct value *view = evidence_view(call->cx, look);
    if (!call->json) {
        view = value_merge(call->cx->arena, edit_view(call, look->seen), view);
        value_set(call->cx->arena, view, "problem", call->kept_value);
    }
    return call_answer(call, view, "evidence");
}

enum status evidence_list_show(struct call *call)
{
    struct evidence_look *look = arena_new(call->cx->arena, struct evidence_look);
    struct cx *cx = call->cx;
    TRY(evidence_look(call, look));
    call->kept = look;
    return call_slow(call, sources_slow, show_answer);
}

/* --- changing --- */

/* Of a page's form: the texts of all items, then the step of the button. */
static void texts_take(struct call *call, struct evidence *e)
{
    const struct value *items = value_get(call->body, "items");
    for (uint32_t i = 0; i < e->item_count && i < value_count(items); i++) {
        const struct value *said = value_item(items, i);
        struct evidence_item *item = &e->items[i];
        if (value_is_map(said)) {
            item->name = str_trim(call->cx->arena, value_get_str(said, "name"));
            item->purpose = str_trim(call->cx->arena, value_get_str(said, "purpose"));
            item->source = str_trim(call->cx->arena, value_get_str(said, "source"));
            item->form = value_get_str(said, "form");
        }
    }
}

static const struct value *picks_said(struct call *call)
{
    return call->body_is_form ? keep_all(call, "pick") : value_get(call->body, "picks");
}

static enum status faults_refuse(struct cx *cx, const struct value *faults)
{
    for (uint32_t i = 0; i < value_count(faults); i++) {
        const struct value *fault = value_item(faults, i);
        (void)cx_error(cx, value_get_str(fault, "field").p, value_get_str(fault, "code").p,
                       value_get_str(fault, "title").p);
    }
    return value_count(faults) == 0 ? OK
                                    : FAIL(cx, E_INPUT, "fields", "%u faults", value_count(faults));
}

/* A program says each in its own type: what is none would read as nothing said, and be answered
 * as done. Forms have texts alone. */
static enum status said_check(struct call *call)
{
    static const char *const texts[] = {"do", "to", "seen"};
    struct cx *cx = call->cx;
    const struct value *picks = value_get(call->body, "picks");
    bool known = call->body_is_form || value_is_null(picks) || value_is_list(picks);
    for (uint32_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct value *said = value_get(call->body, texts[i]);
        if (!value_is_null(said) && !value_is_text(said)) {
            (void)cx_error(cx, texts[i], "type", "这里应当是文字");
        }
    }
    if (!known) {
        (void)cx_error(cx, "picks", "type", "这里应当是一列页，例如 [\"2.1\"]");
    }
    for (uint32_t i = 0; !call->body_is_form && known && i < value_count(picks); i++) {
        if (!value_is_text(value_item(picks, i))) {
            (void)cx_error(cx, arena_printf(cx->arena, "picks.%u", i), "type",
                           "一页写成“材料号.页号”，例如 2.1");
        }
    }
    return cx->failure.errors == NULL ? OK : FAIL(cx, E_INPUT, "fields", "an order in other types");
}

/* What the button says; "move" goes where the list beside it says. */
static Str step_said(struct call *call)
{
    Str step = value_get_str(call->body, "do");
    Str to = value_get_str(call->body, "to");
    if (!str_is(step, "move")) {
        return step;
    }
    return str_is(to, "new") || str_is(to, "apart") ? to
                                                    : str_printf(call->cx->arena, "take:%s", to.p);
}

/* Each page that was looked at, by what was found. */
static void tilts_take(struct evidence *e, const struct value *found)
{
    for (uint32_t i = 0; i < value_count(found); i++) {
        const struct member *member = &found->as.members[i];
        struct evidence_page *page = evidence_page_named(e, member->key);
        if (page != NULL) {
            page->tilt_cdeg = (int)value_as_int(member->value);
        }
    }
}

/* The order as it is to become. */
static enum status order_read(struct call *call, struct evidence_look *look)
{
    struct cx *cx = call->cx;
    struct evidence *e = &look->evidence;
    Str step = step_said(call);
    if (str_is(step, "reset")) { /* what stands, whatever was typed towards the act */
        evidence_read(cx->arena, value_get(look->seen->clear, EVIDENCE_LIST), look->seen->matter,
                      e);
        return OK;
    }
    if (!call->body_is_form && !value_is_null(value_get(call->body, "items"))) {
        TRY(faults_refuse(cx, evidence_faults(cx->arena, call->body, look->seen->matter, "")));
        evidence_read(cx->arena, call->body, look->seen->matter, e);
    } else {
        texts_take(call, e);
    }
    if (str_is(step, STRAIGHTEN)) {
        tilts_take(e, call->kept_value);
    } else if (step.n > 0 && !str_is(step, "save") &&
               !evidence_order(cx->arena, e, step, picks_said(call))) {
        (void)cx_error(cx, "do", "unknown", "没有这一步，请刷新后再试");
        return FAIL(cx, E_INPUT, "fields", "no such step");
    }
    return OK;
}

/* Another device has changed the order since it was shown. */
static enum status seen_check(struct call *call, const struct evidence_look *look)
{
    struct cx *cx = call->cx;
    Str seen = value_get_str(call->body, "seen");
    if (seen.n == 0 || str_same(seen, look->digest)) {
        return OK;
    }
    struct value *list = value_list(cx->arena);
    struct value *entry = value_map(cx->arena);
    value_set_text(cx->arena, entry, "field", EVIDENCE_LIST);
    value_set(cx->arena, entry, "theirs", evidence_value(cx->arena, &look->evidence));
    value_add(cx->arena, list, entry);
    cx->failure.conflicts = list;
    return FAIL(cx, E_STATE, "conflict", "another order than %.*s", STR_ARG(seen));
}

static uint32_t tilts_count(const struct value *found)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < value_count(found); i++) {
        count += value_as_int(found->as.members[i].value) != 0;
    }
    return count;
}

static enum status changed(struct call *call)
{
    struct cx *cx = call->cx;
    const struct evidence_look *look = call->kept;
    Str step = step_said(call);
    if (call->json) {
        struct value *view = value_map(cx->arena);
        value_set_str(cx->arena, view, "seen", look->digest);
        value_set_int(cx->arena, view, "total", look->evidence.total);
        value_set(cx->arena, view, "order", evidence_value(cx->arena, &look->evidence));
        if (str_is(step, STRAIGHTEN)) {
            value_set(cx->arena, view, "tilts", call->kept_value);
        }
        return call_answer(call, view, NULL);
    }
    Id matter = look->seen->matter->id;
    if (str_is(step, "save") && look->act->to >= 0) {
        return call_done(call, str_printf(cx->arena, "/matters/%" PRId64, matter), NULL);
    }
    if (str_is(step, STRAIGHTEN)) {
        return call_done(call,
                         str_printf(cx->arena, "%s?straightened=%u", evidence_path(call, matter).p,
                                    tilts_count(call->kept_value)),
                         NULL);
    }
    Str *parts = NULL;
    size_t count = str_split(cx->arena, step, ':', &parts);
    bool item = count == 2 && (str_starts(parts[0], "item-") || str_is(parts[0], "take"));
    Str spot = count != 2 ? STR("")
               : item     ? str_printf(cx->arena, "#i-%s", parts[1].p)
                          : str_printf(cx->arena, "#p-%s", parts[1].p);
    return call_done(call, str_printf(cx->arena, "%s%s", evidence_path(call, matter).p, spot.p),
                     NULL);
}

/* The order that is to be changed, which is the one that was seen. */
static enum status change_look(struct call *call, struct evidence_look *look)
{
    struct cx *cx = call->cx;
    call->seen = NULL; /* a race was lost: as it is now */
    TRY(evidence_look(call, look));
    if (look->act == NULL) {
        return FAIL(cx, E_STATE, "not-editable", "no act to arrange evidence for");
    }
    TRY(said_check(call));
    return seen_check(call, look);
}

static enum status change_prepare(struct call *call, struct evidence_look *look, struct plan **plan)
{
    struct cx *cx = call->cx;
    TRY(change_look(call, look));
    TRY(order_read(call, look));
    struct value *list = evidence_value(cx->arena, &look->evidence);
    struct value *values = value_map(cx->arena);
    if (value_get(list, "apart") == NULL) {
        value_set(cx->arena, list, "apart", value_list(cx->arena)); /* what stood there goes */
    }
    value_set(cx->arena, values, EVIDENCE_LIST, list);
    struct save_request request = {.actor = &call->actor,
                                   .matter = look->seen->matter->id,
                                   .act = str_of(look->act->name),
                                   .values = values,
                                   .revision = -1};
    TRY(draft_save(cx, &call->app->house, &request, plan));
    digest_set(cx->arena, look);
    return OK;
}

/* A form is shown again with what went wrong; the order as it is now, and what was typed. */
static enum status show_again(struct call *call, enum status status)
{
    struct cx *cx = call->cx;
    struct evidence_look *look = arena_new(cx->arena, struct evidence_look);
    bool conflict = value_count(cx->failure.conflicts) > 0;
    if (call->json || (status != E_INPUT && !conflict)) {
        return status;
    }
    struct value *problem = value_map(cx->arena);
    value_set_text(cx->arena, problem, "title", conflict ? "编排刚在另一处改过" : "这一步没有做");
    value_set_text(cx->arena, problem, "detail",
                   conflict ? "下面是现在的编排，您刚才的一步没有做，请看过后再做一次。"
                            : "请刷新后再试，已经保存的编排没有变。");
    cx_forgive(cx);
    call->seen = NULL; /* as it is now */
    TRY(evidence_look(call, look));
    call->kept = look;
    call->kept_value = problem;
    call->status = status_http(status);
    return call_slow(call, sources_slow, show_answer);
}

static enum status change_do(struct call *call)
{
    struct evidence_look *look = arena_new(call->cx->arena, struct evidence_look);
    struct plan *plan = NULL;
    enum status status = change_prepare(call, look, &plan);
    if (status != OK) {
        return show_again(call, status);
    }
    call->kept = look;
    return call_plan(call, plan, changed);
}

/* Pages are looked at once, however many races the order loses behind it. */
enum status evidence_change(struct call *call)
{
    struct evidence_look *look = NULL;
    if (!str_is(step_said(call), STRAIGHTEN) || call->kept_value != NULL) {
        return change_do(call);
    }
    look = arena_new(call->cx->arena, struct evidence_look);
    enum status status = change_look(call, look);
    if (status == OK) {
        status = evidence_straighten(call, look, picks_said(call), change_do);
    }
    return status == OK ? OK : show_again(call, status);
}
