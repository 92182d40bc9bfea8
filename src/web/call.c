#include <inttypes.h>
#include <string.h>

#include "base/check.h"
#include "base/json.h"
#include "web/app.h"

enum { LIMIT_DEFAULT = 50, LIMIT_MAX = 200, KEY_MAX = 200 };

struct cx *call_cx(struct call *call)
{
    return call->cx;
}

enum status call_id(struct call *call, uint32_t n, Id *out)
{
    int64_t id = 0;
    check(n < 4);
    if (!str_int(call->args[n], &id) || id <= 0 || call->args[n].p[0] == '0') { /* one spelling */
        return FAIL(call->cx, E_NOT_FOUND, "not-found", "no id");
    }
    *out = id;
    return OK;
}

Str call_param(const struct call *call, const char *name)
{
    return value_get_str(call->http->params, name);
}

uint32_t call_limit(const struct call *call)
{
    int64_t limit = LIMIT_DEFAULT;
    if (!str_int(call_param(call, "limit"), &limit) || limit < 1) {
        limit = LIMIT_DEFAULT;
    }
    return (uint32_t)(limit > LIMIT_MAX ? LIMIT_MAX : limit);
}

enum status call_key(struct call *call, Str *out)
{
    Str key = http_header(call->http, "Idempotency-Key");
    if (key.n == 0) {
        key = value_get_str(call->body, "_key");
    }
    if (key.n == 0 || key.n > KEY_MAX) {
        (void)cx_error(call->cx, "Idempotency-Key", "missing", "请带上 Idempotency-Key");
        return FAIL(call->cx, E_INPUT, "key-missing", "no idempotency key");
    }
    *out = key;
    return OK;
}

Hash call_request_hash(struct call *call)
{
    struct value *body = value_merge(call->cx->arena, call->body, NULL);
    value_remove(body, "_csrf");
    return hash_str(json_canonical(call->cx->arena, body));
}

/* --- doing elsewhere --- */

enum status call_write(struct call *call,
                       enum status (*apply)(struct cx *cx, struct sql *sql, void *arg), void *arg,
                       enum status (*then)(struct call *call))
{
    call->write.class = WRITE_INTERACTIVE;
    call->write.apply = apply;
    call->write.arg = arg;
    call->wait = CALL_WRITE;
    call->then = then;
    return OK;
}

enum status call_plan(struct call *call, struct plan *plan, enum status (*then)(struct call *call))
{
    call->plan = plan;
    return call_write(call, plan_apply, plan, then);
}

static enum status script_apply(struct cx *cx, struct sql *sql, void *arg)
{
    return script_run(cx, sql, arg);
}

enum status call_script(struct call *call, struct script *script,
                        enum status (*then)(struct call *call))
{
    return call_write(call, script_apply, script, then);
}

enum status call_slow(struct call *call, enum status (*slow)(struct call *call),
                      enum status (*then)(struct call *call))
{
    call->slow = slow;
    call->then = then;
    call->wait = CALL_SLOW;
    return OK;
}

/* --- answering --- */

void call_header(struct call *call, const char *name, Str text)
{
    if (call->headers == NULL) {
        call->headers = value_map(call->cx->arena);
    }
    value_set_str(call->cx->arena, call->headers, name, text);
}

enum status call_answer(struct call *call, const struct value *value, const char *page)
{
    call->value = value;
    call->page = page;
    return OK;
}

enum status call_created(struct call *call, Str location, const struct value *value)
{
    call->status = call->json ? 201 : 303;
    call->location = location;
    call->value = value;
    return OK;
}

enum status call_done(struct call *call, Str where, const struct value *value)
{
    if (!call->json) {
        call->status = 303;
        call->location = where;
    }
    call->value = value;
    return OK;
}

enum status call_empty(struct call *call, int status)
{
    call->status = status;
    call->value = NULL;
    return OK;
}
