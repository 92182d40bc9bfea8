/* flow/element_form.h - element forms (要素式诉状): the official tables, as data.
 *
 * data/forms/NUMBER.yaml is one official form: its sections in the official order, of each the rows
 * of the table, of each row the fields that fill it and how it is printed. Rows that forms share
 * stand in data/forms/rows/, sections that they share in data/forms/sections/. Every section is an
 * element like any other: asked, checked, saved and shown as such. docs/element-forms.md has the
 * grammar. (1) A field of the official form is printed by its row: proved when the form is
 * compiled, so that nothing that people fill in is lost on paper. (2) What follows from the answers
 * - the amount claimed, the requests, the facts, the interest - is never asked again: it becomes
 * the values `claim`, marked with the form's number, whenever values are saved or handed in. (3) A
 * claim that was stated in the common words, in full, stands until the form has an answer of its
 * own.
 */
#ifndef FLOW_ELEMENT_FORM_H
#define FLOW_ELEMENT_FORM_H

#include "flow/procedure.h"

/* Whom a row of the official table tells of that a filing has among its parties. */
enum form_party {
    FORM_PARTY_ANY,
    FORM_PARTY_PERSON,
    FORM_PARTY_BODY,
    FORM_PARTY_AGENT,
    FORM_PARTY_LAWYER,      /* agents who are lawyers, where others have a row of their own */
    FORM_PARTY_OTHER_AGENT, /* those others */
    FORM_PARTY_GUARDIAN,
};

/* A row of the official table. */
struct form_row {
    const char *label; /* left; without its number */
    const char *print; /* right: a template; "" for a row that is asked but not printed */
    const char *tick;  /* field that ticks the box before the label; "": the label has none */
    bool span;         /* printed across, when there is something to print */
    const struct value *requests; /* list of {text, when}: what it asks the court for */
    const char *first;            /* name of its first field; NULL: it asks nothing itself */
    const char *own; /* what the answer says here of its own; "": the other side answers the row */
    const char *heading;   /* stands above it, and numbers begin anew; "" for none */
    const char *role;      /* of the party that it tells of, in a filing; "": of none */
    enum form_party party; /* which parties of that role, or whom beside them */
};

struct form_section {
    const char *element; /* the element that asks it, or names it on the table */
    int version;
    const char *title;
    const char *note; /* printed below the title; "" for none */
    bool numbered;
    bool shared;               /* of data/forms/sections/: says nothing of one form alone */
    const struct field *group; /* all that the form asks */
    const struct field *asked; /* what a filing asks of it: all that its parties do not say already;
                                  NULL: nothing */
    const struct form_row *rows;
    uint32_t row_count;
    const struct value *prints;   /* names of lists to how an item is printed */
    const struct value *rooms;    /* names of fields to what is printed where nothing is said */
    const struct value *official; /* names of official fields, in order, as the form calls them */
    const struct value *from;     /* names of fields to where a party says it: "identity:type" */
};

/* A row of the official answer (答辩状): what it answers of the complaint, or says of its own. */
struct form_reply {
    const char *name;  /* "claim.principal", "facts.basis": in values, and in the API */
    const char *label; /* left: 对本金有无异议; without its number */
    bool fact;         /* answers what is told as a fact, else what is claimed */
    bool below;        /* stands below 事实与理由, else below 答辩事项 */
    bool own;          /* words of its own: answers no row */
    bool ours;         /* not of the official answer: stands below it */
    bool confirms;     /* offers 确认／异议, not 无／有 */
    bool tick;         /* a box before the label, ticked when something is said */
    const char *boxes; /* of its own words: 无□ 有□ and this before them; "" for words alone */
    const char *yes;   /* of its own words: 是□ and this before them, then 否□; "" for none */
    const char *room;  /* printed when nothing is said; "" for nothing */
    const char *heading;        /* stands above it, and numbers begin anew; "" for none */
    const struct value *choose; /* of its own words: one of these, each with its box; NULL: none */
    bool span;                  /* label and words across both columns */
    bool plain;                 /* without a number */
    const struct value *to;     /* first fields of the rows that it answers; NULL: own */
};

/* A block of 当事人信息 of an answer: who answers, or who acts for him. */
struct form_answerer {
    const char *label;
    bool agent;
    const char *print; /* template of fields of parties, or of their agents */
    const char *none;  /* where nobody acts for him */
};

