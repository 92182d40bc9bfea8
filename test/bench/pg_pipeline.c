/* test/bench/pg_pipeline.c - the bare loop for PostgreSQL: as many connections as the program has
 * writers run the transactions that pg_trace.c wrote down, in pipeline mode, waiting for answers
 * just where the program waited.
 *
 *   pg_pipeline URL TRACE CONNECTIONS
 *
 * Prints one line of JSON. A transaction that fails is counted and rolled back.
 */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STATEMENTS_MAX = 4096, SOURCES_MAX = 256, VALUES_MAX = 64, STEPS_MAX = 256 };

static const uint32_t SYNC = UINT32_MAX;

struct step {
    uint32_t statement; /* or SYNC */
    const unsigned char *values;
};

struct operation {
    struct step *steps;
    uint32_t step_count;
    bool is_act;
};

static struct {
    char *text;
    uint32_t type_count;
    Oid *types;
} statements[STATEMENTS_MAX];

static uint32_t statement_count;
static struct operation *operations;
static uint32_t operation_count, operation_room, act_count;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static uint32_t next_operation;
static uint32_t faults, act_faults;
static const char *url;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "pg_pipeline: %s: %s\n", what, why);
    exit(1);
}

static void *have(void *memory)
{
    if (memory == NULL) {
        die("memory", "none left");
    }
    return memory;
}

static uint32_t read_u32(const unsigned char **at)
{
    uint32_t number;
    memcpy(&number, *at, sizeof number);
    *at += sizeof number;
    return number;
}

static void skip_values(const unsigned char **at)
{
    uint32_t count = *(*at)++;
    for (uint32_t i = 0; i < count; i++) {
        if (*(*at)++ == 'v') {
            (*at)++;
            uint32_t size = read_u32(at);
            *at += size;
        }
    }
}

static void read_statement(const unsigned char **at)
{
    uint32_t size = read_u32(at);
    statements[statement_count].text = have(strndup((const char *)*at, size));
    *at += size;
    uint32_t count = read_u32(at);
    statements[statement_count].type_count = count;
    statements[statement_count].types = have(calloc(count + 1, sizeof(Oid)));
    for (uint32_t i = 0; i < count; i++) {
        statements[statement_count].types[i] = read_u32(at);
    }
    statement_count++;
}

static bool starts(const struct step *step, const char *words)
{
    return step->statement != SYNC &&
           strncmp(statements[step->statement].text, words, strlen(words)) == 0;
}

/* Transactions under way, by the connection that they were seen on. */
static struct {
    struct step steps[STEPS_MAX];
    uint32_t count;
    bool is_open, is_ending, is_act, is_dropped;
} sources[SOURCES_MAX];

static void operation_add(uint32_t source)
{
    if (operation_count == operation_room) {
        operation_room = operation_room == 0 ? 1024 : operation_room * 2;
        operations = have(realloc(operations, operation_room * sizeof *operations));
    }
    struct operation *added = &operations[operation_count++];
    size_t size = sources[source].count * sizeof(struct step);
    added->steps = have(malloc(size));
    memcpy(added->steps, sources[source].steps, size);
    added->step_count = sources[source].count;
    added->is_act = sources[source].is_act;
    act_count += added->is_act;
}

static void step_take(uint32_t source, struct step step)
{
    if (source >= SOURCES_MAX) {
        return;
    }
    if (starts(&step, "BEGIN ISOLATION LEVEL READ COMMITTED")) {
        memset(&sources[source], 0, sizeof sources[source]);
        sources[source].is_open = true;
    }
    if (!sources[source].is_open) {
        return;
    }
    if (sources[source].count == STEPS_MAX) {
        sources[source].is_open = false;
        return;
    }
    sources[source].steps[sources[source].count++] = step;
    sources[source].is_ending |= starts(&step, "COMMIT");
    sources[source].is_dropped |= starts(&step, "ROLLBACK");
    if (step.statement != SYNC && strstr(statements[step.statement].text, "INTO event") != NULL) {
        sources[source].is_act = true;
    }
    if (step.statement == SYNC && (sources[source].is_ending || sources[source].is_dropped)) {
        if (!sources[source].is_dropped) {
            operation_add(source);
        }
        sources[source].is_open = false;
    }
}

static void trace_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        die(path, "cannot be opened");
    }
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = have(malloc(size + 1));
    if (fread(bytes, 1, size, file) != size) {
        die(path, "cannot be read");
    }
    fclose(file);
    for (const unsigned char *at = bytes; at < bytes + size;) {
        unsigned char kind = *at++;
        if (kind == 'S') {
            read_statement(&at);
        } else if (kind == 'Y') {
            step_take(read_u32(&at), (struct step){SYNC, NULL});
        } else {
            uint32_t source = read_u32(&at);
            uint32_t statement = read_u32(&at);
            struct step step = {statement, at};
            skip_values(&at);
            step_take(source, step);
        }
    }
}

