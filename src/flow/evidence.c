#include "flow/evidence.h"

#include <inttypes.h>
#include <string.h>

/* --- files --- */

static bool is_picture(const struct material *m)
{
    return str_is(m->type, "image/jpeg") || str_is(m->type, "image/png");
}

uint32_t evidence_sheets(const struct material *m)
{
    return m->pages > 0 ? (uint32_t)m->pages : (is_picture(m) ? 1 : 0);
}

static bool stands(const struct material *m)
{
    return m->removed == 0 && str_is(m->kind, EVIDENCE_KIND) && !str_is(m->status, "refused");
}

static const struct material *file_find(const struct matter *matter, int64_t n)
{
    for (uint32_t i = 0; i < matter->material_count; i++) {
        if (matter->materials[i].n == n && str_is(matter->materials[i].kind, EVIDENCE_KIND)) {
            return &matter->materials[i];
        }
    }
    return NULL;
}

/* --- reading --- */

/* Which pages are taken: a bit for each, and one for the file as it is. */
struct taken {
    const struct matter *matter;
    bool **pages; /* by index of the material; [0] says that the file is named at all */
};

static void taken_begin(struct arena *arena, const struct matter *matter, struct taken *taken)
{
    taken->matter = matter;
    taken->pages = arena_array(arena, bool *, matter->material_count);
    for (uint32_t i = 0; i < matter->material_count; i++) {
        taken->pages[i] = arena_array(arena, bool, evidence_sheets(&matter->materials[i]) + 1);
    }
}

static void page_add(struct evidence *e, const struct evidence_page *page)
{
    if (e->page_count < EVIDENCE_PAGES_MAX) {
        e->pages[e->page_count++] = *page;
    }
}

static bool turn_is_right(int64_t turn)
{
    return turn >= 0 && turn < 360 && turn % 90 == 0;
}

static bool tilt_is_right(int64_t cdeg)
{
    return cdeg >= -EVIDENCE_TILT_MAX_CDEG && cdeg <= EVIDENCE_TILT_MAX_CDEG;
}

/* The pages that one entry of a list names and nobody named before. */
static void entry_read(struct evidence *e, struct taken *taken, const struct value *entry,
                       uint32_t item)
{
    int64_t turn = value_get_int(entry, "turn");
    int64_t tilt = value_get_int(entry, "tilt");
    const struct material *m = file_find(taken->matter, value_get_int(entry, "material"));
    if (m == NULL || !stands(m)) {
        return;
    }
    int64_t sheets = evidence_sheets(m);
    bool *pages = taken->pages[m - taken->matter->materials];
    bool whole = value_get(entry, "from") == NULL && value_get(entry, "to") == NULL;
    int64_t from = whole ? 1 : value_get_int(entry, "from");
    int64_t to = whole ? sheets : value_get_int(entry, "to");
    to = to == 0 ? from : to;
    struct evidence_page page = {.material = m->n,
                                 .turn = turn_is_right(turn) ? (int)turn : 0,
                                 .tilt_cdeg = tilt_is_right(tilt) ? (int)tilt : 0,
                                 .item = item};
    if (sheets == 0 && !pages[0]) {
        page_add(e, &page);
    }
    pages[0] = true;
    for (int64_t i = from < 1 ? 1 : from; i <= to && i <= sheets; i++) {
        if (!pages[i]) {
            pages[i] = true;
            page.page = (uint32_t)i;
            page_add(e, &page);
        }
    }
}

/* What a file is called without its ending. */
static Str bare_name(struct arena *arena, Str name)
{
    const char *dot = name.n == 0 ? NULL : strrchr(name.p, '.');
    return dot == NULL || dot == name.p ? name : str_slice(arena, name, 0, (size_t)(dot - name.p));
}

