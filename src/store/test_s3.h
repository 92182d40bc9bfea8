/* store/test_s3.h - an S3 store in memory, for *_test.c only. It checks each request's signature
 * (AWS Signature 4) by its own computation, pages its lists after two objects, and can be told to
 * answer the next requests with 503. */
#ifndef STORE_TEST_S3_H
#define STORE_TEST_S3_H

#include <microhttpd.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/check.h"
#include "base/test.h"

#define TEST_S3_KEY    "TESTKEY"
#define TEST_S3_SECRET "test/secret+0123456789"
#define TEST_S3_REGION "cn-test-1"

enum { TEST_S3_OBJECTS = 32, TEST_S3_PAGE = 2 };

struct test_object {
    char key[128];
    char *bytes;
    size_t size;
    time_t at;
};

struct test_s3 {
    struct MHD_Daemon *daemon;
    int port;
    pthread_mutex_t lock;
    struct test_object objects[TEST_S3_OBJECTS];
    unsigned faults; /* requests to answer with 503 first */
    unsigned requests;
    unsigned refused; /* for their signature */
};

struct test_request {
    char uri[1024];
    char *body;
    size_t size;
};

/* --- the signature --- */

static inline void test_hex(const unsigned char *bytes, size_t size, char *out)
{
    for (size_t i = 0; i < size; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    }
}

static inline void test_hmac(unsigned char key[32], size_t key_size, const char *text,
                             unsigned char out[32])
{
    unsigned int size = 0;
    assert_non_null(HMAC(EVP_sha256(), key, (int)key_size, (const unsigned char *)text,
                         strlen(text), out, &size));
}

/* What is signed of the request: method, path, query, the signed headers, the body's hash. */
static inline void test_canonical(struct MHD_Connection *connection, const char *method,
                                  const char *uri, const char *signed_headers, char *out,
                                  size_t room)
{
    const char *query = strchr(uri, '?');
    size_t at = (size_t)snprintf(out, room, "%s\n%.*s\n%s\n", method,
                                 query == NULL ? (int)strlen(uri) : (int)(query - uri), uri,
                                 query == NULL ? "" : query + 1);
    char names[256];
    char *rest = NULL;
    (void)snprintf(names, sizeof names, "%s", signed_headers);
    for (char *name = strtok_r(names, ";", &rest); name != NULL;
         name = strtok_r(NULL, ";", &rest)) {
        const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
        at += (size_t)snprintf(out + at, room - at, "%s:%s\n", name, value == NULL ? "" : value);
    }
    const char *hash =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "x-amz-content-sha256");
    (void)snprintf(out + at, room - at, "\n%s\n%s", signed_headers, hash == NULL ? "" : hash);
}

static inline bool test_is_signed(struct MHD_Connection *connection, const char *method,
                                  const char *uri)
{
    const char *given = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
    const char *at = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "x-amz-date");
    char key[64];
    char day[16];
    char region[32];
    char headers[256];
    char signature[80];
    if (given == NULL || at == NULL ||
        sscanf(given,
               "AWS4-HMAC-SHA256 Credential=%63[^/]/%15[^/]/%31[^/]/s3/aws4_request, "
               "SignedHeaders=%255[^,], Signature=%79s",
               key, day, region, headers, signature) != 5 ||
        strcmp(key, TEST_S3_KEY) != 0 || strcmp(region, TEST_S3_REGION) != 0) {
        return false;
    }
    char canonical[2048];
    char digest_hex[65];
    char text[512];
    char mine[65];
    unsigned char digest[32];
    unsigned char secret[64];
    test_canonical(connection, method, uri, headers, canonical, sizeof canonical);
    assert_int_equal(EVP_Digest(canonical, strlen(canonical), digest, NULL, EVP_sha256(), NULL), 1);
    test_hex(digest, 32, digest_hex);
    (void)snprintf(text, sizeof text, "AWS4-HMAC-SHA256\n%s\n%s/%s/s3/aws4_request\n%s", at, day,
                   region, digest_hex);
    (void)snprintf((char *)secret, sizeof secret, "AWS4%s", TEST_S3_SECRET);
    test_hmac(secret, strlen((char *)secret), day, digest);
    test_hmac(digest, 32, region, digest);
    test_hmac(digest, 32, "s3", digest);
    test_hmac(digest, 32, "aws4_request", digest);
    test_hmac(digest, 32, text, digest);
    test_hex(digest, 32, mine);
    return strcmp(mine, signature) == 0;
}

