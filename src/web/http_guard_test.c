/* What the guard lets through, refuses and reads. */
#include "web/http_trial.h"

static atomic_int handled, refused;
static atomic_int refused_status;

static void describe(struct http_request *request)
{
    struct buf text;
    buf_init(&text, request->cx.arena, 10000);
    buf_printf(&text, "path=%s query=%s q=%s type=%s boundary=%s client=%s cookie=%s agent=%s",
               request->path.p, request->query.p, value_get_str(request->params, "q").p,
               request->content_type.p, request->boundary.p, request->client.p,
               http_cookie(request, "session").p, http_header(request, "user-AGENT").p);
    trial_answer(request, 200, buf_done(&text));
}

static void on_handle(void *arg, struct http_request *request)
{
    (void)arg;
    atomic_fetch_add(&handled, 1);
    if (str_is(request->path, "/describe")) {
        describe(request);
    } else {
        trial_answer(request, 200, STR("hello"));
    }
}

static void on_finished(void *arg, struct http_request *request, int status, int64_t sent_bytes)
{
    (void)arg;
    (void)sent_bytes;
    if (str_is(request->path, "")) {
        atomic_store(&refused_status, status);
        atomic_fetch_add(&refused, 1);
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

static void test_a_request_is_read_into_its_parts(void **state)
{
    (void)state;
    ask(&reply, "GET /%64escribe?q=%E5%8C%97%E4%BA%AC&x=a+b&q=last+one HTTP/1.1\r\n"
                "Content-Type: Multipart/Form-Data; charset=x; boundary=\"a b:c\"\r\n"
                "User-Agent: tester\r\nCookie: a=b; session=s3cret");
    assert_true(has(&reply, "path=/describe query=q=%E5%8C%97%E4%BA%AC&x=a+b&q=last+one "
                            "q=last one type=multipart/form-data boundary=a b:c "
                            "client=127.0.0.1 cookie=s3cret agent=tester"));
}

static void test_bad_boundaries_are_no_boundaries(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "; boundary=",
                                      "; boundary=\"a",
                                      "; boundary=\"a \"",
                                      ";",
                                      "; boundary=\"{}\"",
                                      "; boundar=x",
                                      "; boundary="
                                      "01234567890123456789012345678901234567890123456789012345678"
                                      "901234567890"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char head[300];
        (void)snprintf(head, sizeof head,
                       "GET /describe HTTP/1.1\r\nContent-Type: multipart/form-data%s", bad[i]);
        ask(&reply, head);
        assert_true(has(&reply, "boundary= client"));
    }
}

static void test_only_the_last_forwarder_on_this_machine_is_believed(void **state)
{
    (void)state;
    ask(&reply, "GET /describe HTTP/1.1\r\nX-Forwarded-For: 6.6.6.6, 10.1.2.3");
    assert_true(has(&reply, "client=10.1.2.3 "));
    ask(&reply,
        "GET /describe HTTP/1.1\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 2001:db8::1");
    assert_true(has(&reply, "client=2001:db8::1 "));
    ask(&reply, "GET /describe HTTP/1.1\r\nX-Forwarded-For: <script>");
    assert_true(has(&reply, "client=127.0.0.1 "));
}

static void test_header_text_that_is_not_utf8_is_absent(void **state)
{
    (void)state;
    ask(&reply, "GET /describe HTTP/1.1\r\nUser-Agent: \xB1\xB1");
    assert_int_equal(status_of(&reply), 200);
    assert_true(has(&reply, "agent="));
    assert_false(has(&reply, "\xB1"));
}

/* Every row must end the connection after one refusal: what follows the headers in each is a whole
 * second request, which must not be answered. (What libmicrohttpd refuses by itself, with a
 * <title>, goes out with its head doubled.) */
static void test_hostile_framing_is_refused_and_nothing_smuggled(void **state)
{
    (void)state;
#define SMUGGLED "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    static const char *const rows[] = {
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
        "0\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\nContent-Length: 0\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5, 5\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: +5\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: -5\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: 0x5\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5a\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551621\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Content-Length : 5\r\n\r\nhello" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n"
        "0\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n" SMUGGLED,
        "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nxyz\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.0\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\nHost:\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\n" HOST "X\x01Y: 1\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\n" HOST "X(Y): 1\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\n" HOST "X: a\x01z\r\n\r\n" SMUGGLED,
        "GET /a\x01z HTTP/1.1\r\n" HOST "\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\n" HOST "X:\r\n\tb\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\n" HOST "X: a\r\n b\r\nY: c\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\nHost: x\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\nHost: x\nX: a\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\nX: a\rHost: x\r\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\nX: a\r\nHost: x\n\r\n" SMUGGLED,
        "GET /a HTTP/1.1\r\nX: a\r\nHost: x\r\n\n" SMUGGLED,
        "GET /a HTTP/1.1\nHost: x\n\n" SMUGGLED,
        "POST /a HTTP/1.1\r\nHost: x\nContent-Length: 5\r\n\r\nhello" SMUGGLED,
        "GET /a b HTTP/1.1\r\n" HOST "\r\n" SMUGGLED,
        "GE(T /a HTTP/1.1\r\n" HOST "\r\n" SMUGGLED,
        "GET /a HTTP/1.2\r\n" HOST "\r\n" SMUGGLED,
        "GET /a HTTP/2.0\r\n" HOST "\r\n" SMUGGLED,
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int before = atomic_load(&handled);
        ask_bytes(&reply, str_of(rows[i]));
        int status = status_of(&reply);
        bool is_refused = (status == 400 || status == 413 || status == 505 || reply.size == 0) &&
                          reply.is_closed && !has(&reply, "HTTP/1.1 2") &&
                          (count_of(&reply, "HTTP/1.1 ") <= 1 || has(&reply, "<title>"));
        if (!is_refused || atomic_load(&handled) != before) {
            fail_msg("row %zu: status %d, closed %d, handled %d: %s answered %s", i, status,
                     reply.is_closed, atomic_load(&handled) - before, rows[i], reply.text);
        }
    }
}

