/* render/svg.c - bars, lines and matrices; the procedure's diagram is in svg_procedure.c. */
#include "render/svg.h"

#include "render/svg_put.h"

enum {
    CHART_W = 390,
    LABEL_W = 132,
    NUMBER_W = 64,
    BAR_ROW = 30,
    LINE_H = 220,
    MATRIX_CELL_H = 30,
    MATRIX_LABEL_W = 110,
    MATRIX_CELL_W_MIN = 40,
};

void svg_put_text(struct buf *out, Str text)
{
    size_t offset = 0;
    uint32_t c = 0;
    while (utf8_next(text, &offset, &c)) {
        char bytes[4];
        if (c < 0x20 || c == 0x7f || (c & 0xfffe) == 0xfffe) {
            continue;
        }
        switch (c) {
        case '<': buf_text(out, "&lt;"); break;
        case '>': buf_text(out, "&gt;"); break;
        case '&': buf_text(out, "&amp;"); break;
        case '"': buf_text(out, "&quot;"); break;
        default: buf_add(out, bytes, utf8_put(c, bytes));
        }
    }
}

double svg_text_width(Str text, double size)
{
    size_t offset = 0;
    uint32_t c = 0;
    double ems = 0;
    while (utf8_next(text, &offset, &c)) {
        ems += c < 0x2000 ? 0.58 : 1;
    }
    return ems * size;
}

Str svg_fitting(struct arena *arena, Str text, double size, double width)
{
    size_t offset = 0;
    size_t fits = 0;
    uint32_t c = 0;
    double used = 0;
    if (svg_text_width(text, size) <= width) {
        return text;
    }
    while (utf8_next(text, &offset, &c)) {
        used += (c < 0x2000 ? 0.58 : 1) * size;
        if (used > width - size) {
            break;
        }
        fits = offset;
    }
    return str_printf(arena, "%.*s…", (int)fits, text.p);
}

void svg_open(struct buf *out, int width, int height, Str title, Str desc)
{
    buf_printf(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"group\" viewBox=\"0 0 %d %d\" "
        "width=\"%d\" height=\"%d\" font-family=\"system-ui, 'PingFang SC', 'Microsoft YaHei', "
        "'Noto Sans CJK SC', sans-serif\" font-size=\"13\"><title>",
        width, height, width, height);
    svg_put_text(out, title);
    buf_text(out, "</title><desc>");
    svg_put_text(out, desc);
    buf_text(out, "</desc>");
}

void svg_put_label(struct buf *out, double x, double y, const char *attributes, Str text)
{
    buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\"%s>", x, y, attributes);
    svg_put_text(out, text);
    buf_text(out, "</text>");
}

/* Opens a link when there is a path of this site; says whether it did. */
static bool open_link(struct buf *out, const struct value *item)
{
    Str href = value_get_str(item, "href");
    if (!str_starts(href, "/") || str_starts(href, "//")) {
        return false;
    }
    buf_text(out, "<a href=\"");
    svg_put_text(out, href);
    buf_text(out, "\">");
    return true;
}

static void close_link(struct buf *out, bool is_open)
{
    if (is_open) {
        buf_text(out, "</a>");
    }
}

struct series {
    Str title, unit;
    const struct value *points;
    uint32_t count;
    int64_t most;
};

static enum status read_series(struct cx *cx, const struct value *chart, struct series *out)
{
    *out = (struct series){.title = value_get_str(chart, "title"),
                           .unit = value_get_str(chart, "unit"),
                           .points = value_get(chart, "points")};
    out->count = value_count(out->points);
    if (!value_is_list(out->points) || out->count > SVG_ITEMS_MAX) {
        return FAIL(cx, E_INPUT, "svg-data", "points: a list of at most %d", SVG_ITEMS_MAX);
    }
    for (uint32_t i = 0; i < out->count; i++) {
        int64_t value = value_get_int(value_item(out->points, i), "value");
        if (value < 0 || value > SVG_VALUE_MAX) {
            return FAIL(cx, E_INPUT, "svg-data", "point %u is not between 0 and 10^15", i);
        }
        out->most = value > out->most ? value : out->most;
    }
    return OK;
}

