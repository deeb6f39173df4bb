/* Who may speak: members, roles, keys, thresholds and policy as the log's first N entries have them. Built by adding
 * entries in order; small (it grows with who-records alone). */
#ifndef TRUCE_RECORD_MEMBERS_H
#define TRUCE_RECORD_MEMBERS_H

#include "crypto/reader_key.h"
#include "record/policy.h"
#include "record/record.h"

struct members;

MUST_USE enum status members_open(struct members **out, struct error *error);
void members_close(struct members **members);

/* Adds entry `index`, which admission allowed. Kinds outside FAMILY_WHO change nothing (and may be left out). */
MUST_USE enum status members_add(struct members *members, uint64_t index, int64_t received_ms,
                                 const struct record *record, struct error *error);

bool members_founded(const struct members *members);          /* every founder approved the genesis */
bool members_exercise(const struct members *members);         /* genesis says exercise: true */
bool members_public(const struct members *members);           /* the policy in force says public: true */
struct slice members_register(const struct members *members); /* origin#16hex, or {NULL,0} before the genesis */
struct slice members_origin(const struct members *members);
const struct record_id *members_genesis(const struct members *members); /* NULL before it */
const struct verifier *members_log_key(const struct members *members);  /* in force now; NULL before the genesis */
uint64_t members_log_key_from(const struct members *members);           /* the least size that it signs */
/* The key that signs checkpoints of `size` entries, as far as the members know now. */
const struct verifier *members_log_key_at(const struct members *members, uint64_t size);
const struct policy *members_policy(const struct members *members); /* in force now; NULL before the genesis */
const struct witness_policy *members_witnessing(const struct members *members); /* of that policy */

struct member {
    struct slice party;       /* slug */
    const struct json *names; /* text, or NULL */
    enum role role;
    bool founder;
    uint64_t since_index;
    int64_t until; /* INT64_MAX while a member */
};
size_t members_count(const struct members *members);
const struct member *members_at(const struct members *members, size_t i); /* in order of enrolment */
const struct member *members_find(const struct members *members, struct slice party);

/* A signing key that is or was this party's: its verifier, or NULL. Whether it may still sign is admission's matter. */
const struct verifier *members_key(const struct members *members, struct slice party, uint32_t key_id);
/* The same, where it speaks for the party now: the membership has not ended, the key is neither retired nor
 * compromised. */
const struct verifier *members_key_in_force(const struct members *members, struct slice party, uint32_t key_id,
                                            int64_t now);
/* The n-th of those that do, oldest first; NULL behind the last. */
const struct verifier *members_signing(const struct members *members, struct slice party, size_t n, int64_t now);
/* Has or had this key any use in the register? */
bool members_knows_key(const struct members *members, const struct public_key *key);

/* The ends of signing keys, in the order in which they took effect; NULL behind the last. */
struct key_ending {
    struct slice party;
    uint32_t key_id;
    bool compromised; /* else retired */
    uint64_t at;      /* the entry at which it took effect */
    int64_t since;    /* compromised: what it signed after this moment is contested */
};
const struct key_ending *members_ending(const struct members *members, size_t n);

/* The party's reader keys in force, oldest first; NULL behind the last. */
const struct reader_key *members_reader(const struct members *members, struct slice party, size_t n);

/* When a party's own mirror had what stands at `index`: told by the first anchor with a line of such a mirror (of the
 * policy in force at the anchor) and a greater size. NULL if none tells. */
struct delivery {
    struct slice party;
    uint64_t size, anchor; /* what it cosigned, and the entry that tells */
    int64_t cosigned;      /* seconds, by the mirror's clock */
    int64_t received_ms;   /* of the anchor */
};
const struct delivery *members_delivery(const struct members *members, struct slice party, uint64_t index);
/* What comes from here on came later than this (seconds), by the clocks of the witnesses whose cosignatures an anchor
 * brought into the log: one of them at least is honest, unless more than `faults` of the policy are not. 0: none tells.
 */
int64_t members_witnessed(const struct members *members);
/* Two clocks that tell of one moment disagree if they are further apart. */
enum { DELIVERY_TOLERANCE_S = 3600 };

#endif
