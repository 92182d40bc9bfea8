/* Blobs on an S3 store, by libcurl, which signs (AWS Signature 4). Objects are named ab/cdef… by
 * the hash in hex. All requests can be repeated without harm, and are: three tries.
 *
 * A removal on one node may still meet the same bytes arriving on another node; both must then fall
 * into the same second, with bytes that were an orphan for more than a day. */
#include <curl/curl.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/check.h"
#include "store/blob_int.h"

enum { HANDLES_MOST = 8, TRIES_MOST = 3, PAUSE_MS = 200, ERROR_BYTES = 600, LIST_BYTES = 4 << 20 };

struct s3 {
    const char *base; /* http://HOST:PORT/BUCKET, no slash behind */
    const char *signing;
    const char *key;
    const char *secret;
    pthread_mutex_t lock;
    CURL *idle[HANDLES_MOST];
    unsigned idle_count;
};

/* One request and what came back. */
struct exchange {
    const char *method;
    const char *path; /* behind the base, with its query */
    const char *range;
    int fd; /* the body of a PUT */
    int64_t size_bytes;
    int64_t sent_bytes;
    char *into; /* where the body of the answer goes, room bytes */
    size_t room;
    size_t got;
    long code;
    char error[ERROR_BYTES]; /* the start of the body when the code says so */
    size_t error_got;
    CURL *handle;
};

/* --- life --- */

static void curl_begin(void)
{
    check(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
    xmlInitParser();
}

/* The value behind NAME= in a query, decoded; otherwise when there is none. */
static const char *query_find(struct arena *arena, Str query, const char *name,
                              const char *otherwise)
{
    Str *parts = NULL;
    size_t count = str_split(arena, query, '&', &parts);
    size_t length = strlen(name);
    for (size_t i = 0; i < count; i++) {
        Str value;
        if (str_starts(parts[i], name) && parts[i].n > length && parts[i].p[length] == '=' &&
            text_percent_decode(arena, str_slice(arena, parts[i], length + 1, parts[i].n), false,
                                &value)) {
            return value.p;
        }
    }
    return otherwise;
}

static enum status spool_make(struct cx *cx, struct blobs *blobs)
{
    const char *temporary = getenv("TMPDIR");
    char *path = arena_printf(blobs->arena, "%s/tongsu-spool-XXXXXX",
                              temporary == NULL ? "/tmp" : temporary);
    if (mkdtemp(path) == NULL || mkdir(arena_printf(blobs->arena, "%s/tmp", path), 0700) != 0) {
        return FAIL(cx, E_STORE, "store-failed", "no directory to spool in: %s", path);
    }
    blobs->directory = path;
    return OK;
}

enum status s3_open(struct cx *cx, struct blobs *blobs, const char *where)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    check(pthread_once(&once, curl_begin) == 0);
    struct arena *arena = blobs->arena;
    Str *parts = NULL;
    size_t count = str_split(arena, str_of(where + strlen("s3://")), '?', &parts);
    Str query = count > 1 ? parts[1] : STR("");
    const char *key = getenv("TONGSU_S3_KEY");
    const char *secret = getenv("TONGSU_S3_SECRET");
    if (parts[0].n == 0 || key == NULL || secret == NULL) {
        return FAIL(cx, E_STORE, "store-failed",
                    "S3 needs a bucket, TONGSU_S3_KEY and TONGSU_S3_SECRET");
    }
    const char *region = query_find(arena, query, "region", "us-east-1");
    const char *endpoint = query_find(arena, query, "endpoint",
                                      arena_printf(arena, "https://s3.%s.amazonaws.com", region));
    struct s3 *s3 = calloc(1, sizeof *s3);
    check(s3 != NULL);
    check(pthread_mutex_init(&s3->lock, NULL) == 0);
    s3->base = arena_printf(arena, "%s/%.*s", endpoint, STR_ARG(parts[0]));
    s3->signing = arena_printf(arena, "aws:amz:%s:s3", region);
    s3->key = arena_printf(arena, "%s", key);
    s3->secret = arena_printf(arena, "%s", secret);
    blobs->s3 = s3;
    blobs->place = &place_s3;
    return spool_make(cx, blobs);
}

