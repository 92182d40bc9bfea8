/* web/visitor.h - who stands before the window: the person looked up, entered or verified there
 * last, until somebody else is or two hours have passed.
 *
 * Kept in a cookie that holds the person's id and a mark which only this server makes, for this
 * clerk at this court alone. (1) No number of papers leaves the server for it. (2) Nobody becomes a
 * visitor whom this clerk has not found by the number of his papers.
 */
#ifndef WEB_VISITOR_H
#define WEB_VISITOR_H

#include "record/person.h"
#include "web/app.h"

/* With the answer of this call. */
void visitor_keep(struct call *call, Id person);
/* {id, name, papers (their kind, in words), identity (masked)}; NULL where nobody stands. */
struct value *visitor_show(struct call *call);
/* The element `visitor` of a request, from the page that begins it: name, document and number of
 * whom it showed (`_visitor` in the body). NULL where it showed nobody, or another than who stands
 * there now. Whether he is the same person is for the clerk to say. */
struct value *visitor_values(struct call *call);

#endif
