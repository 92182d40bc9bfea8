#include "link/mail.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "seal/password.h"

enum {
    TIMEOUT_MS = 20000,
    CONNECT_MS = 3000,
    URL_BYTES_MAX = 2000,
    ADDRESS_BYTES_MAX = 254,
    LOGIN_BYTES_MAX = 1000,
    WORD_BYTES_MAX = 42, /* 56 in base64 and 12 around them: a line has at most 76 */
    HEADER_BYTES_MAX = 1 << 16,
    SMTP_FOR_GOOD = 500,
    SMTP_END = 600,
    SMTP_NO_LOGIN_FIRST = 530, /* 530 to 538: who we are, not what we send */
    SMTP_NO_LOGIN_LAST = 538,
};

struct smtp {
    const char *url;
    const char *from;
    const char *domain; /* of from */
    const char *user;   /* NULL: those in the URL, if any */
    const char *password;
    long tls;       /* CURLUSESSL_… */
    const char *ca; /* NULL: the system's */
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void curl_begin(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* (3) The web has refused these already: here nothing depends on it. */
static bool is_address(Str s)
{
    size_t at = s.n;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c >= 127 || strchr("<>()[],;:\\\"", c) != NULL || (c == '@' && at < s.n)) {
            return false;
        }
        at = c == '@' ? i : at;
    }
    return at > 0 && at + 1 < s.n && s.n <= ADDRESS_BYTES_MAX;
}

/* --- what a mail looks like --- */

/* As encoded words (RFC 2047), each of whole characters, on lines of their own. */
static void words_put(struct arena *arena, struct buf *out, Str text)
{
    size_t from = 0;
    size_t at = 0;
    uint32_t c = 0;
    while (from < text.n) {
        size_t to = from;
        while (utf8_next(text, &at, &c) && at - from <= WORD_BYTES_MAX) {
            to = at;
        }
        to = to == from ? text.n : to; /* no UTF-8: as it is, encoded all the same */
        buf_printf(out, "%s=?UTF-8?B?%s?=", from == 0 ? "" : "\r\n ",
                   base64_encode(arena, text.p + from, to - from).p);
        from = to;
        at = to;
    }
}

