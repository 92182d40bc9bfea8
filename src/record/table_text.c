#include "record/table_text.h"

#include <string.h>

#include "base/check.h"

static const struct {
    const char *name;
    const char *path;
} KINDS[TABLE_KINDS] = {
    [TABLE_COURTS] = {"courts", "data/tables/courts.csv"},
    [TABLE_DIVISIONS] = {"divisions", "data/tables/divisions.csv"},
    [TABLE_CAUSES] = {"causes", "data/tables/causes.csv"},
    [TABLE_ELEMENT_FORMS] = {"element-forms", "data/tables/element-forms.csv"},
    [TABLE_HOLIDAYS] = {"holidays", "data/tables/holidays.csv"},
    [TABLE_HOURS] = {"hours", "data/tables/hours.csv"},
    [TABLE_FEES] = {"fees", "data/tables/fees.csv"},
    [TABLE_LPR] = {"lpr", "data/tables/lpr.csv"},
    [TABLE_REGIONAL] = {"regional", "data/tables/regional.csv"},
    [TABLE_COMPULSORY] = {"compulsory-insurance", "data/tables/compulsory-insurance.csv"},
    [TABLE_PINYIN] = {"pinyin", "data/tables/pinyin.tsv"},
};

const char *table_kind_name(enum table_kind kind)
{
    check((unsigned)kind < TABLE_KINDS);
    return KINDS[kind].name;
}

const char *table_kind_path(enum table_kind kind)
{
    check((unsigned)kind < TABLE_KINDS);
    return KINDS[kind].path;
}

bool table_kind_parse(Str text, enum table_kind *out)
{
    for (unsigned i = 0; i < TABLE_KINDS; i++) {
        if (str_is(text, KINDS[i].name)) {
            *out = (enum table_kind)i;
            return true;
        }
    }
    return false;
}

static enum status row_fill(struct cx *cx, const struct rows *rows, uint32_t i,
                            struct table_row *out)
{
    Str valid_from = row_str(rows, i, 2);
    Str sm3 = row_str(rows, i, 3);
    *out = (struct table_row){.version = row_int(rows, i, 1),
                              .valid_from = DATE_NONE,
                              .loaded_by = row_int(rows, i, 4),
                              .at = row_int(rows, i, 5)};
    if (!table_kind_parse(row_str(rows, i, 0), &out->kind) || sm3.n != HASH_BYTES ||
        (valid_from.n > 0 && !date_parse(valid_from, &out->valid_from))) {
        return FAIL(cx, E_STORE, "store-failed", "table_text: a row of kind \"%s\" is not ours",
                    row_str(rows, i, 0).p);
    }
    memcpy(out->sm3.b, sm3.p, HASH_BYTES);
    return OK;
}

enum status table_rows_list(struct cx *cx, struct sql *sql, struct table_row **out, uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT kind, version, valid_from, sm3, loaded_by, at FROM table_text"
                      " ORDER BY kind, version"),
                  NO_ARGS, &rows));
    *out = arena_array(cx->arena, struct table_row, rows.count + 1);
    *count = rows.count;
    for (uint32_t i = 0; i < rows.count; i++) {
        TRY(row_fill(cx, &rows, i, &(*out)[i]));
    }
    return OK;
}

enum status table_row_text(struct cx *cx, struct sql *sql, enum table_kind kind, int64_t version,
                           Str *out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT text FROM table_text WHERE kind = ?1 AND version = ?2"),
                  ARGS(SQL_C(table_kind_name(kind)), SQL_I(version)), &rows));
    if (rows.count == 0) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "table %s has no version %lld",
                    table_kind_name(kind), (long long)version);
    }
    *out = row_str(&rows, 0, 0);
    return OK;
}

enum status table_row_add(struct cx *cx, struct sql *sql, const struct table_row *row)
{
    Str valid_from =
        row->valid_from == DATE_NONE ? STR("") : date_format(cx->arena, row->valid_from);
    return sql_exec(cx, sql,
                    SQL("INSERT INTO table_text (kind, version, valid_from, sm3, text, loaded_by,"
                        " at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
                    ARGS(SQL_C(table_kind_name(row->kind)), SQL_I(row->version), SQL_S(valid_from),
                         SQL_B(row->sm3.b, HASH_BYTES), SQL_S(row->text),
                         row->loaded_by == 0 ? SQL_N : SQL_I(row->loaded_by), SQL_I(row->at)));
}

enum status table_set_find(struct cx *cx, struct sql *sql, Str composition, int64_t *out,
                           int64_t *next)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT number FROM table_set WHERE composition = ?1"),
                  ARGS(SQL_S(composition)), &rows));
    *out = rows.count == 0 ? 0 : row_int(&rows, 0, 0);
    TRY(sql_query(cx, sql, SQL("SELECT COALESCE(MAX(number), 0) FROM table_set"), NO_ARGS, &rows));
    *next = row_int(&rows, 0, 0) + 1;
    return OK;
}

enum status table_set_add(struct cx *cx, struct sql *sql, int64_t number, Str composition,
                          Instant at)
{
    return sql_exec(cx, sql,
                    SQL("INSERT INTO table_set (number, composition, at) VALUES (?1, ?2, ?3)"),
                    ARGS(SQL_I(number), SQL_S(composition), SQL_I(at)));
}
