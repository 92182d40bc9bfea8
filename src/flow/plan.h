/* flow/plan.h - an act prepared: everything it will write, made without a lock.
 *
 * act_prepare() reads a snapshot, checks actor, state, form and guards, lets effects add to the
 * plan and turns it into statements; plan_apply() runs them inside a transaction that first proves
 * that no matter has moved since the snapshot (revision) and that the key is new. A plan that loses
 * the race fails with E_AGAIN, is thrown away and prepared again. (1) A plan belongs to one
 * request; everything in it lives in the request's arena. (2) changes[0] is the matter acted upon;
 * effects may add new matters behind it. (3) What only the transaction can know (a case number) is
 * asked for by plan_number(); then the plan is sealed inside the transaction, else before it. (4) A
 * change without act (a draft saved) writes no event and no leaf.
 */
#ifndef FLOW_PLAN_H
#define FLOW_PLAN_H

#include "flow/procedure.h"
#include "record/contact.h"
#include "record/matter.h"
#include "record/person.h"
#include "record/sequence.h"
#include "seal/cert.h"
#include "seal/keys.h"

enum { PLAN_CHANGES_MAX = 4 };

struct batch_kinds;

/* Everything of the program that the flow needs; built by main/, constant while serving. */
struct house {
    struct store *store;
    struct keys *keys;
    struct sequence *sequence;
    const struct procedures *procedures;
    const struct law_tables *(*tables)(void *arg); /* the current set */
    void *tables_arg;
    const struct rule *const *rules; /* ends with NULL */
    const struct value *papers;      /* paper name to {"title","sm3","needs","sealed","by_party"} */
    const struct batch_kinds *batches; /* flow/batch.h */
    struct shelf *shelf;               /* of flow/shelf.h; NULL for none */
    /* Is this the code sent to this person last? Set by main/; used up by a right answer. */
    enum status (*code_check)(struct cx *cx, void *arg, Id person, Str code, bool *ok);
    void *code_arg;
    const struct ca *ca; /* who issues certificates; NULL: nobody, so nothing is sealed */
    Str origin;          /* of the log; also the head of addresses printed on papers */
    bool demo;
};

/* The question that guards and predicates are asked. */
struct ask {
    const struct house *house;
    const struct law_tables *tables;
    const struct procedure *procedure;
    const struct act *act;
    const struct matter *matter;
    const struct actor *actor;
    const struct value *values; /* merged: what stands and what is being said, in the clear */
    const struct value *stands; /* what stands, without what is being said; NULL: not told */
    Instant now;
    bool soft;  /* complaints of this guard are warnings */
    bool early; /* something is being typed: what is missing may still come */
    uint32_t complaints;
    const struct value *warned; /* warnings that were accepted, or NULL */
    bool signed_ahead;          /* flow/act.h */
};

/* One complaint of a guard: an error or a warning at a field, by the name of the rule. */
void ask_complain(struct cx *cx, struct ask *ask, const struct rule *rule, const char *field,
                  const char *title);

/* What happens to one matter. */
struct change {
    const struct procedure *procedure;
    const struct matter *before; /* NULL: a new matter */
    struct matter *after;        /* what it will be: effects change this */
    const char *act;             /* name of the act or "open"; NULL: see (4) */
    const char *title;           /* of the act */
    uint32_t act_index;          /* for clocks; UINT32_MAX when it is none of the procedure's */
    const struct value *clear;   /* all values of `after`, opened */
    const char *const *papers;
    /* Beside each paper the name of a list among `inputs`: it is made for each item, whose members
     * are laid over the inputs; "" for one. NULL: one of all. */
    const char *const *paper_each;
    uint32_t paper_count;
    struct value *inputs; /* what effects add for the papers */
    Str told;             /* behind the matter's title in notices: when a hearing is; or "" */
    struct value *extra;  /* further members of the event's body, or NULL */
    const struct actor_rule *tells;
    uint32_t tell_count;
    const char *report;
    Str signer; /* whose certificate signs what parties say in this act; "" for none */
    /* Set by plan_seal(): the matter's row, written only where it stands as it did before. */
    struct script *claim;
};

