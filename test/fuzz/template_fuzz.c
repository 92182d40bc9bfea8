/* Fuzz target of render/template.h: any bytes are a page and its partial, split at the first 0x01.
 *
 * Claim: whatever template is accepted, what values hold never changes the markup. The same page is
 * rendered twice, with harmless and with hostile texts of the same truth; both must hold the same
 * number of < > " and '.
 */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/json.h"
#include "render/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const Str HARMLESS = STR(
    "{\"a\":\"x\",\"b\":[\"x\",{\"a\":\"x\",\"c\":[]}],\"c\":{\"a\":\"x\",\"b\":[1,2]},\"d\":5}");
static const Str HOSTILE = STR(
    "{\"a\":\"<script>'\\\"&>\",\"b\":[\"javascript:'x'\",{\"a\":\"\\\" onclick=\\\"x\",\"c\":[]}],"
    "\"c\":{\"a\":\"-->'><\",\"b\":[1,2]},\"d\":5}");

static size_t count_of(Str text, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < text.n; i++) {
        count += text.p[i] == c;
    }
    return count;
}

static bool render(struct arena *arena, const struct templates *set, Str json, Str *out)
{
    struct cx cx;
    cx_init(&cx, arena);
    struct value *view = NULL;
    check(json_read(&cx, json, &view) == OK);
    return template_render(&cx, set, "a", view, 0, out) == OK;
}

static void compare(struct arena *arena, const struct templates *set)
{
    static const char signs[] = "<>\"'";
    Str calm = STR("");
    Str hostile = STR("");
    bool calm_ok = render(arena, set, HARMLESS, &calm);
    bool hostile_ok = render(arena, set, HOSTILE, &hostile);
    if (!calm_ok || !hostile_ok) {
        return; /* without end, or too large */
    }
    for (size_t i = 0; i < sizeof signs - 1; i++) {
        check(count_of(calm, signs[i]) == count_of(hostile, signs[i]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096) {
        return 0;
    }
    struct arena *arena = arena_open((size_t)64 << 20);
    struct cx cx;
    cx_init(&cx, arena);
    const char *bytes = (const char *)data;
    const char *cut = size == 0 ? NULL : memchr(bytes, 1, size);
    size_t first = cut == NULL ? size : (size_t)(cut - bytes);
    size_t rest = cut == NULL ? 0 : size - first - 1;
    const struct template_source sources[] = {
        {"a", str_copy(arena, bytes, first)},
        {"b", str_copy(arena, cut == NULL ? "" : cut + 1, rest)},
    };
    struct templates *set = NULL;
    if (templates_load(&cx, arena, sources, 2, &set) == OK) {
        compare(arena, set);
    }
    arena_close(arena);
    return 0;
}
