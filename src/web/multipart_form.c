/* Small multipart forms, read as a whole. */
#include "web/http.h"

struct reading {
    struct arena *arena;
    struct value *fields;
    struct buf part;
    Str name;
    size_t limit_bytes;
};

static enum status part_begin(void *arg, struct cx *cx, Str name, Str file_name, Str content_type)
{
    struct reading *reading = arg;
    (void)cx;
    (void)file_name;
    (void)content_type;
    reading->name = name;
    buf_init(&reading->part, reading->arena, reading->limit_bytes);
    return OK;
}

static enum status part_bytes(void *arg, struct cx *cx, const char *bytes, size_t size)
{
    struct reading *reading = arg;
    (void)cx;
    buf_add(&reading->part, bytes, size);
    return OK;
}

static enum status part_end(void *arg, struct cx *cx)
{
    struct reading *reading = arg;
    Str text = buf_done(&reading->part);
    if (!utf8_is_valid(text.p, text.n)) {
        return FAIL(cx, E_READ, "form-unreadable", "a part that is no text");
    }
    if (value_count(reading->fields) >= VALUE_MEMBERS_MAX) {
        return FAIL(cx, E_READ, "form-unreadable", "too many parts");
    }
    if (text.n > 0 || value_get_key(reading->fields, reading->name) == NULL) {
        value_set_key(reading->arena, reading->fields, reading->name,
                      value_str(reading->arena, text));
    }
    return OK;
}

enum status http_multipart_read(struct cx *cx, Str body, Str boundary, struct value **out)
{
    static const struct multipart_sink sink = {part_begin, part_bytes, part_end};
    struct reading reading = {.arena = cx->arena, .limit_bytes = body.n + 1};
    *out = reading.fields = value_map(cx->arena);
    struct multipart *multipart = multipart_open(cx->arena, boundary, &sink, &reading);
    TRY(multipart_add(multipart, cx, body.p, body.n));
    return multipart_end(multipart, cx);
}
