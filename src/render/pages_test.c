/* Claims about joining pages: what the PDF holds, which way up, who is refused by number, and what
 * it costs. The test is its own helper. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/test.h"
#include "base/test_picture.h"
#include "render/pages.h"
#include "render/test_helper.h"

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

/* --- pages of a test, and what becomes of them --- */

struct trial_pages {
    Str pages[PAGES_MAX];
    struct page_turn turns[PAGES_MAX];
    uint32_t sheets[PAGES_MAX];
    bool same[PAGES_MAX];
    uint32_t count;
    uint32_t kill_at; /* the helper is killed when this page is asked for; 0: never */
    uint32_t killed;
    struct buf pdf;
    size_t total; /* bytes of pieces that are only counted */
    uint32_t broken;
    enum page_fault fault;
};

static enum status page_of_trial(struct cx *cx, void *arg, uint32_t i, struct page_given *out)
{
    struct trial_pages *p = arg;
    (void)cx;
    *out = (struct page_given){
        .bytes = p->pages[i], .turn = p->turns[i], .sheet = p->sheets[i], .same = p->same[i]};
    if (p->kill_at == i + 1) {
        p->killed++;
        assert_int_equal(kill(helper_pid(), SIGKILL), 0);
    }
    return OK;
}

static enum status piece_of_trial(struct cx *cx, void *arg, const void *bytes, size_t size)
{
    struct trial_pages *p = arg;
    (void)cx;
    buf_add(&p->pdf, bytes, size);
    return OK;
}

static struct trial_pages *pages_new(void)
{
    struct trial_pages *p = arena_new(t.arena, struct trial_pages);
    buf_init(&p->pdf, t.arena, MADE_BYTES_MAX);
    return p;
}

static void page_put(struct trial_pages *p, Str bytes, int rotate_deg)
{
    p->pages[p->count] = bytes;
    p->turns[p->count++] = (struct page_turn){rotate_deg, 0};
}

static enum status join(struct trial_pages *p)
{
    struct page_source source = {.count = p->count, .read = page_of_trial, .arg = p};
    struct page_sink sink = {STR("借条"), INT64_C(1767225600000), piece_of_trial, p};
    p->pdf.n = 0;
    return pages_join(pool, &t.cx, &source, &sink, &p->broken, &p->fault);
}

static enum page_fault *check_all(struct trial_pages *p)
{
    struct page_source source = {.count = p->count, .read = page_of_trial, .arg = p};
    enum page_fault *faults = arena_array(t.arena, enum page_fault, p->count);
    assert_int_equal(pages_check(pool, &t.cx, &source, faults), OK);
    return faults;
}

/* What a command prints about the PDF. */
static Str output_of(const struct trial_pages *p, const char *command)
{
    char path[] = "/tmp/tongsu-pages-XXXXXX";
    char line[256];
    struct buf out;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, p->pdf.p, p->pdf.n), p->pdf.n);
    (void)close(fd);
    (void)snprintf(line, sizeof line, "%s %s", command, path);
    FILE *pipe = popen(line, "r"); /* NOLINT(cert-env33-c): a test, and the command is ours */
    assert_non_null(pipe);
    buf_init(&out, t.arena, MADE_BYTES_MAX);
    char piece[4096];
    for (size_t n = fread(piece, 1, sizeof piece, pipe); n > 0; n = fread(piece, 1, 4096, pipe)) {
        buf_add(&out, piece, n);
    }
    assert_int_equal(pclose(pipe), 0);
    (void)unlink(path);
    return buf_done(&out);
}

static uint32_t pages_of(const struct trial_pages *p)
{
    Str about = output_of(p, "pdfinfo");
    const char *line = strstr(about.p, "Pages:");
    assert_non_null(line);
    return (uint32_t)strtoul(line + 6, NULL, 10);
}

/* --- what the PDF holds --- */

