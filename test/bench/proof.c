/* Measures the document checker: what it finds in pairs of a wrong and a right sentence, what it
 * says of statutes, which are clean, and how many bytes it reads a second.
 *
 *   proof [--part held|tuned|all] [--show]
 *
 * One line of JSON. A wrong sentence counts as found when a finding of wording touches the stretch
 * that differs, as mended when putting in the proposals makes it the right one; a right sentence
 * counts as false when there is any. --show writes each pair: for the tuned half only. */
#include "proof/proof.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "law/tables_sample.h"

enum { PAIRS_MAX = 4000, KINDS = 4 };

struct pair {
    char part[8];
    Str wrong, right;
};

struct score {
    int pairs, found, mended, right_false, right_findings, elsewhere;
    int kinds[KINDS][2]; /* pairs, found */
};

static const char *const kind_names[KINDS] = {"same_length", "left_out", "too_many", "mixed"};

static Str file_text(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct buf text;
    buf_init(&text, arena, (size_t)16 << 20);
    char part[65536];
    if (file == NULL) {
        (void)fprintf(stderr, "%s is missing\n", path);
        exit(2);
    }
    for (size_t n = 0; (n = fread(part, 1, sizeof part, file)) > 0;) {
        buf_add(&text, part, n);
    }
    (void)fclose(file);
    return buf_done(&text);
}

static bool is_wording(const struct finding *f)
{
    return strcmp(f->check, "F10") == 0 || strcmp(f->check, "F11") == 0 ||
           strcmp(f->check, "E12") == 0 || strcmp(f->check, "F12") == 0;
}

/* The stretch of a that differs from b. */
static struct span differs(Str a, Str b)
{
    size_t from = 0;
    size_t end = 0;
    while (from < a.n && from < b.n && a.p[from] == b.p[from]) {
        from++;
    }
    while (end < a.n - from && end < b.n - from && a.p[a.n - 1 - end] == b.p[b.n - 1 - end]) {
        end++;
    }
    while (from > 0 && ((unsigned char)a.p[from] & 0xC0U) == 0x80U) {
        from--;
    }
    return (struct span){from, a.n - end};
}

static bool mends(struct arena *arena, Str wrong, Str right, const struct findings *f)
{
    struct buf text;
    size_t at = 0;
    buf_init(&text, arena, 1 << 20);
    for (uint32_t i = 0; i < f->count; i++) {
        const struct finding *one = &f->items[i];
        if (!is_wording(one) || one->at.from < at || one->proposal.n == 0) {
            continue;
        }
        buf_add(&text, wrong.p + at, one->at.from - at);
        buf_str(&text, one->proposal);
        at = one->at.to;
    }
    buf_add(&text, wrong.p + at, wrong.n - at);
    return str_same(buf_done(&text), right);
}

static int count_wording(const struct findings *f)
{
    int count = 0;
    for (uint32_t i = 0; i < f->count; i++) {
        count += is_wording(&f->items[i]);
    }
    return count;
}

static void show(const char *mark, Str text, const struct findings *f)
{
    (void)printf("%s %.*s\n", mark, STR_ARG(text));
    for (uint32_t i = 0; i < f->count; i++) {
        const struct finding *one = &f->items[i];
        if (is_wording(one)) {
            (void)printf("      %s %.*s -> %.*s\n", one->check, (int)(one->at.to - one->at.from),
                         text.p + one->at.from, STR_ARG(one->proposal));
        }
    }
}

static void pair_judge(struct arena *arena, const struct proof_world *world, const struct pair *p,
                       struct score *score, bool shown)
{
    struct findings f;
    struct findings g;
    proof_check(arena, world, p->wrong, NULL, DATE_NONE, &f);
    proof_check(arena, world, p->right, NULL, DATE_NONE, &g);
    struct span wrong = differs(p->wrong, p->right);
    size_t left = utf8_count(p->wrong);
    size_t right = utf8_count(p->right);
    int kind = left == right ? 0 : left < right ? 1 : left > right ? 2 : 3;
    bool found = false;
    for (uint32_t i = 0; i < f.count; i++) {
        bool touches = f.items[i].at.from <= wrong.to + 3 && f.items[i].at.to + 3 >= wrong.from;
        found = found || (is_wording(&f.items[i]) && touches);
        score->elsewhere += is_wording(&f.items[i]) && !touches;
    }
    score->pairs++;
    score->found += found;
    score->mended += mends(arena, p->wrong, p->right, &f);
    score->right_false += count_wording(&g) > 0;
    score->right_findings += count_wording(&g);
    score->kinds[kind][0]++;
    score->kinds[kind][1] += found;
    if (shown && (!found || count_wording(&g) > 0)) {
        show(found ? "+" : "-", p->wrong, &f);
        show(" ", p->right, &g);
    }
}

static uint32_t pairs_read(struct arena *arena, Str text, struct pair *pairs)
{
    uint32_t count = 0;
    const char *line = strchr(text.p, '\n');
    while (line != NULL && line[1] != '\0' && count < PAIRS_MAX) {
        const char *a = line + 1;
        const char *b = strchr(a, '\t');
        const char *c = b == NULL ? NULL : strchr(b + 1, '\t');
        line = strchr(a, '\n');
        if (c == NULL || line == NULL || b - a >= 8) {
            continue;
        }
        memcpy(pairs[count].part, a, (size_t)(b - a));
        pairs[count].wrong = str_copy(arena, b + 1, (size_t)(c - b - 1));
        pairs[count].right = str_copy(arena, c + 1, (size_t)(line - c - 1));
        count++;
    }
    return count;
}

