/* Is it logged? A pure function of the entries before it: same prefix, same record, same answer, on every mirror.
 * An entry that a host slipped in against it is void: it influences nothing and stops nothing. */
#ifndef TRUCE_RECORD_ADMISSION_H
#define TRUCE_RECORD_ADMISSION_H

#include "record/members.h"

/* What admission may ask of the log's prefix. */
struct admission_log {
    void *context;
    uint64_t size;
    /* The non-void record of that id, decoded (valid until the next call), or NULL if it has not arrived. */
    const struct record *(*find)(void *context, const struct record_id *id);
    /* Non-void records of this author received on this UTC day (days since 1970). */
    uint64_t (*count_day)(void *context, struct slice by, int64_t day);
    /* The log's root at a size of at most `size`; false where it cannot be told. */
    bool (*root)(void *context, uint64_t size, struct hash *out);
};

/* The key under which the record must be signed, at this position: a signing key of its author (a retired one too: how
 * long it may still arrive is judged below), for kind "key" the recovery key, for the genesis its first founder's.
 * Refuses admission-founding, admission-register, admission-member-unknown, admission-key-unknown. */
MUST_USE enum status admission_key(struct verifier *out, const struct members *members, const struct record *record,
                                   struct error *error);

/* Everything else: founding, role, condition, target, quota. Does not verify the signature. */
MUST_USE enum status admission_allows(const struct members *members, const struct record *record, int64_t received_ms,
                                      const struct admission_log *log, struct error *error);

/* The refusal of a record whose signature does not hold under the key of admission_key. */
MUST_USE enum status admission_unsigned(const struct record *record, struct error *error);

/* Both, and the signature: what a mirror asks of each entry. */
MUST_USE enum status admission_check(const struct members *members, const struct record *record, int64_t received_ms,
                                     const struct admission_log *log, struct error *error);

#endif
