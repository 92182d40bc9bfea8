#include "jobs/pulse.h"

#include <pthread.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "jobs/bell.h"
#include "jobs/recount.h"

enum { OWN_BYTES = 1 << 16, BEAT_BYTES_MAX = 64 << 20 };

struct pulse {
    struct arena *arena; /* where this stands */
    struct pulse_options options;
    struct bell bell;
    pthread_t thread;
    bool started;
    Instant failed[OUTAGE_FUNCTIONS]; /* first failure, program's time; 0: works */
    Instant refused;                  /* no beat was taken since then; 0: the last one was */
    bool touched;                     /* periods are to be prolonged */
};

/* --- one beat --- */

/* (2) A failure keeps its first instant until it is over. */
static void failing_take(struct pulse *pulse, uint32_t failing, Instant now,
                         struct outage_beat *beat)
{
    for (int i = 0; i < OUTAGE_FUNCTIONS; i++) {
        bool fails = (failing & (UINT32_C(1) << i)) != 0;
        pulse->failed[i] = !fails ? 0 : pulse->failed[i] == 0 ? now : pulse->failed[i];
        beat->failed[i] = pulse->failed[i];
    }
    beat->failing = failing;
}

static enum status beat_try(struct cx *cx, struct pulse *pulse, struct outage_beat *beat)
{
    const struct house *house = pulse->options.house;
    TRY(sequence_take(cx, house->sequence, OUTAGE_IDS, &beat->ids));
    return store_write(cx, house->store, WRITE_INTERACTIVE, outage_beat, beat);
}

enum status pulse_beat(struct cx *cx, struct pulse *pulse, Instant machine)
{
    struct outage_beat beat = {.machine = machine,
                               .offset_ms = clock_offset_ms(),
                               .gap_ms = PULSE_GAP_MS,
                               .refused = pulse->refused};
    Instant now = machine + beat.offset_ms;
    failing_take(pulse, pulse->options.failing(pulse->options.failing_arg), now, &beat);
    enum status status = beat_try(cx, pulse, &beat);
    if (status != OK) { /* (2) */
        pulse->refused = pulse->refused == 0 ? now : pulse->refused;
        return status;
    }
    pulse->refused = 0;
    pulse->touched = pulse->touched || beat.recovered;
    return OK;
}

/* (3): last days from the day before on, in case it is midnight now. */
static enum status touched_prolong(struct cx *cx, struct pulse *pulse)
{
    uint32_t moved = 0;
    Date today = instant_date(clock_now());
    if (!pulse->touched) {
        return OK;
    }
    TRY(periods_prolong(cx, pulse->options.house, date_start(today - 1), date_start(today + 1),
                        &moved));
    pulse->touched = false;
    if (moved > 0 && pulse->options.acted != NULL) {
        pulse->options.acted(pulse->options.acted_arg);
    }
    return OK;
}

/* --- life --- */

static void *pulse_work(void *arg)
{
    struct pulse *pulse = arg;
    struct cx cx;
    cx_init(&cx, arena_open(BEAT_BYTES_MAX));
    while (bell_wait(&pulse->bell, PULSE_MS)) {
        if (pulse_beat(&cx, pulse, clock_machine()) != OK || touched_prolong(&cx, pulse) != OK) {
            log_failure(&cx, "pulse");
        }
        cx_forgive(&cx);
        arena_reset(cx.arena);
    }
    arena_close(cx.arena);
    return NULL;
}

enum status pulse_open(struct cx *cx, const struct pulse_options *options, struct pulse **out)
{
    struct arena *arena = arena_open(OWN_BYTES);
    struct pulse *pulse = arena_new(arena, struct pulse);
    pulse->arena = arena;
    pulse->options = *options;
    bell_open(&pulse->bell);
    enum status status = pulse_beat(cx, pulse, clock_machine());
    if (status != OK) {
        pulse_close(pulse);
        return status;
    }
    *out = pulse;
    return OK;
}

enum status pulse_start(struct cx *cx, struct pulse *pulse)
{
    if (pthread_create(&pulse->thread, NULL, pulse_work, pulse) != 0) {
        return FAIL(cx, E_BUG, "bug", "no thread for the heartbeat");
    }
    pulse->started = true;
    return OK;
}

void pulse_close(struct pulse *pulse)
{
    if (pulse == NULL) {
        return;
    }
    bell_stop(&pulse->bell);
    if (pulse->started) {
        check(pthread_join(pulse->thread, NULL) == 0);
    }
    bell_close(&pulse->bell);
    arena_close(pulse->arena);
}
