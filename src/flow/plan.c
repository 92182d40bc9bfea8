/* HOW IT WORKS. Before the transaction: what an act changes stands in plan->changes. plan_seal()
 * closes each change into one event: clocks, papers, the projection before and after, their
 * difference as the event's body, its hash linked to the matter's head, a leaf for the log, the
 * lists people see. Inside the transaction plan_apply() claims the key and the matters by revision
 * and runs the statements. */
#include "flow/plan.h"

#include <inttypes.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "flow/answer_period.h"
#include "flow/diary.h"
#include "flow/rule.h"
#include "flow/values.h"
#include "record/contact.h"
#include "seal/receipt.h"

void ask_complain(struct cx *cx, struct ask *ask, const struct rule *rule, const char *field,
                  const char *title)
{
    struct value *entry = ask->soft ? cx_warning(cx, field, rule->name, title)
                                    : cx_error(cx, field, rule->name, title);
    if (rule->law[0] != '\0') {
        value_set_text(cx->arena, entry, "law", rule->law);
    }
    ask->complaints += 1;
}

enum { IDS_BASE = 32, IDS_PER_PERSON = 2 };

enum status plan_new(struct cx *cx, const struct house *house, const struct actor *actor,
                     Instant now, const struct matter *matter, struct plan **out)
{
    struct plan *plan = arena_new(cx->arena, struct plan);
    plan->house = house;
    plan->tables = house->tables(house->tables_arg);
    plan->actor = actor;
    plan->now = now;
    plan->script = script_new(cx->arena);
    uint32_t people = matter == NULL ? 0 : matter->attachment_count;
    uint32_t ids = IDS_BASE + IDS_PER_PERSON * people;
    TRY(sequence_take(cx, house->sequence, ids, &plan->next_id));
    plan->end_id = plan->next_id + ids;
    *out = plan;
    return OK;
}

/* The list that a paper is made for each item of; NULL: it is made once. */
static const struct value *copies_of(const struct change *change, uint32_t i)
{
    const char *each = change->paper_each == NULL ? "" : change->paper_each[i];
    return each[0] == '\0' ? NULL : value_get(change->inputs, each);
}

/* Each copy of a paper is a job with an id of its own. */
enum status plan_room(struct cx *cx, struct plan *plan)
{
    uint32_t copies = 0;
    for (uint32_t i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        for (uint32_t k = 0; k < change->paper_count; k++) {
            copies += value_count(copies_of(change, k));
        }
    }
    if (copies == 0) {
        return OK;
    }
    uint32_t ids = (uint32_t)(plan->end_id - plan->next_id) + copies;
    TRY(sequence_take(cx, plan->house->sequence, ids, &plan->next_id));
    plan->end_id = plan->next_id + ids;
    return OK;
}

Id plan_id(struct plan *plan)
{
    return plan_ids(plan, 1);
}

Id plan_ids(struct plan *plan, uint32_t count)
{
    Id first = plan->next_id;
    check(count <= plan->end_id - first);
    plan->next_id += count;
    return first;
}

struct change *plan_change(struct cx *cx, struct plan *plan, const struct procedure *procedure,
                           const struct matter *before)
{
    check(plan->change_count < PLAN_CHANGES_MAX);
    struct change *change = &plan->changes[plan->change_count++];
    change->procedure = procedure;
    change->before = before;
    change->after = matter_copy(cx->arena, before);
    change->after->updated = plan->now;
    change->act_index = UINT32_MAX;
    return change;
}

