/* Beside a filing: other matters of the same parties, doubles of the same claim, serial claimants.
 */
#include "web/related.h"

#include <inttypes.h>

#include "flow/authority.h"
#include "record/related.h"
#include "web/handlers.h"

/* From so many filings on a claimant is pointed out. Our own threshold, no rule of law. */
enum { SERIAL_FROM = 10 };

bool related_is_for(const struct call *call, const struct seen *seen)
{
    Str post = call->actor.post;
    return authority_is_of_court(&call->actor, seen->matter, page_tables(call)) &&
           (str_is(post, "reviewer") || str_is(post, "judge") || str_is(post, "leader"));
}

struct look {
    const struct seen *seen;
    struct kinship kinship;
};

static enum status look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    return related_find(cx, sql, look->seen->matter, &look->kinship);
}

static bool has_failed(Str state)
{
    return str_is(state, "withdrawn") || str_is(state, "refused") || str_is(state, "returned");
}

/* LAW: civil-procedure-interpretation@2022 247: the same parties over the same thing, while the
 * first suit goes on or is decided. Whether it is the same, the reviewer judges. */
static bool is_double(const struct seen *seen, const struct related *r)
{
    return r->kind == RELATED_SAME && !has_failed(r->state) && r->cause.n > 0 &&
           str_same(r->cause, value_get_str(seen->clear, "cause"));
}

static const char *state_title(const struct call *call, Str procedure, int64_t version, Str state)
{
    const struct procedure *p =
        procedure_find(call->app->house.procedures, procedure, (int)version);
    const struct state *s = p == NULL ? NULL : procedure_state(p, state);
    return s == NULL ? "" : s->title;
}

static void kind_set(struct arena *arena, const struct seen *seen, const struct related *r,
                     struct value *row)
{
    bool twice = is_double(seen, r);
    const char *title = twice                        ? "可能重复起诉"
                        : r->kind == RELATED_SAME    ? "相同原告、被告"
                        : r->kind == RELATED_CROSSED ? "原告、被告互换"
                                                     : "有同一当事人";
    value_set_text(arena, row, "kind",
                   twice                        ? "duplicate"
                   : r->kind == RELATED_SAME    ? "same-parties"
                   : r->kind == RELATED_CROSSED ? "crossed"
                                                : "party");
    value_set_text(arena, row, "kind_title", title);
    value_set_bool(arena, row, "double", twice);
    value_set_bool(arena, row, "by_name", r->by_name);
    value_set_bool(arena, row, "same_amount",
                   r->amount > 0 &&
                       r->amount == value_as_int(value_at(seen->clear, "claim.amount")));
}

static struct value *related_row(struct call *call, const struct seen *seen,
                                 const struct related *r)
{
    struct arena *arena = call->cx->arena;
    struct value *row = value_map(arena);
    const struct cause *cause = cause_find(page_tables(call), r->cause);
    const struct matter there = {.id = r->id, .court = r->court, .events = 1};
    bool own = authority_is_of_court(&call->actor, &there, page_tables(call));
    Id id = r->opened != 0 ? r->opened : r->id;
    kind_set(arena, seen, r, row);
    value_set(arena, row, "court", court_ref(arena, page_tables(call), r->court));
    value_set(arena, row, "case_number",
              r->case_number.n == 0 ? NULL : value_str(arena, r->case_number));
    value_set(arena, row, "cause", cause == NULL ? NULL : value_str(arena, cause->name));
    value_set_text(arena, row, "state_title",
                   r->opened != 0
                       ? state_title(call, r->opened_procedure, r->opened_version, r->opened_state)
                       : state_title(call, r->procedure, r->version, r->state));
    value_set(arena, row, "id", own ? value_str(arena, str_printf(arena, "%" PRId64, id)) : NULL);
    value_set(arena, row, "title", own ? value_str(arena, r->title) : NULL);
    value_set(arena, row, "at", own ? value_str(arena, instant_format(arena, r->arrived)) : NULL);
    return row;
}

enum status related_value(struct call *call, const struct seen *seen, struct value **out)
{
    struct cx *cx = call->cx;
    struct look look = {.seen = seen};
    struct value *list = value_list(cx->arena);
    struct value *claimants = value_list(cx->arena);
    struct value *view = value_map(cx->arena);
    TRY(store_read(cx, call->app->house.store, look_read, &look));
    for (uint32_t i = 0; i < look.kinship.count; i++) {
        value_add(cx->arena, list, related_row(call, seen, &look.kinship.related[i]));
    }
    for (uint32_t i = 0; i < look.kinship.claimant_count; i++) {
        const struct claimant *c = &look.kinship.claimants[i];
        struct value *row = value_map(cx->arena);
        bool more = c->filings > RELATED_OF_PARTY;
        value_set_int(cx->arena, row, "party", c->party);
        value_set_str(cx->arena, row, "name", c->name);
        value_set_int(cx->arena, row, "filings", more ? RELATED_OF_PARTY : c->filings);
        value_set_bool(cx->arena, row, "more", more);
        value_set_bool(cx->arena, row, "serial", c->filings >= SERIAL_FROM);
        value_add(cx->arena, claimants, row);
    }
    value_set(cx->arena, view, "related", list);
    value_set_bool(cx->arena, view, "more", look.kinship.more);
    value_set(cx->arena, view, "claimants", claimants);
    *out = view;
    return OK;
}

enum status related_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    const struct seen *seen = NULL;
    TRY(page_seen(call, &seen));
    if (!related_is_for(call, seen)) {
        return FAIL(cx, E_DENIED, "denied", "not one who decides here");
    }
    TRY(related_value(call, seen, &view));
    return call_answer(call, view, "related");
}
