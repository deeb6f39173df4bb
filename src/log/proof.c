/* Proofs as RFC 6962 defines them, and verifying them as RFC 9162 writes it out (2.1.3.2, 2.1.4.2). */
#include "log/tree.h"

/* The greatest power of two below count, which is at least 2. */
static uint64_t split_of(uint64_t count)
{
    return (uint64_t)1 << (63 - __builtin_clzll(count - 1));
}

/* From the top down one sibling at each fork; the proof wants them from the bottom up. */
static void proof_reverse(struct log_proof *proof)
{
    for (size_t i = 0, j = proof->count; i + 1 < j; i++) {
        j--;
        struct hash kept = proof->hash[i];
        proof->hash[i] = proof->hash[j];
        proof->hash[j] = kept;
    }
}

enum status tree_prove_inclusion(uint64_t index, uint64_t size, tree_nodes *nodes, void *context, struct log_proof *out,
                                 struct error *error)
{
    out->count = 0;
    for (uint64_t from = 0, count = size; count > 1;) {
        uint64_t left = split_of(count);
        struct hash *sibling = &out->hash[out->count++];
        if (index - from < left) {
            TRY(nodes(context, from + left, count - left, sibling, error));
            count = left;
        } else {
            TRY(nodes(context, from, left, sibling, error));
            from += left;
            count -= left;
        }
    }
    proof_reverse(out);
    return STATUS_DONE;
}

/* SUBPROOF of RFC 6962: the old tree's own root is left out if the old size is a power of two (`old_root`). */
enum status tree_prove_consistency(uint64_t old, uint64_t size, tree_nodes *nodes, void *context, struct log_proof *out,
                                   struct error *error)
{
    uint64_t from = 0, count = size;
    bool old_root = true;
    out->count = 0;
    if (old == 0 || old == size) return STATUS_DONE;
    while (old != from + count) {
        uint64_t left = split_of(count);
        struct hash *sibling = &out->hash[out->count++];
        if (old - from <= left) {
            TRY(nodes(context, from + left, count - left, sibling, error));
            count = left;
        } else {
            TRY(nodes(context, from, left, sibling, error));
            from += left;
            count -= left;
            old_root = false;
        }
    }
    if (!old_root) TRY(nodes(context, from, count, &out->hash[out->count++], error));
    proof_reverse(out);
    return STATUS_DONE;
}

bool tree_verify_inclusion(const struct hash *leaf, uint64_t index, uint64_t size, const struct log_proof *proof,
                           const struct hash *root)
{
    if (index >= size || proof->count > LOG_PROOF_MOST) return false;
    uint64_t node = index, last = size - 1;
    struct hash running = *leaf;
    for (size_t i = 0; i < proof->count; i++) {
        if (last == 0) return false;
        if ((node & 1) != 0 || node == last) {
            running = tree_node(&proof->hash[i], &running);
            while ((node & 1) == 0 && node != 0) node >>= 1, last >>= 1;
        } else {
            running = tree_node(&running, &proof->hash[i]);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && hash_equal(&running, root);
}

/* From the empty tree everything follows, and nothing proves it: only the empty root and an empty proof will do. */
static bool consistent_trivially(uint64_t from, const struct hash *from_root, uint64_t to, const struct hash *to_root,
                                 const struct log_proof *proof)
{
    if (proof->count != 0) return false;
    struct hash empty = tree_empty();
    if (from == 0 && !hash_equal(from_root, &empty)) return false;
    return from != to || hash_equal(from_root, to_root);
}

/* The roots of both trees that a proof tells. A size that is a power of two is a subtree of its own: its root begins
 * the proof unsaid, and is taken from `from_root`. */
static bool consistency_roots(uint64_t from, const struct hash *from_root, uint64_t to, const struct log_proof *proof,
                              struct hash *old, struct hash *new)
{
    uint64_t node = from - 1, last = to - 1;
    while ((node & 1) != 0) node >>= 1, last >>= 1;
    bool said = node != 0;
    if (said ? proof->count == 0 : from_root == NULL) return false;
    *old = *new = said ? proof->hash[0] : *from_root;
    for (size_t i = said ? 1 : 0; i < proof->count; i++) {
        if (last == 0) return false;
        if ((node & 1) != 0 || node == last) {
            *old = tree_node(&proof->hash[i], old);
            *new = tree_node(&proof->hash[i], new);
            while ((node & 1) == 0 && node != 0) node >>= 1, last >>= 1;
        } else {
            *new = tree_node(new, &proof->hash[i]);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0;
}

bool tree_verify_consistency(uint64_t from, const struct hash *from_root, uint64_t to, const struct hash *to_root,
                             const struct log_proof *proof)
{
    struct hash old, new;
    if (from > to || proof->count > LOG_PROOF_MOST) return false;
    if (from == 0 || from == to) return consistent_trivially(from, from_root, to, to_root, proof);
    return consistency_roots(from, from_root, to, proof, &old, &new) && hash_equal(&old, from_root) &&
           hash_equal(&new, to_root);
}

bool tree_root_before(uint64_t from, uint64_t to, const struct hash *to_root, const struct log_proof *proof,
                      struct hash *out)
{
    struct hash old, new;
    if (from == 0 || from >= to || proof->count > LOG_PROOF_MOST) return false;
    if (!consistency_roots(from, NULL, to, proof, &old, &new) || !hash_equal(&new, to_root)) return false;
    *out = old;
    return true;
}
