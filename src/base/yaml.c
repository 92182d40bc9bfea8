/* libyaml's events become values one by one: no tree of libyaml's is ever built, and what the house
 * does not want (anchors, aliases, tags, second documents) is refused at its event. */
#include "base/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/check.h"

struct reader {
    struct cx *cx;
    const char *name;
    Str text;
    yaml_parser_t parser;
    yaml_event_t event; /* the current one; a node is read from its first event to its last */
};

static enum status refuse(struct reader *r, size_t line, const char *why)
{
    return FAIL(r->cx, E_READ, "data-unreadable", "%s:%zu: %s", r->name, line, why);
}

static size_t line_of_offset(Str text, size_t offset)
{
    size_t line = 1;
    for (size_t i = 0; i < offset && i < text.n; i++) {
        line += text.p[i] == '\n';
    }
    return line;
}

static size_t event_line(const struct reader *r)
{
    return r->event.start_mark.line + 1;
}

static enum status event_next(struct reader *r)
{
    yaml_event_delete(&r->event);
    if (yaml_parser_parse(&r->parser, &r->event) != 0) {
        return OK;
    }
    memset(&r->event, 0, sizeof r->event);
    size_t line = r->parser.error == YAML_READER_ERROR
                      ? line_of_offset(r->text, r->parser.problem_offset)
                      : r->parser.problem_mark.line + 1;
    const char *why = r->parser.problem;
    return refuse(r, line, why == NULL ? "not YAML" : why);
}

/* Canonical decimal only: "0105" is a code, not a number, and keeps its zero. */
static bool is_whole_number(Str s, int64_t *out)
{
    size_t first = s.n > 0 && s.p[0] == '-' ? 1 : 0;
    if (s.n == first || (s.p[first] == '0' && s.n > 1)) {
        return false;
    }
    return str_int(s, out);
}

static struct value *plain_value(struct arena *arena, Str s)
{
    int64_t number = 0;
    if (str_is(s, "true") || str_is(s, "false")) {
        return value_bool(arena, str_is(s, "true"));
    }
    if (str_is(s, "null")) {
        return value_null(arena);
    }
    return is_whole_number(s, &number) ? value_int(arena, number) : value_str(arena, s);
}

/* The text of the current event, which must be a scalar. */
static enum status scalar_text(struct reader *r, Str *out)
{
    const char *bytes = (const char *)r->event.data.scalar.value;
    size_t size = r->event.data.scalar.length;
    if (r->event.data.scalar.anchor != NULL || r->event.data.scalar.tag != NULL) {
        return refuse(r, event_line(r), "anchors and tags are not used here");
    }
    if (!utf8_is_valid(bytes, size)) {
        return refuse(r, event_line(r), "an escape gives a character that text cannot hold");
    }
    *out = str_copy(r->cx->arena, bytes, size);
    return OK;
}

static enum status scalar_read(struct reader *r, struct value **out)
{
    struct cx *cx = r->cx;
    Str text = {"", 0};
    TRY(scalar_text(r, &text));
    bool plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    *out = plain ? plain_value(cx->arena, text) : value_str(cx->arena, text);
    return OK;
}

static enum status node_read(struct reader *r, int depth, struct value **out);

/* NOLINTNEXTLINE(misc-no-recursion): depth is VALUE_DEPTH_MAX at most */
static enum status list_read(struct reader *r, int depth, struct value *list)
{
    struct cx *cx = r->cx;
    if (r->event.data.sequence_start.anchor != NULL || r->event.data.sequence_start.tag != NULL) {
        return refuse(r, event_line(r), "anchors and tags are not used here");
    }
    for (;;) {
        TRY(event_next(r));
        if (r->event.type == YAML_SEQUENCE_END_EVENT) {
            return OK;
        }
        struct value *item = NULL;
        TRY(node_read(r, depth + 1, &item));
        value_add(cx->arena, list, item);
    }
}

static enum status key_read(struct reader *r, const struct value *map, Str *key)
{
    struct cx *cx = r->cx;
    if (r->event.type != YAML_SCALAR_EVENT) {
        return refuse(r, event_line(r), "a key must be text");
    }
    TRY(scalar_text(r, key));
    if (key->n == 0) {
        return refuse(r, event_line(r), "a key is empty");
    }
    if (value_get_key(map, *key) != NULL) {
        return refuse(r, event_line(r),
                      arena_printf(cx->arena, "key \"%s\" is given twice", key->p));
    }
    return OK;
}

/* NOLINTNEXTLINE(misc-no-recursion): depth is VALUE_DEPTH_MAX at most */
static enum status map_read(struct reader *r, int depth, struct value *map)
{
    struct cx *cx = r->cx;
    if (r->event.data.mapping_start.anchor != NULL || r->event.data.mapping_start.tag != NULL) {
        return refuse(r, event_line(r), "anchors and tags are not used here");
    }
    for (;;) {
        TRY(event_next(r));
        if (r->event.type == YAML_MAPPING_END_EVENT) {
            return OK;
        }
        Str key = {"", 0};
        TRY(key_read(r, map, &key));
        TRY(event_next(r));
        struct value *member = NULL;
        TRY(node_read(r, depth + 1, &member));
        value_set_key(cx->arena, map, key, member);
    }
}

/* Reads the node whose first event is the current one. Depth is bounded by VALUE_DEPTH_MAX. */
/* NOLINTNEXTLINE(misc-no-recursion): depth is VALUE_DEPTH_MAX at most */
static enum status node_read(struct reader *r, int depth, struct value **out)
{
    struct cx *cx = r->cx;
    size_t line = event_line(r);
    if (depth > VALUE_DEPTH_MAX) {
        return refuse(r, line, "nested too deep");
    }
    if (r->event.type == YAML_SCALAR_EVENT) {
        TRY(scalar_read(r, out));
    } else if (r->event.type == YAML_SEQUENCE_START_EVENT) {
        *out = value_list(cx->arena);
        TRY(list_read(r, depth, *out));
    } else if (r->event.type == YAML_MAPPING_START_EVENT) {
        *out = value_map(cx->arena);
        TRY(map_read(r, depth, *out));
    } else {
        return refuse(r, line, "aliases are not used here");
    }
    (*out)->line = (uint32_t)line;
    return OK;
}

static enum status document_read(struct reader *r, struct value **out)
{
    struct cx *cx = r->cx;
    TRY(event_next(r)); /* the stream's start */
    check(r->event.type == YAML_STREAM_START_EVENT);
    TRY(event_next(r));
    if (r->event.type == YAML_STREAM_END_EVENT) {
        return refuse(r, 1, "there is nothing in it");
    }
    check(r->event.type == YAML_DOCUMENT_START_EVENT);
    TRY(event_next(r));
    struct value *root = NULL;
    TRY(node_read(r, 0, &root));
    TRY(event_next(r));
    check(r->event.type == YAML_DOCUMENT_END_EVENT);
    TRY(event_next(r));
    if (r->event.type != YAML_STREAM_END_EVENT) {
        return refuse(r, event_line(r), "a second document begins");
    }
    *out = root;
    return OK;
}

enum status yaml_read(struct cx *cx, const char *name, Str text, struct value **out)
{
    struct reader r = {.cx = cx, .name = name, .text = text};
    size_t offset = 0;
    uint32_t code = 1;
    while (offset < text.n) {
        if (!utf8_next(text, &offset, &code) || code == 0) {
            return refuse(&r, line_of_offset(text, offset), "bytes that are not UTF-8");
        }
    }
    check(yaml_parser_initialize(&r.parser) != 0);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.p, text.n);
    enum status status = document_read(&r, out);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return status;
}
