#include "main/wiring.h"

struct wiring {
    struct program *program;
};

enum status wiring_new(struct cx *cx, struct program *program, struct program_hooks *hooks,
                       struct wiring **out)
{
    struct wiring *wiring = arena_new(cx->arena, struct wiring);
    (void)hooks;
    wiring->program = program;
    *out = wiring;
    return OK;
}

static void wake(void *arg)
{
    (void)arg;
}

static struct value *ready(struct cx *cx, void *arg, bool *ok)
{
    struct wiring *wiring = arg;
    struct store_figures figures;
    struct value *view = value_map(cx->arena);
    store_figures(wiring->program->store, &figures);
    value_set_bool(cx->arena, view, "writer", figures.writer_alive);
    value_set_int(cx->arena, view, "queued", figures.queued);
    *ok = figures.writer_alive;
    return view;
}

static Str metrics(struct cx *cx, void *arg)
{
    struct wiring *wiring = arg;
    struct store_figures figures;
    struct buf out;
    buf_init(&out, cx->arena, 64 * 1024);
    store_figures(wiring->program->store, &figures);
    buf_printf(&out, "# TYPE tongsu_writes_total counter\ntongsu_writes_total %lu\n",
               figures.writes);
    buf_printf(&out, "# TYPE tongsu_batches_total counter\ntongsu_batches_total %lu\n",
               figures.batches);
    buf_printf(&out,
               "# TYPE tongsu_write_failures_total counter\ntongsu_write_failures_total %lu\n",
               figures.failures);
    buf_printf(&out, "# TYPE tongsu_writes_queued gauge\ntongsu_writes_queued %u\n",
               figures.queued);
    return buf_done(&out);
}

static enum status code_check(struct cx *cx, void *arg, Id person, Str code, bool *ok)
{
    const struct wiring *wiring = arg;
    (void)cx;
    (void)person;
    *ok = wiring->program->config.demo && str_is(code, "000000");
    return OK;
}

enum status wiring_connect(struct cx *cx, struct wiring *wiring)
{
    struct app *app = &wiring->program->app;
    (void)cx;
    app->wake_jobs = wake;
    app->wake_arg = wiring;
    app->ready = ready;
    app->ready_arg = wiring;
    app->metrics = metrics;
    app->metrics_arg = wiring;
    app->house.code_check = code_check;
    app->house.code_arg = wiring;
    return OK;
}

enum status wiring_start(struct cx *cx, struct wiring *wiring)
{
    (void)cx;
    (void)wiring;
    return OK;
}

void wiring_stop(struct wiring *wiring)
{
    (void)wiring;
}
