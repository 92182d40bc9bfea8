#include "proof/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"

void findings_init(struct findings *findings, struct arena *arena)
{
    *findings = (struct findings){.arena = arena};
}

void findings_add(struct findings *findings, const struct finding *finding)
{
    check(finding->at.from <= finding->at.to);
    for (uint32_t i = 0; i < findings->count; i++) {
        const struct finding *old = &findings->items[i];
        if (old->at.from == finding->at.from && text_is(old->check, finding->check)) {
            return;
        }
    }
    if (findings->count >= FINDINGS_MAX) {
        return;
    }
    if (findings->count == findings->room) {
        uint32_t room = findings->room == 0 ? 16 : findings->room * 2;
        struct finding *items = arena_array(findings->arena, struct finding, room);
        if (findings->count > 0) {
            memcpy(items, findings->items, sizeof *items * findings->count);
        }
        findings->items = items;
        findings->room = room;
    }
    findings->items[findings->count++] = *finding;
}

static int finding_compare(const void *left, const void *right)
{
    const struct finding *a = left;
    const struct finding *b = right;
    if (a->at.from != b->at.from) {
        return a->at.from < b->at.from ? -1 : 1;
    }
    return strcmp(a->check, b->check);
}

void findings_sort(struct findings *findings)
{
    if (findings->count > 1) {
        qsort(findings->items, findings->count, sizeof *findings->items, finding_compare);
    }
}

bool finding_is_mendable(const struct finding *f)
{
    return f->proposal.n > 0 && (text_is(f->check, "F10") || text_is(f->check, "F11"));
}

Str findings_mend(struct arena *arena, const struct findings *findings, Str text,
                  const bool *chosen, uint32_t *mended)
{
    struct buf out;
    size_t at = 0;
    size_t room = text.n + 1;
    *mended = 0;
    for (uint32_t i = 0; i < findings->count; i++) {
        room += findings->items[i].proposal.n;
    }
    buf_init(&out, arena, room);
    for (uint32_t i = 0; i < findings->count; i++) {
        const struct finding *f = &findings->items[i];
        if (!chosen[i] || !finding_is_mendable(f) || f->at.from < at) {
            continue;
        }
        buf_add(&out, text.p + at, f->at.from - at);
        buf_str(&out, f->proposal);
        at = f->at.to;
        *mended += 1;
    }
    buf_add(&out, text.p + at, text.n - at);
    return buf_done(&out);
}

const char *severity_name(enum severity severity)
{
    static const char *const names[] = {"error", "warning", "hint"};
    check((unsigned)severity < 3);
    return names[severity];
}

static const char *class_title(const char *check)
{
    static const char *const titles[] = {
        "当事人信息",         "案号、法院、案由与格式", "金额与计算",    "日期与期限",
        "法律引用与权利告知", "主文、逻辑、文字与隐私", "引文与各类文书"};
    check(check[0] >= 'A' && check[0] <= 'G');
    return titles[check[0] - 'A'];
}

/* Walks the text once, as findings stand in its order. */
struct place {
    Str text;
    size_t at;
    int64_t paragraph, character; /* of `at` */
};

static void place_go(struct place *place, size_t to)
{
    uint32_t code = 0;
    while (place->at < to && utf8_next(place->text, &place->at, &code)) {
        if (code == '\n') {
            place->paragraph++;
            place->character = 0;
        } else {
            place->character++;
        }
    }
}

static struct value *finding_value(struct arena *arena, const struct finding *f,
                                   struct place *place)
{
    struct value *view = value_map(arena);
    value_set_text(arena, view, "check", f->check);
    value_set_text(arena, view, "class", class_title(f->check));
    value_set_text(arena, view, "title", f->title);
    value_set_text(arena, view, "severity", severity_name(f->severity));
    place_go(place, f->at.from);
    struct place end = *place;
    place_go(&end, f->at.to);
    value_set_int(arena, view, "paragraph", place->paragraph);
    value_set_int(arena, view, "from", place->character);
    value_set_int(arena, view, "to",
                  end.paragraph == place->paragraph ? end.character : place->character);
    value_set_str(arena, view, "found", str_slice(arena, place->text, f->at.from, f->at.to));
    value_set_str(arena, view, "proposal", f->proposal);
    value_set_bool(arena, view, "mendable", finding_is_mendable(f));
    value_set_str(arena, view, "reason", f->reason);
    value_set_text(arena, view, "basis", f->basis);
    return view;
}

struct value *findings_value(struct arena *arena, const struct findings *findings, Str text)
{
    struct value *view = value_map(arena);
    struct value *list = value_list(arena);
    struct place place = {text, 0, 1, 0};
    int64_t counts[3] = {0, 0, 0};
    for (uint32_t i = 0; i < findings->count; i++) {
        counts[findings->items[i].severity]++;
        value_add(arena, list, finding_value(arena, &findings->items[i], &place));
    }
    value_set_int(arena, view, "errors", counts[SEVERITY_ERROR]);
    value_set_int(arena, view, "warnings", counts[SEVERITY_WARNING]);
    value_set_int(arena, view, "hints", counts[SEVERITY_HINT]);
    value_set(arena, view, "findings", list);
    return view;
}
