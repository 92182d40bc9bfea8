/* Class B, first half: case numbers, courts, causes and the kind of document. */
#include <string.h>

#include "proof/proofing.h"

/* --- B01, B02, B04: case numbers --- */

static bool is_own_number(const struct proofing *p, const struct written_number *n)
{
    /* The document's own stands on a line of its own above the parties. */
    struct span line = reading_paragraph(p->r, n->at.from);
    return n->at.to - n->at.from + 12 >= line.to - line.from &&
           (span_is_empty(p->r->head) || n->at.from < p->r->head.from);
}

static void type_check(struct proofing *p, const struct written_number *n)
{
    const struct case_type *type = n->number.type;
    bool first = type != NULL && strstr(type->code, "初") != NULL;
    bool last = type != NULL && strstr(type->code, "终") != NULL;
    bool appeal = scan_has(p->r->text, p->r->head, "上诉人") ||
                  str_is(reading_fact(p->r, "procedure"), "second-instance") ||
                  scan_has(p->r->text, p->r->whole, "本判决为终审判决");
    if (p->r->trial == TRIAL_SECOND && appeal && first) {
        const char *right = strstr(type->code, "民") != NULL   ? "民终"
                            : strstr(type->code, "行") != NULL ? "行终"
                                                               : "刑终";
        proof_hit(p, "B02", n->at,
                  case_number_format(p->arena, n->number.year, n->number.court, n->number.special,
                                     right, n->number.serial),
                  "二审案件的类型代字不是“%s”", type->code);
    } else if (last && p->r->trial != TRIAL_SECOND && p->r->trial != TRIAL_UNKNOWN) {
        proof_hit(p, "B02", n->at, STR(""), "一审案件的类型代字不是“%s”", type->code);
    }
}

static void code_check(struct proofing *p, const struct written_number *n,
                       const struct court *court)
{
    /* A tribunal numbers by its court. */
    const struct court *numbering =
        court->level == COURT_TRIBUNAL ? court_parent(p->r->tables, court) : court;
    if (numbering != NULL && numbering->published && !str_same(numbering->code, n->number.court)) {
        proof_hit(p, "B04", n->at,
                  case_number_format(p->arena, n->number.year, numbering->code, false,
                                     n->number.type->code, n->number.serial),
                  "%.*s的代字是%.*s", STR_ARG(court->name), STR_ARG(numbering->code));
    }
}

/* The court whose full name ends right before a position; NULL. */
static const struct court *court_before(const struct proofing *p, size_t to, size_t *from)
{
    enum { COURT_CHARACTERS_MAX = 30 };

    const struct court *longest = NULL;
    size_t at = to;
    if (!scan_before(p->r->text, to, "法院") && !scan_before(p->r->text, to, "法庭")) {
        return NULL;
    }
    for (int i = 0; i < COURT_CHARACTERS_MAX && at > 0; i++) {
        uint32_t code = 0;
        at = scan_back(p->r->text, at);
        (void)scan_char(p->r->text, at, &code);
        if (!scan_is_han(code)) {
            break;
        }
        struct arena_mark mark = arena_mark(p->arena);
        const struct court *court =
            i < 5 ? NULL : court_by_name(p->r->tables, str_slice(p->arena, p->r->text, at, to));
        arena_rewind(p->arena, mark);
        if (court != NULL) {
            longest = court;
            *from = at;
        }
    }
    return longest;
}

static void numbers_check(struct proofing *p)
{
    for (uint32_t i = 0; i < p->r->number_count; i++) {
        const struct written_number *n = &p->r->numbers[i];
        Str written = str_slice(p->arena, p->r->text, n->at.from, n->at.to);
        if (n->number.old_style) {
            continue;
        }
        if (!n->number.ok) {
            proof_hit(p, "B01", n->at, STR(""), "%s", n->number.why);
            continue;
        }
        if (!str_same(written, n->number.normal)) {
            proof_hit(p, "B01", n->at, n->number.normal, "括号、数字或者空格不合格式");
        }
        size_t from = 0;
        const struct court *named = court_before(p, n->at.from, &from);
        bool own = is_own_number(p, n);
        if (own) {
            type_check(p, n);
        }
        named = named == NULL && own ? p->r->court : named;
        if (named != NULL && !n->number.special) {
            code_check(p, n, named);
        }
    }
    Str known = reading_fact(p->r, "case_number");
    for (uint32_t i = 0; i < p->r->number_count && known.n > 0; i++) {
        const struct written_number *n = &p->r->numbers[i];
        if (is_own_number(p, n) && n->number.ok && !str_same(n->number.normal, known)) {
            proof_hit(p, "B01", n->at, known, "案件的案号是%.*s", STR_ARG(known));
        }
    }
}