void s3_close(struct blobs *blobs)
{
    struct s3 *s3 = blobs->s3;
    if (s3 == NULL) {
        return;
    }
    for (unsigned i = 0; i < s3->idle_count; i++) {
        curl_easy_cleanup(s3->idle[i]);
    }
    if (blobs->directory != NULL) {
        (void)rmdir(arena_printf(blobs->arena, "%s/tmp", blobs->directory));
        (void)rmdir(blobs->directory);
    }
    (void)pthread_mutex_destroy(&s3->lock);
    free(s3);
}

/* Handles keep their connections: used again, a request needs no new handshake. */
static CURL *handle_take(struct s3 *s3)
{
    (void)pthread_mutex_lock(&s3->lock);
    CURL *handle = s3->idle_count > 0 ? s3->idle[--s3->idle_count] : NULL;
    (void)pthread_mutex_unlock(&s3->lock);
    if (handle == NULL) {
        handle = curl_easy_init();
        check(handle != NULL);
    }
    return handle;
}

static void handle_return(struct s3 *s3, CURL *handle)
{
    curl_easy_reset(handle); /* options only; connections stay */
    (void)pthread_mutex_lock(&s3->lock);
    bool kept = s3->idle_count < HANDLES_MOST;
    if (kept) {
        s3->idle[s3->idle_count++] = handle;
    }
    (void)pthread_mutex_unlock(&s3->lock);
    if (!kept) {
        curl_easy_cleanup(handle);
    }
}

/* --- one request --- */

static size_t body_send(char *out, size_t size, size_t count, void *arg)
{
    struct exchange *exchange = arg;
    ssize_t part = pread(exchange->fd, out, size * count, exchange->sent_bytes);
    if (part < 0) {
        return CURL_READFUNC_ABORT;
    }
    exchange->sent_bytes += part;
    return (size_t)part;
}

static int body_rewind(void *arg, curl_off_t offset, int origin)
{
    struct exchange *exchange = arg;
    if (origin != SEEK_SET) {
        return CURL_SEEKFUNC_CANTSEEK;
    }
    exchange->sent_bytes = offset;
    return CURL_SEEKFUNC_OK;
}

static size_t body_take(char *bytes, size_t size, size_t count, void *arg)
{
    struct exchange *exchange = arg;
    size_t all = size * count;
    long code = 0;
    (void)curl_easy_getinfo(exchange->handle, CURLINFO_RESPONSE_CODE, &code);
    if (code >= 300) {
        size_t left = sizeof exchange->error - 1 - exchange->error_got;
        size_t part = all < left ? all : left;
        memcpy(exchange->error + exchange->error_got, bytes, part);
        exchange->error_got += part;
        return all;
    }
    if (all > exchange->room - exchange->got) {
        return 0; /* more than was asked for: fails the request */
    }
    memcpy(exchange->into + exchange->got, bytes, all);
    exchange->got += all;
    return all;
}

static void method_set(CURL *handle, struct exchange *exchange)
{
    if (strcmp(exchange->method, "PUT") == 0) {
        (void)curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
        (void)curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, (curl_off_t)exchange->size_bytes);
        (void)curl_easy_setopt(handle, CURLOPT_READFUNCTION, body_send);
        (void)curl_easy_setopt(handle, CURLOPT_READDATA, exchange);
        (void)curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, body_rewind);
        (void)curl_easy_setopt(handle, CURLOPT_SEEKDATA, exchange);
    } else if (strcmp(exchange->method, "HEAD") == 0) {
        (void)curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    } else if (strcmp(exchange->method, "DELETE") == 0) {
        (void)curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, "DELETE");
    }
}

