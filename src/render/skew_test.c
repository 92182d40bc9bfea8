/* Claims about pages photographed askew: the angle that is left once they are turned by what was
 * found, what is left as it is, and what the largest costs. The test is its own helper. */
#include <cairo.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "base/test_picture.h"
#include "render/skew.h"
#include "render/test_helper.h"

static struct trial t;
static struct helper_pool *pool;

static int setup(void **state)
{
    struct helper_options options = {.workers = 1, .timeout_ms = 60000};
    (void)state;
    trial_begin(&t);
    assert_int_equal(helper_pool_open(&t.cx, &options, &pool), OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    helper_pool_close(pool);
    trial_end(&t);
    return 0;
}

/* --- pages of text --- */

enum { DESK = 1, SHADE = 2, BLANK = 4, NOTE = 8 }; /* lies on a dark desk; in bad light; … */

static const char words[] =
    "借款人王某今向出借人林晓舟借到人民币肆万元整，约定月利率百分之一，借款期限自2025年3月1日至2025年9月1日"
    "止。到期不还的，按照合同成立时一年期贷款市场报价利率四倍计付逾期利息，并承担出借人为实现债权支出的律师费、"
    "诉讼费、保全费。\n";

static void text_draw(cairo_t *cairo, int width, int height, int lines)
{
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    char *font = arena_printf(t.arena, "Noto Serif CJK SC %d", width / 60);
    PangoFontDescription *description = pango_font_description_from_string(font);
    struct buf text;
    buf_init(&text, t.arena, 16 * 1024);
    for (int i = 0; i < lines; i++) {
        buf_text(&text, words);
    }
    pango_layout_set_font_description(layout, description);
    pango_layout_set_width(layout, width * 8 / 10 * PANGO_SCALE);
    pango_layout_set_text(layout, buf_done(&text).p, -1);
    cairo_set_source_rgb(cairo, 0.1, 0.1, 0.15);
    cairo_move_to(cairo, width * 0.1, height * 0.08);
    pango_cairo_show_layout(cairo, layout);
    pango_font_description_free(description);
    g_object_unref(layout);
}

static void shade_draw(cairo_t *cairo, int width, int height)
{
    cairo_pattern_t *shade = cairo_pattern_create_linear(0, 0, width, height);
    cairo_pattern_add_color_stop_rgba(shade, 0, 0, 0, 0, 0);
    cairo_pattern_add_color_stop_rgba(shade, 1, 0, 0, 0, 0.55);
    cairo_set_source(cairo, shade);
    cairo_paint(cairo);
    cairo_pattern_destroy(shade);
}

static cairo_status_t packed_add(void *arg, const unsigned char *bytes, unsigned size)
{
    buf_add(arg, bytes, size);
    return CAIRO_STATUS_SUCCESS;
}

/* A sheet turned by `deg` clockwise, as a PNG. */
static Str sheet(int width, double deg, int how)
{
    int height = width * 4 / 3;
    double size = (how & DESK) != 0 ? 0.85 : 1;
    struct buf png;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, size < 1 ? 0.25 : 1, size < 1 ? 0.18 : 1, size < 1 ? 0.1 : 1);
    cairo_paint(cairo);
    cairo_save(cairo);
    cairo_translate(cairo, width / 2.0, height / 2.0);
    cairo_rotate(cairo, deg * M_PI / 180);
    cairo_scale(cairo, size, size);
    cairo_translate(cairo, -width / 2.0, -height / 2.0);
    cairo_set_source_rgb(cairo, 0.95, 0.95, 0.92);
    cairo_rectangle(cairo, 0, 0, width, height);
    cairo_fill(cairo);
    if ((how & BLANK) == 0) {
        text_draw(cairo, width, height, (how & NOTE) != 0 ? 1 : 9);
    }
    cairo_restore(cairo);
    if ((how & SHADE) != 0) {
        shade_draw(cairo, width, height);
    }
    cairo_destroy(cairo);
    buf_init(&png, t.arena, MADE_BYTES_MAX);
    assert_int_equal(cairo_surface_write_to_png_stream(surface, packed_add, &png),
                     CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(surface);
    return buf_done(&png);
}

static int found(Str picture, int rotate_deg)
{
    int tilt_cdeg = 12345;
    assert_int_equal(
        skew_find(pool, &t.cx, (struct page_bytes){picture, 0}, rotate_deg, &tilt_cdeg), OK);
    return tilt_cdeg;
}

/* Less than half a degree is left. */
static void assert_straight(double deg, int how)
{
    double left = deg + found(sheet(900, deg, how), 0) / 100.0;
    if (fabs(left) >= 0.5) {
        fail_msg("%.1f degrees, drawn as %d: %.2f are left", deg, how, left);
    }
}

/* --- claims --- */

static void a_page_askew_comes_straight(void **state)
{
    static const double degrees[] = {0.4, -1.3, 2.7, -4.1, 6.6, 10.5};
    static const int ways[] = {0, SHADE, DESK | SHADE, NOTE};
    (void)state;
    for (size_t i = 0; i < sizeof degrees / sizeof degrees[0]; i++) {
        for (size_t k = 0; k < sizeof ways / sizeof ways[0]; k++) {
            assert_straight(degrees[i], ways[k]);
        }
    }
}

static void what_is_straight_stays(void **state)
{
    (void)state;
    assert_int_equal(found(sheet(900, 0, 0), 0), 0);
    assert_int_equal(found(sheet(900, 0, DESK | SHADE), 0), 0);
    assert_int_equal(found(sheet(900, 0.1, 0), 0), 0);
}

/* The angle is the same whichever quarter it stands in; lines are read where they lie level. */
static void a_page_is_looked_at_as_it_is_turned(void **state)
{
    Str page = sheet(900, 3, 0);
    (void)state;
    assert_in_range(-found(page, 0), 250, 350);
    assert_in_range(-found(page, 180), 250, 350);
}

static void what_is_blank_or_broken_stays_as_it_is(void **state)
{
    Str page = sheet(600, 3, 0);
    (void)state;
    assert_int_equal(found(sheet(900, 4, BLANK), 0), 0);
    assert_int_equal(found(sheet(900, 4, BLANK | SHADE), 0), 0);
    assert_int_equal(found(made_jpeg(t.arena, 1200, 1600, 1), 0), 0);
    assert_int_equal(found(made_jpeg(t.arena, 1, 1, 1), 0), 0);
    assert_int_equal(found(made_jpeg(t.arena, 3, 3000, 1), 0), 0);
    assert_int_equal(found(STR("no picture"), 0), 0);
    assert_int_equal(found((Str){page.p, page.n / 2}, 0), 0);
    assert_int_equal(found(sheet(900, 40, 0), 0), 0); /* further than anybody meant it level */
}

/* 160 MB are what such a PNG is, unpacked; a JPEG is unpacked smaller. */
static void forty_million_dots_in_little_memory(void **state)
{
    (void)state;
    assert_int_equal(found(made_jpeg(t.arena, 7296, 5472, 6), 0), 0);
    if (!IS_SANITIZED) {
        assert_in_range(helper_peak_kb(), 1, 120 * 1024);
    }
    assert_in_range(-found(sheet(5400, 2, 0), 0), 150, 250);
    if (!IS_SANITIZED) {
        assert_in_range(helper_peak_kb(), 1, 400 * 1024);
    }
}

#ifdef __SANITIZE_ADDRESS__
const char *__lsan_default_suppressions(void);

/* Fonts are kept as long as the process lives. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libcairo.so\nleak:libpango";
}
#endif

int main(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], "helper") == 0) {
        return helper_serve(HELPER_FD);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_askew_comes_straight),
        cmocka_unit_test(what_is_straight_stays),
        cmocka_unit_test(a_page_is_looked_at_as_it_is_turned),
        cmocka_unit_test(what_is_blank_or_broken_stays_as_it_is),
        cmocka_unit_test(forty_million_dots_in_little_memory),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
