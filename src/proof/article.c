/* One array by law, in the order of the file; laws are few, so that they are looked through. */
#include "proof/article.h"

#include <string.h>

enum { LAWS_MAX = 400 };

struct law_articles {
    Str law;
    uint32_t from, to; /* of texts */
};

struct one_article {
    int64_t number;
    Str text;
};

struct articles {
    struct law_articles laws[LAWS_MAX];
    uint32_t law_count;
    struct one_article *items;
    uint32_t count;
};

static uint32_t lines_in(Str text)
{
    uint32_t lines = 1;
    for (size_t i = 0; i < text.n; i++) {
        lines += text.p[i] == '\n';
    }
    return lines;
}

/* The cell at *at, and *at behind its TAB or the end of the line. */
static Str cell_next(Str line, size_t *at)
{
    const char *tab = memchr(line.p + *at, '\t', line.n - *at);
    size_t end = tab == NULL ? line.n : (size_t)(tab - line.p);
    Str cell = {line.p + *at, end - *at};
    *at = end < line.n ? end + 1 : line.n;
    return cell;
}

static bool line_read(struct articles *articles, Str line)
{
    size_t at = 0;
    Str law = cell_next(line, &at);
    Str number = cell_next(line, &at);
    Str sub = cell_next(line, &at);
    struct one_article *item = &articles->items[articles->count];
    item->text = cell_next(line, &at);
    if (law.n == 0 || item->text.n == 0 || !str_int(number, &item->number)) {
        return false;
    }
    if (sub.n > 0) {
        return true;
    }
    struct law_articles *last =
        articles->law_count == 0 ? NULL : &articles->laws[articles->law_count - 1];
    if (last == NULL || !str_same(last->law, law)) {
        if (articles->law_count == LAWS_MAX) {
            return false;
        }
        last = &articles->laws[articles->law_count++];
        *last = (struct law_articles){.law = law, .from = articles->count};
    }
    articles->count++;
    last->to = articles->count;
    return true;
}

enum status articles_build(struct cx *cx, struct arena *arena, Str tsv, const struct articles **out)
{
    struct articles *articles = arena_new(arena, struct articles);
    articles->items = arena_array(arena, struct one_article, lines_in(tsv) + 1);
    unsigned row = 0;
    for (size_t at = 0; at < tsv.n;) {
        const char *end = memchr(tsv.p + at, '\n', tsv.n - at);
        size_t to = end == NULL ? tsv.n : (size_t)(end - tsv.p);
        row++;
        if (row > 1 && to > at && !line_read(articles, (Str){tsv.p + at, to - at})) {
            return FAIL(cx, E_READ, "data-unreadable", "articles.tsv:%u: no article", row);
        }
        at = to + 1;
    }
    *out = articles;
    return OK;
}

Str article_text(const struct articles *articles, Str law, int64_t number)
{
    for (uint32_t i = 0; i < articles->law_count; i++) {
        const struct law_articles *one = &articles->laws[i];
        for (uint32_t k = one->from; str_same(one->law, law) && k < one->to; k++) {
            if (articles->items[k].number == number) {
                return articles->items[k].text;
            }
        }
    }
    return STR("");
}
