/* base/log.h - one JSON line on stderr per request, incident or event of operation.
 *
 * For the operator only: never names, identity numbers, phones or text of documents. Nobody waits
 * for the log: while its reader does not read, lines are lost, and once he does again a line
 * {"event":"log-lost","lines"} says how many.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/fail.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_level_set(enum log_level least);
/* {"at","level","event",…fields}. fields is a map or NULL. */
void log_line(enum log_level level, const char *event, const struct value *fields);
/* Shorthand with one text field "detail". */
void log_text(enum log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* One answered request: {"at","level","event":"request","method","route","status","bytes","us"}.
 * method and route are names of ours. Without memory: it is written for every request. Lines of
 * requests may wait for each other, at most until one comes that is 100 ms younger, any other line
 * is written, or log_flush(): whoever calls this sees to the last one. */
void log_request(const char *method, const char *route, int status, int64_t bytes, int64_t us);
void log_flush(void);
/* The recorded failure with its incident, code, file, line and detail. */
void log_failure(const struct cx *cx, const char *where);

#endif
