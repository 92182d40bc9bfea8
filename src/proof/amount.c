/* Class C, first half: sums, capitals, products, shares. All arithmetic in whole fen. */
#include <inttypes.h>
#include <string.h>

#include "proof/proofing.h"

enum { ROW_BYTES = 120, ROWS_MAX = 200 };

/* --- C01 --- */

/* 本金a元、利息b元，合计c元: the parts are what stands in front in the same sentence; when another
 * total stands between, only what is behind it. Parts that make the total from the end backwards
 * are good: an amount in front may be something else. */
static bool adds_up(const struct reading *r, uint32_t first, uint32_t total)
{
    Money sum = 0;
    for (uint32_t i = total; i > first; i--) {
        sum += r->amounts[i - 1].fen;
        if (total - i + 1 >= 2 && sum == r->amounts[total].fen) {
            return true;
        }
    }
    return false;
}

static void sums_check(struct proofing *p)
{
    static const char *const totals[] = {"合计", "共计", "总计", "总额为", NULL};
    const struct reading *r = p->r;
    uint32_t floor_at = 0;
    for (uint32_t i = 0; i < r->amount_count; i++) {
        const struct written_amount *a = &r->amounts[i];
        struct span before = span_of(a->at.from > 24 ? a->at.from - 24 : 0, a->at.from);
        size_t word = scan_find_any(r->text, before, totals);
        struct span sentence = scan_sentence(r->text, r->whole, a->at.from);
        if (word == SCAN_NONE || word < sentence.from ||
            (i > 0 && r->amounts[i - 1].at.to > word)) {
            continue;
        }
        uint32_t first = i;
        while (first > floor_at && r->amounts[first - 1].at.from >= sentence.from) {
            first--;
        }
        floor_at = i + 1;
        if (i - first < 2 || adds_up(r, first, i)) {
            continue;
        }
        Money sum = 0;
        for (uint32_t k = first; k < i; k++) {
            sum += r->amounts[k].fen;
        }
        proof_hit(p, "C01", a->at, proof_yuan(p, sum), "各项相加是%s", proof_yuan(p, sum).p);
    }
}

/* An amount that is the only one of a short line. */
static bool is_row(const struct reading *r, uint32_t i, struct span *line)
{
    *line = reading_paragraph(r, r->amounts[i].at.from);
    return line->to - line->from <= ROW_BYTES &&
           (i == 0 || r->amounts[i - 1].at.to <= line->from) &&
           (i + 1 == r->amount_count || r->amounts[i + 1].at.from >= line->to);
}

/* 合计 below the rows of a list, each with one amount: all that stand right above it, up to another
 * total. */
static void rows_check(struct proofing *p)
{
    static const char *const totals[] = {"合计", "总计", "共计", "以上合计", "以上共计", NULL};
    const struct reading *r = p->r;
    for (uint32_t i = 2; i < r->amount_count; i++) {
        struct span line;
        struct span above;
        size_t length = 0;
        if (!is_row(r, i, &line) || !scan_at_any(r->text, line.from, totals, &length)) {
            continue;
        }
        Money sum = 0;
        uint32_t rows = 0;
        for (uint32_t k = i; k > 0 && rows < ROWS_MAX && is_row(r, k - 1, &above) &&
                             !scan_at_any(r->text, above.from, totals, &length) &&
                             span_is_empty(scan_trim(r->text, span_of(above.to + 1, line.from)));
             k--) {
            sum += r->amounts[k - 1].fen;
            line = above;
            rows++;
        }
        if (rows >= 2 && sum != r->amounts[i].fen && !adds_up(r, i - rows, i)) {
            proof_hit(p, "C01", r->amounts[i].at, proof_yuan(p, sum), "上面各行相加是%s",
                      proof_yuan(p, sum).p);
        }
    }
}

/* --- C02, C03: the same amount twice --- */

static bool is_capital(uint32_t code)
{
    static const char *const capitals =
        "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正负貳參陸億萬一二三四五六七八九十百千两";
    char one[5] = {0};
    (void)utf8_put(code, one);
    return strstr(capitals, one) != NULL;
}

/* A run of capital figures at a position that means an amount (has 元 or 圆). */
static struct span capitals_at(Str text, size_t at)
{
    size_t from = at;
    uint32_t code = 0;
    for (size_t n = 0; (n = scan_char(text, at, &code)) > 0 && is_capital(code);) {
        at += n;
    }
    return span_of(from, at);
}

