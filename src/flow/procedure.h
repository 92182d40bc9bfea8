/* flow/procedure.h - a procedure as data, compiled and proved.
 *
 * data/procedures/NAME/VERSION.yaml, data/elements/ELEMENT.yaml and data/forms/NUMBER.yaml become
 * the structs below, once, at start. docs/procedure-language.md explains the grammar key by key.
 * What data cannot say are rules: C functions found by name in a table that main/ hands in. (1)
 * After procedures_load() nothing here changes; it lives in the arena given. (2) Every state can be
 * reached and, unless it is an end, left; every act can be taken by somebody; every name resolves.
 * The loader refuses anything else with file and line. (3) A definition that a matter runs on is
 * never edited: a new version is a new file, also of an element or a form (claim@2.yaml), and a
 * version of a procedure names those that it asks. (4) What a version no longer asks, it says what
 * became of: flow/renewal.h brings drafts along.
 */
#ifndef FLOW_PROCEDURE_H
#define FLOW_PROCEDURE_H

#include "flow/field.h"
#include "law/period.h"
#include "record/handover.h"

enum { STATES_MAX = 32, BY_MAX = 8 };

/* Who may take an act, or is told of it, or is waited for. */
enum actor_kind {
    ACTOR_PERSON, /* anybody verified, for beginning */
    ACTOR_LAWYER,
    ACTOR_PARTY,        /* party.ROLE: attached to the matter in that role */
    ACTOR_COURT,        /* court.POST: holds that post at the matter's court */
    ACTOR_COLLABORATOR, /* collaborator.window: window at the court of values' collaborator */
    ACTOR_PROVINCE,     /* province.supervisor: at the high court above the matter's; told only */
    ACTOR_NATION,       /* nation.supervisor: at the Supreme Court; told only */
    ACTOR_UPPER,        /* upper.supervisor: at the court above the matter's; told only */
    ACTOR_FOLLOWER,     /* follower: holds the code on the receipt of the matter, or of another
                           when he begins this one */
    ACTOR_WINDOW,       /* window: any window at the matter's court, for beginning */
    ACTOR_SYSTEM,
    ACTOR_EFFECT, /* begun by another matter's act only */
};

struct actor_rule {
    enum actor_kind kind;
    const char *name; /* role or post; "" otherwise */
};

/* party.ROLE.agent: a litigation agent who acts for a party of that role, in `by` of acts. */
#define AGENT_OF ".agent"

struct state {
    const char *name;
    const char *title;
    bool end;
    bool begin; /* the first state when it is not "draft" */
    struct actor_rule waits[BY_MAX];
    uint32_t wait_count;
    uint32_t line;
};

struct duration {
    int64_t length;
    enum period_unit unit;
};

/* when: {field: PATH, in: [VALUE…], unset: true}: what is said at a path of the values decides. */
struct condition {
    const char *path; /* NULL: always holds */
    const struct value *in;
    bool unset; /* also while nothing is said */
};

/* One of the limits that a value chooses from. */
struct limit_case {
    const char *value;
    struct duration limit;
    const char *law;
};

struct reminder {
    struct duration span;
    bool after; /* so long after the start; else so long before the end */
};

struct clock_rule {
    const char *name;
    const char *title;
    const char *law; /* of all limits; "" when each limit has its own */
    uint32_t starts_states, stops_states, restarts_states; /* bit per state */
    uint64_t starts_acts, stops_acts, restarts_acts;       /* bit per act */
    struct duration limit;  /* when limit_from is NULL; else the largest */
    const char *limit_from; /* path into the values, a number of limit.unit */
    const char *limit_by;   /* path to the value that chooses among cases, or NULL */
    const struct limit_case *cases;
    uint32_t case_count;
    bool of_collaborator; /* whose hours count */
    bool roll;            /* count: law - the last day rolls over rest days */
    struct reminder remind[4];
    uint32_t remind_count;
    const struct act *on_breach;
    const char *on_breach_name;
    uint32_t line;
};

struct material_rule {
    const char *kind;
    const char *title;
    const char *offered; /* predicate, "" for always */
    struct condition when;
    int min;
    int max; /* 0 for no limit */
    /* State in which the window that handed over shows it, sheet by sheet; -1: a file like others.
     * Whoever is not of the matter's court gets such a file in no other way. */
    int shown_in;
};

struct element_forms; /* flow/element_form.h */
struct rule;          /* a guard, effect or predicate: flow/rule.h */

/* What the program itself does on its own, when; offered to nobody. */
enum automatic {
    AUTOMATIC_NOT,
    AUTOMATIC_SENT,   /* behind the commit of the first act */
    AUTOMATIC_LISTED, /* when staff of the matter's court first have it on a list */
    AUTOMATIC_OPENED, /* when staff of the matter's court first look at it */
};

struct act {
    const char *name;
    const char *title;
    struct actor_rule by[BY_MAX];
    uint32_t by_count;
    uint32_t from; /* bit per state */
    int to;        /* index of a state; -1: stays */
    enum automatic automatic;
    const struct field *const *form;   /* elements */
    const struct condition *form_when; /* one each */
    uint32_t form_count;
    const struct material_rule *materials;
    uint32_t material_count;
    const struct rule *const *hard;
    uint32_t hard_count;
    const struct rule *const *soft;
    uint32_t soft_count;
    const struct rule *const *effects;
    uint32_t effect_count;
    const char *const *papers;
    const char *const *paper_offered; /* a predicate each, "" for always */
    const char *const *paper_each;    /* an effect's list: a paper for each item; "" for one */
    const struct condition *paper_when;
    uint32_t paper_count;
    struct actor_rule tells[BY_MAX];
    uint32_t tell_count;
    const char *report; /* "" or daily, weekly */
    const char *needs;  /* open only while there is a file of this kind of material; "": always */
    /* In state narrow_in the form keeps only elements, and materials as "materials.KIND", that the
     * list at narrow_by names in its `item`s, and those in narrow_keep. */
    int narrow_in; /* -1: never */
    const char *narrow_by;
    const struct value *narrow_keep;
    uint32_t index;
    uint32_t line;
};

