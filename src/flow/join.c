#include "flow/join.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "flow/act.h"
#include "flow/authority.h"
#include "flow/values.h"
#include "record/authorisation.h"
#include "record/listing.h"

enum { CODE_CHARS = 12 };

static enum status refuse_code(struct cx *cx, const char *code, const char *title)
{
    (void)cx_error(cx, "code", code, title);
    cx_arg(cx, "count", STR("1"));
    return FAIL(cx, E_INPUT, "fields", "code: %s", code);
}

/* Blanks and hyphens between the characters are forgiven, and lower case. */
static Str code_normal(struct arena *arena, Str typed)
{
    struct buf out;
    buf_init(&out, arena, CODE_CHARS + 1);
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c != ' ' && c != '-') {
            buf_char(&out, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
        }
    }
    return buf_is_over(&out) ? (Str){"", 0} : buf_done(&out);
}

/* --- what is known --- */

struct join_look {
    Str code;
    Id person;
    struct matter *matter;
    int64_t paper;
    struct rows used; /* person, state */
    struct person *self;
    struct authorisation *authorisations;
    uint32_t authorisation_count;
};

static enum status join_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct join_look *look = arg;
    struct rows paper = {0};
    TRY(sql_query(cx, sql, SQL("SELECT matter, n FROM paper WHERE code = ?1 AND code <> ''"),
                  ARGS(SQL_S(look->code)), &paper));
    if (paper.count != 1) {
        return OK;
    }
    look->paper = row_int(&paper, 0, 1);
    TRY(matter_find(cx, sql, row_int(&paper, 0, 0), &look->matter));
    TRY(sql_query(cx, sql,
                  SQL("SELECT person, state FROM joining WHERE matter = ?1 AND paper = ?2"),
                  ARGS(SQL_I(look->matter->id), SQL_I(look->paper)), &look->used));
    TRY(person_find(cx, sql, look->person, &look->self));
    return authorisation_list(cx, sql, look->person, &look->authorisations,
                              &look->authorisation_count);
}

static bool identity_is(const struct house *house, const struct join_look *look, Hash blind)
{
    if (hash_is_zero(blind)) {
        return false;
    }
    if (!hash_is_zero(look->self->identity_blind) && hash_same(blind, look->self->identity_blind)) {
        return true;
    }
    for (uint32_t i = 0; i < look->authorisation_count; i++) {
        const struct authorisation *a = &look->authorisations[i];
        if (a->verified.n > 0 && hash_same(blind, keys_blind(house->keys, "identity", a->code))) {
            return true;
        }
    }
    return false;
}

/* The party that he is by his papers, or NULL; *open: a party nobody's papers are recorded of. */
static const struct party *party_of(const struct house *house, const struct join_look *look,
                                    bool *open)
{
    const struct party *found = NULL;
    *open = false;
    for (uint32_t i = 0; i < look->matter->party_count; i++) {
        const struct party *party = &look->matter->parties[i];
        *open = *open || hash_is_zero(party->identity_blind);
        if (found == NULL && identity_is(house, look, party->identity_blind)) {
            found = party;
        }
    }
    return found;
}

/* An organisation's identity is recorded, and he says that he acts for it: the court looks. */
static bool says_he_acts(const struct house *house, const struct join_look *look)
{
    for (uint32_t i = 0; i < look->authorisation_count; i++) {
        Hash blind = keys_blind(house->keys, "identity", look->authorisations[i].code);
        for (uint32_t k = 0; k < look->matter->party_count; k++) {
            if (hash_same(blind, look->matter->parties[k].identity_blind)) {
                return true;
            }
        }
    }
    return false;
}

/* --- attaching --- */

struct attaching {
    Id person;
    Str role;
    int64_t party;
    Str how;
    Str authority;
};

static enum status attach_plan(struct cx *cx, const struct house *house, const struct actor *actor,
                               const struct matter *m, const struct attaching *attaching,
                               struct plan **out)
{
    const struct actor_rule told[] = {
        {ACTOR_COURT, "clerk"}, {ACTOR_COURT, "reviewer"}, {ACTOR_PARTY, attaching->role.p}};
    struct plan *plan = NULL;
    struct value *clear = NULL;
    const struct procedure *procedure =
        procedure_find(house->procedures, m->procedure, (int)m->version);
    if (procedure == NULL) {
        return FAIL(cx, E_BUG, "bug", "no procedure of matter %" PRId64, m->id);
    }
    TRY(values_open(cx, house, procedure, m, &clear));
    TRY(plan_new(cx, house, actor, clock_now(), m, &plan));
    struct change *change = plan_change(cx, plan, procedure, m);
    struct attachment *a = matter_add_attachment(cx->arena, change->after);
    *a = (struct attachment){.person = attaching->person,
                             .role = attaching->role,
                             .party = attaching->party,
                             .how = attaching->how,
                             .authority = attaching->authority,
                             .since = plan->now};
    change->clear = clear;
    change->act = "join";
    change->title = "关联案件";
    struct actor_rule *tells = arena_array(cx->arena, struct actor_rule, 3);
    memcpy(tells, told, sizeof told);
    change->tells = tells;
    change->tell_count = sizeof told / sizeof told[0];
    TRY(plan_seal(cx, plan));
    *out = plan;
    return OK;
}

