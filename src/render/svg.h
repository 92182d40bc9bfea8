/* render/svg.h - pictures that pages draw from data: how a procedure runs, bars, lines, a matrix.
 *
 * Each answers one whole <svg> with <title> and <desc>, legible at 390 px, without outer fonts,
 * scripts or styles; hand it to html_mark() or serve it as image/svg+xml.
 * (1) Texts are escaped here; control characters are dropped, so that the XML always parses.
 * (2) Nothing is said by colour alone: every number stands in words beside its bar, dot or field.
 * (3) Values with "href" are links to what is behind the number; only paths of this site ("/…").
 */
#ifndef RENDER_SVG_H
#define RENDER_SVG_H

#include "base/fail.h"

enum { SVG_ITEMS_MAX = 400 };

#define SVG_VALUE_MAX INT64_C(1000000000000000)

/* {"title","states":[{"name","title","end"?}],"acts":[{"name","title","from":[],"to"?,"by":[]}]}:
 * by is text shown as it is. The first state is where it begins. States stand one below the other,
 * nearest first; under each what can be done there, with a line to where that leads. E_INPUT
 * "svg-data" when an act names an unknown state or there are more than SVG_ITEMS_MAX. */
enum status svg_procedure(struct cx *cx, const struct value *procedure, Str *out);

/* {"title","unit"?,"points":[{"label","value","href"?}]}; values are ints from 0 to SVG_VALUE_MAX.
 * Bars lie, so that long Chinese labels can be read. */
enum status svg_bars(struct cx *cx, const struct value *chart, Str *out);
/* The same data as a line; labels are thinned out when there are many. */
enum status svg_line(struct cx *cx, const struct value *chart, Str *out);
/* {"title","columns":[text],"rows":[{"label","cells":[int|null|{"value","href"}]}]}. */
enum status svg_matrix(struct cx *cx, const struct value *chart, Str *out);

/* Text between tags or in a double-quoted attribute. */
void svg_put_text(struct buf *out, Str text);

#endif
