#include "flow/counsel.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "flow/plan.h"
#include "record/listing.h"

static const char ROLE[] = "litigation-agent";

/* --- looking --- */

enum status counsel_list(struct cx *cx, struct sql *sql, Id matter, struct counsel **out,
                         uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT a.person, p.name, p.firm, a.party, a.authority, a.since, a.until "
                      "FROM attachment a JOIN person p ON p.id = a.person WHERE a.matter = ?1 AND "
                      "a.role = 'litigation-agent' ORDER BY CASE WHEN a.until IS NULL THEN 0 ELSE "
                      "1 END, a.since, a.person"),
                  ARGS(SQL_I(matter)), &r));
    struct counsel *list = arena_array(cx->arena, struct counsel, r.count);
    for (uint32_t i = 0; i < r.count; i++) {
        list[i] = (struct counsel){row_int(&r, i, 0), row_str(&r, i, 1), row_str(&r, i, 2),
                                   row_int(&r, i, 3), row_str(&r, i, 4), row_int(&r, i, 5),
                                   row_int(&r, i, 6)};
    }
    *out = list;
    *count = r.count;
    return OK;
}

int64_t counsel_party_of(const struct matter *m, Id person)
{
    for (uint32_t i = 0; person != 0 && i < m->attachment_count; i++) {
        const struct attachment *a = &m->attachments[i];
        if (a->person == person && a->until == 0 && a->party > 0 && !str_is(a->role, ROLE)) {
            return a->party;
        }
    }
    return 0;
}

bool counsel_is_possible(const struct seen *seen)
{
    const struct state *state = procedure_state(seen->procedure, seen->matter->state);
    return seen->matter->events > 0 && state != NULL && !state->end &&
           value_get(seen->procedure->roles, ROLE) != NULL;
}

struct counsel_look {
    const struct house *house;
    const struct actor *actor;
    Id matter;
    Str login;
    Str name; /* as the party calls him */
    struct seen seen;
    struct person *agent;
};

static enum status counsel_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct counsel_look *look = arg;
    TRY(matter_see(cx, look->house, sql, look->actor, look->matter, &look->seen));
    return look->login.n == 0 ? OK : person_find_login(cx, sql, look->login, &look->agent);
}

/* --- acting --- */

/* For party 0 the first for whom he acts still: of several he lays down one after the other. */
static struct attachment *attachment_of(struct matter *m, Id person, int64_t party)
{
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        struct attachment *a = &m->attachments[i];
        if (a->person == person && str_is(a->role, ROLE) &&
            (party == 0 ? a->until == 0 : a->party == party)) {
            return a;
        }
    }
    return NULL;
}

static uint32_t acting_for(const struct matter *m, int64_t party)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        const struct attachment *a = &m->attachments[i];
        count += str_is(a->role, ROLE) && a->until == 0 && a->party == party;
    }
    return count;
}

static Str party_role(const struct matter *m, int64_t party)
{
    for (uint32_t i = 0; i < m->party_count; i++) {
        if (m->parties[i].n == party) {
            return m->parties[i].role;
        }
    }
    return STR("");
}

/* (3) Is he the other side, or does he act for it? */
static bool stands_against(const struct matter *m, Id person, int64_t party)
{
    Str role = party_role(m, party);
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        const struct attachment *a = &m->attachments[i];
        Str other = party_role(m, a->party);
        if (a->person == person && a->until == 0 && a->party > 0 && !str_same(other, role) &&
            !str_is(other, "third-party") && !str_is(role, "third-party")) {
            return true;
        }
    }
    return false;
}

static struct change *change_begin(struct cx *cx, struct plan *plan, const struct seen *seen,
                                   int64_t party, const char *act, const char *title)
{
    struct change *change = plan_change(cx, plan, seen->procedure, seen->matter);
    struct actor_rule *tells = arena_array(cx->arena, struct actor_rule, 5);
    tells[0] = (struct actor_rule){ACTOR_COURT, "clerk"};
    tells[1] = (struct actor_rule){ACTOR_COURT, "judge"};
    tells[2] = (struct actor_rule){ACTOR_COURT, "reviewer"};
    tells[3] = (struct actor_rule){ACTOR_PARTY, ROLE};
    tells[4] = (struct actor_rule){ACTOR_PARTY, party_role(seen->matter, party).p};
    change->clear = seen->clear;
    change->act = act;
    change->title = title;
    change->report = "";
    change->tells = tells;
    change->tell_count = 5;
    return change;
}

static enum status refuse(struct cx *cx, const char *field, const char *code, const char *title)
{
    (void)cx_error(cx, field, code, title);
    cx_arg(cx, "count", STR("1"));
    return FAIL(cx, E_INPUT, "fields", "%s: %s", field, code);
}

