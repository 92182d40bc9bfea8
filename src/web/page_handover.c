#include "web/page_handover.h"

#include <inttypes.h>

#include "flow/authority.h"
#include "flow/by_hand.h"
#include "law/hours.h"
#include "law/reach.h"
#include "record/contact.h"
#include "record/listing.h"
#include "render/qr.h"
#include "render/template.h"

enum { SENT_ROWS = 8 };

/* --- words of time --- */

Str handover_left_words(struct arena *arena, const struct law_tables *tables, Str court, bool own,
                        Instant due, Instant now)
{
    Instant from = 0;
    Instant to = 0;
    bool uncertain = false;
    if (now >= due) {
        return STR("");
    }
    if (!hours_is_open(tables, court, now) &&
        hours_next_span(tables, court, now, &from, &to, &uncertain)) {
        return str_printf(arena, "%s现在休息，%s开始计时", own ? "本院" : "对方法院",
                          instant_spoken(arena, from, now).p);
    }
    int64_t left = hours_between(tables, court, now, due);
    return str_printf(arena, "还剩%" PRId64 "分", (left + MINUTE_MS - 1) / MINUTE_MS);
}

Str handover_open_words(struct arena *arena, const struct value *hours, Instant now)
{
    Instant opens = 0;
    if (value_get_bool(hours, "open")) {
        return STR("现在开放");
    }
    return instant_parse(value_get_str(hours, "opens_at"), &opens)
               ? str_printf(arena, "%s开放", instant_spoken(arena, opens, now).p)
               : STR("");
}

/* --- the window's first page --- */

static struct value *services_show(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct procedures *all = call->app->house.procedures;
    const struct court *own = court_by_code(page_tables(call), call->actor.court);
    struct value *list = value_list(arena);
    struct value *first = value_list(arena);
    for (uint32_t i = 0; own != NULL && reach_collaborates(own) && i < procedures_count(all); i++) {
        const struct procedure *p = procedures_at(all, i);
        if (p->rung_count == 0 || p != procedure_find(all, str_of(p->name), 0) ||
            !authority_begins(&call->actor, p)) {
            continue;
        }
        struct value *row = value_map(arena);
        value_set_text(arena, row, "title", p->title);
        value_set_text(arena, row, "text", p->about);
        value_set_str(arena, row, "href", str_printf(arena, "/courts?for=%s", p->name));
        /* Filing, which most people come for, before the services about a case there is. */
        bool files = field_find(p->elements, p->element_count, STR("filing-kind")) != NULL;
        value_add(arena, files ? first : list, row);
    }
    for (uint32_t i = 0; i < list->count; i++) {
        value_add(arena, first, list->as.items[i]);
    }
    return first;
}

struct sent_look {
    struct listing_query query;
    struct listing *rows;
    uint32_t count;
};

static enum status sent_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct sent_look *look = arg;
    return listing_list(cx, sql, &look->query, &look->rows, &look->count);
}

static bool is_handed_over(const struct call *call, const struct listing *row)
{
    const struct procedure *p =
        procedure_find(call->app->house.procedures, row->procedure, (int)row->version);
    return p != NULL && p->rung_count > 0 && !str_same(row->court, call->actor.court);
}

enum status handover_desk_set(struct call *call, struct value *view)
{
    struct cx *cx = call->cx;
    Instant now = clock_now();
    struct value *services = services_show(call);
    struct value *list = value_list(cx->arena);
    struct sent_look look = {
        .query = {.viewer = viewer_post(cx->arena, STR("court"), call->actor.court),
                  .box = STR("court"),
                  .limit = 100}};
    TRY(store_read(cx, call->app->house.store, sent_read, &look));
    for (uint32_t i = 0; i < look.count && list->count < SENT_ROWS; i++) {
        if (is_handed_over(call, &look.rows[i])) {
            value_add(cx->arena, list, listing_view(cx, &call->app->house, &look.rows[i]));
        }
    }
    struct value *rows = rows_show(call, list);
    for (uint32_t i = 0; i < value_count(rows); i++) {
        struct value *row = rows->as.items[i];
        Instant due = 0;
        if (str_is(value_get_str(row, "state"), "sent") &&
            instant_parse(value_get_str(row, "due"), &due)) {
            Str left = handover_left_words(cx->arena, page_tables(call),
                                           value_get_str(value_get(row, "court"), "code"), false,
                                           due, now);
            value_set_str(cx->arena, row, "left_title",
                          left.n > 0 ? left : value_get_str(row, "left_title"));
        }
        value_set_bool(cx->arena, row, "by_minute", due != 0);
    }
    value_set(cx->arena, view, "services", services);
    value_set_bool(cx->arena, view, "has_services", services->count > 0);
    value_set(cx->arena, view, "sent", rows);
    value_set_bool(cx->arena, view, "has_sent", value_count(rows) > 0);
    return OK;
}

/* --- a matter --- */

