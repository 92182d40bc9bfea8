/* flow/rule.h - what data cannot say: guards, effects and predicates, by name.
 *
 * procedure/ defines them and lists them; data names them. A guard looks at an act about to be
 * taken and complains; an effect adds to its plan; a predicate decides whether an element or a
 * material is offered. None of them touches the database: they see a snapshot and write into the
 * plan.
 */
#ifndef FLOW_RULE_H
#define FLOW_RULE_H

#include "flow/plan.h"

enum rule_kind { RULE_GUARD, RULE_EFFECT, RULE_PREDICATE };

struct rule {
    const char *name; /* kebab-case, as in the data */
    enum rule_kind kind;
    const char *law; /* "" for none */
    const char
        *inputs; /* of an effect: what it always adds for papers, "fee half"; NULL: nothing */
    /* Guard: adds to the failure's errors (hard) or warnings (soft) by ask_complain(). */
    enum status (*guard)(struct cx *cx, struct ask *ask, const struct rule *rule);
    enum status (*effect)(struct cx *cx, struct plan *plan);
    bool (*predicate)(const struct ask *ask);
    bool early; /* guard: what it says holds of what is typed already, not only of an act */
};

#endif
