/* render/paper_print.c - blocks of a filled paper become lines on pages. */
#include <math.h>
#include <string.h>

#include "base/check.h"
#include "render/paper_press.h"

enum { CELL_PAD_PT = 4, IMAGE_PIXELS_MAX = 2000 };

struct printer {
    struct cx *cx;
    struct press press;
    const struct paper_content *content;
    const struct paper_image *images;
    uint32_t image_count;
    double size_pt, line_pt; /* of the body */
    uint32_t blocks;
    /* Where the court signed last. */
    uint32_t seal_page;
    double seal_x, seal_y; /* the middle of its seal, from the upper left corner */

    /* Where a party did. */
    struct hand_place {
        uint32_t page;
        double x, y, width, height; /* from the upper left corner; width 0: nowhere */
        bool is_drawn;
    } hand;
};

/* 三号 is 15.75 pt: 28 characters and 22 lines a page, as official documents are set (GB/T 9704).
 */
static void choose_size(struct printer *p)
{
    static const double sizes[] = {15.75, 14, 10.5};
    static const double lines[] = {28, 24, 18};
    p->size_pt = sizes[p->content->size - 3];
    p->line_pt = lines[p->content->size - 3];
}

static struct look look_of(const struct printer *p, enum paper_kind kind)
{
    struct look look = {.size_pt = p->size_pt, .line_pt = p->line_pt, .tag = "P"};
    switch (kind) {
    case PAPER_TITLE:
        return (struct look){
            .size_pt = 22, .line_pt = 34, .bold = true, .align = PAPER_CENTRE, .tag = "H1"};
    case PAPER_SECTION:
        look.bold = true;
        look.tag = "H2";
        look.indent_pt = 2 * p->size_pt;
        break;
    case PAPER_SUBTITLE: look.align = PAPER_CENTRE; break;
    case PAPER_NUMBER:
    case PAPER_SIGN: look.align = PAPER_RIGHT; break;
    case PAPER_NOTE:
        look.size_pt = 10.5;
        look.line_pt = 17;
        break;
    case PAPER_TEXT:
        look.indent_pt = 2 * p->size_pt;
        look.justify = true;
        break;
    case PAPER_FLUSH: look.justify = true; break;
    case PAPER_TO:
    case PAPER_IMAGE:
    case PAPER_TABLE:
    case PAPER_SPACE:
    case PAPER_PAGE: break;
    }
    return look;
}

enum { SEAL_BELOW_PT = 12 };

/* Between the text and the court's signature: the seal stands on name and date, and its upper edge
 * below the text. LAW: GB/T 9704-2012 7.3.5.1. */
static double seal_room(const struct printer *p, double height)
{
    double room = SEAL_PT - height - SEAL_BELOW_PT;
    return room > p->line_pt ? room : p->line_pt;
}

/* Room that the signature right behind a paragraph wants, so that it never stands on a page alone.
 */
static double wanted_behind(const struct printer *p, const struct paper_block *block)
{
    const struct paper_block *next = block->next;
    while (next != NULL && next->kind == PAPER_SPACE) {
        next = next->next;
    }
    if (next == NULL || next->kind != PAPER_SIGN) {
        return 0;
    }
    double height = p->line_pt;
    for (size_t i = 0; i < next->text.n; i++) {
        height += next->text.p[i] == '\n' ? p->line_pt : 0;
    }
    for (const struct paper_block *b = block->next; b != next; b = b->next) {
        height += (double)b->amount * p->line_pt;
    }
    height += p->content->wants_seal ? seal_room(p, height) - p->line_pt : 0;
    return height < BODY_ROOM / 2 ? height + p->line_pt : 0;
}

static enum status print_lines(struct printer *p, const struct paper_block *block)
{
    struct cx *cx = p->cx;
    struct look look = look_of(p, block->kind);
    struct set_lines set;
    double behind = wanted_behind(p, block);
    bool is_heading = block->kind == PAPER_SECTION || block->kind == PAPER_TITLE;
    p->press.place.tag = look.tag;
    TRY(press_set(&p->press, &look, BODY_W, block->text, &set));
    if (is_heading) {
        TRY(press_need(&p->press, set.count * look.line_pt + 2 * p->line_pt));
    }
    for (uint32_t i = 0; i < set.count; i++) {
        bool is_tail = i + 2 == set.count || (set.count == 1);
        double left = (set.count - i) * look.line_pt;
        TRY(press_need(&p->press, is_tail ? left + behind : look.line_pt));
        press_line(&p->press, &look, &set, i, MARGIN_L, p->press.y);
        if (i == 0 && block->kind == PAPER_SECTION && p->content->sections > 1) {
            p->press.last->outline = block->text.p;
        }
        p->press.y += look.line_pt;
    }
    p->press.y += block->kind == PAPER_TITLE ? 4 : 0;
    return OK;
}

