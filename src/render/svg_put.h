/* render/svg_put.h - the strokes that the pictures of render/svg.h share. Internal to render/. */
#ifndef RENDER_SVG_PUT_H
#define RENDER_SVG_PUT_H

#include "render/svg.h"

enum { SVG_BYTES_MAX = 4 << 20 };

/* About how wide a text runs: Chinese characters are square, others a little more than half. */
double svg_text_width(Str text, double size);
/* The text, or its beginning and … where it would be wider. */
Str svg_fitting(struct arena *arena, Str text, double size, double width);
void svg_open(struct buf *out, int width, int height, Str title, Str desc);
/* attributes begins with a blank, or is "". */
void svg_put_label(struct buf *out, double x, double y, const char *attributes, Str text);

#endif