/* --- objects --- */

static inline struct test_object *test_object_find(struct test_s3 *s3, const char *key)
{
    for (int i = 0; i < TEST_S3_OBJECTS; i++) {
        if (s3->objects[i].key[0] != '\0' && strcmp(s3->objects[i].key, key) == 0) {
            return &s3->objects[i];
        }
    }
    return NULL;
}

static inline void test_object_put(struct test_s3 *s3, const char *key, char *bytes, size_t size)
{
    struct test_object *object = test_object_find(s3, key);
    for (int i = 0; object == NULL && i < TEST_S3_OBJECTS; i++) {
        object = s3->objects[i].key[0] == '\0' ? &s3->objects[i] : NULL;
    }
    check(object != NULL);
    free(object->bytes);
    (void)snprintf(object->key, sizeof object->key, "%s", key);
    object->bytes = bytes;
    object->size = size;
    object->at = time(NULL);
}

/* Two a page, from the index that the token names. */
static inline void test_list(struct test_s3 *s3, const char *token, char *out, size_t room)
{
    int i = token == NULL ? 0 : atoi(token + strlen("next/"));
    int listed = 0;
    size_t at = (size_t)snprintf(out, room,
                                 "<?xml version=\"1.0\"?><ListBucketResult "
                                 "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    for (; i < TEST_S3_OBJECTS && listed < TEST_S3_PAGE; i++) {
        const struct test_object *object = &s3->objects[i];
        if (object->key[0] != '\0') {
            char when[32];
            struct tm parts;
            (void)strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S.000Z",
                           gmtime_r(&object->at, &parts));
            at += (size_t)snprintf(out + at, room - at,
                                   "<Contents><Key>%s</Key><LastModified>%s</LastModified>"
                                   "</Contents>",
                                   object->key, when);
            listed++;
        }
    }
    bool more = i < TEST_S3_OBJECTS;
    at += (size_t)snprintf(out + at, room - at, "<IsTruncated>%s</IsTruncated>",
                           more ? "true" : "false");
    if (more) {
        at += (size_t)snprintf(out + at, room - at,
                               "<NextContinuationToken>next/%d</NextContinuationToken>", i);
    }
    (void)snprintf(out + at, room - at, "</ListBucketResult>");
}

/* --- HTTP --- */

static inline enum MHD_Result test_answer(struct MHD_Connection *connection, unsigned code,
                                          const char *bytes, size_t size, const char *modified)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(size, (void *)(uintptr_t)bytes, MHD_RESPMEM_MUST_COPY);
    if (modified != NULL) {
        (void)MHD_add_response_header(response, "Last-Modified", modified);
    }
    enum MHD_Result result = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return result;
}

static inline enum MHD_Result test_object_answer(struct MHD_Connection *connection,
                                                 const struct test_object *object)
{
    char when[64];
    struct tm parts;
    long long from = 0;
    long long to = 0;
    (void)strftime(when, sizeof when, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&object->at, &parts));
    const char *range = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Range");
    if (range == NULL || sscanf(range, "bytes=%lld-%lld", &from, &to) != 2) {
        return test_answer(connection, 200, object->bytes, object->size, when);
    }
    if (from >= (long long)object->size) {
        return test_answer(connection, 416, "range", 5, NULL);
    }
    to = to < (long long)object->size ? to : (long long)object->size - 1;
    return test_answer(connection, 206, object->bytes + from, (size_t)(to - from + 1), when);
}

