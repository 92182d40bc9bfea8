/* jobs/witness.h - acts that the program takes on its own, behind what others do.
 *
 * (1) What a commit left behind is a job of kind "automatic", done by the runner: durable, and by
 * the matter's key done once. (2) What readers bring about is only noted, in memory, and done by a
 * thread of its own: a reader never waits for it. A note lost (the program died, the queue was
 * full) comes again with the next reader. (3) Two readers at once make one act.
 */
#ifndef JOBS_WITNESS_H
#define JOBS_WITNESS_H

#include "flow/act.h"

struct witness;

struct witness_options {
    const struct house *house;
    void (*acted)(void *arg); /* after an act, to wake jobs and streams; or NULL */
    void *acted_arg;
};

enum status witness_start(struct cx *cx, const struct witness_options *options,
                          struct witness **out);
void witness_stop(struct witness *witness); /* NULL is fine */
/* Staff have seen a matter: the act of this name is to be taken. Returns at once. arg is the struct
 * witness. */
void witness_note(void *arg, Id matter, const char *act, const struct actor *by);
/* struct job_kind run: arg is the struct witness_options. */
enum status witness_job(struct cx *cx, void *arg, Id job, const struct value *payload);

#endif
