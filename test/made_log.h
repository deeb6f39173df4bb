/* A log for the tests of those who watch it, straight out of RFC 6962's definitions: nothing is stored, every root and
 * proof is computed from its leaves. It can show two trees, which are the same up to entry `fork`. */
#ifndef TRUCE_TEST_MADE_LOG_H
#define TRUCE_TEST_MADE_LOG_H

#include "check.h"
#include "log/checkpoint.h"
#include "log/tree.h"

struct made_log {
    struct signer key;
    uint64_t fork; /* from here on the other view differs */
};

static inline void made_log_open(struct made_log *log, const char *origin, uint8_t seed, uint64_t fork)
{
    const uint8_t bytes[SEED_BYTES] = {seed, 1};
    log->fork = fork;
    CHECK(crypto_start(NULL) == STATUS_DONE);
    CHECK(signer_from_seed(&log->key, slice_from(origin), bytes, NULL) == STATUS_DONE);
}

static inline struct hash made_log_leaf(const struct made_log *log, bool other, uint64_t i)
{
    char text[40];
    int size = snprintf(text, sizeof text, "%s %" PRIu64, other && i >= log->fork ? "other" : "entry", i);
    return tree_leaf(slice_of(text, (size_t)size));
}

/* MTH of entries from … to. */
static inline struct hash made_log_root_of(const struct made_log *log, bool other, uint64_t from, uint64_t to)
{
    if (from == to) return tree_empty();
    if (to - from == 1) return made_log_leaf(log, other, from);
    uint64_t half = 1;
    while (2 * half < to - from) half *= 2;
    struct hash left = made_log_root_of(log, other, from, from + half);
    struct hash right = made_log_root_of(log, other, from + half, to);
    return tree_node(&left, &right);
}

/* SUBPROOF(m, D[from:to], whole). */
static inline void made_log_subproof(const struct made_log *log, bool other, uint64_t m, uint64_t from, uint64_t to,
                                     bool whole, struct log_proof *out)
{
    if (m == to - from) {
        if (!whole) out->hash[out->count++] = made_log_root_of(log, other, from, to);
        return;
    }
    uint64_t half = 1;
    while (2 * half < to - from) half *= 2;
    if (m <= half) {
        made_log_subproof(log, other, m, from, from + half, whole, out);
        out->hash[out->count++] = made_log_root_of(log, other, from + half, to);
    } else {
        made_log_subproof(log, other, m - half, from + half, to, false, out);
        out->hash[out->count++] = made_log_root_of(log, other, from, from + half);
    }
}

static inline struct log_proof made_log_proof(const struct made_log *log, bool other, uint64_t from, uint64_t to)
{
    struct log_proof proof = {.count = 0};
    if (from > 0 && from < to) made_log_subproof(log, other, from, 0, to, true, &proof);
    return proof;
}

static inline void made_log_checkpoint(const struct made_log *log, bool other, uint64_t size, struct buffer *out)
{
    OWN(buffer_clear) struct buffer text = {0};
    const struct checkpoint checkpoint = {slice_from(log->key.verifier.name), size,
                                          made_log_root_of(log, other, 0, size)};
    checkpoint_format(&text, &checkpoint);
    CHECK(note_sign(out, buffer_slice(&text), &log->key, NULL) == STATUS_DONE);
}

static inline void made_log_put_old(struct buffer *out, uint64_t old, const struct log_proof *proof)
{
    buffer_print(out, "old %" PRIu64 "\n", old);
    for (size_t i = 0; i < proof->count; i++) {
        char base64[BASE64_SIZE(HASH_BYTES)];
        base64_format(base64, sizeof base64, slice_of(proof->hash[i].bytes, HASH_BYTES));
        buffer_print(out, "%s\n", base64);
    }
    buffer_put_string(out, "\n");
}

/* A request to add-checkpoint, as it should be. */
static inline void made_log_ask(const struct made_log *log, bool other, uint64_t old, uint64_t size, struct buffer *out)
{
    const struct log_proof proof = made_log_proof(log, other, old, size);
    buffer_reset(out);
    made_log_put_old(out, old, &proof);
    made_log_checkpoint(log, other, size, out);
}

#endif