static double seconds_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now); /* the machine may be busy with others */
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Statutes one by one, so that a finding costs as little as in a document. */
static int clean_count(struct arena *arena, const struct proof_world *world, Str text, bool shown)
{
    int count = 0;
    for (size_t at = 0; at < text.n;) {
        const char *end = memchr(text.p + at, '\n', text.n - at);
        size_t to = end == NULL ? text.n : (size_t)(end - text.p);
        struct arena_mark mark = arena_mark(arena);
        Str line = str_slice(arena, text, at, to);
        struct findings f;
        proof_check(arena, world, line, NULL, DATE_NONE, &f);
        count += count_wording(&f);
        if (shown && count_wording(&f) > 0) {
            show("c", line, &f);
        }
        arena_rewind(arena, mark);
        at = to + 1;
    }
    return count;
}

/* The articles without those that false findings are counted in: the language must not know them.
 */
static Str without(struct arena *arena, Str articles, Str clean)
{
    struct buf kept;
    buf_init(&kept, arena, articles.n + 1);
    for (size_t at = 0; at < articles.n;) {
        const char *end = memchr(articles.p + at, '\n', articles.n - at);
        size_t to = end == NULL ? articles.n : (size_t)(end - articles.p) + 1;
        Str line = str_slice(arena, articles, at, to);
        const char *text = strrchr(line.p, '\t');
        size_t part = text == NULL ? 0 : strcspn(text + 1, "\\\n");
        if (part == 0 || !str_has(clean, str_copy(arena, text + 1, part).p)) {
            buf_str(&kept, line);
        }
        at = to;
    }
    return buf_done(&kept);
}

/* All but the language. */
static bool world_read(struct cx *cx, struct arena *arena, struct proof_world *world)
{
    return statutes_build(cx, arena, sample_text(arena, "statutes.csv"),
                          sample_text(arena, "renumbered.csv"), &world->statutes) == OK &&
           words_build(cx, arena, sample_text(arena, "slips.tsv"), &world->words) == OK &&
           articles_build(cx, arena, sample_text(arena, "articles.tsv"), &world->articles) == OK;
}

int main(int argc, char **argv)
{
    const char *part = "held";
    bool shown = false;
    for (int i = 1; i < argc; i++) {
        shown = shown || strcmp(argv[i], "--show") == 0;
        part = strcmp(argv[i], "--part") == 0 && i + 1 < argc ? argv[i + 1] : part;
    }
    struct arena *arena = arena_open((size_t)1 << 30);
    struct cx cx;
    struct proof_world world = {.tables = tables_real()};
    cx_init(&cx, arena);
    if (!world_read(&cx, arena, &world)) {
        return 2;
    }
    Str clean = file_text(arena, "test/proof/clean.txt");
    struct share *share = NULL;
    struct language_texts texts;
    if (share_open(&cx, NULL, 0, ".", &share) != OK) {
        return 2;
    }
    language_texts_of(arena, share, &texts);
    texts.read[0] = without(arena, texts.read[0], clean);
    double begun = seconds_now();
    world.language = language_shelf_new(arena, &texts);
    if (language_of(world.language) == NULL) {
        (void)fprintf(stderr, "the language is not built\n");
        return 2;
    }
    double built = seconds_now() - begun;

    static struct pair pairs[PAIRS_MAX];
    struct score score = {0};
    uint32_t count = pairs_read(arena, file_text(arena, "test/proof/pairs.tsv"), pairs);
    bool tuned = strcmp(part, "tuned") == 0;
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(part, "all") == 0 || strcmp(pairs[i].part, part) == 0) {
            pair_judge(arena, &world, &pairs[i], &score, shown && tuned);
        }
    }
    int false_clean = clean_count(arena, &world, clean, shown && tuned);

    /* Speed: the clean text and the wrong sentences, as one document of 2 MB. */
    struct buf large;
    buf_init(&large, arena, (size_t)16 << 20);
    while (large.n < (size_t)2 << 20) {
        buf_str(&large, clean);
        for (uint32_t i = 0; i < count; i++) {
            buf_str(&large, pairs[i].wrong);
            buf_char(&large, '\n');
        }
    }
    Str text = buf_done(&large);
    struct findings f;
    begun = seconds_now();
    proof_check(arena, &world, text, NULL, DATE_NONE, &f);
    double took = seconds_now() - begun;
    (void)printf(
        "{\"part\":\"%s\",\"pairs\":%d,\"found\":%d,\"mended\":%d,\"right_false\":%d,"
        "\"right_findings\":%d,\"elsewhere\":%d,\"clean_characters\":%zu,\"clean_false\":%d,"
        "\"mb_a_second\":%.2f,\"build_ms\":%.1f,\"kinds\":{",
        part, score.pairs, score.found, score.mended, score.right_false, score.right_findings,
        score.elsewhere, utf8_count(clean), false_clean, (double)text.n / took / 1e6, built * 1000);
    for (int k = 0; k < KINDS; k++) {
        (void)printf("%s\"%s\":[%d,%d]", k > 0 ? "," : "", kind_names[k], score.kinds[k][0],
                     score.kinds[k][1]);
    }
    (void)printf("}}\n");
    arena_close(arena);
    return 0;
}
