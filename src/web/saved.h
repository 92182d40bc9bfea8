/* web/saved.h - parties, agents, addresses and accounts that a person keeps for his next filing.
 *
 * A kind is a part of a form: an item of the list of parties, an item of its agents, the address
 * for service, an account. (1) What is kept is his alone, sealed under his key. (2) Choosing one
 * fills the form as if it had been typed: everything can still be changed, nothing else is.
 */
#ifndef WEB_SAVED_H
#define WEB_SAVED_H

#include "record/saved.h"
#include "web/page_parts.h"

struct saved_kind {
    const char *name;
    const char *title;
    const char *element; /* whose page offers it; "" for any group with an account */
};

const struct saved_kind *saved_kind_find(Str name);
/* The fields that are kept, as `procedure` (NULL: that of a first filing) defines them. */
uint32_t saved_fields(struct call *call, const struct procedure *procedure,
                      const struct saved_kind *kind, struct field **out);
/* Keeps what stands in a group: every party with a name, every agent, the address, the account.
 * Statements are added to script; how many are kept. */
enum status saved_collect(struct call *call, const struct procedure *procedure,
                          const struct field *group, const struct value *values,
                          struct script *script, uint32_t *count);
/* 林晓舟（110105********002X）: how it is called in lists. */
Str saved_label(struct arena *arena, const struct saved_kind *kind, const struct value *value);
/* What can be chosen on the page of a group: {"options":[{"id","label"}],"roles":[…]}; NULL for
 * nothing. */
struct value *saved_choices(struct call *call, const struct act_form *form,
                            const struct field *group);
/* A button or a program has chosen: `said` with it filled in. role "" for the first of the form.
 * E_NOT_FOUND when there is no such thing, E_INPUT when it does not fit this form. */
enum status saved_fill(struct call *call, const struct act_form *form, Id id, Str role,
                       const struct value *said, struct value **out);

#endif
