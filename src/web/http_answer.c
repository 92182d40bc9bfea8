#include <string.h>
#include <strings.h>
#include <unistd.h>
#define ZLIB_CONST /* deflate() reads its input through const */
#include <zlib.h>

#include "base/check.h"
#include "base/log.h"
#include "web/http_int.h"

enum {
    GZIP_FROM_BYTES = 1024,
    GZIP_LEVEL = 5,
    GZIP_WINDOW = 15 + 16, /* 16 asks zlib for the gzip wrapper */
    GZIP_MEMORY = 8,
    ETAG_BYTES = 48
};

/* What a page may load: only what comes from here, and nothing written inline. A page is never
 * framed; what may be framed by our own pages replaces the header. */
static const char POLICY[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src "
    "'self'; font-src 'self'; object-src 'self'; frame-src 'self'; form-action 'self'; base-uri "
    "'none'; frame-ancestors 'none'";

static bool is_name(Str s, const char *name)
{
    return s.n == strlen(name) && strncasecmp(s.p, name, s.n) == 0;
}

/* The text of a header of the answer, "" when not given. */
static Str given_text(const struct value *given, const char *name)
{
    for (uint32_t i = 0; i < value_count(given); i++) {
        if (is_name(given->as.members[i].key, name)) {
            return value_as_str(given->as.members[i].value);
        }
    }
    return (Str){"", 0};
}

static bool is_given(const struct value *given, const char *name)
{
    for (uint32_t i = 0; i < value_count(given); i++) {
        if (is_name(given->as.members[i].key, name)) {
            return true;
        }
    }
    return false;
}

static bool header_add(struct MHD_Response *response, const char *name, Str text)
{
    return guard_is_clean(text) && strlen(text.p) == text.n &&
           MHD_add_response_header(response, name, text.p) == MHD_YES;
}

static bool given_add(struct MHD_Response *response, Str name, const struct value *value)
{
    if (!guard_is_token(name)) {
        return false;
    }
    if (!value_is_list(value)) {
        return header_add(response, name.p, value_as_str(value));
    }
    bool good = true;
    for (uint32_t i = 0; i < value_count(value); i++) {
        good = good && header_add(response, name.p, value_as_str(value_item(value, i)));
    }
    return good;
}

bool answer_headers(struct http_exchange *exchange, struct MHD_Response *response,
                    const struct value *given, const char *cache_control)
{
    const struct {
        const char *name;
        const char *text;
    } always[] = {
        {"Content-Security-Policy", POLICY},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Cache-Control", cache_control},
    };

    bool good = true;
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
        if (!is_given(given, always[i].name)) {
            good = good && header_add(response, always[i].name, str_of(always[i].text));
        }
    }
    for (uint32_t i = 0; i < value_count(given); i++) {
        const struct member *member = &given->as.members[i];
        good = good && given_add(response, member->key, member->value);
    }
    if (exchange->closes || atomic_load(&exchange->http->draining)) {
        good = good && header_add(response, "Connection", STR("close"));
    }
    return good;
}

void answer_queue(struct http_exchange *exchange, struct MHD_Response *response, int status)
{
    exchange->status = status;
    bool queued =
        MHD_queue_response(exchange->request.connection, (unsigned)status, response) == MHD_YES;
    exchange->phase = queued ? PHASE_ANSWERED : PHASE_BROKEN;
    MHD_destroy_response(response);
}

/* --- what is sent --- */

/* True when `name` is an element of a list like "gzip;q=0.5, br" with a quality above zero. */
static bool list_accepts(struct arena *arena, Str list, const char *name)
{
    Str *items = NULL;
    size_t count = str_split(arena, list, ',', &items);
    for (size_t i = 0; i < count; i++) {
        Str *parts = NULL;
        size_t part_count = str_split(arena, items[i], ';', &parts);
        if (is_name(str_trim(arena, parts[0]), name)) {
            Str quality = part_count > 1 ? str_trim(arena, parts[1]) : STR("q=1");
            return !(str_starts(quality, "q=0") && strspn(quality.p + 2, "0.") == quality.n - 2);
        }
    }
    return false;
}

