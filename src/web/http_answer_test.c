/* What goes out, and what does not. */
#include <zlib.h>

#include "web/http_trial.h"

static atomic_int counted;
static atomic_int last_status;
static _Atomic int64_t last_sent_bytes;

static Str big_text(struct arena *arena)
{
    struct buf text;
    buf_init(&text, arena, 10000);
    for (int i = 0; i < 200; i++) {
        buf_printf(&text, "第 %d 行，", i);
    }
    return buf_done(&text);
}

static void answer_headers_of(struct http_request *request, const char *name, const char *text)
{
    struct value *headers = value_map(request->cx.arena);
    value_set_text(request->cx.arena, headers, name, text);
    http_answer(request, &(struct http_answer){.status = 200,
                                               .content_type = "text/plain",
                                               .body = STR("ok"),
                                               .headers = headers});
}

static void answer_cookies(struct http_request *request)
{
    struct arena *arena = request->cx.arena;
    struct value *headers = value_map(arena);
    struct value *cookies = value_list(arena);
    value_add_text(arena, cookies, "a=1; HttpOnly");
    value_add_text(arena, cookies, "b=2; HttpOnly");
    value_set(arena, headers, "Set-Cookie", cookies);
    http_answer(request, &(struct http_answer){.status = 303, .headers = headers});
}

static void answer_file(struct http_request *request)
{
    char name[] = "/tmp/http-test-XXXXXX";
    int fd = mkstemp(name);
    assert_true(fd > 0);
    assert_int_equal(unlink(name), 0);
    assert_int_equal(write(fd, "0123456789", 10), 10);
    http_answer(request, &(struct http_answer){.status = 206,
                                               .content_type = "application/pdf",
                                               .fd = fd,
                                               .fd_offset = 3,
                                               .fd_length = 4});
}

static void on_handle(void *arg, struct http_request *request)
{
    (void)arg;
    Str path = request->path;
    if (str_is(path, "/file")) {
        answer_file(request);
    } else if (str_is(path, "/cookies")) {
        answer_cookies(request);
    } else if (str_is(path, "/header-break")) {
        answer_headers_of(request, "Location", value_get_str(request->params, "q").p);
    } else if (str_is(path, "/header-name")) {
        answer_headers_of(request, "X Y", "z");
    } else if (str_is(path, "/frame")) {
        answer_headers_of(request, "content-security-policy", "frame-ancestors 'self'");
    } else if (str_is(path, "/big")) {
        trial_answer(request, 200, big_text(request->cx.arena));
    } else if (str_is(path, "/tagged")) {
        http_answer(request, &(struct http_answer){.status = 200,
                                                   .content_type = "text/html; charset=utf-8",
                                                   .body = big_text(request->cx.arena),
                                                   .cacheable = true});
    } else {
        trial_answer(request, 200, STR("hello"));
    }
}

static void on_finished(void *arg, struct http_request *request, int status, int64_t sent_bytes)
{
    (void)arg;
    if (str_is(request->path, "/counted")) {
        atomic_store(&last_status, status);
        atomic_store(&last_sent_bytes, sent_bytes);
        atomic_fetch_add(&counted, 1);
    }
}

static int server_begin(void **state)
{
    (void)state;
    struct http_options options = {.listen = "127.0.0.1:0",
                                   .threads = 2,
                                   .body_limit_bytes = BODY_LIMIT,
                                   .handle = on_handle,
                                   .resume = trial_no_resume,
                                   .finished = on_finished};
    trial_http = trial_open(&options);
    return 0;
}

static void test_an_answer_carries_the_security_headers(void **state)
{
    (void)state;
    ask(&reply, "GET /hello HTTP/1.1");
    assert_int_equal(status_of(&reply), 200);
    assert_true(has(&reply, "Content-Security-Policy: default-src 'none'; script-src 'self'"));
    assert_true(has(&reply, "frame-ancestors 'none'"));
    assert_true(has(&reply, "X-Content-Type-Options: nosniff\r\n"));
    assert_true(has(&reply, "Referrer-Policy: same-origin\r\n"));
    assert_true(has(&reply, "Cache-Control: no-store\r\n"));
    assert_true(has(&reply, "Content-Length: 5\r\n"));
    assert_true(has(&reply, "\r\n\r\nhello"));
}

