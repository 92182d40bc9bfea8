/* preview - renders one page of pages/zh with a view from JSON files, to look at it.
 *
 *     preview PAGES PAGE VIEW.json [MORE.json ...] > page.html
 *
 * Later views are laid over earlier ones, so that layout.json holds what all pages share. "now" of
 * the view (an instant) decides which dates are shown without their year.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "render/template.h"

enum { PAGES_MAX = 200 };

struct pages {
    struct template_source items[PAGES_MAX];
    uint32_t count;
};

static void complain_and_end(const char *what, const char *detail)
{
    (void)fprintf(stderr, "preview: %s: %s\n", what, detail);
    exit(1);
}

static Str file_read(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        complain_and_end("cannot open", path);
    }
    struct buf text;
    buf_init(&text, arena, (size_t)8 << 20);
    char block[16384];
    size_t n = 0;
    while ((n = fread(block, 1, sizeof block, file)) > 0) {
        buf_add(&text, block, n);
    }
    (void)fclose(file);
    return buf_done(&text);
}

static void pages_read(struct arena *arena, const char *folder, struct pages *out)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        complain_and_end("cannot open", folder);
    }
    const struct dirent *entry = NULL;
    while ((entry = readdir(dir)) != NULL && out->count < PAGES_MAX) {
        Str name = str_of(entry->d_name);
        if (str_ends(name, ".html")) {
            const char *path = arena_printf(arena, "%s/%s", folder, name.p);
            out->items[out->count++] = (struct template_source){
                str_slice(arena, name, 0, name.n - strlen(".html")).p, file_read(arena, path)};
        }
    }
    (void)closedir(dir);
}

static const struct value *view_read(struct cx *cx, int count, char **paths)
{
    const struct value *view = value_map(cx->arena);
    for (int i = 0; i < count; i++) {
        struct value *more = NULL;
        if (json_read(cx, file_read(cx->arena, paths[i]), &more) != OK) {
            complain_and_end(paths[i], cx->failure.detail.p);
        }
        view = value_merge(cx->arena, view, more);
    }
    return view;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        complain_and_end("usage", "preview PAGES PAGE VIEW.json [MORE.json ...]");
    }
    struct arena *arena = arena_open((size_t)256 << 20);
    struct cx cx;
    cx_init(&cx, arena);
    struct pages *pages = arena_new(arena, struct pages);
    pages_read(arena, argv[1], pages);
    const struct value *view = view_read(&cx, argc - 3, argv + 3);
    struct templates *set = NULL;
    Str html = STR("");
    Instant now = 0;
    (void)instant_parse(value_get_str(view, "now"), &now);
    if (templates_load(&cx, arena, pages->items, pages->count, &set) != OK ||
        template_render(&cx, set, argv[2], view, now, &html) != OK) {
        complain_and_end(argv[2], cx.failure.detail.p);
    }
    (void)fwrite(html.p, 1, html.n, stdout);
    arena_close(arena);
    return 0;
}