static bool is_text(const char *content_type)
{
    static const char *const kinds[] = {"text/",
                                        "application/json",
                                        "application/problem+json",
                                        "application/javascript",
                                        "application/xml",
                                        "application/manifest+json",
                                        "image/svg+xml"};
    for (size_t i = 0; content_type != NULL && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strncmp(content_type, kinds[i], strlen(kinds[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool gzip_of(struct arena *arena, Str text, Str *out)
{
    z_stream z = {.next_in = NULL};
    if (text.n > UINT32_MAX / 2 || deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW,
                                                GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
        return false;
    }
    /* More than the text itself is of no use: then it goes out as it is. */
    unsigned char *room = arena_alloc(arena, text.n);
    z.next_in = (const unsigned char *)text.p;
    z.avail_in = (uInt)text.n;
    z.next_out = room;
    z.avail_out = (uInt)text.n;
    bool whole = deflate(&z, Z_FINISH) == Z_STREAM_END;
    *out = (Str){(char *)room, (size_t)z.total_out};
    (void)deflateEnd(&z);
    return whole;
}

/* FNV-1a, 64 bits: a tag tells versions of one page apart, it is no proof of anything. */
static uint64_t hash_of_body(Str body)
{
    uint64_t hash = 0xCBF29CE484222325U;
    for (size_t i = 0; i < body.n; i++) {
        hash = (hash ^ (unsigned char)body.p[i]) * 0x100000001B3U;
    }
    return hash;
}

/* If-None-Match compares weakly: a proxy that compresses turns our tag into W/"...". */
static bool etag_matches(struct http_request *request, Str etag)
{
    Str wanted = http_header(request, "If-None-Match");
    Str *items = NULL;
    size_t count = wanted.n == 0 ? 0 : str_split(request->cx.arena, wanted, ',', &items);
    for (size_t i = 0; i < count; i++) {
        Str item = str_trim(request->cx.arena, items[i]);
        if (str_starts(item, "W/")) {
            item = (Str){item.p + 2, item.n - 2};
        }
        if (str_is(item, "*") || str_same(item, etag)) {
            return true;
        }
    }
    return false;
}

struct reply {
    Str body;
    Str etag;
    bool varies, is_gzip, is_unchanged;
};

static struct reply reply_of(struct http_request *request, const struct http_answer *answer)
{
    struct arena *arena = request->cx.arena;
    bool is_file = answer->fd > 0;
    struct reply reply = {.body = answer->body, .etag = given_text(answer->headers, "ETag")};
    reply.varies = !is_file && answer->body.n > GZIP_FROM_BYTES && is_text(answer->content_type) &&
                   !is_given(answer->headers, "Content-Encoding");
    if (reply.varies && list_accepts(arena, http_header(request, "Accept-Encoding"), "gzip")) {
        Str packed;
        reply.is_gzip = gzip_of(arena, answer->body, &packed);
        reply.body = reply.is_gzip ? packed : answer->body;
    }
    if (answer->cacheable && answer->status == 200) {
        if (reply.etag.n == 0 && !is_file) {
            reply.etag =
                str_printf(arena, "\"%016llx%s\"", (unsigned long long)hash_of_body(answer->body),
                           reply.is_gzip ? "-gz" : "");
        }
        bool is_reading = request->method == HTTP_GET || request->method == HTTP_HEAD;
        reply.is_unchanged = is_reading && reply.etag.n > 0 && etag_matches(request, reply.etag);
    }
    return reply;
}

/* libmicrohttpd reads but never writes through the pointer of a persistent buffer. */
static struct MHD_Response *response_of(Str body)
{
    union {
        const char *in;
        void *out;
    } cast = {.in = body.p};

    return MHD_create_response_from_buffer(body.n, cast.out, MHD_RESPMEM_PERSISTENT);
}

static bool reply_headers(struct http_exchange *exchange, struct MHD_Response *response,
                          const struct http_answer *answer, const struct reply *reply)
{
    const char *cache_control = answer->cacheable ? "private, no-cache" : "no-store";
    bool good = answer_headers(exchange, response, answer->headers, cache_control);
    if (answer->content_type != NULL && !reply->is_unchanged) {
        good = good && header_add(response, "Content-Type", str_of(answer->content_type));
    }
    if (reply->etag.n > 0 && !is_given(answer->headers, "ETag")) {
        good = good && header_add(response, "ETag", reply->etag);
    }
    if (reply->varies) {
        good = good && header_add(response, "Vary", STR("Accept-Encoding"));
    }
    if (reply->is_gzip && !reply->is_unchanged) {
        good = good && header_add(response, "Content-Encoding", STR("gzip"));
    }
    return good;
}

static struct MHD_Response *reply_response(struct http_exchange *exchange,
                                           const struct http_answer *answer,
                                           const struct reply *reply)
{
    if (answer->fd > 0 && !reply->is_unchanged) {
        check(answer->fd_offset >= 0 && answer->fd_length >= 0);
        exchange->answer_bytes = answer->fd_length;
        return MHD_create_response_from_fd_at_offset64((uint64_t)answer->fd_length, answer->fd,
                                                       (uint64_t)answer->fd_offset);
    }
    if (answer->fd > 0) {
        (void)close(answer->fd);
    }
    Str body = reply->is_unchanged ? STR("") : reply->body;
    exchange->answer_bytes = (int64_t)body.n;
    return response_of(body);
}

void answer_plain(struct http_exchange *exchange, int status, Str text)
{
    struct MHD_Response *response = response_of(text);
    if (response == NULL || !answer_headers(exchange, response, NULL, "no-store") ||
        !header_add(response, "Content-Type", STR("text/plain; charset=utf-8"))) {
        exchange->phase = PHASE_BROKEN;
        if (response != NULL) {
            MHD_destroy_response(response);
        }
        return;
    }
    exchange->answer_bytes = (int64_t)text.n;
    answer_queue(exchange, response, status);
}

void http_answer(struct http_request *request, const struct http_answer *answer)
{
    struct http_exchange *exchange = request->exchange;
    check(exchange->phase == PHASE_RUNNING);
    check(answer->status >= 200 && answer->status < 600);
    struct reply reply = reply_of(request, answer);
    struct MHD_Response *response = reply_response(exchange, answer, &reply);
    if (response == NULL) {
        if (answer->fd > 0 && !reply.is_unchanged) {
            (void)close(answer->fd);
        }
        exchange->phase = PHASE_BROKEN;
        return;
    }
    if (!reply_headers(exchange, response, answer, &reply)) {
        MHD_destroy_response(response); /* closes the file, too */
        log_text(LOG_ERROR, "http-header-refused",
                 "an answer of status %d had a header that "
                 "cannot be sent",
                 answer->status);
        answer_plain(
            exchange, MHD_HTTP_INTERNAL_SERVER_ERROR,
            STR("系统出错，请稍后再试。\nSomething broke here. Please try again later.\n"));
        return;
    }
    if (request->method == HTTP_HEAD) {
        exchange->answer_bytes = 0;
    }
    answer_queue(exchange, response, reply.is_unchanged ? MHD_HTTP_NOT_MODIFIED : answer->status);
}
