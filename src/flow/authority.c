#include "flow/authority.h"

#include <string.h>

#include "base/json.h"

static bool at_court(const struct actor *actor, const struct matter *m,
                     const struct law_tables *tables)
{
    if (actor->post.n == 0 || str_is(actor->post, "admin") || str_is(actor->post, "sealer") ||
        actor->court.n == 0) {
        return false;
    }
    if (str_same(actor->court, m->court)) {
        return true;
    }
    const struct court *court = court_by_code(tables, m->court);
    const struct court *parent =
        court != NULL && court->level == COURT_TRIBUNAL ? court_parent(tables, court) : NULL;
    return parent != NULL && str_same(parent->code, actor->court);
}

bool authority_attached(const struct actor *actor, const struct matter *m, const char *role)
{
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        const struct attachment *a = &m->attachments[i];
        if (a->person == actor->person && a->until == 0 &&
            (role == NULL || str_is(a->role, role))) {
            return true;
        }
    }
    return false;
}

/* "defendant.agent": acts for one of the parties in that role. */
static bool acts_for(const struct actor *actor, const struct matter *m, const char *role)
{
    Str wanted = {role, strlen(role) - strlen(AGENT_OF)};
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        const struct attachment *a = &m->attachments[i];
        if (a->person == actor->person && a->until == 0 && str_is(a->role, "litigation-agent") &&
            a->party >= 1 && a->party <= (int64_t)m->party_count &&
            str_same(m->parties[a->party - 1].role, wanted)) {
            return true;
        }
    }
    return false;
}

/* A staff member under a post is there for the court, not for himself. */
static bool is_private(const struct actor *actor)
{
    return actor->person != 0 && actor->post.n == 0;
}

bool authority_assists(const struct actor *actor, const struct matter *m)
{
    return m->events == 0 && is_private(actor) && actor->person != m->owner &&
           authority_attached(actor, m, "assistant");
}

bool authority_collaborates(const struct actor *actor, const struct matter *m)
{
    return str_is(actor->post, "window") && actor->court.n > 0 &&
           str_same(actor->court, value_get_str(m->values, "collaborator"));
}

/* Complaints and low ratings about the window that handed over come to the leader of its court: he
 * may look at what they are about. */
static bool leads_collaborator(const struct actor *actor, const struct matter *m)
{
    return str_is(actor->post, "leader") && actor->court.n > 0 &&
           str_same(actor->court, value_get_str(m->values, "collaborator"));
}

/* A supervisor looks at what was handed to any court below his own, and at what he is told of. */
static bool supervises(const struct actor *actor, const struct matter *m,
                       const struct procedure *procedure, const struct law_tables *tables)
{
    const struct court *court = court_by_code(tables, m->court);
    bool below = false;
    if (!str_is(actor->post, "supervisor") ||
        (procedure->rung_count == 0 && !procedure->supervised)) {
        return false;
    }
    while (court != NULL && !below) {
        court = court_parent(tables, court);
        below = court != NULL && str_same(court->code, actor->court);
    }
    return below;
}

bool authority_is_of_court(const struct actor *actor, const struct matter *m,
                           const struct law_tables *tables)
{
    return m->events > 0 && at_court(actor, m, tables);
}

bool authority_is_staff(const struct actor *actor, const struct matter *m,
                        const struct law_tables *tables)
{
    return m->events > 0 && (at_court(actor, m, tables) || authority_collaborates(actor, m));
}

bool authority_seals(const struct actor *actor, const struct paper *paper)
{
    return actor->sealing && str_is(actor->post, "sealer") && actor->court.n > 0 &&
           str_same(actor->court, paper->seal);
}

static bool seals_any(const struct actor *actor, const struct matter *m)
{
    for (uint32_t i = 0; i < m->paper_count; i++) {
        if (authority_seals(actor, &m->papers[i])) {
            return true;
        }
    }
    return false;
}

