/* Claims are proved against a naive recursive reading of RFC 9162 section 2.1, for all sizes to
 * SIZES. */
#include <stdio.h>
#include <string.h>

#include "base/test.h"
#include "seal/merkle.h"

enum { SIZES = 130, LEVELS = 9 };

/* A log of SIZES leaves with every complete subtree stored, and what was asked for but not stored.
 */
struct log {
    Hash leaves[SIZES];
    Hash nodes[LEVELS][SIZES];
    bool stored[LEVELS][SIZES];
    uint64_t size; /* leaves that exist so far: reading a node beyond is a mistake */
    uint32_t made;
};

static struct log whole; /* of SIZES leaves */

static Hash leaf_of(uint32_t i)
{
    char text[16];
    int n = snprintf(text, sizeof text, "leaf %u", i);
    return merkle_leaf(text, (size_t)n);
}

static void node_store(void *arg, uint32_t level, uint64_t index, Hash hash)
{
    struct log *log = arg;
    assert_true(level < LEVELS && index < SIZES);
    assert_false(log->stored[level][index]);
    log->stored[level][index] = true;
    log->nodes[level][index] = hash;
    log->made += 1;
}

static enum status node_get(struct cx *cx, void *arg, uint32_t level, uint64_t index, Hash *out)
{
    const struct log *log = arg;
    if (level >= LEVELS || ((index + 1) << level) > log->size || !log->stored[level][index]) {
        return FAIL(cx, E_STORE, "store-broken", "no node %u/%u", level, (unsigned)index);
    }
    *out = log->nodes[level][index];
    return OK;
}

static int log_fill(void **state)
{
    (void)state;
    struct frontier frontier;
    frontier_init(&frontier);
    for (uint32_t i = 0; i < SIZES; i++) {
        whole.leaves[i] = leaf_of(i);
        frontier_add(&frontier, whole.leaves[i], node_store, &whole);
    }
    whole.size = SIZES;
    return 0;
}

/* --- the reference --- */

static uint32_t ref_split(uint32_t n)
{
    uint32_t k = 1;
    while (k * 2 < n) {
        k *= 2;
    }
    return k;
}

static Hash ref_root(const Hash *leaves, uint32_t n) /* NOLINT(misc-no-recursion) */
{
    if (n == 0) {
        return hash_of("", 0);
    }
    if (n == 1) {
        return leaves[0];
    }
    uint32_t k = ref_split(n);
    return merkle_node(ref_root(leaves, k), ref_root(leaves + k, n - k));
}

static uint32_t ref_path(const Hash *leaves, uint32_t n, uint32_t m,
                         Hash *out) /* NOLINT(misc-no-recursion) */
{
    if (n == 1) {
        return 0;
    }
    uint32_t k = ref_split(n);
    uint32_t count = m < k ? ref_path(leaves, k, m, out) : ref_path(leaves + k, n - k, m - k, out);
    out[count] = m < k ? ref_root(leaves + k, n - k) : ref_root(leaves, k);
    return count + 1;
}

static uint32_t ref_subproof(const Hash *leaves, uint32_t n, uint32_t m, bool known,
                             Hash *out) /* NOLINT(misc-no-recursion) */
{
    if (m == n) {
        if (!known) {
            out[0] = ref_root(leaves, n);
        }
        return known ? 0 : 1;
    }
    uint32_t k = ref_split(n);
    uint32_t count = m <= k ? ref_subproof(leaves, k, m, known, out)
                            : ref_subproof(leaves + k, n - k, m - k, false, out);
    out[count] = m <= k ? ref_root(leaves + k, n - k) : ref_root(leaves, k);
    return count + 1;
}

static void paths_same(const Hash *a, uint32_t a_count, const Hash *b, uint32_t b_count)
{
    assert_int_equal(a_count, b_count);
    for (uint32_t i = 0; i < a_count; i++) {
        assert_true(hash_same(a[i], b[i]));
    }
}

/* --- the claims --- */

static void is_hex(struct arena *arena, Hash h, const char *hex)
{
    assert_string_equal(hash_hex(arena, h).p, hex);
}

static void test_the_vector_of_three(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Hash a = merkle_leaf("a", 1);
    Hash b = merkle_leaf("b", 1);
    Hash c = merkle_leaf("c", 1);
    is_hex(t.arena, a, "c688f41bcd570f9651ccb215058a545f66f52ab4eac2968896e1637af9443d8c");
    is_hex(t.arena, b, "724af679db0196244526c0138b438a44458c320e7e610e75e13f3dec5f0ccbb9");
    is_hex(t.arena, c, "5b280c126260877493fd073e309507ce00677c1f89d8d24d97d61a7a4dff401c");
    is_hex(t.arena, merkle_node(a, b),
           "2c537e31416ae684fd8a1552a3bcd5a452274e02a45d67c856405b3a1108ee90");
    struct frontier frontier;
    frontier_init(&frontier);
    frontier_add(&frontier, a, NULL, NULL);
    frontier_add(&frontier, b, NULL, NULL);
    frontier_add(&frontier, c, NULL, NULL);
    is_hex(t.arena, frontier_root(&frontier),
           "2706e4e4d41c1ed9c3fe7f7822bf360a67abcc052cc2c00022c1313ec3ded965");
    trial_end(&t);
}

