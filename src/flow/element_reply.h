/* flow/element_reply.h - the answer to an element form (要素式答辩状), as data; inside flow/ only.
 *
 * What the official answer asks follows from the complaint's table: each row is answered,
 * 对…有无异议. Where the official answer groups rows, calls them otherwise or asks something of its
 * own, `answer` of data/forms/NUMBER.yaml says so; rows that it leaves out stand below it, so that
 * whatever the complaint says can be answered.
 */
#ifndef FLOW_ELEMENT_REPLY_H
#define FLOW_ELEMENT_REPLY_H

#include "flow/element_form.h"

enum { REPLIES_MAX = 200 };

/* Sets the replies of a form from its `answer` (NULL: as follows from its rows). E_READ
 * "data-unreadable" for a row that the complaint has not, or one answered twice. */
enum status form_replies_read(struct cx *cx, const char *file, const struct value *yaml,
                              struct element_form *form);

/* What the complaint says at the rows that a reply answers; "" when it says nothing there. */
Str form_reply_claim(const struct form_ink *ink, const struct element_form *form,
                     const struct form_reply *reply);

#endif
