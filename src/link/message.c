#include "link/message.h"

#include <curl/curl.h>
#include <pthread.h>

#include "base/json.h"
#include "base/log.h"

enum { TIMEOUT_MS = 10000, CONNECT_MS = 3000, URL_BYTES_MAX = 2000 };

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void curl_begin(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

static size_t answer_drop(const char *bytes, size_t size, size_t count, void *arg)
{
    (void)bytes;
    (void)arg;
    return size * count;
}

static void request_set(CURL *curl, const char *url, struct curl_slist *headers, Str body)
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
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, answer_drop);
}

/* 0 when there was no answer; *why then says so, without what was sent. */
static long post(const char *url, Str body, const char **why)
{
    long status = 0;
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    *why = "no client";
    if (curl != NULL && headers != NULL) {
        request_set(curl, url, headers, body);
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

static enum status http_send(struct cx *cx, const struct messenger *messenger,
                             const struct message *message)
{
    const char *why = "";
    struct value *body = value_map(cx->arena);
    value_set_str(cx->arena, body, "message_id", message->id);
    value_set_str(cx->arena, body, "to", message->to);
    value_set_str(cx->arena, body, "text", message->text);
    long status = post(messenger->own, json_write(cx->arena, body), &why);
    if (status == 200 || status == 202) {
        return OK;
    }
    if (status >= 400 && status < 500 && status != 408 && status != 429) {
        return FAIL(cx, E_INPUT, "message-refused", "gateway: %ld for message %s", status,
                    message->id.p);
    }
    return FAIL(cx, E_BUSY, "busy", "gateway: %ld %s for message %s", status,
                status == 0 ? why : "", message->id.p);
}

enum status messenger_http(struct cx *cx, struct arena *arena, Str url,
                           const struct messenger **out)
{
    if ((!str_starts(url, "http://") && !str_starts(url, "https://")) || url.n > URL_BYTES_MAX) {
        return FAIL(cx, E_INPUT, "usage", "the message gateway is no http address");
    }
    (void)pthread_once(&curl_once, curl_begin);
    struct messenger *messenger = arena_new(arena, struct messenger);
    messenger->send = http_send;
    messenger->own =
        arena_printf(arena, "%.*s%sv1/send", STR_ARG(url), str_ends(url, "/") ? "" : "/");
    *out = messenger;
    return OK;
}

static enum status none_send(struct cx *cx, const struct messenger *messenger,
                             const struct message *message)
{
    (void)cx;
    (void)messenger;
    log_text(LOG_INFO, "message-not-sent", "no gateway; message %s", message->id.p);
    return OK;
}

const struct messenger *messenger_none(void)
{
    static const struct messenger none = {.send = none_send};
    return &none;
}
