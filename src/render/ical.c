#include "render/ical.h"

#include <inttypes.h>
#include <time.h>

enum { LINE_OCTETS_MAX = 75, TEXT_BYTES_MAX = 16 * 1024 };

/* --- lines --- */

static bool continues_character(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

void ical_line(struct buf *out, const char *name, Str value)
{
    struct buf line;
    size_t from = 0;
    size_t room = LINE_OCTETS_MAX;
    buf_init(&line, out->arena, TEXT_BYTES_MAX * 2);
    buf_text(&line, name);
    buf_char(&line, ':');
    buf_str(&line, value);
    Str whole = buf_done(&line);
    while (whole.n - from > room) {
        size_t to = from + room;
        while (to > from && continues_character(whole.p[to])) {
            to--;
        }
        buf_add(out, whole.p + from, to - from);
        buf_text(out, "\r\n ");
        from = to;
        room = LINE_OCTETS_MAX - 1; /* the blank counts */
    }
    buf_add(out, whole.p + from, whole.n - from);
    buf_text(out, "\r\n");
}

Str ical_text(struct arena *arena, Str text)
{
    struct buf out;
    buf_init(&out, arena, TEXT_BYTES_MAX);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '\\' || c == ';' || c == ',') {
            buf_char(&out, '\\');
            buf_char(&out, c);
        } else if (c == '\n') {
            buf_text(&out, "\\n");
        } else if ((unsigned char)c >= 0x20 && c != 0x7F) {
            buf_char(&out, c);
        }
    }
    return buf_done(&out);
}

static void text_line(struct buf *out, const char *name, Str text)
{
    if (text.n > 0) {
        ical_line(out, name, ical_text(out->arena, text));
    }
}

/* --- times --- */

static void utc_line(struct buf *out, const char *name, Instant at)
{
    char text[32];
    struct tm parts;
    time_t seconds = (time_t)(at / 1000);
    if (gmtime_r(&seconds, &parts) != NULL &&
        strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts) > 0) {
        ical_line(out, name, str_of(text));
    }
}

static void day_line(struct buf *out, const char *name, Date day)
{
    struct day d = date_split(day);
    ical_line(out, name, str_printf(out->arena, "%04d%02d%02d", d.year, d.month, d.day));
}

static void local_line(struct buf *out, const char *name, Instant at)
{
    struct day d = date_split(instant_date(at));
    int minute = instant_minute_of_day(at);
    ical_line(out, name,
              str_printf(out->arena, "%04d%02d%02dT%02d%02d%02d", d.year, d.month, d.day,
                         minute / 60, minute % 60, (int)(at / 1000 % 60)));
}

static void zone_add(struct buf *out)
{
    static const struct {
        const char *name;
        const char *value;
    } lines[] = {{"BEGIN", "VTIMEZONE"},    {"TZID", "Asia/Shanghai"},
                 {"BEGIN", "STANDARD"},     {"DTSTART", "19910915T000000"},
                 {"TZOFFSETFROM", "+0800"}, {"TZOFFSETTO", "+0800"},
                 {"TZNAME", "CST"},         {"END", "STANDARD"},
                 {"END", "VTIMEZONE"}};

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        ical_line(out, lines[i].name, str_of(lines[i].value));
    }
}

/* --- the calendar --- */

void ical_begin(struct buf *out, Str name)
{
    ical_line(out, "BEGIN", STR("VCALENDAR"));
    ical_line(out, "VERSION", STR("2.0"));
    ical_line(out, "PRODID", STR("-//Tongsu//Calendar//ZH"));
    ical_line(out, "CALSCALE", STR("GREGORIAN"));
    ical_line(out, "METHOD", STR("PUBLISH"));
    text_line(out, "X-WR-CALNAME", name);
    ical_line(out, "X-WR-TIMEZONE", STR("Asia/Shanghai"));
    zone_add(out);
}

static void when_add(struct buf *out, const struct ical_event *event)
{
    if (event->timed) {
        local_line(out, "DTSTART;TZID=Asia/Shanghai", event->at);
        if (event->lasts_ms > 0) {
            local_line(out, "DTEND;TZID=Asia/Shanghai", event->at + event->lasts_ms);
        }
        return;
    }
    day_line(out, "DTSTART;VALUE=DATE", instant_date(event->at));
    day_line(out, "DTEND;VALUE=DATE", instant_date(event->at) + 1);
}

void ical_event_add(struct buf *out, Str host, const struct ical_event *event, Instant now)
{
    Instant first = date_start(date_of(2020, 1, 1));
    ical_line(out, "BEGIN", STR("VEVENT"));
    text_line(out, "UID", str_printf(out->arena, "%.*s@%.*s", STR_ARG(event->uid), STR_ARG(host)));
    utc_line(out, "DTSTAMP", now);
    utc_line(out, "LAST-MODIFIED", event->changed);
    ical_line(out, "SEQUENCE",
              str_printf(out->arena, "%" PRId64,
                         event->changed > first ? (event->changed - first) / 1000 : 0));
    when_add(out, event);
    text_line(out, "SUMMARY", event->summary);
    text_line(out, "DESCRIPTION", event->description);
    if (event->url.n > 0) {
        ical_line(out, "URL", event->url);
    }
    ical_line(out, "STATUS", event->cancelled ? STR("CANCELLED") : STR("CONFIRMED"));
    ical_line(out, "TRANSP", event->timed ? STR("OPAQUE") : STR("TRANSPARENT"));
    ical_line(out, "END", STR("VEVENT"));
}

void ical_end(struct buf *out)
{
    ical_line(out, "END", STR("VCALENDAR"));
}
