/* test/bench/group_commit.c - the bare loop that the program is measured against: one writer
 * thread, many producers, group commit, and nothing else. The statements and their values are those
 * that trace.c wrote down from the program, in the same order, on a copy of the database as it was
 * then.
 *
 *   group_commit DATABASE TRACE PRODUCERS
 *
 * An operation is what stood between SAVEPOINT and RELEASE; what a batch ran after its operations
 * (the sequencer) goes with its last one. Prints one line of JSON.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH_MAX = 64, STATEMENTS_MAX = 4096, CHECKPOINT_PAGES = 1000 };

struct record {
    uint32_t statement;
    const unsigned char *values; /* count, then values, as in the trace */
};

struct operation {
    uint32_t from, to;           /* records inside the savepoint */
    uint32_t tail_from, tail_to; /* after it, before the commit */
    bool is_act;
    struct operation *next;
    int64_t queued_us, done_us;
    bool is_done;
};

static struct {
    char *texts[STATEMENTS_MAX];
    sqlite3_stmt *prepared[STATEMENTS_MAX];
    uint32_t text_count;
    struct record *records;
    uint32_t record_count;
    struct operation *operations;
    uint32_t operation_count;
    uint32_t act_count;
} trace;

static sqlite3 *db;
static uint32_t faults;
static uint32_t batches;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static struct operation *head, *tail;
static uint32_t taken;    /* operations handed to producers */
static uint32_t finished; /* operations committed */

static void die(const char *what, const char *why)
{
    fprintf(stderr, "group_commit: %s: %s\n", what, why);
    exit(1);
}

static void *have(void *memory)
{
    if (memory == NULL) {
        die("memory", "none left");
    }
    return memory;
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* --- reading the trace --- */

static uint32_t read_u32(const unsigned char *at)
{
    uint32_t number;
    memcpy(&number, at, sizeof number);
    return number;
}

static const unsigned char *skip_values(const unsigned char *at)
{
    uint32_t count = *at++;
    for (uint32_t i = 0; i < count; i++) {
        unsigned char kind = *at++;
        if (kind == 'i') {
            at += 8;
        } else if (kind != 'n') {
            at += 4 + read_u32(at);
        }
    }
    return at;
}

static void trace_read(const unsigned char *at, const unsigned char *end)
{
    uint32_t room = 0;
    while (at < end) {
        unsigned char kind = *at++;
        uint32_t number = read_u32(at);
        at += 4;
        if (kind == 'S') {
            char *text = have(malloc((size_t)number + 1));
            memcpy(text, at, number);
            text[number] = '\0';
            trace.texts[trace.text_count++] = text;
            at += number;
            continue;
        }
        if (trace.record_count == room) {
            room = room == 0 ? 65536 : room * 2;
            trace.records = have(realloc(trace.records, room * sizeof *trace.records));
        }
        trace.records[trace.record_count++] = (struct record){number, at};
        at = skip_values(at);
    }
}

static bool starts(uint32_t record, const char *words)
{
    const char *text = trace.texts[trace.records[record].statement];
    return strncmp(text, words, strlen(words)) == 0;
}

static void trace_split(void)
{
    trace.operations = have(calloc(trace.record_count + 1, sizeof *trace.operations));
    struct operation *open = NULL;
    struct operation *last = NULL;
    for (uint32_t i = 0; i < trace.record_count; i++) {
        if (starts(i, "BEGIN")) {
            last = NULL;
        } else if (starts(i, "SAVEPOINT")) {
            open = &trace.operations[trace.operation_count];
            memset(open, 0, sizeof *open);
            open->from = i + 1;
        } else if (starts(i, "ROLLBACK")) {
            open = NULL; /* it left nothing */
        } else if (starts(i, "RELEASE")) {
            if (open != NULL) {
                open->to = i;
                open->tail_from = open->tail_to = i + 1;
                last = open;
                trace.operation_count++;
                open = NULL;
            }
        } else if (open != NULL) {
            open->is_act |= strstr(trace.texts[trace.records[i].statement], "INTO event") != NULL;
        } else if (last != NULL && !starts(i, "COMMIT")) {
            last->tail_to = i + 1;
        }
    }
    for (uint32_t i = 0; i < trace.operation_count; i++) {
        trace.act_count += trace.operations[i].is_act;
    }
}

static void trace_open(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        die(path, "cannot be opened");
    }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    unsigned char *bytes = have(malloc((size_t)size + 1));
    if (fread(bytes, 1, (size_t)size, file) != (size_t)size) {
        die(path, "cannot be read");
    }
    fclose(file);
    trace_read(bytes, bytes + size);
    trace_split();
}

