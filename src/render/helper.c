/* render/helper.c - the parent's side: a few helper processes, kept busy and replaced in time. */
#include "render/helper.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "render/helper_int.h"
#include "render/helper_wire.h"

enum { WORKERS_MAX = 8, KEEPER_PERIOD_MS = 500, END_WAIT_MS = 1000 };

enum slot_state { SLOT_EMPTY, SLOT_WANTED, SLOT_STARTING, SLOT_IDLE, SLOT_BUSY };

struct slot {
    enum slot_state state;
    pid_t pid;
    int fd;
    unsigned jobs;
    int64_t idle_since_us;
};

/* The keeper thread starts helpers and ends idle ones. It alone starts them, because a child asked
 * to die with its parent dies with the thread that started it. */
struct helper_pool {
    struct helper_options options;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t keeper;
    bool is_closing;
    unsigned start_errors; /* since the last start that worked */
    struct slot slots[WORKERS_MAX];
    struct helper_counts counts;
};

/* --- processes --- */

/* Nothing of our environment but what the helper needs. */
static char **helper_environment(char *room[4])
{
    static char locale[] = "LC_ALL=C.UTF-8";
    static char home[] = "HOME=/nonexistent";
    static char options[512];
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nobody here changes the environment */
    const char *sanitizer = getenv("ASAN_OPTIONS");
    room[0] = locale;
    room[1] = home;
    room[2] = NULL;
    if (sanitizer != NULL) {
        (void)snprintf(options, sizeof options, "ASAN_OPTIONS=%s", sanitizer);
        room[2] = options;
    }
    room[3] = NULL;
    return room;
}

/* 0, or errno. Only the keeper thread calls this. */
static int start_helper(int nice, pid_t *pid, int *fd)
{
    static char program[] = "tongsu";
    static char command[] = "helper";
    char *arguments[] = {program, command, NULL};
    char *environment[4];
    int ends[2];
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return errno;
    }
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", 0, 0);
    (void)posix_spawn_file_actions_adddup2(&actions, 2, 1);
    (void)posix_spawn_file_actions_adddup2(&actions, ends[1], HELPER_FD);
    (void)posix_spawn_file_actions_addclosefrom_np(&actions, HELPER_FD + 1);
    (void)posix_spawnattr_init(&attributes);
    (void)sigemptyset(&none);
    (void)posix_spawnattr_setsigmask(&attributes, &none);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    int error = posix_spawn(pid, "/proc/self/exe", &actions, &attributes, arguments,
                            helper_environment(environment));
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(ends[1]);
    if (error != 0) {
        (void)close(ends[0]);
        return error;
    }
    if (nice > 0) {
        (void)setpriority(PRIO_PROCESS, (id_t)*pid, nice);
    }
    *fd = ends[0];
    return 0;
}

/* Our own child, not yet waited for: its number cannot be another's. */
static void end_helper(pid_t pid, int fd, bool now)
{
    (void)close(fd);
    for (int waited_ms = 0; !now && waited_ms < END_WAIT_MS; waited_ms += 5) {
        if (waitpid(pid, NULL, WNOHANG) == pid) {
            return;
        }
        (void)usleep(5000);
    }
    (void)kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
}

/* --- the keeper --- */

static void start_wanted(struct helper_pool *pool, struct slot *slot)
{
    pid_t pid = 0;
    int fd = -1;
    slot->state = SLOT_STARTING;
    (void)pthread_mutex_unlock(&pool->lock);
    int error = start_helper(pool->options.nice, &pid, &fd);
    (void)pthread_mutex_lock(&pool->lock);
    if (error != 0) {
        slot->state = SLOT_EMPTY;
        pool->start_errors++;
    } else {
        *slot = (struct slot){
            .state = SLOT_IDLE, .pid = pid, .fd = fd, .idle_since_us = clock_monotonic_us()};
        pool->start_errors = 0;
        pool->counts.started++;
    }
    (void)pthread_cond_broadcast(&pool->changed);
}

static void end_idle(struct helper_pool *pool, struct slot *slot)
{
    struct slot ended = *slot;
    slot->state = SLOT_EMPTY;
    (void)pthread_mutex_unlock(&pool->lock);
    end_helper(ended.pid, ended.fd, false);
    (void)pthread_mutex_lock(&pool->lock);
}