static struct evidence_item *item_add(struct evidence *e)
{
    struct evidence_item *item = &e->items[e->item_count++];
    *item = (struct evidence_item){
        .name = STR(""), .purpose = STR(""), .source = STR(""), .form = STR("")};
    return item;
}

static void items_read(struct evidence *e, struct taken *taken, const struct value *items)
{
    for (uint32_t i = 0; i < value_count(items) && i < EVIDENCE_ITEMS_MAX; i++) {
        const struct value *said = value_item(items, i);
        struct evidence_item *item = item_add(e);
        item->name = value_get_str(said, "name");
        item->purpose = value_get_str(said, "purpose");
        item->source = value_get_str(said, "source");
        item->form = value_get_str(said, "form");
        const struct value *pages = value_get(said, "pages");
        for (uint32_t k = 0; k < value_count(pages); k++) {
            entry_read(e, taken, value_item(pages, k), i);
        }
    }
}

/* (1), and the pages that stand in no item. */
static void rest_read(struct arena *arena, struct evidence *e, struct taken *taken)
{
    const struct matter *matter = taken->matter;
    for (uint32_t i = 0; i < matter->material_count; i++) {
        const struct material *m = &matter->materials[i];
        uint32_t sheets = evidence_sheets(m);
        struct evidence_page page = {.material = m->n, .item = EVIDENCE_APART};
        if (!stands(m) || (taken->pages[i][0] && sheets == 0)) {
            continue;
        }
        if (!taken->pages[i][0] && e->item_count < EVIDENCE_ITEMS_MAX) {
            struct evidence_item *item = item_add(e);
            item->name = bare_name(arena, m->name);
            item->by_itself = true;
            page.item = e->item_count - 1;
        }
        if (sheets == 0) {
            page_add(e, &page);
        }
        for (uint32_t k = 1; k <= sheets; k++) {
            page.page = k;
            if (!taken->pages[i][k]) {
                page_add(e, &page);
            }
        }
    }
}

/* Brings the pages of each item together, keeping their order, and counts them. */
static void settle(struct arena *arena, struct evidence *e)
{
    struct evidence_page *sorted = arena_array(arena, struct evidence_page, e->page_count);
    uint32_t count = 0;
    e->total = 0;
    for (uint32_t i = 0; i < e->item_count; i++) {
        struct evidence_item *item = &e->items[i];
        item->first = count;
        item->from = 0;
        item->to = 0;
        for (uint32_t k = 0; k < e->page_count; k++) {
            if (e->pages[k].item == i) {
                struct evidence_page *page = &sorted[count++];
                *page = e->pages[k];
                page->number = page->page == 0 ? 0 : ++e->total;
                item->from = item->from == 0 ? page->number : item->from;
                item->to = page->number == 0 ? item->to : page->number;
            }
        }
        item->count = count - item->first;
    }
    e->apart = e->page_count - count;
    for (uint32_t k = 0; k < e->page_count; k++) {
        if (e->pages[k].item == EVIDENCE_APART) {
            sorted[count] = e->pages[k];
            sorted[count++].number = 0;
        }
    }
    memcpy(e->pages, sorted, count * sizeof *sorted);
}

void evidence_read(struct arena *arena, const struct value *list, const struct matter *matter,
                   struct evidence *out)
{
    struct taken taken;
    const struct value *apart = value_get(list, "apart");
    uint64_t pages = 0;
    for (uint32_t i = 0; i < matter->material_count; i++) {
        pages += evidence_sheets(&matter->materials[i]) + 1;
    }
    uint32_t room = pages < EVIDENCE_PAGES_MAX ? (uint32_t)pages : EVIDENCE_PAGES_MAX;
    *out =
        (struct evidence){.items = arena_array(arena, struct evidence_item, EVIDENCE_ITEMS_MAX + 1),
                          .pages = arena_array(arena, struct evidence_page, room + 1)};
    taken_begin(arena, matter, &taken);
    items_read(out, &taken, value_get(list, "items"));
    for (uint32_t i = 0; i < value_count(apart); i++) {
        entry_read(out, &taken, value_item(apart, i), EVIDENCE_APART);
    }
    rest_read(arena, out, &taken);
    settle(arena, out);
}

