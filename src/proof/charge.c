/* Class C, second half: fees by the Measures, interest by its own formula, the ceiling of private
 * loans. */
#include <inttypes.h>
#include <string.h>

#include "law/fee.h"
#include "law/interest.h"
#include "proof/proofing.h"

static bool fee_of(struct proofing *p, enum fee_kind kind, Money amount, Money *out)
{
    struct cx cx;
    cx_init(&cx, p->arena);
    struct fee_ask ask = {.kind = kind, .has_amount = true, .amount = amount};
    struct fee_answer answer;
    if (fee_compute(&cx, p->r->tables, &ask, &answer) != OK) {
        return false;
    }
    *out = answer.fee;
    return true;
}

/* What the case is about, in fen: from the file, or where the text says 标的. -1 when unknown. */
static Money amount_at_stake(const struct reading *r)
{
    const struct value *known = value_get(r->facts, "amount");
    size_t at = scan_find(r->text, r->whole, "标的");
    if (known != NULL && known->kind == VALUE_INT) {
        return value_as_int(known);
    }
    if (at == SCAN_NONE) {
        return -1;
    }
    const struct written_amount *a = reading_amount(r, scan_sentence(r->text, r->whole, at));
    for (uint32_t i = 0; i < r->amount_count; i++) {
        if (r->amounts[i].at.from > at) {
            a = r->amounts[i].at.from - at < 40 ? &r->amounts[i] : NULL;
            break;
        }
    }
    return a == NULL ? -1 : a->fen;
}

/* The clause of the fee: from 案件受理费 to the end of its sentence. */
static bool fee_clause(const struct reading *r, struct span *out)
{
    size_t at = scan_find_last(r->text, r->whole, "案件受理费");
    if (at == SCAN_NONE) {
        return false;
    }
    *out = span_of(at, scan_sentence(r->text, r->whole, at).to);
    return true;
}

static bool is_halved(const struct reading *r, struct span clause)
{
    return scan_has(r->text, clause, "减半") || scan_has(r->text, clause, "已减半");
}

static void acceptance_check(struct proofing *p)
{
    const struct reading *r = p->r;
    struct span clause;
    Money full = 0;
    if (!fee_clause(r, &clause)) {
        return;
    }
    const struct written_amount *fee = reading_amount(r, clause);
    bool summary = r->trial == TRIAL_SUMMARY || r->trial == TRIAL_SMALL;
    /* LAW: litigation-fee-measures@2007 15, 16: half once, by summary procedure or mediation. */
    if (fee != NULL && summary && !is_halved(r, clause) && r->kind != PAPER_OTHER) {
        proof_hit(p, "C05", fee->at,
                  str_printf(p->arena, "%s，减半收取计%s", proof_yuan(p, fee->fen).p,
                             proof_yuan(p, (fee->fen + 1) / 2).p),
                  "适用简易程序的案件受理费减半交纳");
    }
    Money stake = amount_at_stake(r);
    if (fee == NULL || stake < 0 || !fee_of(p, FEE_PROPERTY, stake, &full)) {
        return;
    }
    Money half = (full + 1) / 2;
    if (fee->fen != full && !(fee->fen == half && (is_halved(r, clause) || summary))) {
        proof_hit(p, "C04", fee->at, proof_yuan(p, full), "标的%s，应为%s", proof_yuan(p, stake).p,
                  proof_yuan(p, full).p);
    }
}

static void preservation_check(struct proofing *p)
{
    const struct reading *r = p->r;
    struct span rest = r->whole;
    for (size_t at = 0; (at = scan_find(r->text, rest, "申请费")) != SCAN_NONE;) {
        struct span sentence = scan_sentence(r->text, r->whole, at);
        const struct written_amount *fee = reading_amount(r, span_of(at, sentence.to));
        size_t word = scan_find(r->text, span_of(sentence.from, at), "保全");
        const struct written_amount *kept =
            word == SCAN_NONE ? NULL : reading_amount(r, span_of(word, at));
        Money right = 0;
        rest.from = at + strlen("申请费");
        if (fee == NULL || kept == NULL || !fee_of(p, FEE_PRESERVATION, kept->fen, &right)) {
            continue;
        }
        if (right != fee->fen) {
            proof_hit(p, "C12", fee->at, proof_yuan(p, right), "保全%s，申请费应为%s",
                      proof_yuan(p, kept->fen).p, proof_yuan(p, right).p);
        }
    }
}

/* --- C07: a×days×rate=interest --- */

/* A decimal at a position, times 10^6; bytes read. */
static size_t decimal_at(Str text, size_t at, int64_t *out)
{
    int64_t whole = 0;
    size_t n = scan_number(text, at, &whole);
    int64_t scale = 1000000;
    if (n == 0 || whole > 1000000) {
        return 0;
    }
    *out = whole * scale;
    if (at + n < text.n && text.p[at + n] == '.') {
        n++;
        while (at + n < text.n && text.p[at + n] >= '0' && text.p[at + n] <= '9' && scale > 1) {
            scale /= 10;
            *out += (text.p[at + n] - '0') * scale;
            n++;
        }
    }
    return n;
}

