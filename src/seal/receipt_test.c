#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/test.h"
#include "seal/receipt.h"

enum { LEAVES = 57, INDEX = 41 };

static const char AT[] = "2026-11-22T10:06:00+08:00";
static const char ORIGIN[] = "court.example/log";
static const char MATTER[] = "288230376151720001";

/* Keys of two databases, for all tests: making them takes long. */
static char dirs[2][64];
static struct trial shared;
static struct keys *ours;
static struct keys *theirs;

static int keys_make(void **state)
{
    (void)state;
    trial_begin(&shared);
    struct keys **keys[2] = {&ours, &theirs};
    for (int i = 0; i < 2; i++) {
        trial_directory(dirs[i], sizeof dirs[i], "receipt");
        assert_int_equal(keys_open(&shared.cx, dirs[i], true, keys[i]), OK);
    }
    return 0;
}

static int keys_drop(void **state)
{
    (void)state;
    keys_close(ours);
    keys_close(theirs);
    for (int i = 0; i < 2; i++) {
        DIR *dir = opendir(dirs[i]);
        assert_non_null(dir);
        for (const struct dirent *e = NULL; (e = readdir(dir)) != NULL;) {
            (void)unlinkat(dirfd(dir), e->d_name, 0);
        }
        (void)closedir(dir);
        assert_int_equal(rmdir(dirs[i]), 0);
    }
    trial_end(&shared);
    return 0;
}

/* A log of LEAVES leaves, with every complete subtree. */
struct log {
    struct frontier frontier;
    Hash nodes[8][LEAVES];
};

static void node_store(void *arg, uint32_t level, uint64_t index, Hash hash)
{
    struct log *log = arg;
    log->nodes[level][index] = hash;
}

static enum status node_get(struct cx *cx, void *arg, uint32_t level, uint64_t index, Hash *out)
{
    (void)cx;
    const struct log *log = arg;
    *out = log->nodes[level][index];
    return OK;
}

/* The receipt of event 1 as leaf INDEX, or not in the log yet. */
static struct value *receipt_make(struct trial *t, struct keys *keys, bool numbered)
{
    static struct log log;
    static Hash path[MERKLE_DEPTH_MAX];
    struct receipt r = {.event_hash = hash_str(STR("event")), .path = path};
    Hash leaf = receipt_leaf(str_of(MATTER), 1, r.event_hash);
    r.promise = (struct promise){str_of(ORIGIN), str_of(MATTER), 1, leaf, str_of(AT)};
    assert_int_equal(
        keys_sign(&t->cx, keys, promise_text(t->arena, &r.promise), &r.promise_signature), OK);
    if (numbered) {
        frontier_init(&log.frontier);
        for (int i = 0; i < LEAVES; i++) {
            frontier_add(&log.frontier, i == INDEX ? leaf : hash_of(&i, sizeof i), node_store,
                         &log);
        }
        struct checkpoint c = {str_of(ORIGIN), LEAVES, frontier_root(&log.frontier), str_of(AT)};
        r.index = INDEX;
        r.tree_size = LEAVES;
        assert_int_equal(
            merkle_inclusion(&t->cx, node_get, &log, INDEX, LEAVES, path, &r.path_count), OK);
        r.checkpoint = checkpoint_text(t->arena, &c);
        assert_int_equal(keys_sign(&t->cx, keys, r.checkpoint, &r.checkpoint_signature), OK);
    }
    return value_copy(t->arena, receipt_value(t->arena, &r, keys_public(&t->cx, keys)));
}

static const char *verdict(struct trial *t, const struct value *receipt, const struct value *trust)
{
    return value_get_str(receipt_verify(t->arena, receipt, trust), "verdict").p;
}

/* The first finding that is not ok, or "". */
static const char *fault(struct trial *t, const struct value *receipt, const struct value *trust)
{
    const struct value *findings = value_get(receipt_verify(t->arena, receipt, trust), "findings");
    for (uint32_t i = 0; i < value_count(findings); i++) {
        const struct value *entry = value_item(findings, i);
        if (!value_get_bool(entry, "ok")) {
            return value_get_str(entry, "what").p;
        }
    }
    return "";
}

