/* The parts of a document, by the words that begin them. LAW: 人民法院民事裁判文书制作规范
 * (法〔2016〕 221号): head, claims, facts, reasons, decision, notice, signatures. */
#include <string.h>

#include "base/check.h"
#include "proof/proofing.h"

static void paragraphs_cut(struct reading *r)
{
    uint32_t count = 1;
    for (size_t i = 0; i < r->text.n; i++) {
        count += r->text.p[i] == '\n';
    }
    r->paragraphs = arena_array(r->arena, struct span, count);
    size_t from = 0;
    for (size_t i = 0; i <= r->text.n; i++) {
        if (i == r->text.n || r->text.p[i] == '\n') {
            struct span p = scan_trim(r->text, span_of(from, i));
            if (!span_is_empty(p)) {
                r->paragraphs[r->paragraph_count++] = p;
            }
            from = i + 1;
        }
    }
}

/* A line of its own that is the name of a document: 民事判决书, 民 事 判 决 书. */
static enum paper_kind title_kind(Str text, struct span p)
{
    static const struct {
        const char *word;
        enum paper_kind kind;
    } kinds[] = {{"判决书", PAPER_JUDGMENT},  {"裁定书", PAPER_RULING}, {"决定书", PAPER_DECISION},
                 {"调解书", PAPER_MEDIATION}, {"起诉状", PAPER_OTHER},  {"答辩状", PAPER_OTHER},
                 {"上诉状", PAPER_OTHER},     {"通知书", PAPER_OTHER}};

    char tight[128];
    size_t n = 0;
    for (size_t i = p.from; i < p.to && n + 1 < sizeof tight; i++) {
        if (text.p[i] != ' ') {
            tight[n++] = text.p[i];
        }
    }
    tight[n] = '\0';
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const char *at = strstr(tight, kinds[i].word);
        /* 民事判决书（管辖权异议）: a subject in brackets may follow. */
        if (at != NULL && n <= 90 &&
            (at[strlen(kinds[i].word)] == '\0' || strncmp(at + 9, "（", 3) == 0)) {
            return kinds[i].kind;
        }
    }
    return PAPER_UNKNOWN;
}

static enum paper_kind fact_kind(Str fact)
{
    static const struct {
        const char *name;
        enum paper_kind kind;
    } kinds[] = {{"judgment", PAPER_JUDGMENT},
                 {"ruling", PAPER_RULING},
                 {"decision", PAPER_DECISION},
                 {"mediation", PAPER_MEDIATION}};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (str_is(fact, kinds[i].name)) {
            return kinds[i].kind;
        }
    }
    return fact.n > 0 ? PAPER_OTHER : PAPER_UNKNOWN;
}

static void kind_find(struct reading *r)
{
    for (uint32_t i = 0; i < r->paragraph_count && i < 6 && r->kind == PAPER_UNKNOWN; i++) {
        r->kind = title_kind(r->text, r->paragraphs[i]);
        if (r->kind != PAPER_UNKNOWN) {
            r->title = r->paragraphs[i];
        }
    }
    enum paper_kind said = fact_kind(reading_fact(r, "document"));
    r->kind = said != PAPER_UNKNOWN ? said : r->kind;
    for (uint32_t i = 0; i < r->paragraph_count && i < 3; i++) {
        struct span p = r->paragraphs[i];
        if (p.to - p.from < 120 && scan_before(r->text, p.to, "人民法院") &&
            !scan_has(r->text, p, "，")) {
            r->court_line = p;
            r->court = court_by_name(r->tables, str_slice(r->arena, r->text, p.from, p.to));
            break;
        }
    }
}

static void trial_find(struct reading *r)
{
    static const char *const second[] = {"上诉人", "二审", "终审判决", "终审裁定", NULL};
    Str said = reading_fact(r, "procedure");
    struct span early = span_of(0, r->text.n < 3000 ? r->text.n : 3000);
    if (said.n > 0) {
        r->trial = str_is(said, "summary")           ? TRIAL_SUMMARY
                   : str_is(said, "small-claims")    ? TRIAL_SMALL
                   : str_is(said, "second-instance") ? TRIAL_SECOND
                                                     : TRIAL_ORDINARY;
    } else if (scan_has_any(r->text, early, second) ||
               scan_has(r->text, r->whole, "本判决为终审")) {
        r->trial = scan_has(r->text, r->whole, "小额诉讼程序") ? TRIAL_SMALL : TRIAL_SECOND;
    } else if (scan_has(r->text, r->whole, "小额诉讼")) {
        r->trial = TRIAL_SMALL;
    } else if (scan_has(r->text, r->whole, "简易程序")) {
        r->trial = TRIAL_SUMMARY;
    } else if (scan_has(r->text, r->whole, "普通程序") || scan_has(r->text, r->whole, "合议庭")) {
        r->trial = TRIAL_ORDINARY;
    }
}

