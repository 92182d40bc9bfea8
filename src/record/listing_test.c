#include <stdio.h>

#include "record/listing.h"
#include "record/person.h"
#include "record/test_figures.h"

enum { RARE = 1000, MANY = RARE + 20 };

static const char HERE[] = "京0105";

struct finding {
    struct listing_query query;
    struct listing *rows;
    uint32_t count;
};

static enum status finding_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct finding *f = arg;
    return listing_list(cx, sql, &f->query, &f->rows, &f->count);
}

/* A matter decided at `court` and handed over by `near`, with that title, on the list of both. */
static Id listed(struct sheet_place *s, const char *court, const char *near, const char *title)
{
    struct arena *arena = s->cx->arena;
    const struct sample_request request = {
        .court = court, .collaborator = near, .submitted = date_start(date_of(2026, 3, 2))};
    struct matter m = {.id = figures_add(s, &request),
                       .procedure = STR("p"),
                       .state = STR("s"),
                       .court = str_of(court),
                       .title = str_of(title),
                       .case_number = STR(""),
                       .events = 1};
    struct script *script = script_new(arena);
    const struct listing_place places[] = {
        {viewer_post(arena, STR("court"), str_of(court)), STR("court"), m.id},
        {viewer_post(arena, STR("court"), str_of(near)), STR("court"), m.id}};
    script_add(script, SQL("UPDATE matter SET title = ?2 WHERE id = ?1"),
               ARGS(SQL_I(m.id), SQL_C(title)));
    listing_write(script, &m, true, 0, places, 2);
    listing_search_write(s->cx, script, &m);
    assert_int_equal(
        store_write(s->cx, s->place.store, WRITE_INTERACTIVE, figures_script_run, script), OK);
    return m.id;
}

static struct finding found(struct sheet_place *s, const char *court, const char *text)
{
    struct finding f = {.query = {.viewer = viewer_post(s->cx->arena, STR("court"), str_of(court)),
                                  .box = STR("court"),
                                  .state = STR(""),
                                  .procedure = STR(""),
                                  .own_court = STR(""),
                                  .q = str_of(text),
                                  .limit = 3}};
    cx_forgive(s->cx);
    if (store_read(s->cx, s->place.store, finding_read, &f) != OK) {
        fail_msg("reading: %s", s->cx->failure.detail.p);
    }
    return f;
}

static void a_text_is_found_in_the_order_of_the_list(void **state)
{
    struct sheet_place *s = *state;
    Id first = listed(s, HERE, "沪0115", "张三诉李四民间借贷纠纷");
    listed(s, HERE, "沪0115", "王五诉赵六买卖合同纠纷");
    Id third = listed(s, HERE, "沪0115", "张三诉钱七民间借贷纠纷");
    struct finding f = found(s, HERE, "张三");
    assert_int_equal(f.count, 2);
    assert_int_equal(f.rows[0].matter, first);
    assert_int_equal(f.rows[1].matter, third);
    assert_int_equal(found(s, HERE, "三诉").count, 2);
    assert_int_equal(found(s, HERE, "张三诉钱").count, 1);
    assert_int_equal(found(s, HERE, "张四").count, 0);
    assert_int_equal(found(s, HERE, "张").count, 2); /* a lone character */
    assert_int_equal(found(s, HERE, "%").count, 0);
}

static void what_a_window_handed_over_is_found_there(void **state)
{
    struct sheet_place *s = *state;
    Id there = listed(s, "粤0307", HERE, "扎西诉李四民间借贷纠纷");
    struct finding f = found(s, HERE, "扎西");
    assert_int_equal(f.count, 1);
    assert_int_equal(f.rows[0].matter, there);
    assert_int_equal(found(s, "粤0307", "扎西").count, 1);
    assert_int_equal(found(s, "沪0115", "扎西").count, 0);
}

/* A pair that many have is walked in the order of the list, one that few have leads to it: the
 * answers are the same. */
static void few_among_many_are_found(void **state)
{
    struct sheet_place *s = *state;
    Id rare = 0;
    for (int i = 0; i < MANY; i++) {
        Id id = listed(s, HERE, "沪0115",
                       i == RARE ? "欧阳诉李四买卖合同纠纷" : "张三诉李四买卖合同纠纷");
        rare = i == RARE ? id : rare;
        arena_reset(s->cx->arena);
    }
    struct finding f = found(s, HERE, "欧阳");
    assert_int_equal(f.count, 1);
    assert_int_equal(f.rows[0].matter, rare);
    f = found(s, HERE, "阳诉李四买卖合同纠纷");
    assert_int_equal(f.count, 1);
    f = found(s, HERE, "合同");
    assert_int_equal(f.count, 3);
    assert_true(f.rows[0].matter < f.rows[1].matter && f.rows[1].matter < f.rows[2].matter);
    f = found(s, HERE, "买卖合同纠纷案");
    assert_int_equal(f.count, 0);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, figures_setup, figures_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_text_is_found_in_the_order_of_the_list),
        TEST(what_a_window_handed_over_is_found_there),
        TEST(few_among_many_are_found),
    };
    return test_on_both_engines(tests);
}
