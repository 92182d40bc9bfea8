#include "main/serve.h"

#include <pthread.h>
#include <signal.h>

#include "base/check.h"
#include "base/log.h"
#include "main/wiring.h"
#include "web/upload.h"

enum {
    DRAIN_MS = 10000,
    BODY_BYTES_MAX = 2 * 1024 * 1024,
    ARENA_SOFT_BYTES = 32 * 1024 * 1024,
    CONNECTIONS_MAX = 8000,
    STREAMS_MAX = 6000,
    SLOW_THREADS = 2,
    SLOW_QUEUE_MAX = 512,
};

static void listening_say(struct cx *cx, const struct program *program, int port)
{
    struct value *fields = value_map(cx->arena);
    value_set_int(cx->arena, fields, "port", port);
    value_set_str(cx->arena, fields, "database",
                  store_is_sqlite(program->store) ? STR("sqlite") : STR("postgresql"));
    value_set_bool(cx->arena, fields, "demo", program->config.demo);
    log_line(LOG_INFO, "listening", fields);
}

/* Waits for the signal to end. Signals are blocked in all threads: they are inherited. */
static void end_wait(void)
{
    sigset_t set;
    int signal = 0;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    while (sigwait(&set, &signal) != 0) {
    }
}

static void signals_block(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    check(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
    (void)signal(SIGPIPE, SIG_IGN);
}

static void options_fill(struct program *program, int listen_fd, struct http_options *out)
{
    *out = (struct http_options){
        .listen = program->config.listen.p,
        .threads = (unsigned)program->config.threads,
        .body_limit_bytes = BODY_BYTES_MAX,
        .stream_limit_bytes = UPLOAD_BODY_MAX_BYTES,
        .want_stream = upload_want_stream,
        .arena_soft_bytes = ARENA_SOFT_BYTES,
        .connections_max = CONNECTIONS_MAX,
        .streams_max = STREAMS_MAX,
        .listen_fd = listen_fd,
        .handle = dispatch_handle,
        .resume = dispatch_resume,
        .finished = dispatch_finished,
        .arg = &program->app,
    };
}

static enum status serve_open(struct cx *cx, struct program *program, struct wiring **wiring)
{
    struct program_hooks hooks = {0};
    TRY(wiring_new(cx, program, &hooks, wiring));
    TRY(program_open(cx, program, PROGRAM_STORE, &hooks));
    TRY(work_queue_open(cx, SLOW_THREADS, SLOW_QUEUE_MAX, &program->app.slow));
    return wiring_connect(cx, *wiring);
}

int serve(struct cx *cx, struct program *program, int listen_fd)
{
    struct http *http = NULL;
    struct wiring *wiring = NULL;
    struct http_options options;
    signals_block();
    if (serve_open(cx, program, &wiring) != OK) {
        log_failure(cx, "start");
        return 1;
    }
    options_fill(program, listen_fd, &options);
    if (wiring_start(cx, wiring) != OK || http_open(cx, &options, &http) != OK) {
        log_failure(cx, "start");
        return 1;
    }
    listening_say(cx, program, http_port(http));
    end_wait();
    log_text(LOG_INFO, "draining", "no new connections");
    bool all = http_close(http, DRAIN_MS);
    if (!all) { /* handlers still use the store: the process ends under them, nothing acknowledged
                   is lost */
        log_text(LOG_WARN, "ended", "some requests were cut off");
        return 0;
    }
    wiring_stop(wiring);
    work_queue_close(program->app.slow);
    program_close(program);
    log_text(LOG_INFO, "ended", "all requests answered");
    return 0;
}
