/* Acts of a small procedure on both engines: prepared, applied, refused, repeated, raced. */
#include "base/clock.h"
#include "base/json.h"
#include "flow/act.h"
#include "flow/form.h"
#include "flow/shelf.h"
#include "flow/test_scene.h"
#include "record/listing.h"

static const char LETTER[] =
    "procedure: letter\n"
    "title: 来信\n"
    "begin: {by: [person], courts: {levels: [基层]}}\n"
    "parties: {writer: 来信人}\n"
    "states:\n"
    "  draft: {title: 草稿，尚未提交}\n"
    "  open: {title: 待回复, waits: [court.clerk]}\n"
    "  asked: {title: 待补充, waits: [party.writer]}\n"
    "  done: {title: 已回复, end: true}\n"
    "clocks:\n"
    "  reply: {title: 回复期限, starts: [open], stops: [done, asked], limit: 7 days, count: law,\n"
    "    remind: [2 days], on_breach: overdue}\n"
    "acts:\n"
    "  send: {title: 寄出, by: [party.writer], from: [draft, asked], to: open, form: [reason],\n"
    "    materials: {evidence: 0..1}, hard: [polite], soft: [short], tells: [court.clerk]}\n"
    "  ask: {title: 询问, by: [court.clerk], from: [open], to: asked, form: [question],\n"
    "    tells: [party.writer]}\n"
    "  answer: {title: 回复, by: [court.clerk], from: [open], to: done}\n"
    "  overdue: {title: 超期, by: [system], from: [open], tells: [court.leader]}\n";
static const char REASON[] =
    "element: reason\ntitle: 理由\ntype: group\nrequired: true\nfields:\n"
    "  - {name: text, title: 内容, type: text, required: true, example: 请求查询}\n"
    "  - {name: phone, title: 电话, type: phone, example: \"13800138000\"}\n";
static const char QUESTION[] =
    "element: question\ntitle: 问题\ntype: text\nrequired: true\nexample: 哪一年的\n";

static Str said_text(const struct ask *ask)
{
    return value_as_str(value_at(ask->values, "reason.text"));
}

static enum status guard_polite(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    if (str_has(said_text(ask), "混账")) {
        ask_complain(cx, ask, rule, "reason.text", "请换一个说法");
    }
    return OK;
}

static enum status guard_short(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    if (utf8_count(said_text(ask)) > 10) {
        ask_complain(cx, ask, rule, "reason.text", "写得有点长");
    }
    return OK;
}

static const struct rule polite = {
    .name = "polite", .kind = RULE_GUARD, .law = "", .guard = guard_polite};
static const struct rule brief = {
    .name = "short", .kind = RULE_GUARD, .law = "", .guard = guard_short};
static const struct rule *const RULES[] = {&polite, &brief, NULL};

static const struct actor WRITER = {
    .person = 11, .person_kind = {"person", 6}, .name = {"林晓舟", 9}, .verified = true};
static const struct actor STRANGER = {
    .person = 12, .person_kind = {"person", 6}, .name = {"王某", 6}, .verified = true};
static const struct actor CLERK = {.person = 13,
                                   .person_kind = {"staff", 5},
                                   .name = {"周书记员", 12},
                                   .verified = true,
                                   .post = {"clerk", 5},
                                   .court = {"京0105", 7}};
static const struct actor OTHER_CLERK = {.person = 14,
                                         .person_kind = {"staff", 5},
                                         .name = {"吴书记员", 12},
                                         .verified = true,
                                         .post = {"clerk", 5},
                                         .court = {"京0106", 7}};

static int setup(void **state)
{
    const struct procedure_source sources[] = {
        {"procedures/letter/1.yaml", str_of(LETTER)},
        {"elements/reason.yaml", str_of(REASON)},
        {"elements/question.yaml", str_of(QUESTION)},
        {"elements/materials.yaml", STR("evidence: 证据\n")},
    };
    return scene_make(state, sources, 4, RULES);
}

/* --- doing --- */

static struct value *json(struct scene *s, const char *text)
{
    struct value *v = NULL;
    must(s, json_read(s->cx, str_of(text), &v));
    return v;
}

static Id draft(struct scene *s)
{
    struct plan *plan = NULL;
    must(s, draft_begin(s->cx, &s->house, &WRITER, STR("letter"), STR("京0105"),
                        value_map(s->cx->arena), false, STR(""), hash_str(STR("")), &plan));
    must(s, scene_apply(s, plan));
    return plan->changes[0].after->id;
}

