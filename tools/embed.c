/* tools/embed.c - packs data/, pages/, static/ and sql/ into a C file, at build time.
 *
 *   embed OUT.c ROOT...
 *
 * Each ROOT holds some of the four folders; a file in a later root wins over the same path in an
 * earlier one. The bytes are taken in by the assembler (.incbin), which is a hundred times quicker
 * than arrays in C. Each file's etag stands in OUT.c, so that OUT.c changes whenever a file does.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/share.h"

enum { ROOTS_MAX = 8 };

/* A path goes into a C string and through the assembler: keep to what both take as it is. */
static bool path_is_plain(const char *path)
{
    for (const char *p = path; *p != '\0'; p++) {
        bool word =
            (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9');
        if (!word && strchr("/._-@+", *p) == NULL) {
            return false;
        }
    }
    return true;
}

static int files_write(FILE *out, const struct share_file *files, size_t count)
{
    (void)fprintf(out, "/* Written by tools/embed.c. */\n#include \"base/share.h\"\n\n"
                       "__asm__(\".section .rodata\\n\"\n");
    for (size_t i = 0; i < count; i++) {
        if (!path_is_plain(files[i].file)) {
            (void)fprintf(stderr, "embed: %s: a path of other than letters, digits and ._-@+/\n",
                          files[i].file);
            return 1;
        }
        (void)fprintf(out,
                      "        \".balign 16\\nshare_bytes_%zu: .incbin \\\"%s\\\"\\n.byte 0\\n\"\n",
                      i, files[i].file);
    }
    (void)fprintf(out, "        \".text\\n\");\n\n");
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, "extern const unsigned char share_bytes_%zu[];\n", i);
    }
    (void)fprintf(out, "\nconst struct share_file share_embedded[] = {\n");
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, "    {\"%s\", share_bytes_%zu, %zu, \"%s\", NULL},\n", files[i].path, i,
                      files[i].size, files[i].etag);
    }
    (void)fprintf(out,
                  "    {\"\", NULL, 0, \"\", NULL},\n};\n"
                  "const size_t share_embedded_count = %zu;\n",
                  count);
    return 0;
}

static int embed(const char *target, const struct share_file *files, size_t count)
{
    FILE *out = fopen(target, "wb");
    if (out == NULL) {
        (void)fprintf(stderr, "embed: %s: %s\n", target, strerror(errno));
        return 1;
    }
    int failed = files_write(out, files, count);
    failed = ferror(out) != 0 || failed != 0;
    if (fclose(out) != 0 || failed != 0) {
        (void)fprintf(stderr, "embed: %s: not written\n", target);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc - 2 > ROOTS_MAX || !str_ends(str_of(argv[1]), ".c")) {
        (void)fprintf(stderr, "usage: embed OUT.c ROOT...\n");
        return 2;
    }
    struct arena *arena = arena_open(1 << 20);
    struct cx cx;
    cx_init(&cx, arena);
    struct share *shares[ROOTS_MAX] = {NULL};
    const struct share_file *files = NULL;
    size_t count = 0;
    int failed = 0;
    for (int i = 2; i < argc && failed == 0; i++) {
        if (share_open(&cx, files, count, argv[i], &shares[i - 2]) != OK) {
            (void)fprintf(stderr, "embed: %s\n", cx.failure.detail.p);
            failed = 1;
        } else {
            count = share_list(shares[i - 2], "", &files);
        }
    }
    failed = failed != 0 || embed(argv[1], files, count) != 0;
    for (int i = 0; i < ROOTS_MAX; i++) {
        share_close(shares[i]);
    }
    arena_close(arena);
    return failed;
}
