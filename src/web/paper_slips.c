#include "web/paper_slips.h"

#include "proof/proof.h"

enum { SHOWN_MAX = 5, DEPTH_MAX = 6, TYPED_BYTES_LEAST = 12 };

struct typed {
    struct call *call;
    const struct value *facts;
    struct value *findings;
    struct buf title;
    uint32_t count;
};

static bool is_accepted(const struct act_request *request)
{
    bool all = request->accept_all;
    for (uint32_t i = 0; i < value_count(request->accept); i++) {
        all = all || str_is(value_as_str(value_item(request->accept, i)), "paper-slips");
    }
    return all;
}

/* What the file of the case knows: proof/proof.h. */
static struct value *facts_of(struct arena *arena, const struct matter *m)
{
    struct value *facts = value_map(arena);
    struct value *parties = value_list(arena);
    for (uint32_t i = 0; i < m->party_count; i++) {
        struct value *party = value_map(arena);
        value_set_str(arena, party, "name", m->parties[i].name);
        value_set_str(arena, party, "role", m->parties[i].role);
        value_add(arena, parties, party);
    }
    value_set(arena, facts, "parties", parties);
    value_set_str(arena, facts, "court", m->court);
    if (m->case_number.n > 0) {
        value_set_str(arena, facts, "case_number", m->case_number);
    }
    return facts;
}

static void title_add(struct typed *t, const struct value *row)
{
    Str proposal = value_get_str(row, "proposal");
    if (t->count++ >= SHOWN_MAX) {
        return;
    }
    buf_text(&t->title, t->count == 1 ? "" : "；");
    buf_text(&t->title, "“");
    buf_str(&t->title, value_get_str(row, "found"));
    buf_text(&t->title, "”");
    if (proposal.n > 0) {
        buf_text(&t->title, "似应为“");
        buf_str(&t->title, proposal);
        buf_text(&t->title, "”");
    }
    buf_text(&t->title, "（");
    buf_str(&t->title, value_get_str(row, "reason"));
    buf_text(&t->title, "）");
}

static void text_check(struct typed *t, Str path, Str text)
{
    struct call *call = t->call;
    struct arena *arena = call->cx->arena;
    struct proof_world world = *call->app->proof;
    struct findings findings;
    world.tables = call->app->house.tables(call->app->house.tables_arg);
    proof_passage(arena, &world, text, t->facts, instant_date(clock_now()), &findings);
    const struct value *rows = value_get(findings_value(arena, &findings, text), "findings");
    for (uint32_t i = 0; i < value_count(rows); i++) {
        struct value *row = value_copy(arena, value_item(rows, i));
        value_set_str(arena, row, "field", path);
        value_add(arena, t->findings, row);
        title_add(t, row);
    }
}

/* Prose is what is looked at: names, numbers and addresses have checks of their own. */
static void typed_walk(struct typed *t, Str path, const struct field *field, const struct value *v,
                       int depth) /* NOLINT(misc-no-recursion) */
{
    struct arena *arena = t->call->cx->arena;
    if (field->type == FIELD_LONG_TEXT && value_is_text(v) &&
        value_as_str(v).n >= TYPED_BYTES_LEAST) {
        text_check(t, path, value_as_str(v));
    }
    for (uint32_t i = 0; value_is_list(v) && i < value_count(v) && depth < DEPTH_MAX; i++) {
        typed_walk(t, str_printf(arena, "%s.%u", path.p, i), field, value_item(v, i), depth + 1);
    }
    for (uint32_t i = 0; value_is_map(v) && i < field->field_count && depth < DEPTH_MAX; i++) {
        const struct field *below = &field->fields[i];
        typed_walk(t, str_printf(arena, "%s.%s", path.p, below->name), below,
                   value_get(v, below->name), depth + 1);
    }
}

enum status paper_slips_check(struct call *call, const struct act_request *request,
                              const struct plan *plan)
{
    struct cx *cx = call->cx;
    const struct change *change = &plan->changes[0];
    if (call->actor.post.n == 0 || change->paper_count == 0 || change->before == NULL ||
        change->act_index >= change->procedure->act_count || is_accepted(request)) {
        return OK;
    }
    struct typed t = {.call = call,
                      .facts = facts_of(cx->arena, change->before),
                      .findings = value_list(cx->arena)};
    buf_init(&t.title, cx->arena, 4096);
    const struct act *act = &change->procedure->acts[change->act_index];
    for (uint32_t i = 0; i < act->form_count; i++) {
        typed_walk(&t, str_of(act->form[i]->name), act->form[i],
                   value_get(request->values, act->form[i]->name), 0);
    }
    if (t.count == 0) {
        return OK;
    }
    if (t.count > SHOWN_MAX) {
        Str more = str_printf(cx->arena, "；还有%u处", t.count - SHOWN_MAX);
        buf_str(&t.title, more);
    }
    struct value *warning = cx_warning(cx, NULL, "paper-slips",
                                       arena_printf(cx->arena, "将要印入文书的文字有%u处请核对：%s",
                                                    t.count, buf_done(&t.title).p));
    value_set(cx->arena, warning, "findings", t.findings);
    return FAIL(cx, E_WARN, "warnings", "%u findings in what was typed", t.count);
}
