/* render/helper_int.h - a helper for longer than one question. Internal to render/. */
#ifndef RENDER_HELPER_INT_H
#define RENDER_HELPER_INT_H

#include "render/helper.h"
#include "render/helper_wire.h"

struct slot;

struct helper_line {
    struct slot *slot;
    int fd;
    int timeout_ms; /* for each answer */
};

/* E_BUSY "helpers-busy", E_BUG "helper-fault". Who takes a line gives it back, also when he fails:
 * never under TRY. A helper that was left in the middle of a conversation is a fault and is ended.
 */
enum status helper_line_take(struct helper_pool *pool, struct cx *cx, struct helper_line *out);
void helper_line_give_back(struct helper_pool *pool, const struct helper_line *line, bool is_fault);

/* One question and its answer: tried twice, as invariant (3) of helper.h says. */
struct helper_question {
    const char *name; /* for what is said of a fault */
    Str head;
    const Str *parts;
    uint32_t count;
    /* Checks an answer that says ok, and takes what is in it. */
    enum wire_result (*read)(struct cx *cx, const struct value *head, Str body, void *out);
};

/* Failures that the helper tells of, with their codes; E_BUSY "helpers-busy"; E_BUG "helper-fault".
 */
enum status helper_ask(struct helper_pool *pool, struct cx *cx,
                       const struct helper_question *question, void *out);

/* The child's half of render/sheet_file.h: one XLSX file, answered with its rows. */
enum wire_result spreadsheet_serve(struct cx *cx, int fd, Str body);

/* The child's half of render/sheet.h: one question. *pages of the document, or of what was bound.
 */
enum status sheet_serve(struct cx *cx, const struct value *head, Str body, Str *out,
                        int64_t *pages);
/* The child's half of render/document.h: the text, and its marks of twelve bytes each. */
enum status document_serve(struct cx *cx, const struct value *head, Str body, Str *text,
                           Str *marks);
/* The child's half of render/thumb.h: one picture, answered with a small JPEG. */
enum status thumb_serve(struct cx *cx, const struct value *head, Str body, Str *out);
/* The child's half of render/skew.h: one picture, answered with an angle. */
enum status skew_serve(struct cx *cx, const struct value *head, Str body, int *tilt_cdeg);
/* The child's half of render/pages.h: serves one conversation whose first head has come. allow_time
 * is called before each page. */
enum wire_result pages_serve(struct cx *cx, int fd, const struct value *head,
                             void (*allow_time)(void));

#endif
