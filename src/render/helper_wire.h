/* render/helper_wire.h - messages between a worker and its helpers. Internal to render/.
 *
 * A message is 8 bytes of lengths (big-endian: head, body), a head in JSON and a body of bytes.
 */
#ifndef RENDER_HELPER_WIRE_H
#define RENDER_HELPER_WIRE_H

#include "base/fail.h"

enum { WIRE_HEAD_BYTES_MAX = 1 << 20 };

enum wire_result {
    WIRE_OK,
    WIRE_END,    /* closed before the first byte */
    WIRE_BROKEN, /* closed in the middle, too long, not JSON */
    WIRE_LATE,   /* the deadline passed */
};

/* deadline_us on clock_monotonic_us(); 0 waits for ever. The body comes in parts. */
enum wire_result wire_send(int fd, Str head, const Str *parts, uint32_t count, int64_t deadline_us);
/* head and body in cx->arena. */
enum wire_result wire_receive(struct cx *cx, int fd, size_t body_max, int64_t deadline_us,
                              struct value **head, Str *body);

#endif
