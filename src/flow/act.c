#include "flow/act.h"

#include <inttypes.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "flow/authority.h"
#include "flow/element_form.h"
#include "flow/form.h"
#include "flow/renewal.h"
#include "flow/rule.h"
#include "flow/values.h"

/* --- seeing --- */

enum status typed_ask(struct cx *cx, struct sql *sql, Id matter, Id person, struct rows *rows)
{
    return sql_later(
        cx, sql,
        SQL("SELECT act, field_values FROM typed WHERE matter = ?1 AND person = ?2 ORDER BY act"),
        ARGS(SQL_I(matter), SQL_I(person)), rows);
}

enum status typed_open(struct cx *cx, const struct house *house, const struct rows *rows,
                       struct seen *seen)
{
    seen->typed = value_map(cx->arena);
    for (uint32_t i = 0; i < rows->count; i++) {
        struct matter as = *seen->matter;
        struct value *clear = NULL;
        TRY(json_row_read(cx, row_str(rows, i, 1), &as.values));
        TRY(values_open(cx, house, seen->procedure, &as, &clear));
        value_set_key(cx->arena, seen->typed, row_str(rows, i, 0), clear);
    }
    return OK;
}

enum status matter_admit(struct cx *cx, const struct house *house, const struct actor *actor, Id id,
                         struct seen *seen)
{
    const struct matter *m = seen->matter;
    seen->procedure = m == NULL ? NULL
                                : procedure_find(house->procedures, m->procedure,
                                                 m->events == 0 ? 0 : (int)m->version);
    if (m != NULL && seen->procedure == NULL) {
        return FAIL(cx, E_BUG, "bug", "no procedure %.*s version %" PRId64, STR_ARG(m->procedure),
                    m->version);
    }
    if (m == NULL || !authority_sees(actor, m, seen->procedure, house->tables(house->tables_arg))) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "matter %" PRId64 ": absent or not visible", id);
    }
    return OK;
}

enum status matter_open(struct cx *cx, const struct house *house, struct sql *sql,
                        struct seen *seen)
{
    seen->renewed = false;
    seen->renewal = NULL;
    seen->behind = NULL;
    return seen->matter->events == 0
               ? renewal_see(cx, house, sql, seen)
               : values_open(cx, house, seen->procedure, seen->matter, &seen->clear);
}

enum status handover_see(struct cx *cx, struct sql *sql, struct seen *seen)
{
    seen->handover = NULL;
    return seen->procedure->rung_count > 0 && seen->matter->events > 0
               ? handover_find(cx, sql, seen->matter->id, &seen->handover)
               : OK;
}

enum status matter_see(struct cx *cx, const struct house *house, struct sql *sql,
                       const struct actor *actor, Id id, struct seen *out)
{
    struct rows typed = {0};
    out->kept = NULL;
    if (actor->person != 0) {
        TRY(typed_ask(cx, sql, id, actor->person, &typed));
    }
    TRY(matter_find(cx, sql, id, &out->matter));
    TRY(matter_admit(cx, house, actor, id, out));
    TRY(handover_see(cx, sql, out));
    TRY(matter_open(cx, house, sql, out));
    return actor->person == 0 ? OK : typed_open(cx, house, &typed, out);
}

struct matter_look {
    const struct house *house;
    const struct actor *actor;
    Id matter;
    struct seen *seen;
};

static enum status matter_look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct matter_look *look = arg;
    return matter_see(cx, look->house, sql, look->actor, look->matter, look->seen);
}

enum status matter_look(struct cx *cx, const struct house *house, const struct actor *actor,
                        Id matter, struct seen *out)
{
    struct matter_look look = {house, actor, matter, out};
    *out = (struct seen){0};
    return store_read(cx, house->store, matter_look_read, &look);
}

/* --- one look at the world for an act --- */

struct look {
    const struct house *house;
    const struct actor *actor;
    Id matter;
    struct seen seen;
    /* an earlier use of the key */
    Str once_actor, once_route, once_key;
    Hash once_request;
    bool was_used;
    bool other_request;
    int64_t used_event;
    int64_t revision; /* whose values are wanted, or -1 */
    struct value *values_then;
    struct value *changed_by; /* group to {"by","at"} since then */
};