enum status plan_open(struct cx *cx, struct plan *plan, const struct procedure *procedure,
                      Str court, Id owner, struct change **out)
{
    check(plan->change_count < PLAN_CHANGES_MAX);
    SealKey key;
    struct matter *m = arena_new(cx->arena, struct matter);
    char follow[13];
    TRY(seal_key_new(cx, plan->house->keys, &key, &m->wrapped_key));
    random_code(follow, sizeof follow - 1);
    m->id = plan_id(plan);
    m->procedure = str_of(procedure->name);
    m->version = procedure->version;
    m->state = str_of(procedure->states[procedure->first_state].name);
    m->court = court;
    m->title = str_of(procedure->title);
    m->owner = owner;
    m->values = value_map(cx->arena);
    m->groups = value_map(cx->arena);
    m->follow_code = str_copy(cx->arena, follow, sizeof follow - 1);
    m->created = plan->now;
    m->updated = plan->now;
    struct change *change = &plan->changes[plan->change_count++];
    change->procedure = procedure;
    change->after = m;
    change->clear = m->values;
    change->act_index = UINT32_MAX;
    *out = change;
    return OK;
}

void plan_number(struct plan *plan, Str court, int year, Str type,
                 void (*got)(struct cx *cx, struct plan *plan, int64_t serial))
{
    check(plan->number_got == NULL);
    plan->number_court = court;
    plan->number_year = year;
    plan->number_type = type;
    plan->number_got = got;
}

void plan_once(struct plan *plan, Str actor, Str route, Str key, Hash request)
{
    plan->once_actor = actor;
    plan->once_route = route;
    plan->once_key = key;
    plan->once_request = request;
}

Hash plan_blind(const struct plan *plan, Str number)
{
    return keys_blind(plan->house->keys, "identity", number);
}

Str values_digest(struct arena *arena, const struct value *values)
{
    return hash_hex(arena, hash_str(json_canonical(arena, values)));
}

Str material_digest(struct arena *arena, const struct material *material)
{
    return hash_hex(arena, material->sm3);
}

struct value *change_inputs(struct cx *cx, struct change *change)
{
    if (change->inputs == NULL) {
        change->inputs = value_map(cx->arena);
    }
    return change->inputs;
}

enum status change_values(struct cx *cx, struct plan *plan, struct change *change,
                          const struct value *clear)
{
    struct matter *m = change->after;
    struct value *old_clear = NULL;
    struct value *sealed = NULL;
    TRY(values_open(cx, plan->house, change->procedure, m, &old_clear));
    TRY(values_seal(cx, plan->house, change->procedure, m, clear, old_clear, m->values, &sealed));
    struct value *groups = value_merge(cx->arena, m->groups, NULL);
    for (uint32_t i = 0; i < value_count(clear); i++) {
        Str group = clear->as.members[i].key;
        if (!value_same(clear->as.members[i].value, value_get_key(old_clear, group))) {
            value_set_key(cx->arena, groups, group, value_int(cx->arena, m->revision + 1));
        }
    }
    m->groups = groups;
    m->values = sealed;
    change->clear = clear;
    return OK;
}

/* --- sealing --- */

static struct value *actor_view(struct arena *arena, const struct actor *actor)
{
    struct value *view = value_map(arena);
    value_set_text(arena, view, "kind",
                   actor->system ? "system" : (actor->post.n > 0 ? "staff" : "person"));
    value_set_str(arena, view, "name", actor->system ? STR("系统") : actor->name);
    value_set(arena, view, "post", actor->post.n == 0 ? NULL : value_str(arena, actor->post));
    value_set(arena, view, "court", actor->post.n == 0 ? NULL : value_str(arena, actor->court));
    value_set_int(arena, view, "person", actor->person);
    return view;
}

/* For whom an agent acts: the names of the parties of the side the attachment stands for. */
static struct value *acts_for(struct arena *arena, const struct matter *m,
                              const struct actor *actor)
{
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        const struct attachment *a = &m->attachments[i];
        if (a->person != actor->person || a->until != 0 || !str_is(a->role, "litigation-agent")) {
            continue;
        }
        for (uint32_t k = 0; k < m->party_count; k++) {
            if (m->parties[k].n == a->party) {
                return value_str(arena, m->parties[k].name);
            }
        }
    }
    return NULL;
}