struct events_look {
    Id matter;
    struct rows rows;
    Str court; /* the other one, whose contact is asked for */
    struct contact *contact;
};

static enum status events_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct events_look *look = arg;
    TRY(contact_find(cx, sql, look->court, &look->contact));
    return sql_query(cx, sql, SQL("SELECT n, at FROM event WHERE matter = ?1 ORDER BY n LIMIT 500"),
                     ARGS(SQL_I(look->matter)), &look->rows);
}

static struct value *ladder_show(struct arena *arena, const struct events_look *look,
                                 const struct value *ladder)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(ladder); i++) {
        struct value *row = value_merge(arena, value_item(ladder, i), NULL);
        Instant at = 0;
        bool done = instant_parse(value_get_str(row, "at"), &at);
        value_set_bool(arena, row, "done", done);
        value_set(arena, row, "href", NULL);
        for (uint32_t k = 0; done && k < look->rows.count; k++) {
            /* Texts hold whole seconds. */
            if (row_int(&look->rows, k, 1) / 1000 == at / 1000) {
                value_set_str(arena, row, "href",
                              str_printf(arena, "/matters/%" PRId64 "/receipt?event=%" PRId64,
                                         look->matter, row_int(&look->rows, k, 0)));
                break;
            }
        }
        value_add(arena, list, row);
    }
    return list;
}

static const struct material *material_of(const struct matter *m, int64_t n)
{
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (m->materials[i].n == n) {
            return &m->materials[i];
        }
    }
    return NULL;
}

static struct value *originals_show(struct arena *arena, const struct seen *seen)
{
    const struct value *seen_ones = value_get(seen->clear, "originals-checked");
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(seen_ones); i++) {
        const struct value *one = value_item(seen_ones, i);
        const struct material *m = material_of(seen->matter, value_get_int(one, "material"));
        struct value *row = value_map(arena);
        if (m == NULL) {
            continue;
        }
        value_set_text(arena, row, "title", material_title(seen->procedure, m->kind));
        value_set_str(arena, row, "name", m->name);
        value_set_int(arena, row, "n", m->n);
        value_set(arena, row, "note", value_get(one, "note"));
        value_set(arena, row, "by", value_get(one, "by"));
        value_set(arena, row, "at", value_get(one, "at"));
        value_add(arena, list, row);
    }
    return list;
}

static struct value *clock_show(struct call *call, const struct matter *m, bool own)
{
    struct arena *arena = call->cx->arena;
    Instant now = clock_now();
    for (uint32_t i = 0; i < m->clock_count; i++) {
        const struct clock_row *clock = &m->clocks[i];
        if (clock->stopped != 0 || !str_is(clock->name, "response")) {
            continue;
        }
        struct value *row = value_map(arena);
        Str left = handover_left_words(arena, page_tables(call), m->court, own, clock->due, now);
        bool over = left.n == 0;
        value_set_str(arena, row, "title",
                      over ? str_printf(arena, "已超过30分钟，应在%s前响应",
                                        instant_spoken(arena, clock->due, now).p)
                           : str_printf(arena, "%s（30分钟内响应，到%s）", left.p,
                                        instant_spoken(arena, clock->due, now).p));
        value_set_text(arena, row, "tone", over ? "bad" : "ask");
        return row;
    }
    return NULL;
}

static struct value *contact_show(struct arena *arena, const struct contact *contact, Str court)
{
    struct value *row = value_map(arena);
    value_set_str(arena, row, "href",
                  str_printf(arena, "/contacts/%s", text_percent_encode(arena, court).p));
    value_set(arena, row, "officer", NULL);
    if (contact != NULL) {
        value_set_str(arena, row, "officer", contact->officer);
        value_set_str(arena, row, "phone", contact->office_phone);
        value_set_str(arena, row, "room", contact->room);
        value_set_bool(arena, row, "demo", contact->demo);
    }
    return row;
}

/* Before it there is nothing to give out but the receipt, which the window has printed. */
static bool has_outcome(const struct seen *seen)
{
    return seen->matter->paper_count > 0 && seen->handover != NULL &&
           (seen->handover->reached[RUNG_DECIDED] != 0 || seen->handover->corrections > 0);
}

/* A file that its court has added is shown in the state that the matter is in. */
static bool shows_now(const struct seen *seen)
{
    const struct matter *m = seen->matter;
    int state = procedure_state_index(seen->procedure, m->state);
    for (uint32_t i = 0; i < m->material_count; i++) {
        const struct material *one = &m->materials[i];
        if (one->removed == 0 && state >= 0 &&
            material_shown_in(seen->procedure, one->kind) == state) {
            return true;
        }
    }
    return false;
}

