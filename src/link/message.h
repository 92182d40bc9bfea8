/* link/message.h - short messages to people's phones, through a gateway of the operator's choice.
 *
 * (1) A message has an id of ours; the gateway takes the same id twice and sends once. So sending
 * is repeated until an answer is known. (2) Number and text are personal data: they are handed over
 * and never logged.
 */
#ifndef LINK_MESSAGE_H
#define LINK_MESSAGE_H

#include "base/fail.h"

struct message {
    Str id; /* decimal, ours */
    Str to; /* phone */
    Str text;
};

/* One way to send. E_BUSY "busy" when the gateway could not be reached or is overloaded: come
 * again; E_INPUT "message-refused" when it will never take this one. */
struct messenger {
    enum status (*send)(struct cx *cx, const struct messenger *messenger,
                        const struct message *message);
    void *own;
};

/* A gateway that speaks HTTP: POST URL/v1/send {"message_id","to","text"}, answered 200 or 202 when
 * taken, 4xx when refused for good, anything else when it should be tried again. Lives in arena. */
enum status messenger_http(struct cx *cx, struct arena *arena, Str url,
                           const struct messenger **out);
/* Sends nothing and logs that a message would have gone, by its id only: for the demo. */
const struct messenger *messenger_none(void);

#endif
