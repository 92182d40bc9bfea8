/* web/session.h - giving a person a session, for whoever has proved who he is (log-in,
 * registration).
 */
#ifndef WEB_SESSION_H
#define WEB_SESSION_H

#include "web/app.h"

struct fresh_session {
    Str agent; /* read by the handler, before anything waits */
    Str client;
    Str token;
    struct session session;
};

/* What the request says of the device. */
void session_device(struct call *call, struct fresh_session *fresh);
/* Token and row, ready to be written. post: NULL for none. Takes an id: not from inside a closure.
 */
enum status session_prepare(struct call *call, Id person, const struct post *post,
                            struct fresh_session *fresh);
/* The cookies. `known` keeps the device's mark, else it gets one. */
void session_hand_over(struct call *call, const struct fresh_session *fresh, bool known);

/* The mark of a device (cookie "device", sent to /session and below) that this person came in from
 * before. */
bool session_device_known(struct call *call, const struct person *person, Str mark);

/* {"id","name","kind","posts":[{"post","court":{"code","name"}}]} */
struct value *person_view(struct call *call, const struct person *person, const struct post *posts,
                          uint32_t post_count);

#endif
