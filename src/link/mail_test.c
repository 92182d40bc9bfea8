/* Claims about mail: what a server is told, what counts as taken, what is tried again, and that
 * nothing of a person's becomes a command, a header or a line of a log. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"
#include "base/test.h"
#include "link/mail.h"
#include "seal/password.h"

/* A server for one connection, that says what it is told at one place. */
struct server {
    int fd;
    int port;
    const char *at;  /* EHLO, MAIL, RCPT, DATA, "." or "" (the greeting); NULL: nowhere */
    const char *say; /* there; NULL: hangs up */
    pthread_t thread;
    char heard[16384];
    size_t size;
};

static bool tell(const struct server *s, int fd, const char *at, const char *usual)
{
    bool here = s->at != NULL && strcmp(s->at, at) == 0;
    const char *say = here ? s->say : usual;
    char line[200];
    if (say == NULL) {
        return false;
    }
    int size = snprintf(line, sizeof line, "%s\r\n", say);
    return write(fd, line, (size_t)size) == size;
}

/* Reads until what was heard since `from` ends so. */
static bool hear(struct server *s, int fd, size_t from, const char *end)
{
    size_t n = strlen(end);
    while (s->size - from < n || memcmp(s->heard + s->size - n, end, n) != 0) {
        ssize_t more = read(fd, s->heard + s->size, sizeof s->heard - 1 - s->size);
        if (more <= 0) {
            return false;
        }
        s->size += (size_t)more;
    }
    return true;
}

static void *server_work(void *arg)
{
    static const char *const verbs[][2] = {{"EHLO", "250 test"},
                                           {"MAIL", "250 ok"},
                                           {"RCPT", "250 ok"},
                                           {"DATA", "354 go on"},
                                           {"QUIT", "221 bye"}};
    struct server *s = arg;
    int fd = accept(s->fd, NULL, NULL);
    check(fd >= 0);
    bool open = tell(s, fd, "", "220 test");
    while (open) {
        size_t from = s->size;
        open = hear(s, fd, from, "\r\n");
        bool known = false;
        for (size_t i = 0; open && i < sizeof verbs / sizeof verbs[0] && !known; i++) {
            known = strncmp(s->heard + from, verbs[i][0], 4) == 0;
            open = !known || tell(s, fd, verbs[i][0], verbs[i][1]);
        }
        if (open && !known) {
            open = tell(s, fd, "other", "502 what");
        } else if (open && strncmp(s->heard + from, "DATA", 4) == 0 &&
                   (s->at == NULL || strcmp(s->at, "DATA") != 0)) {
            open = hear(s, fd, s->size, "\r\n.\r\n") && tell(s, fd, ".", "250 taken");
        }
    }
    (void)close(fd);
    return NULL;
}

static void server_open(struct server *s, const char *at, const char *say)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    memset(s, 0, sizeof *s);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->at = at;
    s->say = say;
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(s->fd >= 0);
    assert_int_equal(bind(s->fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(s->fd, 4), 0);
    assert_int_equal(getsockname(s->fd, (struct sockaddr *)&address, &size), 0);
    s->port = ntohs(address.sin_port);
}

static struct mail mail_of(const char *to)
{
    return (struct mail){.id = STR("42"),
                         .to = str_of(to),
                         .subject = STR("通诉：您的事项有新消息"),
                         .text = STR("材料需要补正。\n.\n请登录通诉。\n"),
                         .at = 1772418000000};
}

static const struct mailer *mailer_to(struct trial *t, const char *head, int port)
{
    const struct mailer *mailer = NULL;
    struct mail_options options = {.url = str_printf(t->arena, "%s127.0.0.1:%d", head, port),
                                   .from = STR("no-reply@court.example"),
                                   .login_file = STR("")};
    assert_int_equal(mailer_smtp(&t->cx, t->arena, &options, &mailer), OK);
    return mailer;
}

/* Sends once to a server that says so there. */
static enum status sent_as(struct trial *t, struct server *s, const char *head,
                           const struct mail *mail)
{
    assert_int_equal(pthread_create(&s->thread, NULL, server_work, s), 0);
    const struct mailer *mailer = mailer_to(t, head, s->port);
    enum status result = mailer->send(&t->cx, mailer, mail);
    assert_int_equal(pthread_join(s->thread, NULL), 0);
    (void)close(s->fd);
    return result;
}