static enum status appointment_check(struct cx *cx, const struct counsel_look *look, int64_t party,
                                     Str authority)
{
    const struct matter *m = look->seen.matter;
    if (party == 0) {
        return FAIL(cx, E_DENIED, "denied", "agents are appointed by parties");
    }
    if (!counsel_is_possible(&look->seen)) {
        cx_arg(cx, "now", STR("本事项现在不能变更委托诉讼代理人。"));
        return FAIL(cx, E_STATE, "state", "no agents here, or the matter is over");
    }
    if (!str_is(authority, "general") && !str_is(authority, "special")) {
        return refuse(cx, "authority", "missing", "请选择一般授权还是特别授权");
    }
    /* One answer for none, for one that is not verified and for another name: nobody learns who has
     * an account, and what he is called. */
    if (look->agent == NULL || look->agent->verified.n == 0 ||
        look->agent->id == look->actor->person || str_is(look->agent->kind, "staff") ||
        !str_same(text_composed(cx->arena, look->name),
                  text_composed(cx->arena, look->agent->name))) {
        return refuse(cx, "login", "unknown", "没有找到已经实名的这个账号和姓名，请与代理人核对");
    }
    struct matter *own = matter_copy(cx->arena, m);
    const struct attachment *there = attachment_of(own, look->agent->id, party);
    if (there != NULL && there->until == 0) {
        return refuse(cx, "login", "already", "这位代理人已经在代理");
    }
    if (stands_against(m, look->agent->id, party)) {
        return refuse(cx, "login", "other-side",
                      "对方当事人和对方的代理人，不能代理您，请委托别人");
    }
    if (acting_for(m, party) >= COUNSEL_MOST) {
        return FAIL(cx, E_STATE, "counsel-full", "two agents act for party %" PRId64, party);
    }
    return OK;
}

enum status counsel_appoint(struct cx *cx, const struct house *house, const struct actor *actor,
                            Id matter, Str login, Str name, Str authority, struct plan **out)
{
    struct counsel_look look = {
        .house = house, .actor = actor, .matter = matter, .login = login, .name = name};
    struct plan *plan = NULL;
    *out = NULL;
    TRY(store_read(cx, house->store, counsel_read, &look));
    int64_t party = counsel_party_of(look.seen.matter, actor->person);
    TRY(appointment_check(cx, &look, party, authority));
    TRY(plan_new(cx, house, actor, clock_now(), look.seen.matter, &plan));
    struct change *change =
        change_begin(cx, plan, &look.seen, party, "appoint-agent", "委托诉讼代理人");
    struct attachment *a = attachment_of(change->after, look.agent->id, party);
    if (a == NULL) {
        a = matter_add_attachment(cx->arena, change->after);
    }
    *a = (struct attachment){.person = look.agent->id,
                             .role = str_of(ROLE),
                             .party = party,
                             .how = STR("party"),
                             .authority = authority,
                             .since = plan->now};
    TRY(plan_seal(cx, plan));
    *out = plan;
    return OK;
}

/* Whom the party parts with no longer sees the matter, and so is told apart. */
static void parted_tell(struct cx *cx, struct plan *plan, const struct change *change, Id person)
{
    const struct notice notice = {.id = plan_id(plan),
                                  .viewer = viewer_person(cx->arena, person),
                                  .matter = change->after->id,
                                  .event = change->after->events,
                                  .kind = str_of(change->act),
                                  .title = STR("当事人解除了对您的委托"),
                                  .text = change->after->title,
                                  .at = plan->now};
    notice_write(plan->script, &notice);
}

enum status counsel_end(struct cx *cx, const struct house *house, const struct actor *actor,
                        Id matter, Id person, struct plan **out)
{
    struct counsel_look look = {.house = house, .actor = actor, .matter = matter};
    struct plan *plan = NULL;
    *out = NULL;
    TRY(store_read(cx, house->store, counsel_read, &look));
    int64_t party = counsel_party_of(look.seen.matter, actor->person);
    bool himself = actor->person == person;
    if (party == 0 && !himself) {
        return FAIL(cx, E_DENIED, "denied", "authority is ended by the party or the agent");
    }
    TRY(plan_new(cx, house, actor, clock_now(), look.seen.matter, &plan));
    struct change *change =
        change_begin(cx, plan, &look.seen, party, himself ? "lay-down-authority" : "end-authority",
                     himself ? "辞去委托" : "解除委托");
    struct attachment *a = attachment_of(change->after, person, himself ? 0 : party);
    if (a == NULL || a->until != 0) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "person %" PRId64 " does not act", person);
    }
    if (himself) { /* the party is told, too */
        struct actor_rule *tells = arena_array(cx->arena, struct actor_rule, change->tell_count);
        memcpy(tells, change->tells, change->tell_count * sizeof *tells);
        tells[4].name = party_role(look.seen.matter, a->party).p;
        change->tells = tells;
    }
    a->until = plan->now;
    TRY(plan_seal(cx, plan));
    if (!himself) {
        parted_tell(cx, plan, change, person);
    }
    *out = plan;
    return OK;
}
