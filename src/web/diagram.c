/* GET /procedures/{name}/diagram.svg: how a procedure runs, drawn from its definition. */
#include "flow/procedure.h"
#include "render/svg.h"
#include "web/handlers.h"

/* "party.plaintiff", "court.reviewer", "system" in words. */
static Str who_title(struct arena *arena, const struct procedure *p, Str who)
{
    static const struct {
        const char *name;
        const char *title;
    } known[] = {
        {"system", "系统"},     {"person", "当事人"},     {"lawyer", "律师"},
        {"window", "窗口"},     {"reviewer", "立案审核"}, {"judge", "法官"},
        {"clerk", "书记员"},    {"enforcement", "执行"},  {"leader", "负责人"},
        {"supervisor", "监督"}, {"mediator", "调解员"},   {"administrator", "管理人"},
        {"sealer", "用印"},     {"owner", "申请人"},
    };

    Str *parts = NULL;
    size_t count = str_split(arena, who, '.', &parts);
    Str last = parts[count - 1];
    if (count == 2 && str_is(parts[0], "party")) {
        return str_of(procedure_role_title(p, last, NULL));
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (str_is(last, known[i].name)) {
            return str_of(known[i].title);
        }
    }
    return who;
}

static struct value *act_drawn(struct arena *arena, const struct procedure *p,
                               const struct value *act)
{
    struct value *view = value_map(arena);
    struct value *by = value_list(arena);
    const struct value *who = value_get(act, "by");
    for (uint32_t i = 0; i < value_count(who); i++) {
        value_add(arena, by,
                  value_str(arena, who_title(arena, p, value_as_str(value_item(who, i)))));
    }
    value_set(arena, view, "name", value_get(act, "name"));
    value_set(arena, view, "title", value_get(act, "title"));
    value_set(arena, view, "from", value_get(act, "from"));
    if (!value_is_null(value_get(act, "to"))) {
        value_set(arena, view, "to", value_get(act, "to"));
    }
    value_set(arena, view, "by", by);
    return view;
}

enum status procedure_diagram(struct call *call)
{
    struct cx *cx = call->cx;
    const struct procedure *p = procedure_find(call->app->house.procedures, call->args[0], 0);
    if (p == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no such procedure");
    }
    struct value *view = procedure_view(cx->arena, p);
    struct value *drawn = value_map(cx->arena);
    struct value *acts = value_list(cx->arena);
    for (uint32_t i = 0; i < value_count(value_get(view, "acts")); i++) {
        value_add(cx->arena, acts, act_drawn(cx->arena, p, value_item(value_get(view, "acts"), i)));
    }
    value_set(cx->arena, drawn, "title", value_get(view, "title"));
    value_set(cx->arena, drawn, "states", value_get(view, "states"));
    value_set(cx->arena, drawn, "acts", acts);
    struct http_answer answer = {.status = 200, .content_type = "image/svg+xml", .cacheable = true};
    TRY(svg_procedure(cx, drawn, &answer.body));
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}
