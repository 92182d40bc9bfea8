/* record/message.h - the words for failure codes: data/messages/zh.yaml, read once.
 *
 * (1) The catalogue lives in the arena it was read into and never changes; all threads may read it.
 * (2) It always has "bug": the words for every code that has none.
 */
#ifndef RECORD_MESSAGE_H
#define RECORD_MESSAGE_H

#include "base/fail.h"

struct messages;

/* E_READ "data-unreadable" with the line: an entry that is not {title, detail}, an empty title, a
 * {placeholder} that is not closed, no entry "bug". arena must outlive the catalogue. */
enum status messages_read(struct cx *cx, struct arena *arena, const char *name, Str yaml,
                          const struct messages **out);

bool message_is_known(const struct messages *messages, const char *code);
/* With {name} filled from args (a map or NULL); an absent name leaves nothing. */
Str message_title(const struct messages *messages, struct arena *arena, const char *code,
                  const struct value *args);
Str message_detail(const struct messages *messages, struct arena *arena, const char *code,
                   const struct value *args);
/* Sets "title" in the entries of a list {"field","code",…} that have none. NULL is fine. */
void message_fill(const struct messages *messages, struct arena *arena, struct value *entries);

#endif
