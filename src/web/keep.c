#include "web/keep.h"

#include <string.h>

#include "seal/hash.h"
#include "seal/password.h"
#include "web/again.h"
#include "web/handlers.h"

enum { PAIRS_MAX = 5000 };

Str keep_path(struct call *call)
{
    const struct http_request *http = call->http;
    Str path = local_path(call->cx->arena, http->path);
    return http->query.n == 0
               ? path
               : str_printf(call->cx->arena, "%s?%.*s", path.p, STR_ARG(http->query));
}

/* --- pairs of a body --- */

struct pairs {
    struct arena *arena;
    Str body;
    size_t at;
};

static bool pair_next(struct pairs *pairs, Str *name, Str *text)
{
    while (pairs->at < pairs->body.n) {
        const char *p = pairs->body.p + pairs->at;
        const char *mark = memchr(p, '&', pairs->body.n - pairs->at);
        size_t n = mark == NULL ? pairs->body.n - pairs->at : (size_t)(mark - p);
        const char *equals = memchr(p, '=', n);
        size_t name_n = equals == NULL ? n : (size_t)(equals - p);
        size_t behind = equals == NULL ? n : name_n + 1;
        pairs->at += n + 1;
        if (n > 0 && text_percent_decode(pairs->arena, (Str){p, name_n}, true, name) &&
            text_percent_decode(pairs->arena, (Str){p + behind, n - behind}, true, text)) {
            return true;
        }
    }
    return false;
}

static bool is_one_of(Str name, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (str_is(name, names[i])) {
            return true;
        }
    }
    return false;
}

struct value *keep_fields(struct call *call, Str body, bool changed)
{
    static const char *const never[] = {"_csrf", "_typed", "_then", "login", "password", NULL};
    static const char *const once[] = {"_key", "_revision", NULL};
    struct arena *arena = call->cx->arena;
    struct pairs pairs = {arena, body, 0};
    struct value *list = value_list(arena);
    Str name;
    Str text;
    while (list->count < PAIRS_MAX && pair_next(&pairs, &name, &text)) {
        if (is_one_of(name, never) ||
            (changed && (is_one_of(name, once) || str_starts(name, "_choose")))) {
            continue;
        }
        struct value *row = value_map(arena);
        value_set_str(arena, row, "name", name);
        value_set_str(arena, row, "value", text);
        value_add(arena, list, row);
    }
    return list;
}

struct value *keep_all(struct call *call, const char *wanted)
{
    struct arena *arena = call->cx->arena;
    struct pairs pairs = {arena, call->http->body, 0};
    struct value *list = value_list(arena);
    Str name;
    Str text;
    while (list->count < PAIRS_MAX && pair_next(&pairs, &name, &text)) {
        if (str_is(name, wanted)) {
            value_add(arena, list, value_str(arena, text));
        }
    }
    return list;
}

/* --- offering --- */

static bool is_worth_keeping(const struct call *call)
{
    return call->body_is_form && call->http->method == HTTP_POST && call->http->stream == NULL &&
           call->http->boundary.n == 0 && call->http->body.n > 0 &&
           call->http->body.n <= KEEP_BYTES_MAX;
}

/* Accounts have forms of their own; what is typed there is not carried around. */
static bool is_of_account(const struct call *call)
{
    Str path = call->http->path;
    return str_starts(path, "/session") || str_starts(path, "/register") ||
           str_starts(path, "/me") || str_starts(path, "/account") || str_starts(path, "/codes") ||
           str_starts(path, "/admin") || str_starts(path, "/window");
}

void keep_offer(struct call *call, struct value *view)
{
    int64_t status = value_get_int(value_get(view, "problem"), "status");
    bool passes = status == 429 || status == 500 || status == 503;
    if (passes && is_worth_keeping(call) && !is_of_account(call)) {
        value_set(call->cx->arena, view, "kept", keep_fields(call, call->http->body, false));
        value_set_str(call->cx->arena, view, "post_to", keep_path(call));
    }
}

