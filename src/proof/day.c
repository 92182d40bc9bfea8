/* Class D: days that exist, in an order that can be, and periods that are long enough. */
#include <inttypes.h>
#include <string.h>

#include "law/period.h"
#include "proof/proofing.h"

/* --- D01, D11, D12 --- */

static Str last_of_month(struct proofing *p, const struct written_date *d)
{
    Date first = date_of(d->year, d->month, 1);
    return first == DATE_NONE ? STR("") : date_chinese(p->arena, date_add_months(first, 1) - 1);
}

static bool starts_interest(const struct reading *r, const struct written_date *d)
{
    struct span behind = span_of(d->at.to, d->at.to + 30 < r->text.n ? d->at.to + 30 : r->text.n);
    return scan_before(r->text, d->at.from, "自") && scan_has(r->text, behind, "利息");
}

static bool ends_somewhere(const struct reading *r, size_t from)
{
    struct span rest = span_of(from, scan_sentence(r->text, r->whole, from).to);
    static const char *const ends[] = {"至", "止", "到", NULL};
    return scan_has_any(r->text, rest, ends);
}

static void days_exist(struct proofing *p)
{
    static const char *const names[] = {"一", "二", "三", "四", "五", "六", "日"};
    const struct reading *r = p->r;
    for (uint32_t i = 0; i < r->date_count; i++) {
        const struct written_date *d = &r->dates[i];
        bool wrong = d->year > 0 && d->exact && d->date == DATE_NONE;
        bool month = d->month > 12;
        if (starts_interest(r, d) && (wrong || !ends_somewhere(r, d->at.to))) {
            proof_hit(p, "D11", d->at, wrong ? last_of_month(p, d) : STR(""), "%s",
                      wrong ? "利息的起算日不存在" : "利息没有写到哪一天止");
        } else if (wrong || month) {
            proof_hit(p, "D01", d->at, month ? STR("") : last_of_month(p, d), "没有这一天");
        }
        size_t open = d->at.to;
        if (d->date == DATE_NONE || !scan_at(r->text, open, "（星期")) {
            continue;
        }
        size_t word = open + strlen("（星期");
        const char *right = names[date_weekday(d->date) - 1];
        if (!scan_at(r->text, word, right) &&
            !(date_weekday(d->date) == 7 && scan_at(r->text, word, "天"))) {
            proof_hit(p, "D12", span_of(open + strlen("（"), word + strlen("一")),
                      str_printf(p->arena, "星期%s", right), "这一天是星期%s", right);
        }
    }
}

/* --- D02, D03, D10 --- */

static Date last_hearing(const struct reading *r)
{
    Date last = DATE_NONE;
    for (uint32_t i = 0; i < r->date_count; i++) {
        const struct written_date *d = &r->dates[i];
        struct span behind =
            span_of(d->at.to, d->at.to + 36 < r->text.n ? d->at.to + 36 : r->text.n);
        if (d->date != DATE_NONE && scan_has(r->text, behind, "开庭") && d->date > last) {
            last = d->date;
        }
    }
    const struct value *known = value_get(r->facts, "hearings");
    for (uint32_t i = 0; i < value_count(known); i++) {
        Date date = DATE_NONE;
        if (date_parse(value_as_str(value_item(known, i)), &date) && date > last) {
            last = date;
        }
    }
    return last;
}

static Date docketed_on(const struct reading *r)
{
    Date known = reading_fact_date(r, "docketed");
    const struct written_date *d = reading_date_of(r, "立案");
    bool near = d != NULL;
    return known != DATE_NONE ? known : near ? d->date : DATE_NONE;
}

static void order_check(struct proofing *p)
{
    const struct reading *r = p->r;
    Date docketed = docketed_on(r);
    for (uint32_t i = 0; i < r->date_count && docketed != DATE_NONE; i++) {
        const struct written_date *d = &r->dates[i];
        struct span behind =
            span_of(d->at.to, d->at.to + 30 < r->text.n ? d->at.to + 30 : r->text.n);
        static const char *const hearings[] = {"开庭", "公开开庭", "不公开开庭", NULL};
        if (d->date != DATE_NONE && d->date < docketed && scan_has_any(r->text, behind, hearings)) {
            proof_hit(p, "D02", d->at, STR(""), "开庭早于立案（%s）",
                      date_chinese(p->arena, docketed).p);
        }
    }
}

/* The date the document is signed with: the last one on a line of its own, or behind 落款. */
static const struct written_date *signed_date(const struct reading *r)
{
    const struct written_date *found = NULL;
    for (uint32_t i = 0; i < r->date_count; i++) {
        const struct written_date *d = &r->dates[i];
        bool own = !span_is_empty(r->signature) && d->at.from >= r->signature.from &&
                   d->at.to <= r->signature.to && d->year > 0 && d->exact;
        bool said = scan_before(r->text, d->at.from, "落款");
        found = own || said ? d : found;
    }
    return found;
}

