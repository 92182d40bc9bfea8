/* Class G: what one kind of document needs beside the seventy-two, by words that must or must not
 * stand in it. */
#include <string.h>

#include "proof/proofing.h"

enum { WORDS_MAX = 6, TITLE_BYTES_MAX = 120 };

/* A need is met when any of its words stands in the document. `about`: words of which one must
 * stand somewhere, or nothing is asked; none: always. */
struct need {
    const char *check;
    const char *titles[WORDS_MAX];
    const char *about[WORDS_MAX];
    const char *words[WORDS_MAX];
    bool forbidden; /* the words must not stand there */
    const char *reason;
};

static const struct need NEEDS[] = {
    {"G02", {"起诉状", NULL}, {NULL}, {"诉讼请求", "请求事项", NULL}, false, "起诉状写明诉讼请求"},
    {"G02",
     {"起诉状", NULL},
     {NULL},
     {"事实和理由", "事实与理由", "事实及理由", NULL},
     false,
     "起诉状写明事实和理由"},
    {"G02", {"起诉状", NULL}, {NULL}, {"此致", NULL}, false, "起诉状写明向哪个法院提出"},
    {"G03",
     {"调解书", NULL},
     {NULL},
     {"签收后", "签名后", "签名或者盖章后", "签字后", NULL},
     false,
     "调解书写明何时发生法律效力"},
    {"G03", {"调解书", NULL}, {NULL}, {"上诉于", "递交上诉状", NULL}, true, "调解书不能上诉"},
    {"G04",
     {"裁定书", NULL},
     {"财产保全", "申请保全", NULL},
     {"申请复议", NULL},
     false,
     "保全裁定告知可以在五日内申请复议"},
    {"G04",
     {"裁定书", NULL},
     {"财产保全", "申请保全", NULL},
     {"不停止", NULL},
     false,
     "保全裁定写明复议期间不停止执行"},
    {"G05",
     {"执行通知书", NULL},
     {NULL},
     {"报告财产", "财产状况", "财产情况", NULL},
     false,
     "执行通知写明报告财产"},
    {"G05",
     {"执行通知书", NULL},
     {NULL},
     {"失信被执行人", "限制消费", NULL},
     false,
     "执行通知写明不履行的后果"},
    {"G06",
     {"限制消费令", "失信决定书", NULL},
     {NULL},
     {"申请纠正", "申请复议", "提出异议", "申请解除", NULL},
     false,
     "写明救济的途径"},
    {"G07",
     {"裁定书", NULL},
     {"终结本次执行程序", NULL},
     {"再次申请执行", "恢复执行", "再次申请", NULL},
     false,
     "终本裁定告知可以再次申请执行"},
    {"G07",
     {"裁定书", NULL},
     {"终结本次执行程序", NULL},
     {"未履行", "尚未", "未受偿", "未执行", "未能履行", "未实现"},
     false,
     "终本裁定写明没有实现的债权"},
    {"G08",
     {"分配方案", NULL},
     {NULL},
     {"十五日", "15日", NULL},
     false,
     "分配方案告知十五日的异议期"},
    {"G09",
     {"裁定书", NULL},
     {"补正", NULL},
     {"判决结果变更", "改判", "撤销原判", "判决主文变更", NULL},
     true,
     "补正只改笔误，不改结果"},
};

/* The name of the document: a short paragraph at its head that ends with one of the titles, blanks
 * within it left out. */
static bool is_named(const struct reading *r, const char *const *titles, struct span *title)
{
    for (uint32_t i = 0; i < r->paragraph_count && i < 5; i++) {
        struct span p = r->paragraphs[i];
        char tight[TITLE_BYTES_MAX + 1];
        size_t n = 0;
        for (size_t at = p.from; at < p.to && p.to - p.from <= TITLE_BYTES_MAX; at++) {
            if (r->text.p[at] != ' ') {
                tight[n++] = r->text.p[at];
            }
        }
        for (size_t k = 0; titles[k] != NULL && n > 0; k++) {
            size_t length = strlen(titles[k]);
            if (n >= length && memcmp(tight + n - length, titles[k], length) == 0) {
                *title = p;
                return true;
            }
        }
    }
    return false;
}

static size_t any_of(const struct reading *r, const char *const words[WORDS_MAX], size_t *length)
{
    for (size_t i = 0; i < WORDS_MAX && words[i] != NULL; i++) {
        size_t at = scan_find(r->text, r->whole, words[i]);
        if (at != SCAN_NONE) {
            *length = strlen(words[i]);
            return at;
        }
    }
    return SCAN_NONE;
}

/* A ruling of correction says 补正 beside 笔误; a judgment on 补正 of papers does not. */
static bool is_about(const struct reading *r, const struct need *need)
{
    size_t length = 0;
    return need->about[0] == NULL ||
           (!span_is_empty(r->operative) ? scan_has_any(r->text, r->operative, need->about) ||
                                               scan_has_any(r->text, r->title, need->about)
                                         : any_of(r, need->about, &length) != SCAN_NONE);
}

void check_kind(struct proofing *p)
{
    const struct reading *r = p->r;
    for (size_t i = 0; i < sizeof NEEDS / sizeof NEEDS[0]; i++) {
        const struct need *need = &NEEDS[i];
        struct span title = {0, 0};
        if (!is_named(r, need->titles, &title) || !is_about(r, need)) {
            continue;
        }
        size_t length = 0;
        size_t at = any_of(r, need->words, &length);
        if (need->forbidden && at != SCAN_NONE) {
            proof_hit(p, need->check, span_of(at, at + length), STR(""), "%s", need->reason);
        } else if (!need->forbidden && at == SCAN_NONE) {
            proof_hit(p, need->check, title, STR(""), "%s", need->reason);
        }
    }
}
