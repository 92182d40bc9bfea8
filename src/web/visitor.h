/* web/visitor.h - who stands before the window: the person looked up, entered or verified there
 * last, until somebody else is or two hours have passed.
 *
 * Kept in a cookie that holds the person's id and a mark which only this server makes, for this
 * clerk at this court alone. (1) No number of papers leaves the server for it. (2) Nobody becomes a
 * visitor whom this clerk has not found by the number of his papers.
 */
#ifndef WEB_VISITOR_H
#define WEB_VISITOR_H

#include "flow/view.h"
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

/* Who is known under the exact number of his papers. */
struct visitor_look {
    Str type, number; /* as normalised */
    Hash blind;
    struct person *people;
    uint32_t count;
    const struct person *one; /* the only one, or the only one verified; NULL: the clerk decides */
};

/* identity: {"type","number"}, or a text that means a resident id. E_INPUT with the complaint at
 * its field when that is no number, E_RATE when this clerk looks up too many. Whoever looks up adds
 * the row of the audit to what he then writes. */
enum status visitor_look_up(struct call *call, const struct value *identity,
                            struct visitor_look *out);
enum status visitor_look_audit(struct call *call, const struct visitor_look *look,
                               struct script *script);
/* `values` with the element `visitor` filled in from what is known of him; what else it says
 * stays. */
enum status visitor_fill(struct call *call, const struct person *p, const struct value *said,
                         struct value **out);

/* Is this the group of a draft at the window that asks who is there? */
bool visitor_is_asked(const struct call *call, const struct seen *seen, Str group);
/* The number of who is there (_known of the form): the element is filled in, and its page shown
 * again with a word about it (?known=). */
enum status visitor_known(struct call *call, const struct seen *seen);
/* That word, as a message of the page; NULL: nothing to say. */
struct value *visitor_known_words(struct call *call);

#endif
