/* The supervisor: owns the listening socket, so that connections wait while a worker is replaced.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/check.h"
#include "base/log.h"
#include "main/serve.h"

enum { BACKLOG = 1024, DELAY_FIRST_MS = 100, DELAY_MOST_MS = 5000, LIVED_WELL_MS = 10000 };

static enum status socket_open(struct cx *cx, Str listen_at, int *out)
{
    const char *colon = strrchr(listen_at.p, ':');
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    if (colon == NULL) {
        return FAIL(cx, E_INPUT, "usage", "--listen wants ADDR:PORT");
    }
    const char *host = arena_copy(cx->arena, listen_at.p, (size_t)(colon - listen_at.p));
    if (getaddrinfo(host, colon + 1, &hints, &found) != 0) {
        return FAIL(cx, E_INPUT, "usage", "cannot listen on %s", listen_at.p);
    }
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int one = 1;
    bool ok = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
              bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0;
    freeaddrinfo(found);
    if (!ok) {
        return FAIL(cx, E_STORE, "listen-failed", "%s: %s", listen_at.p, strerrordesc_np(errno));
    }
    *out = fd;
    return OK;
}

static void sleep_ms(int64_t delay_ms)
{
    struct timespec delay = {delay_ms / 1000, (delay_ms % 1000) * 1000000};
    (void)nanosleep(&delay, NULL);
}

/* Waits for the worker or for a signal, which is handed on. Returns the worker's wait status. */
static int worker_wait(pid_t worker, const sigset_t *set, bool *ending)
{
    for (;;) {
        int status = 0;
        siginfo_t info;
        if (waitpid(worker, &status, WNOHANG) == worker) {
            return status;
        }
        int signal = sigwaitinfo(set, &info);
        if (signal == SIGTERM || signal == SIGINT) {
            *ending = true;
            (void)kill(worker, SIGTERM);
        }
    }
}

int supervise(struct cx *cx, struct program *program)
{
    int fd = -1;
    bool ending = false;
    int64_t delay_ms = DELAY_FIRST_MS;
    sigset_t set;
    if (socket_open(cx, program->config.listen, &fd) != OK) {
        log_failure(cx, "listen");
        return 1;
    }
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGCHLD);
    check(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    for (;;) {
        int64_t began_us = clock_monotonic_us();
        pid_t worker = fork();
        check(worker >= 0);
        if (worker == 0) {
            (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
            _exit(serve(cx, program, fd));
        }
        int status = worker_wait(worker, &set, &ending);
        int64_t lived_ms = (clock_monotonic_us() - began_us) / 1000;
        if (ending || (WIFEXITED(status) && lived_ms < LIVED_WELL_MS && WEXITSTATUS(status) != 0)) {
            return WIFEXITED(status) ? WEXITSTATUS(status) : 1; /* cannot start: say so and end */
        }
        delay_ms = lived_ms > LIVED_WELL_MS ? DELAY_FIRST_MS : delay_ms * 2;
        delay_ms = delay_ms > DELAY_MOST_MS ? DELAY_MOST_MS : delay_ms;
        log_text(LOG_ERROR, "worker-died", "status %d after %lld ms; next in %lld ms", status,
                 (long long)lived_ms, (long long)delay_ms);
        sleep_ms(delay_ms);
    }
}