static void test_a_receipt_in_the_log_is_proved(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *read = NULL;
    Str text = json_write(t.arena, receipt_make(&t, ours, true));
    assert_int_equal(json_read(&t.cx, text, &read), OK);
    const struct value *answer = receipt_verify(t.arena, read, keys_public(&t.cx, ours));
    assert_string_equal(value_get_str(answer, "verdict").p, "proved");
    assert_true(value_get_bool(answer, "trusted"));
    assert_int_equal(value_count(value_get(answer, "findings")), 6);
    assert_string_equal(fault(&t, read, NULL), "");
    assert_string_equal(value_get_str(answer, "title").p, "凭证真实，这次办理已列入日志");
    trial_end(&t);
}

static void test_without_published_keys_the_answer_says_so(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    const struct value *answer = receipt_verify(t.arena, receipt_make(&t, ours, true), NULL);
    assert_string_equal(value_get_str(answer, "verdict").p, "proved");
    assert_false(value_get_bool(answer, "trusted"));
    assert_true(str_has(value_get_str(answer, "title"), "请与法院公布的公钥核对"));
    trial_end(&t);
}

static void test_a_receipt_before_the_log_is_promised(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *receipt = receipt_make(&t, ours, false);
    assert_true(value_is_null(value_get(receipt, "checkpoint")));
    assert_string_equal(verdict(&t, receipt, keys_public(&t.cx, ours)), "promised");
    trial_end(&t);
}

static void test_a_forger_with_own_keys_is_refuted(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *forged = receipt_make(&t, theirs, true);
    assert_string_equal(verdict(&t, forged, NULL), "proved"); /* it only agrees with itself */
    assert_string_equal(verdict(&t, forged, keys_public(&t.cx, ours)), "refuted");
    assert_string_equal(fault(&t, forged, keys_public(&t.cx, ours)), "promise");
    assert_string_equal(verdict(&t, forged, value_list(t.arena)), "refuted");
    trial_end(&t);
}

/* Their key under our id. */
static void test_an_id_is_bound_to_its_key(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *forged = receipt_make(&t, theirs, true);
    Str our_id = value_get_str(value_item(keys_public(&t.cx, ours), 0), "id");
    static const char *const paths[] = {"promise.key_id", "checkpoint.key_id", "keys.0.id"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        assert_true(value_put_at(t.arena, forged, str_of(paths[i]), value_str(t.arena, our_id)));
    }
    assert_string_equal(verdict(&t, forged, NULL), "refuted");
    assert_string_equal(verdict(&t, forged, keys_public(&t.cx, ours)), "refuted");
    trial_end(&t);
}

static void changed_is_refuted(const char *path, const char *json, const char *what)
{
    struct trial t;
    trial_begin(&t);
    struct value *receipt = receipt_make(&t, ours, true);
    struct value *leaf = NULL;
    assert_int_equal(json_read(&t.cx, str_of(json), &leaf), OK);
    assert_true(value_put_at(t.arena, receipt, str_of(path), leaf));
    assert_string_equal(fault(&t, receipt, keys_public(&t.cx, ours)), what);
    assert_string_equal(verdict(&t, receipt, keys_public(&t.cx, ours)), "refuted");
    trial_end(&t);
}

#define HEX "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"

static void test_every_changed_part_is_noticed(void **state)
{
    (void)state;
    changed_is_refuted("origin", "\"other.example/log\"", "promise");
    changed_is_refuted("matter", "\"288230376151720002\"", "leaf");
    changed_is_refuted("event", "2", "leaf");
    changed_is_refuted("hash", "\"" HEX "\"", "leaf");
    changed_is_refuted("leaf", "\"" HEX "\"", "leaf");
    changed_is_refuted("promise.at", "\"2026-11-22T10:06:01+08:00\"", "promise");
    changed_is_refuted("promise.signature", "\"\"", "promise");
    changed_is_refuted("promise.key_id", "\"0123456789abcdef\"", "promise");
    changed_is_refuted("index", "40", "inclusion");
    changed_is_refuted("index", "57", "inclusion");
    changed_is_refuted("tree_size", "58", "checkpoint");
    changed_is_refuted("path.0", "\"" HEX "\"", "inclusion");
    changed_is_refuted("path", "[]", "inclusion");
    changed_is_refuted("checkpoint.text", "\"\"", "checkpoint");
    changed_is_refuted("checkpoint.signature", "\"AAAA\"", "checkpoint-signature");
    changed_is_refuted("checkpoint.key_id", "null", "checkpoint-signature");
}

