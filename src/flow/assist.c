/* Drafts that somebody prepares for another: who begins one, and what the first act says of it. */
#include "flow/plan.h"

struct preparing {
    Id person;
    struct person *found;
};

static enum status preparing_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct preparing *p = arg;
    return person_find(cx, sql, p->person, &p->found);
}

static enum status name_add(struct cx *cx, const struct plan *plan, Id person, struct value *list)
{
    struct preparing p = {.person = person};
    struct value *row = value_map(cx->arena);
    TRY(store_read(cx, plan->house->store, preparing_read, &p));
    value_set_str(cx->arena, row, "name", p.found == NULL ? STR("") : p.found->name);
    value_set_int(cx->arena, row, "person", person);
    value_add(cx->arena, list, row);
    return OK;
}

enum status assistants_leave(struct cx *cx, struct plan *plan, struct change *change)
{
    struct matter *m = change->after;
    struct value *names = value_list(cx->arena);
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        struct attachment *a = &m->attachments[i];
        if (str_is(a->role, "assistant") && a->until == 0) {
            a->until = plan->now;
            TRY(name_add(cx, plan, a->person, names));
        }
    }
    if (names->count > 0) {
        change->extra = value_merge(cx->arena, change->extra, NULL);
        value_set(cx->arena, change->extra, "prepared_by", names);
    }
    return OK;
}
