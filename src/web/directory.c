/* The public trees: courts, causes, divisions, procedures. */
#include <inttypes.h>

#include "flow/view.h"
#include "web/handlers.h"

enum { OFFSET_MAX = 100000 };

static int64_t offset_of(const struct call *call)
{
    int64_t offset = 0;
    if (!str_int(call_param(call, "page"), &offset) || offset < 0 || offset > OFFSET_MAX) {
        return 0;
    }
    return offset;
}

/* {"<name>":[…],"next":URL|null}; page counts rows to skip. */
static struct value *page_of(struct call *call, const char *name, struct value *list,
                             int64_t offset, uint32_t limit, bool more)
{
    struct arena *arena = call->cx->arena;
    struct value *answer = value_map(arena);
    value_set(arena, answer, name, list);
    value_set(
        arena, answer, "next",
        more ? value_str(arena,
                         str_printf(arena, "/%s?q=%s&level=%s&parent=%s&limit=%u&page=%" PRId64,
                                    name, text_percent_encode(arena, call_param(call, "q")).p,
                                    text_percent_encode(arena, call_param(call, "level")).p,
                                    text_percent_encode(arena, call_param(call, "parent")).p, limit,
                                    offset + limit))
             : NULL);
    return answer;
}

enum status court_list(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct law_tables *tables = tables_current(call->app->tables);
    enum court_level level = COURT_SUPREME;
    uint32_t limit = call_limit(call);
    int64_t offset = offset_of(call);
    int *found = arena_array(arena, int, limit + 1);
    bool by_level = court_level_parse(call_param(call, "level"), &level);
    bool silly =
        !by_level && call_param(call, "level").n > 0; /* a level there is none of: no rows */
    int count = silly
                    ? 0
                    : court_search(tables, call_param(call, "q"), by_level ? (int)level : -1,
                                   call_param(call, "parent"), (int)offset, found, (int)limit + 1);
    struct value *list = value_list(arena);
    for (int i = 0; i < count && i < (int)limit; i++) {
        value_add(arena, list,
                  court_view(call->cx, tables, &tables->courts[found[i]], clock_now()));
    }
    return call_answer(call, page_of(call, "courts", list, offset, limit, count > (int)limit),
                       "courts");
}

enum status court_show(struct call *call)
{
    struct cx *cx = call->cx;
    const struct law_tables *tables = tables_current(call->app->tables);
    const struct court *court = court_by_code(tables, call->args[0]);
    if (court == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no court of that code");
    }
    return call_answer(call, court_view(cx, tables, court, clock_now()), "court");
}

enum status cause_list(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct law_tables *tables = tables_current(call->app->tables);
    uint32_t limit = call_limit(call);
    int64_t offset = offset_of(call);
    int *found = arena_array(arena, int, limit + 1);
    int count = cause_search(tables, call_param(call, "q"), call_param(call, "parent"), (int)offset,
                             found, (int)limit + 1);
    struct value *list = value_list(arena);
    for (int i = 0; i < count && i < (int)limit; i++) {
        const struct cause *cause = &tables->causes[found[i]];
        struct value *view = value_map(arena);
        value_set_str(arena, view, "code", cause->code);
        value_set_str(arena, view, "name", cause->name);
        value_set_int(arena, view, "level", cause->level);
        value_set(arena, view, "number",
                  cause->number.n == 0 ? NULL : value_str(arena, cause->number));
        value_set(arena, view, "parent",
                  cause->parent < 0 ? NULL : value_str(arena, tables->causes[cause->parent].code));
        value_set(arena, view, "form",
                  cause->form_no.n == 0 ? NULL : value_str(arena, cause->form_no));
        value_add(arena, list, view);
    }
    return call_answer(call, page_of(call, "causes", list, offset, limit, count > (int)limit),
                       "causes");
}

enum status division_list(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct law_tables *tables = tables_current(call->app->tables);
    uint32_t limit = call_limit(call);
    int64_t offset = offset_of(call);
    int *found = arena_array(arena, int, limit + 1);
    int count = division_search(tables, call_param(call, "q"), call_param(call, "parent"),
                                (int)offset, found, (int)limit + 1);
    struct value *list = value_list(arena);
    for (int i = 0; i < count && i < (int)limit; i++) {
        const struct division *division = &tables->divisions[found[i]];
        struct value *view = value_map(arena);
        value_set_str(arena, view, "code", division->code);
        value_set_str(arena, view, "name", division->name);
        value_set_str(arena, view, "full_name", division_full_name(arena, tables, division->code));
        value_set_int(arena, view, "level", division->level);
        value_set(arena, view, "parent",
                  division->parent < 0
                      ? NULL
                      : value_str(arena, tables->divisions[division->parent].code));
        value_add(arena, list, view);
    }
    return call_answer(call, page_of(call, "divisions", list, offset, limit, count > (int)limit),
                       "divisions");
}

/* --- procedures --- */

enum status procedure_list(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct procedures *procedures = call->app->house.procedures;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < procedures_count(procedures); i++) {
        const struct procedure *p = procedures_at(procedures, i);
        if (p != procedure_find(procedures, str_of(p->name), 0)) {
            continue; /* an older version */
        }
        struct value *view = procedure_view(arena, p);
        value_remove(view, "acts");
        value_remove(view, "clocks");
        value_add(arena, list, view);
    }
    struct value *answer = value_map(arena);
    value_set(arena, answer, "procedures", list);
    value_set(arena, answer, "next", NULL);
    return call_answer(call, answer, "procedures");
}

static enum status procedure_of(struct call *call, const struct procedure **out)
{
    struct cx *cx = call->cx;
    int64_t version = 0;
    if (!str_int(call_param(call, "version"), &version)) {
        version = 0;
    }
    *out = procedure_find(call->app->house.procedures, call->args[0], (int)version);
    return *out != NULL ? OK : FAIL(cx, E_NOT_FOUND, "not-found", "no such procedure");
}

enum status procedure_show(struct call *call)
{
    struct cx *cx = call->cx;
    const struct procedure *procedure = NULL;
    TRY(procedure_of(call, &procedure));
    return call_answer(call, procedure_view(cx->arena, procedure), "procedure");
}