static void joining_write(struct script *script, const struct join_look *look, Str role,
                          int64_t party, const char *state, Instant at)
{
    script_add(script,
               SQL("INSERT INTO joining (matter, paper, person, role, party, state, at) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
               ARGS(SQL_I(look->matter->id), SQL_I(look->paper), SQL_I(look->person), SQL_S(role),
                    SQL_I(party), SQL_C(state), SQL_I(at)));
}

/* Asks the posts that can look at his papers. */
static enum status court_ask(struct cx *cx, const struct house *house, const struct join_look *look,
                             Str role, struct join *out)
{
    static const char *const posts[] = {"clerk", "reviewer", "window"};
    const struct matter *m = look->matter;
    Id id = 0;

    enum { POSTS = sizeof posts / sizeof posts[0] };

    TRY(sequence_take(cx, house->sequence, POSTS, &id));
    out->waits = true;
    out->script = script_new(cx->arena);
    joining_write(out->script, look, role, 0, "waiting", clock_now());
    for (size_t i = 0; i < POSTS; i++) {
        struct notice notice = {.id = id + (Id)i,
                                .viewer = viewer_post(cx->arena, str_of(posts[i]), m->court),
                                .matter = m->id,
                                .event = m->events,
                                .kind = STR("join-request"),
                                .title = STR("有人申请关联案件，请核对身份"),
                                .text = m->title,
                                .at = clock_now()};
        notice_write(out->script, &notice);
    }
    return OK;
}

static bool is_attached(const struct matter *m, Id person)
{
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        if (m->attachments[i].person == person && m->attachments[i].until == 0) {
            return true;
        }
    }
    return false;
}

static enum status join_look_at(struct cx *cx, const struct house *house,
                                const struct join_request *request, struct join_look *look)
{
    *look = (struct join_look){.code = code_normal(cx->arena, request->code),
                               .person = request->actor->person};
    if (look->code.n == 0) {
        return refuse_code(cx, "missing", "请填写文书上的关联码");
    }
    TRY(store_read(cx, house->store, join_read, look));
    if (look->matter == NULL) {
        return refuse_code(cx, "code-unknown", "没有查到这个关联码，请照着文书核对");
    }
    return OK;
}

enum status join_prepare(struct cx *cx, const struct house *house,
                         const struct join_request *request, struct join *out)
{
    struct join_look look;
    bool open = false;
    *out = (struct join){0};
    if (!request->actor->verified) {
        return FAIL(cx, E_DENIED, "verify-needed", "joining needs a verified person");
    }
    TRY(join_look_at(cx, house, request, &look));
    out->matter = look.matter->id;
    out->paper = look.paper;
    bool own = look.used.count > 0 && row_int(&look.used, 0, 0) == look.person;
    out->waits = own && str_is(row_str(&look.used, 0, 1), "waiting");
    out->already = out->waits || is_attached(look.matter, look.person);
    if (out->already) {
        return OK;
    }
    if (look.used.count > 0) {
        return refuse_code(cx, "code-used", "这个关联码已经用过，请向法院要新的");
    }
    bool agent = str_is(request->role, "litigation-agent");
    const struct party *party = party_of(house, &look, &open);
    if (party != NULL && !agent) {
        struct attaching attaching = {look.person, party->role, party->n, STR("code"), {"", 0}};
        TRY(attach_plan(cx, house, request->actor, look.matter, &attaching, &out->plan));
        joining_write(out->plan->script, &look, (Str){"", 0}, party->n, "joined", clock_now());
        return OK;
    }
    if (!agent && !open && !says_he_acts(house, &look)) {
        return refuse_code(cx, "code-other", "您的证件和本案当事人登记的证件对不上，请联系法院");
    }
    return court_ask(cx, house, &look, agent ? STR("litigation-agent") : (Str){"", 0}, out);
}

/* --- the court decides --- */

