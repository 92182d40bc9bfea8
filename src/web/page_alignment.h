/* web/page_alignment.h - the table of elements on pages: claim and answers side by side, and the
 * form in which a defendant answers row by row.
 */
#ifndef WEB_PAGE_ALIGNMENT_H
#define WEB_PAGE_ALIGNMENT_H

#include "web/page_parts.h"

/* Has the matter a table? Its procedure asks for answers to a claim. */
bool alignment_is_for(const struct seen *seen);
/* The form of an answer: takes the rows out of the fields, to be shown beside what they answer.
 * "answering" (bool) and parts [{title, rows: [{i, row, label, claim, own, off, options: [{id,
 * value, title, checked}], reason, evidence: [{path, page, options: [{value, title, checked}]}],
 * error, changed, help}]}]. Other forms: answering is false. */
void alignment_answering_set(struct call *call, struct act_form *form, const struct value *marks,
                             struct value *view);
/* {title, text, href} for the page of a matter; NULL: it has no table. */
struct value *alignment_card(struct call *call, const struct seen *seen);

#endif
