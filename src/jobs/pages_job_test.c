/* Claims about the job that joins pages: done once, whatever stands in the way. The test is its own
 * helper. */
#include "base/test_picture.h"
#include "jobs/pages_job.h"
#include "jobs/test_house.h"
#include "record/upload.h"

struct trial_join {
    struct home home;
    struct pages_world world;
    Id matter;
    int64_t n;
    Hash list_sm3;
    int told;
};

enum { JOB = 77 };

static void told(void *arg)
{
    int *count = arg;
    *count += 1;
}

static Str list_of(struct trial_join *t, const Str *pages, uint32_t count)
{
    struct cx *cx = &t->home.trial.cx;
    struct value *list = value_list(cx->arena);
    struct value *all = value_map(cx->arena);
    for (uint32_t i = 0; i < count; i++) {
        struct value *page = value_map(cx->arena);
        Hash sm3;
        home_must(&t->home, blob_put(cx, t->home.blobs, pages[i].p, pages[i].n, sm3.b));
        value_set_text(cx->arena, page, "name", "页.jpg");
        value_set_int(cx->arena, page, "rotate", 90);
        value_set_int(cx->arena, page, "size", (int64_t)pages[i].n);
        value_set_str(cx->arena, page, "sm3", hash_hex(cx->arena, sm3));
        value_add(cx->arena, list, page);
    }
    value_set(cx->arena, all, "pages", list);
    return json_canonical(cx->arena, all);
}

/* A letter (handed in when `filed`) with a material whose pages wait for the job, and one upload
 * that the job holds. */
static void trial_join_begin(struct trial_join *t, const Str *pages, uint32_t count, bool filed)
{
    memset(t, 0, sizeof *t);
    home_open(&t->home);
    struct cx *cx = &t->home.trial.cx;
    struct plan *plan = NULL;
    t->matter = filed ? home_filed(&t->home) : home_draft(&t->home);
    if (filed) {
        home_act(&t->home, &HOME_REVIEWER, t->matter, "ask");
    }
    Str text = list_of(t, pages, count);
    home_must(&t->home, blob_put(cx, t->home.blobs, text.p, text.n, t->list_sm3.b));
    struct material_request request = {.actor = &HOME_CITIZEN,
                                       .matter = t->matter,
                                       .kind = STR("evidence"),
                                       .name = STR("案卷.pdf"),
                                       .type = STR("application/pdf"),
                                       .size = (int64_t)text.n,
                                       .sm3 = t->list_sm3,
                                       .status = STR("checking"),
                                       .pages = count,
                                       .pages_sm3 = t->list_sm3};
    struct upload upload = {.id = STR("u1"), .person = 11, .name = STR("页.jpg"), .length = 1};
    home_must(&t->home, material_add(cx, &t->home.house, &request, &plan, &t->n));
    upload_write_new(plan->script, &upload);
    upload_hold(plan->script, upload.id, JOB, 5);
    home_must(&t->home, home_write(&t->home, plan));
    t->world = (struct pages_world){
        .house = &t->home.house, .blobs = t->home.blobs, .told = told, .told_arg = &t->told};
    home_must(&t->home, helper_pool_open(cx, NULL, &t->world.pool));
}

static void trial_join_end(struct trial_join *t)
{
    helper_pool_close(t->world.pool);
    home_close(&t->home);
}

static enum status run(struct trial_join *t)
{
    struct cx *cx = &t->home.trial.cx;
    struct value *payload = value_map(cx->arena);
    value_set_int(cx->arena, payload, "matter", t->matter);
    value_set_int(cx->arena, payload, "n", t->n);
    cx_forgive(cx);
    return pages_job(cx, &t->world, JOB, payload);
}

static const struct material *material_of(struct trial_join *t)
{
    const struct matter *m = home_matter(&t->home, t->matter);
    return &m->materials[t->n - 1];
}

static Str good_page(struct arena *arena)
{
    return made_jpeg(arena, 64, 48, 6);
}

