/* Any bytes as a Word file, and what comes out of it as a document to be checked: refused with a
 * reason, or text with marks in order. The first byte says how: as they are, or as the XML of a ZIP
 * that is whole, so that the reader of XML is reached too. */
#include <stdlib.h>
#include <zip.h>

#include "base/check.h"
#include "render/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Str wrapped(struct arena *arena, const uint8_t *data, size_t size)
{
    zip_error_t error;
    zip_source_t *made = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip = zip_open_from_source(made, ZIP_TRUNCATE, &error);
    zip_source_keep(made);
    zip_source_t *part = zip_source_buffer(zip, data, size, 0);
    (void)zip_file_add(zip, "word/document.xml", part, 0);
    check(zip_close(zip) == 0);
    zip_stat_t stat;
    check(zip_source_open(made) == 0 && zip_source_stat(made, &stat) == 0);
    char *bytes = arena_alloc(arena, stat.size + 1);
    check(zip_source_read(made, bytes, stat.size) == (zip_int64_t)stat.size);
    (void)zip_source_close(made);
    zip_source_free(made);
    return (Str){bytes, stat.size};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_open((size_t)256 << 20);
    struct cx cx;
    struct document document;
    cx_init(&cx, arena);
    if (size < 2) {
        arena_close(arena);
        return 0;
    }
    Str file = data[0] % 4 == 0 ? str_copy(arena, (const char *)data + 1, size - 1)
                                : wrapped(arena, data + 1, size - 1);
    if (document_docx(&cx, file, &document) == OK) {
        check(cx.failure.status == OK && document.text.n > 0);
        check(utf8_is_valid(document.text.p, document.text.n));
        for (uint32_t i = 0; i < document.mark_count; i++) {
            check(document.marks[i].at <= document.text.n);
            check(i == 0 || document.marks[i].at >= document.marks[i - 1].at);
        }
    } else {
        check(cx.failure.code != NULL);
    }
    arena_close(arena);
    return 0;
}
