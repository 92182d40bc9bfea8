/* Class F, second half: what does not belong into a document, and how things are written. */
#include <string.h>

#include "proof/proofing.h"

/* Each place of each word. */
static void words_hit(struct proofing *p, const char *check, const char *const *words,
                      const char *reason)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        struct span rest = p->r->whole;
        for (size_t at = 0; (at = scan_find(p->r->text, rest, words[i])) != SCAN_NONE;) {
            proof_hit(p, check, span_of(at, at + strlen(words[i])), STR(""), "%s", reason);
            rest.from = at + strlen(words[i]);
        }
    }
}

static void inside_check(struct proofing *p)
{
    static const char *const words[] = {"少数意见",           "合议庭评议", "审委会意见",
                                        "审判委员会讨论认为", "评议笔录",   "副卷",
                                        "专业法官会议意见",   "庭长意见",   NULL};
    words_hit(p, "F06", words, "评议和内部意见不写进文书");
}

/* --- F07, F08: the version for the public --- */

/* LAW: 法释〔2016〕19号 8, 10: minors are renamed, as 李某某. */
static void minors_check(struct proofing *p)
{
    const struct reading *r = p->r;
    struct span rest = r->whole;
    for (size_t at = 0; (at = scan_find(r->text, rest, "年生")) != SCAN_NONE;) {
        int64_t year = 0;
        rest.from = at + strlen("年生");
        size_t open = at >= 7 ? at - 4 - strlen("（") : at;
        Date day = r->written != DATE_NONE ? r->written : r->today;
        bool minor = at >= 7 && scan_at(r->text, open, "（") &&
                     scan_number(r->text, at - 4, &year) == 4 && day != DATE_NONE &&
                     date_split(day).year - year < 18;
        size_t from = open;
        for (int i = 0; i < 3 && minor && from > 0; i++) {
            uint32_t code = 0;
            size_t before = scan_back(r->text, from);
            (void)scan_char(r->text, before, &code);
            if (!scan_is_han(code)) {
                break;
            }
            from = before;
        }
        if (minor && from < open && !scan_has(r->text, span_of(from, open), "某")) {
            proof_hit(p, "F07", span_of(from, open),
                      str_printf(p->arena, "%.*s某某", 3, r->text.p + from),
                      "公开文本里未成年人应当隐名");
        }
    }
}

/* Runs of digits: identity numbers, accounts, phones. */
static void figures_hide(struct proofing *p)
{
    Str text = p->r->text;
    for (size_t at = 0; at < text.n;) {
        size_t n = 0;
        while (at + n < text.n && ((text.p[at + n] >= '0' && text.p[at + n] <= '9') ||
                                   (n == 17 && text.p[at + n] == 'X'))) {
            n++;
        }
        bool phone = n == 11 && text.p[at] == '1';
        bool identity = n == 18;
        bool account = n >= 12 && n <= 23;
        bool code =
            n > 0 && at >= 12 && scan_has(text, span_of(at > 40 ? at - 40 : 0, at), "信用代码");
        if ((phone || identity || account) && !code) {
            proof_hit(p, "F08", span_of(at, at + n), STR(""), "公开文本应当删去%s",
                      phone      ? "电话号码"
                      : identity ? "公民身份号码"
                                 : "账号");
        }
        at += n > 0 ? n : 1;
    }
}

static void homes_hide(struct proofing *p)
{
    static const char *const details[] = {"号楼", "单元", "室", "号院", "弄", NULL};
    const struct reading *r = p->r;
    struct span rest = r->whole;
    for (size_t at = 0; (at = scan_find(r->text, rest, "住")) != SCAN_NONE;) {
        static const char *const stops[] = {"，", "。", "；", "\n", NULL};
        rest.from = at + strlen("住");
        if (scan_at(r->text, rest.from, "所地")) {
            continue;
        }
        size_t to = scan_find_any(r->text, span_of(at, r->text.n), stops);
        struct span address = span_of(at, to == SCAN_NONE ? r->text.n : to);
        size_t detail = scan_find_any(r->text, address, details);
        static const char *const regions[] = {"区", "县", "市", NULL};
        if (detail == SCAN_NONE || !scan_has_any(r->text, address, regions)) {
            continue;
        }
        size_t cut = address.to;
        for (size_t i = 0; regions[i] != NULL; i++) {
            size_t last = scan_find(r->text, address, regions[i]);
            if (last != SCAN_NONE && (cut == address.to || last > cut) && last < detail) {
                cut = last + strlen("区");
            }
        }
        proof_hit(p, "F08", address, str_slice(p->arena, r->text, address.from, cut),
                  "公开文本只写到县、区");
    }
}

