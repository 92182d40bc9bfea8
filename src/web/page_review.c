/* The desk of the court: what was submitted on the left, the files on the right. */
#include <inttypes.h>

#include "flow/authority.h"
#include "flow/rule.h"
#include "web/evidence.h"
#include "web/page_desk.h"
#include "web/page_handover.h"
#include "web/page_parts.h"
#include "web/page_views.h"
#include "web/related.h"
#include "web/reviewing.h"

enum { STORY_EVENTS = 20, KIN_SHOWN = 4 };

/* --- findings --- */

struct filer_look {
    Id id;
    struct person *person;
};

static enum status filer_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct filer_look *look = arg;
    return person_find(cx, sql, look->id, &look->person);
}

struct value *page_findings_of(struct call *call, const struct seen *seen)
{
    struct cx *cx = call->cx;
    struct value *list = value_list(cx->arena);
    struct filer_look filer = {.id = seen->matter->owner};
    if (store_read(cx, call->app->house.store, filer_read, &filer) != OK || filer.person == NULL) {
        page_lacks(call, "review");
        return list;
    }
    struct actor actor = {.person = filer.id,
                          .person_kind = filer.person->kind,
                          .name = filer.person->name,
                          .verified = filer.person->verified.n > 0};
    for (uint32_t i = 0; i < seen->procedure->act_count; i++) {
        const struct act *act = &seen->procedure->acts[i];
        struct act_form form = {.seen = seen, .act = act, .values = seen->clear};
        if (act->soft_count == 0) {
            continue;
        }
        act_form_say(call, &form, NULL);
        form.ask.actor = &actor;
        const struct value *found = act_form_findings(call, &form, true);
        for (uint32_t k = 0; k < value_count(found); k++) {
            value_add(cx->arena, list, value_item(found, k));
        }
    }
    return list;
}

/* --- files --- */

static Str file_url(struct arena *arena, Id matter, int64_t n)
{
    return str_printf(arena, "/matters/%" PRId64 "/materials/%" PRId64, matter, n);
}

/* The same page with this file. Of a form shown again the address is not a page's: GET shows it. */
static struct value *file_href(struct arena *arena, int64_t n)
{
    return n == 0 ? NULL : value_str(arena, str_printf(arena, "?n=%" PRId64, n));
}

/* A file among those that stand. */
struct file_place {
    const struct material *file;
    int64_t number;
    int64_t total;
    int64_t before; /* number of the material; 0: none */
    int64_t next;
};

static void set_shown(struct call *call, const struct seen *seen, const struct file_place *place,
                      struct value *view)
{
    const struct material *m = place->file;
    struct arena *arena = call->cx->arena;
    struct value *shown = value_map(arena);
    bool pdf = str_is(m->type, "application/pdf");
    bool image = str_is(m->type, "image/png") || str_is(m->type, "image/jpeg") ||
                 str_is(m->type, "image/webp") || str_is(m->type, "image/gif");
    value_set_str(arena, shown, "name", m->name);
    value_set_text(arena, shown, "title", material_title(seen->procedure, m->kind));
    value_set_str(arena, shown, "url", file_url(arena, seen->matter->id, m->n));
    value_set(arena, shown, "warning", page_warning(call, m));
    value_set_bool(arena, shown, "is_pdf", pdf);
    value_set_bool(arena, shown, "is_image", image);
    value_set_bool(arena, shown, "is_other", !pdf && !image);
    value_set_int(arena, shown, "number", place->number);
    value_set_int(arena, shown, "total", place->total);
    value_set(arena, shown, "next_href", file_href(arena, place->next));
    value_set(arena, shown, "before_href", file_href(arena, place->before));
    value_set(arena, view, "shown", shown);
}

static void set_files(struct call *call, const struct seen *seen, struct value *view)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = seen->matter;
    struct value *files = value_list(arena);
    struct file_place place = {.file = NULL};
    int64_t last = 0;
    int64_t wanted = 0;
    bool asked = str_int(call_param(call, "n"), &wanted);
    for (uint32_t i = 0; i < m->material_count; i++) {
        const struct material *file = &m->materials[i];
        if (file->removed != 0 ||
            !authority_gets(&call->actor, m, seen->procedure, file->kind, page_tables(call))) {
            continue;
        }
        bool now = asked ? file->n == wanted : place.file == NULL;
        struct value *row = value_map(arena);
        if (place.file != NULL && place.next == 0) {
            place.next = file->n;
        }
        value_set_int(arena, row, "n", file->n);
        value_set(arena, row, "href", file_href(arena, file->n));
        value_set_str(arena, row, "name", file->name);
        value_set_text(arena, row, "title", material_title(seen->procedure, file->kind));
        value_set_bool(arena, row, "now", now);
        value_add(arena, files, row);
        if (now) {
            place = (struct file_place){.file = file, .number = files->count, .before = last};
        }
        last = file->n;
    }
    value_set(arena, view, "files", files);
    value_set_bool(arena, view, "has_files", files->count > 1);
    value_set_str(arena, view, "evidence_title",
                  evidence_note(arena, value_get(seen->clear, EVIDENCE_LIST), m));
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (m->materials[i].removed == 0 && str_is(m->materials[i].kind, EVIDENCE_KIND)) {
            value_set_str(arena, view, "evidence_href",
                          str_printf(arena, "/matters/%" PRId64 "/evidence", m->id));
        }
    }
    if (place.file != NULL) {
        place.total = files->count;
        set_shown(call, seen, &place, view);
    }
}

