#include <inttypes.h>

#include "base/json.h"
#include "record/handover.h"
#include "record/test_people.h"

#define MATTER INT64_C(4711)
#define NOW    INT64_C(1800000000000)

static struct value *read_json(struct cx *cx, const char *json)
{
    struct value *value = NULL;
    assert_int_equal(json_read(cx, str_of(json), &value), OK);
    return value;
}

/* The row has a matter, as every row has. */
static void matter_make(struct town *town)
{
    struct script *script = script_new(town_cx(town)->arena);
    script_add(script,
               SQL("INSERT INTO matter (id, procedure, version, state, court, title, owner, "
                   "revision, events, head, field_values, groups, wrapped_key, follow_code, "
                   "created, updated) VALUES (?1, 'p', 1, 's', '京03', 't', 1, 1, 1, ?2, '{}', "
                   "'{}', '', '', 1, 1)"),
               ARGS(SQL_I(MATTER), SQL_B("", 0)));
    town_run(town, script);
}

struct found {
    struct handover *row;
};

static enum status find_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct found *found = arg;
    return handover_find(cx, sql, MATTER, &found->row);
}

static struct handover *row_now(struct town *town)
{
    struct found found = {NULL};
    struct cx *cx = town_cx(town);
    if (store_read(cx, town->place.store, find_read, &found) != OK) {
        fail_msg("reading: %s", cx->failure.detail.p);
    }
    return found.row;
}

/* One event written and folded. */
static void event_note(struct town *town, struct handover *fold, const char *body,
                       const char *projection)
{
    struct cx *cx = town_cx(town);
    struct script *script = script_new(cx->arena);
    struct handover noted = handover_none();
    const struct value *event = read_json(cx, body);
    const struct value *after = read_json(cx, projection);
    assert_true(handover_note(cx->arena, &noted, event, after));
    assert_true(handover_note(cx->arena, fold, event, after));
    handover_write(script, &noted);
    town_run(town, script);
}

static const char *body_of(struct arena *arena, Instant at, const char *rungs)
{
    return arena_printf(
        arena, "{\"matter\":4711,\"at\":%" PRId64 ",\"rungs\":[%s],\"response_ms\":%" PRId64 "}",
        at, rungs, (at - NOW) / 2);
}

static const char *projection_of(struct arena *arena, const char *state, const char *more)
{
    return arena_printf(arena,
                        "{\"matter\":{\"procedure\":\"p\",\"court\":\"京03\",\"state\":\"%s\"},"
                        "\"values\":{\"collaborator\":\"藏0601\",\"filing-kind\":\"civil\"%s}}",
                        state, more);
}

static void test_a_row_keeps_what_was_reached_first(void **state)
{
    struct town *town = *state;
    struct arena *arena = town_cx(town)->arena;
    struct handover fold = handover_none();
    matter_make(town);
    assert_null(row_now(town));
    event_note(town, &fold, body_of(arena, NOW, "\"submitted\""), projection_of(arena, "sent", ""));
    event_note(town, &fold, body_of(arena, NOW + 10, "\"responded\",\"correction\""),
               projection_of(arena, "correction", ""));
    event_note(town, &fold, body_of(arena, NOW + 20, ""), projection_of(arena, "reviewing", ""));
    event_note(town, &fold, body_of(arena, NOW + 30, "\"responded\",\"correction\""),
               projection_of(arena, "correction", ""));
    event_note(town, &fold, body_of(arena, NOW + 40, "\"late-decision\""),
               projection_of(arena, "reviewing", ""));
    event_note(town, &fold, body_of(arena, NOW + 50, "\"responded\",\"decided\""),
               projection_of(arena, "docketed", ""));
    event_note(town, &fold, body_of(arena, NOW + 60, ""),
               projection_of(arena, "closed", ",\"rating\":{\"score\":4}"));
    const struct handover *row = row_now(town);
    assert_non_null(row);
    assert_int_equal(row->reached[RUNG_SUBMITTED], NOW);
    assert_int_equal(row->reached[RUNG_RESPONDED], NOW + 10);
    assert_int_equal(row->response_ms, 5);
    assert_int_equal(row->reached[RUNG_DECIDED], NOW + 50);
    assert_int_equal(row->reached[RUNG_LATE_DECISION], NOW + 40);
    assert_int_equal(row->reached[RUNG_DELIVERED], 0);
    assert_int_equal(row->corrections, 2);
    assert_int_equal(row->rating, 4);
    assert_string_equal(row->outcome.p, "docketed");
    assert_string_equal(row->kind.p, "civil");
    assert_string_equal(row->province.p, "京");
    assert_string_equal(row->collaborator_province.p, "藏");
    assert_true(handover_same(row, &fold));
}

static void test_the_supreme_court_is_in_no_province(void **state)
{
    struct town *town = *state;
    struct cx *cx = town_cx(town);
    struct handover row = handover_none();
    const char *projection =
        "{\"matter\":{\"court\":\"最高法\"},\"values\":{\"collaborator\":\"新01\","
        "\"drill\":7}}";
    assert_true(handover_note(cx->arena, &row, read_json(cx, "{\"matter\":1,\"rungs\":[]}"),
                              read_json(cx, projection)));
    assert_string_equal(row.province.p, "");
    assert_string_equal(row.collaborator_province.p, "新");
    assert_string_equal(row.kind.p, "");
    assert_int_equal(row.drill, 7);
    assert_int_equal(row.response_ms, -1);
}

static void test_an_event_without_rungs_says_nothing(void **state)
{
    struct town *town = *state;
    struct cx *cx = town_cx(town);
    struct handover row = handover_none();
    struct handover before = row;
    assert_false(handover_note(cx->arena, &row, read_json(cx, "{\"matter\":1,\"act\":\"open\"}"),
                               read_json(cx, "{}")));
    assert_true(handover_same(&row, &before));
}

static void test_rungs_have_the_names_of_the_columns(void **state)
{
    (void)state;
    for (int i = 0; i < RUNG_COUNT; i++) {
        enum handover_rung rung = RUNG_COUNT;
        assert_true(handover_rung_parse(str_of(handover_rung_name((enum handover_rung)i)), &rung));
        assert_int_equal(rung, i);
        assert_int_equal(handover_rung_is_late(rung),
                         strncmp(handover_rung_name(rung), "late-", 5) == 0);
    }
    enum handover_rung rung = RUNG_COUNT;
    assert_false(handover_rung_parse(STR("sent"), &rung));
}

#define T(name) cmocka_unit_test_setup_teardown(name, town_setup, town_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_a_row_keeps_what_was_reached_first),
        T(test_the_supreme_court_is_in_no_province),
        T(test_an_event_without_rungs_says_nothing),
        T(test_rungs_have_the_names_of_the_columns),
    };
    return test_on_both_engines(tests);
}
