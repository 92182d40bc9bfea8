/* web/stream.h - event streams that tell people of notices as they come.
 *
 * A hub of open streams. Whoever writes a notice wakes those it may be for; a stream that is woken,
 * or ticks, looks for notices it has not sent. So nothing is lost when nobody wakes it (another
 * node wrote the notice): it comes with the next tick.
 * (1) Waking is a hint and cheap; what is sent is read from the rows, for that viewer only.
 * (2) A browser that comes back with Last-Event-ID gets what it missed.
 */
#ifndef WEB_STREAM_H
#define WEB_STREAM_H

#include "flow/plan.h"

struct streams;

struct streams *streams_open(struct arena *arena); /* which must outlive the HTTP listener */
/* After the HTTP listener has ended; does nothing while streams are open. NULL is fine. */
void streams_close(struct streams *streams);

/* "p:ID" or "POST@COURT". streams NULL is fine in all of these. */
void streams_tell(struct streams *streams, Str viewer);
/* Everybody attached to a matter of the plan, and posts at its court. */
void streams_tell_plan(struct streams *streams, const struct plan *plan);
/* Everybody: after acts by clocks, of which the web knows nothing. arg is the struct streams. */
void streams_tell_all(void *arg);

#endif