/* --- parties --- */

static const char *const ROLES[] = {
    "上诉人",   "被上诉人", "原告",       "被告",       "第三人", "反诉原告", "反诉被告",
    "申请人",   "被申请人", "申请执行人", "被执行人",   "自诉人", "被告人",   "再审申请人",
    "原审原告", "原审被告", "原审第三人", "赔偿请求人", "起诉人", NULL};

/* 上诉人（原审原告）：李某，男… or 原告李某，… ; the role's length, 0 when p names no party. */
static size_t role_length(Str text, struct span p)
{
    size_t longest = 0;
    for (size_t i = 0; ROLES[i] != NULL; i++) {
        if (scan_at(text, p.from, ROLES[i]) && strlen(ROLES[i]) > longest) {
            longest = strlen(ROLES[i]);
        }
    }
    if (longest > 0 && scan_at(text, p.from + longest, "（")) {
        size_t close = scan_find(text, span_of(p.from + longest, p.to), "）");
        longest = close == SCAN_NONE ? longest : close + strlen("）") - p.from;
    }
    return longest;
}

bool name_is_organisation(Str text, struct span name)
{
    static const char *const ends[] = {"公司",   "企业",   "中心",   "事务所", "分行",   "支行",
                                       "银行",   "医院",   "学校",   "大学",   "委员会", "人民政府",
                                       "局",     "厂",     "店",     "部",     "合作社", "协会",
                                       "基金会", "研究院", "营业部", "办事处", NULL};
    for (size_t i = 0; ends[i] != NULL; i++) {
        if (scan_before(text, name.to, ends[i])) {
            return scan_length(text, name) > 3;
        }
    }
    return false;
}

static bool party_read(struct reading *r, struct span p, struct head_party *out)
{
    static const char *const stops[] = {"，", "。", "（", "；", ",", NULL};
    size_t role = role_length(r->text, p);
    if (role == 0) {
        return false;
    }
    size_t from = p.from + role;
    if (scan_at(r->text, from, "：") || scan_at(r->text, from, ":")) {
        from += r->text.p[from] == ':' ? 1 : strlen("：");
    }
    size_t to = scan_find_any(r->text, span_of(from, p.to), stops);
    struct span name = scan_trim(r->text, span_of(from, to == SCAN_NONE ? p.to : to));
    size_t length = scan_length(r->text, name);
    static const char *const not_names[] = {"诉",   "与",   "因", "向", "提出",
                                            "不服", "辩称", "称", NULL};
    if (length < 2 || length > 40 || scan_has_any(r->text, name, not_names)) {
        return false;
    }
    *out = (struct head_party){.at = p,
                               .more = span_of(p.to, p.to),
                               .role = str_slice(r->arena, r->text, p.from, p.from + role),
                               .name = str_slice(r->arena, r->text, name.from, name.to),
                               .organisation = name_is_organisation(r->text, name)};
    return true;
}

/* The head ends where the story begins: 原告…与被告…一案, 本院…立案. */
static bool head_is_over(Str text, struct span p)
{
    static const char *const words[] = {"一案", "诉讼请求", "本院于", "现已审理终结", "诉称", NULL};
    return scan_has_any(text, p, words);
}

static void parties_find(struct reading *r)
{
    r->parties = arena_array(r->arena, struct head_party, r->paragraph_count + 1);
    for (uint32_t i = 0; i < r->paragraph_count && r->party_count < 500; i++) {
        struct span p = r->paragraphs[i];
        if (r->party_count > 0 && head_is_over(r->text, p)) {
            break;
        }
        struct head_party *party = &r->parties[r->party_count];
        if (p.to - p.from < 1500 && party_read(r, p, party)) {
            r->head.from = r->party_count == 0 ? p.from : r->head.from;
            r->party_count++;
            r->head.to = p.to;
        } else if (r->party_count > 0) {
            r->parties[r->party_count - 1].more.to = p.to;
            r->head.to = p.to;
        }
    }
}

/* --- the story and the decision --- */

static size_t find_from(const struct reading *r, size_t from, const char *const *words)
{
    return scan_find_any(r->text, span_of(from, r->text.n), words);
}

static size_t paragraph_start(const struct reading *r, size_t at)
{
    return reading_paragraph(r, at).from;
}