static void test_a_receipt_without_sense_is_refuted(void **state)
{
    (void)state;
    changed_is_refuted("origin", "\"a\\nb\"", "shape");
    changed_is_refuted("origin", "null", "shape");
    changed_is_refuted("matter", "288230376151720001", "shape");
    changed_is_refuted("event", "-1", "shape");
    changed_is_refuted("event", "\"1\"", "shape");
    changed_is_refuted("leaf", "\"66c7\"", "shape");
    changed_is_refuted(
        "leaf", "\"66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0\"", "shape");
    changed_is_refuted("promise", "null", "shape");
    changed_is_refuted("promise.at", "\"yesterday\"", "shape");
    changed_is_refuted("index", "null", "shape");
    changed_is_refuted("index", "1.5", "shape");
    changed_is_refuted("path", "null", "shape");
    changed_is_refuted("path", "[1]", "shape");
    changed_is_refuted("checkpoint", "null", "shape");
    changed_is_refuted("checkpoint", "[]", "shape");
    struct trial t;
    trial_begin(&t);
    assert_string_equal(verdict(&t, NULL, NULL), "refuted");
    assert_string_equal(verdict(&t, value_list(t.arena), NULL), "refuted");
    assert_string_equal(verdict(&t, value_map(t.arena), NULL), "refuted");
    struct value *receipt = receipt_make(&t, ours, true);
    struct value *path = value_list(t.arena);
    for (int i = 0; i <= MERKLE_DEPTH_MAX; i++) {
        value_add_text(t.arena, path, HEX);
    }
    value_set(t.arena, receipt, "path", path);
    assert_string_equal(fault(&t, receipt, NULL), "shape");
    trial_end(&t);
}

/* A promise is for one log: a checkpoint of another one by the same keys proves nothing. */
static void test_a_checkpoint_of_another_log_is_refuted(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct value *receipt = receipt_make(&t, ours, true);
    struct checkpoint c = {.size = 0};
    struct signature s;
    assert_true(checkpoint_parse(t.arena, value_as_str(value_at(receipt, "checkpoint.text")), &c));
    c.origin = STR("other.example/log");
    Str text = checkpoint_text(t.arena, &c);
    assert_int_equal(keys_sign(&t.cx, ours, text, &s), OK);
    assert_true(value_put_at(t.arena, receipt, STR("checkpoint.text"), value_str(t.arena, text)));
    assert_true(value_put_at(t.arena, receipt, STR("checkpoint.signature"),
                             value_str(t.arena, s.bytes_base64)));
    assert_string_equal(fault(&t, receipt, NULL), "checkpoint");
    trial_end(&t);
}

/* Whatever byte of the file changes: what is still proved says the same. */
static void test_no_changed_byte_changes_what_is_proved(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    static const char *const said[] = {"origin", "matter",    "event",      "leaf",
                                       "index",  "tree_size", "promise.at", "checkpoint.text"};
    const struct value *receipt = receipt_make(&t, ours, true);
    const struct value *trust = keys_public(&t.cx, ours);
    Str text = json_write(t.arena, receipt);
    int proved = 0;
    for (size_t i = 0; i < text.n; i += 2) {
        struct value *read = NULL;
        char *changed = arena_copy(t.arena, text.p, text.n);
        changed[i] = (char)(changed[i] ^ 1);
        if (json_read(&t.cx, (Str){changed, text.n}, &read) != OK) {
            cx_forgive(&t.cx);
            continue;
        }
        if (strcmp(verdict(&t, read, trust), "refuted") == 0) {
            continue;
        }
        proved += 1; /* within "keys", which are not believed here, or the name "hash" */
        for (size_t k = 0; k < sizeof said / sizeof said[0]; k++) {
            assert_true(value_same(value_at(read, said[k]), value_at(receipt, said[k])));
        }
    }
    assert_true(proved > 0);
    trial_end(&t);
}

