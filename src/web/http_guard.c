/* libmicrohttpd 0.9.75 lets several framings through that a proxy in front may read otherwise:
 * both lengths at once, doubled lengths and hosts, a space before the colon; it joins folded lines,
 * ends lines at a bare LF or CR and values at a NUL byte. Whoever gets two readers to disagree
 * about where a request ends smuggles a second one in, so all of them are refused before the body
 * is read.
 *
 * The last three leave no trace in what it hands out but where it lies: names and values are handed
 * out in place, in the buffer that the head was read into, so a line that does not begin two bytes
 * after the value before it was not sent as it reads. From 0.9.77 on the library refuses them by
 * itself (MHD_OPTION_STRICT_FOR_CLIENT) and promises nothing about places.
 *
 * A length that is no number never comes here: the library answers it by itself, 400 on a page of
 * its own, with the head doubled, and closes. Those bytes are always the same and hold nothing of
 * the request, as the test proves. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/check.h"
#include "web/http_int.h"

enum { BOUNDARY_MAX = 70, LENGTH_DIGITS_MAX = 18 };

struct head {
    unsigned lengths, hosts, encodings;
    Str length, encoding, forwarded, content_type;
    const char *refusal;
    uintptr_t line; /* where the next line of the head has to begin; compared, never read from */
};

enum { LINE_END_BYTES = 2, LAST_VERSION_LENIENT = 0x00097600 };

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool guard_is_token(Str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!is_alnum(s.p[i]) && (s.p[i] == '\0' || strchr("!#$%&'*+-.^_`|~", s.p[i]) == NULL)) {
            return false;
        }
    }
    return s.n > 0;
}

/* Control bytes but the tab. */
static const unsigned char is_control[256] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1,
                                              1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                              1, 1, 1, 1, 1, 1, 1, 1, 1, 1, [0x7F] = 1};

bool guard_is_clean(Str s)
{
    return str_find_marked(s, 0, is_control) == s.n;
}

static bool is_name(Str s, const char *name)
{
    return s.n == strlen(name) && strncasecmp(s.p, name, s.n) == 0;
}

/* False when something lies between two lines that was not handed out. */
static bool line_follows(struct head *head, Str name, Str text)
{
    bool follows = (uintptr_t)name.p == head->line;
    head->line = (uintptr_t)text.p + text.n + LINE_END_BYTES;
    return follows || MHD_VERSION > LAST_VERSION_LENIENT;
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *key,
                                 size_t key_size, const char *value, size_t value_size)
{
    (void)kind;
    struct head *head = cls;
    Str name = {key, key_size};
    Str text = value == NULL ? (Str){"", 0} : (Str){value, value_size};
    if (!line_follows(head, name, text)) {
        head->refusal = "folded line, bare end of line or NUL byte";
    } else if (!guard_is_token(name)) {
        head->refusal = "header name is no token";
    } else if (!guard_is_clean(text)) {
        head->refusal = "control byte in a header";
    } else if (is_name(name, "Content-Length")) {
        head->lengths++;
        head->length = text;
    } else if (is_name(name, "Transfer-Encoding")) {
        head->encodings++;
        head->encoding = text;
    } else if (is_name(name, "Host")) {
        head->hosts++;
        head->refusal = text.n == 0 ? "empty host" : head->refusal;
    } else if (is_name(name, "X-Forwarded-For")) {
        head->forwarded = text;
    } else if (is_name(name, "Content-Type") && head->content_type.n == 0) {
        head->content_type = text;
    }
    return head->refusal == NULL ? MHD_YES : MHD_NO;
}

/* Digits only: a sign, a space or hexadecimal is read differently by different readers. */
static bool length_read(Str s, int64_t *out)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
    }
    return s.n <= LENGTH_DIGITS_MAX && str_int(s, out);
}

static const char *framing_read(struct http_exchange *exchange, const struct head *head,
                                bool old_version)
{
    if (head->refusal != NULL) {
        return head->refusal;
    }
    if (head->hosts != 1) {
        return "not exactly one host";
    }
    if (head->lengths > 1 || head->encodings > 1 || head->lengths + head->encodings > 1) {
        return "more than one statement of length";
    }
    if (head->encodings == 1) {
        exchange->chunked = true;
        return is_name(head->encoding, "chunked") && !old_version ? NULL : "transfer encoding";
    }
    if (head->lengths == 1 && !length_read(head->length, &exchange->declared_bytes)) {
        return "content length";
    }
    return NULL;
}

