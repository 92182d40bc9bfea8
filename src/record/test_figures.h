/* record/test_figures.h - an empty database with the whole schema, and rows of `handover` put into
 * it, for tests of figures. On PostgreSQL while test_server runs. For *_test.c only. */
#ifndef RECORD_TEST_FIGURES_H
#define RECORD_TEST_FIGURES_H

#include "base/date.h"
#include "record/script.h"
#include "store/test_schema.h"
#include "store/test_store.h"

struct sheet_place {
    struct place place;
    struct cx *cx;
    int64_t next; /* number of the next request */
};

/* What a request leaves out is not reached. Court and collaborator begin with their province. */
struct sample_request {
    const char *court, *collaborator, *procedure, *kind, *outcome;
    Instant submitted, responded, decided, late_response, late_feedback, late_decision;
    int64_t response_ms; /* of answers; responded 0: none */
    int64_t corrections, rating, drill;
};

static inline int figures_setup(void **state)
{
    struct sheet_place *s = calloc(1, sizeof *s);
    check(s != NULL);
    place_make_of(&s->place, test_schema_database);
    s->cx = &s->place.trial.cx;
    if (store_open(s->cx, &s->place.options, &s->place.store) != OK) {
        fail_msg("opening: %s", s->cx->failure.detail.p);
    }
    test_schema(s->cx, s->place.store);
    *state = s;
    return 0;
}

static inline int figures_teardown(void **state)
{
    struct sheet_place *s = *state;
    place_close(&s->place);
    place_remove(&s->place);
    trial_end(&s->place.trial);
    free(s);
    return 0;
}

static inline enum status figures_script_run(struct cx *cx, struct sql *sql, void *arg)
{
    return script_run(cx, sql, arg);
}

static inline struct sql_value figures_instant(Instant at)
{
    return at == 0 ? SQL_N : SQL_I(at);
}

static inline Str figures_province(struct arena *arena, const char *court)
{
    return str_starts(str_of(court), "最高") ? STR("") : utf8_head(arena, str_of(court), 1);
}

/* Its number. */
static inline Id figures_add(struct sheet_place *s, const struct sample_request *r)
{
    struct arena *arena = s->cx->arena;
    struct script *script = script_new(arena);
    Id id = ++s->next;
    const char *near = r->collaborator == NULL ? "沪0115" : r->collaborator;
    script_add(script,
               SQL("INSERT INTO matter (id, procedure, version, state, court, title, owner, "
                   "revision, events, head, field_values, groups, wrapped_key, follow_code, "
                   "created, updated) VALUES (?1, 'p', 1, 's', ?2, 't', 1, 1, 1, ?3, '{}', '{}', "
                   "'', '', 1, 1)"),
               ARGS(SQL_I(id), SQL_C(r->court), SQL_B("", 0)));
    script_add(script,
               SQL("INSERT INTO handover (matter, procedure, kind, collaborator, court, "
                   "collaborator_province, province, drill, submitted, responded, decided, "
                   "late_response, late_feedback, late_decision, response_ms, outcome, "
                   "corrections, rating) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
                   "?12, ?13, ?14, ?15, ?16, ?17, ?18)"),
               ARGS(SQL_I(id), SQL_C(r->procedure == NULL ? "cross-domain-filing" : r->procedure),
                    SQL_C(r->kind == NULL ? "civil" : r->kind), SQL_C(near), SQL_C(r->court),
                    SQL_S(figures_province(arena, near)), SQL_S(figures_province(arena, r->court)),
                    SQL_I(r->drill), SQL_I(r->submitted), figures_instant(r->responded),
                    figures_instant(r->decided), figures_instant(r->late_response),
                    figures_instant(r->late_feedback), figures_instant(r->late_decision),
                    r->responded == 0 ? SQL_N : SQL_I(r->response_ms),
                    SQL_C(r->outcome == NULL ? "" : r->outcome), SQL_I(r->corrections),
                    r->rating == 0 ? SQL_N : SQL_I(r->rating)));
    cx_forgive(s->cx);
    if (store_write(s->cx, s->place.store, WRITE_INTERACTIVE, figures_script_run, script) != OK) {
        fail_msg("writing: %s", s->cx->failure.detail.p);
    }
    return id;
}

#endif