/* One act as the server takes it, without the repeating. */
struct doing {
    const struct actor *actor;
    Id matter;
    const char *act;
    const char *values;
    const char *key;
    int64_t revision; /* 0: not said */
    bool accept;
};

static enum status prepare(struct scene *s, struct doing doing, struct plan **plan)
{
    int64_t replayed = 0;
    struct value *values = doing.values == NULL ? NULL : json(s, doing.values);
    struct act_request request = {
        .actor = doing.actor,
        .matter = doing.matter,
        .act = str_of(doing.act),
        .values = values,
        .accept_all = doing.accept,
        .revision = doing.revision == 0 ? -1 : doing.revision,
        .key = str_of(doing.key == NULL ? "" : doing.key),
        .request = hash_str(str_of(doing.values == NULL ? "" : doing.values)),
    };
    cx_forgive(s->cx);
    s->cx->failure.errors = NULL;
    *plan = NULL;
    return act_prepare(s->cx, &s->house, &request, plan, &replayed);
}

static enum status take(struct scene *s, struct doing doing, struct plan **out)
{
    struct plan *plan = NULL;
    enum status status = prepare(s, doing, &plan);
    if (status == OK && plan != NULL) {
        status = scene_apply(s, plan);
    }
    if (out != NULL) {
        *out = plan;
    }
    return status;
}

static struct matter *matter_of(struct scene *s, Id id)
{
    struct rows rows =
        place_ask(&s->place, SQL("SELECT state, revision, events FROM matter WHERE id = ?1"),
                  ARGS(SQL_I(id)));
    struct matter *m = arena_new(s->cx->arena, struct matter);
    assert_int_equal(rows.count, 1);
    m->state = row_str(&rows, 0, 0);
    m->revision = row_int(&rows, 0, 1);
    m->events = row_int(&rows, 0, 2);
    return m;
}

static int64_t count_of(struct scene *s, const char *statement, Id id)
{
    struct rows rows = place_ask(&s->place, statement, ARGS(SQL_I(id)));
    return row_int(&rows, 0, 0);
}

static Id sent(struct scene *s)
{
    Id id = draft(s);
    must(s, take(s,
                 (struct doing){.actor = &WRITER,
                                .matter = id,
                                .act = "send",
                                .values = "{\"reason\":{\"text\":\"请求查询\"}}"},
                 NULL));
    return id;
}

/* Refused with this code, and nothing is left behind. Answers "field:code field:code", the errors
 * and warnings. */
static const char *refuse(struct scene *s, struct doing doing, enum status status, const char *code)
{
    struct matter *before = matter_of(s, doing.matter);
    struct plan *plan = NULL;
    assert_int_equal(take(s, doing, &plan), status);
    assert_string_equal(s->cx->failure.code, code);
    const struct value *lists[] = {s->cx->failure.errors, s->cx->failure.warnings};
    Str said = STR("");
    for (size_t i = 0; i < 2; i++) {
        for (uint32_t k = 0; k < value_count(lists[i]); k++) {
            const struct value *one = value_item(lists[i], k);
            said = str_printf(s->cx->arena, "%s%s%s:%s", said.p, said.n > 0 ? " " : "",
                              value_get_str(one, "field").p, value_get_str(one, "code").p);
        }
    }
    struct matter *after = matter_of(s, doing.matter);
    assert_true(str_same(before->state, after->state));
    assert_int_equal(before->revision, after->revision);
    assert_int_equal(before->events, after->events);
    return said.p;
}

/* --- claims --- */

static void test_an_act_writes_event_leaf_lists_and_notices_together(void **state)
{
    struct scene *s = *state;
    Id id = sent(s);
    struct matter *m = matter_of(s, id);
    assert_string_equal(m->state.p, "open");
    assert_int_equal(m->events, 1);
    assert_int_equal(count_of(s, SQL("SELECT count(*) FROM event WHERE matter = ?1"), id), 1);
    assert_int_equal(count_of(s, SQL("SELECT count(*) FROM leaf WHERE matter = ?1"), id), 1);
    assert_int_equal(
        count_of(s, SQL("SELECT count(*) FROM listing WHERE matter = ?1 AND box = 'todo'"), id), 1);
    assert_int_equal(count_of(s, SQL("SELECT count(*) FROM notice WHERE matter = ?1"), id), 1);
    assert_int_equal(count_of(s, SQL("SELECT count(*) FROM clock WHERE matter = ?1"), id), 1);
}

