#include "base/json.h"
#include "base/test.h"
#include "flow/evidence.h"

static struct trial trial;

static int setup(void **state)
{
    (void)state;
    trial_begin(&trial);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    trial_end(&trial);
    return 0;
}

/* 1 an identity; 2 three joined pages; 3 a picture; 4 a recording; 5 two joined pages. */
static struct matter *matter_made(void)
{
    static const struct {
        const char *kind;
        const char *name;
        const char *type;
        int64_t pages;
    } files[] = {
        {"identity", "身份证.jpg", "image/jpeg", 0},
        {"evidence", "借条.pdf", "application/pdf", 3},
        {"evidence", "转账.jpg", "image/jpeg", 0},
        {"evidence", "录音.mp3", "audio/mpeg", 0},
        {"evidence", "聊天.pdf", "application/pdf", 2},
    };
    struct matter *m = arena_new(trial.arena, struct matter);
    m->material_count = sizeof files / sizeof files[0];
    m->materials = arena_array(trial.arena, struct material, m->material_count);
    for (uint32_t i = 0; i < m->material_count; i++) {
        m->materials[i] = (struct material){.n = i + 1,
                                            .kind = str_of(files[i].kind),
                                            .name = str_of(files[i].name),
                                            .type = str_of(files[i].type),
                                            .status = STR("ready"),
                                            .pages = files[i].pages};
    }
    return m;
}

static struct value *json(const char *text)
{
    struct value *value = NULL;
    assert_int_equal(json_read(&trial.cx, str_of(text), &value), OK);
    return value;
}

static struct evidence read(const struct matter *m, const char *list)
{
    struct evidence e;
    evidence_read(trial.arena, list == NULL ? NULL : json(list), m, &e);
    return e;
}

/* "a:2.1 2.2|b:3.1|-:2.3": names, pages of each, those of no item. */
static const char *shape(const struct evidence *e)
{
    struct buf out;
    buf_init(&out, trial.arena, 4096);
    for (uint32_t i = 0; i < e->item_count; i++) {
        buf_printf(&out, "%s%s:", i == 0 ? "" : "|", e->items[i].name.p);
        for (uint32_t k = 0; k < e->items[i].count; k++) {
            const struct evidence_page *page = &e->pages[e->items[i].first + k];
            buf_printf(&out, "%s%d.%u", k == 0 ? "" : " ", (int)page->material, page->page);
        }
    }
    for (uint32_t k = e->page_count - e->apart; k < e->page_count; k++) {
        buf_printf(&out, "|-%d.%u", (int)e->pages[k].material, e->pages[k].page);
    }
    return buf_done(&out).p;
}

static void test_what_nobody_arranged_is_arranged(void **state)
{
    struct evidence e = read(matter_made(), NULL);
    (void)state;
    assert_string_equal(shape(&e), "借条:2.1 2.2 2.3|转账:3.1|录音:4.0|聊天:5.1 5.2");
    assert_int_equal(e.total, 6);
    assert_int_equal(e.items[0].from, 1);
    assert_int_equal(e.items[0].to, 3);
    assert_int_equal(e.items[1].from, 4);
    assert_int_equal(e.items[2].from, 0);
    assert_int_equal(e.items[3].from, 5);
    assert_int_equal(e.items[3].to, 6);
    assert_true(e.items[0].by_itself);
    assert_string_equal(evidence_pages_text(trial.arena, &e, &e.items[0]).p, "第1至3页");
    assert_string_equal(evidence_pages_text(trial.arena, &e, &e.items[1]).p, "第4页");
    assert_string_equal(evidence_pages_text(trial.arena, &e, &e.items[2]).p, "电子文件1份");
}

static void test_the_list_says_and_new_files_follow(void **state)
{
    struct evidence e =
        read(matter_made(), "{\"items\":[{\"name\":\"一\",\"pages\":[{\"material\":5},"
                            "{\"material\":2,\"from\":3,\"to\":3}]},"
                            "{\"name\":\"二\",\"pages\":[{\"material\":4}]}],"
                            "\"apart\":[{\"material\":2,\"from\":1}]}");
    (void)state;
    assert_string_equal(shape(&e), "一:5.1 5.2 2.3|二:4.0|转账:3.1|-2.1|-2.2");
    assert_int_equal(e.total, 4);
    assert_int_equal(e.apart, 2);
    assert_false(e.items[0].by_itself);
    assert_true(e.items[2].by_itself);
}

