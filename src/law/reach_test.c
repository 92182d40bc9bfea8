#include <string.h>

#include "base/clock.h"
#include "law/reach.h"
#include "law/tables_sample.h"

/* --- an independent reading of courts.csv: each line as it stands, no table in between --- */

struct unit {
    Str code;
    Str parent;
    bool collaborates;
    bool receives;
};

static Str column(const char *line, int n)
{
    for (; n > 0; n--) {
        line = strchr(line, ',') + 1;
    }
    return (Str){line, strcspn(line, ",\n")};
}

static bool same(Str a, const char *b)
{
    return a.n == strlen(b) && memcmp(a.p, b, a.n) == 0;
}

/* The three sentences of the rule, on the words of the file. */
static struct unit unit_of(const char *line)
{
    Str level = column(line, 2);
    struct unit unit = {column(line, 0), column(line, 4), true, true};
    if (same(level, "人民法庭")) {
        unit.receives = false;
    } else if ((same(level, "最高") || same(level, "高级")) && !same(column(line, 3), "military")) {
        unit.collaborates = false;
    }
    return unit;
}

static int units_read(struct trial *t, struct unit **out)
{
    enum { ROOM = 20000 };

    struct unit *units = arena_array(t->arena, struct unit, ROOM);
    int count = 0;
    Str text = sample_text(t->arena, "courts.csv");
    for (const char *line = strchr(text.p, '\n') + 1; *line != '\0';
         line = strchr(line, '\n') + 1) {
        assert_true(count < ROOM);
        units[count++] = unit_of(line);
    }
    *out = units;
    return count;
}

static Str copied(struct trial *t, Str part)
{
    return str_printf(t->arena, "%.*s", STR_ARG(part));
}

static void every_unit_has_the_roles_that_the_rule_gives_it(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct law_tables *tables = tables_real();
    struct unit *units = NULL;
    int count = units_read(&t, &units);
    int collaborators = 0;
    int receivers = 0;
    assert_int_equal(count, tables->court_count);
    assert_true(count > 14000);
    for (int i = 0; i < count; i++) {
        const struct court *court = court_by_code(tables, copied(&t, units[i].code));
        assert_non_null(court);
        if (reach_collaborates(court) != units[i].collaborates ||
            reach_receives(court) != units[i].receives) {
            fail_msg("%s", court->name.p);
        }
        collaborators += reach_collaborates(court);
        receivers += reach_receives(court);
    }
    /* All but the Supreme Court and 32 high courts; all but 10,887 tribunals. */
    assert_int_equal(collaborators, count - 33);
    assert_int_equal(receivers, count - 10887);
    trial_end(&t);
}

/* --- any pair, against a slow rule --- */

static bool slow_level_opens(Str level, enum reach_kind kind)
{
    return kind != REACH_PRIVATE_PROSECUTION || same(level, "中级") || same(level, "基层");
}

static bool slow_allows(const struct unit *units, int from, int to, enum reach_kind kind)
{
    if (from == to || !units[from].collaborates || !units[to].receives) {
        return false;
    }
    bool tribunal = !units[from].receives;
    bool own = tribunal && units[from].parent.n == units[to].code.n &&
               memcmp(units[from].parent.p, units[to].code.p, units[to].code.n) == 0;
    return !own && slow_level_opens(column(units[to].code.p, 2), kind);
}

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

enum { PAIRS = 1000000 };

struct pair {
    int from, to;
    enum reach_kind kind;
};

/* Every fourth is of neighbours, so that courts meet themselves and their tribunals. */
static struct pair random_pair(uint64_t *seed, int i, int count)
{
    struct pair pair = {.from = (int)(next_random(seed) % (uint32_t)count)};
    pair.to = i % 4 == 0 ? (pair.from - (int)(next_random(seed) % 5) + count) % count
                         : (int)(next_random(seed) % (uint32_t)count);
    pair.kind = (enum reach_kind)(next_random(seed) % (REACH_ADJOURNMENT + 1));
    return pair;
}

static Str *codes_of(struct trial *t, const struct unit *units, int count)
{
    Str *codes = arena_array(t->arena, Str, count);
    for (int i = 0; i < count; i++) {
        codes[i] = copied(t, units[i].code);
    }
    return codes;
}

static void a_million_pairs_agree_with_the_slow_rule(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct law_tables *tables = tables_real();
    struct unit *units = NULL;
    int count = units_read(&t, &units);
    const Str *codes = codes_of(&t, units, count);
    uint64_t seed = 104;
    int allowed = 0;
    for (int i = 0; i < PAIRS; i++) {
        struct pair pair = random_pair(&seed, i, count);
        bool ok = reach_check(tables, codes[pair.from], codes[pair.to], pair.kind, NULL);
        if (ok != slow_allows(units, pair.from, pair.to, pair.kind)) {
            fail_msg("%s to %s, %s", codes[pair.from].p, codes[pair.to].p,
                     reach_kind_name(pair.kind));
        }
        allowed += ok;
    }
    assert_true(allowed > PAIRS / 10 && allowed < PAIRS / 2);
    trial_end(&t);
}

/* A figure to look at; nothing is demanded of it but that the pairs are the same. */
static void any_pair_is_one_look_up_away(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct law_tables *tables = tables_real();
    struct unit *units = NULL;
    int count = units_read(&t, &units);
    const Str *codes = codes_of(&t, units, count);
    uint64_t seed = 104;
    int allowed = 0;
    int64_t began_us = clock_monotonic_us();
    for (int i = 0; i < PAIRS; i++) {
        struct pair pair = random_pair(&seed, i, count);
        allowed += reach_check(tables, codes[pair.from], codes[pair.to], pair.kind, NULL);
    }
    int64_t spent_us = clock_monotonic_us() - began_us;
    assert_true(allowed > 0);
    print_message("%d units, %d pairs, %d may hand over: %.0f look-ups a second\n", count, PAIRS,
                  allowed, PAIRS * 1e6 / (double)(spent_us > 0 ? spent_us : 1));
    trial_end(&t);
}

