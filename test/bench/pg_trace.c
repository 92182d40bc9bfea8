/* test/bench/pg_trace.c - trace.c for PostgreSQL: writes down the statements that the program sends
 * by libpq, with their values and with the places where it waits for answers.
 *
 * Loaded with LD_PRELOAD; TONGSU_TRACE names the file. Records, in this machine's byte order:
 *   'S' u32 bytes, text, u32 types, each u32      a statement; numbered in the order of appearance
 *   'R' u32 connection, u32 statement, u8 count, each: 'n' | 'v' u8 format u32 bytes
 *   'Y' u32 connection                            a sync: all answers are waited for
 */
#include <dlfcn.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATEMENTS_MAX = 4096, CONNECTIONS_MAX = 256, NAME_BYTES = 64 };

struct named {
    char name[NAME_BYTES];
    uint32_t statement;
};

struct watched {
    PGconn *conn;
    struct named *named;
    uint32_t named_count;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static FILE *out;
static struct watched connections[CONNECTIONS_MAX];
static uint32_t connection_count;
static char *keys[STATEMENTS_MAX]; /* text with types, to tell statements apart */
static uint32_t statement_count;

static void *real(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) {
        fprintf(stderr, "{\"event\":\"trace\",\"missing\":\"%s\"}\n", name);
        abort();
    }
    return found;
}

#define REAL(name)                          \
    static __typeof__(&name) call;          \
    if (call == NULL) {                     \
        void *found = real(#name);          \
        memcpy(&call, &found, sizeof call); \
    }

static void put(const void *bytes, size_t size)
{
    if (fwrite(bytes, 1, size, out) != size) {
        abort();
    }
}

static void put_u32(uint32_t number)
{
    put(&number, sizeof number);
}

/* NULL when nothing is traced or there are too many connections. */
static struct watched *watched_of(PGconn *conn)
{
    if (out == NULL) {
        const char *path = getenv("TONGSU_TRACE");
        out = path == NULL ? NULL : fopen(path, "wb");
    }
    for (uint32_t i = 0; i < connection_count; i++) {
        if (connections[i].conn == conn) {
            return &connections[i];
        }
    }
    if (out == NULL || connection_count == CONNECTIONS_MAX) {
        return NULL;
    }
    connections[connection_count].conn = conn;
    return &connections[connection_count++];
}

static uint32_t statement_of(const char *text, int count, const Oid *types)
{
    size_t room = strlen(text) + 16 + (size_t)count * 12;
    char *key = malloc(room);
    if (key == NULL) {
        abort();
    }
    size_t at = (size_t)snprintf(key, room, "%s", text);
    for (int i = 0; i < count; i++) {
        at += (size_t)snprintf(key + at, room - at, "\n%u", types == NULL ? 0 : types[i]);
    }
    for (uint32_t i = 0; i < statement_count; i++) {
        if (strcmp(keys[i], key) == 0) {
            free(key);
            return i;
        }
    }
    if (statement_count == STATEMENTS_MAX) {
        abort();
    }
    put("S", 1);
    put_u32((uint32_t)strlen(text));
    put(text, strlen(text));
    put_u32((uint32_t)count);
    for (int i = 0; i < count; i++) {
        put_u32(types == NULL ? 0 : types[i]);
    }
    keys[statement_count] = key;
    return statement_count++;
}

static void record(struct watched *watched, uint32_t statement, int count,
                   const char *const *values, const int *lengths, const int *formats)
{
    unsigned char many = (unsigned char)count;
    put("R", 1);
    put_u32((uint32_t)(watched - connections));
    put_u32(statement);
    put(&many, 1);
    for (int i = 0; i < count; i++) {
        if (values[i] == NULL) {
            put("n", 1);
            continue;
        }
        unsigned char format = formats == NULL ? 0 : (unsigned char)formats[i];
        uint32_t size = format == 1 ? (uint32_t)lengths[i] : (uint32_t)strlen(values[i]);
        put("v", 1);
        put(&format, 1);
        put_u32(size);
        put(values[i], size);
    }
}

int PQsendPrepare(PGconn *conn, const char *name, const char *text, int count, const Oid *types)
{
    REAL(PQsendPrepare)
    pthread_mutex_lock(&mutex);
    struct watched *watched = watched_of(conn);
    if (watched != NULL) {
        uint32_t i = 0;
        while (i < watched->named_count && strcmp(watched->named[i].name, name) != 0) {
            i++;
        }
        if (i == watched->named_count) {
            watched->named = realloc(watched->named, (i + 1) * sizeof *watched->named);
            if (watched->named == NULL) {
                abort();
            }
            watched->named_count++;
            (void)snprintf(watched->named[i].name, NAME_BYTES, "%s", name);
        }
        watched->named[i].statement = statement_of(text, count, types);
    }
    pthread_mutex_unlock(&mutex);
    return call(conn, name, text, count, types);
}

int PQsendQueryPrepared(PGconn *conn, const char *name, int count, const char *const *values,
                        const int *lengths, const int *formats, int result)
{
    REAL(PQsendQueryPrepared)
    pthread_mutex_lock(&mutex);
    struct watched *watched = watched_of(conn);
    for (uint32_t i = 0; watched != NULL && i < watched->named_count; i++) {
        if (strcmp(watched->named[i].name, name) == 0) {
            record(watched, watched->named[i].statement, count, values, lengths, formats);
        }
    }
    pthread_mutex_unlock(&mutex);
    return call(conn, name, count, values, lengths, formats, result);
}

int PQsendQueryParams(PGconn *conn, const char *text, int count, const Oid *types,
                      const char *const *values, const int *lengths, const int *formats, int result)
{
    REAL(PQsendQueryParams)
    pthread_mutex_lock(&mutex);
    struct watched *watched = watched_of(conn);
    if (watched != NULL) {
        record(watched, statement_of(text, count, types), count, values, lengths, formats);
    }
    pthread_mutex_unlock(&mutex);
    return call(conn, text, count, types, values, lengths, formats, result);
}

int PQpipelineSync(PGconn *conn)
{
    REAL(PQpipelineSync)
    pthread_mutex_lock(&mutex);
    struct watched *watched = watched_of(conn);
    if (watched != NULL) {
        put("Y", 1);
        put_u32((uint32_t)(watched - connections));
        fflush(out);
    }
    pthread_mutex_unlock(&mutex);
    return call(conn);
}