/* --- acts --- */

static struct value *act_row(struct call *call, const struct seen *seen, const struct value *act)
{
    struct arena *arena = call->cx->arena;
    const struct value *all = guidance_of(call->app->guidance, str_of(seen->procedure->name));
    Str name = value_get_str(act, "name");
    const struct value *words = value_get_key(value_get(all, "acts"), name);
    Str file = call_param(call, "n");
    struct value *row = value_map(arena);
    value_set_str(arena, row, "name", name);
    value_set_str(arena, row, "title", value_get_str(act, "title"));
    value_set(arena, row, "key", value_get(words, "key"));
    value_set_bool(arena, row, "danger", value_get_bool(words, "danger"));
    value_set_bool(arena, row, "now", false);
    value_set_str(arena, row, "href",
                  str_printf(arena, "/matters/%" PRId64 "/acts/%s%s%s", seen->matter->id, name.p,
                             file.n == 0 ? "" : "?n=", text_percent_encode(arena, file).p));
    value_set_text(arena, row, "spot", "#do");
    const struct act *its = procedure_act(seen->procedure, name);
    if (its != NULL && its->needs[0] != '\0') { /* done on a page of its own */
        value_set_str(arena, row, "href",
                      str_printf(arena, "/matters/%" PRId64 "/evidence", seen->matter->id));
        value_set_text(arena, row, "spot", NULL);
    }
    return row;
}

static bool is_named(const struct value *names, Str name)
{
    for (uint32_t i = 0; i < value_count(names); i++) {
        if (str_same(value_as_str(value_item(names, i)), name)) {
            return true;
        }
    }
    return false;
}

/* In the order the words give, then the rest; the first is the one most likely wanted. */
static struct value *acts_show(struct call *call, const struct seen *seen, const struct value *open)
{
    struct arena *arena = call->cx->arena;
    const struct value *all = guidance_of(call->app->guidance, str_of(seen->procedure->name));
    const struct value *side =
        value_get(value_get_key(value_get(all, "states"), seen->matter->state), "court");
    const struct value *names = value_get(side, "acts");
    struct value *list = value_list(arena);
    for (uint32_t k = 0; k < value_count(names); k++) {
        for (uint32_t i = 0; i < value_count(open); i++) {
            const struct value *act = value_item(open, i);
            if (str_same(value_get_str(act, "name"), value_as_str(value_item(names, k)))) {
                value_add(arena, list, act_row(call, seen, act));
            }
        }
    }
    for (uint32_t i = 0; i < value_count(open); i++) {
        const struct value *act = value_item(open, i);
        if (!is_named(names, value_get_str(act, "name"))) {
            value_add(arena, list, act_row(call, seen, act));
        }
    }
    return list;
}

/* The form of the act in the address, else of the one most likely wanted, stands on the desk. */
static void set_form(struct call *call, const struct seen *seen, const struct value *value,
                     struct value *acts, struct value *view)
{
    struct arena *arena = call->cx->arena;
    bool chosen = call->args[1].n > 0;
    Str name = chosen ? call->args[1] : value_get_str(value_item(acts, 0), "name");
    bool open = name.n > 0 && page_act_set(call, seen, name, value, view);
    for (uint32_t i = 0; i < acts->count; i++) {
        value_set_bool(arena, acts->as.items[i], "now",
                       open && str_same(value_get_str(acts->as.items[i], "name"), name));
    }
    if (open && !chosen) {
        struct value *act = value_merge(arena, value_get(view, "act"), NULL);
        value_set_bool(arena, act, "first", true);
        value_set(arena, view, "act", act);
    }
    value_set_bool(arena, view, "has_form", open);
    /* Of a case it was read when it was opened: who came to act is not led through it again. */
    value_set_bool(arena, view, "summary_folded",
                   open && chosen && seen->matter->case_number.n > 0);
}

/* --- place in the list --- */

