/* record/test_people.h - an empty database with the real schema, keys and ids, for tests about
 * people. On PostgreSQL while test_server runs. For *_test.c only. */
#ifndef RECORD_TEST_PEOPLE_H
#define RECORD_TEST_PEOPLE_H

#include <sys/stat.h>

#include "record/person_entry.h"
#include "record/sequence.h"
#include "store/test_schema.h"
#include "store/test_store.h"

struct town {
    struct place place;
    struct keys *keys;
    struct sequence *sequence;
};

static inline int town_setup(void **state)
{
    struct town *town = calloc(1, sizeof *town);
    check(town != NULL);
    place_make_of(&town->place, test_schema_database);
    struct cx *cx = &town->place.trial.cx;
    const char *keys = arena_printf(cx->arena, "%s/keys", town->place.directory);
    assert_int_equal(store_open(cx, &town->place.options, &town->place.store), OK);
    test_schema(cx, town->place.store);
    if (keys_open(cx, keys, true, &town->keys) != OK ||
        sequence_open(cx, town->place.store, &town->sequence) != OK) {
        fail_msg("opening: %s", cx->failure.detail.p);
    }
    *state = town;
    return 0;
}

static inline int town_teardown(void **state)
{
    struct town *town = *state;
    sequence_close(town->sequence);
    keys_close(town->keys);
    place_close(&town->place);
    place_remove(&town->place);
    trial_end(&town->place.trial);
    free(town);
    return 0;
}

static inline struct cx *town_cx(struct town *town)
{
    cx_forgive(&town->place.trial.cx);
    return &town->place.trial.cx;
}

static inline enum status town_script_run(struct cx *cx, struct sql *sql, void *arg)
{
    return script_run(cx, sql, arg);
}

static inline void town_run(struct town *town, struct script *script)
{
    struct cx *cx = town_cx(town);
    if (store_write(cx, town->place.store, WRITE_INTERACTIVE, town_script_run, script) != OK) {
        fail_msg("writing: %s", cx->failure.detail.p);
    }
}

/* A person with a phone and a resident id, written. */
static inline struct person town_person(struct town *town, const char *login)
{
    struct cx *cx = town_cx(town);
    struct person p = person_blank();
    struct script *script = script_new(cx->arena);
    assert_int_equal(sequence_next(cx, town->sequence, &p.id), OK);
    assert_int_equal(person_key_make(cx, town->keys, &p), OK);
    p.kind = STR("person");
    p.login = str_of(login);
    p.name = STR("林晓舟");
    assert_int_equal(
        person_identity_set(cx, town->keys, &p, STR("resident-id"), STR("11010519491231002X")), OK);
    assert_int_equal(person_phone_set(cx, town->keys, &p, STR("13800138000")), OK);
    person_write_new(script, cx->arena, &p);
    town_run(town, script);
    return p;
}

#endif
