/* A subtree root is named by level and index: (level, index) covers the leaves from
 * index * 2^level on, 2^level of them. A range at the right edge of the tree is no such subtree;
 * its root is folded from the complete ones it consists of. */
#include "seal/merkle.h"

#include <string.h>

#include "base/check.h"

#define SIZE_LIMIT (UINT64_C(1) << MERKLE_DEPTH_MAX)

Hash merkle_leaf(const void *bytes, size_t size)
{
    return hash_pair("\0", 1, bytes, size);
}

Hash merkle_node(Hash left, Hash right)
{
    unsigned char bytes[1 + 2 * HASH_BYTES];
    bytes[0] = 1;
    memcpy(bytes + 1, left.b, HASH_BYTES);
    memcpy(bytes + 1 + HASH_BYTES, right.b, HASH_BYTES);
    return hash_of(bytes, sizeof bytes);
}

void frontier_init(struct frontier *frontier)
{
    memset(frontier, 0, sizeof *frontier);
}

void frontier_add(struct frontier *frontier, Hash leaf,
                  void (*made)(void *arg, uint32_t level, uint64_t index, Hash hash), void *arg)
{
    check(frontier->size < SIZE_LIMIT - 1);
    uint64_t index = frontier->size;
    uint32_t level = 0;
    if (made != NULL) {
        made(arg, level, index, leaf);
    }
    for (; index % 2 == 1; index /= 2) {
        leaf = merkle_node(frontier->roots[--frontier->count], leaf);
        level += 1;
        if (made != NULL) {
            made(arg, level, index / 2, leaf);
        }
    }
    frontier->roots[frontier->count++] = leaf;
    frontier->size += 1;
    check(frontier->count == (uint32_t)__builtin_popcountll(frontier->size));
}

Hash frontier_root(const struct frontier *frontier)
{
    if (frontier->size == 0) {
        return hash_of("", 0);
    }
    Hash root = frontier->roots[frontier->count - 1];
    for (uint32_t i = frontier->count - 1; i > 0; i--) {
        root = merkle_node(frontier->roots[i - 1], root);
    }
    return root;
}

/* The largest power of two below n, which is at least 2. */
static uint64_t split_of(uint64_t n)
{
    return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

/* The root of the leaves from..from+count-1, where the tree that splits by largest powers of two
 * has a node. */
static enum status range_root(struct cx *cx, merkle_node_fn *node, void *arg, uint64_t from,
                              uint64_t count, Hash *out)
{
    Hash parts[MERKLE_DEPTH_MAX];
    uint32_t used = 0;
    while (count > 0) {
        uint32_t level = 63 - (uint32_t)__builtin_clzll(count);
        check(from % (UINT64_C(1) << level) == 0);
        TRY(node(cx, arg, level, from >> level, &parts[used++]));
        from += UINT64_C(1) << level;
        count -= UINT64_C(1) << level;
    }
    check(used > 0);
    *out = parts[--used];
    while (used > 0) {
        *out = merkle_node(parts[--used], *out);
    }
    return OK;
}

/* Walking down from the root meets a path's hashes last first. */
static void reverse(Hash *path, uint32_t count)
{
    for (uint32_t i = 0; i < count / 2; i++) {
        Hash kept = path[i];
        path[i] = path[count - 1 - i];
        path[count - 1 - i] = kept;
    }
}

enum status merkle_inclusion(struct cx *cx, merkle_node_fn *node, void *arg, uint64_t index,
                             uint64_t size, Hash *path, uint32_t *count)
{
    if (index >= size || size >= SIZE_LIMIT) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no leaf %llu in a log of %llu",
                    (unsigned long long)index, (unsigned long long)size);
    }
    uint64_t from = 0;
    *count = 0;
    while (size > 1) {
        uint64_t half = split_of(size);
        check(*count < MERKLE_DEPTH_MAX);
        if (index - from < half) {
            TRY(range_root(cx, node, arg, from + half, size - half, &path[*count]));
            size = half;
        } else {
            TRY(range_root(cx, node, arg, from, half, &path[*count]));
            from += half;
            size -= half;
        }
        *count += 1;
    }
    reverse(path, *count);
    return OK;
}

