/* test/bench/load.c - sends prepared HTTP requests over many connections and measures the answers.
 *
 *   load PORT CONNECTIONS REQUESTS [--rate PER_SECOND] [--seconds N] [--out ANSWERS]
 *
 * REQUESTS is a file of requests as bytes, each after its length (u32). Every connection is a
 * thread that takes the next request as soon as it has its answer; with --seconds the file is gone
 * through again and again for so long. With --rate request number n is due at n / PER_SECOND, and
 * its latency is counted from then, so that a stall is not hidden. ANSWERS gets, for each request
 * in order, u32 status, u32 length, body. Prints one line of JSON.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_MAX = 65536, STATUS_MAX = 600 };

struct request {
    const char *bytes;
    uint32_t size;
};

struct answer {
    uint32_t status;
    uint32_t size;
    char *body;
};

static struct request *requests;
static struct answer *answers; /* NULL unless wanted */
static uint32_t request_count;
static uint16_t port;
static double rate;
static double seconds;
static int64_t begun_us;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static uint64_t next_number;
static uint32_t *waits_us;
static uint64_t wait_count, wait_room;
static uint64_t statuses[STATUS_MAX];
static uint64_t broken;

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void *have(void *memory)
{
    if (memory == NULL) {
        fprintf(stderr, "load: no memory\n");
        exit(1);
    }
    return memory;
}

static void requests_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fprintf(stderr, "load: %s cannot be opened\n", path);
        exit(1);
    }
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *bytes = have(malloc(size + 1));
    if (fread(bytes, 1, size, file) != size) {
        exit(1);
    }
    fclose(file);
    uint32_t room = 0;
    for (size_t at = 0; at + 4 <= size;) {
        uint32_t length;
        memcpy(&length, bytes + at, sizeof length);
        if (request_count == room) {
            room = room == 0 ? 1024 : room * 2;
            requests = have(realloc(requests, room * sizeof *requests));
        }
        requests[request_count++] = (struct request){bytes + at + 4, length};
        at += 4 + length;
    }
}

static int line_open(void)
{
    int line = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int yes = 1;
    setsockopt(line, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(line, (struct sockaddr *)&to, sizeof to) != 0) {
        close(line);
        return -1;
    }
    return line;
}

static bool send_all(int line, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = write(line, bytes, size);
        if (sent <= 0) {
            return false;
        }
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

static const char *head_value(const char *head, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = strstr(head, "\r\n"); at != NULL; at = strstr(at + 2, "\r\n")) {
        if (strncasecmp(at + 2, name, n) == 0 && at[2 + n] == ':') {
            return at + 3 + n;
        }
    }
    return NULL;
}

/* Reads one answer; its body is kept in `kept` when wanted. 0 when the line broke. */
static uint32_t receive(int line, char *buffer, struct answer *kept, bool *again)
{
    size_t have_bytes = 0;
    char *end = NULL;
    while (end == NULL) {
        ssize_t got = have_bytes < HEAD_MAX - 1
                          ? read(line, buffer + have_bytes, HEAD_MAX - 1 - have_bytes)
                          : 0;
        if (got <= 0) {
            return 0;
        }
        have_bytes += (size_t)got;
        buffer[have_bytes] = '\0';
        end = strstr(buffer, "\r\n\r\n");
    }
    *end = '\0';
    const char *length = head_value(buffer, "content-length");
    const char *connection = head_value(buffer, "connection");
    *again = connection == NULL || strncasecmp(connection, " close", 6) != 0;
    uint32_t status = (uint32_t)strtoul(buffer + 9, NULL, 10);
    size_t body = length == NULL ? 0 : strtoul(length, NULL, 10);
    size_t there = have_bytes - (size_t)(end + 4 - buffer);
    char *copy = kept == NULL ? NULL : have(malloc(body + 1));
    if (copy != NULL) {
        memcpy(copy, end + 4, there < body ? there : body);
    }
    while (there < body) {
        size_t want = body - there < HEAD_MAX ? body - there : HEAD_MAX;
        ssize_t got = read(line, buffer, want);
        if (got <= 0) {
            free(copy);
            return 0;
        }
        if (copy != NULL) {
            memcpy(copy + there, buffer, (size_t)got);
        }
        there += (size_t)got;
    }
    if (kept != NULL) {
        *kept = (struct answer){status, (uint32_t)body, copy};
    }
    return status;
}

static bool take(uint64_t *number)
{
    pthread_mutex_lock(&mutex);
    bool more =
        seconds > 0 ? now_us() - begun_us < (int64_t)(seconds * 1e6) : next_number < request_count;
    *number = next_number;
    next_number += more;
    pthread_mutex_unlock(&mutex);
    return more;
}