static void pages_are_joined_in_order_and_the_jpegs_are_the_very_bytes(void **state)
{
    struct trial_pages *p = pages_new();
    Str first = made_jpeg(t.arena, 640, 480, 0);
    Str third = made_jpeg(t.arena, 400, 600, 6);
    (void)state;
    page_put(p, first, 0);
    page_put(p, made_png(t.arena, 100, 200, 2, 180), 0);
    page_put(p, third, 0);
    assert_int_equal(join(p), OK);
    assert_int_equal(p->fault, PAGE_GOOD);
    assert_int_equal(pages_of(p), 3);
    const char *at = memmem(p->pdf.p, p->pdf.n, first.p, first.n);
    assert_non_null(at);
    assert_non_null(memmem(at, p->pdf.n - (size_t)(at - p->pdf.p), third.p, third.n));
}

static void the_same_pages_give_the_same_bytes(void **state)
{
    struct trial_pages *p = pages_new();
    (void)state;
    page_put(p, made_jpeg(t.arena, 64, 48, 3), 90);
    page_put(p, made_png(t.arena, 64, 48, 6, 99), 270);
    assert_int_equal(join(p), OK);
    Str first = str_copy(t.arena, p->pdf.p, p->pdf.n);
    assert_int_equal(join(p), OK);
    assert_true(str_same(first, (Str){p->pdf.p, p->pdf.n}));
}

/* Where the dark corner stands on the page: 0 upper left, 1 upper right, 2 lower right, 3 lower
 * left. lies: whether the page is wider than high. */
static int corner_of(const struct trial_pages *p, bool *lies)
{
    Str ppm = output_of(p, "pdftoppm -gray -r 36");
    unsigned long width = 0;
    unsigned long height = 0;
    char *end = NULL;
    assert_true(str_starts(ppm, "P5"));
    width = strtoul(ppm.p + 2, &end, 10);
    height = strtoul(end, &end, 10);
    assert_int_equal(strtoul(end, &end, 10), 255);
    const unsigned char *dots = (const unsigned char *)end + 1;
    *lies = width > height;
    /* Just inside the picture, whose proportions leave white beside it. */
    unsigned long picture_w = *lies ? height * 5 / 4 : width;
    unsigned long picture_h = *lies ? height : width * 5 / 4;
    unsigned long left = (width - picture_w) / 2 + 8;
    unsigned long top = (height - picture_h) / 2 + 8;
    const unsigned long xs[] = {left, width - left, width - left, left};
    const unsigned long ys[] = {top, top, height - top, height - top};
    int found = -1;
    for (int i = 0; i < 4; i++) {
        if (dots[ys[i] * width + xs[i]] < 80) {
            assert_int_equal(found, -1);
            found = i;
        }
    }
    return found;
}

static void exif_and_the_persons_turning_are_both_honoured(void **state)
{
    /* Corner of the stored upper left, after turning as Exif counts. */
    static const int corners[] = {0, 1, 2, 3, 0, 1, 2, 3};
    (void)state;
    for (int turn = 1; turn <= 8; turn++) {
        for (int rotate = 0; rotate < 360; rotate += 90) {
            struct arena_mark mark = arena_mark(t.arena);
            struct trial_pages *p = pages_new();
            bool lies = false;
            page_put(p, made_jpeg(t.arena, 40, 32, turn), rotate);
            assert_int_equal(join(p), OK);
            assert_int_equal(p->fault, PAGE_GOOD);
            int corner = corner_of(p, &lies);
            assert_int_equal(corner, (corners[turn - 1] + rotate / 90) % 4);
            assert_int_equal(lies, (turn < 5) == (rotate % 180 == 0));
            arena_rewind(t.arena, mark);
        }
    }
}

static void what_shows_through_is_laid_on_white(void **state)
{
    struct trial_pages *p = pages_new();
    (void)state;
    page_put(p, made_png(t.arena, 20, 20, 6, 0), 0); /* black, wholly transparent */
    assert_int_equal(join(p), OK);
    Str ppm = output_of(p, "pdftoppm -gray -r 12");
    assert_null(memchr(ppm.p + 16, '\0', ppm.n - 16));
    assert_int_equal((unsigned char)ppm.p[ppm.n / 2], 255);
}

/* --- who is refused --- */