/* --- writing --- */

static bool follows(const struct evidence_page *page, const struct evidence_page *next)
{
    return page->page > 0 && next->material == page->material && next->turn == page->turn &&
           next->tilt_cdeg == page->tilt_cdeg && next->page == page->page + 1;
}

static struct value *pages_value(struct arena *arena, const struct evidence_page *pages,
                                 uint32_t count)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < count; i++) {
        const struct evidence_page *first = &pages[i];
        while (i + 1 < count && follows(&pages[i], &pages[i + 1])) {
            i++;
        }
        struct value *entry = value_map(arena);
        value_set_int(arena, entry, "material", first->material);
        if (first->page > 0) {
            value_set_int(arena, entry, "from", first->page);
            value_set_int(arena, entry, "to", pages[i].page);
        }
        if (first->turn != 0) {
            value_set_int(arena, entry, "turn", first->turn);
        }
        if (first->tilt_cdeg != 0) {
            value_set_int(arena, entry, "tilt", first->tilt_cdeg);
        }
        value_add(arena, list, entry);
    }
    return list;
}

static void set_said(struct arena *arena, struct value *map, const char *key, Str text)
{
    if (text.n > 0) {
        value_set_str(arena, map, key, text);
    }
}

struct value *evidence_value(struct arena *arena, const struct evidence *e)
{
    struct value *value = value_map(arena);
    struct value *items = value_list(arena);
    for (uint32_t i = 0; i < e->item_count; i++) {
        const struct evidence_item *item = &e->items[i];
        struct value *one = value_map(arena);
        set_said(arena, one, "name", item->name);
        set_said(arena, one, "purpose", item->purpose);
        set_said(arena, one, "source", item->source);
        set_said(arena, one, "form", item->form);
        value_set(arena, one, "pages", pages_value(arena, &e->pages[item->first], item->count));
        value_add(arena, items, one);
    }
    value_set(arena, value, "items", items);
    if (e->apart > 0) {
        value_set(arena, value, "apart",
                  pages_value(arena, &e->pages[e->page_count - e->apart], e->apart));
    }
    return value;
}

/* --- what cannot be meant --- */

static void fault_add(struct arena *arena, struct value *list, const char *field, const char *code,
                      Str title)
{
    struct value *fault = value_map(arena);
    value_set_text(arena, fault, "field", field);
    value_set_text(arena, fault, "code", code);
    value_set_str(arena, fault, "title", title);
    value_add(arena, list, fault);
}

/* What is no list at all would read as an empty one, and the order that stands be gone. */
static void list_look(struct arena *arena, const struct value *list, const char *field,
                      struct value *faults)
{
    if (!value_is_null(list) && !value_is_list(list)) {
        fault_add(arena, faults, field, "type", STR("这里应当是一列"));
    }
}

