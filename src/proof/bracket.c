/* F11: brackets and quotation marks come in pairs. */
#include "proof/proofing.h"

enum { KINDS = 7, DEEP = 32 };

static const struct {
    uint32_t open, close;
    const char *marks[2];
} KIND[KINDS] = {
    {0xFF08, 0xFF09, {"（", "）"}}, {0x300A, 0x300B, {"《", "》"}}, {0x3008, 0x3009, {"〈", "〉"}},
    {0x201C, 0x201D, {"“", "”"}},   {0x3010, 0x3011, {"【", "】"}}, {0x3014, 0x3015, {"〔", "〕"}},
    {0x300C, 0x300D, {"「", "」"}},
};

enum { KIND_ROUND = 0, KIND_QUOTE = 3 };

struct opened {
    int kind;
    struct span at;
};

struct brackets {
    struct proofing *p;
    struct opened open[DEEP];
    int count;
    bool lost; /* nested deeper than anybody writes: the rest of the paragraph is not judged */
};

static int kind_of(uint32_t code, bool *opens)
{
    uint32_t wide = code == '(' ? 0xFF08 : code == ')' ? 0xFF09 : code;
    for (int i = 0; i < KINDS; i++) {
        if (wide == KIND[i].open || wide == KIND[i].close) {
            *opens = wide == KIND[i].open;
            return i;
        }
    }
    return -1;
}

/* 1） and 一） number an item. */
static bool numbers_item(Str text, size_t at)
{
    int64_t number = 0;
    size_t from = at;
    for (int i = 0; i < 4 && from > 0; i++) {
        size_t before = scan_back(text, from);
        if (scan_any_number(text, before, &number) == 0 && text.p[before] != '0') {
            break;
        }
        from = before;
    }
    static const char *const ends[] = {"\n", "，", "。", "；", "：", "、", " ", "　", NULL};
    bool starts = from == 0;
    for (size_t i = 0; ends[i] != NULL; i++) {
        starts = starts || scan_before(text, from, ends[i]);
    }
    return from < at && starts;
}

static void lone_say(struct brackets *b, const struct opened *one, bool opens)
{
    proof_hit(b->p, "F11", one->at, STR(""), "“%s”没有与它成对的“%s”",
              KIND[one->kind].marks[opens ? 0 : 1], KIND[one->kind].marks[opens ? 1 : 0]);
}

/* What is open inside of what is closed stays alone. */
static void closed(struct brackets *b, int kind, struct span at)
{
    int i = b->count - 1;
    while (i >= 0 && b->open[i].kind != kind) {
        i--;
    }
    if (i < 0) {
        if (kind != KIND_ROUND || !numbers_item(b->p->r->text, at.from)) {
            lone_say(b, &(struct opened){kind, at}, false);
        }
        return;
    }
    for (int k = i + 1; k < b->count; k++) {
        lone_say(b, &b->open[k], true);
    }
    b->count = i;
}

/* A quotation may go on in the next paragraph, and so may a line that was broken in the middle of a
 * sentence: only what is open where a sentence ends is alone. */
static void paragraph_end(struct brackets *b, bool sentence)
{
    int kept = 0;
    for (int i = 0; i < b->count; i++) {
        if (b->open[i].kind == KIND_QUOTE || !sentence) {
            b->open[kept++] = b->open[i];
        } else {
            lone_say(b, &b->open[i], true);
        }
    }
    b->count = kept;
    b->lost = false;
}

void check_brackets(struct proofing *p)
{
    struct brackets b = {.p = p};
    Str text = p->r->text;
    uint32_t code = 0;
    uint32_t last = 0;
    for (size_t at = 0, n = 0; (n = scan_char(text, at, &code)) > 0; at += n) {
        bool opens = false;
        bool mark = code == '(' || code == ')' || (code >= 0x201C && code <= 0x201D) ||
                    (code >= 0x3008 && code <= 0x3015) || code == 0xFF08 || code == 0xFF09;
        int kind = mark ? kind_of(code, &opens) : -1;
        if (code == '\n') {
            paragraph_end(&b, last == 0x3002 || last == 0xFF1B || last == 0xFF1A);
        } else if (kind >= 0 && !b.lost && !opens) {
            closed(&b, kind, span_of(at, at + n));
        } else if (kind >= 0 && !b.lost) {
            b.lost = b.count == DEEP;
            b.count = b.lost ? 0 : b.count;
            b.open[b.count] = (struct opened){kind, span_of(at, at + n)};
            b.count += !b.lost;
        }
        last = code;
    }
    paragraph_end(&b, true);
    for (int i = 0; i < b.count; i++) { /* quotations that nothing ends */
        lone_say(&b, &b.open[i], true);
    }
}