static void capitals_compare(struct proofing *p, const struct written_amount *a, struct span span)
{
    Money fen = 0;
    Str written = str_slice(p->arena, p->r->text, span.from, span.to);
    if ((!str_has(written, "元") && !str_has(written, "圆")) || utf8_count(written) < 3) {
        return;
    }
    enum capitals how = money_read_capitals(p->arena, written, &fen);
    if (how == CAPITALS_UNREADABLE || fen != a->fen) {
        proof_hit(p, "C02", span, money_capitals(p->arena, a->fen), "大写和小写不是同一个数");
    } else if (how == CAPITALS_LOOSE || how == CAPITALS_ORDINARY) {
        proof_hit(p, "C02", span, money_capitals(p->arena, a->fen), "大写不合书写规则");
    }
}

static void twice_check(struct proofing *p)
{
    const struct reading *r = p->r;
    for (uint32_t i = 0; i < r->amount_count; i++) {
        const struct written_amount *a = &r->amounts[i];
        size_t open = a->at.to;
        if (!scan_at(r->text, open, "（") && !scan_at(r->text, open, "(")) {
            continue;
        }
        size_t inside = open + (r->text.p[open] == '(' ? 1 : strlen("（"));
        inside += scan_at(r->text, inside, "大写：") ? strlen("大写：") : 0;
        inside += scan_at(r->text, inside, "大写") ? strlen("大写") : 0;
        inside += scan_at(r->text, inside, "人民币") ? strlen("人民币") : 0;
        struct span capitals = capitals_at(r->text, inside);
        if (!span_is_empty(capitals)) {
            capitals_compare(p, a, capitals);
        }
        const struct written_amount *b = i + 1 < r->amount_count ? &r->amounts[i + 1] : NULL;
        if (b == NULL || b->at.from != inside || b->fen == a->fen) {
            continue;
        }
        bool unit = b->fen == a->fen * 10000 || a->fen == b->fen * 10000;
        if (unit || a->unit != b->unit) {
            proof_hit(p, "C03", b->at, proof_yuan(p, a->fen), "括号内外不是同一个数，请核对单位");
        }
    }
}

/* --- C06: who bears the fee --- */

static void shares_check(struct proofing *p)
{
    const struct reading *r = p->r;
    struct span rest = r->whole;
    static const char *const fees[] = {"案件受理费", "诉讼费用", "保全费", "鉴定费", NULL};
    for (size_t at = 0; (at = scan_find_any(r->text, rest, fees)) != SCAN_NONE;) {
        struct span sentence = scan_sentence(r->text, r->whole, at);
        rest.from = at + strlen("鉴定费");
        Money fee = -1;
        Money shares = 0;
        int count = 0;
        struct span last = sentence;
        for (uint32_t i = 0; i < r->amount_count; i++) {
            const struct written_amount *a = &r->amounts[i];
            if (a->at.from < at || a->at.to > sentence.to) {
                continue;
            }
            struct span before = span_of(
                i > 0 && r->amounts[i - 1].at.to > at ? r->amounts[i - 1].at.to : at, a->at.from);
            if (scan_has(r->text, before, "负担") || scan_has(r->text, before, "承担")) {
                shares += a->fen;
                count++;
                last = a->at;
            } else if (count == 0) {
                fee = a->fen; /* the last in front counts: 减半收取计1150元 */
            }
        }
        if (fee >= 0 && count >= 2 && shares != fee) {
            proof_hit(p, "C06", last, STR(""), "各方负担相加是%s，费用是%s",
                      proof_yuan(p, shares).p, proof_yuan(p, fee).p);
        }
        rest.from = sentence.to > rest.from ? sentence.to : rest.from;
    }
}

/* --- C10: quantity times price --- */

/* A decimal figure before `to`: value times 10^4, so that 3.5吨 is exact. */
static bool quantity_before(Str text, size_t to, int64_t *out)
{
    size_t from = to;
    while (from > 0 && ((text.p[from - 1] >= '0' && text.p[from - 1] <= '9') ||
                        text.p[from - 1] == '.' || text.p[from - 1] == ',')) {
        from--;
    }
    int64_t whole = 0;
    int digits = -1;
    for (size_t i = from; i < to; i++) {
        if (text.p[i] == '.') {
            digits = digits < 0 ? 0 : 9;
        } else if (text.p[i] != ',') {
            whole = whole > INT64_MAX / 100000 ? INT64_MAX / 100000 : whole * 10 + text.p[i] - '0';
            digits += digits >= 0;
        }
    }
    for (int i = digits < 0 ? 0 : digits; i < 4; i++) {
        whole *= 10;
    }
    *out = whole;
    return to > from && digits <= 4;
}

