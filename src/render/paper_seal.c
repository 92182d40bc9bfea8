/* render/paper_seal.c - a court's seal, drawn: nothing of it needs a font once it is drawn. */
#include <math.h>

#include "render/paper_press.h"

enum { DRAWING_BYTES_MAX = 1 << 20, SHOWN_MAX = 40 };

static const double ring = 2.8;      /* its width, points */
static const double full = 2 * M_PI; /* a whole turn */

/* What cairo would draw, as operators; y grows upwards there. */
static void put_path(struct buf *out, cairo_t *cairo, const char *paint)
{
    cairo_path_t *path = cairo_copy_path(cairo);
    for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
        const cairo_path_data_t *d = &path->data[i];
        int points = d->header.length - 1;
        for (int k = 1; k <= points; k++) {
            buf_printf(out, "%.2f %.2f ", d[k].point.x, SEAL_PT - d[k].point.y);
        }
        buf_text(out, d->header.type == CAIRO_PATH_MOVE_TO    ? "m\n"
                      : d->header.type == CAIRO_PATH_LINE_TO  ? "l\n"
                      : d->header.type == CAIRO_PATH_CURVE_TO ? "c\n"
                                                              : "h\n");
    }
    cairo_path_destroy(path);
    buf_text(out, paint);
    cairo_new_path(cairo);
}

/* One character or word of size_pt, its middle at the origin of cairo. */
static void trace(struct press *press, cairo_t *cairo, Str text, double size_pt)
{
    struct look look = {.size_pt = size_pt, .line_pt = size_pt, .bold = true, .tag = "P"};
    struct set_lines set;
    if (press_set(press, &look, SEAL_PT, text, &set) == OK && set.count == 1) {
        cairo_move_to(cairo, -set.lines[0].width / 2, size_pt * 0.38);
        pango_cairo_layout_line_path(cairo, set.lines[0].line);
    }
}

static void trace_star(cairo_t *cairo, double radius)
{
    for (int i = 0; i < 10; i++) {
        double r = i % 2 == 0 ? radius : radius * 0.382;
        double a = full * i / 10 - M_PI / 2;
        cairo_line_to(cairo, r * cos(a), r * sin(a));
    }
    cairo_close_path(cairo);
}

/* The name around the upper part of the ring, its first character at the left. */
static void trace_name(struct press *press, cairo_t *cairo, Str name)
{
    size_t count = utf8_count(name);
    double radius = SEAL_PT / 2 - ring - 11;
    double span = count > 12 ? full * 0.80 : full * 0.055 * (double)(count > 0 ? count - 1 : 0);
    double step = count > 1 ? span / (double)(count - 1) : 0;
    double room = count > 1 ? step * radius : 14;
    double size = room < 14 ? room * 0.98 : 14;
    size_t at = 0;
    uint32_t c = 0;
    for (size_t i = 0; i < count; i++) {
        char utf8[4];
        (void)utf8_next(name, &at, &c);
        size_t bytes = utf8_put(c, utf8);
        cairo_save(cairo);
        cairo_rotate(cairo, (double)i * step - span / 2);
        cairo_translate(cairo, 0, -radius);
        trace(press, cairo, str_copy(press->cx->arena, utf8, bytes), size);
        cairo_restore(cairo);
    }
}

static Str draw(struct press *press, Str name, bool is_demo)
{
    struct buf out;
    Str shown = utf8_head(press->cx->arena, name, SHOWN_MAX);
    cairo_surface_t *nothing = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
    cairo_t *cairo = cairo_create(nothing);
    buf_init(&out, press->cx->arena, DRAWING_BYTES_MAX);
    buf_printf(&out, "0.83 0.05 0.08 RG 0.83 0.05 0.08 rg %.2f w\n", ring);
    cairo_set_tolerance(cairo, 0.02);
    cairo_arc(cairo, SEAL_PT / 2, SEAL_PT / 2, (SEAL_PT - ring) / 2, 0, full);
    put_path(&out, cairo, "S\n");
    cairo_save(cairo);
    cairo_translate(cairo, SEAL_PT / 2, SEAL_PT / 2);
    trace_star(cairo, SEAL_PT * 0.155);
    cairo_save(cairo);
    trace_name(press, cairo, shown);
    cairo_restore(cairo);
    if (is_demo) {
        cairo_translate(cairo, 0, SEAL_PT * 0.37);
        trace(press, cairo, STR("演示"), 11);
    }
    cairo_restore(cairo);
    put_path(&out, cairo, "f\n");
    cairo_destroy(cairo);
    cairo_surface_destroy(nothing);
    return buf_done(&out);
}

/* Of a batch all papers want the same one. Helpers have one thread. */
static struct {
    struct arena *arena;
    Str name, drawing;
    bool is_demo;
} last;

Str press_seal(struct press *press, Str name, bool is_demo)
{
    if (last.arena == NULL) {
        last.arena = arena_open(2 * DRAWING_BYTES_MAX);
    }
    if (!str_same(last.name, name) || last.is_demo != is_demo || last.drawing.n == 0) {
        Str drawing = draw(press, name, is_demo);
        arena_reset(last.arena);
        last.name = str_copy(last.arena, name.p, name.n);
        last.drawing = str_copy(last.arena, drawing.p, drawing.n);
        last.is_demo = is_demo;
    }
    return str_copy(press->cx->arena, last.drawing.p, last.drawing.n);
}
