#include "render/paper_press.h"

#include <cairo-pdf.h>
#include <string.h>

#include "base/check.h"
#include "render/paper_subset.h"
#include "render/pdf.h"

static const char family[] = "Noto Serif CJK SC,HanaMinA,HanaMinB";

enum {
    PDF_BYTES_MAX = 64 << 20,
    LABEL_BYTES_MAX = 24, /* eight characters */
    LONG_WORD_BYTES = 12,
    PIECE_BYTES_MAX = 30000,
    BLOCKS_MAX = 7000, /* at the root of the structure tree: no array of PDF/A-1 is over 8,191 */
};

/* --- opening and closing --- */

static void forget_layout(void *layout)
{
    g_object_unref(layout);
}

static void forget_image(void *image)
{
    cairo_surface_destroy(image);
}

static bool has_family(PangoContext *pango)
{
    PangoFontDescription *wanted = pango_font_description_from_string("Noto Serif CJK SC 12");
    PangoFont *font = pango_context_load_font(pango, wanted);
    bool has = false;
    if (font != NULL) {
        PangoFontDescription *got = pango_font_describe(font);
        has = strcmp(pango_font_description_get_family(got), "Noto Serif CJK SC") == 0;
        pango_font_description_free(got);
        g_object_unref(font);
    }
    pango_font_description_free(wanted);
    return has;
}

enum status press_open(struct cx *cx, struct press *press)
{
    *press = (struct press){.cx = cx, .y = MARGIN_T};
    press->layouts = g_ptr_array_new_with_free_func(forget_layout);
    press->images = g_ptr_array_new_with_free_func(forget_image);
    press->pango = pango_font_map_create_context(pango_cairo_font_map_get_default());