/* --- single pairs --- */

static void assert_pair(const char *from, const char *to, enum reach_kind kind,
                        enum reach_why expected)
{
    enum reach_why why = REACH_OK;
    bool ok = reach_check(tables_real(), str_of(from), str_of(to), kind, &why);
    if (why != expected || ok != (expected == REACH_OK)) {
        fail_msg("%s to %s: %s", from, to, reach_why_name(why));
    }
}

static void a_pair_is_refused_with_its_reason(void **state)
{
    (void)state;
    assert_pair("京0105", "粤0307", REACH_CIVIL, REACH_OK);
    assert_pair("京0105-01", "粤0307", REACH_READING, REACH_OK);
    assert_pair("京0105", "最高法", REACH_CIVIL_RETRIAL, REACH_OK);
    assert_pair("新0102", "沪72", REACH_ENFORCEMENT, REACH_OK);
    assert_pair("京0491", "粤0192", REACH_CIVIL, REACH_OK);
    assert_pair("军", "京0105", REACH_CIVIL, REACH_OK);
    assert_pair("最高法", "京0105", REACH_CIVIL, REACH_FROM_ONLY_RECEIVES);
    assert_pair("京", "京0105", REACH_ANY, REACH_FROM_ONLY_RECEIVES);
    assert_pair("兵", "京0105", REACH_ANY, REACH_FROM_ONLY_RECEIVES);
    assert_pair("京0105", "京0101-01", REACH_ANY, REACH_TO_ONLY_COLLABORATES);
    assert_pair("京0105", "京0105", REACH_RELAY, REACH_SAME_COURT);
    assert_pair("京0105-01", "京0105", REACH_CIVIL, REACH_OWN_COURT);
    assert_pair("京0105-01", "京03", REACH_CIVIL, REACH_OK);
    assert_pair("京0105", "粤0307", REACH_PRIVATE_PROSECUTION, REACH_OK);
    assert_pair("京0105", "粤03", REACH_PRIVATE_PROSECUTION, REACH_OK);
    assert_pair("京0105", "粤", REACH_PRIVATE_PROSECUTION, REACH_LEVEL);
    assert_pair("华0105", "粤", REACH_ANY, REACH_FROM_UNKNOWN);
    assert_pair("京0105", "", REACH_ANY, REACH_TO_UNKNOWN);
}

static void a_filing_opens_a_case_of_its_type(void **state)
{
    (void)state;
    assert_string_equal(reach_case_type(REACH_CIVIL, COURT_BASIC, false), "民初");
    assert_string_equal(reach_case_type(REACH_ADMINISTRATIVE, COURT_INTERMEDIATE, false), "行初");
    assert_string_equal(reach_case_type(REACH_PRIVATE_PROSECUTION, COURT_BASIC, false), "刑初");
    assert_string_equal(reach_case_type(REACH_STATE_COMPENSATION, COURT_BASIC, false), "法赔");
    assert_string_equal(reach_case_type(REACH_STATE_COMPENSATION, COURT_HIGH, true), "委赔");
    assert_string_equal(reach_case_type(REACH_ENFORCEMENT, COURT_BASIC, false), "执");
    assert_string_equal(reach_case_type(REACH_CIVIL_RETRIAL, COURT_SUPREME, false), "民申");
    assert_null(reach_case_type(REACH_STATE_COMPENSATION, COURT_BASIC, true));
    assert_null(reach_case_type(REACH_PRIVATE_PROSECUTION, COURT_HIGH, false));
    assert_null(reach_case_type(REACH_READING, COURT_BASIC, false));
}

static void kinds_are_read_as_they_are_named(void **state)
{
    (void)state;
    enum reach_kind kind = REACH_ANY;
    for (int i = REACH_ANY; i <= REACH_ADJOURNMENT; i++) {
        assert_true(reach_kind_parse(str_of(reach_kind_name((enum reach_kind)i)), &kind));
        assert_int_equal(kind, i);
    }
    assert_false(reach_kind_parse(STR("criminal"), &kind));
}

static void the_answer_shows_its_working(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct law_tables *tables = tables_real();
    struct value *v = reach_value(t.arena, tables, STR("京0105"), STR("粤"), REACH_ENFORCEMENT);
    assert_true(value_get_bool(v, "ok"));
    assert_true(value_is_null(value_get(v, "why")));
    assert_string_equal(value_get_str(value_get(v, "from"), "level").p, "基层");
    assert_false(value_get_bool(value_get(v, "to"), "collaborates"));
    assert_string_equal(value_get_str(value_item(value_get(v, "working"), 2), "text").p, "执");
    v = reach_value(t.arena, tables, STR("京"), STR("nowhere"), REACH_ANY);
    assert_false(value_get_bool(v, "ok"));
    assert_string_equal(value_get_str(v, "why").p, "to-unknown");
    assert_true(value_is_null(value_get(v, "to")));
    assert_true(value_get_str(v, "reason").n > 0);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_unit_has_the_roles_that_the_rule_gives_it),
        cmocka_unit_test(a_million_pairs_agree_with_the_slow_rule),
        cmocka_unit_test(any_pair_is_one_look_up_away),
        cmocka_unit_test(a_pair_is_refused_with_its_reason),
        cmocka_unit_test(a_filing_opens_a_case_of_its_type),
        cmocka_unit_test(kinds_are_read_as_they_are_named),
        cmocka_unit_test(the_answer_shows_its_working),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
