/* flow/act.h - taking an act, and keeping what is typed before it.
 *
 * Each function here reads a snapshot and answers a plan; the caller submits plan_apply() to the
 * store and, when that fails with E_AGAIN, starts over (act_retries_max times). (1) Order of
 * refusals: not visible 404, unknown act 404, not yours 403, not in this state 409, changed since
 * you looked 409, fields 422, hard rules 422, files being checked 409, warnings 428. (2) A refusal
 * leaves nothing behind; what was typed stays where it was saved.
 */
#ifndef FLOW_ACT_H
#define FLOW_ACT_H

#include "flow/plan.h"

enum { ACT_RETRIES_MAX = 32 };

struct act_request {
    const struct actor *actor;
    Id matter;
    Str act;
    const struct value *values;  /* map, or NULL */
    bool from_form;              /* values are texts of an HTML form */
    bool accept_all;             /* warnings */
    const struct value *accept;  /* list of codes, or NULL */
    int64_t revision;            /* what the caller saw; -1 when not said */
    Str key;                     /* idempotency; "" for none (system) */
    Hash request;                /* hash of the whole request, for the key */
    int64_t breach_clock;        /* number of the clock that ran out; 0 for none */
    const struct actor *seen_by; /* of what the program takes on its own: who looked; or NULL */
    /* When the first and the last of the request reached the program; 0: there was none. What has
     * arrived is received, however long the program then needs: the event carries `arrived`, and
     * both stand in it under "arrival". LAW: electronic-signature-law@2019 11 */
    Instant began, arrived;
    Id about; /* the matter that this one is about: linked; 0 for none */
    /* Given once over many filings, and proved when it was given: {"id","signed","at"} of the
     * batch. All of them arrived then, also those whose draft was written a while later. NULL: the
     * signature among the values stands for itself. */
    const struct value *signed_ahead;
};

/* The moment of receipt of what arrived then (0: now): never before what the matter has seen, never
 * ahead of now. */
Instant arrival_moment(Instant arrived, const struct matter *matter);
/* {"began","complete"} under "arrival" in the event. */
void arrival_say(struct cx *cx, struct change *change, Instant began, Instant arrived);

/* OK with *out NULL when the key was seen: then *replayed_event is the first one's. */
enum status act_prepare(struct cx *cx, const struct house *house, const struct act_request *request,
                        struct plan **out, int64_t *replayed_event);

/* An act that the program takes on its own, once for a matter, however often and by how many it is
 * asked. *out NULL when it was taken, or the matter has moved on. seen_by NULL: nobody looked. */
enum status automatic_prepare(struct cx *cx, const struct house *house, Id matter, Str act,
                              const struct actor *seen_by, struct plan **out);

/* Shows one sensitive value whole to staff of the court; that it was shown, to whom, is an event.
 * path: "parties.0.identity". E_NOT_FOUND when there is nothing sensitive there. */
enum status reveal_prepare(struct cx *cx, const struct house *house, const struct actor *actor,
                           Id matter, Str path, struct plan **out, const struct value **shown);

/* What a clock that wakes at `now` does: the breach is an act of the system, a reminder only tells
 * people. *out NULL when the clock has stopped meanwhile. */
enum status alarm_prepare(struct cx *cx, const struct house *house, Id matter, int64_t clock,
                          Instant now, struct plan **out);

/* Counts the running clocks of a matter by the tables in force. *out NULL when no end moves. */
enum status recount_prepare(struct cx *cx, const struct house *house, Id matter, struct plan **out);

/* E_INPUT "fields" with an error at "court": unknown, or of a level that takes no such matters. */
enum status court_takes(struct cx *cx, const struct house *house, const struct procedure *procedure,
                        Str code);
/* A new draft. E_DENIED "begin-denied", E_INPUT for an unknown court or one that takes no such
 * matters. */
enum status draft_begin(struct cx *cx, const struct house *house, const struct actor *actor,
                        Str procedure, Str court, const struct value *values, bool from_form,
                        Str key, Hash request, struct plan **out);

/* Saves what was typed: into the draft, or beside the matter towards `act` (or the only act open to
 * the caller with a form). Wrong and missing values are saved as they are and reported by the view.
 */