/* C strings end at NUL, so these are no rows of the table above. */
static void test_nul_bytes_in_a_head_are_refused(void **state)
{
    (void)state;
    const Str rows[] = {
        STR("GET /a HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n"),
        STR("GET /a HTTP/1.1\r\n" HOST "X: \0\r\n\r\n"),
        STR("GET /a HTTP/1.1\r\nHost: x\0y\r\nX: a\r\n\r\n"),
        STR("GET /a HTTP/1.1\r\n" HOST "X\0: a\r\n\r\n"),
        STR("POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\0\r\n\r\nhello"),
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int before = atomic_load(&handled);
        ask_bytes(&reply, rows[i]);
        if (!reply.is_closed || has(&reply, "HTTP/1.1 2") || atomic_load(&handled) != before) {
            fail_msg("row %zu was answered %s", i, reply.text);
        }
    }
}

/* The guard looks at where lines lie, so lines that are whole must pass however they came. */
static void test_a_good_head_passes_in_pieces_of_any_size(void **state)
{
    (void)state;
    static char text[10000];
    char filler[251];
    memset(filler, 'a', sizeof filler);
    size_t size = (size_t)snprintf(text, sizeof text,
                                   "GET /a HTTP/1.1\r\n" HOST "Cookie: a=b; c=d\r\nX-Empty:\r\n"
                                   "X-Blank: \r\nX-Tail: a \t \r\nX:tight\r\n");
    while (size < sizeof text - 300) {
        size += (size_t)snprintf(text + size, sizeof text - size, "X-%zu: %.*s\r\n", size,
                                 (int)(size % sizeof filler), filler);
    }
    size += (size_t)snprintf(text + size, sizeof text - size, "\r\n");
    static const size_t pieces[] = {1, 7, 100, 1021, 4096, sizeof text};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        int fd = client_open();
        for (int round = 0; round < 2; round++) {
            for (size_t at = 0; at < size; at += pieces[i]) {
                size_t left = size - at;
                assert_true(client_send(fd, text + at, left < pieces[i] ? left : pieces[i]));
            }
            assert_true(is_readable(fd, WAIT_MS));
            client_read(fd, &reply, 50);
            if (status_of(&reply) != 200) {
                fail_msg("pieces of %zu, round %d: %s", pieces[i], round, reply.text);
            }
        }
        assert_int_equal(close(fd), 0);
    }
}

static void test_a_chunk_too_long_to_count_ends_the_connection(void **state)
{
    (void)state;
    ask_bytes(&reply, STR("POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
                          "10000000000000005\r\nhello\r\n0\r\n\r\n" SMUGGLED));
    assert_true(count_of(&reply, "HTTP/1.1 ") <= 1);
    assert_false(has(&reply, "200 OK"));
    assert_true(reply.is_closed);
}

/* From its first line to its last but the date, which a second may change. */
static void without_date(char *text)
{
    for (char *date = strstr(text, "Date: "); date != NULL; date = strstr(date, "Date: ")) {
        char *end = strstr(date, "\r\n");
        assert_non_null(end);
        memmove(date, end, strlen(end) + 1);
    }
}

/* A length that is no number is answered by libmicrohttpd before the guard sees it: on a page of
 * its own, always the same bytes, whatever was sent. */