static void a_broken_page_is_named_by_its_number_and_the_next_join_is_whole(void **state)
{
    struct trial_pages *p = pages_new();
    Str good = made_jpeg(t.arena, 64, 64, 0);
    (void)state;
    page_put(p, good, 0);
    page_put(p, good, 0);
    page_put(p, (Str){good.p, good.n / 2}, 0);
    page_put(p, good, 0);
    assert_int_equal(join(p), OK);
    assert_int_equal(p->fault, PAGE_CUT_OFF);
    assert_int_equal(p->broken, 2);
    p->pages[2] = good;
    assert_int_equal(join(p), OK);
    assert_int_equal(p->fault, PAGE_GOOD);
    assert_int_equal(pages_of(p), 4);
    assert_int_equal(helper_pool_counts(pool).faults, 0);
}

static void checking_names_every_broken_page(void **state)
{
    struct trial_pages *p = pages_new();
    Str good = made_jpeg(t.arena, 64, 64, 0);
    Str rows = made_rows(t.arena, 8, 8, 0);
    (void)state;
    page_put(p, STR("no picture"), 0);
    page_put(p, good, 0);
    page_put(p, (Str){good.p, good.n - 1}, 0);
    page_put(p, made_png_of(t.arena, 30000, 30000, 8, 2, rows), 0);
    page_put(p, made_png(t.arena, 5, 5, 0, 1), 0);
    const enum page_fault *faults = check_all(p);
    assert_int_equal(faults[0], PAGE_UNKNOWN);
    assert_int_equal(faults[1], PAGE_GOOD);
    assert_int_equal(faults[2], PAGE_CUT_OFF);
    assert_int_equal(faults[3], PAGE_TOO_LARGE);
    assert_int_equal(faults[4], PAGE_GOOD);
    assert_string_equal(page_fault_text(t.arena, faults[0], 3).p,
                        "第3页不是可以识别的图片，请用JPG或PNG图片");
}

/* All sums hold, but what is packed is not what the head says: only drawing can find that. */
static void a_png_that_unpacks_to_nonsense_is_refused_when_drawn(void **state)
{
    static const char *const bad[] = {"no zlib at all", "\x78\x9c\x03\x00"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct trial_pages *p = pages_new();
        page_put(p, made_jpeg(t.arena, 8, 8, 0), 0);
        page_put(p, made_png_of(t.arena, 900, 900, 8, 2, str_of(bad[i])), 0);
        assert_int_equal(join(p), OK);
        assert_int_equal(p->fault, PAGE_BROKEN);
        assert_int_equal(p->broken, 1);
    }
    assert_int_equal(helper_pool_counts(pool).faults, 0);
}

/* A hundred kilobytes that unpack to the most that is allowed, and to far more than they say. */
static void bombs_do_not_go_off(void **state)
{
    struct trial_pages *p = pages_new();
    (void)state;
    page_put(p, made_png_of(t.arena, 8, 8, 8, 0, made_rows(t.arena, 100000, 1000, 0)), 0);
    page_put(p, made_png(t.arena, 6000, 6600, 0, 255), 0);
    assert_int_equal(join(p), OK);
    assert_true(p->fault == PAGE_GOOD || (p->fault == PAGE_BROKEN && p->broken == 0));
    assert_in_range(p->pdf.n, 0, 4 << 20);
}

static void all_pages_together_have_a_limit(void **state)
{
    struct trial_pages *p = pages_new();
    Str sheet = made_png_of(t.arena, 6000, 6600, 8, 0, STR("x"));
    (void)state;
    for (int i = 0; i < 80; i++) {
        page_put(p, sheet, 0);
    }
    const enum page_fault *faults = check_all(p); /* 39.6 million dots each */
    assert_int_equal(faults[74], PAGE_GOOD);
    assert_int_equal(faults[75], PAGES_TOO_LARGE);
}

/* --- helpers that die --- */

