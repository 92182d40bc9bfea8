/* Class F, first half: the operative part against the claims and the reasons. */
#include <inttypes.h>
#include <string.h>

#include "proof/proofing.h"

enum { ITEMS_MAX = 200 };

/* The items of a part: 一、…  or 1. …, each its own. */
struct items {
    struct span at[ITEMS_MAX];
    int64_t number[ITEMS_MAX];
    int count;
};

/* 一、 or 1、 1. （1） at a position; the number's length with its mark, 0 for none. */
static size_t item_mark(Str text, size_t at, int64_t *number)
{
    size_t open = scan_at(text, at, "（") ? strlen("（") : 0;
    size_t n = scan_any_number(text, at + open, number);
    size_t end = at + open + n;
    if (n == 0 || *number < 1 || *number > ITEMS_MAX) {
        return 0;
    }
    if (open > 0) {
        return scan_at(text, end, "）") ? end + strlen("）") - at : 0;
    }
    if (scan_at(text, end, "、") || scan_at(text, end, "．")) {
        return end + strlen("、") - at;
    }
    return scan_at(text, end, ".") &&
                   (end + 1 >= text.n || text.p[end + 1] < '0' || text.p[end + 1] > '9')
               ? end + 1 - at
               : 0;
}

/* Asked at every character: by the last bytes of what ends a clause. */
static bool begins_clause(Str text, struct span part, size_t at)
{
    if (at == part.from) {
        return true;
    }
    switch ((unsigned char)text.p[at - 1]) {
    case '\n':
    case ' ':
    case ':': return true;
    case 0x9A: return scan_before(text, at, "：");
    case 0x9B: return scan_before(text, at, "；");
    case 0x82: return scan_before(text, at, "。");
    case 0x80: return scan_before(text, at, "\xE3\x80\x80");
    default: return false;
    }
}

static void items_read(Str text, struct span part, struct items *items)
{
    items->count = 0;
    for (size_t at = part.from; at < part.to;) {
        uint32_t code = 0;
        int64_t number = 0;
        size_t n = begins_clause(text, part, at) ? item_mark(text, at, &number) : 0;
        if (n > 0 && items->count < ITEMS_MAX) {
            if (items->count > 0) {
                items->at[items->count - 1].to = at;
            }
            items->number[items->count] = number;
            items->at[items->count++] = span_of(at, part.to);
            at += n;
        } else {
            at += scan_char(text, at, &code);
        }
    }
}

/* --- F01, F12 --- */

/* Who bears the costs is decided behind the items, not in one of them. */
static bool is_costs(Str text, struct span item)
{
    static const char *const costs[] = {"诉讼费", "受理费", "保全费", NULL};
    static const char *const asks[] = {"支付", "偿还", "返还", "赔偿", "律师费", NULL};
    return scan_has_any(text, item, costs) && !scan_has_any(text, item, asks);
}

/* What is asked, without the costs. */
static int claims_counted(Str text, const struct items *claims)
{
    int count = 0;
    for (int i = 0; i < claims->count; i++) {
        count += !is_costs(text, claims->at[i]);
    }
    return count;
}

static void answered_check(struct proofing *p, const struct items *claims,
                           const struct items *decided)
{
    static const char *const all[] = {"其他诉讼请求", "其余诉讼请求", "全部诉讼请求", "的诉讼请求",
                                      NULL};
    const struct reading *r = p->r;
    int count = decided->count > 0 || span_is_empty(r->operative) ? decided->count : 1;
    int asked = claims_counted(r->text, claims);
    if (count > 0 && asked > count && r->trial != TRIAL_SECOND &&
        !scan_has_any(r->text, r->operative, all)) {
        proof_hit(p, "F01", proof_place(p, r->operative), STR("驳回原告的其他诉讼请求"),
                  "诉讼请求%d项，主文处理%d项，没有驳回其余的", asked, count);
    }
}

static void order_check(struct proofing *p, const struct items *items)
{
    for (int i = 1; i < items->count; i++) {
        if (items->number[i] != items->number[i - 1] + 1 && items->number[i] != 1) {
            proof_hit(p, "F12", span_of(items->at[i].from, items->at[i].from + strlen("一、")),
                      scan_han_write(p->arena, items->number[i - 1] + 1), "序号不连续");
            return;
        }
    }
    for (int i = 1; i < items->count; i++) {
        Str a = str_slice(p->arena, p->r->text, items->at[i - 1].from, items->at[i - 1].to);
        Str b = str_slice(p->arena, p->r->text, items->at[i].from, items->at[i].to);
        const char *from_a = strstr(a.p, "、");
        const char *from_b = strstr(b.p, "、");
        if (from_a != NULL && from_b != NULL && strlen(from_a) > 12 &&
            strcmp(from_a, from_b) == 0) {
            proof_hit(p, "F12", items->at[i], STR(""), "与上一项重复");
        }
    }
}

/* --- F02, F04 --- */

