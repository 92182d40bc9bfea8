/* The blocks of 当事人信息 that the blank table of a civil form has.
 *
 * Most official forms have room for people and for bodies in each role. Some have less: in a
 * divorce there are two people, called 原告 and 被告 and nothing more; a property manager is a body
 * that sues a person. Those of patents and monopoly ask more of a body. */
#ifndef FLOW_ELEMENT_BLOCK_H
#define FLOW_ELEMENT_BLOCK_H

#include "flow/element_form.h"

/* `parties` of a form, a list of {role, of: person or body, row?, more?}; NULL: as most have it.
 * E_READ when a block is of nobody, or the form is not civil. */
enum status form_blocks_read(struct cx *cx, const char *file, const struct value *yaml,
                             struct element_form *form);

/* How the form calls a party of the role. */
const char *form_block_label(struct arena *arena, const struct element_form *form, const char *role,
                             bool person);

/* Has the form room for bodies in the role, and none for people? */
bool form_block_wants_body(const struct element_form *form, const char *role);

#endif
