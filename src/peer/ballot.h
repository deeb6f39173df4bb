/* The votes for a change of host, counted by the policy of the copy at hand (spec/take-over.md). */
#ifndef TRUCE_PEER_BALLOT_H
#define TRUCE_PEER_BALLOT_H

#include "log/vote.h"
#include "register/register.h"

enum { BALLOT_VOTES_MOST = LIMIT_WITNESSES };

enum ballot_fate {
    BALLOT_COUNTS,
    BALLOT_TWICE,    /* another of the same witness counts */
    BALLOT_STRANGER, /* not by a witness of the policy in force at the base */
    BALLOT_OTHER,    /* for another change of the key */
    BALLOT_ASIDE     /* left out by whoever takes over */
};
struct ballot_vote {
    struct slice note; /* borrows from the ballot's text */
    struct slice name; /* of who signed it */
    struct vote vote;
    struct hash root; /* of the head in it, if its size is not 0 */
    enum ballot_fate fate;
};
struct ballot {
    struct buffer text;
    struct ballot_vote vote[BALLOT_VOTES_MOST];
    size_t votes, counted, needed;
    struct verifier old_key, new_key;
    uint64_t base;
};
void ballot_clear(struct ballot *ballot); /* works with OWN() */

/* Reads votes, one behind the other (vote-form). */
MUST_USE enum status ballot_read(struct ballot *out, struct slice votes, struct error *error);

/* Counts them: base is what the log goes on from, the largest size that a vote which counts says, or, if none says any,
 * `published`. `aside` are names of witnesses whose votes are left out. new_key must be known before.
 * vote-unproven, take-over-few, take-over-behind: the copy has less than a witness cosigned. */
MUST_USE enum status ballot_count(struct ballot *ballot, struct truce_register *copy, uint64_t published,
                                  const char *const *aside, size_t aside_count, struct error *error);

const char *ballot_fate_name(enum ballot_fate fate); /* "counts" … */

#endif