static void decision_find(struct reading *r)
{
    static const char *const decides[] = {"判决如下", "裁定如下", "决定如下", "达成如下协议", NULL};
    static const char *const tails[] = {
        "案件受理费",     "如不服本",   "本判决为终审", "本裁定为终审",
        "如果未按本判决", "本裁定立即", "申请费",       NULL};
    size_t reasons = find_from(r, r->head.to, (const char *const[]){"本院认为", NULL});
    size_t decides_at = find_from(r, reasons == SCAN_NONE ? r->head.to : reasons, decides);
    if (reasons != SCAN_NONE) {
        r->reasons = span_of(reasons, decides_at == SCAN_NONE ? r->text.n : decides_at);
    }
    if (decides_at == SCAN_NONE) {
        return;
    }
    size_t basis = scan_find_last(r->text, span_of(0, decides_at), "依照");
    size_t other = scan_find_last(r->text, span_of(0, decides_at), "根据");
    basis = basis == SCAN_NONE || (other != SCAN_NONE && other > basis) ? other : basis;
    if (basis != SCAN_NONE && decides_at - basis < 3000) {
        r->basis = span_of(basis, decides_at);
    }
    struct span p = reading_paragraph(r, decides_at);
    size_t from = p.to;
    /* A decision in one paragraph: …判决如下：被告… */
    size_t colon = scan_find(r->text, span_of(decides_at, p.to), "：");
    if (colon != SCAN_NONE && colon + strlen("：") < p.to) {
        from = colon + strlen("：");
    }
    size_t tail = find_from(r, from, tails);
    size_t end = tail == SCAN_NONE ? r->text.n : paragraph_start(r, tail);
    end = end < from ? from : end;
    r->operative = span_of(from, end);
    r->tail = span_of(end, r->text.n);
}

static void claims_find(struct reading *r)
{
    static const char *const begins[] = {"诉讼请求：", "诉讼请求:", "诉讼请求", "请求判令", NULL};
    static const char *const ends[] = {"事实和理由", "事实与理由", "辩称", "本院经审理",
                                       "本院认为",   "经审理查明", NULL};
    size_t from = find_from(r, r->head.to, begins);
    if (from == SCAN_NONE || (!span_is_empty(r->reasons) && from > r->reasons.from)) {
        return;
    }
    size_t to = find_from(r, from, ends);
    r->claims = span_of(from, to == SCAN_NONE ? reading_paragraph(r, from).to : to);
}

static bool is_signature(Str text, struct span p)
{
    static const char *const members[] = {"审判长",     "审判员", "审 判", "人民陪审员",
                                          "代理审判员", "书记员", "书 记", "法官助理",
                                          "陪审员",     NULL};
    size_t length = 0;
    return p.to - p.from < 120 && scan_at_any(text, p.from, members, &length);
}

static bool is_date_line(const struct reading *r, struct span p)
{
    for (uint32_t i = 0; i < r->date_count; i++) {
        const struct written_date *d = &r->dates[i];
        if (d->at.from >= p.from && d->at.to <= p.to && d->year > 0) {
            return p.to - p.from <= d->at.to - d->at.from + 6;
        }
    }
    return false;
}

static void signature_find(struct reading *r)
{
    uint32_t i = r->paragraph_count;
    uint32_t skipped = 0;
    while (i > 0 && skipped < 4) {
        struct span p = r->paragraphs[i - 1];
        if (is_signature(r->text, p) || is_date_line(r, p)) {
            r->signature = span_of(p.from, r->signature.to > 0 ? r->signature.to : p.to);
            skipped = 0;
        } else {
            skipped++;
        }
        i--;
    }
    for (uint32_t k = 0; k < r->date_count; k++) {
        const struct written_date *d = &r->dates[k];
        if (d->at.from >= r->signature.from && d->at.to <= r->signature.to &&
            d->date != DATE_NONE && is_date_line(r, reading_paragraph(r, d->at.from))) {
            r->written = d->date;
        }
    }
    if (!span_is_empty(r->signature) && r->tail.to > r->signature.from &&
        r->tail.from <= r->signature.from) {
        r->tail.to = r->signature.from;
    }
    if (!span_is_empty(r->signature) && r->operative.to > r->signature.from &&
        r->operative.from <= r->signature.from) {
        r->operative.to = r->signature.from;
    }
}

void reading_sections(struct reading *r)
{
    paragraphs_cut(r);
    kind_find(r);
    trial_find(r);
    parties_find(r);
    decision_find(r);
    claims_find(r);
    signature_find(r);
}
