/* render/ical.h - a calendar as other programs read it: iCalendar, RFC 5545.
 *
 * (1) Lines end with CR LF and are folded at 75 octets, never inside a character. (2) Texts are
 * escaped here: backslash, semicolon, comma, line ends; other controls are left out. (3) Instants
 * are Beijing time under TZID Asia/Shanghai, whose VTIMEZONE comes with the calendar; days are
 * VALUE=DATE with the day after as their end. (4) Every event has UID, DTSTAMP, SEQUENCE and
 * STATUS; one that was cancelled says so.
 */
#ifndef RENDER_ICAL_H
#define RENDER_ICAL_H

#include "base/date.h"
#include "base/text.h"

struct ical_event {
    Str uid;         /* stable over all answers; the part before the @ */
    Str summary;     /* one line */
    Str description; /* may have lines; "" for none */
    Str url;         /* "" for none */
    Instant at;
    bool timed;       /* else the whole day of `at` */
    int64_t lasts_ms; /* of a timed one; 0: no length */
    Instant changed;  /* LAST-MODIFIED; also orders versions: SEQUENCE */
    bool cancelled;
};

/* `host` stands behind the @ of every UID: the origin's host. */
void ical_begin(struct buf *out, Str name);
void ical_event_add(struct buf *out, Str host, const struct ical_event *event, Instant now);
void ical_end(struct buf *out);

/* One content line, folded; value is written as it is. */
void ical_line(struct buf *out, const char *name, Str value);
/* The text escaped as a value of type TEXT. */
Str ical_text(struct arena *arena, Str text);

#endif