static bool path_is_plain(Str path)
{
    if (path.n == 0 || path.p[0] != '/' || !guard_is_clean(path)) {
        return false;
    }
    size_t from = 1; /* of the part that ends at i */
    for (size_t i = 1; i <= path.n; i++) {
        if (i < path.n && (path.p[i] == '\\' || path.p[i] == '\t')) {
            return false;
        }
        if (i == path.n || path.p[i] == '/') {
            Str part = {path.p + from, i - from};
            bool is_dots = (part.n == 1 && part.p[0] == '.') ||
                           (part.n == 2 && part.p[0] == '.' && part.p[1] == '.');
            if (is_dots || (part.n == 0 && i < path.n)) {
                return false;
            }
            from = i + 1;
        }
    }
    return true;
}

static bool query_read(struct http_request *request)
{
    struct arena *arena = request->cx.arena;
    Str *pairs = NULL;
    request->params = value_map(arena);
    size_t count = request->query.n == 0 ? 0 : str_split(arena, request->query, '&', &pairs);
    for (size_t i = 0; i < count; i++) {
        const char *equals = memchr(pairs[i].p, '=', pairs[i].n);
        size_t at = equals == NULL ? pairs[i].n : (size_t)(equals - pairs[i].p);
        size_t behind = equals == NULL ? at : at + 1;
        Str name;
        Str text;
        if (!text_percent_decode(arena, (Str){pairs[i].p, at}, true, &name) ||
            !text_percent_decode(arena, (Str){pairs[i].p + behind, pairs[i].n - behind}, true,
                                 &text)) {
            return false;
        }
        if (name.n > 0) {
            value_set_key(arena, request->params, name, value_str(arena, text));
        }
    }
    return true;
}

static const char *target_read(struct http_exchange *exchange)
{
    struct http_request *request = &exchange->request;
    Str target = exchange->target;
    if (memchr(target.p, ' ', target.n) != NULL || memchr(target.p, '\t', target.n) != NULL ||
        memchr(target.p, '#', target.n) != NULL || !guard_is_clean(target)) {
        return "target with space, control byte or fragment";
    }
    const char *mark = memchr(target.p, '?', target.n);
    size_t at = mark == NULL ? target.n : (size_t)(mark - target.p);
    Str path;
    if (!text_percent_decode(request->cx.arena, (Str){target.p, at}, false, &path) ||
        !path_is_plain(path)) {
        return "target is not a plain path";
    }
    size_t behind = mark == NULL ? target.n : at + 1;
    request->query = (Str){target.p + behind, target.n - behind};
    if (!query_read(request)) {
        return "query cannot be decoded";
    }
    request->path = path;
    return NULL;
}

/* The value of a parameter `name=` in a header value like "multipart/form-data; boundary=x"; plain
 * or in quotes, "" when absent or malformed. */
static Str parameter_read(struct arena *arena, Str header, const char *name)
{
    size_t size = strlen(name);
    for (const char *p = strchr(header.p, ';'); p != NULL; p = strchr(p, ';')) {
        p += 1 + strspn(p + 1, " \t");
        if (strncasecmp(p, name, size) != 0 || p[size] != '=') {
            continue;
        }
        p += size + 1;
        if (*p != '"') {
            return str_copy(arena, p, strcspn(p, "; \t"));
        }
        const char *end = strchr(p + 1, '"');
        return end == NULL ? (Str){"", 0} : str_copy(arena, p + 1, (size_t)(end - p - 1));
    }
    return (Str){"", 0};
}

/* RFC 2046 5.1.1: 1 to 70 characters, the last no space. */
static bool boundary_is_good(Str boundary)
{
    for (size_t i = 0; i < boundary.n; i++) {
        if (!is_alnum(boundary.p[i]) && strchr("'()+_,-./:=? ", boundary.p[i]) == NULL) {
            return false;
        }
    }
    return boundary.n > 0 && boundary.n <= BOUNDARY_MAX && boundary.p[boundary.n - 1] != ' ';
}

static void content_type_read(struct http_request *request, Str header)
{
    struct arena *arena = request->cx.arena;
    char *type = arena_copy(arena, header.p, strcspn(header.p, "; \t"));
    for (char *p = type; *p != '\0'; p++) {
        *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
    }
    request->content_type = utf8_is_valid(type, strlen(type)) ? str_of(type) : (Str){"", 0};
    if (str_is(request->content_type, "multipart/form-data")) {
        Str boundary = parameter_read(arena, header, "boundary");
        request->boundary = boundary_is_good(boundary) ? boundary : (Str){"", 0};
    }
}

