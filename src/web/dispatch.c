/* HOW IT WORKS. A request is matched to a route, its session found, its token proved when a cookie
 * speaks, its body read, and its handler run. What a handler wants done elsewhere is done there
 * while the request is parked; then `then` goes on. What comes out is a value, a file, or a
 * failure, and is written as JSON or as a page. */
#include <inttypes.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "base/check.h"
#include "base/json.h"
#include "base/log.h"
#include "seal/password.h"
#include "web/app.h"
#include "web/keep.h"
#include "web/upload.h"

/* --- routes --- */

/* Matches "/matters/{id}/acts/{act}" and keeps the parts. */
static bool path_matches(struct arena *arena, const char *pattern, Str path, Str args[4])
{
    size_t at = 0;
    uint32_t count = 0;
    const char *p = pattern;
    while (*p != '\0') {
        if (*p != '{') {
            if (at >= path.n || path.p[at] != *p) {
                return false;
            }
            at++;
            p++;
            continue;
        }
        size_t from = at;
        while (at < path.n && path.p[at] != '/') {
            at++;
        }
        check(count < 4);
        if (at == from) {
            return false;
        }
        args[count++] = str_slice(arena, path, from, at);
        p = strchr(p, '}') + 1;
    }
    return at == path.n;
}

static void allow_add(struct call *call, enum http_method method)
{
    static const char *const names[] = {"GET, HEAD", "HEAD",    "POST", "PATCH",
                                        "DELETE",    "OPTIONS", "OTHER"};
    Str before = value_get_str(call->headers, "Allow");
    call_header(call, "Allow",
                before.n == 0 ? str_of(names[method])
                              : str_printf(call->cx->arena, "%s, %s", before.p, names[method]));
}

/* Most rows differ by their method or their second byte, which is looked at first. */
static const struct route *route_find(struct call *call)
{
    enum http_method method = call->http->method == HTTP_HEAD ? HTTP_GET : call->http->method;
    Str path = call->http->path;
    for (size_t i = 0; i < routes_count; i++) {
        Str args[4] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
        char second = routes[i].path[1];
        if (routes[i].method == method && (second == path.p[1] || second == '{') &&
            path_matches(call->cx->arena, routes[i].path, path, args)) {
            memcpy(call->args, args, sizeof args);
            return &routes[i];
        }
    }
    return NULL;
}

/* Whether there are rows of this path; their methods go into the header Allow. */
static bool other_methods(struct call *call)
{
    bool found = false;
    for (size_t i = 0; i < routes_count; i++) {
        Str args[4] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
        if (path_matches(call->cx->arena, routes[i].path, call->http->path, args)) {
            allow_add(call, routes[i].method);
            found = true;
        }
    }
    return found;
}

/* --- who is asking --- */

struct session_look {
    Hash token;
    struct session *session;
    struct actor actor;
};

static enum status session_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct session_look *look = arg;
    return session_find(cx, sql, look->token, clock_machine(), &look->session, &look->actor);
}

enum status call_session(struct call *call)
{
    Str header = http_header(call->http, "Authorization");
    Str token = http_cookie(call->http, "session");
    call->by_cookie = true;
    if (str_starts(header, "Bearer ")) {
        token = str_slice(call->cx->arena, header, 7, header.n);
        call->by_cookie = false;
    }
    if (token.n == 0) {
        return OK;
    }
    struct session_look look = {.token = token_hash(token)};
    struct cx *cx = call->cx;
    TRY(store_read(cx, call->app->house.store, session_read, &look));
    call->session = look.session;
    call->actor = look.actor;
    return OK;
}

/* Sessions are kept alive by use: written at most every ten minutes, and nobody waits for it. */
struct touch {
    struct write write;
    struct cx cx;
    int64_t session;
};

static enum status touch_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const struct touch *touch = arg;
    return sql_exec(cx, sql, SQL("UPDATE session SET used = ?2 WHERE id = ?1 AND ended IS NULL"),
                    ARGS(SQL_I(touch->session), SQL_I(clock_machine())));
}

static void touch_done(struct write *write)
{
    struct touch *touch = write->arg;
    arena_close(touch->cx.arena); /* it holds the touch itself */
}

