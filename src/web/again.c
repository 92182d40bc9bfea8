#include "web/again.h"

#include <inttypes.h>

#include "base/log.h"

static void problem_add(struct call *call, struct value *view)
{
    struct arena *arena = call->cx->arena;
    const struct failure *f = &call->cx->failure;
    struct value *problem = value_map(arena);
    struct value *errors = value_list(arena);
    message_fill(call->app->messages, arena, f->errors);
    value_set_str(arena, problem, "title",
                  message_title(call->app->messages, arena, f->code, f->args));
    value_set_str(arena, problem, "detail",
                  message_detail(call->app->messages, arena, f->code, f->args));
    /* A number to quote is for faults. */
    value_set_text(arena, problem, "incident", status_http(f->status) < 500 ? NULL : f->incident);
    for (uint32_t i = 0; i < value_count(f->errors); i++) {
        struct value *error = value_copy(arena, value_item(f->errors, i));
        value_set_str(arena, error, "href",
                      str_printf(arena, "#f-%.*s", STR_ARG(value_get_str(error, "field"))));
        value_add(arena, errors, error);
    }
    value_set(arena, view, "problem", problem);
    value_set(arena, view, "errors", errors);
}

enum status call_again(struct call *call, enum status status, const char *page, struct value *view)
{
    if (call->json || status == E_AGAIN || status == E_BUG || status == E_STORE) {
        return status;
    }
    log_failure(call->cx, call->route->path);
    problem_add(call, view);
    cx_forgive(call->cx);
    call->wait = CALL_DONE;
    call->status = status_http(status);
    return call_answer(call, view, page);
}

Str local_path(struct arena *arena, Str path)
{
    static const char hex[] = "0123456789ABCDEF";
    struct buf out;
    if (path.n == 0 || path.p[0] != '/' || str_starts(path, "//")) {
        return STR("/");
    }
    buf_init(&out, arena, path.n * 3 + 1);
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        if (c < ' ' || c == '\\' || c == 0x7f) {
            return STR("/");
        }
        if (c > 0x7f || c == ' ') {
            buf_char(&out, '%');
            buf_char(&out, hex[c >> 4]);
            buf_char(&out, hex[c & 15]);
        } else {
            buf_char(&out, (char)c);
        }
    }
    return buf_done(&out);
}

Str back_of(struct call *call)
{
    static const char *const names[] = {"back", "to", "next"};
    Str back = {"", 0};
    for (size_t i = 0; i < sizeof names / sizeof names[0] && back.n == 0; i++) {
        back = value_get_str(call->body, names[i]);
        back = back.n > 0 ? back : call_param(call, names[i]);
    }
    return local_path(call->cx->arena, back);
}

enum status origin_check(struct call *call)
{
    struct cx *cx = call->cx;
    Str site = http_header(call->http, "Sec-Fetch-Site");
    Str origin = http_header(call->http, "Origin");
    Str host = http_header(call->http, "Host");
    if (site.n > 0) {
        return str_is(site, "cross-site") ? FAIL(cx, E_DENIED, "csrf", "sent by another site") : OK;
    }
    bool own = origin.n == 0 || (str_ends(origin, host.p) && origin.n > host.n + 3 &&
                                 origin.p[origin.n - host.n - 1] == '/');
    return own ? OK : FAIL(cx, E_DENIED, "csrf", "origin is another host");
}

void retry_after(struct call *call, int64_t wait_s)
{
    call_header(call, "Retry-After",
                str_printf(call->cx->arena, "%" PRId64, wait_s < 1 ? 1 : wait_s));
}

enum status pace_check(struct call *call, const struct pace *pace, Str who)
{
    int64_t wait_s = 0;
    if (pace_take(pace, who, &wait_s)) {
        return OK;
    }
    retry_after(call, wait_s);
    cx_arg(call->cx, "seconds", str_printf(call->cx->arena, "%" PRId64, wait_s));
    return FAIL(call->cx, E_RATE, "rate", "bucket %s is empty", pace->purpose);
}

void cookie_set(struct call *call, const char *name, Str text, const char *path, int64_t max_age_s)
{
    struct arena *arena = call->cx->arena;
    if (call->headers == NULL) {
        call->headers = value_map(arena);
    }
    struct value *cookies = value_list(arena);
    const struct value *before = value_get(call->headers, "Set-Cookie");
    for (uint32_t i = 0; i < value_count(before); i++) {
        value_add(arena, cookies, value_item(before, i));
    }
    Str age = max_age_s < 0 ? (Str){"", 0} : str_printf(arena, "; Max-Age=%" PRId64, max_age_s);
    value_add(arena, cookies,
              value_str(arena, str_printf(arena, "%s=%.*s; Path=%s; HttpOnly; SameSite=Lax%.*s%s",
                                          name, STR_ARG(text), path, STR_ARG(age),
                                          call->app->secure_cookies ? "; Secure" : "")));
    value_set(arena, call->headers, "Set-Cookie", cookies);
}
