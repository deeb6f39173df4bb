/* The policy in force: what the genesis laid down and policy records changed since. */
#ifndef TRUCE_RECORD_POLICY_H
#define TRUCE_RECORD_POLICY_H

#include "base/limits.h"
#include "crypto/note.h"
#include "json/json.h"

/* Who watches the log. All names, ids and public keys of witnesses and mirrors differ. */
struct witness_entry {
    struct verifier key;     /* of algorithm 04 */
    struct slice url, party; /* {NULL,0} where there is none; a witness has no party */
};
struct witness_policy {
    int64_t faults, quorum, mirror_quorum; /* quorum 0: no witnesses */
    size_t witness_count, mirror_count;
    struct witness_entry witness[LIMIT_WITNESSES], mirror[LIMIT_WITNESSES];
};

struct policy {
    int64_t enrol, change; /* founders who must agree: to enrol and to change keys; to change the policy */
    bool has_quota, has_merge_within, open; /* open: the register is public */
    int64_t per_day, reserve;
    int64_t grace_entries;
    int64_t merge_within;                 /* seconds */
    const struct json *sealed_by_default; /* a list, or NULL */
    struct witness_policy witnessing;
};

/* What the body (a genesis or policy record's, which the policy borrows from) sets; the rest stays. */
MUST_USE enum status policy_set(struct policy *policy, const struct json *body, struct error *error);

/* A "witnessing" object in numbers and keys. */
MUST_USE enum status witnessing_read(struct witness_policy *out, const struct json *witnessing, struct error *error);

/* The old witnesses that the new ones have among them. */
size_t witnesses_staying(const struct witness_policy *old, const struct witness_policy *new);

#endif
