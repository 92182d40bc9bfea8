/* flow/test_scene.h - a store with the real schema and law tables, and a procedure of the test's
 * own upon it, on either engine. For *_test.c only.
 */
#ifndef FLOW_TEST_SCENE_H
#define FLOW_TEST_SCENE_H

#include "flow/plan.h"
#include "flow/rule.h"
#include "law/tables_sample.h"
#include "store/test_schema.h"
#include "store/test_store.h"

struct scene {
    struct place place;
    struct keys *keys;
    struct sequence *sequence;
    struct house house;
    struct cx *cx;
};

#define must(scene, call)                                            \
    do {                                                             \
        if ((call) != OK) {                                          \
            fail_msg("%s: %s: %s", #call, (scene)->cx->failure.code, \
                     (scene)->cx->failure.detail.p);                 \
        }                                                            \
    } while (0)

static inline const struct law_tables *scene_tables(void *arg)
{
    (void)arg;
    return tables_real();
}

static inline bool scene_paper(void *arg, const char *paper)
{
    (void)arg;
    (void)paper;
    return false;
}

/* For cmocka's setup: *state is the scene. sources: the procedure and its elements. */
static inline int scene_make(void **state, const struct procedure_source *sources, uint32_t count,
                             const struct rule *const *rules)
{
    struct scene *s = calloc(1, sizeof *s);
    check(s != NULL);
    place_make_of(&s->place, test_schema_database);
    s->cx = &s->place.trial.cx;
    struct load_world world = {
        .rules = rules, .paper_exists = scene_paper, .tables = tables_real()};
    struct procedures *procedures = NULL;
    must(s, procedures_load(s->cx, sources, count, &world, &procedures));
    must(s, store_open(s->cx, &s->place.options, &s->place.store));
    test_schema(s->cx, s->place.store);
    must(s, keys_open(s->cx, arena_printf(s->cx->arena, "%s/keys", s->place.directory), true,
                      &s->keys));
    must(s, sequence_open(s->cx, s->place.store, &s->sequence));
    s->house = (struct house){.store = s->place.store,
                              .keys = s->keys,
                              .sequence = s->sequence,
                              .procedures = procedures,
                              .tables = scene_tables,
                              .rules = rules,
                              .papers = value_map(s->cx->arena),
                              .origin = STR("https://court.example"),
                              .demo = true};
    *state = s;
    return 0;
}

/* For cmocka's teardown. */
static inline int scene_remove(void **state)
{
    struct scene *s = *state;
    sequence_close(s->sequence);
    place_close(&s->place);
    keys_close(s->keys);
    place_remove(&s->place);
    trial_end(&s->place.trial);
    free(s);
    return 0;
}

static inline enum status scene_apply(struct scene *s, struct plan *plan)
{
    return store_write(s->cx, s->place.store, WRITE_INTERACTIVE, plan_apply, plan);
}

#endif
