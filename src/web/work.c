/* The slow queue: password hashing, scanning, remote calls, off the threads that answer. */
#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "web/app.h"

enum { THREADS_MAX = 16 };

struct work_queue {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct call *first;
    struct call *last;
    uint32_t count;
    uint32_t limit;
    bool stopping;
    unsigned threads;
    pthread_t thread[THREADS_MAX];
};

static struct call *work_take(struct work_queue *queue)
{
    check(pthread_mutex_lock(&queue->lock) == 0);
    while (queue->first == NULL && !queue->stopping) {
        check(pthread_cond_wait(&queue->more, &queue->lock) == 0);
    }
    struct call *call = queue->first;
    if (call != NULL) {
        queue->first = call->next;
        if (queue->first == NULL) {
            queue->last = NULL;
        }
        queue->count -= 1;
    }
    check(pthread_mutex_unlock(&queue->lock) == 0);
    return call;
}

static void *work_run(void *arg)
{
    struct work_queue *queue = arg;
    for (struct call *call = work_take(queue); call != NULL; call = work_take(queue)) {
        call->slow_status = call->slow(call);
        http_unpark(call->http);
    }
    return NULL;
}

enum status work_queue_open(struct cx *cx, unsigned threads, uint32_t limit,
                            struct work_queue **out)
{
    struct work_queue *queue = arena_new(cx->arena, struct work_queue);
    check(threads >= 1 && threads <= THREADS_MAX);
    check(pthread_mutex_init(&queue->lock, NULL) == 0);
    check(pthread_cond_init(&queue->more, NULL) == 0);
    queue->limit = limit;
    queue->threads = threads;
    for (unsigned i = 0; i < threads; i++) {
        check(pthread_create(&queue->thread[i], NULL, work_run, queue) == 0);
    }
    *out = queue;
    return OK;
}

void work_queue_close(struct work_queue *queue)
{
    if (queue == NULL) {
        return;
    }
    check(pthread_mutex_lock(&queue->lock) == 0);
    queue->stopping = true;
    check(pthread_cond_broadcast(&queue->more) == 0);
    check(pthread_mutex_unlock(&queue->lock) == 0);
    for (unsigned i = 0; i < queue->threads; i++) {
        check(pthread_join(queue->thread[i], NULL) == 0);
    }
    (void)pthread_cond_destroy(&queue->more);
    (void)pthread_mutex_destroy(&queue->lock);
}

bool work_queue_add(struct work_queue *queue, struct call *call)
{
    check(pthread_mutex_lock(&queue->lock) == 0);
    bool room = queue->count < queue->limit && !queue->stopping;
    if (room) {
        call->next = NULL;
        if (queue->last == NULL) {
            queue->first = call;
        } else {
            queue->last->next = call;
        }
        queue->last = call;
        queue->count += 1;
        check(pthread_cond_signal(&queue->more) == 0);
    }
    check(pthread_mutex_unlock(&queue->lock) == 0);
    return room;
}
