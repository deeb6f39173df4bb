/* A vote for a change of host: a witness says what it cosigned last under the old log key, and that it will never
 * cosign that key again (spec/take-over.md). A note whose first line is ORIGIN/vote/v1, cosigned by the witness's key:
 * no checkpoint, for its second line is no number. */
#ifndef TRUCE_LOG_VOTE_H
#define TRUCE_LOG_VOTE_H

#include "log/checkpoint.h"

struct vote {
    struct verifier old_key, new_key; /* of the log: their name is its origin */
    uint64_t size;                    /* what was cosigned last; 0: nothing */
    struct buffer checkpoint;         /* its note, with the log's line and the witness's own; empty at size 0 */
};
void vote_clear(struct vote *vote); /* works with OWN() */

/* The vote as a note, appended. `time` is in seconds. */
MUST_USE enum status vote_sign(struct buffer *out, const struct vote *vote, int64_t time, const struct signer *witness,
                               struct error *error);

/* Reads one (vote-form) and proves all that it says by itself: cosigned by `witness`, its checkpoint of the log, signed
 * under the old key and cosigned by the same witness (vote-unproven). */
MUST_USE enum status vote_read(struct vote *out, struct slice note, struct error *error);
MUST_USE enum status vote_check(const struct vote *vote, struct slice note, const struct verifier *witness,
                                struct error *error);

#endif