/* Pairs of characters of the title, once however often it is written; a draft has none. */
static void test_a_matter_is_found_from_its_first_act_on(void **state)
{
    struct scene *s = *state;
    Id id = draft(s);
    assert_int_equal(count_of(s, SQL("SELECT count(*) FROM search WHERE matter = ?1"), id), 0);
    must(s, take(s,
                 (struct doing){.actor = &WRITER,
                                .matter = id,
                                .act = "send",
                                .values = "{\"reason\":{\"text\":\"请求查询\"}}"},
                 NULL));
    const struct matter *m = matter_of(s, id);
    int64_t pairs = count_of(s, SQL("SELECT count(*) FROM search WHERE matter = ?1"), id);
    assert_int_equal(count_of(s,
                              SQL("SELECT count(*) FROM search s JOIN matter m ON m.id = s.matter "
                                  "AND m.court = s.court WHERE m.id = ?1 AND s.gram = '来信'"),
                              id),
                     1);
    must(s, take(s,
                 (struct doing){.actor = &CLERK,
                                .matter = id,
                                .act = "ask",
                                .values = "{\"question\":\"x\"}",
                                .revision = m->revision},
                 NULL));
    assert_int_equal(count_of(s, SQL("SELECT count(*) FROM search WHERE matter = ?1"), id), pairs);
}

static void test_the_writer_stays_part_of_what_he_sent(void **state)
{
    struct scene *s = *state;
    Id id = sent(s);
    must(s, take(s,
                 (struct doing){.actor = &CLERK,
                                .matter = id,
                                .act = "ask",
                                .values = "{\"question\":\"哪一年的\"}",
                                .revision = matter_of(s, id)->revision},
                 NULL));
    assert_string_equal(matter_of(s, id)->state.p, "asked");
    must(s, take(s,
                 (struct doing){.actor = &WRITER,
                                .matter = id,
                                .act = "send",
                                .values = "{\"reason\":{\"text\":\"2025年的\"}}"},
                 NULL));
    assert_string_equal(matter_of(s, id)->state.p, "open");
}

static void test_strangers_are_told_nothing(void **state)
{
    struct scene *s = *state;
    Id id = draft(s);
    struct doing send = {.matter = id, .act = "send", .values = "{\"reason\":{\"text\":\"x\"}}"};
    send.actor = &STRANGER;
    (void)refuse(s, send, E_NOT_FOUND, "not-found");
    send.actor = &CLERK; /* a draft is nobody else's */
    (void)refuse(s, send, E_NOT_FOUND, "not-found");
    id = sent(s);
    struct doing answer = {.actor = &STRANGER, .matter = id, .act = "answer"};
    (void)refuse(s, answer, E_NOT_FOUND, "not-found");
    answer.actor = &OTHER_CLERK;
    (void)refuse(s, answer, E_NOT_FOUND, "not-found");
}

static void test_refusals_come_in_their_order(void **state)
{
    struct scene *s = *state;
    Id id = sent(s);
    int64_t revision = matter_of(s, id)->revision;
    (void)refuse(s, (struct doing){.actor = &WRITER, .matter = id, .act = "fly"}, E_NOT_FOUND,
                 "not-found");
    (void)refuse(s, (struct doing){.actor = &WRITER, .matter = id, .act = "answer"}, E_DENIED,
                 "denied");
    (void)refuse(s, (struct doing){.actor = &WRITER, .matter = id, .act = "send"}, E_STATE,
                 "state");
    (void)refuse(s, (struct doing){.actor = &WRITER, .matter = id, .act = "overdue"}, E_DENIED,
                 "denied");
    (void)refuse(s,
                 (struct doing){.actor = &CLERK, .matter = id, .act = "ask", .revision = revision},
                 E_INPUT, "fields");
}

static void test_what_is_missing_wrong_or_unknown_is_named(void **state)
{
    struct scene *s = *state;
    Id id = draft(s);
    struct doing send = {.actor = &WRITER, .matter = id, .act = "send"};
    send.values = "{\"reason\":{\"phone\":\"1\"},\"colour\":\"red\"}";
    assert_string_equal(refuse(s, send, E_INPUT, "fields"),
                        "colour:unknown reason.text:missing reason.phone:phone");
    send.values = "{\"reason\":{\"text\":\"混账\"}}";
    assert_string_equal(refuse(s, send, E_INPUT, "fields"), "reason.text:polite");
}

static void test_a_warning_is_confirmed_or_nothing_happens(void **state)
{
    struct scene *s = *state;
    Id id = draft(s);
    struct doing send = {.actor = &WRITER, .matter = id, .act = "send"};
    send.values = "{\"reason\":{\"text\":\"一二三四五六七八九十再多一个\"}}";
    assert_string_equal(refuse(s, send, E_WARN, "warnings"), "reason.text:short");
    send.accept = true;
    must(s, take(s, send, NULL));
    assert_string_equal(matter_of(s, id)->state.p, "open");
}