static void test_the_empty_log_has_the_root_of_nothing(void **state)
{
    (void)state;
    struct frontier frontier;
    frontier_init(&frontier);
    assert_true(hash_same(frontier_root(&frontier), hash_of("", 0)));
}

static void test_a_leaf_is_no_node(void **state)
{
    (void)state;
    Hash a = leaf_of(1);
    Hash b = leaf_of(2);
    unsigned char both[2 * HASH_BYTES];
    memcpy(both, a.b, HASH_BYTES);
    memcpy(both + HASH_BYTES, b.b, HASH_BYTES);
    assert_false(hash_same(merkle_leaf(both, sizeof both), merkle_node(a, b)));
    assert_false(hash_same(merkle_node(a, b), merkle_node(b, a)));
}

static void test_roots_follow_the_reference(void **state)
{
    (void)state;
    struct frontier frontier;
    frontier_init(&frontier);
    for (uint32_t n = 0; n < SIZES; n++) {
        assert_true(hash_same(frontier_root(&frontier), ref_root(whole.leaves, n)));
        frontier_add(&frontier, whole.leaves[n], NULL, NULL);
    }
}

static void test_every_complete_subtree_is_reported_once(void **state)
{
    (void)state;
    uint32_t expected = 0;
    for (uint32_t level = 0; (1U << level) <= SIZES; level++) {
        for (uint32_t i = 0; ((i + 1) << level) <= SIZES; i++) {
            assert_true(whole.stored[level][i]);
            assert_true(hash_same(whole.nodes[level][i],
                                  ref_root(whole.leaves + (i << level), 1U << level)));
            expected += 1;
        }
    }
    assert_int_equal(whole.made, expected);
}

static void test_inclusion_follows_the_reference_and_holds(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    for (uint32_t n = 1; n <= SIZES; n++) {
        Hash root = ref_root(whole.leaves, n);
        whole.size = n;
        for (uint32_t m = 0; m < n; m++) {
            Hash path[MERKLE_DEPTH_MAX];
            Hash expected[MERKLE_DEPTH_MAX];
            uint32_t count = 0;
            assert_int_equal(merkle_inclusion(&t.cx, node_get, &whole, m, n, path, &count), OK);
            paths_same(path, count, expected, ref_path(whole.leaves, n, m, expected));
            assert_true(merkle_inclusion_holds(whole.leaves[m], m, n, path, count, root));
        }
    }
    whole.size = SIZES;
    trial_end(&t);
}

static void test_consistency_follows_the_reference_and_holds(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    for (uint32_t n = 1; n <= SIZES; n++) {
        Hash new_root = ref_root(whole.leaves, n);
        whole.size = n;
        for (uint32_t m = 1; m <= n; m++) {
            Hash path[2 * MERKLE_DEPTH_MAX];
            Hash expected[2 * MERKLE_DEPTH_MAX];
            uint32_t count = 0;
            assert_int_equal(merkle_consistency(&t.cx, node_get, &whole, m, n, path, &count), OK);
            paths_same(path, count, expected, ref_subproof(whole.leaves, n, m, true, expected));
            assert_true(
                merkle_consistency_holds(m, ref_root(whole.leaves, m), n, new_root, path, count));
        }
    }
    whole.size = SIZES;
    trial_end(&t);
}

static void test_a_changed_inclusion_proof_fails(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    for (uint32_t n = 1; n <= 40; n++) {
        Hash root = ref_root(whole.leaves, n);
        for (uint32_t m = 0; m < n; m++) {
            Hash path[MERKLE_DEPTH_MAX] = {0};
            uint32_t count = ref_path(whole.leaves, n, m, path);
            Hash leaf = whole.leaves[m];
            assert_false(
                merkle_inclusion_holds(whole.leaves[(m + 1) % SIZES], m, n, path, count, root));
            assert_false(merkle_inclusion_holds(leaf, m, n, path, count, leaf_of(999)));
            assert_false(merkle_inclusion_holds(leaf, m, n, path, count + 1, root));
            assert_false(merkle_inclusion_holds(leaf, n, n, path, count, root));
            for (uint32_t i = 0; i < count; i++) {
                path[i].b[i % HASH_BYTES] ^= 1;
                assert_false(merkle_inclusion_holds(leaf, m, n, path, count, root));
                path[i].b[i % HASH_BYTES] ^= 1;
                assert_false(merkle_inclusion_holds(leaf, m, n, path, i, root));
            }
            for (uint32_t other = 0; other < n; other++) {
                assert_int_equal(merkle_inclusion_holds(leaf, other, n, path, count, root),
                                 other == m);
            }
        }
    }
    trial_end(&t);
}

