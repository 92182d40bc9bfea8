#include "web/handlers.h"

/* GET /: what can be done here; a program gets the addresses to begin with. */
enum status home_page(struct call *call)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    value_set_text(arena, view, "name", "通诉");
    value_set_text(arena, view, "procedures", "/procedures");
    value_set_text(arena, view, "courts", "/courts");
    value_set_text(arena, view, "openapi", "/openapi.json");
    return call_answer(call, view, "home");
}

/* GET /static/{file} and one folder below: embedded, cached by their stamp. */
static const char *type_of(Str path)
{
    static const struct {
        const char *end;
        const char *type;
    } types[] = {{".css", "text/css; charset=utf-8"},
                 {".js", "text/javascript; charset=utf-8"},
                 {".svg", "image/svg+xml"},
                 {".png", "image/png"},
                 {".mjs", "text/javascript; charset=utf-8"}};

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (str_ends(path, types[i].end)) {
            return types[i].type;
        }
    }
    return "application/octet-stream";
}

enum status static_file(struct call *call)
{
    struct cx *cx = call->cx;
    Str path = str_slice(cx->arena, call->http->path, 1, call->http->path.n);
    const struct share_file *file = share_find(call->app->share, path);
    if (file == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no static file");
    }
    struct http_answer answer = {.status = 200,
                                 .content_type = type_of(path),
                                 .body = {(const char *)file->bytes, file->size},
                                 .cacheable = true};
    if (call->http->query.n > 0) { /* the address carries the stamp of its content */
        call_header(call, "Cache-Control", STR("public, max-age=31536000, immutable"));
        answer.headers = call->headers;
    }
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}

enum status static_vendor_file(struct call *call)
{
    return static_file(call);
}

/* --- operation --- */

enum status health(struct call *call)
{
    struct value *view = value_map(call->cx->arena);
    value_set_text(call->cx->arena, view, "status", "alive");
    return call_answer(call, view, NULL);
}

enum status readiness(struct call *call)
{
    bool ok = true;
    struct value *view = call->app->ready(call->cx, call->app->ready_arg, &ok);
    call->status = ok ? 200 : 503;
    return call_answer(call, view, NULL);
}

enum status metrics_text(struct call *call)
{
    struct http_answer answer = {.status = 200,
                                 .content_type = "text/plain; version=0.0.4; charset=utf-8",
                                 .body = call->app->metrics(call->cx, call->app->metrics_arg)};
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}

/* --- demo --- */

/* "31m", "7d", "90s", "2h" in milliseconds. */
static bool advance_parse(Str text, int64_t *out)
{
    int64_t number = 0;
    static const char units[] = "smhd";
    static const int64_t unit_ms[] = {1000, MINUTE_MS, HOUR_MS, DAY_MS};

    enum { NUMBER_MAX = 100000 };

    for (size_t i = 0; text.n >= 2 && i < 4; i++) {
        if (text.p[text.n - 1] == units[i]) {
            for (size_t k = 0; k + 1 < text.n; k++) {
                if (text.p[k] < '0' || text.p[k] > '9' || number > NUMBER_MAX) {
                    return false;
                }
                number = number * 10 + (text.p[k] - '0');
            }
            *out = number * unit_ms[i];
            return *out > 0 && *out <= 3660 * DAY_MS;
        }
    }
    return false;
}

static enum status clock_slow(struct call *call)
{
    const int64_t *by_ms = call->kept;
    return call->app->clock_advance(call->cx, call->app->clock_arg, *by_ms);
}

static enum status clock_moved(struct call *call)
{
    struct value *view = value_map(call->cx->arena);
    value_set_str(call->cx->arena, view, "now", instant_format(call->cx->arena, clock_now()));
    return call_answer(call, view, NULL);
}

enum status demo_clock(struct call *call)
{
    struct cx *cx = call->cx;
    int64_t *by_ms = arena_new(cx->arena, int64_t);
    if (!advance_parse(value_get_str(call->body, "advance"), by_ms)) {
        (void)cx_error(cx, "advance", "advance", "请写成 31m、2h、7d 这样");
        return FAIL(cx, E_INPUT, "fields", "advance unreadable");
    }
    call->kept = by_ms;
    return call_slow(call, clock_slow, clock_moved);
}