static void test_the_same_key_does_it_once(void **state)
{
    struct scene *s = *state;
    Id id = draft(s);
    struct plan *plan = NULL;
    struct doing send = {.actor = &WRITER,
                         .matter = id,
                         .act = "send",
                         .key = "key-1",
                         .values = "{\"reason\":{\"text\":\"请求查询\"}}"};
    must(s, take(s, send, NULL));
    must(s, take(s, send, &plan));
    assert_true(plan == NULL || plan->replayed);
    assert_int_equal(matter_of(s, id)->events, 1);
    assert_int_equal(
        count_of(s, SQL("SELECT count(*) FROM once WHERE matter = ?1 AND event = 1"), id), 1);
    send.values = "{\"reason\":{\"text\":\"别的\"}}";
    (void)refuse(s, send, E_INPUT, "key-reused");
}

static void test_two_prepared_with_one_key_write_one_event(void **state)
{
    struct scene *s = *state;
    Id id = draft(s);
    struct plan *one = NULL;
    struct plan *other = NULL;
    struct doing send = {.actor = &WRITER,
                         .matter = id,
                         .act = "send",
                         .key = "key-1",
                         .values = "{\"reason\":{\"text\":\"请求查询\"}}"};
    must(s, prepare(s, send, &one));
    must(s, prepare(s, send, &other));
    must(s, scene_apply(s, one));
    must(s, scene_apply(s, other));
    assert_false(one->replayed);
    assert_true(other->replayed);
    assert_int_equal(matter_of(s, id)->events, 1);
}

/* The key is claimed before the matter: whose key is gone does not touch the matter, though that
 * stands as it was prepared. */
static void test_a_key_that_is_gone_leaves_another_matter_alone(void **state)
{
    struct scene *s = *state;
    Id first = draft(s);
    Id second = draft(s);
    struct plan *one = NULL;
    struct plan *other = NULL;
    struct doing send = {.actor = &WRITER,
                         .matter = first,
                         .act = "send",
                         .key = "key-1",
                         .values = "{\"reason\":{\"text\":\"请求查询\"}}"};
    must(s, prepare(s, send, &one));
    send.matter = second;
    must(s, prepare(s, send, &other));
    other->once_route = one->once_route; /* it names the matter: as if they were the same use */
    int64_t revision = matter_of(s, second)->revision;
    must(s, scene_apply(s, one));
    must(s, scene_apply(s, other));
    assert_true(other->replayed);
    assert_int_equal(matter_of(s, first)->events, 1);
    assert_int_equal(matter_of(s, second)->events, 0);
    assert_int_equal(matter_of(s, second)->revision, revision);
}

static void test_a_plan_that_lost_the_race_writes_nothing(void **state)
{
    struct scene *s = *state;
    Id id = sent(s);
    int64_t revision = matter_of(s, id)->revision;
    struct plan *one = NULL;
    struct plan *other = NULL;
    must(s, prepare(s,
                    (struct doing){
                        .actor = &CLERK, .matter = id, .act = "answer", .revision = revision},
                    &one));
    must(s, prepare(s,
                    (struct doing){.actor = &CLERK,
                                   .matter = id,
                                   .act = "ask",
                                   .values = "{\"question\":\"x\"}",
                                   .revision = revision},
                    &other));
    must(s, scene_apply(s, one));
    assert_int_equal(scene_apply(s, other), E_AGAIN);
    cx_forgive(s->cx);
    assert_string_equal(matter_of(s, id)->state.p, "done");
    assert_int_equal(matter_of(s, id)->events, 2);
}

static void test_staff_must_say_what_they_saw(void **state)
{
    struct scene *s = *state;
    Id id = sent(s);
    struct plan *plan = NULL;
    struct doing answer = {.actor = &CLERK, .matter = id, .act = "answer"};
    assert_int_not_equal(prepare(s, answer, &plan), OK);
    answer.revision = matter_of(s, id)->revision;
    must(s, take(s, answer, NULL));
    assert_string_equal(matter_of(s, id)->state.p, "done");
}