static void test_a_mail_has_one_receiver_our_id_and_encoded_words(void **state)
{
    (void)state;
    struct trial t;
    static struct server s;
    struct mail mail = mail_of("lin@example.com");
    trial_begin(&t);
    server_open(&s, NULL, NULL);
    assert_int_equal(sent_as(&t, &s, "smtp://", &mail), OK);
    assert_non_null(strstr(s.heard, "MAIL FROM:<no-reply@court.example>"));
    assert_non_null(strstr(s.heard, "RCPT TO:<lin@example.com>"));
    assert_non_null(strstr(s.heard, "\r\nMessage-ID: <tongsu-42@court.example>\r\n"));
    assert_non_null(strstr(s.heard, "\r\nFrom: <no-reply@court.example>\r\n"));
    assert_non_null(strstr(s.heard, "\r\nDate: Mon, 02 Mar 2026 02:20:00 +0000\r\n"));
    assert_non_null(
        strstr(s.heard, arena_printf(t.arena, "\r\nSubject: =?UTF-8?B?%s?=\r\n",
                                     base64_encode(t.arena, mail.subject.p, mail.subject.n).p)));
    assert_non_null(strstr(s.heard, "charset=utf-8"));
    assert_non_null(strstr(s.heard, base64_encode(t.arena, mail.text.p, mail.text.n).p));
    assert_null(strstr(s.heard, "STARTTLS"));
    trial_end(&t);
}

static void test_a_long_subject_is_cut_between_characters(void **state)
{
    (void)state;
    struct trial t;
    static struct server s;
    struct mail mail = mail_of("lin@example.com");
    mail.subject = STR("一二三四五六七八九十甲乙丙丁戊己庚辛");
    trial_begin(&t);
    server_open(&s, NULL, NULL);
    assert_int_equal(sent_as(&t, &s, "smtp://", &mail), OK);
    assert_non_null(strstr(
        s.heard, arena_printf(t.arena, "\r\nSubject: =?UTF-8?B?%s?=\r\n =?UTF-8?B?%s?=\r\n",
                              base64_encode(t.arena, mail.subject.p, (size_t)14 * 3).p,
                              base64_encode(t.arena, mail.subject.p + 42, (size_t)4 * 3).p)));
    trial_end(&t);
}

static void test_what_passes_is_busy_and_what_does_not_is_refused(void **state)
{
    (void)state;

    static const struct {
        const char *at, *say;
        enum status is;
    } cases[] = {{"", "421 lin@example.com: later", E_BUSY},
                 {"", NULL, E_BUSY},
                 {"MAIL", "451 later", E_BUSY},
                 {"RCPT", "450 lin@example.com grey", E_BUSY},
                 {"RCPT", "550 lin@example.com", E_INPUT},
                 {"DATA", "554 no", E_INPUT},
                 {"DATA", "451 later", E_BUSY},
                 {".", "451 later", E_BUSY},
                 {".", "554 lin@example.com", E_INPUT},
                 {".", NULL, E_BUSY},
                 {"MAIL", "530 who are you", E_BUSY},
                 {"MAIL", "553 not you", E_INPUT}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct trial t;
        static struct server s;
        struct mail mail = mail_of("lin@example.com");
        trial_begin(&t);
        server_open(&s, cases[i].at, cases[i].say);
        assert_int_equal(sent_as(&t, &s, "smtp://", &mail), cases[i].is);
        assert_null(strstr(t.cx.failure.detail.p, "example.com"));
        assert_null(strstr(t.cx.failure.detail.p, "补正"));
        trial_end(&t);
    }
}

