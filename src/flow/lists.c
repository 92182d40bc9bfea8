/* What people see next: list rows, search rows and notices, written by the act itself. */
#include <inttypes.h>

#include "flow/plan.h"
#include "record/listing.h"

static Instant nearest_due(const struct matter *m)
{
    Instant due = 0;
    for (uint32_t i = 0; i < m->clock_count; i++) {
        if (m->clocks[i].stopped == 0 && (due == 0 || m->clocks[i].due < due)) {
            due = m->clocks[i].due;
        }
    }
    return due;
}

static bool waits_for_role(const struct state *state, Str role)
{
    for (uint32_t i = 0; i < state->wait_count; i++) {
        if (state->waits[i].kind == ACTOR_PARTY && str_is(role, state->waits[i].name)) {
            return true;
        }
    }
    return false;
}

static void list_person(struct cx *cx, struct plan *plan, const struct matter *m, Id person,
                        bool todo, Instant due)
{
    Str viewer = viewer_person(cx->arena, person);
    listing_write(plan->script, viewer, STR("mine"), -m->updated, m, due);
    if (todo) {
        listing_write(plan->script, viewer, STR("todo"), due == 0 ? INT64_MAX : due, m, due);
    }
    if (plan->search_stale) {
        listing_search_write(cx, plan->script, viewer, m);
    }
}

static void list_people(struct cx *cx, struct plan *plan, const struct matter *m,
                        const struct state *state, Instant due)
{
    bool owner_listed = false;
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        const struct attachment *a = &m->attachments[i];
        bool again = false;
        bool todo = false;
        for (uint32_t k = 0; k < m->attachment_count; k++) {
            const struct attachment *other = &m->attachments[k];
            if (other->person == a->person && other->until == 0) {
                again = again || k < i;
                todo = todo || waits_for_role(state, other->role);
            }
        }
        if (a->until == 0 && !again) {
            list_person(cx, plan, m, a->person, todo, due);
            owner_listed = owner_listed || a->person == m->owner;
        }
    }
    if (!owner_listed && m->events == 0 && m->owner != 0) {
        list_person(cx, plan, m, m->owner, false, due);
    }
}

/* The supervisors above a court: at the high court of its province, itself when it is one; at the
 * Supreme Court. */
static Str supervisor_above(struct arena *arena, const struct law_tables *tables, Str code,
                            enum court_level level)
{
    const struct court *court = court_by_code(tables, code);
    if (court != NULL && court->level > level) {
        court = court_above(tables, court, level);
    }
    return court == NULL ? STR("") : viewer_post(arena, STR("supervisor"), court->code);
}

/* At the court next above: of a tribunal that above the court it belongs to. */
static Str supervisor_upper(struct arena *arena, const struct law_tables *tables, Str code)
{
    const struct court *court = court_by_code(tables, code);
    if (court != NULL && court->level == COURT_TRIBUNAL) {
        court = court_parent(tables, court);
    }
    const struct court *upper = court == NULL ? NULL : court_parent(tables, court);
    return upper == NULL ? STR("") : viewer_post(arena, STR("supervisor"), upper->code);
}

Str viewer_of_rule(struct arena *arena, const struct law_tables *tables, const struct matter *m,
                   const struct actor_rule *rule)
{
    switch (rule->kind) {
    case ACTOR_COURT: return viewer_post(arena, str_of(rule->name), m->court);
    case ACTOR_COLLABORATOR:
        return viewer_post(arena, STR("window"), value_get_str(m->values, "collaborator"));
    case ACTOR_PROVINCE: return supervisor_above(arena, tables, m->court, COURT_HIGH);
    case ACTOR_NATION: return supervisor_above(arena, tables, m->court, COURT_SUPREME);
    case ACTOR_UPPER: return supervisor_upper(arena, tables, m->court);
    case ACTOR_FOLLOWER:
    case ACTOR_PERSON:
    case ACTOR_LAWYER:
    case ACTOR_PARTY:
    case ACTOR_WINDOW:
    case ACTOR_SYSTEM:
    case ACTOR_EFFECT: break;
    }
    return STR("");
}

/* The collaborating court has on its list what its window has handed over. */
static void list_collaborator(struct cx *cx, struct plan *plan, const struct matter *m, Instant due)
{
    Str code = value_get_str(m->values, "collaborator");
    if (code.n > 0) {
        Str court = viewer_post(cx->arena, STR("court"), code);
        listing_write(plan->script, court, STR("court"), m->arrived, m, due);
        if (plan->search_stale) {
            listing_search_write(cx, plan->script, court, m);
        }
    }
}

static void list_court(struct cx *cx, struct plan *plan, const struct matter *m,
                       const struct state *state, Instant due)
{
    Str court = viewer_post(cx->arena, STR("court"), m->court);
    listing_write(plan->script, court, STR("court"), m->arrived, m, due);
    if (plan->search_stale) {
        listing_search_write(cx, plan->script, court, m);
    }
    for (uint32_t i = 0; i < state->wait_count; i++) {
        if (state->waits[i].kind != ACTOR_PARTY) {
            Str viewer = viewer_of_rule(cx->arena, plan->tables, m, &state->waits[i]);
            listing_write(plan->script, viewer, STR("todo"), due == 0 ? INT64_MAX : due, m, due);
        }
    }
}

static void tell(struct cx *cx, struct plan *plan, const struct change *change, Str viewer)
{
    const struct matter *m = change->after;
    struct notice notice = {
        .id = plan_id(plan),
        .viewer = viewer,
        .matter = m->id,
        .event = m->events,
        .kind = str_of(change->act),
        .title = str_of(change->title),
        .text = m->title,
        .at = plan->now,
    };
    (void)cx;
    notice_write(plan->script, &notice);
}

static void tell_all(struct cx *cx, struct plan *plan, const struct change *change)
{
    const struct matter *m = change->after;
    for (uint32_t i = 0; i < change->tell_count; i++) {
        const struct actor_rule *rule = &change->tells[i];
        if (rule->kind != ACTOR_PARTY) {
            tell(cx, plan, change, viewer_of_rule(cx->arena, plan->tables, m, rule));
        }
        for (uint32_t k = 0; rule->kind == ACTOR_PARTY && k < m->attachment_count; k++) {
            const struct attachment *a = &m->attachments[k];
            if (a->until == 0 && str_is(a->role, rule->name)) {
                tell(cx, plan, change, viewer_person(cx->arena, a->person));
            }
        }
    }
}

/* Search rows only grow: they are written when a name or a viewer may be new. */
static bool search_is_stale(const struct matter *before, const struct matter *after)
{
    return before == NULL || (before->events == 0) != (after->events == 0) ||
           !str_same(before->title, after->title) ||
           !str_same(before->case_number, after->case_number) ||
           before->party_count != after->party_count ||
           before->attachment_count != after->attachment_count;
}

void lists_write(struct cx *cx, struct plan *plan, const struct change *change)
{
    const struct matter *m = change->after;
    const struct state *state = procedure_state(change->procedure, m->state);
    Instant due = nearest_due(m);
    plan->search_stale = search_is_stale(change->before, m);
    listing_clear(plan->script, m->id);
    list_people(cx, plan, m, state, due);
    if (m->events > 0) {
        list_court(cx, plan, m, state, due);
        list_collaborator(cx, plan, m, due);
    }
    if (change->act != NULL) {
        tell_all(cx, plan, change);
    }
}