/* "一月 12件；二月 7件": the whole chart for those who hear it. */
static Str series_words(struct arena *arena, const struct series *series)
{
    struct buf out;
    buf_init(&out, arena, 1 << 20);
    for (uint32_t i = 0; i < series->count; i++) {
        const struct value *point = value_item(series->points, i);
        Str label = value_get_str(point, "label");
        buf_printf(&out, "%s%.*s %lld%.*s", i > 0 ? "；" : "", STR_ARG(label),
                   (long long)value_get_int(point, "value"), STR_ARG(series->unit));
    }
    return buf_done(&out);
}

static enum status finish(struct cx *cx, struct buf *out, Str *svg)
{
    buf_text(out, "</svg>");
    if (buf_is_over(out)) {
        return FAIL(cx, E_TOO_LARGE, "svg-data", "the picture is larger than its ceiling");
    }
    *svg = buf_done(out);
    return OK;
}

enum status svg_bars(struct cx *cx, const struct value *chart, Str *out)
{
    struct series series;
    struct buf svg;
    TRY(read_series(cx, chart, &series));
    buf_init(&svg, cx->arena, SVG_BYTES_MAX);
    svg_open(&svg, CHART_W, (int)series.count * BAR_ROW + 8, series.title,
             series_words(cx->arena, &series));
    double room = CHART_W - LABEL_W - NUMBER_W;
    for (uint32_t i = 0; i < series.count; i++) {
        const struct value *point = value_item(series.points, i);
        int64_t value = value_get_int(point, "value");
        double y = i * BAR_ROW + 4;
        double length = series.most == 0 ? 0 : room * (double)value / (double)series.most;
        Str label = svg_fitting(cx->arena, value_get_str(point, "label"), 13, LABEL_W - 8);
        Str number = str_printf(cx->arena, "%lld%.*s", (long long)value, STR_ARG(series.unit));
        bool is_link = open_link(&svg, point);
        svg_put_label(&svg, LABEL_W - 8, y + 19, " text-anchor=\"end\" fill=\"#1d2530\"", label);
        buf_printf(&svg,
                   "<rect x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"18\" rx=\"2\" "
                   "fill=\"#17406d\"><title>",
                   LABEL_W, y + 5, length < 1 && value > 0 ? 1 : length);
        svg_put_text(&svg, value_get_str(point, "label"));
        buf_text(&svg, "</title></rect>");
        svg_put_label(&svg, LABEL_W + length + 6, y + 19, " fill=\"#1d2530\"", number);
        close_link(&svg, is_link);
    }
    return finish(cx, &svg, out);
}

/* The smallest of 1, 2, 5, 10, 20 … that makes at most `steps` steps up to most. */
static int64_t step_for(int64_t most, int64_t steps)
{
    int64_t unit = 1;
    while (unit < INT64_MAX / 100) {
        static const int64_t times[] = {1, 2, 5};
        for (int i = 0; i < 3; i++) {
            if (unit * times[i] * steps >= most) {
                return unit * times[i];
            }
        }
        unit *= 10;
    }
    return unit;
}

struct plot {
    double left, right, top, bottom;
    int64_t ceiling;
};

static double plot_x(const struct plot *plot, const struct series *series, uint32_t i)
{
    double span = plot->right - plot->left;
    return series->count < 2 ? plot->left + span / 2 : plot->left + span * i / (series->count - 1);
}

static double plot_y(const struct plot *plot, int64_t value)
{
    return plot->bottom - (plot->bottom - plot->top) * (double)value / (double)plot->ceiling;
}

