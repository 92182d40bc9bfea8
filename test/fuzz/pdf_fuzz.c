/* Any bytes as a paper whose signatures are to be judged: refused with a reason, or a verdict that
 * holds together. What was not signed is never called sealed. */
#include <stdlib.h>

#include "base/check.h"
#include "render/pdf_verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct pdf_evidence evidence = {.now = 1};
    static const Str none[CERT_SCHEMES] = {{"", 0}, {"", 0}};
    struct arena *arena = arena_open((size_t)256 << 20);
    struct pdf_judged judged[PDF_SIGNATURES_MAX];
    uint32_t count = 0;
    struct cx cx;
    cx_init(&cx, arena);
    Str file = str_copy(arena, (const char *)data, size);
    if (pdf_judge(&cx, file, none, judged, &count) == OK) {
        const struct value *verdict = pdf_verdict(arena, file, judged, count, &evidence);
        check(count <= PDF_SIGNATURES_MAX);
        check(!str_is(value_get_str(verdict, "verdict"), "sealed"));
        for (uint32_t i = 0; i < count; i++) {
            check(judged[i].signature.end <= size || judged[i].signature.fault == PDF_SIGN_PLACE);
        }
    } else {
        check(cx.failure.code != NULL);
    }
    arena_close(arena);
    return 0;
}