static void entries_look(struct arena *arena, struct taken *taken, const struct value *entries,
                         const char *prefix, struct value *faults)
{
    list_look(arena, entries, prefix, faults);
    for (uint32_t i = 0; i < value_count(entries); i++) {
        const struct value *entry = value_item(entries, i);
        const char *field = arena_printf(arena, "%s.%u", prefix, i);
        int64_t n = value_get_int(entry, "material");
        const struct material *m = file_find(taken->matter, n);
        if (m == NULL) {
            fault_add(arena, faults, field, "unknown",
                      str_printf(arena, "没有第%" PRId64 "号证据材料", n));
            continue;
        }
        int64_t sheets = evidence_sheets(m);
        int64_t from = value_get_int(entry, "from");
        int64_t to = value_get(entry, "to") == NULL ? from : value_get_int(entry, "to");
        bool said = value_get(entry, "from") != NULL || value_get(entry, "to") != NULL;
        if ((said && (from < 1 || to < from || to > sheets)) ||
            !turn_is_right(value_get_int(entry, "turn")) ||
            !tilt_is_right(value_get_int(entry, "tilt"))) {
            fault_add(arena, faults, field, "range",
                      str_printf(arena, "“%s”没有这些页，或者转的角度不对", m->name.p));
            continue;
        }
        bool *pages = taken->pages[m - taken->matter->materials];
        bool twice = sheets == 0 && pages[0];
        pages[0] = true;
        for (int64_t k = said ? from : 1; k <= (said ? to : sheets); k++) {
            twice = twice || pages[k];
            pages[k] = true;
        }
        if (twice) {
            fault_add(arena, faults, field, "repeated",
                      str_printf(arena, "“%s”有一页放了两次", m->name.p));
        }
    }
}

struct value *evidence_faults(struct arena *arena, const struct value *list,
                              const struct matter *matter, const char *prefix)
{
    struct taken taken;
    struct value *faults = value_list(arena);
    const struct value *items = value_get(list, "items");
    taken_begin(arena, matter, &taken);
    list_look(arena, items, arena_printf(arena, "%sitems", prefix), faults);
    for (uint32_t i = 0; i < value_count(items); i++) {
        if (!value_is_map(value_item(items, i))) {
            fault_add(arena, faults, arena_printf(arena, "%sitems.%u", prefix, i), "type",
                      STR("这里应当是一项证据"));
        }
        entries_look(arena, &taken, value_get(value_item(items, i), "pages"),
                     arena_printf(arena, "%sitems.%u.pages", prefix, i), faults);
    }
    entries_look(arena, &taken, value_get(list, "apart"), arena_printf(arena, "%sapart", prefix),
                 faults);
    return faults;
}

/* --- changing the order --- */

struct evidence_page *evidence_page_named(struct evidence *e, Str name)
{
    const char *dot = name.n == 0 ? NULL : strchr(name.p, '.');
    int64_t material = 0;
    int64_t page = 0;
    if (dot == NULL || !str_int((Str){name.p, (size_t)(dot - name.p)}, &material) ||
        !str_int((Str){dot + 1, name.n - (size_t)(dot + 1 - name.p)}, &page)) {
        return NULL;
    }
    for (uint32_t i = 0; i < e->page_count; i++) {
        if (e->pages[i].material == material && (int64_t)e->pages[i].page == page) {
            return &e->pages[i];
        }
    }
    return NULL;
}

static void swap(struct evidence_page *a, struct evidence_page *b)
{
    struct evidence_page kept = *a;
    *a = *b;
    *b = kept;
}

/* Past the first page of an item lies the end of the item before. */
static void page_up(struct evidence *e, struct evidence_page *page)
{
    if (page > e->pages && page[-1].item == page->item) {
        swap(page, page - 1);
    } else if (page->item == EVIDENCE_APART && e->item_count > 0) {
        page->item = e->item_count - 1;
    } else if (page->item != EVIDENCE_APART && page->item > 0) {
        page->item--;
    }
}

static void page_down(struct evidence *e, struct evidence_page *page)
{
    bool last = page == e->pages + e->page_count - 1;
    if (!last && page[1].item == page->item) {
        swap(page, page + 1);
    } else if (page->item != EVIDENCE_APART && page->item + 1 < e->item_count) {
        page->item++;
    }
}

/* The picked pages, in their order, behind all others of the item. */
static void picks_move(struct arena *arena, struct evidence *e, const struct value *picks,
                       uint32_t item)
{
    struct evidence_page *moved = arena_array(arena, struct evidence_page, e->page_count);
    uint32_t count = 0;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < value_count(picks); i++) {
        struct evidence_page *page = evidence_page_named(e, value_as_str(value_item(picks, i)));
        if (page != NULL) {
            page->number = UINT32_MAX; /* counted anew below */
        }
    }
    for (uint32_t i = 0; i < e->page_count; i++) {
        if (e->pages[i].number == UINT32_MAX) {
            moved[count] = e->pages[i];
            moved[count++].item = item;
        } else {
            e->pages[kept++] = e->pages[i];
        }
    }
    memcpy(e->pages + kept, moved, count * sizeof *moved);
}