/* A drawn hand goes before lines of text, the last before those above it. What runs on over the
 * end of the page is noted as far as it stands on this one. */
static void hand_note(struct printer *p, double x, double width, double height, bool is_drawn)
{
    double room = BODY_END - p->press.y;
    height = height < room ? height : room;
    if ((is_drawn || !p->hand.is_drawn) && height > 0) {
        p->hand = (struct hand_place){p->press.page, x, p->press.y, width, height, is_drawn};
    }
}

/* 审　判　员　　周某: a post and a name, and no room to write by hand. */
static bool names_post(const struct set_line *line)
{
    Str text = {pango_layout_get_text(line->line->layout) + line->line->start_index,
                (size_t)line->line->length};
    return str_has(text, "　　") && !str_starts(text, "　") && !str_ends(text, "　");
}

/* Lines stand in the middle of the widest; those of a bench under each other, whatever the names.
 */
static void sign_align(struct set_lines *set)
{
    double widest = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        if (names_post(&set->lines[i]) && set->lines[i].width > widest) {
            widest = set->lines[i].width;
        }
    }
    for (uint32_t i = 0; i < set->count; i++) {
        double width = names_post(&set->lines[i]) ? widest : set->lines[i].width;
        set->lines[i].x = (set->widest - width) / 2;
    }
}

/* 署名 and date: centred on each other, two characters from the right edge. */
static enum status print_sign(struct printer *p, const struct paper_block *block)
{
    struct cx *cx = p->cx;
    struct look look = look_of(p, PAPER_FLUSH);
    struct set_lines set;
    p->press.place.tag = look.tag;
    TRY(press_set(&p->press, &look, BODY_W - 2 * p->size_pt, block->text, &set));
    double height = set.count * look.line_pt;
    TRY(press_need(&p->press, height < BODY_ROOM ? height : look.line_pt));
    /* Air above, where there is room: a seal will stand there. */
    double air = p->content->wants_seal ? seal_room(p, height) : look.line_pt;
    if (p->press.y > MARGIN_T && p->press.y + height + air <= BODY_END) {
        p->press.y += air;
    }
    p->seal_page = p->press.page;
    p->seal_x = SHEET_W - MARGIN_R - 2 * p->size_pt - set.widest / 2;
    p->seal_y = p->press.y + height + SEAL_BELOW_PT - SEAL_PT / 2;
    hand_note(p, SHEET_W - MARGIN_R - 2 * p->size_pt - set.widest, set.widest, height, false);
    sign_align(&set);
    for (uint32_t i = 0; i < set.count; i++) {
        double x = SHEET_W - MARGIN_R - 2 * p->size_pt - set.widest;
        TRY(press_need(&p->press, look.line_pt));
        press_line(&p->press, &look, &set, i, x, p->press.y);
        p->press.y += look.line_pt;
    }
    return OK;
}

/* --- tables --- */

struct table_press {
    const struct paper_table *table;
    uint32_t columns; /* of the row being set: 1 when it stands across all */
    struct look looks[PAPER_COLUMNS_MAX];
    double x[PAPER_COLUMNS_MAX + 1]; /* edges of the columns */
    double line_pt;
    uint32_t row; /* for the structure tree */
};

static void place_columns(struct printer *p, struct table_press *t)
{
    int64_t shares = 0;
    double size_pt = p->size_pt > 12 ? 12 : 10.5;
    t->line_pt = size_pt > 11 ? 19 : 17;
    for (uint32_t i = 0; i < t->table->columns; i++) {
        shares += t->table->widths[i];
    }
    t->columns = t->table->columns;
    t->x[0] = MARGIN_L;
    for (uint32_t i = 0; i < t->table->columns; i++) {
        t->x[i + 1] = t->x[i] + BODY_W * (double)t->table->widths[i] / (double)shares;
        t->looks[i] = (struct look){.size_pt = size_pt,
                                    .line_pt = t->line_pt,
                                    .bold = t->table->has_labels && i == 0,
                                    .align = t->table->aligns[i],
                                    .tag = "Table"};
    }
}