enum status merkle_consistency(struct cx *cx, merkle_node_fn *node, void *arg, uint64_t old_size,
                               uint64_t new_size, Hash *path, uint32_t *count)
{
    if (old_size > new_size || new_size >= SIZE_LIMIT) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no log of %llu grew to %llu",
                    (unsigned long long)old_size, (unsigned long long)new_size);
    }
    uint64_t from = 0;
    bool known = true; /* the old root itself: the verifier has it */
    *count = 0;
    while (old_size > 0 && old_size < new_size) {
        uint64_t half = split_of(new_size);
        check(*count < 2 * MERKLE_DEPTH_MAX - 1);
        if (old_size <= half) {
            TRY(range_root(cx, node, arg, from + half, new_size - half, &path[*count]));
            new_size = half;
        } else {
            TRY(range_root(cx, node, arg, from, half, &path[*count]));
            from += half;
            old_size -= half;
            new_size -= half;
            known = false;
        }
        *count += 1;
    }
    if (!known) {
        TRY(range_root(cx, node, arg, from, new_size, &path[*count]));
        *count += 1;
    }
    reverse(path, *count);
    return OK;
}

/* RFC 9162 section 2.1.3.2. */
bool merkle_inclusion_holds(Hash leaf, uint64_t index, uint64_t size, const Hash *path,
                            uint32_t count, Hash root)
{
    if (index >= size) {
        return false;
    }
    uint64_t at = index;
    uint64_t last = size - 1;
    for (uint32_t i = 0; i < count; i++) {
        if (last == 0) {
            return false;
        }
        if (at % 2 == 1 || at == last) {
            leaf = merkle_node(path[i], leaf);
            while (at % 2 == 0 && at != 0) {
                at /= 2;
                last /= 2;
            }
        } else {
            leaf = merkle_node(leaf, path[i]);
        }
        at /= 2;
        last /= 2;
    }
    return last == 0 && hash_same(leaf, root);
}

/* RFC 9162 section 2.1.4.2, for 0 < old_size < new_size; `first` stands before the path. */
static bool growth_holds(uint64_t old_size, Hash old_root, uint64_t new_size, Hash new_root,
                         Hash first, const Hash *path, uint32_t count)
{
    uint64_t at = old_size - 1;
    uint64_t last = new_size - 1;
    Hash old_made = first;
    Hash new_made = first;
    while (at % 2 == 1) {
        at /= 2;
        last /= 2;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (last == 0) {
            return false;
        }
        if (at % 2 == 1 || at == last) {
            old_made = merkle_node(path[i], old_made);
            new_made = merkle_node(path[i], new_made);
            while (at % 2 == 0 && at != 0) {
                at /= 2;
                last /= 2;
            }
        } else {
            new_made = merkle_node(new_made, path[i]);
        }
        at /= 2;
        last /= 2;
    }
    return last == 0 && hash_same(old_made, old_root) && hash_same(new_made, new_root);
}

bool merkle_consistency_holds(uint64_t old_size, Hash old_root, uint64_t new_size, Hash new_root,
                              const Hash *path, uint32_t count)
{
    if (old_size > new_size) {
        return false;
    }
    if (old_size == new_size) {
        return count == 0 && hash_same(old_root, new_root);
    }
    if (old_size == 0) {
        return count == 0 && hash_same(old_root, hash_of("", 0));
    }
    if (count == 0) {
        return false;
    }
    if ((old_size & (old_size - 1)) == 0) { /* a perfect tree: its root is the first hash */
        return growth_holds(old_size, old_root, new_size, new_root, old_root, path, count);
    }
    return growth_holds(old_size, old_root, new_size, new_root, path[0], path + 1, count - 1);
}