static void note(uint32_t status, int64_t wait_us)
{
    pthread_mutex_lock(&mutex);
    if (status == 0 || status >= STATUS_MAX) {
        broken++;
    } else {
        statuses[status]++;
    }
    if (wait_count == wait_room) {
        wait_room = wait_room == 0 ? 65536 : wait_room * 2;
        waits_us = have(realloc(waits_us, wait_room * sizeof *waits_us));
    }
    waits_us[wait_count++] = (uint32_t)wait_us;
    pthread_mutex_unlock(&mutex);
}

static void *drive(void *unused)
{
    (void)unused;
    char *buffer = have(malloc(HEAD_MAX));
    int line = -1;
    uint64_t number;
    while (take(&number)) {
        int64_t due_us = now_us();
        if (rate > 0) {
            due_us = begun_us + (int64_t)((double)number * 1e6 / rate);
            int64_t early_us = due_us - now_us();
            if (early_us > 0) {
                usleep((useconds_t)early_us);
            }
        }
        uint32_t at = (uint32_t)(number % request_count);
        struct answer *kept = answers == NULL ? NULL : &answers[at];
        uint32_t status = 0;
        bool again = false;
        /* A kept line may have been closed between two requests: then once more on a new one. */
        for (int tries = 0; tries < 2 && status == 0; tries++) {
            line = line < 0 ? line_open() : line;
            if (line >= 0 && send_all(line, requests[at].bytes, requests[at].size)) {
                status = receive(line, buffer, kept, &again);
            }
            if (status == 0 || !again) {
                close(line);
                line = -1;
            }
        }
        note(status, now_us() - due_us);
    }
    if (line >= 0) {
        close(line);
    }
    free(buffer);
    return NULL;
}

static int compare(const void *one, const void *two)
{
    uint32_t a = *(const uint32_t *)one;
    uint32_t b = *(const uint32_t *)two;
    return (a > b) - (a < b);
}

static void report(double took)
{
    qsort(waits_us, wait_count, sizeof *waits_us, compare);
    double at[3] = {0, 0, 0};
    if (wait_count > 0) {
        at[0] = waits_us[wait_count / 2] / 1000.0;
        at[1] = waits_us[wait_count * 99 / 100] / 1000.0;
        at[2] = waits_us[wait_count - 1] / 1000.0;
    }
    printf("{\"requests\":%llu,\"seconds\":%.3f,\"per_second\":%.0f,\"p50_ms\":%.2f,"
           "\"p99_ms\":%.2f,\"max_ms\":%.2f,\"broken\":%llu,\"statuses\":{",
           (unsigned long long)wait_count, took, (double)wait_count / took, at[0], at[1], at[2],
           (unsigned long long)broken);
    const char *comma = "";
    for (int status = 0; status < STATUS_MAX; status++) {
        if (statuses[status] > 0) {
            printf("%s\"%d\":%llu", comma, status, (unsigned long long)statuses[status]);
            comma = ",";
        }
    }
    printf("}}\n");
}

static void answers_write(const char *path)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        fprintf(stderr, "load: %s cannot be written\n", path);
        exit(1);
    }
    for (uint32_t i = 0; i < request_count; i++) {
        fwrite(&answers[i].status, 4, 1, file);
        fwrite(&answers[i].size, 4, 1, file);
        fwrite(answers[i].size > 0 ? answers[i].body : "", 1, answers[i].size, file);
    }
    fclose(file);
}

int main(int argc, char **argv)
{
    const char *out = NULL;
    for (int i = 4; i + 1 < argc; i += 2) {
        rate = strcmp(argv[i], "--rate") == 0 ? atof(argv[i + 1]) : rate;
        seconds = strcmp(argv[i], "--seconds") == 0 ? atof(argv[i + 1]) : seconds;
        out = strcmp(argv[i], "--out") == 0 ? argv[i + 1] : out;
    }
    int connections = argc > 3 ? atoi(argv[2]) : 0;
    if (connections < 1 || connections > 1024) {
        fprintf(stderr,
                "usage: load PORT CONNECTIONS REQUESTS [--rate N] [--seconds N] [--out FILE]\n");
        return 2;
    }
    port = (uint16_t)atoi(argv[1]);
    requests_read(argv[3]);
    answers = out == NULL ? NULL : have(calloc(request_count, sizeof *answers));
    pthread_t *threads = have(calloc((size_t)connections, sizeof *threads));
    begun_us = now_us();
    for (int i = 0; i < connections; i++) {
        pthread_create(&threads[i], NULL, drive, NULL);
    }
    for (int i = 0; i < connections; i++) {
        pthread_join(threads[i], NULL);
    }
    report((double)(now_us() - begun_us) / 1e6);
    if (out != NULL) {
        answers_write(out);
    }
    free(threads);
    return 0;
}
