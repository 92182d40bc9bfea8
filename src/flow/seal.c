#include "flow/seal.h"

#include <inttypes.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "flow/view.h"
#include "record/listing.h"

static struct paper *paper_find(const struct matter *m, int64_t n)
{
    for (uint32_t i = 0; i < m->paper_count; i++) {
        if (m->papers[i].n == n) {
            return &m->papers[i];
        }
    }
    return NULL;
}

static enum status paper_seal(struct cx *cx, struct plan *plan, const struct matter *m, int64_t n)
{
    struct paper *paper = paper_find(m, n);
    const struct actor *actor = plan->actor;
    if (paper == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no paper %" PRId64, n);
    }
    if (paper->seal.n == 0) {
        return FAIL(cx, E_STATE, "seal-not-wanted", "paper %" PRId64 " wants no seal", n);
    }
    if (!str_is(actor->post, SEALER_POST) || !str_same(actor->court, paper->seal)) {
        return FAIL(cx, E_DENIED, "seal-denied", "%.*s@%.*s does not keep this seal",
                    STR_ARG(actor->post), STR_ARG(actor->court));
    }
    if (paper->sealed != 0) {
        return FAIL(cx, E_STATE, "sealed-already", "paper %" PRId64 " is sealed", n);
    }
    paper->sealed = plan->now;
    paper->sealed_by = actor->name;
    if (!hash_is_zero(paper->sm3)) {
        paper->plain_sm3 = paper->sm3;
    }
    paper->sm3 = (Hash){{0}}; /* printed anew */
    paper->size = 0;
    return OK;
}

static void print_later(struct cx *cx, struct plan *plan, Id matter, int64_t n)
{
    struct value *payload = value_map(cx->arena);
    value_set_int(cx->arena, payload, "matter", matter);
    value_set_int(cx->arena, payload, "n", n);
    script_add(plan->script,
               SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, last_error) "
                   "VALUES (?1, 'paper', ?2, 0, 0, 0, 'waiting', '')"),
               ARGS(SQL_I(plan_id(plan)), SQL_S(json_write(cx->arena, payload))));
}

/* Everybody whose matter it is, once: the paper that he read is there now with the seal. */
static void tell_people(struct cx *cx, struct plan *plan, const struct matter *m, uint32_t papers)
{
    Str *viewers = arena_array(cx->arena, Str, m->attachment_count + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        bool told = m->attachments[i].until != 0;
        for (uint32_t k = 0; k < i; k++) {
            told = told || (m->attachments[k].until == 0 &&
                            m->attachments[k].person == m->attachments[i].person);
        }
        if (!told) {
            viewers[count++] = viewer_person(cx->arena, m->attachments[i].person);
        }
    }
    if (count == 0) {
        return;
    }
    struct notice notice = {
        .id = plan_ids(plan, count),
        .matter = m->id,
        .event = m->events,
        .kind = STR("seal"),
        .title = str_printf(cx->arena, "%u份文书已加盖法院电子印章，请重新查看、下载", papers),
        .text = m->title,
        .at = plan->now,
    };
    notice_write_all(plan->script, &notice, viewers, count);
}

enum status seal_prepare(struct cx *cx, const struct house *house, const struct actor *actor,
                         Id matter, const int64_t *papers, uint32_t count, struct plan **out)
{
    struct actor *keeper = arena_new(cx->arena, struct actor); /* the plan keeps it */
    *keeper = *actor;
    keeper->sealing = true;
    struct seen seen;
    struct plan *plan = NULL;
    struct value *sealed = value_list(cx->arena);
    check(count > 0 && count <= SEAL_PAPERS_MAX);
    TRY(matter_look(cx, house, keeper, matter, &seen));
    TRY(plan_new(cx, house, keeper, clock_now(), seen.matter, &plan));
    struct change *change = plan_change(cx, plan, seen.procedure, seen.matter);
    for (uint32_t i = 0; i < count; i++) {
        TRY(paper_seal(cx, plan, change->after, papers[i]));
        print_later(cx, plan, matter, papers[i]);
        value_add(cx->arena, sealed, value_int(cx->arena, papers[i]));
    }
    change->clear = seen.clear;
    change->act = "seal";
    change->title = "加盖电子印章";
    change->extra = value_map(cx->arena);
    value_set(cx->arena, change->extra, "sealed", sealed);
    TRY(plan_seal(cx, plan));
    tell_people(cx, plan, change->after, count);
    *out = plan;
    return OK;
}
