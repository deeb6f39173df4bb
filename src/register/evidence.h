/* Evidence: what convinces whoever has the keys that a host or an author signed what an honest one never signs. One
 * line of canonical JSON that needs nothing beside it (spec/evidence.md). Notes stand in it as base64. */
#ifndef TRUCE_REGISTER_EVIDENCE_H
#define TRUCE_REGISTER_EVIDENCE_H

#include "log/checkpoint.h"
#include "log/trust.h"
#include "record/record.h"
#include "system/system.h"

enum { EVIDENCE_KEYS_MOST = 16, EVIDENCE_BYTES_MOST = 1024 * 1024 };

/* How far a cosigner's clock and a host's may be apart before it counts for anything. */
enum { EVIDENCE_CLOCKS_S = 300 };

enum evidence_kind {
    EVIDENCE_FORK,         /* two signed heads of which no log has both */
    EVIDENCE_EQUIVOCATION, /* two records of one author, key and place in its chain */
    EVIDENCE_PROMISE,      /* an entry that was promised is not where, or when, it was to be */
    EVIDENCE_RECEIVED,     /* an entry bears a time that cosigners contradict */
    EVIDENCE_REFUSAL       /* this very note was refused */
};

/* What a file of evidence holds; which members stand says spec/evidence.md. All borrows. */
struct evidence {
    enum evidence_kind kind;
    struct slice first, second;          /* fork: checkpoints; equivocation: records */
    struct slice promise, refusal, note; /* notes */
    struct slice checkpoint;             /* note */
    struct slice entry, anchor;          /* of the log */
    bool has_leaf, has_other;
    struct hash leaf, other; /* the leaf that stands instead; the root that the larger tree has at the smaller size */
    uint64_t index, anchor_index;
    struct log_proof proof, anchor_proof;
    struct verifier key[EVIDENCE_KEYS_MOST]; /* under which it was judged */
    size_t keys;
};

/* Appends the line with its newline. What does not hold by itself is not written (as evidence_check says). */
MUST_USE enum status evidence_write(struct buffer *out, const struct evidence *evidence, struct error *error);

/* Reads and proves: every signature under a key that the evidence names, every hash and proof. The slices borrow from
 * the arena. STATUS_REFUSED: not of this form (evidence-form). STATUS_UNVERIFIED evidence-nothing: it is of this form
 * and proves nothing; the sentence says why. */
MUST_USE enum status evidence_read(struct evidence *out, struct slice line, struct arena *arena, struct error *error);
MUST_USE enum status evidence_check(const struct evidence *evidence, struct error *error);

/* Does this file begin as evidence does? */
bool evidence_is(struct slice file);

/* Keeps a line in peers/evidence of the register's directory, durably, under a name of its own hash: once. */
MUST_USE enum status evidence_keep(const struct system *system, const char *directory, struct slice line,
                                   struct error *error);

/* Where that is, below the register's directory. */
enum { EVIDENCE_PLACE_SIZE = 64 };
void evidence_place(struct slice line, char out[EVIDENCE_PLACE_SIZE]);

/* The same of two records that claim one place of an author's chain. Nothing is kept where they prove nothing, or where
 * the author's key is not known (NULL). */
MUST_USE enum status evidence_keep_both(const struct system *system, const char *directory,
                                        const struct verifier *author, struct slice first, struct slice second,
                                        struct error *error);

const char *evidence_name(enum evidence_kind kind); /* as in the file */

#endif
