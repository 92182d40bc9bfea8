#include "web/sighting.h"

#include "flow/authority.h"
#include "record/handover.h"

enum { UNRECEIVED_MAX = 200 };

static void note(struct call *call, const struct seen *seen, enum automatic kind)
{
    const struct act *act = automatic_waiting(seen, kind);
    if (act != NULL && call->app->seen != NULL) {
        call->app->seen(call->app->seen_arg, seen->matter->id, act->name, &call->actor);
    }
}

void sighting_opened(struct call *call, const struct seen *seen)
{
    const struct law_tables *tables = tables_current(call->app->tables);
    if (authority_is_of_court(&call->actor, seen->matter, tables)) {
        note(call, seen, AUTOMATIC_LISTED);
        note(call, seen, AUTOMATIC_OPENED);
    }
}

/* --- lists --- */

static const struct act *listed_act(const struct call *call, const struct listing *row)
{
    const struct procedure *p =
        procedure_find(call->app->house.procedures, row->procedure, (int)row->version);
    for (uint32_t i = 0; p != NULL && p->rung_count > 0 && i < p->act_count; i++) {
        if (p->acts[i].automatic == AUTOMATIC_LISTED) {
            return &p->acts[i];
        }
    }
    return NULL;
}

struct unreceived {
    Str court;
    Id *ids;
    uint32_t count;
};

static enum status unreceived_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct unreceived *look = arg;
    return handover_unreceived(cx, sql, look->court, UNRECEIVED_MAX, &look->ids, &look->count);
}

static bool has(const struct unreceived *look, Id matter)
{
    for (uint32_t i = 0; i < look->count; i++) {
        if (look->ids[i] == matter) {
            return true;
        }
    }
    return false;
}

void sighting_listed(struct call *call, const struct listing *rows, uint32_t count)
{
    struct unreceived look = {.court = call->actor.court};
    bool any = false;
    for (uint32_t i = 0; i < count; i++) {
        any = any || (str_same(rows[i].court, look.court) && listed_act(call, &rows[i]) != NULL);
    }
    if (!any || call->actor.post.n == 0 || str_is(call->actor.post, "admin") ||
        call->app->seen == NULL) {
        return;
    }
    if (store_read(call->cx, call->app->house.store, unreceived_read, &look) != OK) {
        cx_forgive(call->cx); /* it will be on the list again */
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct act *act = has(&look, rows[i].matter) ? listed_act(call, &rows[i]) : NULL;
        if (act != NULL) {
            call->app->seen(call->app->seen_arg, rows[i].matter, act->name, &call->actor);
        }
    }
}