static void payable_check(struct proofing *p, struct span item)
{
    static const char *const vague[] = {"相应利息", "相应的利息", "适当利息", "有关费用",
                                        "相应损失", "相关费用",   NULL};
    static const char *const pays[] = {"支付", "给付", "返还", "偿还", "赔偿", "归还", NULL};
    static const char *const refused[] = {"驳回", "不予支持", NULL};
    Str text = p->r->text;
    size_t at = scan_find_any(text, item, vague);
    if (at != SCAN_NONE) {
        size_t length = 0;
        (void)scan_at_any(text, at, vague, &length);
        proof_hit(p, "F02", span_of(at, at + length), STR(""),
                  "写明基数、起止日期和利率，才能执行");
        return;
    }
    size_t verb = scan_find_any(text, item, pays);
    if (verb == SCAN_NONE || scan_has_any(text, item, refused)) {
        return;
    }
    bool interest = scan_has(text, span_of(verb, item.to), "利息");
    bool figure = reading_amount(p->r, span_of(verb, item.to)) != NULL ||
                  scan_has(text, item, "%") || scan_has(text, item, "利率") ||
                  scan_has(text, item, "LPR");
    if (interest && !figure) {
        proof_hit(p, "F02", item, STR(""), "写明基数、起止日期和利率，才能执行");
        return;
    }
    /* Whoever pays stands in front of the verb; to whom behind 向 or 给付. */
    int64_t number = 0;
    size_t start = item.from + item_mark(text, item.from, &number);
    struct span before = span_of(start, verb > start ? verb : start);
    static const char *const payers[] = {"被告", "原告",     "上诉人", "第三人",
                                         "公司", "被申请人", "某",     NULL};
    bool payer = scan_has_any(text, before, payers);
    for (uint32_t i = 0; i < p->r->party_count && !payer; i++) {
        payer = scan_has(text, before, p->r->parties[i].name.p);
    }
    if (!payer && reading_amount(p->r, item) != NULL) {
        proof_hit(p, "F04", item, STR(""), "写明谁向谁给付");
    }
}

/* --- F03, F05 --- */

/* What an amount is for: the longest of these words right in front of it. */
static const char *purpose_of(const struct reading *r, const struct written_amount *a)
{
    static const char *const words[] = {
        "违约金", "借款本金",       "本金",   "货款",   "赔偿金",     "医疗费",
        "误工费", "护理费",         "工资",   "租金",   "经济补偿金", "定金",
        "律师费", "精神损害抚慰金", "工程款", "物业费", NULL};
    const char *found = NULL;
    for (size_t i = 0; words[i] != NULL; i++) {
        bool here = scan_before(r->text, a->at.from, words[i]) ||
                    (a->at.from >= 9 && scan_before(r->text, a->at.from - 9, words[i]) &&
                     scan_before(r->text, a->at.from, "人民币"));
        found = here && (found == NULL || strlen(words[i]) > strlen(found)) ? words[i] : found;
    }
    return found;
}

static void reasons_check(struct proofing *p)
{
    const struct reading *r = p->r;
    for (uint32_t i = 0; i < r->amount_count; i++) {
        const struct written_amount *a = &r->amounts[i];
        const char *purpose = purpose_of(r, a);
        if (a->at.from < r->operative.from || a->at.to > r->operative.to || purpose == NULL) {
            continue;
        }
        const struct written_amount *other = NULL;
        bool same = false;
        for (uint32_t k = 0; k < r->amount_count; k++) {
            const struct written_amount *b = &r->amounts[k];
            bool reasoned = b->at.from >= r->reasons.from && b->at.to <= r->reasons.to;
            if (reasoned && text_is(purpose_of(r, b), purpose)) {
                other = b;
                same = same || b->fen == a->fen;
            }
        }
        if (other != NULL && !same) {
            Str reasoned = str_slice(p->arena, r->text, other->at.from, other->at.to);
            proof_hit(p, "F03", a->at, reasoned, "说理部分的%s是%.*s", purpose, STR_ARG(reasoned));
        }
    }
}

static void liability_check(struct proofing *p)
{
    static const struct {
        const char *words[4];
        const char *proposal;
    } kinds[] = {{{"连带责任", "连带清偿", "连带赔偿", NULL}, "承担连带清偿责任"},
                 {{"按份责任", NULL}, "承担按份责任"},
                 {{"补充责任", "补充清偿", "补充赔偿", NULL}, "承担补充清偿责任"}};
    const struct reading *r = p->r;
    if (span_is_empty(r->reasons) || span_is_empty(r->operative)) {
        return;
    }
    static const char *const together[] = {"共同支付", "共同偿还", "共同赔偿", "共同给付",
                                           "连带",     "按份",     "补充",     NULL};
    size_t decided = scan_find_any(r->text, r->operative, together);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        bool reasoned = scan_has_any(r->text, r->reasons, kinds[i].words);
        bool named = scan_has_any(r->text, r->operative, kinds[i].words);
        if (reasoned && !named && decided != SCAN_NONE) {
            proof_hit(p, "F05", span_of(decided, decided + strlen("共同支付")),
                      str_of(kinds[i].proposal), "说理部分是“%s”", kinds[i].words[0]);
        }
    }
}

void check_decision(struct proofing *p)
{
    const struct reading *r = p->r;
    struct items claims;
    struct items decided;
    items_read(r->text, r->claims, &claims);
    items_read(r->text, r->operative, &decided);
    answered_check(p, &claims, &decided);
    order_check(p, &decided);
    if (decided.count == 0) {
        order_check(p, &claims); /* of a complaint; a judgment tells them in its own way */
    }
    for (int i = 0; i < decided.count; i++) {
        payable_check(p, scan_trim(r->text, decided.at[i]));
    }
    if (decided.count == 0 && !span_is_empty(r->operative)) {
        payable_check(p, scan_trim(r->text, r->operative));
    }
    reasons_check(p);
    liability_check(p);
}