struct save_request {
    const struct actor *actor;
    Id matter;
    Str act;   /* "" when there is only one */
    Str court; /* "" to keep */
    const struct value *values;
    bool from_form;
    int64_t revision; /* -1 when not said */
    int64_t version;  /* of the form that the values answer; 0: the newest */
};
enum status draft_save(struct cx *cx, const struct house *house, const struct save_request *request,
                       struct plan **out);
enum status draft_delete(struct cx *cx, const struct house *house, const struct actor *actor,
                         Id matter, struct plan **out);

/* Adding a material: the blob is stored already. kind must be offered by an act open to the caller.
 * In a draft or towards an act the file waits beside the act; its number is in *n. */
struct material_request {
    const struct actor *actor;
    Id matter;
    Str kind;
    Str name; /* clean: no path, no control characters */
    Str type;
    int64_t size;
    Hash sm3;
    Str status;
    int64_t pages; /* record/matter.h */
    Hash pages_sm3;
    Str active;             /* record/matter.h */
    Instant began, arrived; /* of the file; 0: not recorded, now */
};
enum status material_add(struct cx *cx, const struct house *house,
                         const struct material_request *request, struct plan **out, int64_t *n);
enum status material_remove(struct cx *cx, const struct house *house, const struct actor *actor,
                            Id matter, int64_t n, struct plan **out);

/* The pages of a material that waits for them are joined: its file is the PDF now. An act of the
 * system in a matter with events, in a draft none. status: of the file, as in record/matter.h.
 * *out NULL when nothing waits any more: joined before, withdrawn, or refused. */
enum status material_join(struct cx *cx, const struct house *house, Id matter, int64_t n, Hash sm3,
                          int64_t size, const char *status, struct plan **out);

/* The matter as this actor sees it. E_NOT_FOUND when it does not exist for him. */
struct seen {
    struct matter *matter;
    const struct procedure *procedure;
    struct value *clear;       /* values, opened */
    struct handover *handover; /* its row, where the procedure has a ladder; else NULL */
    struct value *typed;       /* act name to what this actor typed towards it */
    struct kept *kept;         /* where the shelf (flow/shelf.h) keeps it; else NULL */
    /* Of a draft whose form was renewed, else NULL: {"from","to","added","changed","removed"}, and
     * the sealed values as they still stand in its row (flow/renewal.h). */
    struct value *renewal;
    struct value *behind;
    bool renewed; /* its form was renewed, whether or not there is anything to tell of it */
};
enum status matter_see(struct cx *cx, const struct house *house, struct sql *sql,
                       const struct actor *actor, Id matter, struct seen *out);
/* The same in a snapshot of its own: how whatever changes a matter begins. */
enum status matter_look(struct cx *cx, const struct house *house, const struct actor *actor,
                        Id matter, struct seen *out);
/* The act that the program still has to take of this kind, in the state the matter is in; NULL when
 * there is none, or its rung is reached. */
const struct act *automatic_waiting(const struct seen *seen, enum automatic kind);
/* The rung that this act would reach is reached: by itself, or by an answer that was faster. */
bool automatic_is_done(const struct seen *seen, const struct act *act);

/* The window that handed over shows a sheet (from 0) of a material that is only shown: that it was
 * shown, and by whom, is an event, once for each sheet and session. E_NOT_FOUND to everybody else,
 * and when there is no such file; E_STATE "reading-closed" in another state than its own. */
enum status sheet_show_check(struct cx *cx, const struct actor *actor, const struct seen *seen,
                             int64_t material, const struct material **out);
enum status sheet_show_prepare(struct cx *cx, const struct house *house, const struct actor *actor,
                               const struct seen *seen, const struct material *material,
                               uint32_t sheet, struct plan **out);

/* The parts of matter_see(), for who has a matter already. Those of what is typed: asked for later
 * (sql_later()), then opened. */
enum status typed_ask(struct cx *cx, struct sql *sql, Id matter, Id person, struct rows *rows);
enum status typed_open(struct cx *cx, const struct house *house, const struct rows *rows,
                       struct seen *seen);
/* Sets the procedure of seen->matter (NULL: there is none); fails as matter_see() does. */
enum status matter_admit(struct cx *cx, const struct house *house, const struct actor *actor,
                         Id matter, struct seen *seen);
/* Opens its values; of a draft those of the newest version. */
enum status matter_open(struct cx *cx, const struct house *house, struct sql *sql,
                        struct seen *seen);
enum status handover_see(struct cx *cx, struct sql *sql, struct seen *seen);

#endif
