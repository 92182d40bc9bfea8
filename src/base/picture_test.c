/* Claims about reading pictures: what is taken, what is refused and why, for files as cameras write
 * them and as somebody who means harm does. */
#include "base/picture.h"
#include "base/test.h"
#include "base/test_picture.h"

static struct trial t;

static int setup(void **state)
{
    (void)state;
    trial_begin(&t);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    trial_end(&t);
    return 0;
}

static enum picture_fault fault_of(Str bytes)
{
    struct picture picture;
    return picture_read(bytes, &picture);
}

static void jpeg_and_png_are_known_with_their_size(void **state)
{
    struct picture picture;
    (void)state;
    assert_int_equal(picture_read(made_jpeg(t.arena, 640, 480, 0), &picture), PICTURE_GOOD);
    assert_int_equal(picture.kind, PICTURE_JPEG);
    assert_int_equal(picture.width, 640);
    assert_int_equal(picture.height, 480);
    assert_int_equal(picture.orientation, 1);
    assert_int_equal(picture_read(made_png(t.arena, 30, 20, 2, 200), &picture), PICTURE_GOOD);
    assert_int_equal(picture.kind, PICTURE_PNG);
    assert_int_equal(picture.width, 30);
    assert_int_equal(picture.height, 20);
}

static void progressive_jpeg_is_taken_and_lossless_and_arithmetic_are_not(void **state)
{
    (void)state;
    assert_int_equal(fault_of(made_jpeg_as(t.arena, 8, 8, 0, 0xc2)), PICTURE_GOOD);
    assert_int_equal(fault_of(made_jpeg_as(t.arena, 8, 8, 0, 0xc3)), PICTURE_UNKNOWN);
    assert_int_equal(fault_of(made_jpeg_as(t.arena, 8, 8, 0, 0xc9)), PICTURE_UNKNOWN);
}

static void orientation_is_read_and_nonsense_is_upright(void **state)
{
    struct picture picture;
    (void)state;
    for (int turn = 1; turn <= 8; turn++) {
        assert_int_equal(picture_read(made_jpeg(t.arena, 16, 8, turn), &picture), PICTURE_GOOD);
        assert_int_equal(picture.orientation, turn);
    }
    assert_int_equal(picture_read(made_jpeg(t.arena, 16, 8, 9), &picture), PICTURE_GOOD);
    assert_int_equal(picture.orientation, 1);
}

/* The same tag as a Motorola machine writes it. */
static void orientation_is_read_in_both_orders_of_bytes(void **state)
{
    struct picture picture;
    Str jpeg = made_jpeg(t.arena, 16, 8, 6);
    char *bytes = arena_copy(t.arena, jpeg.p, jpeg.n);
    (void)state;
    memcpy(bytes + 12, "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08", 20);
    assert_int_equal(picture_read((Str){bytes, jpeg.n}, &picture), PICTURE_GOOD);
    assert_int_equal(picture.orientation, 8);
    memcpy(bytes + 12, "MM\0*\xff\xff\xff\xf0", 8); /* its table lies outside */
    assert_int_equal(picture_read((Str){bytes, jpeg.n}, &picture), PICTURE_GOOD);
    assert_int_equal(picture.orientation, 1);
}

static void whatever_is_cut_off_is_never_good(void **state)
{
    const Str whole[] = {made_jpeg(t.arena, 64, 64, 6), made_png(t.arena, 64, 64, 6, 90)};
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        for (size_t n = 0; n < whole[k].n; n++) {
            char *exact = arena_copy(t.arena, whole[k].p, n);
            enum picture_fault fault = fault_of((Str){exact, n});
            assert_int_not_equal(fault, PICTURE_GOOD);
            assert_true(n < 8 || fault == PICTURE_CUT_OFF || fault == PICTURE_BROKEN);
        }
        assert_int_equal(fault_of((Str){whole[k].p, whole[k].n - 1}), PICTURE_CUT_OFF);
    }
}

