/* Waits for NOTIFY of PostgreSQL on a connection of its own; on SQLite it sleeps. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/check.h"
#include "base/clock.h"
#include "store/postgres_int.h"

struct listener {
    struct store *store;
    char *channel;
    PGconn *pg; /* NULL while there is none */
};

static void sleep_ms(int64_t time_ms)
{
    struct timespec wait = {.tv_sec = (time_t)(time_ms / 1000),
                            .tv_nsec = (long)(time_ms % 1000) * 1000000};
    (void)nanosleep(&wait, NULL);
}

struct listener *listener_open(struct store *store, const char *channel)
{
    struct listener *listener = calloc(1, sizeof *listener);
    check(listener != NULL);
    *listener = (struct listener){.store = store, .channel = strdup(channel)};
    check(listener->channel != NULL);
    return listener;
}

static void connection_end(struct listener *listener)
{
    PQfinish(listener->pg);
    listener->pg = NULL;
}

static bool connection_start(struct listener *listener)
{
    listener->pg = postgres_dial(listener->store->target);
    char *name = PQescapeIdentifier(listener->pg, listener->channel, strlen(listener->channel));
    char statement[256];
    bool is_listening = false;
    if (name != NULL &&
        snprintf(statement, sizeof statement, "LISTEN %s", name) < (int)sizeof statement) {
        PGresult *result = PQexec(listener->pg, statement);
        is_listening = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
    }
    PQfreemem(name);
    if (!is_listening) {
        connection_end(listener);
    }
    return is_listening;
}

/* Takes all notices that have arrived: one wake-up for many. */
static bool notices_take(struct listener *listener)
{
    bool any = false;
    for (PGnotify *notice = PQnotifies(listener->pg); notice != NULL;
         notice = PQnotifies(listener->pg)) {
        PQfreemem(notice);
        any = true;
    }
    return any;
}

bool listener_wait(struct listener *listener, unsigned timeout_ms)
{
    int64_t end_us = clock_monotonic_us() + (int64_t)timeout_ms * 1000;
    if (store_is_sqlite(listener->store)) {
        sleep_ms(timeout_ms);
        return false;
    }
    if (listener->pg == NULL && connection_start(listener)) {
        return true; /* who knows what was said before */
    }
    while (listener->pg != NULL) {
        if (PQconsumeInput(listener->pg) != 1) {
            connection_end(listener);
            break;
        }
        if (notices_take(listener)) {
            return true;
        }
        int64_t left_ms = (end_us - clock_monotonic_us() + 999) / 1000;
        struct pollfd socket = {.fd = PQsocket(listener->pg), .events = POLLIN};
        if (left_ms <= 0 || poll(&socket, 1, (int)left_ms) == 0) {
            return false;
        }
    }
    int64_t left_ms = (end_us - clock_monotonic_us()) / 1000;
    sleep_ms(left_ms > 0 ? left_ms : 0);
    return false;
}

void listener_close(struct listener *listener)
{
    if (listener == NULL) {
        return;
    }
    PQfinish(listener->pg);
    free(listener->channel);
    free(listener);
}