static void set_place(struct call *call, const struct seen *seen, struct value *view)
{
    struct arena *arena = call->cx->arena;
    struct value *row = value_map(arena);
    struct desk desk;
    struct desk_place place;
    if (desk_place(call, seen->matter->id, &place) != OK || desk_count(call, &desk) != OK) {
        page_lacks(call, "review");
        return;
    }
    const struct value *count = desk_text(arena, place.mine ? desk.mine : desk.todo);
    const char *title = place.mine ? "我的待办" : "待办";
    value_set_str(arena, row, "list_title",
                  count == NULL ? str_of(title)
                                : str_printf(arena, "%s（%s）", title, value_as_str(count).p));
    value_set_text(arena, row, "list_href",
                   place.mine ? "/matters?box=todo&reviewer=me" : "/matters?box=todo");
    value_set(arena, row, "number", place.number == 0 ? NULL : value_int(arena, place.number));
    value_set(arena, row, "next_href",
              place.next == 0
                  ? NULL
                  : value_str(arena, str_printf(arena, "/matters/%" PRId64, place.next)));
    value_set(arena, view, "place", row);
}

static void set_time(struct call *call, const struct seen *seen, struct value *view)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = seen->matter;
    Instant now = clock_now();
    Instant due = 0;
    for (uint32_t i = 0; i < m->clock_count; i++) {
        if (m->clocks[i].stopped == 0 && (due == 0 || m->clocks[i].due < due)) {
            due = m->clocks[i].due;
        }
    }
    Str left = left_words(arena, due, now);
    bool soon = due != 0 && instant_date(due) - instant_date(now) <= 1;
    value_set(arena, view, "left_title", left.n == 0 ? NULL : value_str(arena, left));
    value_set_text(arena, view, "tone", due != 0 && now > due ? "bad" : (soon ? "ask" : ""));
}

static void set_related(struct call *call, const struct seen *seen, struct value *view)
{
    struct arena *arena = call->cx->arena;
    struct value *related = NULL;
    value_set_bool(arena, view, "has_related", false);
    if (!related_is_for(call, seen)) {
        return;
    }
    if (related_value(call, seen, &related) != OK) {
        page_lacks(call, "review");
        return;
    }
    const struct value *list = value_get(related, "related");
    const struct value *claimants = value_get(related, "claimants");
    struct value *serial = value_list(arena);
    for (uint32_t i = 0; i < value_count(claimants); i++) {
        if (value_get_bool(value_item(claimants, i), "serial")) {
            value_add(arena, serial, value_item(claimants, i));
        }
    }
    struct value *near = value_list(arena);
    struct value *rest = value_list(arena);
    for (uint32_t i = 0; i < value_count(list); i++) {
        value_add(arena, i < KIN_SHOWN ? near : rest, value_item(list, i));
    }
    value_set(arena, view, "kin", near);
    value_set(arena, view, "kin_more", rest);
    value_set_int(arena, view, "kin_more_count", rest->count);
    value_set_bool(arena, view, "has_kin_more", rest->count > 0);
    value_set(arena, view, "serial", serial);
    value_set_bool(arena, view, "related_more", value_get_bool(related, "more"));
    value_set_bool(arena, view, "has_related", value_count(list) > 0);
}

/* What is shown of the matter itself; a form that is shown again comes without it. */
static const struct value *matter_of(struct call *call, const struct seen *seen,
                                     const struct value *value)
{
    if (value_get(value, "acts") != NULL) {
        return value;
    }
    return value_merge(call->cx->arena,
                       matter_view(call->cx, &call->app->house, seen, &call->actor, false), value);
}

static struct value *page_desk_begin(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_begin(call, value, value_get_str(value, "title"), false);
    struct value *page = value_merge(arena, value_get(view, "page"), NULL);
    value_set_bool(arena, page, "wide", true);
    value_set(arena, view, "page", page);
    return view;
}

struct value *page_review(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    const struct seen *seen = NULL;
    struct value *events = NULL;
    bool more = false;
    if (page_seen(call, &seen) != OK ||
        story_latest(call, seen, STORY_EVENTS, &events, &more) != OK) {
        page_lacks(call, "review");
        return page_desk_begin(call, value);
    }
    value = matter_of(call, seen, value);
    const struct value *open = value_get(value, "acts");
    struct value *view = page_desk_begin(call, value);
    set_place(call, seen, view);
    set_time(call, seen, view);
    value_set(arena, view, "notice", first_show(call, seen, open, true));
    value_set(arena, view, "state_tone",
              value_str(arena,
                        state_tone(call->app, str_of(seen->procedure->name), seen->matter->state)));
    value_set(arena, view, "summary", page_summary_of(call, seen, page_findings_of(call, seen)));
    value_set(arena, view, "links", page_links_show(call, seen, value_get(value, "links")));
    value_set_bool(arena, view, "has_links", value_count(value_get(value, "links")) > 0);
    clocks_set(arena, clocks_show(call, seen), view);
    value_set(arena, view, "events", events);
    value_set(arena, view, "errors", NULL);
    struct value *acts = acts_show(call, seen, open);
    set_form(call, seen, value, acts, view);
    value_set(arena, view, "acts", acts);
    value_set_bool(arena, view, "acts_open", acts->count > 0);
    set_related(call, seen, view);
    reviewing_set(call, seen, view);
    page_set_exchange(call, seen, view);
    set_files(call, seen, view);
    handover_matter_set(call, seen, value, view);
    page_done_message(call, view);
    return view;
}
