#include "base/test.h"
#include "render/ical.h"

static Str line_of(struct arena *arena, const char *name, Str value)
{
    struct buf out;
    buf_init(&out, arena, 1 << 16);
    ical_line(&out, name, value);
    return buf_done(&out);
}

/* Every physical line at most 75 octets of whole characters, CR LF behind it; unfolded it is what
 * went in. */
static void folded_is_sound(struct arena *arena, const char *name, Str value)
{
    Str folded = line_of(arena, name, value);
    struct buf again;
    size_t from = 0;
    buf_init(&again, arena, 1 << 16);
    while (from < folded.n) {
        const char *end = strstr(folded.p + from, "\r\n");
        assert_non_null(end);
        size_t n = (size_t)(end - (folded.p + from));
        assert_true(n <= 75);
        assert_true(utf8_is_valid(folded.p + from, n));
        size_t blank = from == 0 ? 0 : 1;
        assert_true(blank == 0 || folded.p[from] == ' ');
        buf_add(&again, folded.p + from + blank, n - blank);
        from += n + 2;
    }
    assert_true(str_same(buf_done(&again), str_printf(arena, "%s:%s", name, value.p)));
}

static void lines_are_folded_between_characters(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    for (size_t n = 0; n < 200; n++) {
        struct buf ascii;
        struct buf wide;
        buf_init(&ascii, t.arena, 4096);
        buf_init(&wide, t.arena, 4096);
        for (size_t i = 0; i < n; i++) {
            buf_char(&ascii, (char)('a' + (char)(i % 26)));
            buf_text(&wide, i % 3 == 0 ? "𠮷" : i % 3 == 1 ? "期" : "é");
        }
        folded_is_sound(t.arena, "SUMMARY", buf_done(&ascii));
        folded_is_sound(t.arena, "SUMMARY", buf_done(&wide));
        arena_reset(t.arena);
    }
    trial_end(&t);
}

static void seventy_five_octets_are_not_folded(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Str value = STR("1234567890123456789012345678901234567890123456789012345678901234567"); /* 67 */
    assert_int_equal(line_of(t.arena, "SUMMARY", value).n, 75 + 2);
    assert_int_equal(line_of(t.arena, "SUMMARYS", value).n, 76 + 2 + 3);
    trial_end(&t);
}

static void text_is_escaped(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    assert_true(str_is(ical_text(t.arena, STR("a,b;c\\d\r\ne\x01:\"f")), "a\\,b\\;c\\\\d\\ne:\"f"));
    trial_end(&t);
}

static Str event_of(struct arena *arena, bool timed, bool cancelled)
{
    struct buf out;
    struct ical_event event = {.uid = STR("clock-1-2"),
                               .summary = STR("补正期限, 第2次"),
                               .at = date_end(date_of(2026, 3, 9)),
                               .timed = timed,
                               .lasts_ms = HOUR_MS,
                               .changed = date_start(date_of(2026, 3, 1)),
                               .cancelled = cancelled};
    event.at = timed ? date_start(date_of(2026, 3, 9)) + 10 * HOUR_MS : event.at;
    buf_init(&out, arena, 1 << 16);
    ical_event_add(&out, STR("court.example"), &event, date_start(date_of(2026, 3, 2)));
    return buf_done(&out);
}

static void a_day_ends_with_the_next_and_an_hour_names_its_zone(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Str day = event_of(t.arena, false, false);
    assert_true(str_has(day, "DTSTART;VALUE=DATE:20260309\r\nDTEND;VALUE=DATE:20260310\r\n"));
    assert_true(str_has(day, "UID:clock-1-2@court.example\r\nDTSTAMP:20260301T160000Z\r\n"));
    assert_true(str_has(day, "SUMMARY:补正期限\\, 第2次\r\n"));
    assert_true(str_has(day, "STATUS:CONFIRMED\r\n"));
    Str hour = event_of(t.arena, true, true);
    assert_true(str_has(hour, "DTSTART;TZID=Asia/Shanghai:20260309T100000\r\n"));
    assert_true(str_has(hour, "DTEND;TZID=Asia/Shanghai:20260309T110000\r\n"));
    assert_true(str_has(hour, "STATUS:CANCELLED\r\n"));
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_folded_between_characters),
        cmocka_unit_test(seventy_five_octets_are_not_folded),
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(a_day_ends_with_the_next_and_an_hour_names_its_zone),
    };
    return cmocka_run_group_tests_name("render/ical", tests, NULL, NULL);
}
