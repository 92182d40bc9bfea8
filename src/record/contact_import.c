#include "record/contact_import.h"

#include <inttypes.h>

#include "base/csv.h"
#include "record/audit.h"
#include "record/demo.h"

enum { ROWS_MAX = 20000, COLUMNS = 7 };

struct row {
    int line;
    Str court;
    struct contact_entry entry;
};

struct importing {
    const struct contact_import *import;
    struct row *rows;
    Str *courts;
    struct contact **found;
    bool *seen; /* by index of the court */
    uint32_t count;
    uint32_t faults;
    struct script *script;
    uint32_t made, changed, same;
    bool said[COLUMNS]; /* which columns the table has, in the order of columns[] */
};

static void fault(struct cx *cx, struct importing *i, int line, const char *why)
{
    Str title = str_printf(cx->arena, "第%d行：%s", line, why);
    if (i->faults == 0) {
        cx_arg(cx, "why", title);
    }
    struct value *entry = cx_error(cx, NULL, "contacts-faulty", "");
    value_set_str(cx->arena, entry, "field", str_printf(cx->arena, "line %d", line));
    value_set_str(cx->arena, entry, "title", title);
    i->faults += 1;
}

/* The first complaint about the row; complaints of the reader are taken out of cx, so that each row
 * gets one entry of its own. */
static const char *entry_fault(struct cx *cx, const struct value *said, struct row *row)
{
    struct failure before = cx->failure;
    cx_forgive(cx);
    uint32_t complaints = contact_entry_read(cx, said, &row->entry);
    const char *why =
        complaints == 0 ? NULL : value_get_str(value_item(cx->failure.errors, 0), "title").p;
    cx->failure = before;
    return why;
}

static const char *const columns[] = {"officer", "backup",        "office_phone", "mobile",
                                      "room",    "backup_mobile", "phone_public"};

static void row_read(struct cx *cx, struct importing *i, const struct csv *csv, uint32_t n)
{
    struct row *row = &i->rows[n];
    struct value *said = value_map(cx->arena);
    Str name = str_trim(cx->arena, csv_cell(csv, n, csv_column(csv, "court")));
    const struct court *court = court_by_code(i->import->tables, name);
    row->line = (int)n + 2;
    for (size_t k = 0; k < COLUMNS; k++) {
        value_set_str(cx->arena, said, columns[k], csv_cell(csv, n, csv_column(csv, columns[k])));
    }
    court = court == NULL ? court_by_name(i->import->tables, name) : court;
    const char *why = court == NULL ? "没有找到这个法院" : entry_fault(cx, said, row);
    row->court = court == NULL ? name : court->code;
    i->courts[n] = row->court;
    if (why == NULL) {
        bool *seen = &i->seen[court - i->import->tables->courts];
        why = *seen ? "这个法院前面已有一行" : NULL;
        *seen = true;
    }
    if (why != NULL) {
        fault(cx, i, row->line, why);
    }
}

static enum status table_read(struct cx *cx, struct importing *i, Str text)
{
    struct csv csv;
    TRY(csv_read(cx, "contacts", text, ',', &csv));
    static const char *const needed[] = {"court", "officer"};
    for (size_t k = 0; k < sizeof needed / sizeof needed[0]; k++) {
        if (csv_column(&csv, needed[k]) < 0) {
            cx_arg(cx, "why", str_printf(cx->arena, "第1行：缺少列 %s", needed[k]));
            return FAIL(cx, E_INPUT, "contacts-faulty", "line 1: no column %s", needed[k]);
        }
    }
    for (size_t k = 0; k < COLUMNS; k++) {
        i->said[k] = csv_column(&csv, columns[k]) >= 0;
    }
    if (csv.rows > ROWS_MAX) {
        cx_arg(cx, "why", str_printf(cx->arena, "最多%d行，请分成几张", ROWS_MAX));
        return FAIL(cx, E_INPUT, "contacts-faulty", "%" PRIu32 " rows", csv.rows);
    }
    i->count = csv.rows;
    i->rows = arena_array(cx->arena, struct row, csv.rows);
    i->courts = arena_array(cx->arena, Str, csv.rows);
    i->found = arena_array(cx->arena, struct contact *, csv.rows);
    i->seen = arena_array(cx->arena, bool, (size_t)i->import->tables->court_count);
    for (uint32_t n = 0; n < csv.rows; n++) {
        row_read(cx, i, &csv, n);
    }
    return i->faults == 0
               ? OK
               : FAIL(cx, E_INPUT, "contacts-faulty", "%" PRIu32 " faulty rows", i->faults);
}

static enum status found_read(struct cx *cx, struct sql *sql, void *arg)
{
    const struct importing *i = arg;
    return contact_find_all(cx, sql, i->courts, i->count, i->found);
}

static enum status rows_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct importing *i = arg;
    return script_run(cx, sql, i->script);
}

/* A column that the table does not have says nothing: what stands there stays. */
static enum status unsaid_keep(struct cx *cx, struct importing *i, uint32_t n)
{
    struct contact_entry stands;
    struct contact_entry *entry = &i->rows[n].entry;