/* copy: what this one of several says otherwise than the others; NULL: it is the only one. */
static enum status paper_add(struct cx *cx, struct plan *plan, struct change *change,
                             const char *kind, const struct value *said, const struct value *copy)
{
    const struct value *known = value_get(plan->house->papers, kind);
    struct value *inputs = value_merge(cx->arena, said, copy);
    Str recipient = value_get_str(copy, "recipient");
    char code[13];
    struct paper *paper = matter_add_paper(cx->arena, change->after);
    random_code(code, sizeof code - 1);
    paper->kind = str_of(kind);
    paper->title = value_get_str(known, "title");
    if (recipient.n > 0) {
        paper->title = str_printf(cx->arena, "%s（%s）", paper->title.p, recipient.p);
    }
    paper->number = change->after->case_number;
    paper->event = change->after->events;
    paper->at = plan->now;
    paper->seal = value_get_bool(known, "sealed") ? change->after->court : STR("");
    paper->signer = STR("");
    if (change->signer.n > 0 && value_get_bool(known, "by_party")) {
        paper->signer = change->signer;
    }
    paper->code = str_copy(cx->arena, code, sizeof code - 1);
    check(hash_unhex(value_get_str(known, "sm3"), &paper->template_sm3));
    paper_inputs_name(cx, plan, paper, inputs);
    TRY(paper_inputs_seal(cx, plan->house, change->after, value_get(known, "needs"), inputs,
                          &paper->inputs));
    struct value *payload = value_map(cx->arena);
    value_set_int(cx->arena, payload, "matter", change->after->id);
    value_set_int(cx->arena, payload, "n", paper->n);
    script_add(plan->script,
               SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, last_error) "
                   "VALUES (?1, 'paper', ?2, 0, 0, 0, 'waiting', '')"),
               ARGS(SQL_I(plan_id(plan)), SQL_S(json_write(cx->arena, payload))));
    return OK;
}

static enum status papers_add(struct cx *cx, struct plan *plan, struct change *change)
{
    if (change->paper_count == 0) {
        return OK;
    }
    const struct value *said = paper_inputs(cx, plan, change);
    for (uint32_t i = 0; i < change->paper_count; i++) {
        const struct value *copies = copies_of(change, i);
        if (copies == NULL) {
            TRY(paper_add(cx, plan, change, change->papers[i], said, NULL));
        }
        for (uint32_t k = 0; k < value_count(copies); k++) {
            TRY(paper_add(cx, plan, change, change->papers[i], said, value_item(copies, k)));
        }
    }
    return OK;
}

/* Closes the change into an event: its text, and the matter's new head. *noted is what the row of
 * hand-overs takes from it. */
static Str event_close(struct cx *cx, struct plan *plan, struct change *change,
                       struct handover *noted, bool *is_handover)
{
    struct arena *arena = cx->arena;
    struct matter *m = change->after;
    bool first = change->before == NULL || change->before->events == 0;
    struct value *before = first ? NULL : matter_projection(arena, change->before);
    struct value *after = matter_projection(arena, m);
    struct value *actor = actor_view(arena, plan->actor);
    struct value *body = value_map(arena);
    value_set(arena, actor, "for", acts_for(arena, m, plan->actor));
    value_set_int(arena, body, "matter", m->id);
    value_set_int(arena, body, "n", m->events);
    value_set_int(arena, body, "at", plan->now);
    value_set_text(arena, body, "act", change->act);
    value_set_text(arena, body, "title", change->title);
    value_set(arena, body, "actor", actor);
    value_set_int(arena, body, "revision", m->revision);
    value_set(arena, body, "change", projection_change(arena, before, after));
    value_set_str(arena, body, "after", hash_hex(arena, projection_hash(arena, after)));
    if (change->report != NULL && change->report[0] != '\0') {
        value_set_text(arena, body, "report", change->report);
    }
    for (uint32_t i = 0; i < value_count(change->extra); i++) {
        const struct member *extra = &change->extra->as.members[i];
        value_set_key(arena, body, extra->key, extra->value);
    }
    *is_handover = handover_note(arena, noted, body, after);
    Str text = json_canonical(arena, body);
    m->head = hash_link(m->head, text);
    return text;
}