static inline enum MHD_Result test_request_do(struct test_s3 *s3, struct MHD_Connection *connection,
                                              const char *url, const char *method,
                                              struct test_request *request)
{
    s3->requests++;
    if (s3->faults > 0) {
        s3->faults--;
        return test_answer(connection, 503, "SlowDown", 8, NULL);
    }
    if (!test_is_signed(connection, method, request->uri)) {
        s3->refused++;
        return test_answer(connection, 403, "SignatureDoesNotMatch", 21, NULL);
    }
    if (strncmp(url, "/court/", 7) != 0) {
        return test_answer(connection, 404, "NoSuchBucket", 12, NULL);
    }
    const char *key = url + 7;
    if (strcmp(method, "PUT") == 0) {
        test_object_put(s3, key, request->body, request->size);
        request->body = NULL;
        return test_answer(connection, 200, "", 0, NULL);
    }
    if (*key == '\0') {
        char list[4096];
        test_list(
            s3,
            MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "continuation-token"),
            list, sizeof list);
        return test_answer(connection, 200, list, strlen(list), NULL);
    }
    struct test_object *object = test_object_find(s3, key);
    if (strcmp(method, "DELETE") == 0) {
        if (object != NULL) {
            object->key[0] = '\0';
        }
        return test_answer(connection, 204, "", 0, NULL);
    }
    return object == NULL ? test_answer(connection, 404, "NoSuchKey", 9, NULL)
                          : test_object_answer(connection, object);
}

static inline enum MHD_Result test_s3_handle(void *arg, struct MHD_Connection *connection,
                                             const char *url, const char *method,
                                             const char *version, const char *upload,
                                             size_t *upload_size, void **state)
{
    struct test_s3 *s3 = arg;
    struct test_request *request = *state;
    (void)version;
    if (request->body == NULL) {
        request->body = calloc(1, 1);
        return MHD_YES;
    }
    if (*upload_size > 0) {
        request->body = realloc(request->body, request->size + *upload_size);
        assert_non_null(request->body);
        memcpy(request->body + request->size, upload, *upload_size);
        request->size += *upload_size;
        *upload_size = 0;
        return MHD_YES;
    }
    (void)pthread_mutex_lock(&s3->lock);
    enum MHD_Result result = test_request_do(s3, connection, url, method, request);
    (void)pthread_mutex_unlock(&s3->lock);
    return result;
}

static inline void *test_s3_begin(void *arg, const char *uri, struct MHD_Connection *connection)
{
    struct test_request *request = calloc(1, sizeof *request);
    (void)arg;
    (void)connection;
    assert_non_null(request);
    (void)snprintf(request->uri, sizeof request->uri, "%s", uri);
    return request;
}

static inline void test_s3_end(void *arg, struct MHD_Connection *connection, void **state,
                               enum MHD_RequestTerminationCode why)
{
    struct test_request *request = *state;
    (void)arg;
    (void)connection;
    (void)why;
    if (request != NULL) {
        free(request->body);
        free(request);
    }
    *state = NULL;
}

static inline void test_s3_start(struct test_s3 *s3)
{
    memset(s3, 0, sizeof *s3);
    assert_int_equal(pthread_mutex_init(&s3->lock, NULL), 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s3->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, test_s3_handle, s3,
                                  MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
                                  MHD_OPTION_URI_LOG_CALLBACK, test_s3_begin, NULL,
                                  MHD_OPTION_NOTIFY_COMPLETED, test_s3_end, NULL, MHD_OPTION_END);
    assert_non_null(s3->daemon);
    s3->port = MHD_get_daemon_info(s3->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

static inline void test_s3_stop(struct test_s3 *s3)
{
    MHD_stop_daemon(s3->daemon);
    for (int i = 0; i < TEST_S3_OBJECTS; i++) {
        free(s3->objects[i].bytes);
    }
    (void)pthread_mutex_destroy(&s3->lock);
}

#endif
