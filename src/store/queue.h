/* store/queue.h - closures waiting for a writer, in two lanes; private to store/.
 *
 * Interactive closures go first. Bulk gets a turn when no interactive one waits, or when it has
 * been passed over for 50 ms, so that neither starves. Bounded: a full lane takes no more.
 */
#ifndef STORE_QUEUE_H
#define STORE_QUEUE_H

#include <pthread.h>

#include "store/store.h"

struct lane {
    struct write *first;
    struct write *last;
    unsigned count;
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    struct lane lanes[2]; /* by enum write_class */
    unsigned most;        /* in each lane */
    unsigned idle;        /* writers that wait */
    unsigned bulk_running;
    unsigned bulk_most; /* bulk closures that may run at once */
    int64_t bulk_since_us;
    bool closed;
};

void queue_open(struct queue *queue, unsigned most, unsigned bulk_most);
void queue_free(struct queue *queue);

/* false when the lane is full or the queue closed. */
bool queue_put(struct queue *queue, struct write *write);
/* The next closure. With wait it is NULL only when the queue is closed and empty. A bulk closure
 * taken must be given back by queue_bulk_done(). */
struct write *queue_take(struct queue *queue, bool wait);
void queue_bulk_done(struct queue *queue);
/* No more is taken in; waiting writers leave when all is done. */
void queue_close(struct queue *queue);
unsigned queue_count(struct queue *queue);

#endif
