/* Reading who may begin, act, wait or be told. */
#include <string.h>

#include "flow/procedure_int.h"

static bool post_is_known(Str post)
{
    static const char *const posts[] = {"window",        "reviewer", "judge",      "clerk",
                                        "enforcement",   "leader",   "supervisor", "mediator",
                                        "administrator", "sealer"};
    for (size_t i = 0; i < sizeof posts / sizeof posts[0]; i++) {
        if (str_is(post, posts[i])) {
            return true;
        }
    }
    return false;
}

static bool actor_plain(Str text, struct actor_rule *out)
{
    static const struct {
        const char *name;
        enum actor_kind kind;
    } plain[] = {{"person", ACTOR_PERSON},
                 {"lawyer", ACTOR_LAWYER},
                 {"window", ACTOR_WINDOW},
                 {"system", ACTOR_SYSTEM},
                 {"effect", ACTOR_EFFECT},
                 {"collaborator.window", ACTOR_COLLABORATOR},
                 {"province.supervisor", ACTOR_PROVINCE},
                 {"nation.supervisor", ACTOR_NATION},
                 {"upper.supervisor", ACTOR_UPPER},
                 {"follower", ACTOR_FOLLOWER}};

    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (str_is(text, plain[i].name)) {
            *out = (struct actor_rule){plain[i].kind, ""};
            return true;
        }
    }
    return false;
}

/* "defendant.agent": who acts for a defendant; the role itself otherwise. */
static Str role_of_agent(struct arena *arena, Str role)
{
    return str_ends(role, AGENT_OF) ? str_slice(arena, role, 0, role.n - strlen(AGENT_OF)) : role;
}

static enum status actor_read(struct cx *cx, const struct loader *loader, const struct value *item,
                              struct actor_rule *out)
{
    Str text = value_as_str(item);
    if (actor_plain(text, out)) {
        return OK;
    }
    if (str_starts(text, "party.")) {
        Str role = str_slice(cx->arena, text, 6, text.n);
        *out = (struct actor_rule){ACTOR_PARTY, role.p};
        return value_get_key(loader->procedure->roles, role_of_agent(cx->arena, role)) != NULL
                   ? OK
                   : load_fault(cx, loader, item, "unknown role of a party", text);
    }
    if (str_starts(text, "court.")) {
        Str post = str_slice(cx->arena, text, 6, text.n);
        *out = (struct actor_rule){ACTOR_COURT, post.p};
        return post_is_known(post) ? OK : load_fault(cx, loader, item, "unknown post", text);
    }
    return load_fault(cx, loader, item, "unknown actor", text);
}

enum status load_actors(struct cx *cx, const struct loader *loader, const struct value *list,
                        struct actor_rule *out, uint32_t *count)
{
    if (value_count(list) > BY_MAX) {
        return load_fault(cx, loader, list, "too many actors", STR(""));
    }
    *count = value_count(list);
    for (uint32_t i = 0; i < *count; i++) {
        TRY(actor_read(cx, loader, value_item(list, i), &out[i]));
    }
    return OK;
}

static bool is_above(enum actor_kind kind)
{
    return kind == ACTOR_PROVINCE || kind == ACTOR_NATION || kind == ACTOR_UPPER;
}

/* Actors that lists and notices can reach: a role, a post at the matter's court, the window of the
 * collaborating court; of notices also the supervisors above. */
static bool is_reachable(enum actor_kind kind, bool told)
{
    return kind == ACTOR_PARTY || kind == ACTOR_COURT || kind == ACTOR_COLLABORATOR ||
           (told && is_above(kind));
}

enum status load_reachable(struct cx *cx, const struct loader *loader, const struct value *list,
                           bool told, struct actor_rule *out, uint32_t *count)
{
    TRY(load_actors(cx, loader, list, out, count));
    for (uint32_t i = 0; i < *count; i++) {
        Str name = value_as_str(value_item(list, i));
        if (!is_reachable(out[i].kind, told) || str_ends(str_of(out[i].name), AGENT_OF)) {
            return load_fault(cx, loader, list,
                              told ? "only parties, posts and supervisors can be told"
                                   : "only parties and posts can be waited for",
                              name);
        }
        loader->procedure->supervised = loader->procedure->supervised || is_above(out[i].kind);
        if (out[i].kind == ACTOR_COLLABORATOR && !loader->procedure->collaborated) {
            return load_fault(cx, loader, list,
                              "no collaborating court: not begun by windows alone", name);
        }
    }
    return OK;
}