    const struct {
        Str *to;
        const Str *from;
    } texts[COLUMNS] = {{&entry->officer, &stands.officer},
                        {&entry->backup, &stands.backup},
                        {&entry->office_phone, &stands.office_phone},
                        {&entry->mobile, &stands.mobile},
                        {&entry->room, &stands.room},
                        {&entry->backup_mobile, &stands.backup_mobile},
                        {NULL, NULL}};

    if (i->found[n] == NULL) {
        return OK;
    }
    TRY(contact_entry_of(cx, i->import->keys, i->found[n], &stands));
    for (size_t k = 0; k < COLUMNS; k++) {
        if (!i->said[k] && texts[k].to != NULL) {
            *texts[k].to = *texts[k].from;
        }
    }
    entry->phone_public = i->said[COLUMNS - 1] ? entry->phone_public : stands.phone_public;
    return OK;
}

static enum status rows_plan(struct cx *cx, struct importing *i)
{
    for (uint32_t n = 0; n < i->count; n++) {
        struct value *changed = NULL;
        TRY(unsaid_keep(cx, i, n));
        TRY(contact_write(cx, i->import->keys, i->script, i->courts[n], i->found[n],
                          &i->rows[n].entry, i->import->by, false, i->import->now, &changed));
        if (i->found[n] == NULL) {
            i->made += 1;
        } else if (value_count(changed) > 0) {
            i->changed += 1;
        } else {
            i->same += 1;
        }
    }
    struct audit audit = {.at = i->import->now,
                          .person = i->import->by,
                          .what = STR("import-contacts"),
                          .subject = {"", 0}};
    audit.detail = str_printf(cx->arena, "{\"made\":%" PRIu32 ",\"changed\":%" PRIu32 "}", i->made,
                              i->changed);
    TRY(sequence_next(cx, i->import->sequence, &audit.id));
    audit_write(i->script, &audit);
    return OK;
}

enum status contact_import(struct cx *cx, const struct contact_import *import, Str csv,
                           struct value **report)
{
    struct importing i = {.import = import, .script = script_new(cx->arena)};
    TRY(table_read(cx, &i, csv));
    TRY(store_read(cx, import->store, found_read, &i));
    TRY(rows_plan(cx, &i));
    TRY(store_write(cx, import->store, WRITE_BULK, rows_write, &i));
    *report = value_map(cx->arena);
    value_set_int(cx->arena, *report, "made", i.made);
    value_set_int(cx->arena, *report, "changed", i.changed);
    value_set_int(cx->arena, *report, "same", i.same);
    return OK;
}

/* --- demo --- */

struct demo_look {
    int64_t count;
    struct script *script;
};

static enum status demo_look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct demo_look *look = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT count(*) FROM contact"), NO_ARGS, &rows));
    look->count = row_int(&rows, 0, 0);
    return OK;
}

static enum status demo_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct demo_look *look = arg;
    return script_run(cx, sql, look->script);
}

/* The name that this post's demo log-in has. */
static enum status demo_name(struct cx *cx, struct keys *keys, const char *post, Str court,
                             Instant now, Str *out)
{
    struct person person;
    struct demo_login said = {STR("staff"), 0, str_of(post), court};
    TRY(demo_person(cx, keys, &said, str_printf(cx->arena, "%s@%s", post, court.p), now, &person));
    *out = person.name;
    return OK;
}

enum status contact_demo_fill(struct cx *cx, const struct contact_import *import)
{
    static const char *const courts[] = {"京0105", "京0106", "京03",  "京",
                                         "沪0115", "粤0307", "藏0630"};
    struct demo_look look = {.script = script_new(cx->arena)};
    TRY(store_read(cx, import->store, demo_look_read, &look));
    for (size_t i = 0; look.count == 0 && i < sizeof courts / sizeof courts[0]; i++) {
        struct contact_entry entry = {.room = STR("诉讼服务中心"),
                                      .office_phone = STR("0000-0000000"),
                                      .phone_public = i % 2 == 0,
                                      .demo = true};
        struct value *changed = NULL;
        Str court = str_of(courts[i]);
        TRY(demo_name(cx, import->keys, "reviewer", court, import->now, &entry.officer));
        TRY(demo_name(cx, import->keys, "clerk", court, import->now, &entry.backup));
        entry.mobile = str_printf(cx->arena, "161990000%02zu", 2 * i + 1);
        entry.backup_mobile = str_printf(cx->arena, "161990000%02zu", 2 * i + 2);
        if (court_by_code(import->tables, court) != NULL) {
            TRY(contact_write(cx, import->keys, look.script, court, NULL, &entry, 0, true,
                              import->now, &changed));
        }
    }
    if (script_count(look.script) > 0 &&
        store_write(cx, import->store, WRITE_BULK, demo_write, &look) != OK) {
        if (!text_is(cx->failure.code, "store-duplicate")) {
            return cx->failure.status;
        }
        cx_forgive(cx); /* another node was quicker */
    }
    return OK;
}