/* --- running it --- */

static void bind_values(sqlite3_stmt *stmt, const unsigned char *at)
{
    int count = *at++;
    for (int i = 1; i <= count; i++) {
        unsigned char kind = *at++;
        if (kind == 'n') {
            sqlite3_bind_null(stmt, i);
        } else if (kind == 'i') {
            sqlite3_int64 number;
            memcpy(&number, at, sizeof number);
            sqlite3_bind_int64(stmt, i, number);
            at += 8;
        } else {
            uint32_t size = read_u32(at);
            at += 4;
            if (kind == 't') {
                sqlite3_bind_text64(stmt, i, (const char *)at, size, SQLITE_STATIC, SQLITE_UTF8);
            } else {
                sqlite3_bind_blob64(stmt, i, at, size, SQLITE_STATIC);
            }
            at += size;
        }
    }
}

static void control(const char *text)
{
    char *why = NULL;
    if (sqlite3_exec(db, text, NULL, NULL, &why) != SQLITE_OK) {
        die(text, why);
    }
}

static sqlite3_stmt *prepared(uint32_t number)
{
    if (trace.prepared[number] == NULL &&
        sqlite3_prepare_v3(db, trace.texts[number], -1, SQLITE_PREPARE_PERSISTENT,
                           &trace.prepared[number], NULL) != SQLITE_OK) {
        die(trace.texts[number], sqlite3_errmsg(db));
    }
    return trace.prepared[number];
}

static void run(uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        sqlite3_stmt *stmt = prepared(trace.records[i].statement);
        bind_values(stmt, trace.records[i].values);
        int result;
        do {
            result = sqlite3_step(stmt);
        } while (result == SQLITE_ROW);
        if (result != SQLITE_DONE) {
            if (faults++ < 5) {
                fprintf(stderr, "group_commit: %s: %s\n", trace.texts[trace.records[i].statement],
                        sqlite3_errmsg(db));
            }
        }
        sqlite3_reset(stmt);
        sqlite3_clear_bindings(stmt);
    }
}

/* Takes what waits, at most a batch, or NULL when all is done. */
static struct operation *gather(void)
{
    pthread_mutex_lock(&mutex);
    while (head == NULL && finished < trace.operation_count) {
        pthread_cond_wait(&filled, &mutex);
    }
    struct operation *first = head;
    struct operation *last = head;
    for (int n = 1; last != NULL && last->next != NULL && n < BATCH_MAX; n++) {
        last = last->next;
    }
    if (last != NULL) {
        head = last->next;
        tail = head == NULL ? NULL : tail;
        last->next = NULL;
    }
    pthread_mutex_unlock(&mutex);
    return first;
}

static int wal_pages; /* not yet in the database; the writer's own */

static int wal_grew(void *arg, sqlite3 *which, const char *schema, int pages)
{
    (void)arg;
    (void)which;
    (void)schema;
    wal_pages = pages;
    return SQLITE_OK;
}

