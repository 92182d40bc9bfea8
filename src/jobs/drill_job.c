#include "jobs/drill_job.h"

#include <inttypes.h>

#include "base/clock.h"
#include "flow/values.h"
#include "record/drill.h"

enum { SLICE = 8, WORK_US = 10 * 1000000 };

struct work {
    const struct house *house;
    Hash material;
    int64_t material_bytes;
    Id round;
    struct drill *drill;
    struct matter *matter;
    struct plan *plans[SLICE];
    uint32_t count;
    int64_t from;
};

static enum status work_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct work *work = arg;
    TRY(drill_find(cx, sql, work->round, &work->drill));
    return matter_find(cx, sql, work->round, &work->matter);
}

static enum status slice_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const struct work *work = arg;
    TRY(drill_move(cx, sql, work->round, work->from, work->from + work->count));
    for (uint32_t i = 0; i < work->count; i++) {
        TRY(plan_apply(cx, sql, work->plans[i]));
    }
    return OK;
}

/* --- one request --- */

static void party_enter(struct arena *arena, struct matter *m, const char *role, const char *name)
{
    struct party *party = matter_add_party(arena, m);
    party->role = str_of(role);
    party->kind = STR("natural-person");
    party->name = str_of(name);
}

static struct value *values_of(struct arena *arena, Id round, const struct drill_pair *pair)
{
    struct value *values = value_map(arena);
    value_set_str(arena, values, "collaborator", pair->from);
    value_set_int(arena, values, "drill", round);
    if (pair->kind < REACH_READING) {
        value_set_text(arena, values, "filing-kind", reach_kind_name(pair->kind));
    }
    return values;
}

static const char *procedure_of(struct arena *arena, enum reach_kind kind)
{
    return kind < REACH_READING ? "cross-domain-filing"
                                : arena_printf(arena, "cross-domain-%s", reach_kind_name(kind));
}

/* Of each kind that must be handed in as many as must be; in writing, since nobody speaks here. */
static void materials_enter(struct cx *cx, const struct work *work, const struct act *submit,
                            const struct value *values, Instant now, struct matter *m)
{
    for (uint32_t i = 0; i < submit->material_count; i++) {
        const struct material_rule *rule = &submit->materials[i];
        if (!condition_holds(&rule->when, values)) {
            continue;
        }
        for (int k = 0; k < rule->min; k++) {
            struct material *row = matter_add_material(cx->arena, m);
            row->kind = str_of(rule->kind);
            row->name = STR("演练材料（虚构）.png");
            row->type = STR("image/png");
            row->size = work->material_bytes;
            row->sm3 = work->material;
            row->status = STR("ready");
            row->person_name = STR("系统");
            row->at = now;
            row->fault = STR("");
        }
    }
}

static enum status request_plan(struct cx *cx, const struct work *work,
                                const struct drill_pair *pair, struct plan **out)
{
    static const struct actor system = {.system = true, .name = {"系统", 6}};
    const char *name = procedure_of(cx->arena, pair->kind);
    const struct procedure *procedure = procedure_find(work->house->procedures, str_of(name), 0);
    const struct act *submit = procedure == NULL ? NULL : procedure_act(procedure, STR("submit"));
    struct plan *plan = NULL;
    struct change *change = NULL;
    if (submit == NULL || submit->to < 0) {
        return FAIL(cx, E_BUG, "bug", "a drill of %s, which nobody submits", name);
    }
    TRY(plan_new(cx, work->house, &system, clock_now(), NULL, &plan));
    TRY(plan_open(cx, plan, procedure, pair->to, 0, &change));
    struct value *values = values_of(cx->arena, work->round, pair);
    TRY(change_values(cx, plan, change, values));
    struct matter *m = change->after;
    materials_enter(cx, work, submit, values, plan->now, m);
    m->state = str_of(procedure->states[submit->to].name);
    m->title = str_printf(cx->arena, "【演练】%s：演练当事人", reach_kind_title(pair->kind));
    party_enter(cx->arena, m, pair->kind < REACH_READING ? "plaintiff" : "applicant",
                "演练当事人甲（虚构）");
    if (pair->kind < REACH_READING) {
        party_enter(cx->arena, m, "defendant", "演练当事人乙（虚构）");
    }
    change->act = submit->name;
    change->title = "系统生成演练请求";
    change->act_index = submit->index;
    change->tells = submit->tells;
    change->tell_count = submit->tell_count;
    change->report = "";
    TRY(plan_seal(cx, plan));
    *out = plan;
    return OK;
}

/* --- slices --- */

static enum status slice_make(struct cx *cx, struct work *work, const struct drill_pair *pairs,
                              int64_t total)
{
    work->count = 0;
    while (work->count < SLICE && work->from + work->count < total) {
        TRY(request_plan(cx, work, &pairs[work->from + work->count], &work->plans[work->count]));
        work->count += 1;
    }
    TRY(store_write(cx, work->house->store, WRITE_BULK, slice_apply, work));
    work->from += work->count;
    return OK;
}

enum status drill_job(struct cx *cx, void *arg, Id job, const struct value *payload)
{
    const struct drill_world *world = arg;
    struct work work = {.house = world->house,
                        .material_bytes = (int64_t)world->material.n,
                        .round = value_get_int(payload, "round")};
    struct drill_choice choice;
    struct drill_pair *pairs = NULL;
    uint32_t count = 0;
    (void)job;
    TRY(store_read(cx, work.house->store, work_read, &work));
    if (work.drill == NULL || work.matter == NULL || !str_is(work.matter->state, "running")) {
        return OK; /* finished before all of it was made */
    }
    TRY(blob_put(cx, world->blobs, world->material.p, world->material.n, work.material.b));
    drill_choice_read(cx->arena, value_get(work.matter->values, "drill"), &choice);
    drill_pairs(cx->arena, work.house->tables(work.house->tables_arg), &choice, &pairs, &count);
    work.from = work.drill->made;
    int64_t end_us = clock_monotonic_us() + WORK_US;
    while (work.from < count) {
        struct arena_mark mark = arena_mark(cx->arena);
        enum status status = slice_make(cx, &work, pairs, count);
        if (status == E_AGAIN || clock_monotonic_us() > end_us) {
            return FAIL(cx, E_BUSY, "busy", "drill %" PRId64 " is at %" PRId64 " of %u", work.round,
                        work.from, count);
        }
        if (status != OK) {
            return status;
        }
        arena_rewind(cx->arena, mark);
    }
    return OK;
}