static void test_a_clock_that_ran_out_is_an_act_of_the_system(void **state)
{
    struct scene *s = *state;
    Id id = sent(s);
    struct plan *plan = NULL;
    struct rows rows =
        place_ask(&s->place, SQL("SELECT due, wake FROM clock WHERE matter = ?1"), ARGS(SQL_I(id)));
    Instant due = row_int(&rows, 0, 0);
    Instant wake = row_int(&rows, 0, 1);
    assert_int_equal(due - wake, 2 * DAY_MS); /* the reminder comes first */
    cx_forgive(s->cx);
    must(s, alarm_prepare(s->cx, &s->house, id, 1, wake, &plan));
    must(s, scene_apply(s, plan));
    assert_int_equal(matter_of(s, id)->events, 1); /* it only tells */
    clock_pin(due);
    must(s, alarm_prepare(s->cx, &s->house, id, 1, due, &plan));
    clock_pin(0);
    must(s, scene_apply(s, plan));
    assert_int_equal(matter_of(s, id)->events, 2);
    rows = place_ask(&s->place, SQL("SELECT breached, wake FROM clock WHERE matter = ?1"),
                     ARGS(SQL_I(id)));
    assert_int_equal(row_int(&rows, 0, 0),
                     due); /* at its own instant, whenever it was carried out */
    assert_int_equal(row_int(&rows, 0, 1), 0);
    rows = place_ask(&s->place, SQL("SELECT at FROM event WHERE matter = ?1 AND n = 2"),
                     ARGS(SQL_I(id)));
    assert_int_equal(row_int(&rows, 0, 0), due);
}

static void test_a_clock_that_was_stopped_wakes_nobody(void **state)
{
    struct scene *s = *state;
    Id id = sent(s);
    struct plan *plan = NULL;
    must(s, take(s,
                 (struct doing){.actor = &CLERK,
                                .matter = id,
                                .act = "answer",
                                .revision = matter_of(s, id)->revision},
                 NULL));
    cx_forgive(s->cx);
    must(s, alarm_prepare(s->cx, &s->house, id, 1, clock_now() + 30 * DAY_MS, &plan));
    assert_null(plan);
}

static void test_what_is_typed_before_is_part_of_what_is_sent(void **state)
{
    struct scene *s = *state;
    Id id = draft(s);
    struct plan *plan = NULL;
    struct save_request save = {.actor = &WRITER,
                                .matter = id,
                                .values = json(s, "{\"reason\":{\"text\":\"请求查询\"}}"),
                                .revision = -1};
    must(s, draft_save(s->cx, &s->house, &save, &plan));
    must(s, scene_apply(s, plan));
    assert_int_equal(matter_of(s, id)->events, 0); /* a desk has no history */
    must(s, take(s, (struct doing){.actor = &WRITER, .matter = id, .act = "send"}, NULL));
    assert_int_equal(matter_of(s, id)->events, 1);
}

static void test_numbers_are_stored_sealed(void **state)
{
    struct scene *s = *state;
    Id id = draft(s);
    must(s, take(s,
                 (struct doing){.actor = &WRITER,
                                .matter = id,
                                .act = "send",
                                .values = "{\"reason\":{\"text\":\"查\",\"phone\":"
                                          "\"13800138000\"}}"},
                 NULL));
    struct rows rows =
        place_ask(&s->place, SQL("SELECT body FROM event WHERE matter = ?1"), ARGS(SQL_I(id)));
    assert_null(strstr(row_str(&rows, 0, 0).p, "13800138000"));
    rows =
        place_ask(&s->place, SQL("SELECT field_values FROM matter WHERE id = ?1"), ARGS(SQL_I(id)));
    assert_null(strstr(row_str(&rows, 0, 0).p, "13800138000"));
    assert_non_null(strstr(row_str(&rows, 0, 0).p, "s1:"));
}

/* --- what is asked --- */

/* Elements are shown as they were written when they were compiled, unless they are asked otherwise.
 */
static void test_a_form_shows_its_elements_as_they_are_asked(void **state)
{
    struct scene *s = *state;
    struct arena *arena = s->cx->arena;
    struct matter *m = matter_of(s, draft(s));
    const struct procedure *p = procedure_find(s->house.procedures, STR("letter"), 0);
    const struct ask ask = {.house = &s->house,
                            .tables = s->house.tables(s->house.tables_arg),
                            .procedure = p,
                            .act = &p->acts[0],
                            .matter = m,
                            .actor = &WRITER,
                            .values = value_map(arena)};
    struct value *view = value_map(arena);
    struct form form;
    form_offered(s->cx, &ask, &form);
    assert_true(form.field_count > 0);
    assert_non_null(form.fields[0].written);
    form_view(arena, &form, view);
    for (uint32_t i = 0; i < form.field_count; i++) {
        assert_string_equal(json_write(arena, value_item(value_get(view, "form"), i)).p,
                            json_write(arena, field_view(arena, &form.fields[i])).p);
    }
}

/* --- the shelf --- */