static void session_keep(struct call *call)
{
    enum { TOUCH_MS = 10 * 60 * 1000 };

    if (call->session == NULL || clock_machine() - call->session->used < TOUCH_MS) {
        return;
    }
    struct arena *arena = arena_open(64 * 1024);
    struct touch *touch = arena_new(arena, struct touch);
    cx_init(&touch->cx, arena);
    touch->session = call->session->id;
    touch->write = (struct write){.class = WRITE_BULK,
                                  .apply = touch_apply,
                                  .done = touch_done,
                                  .arg = touch,
                                  .cx = &touch->cx};
    if (!store_submit(call->app->house.store, &touch->write)) {
        arena_close(arena);
    }
}

static enum status who_check(struct call *call)
{
    enum route_who who = call->route->who;
    struct cx *cx = call->cx;
    if (who == WHO_DEMO) {
        return call->app->demo ? OK : FAIL(cx, E_NOT_FOUND, "not-found", "not in demo mode");
    }
    if (who == WHO_ANYBODY) {
        return OK;
    }
    if (call->session == NULL) {
        return FAIL(cx, E_LOGIN, "login-needed", "no session");
    }
    if (who == WHO_STAFF && call->actor.post.n == 0) {
        return FAIL(cx, E_DENIED, "denied", "no post");
    }
    if (who == WHO_ADMIN && !str_is(call->actor.post, "admin")) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "not an admin");
    }
    return OK;
}

static bool is_write(enum http_method method)
{
    return method == HTTP_POST || method == HTTP_PATCH || method == HTTP_DELETE;
}

/* LAW of the web: a cookie is sent by any page, so a write by cookie must show that it knows the
 * session's token. Bearer needs none. */
static enum status csrf_check(struct call *call)
{
    if (!is_write(call->http->method) || call->session == NULL || !call->by_cookie ||
        call->route->who == WHO_DEMO) {
        return OK;
    }
    Str token = http_header(call->http, "X-CSRF-Token");
    if (token.n == 0) {
        token = value_get_str(call->body, "_csrf");
    }
    if (token.n == 0) {
        token = call_param(call, "_csrf"); /* multipart forms carry it in the address */
    }
    return token.n > 0 && hash_same(hash_str(token), hash_str(call->session->csrf))
               ? OK
               : FAIL(call->cx, E_DENIED, "csrf", "no or wrong token");
}

/* --- body --- */

static enum status body_read(struct call *call)
{
    struct cx *cx = call->cx;
    call->body = value_map(cx->arena);
    if (call->http->stream != NULL) {
        call->body_is_form = call->http->boundary.n > 0;
        call->body = upload_fields(call->http->stream);
        return OK;
    }
    if (!is_write(call->http->method) || call->http->body.n == 0) {
        return OK;
    }
    if (call->http->boundary.n > 0) {
        call->body_is_form = true;
        return http_multipart_read(cx, call->http->body, call->http->boundary, &call->body);
    }
    if (str_is(call->http->content_type, "application/x-www-form-urlencoded")) {
        call->body_is_form = true;
        return http_form_read(cx, call->http->body, &call->body);
    }
    if (str_is(call->http->content_type, "application/json") || call->http->content_type.n == 0) {
        TRY(json_read(cx, call->http->body, &call->body));
        return value_is_map(call->body) ? OK : FAIL(cx, E_READ, "json-unreadable", "not an object");
    }
    return FAIL(cx, E_TYPE, "body-type", "%.*s", STR_ARG(call->http->content_type));
}

/* --- answering --- */

static const struct value *problem_value(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct failure *f = &call->cx->failure;
    struct value *problem = value_map(arena);
    if (f->errors != NULL && value_get(f->args, "count") == NULL) {
        cx_arg(call->cx, "count", str_printf(arena, "%u", f->errors->count));
    }
    message_fill(call->app->messages, arena, f->errors);
    message_fill(call->app->messages, arena, f->warnings);
    value_set_str(arena, problem, "type", str_printf(arena, "/problems/%s", f->code));
    value_set_str(arena, problem, "title",
                  message_title(call->app->messages, arena, f->code, f->args));
    value_set_int(arena, problem, "status", status_http(f->status));
    value_set_str(arena, problem, "detail",
                  message_detail(call->app->messages, arena, f->code, f->args));
    value_set_text(arena, problem, "incident", f->incident);
    if (f->errors != NULL) {
        value_set(arena, problem, "errors", f->errors);
    }
    if (f->warnings != NULL) {
        value_set(arena, problem, "warnings", f->warnings);
    }
    if (f->conflicts != NULL) {
        value_set(arena, problem, "conflicts", f->conflicts);
    }
    return problem;
}

