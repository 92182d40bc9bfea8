/* render/html_place.h - where in a page a point of its text stands.
 *
 * The compiler of templates feeds literal markup byte by byte and asks, where a value is to be
 * written, how it must be escaped there, or whether it cannot be. Used by templates only.
 * (1) What cannot be escaped is refused: script and style, on... and style attributes, attributes
 *     without quotes, names of tags and attributes, comments, addresses of scripts.
 * (2) Sections and partials must not change the place: html_place_leave() proves it, so that the
 *     answer holds for every course that the data may take.
 */
#ifndef RENDER_HTML_PLACE_H
#define RENDER_HTML_PLACE_H

#include <stdbool.h>
#include <stdint.h>

enum html_state {
    HTML_TEXT,
    HTML_RAW,         /* inside script or style */
    HTML_DECLARATION, /* <!doctype, up to > */
    HTML_COMMENT,
    HTML_OPEN,         /* < seen */
    HTML_TAG_NAME,     /* <inp */
    HTML_TAG,          /* between attributes */
    HTML_SEAM,         /* at the edge of a section in a tag: a blank, / or > must follow */
    HTML_NAME,         /* in the name of an attribute */
    HTML_BEFORE_VALUE, /* = seen */
    HTML_VALUE,        /* in quotes */
    HTML_BARE,         /* in a value without quotes */
};

enum html_escape {
    ESCAPE_REFUSED,
    ESCAPE_TEXT,
    ESCAPE_ATTRIBUTE,
    ESCAPE_ADDRESS, /* start of href, src and the like: its scheme is checked too */
};

enum { HTML_NAME_MAX = 15 };

struct html_place {
    enum html_state state;
    char quote;      /* of the value */
    bool closing;    /* </ */
    bool at_start;   /* nothing literal was written into this value yet */
    uint8_t matched; /* of --> or </script */
    char tag[HTML_NAME_MAX + 1];
    char attribute[HTML_NAME_MAX + 1];
};

/* The start of a page or partial: all zero, HTML_TEXT. NULL, or why c cannot stand here. */
const char *html_place_feed(struct html_place *place, char c);
enum html_escape html_place_escape(const struct html_place *place);
/* Before a section. NULL, or why none can begin here. */
const char *html_place_enter(struct html_place *place);
/* At the end of a section that began at `entered` (as enter() left it). NULL, or why not. */
const char *html_place_leave(struct html_place *place, const struct html_place *entered);

#endif
