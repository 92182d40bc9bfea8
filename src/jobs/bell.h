/* jobs/bell.h - how a thread that works behind the commits is woken and told to stop.
 *
 * (1) A ring while nobody waits is kept: the next wait returns at once. Many rings are one.
 * (2) Once stopped, a bell stays stopped.
 */
#ifndef JOBS_BELL_H
#define JOBS_BELL_H

#include <pthread.h>
#include <stdbool.h>

struct bell {
    pthread_mutex_t lock;
    pthread_cond_t rung;
    unsigned rings; /* not yet heard */
    bool stopped;
};

void bell_open(struct bell *bell);
void bell_close(struct bell *bell);
/* Wakes one waiting thread, or the next that would wait. */
void bell_ring(struct bell *bell);
void bell_stop(struct bell *bell);
bool bell_is_stopped(struct bell *bell);
/* Waits for a ring, at most timeout_ms. false once stopped. */
bool bell_wait(struct bell *bell, unsigned timeout_ms);

#endif