static struct timespec in_ms(int ms)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += (long)(ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

static void *keep(void *arg)
{
    struct helper_pool *pool = arg;
    (void)pthread_mutex_lock(&pool->lock);
    while (!pool->is_closing) {
        int64_t long_ago_us = clock_monotonic_us() - (int64_t)pool->options.idle_ms * 1000;
        bool started = false;
        for (unsigned i = 0; i < pool->options.workers; i++) {
            struct slot *slot = &pool->slots[i];
            if (slot->state == SLOT_WANTED) {
                start_wanted(pool, slot);
                started = true;
            } else if (slot->state == SLOT_IDLE && slot->idle_since_us < long_ago_us) {
                end_idle(pool, slot);
            }
        }
        if (!started && !pool->is_closing) {
            struct timespec until = in_ms(KEEPER_PERIOD_MS);
            (void)pthread_cond_timedwait(&pool->changed, &pool->lock, &until);
        }
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return NULL;
}

enum status helper_pool_open(struct cx *cx, const struct helper_options *options,
                             struct helper_pool **out)
{
    struct helper_pool *pool = calloc(1, sizeof *pool);
    check(pool != NULL);
    if (options != NULL) {
        pool->options = *options;
    }
    struct helper_options *o = &pool->options;
    o->workers = o->workers == 0 ? 2 : o->workers;
    o->jobs_max = o->jobs_max == 0 ? 500 : o->jobs_max;
    o->idle_ms = o->idle_ms == 0 ? 60000 : o->idle_ms;
    o->timeout_ms = o->timeout_ms == 0 ? 10000 : o->timeout_ms;
    o->wait_ms = o->wait_ms == 0 ? 30000 : o->wait_ms;
    check(o->workers <= WORKERS_MAX && o->nice >= 0 && o->nice < 20);

    pthread_condattr_t monotonic;
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&pool->changed, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    (void)pthread_mutex_init(&pool->lock, NULL);
    if (pthread_create(&pool->keeper, NULL, keep, pool) != 0) {
        (void)pthread_cond_destroy(&pool->changed);
        (void)pthread_mutex_destroy(&pool->lock);
        free(pool);
        return FAIL(cx, E_BUG, "helper-fault", "no thread for the keeper");
    }
    *out = pool;
    return OK;
}

void helper_pool_close(struct helper_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&pool->lock);
    pool->is_closing = true;
    (void)pthread_cond_broadcast(&pool->changed);
    (void)pthread_mutex_unlock(&pool->lock);
    (void)pthread_join(pool->keeper, NULL);
    for (unsigned i = 0; i < pool->options.workers; i++) {
        check(pool->slots[i].state != SLOT_BUSY);
        if (pool->slots[i].state == SLOT_IDLE) {
            end_helper(pool->slots[i].pid, pool->slots[i].fd, false);
        }
    }
    (void)pthread_cond_destroy(&pool->changed);
    (void)pthread_mutex_destroy(&pool->lock);
    free(pool);
}

/* --- jobs --- */

static struct slot *slot_in(struct helper_pool *pool, enum slot_state state)
{
    for (unsigned i = 0; i < pool->options.workers; i++) {
        if (pool->slots[i].state == state) {
            return &pool->slots[i];
        }
    }
    return NULL;
}

/* An idle helper, made busy; when there is none a new one is asked for, where there is room. */
static enum status take_slot(struct helper_pool *pool, struct cx *cx, struct slot **out)
{
    enum { START_ERRORS_MAX = 3 };
    struct timespec until = in_ms(pool->options.wait_ms);
    int waited = 0;
    (void)pthread_mutex_lock(&pool->lock);
    struct slot *slot = slot_in(pool, SLOT_IDLE);
    while (slot == NULL && waited == 0 && pool->start_errors < START_ERRORS_MAX) {
        struct slot *empty = slot_in(pool, SLOT_EMPTY);
        if (empty != NULL) {
            empty->state = SLOT_WANTED;
            (void)pthread_cond_broadcast(&pool->changed);
        }
        waited = pthread_cond_timedwait(&pool->changed, &pool->lock, &until);
        slot = slot_in(pool, SLOT_IDLE);
    }
    bool cannot_start = slot == NULL && pool->start_errors >= START_ERRORS_MAX;
    if (cannot_start) {
        pool->start_errors = 0; /* the next job tries again */
    }
    if (slot != NULL) {
        slot->state = SLOT_BUSY;
    }
    (void)pthread_mutex_unlock(&pool->lock);
    if (cannot_start) {
        return FAIL(cx, E_BUG, "helper-fault", "no helper could be started");
    }
    if (slot == NULL) {
        return FAIL(cx, E_BUSY, "helpers-busy", "no helper free in %d ms", pool->options.wait_ms);
    }
    *out = slot;
    return OK;
}

static void give_back(struct helper_pool *pool, struct slot *slot, bool is_fault)
{
    bool is_over = is_fault || slot->jobs + 1 >= pool->options.jobs_max;
    if (is_over) {
        end_helper(slot->pid, slot->fd, is_fault);
    }
    (void)pthread_mutex_lock(&pool->lock);
    pool->counts.jobs++;
    pool->counts.faults += is_fault;
    slot->jobs++;
    slot->state = is_over ? SLOT_EMPTY : SLOT_IDLE;
    slot->idle_since_us = clock_monotonic_us();
    (void)pthread_cond_broadcast(&pool->changed);
    (void)pthread_mutex_unlock(&pool->lock);
}

enum status helper_line_take(struct helper_pool *pool, struct cx *cx, struct helper_line *out)
{
    struct slot *slot = NULL;
    enum status taken = take_slot(pool, cx, &slot); /* not by TRY: it must be given back */
    if (taken == OK) {
        *out = (struct helper_line){slot, slot->fd, pool->options.timeout_ms};
    }
    return taken;
}

void helper_line_give_back(struct helper_pool *pool, const struct helper_line *line, bool is_fault)
{
    give_back(pool, line->slot, is_fault);
}

/* What a helper may fail with; anything else is a fault of the helper. */
static bool is_known_failure(int64_t status)
{
    return status == E_READ || status == E_INPUT || status == E_TOO_LARGE || status == E_BUG;
}

/* What a helper says that it failed with becomes the caller's failure. */
static enum wire_result read_failure(struct cx *cx, const struct value *head)
{
    int64_t status = value_get_int(head, "status");
    Str code = value_get_str(head, "code");
    if (!is_known_failure(status) || code.n == 0) {
        return WIRE_BROKEN;
    }
    (void)FAIL(cx, (enum status)status, code.p, "in a helper: %.*s",
               STR_ARG(value_get_str(head, "detail")));
    const struct value *errors = value_get(head, "errors");
    cx->failure.errors = value_count(errors) > 0 ? value_copy(cx->arena, errors) : NULL;
    return WIRE_OK;
}

/* Hundredths of a point. */
static bool is_on_sheet(const struct value *seal, const char *name)
{
    int64_t n = value_get_int(seal, name);
    return n >= 0 && n < 100000;
}

static enum wire_result read_hand(const struct value *hand, int64_t pages, struct paper_pdf *pdf)
{
    int64_t page = value_get_int(hand, "page");
    if (page < 0 || page >= pages || !is_on_sheet(hand, "x") || !is_on_sheet(hand, "y") ||
        !is_on_sheet(hand, "width") || !is_on_sheet(hand, "height")) {
        return WIRE_BROKEN;
    }
    pdf->hand.page = (uint32_t)page;
    pdf->hand.x = value_get_int(hand, "x");
    pdf->hand.y = value_get_int(hand, "y");
    pdf->hand.width = value_get_int(hand, "width");
    pdf->hand.height = value_get_int(hand, "height");
    return WIRE_OK;
}

static enum wire_result read_paper(struct cx *cx, const struct value *head, Str body, void *out)
{
    struct paper_pdf *pdf = out;
    int64_t pages = value_get_int(head, "pages");
    int64_t unknown = value_get_int(head, "unknown_glyphs");
    const struct value *seal = value_get(head, "seal");
    int64_t drawn = value_get_int(seal, "bytes");
    int64_t page = value_get_int(seal, "page");
    if (drawn < 0 || (uint64_t)drawn > body.n || page < 0 || page >= pages ||
        !is_on_sheet(seal, "x") || !is_on_sheet(seal, "y") || !is_on_sheet(seal, "side") ||
        pages < 1 || pages > PAPER_PAGES_MAX || unknown < 0 || unknown > UINT32_MAX ||
        !str_starts(body, "%PDF-")) {
        return WIRE_BROKEN;
    }
    *pdf = (struct paper_pdf){.bytes = str_copy(cx->arena, body.p, body.n - (size_t)drawn),
                              .pages = (uint32_t)pages,
                              .unknown_glyphs = (uint32_t)unknown};
    pdf->seal.drawing = (Str){body.p + pdf->bytes.n, (size_t)drawn};
    pdf->seal.page = (uint32_t)page;
    pdf->seal.x = value_get_int(seal, "x");
    pdf->seal.y = value_get_int(seal, "y");
    pdf->seal.side = value_get_int(seal, "side");
    return read_hand(value_get(head, "hand"), pages, pdf);
}

struct request {
    Str head;
    Str parts[2 + PAPER_IMAGES_MAX];
    uint32_t count;
};

static enum status write_request(struct cx *cx, const struct helper_paper *job, struct request *out)
{
    struct value *head = value_map(cx->arena);
    struct value *images = value_list(cx->arena);
    size_t size = 0;
    check(job->image_count <= PAPER_IMAGES_MAX);
    out->parts[0] = job->definition;
    out->parts[1] = json_write(cx->arena, job->inputs);
    out->count = 2;
    for (uint32_t i = 0; i < job->image_count; i++) {
        struct value *image = value_map(cx->arena);
        value_set_str(cx->arena, image, "name", job->images[i].name);
        value_set_int(cx->arena, image, "bytes", (int64_t)job->images[i].bytes.n);
        value_add(cx->arena, images, image);
        out->parts[out->count++] = job->images[i].bytes;
    }
    for (uint32_t i = 0; i < out->count; i++) {
        size += out->parts[i].n;
    }
    if (size > HELPER_REQUEST_BYTES_MAX || out->parts[1].n > PAPER_INPUT_BYTES_MAX) {
        return FAIL(cx, E_TOO_LARGE, "paper-too-long", "%zu bytes for one paper", size);
    }
    value_set_text(cx->arena, head, "kind", "paper");
    value_set_text(cx->arena, head, "name", job->name);
    value_set_int(cx->arena, head, "definition", (int64_t)job->definition.n);
    value_set_int(cx->arena, head, "inputs", (int64_t)out->parts[1].n);
    value_set(cx->arena, head, "images", images);
    value_set_str(cx->arena, head, "seal", job->seal);
    value_set_bool(cx->arena, head, "seal_is_demo", job->seal_is_demo);
    out->head = json_write(cx->arena, head);
    return OK;
}

static enum wire_result ask_once(struct helper_pool *pool, struct cx *cx, const struct slot *slot,
                                 const struct helper_question *q, void *out)
{
    struct value *head = NULL;
    Str body = {0};
    int64_t deadline_us = clock_monotonic_us() + (int64_t)pool->options.timeout_ms * 1000;
    enum wire_result result = wire_send(slot->fd, q->head, q->parts, q->count, deadline_us);
    if (result == WIRE_OK) {
        result = wire_receive(cx, slot->fd, HELPER_ANSWER_BYTES_MAX, deadline_us, &head, &body);
    }
    if (result != WIRE_OK) {
        return result;
    }
    return value_get_bool(head, "ok") ? q->read(cx, head, body, out) : read_failure(cx, head);
}

enum status helper_ask(struct helper_pool *pool, struct cx *cx, const struct helper_question *q,
                       void *out)
{
    static const char *const names[] = {"done", "it died", "it broke off", "it took too long"};
    enum wire_result result = WIRE_OK;
    for (int attempt = 0; attempt < 2; attempt++) {
        struct slot *slot = NULL;
        enum status taken = take_slot(pool, cx, &slot); /* not by TRY: it must be given back */
        if (taken != OK) {
            return taken;
        }
        check(slot != NULL);
        result = ask_once(pool, cx, slot, q, out);
        give_back(pool, slot, result != WIRE_OK);
        if (result == WIRE_OK) {
            return cx->failure.status;
        }
    }
    return FAIL(cx, E_BUG, "helper-fault", "%s failed twice in a helper: %s", q->name,
                names[result]);
}

enum status helper_print(struct helper_pool *pool, struct cx *cx, const struct helper_paper *job,
                         struct paper_pdf *out)
{
    struct request request = {0};
    TRY(write_request(cx, job, &request));
    const struct helper_question question = {.name = arena_printf(cx->arena, "paper %s", job->name),
                                             .head = request.head,
                                             .parts = request.parts,
                                             .count = request.count,
                                             .read = read_paper};
    return helper_ask(pool, cx, &question, out);
}

struct helper_counts helper_pool_counts(struct helper_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    struct helper_counts counts = pool->counts;
    counts.running = 0;
    for (unsigned i = 0; i < pool->options.workers; i++) {
        counts.busy += pool->slots[i].state == SLOT_BUSY;
        counts.running += pool->slots[i].state == SLOT_IDLE || pool->slots[i].state == SLOT_BUSY;
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return counts;
}
