/* flow/counsel.h - whom a party has act for him in a matter, by his own act.
 *
 * (1) A party appoints at most two agents at a time and ends their authority whenever he likes; an
 * agent may lay it down himself. Each is an event, told to the court and to both; authority begins
 * and ends with it. (2) What the appointment is worth is for the court to look at: the power of
 * attorney and the agent's papers are handed in as materials. (3) Nobody acts for both sides, and
 * nobody for the side against him. LAW: civil-procedure-law@2023 61, 62, 63; lawyers-law@2017 39
 */
#ifndef FLOW_COUNSEL_H
#define FLOW_COUNSEL_H

#include "flow/act.h"

enum { COUNSEL_MOST = 2 };

struct counsel {
    Id person;
    Str name;
    Str firm;
    int64_t party;
    Str authority; /* general, special; "" as joined before it was said */
    Instant since;
    Instant until; /* 0: still */
};

/* All there are and were, those who act first. */
enum status counsel_list(struct cx *cx, struct sql *sql, Id matter, struct counsel **out,
                         uint32_t *count);
/* The party that this person is himself; 0: none, or an agent. */
int64_t counsel_party_of(const struct matter *matter, Id person);
/* The code of the organisation of this name for which a person says that he acts, for effects that
 * enter it; "" when there is none. Reads: never from number_got(). */
enum status plan_organisation(struct cx *cx, const struct plan *plan, Id person, Str name,
                              Str *code);
/* Does the procedure know agents, and is the matter with the court and not over? */
bool counsel_is_possible(const struct seen *seen);

/* login: of a verified account; name: its owner's real name, which the caller must know: nobody
 * learns it here. E_DENIED for who is no party; E_INPUT "fields" at "login" or "authority"; E_STATE
 * "counsel-full" when two act already. */
enum status counsel_appoint(struct cx *cx, const struct house *house, const struct actor *actor,
                            Id matter, Str login, Str name, Str authority, struct plan **out);
/* By the party, or by the agent himself. E_NOT_FOUND when this person does not act. */
enum status counsel_end(struct cx *cx, const struct house *house, const struct actor *actor,
                        Id matter, Id person, struct plan **out);

#endif
