#include "jobs/witness.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "jobs/bell.h"

enum {
    NOTES_MAX = 1024,
    NAME_BYTES = 128,
    POLL_MS = 60000,
    OWN_BYTES = 1 << 20,
    NOTE_BYTES_MAX = 16 << 20,
};

/* Copied out of the reader's request. */
struct note {
    Id matter;
    Id person;
    char act[NAME_BYTES];
    char name[NAME_BYTES];
    char post[NAME_BYTES];
    char court[NAME_BYTES];
};

struct witness {
    struct arena *arena;
    struct witness_options options;
    struct bell bell;
    pthread_t thread;
    pthread_mutex_t lock; /* over the ring */
    struct note notes[NOTES_MAX];
    uint32_t first, count;
};

/* --- one act --- */

static enum status take_once(struct cx *cx, const struct witness_options *options, Id matter,
                             Str act, const struct actor *by, bool *acted)
{
    struct plan *plan = NULL;
    TRY(automatic_prepare(cx, options->house, matter, act, by, &plan));
    *acted = plan != NULL;
    return plan == NULL ? OK : store_write(cx, options->house->store, WRITE_BULK, plan_apply, plan);
}

static enum status take(struct cx *cx, const struct witness_options *options, Id matter, Str act,
                        const struct actor *by)
{
    bool acted = false;
    enum status status = E_AGAIN;
    for (int i = 0; i < ACT_RETRIES_MAX && status == E_AGAIN; i++) {
        cx_forgive(cx);
        status = take_once(cx, options, matter, act, by, &acted);
    }
    if (status == OK && acted && options->acted != NULL) {
        options->acted(options->acted_arg);
    }
    return status;
}

enum status witness_job(struct cx *cx, void *arg, Id job, const struct value *payload)
{
    (void)job;
    return take(cx, arg, value_get_int(payload, "matter"), value_get_str(payload, "act"), NULL);
}

/* --- notes --- */

static void text_keep(char *to, Str from)
{
    (void)snprintf(to, NAME_BYTES, "%.*s", STR_ARG(from));
}

static bool is_noted(const struct witness *witness, Id matter, const char *act)
{
    for (uint32_t i = 0; i < witness->count; i++) {
        const struct note *note = &witness->notes[(witness->first + i) % NOTES_MAX];
        if (note->matter == matter && strcmp(note->act, act) == 0) {
            return true;
        }
    }
    return false;
}

void witness_note(void *arg, Id matter, const char *act, const struct actor *by)
{
    struct witness *witness = arg;
    check(pthread_mutex_lock(&witness->lock) == 0);
    bool room = witness->count < NOTES_MAX && !is_noted(witness, matter, act);
    if (room) {
        struct note *note = &witness->notes[(witness->first + witness->count) % NOTES_MAX];
        witness->count += 1;
        note->matter = matter;
        note->person = by->person;
        text_keep(note->act, str_of(act));
        text_keep(note->name, by->name);
        text_keep(note->post, by->post);
        text_keep(note->court, by->court);
    }
    check(pthread_mutex_unlock(&witness->lock) == 0);
    if (room) {
        bell_ring(&witness->bell);
    }
}

static bool note_next(struct witness *witness, struct note *out)
{
    check(pthread_mutex_lock(&witness->lock) == 0);
    bool found = witness->count > 0;
    if (found) {
        *out = witness->notes[witness->first];
        witness->first = (witness->first + 1) % NOTES_MAX;
        witness->count -= 1;
    }
    check(pthread_mutex_unlock(&witness->lock) == 0);
    return found;
}

static void note_do(struct witness *witness, const struct note *note)
{
    struct cx cx;
    struct actor by = {.person = note->person,
                       .name = str_of(note->name),
                       .post = str_of(note->post),
                       .court = str_of(note->court)};
    cx_init(&cx, arena_open(NOTE_BYTES_MAX));
    if (take(&cx, &witness->options, note->matter, str_of(note->act), &by) != OK) {
        log_failure(&cx, "witness");
    }
    arena_close(cx.arena);
}

static void *notes_work(void *arg)
{
    struct witness *witness = arg;
    struct note note;
    do {
        while (!bell_is_stopped(&witness->bell) && note_next(witness, &note)) {
            note_do(witness, &note);
        }
    } while (bell_wait(&witness->bell, POLL_MS));
    return NULL;
}

/* --- life --- */

enum status witness_start(struct cx *cx, const struct witness_options *options,
                          struct witness **out)
{
    struct arena *arena = arena_open(OWN_BYTES);
    struct witness *witness = arena_new(arena, struct witness);
    witness->arena = arena;
    witness->options = *options;
    bell_open(&witness->bell);
    check(pthread_mutex_init(&witness->lock, NULL) == 0);
    if (pthread_create(&witness->thread, NULL, notes_work, witness) != 0) {
        bell_close(&witness->bell);
        arena_close(arena);
        return FAIL(cx, E_BUG, "bug", "no thread for automatic acts");
    }
    *out = witness;
    return OK;
}

void witness_stop(struct witness *witness)
{
    if (witness == NULL) {
        return;
    }
    bell_stop(&witness->bell);
    check(pthread_join(witness->thread, NULL) == 0);
    bell_close(&witness->bell);
    check(pthread_mutex_destroy(&witness->lock) == 0);
    arena_close(witness->arena);
}
