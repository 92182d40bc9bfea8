#include "web/admin_recent.h"

#include <inttypes.h>

#include "record/audit.h"

enum { RECENT_SHOWN = 10 };

struct recent_look {
    const char *const *whats;
    struct audit *rows;
    uint32_t count;
};

static enum status recent_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct recent_look *look = arg;
    return audit_recent(cx, sql, look->whats, RECENT_SHOWN, &look->rows, &look->count);
}

enum status admin_recent(struct call *call, const char *const *whats, struct value *view)
{
    struct cx *cx = call->cx;
    struct recent_look look = {.whats = whats};
    struct value *list = value_list(cx->arena);
    TRY(store_read(cx, call->app->house.store, recent_read, &look));
    for (uint32_t i = 0; i < look.count; i++) {
        const struct audit *a = &look.rows[i];
        struct value *row = value_map(cx->arena);
        value_set_str(cx->arena, row, "at", instant_format(cx->arena, a->at));
        value_set_str(cx->arena, row, "person", str_printf(cx->arena, "%" PRId64, a->person));
        value_set_str(cx->arena, row, "what", a->what);
        value_set_str(cx->arena, row, "subject", a->subject);
        value_set_str(cx->arena, row, "detail", a->detail);
        value_add(cx->arena, list, row);
    }
    value_set(cx->arena, view, "recent", list);
    return OK;
}
