#include "jobs/bell.h"

#include <time.h>

#include "base/check.h"

void bell_open(struct bell *bell)
{
    pthread_condattr_t how;
    check(pthread_mutex_init(&bell->lock, NULL) == 0);
    check(pthread_condattr_init(&how) == 0);
    check(pthread_condattr_setclock(&how, CLOCK_MONOTONIC) == 0);
    check(pthread_cond_init(&bell->rung, &how) == 0);
    (void)pthread_condattr_destroy(&how);
    bell->rings = 0;
    bell->stopped = false;
}

void bell_close(struct bell *bell)
{
    (void)pthread_cond_destroy(&bell->rung);
    (void)pthread_mutex_destroy(&bell->lock);
}

void bell_ring(struct bell *bell)
{
    check(pthread_mutex_lock(&bell->lock) == 0);
    bell->rings = 1;
    (void)pthread_cond_signal(&bell->rung);
    check(pthread_mutex_unlock(&bell->lock) == 0);
}

void bell_stop(struct bell *bell)
{
    check(pthread_mutex_lock(&bell->lock) == 0);
    bell->stopped = true;
    (void)pthread_cond_broadcast(&bell->rung);
    check(pthread_mutex_unlock(&bell->lock) == 0);
}

bool bell_is_stopped(struct bell *bell)
{
    check(pthread_mutex_lock(&bell->lock) == 0);
    bool stopped = bell->stopped;
    check(pthread_mutex_unlock(&bell->lock) == 0);
    return stopped;
}

bool bell_wait(struct bell *bell, unsigned timeout_ms)
{
    struct timespec until;
    check(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec += 1;
        until.tv_nsec -= 1000000000;
    }
    int result = 0;
    check(pthread_mutex_lock(&bell->lock) == 0);
    while (!bell->stopped && bell->rings == 0 && result == 0) {
        result = pthread_cond_timedwait(&bell->rung, &bell->lock, &until);
    }
    bell->rings = 0;
    bool goes_on = !bell->stopped;
    check(pthread_mutex_unlock(&bell->lock) == 0);
    return goes_on;
}
