/* render/template.h - pages from a Mustache subset, compiled once, escaped by construction.
 *
 * {{name}} writes a value escaped for the place it stands in (text or attribute; refused inside
 * <script>, <style>, and unquoted attributes when compiled). {{#name}}…{{/name}} repeats for the
 * items of a list, enters a non-empty map, shows once for true, a number other than 0, non-empty
 * text; {{^name}}…{{/name}} the opposite. {{.}} the item, {{a.b.0}} a path, {{>partial}} another
 * template, {{! remark }}. A section changes the context; names are looked up outwards. {{#name}}
 * blocks may take arguments to partials by sections only: there is no logic beyond this.
 * {{{name}}} exists for markup made by render/ itself (a value made by html_mark()), anything else
 * given to it is escaped all the same.
 * Filters after a bar: {{amount|money}} 50,000.00; {{amount|capitals}}; {{at|date}} 3月2日 (this
 * year) or 2025年3月2日; {{at|time}} 3月2日10:20; {{at|datetime}} with year; {{text|lines}}
 * newlines as <br>;
 * {{value|url}} percent-encoded. Dates and instants come as the texts of the API.
 *
 * (1) A template set is immutable after templates_load(); rendering is thread-safe.
 * (2) Rendering cannot fail on missing values: an absent name writes nothing.
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
/* now: for dates without the year. E_BUG when name does not exist. Ceiling 4 MiB. */
enum status template_render(struct cx *cx, const struct templates *templates, const char *name,
                            const struct value *view, int64_t now, Str *out);
/* A text value that {{{ }}} writes as it is. Only render/ makes these (SVG, QR). */
struct value *html_mark(struct arena *arena, Str markup);
Str html_escape(struct arena *arena, Str text);

#endif