/* --- B03: full names of courts --- */

/* Whether the directory had to be searched. */
static bool short_court_check(struct proofing *p, size_t end)
{
    static const char *const regions[] = {"区", "县", "市", "旗", "州", "盟", NULL};
    Str text = p->r->text;
    size_t to = end + strlen("人民法院");
    size_t from = 0;
    size_t length = 0;
    size_t before = scan_back(text, end);
    if (!scan_at_any(text, before, regions, &length) || court_before(p, to, &from) != NULL) {
        return false;
    }
    /* The name of a place in front, up to a word that is none; then the one court that ends so. */
    size_t at = before;
    const struct court *found = NULL;
    for (int i = 0; i < 10 && at > 0; i++) {
        at = scan_back(text, at);
        uint32_t code = 0;
        (void)scan_char(text, at, &code);
        if (!scan_is_han(code)) {
            break;
        }
        int hits[2];
        struct arena_mark mark = arena_mark(p->arena);
        Str name = str_slice(p->arena, text, at, to);
        int count = court_search(p->r->tables, name, -1, STR(""), 0, hits, 2);
        const struct court *court = count > 0 ? &p->r->tables->courts[hits[0]] : NULL;
        if (court != NULL && str_ends(court->name, name.p) && !str_same(court->name, name)) {
            found = court;
            from = at;
        }
        arena_rewind(p->arena, mark);
    }
    if (found != NULL) {
        proof_hit(p, "B03", span_of(from, to), found->name, "法院写全称");
    }
    return true;
}

static void courts_check(struct proofing *p)
{
    enum { SHORT_NAMES_MAX = 100 }; /* each is looked for in the directory */

    struct span rest = p->r->whole;
    int searched = 0;
    for (size_t at = 0; (at = scan_find(p->r->text, rest, "人民法院")) != SCAN_NONE &&
                        searched < SHORT_NAMES_MAX;) {
        searched += short_court_check(p, at) ? 1 : 0;
        rest.from = at + strlen("人民法院");
    }
}

/* --- B05, B06: the cause --- */

/* 原告林某与被告王某民间借贷纠纷: what stands behind the last party that is named there. */
static struct span names_skipped(const struct proofing *p, struct span in)
{
    for (uint32_t i = 0; i < p->r->party_count; i++) {
        Str name = p->r->parties[i].name;
        size_t at = name.n == 0 ? SCAN_NONE : scan_find_last(p->r->text, in, name.p);
        if (at != SCAN_NONE && at + name.n < in.to) {
            in.from = at + name.n;
        }
    }
    return in;
}

/* 案由：X, or X一案: where the name of the cause stands. */
static struct span cause_written(const struct proofing *p)
{
    static const char *const ends[] = {"，", "。", "（", "\n", "；", " ", NULL};
    Str text = p->r->text;
    size_t said = scan_find(text, p->r->whole, "案由：");
    if (said != SCAN_NONE) {
        size_t from = said + strlen("案由：");
        size_t to = scan_find_any(text, span_of(from, text.n), ends);
        return span_of(from, to == SCAN_NONE ? text.n : to);
    }
    size_t to = scan_find(text, p->r->whole, "纠纷一案");
    if (to == SCAN_NONE) {
        return span_of(0, 0);
    }
    to += strlen("纠纷");
    size_t from = to;
    for (int i = 0; i < 25 && from > 0; i++) {
        uint32_t code = 0;
        size_t before = scan_back(text, from);
        (void)scan_char(text, before, &code);
        if (!scan_is_han(code) && code != 0x3001) {
            break;
        }
        from = before;
    }
    return names_skipped(p, span_of(from, to));
}

/* The longest cause that the span ends with. */
static const struct cause *cause_at_end(const struct proofing *p, struct span in)
{
    for (size_t at = in.from; at < in.to;) {
        uint32_t code = 0;
        const struct cause *cause =
            cause_find(p->r->tables, str_slice(p->arena, p->r->text, at, in.to));
        if (cause != NULL) {
            return cause;
        }
        at += scan_char(p->r->text, at, &code);
    }
    return NULL;
}

/* A cause as long as what is written that differs in at most two characters. */
static const struct cause *cause_like(const struct proofing *p, Str written)
{
    const struct cause *best = NULL;
    int fewest = 3;
    for (int i = 0; i < p->r->tables->cause_count; i++) {
        const struct cause *cause = &p->r->tables->causes[i];
        int differ = 0;
        if (cause->name.n != written.n) {
            continue;
        }
        for (size_t k = 0; k + 3 <= written.n; k += 3) {
            differ += memcmp(cause->name.p + k, written.p + k, 3) != 0;
        }
        if (differ < fewest) {
            best = cause;
            fewest = differ;
        }
    }
    return best;
}

