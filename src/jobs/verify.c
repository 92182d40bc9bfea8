#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/json.h"
#include "jobs/log.h"
#include "jobs/verify_int.h"

enum { PAGE = 200, MATTER_BYTES_MAX = 256 << 20, DETAIL_BYTES = 400 };

/* --- findings --- */

void verify_found(struct cx *cx, struct verifying *v, const char *what, Id matter,
                  const char *format, ...)
{
    char text[DETAIL_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    v->counts->findings += 1;
    v->options->found(v->options->arg, what, matter, str_copy(cx->arena, text, strlen(text)));
}

enum status verify_unreadable(struct cx *cx, struct verifying *v, Id matter)
{
    const struct failure failure = cx->failure;
    bool of_the_thing = failure.status == E_READ || failure.status == E_NOT_FOUND ||
                        failure.status == E_TOO_LARGE ||
                        (failure.status == E_STORE && !text_is(failure.code, "store-unreachable"));
    if (!of_the_thing) {
        return failure.status;
    }
    cx_forgive(cx);
    verify_found(cx, v, "unreadable", matter, "%s: %.300s", failure.code, failure.detail.p);
    return OK;
}

bool verify_hash(const struct rows *rows, uint32_t row, uint32_t column, Hash *out)
{
    Str bytes = row_str(rows, row, column);
    if (bytes.n != HASH_BYTES) {
        return false;
    }
    memcpy(out->b, bytes.p, HASH_BYTES);
    return true;
}

void verify_found_print(void *arg, const char *what, Id matter, Str detail)
{
    struct arena *arena = arena_open((size_t)1 << 16);
    struct value *line = value_map(arena);
    Str id = str_printf(arena, "%" PRId64, matter);
    value_set_text(arena, line, "what", what);
    value_set(arena, line, "matter", matter == 0 ? NULL : value_str(arena, id));
    value_set_str(arena, line, "detail", detail);
    (void)fprintf(arg, "%s\n", json_write(arena, line).p);
    arena_close(arena);
}

void verify_counts_print(FILE *file, const struct verify_counts *counts)
{
    (void)fprintf(file,
                  "{\"matters\":%" PRId64 ",\"drafts\":%" PRId64 ",\"events\":%" PRId64
                  ",\"files\":%" PRId64 ",\"leaves\":%" PRId64 ",\"checkpoints\":%" PRId64
                  ",\"findings\":%" PRId64 "}\n",
                  counts->matters, counts->drafts, counts->events, counts->files, counts->leaves,
                  counts->checkpoints, counts->findings);
}

/* --- all matters, page by page --- */

struct page {
    Id after;
    struct rows rows;
};

static enum status page_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct page *page = arg;
    return sql_query(cx, sql, SQL("SELECT id FROM matter WHERE id > ?1 ORDER BY id LIMIT 200"),
                     ARGS(SQL_I(page->after)), &page->rows);
}

static enum status newest_read(struct cx *cx, struct sql *sql, void *arg)
{
    return log_checkpoint_newest(cx, sql, arg);
}

static enum status page_verify(struct cx *cx, struct verifying *v, const struct page *page,
                               Instant checkpointed_at)
{
    struct arena *arena = arena_open(MATTER_BYTES_MAX);
    enum status status = OK;
    for (uint32_t i = 0; i < page->rows.count && status == OK; i++) {
        struct cx own;
        cx_init(&own, arena);
        status = verify_matter(&own, v, row_int(&page->rows, i, 0), checkpointed_at);
        if (status != OK) {
            const struct failure *f = &own.failure;
            status = cx_fail(cx, f->status, f->code, f->file, f->line, "%.*s", STR_ARG(f->detail));
        }
        arena_reset(arena);
    }
    arena_close(arena);
    return status;
}

static enum status matters_verify(struct cx *cx, struct verifying *v)
{
    struct page page = {.after = INT64_MIN};
    struct checkpoint_row newest;
    if (store_read(cx, v->options->store, newest_read, &newest) != OK) {
        TRY(verify_unreadable(cx, v, 0));
        newest = (struct checkpoint_row){0};
    }
    do {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(store_read(cx, v->options->store, page_read, &page));
        TRY(page_verify(cx, v, &page, newest.at));
        if (page.rows.count > 0) {
            page.after = row_int(&page.rows, page.rows.count - 1, 0);
        }
        arena_rewind(cx->arena, mark);
    } while (page.rows.count == PAGE);
    return OK;
}

enum status verify(struct cx *cx, const struct verify_options *options, struct verify_counts *out)
{
    struct verifying v = {options, out};
    *out = (struct verify_counts){0};
    TRY(matters_verify(cx, &v));
    TRY(verify_log(cx, &v));
    return verify_case_numbers(cx, &v);
}
