/* render/skew_serve.c - the child's half: looks at a picture of a stranger with leptonica. */
#include <dlfcn.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <string.h>

#include "render/helper_int.h"
#include "render/raster.h"
#include "render/skew.h"

/* Below it there are no lines of text to speak of; leptonica's own deskewing asks for the same. */
static const float CONFIDENCE_LEAST = 3.0F;

enum { DARK_BELOW = 160 }; /* of 255, once light and shade of the photograph are evened out */

/* --- leptonica, by name --- */

struct finder {
    __typeof__(setMsgSeverity) *say;
    __typeof__(pixCreate) *create;
    __typeof__(pixGetData) *data;
    __typeof__(pixGetWpl) *row_words;
    __typeof__(pixGetHeight) *height;
    __typeof__(pixBackgroundNormSimple) *even_out;
    __typeof__(pixThresholdToBinary) *black_and_white;
    __typeof__(pixFindSkewSweepAndSearchScorePivot) *skew;
    __typeof__(pixDestroy) *destroy;
};

static bool symbol_find(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof found); /* ISO C has no cast from data to function */
    return found != NULL;
}

static enum status finder_open(struct cx *cx, struct finder *finder)
{
    static const char *const names[] = {"liblept.so.5", "libleptonica.so.6"};
    void *library = NULL;
    for (size_t i = 0; library == NULL && i < sizeof names / sizeof names[0]; i++) {
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    }
    bool whole = library != NULL && symbol_find(library, "setMsgSeverity", &finder->say) &&
                 symbol_find(library, "pixCreate", &finder->create) &&
                 symbol_find(library, "pixGetData", &finder->data) &&
                 symbol_find(library, "pixGetWpl", &finder->row_words) &&
                 symbol_find(library, "pixGetHeight", &finder->height) &&
                 symbol_find(library, "pixBackgroundNormSimple", &finder->even_out) &&
                 symbol_find(library, "pixThresholdToBinary", &finder->black_and_white) &&
                 symbol_find(library, "pixFindSkewSweepAndSearchScorePivot", &finder->skew) &&
                 symbol_find(library, "pixDestroy", &finder->destroy);
    return whole ? OK : FAIL(cx, E_BUG, "skew-finder-missing", "leptonica is not installed");
}

/* --- one picture --- */

/* BT.601 in 256ths, of dots stored blue first. */
static unsigned grey_of(const unsigned char *dot)
{
    return (29U * dot[0] + 150U * dot[1] + 77U * dot[2]) >> 8;
}

/* Four dots in a word of leptonica's, the left one highest. */
static PIX *grey_take(const struct finder *finder, cairo_surface_t *surface)
{
    int width = cairo_image_surface_get_width(surface);
    int height = cairo_image_surface_get_height(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    const unsigned char *rows = cairo_image_surface_get_data(surface);
    PIX *grey = finder->create(width, height, 8);
    if (grey == NULL) {
        return NULL;
    }
    for (int y = 0; y < height; y++) {
        l_uint32 *line = finder->data(grey) + (size_t)y * (size_t)finder->row_words(grey);
        const unsigned char *row = rows + (size_t)y * stride;
        for (int x = 0; x < width; x++) {
            line[x / 4] |= (l_uint32)grey_of(row + (size_t)x * 4) << (8 * (3 - x % 4));
        }
    }
    return grey;
}

/* In hundredths of a degree; 0 when there is nothing to be sure of. */
static int skew_of(const struct finder *finder, PIX *page)
{
    static const float REACH_DEG = 13;
    static const float STEP_DEG = 1;
    static const float FINEST_DEG = 0.01F;

    enum { SMALL_SIDE = 1200 };

    int finest = finder->height(page) < SMALL_SIDE ? 1 : 2; /* of a small page no dot is left out */
    float angle_deg = 0;
    float confidence = 0;
    float score = 0;
    if (finder->skew(page, &angle_deg, &confidence, &score, 2 * finest, finest, 0, REACH_DEG,
                     STEP_DEG, FINEST_DEG, L_SHEAR_ABOUT_CENTER) != 0 ||
        confidence < CONFIDENCE_LEAST) {
        return 0;
    }
    int cdeg = (int)lroundf(angle_deg * 100);
    int size = cdeg < 0 ? -cdeg : cdeg;
    return size < SKEW_LEAST_CDEG || size > SKEW_MOST_CDEG ? 0 : cdeg;
}

static int tilt_of(const struct finder *finder, cairo_surface_t *surface)
{
    cairo_surface_flush(surface);
    PIX *grey = grey_take(finder, surface);
    PIX *even = grey == NULL ? NULL : finder->even_out(grey, NULL, NULL);
    PIX *page = even == NULL ? NULL : finder->black_and_white(even, DARK_BELOW);
    int tilt_cdeg = page == NULL ? 0 : skew_of(finder, page);
    finder->destroy(&page);
    finder->destroy(&even);
    finder->destroy(&grey);
    return tilt_cdeg;
}

enum status skew_serve(struct cx *cx, const struct value *head, Str body, int *tilt_cdeg)
{
    struct finder finder = {0};
    struct raster_view view = {.side = SKEW_SIDE};
    *tilt_cdeg = 0;
    if (!page_turn_read(head, &view.turn)) {
        return FAIL(cx, E_READ, "helper-request", "a page turned otherwise");
    }
    TRY(finder_open(cx, &finder));
    (void)finder.say(L_SEVERITY_NONE);
    cairo_surface_t *surface = raster_asked(cx, head, body, &view);
    if (surface != NULL) {
        *tilt_cdeg = tilt_of(&finder, surface);
        cairo_surface_destroy(surface);
    }
    return OK;
}
