/* record/outage.h - when the platform, or a part of it, did not work.
 *
 * (1) Rows are added and closed, never changed otherwise; an announcement can be cancelled until it
 * begins. (2) Down time of the whole platform is a gap between two heartbeats of any of its
 * programs; whoever first beats behind the gap records it, once. (3) Instants are the program's
 * time, as matters and periods have it; heartbeats are machine time. (4) A function that fails is
 * open (until 0) from its first failure until it is seen to work.
 */
#ifndef RECORD_OUTAGE_H
#define RECORD_OUTAGE_H

#include "base/date.h"
#include "record/script.h"

enum outage_function {
    OUTAGE_ALL,
    OUTAGE_FILING,
    OUTAGE_UPLOADS,
    OUTAGE_SIGNING,
    OUTAGE_MESSAGES,
    OUTAGE_MAIL,
    OUTAGE_PAPERS,
    OUTAGE_LOG,
    OUTAGE_FUNCTIONS /* how many */
};

const char *outage_function_name(enum outage_function function);  /* "uploads" */
const char *outage_function_title(enum outage_function function); /* "上传材料" */
bool outage_function_parse(Str name, enum outage_function *out);

struct outage {
    Id id;
    enum outage_function function;
    Str kind; /* gap, fault, planned */
    Instant since;
    Instant until; /* not included; 0: lasts still */
    Str text;
    Id person;
    Instant at;
    Instant cancelled; /* 0: stands */
};

void outage_write(struct script *script, const struct outage *outage);
enum status outage_find(struct cx *cx, struct sql *sql, Id id, struct outage **out);
/* Takes back what was announced and has not begun by `now`. */
void outage_cancel(struct script *script, Id id, Instant now);

/* Newest first, begun or announced before (since, id) of the last seen (0, 0: from the newest).
 * function OUTAGE_FUNCTIONS: of any. */
enum status outage_list(struct cx *cx, struct sql *sql, enum outage_function function,
                        Instant before, Id before_id, uint32_t limit, struct outage **out,
                        uint32_t *count);
/* What stands and lasts at this instant, of any function; oldest first. */
enum status outage_lasting(struct cx *cx, struct sql *sql, Instant now, struct outage **out,
                           uint32_t *count);
/* What stands, lasted for any moment of from..to (not included) and kept a party from acting: of
 * all, filing, uploads and signing. */
enum status outage_hindering(struct cx *cx, struct sql *sql, Instant from, Instant to,
                             struct outage **out, uint32_t *count);

/* --- what is seen in passing --- */
/* Whether a function has just worked for somebody. Any thread; kept in memory only. */
void outage_note(enum outage_function function, bool worked);
/* Bit per function that failed three times in a row, the last time within five minutes. */
uint32_t outage_noted(void);

/* --- witnessing --- */

enum { OUTAGE_IDS = OUTAGE_FUNCTIONS + 2 };

struct outage_beat {
    Instant machine;                  /* now, machine time */
    int64_t offset_ms;                /* of the program's time */
    int64_t gap_ms;                   /* a longer silence is down time */
    uint32_t failing;                 /* bit per enum outage_function: found failing now */
    Instant failed[OUTAGE_FUNCTIONS]; /* program's time of the first failure, of those */
    Instant refused; /* program's time since when no beat was taken; 0: the last one was */
    Id ids;          /* OUTAGE_IDS in a row, for rows */
    /* Results: */
    bool recovered; /* something is over: a gap, a refusal, a fault that was open */
};

/* The closure of a beat: the heartbeat moves, a gap behind it becomes a row, beats that were
 * refused become one of filing, what fails is opened, what works is closed. Also an open row of a
 * program that died is closed by who finds it working. arg is a struct outage_beat. */
enum status outage_beat(struct cx *cx, struct sql *sql, void *arg);

#endif