static void signed_check(struct proofing *p)
{
    const struct reading *r = p->r;
    const struct written_date *d = signed_date(r);
    Date heard = last_hearing(r);
    if (d == NULL) {
        return;
    }
    /* 4月8日开庭，落款二〇二五年四月一日: a hearing without year is of the same. */
    for (uint32_t i = 0; i < r->date_count && d->year > 0; i++) {
        const struct written_date *h = &r->dates[i];
        struct span behind =
            span_of(h->at.to, h->at.to + 12 < r->text.n ? h->at.to + 12 : r->text.n);
        Date same = h->year == 0 && h->exact ? date_of(d->year, h->month, h->day) : DATE_NONE;
        heard =
            same != DATE_NONE && scan_has(r->text, behind, "开庭") && same > heard ? same : heard;
    }
    if (heard != DATE_NONE && d->date != DATE_NONE && d->date < heard) {
        proof_hit(p, "D03", d->at, STR(""), "落款早于最后一次开庭（%s）",
                  date_chinese(p->arena, heard).p);
    } else if (d->date != DATE_NONE && r->today != DATE_NONE && d->date > r->today) {
        proof_hit(p, "D03", d->at, STR(""), "落款的日子还没有到");
    }
    bool court_paper = r->kind != PAPER_OTHER && r->kind != PAPER_UNKNOWN;
    Str written = str_slice(p->arena, r->text, d->at.from, d->at.to);
    if (court_paper && (!d->han || str_has(written, "零") || str_has(written, "○"))) {
        static const char *const digits[] = {"〇", "一", "二", "三", "四",
                                             "五", "六", "七", "八", "九"};
        struct buf buf;
        buf_init(&buf, p->arena, 128);
        for (int scale = 1000; scale > 0; scale /= 10) {
            buf_text(&buf, digits[d->year / scale % 10]);
        }
        buf_printf(&buf, "年%s月", scan_han_write(p->arena, d->month).p);
        buf_printf(&buf, "%s日", d->day > 0 ? scan_han_write(p->arena, d->day).p : "");
        proof_hit(p, "D04", d->at, buf_done(&buf), "落款日期用汉字数字，零写“〇”");
    }
}

/* LAW: civil-procedure-law@2023 152, 164, 168: with the one extension each allows, no longer
 * unexplained. */
static void trial_check(struct proofing *p)
{
    static const char *const excuses[] = {"转为普通程序", "延长", "转换", "中止", "扣除", NULL};
    const struct reading *r = p->r;
    Date from = docketed_on(r);
    Date to = r->written;
    int months = r->trial == TRIAL_SUMMARY    ? 3
                 : r->trial == TRIAL_SMALL    ? 2
                 : r->trial == TRIAL_ORDINARY ? 6
                                              : 0;
    size_t judged = scan_find(r->text, r->whole, "判决");
    /* 1月10日立案，8月20日判决: both without a year. */
    for (uint32_t i = 0; i + 1 < r->date_count && from == DATE_NONE; i++) {
        const struct written_date *a = &r->dates[i];
        const struct written_date *b = &r->dates[i + 1];
        if (a->year == 0 && scan_at(r->text, a->at.to, "立案") && b->year == 0 &&
            scan_at(r->text, b->at.to, "判决")) {
            from = date_of(2025, a->month, a->day);
            to = date_of(2025, b->month, b->day);
        }
    }
    if (from == DATE_NONE || to == DATE_NONE || months == 0 || judged == SCAN_NONE ||
        scan_has_any(r->text, r->whole, excuses)) {
        return;
    }
    if (to > date_add_months(from, months)) {
        proof_hit(p, "D10", proof_place(p, span_of(judged, judged)), STR(""),
                  "立案到判决超过%d个月，没有写明延长或者转换程序", months);
    }
}

/* --- D05 to D08: periods --- */

static void notice_check(struct proofing *p)
{
    const struct reading *r = p->r;
    for (uint32_t i = 0; i + 1 < r->date_count; i++) {
        const struct written_date *a = &r->dates[i];
        const struct written_date *b = &r->dates[i + 1];
        struct span between = span_of(a->at.to, b->at.from);
        int year = a->year > 0 ? a->year : b->year > 0 ? b->year : 2025;
        if (!a->exact || !b->exact || !scan_has(r->text, between, "送达") ||
            scan_has(r->text, between, "。") || !scan_at(r->text, b->at.to, "开庭")) {
            continue;
        }
        Date served = date_of(year, a->month, a->day);
        Date heard = date_of(b->year > 0 ? b->year : year, b->month, b->day);
        if (served != DATE_NONE && heard != DATE_NONE && heard - served < 3) {
            proof_hit(p, "D05", b->at, STR(""), "开庭三日前应当通知当事人");
        }
    }
}

/* A number of days written around a word: 十日内, 15日内, 七日. */
static bool days_near(const struct reading *r, size_t from, size_t to, int64_t *days,
                      struct span *at)
{
    for (size_t k = from; k < to;) {
        uint32_t code = 0;
        int64_t number = 0;
        size_t n = scan_any_number(r->text, k, &number);
        if (n > 0 && (scan_at(r->text, k + n, "日") || scan_at(r->text, k + n, "天"))) {
            *days = number;
            *at = span_of(k, k + n + strlen("日"));
            return true;
        }
        k += n > 0 ? n : scan_char(r->text, k, &code);
    }
    return false;
}