static enum status page_write(struct call *call, const char *page, const struct value *value,
                              Str *out)
{
    page_fn *extra = page_find(page);
    const struct value *view = extra == NULL ? value : extra(call, value);
    return template_render(call->cx, call->app->templates, page, frame_view(call, view),
                           clock_now(), out);
}

/* What has no page of its own, shown to whoever opens it in a browser. */
static bool plain_write(struct call *call, const struct value *value, Str *out)
{
    struct value *view = value_map(call->cx->arena);
    value_set_str(call->cx->arena, view, "title", call->http->path);
    value_set_str(call->cx->arena, view, "text", json_write(call->cx->arena, value));
    return page_write(call, "plain", view, out) == OK;
}

static void send_value(struct call *call, int status, const struct value *value, const char *page,
                       const char *json_type)
{
    struct http_answer answer = {.status = status, .headers = call->headers};
    if (call->location.n > 0) {
        call_header(call, "Location", call->location);
        answer.headers = call->headers;
    }
    if (value != NULL && !call->json && page != NULL) {
        Str text = {"", 0};
        struct failure before = call->cx->failure;
        cx_forgive(call->cx);
        if (page_write(call, page, value, &text) == OK) {
            answer.content_type = "text/html; charset=utf-8";
            answer.body = text;
            http_answer(call->http, &answer);
            return;
        }
        log_failure(call->cx, "page"); /* what was done stands: the value goes out as JSON */
        call->cx->failure = before;
    }
    if (value != NULL && status != 303 && page == NULL && !call->json &&
        str_has(http_header(call->http, "Accept"), "text/html") &&
        plain_write(call, value, &answer.body)) {
        answer.content_type = "text/html; charset=utf-8";
        http_answer(call->http, &answer);
        return;
    }
    if (value != NULL && status != 303) {
        answer.content_type = json_type;
        answer.body = json_write(call->cx->arena, value);
    }
    http_answer(call->http, &answer);
}

/* A form that came without a session, or with the token of another: what was typed goes along. */
static bool form_kept(struct call *call)
{
    const struct failure *f = &call->cx->failure;
    if (call->json) {
        return false;
    }
    const struct value *login = f->status == E_LOGIN ? keep_login(call) : NULL;
    if (login != NULL) {
        send_value(call, 401, login, "login", "application/json");
        return true;
    }
    if (!text_is(f->code, "csrf") || !keep_stale(call)) {
        return false;
    }
    send_value(call, call->status, call->value, call->page, "application/json");
    return true;
}

static void send_failure(struct call *call)
{
    struct failure *f = &call->cx->failure;
    if (f->status == E_AGAIN) {
        f->code = "busy";
    }
    log_failure(call->cx, call->route == NULL ? "no route" : call->route->path);
    if ((f->status == E_BUSY || f->status == E_AGAIN || f->status == E_RATE) &&
        value_get(call->headers, "Retry-After") == NULL) {
        call_header(call, "Retry-After", STR("2"));
    }
    if (f->status == E_LOGIN && !call->json && call->http->method == HTTP_GET) {
        call->location = str_printf(call->cx->arena, "/login?back=%s",
                                    text_percent_encode(call->cx->arena, keep_path(call)).p);
        struct http_answer answer = {.status = 303};
        call_header(call, "Location", call->location);
        answer.headers = call->headers;
        http_answer(call->http, &answer);
        return;
    }
    call->location = (Str){"", 0};
    if (form_kept(call)) {
        return;
    }
    const struct value *problem = problem_value(call);
    const char *page = f->status == E_NOT_FOUND ? "not-found"
                       : f->conflicts != NULL   ? "conflict"
                                                : "problem";
    send_value(call, status_http(f->status), problem, page, "application/problem+json");
}

static void send_answer(struct call *call)
{
    if (!call->answered) {
        (void)keep_resume(call);
        send_value(call, call->status == 0 ? 200 : call->status, call->value, call->page,
                   "application/json");
    }
}

/* --- steps --- */