struct glance {
    const struct house *house;
    const struct actor *actor;
    Id matter;
    bool whole;                  /* by matter_see() */
    const struct change *change; /* by shelf_see_after(), unless NULL */
    struct seen seen;
};

static enum status glance_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct glance *g = arg;
    if (g->change != NULL) {
        return shelf_see_after(cx, g->house, sql, g->actor, g->change, &g->seen);
    }
    return g->whole ? matter_see(cx, g->house, sql, g->actor, g->matter, &g->seen)
                    : shelf_see(cx, g->house, sql, g->actor, g->matter, &g->seen);
}

static const char *glance_text(struct cx *cx, struct glance *g)
{
    if (store_read(cx, g->house->store, glance_read, g) != OK) {
        return cx->failure.code;
    }
    const struct matter *m = g->seen.matter;
    return str_printf(cx->arena, "%s %s %s %s %s %s %d",
                      json_write(cx->arena, matter_projection(cx->arena, m)).p,
                      json_write(cx->arena, g->seen.clear).p,
                      json_write(cx->arena, g->seen.typed).p, m->follow_code.p,
                      m->material_count == 0 ? "" : m->materials[0].status.p,
                      m->link_count == 0 ? "" : m->links[0].title.p,
                      m->paper_count > 0 && !hash_is_zero(m->papers[0].sm3))
        .p;
}

/* What the shelf shows, twice, is what a read of all rows shows. */
static const char *shown(struct scene *s, struct cx *cx, const struct actor *actor, Id id)
{
    struct glance whole = {&s->house, actor, id, true, NULL, {0}};
    struct glance first = {&s->house, actor, id, false, NULL, {0}};
    struct glance again = {&s->house, actor, id, false, NULL, {0}};
    const char *text = glance_text(cx, &whole);
    assert_string_equal(glance_text(cx, &first), text);
    assert_string_equal(glance_text(cx, &again), text);
    assert_ptr_equal(first.seen.clear, again.seen.clear); /* read once */
    return text;
}

static void change_by_hand(struct scene *s, const char *statement, Id id, Id other)
{
    const struct sql_value args[] = {SQL_I(id), SQL_I(other)};
    struct place_query ask = {statement, args, 2, {0}};
    must(s, store_write(s->cx, s->place.store, WRITE_INTERACTIVE, ask_run, &ask));
}

/* What comes in with the next revision, and what may change without one. */
static void test_the_shelf_shows_what_stands_in_the_rows(void **state)
{
    static const struct {
        const char *statement;
        bool with_next;
    } changes[] = {
        {SQL("UPDATE matter SET follow_code = 'ANOTHER' WHERE id = ?1 AND ?2 > 0"), false},
        {SQL("INSERT INTO material (matter, n, kind, name, type, size, sm3, status, person, "
             "person_name, at) SELECT id, 1, 'evidence', 'a', 't', 1, head, 'checking', ?2, 'b', "
             "1 FROM matter WHERE id = ?1"),
         true},
        {SQL("UPDATE matter SET revision = revision + 1 WHERE id = ?1 AND ?2 > 0"), false},
        {SQL("UPDATE material SET status = 'ready' WHERE matter = ?1 AND ?2 > 0"), false},
        {SQL("INSERT INTO paper (matter, n, kind, title, event, inputs, template_sm3, at, size, "
             "code) SELECT id, 1, 'k', 't', 1, '{}', head, 1, 0, 'c' FROM matter "
             "WHERE id = ?1 AND ?2 > 0"),
         true},
        {SQL("INSERT INTO link (matter, other, rel) VALUES (?1, ?2, 'opened')"), true},
        {SQL("UPDATE matter SET updated = updated + 1 WHERE id = ?1 AND ?2 > 0"), false},
        {SQL("UPDATE matter SET title = 'renamed' WHERE id = ?2 AND ?1 > 0"), false},
        {SQL("UPDATE paper SET sm3 = template_sm3 WHERE matter = ?1 AND ?2 > 0"), false},
    };
    struct scene *s = *state;
    struct trial own;
    trial_begin(&own);
    s->house.shelf = shelf_open();
    Id id = sent(s);
    Id other = sent(s);
    const char *before = shown(s, &own.cx, &WRITER, id);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        change_by_hand(s, changes[i].statement, id, other);
        if (!changes[i].with_next) {
            const char *after = shown(s, &own.cx, &WRITER, id);
            assert_string_not_equal(after, before);
            before = after;
        }
    }
    must(s, take(s,
                 (struct doing){.actor = &CLERK,
                                .matter = id,
                                .act = "ask",
                                .values = "{\"question\":\"哪一年的\"}",
                                .revision = matter_of(s, id)->revision},
                 NULL));
    assert_non_null(strstr(shown(s, &own.cx, &WRITER, id), "哪一年的"));
    trial_end(&own);
    shelf_close(s->house.shelf);
}

