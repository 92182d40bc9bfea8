/* Class B, second half: who sat, who signed, and whether all parts of the document are there. */
#include <string.h>

#include "proof/proofing.h"

enum { MEMBERS_MAX = 9 };

/* Members that signed: their names, one line each. */
struct bench {
    Str names[MEMBERS_MAX];
    int count;
    bool presiding;
};

static void bench_add(struct proofing *p, struct bench *bench, struct span line, size_t title)
{
    Str name = str_trim(p->arena, str_slice(p->arena, p->r->text, line.from + title, line.to));
    struct buf tight; /* 张　某 is 张某 */
    buf_init(&tight, p->arena, 256);
    for (size_t i = 0; i < name.n;) {
        uint32_t code = 0;
        size_t n = scan_char(name, i, &code);
        if (scan_is_han(code) || code == 0x00B7) {
            buf_add(&tight, name.p + i, n);
        }
        i += n;
    }
    Str clean = buf_done(&tight);
    if (clean.n > 0 && bench->count < MEMBERS_MAX) {
        bench->names[bench->count++] = clean;
    }
}

static void bench_read(struct proofing *p, struct bench *bench)
{
    static const char *const titles[] = {"审判长", "人民陪审员", "代理审判员", "审判员", NULL};
    *bench = (struct bench){.count = 0};
    Str text = p->r->text;
    struct span rest = p->r->signature;
    while (!span_is_empty(rest)) {
        size_t end = scan_find(text, rest, "\n");
        struct span line = scan_trim(text, span_of(rest.from, end == SCAN_NONE ? rest.to : end));
        size_t title = 0;
        if (scan_at_any(text, line.from, titles, &title)) {
            bench->presiding = bench->presiding || scan_at(text, line.from, "审判长");
            bench_add(p, bench, line, title);
        }
        rest.from = end == SCAN_NONE ? rest.to : end + 1;
    }
}

static void bench_check(struct proofing *p, const struct bench *bench)
{
    const struct reading *r = p->r;
    size_t panel = scan_find(r->text, r->whole, "合议庭");
    bool alone = scan_has(r->text, r->whole, "独任审理") ||
                 scan_has(r->text, r->whole, "独任审判") || scan_has(r->text, r->whole, "独任进行");
    bool said = panel != SCAN_NONE &&
                scan_has(r->text, scan_sentence(r->text, r->whole, panel), "组成合议庭");
    said = said || scan_has(r->text, r->whole, "普通程序合议庭");
    if (bench->count == 0) {
        return;
    }
    if (said && !alone && bench->count == 1) {
        proof_hit(p, "B08", proof_place(p, r->signature), STR(""), "合议庭审理，只有一人署名");
    } else if (bench->count > 1 && bench->count % 2 == 0) {
        proof_hit(p, "B08", proof_place(p, r->signature), STR(""), "合议庭成员应当是单数，署名%d人",
                  bench->count);
    } else if (alone && bench->count > 1) {
        proof_hit(p, "B08", proof_place(p, r->signature), STR(""), "独任审理，署名%d人",
                  bench->count);
    }
}

/* 由审判员甲、乙组成合议庭: whoever is named there has signed, and the other way round. */
static void members_check(struct proofing *p, const struct bench *bench)
{
    const struct reading *r = p->r;
    size_t at = scan_find(r->text, r->whole, "组成合议庭");
    if (at == SCAN_NONE || bench->count < 2) {
        return;
    }
    struct span sentence = scan_sentence(r->text, r->whole, at);
    struct span named = span_of(sentence.from, at);
    static const char *const titles[] = {"审判长", "审判员", "陪审员", NULL};
    if (!scan_has_any(r->text, named, titles)) {
        return; /* 依法组成合议庭 names nobody */
    }
    for (int i = 0; i < bench->count; i++) {
        if (!scan_has(r->text, named, bench->names[i].p)) {
            proof_hit(p, "B09", named, STR(""), "署名的“%.*s”不在正文写的合议庭里",
                      STR_ARG(bench->names[i]));
        }
    }
}

/* LAW: civil-procedure-law@2023 155. Only of a document that is one: with title and decision. */
static void parts_check(struct proofing *p)
{
    static const struct {
        const char *words[5];
        const char *title;
    } parts[] = {{{"一案", NULL}, "案件由来和审理经过"},
                 {{"诉讼请求", "请求", "上诉请求", NULL}, "诉讼请求"},
                 {{"辩称", "答辩", "未作答辩", "未到庭", NULL}, "答辩意见"},
                 {{"查明", "认定", "事实", NULL}, "事实"},
                 {{"本院认为", NULL}, "理由"},
                 {{"受理费", "免交", "不交纳", NULL}, "案件受理费及负担"}};
    const struct reading *r = p->r;
    if (r->kind != PAPER_JUDGMENT || span_is_empty(r->title) || span_is_empty(r->operative) ||
        span_is_empty(r->head)) {
        return;
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!scan_has_any(r->text, r->whole, parts[i].words)) {
            proof_hit(p, "B10", span_of(r->title.from, r->title.from + i), STR(""), "缺少：%s",
                      parts[i].title);
        }
    }
    if (span_is_empty(r->signature)) {
        proof_hit(p, "B10", proof_place(p, r->tail), STR(""), "缺少：署名和日期");
    }
}

void check_shape(struct proofing *p)
{
    struct bench bench;
    bench_read(p, &bench);
    bench_check(p, &bench);
    members_check(p, &bench);
    parts_check(p);
    if (str_is(reading_fact(p->r, "copy"), "served") &&
        !scan_has(p->r->text, p->r->whole, "本件与原本核对无异")) {
        proof_hit(p, "B12", proof_place(p, p->r->signature), STR("本件与原本核对无异"),
                  "送达的正本应当有核对章或者核对码");
    }
}