static CURLcode exchange_once(struct s3 *s3, struct exchange *exchange, const char *url,
                              struct curl_slist *headers)
{
    CURL *handle = exchange->handle;
    exchange->sent_bytes = 0;
    exchange->got = 0;
    exchange->error_got = 0;
    exchange->code = 0;
    memset(exchange->error, 0, sizeof exchange->error);
    curl_easy_reset(handle);
    (void)curl_easy_setopt(handle, CURLOPT_URL, url);
    (void)curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, 5L);
    (void)curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
    (void)curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, 30L);
    (void)curl_easy_setopt(handle, CURLOPT_AWS_SIGV4, s3->signing);
    (void)curl_easy_setopt(handle, CURLOPT_USERNAME, s3->key);
    (void)curl_easy_setopt(handle, CURLOPT_PASSWORD, s3->secret);
    (void)curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, body_take);
    (void)curl_easy_setopt(handle, CURLOPT_WRITEDATA, exchange);
    (void)curl_easy_setopt(handle, CURLOPT_FILETIME, 1L);
    if (exchange->range != NULL) {
        (void)curl_easy_setopt(handle, CURLOPT_RANGE, exchange->range);
    }
    method_set(handle, exchange);
    CURLcode result = curl_easy_perform(handle);
    (void)curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &exchange->code);
    return result;
}

static bool is_worth_another_try(CURLcode result, long code)
{
    return (result != CURLE_OK && result != CURLE_WRITE_ERROR) || code >= 500 || code == 429;
}

/* Leaves the handle in exchange for what else is asked of it; the caller returns it. */
static enum status exchange_do(struct cx *cx, struct s3 *s3, struct exchange *exchange)
{
    const char *url = arena_printf(cx->arena, "%s%s", s3->base, exchange->path);
    struct curl_slist *headers = curl_slist_append(NULL, "x-amz-content-sha256: UNSIGNED-PAYLOAD");
    headers = curl_slist_append(headers, "Expect:");
    check(headers != NULL);
    CURLcode result = CURLE_OK;
    for (unsigned i = 0; i < TRIES_MOST; i++) {
        if (i > 0) {
            struct timespec pause = {.tv_nsec = (long)PAUSE_MS * 1000000 * (long)i};
            (void)nanosleep(&pause, NULL);
        }
        result = exchange_once(s3, exchange, url, headers);
        if (!is_worth_another_try(result, exchange->code)) {
            break;
        }
    }
    curl_slist_free_all(headers);
    if (result != CURLE_OK) {
        return FAIL(cx, E_BUSY, "store-unreachable", "S3 %s %s: %s", exchange->method,
                    exchange->path, curl_easy_strerror(result));
    }
    return OK;
}

static enum status code_fail(struct cx *cx, const struct exchange *exchange)
{
    if (exchange->code == 404 && strcmp(exchange->method, "PUT") != 0) {
        return FAIL(cx, E_NOT_FOUND, "blob-missing", "S3: no %s", exchange->path);
    }
    bool is_passing = exchange->code >= 500 || exchange->code == 429;
    return FAIL(cx, is_passing ? E_BUSY : E_STORE,
                is_passing ? "store-unreachable" : "store-failed", "S3 %s %s: %ld %s",
                exchange->method, exchange->path, exchange->code, exchange->error);
}

/* --- blobs --- */

static const char *object_path(struct cx *cx, Hash hash)
{
    Str hex = hash_hex(cx->arena, hash);
    return arena_printf(cx->arena, "/%.2s/%s", hex.p, hex.p + 2);
}

static enum status s3_keep(struct cx *cx, struct blobs *blobs, int fd, const char *path, Hash hash,
                           int64_t size_bytes)
{
    (void)path;
    struct exchange exchange = {.method = "PUT",
                                .path = object_path(cx, hash),
                                .fd = fd,
                                .size_bytes = size_bytes,
                                .handle = handle_take(blobs->s3)};
    struct busy busy;
    blob_enter(blobs, &busy, hash);
    enum status status = exchange_do(cx, blobs->s3, &exchange);
    blob_leave(blobs, &busy);
    handle_return(blobs->s3, exchange.handle);
    return status == OK && exchange.code != 200 ? code_fail(cx, &exchange) : status;
}