    /* Printed pages: no grid of pixels, points are points. */
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(press->pango, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(press->pango, 72);
    pango_context_set_round_glyph_positions(press->pango, FALSE);
    pango_context_set_language(press->pango, pango_language_from_string("zh-cn"));
    pango_context_set_base_dir(press->pango, PANGO_DIRECTION_LTR);
    if (!has_family(press->pango)) {
        return FAIL(cx, E_BUG, "paper-fonts-missing", "Noto Serif CJK SC is not installed");
    }
    return OK;
}

void press_close(struct press *press)
{
    if (press->layouts != NULL) {
        g_ptr_array_unref(press->layouts);
        g_ptr_array_unref(press->images);
        g_object_unref(press->pango);
    }
    *press = (struct press){0};
}

/* --- setting --- */

/* An unbreakable number would leave the line before it torn apart when justified. */
static bool has_long_word(Str text)
{
    size_t run = 0;
    for (size_t i = 0; i < text.n; i++) {
        bool is_word = (unsigned char)text.p[i] < 0x80 && text.p[i] > ' ';
        run = is_word ? run + 1 : 0;
        if (run >= LONG_WORD_BYTES) {
            return true;
        }
    }
    return false;
}

/* --- what stays on one line --- */

static const char SPACE_WIDE[] = "　";
static const char COLON_WIDE[] = "：";
static const char DATE_ROOM[] = "　　　　年　　月　　日";

static void keep_together(PangoAttrList *attributes, size_t from, size_t to)
{
    PangoAttribute *keep = pango_attr_allow_breaks_new(FALSE);
    keep->start_index = (guint)from;
    keep->end_index = (guint)to;
    pango_attr_list_insert(attributes, keep);
}

static bool holds_at(Str text, size_t at, const char *sign)
{
    size_t n = strlen(sign);
    return at + n <= text.n && memcmp(text.p + at, sign, n) == 0;
}

/* Nothing to tear a box from: the edge of the text, or a space. */
static bool is_free(Str text, size_t at)
{
    return at >= text.n || text.p[at] == ' ' || text.p[at] == '\n' ||
           holds_at(text, at, SPACE_WIDE);
}

/* A box of a form belongs to the word before it (男□), else to the one behind it (□是). */
static void box_keep(PangoAttrList *attributes, Str text, size_t at, size_t size)
{
    size_t before = at;
    size_t end = at + size;
    while (before > 0 && ((unsigned char)text.p[--before] & 0xc0) == 0x80) {
    }
    if (at > 0 && !is_free(text, before)) {
        keep_together(attributes, before, end);
    } else if (!is_free(text, end)) {
        size_t after = end + 1;
        while (after < text.n && ((unsigned char)text.p[after] & 0xc0) == 0x80) {
            after++;
        }
        keep_together(attributes, at, after);
    }
}

/* The short label of a blank behind another one stays whole: 　联系电话：. */
static void label_keep(PangoAttrList *attributes, Str text, size_t from)
{
    size_t at = from;
    while (at < text.n && at - from < LABEL_BYTES_MAX && !is_free(text, at) &&
           !holds_at(text, at, COLON_WIDE)) {
        at++;
    }
    if (at > from && holds_at(text, at, COLON_WIDE)) {
        keep_together(attributes, from, at + strlen(COLON_WIDE));
    }
}

/* A date to write by hand stays whole, with the label before it. */
static void date_keep(PangoAttrList *attributes, Str text, size_t room)
{
    size_t from = room;
    while (from > 0 && room - from < LABEL_BYTES_MAX && !is_free(text, from - 1) &&
           !(from >= strlen(SPACE_WIDE) && holds_at(text, from - strlen(SPACE_WIDE), SPACE_WIDE))) {
        from--;
    }
    keep_together(attributes, room - from < LABEL_BYTES_MAX ? from : room,
                  room + strlen(DATE_ROOM));
}

static void form_keep(PangoAttrList *attributes, Str text)
{
    static const char *const boxes[] = {"□", "☑"};
    for (size_t i = 0; i < text.n; i++) {
        for (size_t k = 0; k < sizeof boxes / sizeof boxes[0]; k++) {
            if (holds_at(text, i, boxes[k])) {
                box_keep(attributes, text, i, strlen(boxes[k]));
            }
        }
        if (holds_at(text, i, DATE_ROOM)) {
            date_keep(attributes, text, i);
        }
        if (holds_at(text, i, SPACE_WIDE)) {
            label_keep(attributes, text, i + strlen(SPACE_WIDE));
        }
    }
}

static PangoLayout *layout_of(struct press *press, const struct look *look, double width_pt,
                              Str text)
{
    PangoLayout *layout = pango_layout_new(press->pango);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, family);
    pango_font_description_set_weight(font, look->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font, look->size_pt * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);

    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_width(layout, (int)(width_pt * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_indent(layout, (int)(look->indent_pt * PANGO_SCALE));
    pango_layout_set_alignment(layout, look->align == PAPER_RIGHT    ? PANGO_ALIGN_RIGHT
                                       : look->align == PAPER_CENTRE ? PANGO_ALIGN_CENTER
                                                                     : PANGO_ALIGN_LEFT);
    pango_layout_set_justify(layout, look->justify && !has_long_word(text));
    pango_layout_set_text(layout, text.p, (int)text.n);
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE)); /* digests, keys */
    form_keep(attributes, text);
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    g_ptr_array_add(press->layouts, layout);
    return layout;
}

/* Adds the lines of a layout, without the last one when the text goes on behind it. Returns the
 * bytes of text that were set. */
static size_t append_lines(struct press *press, PangoLayout *layout, size_t size, bool goes_on,
                           struct set_lines *out)
{
    struct arena *arena = press->cx->arena;
    uint32_t more = (uint32_t)pango_layout_get_line_count(layout);
    struct set_line *lines = arena_array(arena, struct set_line, out->count + more);
    if (out->count > 0) {
        memcpy(lines, out->lines, sizeof *lines * out->count);
    }
    out->lines = lines;
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    for (uint32_t i = 0; i < more; i++, (void)pango_layout_iter_next_line(at)) {
        PangoRectangle box;
        struct set_line *line = &lines[out->count];
        line->line = pango_layout_iter_get_line_readonly(at);
        if (goes_on && i > 0 && i + 1 == more) {
            size = (size_t)line->line->start_index;
            break;
        }
        pango_layout_iter_get_line_extents(at, NULL, &box);
        line->x = (double)box.x / PANGO_SCALE;
        line->width = (double)box.width / PANGO_SCALE;
        out->widest = line->width > out->widest ? line->width : out->widest;
        out->count++;
    }
    pango_layout_iter_free(at);
    press->unknown_glyphs += (uint32_t)pango_layout_get_unknown_glyphs_count(layout);
    return size;
}

