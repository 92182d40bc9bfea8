#include "link/identity.h"

#include <curl/curl.h>
#include <pthread.h>
#include <string.h>

#include "base/json.h"

enum { TIMEOUT_MS = 5000, CONNECT_MS = 2000, URL_BYTES_MAX = 2000, ANSWER_BYTES_MAX = 16 * 1024 };

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void curl_begin(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

static size_t answer_add(char *bytes, size_t size, size_t count, void *arg)
{
    struct buf *answer = arg;
    buf_add(answer, bytes, size * count);
    return buf_is_over(answer) ? 0 : size * count;
}

static void request_set(CURL *curl, const char *url, struct curl_slist *headers, Str body,
                        struct buf *answer)
{
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.p);
    (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, answer_add);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
}

/* HTTP status, 0 when there was none; *why then says so, without what was sent. */
static long post(const char *url, Str body, struct buf *answer, const char **why)
{
    long status = 0;
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    *why = "no client";
    if (curl != NULL && headers != NULL) {
        request_set(curl, url, headers, body, answer);
        CURLcode code = curl_easy_perform(curl);
        *why = curl_easy_strerror(code);
        if (code == CURLE_OK) {
            (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        }
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return status;
}

static bool answer_parse(Str text, enum identity_answer *out)
{
    static const char *const words[] = {[IDENTITY_MATCH] = "match",
                                        [IDENTITY_MISMATCH] = "mismatch",
                                        [IDENTITY_UNKNOWN] = "unknown"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_is(text, words[i])) {
            *out = (enum identity_answer)i;
            return true;
        }
    }
    return false;
}

static enum status http_ask(struct cx *cx, const struct identity_register *registry,
                            const struct identity_question *question, enum identity_answer *out)
{
    const char *why = "";
    struct buf bytes;
    struct value *answer = NULL;
    struct value *body = value_map(cx->arena);
    value_set_str(cx->arena, body, "request_id", question->id);
    value_set_str(cx->arena, body, "name", question->name);
    value_set_text(cx->arena, body, "type", "resident-id");
    value_set_str(cx->arena, body, "number", question->number);
    buf_init(&bytes, cx->arena, ANSWER_BYTES_MAX);
    long status = post(registry->own, json_write(cx->arena, body), &bytes, &why);
    if (status != 200) {
        return FAIL(cx, E_BUSY, "registry-silent", "register: %ld %s", status,
                    status == 0 ? why : "");
    }
    if (json_read(cx, buf_done(&bytes), &answer) != OK ||
        !str_same(value_get_str(answer, "request_id"), question->id) ||
        !answer_parse(value_get_str(answer, "result"), out)) {
        cx_forgive(cx);
        return FAIL(cx, E_BUSY, "registry-silent", "register: an answer to something else");
    }
    return OK;
}

enum status identity_http(struct cx *cx, struct arena *arena, Str url,
                          const struct identity_register **out)
{
    if ((!str_starts(url, "http://") && !str_starts(url, "https://")) || url.n > URL_BYTES_MAX) {
        return FAIL(cx, E_INPUT, "usage", "the register's address is no http address");
    }
    (void)pthread_once(&curl_once, curl_begin);
    struct identity_register *registry = arena_new(arena, struct identity_register);
    registry->source = "registry";
    registry->ask = http_ask;
    registry->own =
        arena_printf(arena, "%.*s%sv1/verify", STR_ARG(url), str_ends(url, "/") ? "" : "/");
    *out = registry;
    return OK;
}

static enum status demo_ask(struct cx *cx, const struct identity_register *registry,
                            const struct identity_question *question, enum identity_answer *out)
{
    (void)cx;
    (void)registry;
    (void)question;
    *out = IDENTITY_MATCH;
    return OK;
}

const struct identity_register *identity_demo(void)
{
    static const struct identity_register demo = {.source = "demo", .ask = demo_ask};
    return &demo;
}
