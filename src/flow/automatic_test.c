/* What the program does on its own behind a hand-over, and the ladder that answers climb whether or
 * not it has done so: on both engines. */
#include "base/clock.h"
#include "flow/act.h"
#include "flow/test_scene.h"
#include "record/handover.h"

static const char HANDED[] =
    "procedure: handed\ntitle: 转交\nabout: 转交一件。\n"
    "begin: {by: [window]}\n"
    "parties: {applicant: 申请人}\n"
    "states:\n"
    "  draft: {title: 草稿，尚未提交}\n"
    "  sent: {title: 已发出, waits: [court.clerk]}\n"
    "  done: {title: 已办结, end: true}\n"
    "  back: {title: 已撤回, end: true}\n"
    "ladder:\n"
    "  submitted: {title: 发出, acts: [send]}\n"
    "  relayed: {title: 传到, acts: [relay]}\n"
    "  received: {title: 收到, acts: [receive]}\n"
    "  opened: {title: 打开, acts: [open]}\n"
    "  responded: {title: 响应, acts: [answer]}\n"
    "  decided: {title: 决定, acts: [answer]}\n"
    "acts:\n"
    "  send: {title: 发出, by: [collaborator.window], from: [draft], to: sent, form: [reason]}\n"
    "  relay: {title: 传到, by: [system], on: sent, from: [sent, back]}\n"
    "  receive: {title: 收到, by: [system], on: listed, from: [sent]}\n"
    "  open: {title: 打开, by: [system], on: opened, from: [sent]}\n"
    "  answer: {title: 答复, by: [court.clerk], from: [sent], to: done}\n"
    "  take-back: {title: 撤回, by: [collaborator.window], from: [sent], to: back}\n";
static const char REASON[] =
    "element: reason\ntitle: 理由\ntype: text\nrequired: true\nexample: 查询\n";

static const struct rule *const RULES[] = {NULL};

static const struct actor WINDOW = {.person = 21,
                                    .person_kind = {"staff", 5},
                                    .name = {"周窗口", 9},
                                    .verified = true,
                                    .post = {"window", 6},
                                    .court = {"京0105", 7}};
static const struct actor CLERK = {.person = 22,
                                   .person_kind = {"staff", 5},
                                   .name = {"吴书记员", 12},
                                   .verified = true,
                                   .post = {"clerk", 5},
                                   .court = {"沪0115", 7}};

static int setup(void **state)
{
    const struct procedure_source sources[] = {
        {"procedures/handed/1.yaml", str_of(HANDED)},
        {"elements/reason.yaml", str_of(REASON)},
        {"elements/materials.yaml", STR("evidence: 证据\n")},
    };
    return scene_make(state, sources, 3, RULES);
}

static void take(struct scene *s, const struct actor *actor, Id matter, const char *act)
{
    struct plan *plan = NULL;
    int64_t replayed = 0;
    struct value *values = value_map(s->cx->arena);
    struct rows now =
        place_ask(&s->place, SQL("SELECT revision FROM matter WHERE id = ?1"), ARGS(SQL_I(matter)));
    if (text_is(act, "send")) {
        value_set_text(s->cx->arena, values, "reason", "查询");
    }
    const struct act_request request = {.actor = actor,
                                        .matter = matter,
                                        .act = str_of(act),
                                        .values = values,
                                        .revision = row_int(&now, 0, 0),
                                        .key = {"", 0}};
    cx_forgive(s->cx);
    must(s, act_prepare(s->cx, &s->house, &request, &plan, &replayed));
    must(s, scene_apply(s, plan));
}

static Id sent(struct scene *s)
{
    struct plan *plan = NULL;
    must(s, draft_begin(s->cx, &s->house, &WINDOW, STR("handed"), STR("沪0115"),
                        value_map(s->cx->arena), false, STR(""), hash_str(STR("")), &plan));
    must(s, scene_apply(s, plan));
    Id id = plan->changes[0].after->id;
    take(s, &WINDOW, id, "send");
    return id;
}

/* Is there anything left to do? Done, when there is. */
static bool automatic(struct scene *s, Id matter, const char *act)
{
    struct plan *plan = NULL;
    cx_forgive(s->cx);
    must(s, automatic_prepare(s->cx, &s->house, matter, str_of(act), &CLERK, &plan));
    if (plan != NULL) {
        must(s, scene_apply(s, plan));
    }
    return plan != NULL && !plan->replayed;
}

static int64_t rung(struct scene *s, Id matter, uint32_t column)
{
    struct rows rows = place_ask(&s->place,
                                 SQL("SELECT submitted, relayed, received, opened, responded, "
                                     "decided FROM handover WHERE matter = ?1"),
                                 ARGS(SQL_I(matter)));
    assert_int_equal(rows.count, 1);
    return row_int(&rows, 0, column);
}

static void a_commit_leaves_the_relay_to_a_job(void **state)
{
    struct scene *s = *state;
    Id id = sent(s);
    struct rows jobs =
        place_ask(&s->place, SQL("SELECT payload FROM job WHERE kind = 'automatic'"), NO_ARGS);
    assert_int_equal(jobs.count, 1);
    assert_true(str_has(row_str(&jobs, 0, 0), "\"relay\""));
    assert_true(rung(s, id, 0) > 0);
    for (uint32_t i = 1; i < 6; i++) {
        assert_int_equal(rung(s, id, i), 0);
    }
}

static void each_is_taken_once(void **state)
{
    static const char *const acts[] = {"relay", "receive", "open"};
    struct scene *s = *state;
    Id id = sent(s);
    for (uint32_t i = 0; i < 3; i++) {
        assert_true(automatic(s, id, acts[i]));
        assert_true(rung(s, id, i + 1) > 0);
        assert_false(automatic(s, id, acts[i]));
    }
    assert_int_equal(rung(s, id, 4), 0);
}

static void an_answer_reaches_what_is_below_it(void **state)
{
    struct scene *s = *state;
    Id id = sent(s);
    take(s, &CLERK, id, "answer");
    int64_t answered = rung(s, id, 4);
    assert_true(answered > 0);
    for (uint32_t i = 1; i < 6; i++) {
        assert_int_equal(rung(s, id, i), answered);
    }
    assert_false(automatic(s, id, "relay"));
    assert_false(automatic(s, id, "open"));
}

static void what_was_reached_before_stays(void **state)
{
    struct scene *s = *state;
    Id id = sent(s);
    assert_true(automatic(s, id, "relay"));
    int64_t relayed = rung(s, id, 1);
    clock_pin(clock_now() + HOUR_MS);
    take(s, &CLERK, id, "answer");
    clock_pin(0);
    assert_int_equal(rung(s, id, 1), relayed);
    assert_true(rung(s, id, 2) >= relayed + HOUR_MS);
}

static void what_was_taken_back_is_relayed_and_not_answered(void **state)
{
    struct scene *s = *state;
    Id id = sent(s);
    take(s, &WINDOW, id, "take-back");
    assert_true(automatic(s, id, "relay"));
    assert_true(rung(s, id, 1) > 0);
    assert_false(automatic(s, id, "receive"));
    assert_int_equal(rung(s, id, 2), 0);
    assert_int_equal(rung(s, id, 4), 0);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, scene_remove)
    const struct CMUnitTest tests[] = {
        TEST(a_commit_leaves_the_relay_to_a_job),
        TEST(each_is_taken_once),
        TEST(an_answer_reaches_what_is_below_it),
        TEST(what_was_reached_before_stays),
        TEST(what_was_taken_back_is_relayed_and_not_answered),
    };
    return test_on_both_engines(tests);
}