/* The first bytes of text that pango takes at once: it counts widths in 32 bits, and a paragraph of
 * 140,000 characters would come out as one line. */
static Str piece_of(struct arena *arena, Str text, size_t from)
{
    size_t to = text.n;
    if (to - from > PIECE_BYTES_MAX) {
        to = from + PIECE_BYTES_MAX;
        while (((unsigned char)text.p[to] & 0xc0) == 0x80) {
            to--;
        }
    }
    return str_slice(arena, text, from, to);
}

static enum status set_paragraph(struct press *press, struct look look, double width_pt, Str text,
                                 struct set_lines *out)
{
    struct cx *cx = press->cx;
    for (size_t from = 0; from < text.n;) {
        Str piece = piece_of(cx->arena, text, from);
        bool goes_on = from + piece.n < text.n;
        PangoLayout *layout = layout_of(press, &look, width_pt, piece);
        from += append_lines(press, layout, piece.n, goes_on, out);
        look.indent_pt = 0;
        TRY(cx_ceiling(cx, __FILE__, __LINE__));
    }
    return OK;
}

enum status press_set(struct press *press, const struct look *look, double width_pt, Str text,
                      struct set_lines *out)
{
    struct cx *cx = press->cx;
    Str *parts = NULL;
    size_t count = str_split(cx->arena, text, '\n', &parts);
    *out = (struct set_lines){0};
    for (size_t i = 0; i < count; i++) {
        TRY(set_paragraph(press, *look, width_pt, parts[i], out));
    }
    return OK;
}

struct mark *press_mark(struct press *press, enum mark_kind kind)
{
    struct mark *mark = arena_new(press->cx->arena, struct mark);
    mark->kind = kind;
    mark->page = press->page;
    mark->place = press->place;
    if (press->last == NULL) {
        press->first = mark;
    } else {
        press->last->next = mark;
    }
    press->last = mark;
    return mark;
}

void press_line(struct press *press, const struct look *look, const struct set_lines *set,
                uint32_t index, double x, double y)
{
    struct mark *mark = press_mark(press, MARK_LINE);
    check(index < set->count);
    mark->line = set->lines[index].line;
    mark->x = x + set->lines[index].x;
    /* The middle of a Chinese character is 0.38 of its size above the baseline. Lines stand on a
     * grid of their own, whatever font a rare character came from. */
    mark->y = y + look->line_pt / 2 + look->size_pt * 0.38;
    mark->size_pt = look->size_pt;
}

void press_stroke(struct press *press, double x, double y, double w, double h)
{
    struct mark *mark = press_mark(press, MARK_STROKE);
    mark->x = x;
    mark->y = y;
    mark->w = w;
    mark->h = h;
}

enum status press_new_page(struct press *press)
{
    if (press->page + 1 >= PAPER_PAGES_MAX) {
        return FAIL(press->cx, E_TOO_LARGE, "paper-too-long", "more than %d pages",
                    PAPER_PAGES_MAX);
    }
    press->page++;
    press->y = MARGIN_T;
    return OK;
}

enum status press_need(struct press *press, double height_pt)
{
    bool is_empty = press->y <= MARGIN_T;
    return !is_empty && press->y + height_pt > BODY_END + 0.01 ? press_new_page(press) : OK;
}

/* --- painting --- */

struct painter {
    struct press *press;
    struct subset_fonts *fonts;
    cairo_t *cairo;
    cairo_surface_t *surface;
    struct mark_place open; /* structure elements that are open; block 0 for none */
    uint32_t page, pages;
    bool by_court;
    bool in_sections; /* blocks are gathered page by page */
    bool section_open;
    struct set_lines *numbers; /* of the pages */
    struct set_lines unsealed;
    double number_drop_pt; /* of the page number below the body */
    struct buf out;
};

