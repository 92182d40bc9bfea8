#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

#include "base/check.h"

static _Atomic int64_t offset_now_ms;
static _Thread_local Instant pinned;

Instant clock_machine(void)
{
    struct timespec now;
    check(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

Instant clock_now(void)
{
    return pinned != 0 ? pinned : clock_machine() + atomic_load(&offset_now_ms);
}

int64_t clock_offset_ms(void)
{
    return atomic_load(&offset_now_ms);
}

int64_t clock_offset_raise(int64_t offset_ms)
{
    int64_t old = atomic_load(&offset_now_ms);
    while (offset_ms > old && !atomic_compare_exchange_weak(&offset_now_ms, &old, offset_ms)) {
    }
    return atomic_load(&offset_now_ms);
}

int64_t clock_monotonic_us(void)
{
    struct timespec now;
    check(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void clock_pin(Instant at)
{
    pinned = at;
}