/* Asked for with the matter, in one round trip. */
static enum status once_ask(struct cx *cx, struct sql *sql, const struct look *look,
                            struct rows *rows)
{
    return look->once_key.n == 0 ? OK
                                 : sql_later(cx, sql,
                                             SQL("SELECT request, event FROM once "
                                                 "WHERE actor = ?1 AND route = ?2 AND key = ?3"),
                                             ARGS(SQL_S(look->once_actor), SQL_S(look->once_route),
                                                  SQL_S(look->once_key)),
                                             rows);
}

static void once_see(struct look *look, const struct rows *rows)
{
    if (rows->count == 1) {
        Str request = row_str(rows, 0, 0);
        look->was_used = true;
        look->used_event = row_int(rows, 0, 1);
        look->other_request =
            request.n != HASH_BYTES || memcmp(request.p, look->once_request.b, HASH_BYTES) != 0;
    }
}

/* The values as the caller saw them: the events up to that revision, laid on each other. */
static enum status history_look(struct cx *cx, struct sql *sql, struct look *look)
{
    struct rows rows = {0};
    const struct matter *m = look->seen.matter;
    if (look->revision < 0 || look->revision >= m->revision || m->events == 0) {
        return OK;
    }
    TRY(sql_query(cx, sql, SQL("SELECT revision, body FROM event WHERE matter = ?1 ORDER BY n"),
                  ARGS(SQL_I(m->id)), &rows));
    struct value *projection = value_map(cx->arena);
    look->changed_by = value_map(cx->arena);
    for (uint32_t i = 0; i < rows.count; i++) {
        struct value *body = NULL;
        TRY(json_row_read(cx, row_str(&rows, i, 1), &body));
        const struct value *change = value_get(body, "change");
        if (row_int(&rows, i, 0) <= look->revision) {
            projection = projection_apply(cx->arena, projection, change);
            continue;
        }
        const struct value *groups = value_get(change, "values");
        for (uint32_t k = 0; k < value_count(groups); k++) {
            value_set_key(cx->arena, look->changed_by, groups->as.members[k].key, body);
        }
    }
    struct matter then = *m;
    then.values = value_copy(cx->arena, value_get(projection, "values"));
    return values_open(cx, look->house, look->seen.procedure, &then, &look->values_then);
}

static enum status look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    struct rows once = {0};
    TRY(once_ask(cx, sql, look, &once));
    TRY(matter_see(cx, look->house, sql, look->actor, look->matter, &look->seen));
    once_see(look, &once);
    return history_look(cx, sql, look);
}

/* --- refusals in order --- */

static enum status act_allowed(struct cx *cx, const struct house *house,
                               const struct act_request *request, const struct seen *seen,
                               const struct act **out)
{
    const struct act *act = procedure_act(seen->procedure, request->act);
    const struct matter *m = seen->matter;
    int state = procedure_state_index(seen->procedure, m->state);
    if (act == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no act %.*s in %s", STR_ARG(request->act),
                    seen->procedure->name);
    }
    if (!authority_may(request->actor, m, act, house->tables(house->tables_arg))) {
        return FAIL(cx, E_DENIED, "denied", "act %s is not this actor's", act->name);
    }
    if (authority_assists(request->actor, m)) {
        return FAIL(cx, E_DENIED, "draft-of-another", "an assistant takes no act");
    }
    if (state < 0 || (act->from & (UINT32_C(1) << state)) == 0) {
        cx_arg(cx, "now",
               str_printf(cx->arena, "现在是“%s”，不能办理“%s”。",
                          state < 0 ? "" : seen->procedure->states[state].title, act->title));
        return FAIL(cx, E_STATE, "state", "act %s not in state %.*s", act->name, STR_ARG(m->state));
    }
    if (act->automatic != AUTOMATIC_NOT && automatic_is_done(seen, act)) {
        return FAIL(cx, E_STATE, "state", "rung of act %s is reached", act->name);
    }
    *out = act;
    return OK;
}

/* Deciding acts of staff must say what they saw; a draft on one's own desk decides nothing. */
static bool must_say_revision(const struct act *act, const struct actor *actor,
                              const struct matter *m)
{
    return act->to >= 0 && actor->post.n > 0 && !actor->system && m->events > 0;
}

