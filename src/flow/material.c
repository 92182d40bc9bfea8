/* A material whose pages were handed in one by one becomes a file. */
#include "base/clock.h"
#include "flow/act.h"
#include "flow/values.h"

struct join_look {
    Id id;
    struct matter *matter;
};

static enum status join_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct join_look *look = arg;
    return matter_find(cx, sql, look->id, &look->matter);
}

static struct material *waiting(struct matter *m, int64_t n)
{
    for (uint32_t i = 0; i < m->material_count; i++) {
        struct material *material = &m->materials[i];
        if (material->n == n && material->removed == 0 && str_is(material->status, "checking") &&
            material_is_unjoined(material)) {
            return material;
        }
    }
    return NULL;
}

enum status material_join(struct cx *cx, const struct house *house, Id matter, int64_t n, Hash sm3,
                          int64_t size, const char *status, struct plan **out)
{
    static const struct actor system = {.system = true, .name = {"系统", 6}};
    struct join_look look = {matter, NULL};
    struct plan *plan = NULL;
    struct value *clear = NULL;
    *out = NULL;
    TRY(store_read(cx, house->store, join_read, &look));
    struct matter *m = look.matter;
    if (m == NULL || waiting(m, n) == NULL) {
        return OK;
    }
    const struct procedure *procedure =
        procedure_find(house->procedures, m->procedure, (int)m->version);
    if (procedure == NULL) {
        return FAIL(cx, E_BUG, "bug", "no procedure %.*s", STR_ARG(m->procedure));
    }
    TRY(values_open(cx, house, procedure, m, &clear));
    TRY(plan_new(cx, house, &system, clock_now(), m, &plan));
    struct change *change = plan_change(cx, plan, procedure, m);
    change->clear = clear;
    struct material *material = waiting(change->after, n);
    material->sm3 = sm3;
    material->size = size;
    material->status = str_of(status);
    if (m->events > 0) {
        change->act = "join-pages";
        change->title = "逐页材料合成一份";
    }
    TRY(plan_seal(cx, plan));
    *out = plan;
    return OK;
}