static void write_done(struct write *write)
{
    /* The write stands inside its call. */
    void *base = (char *)write - offsetof(struct call, write);
    struct call *call = base;
    http_unpark(call->http);
}

static void wait_begin(struct call *call)
{
    bool queued = false;
    store_release(call->cx, call->app->house.store);
    http_park(call->http);
    if (call->wait == CALL_WRITE) {
        call->write.done = write_done;
        call->write.cx = call->cx;
        queued = store_submit(call->app->house.store, &call->write);
    } else {
        queued = work_queue_add(call->app->slow, call);
    }
    if (!queued) {
        call->write.status = FAIL(call->cx, E_BUSY, "busy", "queue full");
        call->slow_status = E_BUSY;
        http_unpark(call->http);
    }
}

static void step_end(struct call *call, enum status status)
{
    if (status != OK) {
        send_failure(call);
    } else if (call->wait != CALL_DONE) {
        wait_begin(call);
    } else {
        send_answer(call);
    }
}

/* Runs what is next: all that one step reads is of one snapshot. */
static void step_run(struct call *call, enum status (*next)(struct call *call))
{
    struct store *store = call->app->house.store;
    struct cx *cx = call->cx;
    store_hold(store);
    step_end(call, next(call));
    store_release(cx, store);
}

static enum status handler_run(struct call *call)
{
    call->wait = CALL_DONE;
    call->plan = NULL;
    call->seen = NULL;
    call->said = NULL;
    return call->route->handler(call);
}

static enum status begin(struct call *call)
{
    struct cx *cx = call->cx;
    if (cx->failure.status != OK) { /* the listener or a sink refused it */
        return cx->failure.status;
    }
    call->route = route_find(call);
    if (call->route == NULL) {
        return other_methods(call) ? FAIL(cx, E_METHOD, "method", "no such method here")
                                   : FAIL(cx, E_NOT_FOUND, "not-found", "no route");
    }
    TRY(call_session(call));
    TRY(body_read(call));
    TRY(who_check(call));
    TRY(csrf_check(call));
    session_keep(call);
    return handler_run(call);
}

static bool wants_json(const struct http_request *request)
{
    Str accept = http_header(request, "Accept");
    return str_has(accept, "application/json") || str_has(accept, "application/problem+json") ||
           (str_is(request->content_type, "application/json") && !str_has(accept, "text/html"));
}

void dispatch_handle(void *app, struct http_request *request)
{
    struct call *call = request->state;
    if (call == NULL) {
        call = arena_new(request->cx.arena, struct call);
        request->state = call;
    }
    call->app = app;
    call->http = request;
    call->cx = &request->cx;
    call->json = wants_json(request);
    step_run(call, begin);
}

static enum status resumed_status(const struct call *call)
{
    return call->wait == CALL_WRITE ? call->write.status : call->slow_status;
}

static enum status resumed_run(struct call *call)
{
    enum status status = resumed_status(call);
    call->wait = CALL_DONE;
    return status == OK && call->then != NULL ? call->then(call) : status;
}

void dispatch_resume(void *app, struct http_request *request)
{
    struct call *call = request->state;
    (void)app;
    if (resumed_status(call) == E_AGAIN && call->tries < ACT_RETRIES_MAX) {
        call->tries += 1;
        cx_forgive(call->cx);
        step_run(call, handler_run);
        return;
    }
    step_run(call, resumed_run);
}

static _Atomic uint64_t answered[6]; /* by class of status; 0: the client left */

uint64_t dispatch_answered(int status_class)
{
    check(status_class >= 0 && status_class < 6);
    return atomic_load(&answered[status_class]);
}

void dispatch_finished(void *app, struct http_request *request, int status, int64_t sent_bytes)
{
    static const char *const methods[] = {"GET",    "HEAD",    "POST", "PATCH",
                                          "DELETE", "OPTIONS", "OTHER"};
    const struct call *call = request->state;
    (void)app;
    if (request->stream != NULL) {
        upload_end(request->stream);
    }
    atomic_fetch_add(&answered[status >= 100 && status < 600 ? status / 100 : 0], 1);
    log_request(methods[request->method],
                call == NULL || call->route == NULL ? "-" : call->route->path, status, sent_bytes,
                clock_monotonic_us() - request->started_us);
}
