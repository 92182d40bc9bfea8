#include "law/tables.h"

#include <stdlib.h>

#include "base/check.h"
#include "law/table_build.h"
#include "law/table_read.h"

/* Twice what reading 15,000 courts takes. */
#define SCRATCH_BYTES ((size_t)128 << 20)

Str table_keep(struct table_build *b, Str text)
{
    return text.n == 0 ? STR("") : str_copy(b->arena, text.p, text.n);
}

Str table_initials(struct table_build *b, Str name)
{
    return pinyin_initials(b->arena, b->pinyin, name);
}

int table_list(const int *order, int count, bool (*keep)(const void *arg, int id), const void *arg,
               int offset, int *out, int max)
{
    int written = 0;
    for (int i = 0; i < count && written < max; i++) {
        int id = order == NULL ? i : order[i];
        if (!keep(arg, id)) {
            continue;
        }
        if (offset > 0) {
            offset -= 1;
        } else {
            out[written++] = id;
        }
    }
    return written;
}

/* --- the calendar --- */
enum { DAY_DATE, DAY_KIND, DAY_NAME };

static const char *const DAY_COLUMNS[] = {"date", "kind", "name", NULL};

/* A statutory day is certain to be free, but says nothing of the days in lieu around it: it does
 * not make its year an arranged one. */
static enum status day_kind(const struct table *table, int row, enum calendar_kind *kind,
                            bool *arranged)
{
    Str text = table_cell(table, row, DAY_KIND);
    *kind = str_is(text, "workday") ? CALENDAR_WORK : CALENDAR_REST;
    *arranged = !str_is(text, "statutory");
    if (str_is(text, "workday") || str_is(text, "holiday") || str_is(text, "statutory")) {
        return OK;
    }
    return table_fault(table, row, "a day is a holiday, a workday or statutory", text);
}

enum status calendar_table_build(struct table_build *b, Str holidays_csv)
{
    struct cx *cx = b->cx;
    struct law_tables *tables = b->tables;
    struct table table;
    TRY(table_open(cx, "holidays.csv", holidays_csv, DAY_COLUMNS, &table));
    struct calendar_day *days = arena_array(b->arena, struct calendar_day, table.rows + 1);
    for (int row = 0; row < table.rows; row++) {
        struct calendar_day *day = &days[row];
        bool arranged = false;
        TRY(table_date(&table, row, DAY_DATE, false, &day->date));
        TRY(day_kind(&table, row, &day->kind, &arranged));
        day->name = table_keep(b, table_cell(&table, row, DAY_NAME));
        if (row > 0 && day->date <= days[row - 1].date) {
            return table_fault(&table, row, "a date out of order",
                               table_cell(&table, row, DAY_DATE));
        }
        int year = date_split(day->date).year;
        if (arranged && tables->calendar_from_year == 0) {
            tables->calendar_from_year = year;
        }
        tables->calendar_to_year = arranged ? year : tables->calendar_to_year;
    }
    tables->calendar = days;
    tables->calendar_count = table.rows;
    return OK;
}

/* --- opening hours --- */
enum {
    HOURS_COURT,
    HOURS_FROM,
    HOURS_AM_START,
    HOURS_AM_END,
    HOURS_PM_START,
    HOURS_PM_END,
    HOURS_WEEKDAY,
};

static const char *const HOURS_COLUMNS[] = {"court",    "valid_from", "am_start", "am_end",
                                            "pm_start", "pm_end",     "?weekday", NULL};

/* HH:MM, or "" for 0. */
static enum status minutes_read(const struct table *table, int row, int column, int *out)
{
    Str text = table_cell(table, row, column);
    *out = 0;
    if (text.n == 0) {
        return OK;
    }
    for (size_t i = 0; i < text.n; i++) {
        bool fits = i == 2 ? text.p[i] == ':' : text.p[i] >= '0' && text.p[i] <= '9';
        if (!fits || text.n != 5) {
            return table_fault(table, row, "a time is written HH:MM", text);
        }
    }
    int hour = (text.p[0] - '0') * 10 + text.p[1] - '0';
    int minute = (text.p[3] - '0') * 10 + text.p[4] - '0';
    if (hour > 24 || minute > 59 || hour * 60 + minute > 24 * 60) {
        return table_fault(table, row, "no such time of day", text);
    }
    *out = hour * 60 + minute;
    return OK;
}

