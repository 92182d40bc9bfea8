/* test/bench/trace.c - writes down every statement that the program's SQLite writer runs, with its
 * values, so that group_commit.c can run the same ones without the program around them.
 *
 * Loaded into the program with LD_PRELOAD; TONGSU_TRACE names the file. A connection is the
 * writer's from its first SAVEPOINT on. The file is a row of records in this machine's byte order:
 *   'S' u32 length, text          a statement; numbered from 0 in the order of appearance
 *   'R' u32 number, u8 count, then each value: 'n' | 'i' i64 | 't' u32 bytes | 'b' u32 bytes
 * Only the calls that src/store uses are watched.
 */
#include <dlfcn.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_MAX = 64, STATEMENTS_MAX = 4096 };

struct bound {
    char kind; /* 'n' 'i' 't' 'b', 0 for none */
    sqlite3_int64 number;
    uint32_t size;
    void *bytes; /* our copy */
};

/* A statement of a connection, by its handle; handles of closed statements may come again. */
struct watched {
    sqlite3_stmt *stmt;
    uint32_t count;
    int running; /* stepped since the last reset */
    struct bound values[VALUES_MAX];
};

/* One writer thread runs the statements watched, but readers bind too: each thread has its own. */
static _Thread_local struct watched *mine;
static _Thread_local uint32_t mine_count;
static _Thread_local int is_writer;

static FILE *out;
static char *texts[STATEMENTS_MAX];
static uint32_t text_count;

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

static struct watched *watched_of(sqlite3_stmt *stmt)
{
    for (uint32_t i = 0; i < mine_count; i++) {
        if (mine[i].stmt == stmt) {
            return &mine[i];
        }
    }
    struct watched *grown = realloc(mine, (mine_count + 1) * sizeof *mine);
    if (grown == NULL) {
        abort();
    }
    mine = grown;
    struct watched *fresh = &mine[mine_count++];
    memset(fresh, 0, sizeof *fresh);
    fresh->stmt = stmt;
    return fresh;
}

static void note(sqlite3_stmt *stmt, int at, char kind, sqlite3_int64 number, const void *bytes,
                 uint64_t size)
{
    if (at < 1 || at > VALUES_MAX) {
        return;
    }
    struct watched *watched = watched_of(stmt);
    struct bound *value = &watched->values[at - 1];
    free(value->bytes);
    value->bytes = NULL;
    value->kind = kind;
    value->number = number;
    value->size = (uint32_t)size;
    if (bytes != NULL && size > 0) {
        value->bytes = malloc(size);
        if (value->bytes == NULL) {
            abort();
        }
        memcpy(value->bytes, bytes, size);
    }
    if ((uint32_t)at > watched->count) {
        watched->count = (uint32_t)at;
    }
}

static void put(const void *bytes, size_t size)
{
    if (fwrite(bytes, 1, size, out) != size) {
        abort();
    }
}

static uint32_t number_of(const char *text)
{
    for (uint32_t i = 0; i < text_count; i++) {
        if (strcmp(texts[i], text) == 0) {
            return i;
        }
    }
    if (text_count == STATEMENTS_MAX) {
        abort();
    }
    uint32_t size = (uint32_t)strlen(text);
    put("S", 1);
    put(&size, sizeof size);
    put(text, size);
    texts[text_count] = strdup(text);
    return text_count++;
}

static void write_down(sqlite3_stmt *stmt)
{
    const char *text = sqlite3_sql(stmt);
    if (text == NULL) {
        return;
    }
    if (!is_writer && strncmp(text, "SAVEPOINT", 9) == 0) {
        is_writer = 1;
        const char *path = getenv("TONGSU_TRACE");
        out = path == NULL || out != NULL ? out : fopen(path, "wb");
    }
    if (!is_writer || out == NULL) {
        return;
    }
    struct watched *watched = watched_of(stmt);
    uint32_t number = number_of(text);
    unsigned char count = (unsigned char)watched->count;
    put("R", 1);
    put(&number, sizeof number);
    put(&count, 1);
    for (uint32_t i = 0; i < watched->count; i++) {
        struct bound *value = &watched->values[i];
        char kind = value->kind == 0 ? 'n' : value->kind;
        put(&kind, 1);
        if (kind == 'i') {
            put(&value->number, sizeof value->number);
        } else if (kind != 'n') {
            put(&value->size, sizeof value->size);
            put(value->size > 0 ? value->bytes : "", value->size);
        }
    }
    if (strcmp(text, "COMMIT") == 0) {
        fflush(out);
    }
}

/* Handles are used again: what the last statement at this place left is no longer so. */
int sqlite3_prepare_v3(sqlite3 *db, const char *text, int size, unsigned flags, sqlite3_stmt **stmt,
                       const char **rest)
{
    REAL(sqlite3_prepare_v3)
    int result = call(db, text, size, flags, stmt, rest);
    if (*stmt != NULL) {
        struct watched *watched = watched_of(*stmt);
        watched->running = 0;
        watched->count = 0;
    }
    return result;
}

int sqlite3_step(sqlite3_stmt *stmt)
{
    REAL(sqlite3_step)
    struct watched *watched = watched_of(stmt);
    if (!watched->running) {
        watched->running = 1;
        write_down(stmt);
    }
    return call(stmt);
}

int sqlite3_reset(sqlite3_stmt *stmt)
{
    REAL(sqlite3_reset)
    if (stmt != NULL) {
        watched_of(stmt)->running = 0;
    }
    return call(stmt);
}

int sqlite3_finalize(sqlite3_stmt *stmt)
{
    REAL(sqlite3_finalize)
    if (stmt != NULL) {
        struct watched *watched = watched_of(stmt);
        for (uint32_t i = 0; i < VALUES_MAX; i++) {
            free(watched->values[i].bytes);
        }
        *watched = mine[--mine_count];
    }
    return call(stmt);
}

int sqlite3_clear_bindings(sqlite3_stmt *stmt)
{
    REAL(sqlite3_clear_bindings)
    struct watched *watched = watched_of(stmt);
    for (uint32_t i = 0; i < watched->count; i++) {
        note(stmt, (int)i + 1, 'n', 0, NULL, 0);
    }
    watched->count = 0;
    return call(stmt);
}

int sqlite3_bind_null(sqlite3_stmt *stmt, int at)
{
    REAL(sqlite3_bind_null)
    note(stmt, at, 'n', 0, NULL, 0);
    return call(stmt, at);
}

int sqlite3_bind_int64(sqlite3_stmt *stmt, int at, sqlite3_int64 number)
{
    REAL(sqlite3_bind_int64)
    note(stmt, at, 'i', number, NULL, 0);
    return call(stmt, at, number);
}

int sqlite3_bind_text64(sqlite3_stmt *stmt, int at, const char *text, sqlite3_uint64 size,
                        void (*gone)(void *), unsigned char encoding)
{
    REAL(sqlite3_bind_text64)
    note(stmt, at, 't', 0, text, size);
    return call(stmt, at, text, size, gone, encoding);
}

int sqlite3_bind_blob64(sqlite3_stmt *stmt, int at, const void *bytes, sqlite3_uint64 size,
                        void (*gone)(void *))
{
    REAL(sqlite3_bind_blob64)
    note(stmt, at, 'b', 0, bytes, size);
    return call(stmt, at, bytes, size, gone);
}