static void event_write(struct cx *cx, struct plan *plan, const struct change *change, Str text)
{
    struct arena *arena = cx->arena;
    const struct matter *m = change->after;
    Hash leaf = receipt_leaf(str_printf(arena, "%" PRId64, m->id), m->events, m->head);
    script_add(plan->script,
               SQL("INSERT INTO event (matter, n, at, act, revision, body, hash) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
               ARGS(SQL_I(m->id), SQL_I(m->events), SQL_I(plan->now), SQL_C(change->act),
                    SQL_I(m->revision), SQL_S(text),
                    SQL_B(arena_copy(arena, m->head.b, HASH_BYTES), HASH_BYTES)));
    script_add(plan->script,
               SQL("INSERT INTO leaf (matter, n, seq, hash, idx) VALUES (?1, ?2, ?3, ?4, NULL)"),
               ARGS(SQL_I(m->id), SQL_I(m->events), SQL_I(plan_id(plan)),
                    SQL_B(arena_copy(arena, leaf.b, HASH_BYTES), HASH_BYTES)));
}

static enum status change_seal(struct cx *cx, struct plan *plan, struct change *change)
{
    struct matter *m = change->after;
    bool acted = change->act != NULL;
    bool is_handover = false;
    struct handover noted = handover_none();
    Str event = {"", 0};
    m->revision = change->before == NULL ? 1 : change->before->revision + 1;
    if (acted) {
        m->events += 1;
        if (m->arrived == 0) {
            m->arrived = plan->now;
        }
        TRY(clocks_turn(cx, plan, change));
        TRY(papers_add(cx, plan, change));
        check(m->events == (change->before == NULL ? 1 : change->before->events + 1));
        ladder_say(cx, plan, change);
        diary_dates_write(cx, plan, change);
        answer_period_close(plan, change);
        event = event_close(cx, plan, change, &noted, &is_handover);
    }
    if (change->before == NULL) {
        matter_write_new(plan->script, cx->arena, m);
    } else {
        struct script *script = plan->claimed ? plan->script : script_new(cx->arena);
        change->claim = plan->claimed ? NULL : script;
        matter_write(script, cx->arena, m, plan->claimed ? m->revision : change->before->revision);
    }
    if (acted) {
        event_write(cx, plan, change, event); /* behind the matter, which may be new */
    }
    if (is_handover) {
        handover_write(plan->script, &noted);
    }
    if (acted && m->events == 1) {
        automatic_leave(cx, plan, change);
    }
    return OK;
}

enum status plan_seal(struct cx *cx, struct plan *plan)
{
    if (plan->sealed) {
        return OK;
    }
    for (uint32_t i = 0; i < plan->change_count; i++) {
        TRY(change_seal(cx, plan, &plan->changes[i]));
    }
    /* Rows behind all matters: a link names one that may be new itself. */
    for (uint32_t i = 0; i < plan->change_count; i++) {
        struct change *change = &plan->changes[i];
        matter_write_rows(plan->script, cx->arena, change->before, change->after);
        lists_write(cx, plan, change);
    }
    plan->event = plan->changes[0].after->events;
    plan->sealed = true;
    return OK;
}

/* --- the transaction --- */

/* Claims the key: replayed when somebody was first. What will come of it is known already. */
static enum status once_claim(struct cx *cx, struct sql *sql, struct plan *plan)
{
    int64_t changed = 0;
    struct rows seen = {0};
    const struct change *first = &plan->changes[0];
    int64_t events = first->before == NULL ? 0 : first->before->events;
    const struct sql_value request =
        SQL_B(arena_copy(cx->arena, plan->once_request.b, HASH_BYTES), HASH_BYTES);
    TRY(sql_exec(cx, sql,
                 SQL("INSERT INTO once (actor, route, key, request, status, matter, event, at) "
                     "VALUES (?1, ?2, ?3, ?4, 200, ?5, ?6, ?7) ON CONFLICT DO NOTHING"),
                 ARGS(SQL_S(plan->once_actor), SQL_S(plan->once_route), SQL_S(plan->once_key),
                      request, SQL_I(first->after->id), SQL_I(events + (first->act != NULL)),
                      SQL_I(plan->now))));
    TRY(sql_changed(cx, sql, &changed));
    if (changed == 1) {
        return OK;
    }
    TRY(sql_query(
        cx, sql,
        SQL("SELECT request, event, matter FROM once WHERE actor = ?1 AND route = ?2 AND key = ?3"),
        ARGS(SQL_S(plan->once_actor), SQL_S(plan->once_route), SQL_S(plan->once_key)), &seen));
    if (seen.count == 1 && !str_same(row_str(&seen, 0, 0), request.text)) {
        return FAIL(cx, E_INPUT, "key-reused", "same key, another request");
    }
    plan->replayed = true;
    plan->event = row_int(&seen, 0, 1);
    plan->replayed_matter = row_int(&seen, 0, 2);
    return OK;
}

/* One statement claims a matter and, once the plan is sealed, writes its row. */
static enum status matter_claim(struct cx *cx, struct sql *sql, const struct change *change)
{
    int64_t changed = 0;
    const struct matter *m = change->before;
    if (change->claim != NULL) {
        TRY(script_run(cx, sql, change->claim));
    } else {
        TRY(sql_exec(cx, sql, SQL(MATTER_CLAIM), ARGS(SQL_I(m->id), SQL_I(m->revision))));
    }
    TRY(sql_changed(cx, sql, &changed));
    if (changed != 1) {
        return FAIL(cx, E_AGAIN, "stale", "matter %" PRId64 " is no longer at revision %" PRId64,
                    m->id, m->revision);
    }
    return OK;
}

static enum status matters_claim(struct cx *cx, struct sql *sql, const struct plan *plan)
{
    /* Ascending ids, so that two acts over the same matters cannot wait for each other. */
    const struct change *order[PLAN_CHANGES_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        if (change->before == NULL) {
            continue;
        }
        uint32_t at = count++;
        for (; at > 0 && order[at - 1]->before->id > change->before->id; at--) {
            order[at] = order[at - 1];
        }
        order[at] = change;
    }
    for (uint32_t i = 0; i < count; i++) {
        TRY(matter_claim(cx, sql, order[i]));
    }
    return OK;
}

static enum status number_take(struct cx *cx, struct sql *sql, struct plan *plan)
{
    struct rows rows = {0};
    TRY(sql_query(
        cx, sql,
        SQL("INSERT INTO counter (court, year, type, last) VALUES (?1, ?2, ?3, 1) "
            "ON CONFLICT (court, year, type) DO UPDATE SET last = counter.last + 1 "
            "RETURNING last"),
        ARGS(SQL_S(plan->number_court), SQL_I(plan->number_year), SQL_S(plan->number_type)),
        &rows));
    plan->number_got(cx, plan, row_int(&rows, 0, 0));
    return OK;
}

/* A repetition of the closure starts from what was prepared, not from what the first try made. */
static struct plan *plan_again(struct cx *cx, const struct plan *plan)
{
    struct plan *copy = arena_new(cx->arena, struct plan);
    *copy = *plan;
    copy->script = script_new(cx->arena);
    for (uint32_t i = 0; i < copy->change_count; i++) {
        struct change *change = &copy->changes[i];
        struct matter *after = matter_copy(cx->arena, change->after);
        change->after = after;
        if (change->inputs != NULL) {
            change->inputs = value_merge(cx->arena, change->inputs, NULL);
        }
    }
    return copy;
}

enum status plan_apply(struct cx *cx, struct sql *sql, void *arg)
{
    struct plan *plan = arg;
    plan->replayed = false;
    if (plan->once_key.n > 0) {
        TRY(once_claim(cx, sql, plan));
        if (plan->replayed) {
            return OK;
        }
    }
    TRY(matters_claim(cx, sql, plan));
    if (plan->sealed) {
        return script_run(cx, sql, plan->script);
    }
    struct plan *work = plan_again(cx, plan);
    work->claimed = true;
    TRY(number_take(cx, sql, work));
    TRY(plan_seal(cx, work));
    plan->event = work->event;
    return script_run(cx, sql, work->script);
}
