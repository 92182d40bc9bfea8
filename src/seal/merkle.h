/* seal/merkle.h - an append-only Merkle log in the shape of RFC 9162, with SM3.
 *
 * leaf = SM3(0x00 || data), node = SM3(0x01 || left || right); the largest power of two splits.
 * The frontier is the list of perfect subtree roots of a tree of `size` leaves, largest first:
 * enough to extend the tree and to know its root.
 */
#ifndef SEAL_MERKLE_H
#define SEAL_MERKLE_H

#include "base/fail.h"
#include "seal/hash.h"

enum { MERKLE_DEPTH_MAX = 48 };

struct frontier {
    uint64_t size;
    uint32_t count;
    Hash roots[MERKLE_DEPTH_MAX];
};

Hash merkle_leaf(const void *bytes, size_t size);
Hash merkle_node(Hash left, Hash right);
void frontier_init(struct frontier *frontier);
/* Adds a leaf. Each complete subtree that this makes is reported to `made` (NULL for none) as level
 * (0 is the leaf itself) and index within the level, for storing. */
void frontier_add(struct frontier *frontier, Hash leaf,
                  void (*made)(void *arg, uint32_t level, uint64_t index, Hash hash), void *arg);
Hash frontier_root(const struct frontier *frontier); /* of the empty tree: SM3 of nothing */

/* Reads a stored complete subtree root. */
typedef enum status merkle_node_fn(struct cx *cx, void *arg, uint32_t level, uint64_t index,
                                   Hash *out);

/* Inclusion proof of leaf `index` in the tree of `size` leaves; *count hashes to path (room for
 * MERKLE_DEPTH_MAX). */
enum status merkle_inclusion(struct cx *cx, merkle_node_fn *node, void *arg, uint64_t index,
                             uint64_t size, Hash *path, uint32_t *count);
/* Consistency proof between two sizes of the same log (room for 2 * MERKLE_DEPTH_MAX). */
enum status merkle_consistency(struct cx *cx, merkle_node_fn *node, void *arg, uint64_t old_size,
                               uint64_t new_size, Hash *path, uint32_t *count);
bool merkle_inclusion_holds(Hash leaf, uint64_t index, uint64_t size, const Hash *path,
                            uint32_t count, Hash root);
bool merkle_consistency_holds(uint64_t old_size, Hash old_root, uint64_t new_size, Hash new_root,
                              const Hash *path, uint32_t count);

#endif
