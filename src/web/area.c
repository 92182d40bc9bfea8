#include "web/area.h"

#include <string.h>

static const struct law_tables *tables_of(const struct call *call)
{
    return call->app->house.tables(call->app->house.tables_arg);
}

/* Of a supervisor who is at neither the Supreme nor a high court. */
static Str courts_below(struct arena *arena, const struct law_tables *tables,
                        const struct court *top)
{
    enum { FIRST_BYTES = 512 };

    struct buf list;
    buf_init(&list, arena, FIRST_BYTES);
    buf_printf(&list, ",%s,", top->code.p);
    for (int i = 0; i < tables->court_count; i++) {
        const struct court *court = court_parent(tables, &tables->courts[i]);
        while (court != NULL && court != top) {
            court = court_parent(tables, court);
        }
        if (court == top) {
            buf_printf(&list, "%s,", tables->courts[i].code.p);
        }
    }
    return buf_done(&list);
}

enum status area_of(struct call *call, struct area *out)
{
    struct cx *cx = call->cx;
    const struct actor *actor = &call->actor;
    const struct court *court = court_by_code(tables_of(call), actor->court);
    bool supervises = str_is(actor->post, "supervisor");
    *out = (struct area){.province = {"", 0}, .court = {"", 0}, .courts = {"", 0}};
    if (court == NULL || (!supervises && !str_is(actor->post, "leader"))) {
        return FAIL(cx, E_DENIED, "denied", "post %.*s has no area", STR_ARG(actor->post));
    }
    if (supervises && court->level == COURT_SUPREME) {
        out->whole = true;
    } else if (supervises && court->level == COURT_HIGH) {
        out->province = court_province(cx->arena, court);
    } else {
        out->court = court->code;
        out->courts = supervises ? courts_below(cx->arena, tables_of(call), court) : (Str){"", 0};
    }
    return OK;
}

Str area_courts(const struct area *area)
{
    return area->courts.n > 0 ? area->courts : area->court;
}

/* Codes hold no comma. */
bool area_list_has(Str courts, Str code)
{
    for (size_t at = 0; code.n > 0 && at + code.n + 2 <= courts.n; at++) {
        const char *p = courts.p + at;
        if (p[0] == ',' && p[code.n + 1] == ',' && memcmp(p + 1, code.p, code.n) == 0) {
            return true;
        }
    }
    return false;
}

bool area_has(const struct area *area, Str province, Str court)
{
    return area->whole || (area->province.n > 0 && str_same(area->province, province)) ||
           (area->court.n > 0 && str_same(area->court, court)) ||
           area_list_has(area->courts, court);
}

Str area_province_name(const struct call *call, Str province)
{
    return court_province_name(tables_of(call), province);
}

Str area_court_name(const struct call *call, Str code)
{
    const struct court *court = court_by_code(tables_of(call), code);
    return court == NULL ? code : court->name;
}