static void a_draft_gets_its_file_without_an_event_and_once(void **state)
{
    struct trial_join t;
    struct trial first;
    (void)state;
    trial_begin(&first);
    const Str pages[] = {good_page(first.arena), good_page(first.arena)};
    trial_join_begin(&t, pages, 2, false);
    home_must(&t.home, run(&t));
    const struct material *m = material_of(&t);
    assert_string_equal(m->status.p, "unscanned");
    assert_false(material_is_unjoined(m));
    assert_true(hash_same(m->pages_sm3, t.list_sm3));
    assert_int_equal(home_matter(&t.home, t.matter)->events, 0);
    assert_int_equal(home_count(&t.home, SQL("SELECT count(*) FROM upload")), 0);
    assert_int_equal(t.told, 1);
    home_must(&t.home, run(&t)); /* again: nothing is left to do */
    assert_true(hash_same(material_of(&t)->sm3, m->sm3));
    assert_int_equal(t.told, 1);
    trial_join_end(&t);
    trial_end(&first);
}

static void a_matter_that_was_handed_in_gets_an_event_of_the_system(void **state)
{
    struct trial_join t;
    struct trial first;
    (void)state;
    trial_begin(&first);
    const Str pages[] = {good_page(first.arena)};
    trial_join_begin(&t, pages, 1, true);
    int64_t events = home_matter(&t.home, t.matter)->events;
    t.world.is_scanned = true;
    home_must(&t.home, run(&t));
    assert_string_equal(material_of(&t)->status.p, "checking"); /* for the scanner now */
    assert_int_equal(home_matter(&t.home, t.matter)->events, events + 1);
    assert_int_equal(
        home_count(&t.home, SQL("SELECT count(*) FROM event WHERE act = 'join-pages' AND "
                                "body LIKE '%\"kind\":\"system\"%' AND body LIKE '%pages_sm3%'")),
        1);
    assert_int_equal(home_count(&t.home, SQL("SELECT count(*) FROM job WHERE kind = 'scan'")), 1);
    home_must(&t.home, run(&t));
    assert_int_equal(home_matter(&t.home, t.matter)->events, events + 1);
    trial_join_end(&t);
    trial_end(&first);
}

static void a_broken_page_refuses_it_by_number_and_frees_the_uploads(void **state)
{
    struct trial_join t;
    struct trial first;
    (void)state;
    trial_begin(&first);
    const Str pages[] = {good_page(first.arena), STR("no picture at all"), good_page(first.arena)};
    trial_join_begin(&t, pages, 3, false);
    home_must(&t.home, run(&t));
    assert_string_equal(material_of(&t)->status.p, "refused");
    assert_string_equal(material_of(&t)->fault.p, "第2页不是可以识别的图片，请用JPG或PNG图片");
    assert_int_equal(home_count(&t.home, SQL("SELECT count(*) FROM upload WHERE held IS NULL")), 1);
    assert_int_equal(home_count(&t.home, SQL("SELECT count(*) FROM notice")), 1);
    home_must(&t.home, run(&t));
    assert_int_equal(home_count(&t.home, SQL("SELECT count(*) FROM notice")), 1);
    trial_join_end(&t);
    trial_end(&first);
}

static void what_was_taken_back_meanwhile_stays_so(void **state)
{
    struct trial_join t;
    struct trial first;
    struct plan *plan = NULL;
    (void)state;
    trial_begin(&first);
    const Str pages[] = {good_page(first.arena)};
    trial_join_begin(&t, pages, 1, false);
    home_must(&t.home, material_remove(&t.home.trial.cx, &t.home.house, &HOME_CITIZEN, t.matter,
                                       t.n, &plan));
    home_must(&t.home, home_write(&t.home, plan));
    home_must(&t.home, run(&t));
    assert_true(material_is_unjoined(material_of(&t)));
    assert_int_equal(home_count(&t.home, SQL("SELECT count(*) FROM upload")), 0);
    trial_join_end(&t);
    trial_end(&first);
}

int main(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], "helper") == 0) {
        return helper_serve(HELPER_FD);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_draft_gets_its_file_without_an_event_and_once),
        cmocka_unit_test(a_matter_that_was_handed_in_gets_an_event_of_the_system),
        cmocka_unit_test(a_broken_page_refuses_it_by_number_and_frees_the_uploads),
        cmocka_unit_test(what_was_taken_back_meanwhile_stays_so),
    };
    return home_tests_run(tests);
}
