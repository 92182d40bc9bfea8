/* web/phrase.h - saved phrases on the forms of acts: offered, put into a text, counted.
 *
 * Which forms they go into is said by data/guidance: acts: NAME: phrases: {list, item, text}, the
 * list of rows they fill, and what in a row names its subject and takes the text; or {text: PATH}.
 */
#ifndef WEB_PHRASE_H
#define WEB_PHRASE_H

#include "record/script.h"
#include "web/page_parts.h"

/* "phrases", "has_phrases" of an act's form. */
void phrases_set(struct call *call, const struct seen *seen, const struct act *act,
                 struct value *view);
/* A button of the form: the phrase that `_phrase` names goes into *said, in the first row that is
 * still empty or a new one; *go is the page to go on to. E_NOT_FOUND for a phrase of others. */
enum status phrase_put(struct call *call, const struct seen *seen, Str act, struct value **said,
                       Str back, Str *go);
/* Statements that count the phrases which an act's values hold, word for word. */
enum status phrases_count(struct call *call, const struct procedure *procedure, Str act,
                          const struct value *values, struct script *script);

#endif