/* Lines from..to of every cell, with the strokes around them. */
static void draw_row(struct printer *p, struct table_press *t, const struct set_lines *cells,
                     uint32_t from, uint32_t to)
{
    struct press *press = &p->press;
    double height = (to - from) * t->line_pt + 2 * CELL_PAD_PT;
    double right = t->x[t->table->columns];
    bool spans = t->columns < t->table->columns;
    t->row++;
    press->place = (struct mark_place){"Table", p->blocks, t->row, 0};
    for (uint32_t i = 0; i < t->columns; i++) {
        uint32_t lines = cells[i].count > from ? cells[i].count - from : 0;
        lines = lines > to - from ? to - from : lines;
        /* A short cell stands in the middle of its row. */
        double drop = from == 0 && to >= cells[i].count ? (to - from - lines) * t->line_pt / 2 : 0;
        press->place.cell = i + 1;
        for (uint32_t k = 0; k < lines; k++) {
            press_line(press, &t->looks[i], &cells[i], from + k, t->x[i] + CELL_PAD_PT,
                       press->y + CELL_PAD_PT + drop + k * t->line_pt);
        }
    }
    press_stroke(press, t->x[0], press->y, right - t->x[0], 0);
    press_stroke(press, t->x[0], press->y + height, right - t->x[0], 0);
    for (uint32_t i = 0; i <= t->columns; i++) {
        press_stroke(press, spans && i > 0 ? right : t->x[i], press->y, 0, height);
    }
    press->y += height;
}

static enum status set_row(struct printer *p, struct table_press *t, const Str *texts,
                           bool is_header, struct set_lines *cells, uint32_t *height)
{
    struct cx *cx = p->cx;
    *height = 1;
    for (uint32_t i = 0; i < t->columns; i++) {
        struct look look = t->looks[i];
        bool spans = t->columns < t->table->columns;
        double right = t->x[spans ? t->table->columns : i + 1];
        look.bold = (look.bold && !spans) || is_header;
        look.align = is_header ? PAPER_CENTRE : look.align;
        TRY(press_set(&p->press, &look, right - t->x[i] - 2 * CELL_PAD_PT, texts[i], &cells[i]));
        *height = cells[i].count > *height ? cells[i].count : *height;
    }
    return OK;
}

static enum status print_header(struct printer *p, struct table_press *t)
{
    struct cx *cx = p->cx;
    struct set_lines cells[PAPER_COLUMNS_MAX];
    uint32_t height = 0;
    t->columns = t->table->columns;
    if (t->table->has_header) {
        TRY(set_row(p, t, t->table->titles, true, cells, &height));
        draw_row(p, t, cells, 0, height);
    }
    return OK;
}

static bool row_is_kept(double height_pt)
{
    return height_pt < BODY_ROOM * 0.8;
}

static double row_room(const struct printer *p)
{
    return BODY_END - p->press.y - 2 * CELL_PAD_PT;
}

/* Goes to a new page, under the header once more, when less than height_pt is left. */
static enum status need_row(struct printer *p, struct table_press *t, double height_pt)
{
    struct cx *cx = p->cx;
    if (row_room(p) >= height_pt - 0.01) {
        return OK;
    }
    TRY(press_new_page(&p->press));
    return print_header(p, t);
}

/* What a heading takes along to its page: the row behind it, or the first lines of a long one. */
static enum status row_behind(struct printer *p, struct table_press *t,
                              const struct paper_row *heading, double *height_pt)
{
    struct cx *cx = p->cx;
    struct set_lines cells[PAPER_COLUMNS_MAX];
    const struct paper_row *next = heading->next;
    uint32_t lines = 0;
    *height_pt = 0;
    if (heading->heads && next != NULL) {
        t->columns = next->spans ? 1 : t->table->columns;
        TRY(set_row(p, t, next->cells, next->heads, cells, &lines));
        *height_pt =
            row_is_kept(lines * t->line_pt) ? lines * t->line_pt + 2 * CELL_PAD_PT : 3 * t->line_pt;
    }
    return OK;
}

/* A row that fits on a page is kept whole; a longer one is cut between lines. */
static enum status print_row(struct printer *p, struct table_press *t, const struct paper_row *row)
{
    struct cx *cx = p->cx;
    struct set_lines cells[PAPER_COLUMNS_MAX];
    uint32_t lines = 0;
    uint32_t done = 0;
    uint32_t columns = row->spans ? 1 : t->table->columns;
    double behind = 0;
    TRY(row_behind(p, t, row, &behind));
    t->columns = columns;
    TRY(set_row(p, t, row->cells, row->heads, cells, &lines));
    double whole = lines * t->line_pt;
    bool is_kept = row_is_kept(whole);
    double wanted = whole + behind;
    while (done < lines) {
        TRY(need_row(p, t, is_kept ? wanted : t->line_pt));
        t->columns = columns;
        double room = row_room(p);
        uint32_t fit = room < t->line_pt ? 1 : (uint32_t)((room + 0.01) / t->line_pt);
        uint32_t to = lines - done < fit ? lines : done + fit;
        draw_row(p, t, cells, done, to);
        done = to;
    }
    return OK;
}