static void items_swap(struct evidence *e, uint32_t a, uint32_t b)
{
    struct evidence_item kept = e->items[a];
    e->items[a] = e->items[b];
    e->items[b] = kept;
    for (uint32_t i = 0; i < e->page_count; i++) {
        uint32_t *item = &e->pages[i].item;
        *item = *item == a ? b : (*item == b ? a : *item);
    }
}

static void item_drop(struct evidence *e, uint32_t n)
{
    for (uint32_t i = 0; i < e->page_count; i++) {
        uint32_t *item = &e->pages[i].item;
        if (*item == n) {
            *item = EVIDENCE_APART;
        } else if (*item != EVIDENCE_APART && *item > n) {
            *item -= 1;
        }
    }
    e->item_count--;
    memmove(&e->items[n], &e->items[n + 1], (e->item_count - n) * sizeof *e->items);
}

static bool page_order(struct evidence *e, Str verb, Str name)
{
    bool up = str_is(verb, "up");
    bool down = str_is(verb, "down");
    bool untilt = str_is(verb, "untilt");
    if (!up && !down && !untilt && !str_is(verb, "turn")) {
        return false;
    }
    struct evidence_page *page = evidence_page_named(e, name);
    if (page != NULL && up) {
        page_up(e, page);
    } else if (page != NULL && down) {
        page_down(e, page);
    } else if (page != NULL && untilt) {
        page->tilt_cdeg = 0;
    } else if (page != NULL && page->page > 0) {
        page->turn = (page->turn + 90) % 360;
    }
    return true;
}

static bool item_order(struct arena *arena, struct evidence *e, Str verb, Str name,
                       const struct value *picks)
{
    int64_t n = 0;
    if (!str_int(name, &n) || n < 1 || n > (int64_t)e->item_count) {
        return false;
    }
    uint32_t item = (uint32_t)n - 1;
    if (str_is(verb, "take")) {
        picks_move(arena, e, picks, item);
    } else if (str_is(verb, "item-drop")) {
        item_drop(e, item);
    } else if (str_is(verb, "item-up")) {
        items_swap(e, item, item == 0 ? 0 : item - 1);
    } else if (str_is(verb, "item-down")) {
        items_swap(e, item, item + 1 == e->item_count ? item : item + 1);
    } else {
        return false;
    }
    return true;
}

static void picks_untilt(struct evidence *e, const struct value *picks)
{
    for (uint32_t i = 0; i < e->page_count && value_count(picks) == 0; i++) {
        e->pages[i].tilt_cdeg = 0;
    }
    for (uint32_t i = 0; i < value_count(picks); i++) {
        struct evidence_page *page = evidence_page_named(e, value_as_str(value_item(picks, i)));
        if (page != NULL) {
            page->tilt_cdeg = 0;
        }
    }
}

bool evidence_order(struct arena *arena, struct evidence *e, Str what, const struct value *picks)
{
    Str *parts = NULL;
    size_t count = str_split(arena, what, ':', &parts);
    bool done = true;
    if (str_is(what, "apart")) {
        picks_move(arena, e, picks, EVIDENCE_APART);
    } else if (str_is(what, "untilt")) {
        picks_untilt(e, picks);
    } else if (str_is(what, "new")) {
        done = e->item_count < EVIDENCE_ITEMS_MAX;
        if (done) {
            (void)item_add(e);
            picks_move(arena, e, picks, e->item_count - 1);
        }
    } else {
        done = count == 2 && (page_order(e, parts[0], parts[1]) ||
                              item_order(arena, e, parts[0], parts[1], picks));
    }
    settle(arena, e);
    return done;
}