static cairo_status_t write_out(void *painter, const unsigned char *bytes, unsigned size)
{
    struct painter *p = painter;
    buf_add(&p->out, bytes, size);
    return buf_is_over(&p->out) ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* Closes elements down to what the next mark shares with what is open, then opens its own: a
 * paragraph is P, a table is Table, TR, TD. */
static void enter(struct painter *p, struct mark_place next)
{
    struct mark_place *open = &p->open;
    bool same_block = open->block == next.block;
    bool same_row = same_block && open->row == next.row;
    bool same_cell = same_row && open->cell == next.cell;
    if (same_cell) {
        return;
    }
    if (open->cell > 0) {
        cairo_tag_end(p->cairo, "TD");
    }
    if (open->row > 0 && !same_row) {
        cairo_tag_end(p->cairo, "TR");
    }
    if (open->block > 0 && !same_block) {
        cairo_tag_end(p->cairo, open->tag);
    }
    if (next.block > 0 && p->in_sections && !p->section_open) {
        cairo_tag_begin(p->cairo, "Sect", NULL);
        p->section_open = true;
    }
    if (next.block > 0 && !same_block) {
        cairo_tag_begin(p->cairo, next.tag, NULL);
    }
    if (next.row > 0 && !same_row) {
        cairo_tag_begin(p->cairo, "TR", NULL);
    }
    if (next.cell > 0) {
        cairo_tag_begin(p->cairo, "TD", NULL);
    }
    *open = next;
}

/* On white, opaque and not smoothed: PDF/A-1 knows no transparency and no interpolation. */
static cairo_surface_t *flattened(cairo_surface_t *image)
{
    cairo_surface_t *flat =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, cairo_image_surface_get_width(image),
                                   cairo_image_surface_get_height(image));
    cairo_t *cairo = cairo_create(flat);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_set_source_surface(cairo, image, 0, 0);
    cairo_paint(cairo);
    cairo_destroy(cairo);
    return flat;
}

static void paint_image(cairo_t *cairo, const struct mark *mark)
{
    double scale = mark->h / (double)cairo_image_surface_get_height(mark->image);
    cairo_surface_t *flat = flattened(mark->image);
    cairo_save(cairo);
    cairo_translate(cairo, mark->x, mark->y);
    cairo_scale(cairo, scale, scale);
    cairo_set_source_surface(cairo, flat, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_NEAREST);
    cairo_paint(cairo);
    cairo_restore(cairo);
    cairo_surface_destroy(flat);
}

static void paint_mark(struct painter *p, const struct mark *mark)
{
    cairo_t *cairo = p->cairo;
    switch (mark->kind) {
    case MARK_LINE: subset_fonts_show(p->fonts, cairo, mark->line, mark->x, mark->y); break;
    case MARK_STROKE:
        cairo_set_line_width(cairo, 0.5);
        cairo_move_to(cairo, mark->x, mark->y);
        cairo_rel_line_to(cairo, mark->w, mark->h);
        cairo_stroke(cairo);
        break;
    case MARK_QR: qr_draw(mark->qr, cairo, mark->x, mark->y, mark->w); break;
    case MARK_IMAGE: paint_image(cairo, mark); break;
    }
    if (mark->outline != NULL) {
        char *place = arena_printf(p->press->cx->arena, "page=%u pos=[%d %d]", mark->page + 1,
                                   (int)mark->x, (int)(mark->y - mark->size_pt));
        (void)cairo_pdf_surface_add_outline(p->surface, CAIRO_PDF_OUTLINE_ROOT, mark->outline,
                                            place, CAIRO_PDF_OUTLINE_FLAG_OPEN);
    }
}

/* The feet of all pages, set before anything is painted: their glyphs must be known by then. */
static enum status set_feet(struct painter *p)
{
    struct cx *cx = p->press->cx;
    struct look look = {.size_pt = 10.5, .line_pt = 16, .align = PAPER_CENTRE};
    p->numbers = arena_array(cx->arena, struct set_lines, p->pages);
    for (uint32_t i = 0; i < p->pages; i++) {
        Str number = str_printf(cx->arena, "第%u页 共%u页", i + 1, p->pages);
        TRY(press_set(p->press, &look, BODY_W, number, &p->numbers[i]));
    }
    look.size_pt = 9;
    return press_set(p->press, &look, BODY_W, STR(PAPER_UNSEALED), &p->unsealed);
}