static enum status print_table(struct printer *p, const struct paper_block *block)
{
    struct cx *cx = p->cx;
    struct table_press t = {.table = block->table};
    place_columns(p, &t);
    p->press.y += 4;
    TRY(press_need(&p->press, 3 * t.line_pt + 4 * CELL_PAD_PT));
    TRY(print_header(p, &t));
    for (const struct paper_row *row = block->table->rows; row != NULL; row = row->next) {
        TRY(print_row(p, &t, row));
    }
    p->press.y += 6;
    return OK;
}

/* --- pictures --- */

struct png_reader {
    Str bytes;
    size_t at;
};

static cairo_status_t read_png(void *reader, unsigned char *out, unsigned size)
{
    struct png_reader *r = reader;
    if (r->bytes.n - r->at < size) {
        return CAIRO_STATUS_READ_ERROR;
    }
    memcpy(out, r->bytes.p + r->at, size);
    r->at += size;
    return CAIRO_STATUS_SUCCESS;
}

static uint32_t big_endian(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* Width and height stand at a fixed place: refuse a bomb before it is unpacked. */
static bool is_small_png(Str bytes)
{
    if (bytes.n < 33 || memcmp(bytes.p, "\x89PNG\r\n\x1a\n", 8) != 0 ||
        memcmp(bytes.p + 12, "IHDR", 4) != 0) {
        return false;
    }
    uint32_t width = big_endian(bytes.p + 16);
    uint32_t height = big_endian(bytes.p + 20);
    return width > 0 && height > 0 && width <= IMAGE_PIXELS_MAX && height <= IMAGE_PIXELS_MAX;
}

static enum status load_image(struct printer *p, Str name, cairo_surface_t **out)
{
    for (uint32_t i = 0; i < p->image_count; i++) {
        struct png_reader reader = {.bytes = p->images[i].bytes};
        if (!str_same(p->images[i].name, name)) {
            continue;
        }
        if (!is_small_png(reader.bytes)) {
            return FAIL(p->cx, E_INPUT, "paper-image-unreadable", "%.*s is no small PNG",
                        STR_ARG(name));
        }
        cairo_surface_t *image = cairo_image_surface_create_from_png_stream(read_png, &reader);
        g_ptr_array_add(p->press.images, image);
        if (cairo_surface_status(image) != CAIRO_STATUS_SUCCESS) {
            return FAIL(p->cx, E_INPUT, "paper-image-unreadable", "%.*s: %s", STR_ARG(name),
                        cairo_status_to_string(cairo_surface_status(image)));
        }
        *out = image;
        return OK;
    }
    return FAIL(p->cx, E_INPUT, "paper-image-missing", "no image %.*s", STR_ARG(name));
}

static enum status print_image(struct printer *p, const struct paper_block *block)
{
    struct cx *cx = p->cx;
    struct look look = look_of(p, PAPER_FLUSH);
    struct set_lines label = {0};
    cairo_surface_t *image = NULL;
    TRY(load_image(p, block->image, &image));
    double height = (double)block->amount * MM_PT;
    double width = height * (double)cairo_image_surface_get_width(image) /
                   (double)cairo_image_surface_get_height(image);
    if (width > BODY_W / 2) {
        height *= BODY_W / 2 / width;
        width = BODY_W / 2;
    }
    TRY(press_set(&p->press, &look, BODY_W / 2, block->text, &label));
    TRY(press_need(&p->press, height));
    double all = label.widest + width;
    double x = block->align == PAPER_RIGHT    ? SHEET_W - MARGIN_R - 2 * p->size_pt - all
               : block->align == PAPER_CENTRE ? MARGIN_L + (BODY_W - all) / 2
                                              : MARGIN_L;
    p->press.place.tag = "P";
    if (label.count > 0) {
        press_line(&p->press, &look, &label, 0, x, p->press.y + (height - look.line_pt) / 2);
    }
    struct mark *mark = press_mark(&p->press, MARK_IMAGE);
    mark->x = x + label.widest;
    mark->y = p->press.y;
    mark->h = height;
    mark->image = image;
    if (!str_has(block->image, ".others.")) { /* theirs are not who takes the act */
        hand_note(p, mark->x, width, height, true);
    }
    p->press.y += height > look.line_pt ? height : look.line_pt;
    return OK;
}

/* The code and the lines beside it, in the lower margin of the last page; many lines grow upwards
 * into the body. */
static enum status print_foot(struct printer *p)
{
    struct cx *cx = p->cx;
    struct look look = {.size_pt = 9, .line_pt = 13, .tag = "P"};
    struct set_lines set;
    struct qr *qr = arena_new(cx->arena, struct qr);
    if (p->content->foot_qr.n == 0) {
        return OK;
    }
    TRY(qr_make(cx, p->content->foot_qr, qr));
    TRY(press_set(&p->press, &look, BODY_W - FOOT_H - 8, p->content->foot_lines, &set));
    double text = set.count * look.line_pt;
    double height = text > FOOT_H ? text : FOOT_H;
    TRY(press_need(&p->press, height - FOOT_H));
    double y = BODY_END + 6 + FOOT_H - height;
    p->press.place = (struct mark_place){"Figure", ++p->blocks, 0, 0};
    press_stroke(&p->press, MARGIN_L, y - 2, BODY_W, 0);
    struct mark *mark = press_mark(&p->press, MARK_QR);
    mark->x = MARGIN_L;
    mark->y = y + (height - FOOT_H) / 2;
    mark->w = FOOT_H;
    mark->qr = qr;
    p->press.place = (struct mark_place){"P", ++p->blocks, 0, 0};
    for (uint32_t i = 0; i < set.count; i++) {
        press_line(&p->press, &look, &set, i, MARGIN_L + FOOT_H + 8,
                   y + (height - text) / 2 + i * look.line_pt);
    }
    return OK;
}

static enum status print_block(struct printer *p, const struct paper_block *block)
{
    struct cx *cx = p->cx;
    p->press.place = (struct mark_place){"P", ++p->blocks, 0, 0};
    switch (block->kind) {
    case PAPER_TABLE: return print_table(p, block);
    case PAPER_SIGN: return print_sign(p, block);
    case PAPER_IMAGE: return print_image(p, block);
    case PAPER_PAGE: return press_new_page(&p->press);
    case PAPER_SPACE:
        p->press.y += (double)block->amount * p->line_pt;
        TRY(press_need(&p->press, 0));
        return OK;
    case PAPER_TITLE:
    case PAPER_SUBTITLE:
    case PAPER_NUMBER:
    case PAPER_TO:
    case PAPER_TEXT:
    case PAPER_FLUSH:
    case PAPER_NOTE:
    case PAPER_SECTION: return print_lines(p, block);
    }
    return OK;
}

static enum status print_all(struct printer *p, struct paper_pdf *out)
{
    struct cx *cx = p->cx;
    TRY(press_open(cx, &p->press));
    for (const struct paper_block *b = p->content->first; b != NULL; b = b->next) {
        TRY(print_block(p, b));
    }
    TRY(print_foot(p));
    TRY(press_paint(&p->press, p->content, &out->bytes));
    out->pages = p->press.page + 1;
    if (p->content->seal_name.n > 0) {
        out->seal.drawing = press_seal(&p->press, p->content->seal_name, p->content->seal_is_demo);
        out->seal.page = p->seal_page;
        out->seal.side = lround(SEAL_PT * 100);
        out->seal.x = lround((p->seal_x - SEAL_PT / 2) * 100);
        out->seal.y = lround((SHEET_H - p->seal_y - SEAL_PT / 2) * 100);
    }
    if (p->content->by == PAPER_BY_PARTY && p->hand.width > 0) {
        out->hand.page = p->hand.page;
        out->hand.x = lround(p->hand.x * 100);
        out->hand.y = lround((SHEET_H - p->hand.y - p->hand.height) * 100);
        out->hand.width = lround(p->hand.width * 100);
        out->hand.height = lround(p->hand.height * 100);
    }
    out->unknown_glyphs = p->press.unknown_glyphs;
    return OK;
}

enum status paper_print(struct cx *cx, const struct paper_content *content,
                        const struct paper_image *images, uint32_t image_count,
                        struct paper_pdf *out)
{
    struct printer p = {.cx = cx, .content = content, .images = images, .image_count = image_count};
    check(image_count <= PAPER_IMAGES_MAX);
    choose_size(&p);
    enum status status = print_all(&p, out);
    press_close(&p.press);
    return status;
}
