/* render/binder.h - photographed and scanned pages bound to one PDF, written out page by page.
 *
 * A JPEG goes into the PDF as the bytes it is: nothing of what was photographed is computed anew,
 * and the original can be taken out again and hashed. A PNG is unpacked, laid on white and packed
 * again without loss. Each page is A4, upright or lying as its picture is, the picture as large as
 * it fits. Internal to render/, only for helper processes and tests.
 * (1) The same pages and options give the same bytes.
 * (2) No more than one page is in memory at a time.
 */
#ifndef RENDER_BINDER_H
#define RENDER_BINDER_H

#include "base/date.h"
#include "base/picture.h"

struct binder;

struct binder_options {
    Str title;  /* of the document */
    Instant at; /* written into it */
    /* Takes what was written; false ends it. */
    bool (*write)(void *arg, const void *bytes, size_t size);
    void *arg;
};

/* Lives in arena until binder_close(). */
struct binder *binder_open(struct arena *arena, const struct binder_options *options);
/* rotate_deg: 0, 90, 180 or 270, clockwise, as people see the page. bytes are not wanted any longer
 * afterwards. A picture that cannot be drawn adds no page. */
enum picture_fault binder_add(struct binder *binder, const struct picture *picture, Str bytes,
                              int rotate_deg);
/* false when what was written is no whole PDF. */
bool binder_close(struct binder *binder);

#endif
