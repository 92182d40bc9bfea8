/* The delimiter is CR LF "--" boundary. A boundary holds no CR, so a match that fails can only
 * begin again at the byte that broke it: what had matched is handed on as content, from our own
 * copy of the delimiter, and nothing of the stream is ever kept but a count. */
#include <string.h>

#include "base/check.h"
#include "web/http.h"

enum { PARTS_MAX = 5000, HEAD_BYTES_MAX = 8 * 1024, BOUNDARY_MAX = 70 };

enum place {
    PLACE_PREAMBLE, /* before the first delimiter: not ours to read */
    PLACE_TAIL,     /* behind a delimiter: white space and CR LF, or "--" */
    PLACE_HEAD,     /* in the headers of a part */
    PLACE_CONTENT,
    PLACE_EPILOGUE, /* behind the last delimiter */
    PLACE_FAILED
};

struct multipart {
    struct arena *arena;
    const struct multipart_sink *sink;
    void *arg;
    char delimiter[BOUNDARY_MAX + 5];
    size_t delimiter_size;
    enum place place;
    size_t matched; /* bytes of the delimiter seen */
    char tail[2];   /* last bytes of the tail: "--" or CR */
    size_t tail_size;
    char head[HEAD_BYTES_MAX + 1];
    size_t head_size;
    unsigned parts;
};

struct multipart *multipart_open(struct arena *arena, Str boundary,
                                 const struct multipart_sink *sink, void *arg)
{
    check(boundary.n <= BOUNDARY_MAX && memchr(boundary.p, '\r', boundary.n) == NULL);
    struct multipart *multipart = arena_new(arena, struct multipart);
    multipart->arena = arena;
    multipart->sink = sink;
    multipart->arg = arg;
    memcpy(multipart->delimiter, "\r\n--", 4);
    memcpy(multipart->delimiter + 4, boundary.p, boundary.n);
    multipart->delimiter_size = boundary.n + 4;
    multipart->place = PLACE_PREAMBLE;
    multipart->matched = 2; /* the first delimiter may begin the body, without CR LF */
    return multipart;
}

#define UNREADABLE(cx, detail) FAIL(cx, E_READ, "form-unreadable", "%s", detail)

/* --- the headers of a part --- */

static bool is_lower_name(const char *line, size_t size, const char *name)
{
    if (strlen(name) != size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        char c = (char)(line[i] >= 'A' && line[i] <= 'Z' ? line[i] + 32 : line[i]);
        if (c != name[i]) {
            return false;
        }
    }
    return true;
}

/* A quoted text from behind its first quote; returns what is behind its last, NULL when there is
 * none. Browsers write a quote as %22, programs as \"; a \ before anything else stands for itself,
 * as in the paths that old browsers send. */
static const char *quoted_read(struct arena *arena, const char *p, Str *out)
{
    char *text = arena_alloc(arena, strlen(p) + 1);
    size_t n = 0;
    while (*p != '"') {
        if (*p == '\0') {
            return NULL;
        }
        if (*p == '\\' && (p[1] == '"' || p[1] == '\\')) {
            p++;
        } else if (strncmp(p, "%22", 3) == 0) {
            text[n++] = '"';
            p += 3;
            continue;
        }
        text[n++] = *p++;
    }
    *out = (Str){text, n};
    return p + 1;
}

/* One parameter "; name=value" of a header line; p is moved behind it. false at the end or when it
 * cannot be read: then *p is not at the line's end. */
static bool parameter_next(struct arena *arena, const char **p, Str *name, Str *text)
{
    const char *at = *p + strspn(*p, " \t");
    if (*at != ';') {
        *p = at;
        return false;
    }
    at += 1 + strspn(at + 1, " \t");
    size_t size = strcspn(at, "=; \t\"");
    *name = (Str){at, size};
    *text = STR("");
    at += size;
    if (size > 0 && *at == '=') {
        at++;
        if (*at == '"') {
            const char *end = quoted_read(arena, at + 1, text);
            if (end == NULL) {
                return false;
            }
            at = end;
        } else {
            size = strcspn(at, "; \t\"");
            *text = str_copy(arena, at, size);
            at += size;
        }
    }
    *p = at;
    return true;
}