/* A step of the evidence ladder: the acts that reach it. */
struct rung_rule {
    enum handover_rung rung;
    const char *title;
    uint64_t acts; /* bit per act */
};

struct procedure {
    const char *name;
    int version;
    const char *title;
    const char *about;
    const char *envelope; /* "" for none */
    const char *kind;     /* of case that it files, as filing-kind says it; "": see below */
    Str text;             /* the file and that of its envelope, for their hash */
    struct actor_rule begin_by[BY_MAX];
    uint32_t begin_count;
    uint32_t begin_levels;     /* bit per enum court_level; 0: any */
    bool supervised;           /* supervisors above its court are told, and so they see it */
    bool collaborated;         /* begun by windows alone: their court is the value collaborator */
    const struct value *roles; /* role to title, or to {"by",VALUE: title…} */
    const struct rung_rule *ladder;
    uint32_t rung_count; /* 0: keeps no row of hand-overs */
    const struct state *states;
    uint32_t state_count;
    const struct act *acts;
    uint32_t act_count;
    const struct clock_rule *clocks;
    uint32_t clock_count;
    const struct field *elements; /* all elements of all forms, once each: what values may hold */
    uint32_t element_count;
    const struct element_forms *forms; /* that its forms ask; NULL: none */
    uint32_t lines_above;              /* of its envelope, in the lines of what it declares */
    const struct value *former;        /* what became of what the version before asked; or NULL */
    int first_state;
};

struct procedures; /* all versions of all */

struct procedure_source {
    const char *path; /* "procedures/civil-first-instance/1.yaml" or "elements/claim.yaml" */
    Str text;
};

struct load_world {
    const struct rule *const *rules; /* ends with NULL */
    bool (*paper_exists)(void *arg, const char *paper);
    /* The list of {"name",…,"optional"} a paper prints; a NULL function: not proved. */
    const struct value *(*paper_needs)(void *arg, const char *paper);
    void *arg;
    const struct law_tables *tables; /* to prove the examples */
};

/* Compiles everything. E_READ "data-unreadable" with file:line: why. */
enum status procedures_load(struct cx *cx, const struct procedure_source *sources, uint32_t count,
                            const struct load_world *world, struct procedures **out);
/* All element forms of data/forms/; NULL when there are none. */
const struct element_forms *procedures_forms(const struct procedures *procedures);
uint32_t procedures_count(const struct procedures *procedures);
const struct procedure *procedures_at(const struct procedures *procedures, uint32_t index);
/* version 0: the newest. NULL when there is none. */
const struct procedure *procedure_find(const struct procedures *procedures, Str name, int version);

/* The version before; NULL when it is the first. */
const struct procedure *procedure_before(const struct procedures *procedures,
                                         const struct procedure *procedure);
/* The newest version of `name` that asks the same versions of elements as `beside` does; the newest
 * when none does. A case is asked on as its filing was. */
const struct procedure *procedure_beside(const struct procedures *procedures, Str name,
                                         const struct procedure *beside);

const struct state *procedure_state(const struct procedure *procedure, Str name); /* NULL: none */
int procedure_state_index(const struct procedure *procedure, Str name);           /* -1: none */
const struct act *procedure_act(const struct procedure *procedure, Str name);
/* Title of a kind of material in any of its acts; the kind itself when none has it. */
const char *material_title(const struct procedure *procedure, Str kind);
/* The state in which it is shown sheet by sheet; -1: it is a file like others. */
int material_shown_in(const struct procedure *procedure, Str kind);
/* "" when none. A role may be called otherwise by what the values say. */
const char *procedure_role_title(const struct procedure *procedure, Str role,
                                 const struct value *values);
/* The kind of case that is filed: what the procedure says, else the values, else "civil". */
Str procedure_kind(const struct procedure *procedure, const struct value *values);
/* The newest procedure in which people file that kind of case at the court itself; NULL: none. */
const struct procedure *procedure_filing(const struct procedures *procedures, Str kind);
/* Is each element form asked by a procedure in which people file its kind? Else a failure that
 * names the form: nobody is to fill in what no court takes. */
enum status procedures_file_forms(struct cx *cx, const struct procedures *procedures);
bool condition_holds(const struct condition *condition, const struct value *values);
/* The limit that the values choose: what is not said counts as the first case. */
const struct limit_case *clock_case(const struct clock_rule *rule, const struct value *values);

/* What answers to its elements are made of: names, types, options, conditions, what must be there;
 * not the words around them. As long as it is the same, answers mean the same. */
Str procedure_shape(struct arena *arena, const struct procedure *procedure);

/* {"name","version","title","about","begin","states":[…],"acts":[{"name","title","by","from","to",
 * "form","materials"}],"clocks":[…]} for GET /procedures/{name} and its diagram. */
struct value *procedure_view(struct arena *arena, const struct procedure *procedure);

#endif
