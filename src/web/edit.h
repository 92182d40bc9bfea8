/* web/edit.h - forms of matters as browsers send them, without any script.
 *
 * A form post saves or acts like the API at the same address; what it cannot do is said on the same
 * page, with everything typed still in it. docs/pages.md names the hidden fields.
 */
#ifndef WEB_EDIT_H
#define WEB_EDIT_H

#include "web/page_parts.h"

/* matter.c: what a request says, in JSON or a form. */
struct value *matter_values_said(struct call *call);
int64_t matter_revision_said(const struct call *call);

/* The values of a form post, as the types of its fields; boxes of `fields` that were not ticked are
 * said to be empty. */
struct value *edit_values(struct call *call, const struct seen *seen, const struct field *fields,
                          uint32_t count);
/* A button other than the one that does it: one item more or less, a code. Saves what was typed,
 * then shows the page again. false: no such button was pressed. */
bool edit_keeps(const struct call *call);
/* Saves what was typed towards an act and goes on to the page `back` ("/matters/1/acts/submit"). */
enum status edit_keep(struct call *call, const struct seen *seen, Str act, struct value *said,
                      Str back);
/* Staff have the desk where one decides; the window that handed a matter over follows it as the
 * people do. */
bool edit_decides(const struct call *call, const struct seen *seen);
/* The page of an act: "check" of a draft, "review" on the desk, else "act". */
const char *edit_act_page(const struct call *call, const struct seen *seen);
/* {id, title, procedure, state, court, revision}: what every page of a form begins with. */
struct value *edit_view(struct call *call, const struct seen *seen);
/* Of a long list one item is open ("open"): the one asked for, or the one that was typed into. */
void edit_open(struct call *call, Str list, struct value *view);
/* A refused form post: its page again. Returns status itself when the refusal has to stand alone.
 */
enum status edit_again(struct call *call, enum status status, const char *page,
                       const struct value *said);
/* What GET /begin/{procedure} shows; NULL when there is nothing to begin. */
struct value *begin_view(struct call *call, Str procedure, Str court);
/* Where staff go on after a deciding act: what waits next, with a word about what was done. */
Str edit_next(struct call *call, Id done);

#endif
