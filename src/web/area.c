#include "web/area.h"

static const struct law_tables *tables_of(const struct call *call)
{
    return call->app->house.tables(call->app->house.tables_arg);
}

enum status area_of(struct call *call, struct area *out)
{
    struct cx *cx = call->cx;
    const struct actor *actor = &call->actor;
    const struct court *court = court_by_code(tables_of(call), actor->court);
    bool supervises = str_is(actor->post, "supervisor");
    *out = (struct area){.province = {"", 0}, .court = {"", 0}};
    if (court == NULL || (!supervises && !str_is(actor->post, "leader"))) {
        return FAIL(cx, E_DENIED, "denied", "post %.*s has no area", STR_ARG(actor->post));
    }
    if (supervises && court->level == COURT_SUPREME) {
        out->whole = true;
    } else if (supervises && court->level == COURT_HIGH) {
        out->province = court_province(cx->arena, court);
    } else {
        out->court = court->code;
    }
    return OK;
}

bool area_has(const struct area *area, Str province, Str court)
{
    return area->whole || (area->province.n > 0 && str_same(area->province, province)) ||
           (area->court.n > 0 && str_same(area->court, court));
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