struct plan {
    const struct house *house;
    const struct law_tables *tables;
    const struct actor *actor;
    const struct value *signed_ahead; /* of struct act_request, for effects; or NULL */
    Instant now;
    struct change changes[PLAN_CHANGES_MAX];
    uint32_t change_count;
    Id next_id, end_id; /* taken before the transaction, for leaves, notices and jobs */
    /* (3) */
    Str number_court, number_type;
    int number_year;
    void (*number_got)(struct cx *cx, struct plan *plan, int64_t serial);
    struct script *script;
    Str once_actor, once_route, once_key; /* empty key: none */
    Hash once_request;
    bool sealed;
    bool claimed; /* sealed inside the transaction, behind MATTER_CLAIM */
    /* Results: */
    bool replayed;
    Id replayed_matter; /* 0 when the first time made none */
    int64_t event;      /* of changes[0]; when replayed, of the first time */
};

/* A plan with nothing in it yet. matter: the one it will be about, or NULL; how many people are
 * attached to it says how many ids to take. */
enum status plan_new(struct cx *cx, const struct house *house, const struct actor *actor,
                     Instant now, const struct matter *matter, struct plan **out);
/* The change of an existing matter (a copy to work on), or of a new one with a fresh key and id. */
struct change *plan_change(struct cx *cx, struct plan *plan, const struct procedure *procedure,
                           const struct matter *before);
enum status plan_open(struct cx *cx, struct plan *plan, const struct procedure *procedure,
                      Str court, Id owner, struct change **out);
/* Asks for the next serial of (court, year, type) inside the transaction. Once per plan. */
void plan_number(struct plan *plan, Str court, int year, Str type,
                 void (*got)(struct cx *cx, struct plan *plan, int64_t serial));
void plan_once(struct plan *plan, Str actor, Str route, Str key, Hash request);
/* More ids, where effects want papers for many. Before plan_seal(), never from number_got(). */
enum status plan_room(struct cx *cx, struct plan *plan);
Id plan_id(struct plan *plan);
Id plan_ids(struct plan *plan, uint32_t count); /* so many in a row; the first */
/* The person of a login, for effects that attach people; *out NULL when there is none. Reads: never
 * from number_got(). */
enum status plan_person(struct cx *cx, const struct plan *plan, Str login, struct person **out);
/* The one account whose holder is verified as the person of this identity number and name; *out
 * NULL when there is none, or several. Staff is not looked for. Reads: never from number_got(). */
enum status plan_person_identified(struct cx *cx, const struct plan *plan, Str number, Str name,
                                   struct person **out);
/* Who acts for the parties of the plan's first matter now, as persons (flow/counsel.h). Reads:
 * never from number_got(). */
struct counsel;
enum status plan_counsel(struct cx *cx, const struct plan *plan, struct counsel **out,
                         uint32_t *count);
/* The case of a number, for effects that link to it, with its procedure; *out NULL when it is not
 * in this database. Reads, as plan_person(). */
enum status plan_case(struct cx *cx, const struct plan *plan, Str number, struct matter **out,
                      const struct procedure **procedure);
/* A message to the phone of the officer of a court, without personal data; nothing where it has
 * entered none. Reads: never from number_got(). */
enum status plan_officer_message(struct cx *cx, struct plan *plan, Str court, Str text);
/* The blind index of a party's identity number, as people's own are kept. */
Hash plan_blind(const struct plan *plan, Str number);
/* SM3 of values in their canonical form, in hex: what a signature stands under. */
Str values_digest(struct arena *arena, const struct value *values);
Str material_digest(struct arena *arena, const struct material *material); /* of its file */
/* Value of `inputs` of a change, made on first use. */
struct value *change_inputs(struct cx *cx, struct change *change);
/* New values of a change, given in the clear: sealed, groups' revisions raised where they differ.
 */
enum status change_values(struct cx *cx, struct plan *plan, struct change *change,
                          const struct value *clear);

/* Makes clocks, papers, projection, events, lists and notices into statements. Idempotent. */
enum status plan_seal(struct cx *cx, struct plan *plan);
/* The closure for store_write(): arg is the plan. E_AGAIN "stale" when a matter has moved. */
enum status plan_apply(struct cx *cx, struct sql *sql, void *arg);