/* What was typed, to read: whoever logs in again sees that it is there. Not drawings, not names of
 * ours. */
static struct value *typed_texts(struct call *call)
{
    enum { TEXT_BYTES_MAX = 3000 };
    struct arena *arena = call->cx->arena;
    const struct value *fields = keep_fields(call, call->http->body, true);
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(fields); i++) {
        const struct value *field = value_item(fields, i);
        Str text = value_get_str(field, "value");
        if (text.n > 0 && text.n <= TEXT_BYTES_MAX &&
            !str_starts(value_get_str(field, "name"), "_")) {
            value_add(arena, list, field);
        }
    }
    return list;
}

struct value *keep_login(struct call *call)
{
    struct arena *arena = call->cx->arena;
    if (!is_worth_keeping(call) || is_of_account(call)) {
        return NULL;
    }
    struct value *view = value_map(arena);
    value_set_bool(arena, view, "expired", true);
    value_set_text(arena, view, "login", "");
    value_set_text(arena, view, "back", "/");
    value_set_str(arena, view, "typed", call->http->body);
    value_set_str(arena, view, "then", keep_path(call));
    value_set(arena, view, "typed_texts", typed_texts(call));
    return view;
}

void keep_again(struct call *call, struct value *view)
{
    Str typed = value_get_str(call->body, "_typed");
    Str then = value_get_str(call->body, "_then");
    if (typed.n > 0 && typed.n <= KEEP_BYTES_MAX && then.n > 0) {
        value_set_str(call->cx->arena, view, "typed", typed);
        value_set_str(call->cx->arena, view, "then", local_path(call->cx->arena, then));
    }
}

/* --- going on --- */

static Str cookie_given(struct call *call)
{
    static const char name[] = "session=";
    const struct value *cookies = value_get(call->headers, "Set-Cookie");
    for (uint32_t i = 0; i < value_count(cookies); i++) {
        Str cookie = value_as_str(value_item(cookies, i));
        if (str_starts(cookie, name)) {
            size_t from = sizeof name - 1;
            return str_slice(call->cx->arena, cookie, from, strcspn(cookie.p, ";"));
        }
    }
    return STR("");
}

struct resume_look {
    Hash token;
    struct session *session;
    struct actor actor;
};

static enum status resume_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct resume_look *look = arg;
    return session_find(cx, sql, look->token, clock_machine(), &look->session, &look->actor);
}

static void resume_answer(struct call *call, Str body, Str then)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    struct value *page = value_map(arena);
    value_set_text(arena, page, "title", "接着办");
    value_set_bool(arena, page, "form", true);
    value_set(arena, view, "page", page);
    value_set(arena, view, "kept", keep_fields(call, body, false));
    value_set_str(arena, view, "post_to", then);
    call->location = (Str){"", 0};
    (void)call_answer(call, view, "resume");
}

bool keep_resume(struct call *call)
{
    struct cx *cx = call->cx;
    Str typed = value_get_str(call->body, "_typed");
    Str then = value_get_str(call->body, "_then");
    struct resume_look look = {0};
    if (call->route == NULL || call->route->handler != session_begin || call->json ||
        call->status != 303 || typed.n == 0 || typed.n > KEEP_BYTES_MAX || then.n == 0) {
        return false;
    }
    look.token = token_hash(cookie_given(call));
    if (store_read(cx, call->app->house.store, resume_read, &look) != OK || look.session == NULL) {
        cx_forgive(cx);
        return false;
    }
    call->session = look.session; /* the page's form carries the new session's token */
    call->actor = look.actor;
    call->status = 200;
    resume_answer(call, typed, local_path(cx->arena, then));
    return true;
}

bool keep_stale(struct call *call)
{
    if (call->session == NULL || !is_worth_keeping(call) || is_of_account(call) ||
        !str_is(http_header(call->http, "Sec-Fetch-Site"), "same-origin")) {
        return false;
    }
    call->status = 403;
    resume_answer(call, call->http->body, keep_path(call));
    return true;
}
