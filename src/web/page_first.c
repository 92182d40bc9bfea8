/* What must I do, by when: what stands first on the page of a matter. */
#include <inttypes.h>

#include "flow/authority.h"
#include "flow/plan.h"
#include "law/period.h"
#include "web/answer_due.h"
#include "web/page_parts.h"

Str day_words(struct arena *arena, Instant at)
{
    struct day day = date_split(instant_date(at));
    if (at == 0) {
        return STR("");
    }
    return day.year == date_split(instant_date(clock_now())).year
               ? str_printf(arena, "%d月%d日", day.month, day.day)
               : date_chinese(arena, instant_date(at));
}

static const struct clock_row *clock_nearest(const struct matter *m)
{
    const struct clock_row *nearest = NULL;
    for (uint32_t i = 0; i < m->clock_count; i++) {
        const struct clock_row *clock = &m->clocks[i];
        if (clock->stopped == 0 && (nearest == NULL || clock->due < nearest->due)) {
            nearest = clock;
        }
    }
    return nearest;
}

/* A text may end with its own full stop; the sentence it is put into has one too. */
static Str without_stop(struct arena *arena, Str text)
{
    text = str_trim(arena, text);
    return str_ends(text, "。") ? str_slice(arena, text, 0, text.n - 3) : text;
}

Date notice_fee_due(struct call *call, const struct matter *m, Str *half)
{
    const struct house *house = &call->app->house;
    struct cx *cx = call->cx;
    *half = STR("");
    for (uint32_t i = m->paper_count; i > 0; i--) {
        struct value *inputs = NULL;
        Date due = DATE_NONE;
        if (!str_is(m->papers[i - 1].kind, "fee-notice") &&
            !str_is(m->papers[i - 1].kind, "docketing-notice")) {
            continue;
        }
        if (paper_inputs_open(cx, house, m->wrapped_key, m->papers[i - 1].inputs, &inputs) != OK) {
            cx_forgive(cx); /* its key is destroyed: the sentence goes without */
            return DATE_NONE;
        }
        if (date_parse(value_get_str(inputs, "fee-due"), &due)) {
            *half = value_get_bool(inputs, "half") ? value_get_str(inputs, "half-reason") : STR("");
            return due;
        } /* else the notice beside it asks */
    }
    return DATE_NONE;
}

static void set_fee(struct call *call, const struct matter *m, struct value *args)
{
    struct arena *arena = call->cx->arena;
    Str half = STR("");
    Date due = notice_fee_due(call, m, &half);
    if (due != DATE_NONE) {
        value_set_str(arena, args, "fee_due", day_words(arena, date_end(due)));
        value_set_str(arena, args, "fee_half", half);
    }
}

static const struct paper *paper_newest(const struct matter *m, Str kind)
{
    for (uint32_t i = m->paper_count; i > 0; i--) {
        if (str_same(m->papers[i - 1].kind, kind)) {
            return &m->papers[i - 1];
        }
    }
    return NULL;
}

/* Until when one may appeal against a ruling that reached its reader on the day it was given: the
 * account is where it is served. */
static void set_appeal(struct call *call, const struct seen *seen, struct value *args)
{
    struct cx *cx = call->cx;
    const struct value *words = guidance_of(call->app->guidance, str_of(seen->procedure->name));
    const struct value *appeal =
        value_get(value_get_key(value_get(words, "states"), seen->matter->state), "appeal");
    const struct paper *ruling = paper_newest(seen->matter, value_get_str(appeal, "paper"));
    struct period_rule rule = {.count = PERIOD_LAW, .court = STR("")};
    struct period_answer answer;
    Str law = value_get_str(appeal, "law");
    rule.law = law.n == 0 ? NULL : law.p;
    if (ruling == NULL || !period_parse(value_get_str(appeal, "limit"), &rule)) {
        return;
    }
    if (period_due(cx, page_tables(call), &rule, ruling->at, &answer) != OK) {
        cx_forgive(cx); /* beyond the years that can be counted: the sentence goes without */
        return;
    }
    value_set_str(cx->arena, args, "appeal_due", day_words(cx->arena, answer.due));
    value_set_str(cx->arena, args, "ruled", day_words(cx->arena, ruling->at));
}

/* Each running clock by its name: several may run, and each is somebody's own. The newest of a name
 * counts. */
static void set_clocks(struct arena *arena, const struct matter *m, Instant now, struct value *args)
{
    for (uint32_t i = 0; i < m->clock_count; i++) {
        const struct clock_row *clock = &m->clocks[i];
        if (clock->stopped == 0 && now <= clock->due) {
            Str name = str_printf(arena, "due.%s", clock->name.p);
            value_set_key(arena, args, name, value_str(arena, day_words(arena, clock->due)));
        }
    }
}

struct value *guidance_args(struct call *call, const struct seen *seen)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = seen->matter;
    const struct clock_row *clock = clock_nearest(m);
    const struct court *court = court_by_code(page_tables(call), m->court);
    struct value *args = value_map(arena);
    Instant now = clock_now();
    set_clocks(arena, m, now, args);
    if (clock != NULL) {
        value_set_str(arena, args, "clock", clock->title);
        value_set_str(arena, args, "due", day_words(arena, clock->due));
        if (now > clock->due) {
            value_set_str(arena, args, "over", over_words(arena, clock->due, now));
        }
    }
    if (m->arrived != 0) {
        value_set_str(arena, args, "arrived", instant_chinese(arena, m->arrived));
    }
    value_set_str(arena, args, "court", court == NULL ? m->court : court->name);
    value_set_str(arena, args, "case_number", m->case_number);
    for (uint32_t i = 0; i < m->ledger_count; i++) {
        value_set_str(arena, args, "fee", money_format(arena, m->ledger[i].amount));
    }
    answer_due_set(call, seen, args);
    set_fee(call, m, args);
    set_appeal(call, seen, args);
    uint32_t count = value_count(value_at(seen->clear, "correction.items"));
    value_set_str(arena, args, "count", count == 0 ? STR("") : str_printf(arena, "%u", count));
    value_set_str(arena, args, "reason",
                  without_stop(arena, value_as_str(value_at(seen->clear, "return-reason.reason"))));
    return args;
}

