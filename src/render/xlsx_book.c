/* What a sheet leans on: which one it is, the texts that cells share, which styles are dates. */
#include <string.h>

#include "render/xlsx_int.h"

enum { STRINGS_MAX = 1000000, STYLES_MAX = 65536, FORMATS_MAX = 4096 };

static enum status unreadable(struct cx *cx, const char *why)
{
    return FAIL(cx, E_INPUT, "sheet-unreadable", "%s", why);
}

/* Runs `take` over the nodes of a part; what is missing is passed over. */
static enum status part_walk(struct cx *cx, zip_t *zip, const char *name,
                             enum status (*take)(struct xlsx_part *part, void *arg), void *arg)
{
    struct xlsx_part part;
    bool more = true;
    enum status status = xlsx_part_open(cx, zip, name, &part);
    while (status == OK && part.reader != NULL && more) {
        status = xlsx_part_next(&part, &more);
        if (status == OK && more) {
            status = take(&part, arg);
        }
        status = status == OK ? cx_ceiling(cx, __FILE__, __LINE__) : status;
    }
    xlsx_part_close(&part);
    return status;
}

/* --- which sheet --- */

struct choosing {
    struct xlsx_book *book;
    Str id; /* of the first that is shown */
    uint32_t sheets;
};

static enum status sheet_choose(struct xlsx_part *part, void *arg)
{
    struct choosing *c = arg;
    if (xlsx_is_start(part, "workbookPr")) {
        Str from = xlsx_attribute(part, "date1904");
        c->book->from_1904 = str_is(from, "1") || str_is(from, "true");
    }
    if (xlsx_is_start(part, "sheet")) {
        bool hidden = xlsx_attribute(part, "state").n > 0 &&
                      !str_is(xlsx_attribute(part, "state"), "visible");
        bool help = str_is(xlsx_attribute(part, "name"), XLSX_HELP_SHEET);
        c->sheets += !help;
        if (!hidden && !help && c->id.n == 0) {
            c->id = xlsx_attribute(part, "id");
        }
    }
    return OK;
}

static enum status sheet_find(struct xlsx_part *part, void *arg)
{
    struct choosing *c = arg;
    if (!xlsx_is_start(part, "Relationship") || !str_same(xlsx_attribute(part, "Id"), c->id)) {
        return OK;
    }
    Str target = xlsx_attribute(part, "Target");
    if (str_is(xlsx_attribute(part, "TargetMode"), "External")) {
        return unreadable(part->cx, "a sheet outside of the file");
    }
    c->book->path = target.n > 0 && target.p[0] == '/'
                        ? str_slice(part->cx->arena, target, 1, target.n)
                        : str_printf(part->cx->arena, "xl/%s", target.p);
    return OK;
}

/* --- shared texts --- */

static enum status string_take(struct xlsx_part *part, void *arg)
{
    struct xlsx_strings *strings = arg;
    struct cx *cx = part->cx;
    if (!xlsx_is_start(part, "si")) {
        return OK;
    }
    if (strings->count == STRINGS_MAX) {
        return unreadable(cx, "too many texts");
    }
    if (strings->count == strings->room) {
        uint32_t room = strings->room == 0 ? 1024 : strings->room * 2;
        Str *texts = arena_array(cx->arena, Str, room);
        if (strings->count > 0) {
            memcpy(texts, strings->texts, strings->count * sizeof *texts);
        }
        strings->texts = texts;
        strings->room = room;
    }
    return xlsx_text(part, &strings->texts[strings->count++]);
}

/* --- styles --- */

struct styling {
    struct xlsx_book *book;
    int64_t dates[FORMATS_MAX]; /* numbers of own formats that show a day */
    uint32_t date_count;
    bool in_cells; /* cellXfs */
};

/* y or d outside of quotes, brackets and escapes: 0.00 and h:mm show no day. */
static bool shows_day(Str format)
{
    bool quoted = false;
    bool bracketed = false;
    for (size_t i = 0; i < format.n; i++) {
        char c = format.p[i];
        quoted = c == '"' ? !quoted : quoted;
        bracketed = c == '[' ? true : (c == ']' ? false : bracketed);
        if (c == '\\') {
            i++;
        } else if (!quoted && !bracketed && strchr("yYdD", c) != NULL) {
            return true;
        }
    }
    return false;
}

static bool is_built_in_day(int64_t format)
{
    return (format >= 14 && format <= 17) || format == 22 || (format >= 27 && format <= 31) ||
           format == 36 || (format >= 50 && format <= 54) || format == 57 || format == 58;
}

static bool is_day(const struct styling *s, int64_t format)
{
    for (uint32_t i = 0; i < s->date_count; i++) {
        if (s->dates[i] == format) {
            return true;
        }
    }
    return is_built_in_day(format);
}

static enum status style_take(struct xlsx_part *part, void *arg)
{
    struct styling *s = arg;
    int64_t format = 0;
    if (xlsx_is_start(part, "numFmt") && s->date_count < FORMATS_MAX &&
        shows_day(xlsx_attribute(part, "formatCode")) &&
        str_int(xlsx_attribute(part, "numFmtId"), &format)) {
        s->dates[s->date_count++] = format;
    }
    if (xlsx_is_start(part, "cellXfs")) {
        s->in_cells = true;
        s->book->is_date = arena_array(part->cx->arena, bool, STYLES_MAX);
    } else if (xlsx_is_end(part, "cellXfs")) {
        s->in_cells = false;
    } else if (s->in_cells && xlsx_is_start(part, "xf") && s->book->style_count < STYLES_MAX) {
        (void)str_int(xlsx_attribute(part, "numFmtId"), &format);
        s->book->is_date[s->book->style_count++] = is_day(s, format);
    }
    return OK;
}

/* --- together --- */

enum status xlsx_book_read(struct cx *cx, zip_t *zip, struct xlsx_book *out)
{
    *out = (struct xlsx_book){.path = {"", 0}};
    struct choosing choosing = {.book = out, .id = {"", 0}};
    struct styling *styling = arena_new(cx->arena, struct styling);
    styling->book = out;
    TRY(part_walk(cx, zip, "xl/workbook.xml", sheet_choose, &choosing));
    if (choosing.id.n == 0) {
        return unreadable(cx, "no sheet that is shown");
    }
    out->others = choosing.sheets - 1;
    TRY(part_walk(cx, zip, "xl/_rels/workbook.xml.rels", sheet_find, &choosing));
    TRY(part_walk(cx, zip, "xl/sharedStrings.xml", string_take, &out->strings));
    return part_walk(cx, zip, "xl/styles.xml", style_take, styling);
}