static void put_axis(struct cx *cx, struct buf *svg, const struct plot *plot, int64_t step)
{
    for (int64_t at = 0; at <= plot->ceiling; at += step) {
        double y = plot_y(plot, at);
        buf_printf(svg,
                   "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#d8dee6\"/>",
                   plot->left, y, plot->right, y);
        svg_put_label(svg, plot->left - 6, y + 4, " text-anchor=\"end\" fill=\"#5b6675\"",
                      str_printf(cx->arena, "%lld", (long long)at));
    }
}

static void put_points(struct cx *cx, struct buf *svg, const struct plot *plot,
                       const struct series *series)
{
    uint32_t every = series->count / 6 + 1;
    for (uint32_t i = 0; i < series->count; i++) {
        const struct value *point = value_item(series->points, i);
        int64_t value = value_get_int(point, "value");
        double x = plot_x(plot, series, i);
        bool is_link = open_link(svg, point);
        buf_printf(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#17406d\"><title>", x,
                   plot_y(plot, value));
        svg_put_text(svg, value_get_str(point, "label"));
        buf_printf(svg, " %lld", (long long)value);
        svg_put_text(svg, series->unit);
        buf_text(svg, "</title></circle>");
        if (series->count <= 12) {
            svg_put_label(svg, x, plot_y(plot, value) - 9,
                          " text-anchor=\"middle\" font-size=\"12\" fill=\"#1d2530\"",
                          str_printf(cx->arena, "%lld", (long long)value));
        }
        close_link(svg, is_link);
        if (i % every == 0) {
            svg_put_label(svg, x, plot->bottom + 20,
                          " text-anchor=\"middle\" font-size=\"12\" fill=\"#5b6675\"",
                          svg_fitting(cx->arena, value_get_str(point, "label"), 12, 62));
        }
    }
}

enum status svg_line(struct cx *cx, const struct value *chart, Str *out)
{
    struct series series;
    struct buf svg;
    TRY(read_series(cx, chart, &series));
    int64_t step = step_for(series.most < 1 ? 1 : series.most, 4);
    struct plot plot = {.right = CHART_W - 36, .top = 24, .bottom = LINE_H - 32};
    plot.ceiling = (series.most + step - 1) / step * step;
    plot.ceiling = plot.ceiling == 0 ? step : plot.ceiling;
    plot.left = 16 + svg_text_width(str_printf(cx->arena, "%lld", (long long)plot.ceiling), 13);
    buf_init(&svg, cx->arena, SVG_BYTES_MAX);
    svg_open(&svg, CHART_W, LINE_H, series.title, series_words(cx->arena, &series));
    put_axis(cx, &svg, &plot, step);
    buf_text(&svg, "<polyline fill=\"none\" stroke=\"#17406d\" stroke-width=\"2\" points=\"");
    for (uint32_t i = 0; i < series.count; i++) {
        int64_t value = value_get_int(value_item(series.points, i), "value");
        buf_printf(&svg, "%s%.1f,%.1f", i > 0 ? " " : "", plot_x(&plot, &series, i),
                   plot_y(&plot, value));
    }
    buf_text(&svg, "\"/>");
    put_points(cx, &svg, &plot, &series);
    return finish(cx, &svg, out);
}

/* --- matrix --- */

static int64_t cell_value(const struct value *cell)
{
    return value_is_map(cell) ? value_get_int(cell, "value") : value_as_int(cell);
}

static void put_cell(struct cx *cx, struct buf *svg, const struct value *cell, double x, double y,
                     double width, int64_t most)
{
    if (value_is_null(cell)) {
        svg_put_label(svg, x + width / 2, y + 20, " text-anchor=\"middle\" fill=\"#5b6675\"",
                      STR("–"));
        return;
    }
    int64_t value = cell_value(cell);
    double part = most == 0 ? 0 : (double)value / (double)most;
    bool is_link = open_link(svg, cell);
    buf_printf(svg,
               "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"#17406d\" "
               "fill-opacity=\"%.2f\"/>",
               x + 1, y + 1, width - 2, MATRIX_CELL_H - 2, 0.05 + 0.9 * part);
    svg_put_label(svg, x + width / 2, y + 20,
                  part > 0.5 ? " text-anchor=\"middle\" fill=\"#fff\""
                             : " text-anchor=\"middle\" fill=\"#1d2530\"",
                  str_printf(cx->arena, "%lld", (long long)value));
    close_link(svg, is_link);
}