static enum status conflicts_check(struct cx *cx, const struct act_request *request,
                                   const struct look *look, const struct value *said,
                                   const struct act *act)
{
    const struct matter *m = look->seen.matter;
    bool decides = must_say_revision(act, request->actor, m);
    struct value *list = value_list(cx->arena);
    if (decides && request->revision < 0) {
        (void)cx_error(cx, "revision", "missing", "请带上您看到的版本号（revision）");
        return FAIL(cx, E_INPUT, "fields", "a deciding act without revision");
    }
    if (request->revision < 0 || request->revision >= m->revision) {
        return OK;
    }
    for (uint32_t i = 0; i < m->groups->count; i++) {
        Str group = m->groups->as.members[i].key;
        const struct value *theirs = value_get_key(look->seen.clear, group);
        const struct value *mine = value_get_key(said, group);
        bool newer = value_as_int(m->groups->as.members[i].value) > request->revision;
        if (!newer || (!decides && mine == NULL)) {
            continue;
        }
        const struct value *yours = decides ? value_get_key(look->values_then, group)
                                            : values_merge(cx->arena, theirs, mine);
        if (!decides && !value_is_map(mine)) {
            yours = mine;
        }
        uint32_t from = list->count;
        values_diff(cx->arena, group, yours, theirs, list);
        const struct value *body = value_get_key(look->changed_by, group);
        for (uint32_t k = from; k < list->count; k++) {
            value_set(cx->arena, list->as.items[k], "by",
                      value_get(value_get(body, "actor"), "name"));
            value_set_str(
                cx->arena, list->as.items[k], "at",
                instant_format(cx->arena, body == NULL ? m->updated : value_get_int(body, "at")));
        }
    }
    if (list->count == 0) {
        return OK;
    }
    cx->failure.conflicts = list;
    return FAIL(cx, E_STATE, "conflict", "changed since revision %" PRId64, request->revision);
}

static enum status files_check(struct cx *cx, const struct matter *m, const struct act *act)
{
    for (uint32_t i = 0; i < m->material_count; i++) {
        const struct material *file = &m->materials[i];
        for (uint32_t k = 0; k < act->material_count; k++) {
            if (file->removed == 0 && str_is(file->kind, act->materials[k].kind) &&
                (str_is(file->status, "checking") || str_is(file->status, "refused"))) {
                return FAIL(cx, E_STATE,
                            str_is(file->status, "checking") ? "files-being-checked"
                                                             : "files-refused",
                            "material %" PRId64 " is %.*s", file->n, STR_ARG(file->status));
            }
        }
    }
    return OK;
}

static bool accepted(const struct act_request *request, Str code)
{
    bool found = request->accept_all;
    for (uint32_t i = 0; i < value_count(request->accept); i++) {
        found = found || str_same(value_as_str(value_item(request->accept, i)), code);
    }
    return found;
}

static enum status errors_refuse(struct cx *cx)
{
    uint32_t count = value_count(cx->failure.errors);
    if (count == 0) {
        return OK;
    }
    cx_arg(cx, "count", str_printf(cx->arena, "%u", count));
    return FAIL(cx, E_INPUT, "fields", "%u errors", count);
}

static enum status rules_check(struct cx *cx, struct ask *ask, const struct seen *seen,
                               const struct act_request *request)
{
    const struct act *act = ask->act;
    for (uint32_t i = 0; i < act->hard_count; i++) {
        TRY(act->hard[i]->guard(cx, ask, act->hard[i]));
    }
    TRY(errors_refuse(cx));
    TRY(files_check(cx, ask->matter, act));
    ask->soft = true;
    renewal_warn(cx, seen);
    for (uint32_t i = 0; i < act->soft_count; i++) {
        TRY(act->soft[i]->guard(cx, ask, act->soft[i]));
    }
    ask->warned = cx->failure.warnings;
    struct value *open = value_list(cx->arena);
    for (uint32_t i = 0; i < value_count(cx->failure.warnings); i++) {
        const struct value *warning = value_item(cx->failure.warnings, i);
        if (!accepted(request, value_get_str(warning, "code"))) {
            value_add(cx->arena, open, warning);
        }
    }
    cx->failure.warnings = open->count == 0 ? NULL : open;
    return open->count == 0 ? OK : FAIL(cx, E_WARN, "warnings", "%u warnings", open->count);
}

/* --- preparing --- */

static const struct value *said_of(struct cx *cx, const struct seen *seen,
                                   const struct act_request *request)
{
    const struct value *said = request->values;
    if (request->from_form) {
        said = fields_from_form(cx->arena, seen->procedure->elements,
                                seen->procedure->element_count, said);
    }
    const struct value *typed = value_get_key(seen->typed, request->act);
    if (typed != NULL) {
        said = values_merge(cx->arena, typed, said);
    }
    return values_unmask(cx, seen->procedure, said, seen->clear);
}