/* "": every day; 1 to 7; "day": on valid_from alone. A table without the column has every day. */
static enum status weekday_read(const struct table *table, int row, struct court_hours *out)
{
    Str text = table_cell(table, row, HOURS_WEEKDAY);
    out->weekday = HOURS_ANY_DAY;
    if (text.n == 0) {
        return OK;
    }
    if (str_is(text, "day")) {
        out->weekday = HOURS_THAT_DAY;
        return out->valid_from == DATE_NONE ? table_fault(table, row, "a day without a date", text)
                                            : OK;
    }
    if (text.n != 1 || text.p[0] < '1' || text.p[0] > '7') {
        return table_fault(table, row, "a weekday is 1 (Monday) to 7, or day", text);
    }
    out->weekday = text.p[0] - '0';
    return OK;
}

static enum status hours_read(struct table_build *b, const struct table *table, int row,
                              struct court_hours *out)
{
    struct cx *cx = b->cx;
    Str court = table_cell(table, row, HOURS_COURT);
    bool is_province = utf8_count(court) == 1;
    if (court.n > 0 && !is_province && b->tables->court_count > 0 &&
        court_by_code(b->tables, court) == NULL) {
        return table_fault(table, row, "no such court", court);
    }
    out->court = table_keep(b, court);
    TRY(table_date(table, row, HOURS_FROM, true, &out->valid_from));
    TRY(weekday_read(table, row, out));
    TRY(minutes_read(table, row, HOURS_AM_START, &out->am_start));
    TRY(minutes_read(table, row, HOURS_AM_END, &out->am_end));
    TRY(minutes_read(table, row, HOURS_PM_START, &out->pm_start));
    TRY(minutes_read(table, row, HOURS_PM_END, &out->pm_end));
    if (out->am_start > out->am_end || out->pm_start > out->pm_end ||
        (out->pm_start < out->pm_end && out->am_end > out->pm_start)) {
        return table_fault(table, row, "hours that do not follow each other", court);
    }
    return OK;
}

static int hours_order(const void *a, const void *b)
{
    const struct court_hours *left = a;
    const struct court_hours *right = b;
    int order = str_compare(left->court, right->court);
    if (order != 0) {
        return order;
    }
    if (left->valid_from != right->valid_from) {
        return left->valid_from < right->valid_from ? -1 : 1;
    }
    return left->weekday - right->weekday;
}

enum status hours_table_build(struct table_build *b, Str hours_csv)
{
    struct cx *cx = b->cx;
    struct table table;
    TRY(table_open(cx, "hours.csv", hours_csv, HOURS_COLUMNS, &table));
    struct court_hours *hours = arena_array(b->arena, struct court_hours, table.rows + 1);
    for (int row = 0; row < table.rows; row++) {
        TRY(hours_read(b, &table, row, &hours[row]));
    }
    qsort(hours, (size_t)table.rows, sizeof *hours, hours_order);
    for (int i = 1; i < table.rows; i++) {
        if (hours_order(&hours[i - 1], &hours[i]) == 0) {
            return FAIL(cx, E_READ, "data-unreadable",
                        "hours.csv: two rows for \"%s\" from the same day", hours[i].court.p);
        }
    }
    b->tables->hours = hours;
    b->tables->hours_count = table.rows;
    return OK;
}

/* --- fees --- */
enum { FEE_PROVINCE, FEE_DIVORCE, FEE_PERSONALITY, FEE_OTHER, FEE_IP, FEE_OBJECTION, FEE_NONE };

static const char *const FEE_COLUMNS[] = {
    "province",         "divorce", "personality", "other", "ip", "jurisdiction_objection",
    "enforcement_none", NULL};

static enum status money_read(const struct table *table, int row, int column, Money *out)
{
    Str text = table_cell(table, row, column);
    if (!money_parse(table->cx->arena, text, out) || *out < 0) {
        return table_fault(table, row, "not an amount in yuan", text);
    }
    return OK;
}

