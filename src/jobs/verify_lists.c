/* The lists that people see of a matter, and the rows it is searched by: what its rows say. */
#include <inttypes.h>
#include <string.h>

#include "flow/plan.h"
#include "jobs/verify_int.h"
#include "record/listing.h"

enum status verify_lists_read(struct cx *cx, struct sql *sql, const struct matter *m,
                              struct verify_lists *out)
{
    if (m == NULL) {
        return OK;
    }
    /* Numbers as texts: what SQLite keeps in their place when it was tampered with may be none. */
    TRY(sql_query(cx, sql,
                  SQL("SELECT viewer, box, CAST(sort_key AS TEXT), procedure, state, "
                      "CAST(due AS TEXT) FROM listing WHERE matter = ?1"),
                  ARGS(SQL_I(m->id)), &out->rows));
    return m->events == 0 ? OK : listing_search_missing(cx, sql, m, &out->unsearched);
}

/* Which court stands above another is of the tables of the day of the act: any does. */
static bool viewer_same(Str a, Str b)
{
    static const char ABOVE[] = "supervisor@";
    size_t n = sizeof ABOVE - 1;
    return str_same(a, b) ||
           (a.n > n && b.n > n && memcmp(a.p, ABOVE, n) == 0 && memcmp(b.p, ABOVE, n) == 0);
}

static const struct listing_place *place_of(const struct listing_place *places, uint32_t count,
                                            const struct rows *r, uint32_t row)
{
    for (uint32_t i = 0; i < count; i++) {
        if (viewer_same(places[i].viewer, row_str(r, row, 0)) &&
            str_same(places[i].box, row_str(r, row, 1))) {
            return &places[i];
        }
    }
    return NULL;
}

static bool number_is(struct cx *cx, Str text, int64_t number)
{
    return str_same(text, str_printf(cx->arena, "%" PRId64, number));
}

static bool row_is(struct cx *cx, const struct rows *r, uint32_t row, const struct matter *m,
                   const struct listing_place *place, Instant due)
{
    return number_is(cx, row_str(r, row, 2), place->sort_key) &&
           str_same(row_str(r, row, 3), m->procedure) && str_same(row_str(r, row, 4), m->state) &&
           (row_is_null(r, row, 5) ? due == 0 : number_is(cx, row_str(r, row, 5), due));
}

static bool has_row(const struct rows *r, const struct listing_place *place)
{
    for (uint32_t i = 0; i < r->count; i++) {
        if (place_of(place, 1, r, i) != NULL) {
            return true;
        }
    }
    return false;
}

void verify_lists(struct cx *cx, struct verifying *v, const struct matter *m,
                  const struct verify_lists *lists)
{
    const struct verify_options *o = v->options;
    const struct rows *r = &lists->rows;
    const struct procedure *procedure =
        o->procedures == NULL ? NULL : procedure_find(o->procedures, m->procedure, (int)m->version);
    const struct state *state = procedure == NULL ? NULL : procedure_state(procedure, m->state);
    Instant due = 0;
    uint32_t count = 0;
    if (lists->unsearched > 0) {
        verify_found(cx, v, "search", m->id, "%" PRId64 " search rows are not there",
                     lists->unsearched);
    }
    if (state == NULL) {
        return; /* nothing to compare with, or a finding already */
    }
    const struct listing_place *places = lists_places(cx, o->tables, state, m, &due, &count);
    for (uint32_t i = 0; i < r->count; i++) {
        const struct listing_place *place = place_of(places, count, r, i);
        if (place == NULL || !row_is(cx, r, i, m, place, due)) {
            verify_found(cx, v, "listing", m->id, "the row of %s in %s is not what it should be",
                         row_str(r, i, 0).p, row_str(r, i, 1).p);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!has_row(r, &places[i])) {
            verify_found(cx, v, "listing", m->id, "it is not on the list %s of %s", places[i].box.p,
                         places[i].viewer.p);
        }
    }
}