bool authority_sees(const struct actor *actor, const struct matter *m,
                    const struct procedure *procedure, const struct law_tables *tables)
{
    if (actor->system) {
        return true;
    }
    if (actor->follows != 0) {
        return actor->follows == m->id;
    }
    if (m->events == 0) {
        return (actor->person != 0 && actor->person == m->owner) ||
               authority_assists(actor, m); /* (1) */
    }
    return (is_private(actor) && authority_attached(actor, m, NULL)) ||
           authority_is_staff(actor, m, tables) || seals_any(actor, m) ||
           leads_collaborator(actor, m) || supervises(actor, m, procedure, tables);
}

enum status authority_sees_link(struct cx *cx, const struct actor *actor,
                                const struct link_row *link, const struct procedure *procedure,
                                const struct law_tables *tables, bool *out)
{
    struct value *values = NULL;
    *out = false;
    if (procedure == NULL) {
        return OK;
    }
    if (link->collaborated.n > 0) {
        TRY(json_row_read(cx, link->collaborated, &values));
    }
    const struct matter other = {.id = link->other,
                                 .owner = link->owner,
                                 .court = link->court,
                                 .events = link->events,
                                 .values = values,
                                 .attachments = link->people,
                                 .attachment_count = link->person_count};
    *out = authority_sees(actor, &other, procedure, tables);
    return OK;
}

bool authority_gets(const struct actor *actor, const struct matter *m,
                    const struct procedure *procedure, Str kind, const struct law_tables *tables)
{
    return material_shown_in(procedure, kind) < 0 || authority_is_of_court(actor, m, tables);
}

bool authority_sees_whole(const struct actor *actor, const struct matter *m)
{
    return ((is_private(actor) || m->events == 0) && actor->person == m->owner) ||
           authority_assists(actor, m);
}

static bool rule_holds(const struct actor *actor, const struct matter *m,
                       const struct actor_rule *rule, const struct law_tables *tables)
{
    switch (rule->kind) {
    case ACTOR_SYSTEM: return actor->system;
    case ACTOR_PARTY:
        /* The owner of a draft has declared no capacity yet: what the form says decides then. */
        return (m->events == 0 && actor->person == m->owner) || authority_assists(actor, m) ||
               (is_private(actor) && (str_ends(str_of(rule->name), AGENT_OF)
                                          ? acts_for(actor, m, rule->name)
                                          : authority_attached(actor, m, rule->name)));
    case ACTOR_COURT:
        return m->events > 0 && str_is(actor->post, rule->name) && at_court(actor, m, tables);
    case ACTOR_WINDOW:
        return m->events > 0 && str_is(actor->post, "window") && at_court(actor, m, tables);
    case ACTOR_COLLABORATOR: return authority_collaborates(actor, m);
    case ACTOR_PERSON: return is_private(actor);
    case ACTOR_LAWYER: return is_private(actor) && str_is(actor->person_kind, "lawyer");
    case ACTOR_FOLLOWER: return actor->follows != 0 && actor->follows == m->id;
    case ACTOR_PROVINCE:
    case ACTOR_NATION:
    case ACTOR_UPPER:
    case ACTOR_EFFECT: return false;
    }
    return false;
}

static bool has_needed(const struct matter *m, const char *kind)
{
    bool has = kind[0] == '\0';
    for (uint32_t i = 0; i < m->material_count && !has; i++) {
        has = m->materials[i].removed == 0 && str_is(m->materials[i].kind, kind);
    }
    return has;
}

bool authority_may(const struct actor *actor, const struct matter *m, const struct act *act,
                   const struct law_tables *tables)
{
    if (!has_needed(m, act->needs)) {
        return false;
    }
    for (uint32_t i = 0; i < act->by_count; i++) {
        if (rule_holds(actor, m, &act->by[i], tables)) {
            return true;
        }
    }
    return false;
}

bool authority_begins(const struct actor *actor, const struct procedure *procedure)
{
    for (uint32_t i = 0; i < procedure->begin_count; i++) {
        enum actor_kind kind = procedure->begin_by[i].kind;
        if ((kind == ACTOR_PERSON && is_private(actor) && str_is(actor->person_kind, "person")) ||
            (kind == ACTOR_LAWYER && is_private(actor) && str_is(actor->person_kind, "lawyer")) ||
            (kind == ACTOR_WINDOW && str_is(actor->post, "window")) ||
            (kind == ACTOR_FOLLOWER && actor->follows != 0)) {
            return true;
        }
    }
    return false;
}
