/* render/paper_press.h - sets lines, strokes and pictures on A4 pages: the pango and cairo half of
 * papers. Internal to render/, only for helper processes and tests.
 *
 * First everything is placed (marks with page and place), then painted in one pass: only then is
 * the number of pages known. Units are points; x and y from the upper left corner of the sheet.
 * (1) Marks are placed page by page, never on an earlier page.
 * (2) Every layout and image is released by press_close().
 */
#ifndef RENDER_PAPER_PRESS_H
#define RENDER_PAPER_PRESS_H

#include <pango/pangocairo.h>

#include "render/paper_content.h"
#include "render/qr.h"

#define MM_PT     (72.0 / 25.4)
#define SHEET_W   (210 * MM_PT)
#define SHEET_H   (297 * MM_PT)
#define MARGIN_T  (37 * MM_PT)
#define MARGIN_B  (35 * MM_PT)
#define MARGIN_L  (28 * MM_PT)
#define MARGIN_R  (26 * MM_PT)
#define BODY_W    (SHEET_W - MARGIN_L - MARGIN_R)
#define BODY_END  (SHEET_H - MARGIN_B)
#define BODY_ROOM (BODY_END - MARGIN_T)
#define FOOT_H    (20 * MM_PT) /* of the code and lines in the lower margin of the last page */

/* How a run of lines looks. */
struct look {
    double size_pt, line_pt;
    double indent_pt; /* of each paragraph's first line */
    bool bold;
    bool justify;
    enum paper_align align;
    const char *tag; /* of the structure tree: "P", "H1", "H2" */
};

struct set_line {
    PangoLayoutLine *line;
    double x; /* from the left edge of the column */
    double width;
};

/* Text broken into lines of one look. */
struct set_lines {
    uint32_t count;
    struct set_line *lines;
    double widest;
};

enum mark_kind { MARK_LINE, MARK_STROKE, MARK_QR, MARK_IMAGE };

/* Where a mark stands in the structure tree: blocks are counted, rows and cells only in tables. */
struct mark_place {
    const char *tag;
    uint32_t block, row, cell; /* row and cell from 1; 0 outside tables */
};

struct mark {
    struct mark *next;
    enum mark_kind kind;
    uint32_t page;
    struct mark_place place;
    double x, y, w, h; /* a line: x and baseline; a stroke: from x, y by w, h */
    PangoLayoutLine *line;
    double size_pt;
    const struct qr *qr;
    cairo_surface_t *image;
    const char *outline; /* text of the outline entry that begins here, or NULL */
};

struct press {
    struct cx *cx;
    PangoContext *pango;
    struct mark *first, *last;
    GPtrArray *layouts;
    GPtrArray *images;
    struct mark_place place; /* of the marks that follow */
    double y;                /* next free point of the page at hand */
    uint32_t page;           /* from 0 */
    uint32_t unknown_glyphs;
};

#define SEAL_PT (42 * MM_PT) /* across; LAW: 国发〔1999〕25号 (seals of courts: 4.2 cm) */

/* The seal of `name` as operators in a box of SEAL_PT: ring, star, the name around it as outlines.
 */
Str press_seal(struct press *press, Str name, bool is_demo);

/* E_BUG "paper-fonts-missing". Closed by press_close() whatever comes. */
enum status press_open(struct cx *cx, struct press *press);
void press_close(struct press *press);

/* Breaks text into lines of a column; newlines begin paragraphs. */
enum status press_set(struct press *press, const struct look *look, double width_pt, Str text,
                      struct set_lines *out);
/* Line `index` at x of the column, its upper edge at y. */
void press_line(struct press *press, const struct look *look, const struct set_lines *set,
                uint32_t index, double x, double y);
/* A straight stroke, horizontal or vertical. */
void press_stroke(struct press *press, double x, double y, double w, double h);
struct mark *press_mark(struct press *press, enum mark_kind kind);

/* E_TOO_LARGE "paper-too-long" past PAPER_PAGES_MAX. */
enum status press_new_page(struct press *press);
/* A new page when less than height_pt is left and this one is not empty. */
enum status press_need(struct press *press, double height_pt);

/* Paints all marks and the feet of the pages; the PDF's metadata come from content. */
enum status press_paint(struct press *press, const struct paper_content *content, Str *out);

#endif
