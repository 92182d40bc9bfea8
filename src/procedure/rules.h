/* procedure/rules.h - all guards, effects and predicates there are, for the compiler of procedures.
 */
#ifndef PROCEDURE_RULES_H
#define PROCEDURE_RULES_H

#include "flow/rule.h"

/* Ends with NULL. Called once, at start, by one thread. */
const struct rule *const *rules_all(void);

/* Each procedure's own list, ends with NULL. */
extern const struct rule *const rules_civil_first_instance_filing[];
extern const struct rule *const rules_civil_first_instance[];
extern const struct rule *const rules_answer[];    /* service, answers, the hearing's outline */
extern const struct rule *const rules_hearing[];   /* when it is heard, who is called */
extern const struct rule *const rules_docketing[]; /* what every filing becomes */
extern const struct rule *const rules_filing_time[];
extern const struct rule *const rules_amendment[];
extern const struct rule *const rules_evidence[];     /* numbered, ordered, listed */
extern const struct rule *const rules_cross_domain[]; /* shared by all its procedures */
extern const struct rule *const rules_cross_domain_filing[];
extern const struct rule *const rules_cross_domain_service[];
extern const struct rule *const rules_enforcement[];
extern const struct rule *const rules_enforcement_review[];  /* objections and what follows them */
extern const struct rule *const rules_enforcement_request[]; /* of whoever asks within it */
extern const struct rule *const rules_circular[];
extern const struct rule *const rules_feedback[];
extern const struct rule
    *const rules_signature[]; /* of whoever acts, and of those asked from afar */
extern const struct rule *const rules_drill[];

/* A parameter-less guard, effect, predicate as a rule. */
#define RULE_GUARD_OF(id, rule_name, rule_law, fn) \
    static const struct rule id = {                \
        .name = rule_name, .kind = RULE_GUARD, .law = rule_law, .guard = fn}
/* A guard that also speaks while something is being typed (struct ask, early). */
#define RULE_GUARD_EARLY(id, rule_name, rule_law, fn) \
    static const struct rule id = {                   \
        .name = rule_name, .kind = RULE_GUARD, .law = rule_law, .guard = fn, .early = true}
#define RULE_EFFECT_OF(id, rule_name, fn) \
    static const struct rule id = {.name = rule_name, .kind = RULE_EFFECT, .law = "", .effect = fn}
/* An effect that always adds these inputs to the papers of its act. */
#define RULE_EFFECT_GIVING(id, rule_name, fn, names) \
    static const struct rule id = {                  \
        .name = rule_name, .kind = RULE_EFFECT, .law = "", .inputs = names, .effect = fn}
#define RULE_PREDICATE_OF(id, rule_name, fn) \
    static const struct rule id = {          \
        .name = rule_name, .kind = RULE_PREDICATE, .law = "", .predicate = fn}

#endif