static void test_a_given_header_replaces_ours(void **state)
{
    (void)state;
    ask(&reply, "GET /frame HTTP/1.1");
    assert_true(has(&reply, "content-security-policy: frame-ancestors 'self'\r\n"));
    assert_false(has(&reply, "default-src"));
    assert_true(has(&reply, "nosniff"));
}

static void test_head_has_the_headers_and_no_body(void **state)
{
    (void)state;
    ask(&reply, "HEAD /hello HTTP/1.1");
    assert_int_equal(status_of(&reply), 200);
    assert_true(has(&reply, "Content-Length: 5\r\n"));
    assert_int_equal(body_of(&reply).n, 0);
    ask(&reply, "HEAD /file HTTP/1.1");
    assert_true(has(&reply, "Content-Length: 4\r\n"));
    assert_int_equal(body_of(&reply).n, 0);
}

static void test_part_of_a_file_is_sent(void **state)
{
    (void)state;
    ask(&reply, "GET /file HTTP/1.1");
    assert_int_equal(status_of(&reply), 206);
    assert_true(has(&reply, "Content-Type: application/pdf\r\n"));
    assert_true(has(&reply, "\r\n\r\n3456"));
    assert_int_equal(body_of(&reply).n, 4);
}

static void test_each_cookie_is_a_header_of_its_own(void **state)
{
    (void)state;
    ask(&reply, "GET /cookies HTTP/1.1");
    assert_int_equal(status_of(&reply), 303);
    assert_true(has(&reply, "Set-Cookie: a=1; HttpOnly\r\n"));
    assert_true(has(&reply, "Set-Cookie: b=2; HttpOnly\r\n"));
}

static void test_a_header_with_a_line_break_is_not_sent(void **state)
{
    (void)state;
    ask(&reply, "GET /header-break?q=/%0D%0ASet-Cookie:%20evil=1 HTTP/1.1");
    assert_int_equal(status_of(&reply), 500);
    assert_false(has(&reply, "evil"));
    ask(&reply, "GET /header-break?q=/a%0Ab HTTP/1.1");
    assert_int_equal(status_of(&reply), 500);
    ask(&reply, "GET /header-break?q=/courts/%E4%BA%AC HTTP/1.1");
    assert_int_equal(status_of(&reply), 200);
    assert_true(has(&reply, "Location: /courts/京\r\n"));
    ask(&reply, "GET /header-name HTTP/1.1");
    assert_int_equal(status_of(&reply), 500);
}

static size_t gunzip(Str packed, char *out, size_t room)
{
    z_stream z = {.avail_in = (unsigned)packed.n, .avail_out = (unsigned)room};

    union {
        const char *in;
        unsigned char *out;
    } cast = {.in = packed.p};

    z.next_in = cast.out;
    z.next_out = (unsigned char *)out;
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(inflateEnd(&z), Z_OK);
    return z.total_out;
}

static void test_text_is_packed_when_asked_for_and_worth_it(void **state)
{
    (void)state;
    static char plain[20000];
    struct trial trial;
    trial_begin(&trial);
    ask(&reply, "GET /big HTTP/1.1\r\nAccept-Encoding: br;q=1.0, GZIP;q=0.8");
    assert_true(has(&reply, "Content-Encoding: gzip\r\n"));
    assert_true(has(&reply, "Vary: Accept-Encoding\r\n"));
    Str whole = big_text(trial.arena);
    assert_true(body_of(&reply).n < whole.n);
    assert_int_equal(gunzip(body_of(&reply), plain, sizeof plain), whole.n);
    assert_memory_equal(plain, whole.p, whole.n);
    static const char *const without[] = {"X: y", "Accept-Encoding: br",
                                          "Accept-Encoding: gzip;q=0",
                                          "Accept-Encoding: gzip; q=0.00, br"};
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        char head[200];
        (void)snprintf(head, sizeof head, "GET /big HTTP/1.1\r\n%s", without[i]);
        ask(&reply, head);
        assert_false(has(&reply, "Content-Encoding"));
        assert_true(has(&reply, "Vary: Accept-Encoding\r\n"));
        assert_int_equal(body_of(&reply).n, whole.n);
    }
    ask(&reply, "GET /hello HTTP/1.1\r\nAccept-Encoding: gzip");
    assert_false(has(&reply, "Content-Encoding"));
    trial_end(&trial);
}

