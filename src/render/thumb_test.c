/* Claims about small pictures: which way up they are, how large, and who is refused. The test is
 * its own helper. */
#include "base/picture.h"
#include "base/test.h"
#include "base/test_picture.h"
#include "render/thumb.h"

static struct trial t;
static struct helper_pool *pool;

static int setup(void **state)
{
    struct helper_options options = {.workers = 1, .timeout_ms = 30000};
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

/* "WxH" of what came of it, "" when it was refused. */
static const char *tilted(Str picture, struct page_turn turn, uint32_t side)
{
    struct picture made;
    Str jpeg = {0};
    cx_forgive(&t.cx);
    if (thumb_draw(pool, &t.cx, (struct page_bytes){picture, 0}, turn, side, &jpeg) != OK) {
        return "";
    }
    assert_int_equal(picture_read(jpeg, &made), PICTURE_GOOD);
    assert_int_equal(made.kind, PICTURE_JPEG);
    assert_int_equal(made.orientation, 1);
    const char *said = arena_printf(t.arena, "%ux%u", made.width, made.height);
    return said;
}

static const char *sides(Str picture, int rotate_deg, uint32_t side)
{
    return tilted(picture, (struct page_turn){rotate_deg, 0}, side);
}

static void test_a_tilted_one_keeps_its_corners(void **state)
{
    Str square = made_jpeg(t.arena, 400, 400, 1);
    (void)state;
    /* cos 10 + sin 10 = 1.158 */
    assert_string_equal(tilted(square, (struct page_turn){0, 1000}, 1000), "463x463");
    assert_string_equal(tilted(square, (struct page_turn){0, -1000}, 1000), "463x463");
    assert_string_equal(tilted(square, (struct page_turn){0, TILT_MAX_CDEG + 1}, 1000), "");
}

static void test_it_fits_and_stands_upright(void **state)
{
    (void)state;
    assert_string_equal(sides(made_jpeg(t.arena, 800, 600, 1), 0, 200), "200x150");
    assert_string_equal(sides(made_jpeg(t.arena, 800, 600, 6), 0, 200), "150x200");
    assert_string_equal(sides(made_jpeg(t.arena, 800, 600, 6), 90, 200), "200x150");
    assert_string_equal(sides(made_jpeg(t.arena, 800, 600, 1), 180, 200), "200x150");
    assert_string_equal(sides(made_jpeg(t.arena, 80, 60, 1), 0, 200), "80x60"); /* never larger */
    assert_string_equal(sides(made_jpeg(t.arena, 3, 3000, 1), 0, 100), "1x100");
}

static void test_forty_million_dots(void **state)
{
    (void)state;
    assert_string_equal(sides(made_jpeg(t.arena, 7296, 5472, 8), 0, 360), "270x360");
}

static void test_what_is_no_picture_is_refused(void **state)
{
    Str whole = made_jpeg(t.arena, 80, 60, 1);
    (void)state;
    assert_string_equal(sides(STR("no picture"), 0, 100), "");
    assert_string_equal(t.cx.failure.code, "picture-unreadable");
    assert_string_equal(sides((Str){whole.p, whole.n / 2}, 0, 100), "");
    assert_string_equal(t.cx.failure.code, "picture-unreadable");
    assert_string_equal(sides(whole, 45, 100), "");
}

int main(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], "helper") == 0) {
        return helper_serve(HELPER_FD);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tilted_one_keeps_its_corners),
        cmocka_unit_test(test_it_fits_and_stands_upright),
        cmocka_unit_test(test_forty_million_dots),
        cmocka_unit_test(test_what_is_no_picture_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