static enum status s3_read(struct cx *cx, struct blobs *blobs, Hash hash, int64_t offset,
                           void *bytes, size_t size, size_t *got)
{
    if (size == 0) {
        return OK;
    }
    struct exchange exchange = {.method = "GET",
                                .path = object_path(cx, hash),
                                .range = arena_printf(cx->arena, "%lld-%lld", (long long)offset,
                                                      (long long)(offset + (int64_t)size - 1)),
                                .into = bytes,
                                .room = size,
                                .handle = handle_take(blobs->s3)};
    enum status status = exchange_do(cx, blobs->s3, &exchange);
    handle_return(blobs->s3, exchange.handle);
    if (status != OK || exchange.code == 416) { /* behind the end there is nothing */
        return status;
    }
    /* 200 is the whole: right only from its start. */
    if (exchange.code != 206 && !(exchange.code == 200 && offset == 0)) {
        return code_fail(cx, &exchange);
    }
    *got = exchange.got;
    return OK;
}

struct object {
    int64_t size_bytes;
    Instant at;
};

static enum status object_ask(struct cx *cx, struct s3 *s3, const char *path, struct object *out)
{
    struct exchange exchange = {.method = "HEAD", .path = path, .handle = handle_take(s3)};
    enum status status = exchange_do(cx, s3, &exchange);
    curl_off_t size = -1;
    curl_off_t at_s = -1;
    (void)curl_easy_getinfo(exchange.handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
    (void)curl_easy_getinfo(exchange.handle, CURLINFO_FILETIME_T, &at_s);
    handle_return(s3, exchange.handle);
    TRY(status);
    if (exchange.code != 200 || size < 0) {
        return code_fail(cx, &exchange);
    }
    *out = (struct object){.size_bytes = size, .at = at_s < 0 ? INT64_MAX : at_s * 1000};
    return OK;
}

static enum status s3_size(struct cx *cx, struct blobs *blobs, Hash hash, int64_t *out)
{
    struct object object = {0};
    TRY(object_ask(cx, blobs->s3, object_path(cx, hash), &object));
    *out = object.size_bytes;
    return OK;
}

/* --- sweep --- */

struct sweep {
    struct blobs *blobs;
    Instant before;
    bool (*is_named)(const unsigned char sm3[32], void *arg);
    void *arg;
    uint32_t removed;
};

/* The text of a child element; "" when there is none. */
static Str child_text(struct cx *cx, const xmlNode *parent, const char *name)
{
    for (xmlNode *each = parent->children; each != NULL; each = each->next) {
        if (each->type == XML_ELEMENT_NODE && strcmp((const char *)each->name, name) == 0) {
            xmlChar *text = xmlNodeGetContent(each);
            Str copy = text == NULL
                           ? STR("")
                           : str_copy(cx->arena, (const char *)text, strlen((const char *)text));
            xmlFree(text);
            return copy;
        }
    }
    return STR("");
}

static bool key_hash(struct cx *cx, Str key, Hash *out)
{
    return key.n == 2 * HASH_BYTES + 1 && key.p[2] == '/' &&
           hash_unhex(str_printf(cx->arena, "%.2s%s", key.p, key.p + 3), out);
}

static enum status object_remove(struct cx *cx, struct sweep *sweep, const char *path)
{
    struct object object = {0};
    enum status asked = object_ask(cx, sweep->blobs->s3, path, &object);
    if (asked == E_NOT_FOUND) {
        cx_forgive(cx); /* somebody else removed it */
        return OK;
    }
    TRY(asked);
    if (object.at >= sweep->before) {
        return OK; /* kept anew since it was listed */
    }
    struct exchange exchange = {
        .method = "DELETE", .path = path, .handle = handle_take(sweep->blobs->s3)};
    enum status status = exchange_do(cx, sweep->blobs->s3, &exchange);
    handle_return(sweep->blobs->s3, exchange.handle);
    TRY(status);
    if (exchange.code != 204 && exchange.code != 200) {
        return code_fail(cx, &exchange);
    }
    sweep->removed++;
    return OK;
}

static enum status entry_consider(struct cx *cx, struct sweep *sweep, const xmlNode *entry)
{
    Hash hash;
    Instant at = 0;
    if (!key_hash(cx, child_text(cx, entry, "Key"), &hash) ||
        !instant_parse(child_text(cx, entry, "LastModified"), &at) || at >= sweep->before ||
        sweep->is_named(hash.b, sweep->arg)) {
        return OK;
    }
    struct busy busy;
    blob_enter(sweep->blobs, &busy, hash);
    enum status status = object_remove(cx, sweep, object_path(cx, hash));
    blob_leave(sweep->blobs, &busy);
    return status;
}

/* A store may hold millions: what one entry needed is given back. */
static enum status entry_sweep(struct cx *cx, struct sweep *sweep, const xmlNode *entry)
{
    struct arena_mark mark = arena_mark(cx->arena);
    enum status status = entry_consider(cx, sweep, entry);
    if (status == OK) {
        arena_rewind(cx->arena, mark);
    }
    return status;
}

/* *next is where to go on, "" at the end. */
static enum status page_sweep(struct cx *cx, struct sweep *sweep, const char *xml, size_t size,
                              Str *next)
{
    xmlDoc *document = xmlReadMemory(xml, (int)size, "list.xml", NULL,
                                     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlNode *root = document == NULL ? NULL : xmlDocGetRootElement(document);
    enum status status = OK;
    if (root == NULL || strcmp((const char *)root->name, "ListBucketResult") != 0) {
        status = FAIL(cx, E_STORE, "store-failed", "S3: the list cannot be read");
    } else {
        *next = str_is(child_text(cx, root, "IsTruncated"), "true")
                    ? child_text(cx, root, "NextContinuationToken")
                    : STR("");
        for (xmlNode *each = root->children; each != NULL && status == OK; each = each->next) {
            if (each->type == XML_ELEMENT_NODE &&
                strcmp((const char *)each->name, "Contents") == 0) {
                status = entry_sweep(cx, sweep, each);
            }
        }
    }
    xmlFreeDoc(document);
    return status;
}

static enum status list_sweep(struct cx *cx, struct sweep *sweep, char *page)
{
    Str next = STR("");
    do {
        /* in the order of the alphabet, as the signature wants them */
        const char *from = next.n == 0 ? ""
                                       : arena_printf(cx->arena, "continuation-token=%s&",
                                                      text_percent_encode(cx->arena, next).p);
        struct exchange exchange = {
            .method = "GET",
            .path = arena_printf(cx->arena, "/?%slist-type=2&max-keys=1000", from),
            .into = page,
            .room = LIST_BYTES,
            .handle = handle_take(sweep->blobs->s3)};
        enum status status = exchange_do(cx, sweep->blobs->s3, &exchange);
        handle_return(sweep->blobs->s3, exchange.handle);
        TRY(status);
        if (exchange.code != 200) {
            return code_fail(cx, &exchange);
        }
        TRY(page_sweep(cx, sweep, page, exchange.got, &next));
    } while (next.n > 0);
    return OK;
}

static enum status s3_sweep(struct cx *cx, struct blobs *blobs, Instant before,
                            bool (*is_named)(const unsigned char sm3[32], void *arg), void *arg,
                            uint32_t *removed)
{
    struct sweep sweep = {blobs, before, is_named, arg, 0};
    char *page = malloc(LIST_BYTES);
    check(page != NULL);
    enum status status = list_sweep(cx, &sweep, page);
    free(page);
    *removed = sweep.removed;
    return status;
}

const struct blob_place place_s3 = {
    .keep = s3_keep, .read = s3_read, .size = s3_size, .sweep = s3_sweep};