/* --- in words --- */

static uint32_t files_of(const struct evidence *e, const struct evidence_item *item)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < item->count; i++) {
        count += e->pages[item->first + i].page == 0;
    }
    return count;
}

Str evidence_pages_text(struct arena *arena, const struct evidence *e,
                        const struct evidence_item *item)
{
    uint32_t files = files_of(e, item);
    Str text = item->from == 0          ? STR("")
               : item->from == item->to ? str_printf(arena, "第%u页", item->from)
                                        : str_printf(arena, "第%u至%u页", item->from, item->to);
    return files == 0
               ? text
               : str_printf(arena, "%s%s电子文件%u份", text.p, text.n > 0 ? "，" : "", files);
}

Str evidence_text(struct arena *arena, const struct evidence *e)
{
    enum { TEXT_BYTES = 16 * 1024 };
    struct buf out;
    buf_init(&out, arena, TEXT_BYTES);
    for (uint32_t i = 0; i < e->item_count; i++) {
        const struct evidence_item *item = &e->items[i];
        Str pages = evidence_pages_text(arena, e, item);
        buf_printf(&out, "%s证据%u%s（%s）", i == 0 ? "" : "；", i + 1, item->name.p,
                   pages.n > 0 ? pages.p : "没有页");
    }
    if (e->apart > 0) {
        buf_printf(&out, "；%u页没有编入", e->apart);
    }
    return buf_is_over(&out) ? str_printf(arena, "证据%u项，共%u页", e->item_count, e->total)
                             : buf_done(&out);
}

static Str pages_refs(struct arena *arena, const struct evidence_page *pages, uint32_t count)
{
    enum { REFS_BYTES = 256 * 1024 };
    struct buf out;
    buf_init(&out, arena, REFS_BYTES);
    for (uint32_t i = 0; i < count; i++) {
        const struct evidence_page *first = &pages[i];
        while (i + 1 < count && follows(&pages[i], &pages[i + 1])) {
            i++;
        }
        buf_printf(&out, "%s%" PRId64, first == pages ? "" : " ", first->material);
        if (first->page > 0) {
            buf_printf(&out, ".%u", first->page);
        }
        if (pages[i].page > first->page) {
            buf_printf(&out, "-%u", pages[i].page);
        }
        if (first->turn != 0) {
            buf_printf(&out, ">%d", first->turn);
        }
        if (first->tilt_cdeg != 0) {
            buf_printf(&out, "~%d", first->tilt_cdeg);
        }
    }
    return buf_done(&out);
}

static void row_add(struct arena *arena, struct value *rows, const char *which, uint32_t n,
                    Str name, Str pages)
{
    struct value *row = value_map(arena);
    value_set_text(arena, row, "order", which);
    value_set_int(arena, row, "item", n);
    value_set_str(arena, row, "name", name);
    value_set_str(arena, row, "pages", pages);
    value_add(arena, rows, row);
}

void evidence_rows(struct arena *arena, const struct evidence *e, const char *which,
                   struct value *rows)
{
    for (uint32_t i = 0; i < e->item_count; i++) {
        const struct evidence_item *item = &e->items[i];
        row_add(arena, rows, which, i + 1, item->name,
                pages_refs(arena, &e->pages[item->first], item->count));
    }
    if (e->apart > 0) {
        row_add(arena, rows, which, 0, STR(""),
                pages_refs(arena, &e->pages[e->page_count - e->apart], e->apart));
    }
}

const char *evidence_form_title(Str form)
{
    return str_is(form, "original")     ? "原件"
           : str_is(form, "copy")       ? "复印件"
           : str_is(form, "electronic") ? "电子数据"
           : str_is(form, "physical")   ? "实物"
                                        : "";
}