static void test_what_is_gone_or_named_twice_is_passed_over(void **state)
{
    struct matter *m = matter_made();
    (void)state;
    m->materials[2].removed = 5;
    m->materials[3].status = STR("refused");
    struct evidence e =
        read(m, "{\"items\":[{\"name\":\"一\",\"pages\":[{\"material\":3},{\"material\":2},"
                "{\"material\":2,\"from\":2,\"to\":9},{\"material\":1},"
                "{\"material\":99},{\"material\":4}]}]}");
    assert_string_equal(shape(&e), "一:2.1 2.2 2.3|聊天:5.1 5.2");
}

static void test_what_is_written_is_read_again(void **state)
{
    static const char text[] = "{\"apart\":[{\"from\":2,\"material\":2,\"to\":2}],"
                               "\"items\":[{\"form\":\"copy\",\"name\":\"一\","
                               "\"pages\":[{\"from\":1,\"material\":2,\"to\":1},"
                               "{\"from\":3,\"material\":2,\"to\":3,\"turn\":90},"
                               "{\"material\":4}],\"purpose\":\"证明借款\",\"source\":\"银行\"},"
                               "{\"name\":\"二\",\"pages\":[{\"from\":1,\"material\":5,\"to\":2},"
                               "{\"from\":1,\"material\":3,\"to\":1}]}]}";
    struct evidence e = read(matter_made(), text);
    (void)state;
    assert_string_equal(json_canonical(trial.arena, evidence_value(trial.arena, &e)).p, text);
}

static const char refused_list[] =
    "{\"items\":[{\"pages\":[{\"material\":1},{\"material\":2,\"from\":1,\"to\":4},"
    "{\"material\":2,\"from\":0,\"to\":1},{\"material\":2,\"from\":3,\"to\":2},"
    "{\"material\":2,\"turn\":45},{\"material\":2,\"from\":2,\"to\":3}]},"
    "{\"pages\":[{\"material\":4},{\"material\":4}]}],"
    "\"apart\":[{\"material\":2,\"from\":3}]}";

static void test_a_list_that_cannot_be_meant_is_refused(void **state)
{
    static const char *const expected[] = {
        "l.items.0.pages.0 unknown", "l.items.0.pages.1 range", "l.items.0.pages.2 range",
        "l.items.0.pages.3 range",   "l.items.0.pages.4 range", "l.items.1.pages.1 repeated",
        "l.apart.0 repeated",
    };
    const struct value *faults =
        evidence_faults(trial.arena, json(refused_list), matter_made(), "l.");
    (void)state;
    assert_int_equal(value_count(faults), sizeof expected / sizeof expected[0]);
    for (uint32_t i = 0; i < value_count(faults); i++) {
        const struct value *fault = value_item(faults, i);
        assert_string_equal(arena_printf(trial.arena, "%s %s", value_get_str(fault, "field").p,
                                         value_get_str(fault, "code").p),
                            expected[i]);
    }
}

static void test_pages_and_items_are_moved(void **state)
{
    static const struct {
        const char *what;
        const char *picks;
        const char *shape;
    } steps[] = {
        {"down:2.1", "[]", "借条:2.2 2.1 2.3|转账:3.1|录音:4.0|聊天:5.1 5.2"},
        {"up:2.2", "[]", "借条:2.2 2.1 2.3|转账:3.1|录音:4.0|聊天:5.1 5.2"},
        {"down:2.3", "[]", "借条:2.2 2.1|转账:2.3 3.1|录音:4.0|聊天:5.1 5.2"},
        {"up:2.3", "[]", "借条:2.2 2.1 2.3|转账:3.1|录音:4.0|聊天:5.1 5.2"},
        {"take:1", "[\"5.2\",\"3.1\"]", "借条:2.2 2.1 2.3 3.1 5.2|转账:|录音:4.0|聊天:5.1"},
        {"down:5.1", "[]", "借条:2.2 2.1 2.3 3.1 5.2|转账:|录音:4.0|聊天:5.1"},
        {"item-up:3", "[]", "借条:2.2 2.1 2.3 3.1 5.2|录音:4.0|转账:|聊天:5.1"},
        {"item-down:1", "[]", "录音:4.0|借条:2.2 2.1 2.3 3.1 5.2|转账:|聊天:5.1"},
        {"apart", "[\"2.1\"]", "录音:4.0|借条:2.2 2.3 3.1 5.2|转账:|聊天:5.1|-2.1"},
        {"up:2.1", "[]", "录音:4.0|借条:2.2 2.3 3.1 5.2|转账:|聊天:5.1 2.1"},
        {"item-drop:2", "[]", "录音:4.0|转账:|聊天:5.1 2.1|-2.2|-2.3|-3.1|-5.2"},
        {"new", "[\"5.2\",\"2.3\"]", "录音:4.0|转账:|聊天:5.1 2.1|:2.3 5.2|-2.2|-3.1"},
        {"up:99.1", "[]", "录音:4.0|转账:|聊天:5.1 2.1|:2.3 5.2|-2.2|-3.1"},
    };
    struct matter *m = matter_made();
    struct evidence e = read(m, NULL);
    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        assert_true(evidence_order(trial.arena, &e, str_of(steps[i].what), json(steps[i].picks)));
        assert_string_equal(shape(&e), steps[i].shape);
        /* Kept and read again, it is the same: nothing comes back by itself. */
        struct value *kept = evidence_value(trial.arena, &e);
        evidence_read(trial.arena, kept, m, &e);
        assert_string_equal(shape(&e), steps[i].shape);
    }
    assert_true(evidence_order(trial.arena, &e, STR("turn:2.3"), NULL));
    assert_int_equal(evidence_page_named(&e, STR("2.3"))->turn, 90);
    assert_true(evidence_order(trial.arena, &e, STR("turn:4.0"), NULL));
    assert_int_equal(evidence_page_named(&e, STR("4.0"))->turn, 0);
}

