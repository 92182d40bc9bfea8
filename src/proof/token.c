/* What is written in a document as amount, date, law or case number. One pass each, from anchor to
 * anchor: 元, 月, 》 and 条, 号. */
#include <string.h>

#include "base/check.h"
#include "proof/reading.h"

/* Room for one more in an array that grows by doubling. */
static void *room_for_one(struct arena *arena, void *items, uint32_t count, size_t size)
{
    if (count > 0 && (count & (count - 1)) != 0) {
        return items;
    }
    void *more = arena_alloc(arena, size * (count == 0 ? 8 : (size_t)count * 2 + 8));
    if (count > 0) {
        memcpy(more, items, size * count);
    }
    return more;
}

#define ADD(r, type, plural, count)                                                 \
    ((r)->plural = room_for_one((r)->arena, (r)->plural, (r)->count, sizeof(type)), \
     &(r)->plural[(r)->count++])

/* --- amounts --- */

/* Four million million yuan: of PROOF_TOKENS_MAX such the sum, and of one ten thousand times as
 * much, is still an int64. What is more is not read. */
#define AMOUNT_MAX_FEN INT64_C(400000000000000)

/* The start of the figure that ends at `to`: digits, commas, one point, full-width too. */
static size_t figure_start(Str text, size_t to)
{
    size_t from = to;
    while (from > 0) {
        size_t before = scan_back(text, from);
        uint32_t code = 0;
        (void)scan_char(text, before, &code);
        bool part = (code >= '0' && code <= '9') || (code >= 0xFF10 && code <= 0xFF19) ||
                    code == ',' || code == '.' || code == 0xFF0C || code == 0xFF0E;
        if (!part) {
            break;
        }
        from = before;
    }
    /* A comma or point in front belongs to the sentence. */
    for (uint32_t code = 0; from < to; from += scan_char(text, from, &code)) {
        (void)scan_char(text, from, &code);
        if ((code >= '0' && code <= '9') || (code >= 0xFF10 && code <= 0xFF19)) {
            break;
        }
    }
    return from;
}

/* 1,000 and 1，000 are figures; 5，3 and 2025，1000 are two: then the last one counts. */
static size_t figure_last(Str text, size_t from, size_t to)
{
    size_t comma = scan_find_last(text, span_of(from, to), "，");
    if (comma == SCAN_NONE) {
        return from;
    }
    size_t point = scan_find(text, span_of(comma, to), ".");
    size_t end = point == SCAN_NONE ? to : point;
    return scan_length(text, span_of(comma + 3, end)) == 3 && comma > from ? from : comma + 3;
}

static void amount_read(struct reading *r, size_t yuan)
{
    static const struct {
        const char *word;
        int64_t fen;
    } units[] = {{"万亿", INT64_C(100000000000000)},
                 {"亿", INT64_C(10000000000)},
                 {"万", 1000000},
                 {"千", 100000},
                 {"百", 10000}};

    size_t end = yuan;
    int64_t unit = 100;
    for (size_t i = 0; i < sizeof units / sizeof units[0] && unit == 100; i++) {
        if (scan_before(r->text, yuan, units[i].word)) {
            unit = units[i].fen;
            end = yuan - strlen(units[i].word);
        }
    }
    size_t from = figure_last(r->text, figure_start(r->text, end), end);
    Money fen = 0;
    if (from >= end) {
        return;
    }
    struct arena_mark mark = arena_mark(r->arena);
    bool good = money_parse(r->arena, str_slice(r->arena, r->text, from, end), &fen);
    arena_rewind(r->arena, mark);
    if (!good || fen > AMOUNT_MAX_FEN / (unit / 100)) {
        return;
    }
    struct written_amount *amount = ADD(r, struct written_amount, amounts, amount_count);
    *amount = (struct written_amount){
        .at = span_of(from, yuan + strlen("元")), .fen = fen * (unit / 100), .unit = unit};
}

static void amounts_read(struct reading *r)
{
    struct span rest = r->whole;
    while (r->amount_count < PROOF_TOKENS_MAX) {
        size_t at = scan_find(r->text, rest, "元");
        if (at == SCAN_NONE) {
            return;
        }
        amount_read(r, at);
        rest.from = at + strlen("元");
    }
}

/* --- dates --- */