static void periods_check(struct proofing *p)
{
    const struct reading *r = p->r;
    struct span rest = r->whole;
    int64_t days = 0;
    struct span at;
    for (size_t k = 0; (k = scan_find(r->text, rest, "提出答辩状")) != SCAN_NONE;) {
        struct span sentence = scan_sentence(r->text, r->whole, k);
        bool from_copy = scan_has(r->text, span_of(sentence.from, k), "起诉状副本");
        rest.from = k + strlen("提出答辩状");
        if (from_copy && days_near(r, sentence.from, k, &days, &at) && days != 15 && days != 30) {
            proof_hit(p, "D06", at, STR("十五日"), "答辩期是十五日；在境内没有住所的三十日");
        }
    }
    rest = r->whole;
    bool ordinary = r->trial == TRIAL_ORDINARY || scan_has(r->text, r->whole, "普通程序");
    for (size_t k = 0; (k = scan_find(r->text, rest, "举证期限")) != SCAN_NONE;) {
        struct span sentence = scan_sentence(r->text, r->whole, k);
        rest.from = k + strlen("举证期限");
        if (ordinary && days_near(r, k, sentence.to, &days, &at) && days < 15) {
            proof_hit(p, "D07", at, STR("十五日"), "普通程序的举证期限不少于十五日");
        }
    }
}

/* LAW: civil-procedure-interpretation@2022 485: deposits one year, movables two, the rest three. */
static void seizure_check(struct proofing *p)
{
    static const char *const deposits[] = {"存款", "账户", NULL};
    static const char *const movables[] = {"动产", "车辆", "机动车", NULL};
    const struct reading *r = p->r;
    struct span rest = r->whole;
    for (size_t at = 0; (at = scan_find(r->text, rest, "期限")) != SCAN_NONE;) {
        struct span sentence = scan_sentence(r->text, r->whole, at);
        struct span before = span_of(sentence.from, at);
        int64_t years = 0;
        size_t from = at + strlen("期限");
        from += scan_at(r->text, from, "为") ? strlen("为") : 0;
        size_t n = scan_any_number(r->text, from, &years);
        rest.from = at + strlen("期限");
        static const char *const kinds[] = {"冻结", "查封", "扣押", NULL};
        if (n == 0 || !scan_at(r->text, from + n, "年") || !scan_has_any(r->text, before, kinds)) {
            continue;
        }
        bool fixed = scan_has(r->text, before, "不动产");
        int64_t most = scan_has_any(r->text, before, deposits)             ? 1
                       : !fixed && scan_has_any(r->text, before, movables) ? 2
                                                                           : 3;
        const struct written_date *start = reading_date(r, span_of(at, sentence.to));
        const struct written_date *end =
            start == NULL ? NULL : reading_date(r, span_of(start->at.to, sentence.to));
        if (years > most) {
            proof_hit(p, "D08", span_of(from, from + n + strlen("年")),
                      str_printf(p->arena, "%s年", scan_han_write(p->arena, most).p),
                      "这类财产最长%" PRId64 "年", most);
        } else if (start != NULL && end != NULL && start->date != DATE_NONE &&
                   end->date != DATE_NONE && years > 0 &&
                   end->date != period_seizure_end(start->date, (int)years)) {
            proof_hit(p, "D08", end->at,
                      date_chinese(p->arena, period_seizure_end(start->date, (int)years)),
                      "起止与期限不符");
        }
    }
}

/* --- D09 --- */

static bool pays(const struct reading *r, struct span item)
{
    static const char *const verbs[] = {"支付", "给付", "返还", "偿还", "赔偿", "归还", NULL};
    static const char *const denies[] = {"驳回", "无需", "不承担", NULL};
    return scan_has_any(r->text, item, verbs) && !scan_has_any(r->text, item, denies);
}

static void performance_check(struct proofing *p)
{
    static const char *const days[] = {"日内", "天内", "之前", "日前", "月内",
                                       "当日", "每月", "付清", "至",   NULL};
    const struct reading *r = p->r;
    if (span_is_empty(r->operative) || r->kind != PAPER_JUDGMENT) {
        size_t soon = scan_find(r->text, r->whole, "应及时支付");
        if (soon != SCAN_NONE) {
            proof_hit(p, "D09", span_of(soon, soon + strlen("应及时支付")), STR(""),
                      "写明什么时候以前履行");
        }
        return;
    }
    for (uint32_t i = 0; i < r->paragraph_count; i++) {
        struct span item = r->paragraphs[i];
        bool inside = item.from >= r->operative.from && item.to <= r->operative.to;
        if (inside && pays(r, item) && !scan_has_any(r->text, item, days)) {
            proof_hit(p, "D09", item, STR(""), "写明什么时候以前履行");
        }
    }
}

void check_dates(struct proofing *p)
{
    days_exist(p);
    order_check(p);
    signed_check(p);
    trial_check(p);
    notice_check(p);
    periods_check(p);
    seizure_check(p);
    performance_check(p);
}
