/* web/signing.h - what the two sides of signing from afar share: the one who asks (signing.c) and
 * the one who signs by a link (sign.c).
 *
 * (1) A link alone shows who asked and nothing of the matter: its holder first says his name and
 * the last digits of his papers, or the code sent to his phone. (2) The code in a link stands in no
 * log (requests are logged by route) and in no Referer (the pages send their origin alone).
 */
#ifndef WEB_SIGNING_H
#define WEB_SIGNING_H

#include "flow/signing.h"
#include "web/page_parts.h"

enum { SIGNING_DAYS = 7, SIGNING_REMINDERS_MAX = 5 };

/* What the act would file, as `asker` has it: his typed values laid on what stands. */
void signing_form(struct call *call, const struct seen *seen, const struct act *act,
                  const struct actor *asker, struct act_form *out);
/* "还没签名" for waiting and so on, and the colour of its tag. */
const char *signing_title(enum signing_standing standing);
const char *signing_tone(enum signing_standing standing);
/* A notice to whoever asked, and its viewer for the streams. */
enum status signing_tell(struct call *call, struct script *script, const struct signing *signing,
                         Str title, Str text);
/* A message with a code of six digits to the signatory's phone. */
enum status signing_code_send(struct call *call, struct script *script,
                              const struct signing *signing, Str wrapped_key);

/* How many have signed what stands: said where it can be changed. */
uint32_t signing_count(struct call *call, const struct act_form *form);
/* A row of the list of tasks: how many have signed; NULL where the act wants no signature. */
struct value *signing_task(struct call *call, const struct act_form *form);

#endif
