/* G01: what is quoted from an article against the article. Characters and figures are compared,
 * marks are not; the stretch of the article that is nearest to the quotation is what should stand
 * there. A quotation that is far from all of it is of another version or another text, and nothing
 * is said. */
#include <string.h>

#include "proof/proofing.h"

enum {
    QUOTED_LEAST = 8, /* characters: less is a word, not a quotation */
    QUOTED_MOST = 400,
    ARTICLE_MOST = 1500,
    QUOTATIONS_MAX = 100,
    NEAR = 5,       /* of so many characters one may differ */
    WAY_BYTES = 90, /* from the article's number to the quotation */
};

/* Characters without marks, each with its place. */
struct letters {
    uint32_t codes[ARTICLE_MOST + 1];
    size_t at[ARTICLE_MOST + 1], to[ARTICLE_MOST + 1];
    int count;
};

static bool letters_read(Str text, struct span in, int most, struct letters *out)
{
    uint32_t code = 0;
    out->count = 0;
    for (size_t at = in.from, n = 0; at < in.to; at += n) {
        n = scan_char(text, at, &code);
        n = n == 0 ? 1 : n;
        bool breaks = text.p[at] == '\\' && at + 1 < in.to && text.p[at + 1] == 'n';
        bool figure = code >= '0' && code <= '9';
        n += breaks;
        if (!scan_is_han(code) && !figure) {
            continue;
        }
        if (out->count == most) {
            return false;
        }
        out->codes[out->count] = code;
        out->at[out->count] = at;
        out->to[out->count++] = at + n;
    }
    return true;
}

struct match {
    int differ;   /* characters to change */
    int from, to; /* of the article's letters */
};

/* The stretch of b that takes the fewest changes from all of a: Sellers' algorithm, a row for each
 * letter of a. */
static struct match match_best(struct arena *arena, const struct letters *a,
                               const struct letters *b)
{
    int width = b->count + 1;
    int *cost = arena_array(arena, int, (size_t)width);
    int *from = arena_array(arena, int, (size_t)width);
    for (int k = 0; k < width; k++) {
        cost[k] = 0;
        from[k] = k;
    }
    for (int i = 1; i <= a->count; i++) {
        int across = cost[0];
        int across_from = from[0];
        cost[0] = i;
        for (int k = 1; k < width; k++) {
            int up = cost[k];
            int up_from = from[k];
            int best = across + (a->codes[i - 1] != b->codes[k - 1]);
            int best_from = across_from;
            if (up + 1 < best) {
                best = up + 1;
                best_from = up_from;
            }
            if (cost[k - 1] + 1 < best) {
                best = cost[k - 1] + 1;
                best_from = from[k - 1];
            }
            across = up;
            across_from = up_from;
            cost[k] = best;
            from[k] = best_from;
        }
    }
    struct match match = {cost[0], from[0], 0};
    for (int k = 1; k < width; k++) {
        if (cost[k] < match.differ) {
            match = (struct match){cost[k], from[k], k};
        }
    }
    return match;
}

/* 第五百七十七条第一款明确规定：“…”: what stands between the marks behind a citation. */
static bool quotation_find(const struct reading *r, const struct citation *c, struct span *out)
{
    size_t end = c->at.to + WAY_BYTES < r->text.n ? c->at.to + WAY_BYTES : r->text.n;
    struct span way = span_of(c->at.to, end);
    size_t says = scan_find(r->text, way, "规定");
    size_t open = scan_find(r->text, way, "“");
    if (says == SCAN_NONE || open == SCAN_NONE || open < says ||
        scan_has(r->text, span_of(c->at.to, open), "。") ||
        scan_has(r->text, span_of(c->at.to, open), "《")) {
        return false;
    }
    size_t from = open + strlen("“");
    size_t most =
        from + (size_t)QUOTED_MOST * 4 < r->text.n ? from + (size_t)QUOTED_MOST * 4 : r->text.n;
    size_t close = scan_find(r->text, span_of(from, most), "”");
    if (close == SCAN_NONE) {
        return false;
    }
    *out = span_of(from, close);
    return !scan_has(r->text, *out, "…");
}

static void quotation_check(struct proofing *p, const struct citation *c, struct span quoted)
{
    struct arena_mark mark = arena_mark(p->arena);
    Str article = article_text(p->world->articles, c->statute->short_name, c->article);
    struct letters *said = arena_new(p->arena, struct letters);
    struct letters *right = arena_new(p->arena, struct letters);
    if (article.n > 0 && letters_read(p->r->text, quoted, QUOTED_MOST, said) &&
        letters_read(article, span_of(0, article.n), ARTICLE_MOST, right) &&
        said->count >= QUOTED_LEAST && right->count > 0) {
        struct match match = match_best(p->arena, said, right);
        if (match.differ > 0 && match.differ <= said->count / NEAR && match.to > match.from) {
            struct span stretch = {right->at[match.from], right->to[match.to - 1]};
            char proposal[ARTICLE_MOST * 4];
            size_t n = 0;
            for (size_t at = stretch.from; at < stretch.to && n < sizeof proposal; at++) {
                bool breaks = article.p[at] == '\\' && article.p[at + 1] == 'n';
                proposal[n] = article.p[at];
                n += breaks ? 0 : 1;
                at += breaks;
            }
            arena_rewind(p->arena, mark);
            proof_hit(p, "G01", quoted, str_copy(p->arena, proposal, n),
                      "与《%.*s》的原文有%d个字不同", STR_ARG(c->statute->short_name),
                      match.differ);
            return;
        }
    }
    arena_rewind(p->arena, mark);
}

void check_quotations(struct proofing *p)
{
    int count = 0;
    for (uint32_t i = 0; p->world->articles != NULL && i < p->r->citation_count; i++) {
        const struct citation *c = &p->r->citations[i];
        struct span quoted = {0, 0};
        if (c->article > 0 && c->statute != NULL && c->statute->to == DATE_NONE &&
            count < QUOTATIONS_MAX && quotation_find(p->r, c, &quoted)) {
            quotation_check(p, c, quoted);
            count++;
        }
    }
}