/* ×日万分之1.75 or ×3%÷365 behind ×N天: the daily rate as numerator over 10^6 * denominator. */
static bool daily_rate(Str text, size_t at, int64_t *numerator, int64_t *denominator, size_t *end)
{
    size_t n = 0;
    at += scan_at(text, at, "日") ? strlen("日") : 0;
    if (scan_at(text, at, "万分之")) {
        at += strlen("万分之");
        n = decimal_at(text, at, numerator);
        *denominator = 10000;
        *end = at + n;
        return n > 0;
    }
    at += scan_at(text, at, "年利率") ? strlen("年利率") : 0;
    n = decimal_at(text, at, numerator);
    at += n;
    if (n == 0 || !scan_at(text, at, "%÷365")) {
        return false;
    }
    *denominator = 36500;
    *end = at + strlen("%÷365");
    *end += scan_at(text, *end, "天") ? strlen("天") : 0;
    return true;
}

static void interest_check(struct proofing *p)
{
    const struct reading *r = p->r;
    for (uint32_t i = 0; i + 1 < r->amount_count; i++) {
        const struct written_amount *base = &r->amounts[i];
        const struct written_amount *interest = &r->amounts[i + 1];
        int64_t days = 0;
        int64_t numerator = 0;
        int64_t denominator = 1;
        size_t at = base->at.to;
        size_t end = 0;
        if (!scan_at(r->text, at, "×")) {
            continue;
        }
        at += strlen("×");
        size_t n = scan_number(r->text, at, &days);
        at += n;
        bool counted = n > 0 && (scan_at(r->text, at, "天×") || scan_at(r->text, at, "日×"));
        if (!counted || !daily_rate(r->text, at + strlen("天×"), &numerator, &denominator, &end) ||
            !scan_at(r->text, end, "=") || interest->at.from != end + 1 || days > 40000 ||
            base->fen > INT64_C(100000000000)) {
            continue;
        }
        /* base*days stays below 4*10^15; the rate is applied in two steps to stay exact. */
        int64_t whole = base->fen * days;
        int64_t scale = 1000000 * denominator;
        int64_t high = whole / scale;
        int64_t low = whole % scale;
        if (numerator == 0 || low > INT64_MAX / 2 / numerator || high > INT64_MAX / 2 / numerator) {
            continue;
        }
        Money right = high * numerator + (low * numerator + scale / 2) / scale;
        if (right != interest->fen) {
            proof_hit(p, "C07", interest->at, proof_yuan(p, right), "按算式得%s",
                      proof_yuan(p, right).p);
        }
    }
}

/* --- C08 --- */

/* The day the contract was made: the date in front of 签订, 借款, 出借; the month's last for a
 * month.
 */
static Date contract_day(const struct reading *r)
{
    static const char *const words[] = {"签订", "出借", "借款", "借给", NULL};
    for (uint32_t i = 0; i < r->date_count; i++) {
        const struct written_date *d = &r->dates[i];
        struct span behind =
            span_of(d->at.to, d->at.to + 60 < r->text.n ? d->at.to + 60 : r->text.n);
        if (d->year > 0 && scan_has_any(r->text, behind, words)) {
            return d->exact ? d->date : date_add_months(date_of(d->year, d->month, 1), 1) - 1;
        }
    }
    return DATE_NONE;
}

/* LAW: private-lending-rules@2020 25, 31: four times the one-year LPR when the contract was made,
 * from 2020-08-20. Licensed lenders are not bound by it (1). */
static void lending_check(struct proofing *p)
{
    const struct reading *r = p->r;
    static const char *const lenders[] = {"银行", "小额贷款公司", "消费金融", "信托", NULL};
    bool lending = scan_has(r->text, r->whole, "民间借贷") || scan_has(r->text, r->whole, "借款") ||
                   str_is(reading_fact(r, "cause"), "民间借贷纠纷");
    Date day = scan_has_any(r->text, r->head, lenders) || !lending ? DATE_NONE : contract_day(r);
    const struct rate *lpr = day == DATE_NONE ? NULL : interest_lpr_on(r->tables, day);
    if (lpr == NULL || day < date_of(2020, 8, 20)) {
        return;
    }
    int64_t ppm = lpr->ppm;
    struct span rest = r->whole;
    for (size_t at = 0; (at = scan_find(r->text, rest, "年利率")) != SCAN_NONE;) {
        int64_t rate = 0;
        size_t from = at + strlen("年利率");
        from += scan_at(r->text, from, "为") ? strlen("为") : 0;
        size_t n = decimal_at(r->text, from, &rate);
        rest.from = at + strlen("年利率");
        if (n > 0 && scan_at(r->text, from + n, "%") && rate > ppm * 4 * 100) {
            proof_hit(p, "C08", span_of(at, from + n + 1), STR(""),
                      "合同成立时一年期LPR为%" PRId64 ".%02" PRId64 "%%，四倍为%" PRId64
                      ".%02" PRId64 "%%",
                      ppm / 10000, ppm / 100 % 100, ppm * 4 / 10000, ppm * 4 / 100 % 100);
        }
    }
}

void check_fees(struct proofing *p)
{
    acceptance_check(p);
    preservation_check(p);
    interest_check(p);
    lending_check(p);
}