static void a_changed_byte_of_a_png_is_found(void **state)
{
    Str png = made_png(t.arena, 40, 40, 2, 120);
    (void)state;
    for (size_t i = 0; i < png.n; i++) {
        char *bytes = arena_copy(t.arena, png.p, png.n);
        bytes[i] = (char)(bytes[i] ^ 0x10);
        assert_int_not_equal(fault_of((Str){bytes, png.n}), PICTURE_GOOD);
    }
}

/* Under the sanitizers: no byte outside is touched, whatever stands inside. */
static void any_changed_byte_of_a_jpeg_is_survived(void **state)
{
    Str jpeg = made_jpeg(t.arena, 40, 40, 6);
    unsigned good = 0;
    (void)state;
    for (size_t i = 0; i < jpeg.n; i++) {
        for (unsigned value = 0; value < 256; value += 5) {
            struct arena_mark mark = arena_mark(t.arena);
            char *bytes = arena_copy(t.arena, jpeg.p, jpeg.n);
            bytes[i] = (char)value;
            good += fault_of((Str){bytes, jpeg.n}) == PICTURE_GOOD;
            arena_rewind(t.arena, mark);
        }
    }
    assert_in_range(good, 1, jpeg.n * 52); /* a changed shade is no fault */
}

static void huge_sizes_are_refused_before_anything_is_unpacked(void **state)
{
    Str jpeg = made_jpeg(t.arena, 8, 8, 0);
    char *bytes = arena_copy(t.arena, jpeg.p, jpeg.n);
    char *frame = memmem(bytes, jpeg.n, "\xff\xc0", 2);
    Str rows = made_rows(t.arena, 8, 8, 0);
    (void)state;
    memcpy(frame + 5, "\xff\xff\xff\xff", 4);
    assert_int_equal(fault_of((Str){bytes, jpeg.n}), PICTURE_TOO_LARGE);
    memcpy(frame + 5, "\x40\0\x40\0", 4); /* 16384 by 16384 */
    assert_int_equal(fault_of((Str){bytes, jpeg.n}), PICTURE_TOO_LARGE);
    assert_int_equal(fault_of(made_png_of(t.arena, 30000, 30000, 8, 6, rows)), PICTURE_TOO_LARGE);
    assert_int_equal(fault_of(made_png_of(t.arena, 0x7fffffff, 1, 8, 0, rows)), PICTURE_TOO_LARGE);
    assert_int_equal(fault_of(made_png_of(t.arena, 5000, 7000, 8, 0, rows)), PICTURE_GOOD);
    memcpy(frame + 5, "\0\0\0\x08", 4);
    assert_int_equal(fault_of((Str){bytes, jpeg.n}), PICTURE_BROKEN);
    assert_int_equal(fault_of(made_png_of(t.arena, 0, 8, 8, 0, rows)), PICTURE_BROKEN);
}

static void nonsense_is_refused(void **state)
{
    Str rows = made_rows(t.arena, 8, 8, 0);
    Str jpeg = made_jpeg(t.arena, 8, 8, 0);
    struct buf twice;
    (void)state;
    assert_int_equal(fault_of(STR("")), PICTURE_UNKNOWN);
    assert_int_equal(fault_of(STR("%PDF-1.4 and so on")), PICTURE_UNKNOWN);
    assert_int_equal(fault_of((Str){"\0\0\0\x18"
                                    "ftypheic\0\0\0\0",
                                    16}),
                     PICTURE_HEIC);
    assert_int_equal(fault_of((Str){"\0\0\0\x18"
                                    "ftypmif1\0\0\0\0",
                                    16}),
                     PICTURE_HEIC);
    assert_int_equal(fault_of((Str){"\0\0\0\x18"
                                    "ftypmp42\0\0\0\0",
                                    16}),
                     PICTURE_UNKNOWN);
    assert_int_equal(fault_of((Str){"\0\0\0\x18"
                                    "ftyphei",
                                    11}),
                     PICTURE_UNKNOWN);
    assert_int_equal(fault_of(STR("GIF89a......")), PICTURE_UNKNOWN);
    assert_int_equal(fault_of(STR("\xff\xd8\xff\xd9")), PICTURE_BROKEN);
    assert_int_equal(fault_of(STR("\xff\xd8\xff\xff\xff\xff")), PICTURE_CUT_OFF);
    assert_int_equal(fault_of(made_png_of(t.arena, 8, 8, 3, 0, rows)), PICTURE_BROKEN);
    assert_int_equal(fault_of(made_png_of(t.arena, 8, 8, 8, 5, rows)), PICTURE_BROKEN);
    buf_init(&twice, t.arena, 4096); /* a second frame, and a picture inside the picture */
    buf_add(&twice, jpeg.p, jpeg.n - 2);
    buf_add(&twice, jpeg.p + 2, jpeg.n - 2);
    assert_int_equal(fault_of(buf_done(&twice)), PICTURE_BROKEN);
}