static void test_the_shelf_keeps_a_draft_until_it_is_saved(void **state)
{
    struct scene *s = *state;
    struct trial own;
    trial_begin(&own);
    s->house.shelf = shelf_open();
    Id id = draft(s);
    const char *before = shown(s, &own.cx, &WRITER, id);
    struct save_request save = {.actor = &WRITER,
                                .matter = id,
                                .values = json(s, "{\"reason\":{\"text\":\"另一个理由\"}}"),
                                .revision = -1};
    struct plan *plan = NULL;
    must(s, draft_save(s->cx, &s->house, &save, &plan));
    must(s, scene_apply(s, plan));
    const char *after = shown(s, &own.cx, &WRITER, id);
    assert_string_not_equal(after, before);
    assert_non_null(strstr(after, "另一个理由"));
    assert_int_equal(shelf_count(s->house.shelf), 1);
    trial_end(&own);
    shelf_close(s->house.shelf);
}

static void test_the_shelf_asks_each_time_who_may_see(void **state)
{
    struct scene *s = *state;
    struct trial own;
    trial_begin(&own);
    s->house.shelf = shelf_open();
    Id id = sent(s);
    struct glance stranger = {&s->house, &STRANGER, id, false, NULL, {0}};
    struct glance elsewhere = {&s->house, &OTHER_CLERK, id, false, NULL, {0}};
    struct glance nothing = {&s->house, &WRITER, id + 1000, false, NULL, {0}};
    assert_string_equal(glance_text(&own.cx, &stranger), "not-found");
    cx_forgive(&own.cx);
    assert_string_equal(glance_text(&own.cx, &nothing), "not-found");
    cx_forgive(&own.cx);
    assert_int_equal(shelf_count(s->house.shelf), 0);
    (void)shown(s, &own.cx, &WRITER, id);
    (void)shown(s, &own.cx, &CLERK, id);
    assert_int_equal(shelf_count(s->house.shelf), 1);
    Id begun = draft(s);
    struct glance of_a_draft = {&s->house, &CLERK, begun, false, NULL, {0}};
    (void)shown(s, &own.cx, &WRITER, begun);
    assert_string_equal(glance_text(&own.cx, &of_a_draft), "not-found"); /* it has no court yet */
    cx_forgive(&own.cx);
    assert_string_equal(glance_text(&own.cx, &stranger), "not-found");
    cx_forgive(&own.cx);
    assert_string_equal(glance_text(&own.cx, &elsewhere), "not-found");
    trial_end(&own);
    shelf_close(s->house.shelf);
}

struct telling {
    struct glance glance;
    uint32_t count;
    const struct value *events;
    bool more;
};

static enum status telling_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct telling *t = arg;
    TRY(glance_read(cx, sql, &t->glance));
    return shelf_story(cx, t->glance.house, sql, &t->glance.seen, t->count, &t->events, &t->more);
}

/* The latest events, by the shelf; the same as without it. */
static const struct value *told(struct scene *s, struct cx *cx, Id id, uint32_t count, bool *more)
{
    struct telling kept = {.glance = {.house = &s->house, .actor = &WRITER, .matter = id},
                           .count = count};
    struct telling anew = kept;
    anew.glance.whole = true;
    assert_int_equal(store_read(cx, s->house.store, telling_read, &kept), OK);
    assert_int_equal(store_read(cx, s->house.store, telling_read, &anew), OK);
    assert_string_equal(json_write(cx->arena, kept.events).p, json_write(cx->arena, anew.events).p);
    assert_int_equal(kept.more, anew.more);
    *more = kept.more;
    return kept.events;
}

static void test_the_shelf_tells_the_latest_events(void **state)
{
    struct scene *s = *state;
    struct trial own;
    bool more = true;
    trial_begin(&own);
    s->house.shelf = shelf_open();
    Id id = sent(s);
    const struct value *first = told(s, &own.cx, id, 1, &more);
    assert_int_equal(value_count(first), 1);
    assert_string_equal(value_get_str(value_item(first, 0), "act").p, "send");
    assert_false(more);
    must(s, take(s,
                 (struct doing){.actor = &CLERK,
                                .matter = id,
                                .act = "ask",
                                .values = "{\"question\":\"哪一年的\"}",
                                .revision = matter_of(s, id)->revision},
                 NULL));
    const struct value *latest = told(s, &own.cx, id, 1, &more);
    assert_string_equal(value_get_str(value_item(latest, 0), "act").p, "ask");
    assert_true(more);
    latest = told(s, &own.cx, id, 1, &more);
    assert_ptr_equal(told(s, &own.cx, id, 1, &more), latest); /* kept by the first look */
    assert_int_equal(value_count(told(s, &own.cx, id, 5, &more)), 2);
    assert_false(more);
    assert_int_equal(value_count(told(s, &own.cx, id, 1, &more)), 1); /* of those two */
    assert_true(more);
    trial_end(&own);
    shelf_close(s->house.shelf);
}