/* What of the merged values belongs to the form being checked; unknown names of what was said stay
 * in, so that they are reported. */
static struct value *values_of_form(struct arena *arena, const struct form *form,
                                    const struct value *merged, const struct value *said)
{
    struct value *picked = value_map(arena);
    for (uint32_t i = 0; i < value_count(merged); i++) {
        Str key = merged->as.members[i].key;
        bool follows = str_is(key, "claim") && value_get(merged->as.members[i].value, "form");
        if (field_find(form->fields, form->field_count, key) != NULL ||
            (value_get_key(said, key) != NULL && !follows)) {
            value_set_key(arena, picked, key, merged->as.members[i].value);
        }
    }
    return picked;
}

/* Only an act that asks the elements says what follows from them: a court that decides later finds
 * the claim as it was made. */
static bool act_asks_forms(const struct act *act)
{
    for (uint32_t i = 0; i < act->form_count; i++) {
        if (act->form[i]->forms[0] != '\0') {
            return true;
        }
    }
    return false;
}

static enum status plan_effects(struct cx *cx, struct plan *plan, const struct act *act)
{
    for (uint32_t i = 0; i < act->effect_count; i++) {
        TRY(act->effects[i]->effect(cx, plan));
    }
    return OK;
}

/* Whoever hands a matter in stays part of it, also when no effect has said in which capacity: in
 * the first role that may take the act. */
static void owner_attach(struct cx *cx, const struct plan *plan, struct matter *m,
                         const struct act *act)
{
    if (m->owner == 0) { /* begun by a follower: nobody is known */
        return;
    }
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        if (m->attachments[i].person == m->owner && m->attachments[i].until == 0) {
            return;
        }
    }
    for (uint32_t i = 0; i < act->by_count; i++) {
        if (act->by[i].kind == ACTOR_PARTY) {
            struct attachment *a = matter_add_attachment(cx->arena, m);
            a->person = m->owner;
            a->role = str_of(act->by[i].name);
            a->how = STR("began");
            a->authority = STR("");
            a->since = plan->now;
            return;
        }
    }
}

static void change_act(struct cx *cx, struct change *change, const struct ask *ask)
{
    const struct act *act = ask->act;
    const char **papers = arena_array(cx->arena, const char *, act->paper_count);
    const char **eaches = arena_array(cx->arena, const char *, act->paper_count);
    change->act = act->name;
    change->title = act->title;
    change->act_index = act->index;
    bool drill =
        value_get_int(ask->values, "drill") != 0; /* nobody is served with a drill's papers */
    for (uint32_t i = 0; i < act->paper_count && !drill; i++) {
        if (condition_holds(&act->paper_when[i], ask->values) &&
            form_offers(ask, act->paper_offered[i])) {
            eaches[change->paper_count] = act->paper_each[i];
            papers[change->paper_count++] = act->papers[i];
        }
    }
    change->papers = papers;
    change->paper_each = eaches;
    change->tells = act->tells;
    change->tell_count = act->tell_count;
    change->report = act->report;
    if (act->to >= 0) {
        change->after->state = str_of(ask->procedure->states[act->to].name);
    }
}

