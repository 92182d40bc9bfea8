/* Any bytes as a multipart body: what the parser says must not depend on how the bytes are cut into
 * pieces. The first byte chooses the cut; the boundary is "b". */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "web/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOTES_BYTES_MAX = 4 << 20 };

struct notes {
    struct buf text;
    bool is_open; /* between begin and end of a part */
};

static enum status note_begin(void *arg, struct cx *cx, Str name, Str file_name, Str content_type)
{
    (void)cx;
    struct notes *notes = arg;
    check(!notes->is_open);
    notes->is_open = true;
    check(utf8_is_valid(name.p, name.n) && name.n > 0 && name.p[name.n] == '\0');
    check(utf8_is_valid(file_name.p, file_name.n));
    check(memchr(file_name.p, '/', file_name.n) == NULL);
    check(memchr(file_name.p, '\\', file_name.n) == NULL);
    buf_printf(&notes->text, "[%s|%s|%s]", name.p, file_name.p, content_type.p);
    return OK;
}

static enum status note_bytes(void *arg, struct cx *cx, const char *bytes, size_t size)
{
    (void)cx;
    struct notes *notes = arg;
    check(notes->is_open && size > 0);
    buf_add(&notes->text, bytes, size);
    return OK;
}

static enum status note_end(void *arg, struct cx *cx)
{
    (void)cx;
    struct notes *notes = arg;
    check(notes->is_open);
    notes->is_open = false;
    buf_char(&notes->text, '/');
    return OK;
}

static const struct multipart_sink NOTES = {note_begin, note_bytes, note_end};

static enum status parse(struct arena *arena, const char *bytes, size_t size, size_t piece,
                         Str *out)
{
    struct cx cx;
    struct notes notes = {.is_open = false};
    cx_init(&cx, arena);
    buf_init(&notes.text, arena, NOTES_BYTES_MAX);
    struct multipart *multipart = multipart_open(arena, STR("b"), &NOTES, &notes);
    enum status status = OK;
    for (size_t i = 0; i < size && status == OK; i += piece) {
        size_t left = size - i;
        status = multipart_add(multipart, &cx, bytes + i, left < piece ? left : piece);
    }
    if (status == OK) {
        status = multipart_end(multipart, &cx);
        check(status != OK || !notes.is_open);
    }
    check(status == cx.failure.status && (status == OK || status == E_READ));
    *out = buf_done(&notes.text);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    struct arena *arena = arena_open((size_t)64 << 20);
    Str whole;
    Str cut;
    const char *bytes = (const char *)data + 1;
    size_t piece = data[0] % 16 + 1U;
    enum status status = parse(arena, bytes, size - 1, size, &whole);
    check(parse(arena, bytes, size - 1, piece, &cut) == status);
    check(status != OK || str_same(whole, cut));
    arena_close(arena);
    return 0;
}
