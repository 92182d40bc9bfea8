/* render/paper_content.h - a filled paper: what paper_fill() makes and paper_print() sets in type.
 *
 * Internal to render/. Blocks are a list in reading order; every text is final.
 */
#ifndef RENDER_PAPER_CONTENT_H
#define RENDER_PAPER_CONTENT_H

#include "render/paper.h"

enum paper_by { PAPER_BY_COURT, PAPER_BY_PARTY, PAPER_BY_SYSTEM };

enum paper_kind {
    PAPER_TITLE,
    PAPER_SUBTITLE,
    PAPER_NUMBER,
    PAPER_TO,
    PAPER_TEXT,
    PAPER_FLUSH,
    PAPER_NOTE,
    PAPER_SECTION,
    PAPER_SIGN, /* text: lines parted by newlines */
    PAPER_IMAGE,
    PAPER_TABLE,
    PAPER_SPACE,
    PAPER_PAGE,
};

enum paper_align { PAPER_LEFT, PAPER_CENTRE, PAPER_RIGHT };

enum { PAPER_COLUMNS_MAX = 12 };

struct paper_row {
    struct paper_row *next;
    bool spans; /* cells[0] stands across all columns */
    bool heads; /* and is a heading: bold, centred */
    Str cells[PAPER_COLUMNS_MAX];
};

struct paper_table {
    uint32_t columns;
    bool has_header;
    bool has_labels; /* the first column is a label: bold */
    Str titles[PAPER_COLUMNS_MAX];
    int64_t widths[PAPER_COLUMNS_MAX]; /* shares */
    enum paper_align aligns[PAPER_COLUMNS_MAX];
    struct paper_row *rows;
};

struct paper_block {
    struct paper_block *next;
    enum paper_kind kind;
    Str text;
    struct paper_table *table; /* PAPER_TABLE */
    int64_t amount;            /* PAPER_SPACE: lines; PAPER_IMAGE: height in mm */
    enum paper_align align;    /* PAPER_IMAGE */
    Str image;                 /* PAPER_IMAGE: name of the image handed in */
};

struct paper_content {
    Str title;
    enum paper_by by;
    int size; /* 号 of the body */
    Instant issued;
    uint32_t sections;
    struct paper_block *first, *last;
    Str foot_qr; /* "" for none */
    Str foot_lines;
    bool wants_seal;
    bool seal_is_demo;
    Str seal_name; /* "" when it is printed without */
};

/* A compiled definition; root is the whole file. */
struct paper {
    Str name;
    Str title;
    enum paper_by by;
    int size;
    bool sealed;
    const struct value *root;
    const struct value *needs;
};

/* A placeholder cut out of a text: "path" or "path|filter". */
struct paper_hole {
    Str path;
    Str filter; /* "" for none */
};

enum paper_type {
    PAPER_NEED_TEXT, /* also long-text */
    PAPER_NEED_MONEY,
    PAPER_NEED_NUMBER,
    PAPER_NEED_DATE,
    PAPER_NEED_DATETIME,
    PAPER_NEED_YES_NO,
    PAPER_NEED_CHOICE,
    PAPER_NEED_IDENTITY,
    PAPER_NEED_ADDRESS,
    PAPER_NEED_IMAGE,
    PAPER_NEED_GROUP,
    PAPER_NEED_LIST,
    PAPER_NEED_UNKNOWN,
};

/* Names in sight at one place of a definition: the items of `each` inside, the paper outside. */
struct paper_scope {
    const struct value *fields; /* declared needs; NULL for a list of texts */
    const struct value *item;   /* values in sight; NULL while compiling */
    int64_t n;                  /* number of the item from 1; 0 outside `each` */
    const struct paper_scope *outer;
    Str path; /* of the item in the values: "signature.others.0"; "" outside `each` */
};

enum { PAPER_PATH_MAX = 6 };

/* Where a path leads: the declared needs on the way (the last is the one named) and, when filling,
 * the value there. */
struct paper_target {
    enum paper_type type;
    uint32_t count;
    const struct value *needs[PAPER_PATH_MAX];
    const struct value *value;
    int64_t n; /* of {n}; then count is 0 */
    Str path;  /* in the values as a whole; "" for {n} and {.} */
};

enum paper_type paper_type_of(Str name);
/* false when no name in sight is that. */
bool paper_resolve(struct arena *arena, const struct paper_scope *scope, Str path,
                   struct paper_target *out);
/* Whether `filter` ("" for none) makes text of a value of that type. */
bool paper_filter_fits(Str filter, enum paper_type type, const struct value *need);
/* The text of a value; the value has been checked against its type. */
Str paper_filter_apply(struct arena *arena, Str filter, const struct paper_target *target);
/* Text without control and direction-override characters, line ends as newlines. */
Str paper_clean(struct arena *arena, Str text);
/* There is something: present, not blank, not an empty list, and for yes-no: yes. */
bool paper_is_there(struct arena *arena, const struct value *v);

/* The next part of a text: plain, or between brackets (then *is_optional). false at the end; *why
 * is set (and false returned) when a bracket is not closed. */
bool paper_next_span(struct arena *arena, Str text, size_t *offset, Str *span, bool *is_optional,
                     const char **why);
/* The next piece of a span: literal text (may be "") and then perhaps a hole
 * (hole->path.n > 0). false at the end. *why is set (and false returned) on a broken brace. */
bool paper_next_hole(struct arena *arena, Str text, size_t *offset, Str *literal,
                     struct paper_hole *hole, const char **why);

#endif
