/* flow/join.h - becoming part of a matter by the code that is printed on one of its papers.
 *
 * (1) A code works once, for a verified person. The code says which matter; who he is there is said
 * by his identity alone: when it is the recorded identity of a party (or of an organisation for
 * which a window has seen his authority), he is attached as that party at once. (2) Otherwise the
 * request waits for the court, provided that there is a party without a recorded identity, or that
 * he asks to be an agent. (3) Nothing is told of a matter before he is attached to it.
 */
#ifndef FLOW_JOIN_H
#define FLOW_JOIN_H

#include "flow/plan.h"

struct join_request {
    const struct actor *actor;
    Str code; /* as typed */
    Str role; /* "" as a party, or litigation-agent */
};

struct join {
    Id matter;
    int64_t paper;
    bool already;          /* nothing to do: attached, or asked for, before */
    bool waits;            /* for the court's decision */
    struct plan *plan;     /* attaches; NULL when the court must decide */
    struct script *script; /* asks the court; NULL when plan is there */
};

/* E_DENIED "verify-needed"; E_INPUT "fields" at "code" for a code that is unknown or used, or when
 * he is none of the parties. */
enum status join_prepare(struct cx *cx, const struct house *house,
                         const struct join_request *request, struct join *out);

struct joining {
    Id matter;
    int64_t paper;
    Id person;
    Str name; /* of the person */
    Str role;
    int64_t party;
    Str state; /* joined, waiting, refused */
    Instant at;
};

/* Requests about a matter, newest first. */
enum status joining_list(struct cx *cx, struct sql *sql, Id matter, struct joining **out,
                         uint32_t *count);

struct join_decision {
    const struct actor *actor; /* staff of the court */
    Id matter;
    int64_t paper;
    bool accept;
    int64_t party; /* whom he is or acts for */
    Str authority; /* of an agent: general, special */
};

/* Exactly one of *plan and *script is set. E_NOT_FOUND for strangers and requests that do not wait
 * (E_STATE "state" when one has been decided); E_DENIED for posts that do not decide; E_INPUT
 * "fields" at "party". */
enum status join_decide(struct cx *cx, const struct house *house,
                        const struct join_decision *decision, struct plan **plan,
                        struct script **script);

#endif
