/* Class E, first half: laws that exist, are in force, and are cited as they should be. */
#include <inttypes.h>
#include <string.h>

#include "proof/proofing.h"

static Str article_name(struct proofing *p, int64_t article)
{
    return article >= 1 && article <= 9999
               ? str_printf(p->arena, "第%s条", scan_han_write(p->arena, article).p)
               : STR("");
}

/* Is anything dated before a day? Years alone count too: 2020年的行为. */
static bool tells_of_before(const struct reading *r, Date day)
{
    for (uint32_t i = 0; i < r->date_count; i++) {
        const struct written_date *d = &r->dates[i];
        if (d->year > 0 && date_of(d->year, d->month <= 12 ? d->month : 12, 1) < day &&
            !scan_at(r->text, d->at.to, "出生")) {
            return true;
        }
    }
    struct span rest = r->whole;
    for (size_t at = 0; (at = scan_find(r->text, rest, "年")) != SCAN_NONE;) {
        int64_t year = 0;
        struct span behind = span_of(at, at + 36 < r->text.n ? at + 36 : r->text.n);
        bool birth = scan_has(r->text, behind, "出生");
        rest.from = at + strlen("年");
        if (!birth && at >= 4 && scan_number(r->text, at - 4, &year) == 4 && year >= 1950 &&
            date_of((int)year, 1, 1) < day) {
            return true;
        }
    }
    return false;
}

/* 《买卖合同》第8条 and 《某意见》第24条 are counted as their own text counts. */
static bool is_of_law(const struct proofing *p, const struct citation *c)
{
    static const char *const ends[] = {"法",   "法典", "条例", "规定", "解释",
                                       "办法", "细则", "规则", "决定", NULL};
    for (size_t i = 0; ends[i] != NULL; i++) {
        if (scan_before(p->r->text, c->name.to, ends[i])) {
            return true;
        }
    }
    return c->statute != NULL;
}

static void article_check(struct proofing *p, const struct citation *c)
{
    const struct statute *s = c->statute;
    if (s != NULL && s->articles > 0 && c->article > s->articles) {
        proof_hit(p, "E01", c->at, STR(""), "《%.*s》只有%" PRId64 "条", STR_ARG(s->short_name),
                  s->articles);
    }
    if (c->arabic && is_of_law(p, c)) {
        proof_hit(p, "E12", c->at, article_name(p, c->article), "条文序号用汉字");
    }
    if (c->bare && s != NULL) {
        proof_hit(
            p, "E04", c->at,
            str_printf(p->arena, "《%.*s》%s", STR_ARG(s->full), article_name(p, c->article).p),
            "法律写全称，加书名号");
    }
}

/* LAW: 最高人民法院关于适用民法典时间效力的若干规定: what happened before goes by the law of then.
 */
static void force_check(struct proofing *p, const struct citation *c)
{
    const struct statute *s = c->statute;
    if (s == NULL || s->to == DATE_NONE || tells_of_before(p->r, s->to)) {
        return;
    }
    if (p->r->written == DATE_NONE || p->r->written > s->to) {
        proof_hit(p, "E02", c->at,
                  s->successor.n == 0
                      ? STR("")
                      : str_printf(p->arena, "《中华人民共和国%.*s》", STR_ARG(s->successor)),
                  "《%.*s》已于%s失效", STR_ARG(s->short_name),
                  date_chinese(p->arena, s->to + 1).p);
    }
}

static void moved_check(struct proofing *p, const struct citation *c)
{
    const struct statutes *all = p->world->statutes;
    struct span around = reading_paragraph(p->r, c->at.from);
    if (c->statute == NULL) {
        return;
    }
    for (uint32_t i = 0; i < all->moved_count; i++) {
        const struct renumbering *m = &all->moved[i];
        bool since = p->r->written == DATE_NONE || p->r->written >= m->since;
        if (since && c->article == m->old_article && str_same(m->law, c->statute->short_name) &&
            scan_has(p->r->text, around, m->subject.p)) {
            proof_hit(p, "E03", c->at, article_name(p, m->new_article), "“%.*s”现在是%s",
                      STR_ARG(m->subject), article_name(p, m->new_article).p);
            return;
        }
    }
}

/* --- E12: 第五百条三项, 第二十二条二款, of whatever text --- */

static void levels_check(struct proofing *p)
{
    Str text = p->r->text;
    struct span rest = p->r->whole;
    for (size_t at = 0; (at = scan_find(text, rest, "条")) != SCAN_NONE;) {
        int64_t number = 0;
        rest.from = at + strlen("条");
        size_t before = scan_back(text, at);
        size_t n = scan_han_number(text, rest.from, &number);
        bool article = scan_any_number(text, before, &number) > 0;
        bool counted = scan_at(text, rest.from, "两"); /* 该条两款约定 */
        if (!article || n == 0 || counted ||
            !(scan_at(text, rest.from + n, "项") || scan_at(text, rest.from + n, "款"))) {
            continue;
        }
        size_t end = rest.from + n + strlen("项");
        proof_hit(p, "E12", span_of(rest.from, end),
                  str_printf(p->arena, "第%.*s", (int)(end - rest.from), text.p + rest.from),
                  "款、项前面写“第”");
    }
}

