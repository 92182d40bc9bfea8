/* flow/rehearsal.h - what a procedure would say to an act, before there is a matter.
 *
 * For who prepares many at once and wants to know of each what is wrong with it: the form and the
 * rules are those of the act itself, over a draft that is never written. What is asked once for all
 * of them (promises, the signature) counts as given. (1) Nothing fails for what is found; (2)
 * nothing is written, no code is used up.
 */
#ifndef FLOW_REHEARSAL_H
#define FLOW_REHEARSAL_H

#include "flow/plan.h"

struct rehearsal {
    const struct house *house;
    const struct actor *actor;
    const struct procedure *procedure;
    const struct act *act;          /* taken from a draft */
    const struct value *asked_once; /* list of names of elements, or NULL */
    const struct value *defaults;   /* laid under the values where the form offers the field */
    Instant now;
};

struct rehearsed {
    const struct value *values;   /* normalised, with what is asked once; without signatures */
    const struct value *errors;   /* [{"field","code","title"}], or NULL */
    const struct value *warnings; /* likewise */
    Str digest; /* of values: what a signature of the act will stand under (values_digest()) */
};

enum status act_rehearse(struct cx *cx, const struct rehearsal *rehearsal, Str court,
                         const struct value *values, struct material *materials,
                         uint32_t material_count, struct rehearsed *out);

#endif