/* --- running it --- */

struct line {
    PGconn *conn;
    bool is_prepared[STATEMENTS_MAX];
    uint32_t owed; /* answers not yet read */
};

static void send(struct line *line, const struct step *step)
{
    const char *values[VALUES_MAX];
    int lengths[VALUES_MAX];
    int formats[VALUES_MAX];
    const unsigned char *at = step->values;
    int count = *at++;
    if (count > VALUES_MAX) {
        die("values", "too many");
    }
    /* Texts end with the byte of the next record, not with NUL: all travel by length. */
    for (int i = 0; i < count; i++) {
        values[i] = NULL;
        lengths[i] = formats[i] = 0;
        if (*at++ == 'v') {
            formats[i] = *at++ == 1;
            lengths[i] = (int)read_u32(&at);
            values[i] = (const char *)at;
            at += lengths[i];
            if (formats[i] == 0) {
                die("values", "as text are not written down by this program");
            }
        }
    }
    uint32_t number = step->statement;
    char name[16];
    (void)snprintf(name, sizeof name, "s%u", number);
    if (count == 0) {
        PQsendQueryParams(line->conn, statements[number].text, 0, NULL, NULL, NULL, NULL, 0);
    } else {
        if (!line->is_prepared[number]) {
            PQsendPrepare(line->conn, name, statements[number].text,
                          (int)statements[number].type_count, statements[number].types);
            line->is_prepared[number] = true;
            line->owed++;
        }
        PQsendQueryPrepared(line->conn, name, count, values, lengths, formats, 0);
    }
    line->owed++;
}

/* Waits for all answers; false when one was a failure. */
static bool settle(struct line *line)
{
    bool good = true;
    PQpipelineSync(line->conn);
    for (; line->owed > 0; line->owed--) {
        for (PGresult *result; (result = PQgetResult(line->conn)) != NULL; PQclear(result)) {
            ExecStatusType kind = PQresultStatus(result);
            if (kind != PGRES_COMMAND_OK && kind != PGRES_TUPLES_OK) {
                if (good && kind != PGRES_PIPELINE_ABORTED) {
                    fprintf(stderr, "pg_pipeline: %s", PQresultErrorMessage(result));
                }
                good = false;
            }
        }
    }
    PQclear(PQgetResult(line->conn)); /* the sync's own */
    return good;
}

static bool run(struct line *line, const struct operation *operation)
{
    for (uint32_t i = 0; i < operation->step_count; i++) {
        const struct step *step = &operation->steps[i];
        if (step->statement != SYNC) {
            send(line, step);
        } else if (!settle(line)) {
            PQsendQueryParams(line->conn, "ROLLBACK", 0, NULL, NULL, NULL, NULL, 0);
            line->owed++;
            settle(line);
            return false;
        }
    }
    return true;
}

static void *work(void *unused)
{
    (void)unused;
    struct line *line = have(calloc(1, sizeof *line));
    line->conn = PQconnectdb(url);
    if (PQstatus(line->conn) != CONNECTION_OK || PQenterPipelineMode(line->conn) != 1) {
        die(url, PQerrorMessage(line->conn));
    }
    for (;;) {
        pthread_mutex_lock(&mutex);
        uint32_t mine = next_operation;
        next_operation += mine < operation_count;
        pthread_mutex_unlock(&mutex);
        if (mine == operation_count) {
            break;
        }
        if (!run(line, &operations[mine])) {
            pthread_mutex_lock(&mutex);
            faults++;
            act_faults += operations[mine].is_act;
            pthread_mutex_unlock(&mutex);
        }
    }
    PQfinish(line->conn);
    free(line);
    return NULL;
}

int main(int argc, char **argv)
{
    int connections = argc == 4 ? atoi(argv[3]) : 0;
    if (connections < 1 || connections > 128) {
        fprintf(stderr, "usage: pg_pipeline URL TRACE CONNECTIONS\n");
        return 2;
    }
    url = argv[1];
    trace_read(argv[2]);
    struct timespec begun, ended;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    pthread_t *threads = have(calloc((size_t)connections, sizeof *threads));
    for (int i = 0; i < connections; i++) {
        pthread_create(&threads[i], NULL, work, NULL);
    }
    for (int i = 0; i < connections; i++) {
        pthread_join(threads[i], NULL);
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    double seconds =
        (double)(ended.tv_sec - begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) / 1e9;
    printf("{\"operations\":%u,\"acts\":%u,\"connections\":%d,\"faults\":%u,\"act_faults\":%u,"
           "\"seconds\":%.3f,\"acts_per_second\":%.0f}\n",
           operation_count, act_count, connections, faults, act_faults, seconds,
           (act_count - act_faults) / seconds);
    free(threads);
    return act_faults == 0 ? 0 : 1;
}
