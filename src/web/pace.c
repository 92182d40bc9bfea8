#include "web/pace.h"

#include <pthread.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "seal/hash.h"

/* Buckets stand in sets of WAYS: a key looks only at its set. */
enum { SETS = 2048, WAYS = 8 };

#define MINUTE_US INT64_C(60000000)

struct bucket {
    Hash key;
    int64_t at_us; /* last change */
    int64_t parts; /* tokens left, a minute's microseconds each */
};

static struct bucket buckets[SETS][WAYS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static Hash key_of(const struct pace *pace, Str who)
{
    struct hasher *hasher = hasher_open();
    hasher_add(hasher, pace->purpose, strlen(pace->purpose) + 1);
    hasher_add(hasher, who.p, who.n);
    return hasher_close(hasher);
}

/* The key's bucket, filled up to now; the longest untouched one makes room for a new key. */
static struct bucket *bucket_of(const struct pace *pace, Hash key, int64_t now_us)
{
    struct bucket *set = buckets[(key.b[0] | (unsigned)key.b[1] << 8) % SETS];
    struct bucket *oldest = &set[0];
    int64_t full = (int64_t)pace->burst * MINUTE_US;
    for (size_t i = 0; i < WAYS; i++) {
        if (hash_same(set[i].key, key)) {
            int64_t parts = set[i].parts + (now_us - set[i].at_us) * pace->per_minute;
            set[i].parts = parts > full ? full : parts;
            set[i].at_us = now_us;
            return &set[i];
        }
        oldest = set[i].at_us < oldest->at_us ? &set[i] : oldest;
    }
    *oldest = (struct bucket){key, now_us, full};
    return oldest;
}

bool pace_take_at(const struct pace *pace, Str who, int64_t now_us, int64_t *wait_s)
{
    check(pace->per_minute > 0 && pace->burst > 0);
    Hash key = key_of(pace, who);
    check(pthread_mutex_lock(&lock) == 0);
    struct bucket *bucket = bucket_of(pace, key, now_us);
    bool taken = bucket->parts >= MINUTE_US;
    *wait_s = 0;
    if (taken) {
        bucket->parts -= MINUTE_US;
    } else {
        int64_t second = (int64_t)pace->per_minute * 1000000;
        *wait_s = (MINUTE_US - bucket->parts + second - 1) / second;
    }
    check(pthread_mutex_unlock(&lock) == 0);
    return taken;
}

bool pace_take(const struct pace *pace, Str who, int64_t *wait_s)
{
    return pace_take_at(pace, who, clock_monotonic_us(), wait_s);
}

void pace_return(const struct pace *pace, Str who)
{
    Hash key = key_of(pace, who);
    check(pthread_mutex_lock(&lock) == 0);
    struct bucket *bucket = bucket_of(pace, key, clock_monotonic_us());
    int64_t full = (int64_t)pace->burst * MINUTE_US;
    bucket->parts = bucket->parts + MINUTE_US > full ? full : bucket->parts + MINUTE_US;
    check(pthread_mutex_unlock(&lock) == 0);
}