/* What is behind the last separator of a path, of either kind of system. */
static Str file_name_bare(struct arena *arena, Str path)
{
    size_t from = path.n;
    while (from > 0 && path.p[from - 1] != '/' && path.p[from - 1] != '\\') {
        from--;
    }
    return from == 0 ? path : str_slice(arena, path, from, path.n);
}

struct part {
    Str name, file_name, content_type;
    bool has_name;
};

static enum status disposition_read(struct cx *cx, const char *p, struct part *part)
{
    size_t size = strcspn(p, "; \t");
    Str name;
    Str text;
    if (part->has_name || !is_lower_name(p, size, "form-data")) {
        return UNREADABLE(cx, "a part is no form-data");
    }
    p += size;
    while (parameter_next(cx->arena, &p, &name, &text)) {
        if (is_lower_name(name.p, name.n, "name")) {
            part->name = text;
            part->has_name = true;
        } else if (is_lower_name(name.p, name.n, "filename")) {
            part->file_name = file_name_bare(cx->arena, text);
        }
    }
    if (*p != '\0' || part->name.n == 0) {
        return UNREADABLE(cx, "a part without a readable name");
    }
    return OK;
}

static enum status header_read(struct cx *cx, const char *line, struct part *part)
{
    const char *colon = strchr(line, ':');
    if (colon == NULL || colon == line) {
        return UNREADABLE(cx, "a line of a part's head is no header");
    }
    size_t size = (size_t)(colon - line);
    const char *text = colon + 1 + strspn(colon + 1, " \t");
    if (is_lower_name(line, size, "content-disposition")) {
        return disposition_read(cx, text, part);
    }
    if (is_lower_name(line, size, "content-type")) {
        part->content_type = str_copy(cx->arena, text, strlen(text));
    } else if (is_lower_name(line, size, "content-transfer-encoding") &&
               !is_lower_name(text, strlen(text), "binary") &&
               !is_lower_name(text, strlen(text), "8bit") &&
               !is_lower_name(text, strlen(text), "7bit")) {
        return UNREADABLE(cx, "a part with a transfer encoding");
    }
    return OK;
}

/* Every line ends in CR LF and holds no other control byte. */
static bool head_is_clean(const char *head, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)head[i];
        bool is_line_end = (c == '\r' && i + 1 < size && head[i + 1] == '\n') ||
                           (c == '\n' && i > 0 && head[i - 1] == '\r');
        if ((c < ' ' && c != '\t' && !is_line_end) || c == 0x7F) {
            return false;
        }
    }
    return utf8_is_valid(head, size);
}

static enum status part_begin(struct multipart *multipart, struct cx *cx)
{
    struct part part = {.name = STR(""), .file_name = STR(""), .content_type = STR("")};
    char *line = multipart->head;
    char *end = multipart->head + multipart->head_size - 2; /* without the empty line */
    if (!head_is_clean(multipart->head, multipart->head_size)) {
        return UNREADABLE(cx, "a part's head holds control bytes or bytes not UTF-8");
    }
    if (++multipart->parts > PARTS_MAX) {
        return FAIL(cx, E_READ, "form-unreadable", "more than %d parts", PARTS_MAX);
    }
    while (line < end) {
        char *behind = strchr(line, '\r');
        check(behind != NULL && behind < end);
        *behind = '\0';
        TRY(header_read(cx, line, &part));
        line = behind + 2;
    }
    if (!part.has_name) {
        return UNREADABLE(cx, "a part without a name");
    }
    multipart->place = PLACE_CONTENT;
    multipart->matched = 0;
    return multipart->sink->part_begin(multipart->arg, cx, part.name, part.file_name,
                                       part.content_type);
}

/* --- moving through the bytes: each takes some of them, at least one, and says how many --- */

static enum status head_add(struct multipart *multipart, struct cx *cx, char byte)
{
    if (multipart->head_size == HEAD_BYTES_MAX) {
        return UNREADABLE(cx, "the head of a part is too long");
    }
    multipart->head[multipart->head_size++] = byte;
    multipart->head[multipart->head_size] = '\0';
    size_t n = multipart->head_size;
    bool is_end =
        byte == '\n' &&
        (n == 2 || (n >= 4 && multipart->head[n - 3] == '\n' && multipart->head[n - 4] == '\r'));
    return is_end && multipart->head[n - 2] == '\r' ? part_begin(multipart, cx) : OK;
}

