#include "proof/statute.h"

#include <string.h>

#include "base/check.h"
#include "base/csv.h"
#include "proof/scan.h"

static uint32_t name_hash(const char *name, size_t size)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ (unsigned char)name[i]) * 16777619U;
    }
    return hash;
}

static enum status cell_date(struct cx *cx, const char *name, uint32_t row, Str cell, Date *out)
{
    *out = DATE_NONE;
    return cell.n == 0 || date_parse(cell, out)
               ? OK
               : FAIL(cx, E_READ, "data-unreadable", "%s:%u: no date: %s", name, row + 2, cell.p);
}

static enum status rank_read(struct cx *cx, uint32_t row, Str cell, enum statute_rank *out)
{
    static const char *const names[] = {"law", "regulation", "local", "interpretation", "other"};
    for (int i = 0; i < 5; i++) {
        if (str_is(cell, names[i])) {
            *out = (enum statute_rank)i;
            return OK;
        }
    }
    return FAIL(cx, E_READ, "data-unreadable", "statutes.csv:%u: no rank: %s", row + 2, cell.p);
}

static enum status statutes_read(struct cx *cx, Str text, const struct statute **out,
                                 uint32_t *count)
{
    struct csv csv;
    TRY(csv_read(cx, "statutes.csv", text, ',', &csv));
    struct statute *items = arena_array(cx->arena, struct statute, csv.rows);
    for (uint32_t i = 0; i < csv.rows; i++) {
        struct statute *s = &items[i];
        s->full = csv_cell(&csv, i, csv_column(&csv, "full"));
        s->short_name = csv_cell(&csv, i, csv_column(&csv, "short"));
        s->successor = csv_cell(&csv, i, csv_column(&csv, "successor"));
        s->procedural = str_is(csv_cell(&csv, i, csv_column(&csv, "procedural")), "1");
        s->basic = str_is(csv_cell(&csv, i, csv_column(&csv, "basic")), "1");
        Str articles = csv_cell(&csv, i, csv_column(&csv, "articles"));
        if (s->full.n == 0 || (articles.n > 0 && !str_int(articles, &s->articles))) {
            return FAIL(cx, E_READ, "data-unreadable", "statutes.csv:%u: name or articles", i + 2);
        }
        TRY(rank_read(cx, i, csv_cell(&csv, i, csv_column(&csv, "rank")), &s->rank));
        TRY(cell_date(cx, "statutes.csv", i, csv_cell(&csv, i, csv_column(&csv, "from")),
                      &s->from));
        TRY(cell_date(cx, "statutes.csv", i, csv_cell(&csv, i, csv_column(&csv, "to")), &s->to));
    }
    *out = items;
    *count = csv.rows;
    return OK;
}

static enum status moved_read(struct cx *cx, Str text, const struct renumbering **out,
                              uint32_t *count)
{
    struct csv csv;
    TRY(csv_read(cx, "renumbered.csv", text, ',', &csv));
    struct renumbering *items = arena_array(cx->arena, struct renumbering, csv.rows);
    for (uint32_t i = 0; i < csv.rows; i++) {
        struct renumbering *r = &items[i];
        r->law = csv_cell(&csv, i, csv_column(&csv, "law"));
        r->subject = csv_cell(&csv, i, csv_column(&csv, "subject"));
        TRY(cell_date(cx, "renumbered.csv", i, csv_cell(&csv, i, csv_column(&csv, "since")),
                      &r->since));
        if (!str_int(csv_cell(&csv, i, csv_column(&csv, "old")), &r->old_article) ||
            !str_int(csv_cell(&csv, i, csv_column(&csv, "new")), &r->new_article)) {
            return FAIL(cx, E_READ, "data-unreadable", "renumbered.csv:%u: no number", i + 2);
        }
    }
    *out = items;
    *count = csv.rows;
    return OK;
}

static void slot_fill(const struct statutes *s, uint32_t *slots, Str name, uint32_t index)
{
    if (name.n == 0) {
        return;
    }
    uint32_t at = name_hash(name.p, name.n) & (s->slots - 1);
    while (slots[at] != 0) {
        at = (at + 1) & (s->slots - 1);
    }
    slots[at] = index + 1;
}

enum status statutes_build(struct cx *cx, struct arena *arena, Str statutes_csv, Str renumbered_csv,
                           const struct statutes **out)
{
    struct cx own = *cx; /* rows live with the statutes, the failure with the caller */
    own.arena = arena;
    struct statutes *s = arena_new(arena, struct statutes);
    enum status status = statutes_read(&own, statutes_csv, &s->items, &s->count);
    if (status == OK) {
        status = moved_read(&own, renumbered_csv, &s->moved, &s->moved_count);
    }
    if (status != OK) {
        cx->failure = own.failure;
        return status;
    }
    s->slots = 16;
    while (s->slots < s->count * 4) {
        s->slots *= 2;
    }
    uint32_t *slots = arena_array(arena, uint32_t, s->slots);
    for (uint32_t i = 0; i < s->count; i++) {
        slot_fill(s, slots, s->items[i].full, i);
        if (!str_same(s->items[i].full, s->items[i].short_name)) {
            slot_fill(s, slots, s->items[i].short_name, i);
        }
    }
    s->by_name = slots;
    *out = s;
    return OK;
}

const struct statute *statute_find(const struct statutes *s, const char *name, size_t size)
{
    uint32_t at = name_hash(name, size) & (s->slots - 1);
    for (; s->by_name[at] != 0; at = (at + 1) & (s->slots - 1)) {
        const struct statute *found = &s->items[s->by_name[at] - 1];
        if ((found->full.n == size && memcmp(found->full.p, name, size) == 0) ||
            (found->short_name.n == size && memcmp(found->short_name.p, name, size) == 0)) {
            return found;
        }
    }
    return NULL;
}

const struct statute *statute_before(const struct statutes *s, Str text, size_t to, size_t *from)
{
    enum { NAME_CHARACTERS_MAX = 20 };

    const struct statute *longest = NULL;
    size_t at = to;
    for (int i = 0; i < NAME_CHARACTERS_MAX && at > 0; i++) {
        uint32_t code = 0;
        at = scan_back(text, at);
        (void)scan_char(text, at, &code);
        if (!scan_is_han(code)) {
            break;
        }
        const struct statute *found = i < 2 ? NULL : statute_find(s, text.p + at, to - at);
        if (found != NULL) {
            longest = found;
            *from = at;
        }
    }
    return longest;
}