static bool has_children(const struct law_tables *tables, const struct cause *cause)
{
    int hit[1];
    return cause_search(tables, STR(""), cause->code, 0, hit, 1) > 0;
}

/* The cause below `cause` whose name shares most pairs of characters with the document. */
static const struct cause *cause_below(const struct proofing *p, const struct cause *cause)
{
    int hits[200];
    int count = cause_search(p->r->tables, STR(""), cause->code, 0, hits, 200);
    const struct cause *best = NULL;
    for (int i = 0; i < count; i++) {
        const struct cause *one = &p->r->tables->causes[hits[i]];
        /* 买卖合同纠纷: its first word is what tells it from the others. */
        char word[7] = {0};
        if (one->name.n > 12) {
            memcpy(word, one->name.p, 6);
            best = best == NULL && scan_has(p->r->text, p->r->whole, word) ? one : best;
        }
    }
    return best;
}

static void cause_check(struct proofing *p)
{
    struct span in = cause_written(p);
    bool said = in.to > in.from && scan_before(p->r->text, in.from, "案由：");
    if (span_is_empty(in) || p->r->kind == PAPER_OTHER) {
        return;
    }
    const struct cause *cause = cause_at_end(p, in);
    if (cause == NULL) {
        Str written = str_slice(p->arena, p->r->text, in.from, in.to);
        const struct cause *like = said ? cause_like(p, written) : NULL;
        proof_hit(p, "B05", in, like == NULL ? STR("") : like->name, "“%.*s”不在民事案件案由规定里",
                  STR_ARG(written));
        return;
    }
    const struct cause *below =
        cause->level <= 2 && has_children(p->r->tables, cause) ? cause_below(p, cause) : NULL;
    if (cause->level <= 2 && has_children(p->r->tables, cause)) {
        proof_hit(p, "B06", in, below == NULL ? STR("") : below->name, "“%.*s”下面还有更具体的案由",
                  STR_ARG(cause->name));
    }
}

/* --- B07, B11 --- */

/* LAW: civil-procedure-law@2023 157: what is decided by ruling. */
static void kind_check(struct proofing *p)
{
    static const char *const rulings[] = {"管辖权异议",   "不予受理", "驳回起诉", "准许撤诉",
                                          "准许撤回起诉", "财产保全", "先予执行", "中止诉讼",
                                          "终结诉讼",     NULL};
    const struct reading *r = p->r;
    struct span where = span_is_empty(r->operative) ? r->title : r->operative;
    size_t allows = scan_find_any(r->text, where, (const char *const[]){"准许", "准予", NULL});
    bool withdrawn = allows != SCAN_NONE && !span_is_empty(r->operative) &&
                     scan_has_any(r->text, scan_sentence(r->text, where, allows),
                                  (const char *const[]){"撤回起诉", "撤诉", "撤回上诉", NULL});
    if (r->kind == PAPER_JUDGMENT && !span_is_empty(r->title) &&
        (withdrawn || scan_has_any(r->text, r->title, rulings) ||
         scan_has_any(r->text, where, rulings))) {
        proof_hit(p, "B07", r->title, STR("民事裁定书"), "这一事项用裁定");
    }
    size_t verb = scan_find(r->text, r->whole, "判决如下");
    if (r->kind == PAPER_RULING && verb != SCAN_NONE) {
        proof_hit(p, "B07", span_of(verb, verb + strlen("判决如下")), STR("裁定如下"),
                  "裁定书写“裁定如下”");
    }
}

static void earlier_check(struct proofing *p)
{
    Str text = p->r->text;
    struct span rest = p->r->whole;
    for (size_t at = 0; (at = scan_find(text, rest, "不服")) != SCAN_NONE;) {
        struct span sentence = scan_sentence(text, p->r->whole, at);
        size_t end = scan_find(text, span_of(at, sentence.to), "判决");
        size_t other = scan_find(text, span_of(at, sentence.to), "裁定");
        end = other < end ? other : end;
        rest.from = at + strlen("不服");
        if (end == SCAN_NONE || end - at > 200 || !scan_has(text, span_of(at, end), "人民法院")) {
            continue;
        }
        if (!scan_has(text, span_of(at, end), "号")) {
            proof_hit(p, "B11", span_of(at, end + strlen("判决")), STR(""), "写明原裁判的案号");
        }
    }
}

void check_numbers(struct proofing *p)
{
    numbers_check(p);
    courts_check(p);
    cause_check(p);
    kind_check(p);
    earlier_check(p);
}