static const char *date_line(struct arena *arena, Instant at)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(at / 1000);
    struct tm tm;
    (void)gmtime_r(&seconds, &tm);
    return arena_printf(arena, "%s, %02d %s %d %02d:%02d:%02d +0000", days[tm.tm_wday], tm.tm_mday,
                        months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static struct curl_slist *headers_of(struct arena *arena, const struct smtp *smtp,
                                     const struct mail *mail)
{
    struct buf subject;
    struct curl_slist *list = NULL;
    buf_init(&subject, arena, HEADER_BYTES_MAX);
    words_put(arena, &subject, mail->subject);
    const char *lines[] = {
        arena_printf(arena, "From: <%s>", smtp->from),
        arena_printf(arena, "To: <%.*s>", STR_ARG(mail->to)),
        arena_printf(arena, "Subject: %s", buf_done(&subject).p),
        arena_printf(arena, "Date: %s", date_line(arena, mail->at)),
        arena_printf(arena, "Message-ID: <tongsu-%.*s@%s>", STR_ARG(mail->id), smtp->domain),
        "Auto-Submitted: auto-generated",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct curl_slist *longer = curl_slist_append(list, lines[i]);
        if (longer == NULL) {
            curl_slist_free_all(list);
            return NULL;
        }
        list = longer;
    }
    return list;
}

static curl_mime *text_of(CURL *curl, Str text)
{
    curl_mime *mime = curl_mime_init(curl);
    curl_mimepart *part = mime == NULL ? NULL : curl_mime_addpart(mime);
    if (part == NULL || curl_mime_data(part, text.p, text.n) != CURLE_OK ||
        curl_mime_type(part, "text/plain; charset=utf-8") != CURLE_OK ||
        curl_mime_encoder(part, "base64") != CURLE_OK) {
        curl_mime_free(mime);
        return NULL;
    }
    return mime;
}

/* --- sending --- */

static void server_set(CURL *curl, const struct smtp *smtp)
{
    (void)curl_easy_setopt(curl, CURLOPT_URL, smtp->url);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    (void)curl_easy_setopt(curl, CURLOPT_USE_SSL, smtp->tls);
    (void)curl_easy_setopt(curl, CURLOPT_MAIL_FROM, smtp->from);
    if (smtp->ca != NULL) {
        (void)curl_easy_setopt(curl, CURLOPT_CAINFO, smtp->ca);
    }
    if (smtp->user != NULL) {
        (void)curl_easy_setopt(curl, CURLOPT_USERNAME, smtp->user);
        (void)curl_easy_setopt(curl, CURLOPT_PASSWORD, smtp->password);
    }
}

/* The last answer of the server, 0 for none. */
static CURLcode post(struct cx *cx, const struct smtp *smtp, const struct mail *mail, long *said)
{
    CURLcode code = CURLE_OUT_OF_MEMORY;
    CURL *curl = curl_easy_init();
    curl_mime *mime = curl == NULL ? NULL : text_of(curl, mail->text);
    struct curl_slist *headers = headers_of(cx->arena, smtp, mail);
    struct curl_slist *to = curl_slist_append(NULL, str_copy(cx->arena, mail->to.p, mail->to.n).p);
    if (mime != NULL && headers != NULL && to != NULL) {
        server_set(curl, smtp);
        (void)curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
        (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        (void)curl_easy_setopt(curl, CURLOPT_MIMEPOST, mime);
        code = curl_easy_perform(curl);
        (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, said);
    }
    curl_slist_free_all(to);
    curl_slist_free_all(headers);
    curl_mime_free(mime);
    curl_easy_cleanup(curl);
    return code;
}

static bool is_for_good(CURLcode code, long said)
{
    return said >= SMTP_FOR_GOOD && said < SMTP_END && code != CURLE_LOGIN_DENIED &&
           code != CURLE_USE_SSL_FAILED &&
           (said < SMTP_NO_LOGIN_FIRST || said > SMTP_NO_LOGIN_LAST);
}

static enum status smtp_send(struct cx *cx, const struct mailer *mailer, const struct mail *mail)
{
    long said = 0;
    int64_t id = 0;
    if (!is_address(mail->to) || !str_int(mail->id, &id)) {
        return FAIL(cx, E_INPUT, "mail-refused", "no address that can be sent to");
    }
    CURLcode code = post(cx, mailer->own, mail, &said);
    if (code == CURLE_OK) {
        return OK;
    }
    if (is_for_good(code, said)) {
        return FAIL(cx, E_INPUT, "mail-refused", "mail server: %ld for mail %" PRId64, said, id);
    }
    return FAIL(cx, E_BUSY, "busy", "mail server: %ld %s for mail %" PRId64, said,
                curl_easy_strerror(code), id);
}

/* --- the operator's choice --- */

static enum status login_read(struct cx *cx, struct arena *arena, Str path, struct smtp *smtp)
{
    char line[LOGIN_BYTES_MAX];
    FILE *file = fopen(path.p, "rb");
    size_t size = file == NULL ? 0 : fread(line, 1, sizeof line, file);
    if (file != NULL) {
        (void)fclose(file);
    }
    Str text = str_trim(arena, (Str){line, size});
    const char *colon = text.n == 0 ? NULL : memchr(text.p, ':', text.n);
    if (colon == NULL || colon == text.p || size == sizeof line ||
        memchr(text.p, '\n', text.n) != NULL) {
        return FAIL(cx, E_INPUT, "usage", "%s is no file with one line USER:PASSWORD", path.p);
    }
    size_t user = (size_t)(colon - text.p);
    smtp->user = str_copy(arena, text.p, user).p;
    smtp->password = str_copy(arena, colon + 1, text.n - user - 1).p;
    return OK;
}

enum status mailer_smtp(struct cx *cx, struct arena *arena, const struct mail_options *options,
                        const struct mailer **out)
{
    Str url = options->url;
    bool whole = str_starts(url, "smtps://");
    if ((!whole && !str_starts(url, "smtp://")) || url.n > URL_BYTES_MAX) {
        return FAIL(cx, E_INPUT, "usage", "the mail server is no smtp address");
    }
    if (!is_address(options->from)) {
        return FAIL(cx, E_INPUT, "usage", "the sender of mails is no address: --mail-from");
    }
    (void)pthread_once(&curl_once, curl_begin);
    struct smtp *smtp = arena_new(arena, struct smtp);
    smtp->url = str_copy(arena, url.p, url.n).p;
    smtp->from = str_copy(arena, options->from.p, options->from.n).p;
    smtp->domain = strchr(smtp->from, '@') + 1;
    bool secret = str_has(url, "@") || options->login_file.n > 0; /* (4) */
    smtp->tls = options->tls || whole || secret ? CURLUSESSL_ALL : CURLUSESSL_TRY;
    if (options->ca_file.n > 0) {
        smtp->ca = str_copy(arena, options->ca_file.p, options->ca_file.n).p;
        if (access(smtp->ca, R_OK) != 0) {
            return FAIL(cx, E_INPUT, "usage", "%s cannot be read", smtp->ca);
        }
    }
    if (options->login_file.n > 0) {
        TRY(login_read(cx, arena, options->login_file, smtp));
    }
    struct mailer *mailer = arena_new(arena, struct mailer);
    mailer->send = smtp_send;
    mailer->own = smtp;
    *out = mailer;
    return OK;
}

static enum status none_send(struct cx *cx, const struct mailer *mailer, const struct mail *mail)
{
    (void)cx;
    (void)mailer;
    log_text(LOG_INFO, "mail-not-sent", "no mail server; mail %s", mail->id.p);
    return OK;
}

const struct mailer *mailer_none(void)
{
    static const struct mailer none = {.send = none_send};
    return &none;
}