static void a_helper_that_dies_over_a_page_makes_it_broken(void **state)
{
    struct trial_pages *p = pages_new();
    Str good = made_jpeg(t.arena, 64, 64, 0);
    (void)state;
    for (int i = 0; i < 4; i++) {
        page_put(p, good, 0);
    }
    p->kill_at = 3;
    assert_int_equal(join(p), OK);
    assert_int_equal(p->fault, PAGE_BROKEN);
    assert_int_equal(p->broken, 2);
    assert_int_equal(t.cx.failure.status, OK);
    const enum page_fault *faults = check_all(p); /* dies, and once more */
    assert_int_equal(p->killed, 3);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(faults[i], i == 2 ? PAGE_BROKEN : PAGE_GOOD);
    }
}

static enum status sink_full(struct cx *cx, void *arg, const void *bytes, size_t size)
{
    (void)arg;
    (void)bytes;
    return FAIL(cx, E_TOO_LARGE, "too-large", "no room for %zu", size);
}

static void a_sink_that_is_full_ends_the_join_with_its_failure(void **state)
{
    struct trial_pages *p = pages_new();
    struct page_source source = {.count = 1, .read = page_of_trial, .arg = p};
    struct page_sink sink = {STR("借条"), 0, sink_full, NULL};
    (void)state;
    page_put(p, made_png(t.arena, 2000, 3000, 2, 7), 0);
    assert_int_equal(pages_join(pool, &t.cx, &source, &sink, &p->broken, &p->fault), E_TOO_LARGE);
    assert_string_equal(t.cx.failure.code, "too-large");
    cx_forgive(&t.cx);
    assert_int_equal(join(p), OK); /* by another helper */
    assert_int_equal(pages_of(p), 1);
}

/* --- what it costs --- */

static enum status piece_of_count(struct cx *cx, void *arg, const void *bytes, size_t size)
{
    struct trial_pages *p = arg;
    (void)cx;
    (void)bytes;
    p->total += size;
    return OK;
}

static void three_hundred_scans_are_one_pdf_in_little_memory(void **state)
{
    struct trial_pages *p = pages_new();
    /* A4 at 300 dots an inch, padded by a comment to what such a scan has. */
    Str scan = made_jpeg(t.arena, 2480, 3508, 0);
    struct buf padded;
    (void)state;
    buf_init(&padded, t.arena, MADE_BYTES_MAX);
    buf_add(&padded, scan.p, 2);
    for (int i = 0; i < 10; i++) {
        buf_add(&padded, "\xff\xfe\xff\xff", 4);
        for (int k = 0; k < 65533; k++) {
            buf_char(&padded, 'x');
        }
    }
    buf_add(&padded, scan.p + 2, scan.n - 2);
    Str page = buf_done(&padded);
    for (int i = 0; i < 300; i++) {
        page_put(p, page, i % 4 * 90);
    }
    struct page_source source = {.count = p->count, .read = page_of_trial, .arg = p};
    struct page_sink sink = {STR("案卷"), 0, piece_of_count, p};
    assert_int_equal(pages_join(pool, &t.cx, &source, &sink, &p->broken, &p->fault), OK);
    assert_int_equal(p->fault, PAGE_GOOD);
    assert_in_range(p->total, 300 * page.n, 300 * page.n + 1000000);
    assert_in_range(helper_peak_kb(), 1, IS_SANITIZED ? 600000 : 60000);
}

int main(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], "helper") == 0) {
        return helper_serve(HELPER_FD);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pages_are_joined_in_order_and_the_jpegs_are_the_very_bytes,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_pages_give_the_same_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(exif_and_the_persons_turning_are_both_honoured, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_shows_through_is_laid_on_white, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_broken_page_is_named_by_its_number_and_the_next_join_is_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(checking_names_every_broken_page, setup, teardown),
        cmocka_unit_test_setup_teardown(a_png_that_unpacks_to_nonsense_is_refused_when_drawn, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(bombs_do_not_go_off, setup, teardown),
        cmocka_unit_test_setup_teardown(all_pages_together_have_a_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(a_helper_that_dies_over_a_page_makes_it_broken, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_sink_that_is_full_ends_the_join_with_its_failure, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(three_hundred_scans_are_one_pdf_in_little_memory, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