static void products_check(struct proofing *p)
{
    const struct reading *r = p->r;
    for (uint32_t i = 0; i + 1 < r->amount_count; i++) {
        const struct written_amount *price = &r->amounts[i];
        const struct written_amount *product = &r->amounts[i + 1];
        size_t times = price->at.from;
        bool sign = scan_before(r->text, times, "×") || scan_before(r->text, times, "*");
        if (!sign || !scan_at(r->text, price->at.to, "=") || product->at.from != price->at.to + 1) {
            continue;
        }
        size_t unit = scan_before(r->text, times, "×") ? times - strlen("×") : times - 1;
        size_t end = unit;
        for (int k = 0; k < 4 && end > 0; k++) {
            uint32_t code = 0;
            size_t before = scan_back(r->text, end);
            (void)scan_char(r->text, before, &code);
            if (code >= '0' && code <= '9') {
                break;
            }
            end = before;
        }
        int64_t quantity = 0;
        if (!quantity_before(r->text, end, &quantity) || price->fen == 0 ||
            quantity > (INT64_MAX - 5000) / price->fen) {
            continue;
        }
        Money right = (quantity * price->fen + 5000) / 10000;
        if (right != product->fen) {
            proof_hit(p, "C10", product->at, proof_yuan(p, right), "相乘得%s",
                      proof_yuan(p, right).p);
        }
    }
}

/* --- C11 --- */

static void percents_check(struct proofing *p)
{
    const struct reading *r = p->r;
    struct span rest = r->whole;
    for (size_t at = 0; (at = scan_find(r->text, rest, "承担")) != SCAN_NONE;) {
        struct span sentence = scan_sentence(r->text, r->whole, at);
        int64_t sum = 0;
        int count = 0;
        for (size_t k = at; k < sentence.to;) {
            int64_t percent = 0;
            size_t word = scan_find(r->text, span_of(k, sentence.to), "承担");
            if (word == SCAN_NONE) {
                break;
            }
            size_t n = scan_number(r->text, word + strlen("承担"), &percent);
            if (n > 0 && scan_at(r->text, word + strlen("承担") + n, "%")) {
                sum += percent;
                count++;
            }
            k = word + strlen("承担");
        }
        if (count >= 2 && sum != 100) {
            proof_hit(p, "C11", sentence, STR(""), "各方责任比例相加是%" PRId64 "%%", sum);
        }
        rest.from = sentence.to > at ? sentence.to : at + 1;
    }
}

/* --- C09: not more than was asked --- */

static Money sum_of(const struct reading *r, struct span in, const char *const *verbs)
{
    Money sum = 0;
    for (uint32_t i = 0; i < r->amount_count; i++) {
        const struct written_amount *a = &r->amounts[i];
        if (a->at.from < in.from || a->at.to > in.to) {
            continue;
        }
        size_t clause = scan_find_last(r->text, span_of(in.from, a->at.from), "\n");
        struct span item = span_of(clause == SCAN_NONE ? in.from : clause, a->at.from);
        size_t behind = in.to < a->at.to + 24 ? in.to : a->at.to + 24;
        bool base = scan_has(r->text, span_of(a->at.to, behind), "为基数");
        if (scan_has_any(r->text, item, verbs) && !base) {
            sum += a->fen;
        }
    }
    return sum;
}

static void award_check(struct proofing *p)
{
    static const char *const asks[] = {"支付", "给付", "返还", "偿还",
                                       "赔偿", "归还", "诉请", NULL};
    const struct reading *r = p->r;
    struct span claims = r->claims;
    size_t short_form = scan_find(r->text, r->whole, "诉请");
    if (span_is_empty(claims) && short_form != SCAN_NONE) {
        claims = scan_sentence(r->text, r->whole, short_form);
        size_t comma = scan_find(r->text, claims, "，判令");
        claims.to = comma == SCAN_NONE ? claims.to : comma;
    }
    struct span given = r->operative;
    if (span_is_empty(given) && short_form != SCAN_NONE) {
        given = span_of(claims.to, scan_sentence(r->text, r->whole, claims.to).to);
    }
    Money asked = sum_of(r, claims, asks);
    Money awarded = sum_of(r, given, asks);
    if (asked > 0 && awarded > asked && r->trial != TRIAL_SECOND) {
        const struct written_amount *a = reading_amount(r, given);
        proof_hit(p, "C09", a == NULL ? proof_place(p, given) : a->at, STR(""),
                  "请求给付%s，判令给付%s", proof_yuan(p, asked).p, proof_yuan(p, awarded).p);
    }
}

void check_amounts(struct proofing *p)
{
    sums_check(p);
    rows_check(p);
    twice_check(p);
    shares_check(p);
    products_check(p);
    percents_check(p);
    award_check(p);
}
