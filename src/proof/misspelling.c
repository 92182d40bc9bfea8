/* F10: usual slips by list, others by what the text is likely to have meant. */
#include <stdlib.h>
#include <string.h>

#include "proof/proofing.h"
#include "proof/slip.h"

enum { NAMES_MAX = 4000, PEOPLE_MAX = 40, PLACE_BYTES = 60 };

struct misspelling {
    struct proofing *p;
    struct span names[NAMES_MAX];
    uint32_t name_count;
    Str people[PEOPLE_MAX]; /* named behind a post, looked for everywhere */
    uint32_t people_count;
    uint32_t found; /* findings of the list and of other checks */
};

static void listed_check(struct proofing *p)
{
    struct span at = {0, 0};
    for (const struct slip *slip = NULL;
         (slip = words_next(p->world->words, p->r->text, at.to, &at)) != NULL;) {
        proof_hit(p, "F10", at, slip->right, "%.*s",
                  slip->reason.n > 0 ? (int)slip->reason.n : (int)strlen("疑为笔误"),
                  slip->reason.n > 0 ? slip->reason.p : "疑为笔误");
    }
}

/* --- what is no matter of spelling --- */

static void name_add(struct misspelling *m, size_t from, size_t to)
{
    if (m->name_count < NAMES_MAX && to > from) {
        m->names[m->name_count++] = span_of(from, to);
    }
}

static void name_everywhere(struct misspelling *m, Str name)
{
    struct span whole = {0, name.n};
    bool person = utf8_count(name) <= 4 || str_has(name, "·");
    if (name.n < 6 || name.n > 90 || (!person && !name_is_organisation(name, whole))) {
        return; /* 被告未按约定…, read as the head of a document, names nobody */
    }
    struct span rest = m->p->r->whole;
    for (size_t at = 0; (at = scan_find(m->p->r->text, rest, name.p)) != SCAN_NONE;) {
        name_add(m, at, at + name.n);
        rest.from = at + name.n;
    }
}

static void person_add(struct misspelling *m, Str name)
{
    for (uint32_t i = 0; i < m->people_count; i++) {
        if (str_same(m->people[i], name)) {
            return;
        }
    }
    if (m->people_count < PEOPLE_MAX) {
        m->people[m->people_count++] = name;
        name_everywhere(m, name);
    }
}

/* Two to four characters behind a post or a part in the case are a name, unless they go on. */
static void names_behind(struct misspelling *m, const char *title)
{
    const struct reading *r = m->p->r;
    struct span rest = r->whole;
    for (size_t at = 0; (at = scan_find(r->text, rest, title)) != SCAN_NONE;) {
        size_t from = at + strlen(title);
        static const char *const colons[] = {"：", ":", " ", "　", NULL};
        size_t length = 0;
        rest.from = from;
        bool colon = false;
        while (scan_at_any(r->text, from, colons, &length)) {
            colon = true;
            from += length;
        }
        size_t to = from;
        int count = 0;
        uint32_t code = 0;
        for (size_t n = 0; (n = scan_char(r->text, to, &code)) > 0 && count < 5; count++) {
            if (!scan_is_han(code) && code != 0x00B7 && code != ' ' && code != 0x3000) {
                break;
            }
            to += n;
        }
        static const char *const ends[] = {"，", "。", "、", "（", "\n", "；", ",", NULL};
        if (count >= 2 && (to == r->text.n || scan_at_any(r->text, to, ends, &length))) {
            name_add(m, from, to);
            if (colon && count <= 4 && to - from >= strlen("某某某")) {
                person_add(m, str_slice(m->p->arena, r->text, from, to));
            }
        }
    }
}

static int span_compare(const void *left, const void *right)
{
    const struct span *a = left;
    const struct span *b = right;
    return a->from < b->from ? -1 : a->from > b->from;
}

static void names_find(struct misspelling *m)
{
    static const char *const titles[] = {"审判长",     "审判员",     "陪审员", "书记员", "法官助理",
                                         "法定代表人", "负责人",     "代理人", "原告",   "被告",
                                         "第三人",     "被告人",     "证人",   "上诉人", "申请人",
                                         "执行人",     "法定代理人", NULL};
    const struct reading *r = m->p->r;
    const struct value *known = value_get(r->facts, "parties");
    for (uint32_t i = 0; i < r->party_count; i++) {
        name_everywhere(m, r->parties[i].name);
    }
    for (uint32_t i = 0; i < value_count(known); i++) {
        name_everywhere(m, value_get_str(value_item(known, i), "name"));
    }
    for (size_t i = 0; titles[i] != NULL; i++) {
        names_behind(m, titles[i]);
    }
    for (uint32_t i = 0; i < r->number_count; i++) {
        name_add(m, r->numbers[i].at.from, r->numbers[i].at.to);
    }
    qsort(m->names, m->name_count, sizeof m->names[0], span_compare);
}

/* --- */

static void slip_hear(void *arg, const struct slip_found *slip)
{
    static const char *const reasons[] = {"疑为同音字或者近音字", "疑为错字", "疑漏字", "疑多字"};
    struct misspelling *m = arg;
    for (uint32_t i = 0; i < m->found; i++) {
        const struct finding *old = &m->p->out->items[i];
        bool small = old->at.to - old->at.from <= PLACE_BYTES; /* no whole paragraph */
        if (small && old->at.from < slip->at.to && slip->at.from < old->at.to) {
            return; /* the list or another check knows it */
        }
    }
    proof_hit(m->p, "F10", slip->at, slip->proposal, "%s", reasons[slip->kind]);
}

void check_slips(struct proofing *p)
{
    struct misspelling *m = arena_new(p->arena, struct misspelling);
    m->p = p;
    listed_check(p);
    m->found = p->out->count;
    const struct language *language =
        p->world->language == NULL ? NULL : language_of(p->world->language);
    if (language == NULL) {
        return;
    }
    names_find(m);
    slips_find(p->arena, language, p->r->text, p->r->whole, m->names, m->name_count, slip_hear, m);
}