/* --- F09 to F11 --- */

static void leftovers_check(struct proofing *p)
{
    static const char *const words[] = {"（此处", "×年",          "×月", "××",   "XX",
                                        "____",   "＿＿＿",       "{{",  "}}",   "【】",
                                        "（填写", "某年某月某日", "xxx", "????", NULL};
    const struct reading *r = p->r;
    for (size_t i = 0; words[i] != NULL; i++) {
        struct span rest = r->whole;
        for (size_t at = 0; (at = scan_find(r->text, rest, words[i])) != SCAN_NONE;) {
            /* ×× within an address of a public version is a mask. */
            bool mask = str_is(reading_fact(r, "version"), "public") && text_is(words[i], "××");
            if (!mask) {
                proof_hit(p, "F09", span_of(at, at + strlen(words[i])), STR(""),
                          "像是模板里没有填的地方");
            }
            rest.from = at + strlen(words[i]);
            while (scan_at(r->text, rest.from, words[i])) {
                rest.from += strlen(words[i]);
            }
        }
    }
}

/* Full-width digits anywhere; amounts of one list with and without decimals. */
static void form_check(struct proofing *p)
{
    const struct reading *r = p->r;
    Str text = r->text;
    struct span rest = r->whole;
    for (size_t at = 0; (at = scan_find(text, rest, "\xEF\xBC")) != SCAN_NONE;) {
        size_t n = 0;
        uint32_t code = 0;
        struct buf half;
        buf_init(&half, p->arena, 256);
        while (scan_char(text, at + n, &code) == 3 && code >= 0xFF10 && code <= 0xFF19) {
            buf_char(&half, (char)('0' + (code - 0xFF10)));
            n += 3;
        }
        if (n > 0) {
            proof_hit(p, "F11", span_of(at, at + n), buf_done(&half), "数字用半角");
        }
        rest.from = at + (n > 0 ? n : 3);
    }
    for (uint32_t i = 1; i < r->amount_count; i++) {
        const struct written_amount *a = &r->amounts[i - 1];
        const struct written_amount *b = &r->amounts[i];
        if (!scan_at(text, a->at.to, "、") || b->at.from != a->at.to + strlen("、")) {
            continue;
        }
        size_t point = scan_find(text, b->at, ".");
        size_t point_a = scan_find(text, a->at, ".");
        size_t decimals = point == SCAN_NONE ? 0 : b->at.to - strlen("元") - point - 1;
        size_t decimals_a = point_a == SCAN_NONE ? 0 : a->at.to - strlen("元") - point_a - 1;
        if (decimals != decimals_a && (decimals == 1 || decimals_a == 1)) {
            proof_hit(p, "F11", decimals == 1 ? b->at : a->at, STR(""), "同一列金额都写两位小数");
        }
    }
}

/* ，， or 。、: of two marks that end or part one is too many. */
static void marks_check(struct proofing *p)
{
    static const char *const marks[] = {"，", "。", "、", "；", NULL};
    Str text = p->r->text;
    for (size_t i = 0; marks[i] != NULL; i++) {
        struct span rest = p->r->whole;
        for (size_t at = 0; (at = scan_find(text, rest, marks[i])) != SCAN_NONE;) {
            size_t second = 0;
            rest.from = at + strlen(marks[i]);
            if (scan_at_any(text, rest.from, marks, &second)) {
                proof_hit(p, "F11", span_of(at, rest.from + second),
                          str_slice(p->arena, text, at, rest.from), "标点重复");
                rest.from += second;
            }
        }
    }
}

void check_wording(struct proofing *p)
{
    inside_check(p);
    if (str_is(reading_fact(p->r, "version"), "public")) {
        minors_check(p);
        figures_hide(p);
        homes_hide(p);
    }
    leftovers_check(p);
    form_check(p);
    marks_check(p);
}
