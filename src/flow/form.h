/* flow/form.h - the form and materials of an act, as they are for the values saved so far.
 *
 * An element or material may depend on a predicate (style appears when the cause has an element
 * form), and in one state the form may be narrowed to what was found wanting.
 */
#ifndef FLOW_FORM_H
#define FLOW_FORM_H

#include "flow/plan.h"

struct form {
    struct field *fields; /* offered now */
    uint32_t field_count;
    struct material_rule *materials;
    uint32_t material_count;
};

/* Does a predicate hold? "" always does. */
bool form_offers(const struct ask *ask, const char *predicate);
void form_offered(struct cx *cx, const struct ask *ask, struct form *out);
/* A list whose items choose a role of the procedure: its options are called as the procedure calls
 * them, by what the values say; any other field as it is. */
struct field form_field_called(struct arena *arena, const struct procedure *procedure,
                               const struct value *values, const struct field *field);
/* {"form":[…],"materials":[{"kind","title","min","max"}]} laid into view, elements as JSON: for
 * showing. */
void form_view(struct arena *arena, const struct form *form, struct value *view);
/* Checks values against the form: errors (fields, unknown names, materials missing) go to the list
 * under cx->failure; answers the normalised values of the form's own fields. */
struct value *form_check(struct cx *cx, const struct ask *ask, const struct form *form,
                         const struct value *values);

#endif