static const struct set_line *only_line(const struct set_lines *set)
{
    check(set->lines != NULL && set->count == 1);
    return set->lines;
}

static void add_glyphs(struct painter *p)
{
    for (const struct mark *mark = p->press->first; mark != NULL; mark = mark->next) {
        if (mark->kind == MARK_LINE) {
            subset_fonts_add(p->fonts, mark->line);
        }
    }
    for (uint32_t i = 0; i < p->pages; i++) {
        subset_fonts_add(p->fonts, only_line(&p->numbers[i])->line);
    }
    if (p->by_court) {
        subset_fonts_add(p->fonts, only_line(&p->unsealed)->line);
    }
}

static void paint_foot(struct painter *p, const struct set_lines *set, double y)
{
    subset_fonts_show(p->fonts, p->cairo, only_line(set)->line, MARGIN_L + only_line(set)->x, y);
}

/* Page number and, on court papers, the mark that no seal is on it. Outside the structure tree. */
static void finish_page(struct painter *p)
{
    enter(p, (struct mark_place){0});
    if (p->section_open) {
        cairo_tag_end(p->cairo, "Sect");
        p->section_open = false;
    }
    paint_foot(p, &p->numbers[p->page], BODY_END + p->number_drop_pt);
    if (p->by_court) {
        paint_foot(p, &p->unsealed, BODY_END + p->number_drop_pt + 15);
    }
    cairo_surface_show_page(p->surface);
    p->page++;
}

static void set_metadata(struct painter *p, const struct paper_content *content)
{
    struct arena *arena = p->press->cx->arena;
    cairo_surface_t *pdf = p->surface;
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_TITLE, content->title.p);
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATOR, "Tongsu");
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE,
                                   instant_format(arena, content->issued).p);
}

static void paint_all(struct painter *p)
{
    for (const struct mark *mark = p->press->first; mark != NULL; mark = mark->next) {
        check(mark->page >= p->page); /* (1) */
        while (p->page < mark->page) {
            finish_page(p);
        }
        if (mark->kind != MARK_STROKE) {
            enter(p, mark->place);
        }
        paint_mark(p, mark);
    }
    while (p->page < p->pages) {
        finish_page(p);
    }
}

static cairo_status_t paint_document(struct painter *p, const struct paper_content *content)
{
    p->surface = cairo_pdf_surface_create_for_stream(write_out, p, SHEET_W, SHEET_H);
    cairo_pdf_surface_restrict_to_version(p->surface, CAIRO_PDF_VERSION_1_4);
    p->cairo = cairo_create(p->surface);
    set_metadata(p, content);
    paint_all(p);
    cairo_destroy(p->cairo);
    cairo_surface_finish(p->surface);
    cairo_status_t status = cairo_surface_status(p->surface);
    cairo_surface_destroy(p->surface);
    return status;
}

enum status press_paint(struct press *press, const struct paper_content *content, Str *out)
{
    struct cx *cx = press->cx;
    struct painter p = {.press = press,
                        .pages = press->page + 1,
                        .by_court = content->by == PAPER_BY_COURT && content->seal_name.n == 0,
                        .in_sections = press->place.block > BLOCKS_MAX,
                        .number_drop_pt = content->foot_qr.n > 0 ? FOOT_H + 12 : 34};
    buf_init(&p.out, cx->arena, PDF_BYTES_MAX);
    TRY(set_feet(&p));
    p.fonts = subset_fonts_open(cx->arena);
    add_glyphs(&p);
    subset_fonts_make(p.fonts);
    cairo_status_t status = paint_document(&p, content);
    subset_fonts_close(p.fonts);
    if (status != CAIRO_STATUS_SUCCESS) {
        return FAIL(cx, E_BUG, "paper-broken", "cairo: %s", cairo_status_to_string(status));
    }
    struct pdf_facts facts = {content->title, "zh-CN", content->issued};
    return pdf_archive(cx, buf_done(&p.out), &facts, out);
}