static void what_follows_the_end_is_no_matter(void **state)
{
    Str jpeg = made_jpeg(t.arena, 8, 8, 0);
    (void)state;
    Str more = str_printf(t.arena, "%*s", 64, "");
    char *bytes = arena_alloc(t.arena, jpeg.n + more.n);
    memcpy(bytes, jpeg.p, jpeg.n);
    memcpy(bytes + jpeg.n, more.p, more.n);
    assert_int_equal(fault_of((Str){bytes, jpeg.n + more.n}), PICTURE_GOOD);
}

static void a_png_that_unpacks_to_what_it_says_draws(void **state)
{
    (void)state;
    assert_true(picture_png_draws(made_png(t.arena, 300, 100, 6, 255), 2000));
    assert_true(picture_png_draws(made_png(t.arena, 2000, 2000, 2, 0), 2000));
    assert_true(picture_png_draws(made_png(t.arena, 1, 1, 0, 7), 2000));
    assert_false(picture_png_draws(made_png(t.arena, 2001, 1, 0, 7), 2000));
    assert_false(picture_png_draws(made_png(t.arena, 1, 301, 0, 7), 300));
    assert_false(picture_png_draws(made_png(t.arena, 8, 8, 3, 0), 2000)); /* no palette */
    assert_false(picture_png_draws(made_jpeg(t.arena, 8, 8, 0), 2000));
    assert_false(picture_png_draws(STR(""), 2000));
}

static void a_png_that_unpacks_to_anything_else_does_not(void **state)
{
    Str bomb = made_rows(t.arena, 100000, 1000, 0);
    (void)state;
    assert_false(picture_png_draws(made_png_of(t.arena, 8, 8, 8, 0, bomb), 2000));
    assert_false(picture_png_draws(made_png_of(t.arena, 8, 8, 8, 0, STR("no zlib")), 2000));
    for (uint32_t rows = 6; rows <= 10; rows++) {
        Str packed = made_rows(t.arena, 8, rows, 1);
        assert_int_equal(picture_png_draws(made_png_of(t.arena, 8, 8, 8, 0, packed), 2000),
                         rows == 8);
        packed.n -= 5; /* without its sum */
        assert_false(picture_png_draws(made_png_of(t.arena, 8, 8, 8, 0, packed), 2000));
    }
    Str one = made_rows(t.arena, 17, 4, 5); /* as rows of 9 bytes: every second filter is 5 */
    assert_false(picture_png_draws(made_png_of(t.arena, 8, 8, 8, 0, one), 2000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(jpeg_and_png_are_known_with_their_size, setup, teardown),
        cmocka_unit_test_setup_teardown(
            progressive_jpeg_is_taken_and_lossless_and_arithmetic_are_not, setup, teardown),
        cmocka_unit_test_setup_teardown(orientation_is_read_and_nonsense_is_upright, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(orientation_is_read_in_both_orders_of_bytes, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(whatever_is_cut_off_is_never_good, setup, teardown),
        cmocka_unit_test_setup_teardown(a_changed_byte_of_a_png_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(any_changed_byte_of_a_jpeg_is_survived, setup, teardown),
        cmocka_unit_test_setup_teardown(huge_sizes_are_refused_before_anything_is_unpacked, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(nonsense_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(what_follows_the_end_is_no_matter, setup, teardown),
        cmocka_unit_test_setup_teardown(a_png_that_unpacks_to_what_it_says_draws, setup, teardown),
        cmocka_unit_test_setup_teardown(a_png_that_unpacks_to_anything_else_does_not, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
