/* Another's log copied: its checkpoints looked at, its entries authenticated, then appended as they are, and the
 * checkpoint that covers them published.
 *
 *     look: checkpoint → signature → does it continue what is kept? → kept (peers/seen/target)
 *     take: bundles → root at the chunk's end → proof to the target → append
 *     publish: the target, when all that it covers is here
 *
 * C1  No entry is appended before a proof led from it, and all before it, to a checkpoint that the log's key signed.
 * C2  What is followed towards is durable before the first entry on the way: whatever stands behind the published
 *     checkpoint is covered by peers/seen/target, after any crash.
 * C3  Two checkpoints of which no log has both end the following, and both stay as evidence. */
#ifndef TRUCE_PEER_COPY_H
#define TRUCE_PEER_COPY_H

#include "log/checkpoint.h"
#include "peer/far.h"

enum { COPY_PATH_SIZE = 4096 };

struct copy_head { /* a checkpoint that is kept */
    bool there;
    struct buffer note;
    struct checkpoint checkpoint; /* borrows from note */
};
struct copy {
    const struct system *system;
    const char *directory; /* the register's */
    struct log *log;       /* open to follow */
    struct source *source;
    struct far far;
    struct copy_head published, target;
    struct verifier former;        /* a key of this log's that may have signed what is kept; name "" for none */
    char evidence[COPY_PATH_SIZE]; /* the file that a fork was written to, or "" */
    void (*grown)(void *context, uint64_t size, uint64_t total); /* after each chunk that is durable; or NULL */
    void *context;
};

/* `log`, `source` and the directory stay the caller's; without a source (NULL) nothing is looked at or taken. */
MUST_USE enum status copy_open(struct copy *copy, const struct system *system, const char *directory, struct log *log,
                               struct source *source, struct error *error);
void copy_close(struct copy *copy);

/* The checkpoint as it is now; mirror-absent, mirror-checkpoint where it is none. Nothing is known of it but its form.
 */
MUST_USE enum status copy_head_get(struct source *source, struct copy_head *out, struct error *error);
void copy_head_clear(struct copy_head *head);

/* Looks whether there is a newer checkpoint under `key`, and makes it the target. An older one changes nothing.
 * mirror-key: it is not signed by that key; mirror-fork (evidence is kept); mirror-tile, mirror-proof: the source's
 * tiles do not fit its checkpoint. */
MUST_USE enum status copy_look(struct copy *copy, const struct verifier *key, struct error *error);

/* A head that all entries up to it lead to becomes the target, unless a larger one is. */
MUST_USE enum status copy_target(struct copy *copy, struct slice note, struct error *error);

/* Writes evidence durably to DIRECTORY/peers/evidence/NAME.json, whose path `path` then is; the same evidence has the
 * same name. */
struct evidence;
MUST_USE enum status copy_evidence(const struct system *system, const char *directory, const struct evidence *evidence,
                                   char path[COPY_PATH_SIZE], struct error *error);

/* Brings the log up to the target. mirror-entries: what came is not what the checkpoint covers. */
MUST_USE enum status copy_take(struct copy *copy, struct error *error);
/* Publishes the target, which `key` signed, once the log has come as far. */
MUST_USE enum status copy_publish(struct copy *copy, const struct verifier *key, struct error *error);

#endif