static void test_texts_are_as_documented(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Hash abc = hash_str(STR("abc"));
    struct promise p = {str_of(ORIGIN), str_of(MATTER), 1, abc, str_of(AT)};
    assert_string_equal(promise_text(t.arena, &p).p,
                        "tongsu-promise-1\ncourt.example/log\n288230376151720001\n1\n" HEX
                        "\n2026-11-22T10:06:00+08:00\n");
    struct checkpoint c = {str_of(ORIGIN), 57, abc, str_of(AT)};
    assert_string_equal(checkpoint_text(t.arena, &c).p,
                        "court.example/log\n57\nZsfw9GLu7dnR8tRr3BDk4kFnxIdc8veiKX2gK49LqOA=\n"
                        "2026-11-22T10:06:00+08:00\n");
    Str leaf = STR("tongsu-leaf-1\n288230376151720001\n1\n" HEX "\n");
    assert_true(hash_same(receipt_leaf(str_of(MATTER), 1, abc), merkle_leaf(leaf.p, leaf.n)));
    trial_end(&t);
}

static void test_checkpoints_have_one_spelling(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    struct checkpoint c = {.size = 0};
    const char *root = "Zsfw9GLu7dnR8tRr3BDk4kFnxIdc8veiKX2gK49LqOA=";
    Str good = str_printf(t.arena, "o\n57\n%s\n%s\n", root, AT);
    assert_true(checkpoint_parse(t.arena, good, &c));
    assert_int_equal(c.size, 57);
    assert_string_equal(c.origin.p, "o");
    assert_string_equal(c.at.p, AT);
    assert_true(hash_same(c.root, hash_str(STR("abc"))));
    static const char *const sizes[] = {"057", "-1",  "+57", "",
                                        " 57", "57 ", "-0",  "99999999999999999999"};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        assert_false(checkpoint_parse(
            t.arena, str_printf(t.arena, "o\n%s\n%s\n%s\n", sizes[i], root, AT), &c));
    }
    for (size_t n = 0; n < good.n; n++) {
        assert_false(checkpoint_parse(t.arena, str_copy(t.arena, good.p, n), &c));
    }
    assert_false(checkpoint_parse(t.arena, str_printf(t.arena, "%s\n", good.p), &c));
    assert_false(checkpoint_parse(t.arena, str_printf(t.arena, "\n57\n%s\n%s\n", root, AT), &c));
    assert_false(checkpoint_parse(t.arena, str_printf(t.arena, "o\r\n57\n%s\n%s\n", root, AT), &c));
    assert_false(checkpoint_parse(t.arena, str_printf(t.arena, "o\n57\nZsfw\n%s\n", AT), &c));
    assert_false(checkpoint_parse(t.arena, str_printf(t.arena, "o\n57\n%s\nnow\n", root), &c));
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_receipt_in_the_log_is_proved),
        cmocka_unit_test(test_without_published_keys_the_answer_says_so),
        cmocka_unit_test(test_a_receipt_before_the_log_is_promised),
        cmocka_unit_test(test_a_forger_with_own_keys_is_refuted),
        cmocka_unit_test(test_an_id_is_bound_to_its_key),
        cmocka_unit_test(test_every_changed_part_is_noticed),
        cmocka_unit_test(test_a_receipt_without_sense_is_refuted),
        cmocka_unit_test(test_a_checkpoint_of_another_log_is_refuted),
        cmocka_unit_test(test_no_changed_byte_changes_what_is_proved),
        cmocka_unit_test(test_texts_are_as_documented),
        cmocka_unit_test(test_checkpoints_have_one_spelling),
    };
    return cmocka_run_group_tests(tests, keys_make, keys_drop);
}