/* 《某法》一百七十六条, 《某法》第三十九规定, 第裘四十四条: a mark was left out, or slipped in. */
static void ordinals_check(struct proofing *p)
{
    static const char *const rules[] = {"规定", "之规定", "的规定", NULL};
    Str text = p->r->text;
    struct span rest = p->r->whole;
    for (size_t at = 0; (at = scan_find(text, rest, "》")) != SCAN_NONE;) {
        int64_t number = 0;
        size_t length = 0;
        rest.from = at + strlen("》");
        size_t from = rest.from;
        bool marked = scan_at(text, from, "第");
        from += marked ? strlen("第") : 0;
        size_t n = scan_han_number(text, from, &number);
        bool article = scan_at(text, from + n, "条");
        if (n > 0 && !marked && article) {
            proof_hit(p, "E12", span_of(from, from + n + strlen("条")),
                      str_printf(p->arena, "第%.*s条", (int)n, text.p + from),
                      "条文序号前面写“第”");
        } else if (n > 0 && marked && !article && scan_at_any(text, from + n, rules, &length)) {
            proof_hit(p, "E12", span_of(from - strlen("第"), from + n),
                      str_printf(p->arena, "第%.*s条", (int)n, text.p + from), "序号后面漏写“条”");
        }
    }
    rest = p->r->whole;
    for (size_t at = 0; (at = scan_find(text, rest, "第")) != SCAN_NONE;) {
        int64_t number = 0;
        uint32_t code = 0;
        rest.from = at + strlen("第");
        size_t stray = scan_char(text, rest.from, &code);
        size_t from = rest.from + stray;
        size_t n = scan_is_han(code) && scan_any_number(text, rest.from, &number) == 0
                       ? scan_han_number(text, from, &number)
                       : 0;
        if (n > strlen("一") && scan_at(text, from + n, "条")) {
            proof_hit(p, "E12", span_of(at, from + n),
                      str_printf(p->arena, "第%.*s", (int)n, text.p + from), "序号里多了字");
        }
    }
}

/* --- E05, E06: the basis of the decision --- */

static int order_of(const struct statute *s)
{
    /* Law before regulation before local rules before interpretation; basic law first; substance
     * before procedure. LAW: citation-rules@2009 2 */
    return (int)s->rank * 4 + (s->procedural ? 2 : 0) + (s->basic ? 0 : 1);
}

static bool in_basis(const struct reading *r, const struct citation *c)
{
    if (!span_is_empty(r->basis)) {
        return c->at.from >= r->basis.from && c->at.to <= r->basis.to;
    }
    struct span sentence = scan_sentence(r->text, r->whole, c->at.from);
    return scan_has(r->text, span_of(sentence.from, c->at.from), "依照");
}

static void basis_check(struct proofing *p)
{
    static const char *const not_law[] = {"纪要", "指导意见",   "工作意见",   "通知",
                                          "答复", "指导性案例", "理解与适用", NULL};
    const struct citation *before = NULL;
    const struct reading *r = p->r;
    for (uint32_t i = 0; i < r->citation_count; i++) {
        const struct citation *c = &r->citations[i];
        if (!in_basis(r, c)) {
            continue;
        }
        bool local = c->statute == NULL && scan_has_any(r->text, c->name, not_law);
        if (local || (c->statute != NULL && c->statute->rank == STATUTE_OTHER)) {
            proof_hit(p, "E06", c->at, STR(""), "不能作为裁判依据，只能在说理部分援引");
            continue;
        }
        if (before != NULL && c->statute != NULL && before->statute != c->statute &&
            scan_sentence(r->text, r->whole, before->at.from).to >= c->at.from &&
            order_of(c->statute) < order_of(before->statute)) {
            proof_hit(p, "E05", c->at, STR(""), "“%.*s”应当写在“%.*s”前面",
                      STR_ARG(c->statute->short_name), STR_ARG(before->statute->short_name));
        }
        before = c->statute != NULL ? c : before;
    }
}

void check_citations(struct proofing *p)
{
    for (uint32_t i = 0; i < p->r->citation_count; i++) {
        const struct citation *c = &p->r->citations[i];
        if (c->article == 0) {
            continue;
        }
        article_check(p, c);
        force_check(p, c);
        moved_check(p, c);
    }
    levels_check(p);
    ordinals_check(p);
    basis_check(p);
}
