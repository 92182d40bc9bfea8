#include "store/queue.h"

#include "base/check.h"
#include "base/clock.h"

enum { BULK_PATIENCE_US = 50000 };

void queue_open(struct queue *queue, unsigned most, unsigned bulk_most)
{
    *queue = (struct queue){.most = most, .bulk_most = bulk_most};
    check(pthread_mutex_init(&queue->lock, NULL) == 0);
    check(pthread_cond_init(&queue->arrived, NULL) == 0);
}

void queue_free(struct queue *queue)
{
    check(queue->lanes[WRITE_INTERACTIVE].count == 0 && queue->lanes[WRITE_BULK].count == 0);
    (void)pthread_cond_destroy(&queue->arrived);
    (void)pthread_mutex_destroy(&queue->lock);
}

static void lane_put(struct lane *lane, struct write *write)
{
    write->next = NULL;
    if (lane->first == NULL) {
        lane->first = write;
    } else {
        lane->last->next = write;
    }
    lane->last = write;
    lane->count++;
}

static struct write *lane_take(struct lane *lane)
{
    struct write *write = lane->first;
    lane->first = write->next;
    write->next = NULL;
    lane->count--;
    return write;
}

bool queue_put(struct queue *queue, struct write *write)
{
    check(write->class == WRITE_INTERACTIVE || write->class == WRITE_BULK);
    struct lane *lane = &queue->lanes[write->class];
    (void)pthread_mutex_lock(&queue->lock);
    bool taken = !queue->closed && lane->count < queue->most;
    if (taken) {
        if (write->class == WRITE_BULK && lane->count == 0) {
            queue->bulk_since_us = clock_monotonic_us();
        }
        lane_put(lane, write);
        if (queue->idle > 0) {
            (void)pthread_cond_signal(&queue->arrived);
        }
    }
    (void)pthread_mutex_unlock(&queue->lock);
    return taken;
}

static struct write *take_locked(struct queue *queue)
{
    struct lane *interactive = &queue->lanes[WRITE_INTERACTIVE];
    struct lane *bulk = &queue->lanes[WRITE_BULK];
    bool bulk_can = bulk->count > 0 && queue->bulk_running < queue->bulk_most;
    bool bulk_must = bulk_can && interactive->count > 0 &&
                     clock_monotonic_us() - queue->bulk_since_us >= BULK_PATIENCE_US;
    if (interactive->count > 0 && !bulk_must) {
        return lane_take(interactive);
    }
    if (!bulk_can) {
        return NULL;
    }
    queue->bulk_running++;
    queue->bulk_since_us = clock_monotonic_us();
    return lane_take(bulk);
}

struct write *queue_take(struct queue *queue, bool wait)
{
    (void)pthread_mutex_lock(&queue->lock);
    struct write *write = take_locked(queue);
    while (write == NULL && wait) {
        bool empty =
            queue->lanes[WRITE_INTERACTIVE].count == 0 && queue->lanes[WRITE_BULK].count == 0;
        if (queue->closed && empty) {
            break;
        }
        queue->idle++;
        (void)pthread_cond_wait(&queue->arrived, &queue->lock);
        queue->idle--;
        write = take_locked(queue);
    }
    if (queue->closed) {
        (void)pthread_cond_broadcast(&queue->arrived); /* this may have been the last */
    }
    (void)pthread_mutex_unlock(&queue->lock);
    return write;
}

void queue_bulk_done(struct queue *queue)
{
    (void)pthread_mutex_lock(&queue->lock);
    check(queue->bulk_running > 0);
    queue->bulk_running--;
    (void)pthread_cond_signal(&queue->arrived);
    (void)pthread_mutex_unlock(&queue->lock);
}

void queue_close(struct queue *queue)
{
    (void)pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    (void)pthread_cond_broadcast(&queue->arrived);
    (void)pthread_mutex_unlock(&queue->lock);
}

unsigned queue_count(struct queue *queue)
{
    (void)pthread_mutex_lock(&queue->lock);
    unsigned count = queue->lanes[WRITE_INTERACTIVE].count + queue->lanes[WRITE_BULK].count;
    (void)pthread_mutex_unlock(&queue->lock);
    return count;
}
