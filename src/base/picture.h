/* base/picture.h - what a photographed or scanned page is, by its bytes: JPEG or PNG, how large,
 * which way up, and whether all of it is there.
 *
 * Nothing is decoded: the markers and chunks are walked from the first byte to the last, so that a
 * page that was cut off on its way is found, and one that would unpack to gigabytes is refused
 * before anything unpacks it. What the PNG of a page unpacks to is only known when it is drawn
 * (render/binder.h), in a helper process; of a small one picture_png_draws() tells it beforehand.
 */
#ifndef BASE_PICTURE_H
#define BASE_PICTURE_H

#include "base/text.h"

enum {
    PICTURE_SIDE_MAX = 32767,                  /* cairo's */
    PICTURE_DRAWN_SIDE_MAX = 2000,             /* of a signature, as papers print it */
    PICTURE_PNG_PIXELS_MAX = 40 * 1000 * 1000, /* unpacked: A4 at 600 dots an inch is 35 million */
    PICTURE_JPEG_PIXELS_MAX = 120 * 1000 * 1000, /* passed on as it is */
};

enum picture_kind { PICTURE_JPEG, PICTURE_PNG };

enum picture_fault {
    PICTURE_GOOD,
    PICTURE_UNKNOWN,   /* neither JPEG nor PNG, or of a sort that PDF does not know */
    PICTURE_CUT_OFF,   /* the end is missing */
    PICTURE_BROKEN,    /* its parts contradict each other */
    PICTURE_TOO_LARGE, /* more pixels than the limits above */
    PICTURE_HEIC,      /* as telephones of one maker store it: no reader of PDF knows it */
};

struct picture {
    enum picture_kind kind;
    uint32_t width, height; /* pixels as stored, before turning */
    /* 1 to 8 as Exif counts: 1 upright, 3 upside down, 6 to be turned right, 8 left; even numbers
     * below 5, and 5 and 7, are mirrored as well. 1 when the file does not say. */
    int orientation;
};

enum picture_fault picture_read(Str bytes, struct picture *out);
/* Is it a PNG that every reader draws: no wider or higher than `side_max` (at most
 * PICTURE_DRAWN_SIDE_MAX) pixels, without palette and interlacing, as a browser's canvas makes it,
 * and does it unpack to just the rows that its head promises? Nothing of it is kept. */
bool picture_png_draws(Str bytes, uint32_t side_max);

#endif