static void test_a_hostile_address_reaches_no_server(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "lin",
                                      "@example.com",
                                      "lin@",
                                      "lin@example.com\r\nRCPT TO:<all@example.com>",
                                      "lin@example.com\nBcc: all@example.com",
                                      "lin@example.com> SIZE=1",
                                      "<lin@example.com>",
                                      "lin@example.com,all@example.com",
                                      "lin@all@example.com",
                                      "lin @example.com",
                                      "\"lin\"@example.com",
                                      "lin@example.com\x7f",
                                      "lin\xc2\x85@example.com"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct trial t;
        static struct server s;
        struct mail mail = mail_of(bad[i]);
        trial_begin(&t);
        server_open(&s, NULL, NULL);
        const struct mailer *mailer = mailer_to(&t, "smtp://", s.port);
        assert_int_equal(mailer->send(&t.cx, mailer, &mail), E_INPUT);
        assert_string_equal(t.cx.failure.code, "mail-refused");
        assert_null(strstr(t.cx.failure.detail.p, "example.com"));
        (void)close(s.fd); /* nobody came: accept() was never called */
        trial_end(&t);
    }
}

static void test_a_password_does_not_go_in_the_clear(void **state)
{
    (void)state;
    struct trial t;
    static struct server s;
    struct mail mail = mail_of("lin@example.com");
    trial_begin(&t);
    server_open(&s, "EHLO", "250-test\r\n250 AUTH PLAIN LOGIN");
    assert_int_equal(sent_as(&t, &s, "smtp://tongsu:hunter2@", &mail), E_BUSY);
    assert_null(strstr(s.heard, "AUTH"));
    assert_null(strstr(s.heard, "MAIL"));
    trial_end(&t);
}

static void test_tls_is_begun_where_it_is_offered(void **state)
{
    (void)state;
    struct trial t;
    static struct server s;
    struct mail mail = mail_of("lin@example.com");
    trial_begin(&t);
    server_open(&s, "EHLO", "250-test\r\n250 STARTTLS");
    (void)sent_as(&t, &s, "smtp://", &mail); /* this one knows no more of it than the word */
    assert_non_null(strstr(s.heard, "STARTTLS\r\n"));
    trial_end(&t);
}

static void test_nobody_listening_is_busy(void **state)
{
    (void)state;
    struct trial t;
    static struct server s;
    struct mail mail = mail_of("lin@example.com");
    trial_begin(&t);
    server_open(&s, NULL, NULL);
    (void)close(s.fd);
    const struct mailer *mailer = mailer_to(&t, "smtp://", s.port);
    assert_int_equal(mailer->send(&t.cx, mailer, &mail), E_BUSY);
    trial_end(&t);
}

static void test_wrong_options_are_refused(void **state)
{
    (void)state;

    static const struct {
        const char *url, *from, *login;
    } bad[] = {{"", "a@court.example", ""},
               {"http://x/", "a@court.example", ""},
               {"file:///etc/passwd", "a@court.example", ""},
               {"smtp://x", "", ""},
               {"smtp://x", "a@court.example\r\nBcc: b@court.example", ""},
               {"smtp://x", "a@court.example", "/nowhere/at/all"},
               {"smtp://x", "a@court.example", "/dev/null"}};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct trial t;
        const struct mailer *mailer = NULL;
        struct mail_options options = {.url = str_of(bad[i].url),
                                       .from = str_of(bad[i].from),
                                       .login_file = str_of(bad[i].login)};
        trial_begin(&t);
        assert_int_equal(mailer_smtp(&t.cx, t.arena, &options, &mailer), E_INPUT);
        trial_end(&t);
    }
}

static void test_without_a_server_nothing_is_sent_and_nothing_fails(void **state)
{
    (void)state;
    struct trial t;
    struct mail mail = mail_of("lin@example.com");
    trial_begin(&t);
    assert_int_equal(mailer_none()->send(&t.cx, mailer_none(), &mail), OK);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_mail_has_one_receiver_our_id_and_encoded_words),
        cmocka_unit_test(test_a_long_subject_is_cut_between_characters),
        cmocka_unit_test(test_what_passes_is_busy_and_what_does_not_is_refused),
        cmocka_unit_test(test_a_hostile_address_reaches_no_server),
        cmocka_unit_test(test_a_password_does_not_go_in_the_clear),
        cmocka_unit_test(test_tls_is_begun_where_it_is_offered),
        cmocka_unit_test(test_nobody_listening_is_busy),
        cmocka_unit_test(test_wrong_options_are_refused),
        cmocka_unit_test(test_without_a_server_nothing_is_sent_and_nothing_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
