/* render/template.h - pages from a Mustache subset, compiled once, escaped by construction.
 *
 * {{name}} writes a value escaped for the place it stands in (text or attribute; refused inside
 * <script>, <style>, and unquoted attributes when compiled). {{#name}}…{{/name}} repeats for the
 * items of a list, enters a non-empty map, shows once for true, a number other than 0, non-empty
 * text; {{^name}}…{{/name}} the opposite. {{.}} the item, {{a.b.0}} a path, {{>partial}} another
 * template, {{! remark }}. Items of lists and maps become the context; names are looked up
 * outwards, {{.name}} only in the item itself: what a partial that calls itself must use.
 * {{#name}} blocks may take arguments to partials by sections only: there is no logic beyond this.
 * {{{name}}} exists for markup made by render/ itself (a value made by html_mark()), anything else
 * given to it is escaped all the same.
 * Filters after a bar: {{amount|money}} 50,000.00; {{amount|yuan}} 50,000 or 0.50;
 * {{amount|capitals}}; {{at|date}} 3月2日 (this year) or 2025年3月2日; {{at|time}} 3月2日10:20;
 * {{at|datetime}} with year; {{at|clock}} 10:20; {{at|said}} 10:20 of
 * today, else as time; {{bytes|size}} 178 KB; {{text|lines}} newlines as
 * <br>; {{value|url}} percent-encoded. Dates and instants come as the texts of the API; what a
 * filter does not understand is written as it is.
 *
 * In an address (href, src, action…) a value at its start may be a path, http(s), mailto or tel;
 * anything else is written as "#". Inside a tag a section holds whole attributes with a blank in
 * front: <input{{#required}} required{{/required}}>. Partials stand in text only. White space at
 * the start of a line of a template, and a line with nothing but a section tag, are not written.
 *
 * (1) A template set is immutable after templates_load(); rendering is thread-safe.
 * (2) Rendering cannot fail on missing values: an absent name writes nothing.
 * (3) What a value holds never changes the markup around it: the number of tags and quotes is the
 *     template's alone, but for html_mark().
 */
#ifndef RENDER_TEMPLATE_H
#define RENDER_TEMPLATE_H

#include "base/fail.h"

struct templates;

struct template_source {
    const char *name; /* "matter" for pages/zh/matter.html */
    Str text;
};

/* E_READ "data-unreadable" with file:line: an unclosed section, an unknown partial or filter, a
 * value where it cannot be escaped. */
enum status templates_load(struct cx *cx, struct arena *arena,
                           const struct template_source *sources, uint32_t count,
                           struct templates **out);
bool template_exists(const struct templates *templates, const char *name);
/* now: for dates without the year. E_BUG "page-missing" when name does not exist, "page-endless"
 * when partials call each other without end. Ceiling 4 MiB: E_TOO_LARGE. */
enum status template_render(struct cx *cx, const struct templates *templates, const char *name,
                            const struct value *view, int64_t now, Str *out);
/* A text value that {{{ }}} writes as it is. Only render/ makes these (SVG, QR). */
struct value *html_mark(struct arena *arena, Str markup);
Str html_escape(struct arena *arena, Str text);

#endif