/* A block of 当事人信息 that the blank table of a civil form has, and how it calls it. */
struct form_block {
    const char *role;
    bool person;       /* of a person, else of a body */
    bool more;         /* with foreign capital and listing, which may be left blank */
    const char *label; /* "" for the usual: 原告（自然人） */
};

struct element_form {
    const char *name;
    const char *number; /* of data/tables/element-forms.csv */
    int version;
    const char *file;           /* "forms/09@2.yaml" */
    const struct value *former; /* what became of what it asked before; NULL: nothing is gone */
    const char *title;          /* the cause */
    const char *caption;        /* below the name of the paper: the title, or what it is used for */
    const char *about;
    const char *kind;     /* of case, as data/elements/filing-kind.yaml has it; "civil" */
    const char *document; /* what the paper is called */
    const char *signer;   /* who signs it */
    const char *notes;    /* explanations at its head; "" for those of a civil complaint */
    const char *after;    /* explanations below it; "" for none */
    const struct form_section *const *sections;
    uint32_t section_count;
    const struct form_section *claim; /* the first section that no other form has */
    const char *total;                /* field of claim: the amount in dispute; "" for none */
    const struct value *sum;          /* money fields of claim that add up to it */
    const char *place;                /* address field of claim for jurisdiction; "" for none */
    const struct value *counted;      /* what calculators call a field to what the form calls it */
    const struct form_block *blocks;  /* none: people and bodies in every role */
    uint32_t block_count;
    const struct form_reply *replies; /* the answer: claims first, then facts */
    uint32_t reply_count;
    const char *reply_note;     /* below the heading 答辩事项 */
    const char *reply_document; /* what the answer is called: 行政答辩状; "" for 答辩状 */
    const char *reply_signer;   /* who signs it: 答辩人（签字、盖章） */
    const char *reply_notes;    /* explanations at its head; "" for none */
    bool reply_caseless;        /* without 案号 and 案由 */
    const struct form_answerer *answerers; /* none: as in civil cases */
    uint32_t answerer_count;
    bool personal; /* facts of personal status: an admission does not prove them */
};

/* The element that chooses a form of a kind is called so before the kind: form-enforcement. */
#define FORM_CHOICE "form-"

struct element_forms {
    const struct element_form *all; /* by number: of a procedure one version of each */
    uint32_t count;
    const struct field *elements; /* all elements there are, for names that rows borrow */
    uint32_t element_count;
};

/* Does it hang on a cause of civil action? Others are chosen by the element form-KIND of a filing
 * of their kind, and their parties stand in a section of their own. */
bool element_form_is_civil(const struct element_form *form);
const struct element_form *element_form_find(const struct element_forms *forms, Str number);
const struct element_form *element_form_version(const struct element_forms *forms, Str number,
                                                int version);
/* The form of the cause that the values name; NULL when none is compiled. */
const struct element_form *element_form_of(const struct element_forms *forms,
                                           const struct law_tables *tables,
                                           const struct value *values);
/* The form that the values ask for, of the kind that the procedure files: style is element, and
 * their cause has one; or the number that form-KIND says. */
const struct element_form *element_form_asked(const struct procedure *procedure,
                                              const struct law_tables *tables,
                                              const struct value *values);
/* Does one of the forms that ask a field (field->forms) have this number? */
bool element_form_asks(const struct field *field, const struct element_form *form);

/* Is the claim stated in the common words, in full, and the form still empty? (3) */
bool element_form_waits(const struct element_form *form, const struct value *values);
/* Values as they are to be kept: with the claim that follows from the form (2). values itself when
 * nothing follows. today: the day of suing, for interest. */
struct value *element_form_derive(struct cx *cx, const struct procedure *procedure,
                                  const struct law_tables *tables, struct value *values,
                                  Date today);
/* {"form","amount","requests":[{"text"}],"facts","place-of-performance"?,"sheet"?,"interest"?,
 * "filled"?,"more"?,"fault"?, and a sheet for each calculator of the form that was asked} of a
 * form's answers. "fault": the code of what keeps the interest from being computed. */
struct value *element_form_claim(struct cx *cx, const struct element_forms *forms,
                                 const struct element_form *form, const struct law_tables *tables,
                                 const struct value *values, Date today);