static Str matrix_words(struct arena *arena, const struct value *columns, const struct value *rows)
{
    struct buf out;
    buf_init(&out, arena, 1 << 20);
    for (uint32_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_item(rows, i);
        const struct value *cells = value_get(row, "cells");
        Str label = value_get_str(row, "label");
        buf_printf(&out, "%s%.*s：", i > 0 ? "；" : "", STR_ARG(label));
        for (uint32_t k = 0; k < value_count(columns); k++) {
            const struct value *cell = value_item(cells, k);
            Str column = value_as_str(value_item(columns, k));
            if (!value_is_null(cell)) {
                buf_printf(&out, "%s%.*s %lld", k > 0 ? "，" : "", STR_ARG(column),
                           (long long)cell_value(cell));
            }
        }
    }
    return buf_done(&out);
}

static enum status matrix_most(struct cx *cx, const struct value *rows, uint32_t columns,
                               int64_t *out)
{
    *out = 0;
    if (columns == 0 || columns > 40 || value_count(rows) > SVG_ITEMS_MAX) {
        return FAIL(cx, E_INPUT, "svg-data", "a matrix of 1 to 40 columns, %d rows at most",
                    SVG_ITEMS_MAX);
    }
    for (uint32_t i = 0; i < value_count(rows); i++) {
        const struct value *cells = value_get(value_item(rows, i), "cells");
        if (value_count(cells) != columns) {
            return FAIL(cx, E_INPUT, "svg-data", "row %u has not %u cells", i, columns);
        }
        for (uint32_t k = 0; k < columns; k++) {
            int64_t value = cell_value(value_item(cells, k));
            if (value < 0 || value > SVG_VALUE_MAX) {
                return FAIL(cx, E_INPUT, "svg-data", "row %u: not between 0 and 10^15", i);
            }
            *out = value > *out ? value : *out;
        }
    }
    return OK;
}

enum status svg_matrix(struct cx *cx, const struct value *chart, Str *out)
{
    const struct value *columns = value_get(chart, "columns");
    const struct value *rows = value_get(chart, "rows");
    uint32_t count = value_count(columns);
    int64_t most = 0;
    struct buf svg;
    TRY(matrix_most(cx, rows, count, &most));
    double width = (double)(CHART_W - MATRIX_LABEL_W) / count;
    width = width < MATRIX_CELL_W_MIN ? MATRIX_CELL_W_MIN : width;
    buf_init(&svg, cx->arena, SVG_BYTES_MAX);
    svg_open(&svg, MATRIX_LABEL_W + (int)(width * count),
             26 + (int)value_count(rows) * MATRIX_CELL_H, value_get_str(chart, "title"),
             matrix_words(cx->arena, columns, rows));
    for (uint32_t k = 0; k < count; k++) {
        svg_put_label(&svg, MATRIX_LABEL_W + width * (k + 0.5), 17,
                      " text-anchor=\"middle\" font-size=\"12\" fill=\"#5b6675\"",
                      svg_fitting(cx->arena, value_as_str(value_item(columns, k)), 12, width - 2));
    }
    for (uint32_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_item(rows, i);
        double y = 26 + (double)i * MATRIX_CELL_H;
        svg_put_label(&svg, MATRIX_LABEL_W - 8, y + 20, " text-anchor=\"end\" fill=\"#1d2530\"",
                      svg_fitting(cx->arena, value_get_str(row, "label"), 13, MATRIX_LABEL_W - 10));
        for (uint32_t k = 0; k < count; k++) {
            put_cell(cx, &svg, value_item(value_get(row, "cells"), k), MATRIX_LABEL_W + width * k,
                     y, width, most);
        }
    }
    return finish(cx, &svg, out);
}