/* What an act has made of a matter is shown without its rows being read, by whoever may see it; not
 * when somebody was quicker than the look. */
static void test_behind_an_act_nothing_is_read_again(void **state)
{
    struct scene *s = *state;
    struct trial own;
    struct plan *plan = NULL;
    trial_begin(&own);
    s->house.shelf = shelf_open();
    Id id = sent(s);
    must(s, take(s,
                 (struct doing){.actor = &CLERK,
                                .matter = id,
                                .act = "ask",
                                .values = "{\"question\":\"哪一年的\"}",
                                .revision = matter_of(s, id)->revision},
                 &plan));
    struct glance whole = {&s->house, &CLERK, id, true, NULL, {0}};
    struct glance after = {&s->house, &CLERK, id, false, &plan->changes[0], {0}};
    struct glance stranger = {&s->house, &STRANGER, id, false, &plan->changes[0], {0}};
    const char *text = glance_text(&own.cx, &whole);
    assert_non_null(strstr(text, "哪一年的"));
    assert_string_equal(glance_text(&own.cx, &after), text);
    assert_ptr_equal(after.seen.matter->values, plan->changes[0].after->values);
    assert_string_equal(glance_text(&own.cx, &stranger), "not-found");
    cx_forgive(&own.cx);
    change_by_hand(s, SQL("UPDATE matter SET revision = revision + 1 WHERE id = ?1 AND ?2 > 0"), id,
                   1);
    text = glance_text(&own.cx, &whole);
    assert_string_equal(glance_text(&own.cx, &after), text);
    assert_ptr_not_equal(after.seen.matter->values, plan->changes[0].after->values);
    trial_end(&own);
    shelf_close(s->house.shelf);
}

static void *look_often(void *arg)
{
    const struct glance *given = arg;
    for (int i = 0; i < 60; i++) {
        struct glance g = *given;
        struct trial own;
        trial_begin(&own);
        check(strstr(glance_text(&own.cx, &g), "请求查询") != NULL);
        trial_end(&own);
    }
    return NULL;
}

static void test_many_look_while_it_changes(void **state)
{
    struct scene *s = *state;
    s->house.shelf = shelf_open();
    Id id = sent(s);
    struct glance g = {&s->house, &WRITER, id, false, NULL, {0}};
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, look_often, &g), 0);
    }
    for (int i = 0; i < 30; i++) {
        change_by_hand(s, SQL("UPDATE matter SET updated = updated + ?2 WHERE id = ?1"), id, 1);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(shelf_count(s->house.shelf), 1);
    shelf_close(s->house.shelf);
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, scene_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(test_an_act_writes_event_leaf_lists_and_notices_together),
        test(test_a_matter_is_found_from_its_first_act_on),
        test(test_the_writer_stays_part_of_what_he_sent),
        test(test_strangers_are_told_nothing),
        test(test_refusals_come_in_their_order),
        test(test_what_is_missing_wrong_or_unknown_is_named),
        test(test_a_warning_is_confirmed_or_nothing_happens),
        test(test_the_same_key_does_it_once),
        test(test_two_prepared_with_one_key_write_one_event),
        test(test_a_key_that_is_gone_leaves_another_matter_alone),
        test(test_a_plan_that_lost_the_race_writes_nothing),
        test(test_staff_must_say_what_they_saw),
        test(test_a_clock_that_ran_out_is_an_act_of_the_system),
        test(test_a_clock_that_was_stopped_wakes_nobody),
        test(test_what_is_typed_before_is_part_of_what_is_sent),
        test(test_numbers_are_stored_sealed),
        test(test_a_form_shows_its_elements_as_they_are_asked),
        test(test_the_shelf_shows_what_stands_in_the_rows),
        test(test_the_shelf_keeps_a_draft_until_it_is_saved),
        test(test_the_shelf_asks_each_time_who_may_see),
        test(test_the_shelf_tells_the_latest_events),
        test(test_behind_an_act_nothing_is_read_again),
        test(test_many_look_while_it_changes),
    };
    return test_on_both_engines(tests);
}
