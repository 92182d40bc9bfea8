#include "store/readers.h"

#include <errno.h>
#include <time.h>

#include "base/check.h"
#include "store/store_int.h"

void readers_open(struct readers *readers, unsigned most)
{
    pthread_condattr_t attributes;
    check(pthread_condattr_init(&attributes) == 0);
    check(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    check(pthread_mutex_init(&readers->lock, NULL) == 0);
    check(pthread_cond_init(&readers->returned, &attributes) == 0);
    (void)pthread_condattr_destroy(&attributes);
    readers->most = most;
}

bool readers_take(struct readers *readers, struct sql **out)
{
    struct timespec end;
    check(clock_gettime(CLOCK_MONOTONIC, &end) == 0);
    end.tv_sec += READERS_WAIT_S;
    (void)pthread_mutex_lock(&readers->lock);
    while (readers->idle == NULL && readers->open == readers->most) {
        if (pthread_cond_timedwait(&readers->returned, &readers->lock, &end) == ETIMEDOUT) {
            break;
        }
    }
    *out = readers->idle;
    bool taken = true;
    if (*out != NULL) {
        readers->idle = (*out)->next_idle;
    } else if (readers->open < readers->most) {
        readers->open++;
    } else {
        taken = false;
    }
    (void)pthread_mutex_unlock(&readers->lock);
    return taken;
}

void readers_return(struct readers *readers, struct sql *sql)
{
    (void)pthread_mutex_lock(&readers->lock);
    if (sql == NULL) {
        readers->open--;
    } else {
        sql->next_idle = readers->idle;
        readers->idle = sql;
    }
    (void)pthread_cond_signal(&readers->returned);
    (void)pthread_mutex_unlock(&readers->lock);
}

void readers_close(struct readers *readers)
{
    while (readers->idle != NULL) {
        struct sql *sql = readers->idle;
        readers->idle = sql->next_idle;
        sql->engine->disconnect(sql);
        readers->open--;
    }
    check(readers->open == 0); /* somebody still reads */
    (void)pthread_cond_destroy(&readers->returned);
    (void)pthread_mutex_destroy(&readers->lock);
}