static void *write_all(void *unused)
{
    (void)unused;
    sqlite3_stmt *begin, *commit, *savepoint, *release;
    sqlite3_prepare_v3(db, "BEGIN IMMEDIATE", -1, SQLITE_PREPARE_PERSISTENT, &begin, NULL);
    sqlite3_prepare_v3(db, "COMMIT", -1, SQLITE_PREPARE_PERSISTENT, &commit, NULL);
    sqlite3_prepare_v3(db, "SAVEPOINT each", -1, SQLITE_PREPARE_PERSISTENT, &savepoint, NULL);
    sqlite3_prepare_v3(db, "RELEASE each", -1, SQLITE_PREPARE_PERSISTENT, &release, NULL);
    for (;;) {
        struct operation *batch = gather();
        if (batch == NULL) {
            break;
        }
        sqlite3_step(begin);
        sqlite3_reset(begin);
        for (struct operation *each = batch; each != NULL; each = each->next) {
            sqlite3_step(savepoint);
            sqlite3_reset(savepoint);
            run(each->from, each->to);
            sqlite3_step(release);
            sqlite3_reset(release);
            run(each->tail_from, each->tail_to);
        }
        if (sqlite3_step(commit) != SQLITE_DONE) {
            die("commit", sqlite3_errmsg(db));
        }
        sqlite3_reset(commit);
        batches++;
        int64_t done_us = now_us();
        pthread_mutex_lock(&mutex);
        while (batch != NULL) {
            struct operation *next = batch->next;
            batch->done_us = done_us;
            batch->is_done = true;
            finished++;
            batch = next;
        }
        pthread_cond_broadcast(&answered);
        pthread_mutex_unlock(&mutex);
        if (wal_pages >= CHECKPOINT_PAGES) {
            sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        }
    }
    sqlite3_finalize(begin);
    sqlite3_finalize(commit);
    sqlite3_finalize(savepoint);
    sqlite3_finalize(release);
    return NULL;
}

/* The order of the trace is kept: an operation is taken and queued in one step. */
static void *produce(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&mutex);
    while (taken < trace.operation_count) {
        struct operation *mine = &trace.operations[taken++];
        mine->queued_us = now_us();
        mine->next = NULL;
        if (tail == NULL) {
            head = mine;
        } else {
            tail->next = mine;
        }
        tail = mine;
        pthread_cond_signal(&filled);
        while (!mine->is_done) {
            pthread_cond_wait(&answered, &mutex);
        }
    }
    pthread_cond_signal(&filled);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static int compare(const void *one, const void *two)
{
    int64_t a = *(const int64_t *)one;
    int64_t b = *(const int64_t *)two;
    return (a > b) - (a < b);
}

static void report(double seconds, int producers)
{
    int64_t *waits = have(calloc(trace.operation_count, sizeof *waits));
    for (uint32_t i = 0; i < trace.operation_count; i++) {
        waits[i] = trace.operations[i].done_us - trace.operations[i].queued_us;
    }
    qsort(waits, trace.operation_count, sizeof *waits, compare);
    uint32_t statements = 0;
    int pages = 0;
    int unused = 0;
    for (uint32_t i = 0; i < trace.operation_count; i++) {
        const struct operation *each = &trace.operations[i];
        statements += each->is_act ? each->to - each->from : 0;
    }
    sqlite3_db_status(db, SQLITE_DBSTATUS_CACHE_WRITE, &pages, &unused, 0);
    printf("{\"statements_per_act\":%.1f,\"pages_per_act\":%.1f,",
           (double)statements / trace.act_count, (double)pages / trace.act_count);
    printf("\"operations\":%u,\"acts\":%u,\"producers\":%d,\"batches\":%u,\"faults\":%u,"
           "\"seconds\":%.3f,\"acts_per_second\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f}\n",
           trace.operation_count, trace.act_count, producers, batches, faults, seconds,
           trace.act_count / seconds, (double)waits[trace.operation_count / 2] / 1000,
           (double)waits[(size_t)trace.operation_count * 99 / 100] / 1000);
    free(waits);
}

int main(int argc, char **argv)
{
    int producers = argc == 4 ? atoi(argv[3]) : 0;
    if (producers < 1 || producers > 1024) {
        fprintf(stderr, "usage: group_commit DATABASE TRACE PRODUCERS\n");
        return 2;
    }
    trace_open(argv[2]);
    if (trace.operation_count == 0) {
        die(argv[2], "holds no operation");
    }
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        die(argv[1], sqlite3_errmsg(db));
    }
    control("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA wal_autocheckpoint=0;"
            "PRAGMA cache_size=-32000");
    sqlite3_wal_hook(db, wal_grew, NULL);
    pthread_t writer;
    pthread_t *threads = have(calloc((size_t)producers, sizeof *threads));
    int64_t begun = now_us();
    pthread_create(&writer, NULL, write_all, NULL);
    for (int i = 0; i < producers; i++) {
        pthread_create(&threads[i], NULL, produce, NULL);
    }
    for (int i = 0; i < producers; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_join(writer, NULL);
    report((double)(now_us() - begun) / 1e6, producers);
    free(threads);
    return faults == 0 ? 0 : 1;
}
