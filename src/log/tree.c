/* RFC 6962 hashing: leaves and nodes can never be taken for each other, for their messages begin differently. */
#include "log/tree.h"

static const uint8_t leaf_prefix = 0, node_prefix = 1;

struct hash tree_leaf(struct slice entry)
{
    struct slice parts[] = {slice_of(&leaf_prefix, 1), entry};
    return hash_of_parts(parts, COUNT_OF(parts));
}

struct hash tree_node(const struct hash *left, const struct hash *right)
{
    uint8_t message[1 + 2 * HASH_BYTES];
    message[0] = node_prefix;
    memcpy(message + 1, left->bytes, HASH_BYTES);
    memcpy(message + 1 + HASH_BYTES, right->bytes, HASH_BYTES);
    return hash_of(slice_of(message, sizeof message));
}

struct hash tree_empty(void)
{
    return hash_of((struct slice){NULL, 0});
}

/* A subtree is complete for each bit set in the size; adding a leaf carries like adding one. */
void tree_edge_add(struct tree_edge *edge, const struct hash *leaf)
{
    size_t count = (size_t)__builtin_popcountll(edge->size);
    struct hash node = *leaf;
    for (uint64_t carry = edge->size; carry & 1; carry >>= 1) node = tree_node(&edge->node[--count], &node);
    edge->node[count] = node;
    edge->size++;
}

struct hash tree_edge_root(const struct tree_edge *edge)
{
    size_t count = (size_t)__builtin_popcountll(edge->size);
    if (count == 0) return tree_empty();
    struct hash root = edge->node[--count];
    while (count > 0) {
        count--;
        root = tree_node(&edge->node[count], &root);
    }
    return root;
}

struct hash tree_complete(const struct hash *hashes, size_t count)
{
    struct tree_edge edge = {.size = 0};
    for (size_t i = 0; i < count; i++) tree_edge_add(&edge, &hashes[i]);
    return edge.node[0];
}
