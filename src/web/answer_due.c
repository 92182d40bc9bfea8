#include "web/answer_due.h"

#include "flow/alignment.h"
#include "flow/answer_period.h"

/* The period of one defendant. */
struct answer_due {
    const struct party *party;
    const struct value *working;
    Date due; /* DATE_NONE: the service is not registered */
    bool answered;
    bool over;
};

/* Does the viewer answer for this party? */
static bool is_his(struct call *call, const struct matter *m, const struct party *party)
{
    return alignment_defendant(m, party->n) != NULL &&
           alignment_side_of(m, call->actor.person, party->n).party == party->n;
}

static struct answer_due due_of(const struct seen *seen, const struct party *party)
{
    const struct value *service = alignment_answer_of(value_get(seen->clear, "services"), party->n);
    struct answer_due one = {
        .party = party,
        .working = value_get(service, "working"),
        .due = DATE_NONE,
        .answered = alignment_answer_of(value_get(seen->clear, "answers"), party->n) != NULL};
    one.over =
        date_parse(value_get_str(service, "due"), &one.due) && one.due < instant_date(clock_now());
    return one;
}

/* Those of the viewer, in the order of the parties. */
static struct answer_due *dues_of(struct call *call, const struct seen *seen, uint32_t *count)
{
    const struct matter *m = seen->matter;
    const struct state *state = procedure_state(seen->procedure, m->state);
    bool asked = call->actor.post.n == 0 && state != NULL && !state->end &&
                 procedure_act(seen->procedure, STR("record-service")) != NULL;
    struct answer_due *list = arena_array(call->cx->arena, struct answer_due, m->party_count + 1);
    *count = 0;
    for (uint32_t i = 0; asked && i < m->party_count; i++) {
        if (is_his(call, m, &m->parties[i])) {
            list[(*count)++] = due_of(seen, &m->parties[i]);
        }
    }
    return list;
}

static struct value *due_show(struct arena *arena, const struct answer_due *one, bool several)
{
    struct value *row = value_map(arena);
    bool running = !one->answered && !one->over;
    struct value *working = working_show(arena, one->working);
    value_set_str(arena, row, "title",
                  several ? str_printf(arena, "%s的答辩期限", one->party->name.p)
                          : STR("答辩期限"));
    value_set_str(arena, row, "due", instant_format(arena, date_end(one->due)));
    value_set_bool(arena, row, "running", running);
    value_set_bool(arena, row, "overdue", false);
    value_set_bool(arena, row, "by_minute", false);
    value_set_str(arena, row, "left_title", left_words(arena, date_end(one->due), clock_now()));
    value_set(arena, row, "note",
              running
                  ? NULL
                  : value_text(arena, one->answered
                                          ? "已经答辩"
                                          : "已过，不影响法院审理；仍可以提交答辩状，由法院决定"));
    value_set(arena, row, "working", working);
    value_set_bool(arena, row, "has_working", running && working->count > 0);
    value_set(arena, row, "version", NULL);
    return row;
}

void answer_due_add(struct call *call, const struct seen *seen, struct value *clocks)
{
    uint32_t count = 0;
    const struct answer_due *list = dues_of(call, seen, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (list[i].due != DATE_NONE) {
            value_add(call->cx->arena, clocks, due_show(call->cx->arena, &list[i], count > 1));
        }
    }
}

void answer_due_set(struct call *call, const struct seen *seen, struct value *args)
{
    struct arena *arena = call->cx->arena;
    uint32_t count = 0;
    const struct answer_due *list = dues_of(call, seen, &count);
    Date nearest = DATE_NONE;
    bool unserved = false;
    for (uint32_t i = 0; i < count; i++) {
        const struct answer_due *one = &list[i];
        unserved = unserved || (one->due == DATE_NONE && !one->answered);
        if (one->due != DATE_NONE && !one->answered && !one->over &&
            (nearest == DATE_NONE || one->due < nearest)) {
            nearest = one->due;
        }
    }
    if (nearest != DATE_NONE) {
        value_set_str(arena, args, "answer_due", day_words(arena, date_end(nearest)));
    } else if (unserved) {
        value_set_str(arena, args, "answer_days", str_printf(arena, "%d", ANSWER_DAYS));
    }
}