static enum status plan_of(struct cx *cx, const struct look *look,
                           const struct act_request *request, struct ask *ask,
                           const struct value *clear, struct plan **out)
{
    struct plan *plan = NULL;
    TRY(plan_new(cx, look->house, request->actor, ask->now, look->seen.matter, &plan));
    plan->signed_ahead = request->signed_ahead;
    struct change *change = plan_change(cx, plan, look->seen.procedure, look->seen.matter);
    change->clear = look->seen.clear;
    if (look->seen.matter->events == 0) {
        change->after->version = look->seen.procedure->version; /* pinned at its first act */
        renewal_settle(cx, plan, &look->seen, change);
    }
    TRY(change_values(cx, plan, change, clear));
    change_act(cx, change, ask);
    if (ask->warned != NULL) { /* what the court should look at, and the filer knew */
        change->extra = value_map(cx->arena);
        value_set(cx->arena, change->extra, "accepted", ask->warned);
    }
    if (request->seen_by != NULL) {
        struct value *by = value_map(cx->arena);
        value_set_str(cx->arena, by, "name", request->seen_by->name);
        value_set_str(cx->arena, by, "post", request->seen_by->post);
        value_set_str(cx->arena, by, "court", request->seen_by->court);
        value_set_int(cx->arena, by, "person", request->seen_by->person);
        change->extra = value_merge(cx->arena, change->extra, NULL);
        value_set(cx->arena, change->extra, "seen_by", by);
    }
    if (request->arrived != 0) {
        arrival_say(cx, change, request->began, request->arrived);
    }
    if (request->about != 0) {
        struct link_row *link = matter_add_link(cx->arena, change->after);
        link->other = request->about;
        link->rel = STR("about");
    }
    for (uint32_t i = 0; i < change->after->clock_count; i++) {
        struct clock_row *clock = &change->after->clocks[i];
        if (request->breach_clock != 0 && clock->n == request->breach_clock) {
            clock->breached = ask->now;
            clock->wake = 0;
        }
    }
    TRY(plan_effects(cx, plan, ask->act));
    TRY(plan_room(cx, plan));
    if (look->seen.matter->events == 0) {
        owner_attach(cx, plan, change->after, ask->act);
        TRY(assistants_leave(cx, plan, change));
    }
    if (look->seen.matter->events > 0) { /* a draft keeps what is typed in itself */
        script_add(
            plan->script, SQL("DELETE FROM typed WHERE matter = ?1 AND act = ?2 AND person = ?3"),
            ARGS(SQL_I(request->matter), SQL_C(ask->act->name), SQL_I(request->actor->person)));
    }
    TRY(assign_reviewer(cx, plan, change));
    plan_once(plan, look->once_actor, look->once_route, look->once_key, look->once_request);
    if (plan->number_got == NULL) {
        TRY(plan_seal(cx, plan));
    }
    *out = plan;
    return OK;
}

static void look_for(struct cx *cx, const struct house *house, const struct act_request *request,
                     struct look *look)
{
    *look = (struct look){.house = house,
                          .actor = request->actor,
                          .matter = request->matter,
                          .revision = request->revision,
                          .once_key = request->key,
                          .once_request = request->request};
    look->once_actor =
        request->actor->system ? STR("system") : viewer_person(cx->arena, request->actor->person);
    look->once_route =
        str_printf(cx->arena, "%" PRId64 "/%.*s", request->matter, STR_ARG(request->act));
}

enum status act_prepare(struct cx *cx, const struct house *house, const struct act_request *request,
                        struct plan **out, int64_t *replayed_event)
{
    struct look look;
    const struct act *act = NULL;
    look_for(cx, house, request, &look);
    *out = NULL;
    TRY(store_read(cx, house->store, look_read, &look));
    if (look.was_used) {
        *replayed_event = look.used_event;
        return look.other_request ? FAIL(cx, E_INPUT, "key-reused", "same key, another request")
                                  : OK;
    }
    const struct seen *seen = &look.seen;
    TRY(act_allowed(cx, house, request, seen, &act));
    const struct value *said = said_of(cx, seen, request);
    TRY(conflicts_check(cx, request, &look, said, act));
    const struct law_tables *tables = house->tables(house->tables_arg);
    Instant now = request->signed_ahead != NULL ? request->arrived
                                                : arrival_moment(request->arrived, seen->matter);
    struct value *merged = values_merge(cx->arena, seen->clear, said);
    bool derives = act_asks_forms(act);
    if (derives) {
        merged = element_form_derive(cx, seen->procedure, tables, merged, instant_date(now));
    }
    struct ask ask = {.house = house,
                      .tables = tables,
                      .procedure = seen->procedure,
                      .act = act,
                      .matter = seen->matter,
                      .actor = request->actor,
                      .values = merged,
                      .stands = seen->clear,
                      .now = now,
                      .signed_ahead = request->signed_ahead != NULL};
    struct form form;
    form_offered(cx, &ask, &form);
    struct value *normal =
        form_check(cx, &ask, &form, values_of_form(cx->arena, &form, merged, said));
    TRY(errors_refuse(cx));
    struct value *clear = value_merge(cx->arena, seen->clear, NULL);
    for (uint32_t i = 0; i < normal->count; i++) {
        value_set_key(cx->arena, clear, normal->as.members[i].key, normal->as.members[i].value);
    }
    if (derives) {
        clear = element_form_derive(cx, seen->procedure, tables, clear, instant_date(now));
    }
    ask.values = clear;
    TRY(rules_check(cx, &ask, seen, request));
    return plan_of(cx, &look, request, &ask, clear, out);
}