/* Inputs of papers that follow from the matter itself (flow/paper_inputs.c); what names one paper,
 * its code and address, is added for each. */
struct value *paper_inputs(struct cx *cx, const struct plan *plan, const struct change *change);
void paper_inputs_name(struct cx *cx, const struct plan *plan, const struct paper *paper,
                       struct value *inputs);
/* Does paper_inputs() supply it to every paper of the procedure, whatever its forms and effects? */
bool paper_input_is_known(const struct procedure *procedure, Str name);
/* Only what the paper needs (list of {"name"}; NULL: all), sealed under the matter's key: what is
 * printed holds numbers that rows must not. */
enum status paper_inputs_seal(struct cx *cx, const struct house *house, const struct matter *matter,
                              const struct value *needs, const struct value *inputs, Str *out);
enum status paper_inputs_open(struct cx *cx, const struct house *house, Str wrapped_key, Str inputs,
                              struct value **out);
/* Stops and starts clocks for a change whose state or act says so (flow/clockwork.c). */
enum status clocks_turn(struct cx *cx, struct plan *plan, struct change *change);
/* How long a clock of the change runs from its start by what the values say now: its length, law,
 * end and next waking. One that ran out stays so. */
enum status clock_measure(struct cx *cx, struct plan *plan, const struct change *change,
                          const struct clock_rule *rule, struct clock_row *clock);
/* The rule of a clock by its name; NULL: a version of the procedure without it. */
const struct clock_rule *clock_rule_find(const struct procedure *procedure, Str name);
/* Is what it limits a party's to do, on the platform? So when it is stopped by an act of a party,
 * or starts in states that wait for parties alone (or for the window that acts for one). */
bool clock_is_of_party(const struct procedure *procedure, const struct clock_rule *rule);
/* When a clock that stands in its row ends by these tables. */
enum status clock_count(struct cx *cx, const struct law_tables *tables,
                        const struct clock_rule *rule, const struct matter *matter,
                        const struct clock_row *clock, struct period_answer *out);
/* Sets its next wake: the earliest reminder after `after`, else the due instant. */
enum status clock_wake_next(struct cx *cx, const struct law_tables *tables,
                            const struct clock_rule *rule, const struct matter *matter,
                            struct clock_row *clock, Instant after);
/* The ladder of evidence (flow/ladder.c), where the procedure has one: which rungs a change
 * reaches, among the further members of its event. The row of hand-overs takes them from there. */
void ladder_say(struct cx *cx, const struct plan *plan, struct change *change);
/* At the first act those who prepared the draft leave it, and its event names them (flow/assist.c).
 * Reads: never from number_got(). */
enum status assistants_leave(struct cx *cx, struct plan *plan, struct change *change);
/* Gives what begins to wait for a court's reviewers to one of them, where the court wants it so
 * (flow/assign.c). Reads: never from number_got(). */
enum status assign_reviewer(struct cx *cx, struct plan *plan, const struct change *change);
/* Leaves behind the commit of a matter's first act what the program then does on its own. */
void automatic_leave(struct cx *cx, struct plan *plan, const struct change *change);
/* Whom to call at a court; *out NULL when it has entered nobody. Reads: never from number_got(). */
enum status plan_contact(struct cx *cx, const struct plan *plan, Str court, struct contact **out);
/* The post that a rule names in this matter: "reviewer@京0105", "window@藏0601"; "" for parties. */
Str viewer_of_rule(struct arena *arena, const struct law_tables *tables,
                   const struct matter *matter, const struct actor_rule *rule);
/* Where a matter in this state stands in lists, the nearest end of its clocks (0: none). A place
 * given twice counts once, the first (flow/lists.c). */
const struct listing_place *lists_places(struct cx *cx, const struct law_tables *tables,
                                         const struct state *state, const struct matter *matter,
                                         Instant *due, uint32_t *count);
/* Lists, search rows and notices of a change. */
void lists_write(struct cx *cx, struct plan *plan, const struct change *change);

#endif