static void test_nonsense_changes_nothing(void **state)
{
    static const char *const nonsense[] = {"",        "x",           "up",         "take:0",
                                           "take:9",  "item-drop:5", "item-up:-1", "up:1:2",
                                           "take:1x", "drop:1"};
    struct evidence e = read(matter_made(), NULL);
    (void)state;
    const char *before = shape(&e);
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        assert_false(evidence_order(trial.arena, &e, str_of(nonsense[i]), NULL));
        assert_string_equal(shape(&e), before);
    }
}

static void test_what_lay_askew_is_straightened_and_put_back(void **state)
{
    const struct matter *m = matter_made();
    const char *list =
        "{\"items\":[{\"name\":\"a\",\"pages\":[{\"material\":2,\"from\":1,\"to\":2},"
        "{\"material\":2,\"from\":3,\"to\":3,\"turn\":90,\"tilt\":-130}]}]}";
    struct evidence e = read(m, list);
    struct value *rows = value_list(trial.arena);
    (void)state;
    assert_int_equal(e.pages[1].tilt_cdeg, 0);
    assert_int_equal(e.pages[2].tilt_cdeg, -130);
    evidence_rows(trial.arena, &e, "was", rows);
    assert_string_equal(value_get_str(value_item(rows, 0), "pages").p, "2.1-2 2.3>90~-130");
    const struct value *said = value_get(value_item(value_get(json(list), "items"), 0), "pages");
    assert_true(value_same(
        value_get(value_item(value_get(evidence_value(trial.arena, &e), "items"), 0), "pages"),
        said));
    assert_true(evidence_order(trial.arena, &e, STR("untilt:2.3"), NULL));
    assert_int_equal(evidence_page_named(&e, STR("2.3"))->tilt_cdeg, 0);
    assert_int_equal(evidence_page_named(&e, STR("2.3"))->turn, 90);
    e = read(m, list);
    assert_true(evidence_order(trial.arena, &e, STR("untilt"), json("[\"2.1\"]")));
    assert_int_equal(evidence_page_named(&e, STR("2.3"))->tilt_cdeg, -130);
    assert_true(evidence_order(trial.arena, &e, STR("untilt"), NULL));
    assert_int_equal(evidence_page_named(&e, STR("2.3"))->tilt_cdeg, 0);
    e = read(m, "{\"items\":[{\"name\":\"a\",\"pages\":[{\"material\":2,\"tilt\":1501}]}]}");
    assert_int_equal(e.pages[0].tilt_cdeg, 0);
}

static void test_no_more_items_than_there_may_be(void **state)
{
    struct evidence e = read(matter_made(), NULL);
    (void)state;
    while (e.item_count < EVIDENCE_ITEMS_MAX) {
        assert_true(evidence_order(trial.arena, &e, STR("new"), NULL));
    }
    assert_false(evidence_order(trial.arena, &e, STR("new"), NULL));
    assert_int_equal(e.item_count, EVIDENCE_ITEMS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_nobody_arranged_is_arranged),
        cmocka_unit_test(test_the_list_says_and_new_files_follow),
        cmocka_unit_test(test_what_is_gone_or_named_twice_is_passed_over),
        cmocka_unit_test(test_what_is_written_is_read_again),
        cmocka_unit_test(test_a_list_that_cannot_be_meant_is_refused),
        cmocka_unit_test(test_pages_and_items_are_moved),
        cmocka_unit_test(test_nonsense_changes_nothing),
        cmocka_unit_test(test_what_lay_askew_is_straightened_and_put_back),
        cmocka_unit_test(test_no_more_items_than_there_may_be),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
