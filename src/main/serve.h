/* main/serve.h - the serving worker and the supervisor above it. */
#ifndef MAIN_SERVE_H
#define MAIN_SERVE_H

#include "main/program.h"

/* Opens the listening socket and keeps a worker alive on it: back-off 0.1 to 5 s after a death,
 * connections wait meanwhile. Hands SIGTERM and SIGINT on and ends with the worker. Returns the
 * exit code. */
int supervise(struct cx *cx, struct program *program);
/* The worker: serves until SIGTERM or SIGINT, then drains. listen_fd -1: opens its own. */
int serve(struct cx *cx, struct program *program, int listen_fd);

#endif
