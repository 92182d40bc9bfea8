/* Class E, second half: what a document tells people of their rights. */
#include <string.h>

#include "proof/proofing.h"

/* The notice of appeal: its sentence; empty when there is none. */
static struct span notice_of(const struct reading *r)
{
    static const char *const begins[] = {"如不服本判决", "如不服本裁定", "不服本判决", "不服本裁定",
                                         NULL};
    size_t at = scan_find_any(r->text, r->whole, begins);
    return at == SCAN_NONE ? span_of(0, 0) : span_of(at, reading_paragraph(r, at).to);
}

static bool is_whole(const struct reading *r)
{
    return !span_is_empty(r->title) && !span_is_empty(r->operative);
}

static void judgment_check(struct proofing *p, struct span notice)
{
    const struct reading *r = p->r;
    bool final = r->trial == TRIAL_SMALL || r->trial == TRIAL_SECOND;
    if (span_is_empty(notice) && !final) {
        proof_hit(p, "E07", proof_place(p, r->tail), STR(""),
                  "没有上诉告知：十五日内，上诉法院，按对方人数提出副本");
    } else if (!final) {
        bool days = scan_has(r->text, notice, "十五日") || scan_has(r->text, notice, "15日") ||
                    scan_has(r->text, notice, "三十日");
        bool court = scan_has(r->text, notice, "上诉于");
        bool copies = scan_has(r->text, notice, "副本");
        if (!days || !court || !copies) {
            proof_hit(p, "E07", notice, STR(""), "上诉告知缺少：%s",
                      !days    ? "十五日的期限"
                      : !court ? "上诉法院"
                               : "副本份数");
        }
    } else if (!span_is_empty(notice) && r->trial == TRIAL_SMALL) {
        proof_hit(p, "E10", notice, STR("本判决为终审判决"), "小额诉讼一审终审");
    } else if (!scan_has(r->text, r->whole, "终审")) {
        proof_hit(p, "E10", proof_place(p, r->tail), STR("本判决为终审判决"), "终审判决应当写明");
    }
}

/* LAW: civil-procedure-law@2023 157, 171: refusal to docket, objection to jurisdiction, dismissal;
 * ten days. */
static void ruling_check(struct proofing *p, struct span notice)
{
    static const char *const appealable[] = {"管辖", "不予受理", "驳回起诉", "破产", NULL};
    const struct reading *r = p->r;
    size_t days = scan_find(r->text, notice, "十五日");
    bool may = scan_has_any(r->text, r->whole, appealable);
    if (span_is_empty(notice)) {
        return;
    }
    if (days != SCAN_NONE) {
        proof_hit(p, "E08", span_of(days, days + strlen("十五日")), STR("十日"),
                  "裁定的上诉期是十日");
    } else if (!may && is_whole(r)) {
        proof_hit(p, "E08", notice, STR(""), "这类裁定不能上诉");
    }
}

/* The court named behind 上诉于: up to the end of the clause. */
static struct span appeal_court(const struct reading *r, size_t at)
{
    static const char *const ends[] = {"。", "，", "；", "\n", "或", NULL};
    size_t to = scan_find_any(r->text, span_of(at, r->text.n), ends);
    return scan_trim(r->text, span_of(at, to == SCAN_NONE ? r->text.n : to));
}

static const struct court *judging_court(const struct proofing *p)
{
    if (p->r->court != NULL) {
        return p->r->court;
    }
    /* X人民法院判决，上诉于Y */
    size_t end = scan_find(p->r->text, p->r->whole, "人民法院判决");
    if (end == SCAN_NONE) {
        return NULL;
    }
    end += strlen("人民法院");
    for (size_t at = 0; at + 12 < end;) {
        uint32_t code = 0;
        const struct court *court =
            court_by_name(p->r->tables, str_slice(p->arena, p->r->text, at, end));
        if (court != NULL) {
            return court;
        }
        at += end - at > 120 ? end - at - 120 : scan_char(p->r->text, at, &code);
    }
    return NULL;
}

/* 深圳市中级人民法院 for 广东省深圳市中级人民法院: without its province, but this court. */
static bool is_tail_of(Str name, Str full)
{
    static const char *const places[] = {"市", "州", "盟", "地区", NULL};
    return name.n < full.n && memcmp(full.p + full.n - name.n, name.p, name.n) == 0 &&
           scan_has_any(name, span_of(0, name.n), places);
}

static void appeal_court_check(struct proofing *p)
{
    const struct reading *r = p->r;
    size_t at = scan_find(r->text, r->whole, "上诉于");
    if (at == SCAN_NONE) {
        return;
    }
    const struct court *court = judging_court(p);
    const struct court *above = court == NULL ? NULL : court_parent(r->tables, court);
    if (above != NULL && court->level == COURT_TRIBUNAL) {
        above = court_parent(r->tables, above);
    }
    struct span named = appeal_court(r, at + strlen("上诉于"));
    Str name = str_slice(p->arena, r->text, named.from, named.to);
    /* Special courts have their own ways up; 知识产权法庭 may be one for a basic court too. */
    bool plain = court != NULL && court->kind == COURT_GENERAL;
    if (above != NULL && plain && name.n > 0 && !str_has(name, "…") && !str_has(name, "知识产权") &&
        !str_same(name, above->name) && !is_tail_of(name, above->name)) {
        proof_hit(p, "E09", named, above->name, "%.*s的上一级法院是%.*s", STR_ARG(court->name),
                  STR_ARG(above->name));
    }
}

static void delay_check(struct proofing *p)
{
    static const char *const verbs[] = {"支付", "给付", "偿还", "返还", "赔偿", NULL};
    static const char *const told[] = {"加倍支付迟延履行", "迟延履行期间的债务利息", NULL};
    const struct reading *r = p->r;
    bool money =
        scan_has_any(r->text, r->operative, verbs) && reading_amount(r, r->operative) != NULL;
    if (r->kind == PAPER_JUDGMENT && is_whole(r) && money &&
        !scan_has_any(r->text, r->whole, told)) {
        proof_hit(
            p, "E11", proof_place(p, r->tail),
            STR("如果未按本判决指定的期间履行给付金钱义务，应当依照《中华人民共和国民事诉讼法》第二百六十"
                "四条规定，加倍支付迟延履行期间的债务利息"),
            "有给付金钱的主文，应当告知迟延履行的后果");
    }
}

void check_rights(struct proofing *p)
{
    struct span notice = notice_of(p->r);
    if (p->r->kind == PAPER_JUDGMENT && is_whole(p->r)) {
        judgment_check(p, notice);
    } else if (p->r->kind == PAPER_RULING) {
        ruling_check(p, notice);
    }
    appeal_court_check(p);
    delay_check(p);
}