/* The sheets of a claim beside that of the interest, in order: {"title","asked": the field that
 * asks for it,"filled": {FIELD: value},"more"?: [{"field","counted": fen}] where somebody typed
 * more, "total","parts","working","notices","sheet"?,"again": the address at which anybody computes
 * it anew}. What could not be computed has "notices" and no total. */
struct value *element_form_sheets(struct arena *arena, const struct value *claim);
/* Takes back the complaints that what was computed is missing: it is left blank on purpose. */
void element_form_excuse(struct cx *cx, const struct element_form *form, const struct value *claim);

/* The official table, filled: list of {"heading"} or {"label","text"} or {"across"}. values NULL:
 * the blank form. Of a party: the blocks of all its kinds when blank. */
struct value *element_form_table(struct arena *arena, const struct element_forms *forms,
                                 const struct element_form *form, const struct law_tables *tables,
                                 const struct value *values);
/* What papers print of a form: {"title","document","signer","notes"?,"rows": as above,
 * "sheet"?: [{"n","from","to","principal","rate","days","amount","sum","law-title"}],
 * "year-days"?,"interest-all"?,"interest-paid"?,"interest"?,"uncertain"?,
 * "counted"?: of each other sheet [{"title","steps": [{"line","rule","result","law-title"}],
 * "lines"?: as "sheet","notices"?: [{"text"}],"again"}]}. origin: of the platform, before "again".
 */
struct value *element_form_paper(struct arena *arena, const struct element_forms *forms,
                                 const struct element_form *form, const struct law_tables *tables,
                                 const struct value *values, Str origin);
/* The filled sample: the examples of all its elements and of the others it prints. */
struct value *element_form_sample(struct arena *arena, const struct element_forms *forms,
                                  const struct element_form *form);

/* What the answers of the claim leave to the program, filled in from what follows of them. */
struct value *element_form_fill(struct arena *arena, const struct value *said,
                                const struct value *derived);

/* Does the official table have the row? */
static inline bool form_row_is_printed(const struct form_row *row)
{
    return row->print[0] != '\0' || row->tick[0] != '\0';
}

/* The answers of the first section with what was computed filled in, as the table prints them. */
const struct value *element_form_said(struct arena *arena, const struct element_form *form,
                                      const struct form_section *section,
                                      const struct value *values);

/* A template with the values of fields in it. *whole (may be NULL) says whether everything named
 * outside brackets was there; what is not there is left as room to write. */
struct form_ink {
    struct arena *arena;
    const struct element_forms *forms;
    const struct law_tables *tables;
    const struct value *values; /* all, for names that rows borrow */
    const struct form_section *section;
    bool asking; /* of a request: an amount of nothing is not there */
};

Str form_ink_text(const struct form_ink *ink, const char *print, const struct field *fields,
                  uint32_t count, const struct value *values, bool *whole);

/* A leaf that is no choice, in words: 50,000.00, 2026年3月2日, a place in full. */
Str form_ink_leaf(const struct form_ink *ink, const struct field *field, const struct value *v);

/* The official block of a party, and of his agent: party is shaped as an item of `parties`, its
 * agent
 * {"name","firm","post","phone","authority"} (NULL: none). "" without an element of parties. */
Str element_form_party(const struct form_ink *ink, bool person, const struct value *party);
Str element_form_agent(const struct form_ink *ink, const struct value *agent);
/* Likewise, as the official answer of a form prints who answers and who acts for him. */
Str element_form_answerer(const struct form_ink *ink, const struct form_answerer *as,
                          const struct value *said);

/* The next placeholder: {name}, {name:option} or {name:option|title}; {identity:type} is the title
 * of an identity's type, {name/name:given|title} a box that is ticked when one of these fields has
 * been filled in. false at the end of print. */
#define FORM_GIVEN  "given"
#define FORM_EACH   "each"   /* all options, each on a line of its own, box and number first */
#define FORM_CHOSEN "chosen" /* what is chosen, in words and without boxes */

struct form_hole {
    Str literal; /* before it */
    Str name;    /* "" at the end */
    Str option;
    Str title;
    bool bare;    /* {name:option|}: the box alone */
    bool leads;   /* {□name}: boxes stand before what they tick */
    char bracket; /* '[' or ']' opened or closed here instead of a name; 0 */
};

bool form_hole_next(struct arena *arena, Str print, size_t *offset, struct form_hole *out);

#endif
