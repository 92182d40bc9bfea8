/* link/scan.h - the virus scanner: ClamAV's daemon, spoken to by INSTREAM over its socket.
 *
 * A scan opens a connection of its own, sends the bytes in chunks and reads one line. It blocks:
 * never on a thread that answers connections.
 * (1) What the scanner says is one of three things; anything else is a failure, never "clean".
 * (2) A scanner that is away or slow is E_BUSY "scan-unreachable": nothing is known of the file.
 * (3) A struct scan holds an address only; any thread may use it.
 */
#ifndef LINK_SCAN_H
#define LINK_SCAN_H

#include "base/fail.h"

struct scan;

/* where: "unix:PATH" or "HOST:PORT". Does not connect. E_READ "scan-address". */
enum status scan_open(struct cx *cx, struct arena *arena, const char *where, struct scan **out);
/* Asks whether it is there (PING). */
enum status scan_ping(struct cx *cx, const struct scan *scan);

enum scan_verdict {
    SCAN_CLEAN,
    SCAN_INFECTED,
    SCAN_TOO_LARGE /* past the scanner's own limit */
};

/* Where the bytes come from: as many as fit, *got 0 at the end. */
struct scan_source {
    enum status (*read)(struct cx *cx, void *arg, int64_t offset, void *bytes, size_t room,
                        size_t *got);
    void *arg;
};

/* *name is what was found, for the operator; "" otherwise. Failures of the source are handed up. */
enum status scan_file(struct cx *cx, const struct scan *scan, const struct scan_source *source,
                      enum scan_verdict *verdict, Str *name);

#endif
