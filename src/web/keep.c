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

/* What is never carried, with the words to ask for it again; NULL for everything else. */
static const char *secret_title(Str name)
{
    if (str_is(name, "password")) {
        return "当前密码";
    }
    return str_is(name, "new_password") ? "新密码" : NULL;
}

struct value *keep_fields(struct call *call, Str body, bool changed)
{
    static const char *const never[] = {"_csrf", "_typed", "_then", "_secret", NULL};
    static const char *const once[] = {"_key", "_revision", NULL};
    struct arena *arena = call->cx->arena;
    struct pairs pairs = {arena, body, 0};
    struct value *list = value_list(arena);
    Str name;
    Str text;
    while (list->count < PAIRS_MAX && pair_next(&pairs, &name, &text)) {
        if (is_one_of(name, never) || secret_title(name) != NULL ||
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

/* Coming in has forms of its own, which need nobody logged in. */
static bool is_of_log_in(const struct call *call)
{
    Str path = call->http->path;
    return str_starts(path, "/session") || str_starts(path, "/login") ||
           str_starts(path, "/register") || str_starts(path, "/codes");
}

/* Forms with numbers and phones of people: carried, but not shown to whoever passes by. */
static bool is_of_people(const struct call *call)
{
    Str path = call->http->path;
    return str_starts(path, "/me") || str_starts(path, "/account") || str_starts(path, "/admin") ||
           str_starts(path, "/window");
}

/* The body as it is carried: of a secret only that one was typed. */
static Str carried_body(struct call *call)
{
    struct arena *arena = call->cx->arena;
    struct pairs pairs = {arena, call->http->body, 0};
    struct buf out;
    Str name;
    Str text;
    buf_init(&out, arena, KEEP_BYTES_MAX + 1024);
    for (size_t from = 0; pair_next(&pairs, &name, &text); from = pairs.at) {
        size_t to = pairs.at > call->http->body.n ? call->http->body.n : pairs.at;
        if (secret_title(name) == NULL) {
            buf_add(&out, call->http->body.p + from, to - from);
        } else if (text.n > 0) {
            buf_printf(&out, "_secret=%s&", name.p);
        }
    }
    return buf_done(&out);
}

/* Secrets that must be typed again: [{name, title}]. */
static struct value *secrets_of(struct call *call, Str body)
{
    struct arena *arena = call->cx->arena;
    struct pairs pairs = {arena, body, 0};
    struct value *list = value_list(arena);
    Str name;
    Str text;
    while (pair_next(&pairs, &name, &text)) {
        Str secret = str_is(name, "_secret") ? text : text.n > 0 ? name : (Str){"", 0};
        if (secret.n > 0 && secret_title(secret) != NULL) {
            struct value *row = value_map(arena);
            value_set_str(arena, row, "name", secret);
            value_set_text(arena, row, "title", secret_title(secret));
            value_add(arena, list, row);
        }
    }
    return list;
}

void keep_offer(struct call *call, struct value *view)
{
    int64_t status = value_get_int(value_get(view, "problem"), "status");
    bool passes = status == 429 || status == 500 || status == 503;
    if (passes && is_worth_keeping(call) && !is_of_log_in(call)) {
        value_set(call->cx->arena, view, "kept", keep_fields(call, call->http->body, false));
        value_set(call->cx->arena, view, "secrets", secrets_of(call, call->http->body));
        value_set_str(call->cx->arena, view, "post_to", keep_path(call));
    }
}

/* A number by which a person is known or reached, by the last part of its path. */
static bool is_number_of_people(Str name)
{
    static const char *const parts[] = {"identity", "number",  "code",    "phone",
                                        "email",    "account", "licence", NULL};
    const char *dot = memrchr(name.p, '.', name.n);
    size_t from = dot == NULL ? 0 : (size_t)(dot - name.p) + 1;
    return is_one_of((Str){name.p + from, name.n - from}, parts);
}

/* What was typed, to read: whoever logs in again sees that it is there. Not drawings, not names of
 * ours, and nothing that whoever passes by could use. */
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
            !str_starts(value_get_str(field, "name"), "_") &&
            !is_number_of_people(value_get_str(field, "name"))) {
            value_add(arena, list, field);
        }
    }
    return list;
}

/* --- who it was --- */

struct before_look {
    Hash token;
    Str post, court;
};

static enum status before_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct before_look *look = arg;
    return session_post_before(cx, sql, look->token, &look->post, &look->court);
}

/* The post that the ended session was under, to go on under it: POST@COURT, or "". */
static Str post_before(struct call *call)
{
    struct before_look look = {.token = token_hash(http_cookie(call->http, "session")),
                               .post = {"", 0}};
    if (store_read(call->cx, call->app->house.store, before_read, &look) != OK) {
        cx_forgive(call->cx);
        return STR("");
    }
    return look.post.n == 0 ? STR("") : viewer_post(call->cx->arena, look.post, look.court);
}

struct value *keep_login(struct call *call)
{
    struct arena *arena = call->cx->arena;
    if (!is_worth_keeping(call) || is_of_log_in(call)) {
        return NULL;
    }
    struct value *view = value_map(arena);
    value_set_bool(arena, view, "expired", true);
    value_set_text(arena, view, "login", "");
    value_set_text(arena, view, "back", "/");
    value_set_str(arena, view, "typed", carried_body(call));
    value_set_str(arena, view, "then", keep_path(call));
    value_set_str(arena, view, "wish", post_before(call));
    if (!is_of_people(call)) {
        value_set(arena, view, "typed_texts", typed_texts(call));
    }
    return view;
}

void keep_again(struct call *call, struct value *view)
{
    Str typed = value_get_str(call->body, "_typed");
    Str then = value_get_str(call->body, "_then");
    if (typed.n > 0 && typed.n <= KEEP_BYTES_MAX && then.n > 0) {
        value_set_str(call->cx->arena, view, "typed", typed);
        value_set_str(call->cx->arena, view, "then", local_path(call->cx->arena, then));
        value_set_str(call->cx->arena, view, "wish", value_get_str(call->body, "_wish"));
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
    value_set(arena, view, "secrets", secrets_of(call, body));
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
    if (call->route == NULL || call->json ||
        (call->route->handler != session_begin && call->route->handler != desk_login_enter) ||
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

/* Did a page of ours send this? Old browsers say so by Origin or Referer alone. */
static bool is_from_here(const struct call *call)
{
    Str site = http_header(call->http, "Sec-Fetch-Site");
    Str host = http_header(call->http, "Host");
    Str from = http_header(call->http, "Origin");
    from = from.n > 0 ? from : http_header(call->http, "Referer");
    if (site.n > 0) {
        return str_is(site, "same-origin");
    }
    const char *mark = from.n == 0 ? NULL : strstr(from.p, "://");
    return mark != NULL && host.n > 0 && strncmp(mark + 3, host.p, host.n) == 0 &&
           (mark[3 + host.n] == '\0' || mark[3 + host.n] == '/');
}

bool keep_stale(struct call *call)
{
    if (call->session == NULL || !is_worth_keeping(call) || is_of_log_in(call) ||
        !is_from_here(call)) {
        return false;
    }
    call->status = 403;
    resume_answer(call, call->http->body, keep_path(call));
    return true;
}