enum status joining_list(struct cx *cx, struct sql *sql, Id matter, struct joining **out,
                         uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT j.matter, j.paper, j.person, p.name, j.role, j.party, j.state, j.at "
                      "FROM joining j JOIN person p ON p.id = j.person WHERE j.matter = ?1 "
                      "ORDER BY j.at DESC, j.paper DESC LIMIT 200"),
                  ARGS(SQL_I(matter)), &r));
    struct joining *list = arena_array(cx->arena, struct joining, r.count);
    for (uint32_t i = 0; i < r.count; i++) {
        list[i] = (struct joining){row_int(&r, i, 0), row_int(&r, i, 1), row_int(&r, i, 2),
                                   row_str(&r, i, 3), row_str(&r, i, 4), row_int(&r, i, 5),
                                   row_str(&r, i, 6), row_int(&r, i, 7)};
    }
    *out = list;
    *count = r.count;
    return OK;
}

struct decide_look {
    const struct house *house;
    const struct join_decision *decision;
    struct seen seen;
    struct joining *list;
    uint32_t count;
};

static enum status decide_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct decide_look *look = arg;
    const struct join_decision *d = look->decision;
    TRY(matter_see(cx, look->house, sql, d->actor, d->matter, &look->seen));
    return joining_list(cx, sql, d->matter, &look->list, &look->count);
}

static const struct joining *joining_of(const struct decide_look *look)
{
    for (uint32_t i = 0; i < look->count; i++) {
        if (look->list[i].paper == look->decision->paper) {
            return &look->list[i];
        }
    }
    return NULL;
}

static bool decides(const struct actor *actor)
{
    static const char *const posts[] = {"clerk", "reviewer", "judge", "window"};
    for (size_t i = 0; i < sizeof posts / sizeof posts[0]; i++) {
        if (str_is(actor->post, posts[i])) {
            return true;
        }
    }
    return false;
}

static void joining_close(struct script *script, const struct join_decision *d, const char *state)
{
    script_add(script,
               SQL("UPDATE joining SET state = ?3, party = ?4 WHERE matter = ?1 AND paper = ?2 "
                   "AND state = 'waiting'"),
               ARGS(SQL_I(d->matter), SQL_I(d->paper), SQL_C(state), SQL_I(d->party)));
}

static enum status joining_accept(struct cx *cx, const struct decide_look *look,
                                  const struct joining *joining, struct plan **plan)
{
    const struct join_decision *d = look->decision;
    const struct matter *m = look->seen.matter;
    bool agent = str_is(joining->role, "litigation-agent");
    if (d->party < 1 || d->party > (int64_t)m->party_count) {
        (void)cx_error(cx, "party", "missing", "请选择是哪一名当事人");
        cx_arg(cx, "count", STR("1"));
        return FAIL(cx, E_INPUT, "fields", "no party %" PRId64, d->party);
    }
    if (agent && !str_is(d->authority, "general") && !str_is(d->authority, "special")) {
        (void)cx_error(cx, "authority", "missing", "请选择一般授权还是特别授权");
        cx_arg(cx, "count", STR("1"));
        return FAIL(cx, E_INPUT, "fields", "no kind of authority");
    }
    struct attaching attaching = {joining->person,
                                  agent ? joining->role : m->parties[d->party - 1].role, d->party,
                                  STR("code"), agent ? d->authority : (Str){"", 0}};
    TRY(attach_plan(cx, look->house, d->actor, m, &attaching, plan));
    joining_close((*plan)->script, d, "joined");
    return OK;
}

enum status join_decide(struct cx *cx, const struct house *house,
                        const struct join_decision *decision, struct plan **plan,
                        struct script **script)
{
    struct decide_look look = {.house = house, .decision = decision};
    *plan = NULL;
    *script = NULL;
    TRY(store_read(cx, house->store, decide_read, &look));
    const struct joining *joining = joining_of(&look);
    if (!authority_is_staff(decision->actor, look.seen.matter, house->tables(house->tables_arg)) ||
        !decides(decision->actor)) {
        return FAIL(cx, E_DENIED, "denied", "this post does not decide who joins");
    }
    if (joining == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no request by paper %" PRId64, decision->paper);
    }
    if (!str_is(joining->state, "waiting")) {
        return FAIL(cx, E_STATE, "state", "request was decided: %.*s", STR_ARG(joining->state));
    }
    if (decision->accept) {
        return joining_accept(cx, &look, joining, plan);
    }
    *script = script_new(cx->arena);
    joining_close(*script, decision, "refused");
    return OK;
}
