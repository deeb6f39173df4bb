/* RFC 6962 hashing and proofs as pure functions; no file is known here. */
#ifndef TRUCE_LOG_TREE_H
#define TRUCE_LOG_TREE_H

#include "crypto/hash.h"
#include "log/log.h"

struct hash tree_leaf(struct slice entry);
struct hash tree_node(const struct hash *left, const struct hash *right);
struct hash tree_empty(void);

/* The right edge of a growing tree: the roots of its complete subtrees, largest first. */
struct tree_edge {
    uint64_t size;
    struct hash node[64];
};
void tree_edge_add(struct tree_edge *edge, const struct hash *leaf);
struct hash tree_edge_root(const struct tree_edge *edge);

/* The root of a complete subtree from `count` nodes of one level; count is a power of two. */
struct hash tree_complete(const struct hash *hashes, size_t count);

/* Proofs out of whatever gives the nodes: MTH(D[from : from + count]), where `from` is a multiple of the least power of
 * two that is not below count. index < size; from <= to. */
typedef enum status tree_nodes(void *context, uint64_t from, uint64_t count, struct hash *out, struct error *error);
MUST_USE enum status tree_prove_inclusion(uint64_t index, uint64_t size, tree_nodes *nodes, void *context,
                                          struct log_proof *out, struct error *error);
MUST_USE enum status tree_prove_consistency(uint64_t from, uint64_t to, tree_nodes *nodes, void *context,
                                            struct log_proof *out, struct error *error);

MUST_USE bool tree_verify_inclusion(const struct hash *leaf, uint64_t index, uint64_t size,
                                    const struct log_proof *proof, const struct hash *root);
MUST_USE bool tree_verify_consistency(uint64_t from, const struct hash *from_root, uint64_t to,
                                      const struct hash *to_root, const struct log_proof *proof);
/* The root that the tree of `to_root` had at size `from`, as a consistency proof tells it. False if the proof does not
 * lead to that tree, or does not say it: of a size that is a power of two it never does. */
MUST_USE bool tree_root_before(uint64_t from, uint64_t to, const struct hash *to_root, const struct log_proof *proof,
                               struct hash *out);

#endif