enum status fee_table_build(struct table_build *b, Str fees_csv)
{
    struct cx *cx = b->cx;
    struct table table;
    TRY(table_open(cx, "fees.csv", fees_csv, FEE_COLUMNS, &table));
    struct fee_province *fees = arena_array(b->arena, struct fee_province, table.rows + 1);
    for (int row = 0; row < table.rows; row++) {
        struct fee_province *fee = &fees[row];
        fee->province = table_keep(b, table_cell(&table, row, FEE_PROVINCE));
        TRY(money_read(&table, row, FEE_DIVORCE, &fee->divorce));
        TRY(money_read(&table, row, FEE_PERSONALITY, &fee->personality));
        TRY(money_read(&table, row, FEE_OTHER, &fee->other));
        TRY(money_read(&table, row, FEE_IP, &fee->ip));
        TRY(money_read(&table, row, FEE_OBJECTION, &fee->jurisdiction_objection));
        TRY(money_read(&table, row, FEE_NONE, &fee->enforcement_none));
        for (int i = 0; i < row; i++) {
            if (str_same(fees[i].province, fee->province)) {
                return table_fault(&table, row, "a province given twice", fee->province);
            }
        }
    }
    b->tables->fees = fees;
    b->tables->fee_count = table.rows;
    return OK;
}

/* --- the loan prime rate --- */
enum { LPR_FROM, LPR_PERCENT };

static const char *const LPR_COLUMNS[] = {"from", "percent", NULL};

/* "3.45" is 34500 ppm; at most four decimals. */
static bool percent_parse(Str text, int64_t *ppm)
{
    int64_t number = 0;
    int decimals = -1;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '.' && i > 0 && decimals < 0) {
            decimals = 0;
            continue;
        }
        if (text.p[i] < '0' || text.p[i] > '9' || decimals == 4 || number > 99999999) {
            return false;
        }
        number = number * 10 + (text.p[i] - '0');
        decimals += decimals >= 0;
    }
    for (int i = decimals < 0 ? 0 : decimals; i < 4; i++) {
        number *= 10;
    }
    *ppm = number;
    return text.n > 0 && decimals != 0;
}

enum status lpr_table_build(struct table_build *b, Str lpr_csv)
{
    struct cx *cx = b->cx;
    struct table table;
    TRY(table_open(cx, "lpr.csv", lpr_csv, LPR_COLUMNS, &table));
    struct rate *rates = arena_array(b->arena, struct rate, table.rows + 1);
    for (int row = 0; row < table.rows; row++) {
        Str percent = table_cell(&table, row, LPR_PERCENT);
        TRY(table_date(&table, row, LPR_FROM, false, &rates[row].from));
        if (!percent_parse(percent, &rates[row].ppm)) {
            return table_fault(&table, row, "not a rate in per cent", percent);
        }
        if (row > 0 && rates[row].from <= rates[row - 1].from) {
            return table_fault(&table, row, "a date out of order",
                               table_cell(&table, row, LPR_FROM));
        }
    }
    b->tables->lpr_1y = rates;
    b->tables->lpr_count = table.rows;
    return OK;
}

/* --- all of them --- */
static enum status tables_fill(struct table_build *b, const struct table_texts *texts)
{
    struct cx *cx = b->cx;
    TRY(pinyin_read(cx, texts->pinyin, &b->pinyin));
    TRY(division_table_build(b, texts->divisions_csv));
    TRY(court_table_build(b, texts->courts_csv));
    TRY(cause_table_build(b, texts->causes_csv, texts->element_forms_csv));
    TRY(calendar_table_build(b, texts->holidays_csv));
    TRY(hours_table_build(b, texts->hours_csv));
    TRY(fee_table_build(b, texts->fees_csv));
    TRY(lpr_table_build(b, texts->lpr_csv));
    TRY(regional_table_build(b, texts->regional_csv));
    TRY(compulsory_table_build(b, texts->compulsory_csv));
    return OK;
}

enum status law_tables_build(struct cx *cx, struct arena *arena, const struct table_texts *texts,
                             const struct law_tables **out)
{
    struct arena *scratch = arena_open(SCRATCH_BYTES);
    struct cx reading;
    cx_init(&reading, scratch);
    struct table_build b = {.cx = &reading, .arena = arena};
    b.tables = arena_new(arena, struct law_tables);
    b.tables->version = table_keep(&b, texts->version);
    enum status status = tables_fill(&b, texts);
    if (status != OK) {
        status = FAIL(cx, status, reading.failure.code, "%s", reading.failure.detail.p);
    } else {
        *out = b.tables;
    }
    arena_close(scratch);
    return status;
}

enum status law_tables_rehour(struct cx *cx, struct arena *arena, const struct law_tables *base,
                              const struct table_texts *texts, const struct law_tables **out)
{
    struct law_tables *tables = arena_new(arena, struct law_tables);
    struct table_build b = {.cx = cx, .arena = arena, .tables = tables};
    *tables = *base;
    tables->version = table_keep(&b, texts->version);
    TRY(hours_table_build(&b, texts->hours_csv));
    *out = tables;
    return OK;
}