static void tag_of(char tag[64])
{
    const char *at = strstr(reply.text, "ETag: ");
    assert_non_null(at);
    assert_int_equal(sscanf(at + 6, "%63[^\r]", tag), 1);
}

static void test_an_unchanged_answer_is_304(void **state)
{
    (void)state;
    char tag[64];
    char packed_tag[64];
    char head[300];
    ask(&reply, "GET /tagged HTTP/1.1");
    assert_true(has(&reply, "Cache-Control: private, no-cache\r\n"));
    tag_of(tag);
    ask(&reply, "GET /tagged HTTP/1.1\r\nAccept-Encoding: gzip");
    tag_of(packed_tag);
    assert_string_not_equal(tag, packed_tag);
    static const char *const same[] = {"%s", "\"other\", %s", "W/%s", "*"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        char list[100] = "*";
        if (i < 3) {
            (void)snprintf(list, sizeof list, "%s%s",
                           i == 1   ? "\"other\", "
                           : i == 2 ? "W/"
                                    : "",
                           tag);
        }
        (void)snprintf(head, sizeof head, "GET /tagged HTTP/1.1\r\nIf-None-Match: %s", list);
        ask(&reply, head);
        assert_int_equal(status_of(&reply), 304);
        assert_true(has(&reply, "ETag: "));
        assert_int_equal(body_of(&reply).n, 0);
    }
    (void)snprintf(head, sizeof head, "GET /tagged HTTP/1.1\r\nIf-None-Match: %s", packed_tag);
    ask(&reply, head);
    assert_int_equal(status_of(&reply), 200);
    ask(&reply, "GET /hello HTTP/1.1\r\nIf-None-Match: *");
    assert_int_equal(status_of(&reply), 200);
}

/* The connection must be good for another request after a 304. */
static void test_a_304_leaves_the_connection_in_step(void **state)
{
    (void)state;
    ask_bytes(&reply, STR("GET /tagged HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n"
                          "GET /hello HTTP/1.1\r\n" HOST CLOSE "\r\n"));
    assert_int_equal(count_of(&reply, "HTTP/1.1 304"), 1);
    assert_int_equal(count_of(&reply, "HTTP/1.1 200"), 1);
    assert_true(has(&reply, "\r\n\r\nhello"));
}

static void test_finished_tells_status_and_bytes(void **state)
{
    (void)state;
    int before = atomic_load(&counted);
    ask(&reply, "GET /counted HTTP/1.1");
    wait_for(&counted, before + 1);
    assert_int_equal(atomic_load(&last_status), 200);
    assert_int_equal(atomic_load(&last_sent_bytes), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_answer_carries_the_security_headers),
        cmocka_unit_test(test_a_given_header_replaces_ours),
        cmocka_unit_test(test_head_has_the_headers_and_no_body),
        cmocka_unit_test(test_part_of_a_file_is_sent),
        cmocka_unit_test(test_each_cookie_is_a_header_of_its_own),
        cmocka_unit_test(test_a_header_with_a_line_break_is_not_sent),
        cmocka_unit_test(test_text_is_packed_when_asked_for_and_worth_it),
        cmocka_unit_test(test_an_unchanged_answer_is_304),
        cmocka_unit_test(test_a_304_leaves_the_connection_in_step),
        cmocka_unit_test(test_finished_tells_status_and_bytes),
    };
    return cmocka_run_group_tests(tests, server_begin, trial_close);
}