void handover_matter_set(struct call *call, const struct seen *seen, const struct value *value,
                         struct value *view)
{
    struct cx *cx = call->cx;
    struct arena *arena = cx->arena;
    const struct matter *m = seen->matter;
    const struct law_tables *tables = page_tables(call);
    Str near = value_get_str(seen->clear, "collaborator");
    bool staff = call->actor.post.n > 0;
    bool to_court =
        staff && authority_is_staff(&call->actor, m, tables) && !str_same(call->actor.court, near);
    struct events_look look = {.matter = m->id, .court = to_court ? near : m->court};
    value_set(arena, view, "handover", NULL);
    value_set_bool(arena, view, "has_ladder", false);
    if (near.n == 0 || m->events == 0) {
        return;
    }
    if (store_read(cx, call->app->house.store, events_read, &look) != OK) {
        page_lacks(call, "handover");
        return;
    }
    const struct court *other = court_by_code(tables, look.court);
    struct value *row = value_map(arena);
    struct value *originals = originals_show(arena, seen);
    struct value *hours = hours_value(arena, tables, look.court, clock_now());
    value_set_str(arena, row, "other", other == NULL ? look.court : other->name);
    value_set_bool(arena, row, "to_court", to_court);
    value_set_bool(arena, row, "staff", staff);
    value_set(arena, row, "clock", clock_show(call, m, to_court));
    value_set(arena, row, "contact", staff ? contact_show(arena, look.contact, look.court) : NULL);
    value_set(arena, row, "hours_text", value_get(hours, "text"));
    value_set_str(arena, row, "open_title", handover_open_words(arena, hours, clock_now()));
    value_set_bool(arena, row, "is_open", value_get_bool(hours, "open"));
    value_set(arena, row, "originals", originals);
    value_set_bool(arena, row, "has_originals", originals->count > 0);
    value_set(arena, row, "print_href",
              staff && !to_court && has_outcome(seen)
                  ? value_str(arena, str_printf(arena, "/matters/%" PRId64 "/papers/all", m->id))
                  : NULL);
    value_set(arena, row, "reading_href",
              authority_collaborates(&call->actor, m) && shows_now(seen)
                  ? value_str(arena, str_printf(arena, "/matters/%" PRId64 "/reading", m->id))
                  : NULL);
    value_set(arena, view, "handover", row);
    value_set(arena, view, "ladder", ladder_show(arena, &look, value_get(value, "ladder")));
    value_set_bool(arena, view, "has_ladder", value_count(value_get(value, "ladder")) > 0);
}

/* --- the receipt --- */

static struct value *qr_show(struct call *call, Str address)
{
    struct qr qr = {0};
    if (qr_make(call->cx, address, &qr) != OK) { /* an origin too long: the code stands beside it */
        cx_forgive(call->cx);
        return NULL;
    }
    return html_mark(call->cx->arena, qr_svg(call->cx->arena, &qr, STR("扫码查进度")));
}

void handover_receipt_set(struct call *call, const struct seen *seen, Instant at,
                          struct value *view)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = seen->matter;
    const struct court *near =
        court_by_code(page_tables(call), value_get_str(seen->clear, "collaborator"));
    value_set(arena, view, "handover", NULL);
    if (near == NULL || at != m->arrived || !authority_collaborates(&call->actor, m)) {
        return;
    }
    struct value *row = value_map(arena);
    Str href = str_printf(arena, "/follow/%s", m->follow_code.p);
    value_set_str(arena, row, "collaborator", near->name);
    value_set(arena, row, "handed_in", value_get(seen->clear, "handed-in"));
    value_set_str(arena, row, "arrived", instant_format(arena, m->arrived));
    value_set_str(arena, row, "follow_code", m->follow_code);
    value_set_str(arena, row, "follow_href", href);
    value_set(arena, row, "qr",
              qr_show(call, str_printf(arena, "%.*s%s", STR_ARG(call->app->house.origin), href.p)));
    value_set(arena, view, "handover", row);
}

/* --- comparing with the originals --- */

static const struct value *original_of(const struct value *originals, int64_t n)
{
    for (uint32_t i = 0; i < value_count(originals); i++) {
        if (value_get_int(value_item(originals, i), "material") == n) {
            return value_item(originals, i);
        }
    }
    return NULL;
}

struct value *handover_checks_show(struct call *call, const struct seen *seen,
                                   const struct value *originals)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = seen->matter;
    const struct value *before = value_get(seen->clear, "originals-checked");
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < m->material_count; i++) {
        const struct material *material = &m->materials[i];
        const struct value *said = original_of(originals, material->n);
        struct value *row = value_map(arena);
        if (material->removed != 0 || str_is(material->kind, SIGNATURE_PHOTO) ||
            original_of(before, material->n) != NULL) {
            continue;
        }
        value_set_int(arena, row, "i", list->count);
        value_set_int(arena, row, "n", material->n);
        value_set_text(arena, row, "title", material_title(seen->procedure, material->kind));
        value_set_str(arena, row, "name", material->name);
        value_set_bool(arena, row, "ticked", said != NULL);
        value_set(arena, row, "note", value_get(said, "note"));
        value_add(arena, list, row);
    }
    return list;
}