/* Digits or Chinese figures that end at `to`; their start, `to` when there are none. */
static size_t number_start(Str text, size_t to, int64_t *out, bool *han)
{
    size_t from = to;
    for (int i = 0; i < 8 && from > 0; i++) {
        size_t before = scan_back(text, from);
        uint32_t code = 0;
        int64_t n = 0;
        (void)scan_char(text, before, &code);
        bool part = scan_number(text, before, &n) > 0 || scan_han_number(text, before, &n) > 0 ||
                    code == '0';
        if (!part || code == 0x4E07) { /* 万 */
            break;
        }
        from = before;
    }
    *han = false;
    size_t n = scan_number(text, from, out);
    if (n == 0) {
        n = scan_han_number(text, from, out);
        *han = true;
    }
    return from + n == to ? from : to;
}

static void date_read(struct reading *r, size_t month_at)
{
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    bool han = false;
    bool year_han = false;
    size_t from = number_start(r->text, month_at, &month, &han);
    if (from == month_at || month < 1 || month > 19) {
        return;
    }
    if (scan_before(r->text, from, "年")) {
        size_t year_end = from - strlen("年");
        size_t year_from = number_start(r->text, year_end, &year, &year_han);
        if (year_from < year_end && year >= 1900 && year <= 2200) {
            from = year_from;
        } else {
            year = 0;
        }
    }
    size_t to = month_at + strlen("月");
    size_t n = scan_any_number(r->text, to, &day);
    bool exact = n > 0 && (scan_at(r->text, to + n, "日") || scan_at(r->text, to + n, "号"));
    if (!exact && year == 0) {
        return; /* 三个月, 6月以上 */
    }
    struct written_date *date = ADD(r, struct written_date, dates, date_count);
    *date = (struct written_date){.at = span_of(from, exact ? to + n + strlen("日") : to),
                                  .year = (int)year,
                                  .month = (int)month,
                                  .day = exact && day < 100 ? (int)day : 0,
                                  .date = exact && year > 0 && day < 100
                                              ? date_of((int)year, (int)month, (int)day)
                                              : DATE_NONE,
                                  .han = han,
                                  .exact = exact};
}

static void dates_read(struct reading *r)
{
    struct span rest = r->whole;
    while (r->date_count < PROOF_TOKENS_MAX) {
        size_t at = scan_find(r->text, rest, "月");
        if (at == SCAN_NONE) {
            return;
        }
        date_read(r, at);
        rest.from = at + strlen("月");
    }
}

/* --- case numbers --- */

static void numbers_read(struct reading *r)
{
    enum { NUMBER_BYTES_MAX = 90 };

    static const char *const opens[] = {"（", "(", NULL};
    struct span rest = r->whole;
    for (size_t at = 0; (at = scan_find_any(r->text, rest, opens)) != SCAN_NONE;) {
        int64_t year = 0;
        size_t open = r->text.p[at] == '(' ? 1 : 3;
        size_t n = scan_number(r->text, at + open, &year);
        rest.from = at + open;
        bool closed = scan_at(r->text, at + open + n, "）") || scan_at(r->text, at + open + n, ")");
        if (n == 0 || year < 1980 || year > 2200 || !closed) {
            continue;
        }
        size_t limit = at + NUMBER_BYTES_MAX < r->text.n ? at + NUMBER_BYTES_MAX : r->text.n;
        size_t end = scan_find(r->text, span_of(at, limit), "号");
        if (end == SCAN_NONE || scan_has(r->text, span_of(at, end), "\n") ||
            scan_has(r->text, span_of(at + open, end), "，") ||
            r->number_count >= PROOF_TOKENS_MAX) {
            continue;
        }
        struct span span = span_of(at, end + strlen("号"));
        struct written_number *number = ADD(r, struct written_number, numbers, number_count);
        number->at = span;
        (void)case_number_parse(r->arena, str_slice(r->arena, r->text, span.from, span.to),
                                &number->number);
        rest.from = span.to;
    }
}

/* --- citations --- */

/* 第五百七十七条, 第577条, 五百七十七条: the number, and where 条 ends. 0 when it is none. */
static size_t article_read(Str text, size_t at, int64_t *article, bool *arabic)
{
    size_t from = at;
    at += scan_at(text, at, "第") ? strlen("第") : 0;
    size_t n = scan_number(text, at, article);
    *arabic = n > 0;
    if (n == 0) {
        n = scan_han_number(text, at, article);
    }
    if (n == 0 || !scan_at(text, at + n, "条")) {
        return 0;
    }
    return at + n + strlen("条") - from;
}

