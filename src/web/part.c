#include "web/part.h"

#include <inttypes.h>

#include "web/page_field.h"

/* The field that an address or a form is about; 0 when it says nothing. */
static uint32_t part_said(struct call *call, const struct field *group)
{
    struct arena *arena = call->cx->arena;
    Str text = value_get_str(call->body, "_part");
    Str items = call_param(call, "items"); /* back from a list that grew */
    int64_t at = 0;
    text = text.n > 0 ? text : call_param(call, "part");
    for (uint32_t i = 0; i < group->field_count && text.n == 0; i++) {
        if (str_starts(items, arena_printf(arena, "%s.%s:", group->name, group->fields[i].name))) {
            return i;
        }
    }
    return str_int(text, &at) && at >= 0 && at < group->field_count ? (uint32_t)at : 0;
}

struct part part_of(struct call *call, const struct field *group, const struct value *values)
{
    struct part part = {.before = -1, .behind = -1};
    const struct value *own = value_get(values, group->name);
    bool large = str_is(http_cookie(call->http, "large"), "1") && !call->json;
    if (!large || group->type != FIELD_GROUP || group->field_count < 2 ||
        call_param(call, "check").n > 0) {
        return part;
    }
    part.at = part_said(call, group);
    for (uint32_t i = 0; i < group->field_count; i++) {
        if (i != part.at && field_is_off(&group->fields[i], own)) {
            continue;
        }
        part.total++;
        if (i < part.at) {
            part.before = i;
        } else if (i == part.at) {
            part.number = part.total;
        } else if (part.behind < 0) {
            part.behind = i;
        }
    }
    part.on = part.total > 1;
    return part;
}

const char *part_path(struct arena *arena, const struct field *group, const struct part *part)
{
    return part->on ? arena_printf(arena, "%s.%s", group->name, group->fields[part->at].name)
                    : group->name;
}

void part_show(struct call *call, const struct part *part, struct value *group, struct value *view)
{
    struct arena *arena = call->cx->arena;
    if (!part->on) {
        return;
    }
    struct value *fields = value_list(arena);
    struct value *row = value_map(arena);
    struct value *field =
        value_merge(arena, value_item(value_get(group, "fields"), part->at), NULL);
    value_set_bool(arena, field, "off", false);
    value_set(arena, field, "when", NULL); /* what it hangs on stands on another screen */
    value_add(arena, fields, field);
    value_set(arena, group, "fields", fields);
    value_set_str(arena, row, "at", str_printf(arena, "%" PRIu32, part->at));
    value_set_int(arena, row, "number", part->number);
    value_set_int(arena, row, "total", part->total);
    value_set(arena, row, "before_href",
              part->before < 0
                  ? NULL
                  : value_str(arena, str_printf(arena, "?part=%" PRId64, part->before)));
    value_set_bool(arena, row, "last", part->behind < 0);
    value_set(arena, view, "part", row);
}