static void test_a_rewritten_log_is_not_consistent(void **state)
{
    (void)state;
    for (uint32_t n = 2; n <= 40; n++) {
        Hash changed[SIZES];
        memcpy(changed, whole.leaves, sizeof changed);
        for (uint32_t m = 1; m < n; m++) {
            Hash old_root = ref_root(whole.leaves, m);
            Hash path[2 * MERKLE_DEPTH_MAX] = {0};
            changed[m - 1] = leaf_of(1000 + m); /* the last leaf of the old log */
            uint32_t count = ref_subproof(changed, n, m, true, path);
            assert_false(
                merkle_consistency_holds(m, old_root, n, ref_root(changed, n), path, count));
            changed[m - 1] = whole.leaves[m - 1];
            Hash new_root = ref_root(whole.leaves, n);
            count = ref_subproof(whole.leaves, n, m, true, path);
            assert_false(merkle_consistency_holds(m, new_root, n, new_root, path, count));
            assert_false(merkle_consistency_holds(m, old_root, n, old_root, path, count));
            assert_false(merkle_consistency_holds(m, old_root, n, new_root, path, count - 1));
            assert_false(merkle_consistency_holds(m, old_root, n, new_root, path, count + 1));
            path[count - 1].b[7] ^= 0x10;
            assert_false(merkle_consistency_holds(m, old_root, n, new_root, path, count));
        }
    }
}

static void test_consistency_at_the_edges(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Hash nothing = hash_of("", 0);
    Hash root = ref_root(whole.leaves, 5);
    Hash path[2 * MERKLE_DEPTH_MAX];
    uint32_t count = 9;
    assert_int_equal(merkle_consistency(&t.cx, node_get, &whole, 0, 5, path, &count), OK);
    assert_int_equal(count, 0);
    assert_true(merkle_consistency_holds(0, nothing, 5, root, path, 0));
    assert_false(merkle_consistency_holds(0, root, 5, root, path, 0));
    assert_true(merkle_consistency_holds(5, root, 5, root, path, 0));
    assert_false(merkle_consistency_holds(5, root, 5, nothing, path, 0));
    assert_false(merkle_consistency_holds(5, root, 4, root, path, 0));
    trial_end(&t);
}

static void test_proofs_beyond_the_log_are_refused(void **state)
{
    (void)state;
    struct trial t;
    trial_begin(&t);
    Hash path[2 * MERKLE_DEPTH_MAX];
    uint32_t count = 0;
    assert_int_equal(merkle_inclusion(&t.cx, node_get, &whole, 5, 5, path, &count), E_NOT_FOUND);
    cx_forgive(&t.cx);
    assert_int_equal(merkle_inclusion(&t.cx, node_get, &whole, 0, 0, path, &count), E_NOT_FOUND);
    cx_forgive(&t.cx);
    assert_int_equal(merkle_consistency(&t.cx, node_get, &whole, 6, 5, path, &count), E_NOT_FOUND);
    cx_forgive(&t.cx);
    assert_int_equal(
        merkle_inclusion(&t.cx, node_get, &whole, UINT64_MAX - 1, UINT64_MAX, path, &count),
        E_NOT_FOUND);
    cx_forgive(&t.cx);
    whole.size = 4; /* a node store that lost its tail */
    assert_int_equal(merkle_inclusion(&t.cx, node_get, &whole, 0, 8, path, &count), E_STORE);
    whole.size = SIZES;
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_vector_of_three),
        cmocka_unit_test(test_the_empty_log_has_the_root_of_nothing),
        cmocka_unit_test(test_a_leaf_is_no_node),
        cmocka_unit_test(test_roots_follow_the_reference),
        cmocka_unit_test(test_every_complete_subtree_is_reported_once),
        cmocka_unit_test(test_inclusion_follows_the_reference_and_holds),
        cmocka_unit_test(test_consistency_follows_the_reference_and_holds),
        cmocka_unit_test(test_a_changed_inclusion_proof_fails),
        cmocka_unit_test(test_a_rewritten_log_is_not_consistent),
        cmocka_unit_test(test_consistency_at_the_edges),
        cmocka_unit_test(test_proofs_beyond_the_log_are_refused),
    };
    return cmocka_run_group_tests(tests, log_fill, NULL);
}
