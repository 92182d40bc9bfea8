/* flow/values.h - the values of a matter: sealed in rows, clear in the hands of rules, masked for
 * everybody but the owner. */
#ifndef FLOW_VALUES_H
#define FLOW_VALUES_H

#include "flow/plan.h"

/* All leaves opened. E_STORE "seal-broken" when a row was tampered with. */
enum status values_open(struct cx *cx, const struct house *house, const struct procedure *procedure,
                        const struct matter *matter, struct value **out);
/* Clear values sealed under the matter's key; groups equal to `old_clear`'s keep their `old_sealed`
 * form, so that an unchanged group is unchanged bytes. */
enum status values_seal(struct cx *cx, const struct house *house, const struct procedure *procedure,
                        const struct matter *matter, const struct value *clear,
                        const struct value *old_clear, const struct value *old_sealed,
                        struct value **out);
/* Identity numbers, phones and accounts as they are shown to others: 110105********002X. */
struct value *values_mask(struct cx *cx, const struct procedure *procedure,
                          const struct value *clear);
/* The same for a part of a form that is kept outside a matter. */
struct value *fields_mask(struct cx *cx, const struct field *fields, uint32_t count,
                          const struct value *clear);
struct value *fields_unmask(struct cx *cx, const struct field *fields, uint32_t count,
                            const struct value *said, const struct value *old_clear);
/* What was said, with masked leaves that stand for the old ones replaced by them. */
struct value *values_unmask(struct cx *cx, const struct procedure *procedure,
                            const struct value *said, const struct value *old_clear);
/* Said laid on old: groups (maps) merge by field, everything else is replaced. */
struct value *values_merge(struct arena *arena, const struct value *old, const struct value *said);
/* Leaves at which two values of a group differ, as conflicts {"field","yours","theirs"}. */
void values_diff(struct arena *arena, Str path, const struct value *yours,
                 const struct value *theirs, struct value *list);

#endif
