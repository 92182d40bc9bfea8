/* Measures papers in processor time, so that a busy machine gives the same figures: what a warm
 * helper takes to print one and make it a file for the archive, and what the two signatures take.
 *
 *   papers [--count N] [NAME…]      of data/papers/, filled with samples by type
 *
 * One line of JSON a paper. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "render/paper.h"
#include "render/pdf_sign.h"

enum { COUNT_DEFAULT = 50, WARM = 3, LIST_ITEMS = 2, FILE_BYTES_MAX = 1 << 20 };

static double cpu_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static Str file_text(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *bytes = arena_alloc(arena, FILE_BYTES_MAX + 1);
    if (file == NULL) {
        (void)fprintf(stderr, "%s is missing\n", path);
        exit(2);
    }
    size_t n = fread(bytes, 1, FILE_BYTES_MAX, file);
    (void)fclose(file);
    return (Str){bytes, n};
}

static struct value *samples(struct arena *arena, const struct value *needs);

static struct value *sample(struct arena *arena, const struct value *need)
{
    Str type = value_get_str(need, "type");
    Str text = STR("北京市朝阳区人民法院立案庭收到的材料第一百二十四条");
    if (str_is(type, "group")) {
        return samples(arena, value_get(need, "fields"));
    }
    if (str_is(type, "list")) {
        struct value *list = value_list(arena);
        for (int i = 0; i < LIST_ITEMS; i++) {
            value_add(arena, list,
                      value_get(need, "fields") == NULL
                          ? value_str(arena, text)
                          : samples(arena, value_get(need, "fields")));
        }
        return list;
    }
    if (str_is(type, "choice")) {
        const struct value *first = value_item(value_get(need, "options"), 0);
        return value_str(arena, value_get_str(first, "value"));
    }
    if (str_is(type, "money")) {
        return value_int(arena, 123456789);
    }
    if (str_is(type, "number")) {
        return value_int(arena, 7);
    }
    if (str_is(type, "yes-no")) {
        return value_bool(arena, true);
    }
    if (str_is(type, "date")) {
        return value_str(arena, STR("2026-03-02"));
    }
    if (str_is(type, "datetime")) {
        return value_str(arena, STR("2026-03-02T10:20:00+08:00"));
    }
    return value_str(arena, text);
}

static struct value *samples(struct arena *arena, const struct value *needs)
{
    struct value *map = value_map(arena);
    for (uint32_t i = 0; i < value_count(needs); i++) {
        const struct value *need = value_item(needs, i);
        if (!str_is(value_get_str(need, "type"), "image")) {
            value_set_key(arena, map, value_get_str(need, "name"), sample(arena, need));
        }
    }
    return map;
}

static void must(struct cx *cx, enum status status)
{
    if (status != OK) {
        (void)fprintf(stderr, "%s: %s\n", cx->failure.code, cx->failure.detail.p);
        exit(1);
    }
}

static void measure(struct arena *arena, const char *name, int count, struct cert_key *keys)
{
    struct cx cx;
    struct paper *paper = NULL;
    struct paper_pdf pdf = {0};
    Str first = {"", 0};
    double print_ms = 0;
    double sign_ms = 0;
    cx_init(&cx, arena);
    Str yaml = file_text(arena, arena_printf(arena, "data/papers/%s.yaml", name));
    for (int i = -WARM; i < count; i++) {
        struct arena_mark mark = arena_mark(arena);
        struct paper_content *content = NULL;
        double at = cpu_ms();
        must(&cx, paper_compile(&cx, name, yaml, &paper));
        must(&cx, paper_fill(&cx, paper, samples(arena, paper_needs(paper)), &content));
        paper_content_seal(content, STR("北京市朝阳区人民法院"), true);
        must(&cx, paper_print(&cx, content, NULL, 0, &pdf));
        double printed = cpu_ms();
        if (i == -WARM) {
            first = str_copy(arena, pdf.bytes.p, pdf.bytes.n);
            mark = arena_mark(arena);
        } else if (!str_same(first, pdf.bytes)) {
            (void)fprintf(stderr, "%s: other bytes the %dth time\n", name, i + WARM);
            exit(1);
        }
        Str bytes = pdf.bytes;
        for (int k = 0; k < CERT_SCHEMES; k++) {
            const struct pdf_stamp stamp = {
                .drawing = pdf.seal.drawing, .width = 119, .height = 119, .x = 300, .y = 200};
            const struct pdf_signing signing = {.key = &keys[k],
                                                .at = 1772418000000,
                                                .name = STR("北京市朝阳区人民法院"),
                                                .reason = STR("盖章"),
                                                .stamp = k == 0 ? &stamp : NULL};
            must(&cx, pdf_sign(&cx, bytes, &signing, &bytes));
        }
        if (i >= 0) {
            print_ms += printed - at;
            sign_ms += cpu_ms() - printed;
        }
        arena_rewind(arena, mark);
    }
    (void)printf(
        "{\"paper\":\"%s\",\"pages\":%u,\"bytes\":%zu,\"print_ms\":%.2f,\"sign_ms\":%.2f}\n", name,
        pdf.pages, pdf.bytes.n, print_ms / count, sign_ms / count);
}

int main(int argc, char **argv)
{
    static const char *const usual[] = {"receipt-of-filing", "notice-of-acceptance", "fee-notice"};
    struct arena *arena = arena_open((size_t)1 << 30);
    struct ca *ca = NULL;
    struct cert_key keys[CERT_SCHEMES];
    struct cx cx;
    int count = COUNT_DEFAULT;
    char dir[] = "/tmp/tongsu-bench-XXXXXX";
    cx_init(&cx, arena);
    if (argc > 2 && strcmp(argv[1], "--count") == 0) {
        count = atoi(argv[2]);
        argv += 2;
        argc -= 2;
    }
    if (mkdtemp(dir) == NULL) {
        return 2;
    }
    must(&cx, ca_demo_open(&cx, arena_printf(arena, "%s/ca", dir), true, &ca));
    for (int i = 0; i < CERT_SCHEMES; i++) {
        struct cert_wish wish = {.scheme = (enum cert_scheme)i,
                                 .name = STR("北京市朝阳区人民法院"),
                                 .holder = STR("court:京0105"),
                                 .from = 1772418000000,
                                 .until = 1892418000000};
        must(&cx, cert_key_new(&cx, ca, &wish, &keys[i]));
    }
    int names = argc > 1 ? argc - 1 : (int)(sizeof usual / sizeof usual[0]);
    for (int i = 0; i < names; i++) {
        measure(arena, argc > 1 ? argv[i + 1] : usual[i], count, keys);
    }
    ca_demo_close(ca);
    return 0;
}