static bool address_is(Str text)
{
    unsigned char address[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, text.p, address) == 1 || inet_pton(AF_INET6, text.p, address) == 1;
}

/* Whoever is not on this machine could claim any origin, so only a proxy on it is believed, and of
 * its list only the entry that it made itself. */
static Str forwarded_read(struct arena *arena, Str list, Str peer)
{
    const char *comma = list.n == 0 ? NULL : strrchr(list.p, ',');
    Str last = comma == NULL ? list : str_of(comma + 1);
    last = str_trim(arena, last);
    return last.n > 0 && address_is(last) ? str_copy(arena, last.p, last.n) : peer;
}

static Str client_read(struct arena *arena, struct MHD_Connection *connection, Str forwarded)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    bool is_near = false;
    if (info != NULL && info->client_addr != NULL && info->client_addr->sa_family == AF_INET) {
        struct sockaddr_in peer;
        memcpy(&peer, info->client_addr, sizeof peer);
        (void)inet_ntop(AF_INET, &peer.sin_addr, text, sizeof text);
        is_near = ntohl(peer.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    } else if (info != NULL && info->client_addr != NULL &&
               info->client_addr->sa_family == AF_INET6) {
        struct sockaddr_in6 peer;
        memcpy(&peer, info->client_addr, sizeof peer);
        const unsigned char *bytes = peer.sin6_addr.s6_addr;
        if (IN6_IS_ADDR_V4MAPPED(&peer.sin6_addr)) {
            (void)inet_ntop(AF_INET, bytes + 12, text, sizeof text);
            is_near = bytes[12] == IN_LOOPBACKNET;
        } else {
            (void)inet_ntop(AF_INET6, bytes, text, sizeof text);
            is_near = IN6_IS_ADDR_LOOPBACK(&peer.sin6_addr);
        }
    }
    Str peer = str_copy(arena, text, strlen(text));
    return is_near ? forwarded_read(arena, forwarded, peer) : peer;
}

static enum http_method method_read(const char *method)
{
    static const struct {
        const char *name;
        enum http_method method;
    } known[] = {
        {"GET", HTTP_GET},     {"HEAD", HTTP_HEAD},     {"POST", HTTP_POST},
        {"PATCH", HTTP_PATCH}, {"DELETE", HTTP_DELETE}, {"OPTIONS", HTTP_OPTIONS},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].name, method) == 0) {
            return known[i].method;
        }
    }
    return HTTP_OTHER;
}

/* The empty line behind the last one too. */
static bool head_ends(struct MHD_Connection *connection, const char *method,
                      const struct head *head)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return MHD_VERSION > LAST_VERSION_LENIENT || info == NULL ||
           (uintptr_t)method + info->header_size == head->line + LINE_END_BYTES;
}

const char *guard_read(struct http_exchange *exchange, const char *method, const char *version)
{
    struct http_request *request = &exchange->request;
    struct arena *arena = request->cx.arena;
    struct head head = {.line = (uintptr_t)version + strlen(version) + LINE_END_BYTES};
    request->method = method_read(method);
    (void)MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, on_header, &head);
    if (head.refusal == NULL && !head_ends(request->connection, method, &head)) {
        head.refusal = "bare end of line";
    }
    request->client = client_read(arena, request->connection, head.forwarded);
    bool old_version = strcmp(version, MHD_HTTP_VERSION_1_0) == 0;
    if (!old_version && strcmp(version, MHD_HTTP_VERSION_1_1) != 0) {
        return "version of the protocol";
    }
    if (!guard_is_token(str_of(method))) {
        return "method is no token";
    }
    const char *refusal = framing_read(exchange, &head, old_version);
    if (refusal == NULL) {
        refusal = target_read(exchange);
    }
    if (refusal == NULL && head.content_type.n > 0) {
        content_type_read(request, head.content_type);
    }
    return refusal;
}

static Str lookup(const struct http_request *request, enum MHD_ValueKind kind, const char *name)
{
    const char *value = NULL;
    size_t size = 0;
    if (MHD_lookup_connection_value_n(request->connection, kind, name, strlen(name), &value,
                                      &size) != MHD_YES ||
        value == NULL || !utf8_is_valid(value, size)) {
        return (Str){"", 0};
    }
    return (Str){value, size};
}

Str http_header(const struct http_request *request, const char *name)
{
    return lookup(request, MHD_HEADER_KIND, name);
}

Str http_cookie(const struct http_request *request, const char *name)
{
    return lookup(request, MHD_COOKIE_KIND, name);
}