static enum status tail_add(struct multipart *multipart, struct cx *cx, char byte)
{
    char before = multipart->tail_size > 0 ? multipart->tail[0] : '\0';
    if (before == '\0' && (byte == ' ' || byte == '\t')) {
        return OK;
    }
    if (before == '\0' && (byte == '-' || byte == '\r')) {
        multipart->tail[0] = byte;
        multipart->tail_size = 1;
        return OK;
    }
    if (before == '-' && byte == '-') {
        multipart->place = PLACE_EPILOGUE;
        return OK;
    }
    if (before == '\r' && byte == '\n') {
        multipart->place = PLACE_HEAD;
        multipart->head_size = 0;
        return OK;
    }
    return UNREADABLE(cx, "a boundary is followed by other text");
}

static enum status content_emit(struct multipart *multipart, struct cx *cx, const char *bytes,
                                size_t size)
{
    if (size == 0 || multipart->place == PLACE_PREAMBLE) {
        return OK;
    }
    return multipart->sink->part_bytes(multipart->arg, cx, bytes, size);
}

static enum status delimiter_found(struct multipart *multipart, struct cx *cx)
{
    bool was_content = multipart->place == PLACE_CONTENT;
    multipart->place = PLACE_TAIL;
    multipart->tail_size = 0;
    return was_content ? multipart->sink->part_end(multipart->arg, cx) : OK;
}

/* Content goes on in runs as long as the piece allows, whatever it looks like inside: a file of
 * nothing but CR must not become a call for each byte. */
static enum status content_add(struct multipart *multipart, struct cx *cx, const char *bytes,
                               size_t size, size_t *taken)
{
    size_t carried = multipart->matched; /* of a match that began in an earlier piece */
    size_t n = 0;
    while (n < size && multipart->matched < multipart->delimiter_size) {
        if (bytes[n] == multipart->delimiter[multipart->matched]) {
            multipart->matched++;
            n++;
        } else if (multipart->matched > 0) {
            TRY(content_emit(multipart, cx, multipart->delimiter, carried));
            carried = 0;
            multipart->matched = 0;
        } else {
            const char *next = memchr(bytes + n, '\r', size - n);
            n = next == NULL ? size : (size_t)(next - bytes);
        }
    }
    *taken = n;
    if (carried == 0) {
        TRY(content_emit(multipart, cx, bytes, n - multipart->matched));
    }
    return multipart->matched == multipart->delimiter_size ? delimiter_found(multipart, cx) : OK;
}

static enum status step(struct multipart *multipart, struct cx *cx, const char *bytes, size_t size,
                        size_t *taken)
{
    *taken = 1;
    switch (multipart->place) {
    case PLACE_PREAMBLE:
    case PLACE_CONTENT: return content_add(multipart, cx, bytes, size, taken);
    case PLACE_TAIL: return tail_add(multipart, cx, bytes[0]);
    case PLACE_HEAD: return head_add(multipart, cx, bytes[0]);
    case PLACE_EPILOGUE: *taken = size; return OK;
    case PLACE_FAILED: break;
    }
    check(multipart->place != PLACE_FAILED);
    return OK;
}

enum status multipart_add(struct multipart *multipart, struct cx *cx, const char *bytes,
                          size_t size)
{
    while (size > 0) {
        size_t taken = 0;
        enum status status = step(multipart, cx, bytes, size, &taken);
        if (status == OK) {
            status = cx_ceiling(cx, __FILE__, __LINE__);
        }
        if (status != OK) {
            multipart->place = PLACE_FAILED;
            return status;
        }
        bytes += taken;
        size -= taken;
    }
    return OK;
}

enum status multipart_end(struct multipart *multipart, struct cx *cx)
{
    if (multipart->place != PLACE_EPILOGUE) {
        return UNREADABLE(cx, "the form ends before its closing boundary");
    }
    return OK;
}