static void test_what_the_library_refuses_says_nothing_of_what_was_sent(void **state)
{
    (void)state;
    static const char *const lengths[] = {"none",
                                          "hostile<script>alert(1)</script>",
                                          "5hostile",
                                          "0x5",
                                          "-5",
                                          "+5",
                                          "5, 5",
                                          "1e3",
                                          "\xEF\xBC\x95",
                                          "hostile%0d%0aSet-Cookie:%20session=hostile",
                                          "hostile\" onload=\"hostile"};
    static char first[sizeof reply.text];
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char text[2000];
        int before = atomic_load(&handled);
        (void)snprintf(text, sizeof text,
                       "POST /hostile%zu?q=<script>hostile</script> HTTP/1.1\r\nHost: hostile\r\n"
                       "X-Hostile-%zu: <script>hostile</script>\r\nCookie: session=hostile\r\n"
                       "User-Agent: hostile\r\nOrigin: http://hostile\r\nContent-Length: %s\r\n"
                       "\r\nhostile" SMUGGLED,
                       i, i, lengths[i]);
        ask_bytes(&reply, str_of(text));
        assert_int_equal(status_of(&reply), 400);
        assert_true(reply.is_closed);
        assert_int_equal(atomic_load(&handled), before);
        assert_true(count_of(&reply, "Connection: close") > 0);
        assert_false(has(&reply, "hostile") || has(&reply, "script") || has(&reply, "Hostile"));
        assert_false(has(&reply, "Set-Cookie") || has(&reply, "Location"));
        without_date(reply.text);
        if (i == 0) {
            (void)snprintf(first, sizeof first, "%s", reply.text);
        }
        assert_string_equal(reply.text, first);
    }
}

static void test_targets_that_are_no_plain_path_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "/a/../b", "/..",     "/.",       "/a/./b",   "/a/..",      "//a",    "/a//b",
        "/%2e%2e", "/a%2F/b", "/a\\b",    "/%5Cb",    "/a%00b",     "/a%0Ab", "/%C0%AF",
        "/%FF",    "/%",      "/%zz",     "/a%7F",    "http://x/a", "a",      "*",
        "/a#b",    "/a?%zz",  "/a?q=%FF", "/a?q=%00", "/%09",       "/%2E/a", "/\xB1\xB1",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char head[100];
        (void)snprintf(head, sizeof head, "GET %s HTTP/1.1", bad[i]);
        ask(&reply, head);
        if (status_of(&reply) != 400) {
            fail_msg("%s was answered %d", bad[i], status_of(&reply));
        }
    }
    static const char *const good[] = {
        "/", "/a/", "/...", "/.well-known/x", "/a..b", "/北京", "/a%20b", "/a?../..//\\", "/a?"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char head[100];
        (void)snprintf(head, sizeof head, "GET %s HTTP/1.1", good[i]);
        ask(&reply, head);
        if (status_of(&reply) != 200) {
            fail_msg("%s was answered %d", good[i], status_of(&reply));
        }
    }
}

static void test_a_refused_request_is_finished_too(void **state)
{
    (void)state;
    int before = atomic_load(&refused);
    ask(&reply, "GET //x HTTP/1.1");
    wait_for(&refused, before + 1);
    assert_int_equal(atomic_load(&refused_status), 400);
    ask_bytes(&reply, STR("GET /a HTTP/1.1\r\n" CLOSE "\r\n")); /* no Host */
    assert_int_equal(status_of(&reply), 400);
    assert_int_equal(count_of(&reply, "HTTP/1.1 "), 1);
}

/* A GET may carry a body; it is read as one, and only then does the next request begin. */
static void test_a_body_of_a_get_is_not_a_second_request(void **state)
{
    (void)state;
    static const char text[] = "GET /a HTTP/1.1\r\n" HOST "Content-Length: 38\r\n\r\n"
                               "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n\r\n"
                               "GET /second HTTP/1.1\r\n" HOST CLOSE "\r\n";
    ask_bytes(&reply, str_of(text));
    assert_int_equal(count_of(&reply, "HTTP/1.1 200"), 2);
    assert_int_equal(count_of(&reply, "HTTP/1.1 "), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_request_is_read_into_its_parts),
        cmocka_unit_test(test_bad_boundaries_are_no_boundaries),
        cmocka_unit_test(test_only_the_last_forwarder_on_this_machine_is_believed),
        cmocka_unit_test(test_header_text_that_is_not_utf8_is_absent),
        cmocka_unit_test(test_hostile_framing_is_refused_and_nothing_smuggled),
        cmocka_unit_test(test_nul_bytes_in_a_head_are_refused),
        cmocka_unit_test(test_a_good_head_passes_in_pieces_of_any_size),
        cmocka_unit_test(test_a_chunk_too_long_to_count_ends_the_connection),
        cmocka_unit_test(test_what_the_library_refuses_says_nothing_of_what_was_sent),
        cmocka_unit_test(test_targets_that_are_no_plain_path_are_refused),
        cmocka_unit_test(test_a_refused_request_is_finished_too),
        cmocka_unit_test(test_a_body_of_a_get_is_not_a_second_request),
    };
    return cmocka_run_group_tests(tests, server_begin, trial_close);
}
