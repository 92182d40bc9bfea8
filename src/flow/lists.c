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

/* Where the matter stands in lists; a place given twice is written once. */
struct places {
    struct listing_place *all;
    uint32_t count;
    Instant due;
};

static void place_add(struct places *places, Str viewer, Str box, int64_t sort_key)
{
    places->all[places->count++] = (struct listing_place){viewer, box, sort_key};
}

static void list_person(struct cx *cx, struct places *places, const struct matter *m, Id person,
                        bool todo)
{
    Str viewer = viewer_person(cx->arena, person);
    place_add(places, viewer, STR("mine"), -m->updated);
    if (todo) {
        place_add(places, viewer, STR("todo"), places->due == 0 ? INT64_MAX : places->due);
    }
}

static void list_people(struct cx *cx, struct places *places, const struct matter *m,
                        const struct state *state)
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
            list_person(cx, places, m, a->person, todo);
            owner_listed = owner_listed || a->person == m->owner;
        }
    }
    if (!owner_listed && m->events == 0 && m->owner != 0) {
        list_person(cx, places, m, m->owner, false);
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
static void list_collaborator(struct cx *cx, struct places *places, const struct matter *m)
{
    Str code = value_get_str(m->values, "collaborator");
    if (code.n > 0) {
        place_add(places, viewer_post(cx->arena, STR("court"), code), STR("court"), m->arrived);
    }
}

static void list_court(struct cx *cx, struct places *places, const struct law_tables *tables,
                       const struct matter *m, const struct state *state)
{
    place_add(places, viewer_post(cx->arena, STR("court"), m->court), STR("court"), m->arrived);
    for (uint32_t i = 0; i < state->wait_count; i++) {
        if (state->waits[i].kind != ACTOR_PARTY) {
            place_add(places, viewer_of_rule(cx->arena, tables, m, &state->waits[i]), STR("todo"),
                      places->due == 0 ? INT64_MAX : places->due);
        }
    }
}

static void tell_all(struct cx *cx, struct plan *plan, const struct change *change)
{
    const struct matter *m = change->after;
    Str *viewers =
        arena_array(cx->arena, Str, (size_t)change->tell_count * (1 + m->attachment_count));
    uint32_t count = 0;
    for (uint32_t i = 0; i < change->tell_count; i++) {
        const struct actor_rule *rule = &change->tells[i];
        if (rule->kind != ACTOR_PARTY) {
            viewers[count++] = viewer_of_rule(cx->arena, plan->tables, m, rule);
        }
        for (uint32_t k = 0; rule->kind == ACTOR_PARTY && k < m->attachment_count; k++) {
            const struct attachment *a = &m->attachments[k];
            if (a->until == 0 && str_is(a->role, rule->name)) {
                viewers[count++] = viewer_person(cx->arena, a->person);
            }
        }
    }
    struct notice notice = {
        .id = plan_ids(plan, count),
        .matter = m->id,
        .event = m->events,
        .kind = str_of(change->act),
        .title = str_of(change->title),
        .text = change->told.n == 0 ? m->title
                                    : str_printf(cx->arena, "%s：%s", m->title.p, change->told.p),
        .at = plan->now,
    };
    notice_write_all(plan->script, &notice, viewers, count);
}

static bool names_are_same(const struct matter *a, const struct matter *b)
{
    bool same = a->party_count == b->party_count && str_same(a->title, b->title) &&
                str_same(a->case_number, b->case_number);
    for (uint32_t i = 0; same && i < a->party_count; i++) {
        same = str_same(a->parties[i].name, b->parties[i].name);
    }
    return same;
}

/* Search rows only grow: they are written when a name or the court is new. A draft has none. */
static bool search_is_stale(const struct matter *before, const struct matter *after)
{
    return after->events > 0 &&
           (before == NULL || before->events == 0 || !str_same(before->court, after->court) ||
            !names_are_same(before, after));
}

const struct listing_place *lists_places(struct cx *cx, const struct law_tables *tables,
                                         const struct state *state, const struct matter *m,
                                         Instant *due, uint32_t *count)
{
    size_t most = 2 * ((size_t)m->attachment_count + 2) + state->wait_count;
    struct places places = {.all = arena_array(cx->arena, struct listing_place, most),
                            .due = nearest_due(m)};
    list_people(cx, &places, m, state);
    if (m->events > 0) {
        list_court(cx, &places, tables, m, state);
        list_collaborator(cx, &places, m);
    }
    *due = places.due;
    *count = places.count;
    return places.all;
}

void lists_write(struct cx *cx, struct plan *plan, const struct change *change)
{
    const struct matter *m = change->after;
    Instant due = 0;
    uint32_t count = 0;
    const struct listing_place *places = lists_places(
        cx, plan->tables, procedure_state(change->procedure, m->state), m, &due, &count);
    listing_write(plan->script, m, change->before == NULL, due, places, count);
    if (search_is_stale(change->before, m)) {
        listing_search_write(cx, plan->script, m);
    }
    if (change->act != NULL && plan->signed_ahead == NULL) { /* of many, one is told: at the end */
        tell_all(cx, plan, change);
    }
}
