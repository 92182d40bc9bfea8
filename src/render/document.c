/* HOW IT WORKS. The helper answers the text and behind it the marks, twelve bytes each, big end
 * first. Both are checked as if a stranger had sent them. */
#include "render/document.h"

#include <string.h>

#include "base/json.h"
#include "render/helper_int.h"

enum { MARK_BYTES = 12 };

enum document_format document_format_of(Str bytes)
{
    if (str_starts(bytes, "%PDF")) {
        return DOCUMENT_PDF;
    }
    if (str_starts(bytes, "PK\x03\x04")) {
        return DOCUMENT_DOCX;
    }
    bool other = str_starts(bytes, "\xD0\xCF\x11\xE0") || str_starts(bytes, "\x89PNG") ||
                 str_starts(bytes, "\xFF\xD8\xFF") || str_starts(bytes, "{\\rtf") ||
                 str_starts(bytes, "GIF8") || str_starts(bytes, "Rar!");
    return other ? DOCUMENT_OTHER : DOCUMENT_TEXT;
}

const struct document_mark *document_mark_of(const struct document *d, size_t at)
{
    uint32_t low = 0;
    uint32_t high = d->mark_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (d->marks[middle].at <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? NULL : &d->marks[low - 1];
}

/* --- text --- */

static enum status text_read(struct cx *cx, Str bytes, struct document *out)
{
    if (str_starts(bytes, "\xEF\xBB\xBF")) {
        bytes = (Str){bytes.p + 3, bytes.n - 3};
    }
    if (bytes.n > DOCUMENT_TEXT_MAX) {
        return FAIL(cx, E_TOO_LARGE, "document-too-long", "%zu bytes of text", bytes.n);
    }
    if (!utf8_is_valid(bytes.p, bytes.n) || memchr(bytes.p, '\0', bytes.n) != NULL) {
        return FAIL(cx, E_INPUT, "document-unreadable", "no UTF-8 text");
    }
    struct buf text;
    buf_init(&text, cx->arena, bytes.n + 1);
    size_t lines = 1;
    for (size_t i = 0; i < bytes.n; i++) {
        if (bytes.p[i] != '\r' || i + 1 == bytes.n || bytes.p[i + 1] != '\n') {
            buf_char(&text, bytes.p[i]);
            lines += bytes.p[i] == '\n';
        }
    }
    lines = lines < DOCUMENT_MARKS_MAX ? lines : DOCUMENT_MARKS_MAX;
    *out = (struct document){.format = DOCUMENT_TEXT, .text = buf_done(&text)};
    out->marks = arena_array(cx->arena, struct document_mark, lines);
    for (size_t at = 0; out->mark_count < lines; at++) {
        out->marks[out->mark_count] = (struct document_mark){(uint32_t)at, 0, out->mark_count + 1};
        out->mark_count++;
        const char *end = memchr(out->text.p + at, '\n', out->text.n - at);
        at = end == NULL ? out->text.n : (size_t)(end - out->text.p);
    }
    return OK;
}

/* --- what a helper answers --- */

static uint32_t number_at(const char *at)
{
    uint32_t number = 0;
    for (int i = 0; i < 4; i++) {
        number = (number << 8) | (unsigned char)at[i];
    }
    return number;
}

static enum wire_result answer_take(struct cx *cx, const struct value *head, Str body, void *arg)
{
    struct document *out = arg;
    int64_t size = value_get_int(head, "text");
    if (size < 0 || (uint64_t)size > body.n || size > DOCUMENT_TEXT_MAX ||
        (body.n - (size_t)size) % MARK_BYTES != 0 ||
        (body.n - (size_t)size) / MARK_BYTES > DOCUMENT_MARKS_MAX ||
        !utf8_is_valid(body.p, (size_t)size)) {
        return WIRE_BROKEN;
    }
    out->text = str_copy(cx->arena, body.p, (size_t)size);
    out->mark_count = (uint32_t)((body.n - (size_t)size) / MARK_BYTES);
    out->marks = arena_array(cx->arena, struct document_mark, (size_t)out->mark_count + 1);
    for (uint32_t i = 0; i < out->mark_count; i++) {
        const char *at = body.p + size + (size_t)i * MARK_BYTES;
        struct document_mark mark = {number_at(at), number_at(at + 4), number_at(at + 8)};
        if (mark.at > out->text.n || (i > 0 && mark.at < out->marks[i - 1].at)) {
            return WIRE_BROKEN;
        }
        out->marks[i] = mark;
    }
    return WIRE_OK;
}

/* Whoever makes a helper die does so again: the file is what is wrong. */
static enum status fault_said(struct cx *cx, enum status status)
{
    if (status == OK || !text_is(cx->failure.code, "helper-fault")) {
        return status;
    }
    struct failure none = {0};
    cx->failure = none;
    return FAIL(cx, E_INPUT, "document-unreadable", "a helper died or took too long");
}

enum status document_read(struct helper_pool *pool, struct cx *cx, Str bytes, struct document *out)
{
    *out = (struct document){.format = document_format_of(bytes)};
    if (bytes.n == 0) {
        return FAIL(cx, E_INPUT, "document-empty", "no bytes");
    }
    if (bytes.n > DOCUMENT_BYTES_MAX) {
        return FAIL(cx, E_TOO_LARGE, "document-too-large", "%zu bytes", bytes.n);
    }
    if (out->format == DOCUMENT_OTHER) {
        return FAIL(cx, E_INPUT, "document-old", "neither text, PDF nor DOCX");
    }
    if (out->format == DOCUMENT_TEXT) {
        return text_read(cx, bytes, out);
    }
    struct value *head = value_map(cx->arena);
    value_set_text(cx->arena, head, "kind", "document");
    value_set_text(cx->arena, head, "format", out->format == DOCUMENT_PDF ? "pdf" : "docx");
    const struct helper_question question = {.name = "document",
                                             .head = json_write(cx->arena, head),
                                             .parts = &bytes,
                                             .count = 1,
                                             .read = answer_take};
    TRY(fault_said(cx, helper_ask(pool, cx, &question, out)));
    return OK;
}
