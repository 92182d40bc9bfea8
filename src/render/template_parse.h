/* render/template_parse.h - templates compiled to a list of steps; between template.c and its
 * parser only.
 *
 * (1) Sections are well nested: step.skip of a section is the index behind its end.
 * (2) Every step of kind VALUE knows how to escape; there is no other way to write a value.
 */
#ifndef RENDER_TEMPLATE_PARSE_H
#define RENDER_TEMPLATE_PARSE_H

#include "render/html_place.h"
#include "render/template.h"

enum { TEMPLATE_SECTIONS_MAX = 32 };

enum step_kind {
    STEP_TEXT,    /* text as it is */
    STEP_VALUE,   /* a value, filtered and escaped */
    STEP_MARK,    /* {{{ }}} */
    STEP_SECTION, /* {{# }} up to skip */
    STEP_INVERSE, /* {{^ }} up to skip */
    STEP_PARTIAL, /* templates[skip] */
};

enum step_filter {
    FILTER_NONE,
    FILTER_MONEY,
    FILTER_YUAN,
    FILTER_CAPITALS,
    FILTER_DATE,
    FILTER_TIME,
    FILTER_DATETIME,
    FILTER_CLOCK,
    FILTER_SAID,
    FILTER_SIZE,
    FILTER_LINES,
    FILTER_URL,
};

struct step {
    enum step_kind kind;
    enum step_filter filter;
    enum html_escape escape;
    uint32_t skip;
    Str text;         /* STEP_TEXT */
    const Str *names; /* the path; none for {{.}} */
    uint32_t name_count;
    bool local; /* {{.name}}: not looked up outwards */
};

struct compiled {
    const char *name;
    struct step *steps;
    uint32_t count;
};

struct templates {
    struct compiled *items;
    uint32_t count;
};

/* Compiles sources[index] into set->items[index]; the names of all items are set. */
enum status template_parse(struct cx *cx, struct arena *arena, const struct templates *set,
                           uint32_t index, Str text);

#endif