/* 之一, 第二款, 第（三）项, 第三项 behind an article: bytes. */
static size_t levels_read(Str text, size_t at)
{
    size_t from = at;
    int64_t number = 0;
    if (scan_at(text, at, "之")) {
        size_t n = scan_han_number(text, at + strlen("之"), &number);
        at += n > 0 ? strlen("之") + n : 0;
    }
    for (int i = 0; i < 2 && scan_at(text, at, "第"); i++) {
        size_t next = at + strlen("第");
        next += scan_at(text, next, "（") ? strlen("（") : 0;
        size_t n = scan_any_number(text, next, &number);
        next += n;
        next += scan_at(text, next, "）") ? strlen("）") : 0;
        if (n == 0 || !(scan_at(text, next, "款") || scan_at(text, next, "项"))) {
            break;
        }
        at = next + strlen("款");
    }
    return at - from;
}

static size_t articles_read(struct reading *r, struct span name, size_t at, bool bare,
                            const struct statute *statute)
{
    static const char *const joins[] = {"、", "，", "和", "及", "以及", "与", NULL};
    size_t from = name.from;
    for (bool first = true; r->citation_count < PROOF_TOKENS_MAX; first = false) {
        int64_t article = 0;
        bool arabic = false;
        size_t joint = 0;
        if (!first && scan_at_any(r->text, at, joins, &joint)) {
            from = at + joint;
        }
        if (!first && (joint == 0 || !scan_at(r->text, at + joint, "第"))) {
            return at;
        }
        size_t n = article_read(r->text, at + joint, &article, &arabic);
        if (n == 0) {
            return at;
        }
        at += joint + n;
        at += levels_read(r->text, at);
        struct citation *citation = ADD(r, struct citation, citations, citation_count);
        *citation = (struct citation){.at = span_of(from, at),
                                      .name = name,
                                      .statute = statute,
                                      .article = article,
                                      .arabic = arabic,
                                      .bare = bare};
    }
    return at;
}

/* A year of issue in brackets may stand between the name and the article. */
static size_t bracket_skip(Str text, size_t at)
{
    if (!scan_at(text, at, "（")) {
        return at;
    }
    size_t limit = at + 90 < text.n ? at + 90 : text.n;
    size_t close = scan_find(text, span_of(at, limit), "）");
    return close == SCAN_NONE ? at : close + strlen("）");
}

static void titles_read(struct reading *r, const struct statutes *statutes)
{
    struct span rest = r->whole;
    for (size_t at = 0; (at = scan_find(r->text, rest, "《")) != SCAN_NONE;) {
        size_t from = at + strlen("《");
        size_t limit = from + 400 < r->text.n ? from + 400 : r->text.n;
        size_t end = scan_find(r->text, span_of(from, limit), "》");
        rest.from = from;
        if (end == SCAN_NONE || scan_has(r->text, span_of(from, end), "\n")) {
            continue;
        }
        rest.from = end + strlen("》");
        struct span name = span_of(from, end);
        const struct statute *statute = statute_find(statutes, r->text.p + from, end - from);
        size_t behind = bracket_skip(r->text, rest.from);
        uint32_t before = r->citation_count;
        size_t stop = articles_read(r, name, behind, false, statute);
        if (r->citation_count > before) {
            r->citations[before].at.from = at;
            rest.from = stop;
        } else if (r->citation_count < PROOF_TOKENS_MAX) {
            struct citation *citation = ADD(r, struct citation, citations, citation_count);
            *citation =
                (struct citation){.at = span_of(at, rest.from), .name = name, .statute = statute};
        }
    }
}

/* 民诉法六十七条: a law named without book-title marks. */
static void bare_read(struct reading *r, const struct statutes *statutes)
{
    struct span rest = r->whole;
    for (size_t at = 0; (at = scan_find(r->text, rest, "条")) != SCAN_NONE;) {
        int64_t article = 0;
        bool han = false;
        rest.from = at + strlen("条");
        size_t from = number_start(r->text, at, &article, &han);
        if (from == at) {
            continue;
        }
        from -= scan_before(r->text, from, "第") ? strlen("第") : 0;
        size_t name_from = 0;
        const struct statute *statute = statute_before(statutes, r->text, from, &name_from);
        if (statute != NULL && !scan_before(r->text, name_from, "《")) {
            (void)articles_read(r, span_of(name_from, from), from, true, statute);
        }
    }
}

static void citations_order(struct reading *r)
{
    for (uint32_t i = 1; i < r->citation_count; i++) {
        struct citation moved = r->citations[i];
        uint32_t k = i;
        for (; k > 0 && r->citations[k - 1].at.from > moved.at.from; k--) {
            r->citations[k] = r->citations[k - 1];
        }
        r->citations[k] = moved;
    }
}

void reading_tokens(struct reading *r, const struct statutes *statutes)
{
    amounts_read(r);
    dates_read(r);
    numbers_read(r);
    titles_read(r, statutes);
    bare_read(r, statutes);
    citations_order(r);
}