static const struct value *act_words(struct call *call, const struct seen *seen, Str act)
{
    const struct value *words = guidance_of(call->app->guidance, str_of(seen->procedure->name));
    return value_get_key(value_get(words, "acts"), act);
}

Str act_link_title(struct call *call, const struct seen *seen, const struct act *act)
{
    const struct value *words = act_words(call, seen, str_of(act->name));
    Str link = value_as_str(value_get_key(value_get(words, "link"), seen->matter->state));
    return link.n > 0 ? link : str_of(act->title);
}

static bool act_listed(const struct value *acts, Str name)
{
    for (uint32_t i = 0; i < value_count(acts); i++) {
        if (str_same(value_get_str(value_item(acts, i), "name"), name)) {
            return true;
        }
    }
    return false;
}

static struct value *actions_show(struct call *call, const struct seen *seen,
                                  const struct value *names, const struct value *open)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(names); i++) {
        Str name = value_as_str(value_item(names, i));
        const struct act *act = procedure_act(seen->procedure, name);
        if (act == NULL || !act_listed(open, name)) {
            continue;
        }
        struct value *row = value_map(arena);
        value_set_str(arena, row, "title", act_link_title(call, seen, act));
        value_set_str(
            arena, row, "href",
            str_printf(arena, "/matters/%" PRId64 "/acts/%s", seen->matter->id, act->name));
        value_set_bool(arena, row, "first", list->count == 0);
        value_set_bool(arena, row, "danger", value_get_bool(act_words(call, seen, name), "danger"));
        value_add(arena, list, row);
    }
    return list;
}

/* Papers that are to be read first, under their words. */
static void papers_add(struct call *call, const struct seen *seen, const struct value *papers,
                       struct value *list)
{
    struct arena *arena = call->cx->arena;
    for (uint32_t i = 0; i < value_count(papers); i++) {
        const struct paper *paper = paper_newest(seen->matter, papers->as.members[i].key);
        if (paper == NULL) {
            continue;
        }
        struct value *row = value_map(arena);
        value_set_str(arena, row, "title", value_as_str(papers->as.members[i].value));
        value_set_str(
            arena, row, "href",
            str_printf(arena, "/matters/%" PRId64 "/papers/%" PRId64, seen->matter->id, paper->n));
        value_set_bool(arena, row, "first", list->count == 0);
        value_set_bool(arena, row, "danger", false);
        value_add(arena, list, row);
    }
}

static bool waits_for_viewer(struct call *call, const struct seen *seen, const struct state *state,
                             bool staff)
{
    for (uint32_t i = 0; state != NULL && i < state->wait_count; i++) {
        const struct actor_rule *rule = &state->waits[i];
        if (staff ? rule->kind == ACTOR_COURT && str_is(call->actor.post, rule->name)
                  : rule->kind == ACTOR_PARTY &&
                        authority_attached(&call->actor, seen->matter, rule->name)) {
            return true;
        }
    }
    return false;
}

/* Where nobody has written words: the state, and by when. */
static void first_plain(struct call *call, const struct seen *seen, bool waits, bool over,
                        const struct value *args, struct value *first)
{
    struct arena *arena = call->cx->arena;
    const struct state *state = procedure_state(seen->procedure, seen->matter->state);
    value_set_text(arena, first, "title", state == NULL ? "" : state->title);
    Str text = over    ? STR("{clock}到{due}，现已超期{over}。")
               : waits ? STR("请在{due}前办理（{clock}）。")
                       : STR("{clock}到{due}。");
    value_set_str(arena, first, "text", guidance_fill(arena, text, args));
}

struct value *first_show(struct call *call, const struct seen *seen, const struct value *acts,
                         bool staff)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = seen->matter;
    const struct value *words = guidance_of(call->app->guidance, str_of(seen->procedure->name));
    const struct value *side =
        value_get(value_get_key(value_get(words, "states"), m->state), staff ? "court" : "party");
    struct value *args = guidance_args(call, seen);
    bool over = value_get_str(args, "over").n > 0;
    const struct value *said =
        over && value_get(side, "late") != NULL ? value_get(side, "late") : side;
    const struct state *state = procedure_state(seen->procedure, m->state);
    bool waits = waits_for_viewer(call, seen, state, staff);
    struct value *first = value_map(arena);
    value_set_str(arena, first, "title", guidance_fill(arena, value_get_str(said, "title"), args));
    value_set_str(arena, first, "text", guidance_fill(arena, value_get_str(said, "text"), args));
    if (value_get_str(first, "title").n == 0) {
        first_plain(call, seen, waits, over, args, first);
    }
    Str tone = state_tone(call->app, str_of(seen->procedure->name), m->state);
    tone = over ? STR("bad") : waits && tone.n == 0 && !staff ? STR("ask") : tone;
    struct value *actions =
        staff ? value_list(arena) : actions_show(call, seen, value_get(side, "acts"), acts);
    papers_add(call, seen, value_get(side, "papers"), actions);
    value_set_str(arena, first, "tone", tone);
    value_set_bool(arena, first, "has_actions", actions->count > 0);
    value_set(arena, first, "actions", actions);
    return first;
}
