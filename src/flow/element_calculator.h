/* flow/element_calculator.h - calculators inside the elements: what a claim comes to, worked out
 * from the answers of its form; inside flow/ only.
 *
 * A calculator is one entry of the table in element_calculator.c and one small file that reads its
 * questions (data/forms/rows/) and has law/ answer them. A form has it when its claim asks the
 * field `way`. (1) What is left blank is filled, what somebody typed stands; where that is more
 * than what follows, it is said. (2) What cannot be computed is told, never guessed. (3) Whatever
 * is read is said again in a query, so that anybody asks /tools the same and has the same sheet.
 */
#ifndef FLOW_ELEMENT_CALCULATOR_H
#define FLOW_ELEMENT_CALCULATOR_H

#include "flow/element_form.h"
#include "law/bill.h"

enum { CALCULATOR_FILLS_MAX = 10, CALCULATOR_READS_MAX = 7 };

/* One claim on its way through a calculator. */
struct counting {
    struct cx *cx;
    const struct law_tables *tables;
    const struct element_form *form;
    const struct value *claim; /* the answers of its first section */
    Date today;
    struct value *out;    /* values.claim */
    struct value *filled; /* what was computed: names of `fills` to their values */
    struct buf query;     /* asks the same of anybody */
};

/* What is filled: an amount, which the claim must ask, or words, where it does. */
struct calculator_fill {
    const char *name;
    bool words;
};

struct calculator {
    const char *name;  /* its sheet is values.claim.NAME */
    const char *title; /* of the sheet */
    const char *way;   /* the field by which a claim has it */
    const char *tool;  /* who answers anybody the same; NULL: each line of the sheet says it */
    struct calculator_fill fills[CALCULATOR_FILLS_MAX]; /* a name of NULL ends */
    const char *reads[CALCULATOR_READS_MAX]; /* fields of the form's own that it reads; NULL ends */
    const char *unknown;                     /* what is told when it fails */
    /* Computes when it was asked for: sets *sheet to a bill_value(). Leaves it NULL when not.
     * Amounts are taken from its parts by their names; words are said by counting_fill(). */
    enum status (*count)(struct counting *c, struct value **sheet);
};

extern const struct calculator ELEMENT_INTEREST, ELEMENT_INJURY, ELEMENT_WAGES, ELEMENT_SEVERANCE,
    ELEMENT_DISMISSAL, ELEMENT_DOUBLE, ELEMENT_PENALTY, ELEMENT_SUPPORT, ELEMENT_DEBT;

/* Whether the claim asks what each of its calculators reads and fills; else the first name that it
 * does not, in *missing. */
bool calculators_prove(const struct element_form *form, Str *missing);
/* Sets what each calculator of the form says into out, as values.claim has it. */
void calculators_run(struct cx *cx, const struct element_form *form,
                     const struct law_tables *tables, const struct value *claim, Date today,
                     struct value *out);

/* --- for the calculators --- */

/* What the form calls a field that calculators know by this name (`counted` of the form). */
const char *calculator_field(const struct element_form *form, const char *name);
/* Is something typed in the field that a name of `fills` goes to? */
bool counting_typed(const struct counting *c, const char *name);
void counting_fill(struct counting *c, const char *name, struct value *v);

/* Each reads a field of the claim and says it in the query under the tool's name. What is not there
 * is "", 0, false; a number or an amount out of range is 0 too: the check of the form tells it. */
Str counting_text(struct counting *c, const char *field, const char *name);
int counting_number(struct counting *c, const char *field, const char *name);
Money counting_money(struct counting *c, const char *field, const char *name);
bool counting_date(struct counting *c, const char *field, const char *name, Date *out);
Str counting_place(struct counting *c, const char *field, const char *name); /* a division */
void counting_say(struct counting *c, const char *name, Str text);
void counting_say_int(struct counting *c, const char *name, int64_t number);

/* "12", "3.85" with at most four decimals, times 10,000. */
bool counting_decimal(Str text, int64_t *out);

#endif
