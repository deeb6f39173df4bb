/* The inside of members, for admission. Not for other rooms. */
#ifndef TRUCE_RECORD_ROSTER_H
#define TRUCE_RECORD_ROSTER_H

#include "base/arena.h"
#include "base/table.h"
#include "record/members.h"

/* A public key serves one use only, whoever's it is. */
enum key_use { KEY_SIGNING, KEY_RECOVERY, KEY_READER, KEY_LOG, KEY_WITNESS, KEY_MIRROR };
struct used_key {
    enum key_use use;
    uint8_t bytes[PUBLIC_KEY_BYTES];
};
struct held_key {
    const struct member *owner;
    struct verifier verifier;
    enum key_use use;         /* signing, recovery or reader */
    struct reader_key reader; /* for KEY_READER; `verifier` then has but name, id and bytes */
    bool replaced;            /* a recovery key that another took the place of */
    bool retired, compromised, has_successor;
    uint64_t retired_at; /* the entry at which it was retired */
    uint32_t successor;  /* the key that may vouch for a compromised one */
};

/* A founder's word about a record; the last one counts until the record takes effect. */
struct decision {
    struct record_id of;
    unsigned founder;
    bool approve;
};

/* A party, key or policy record that waits for its threshold. */
struct proposal {
    struct record_id id;
    const struct json *body;
    unsigned author; /* a founder's number */
    bool effective;
    bool decided; /* a policy that enough founders stand behind; since this entry */
    uint64_t decided_at;
    uint64_t tried_at; /* the last anchor at which it did not fit */
};

/* The key that signs checkpoints of `from` entries and more, until the next. */
struct log_key {
    uint64_t from;
    struct verifier verifier;
};

struct members {
    struct arena arena;
    struct slice origin, register_name;
    struct record_id genesis;
    bool begun, founded, exercise;
    struct policy policy;
    size_t founder_count, count, key_count, decision_count, proposal_count, log_key_count, used_count, ending_count,
        delivery_count;
    size_t room, key_room, decision_room, proposal_room, log_key_room, used_room, ending_room, delivery_room;
    struct member **member;
    struct held_key **key;
    struct decision *decision;
    struct proposal *proposal;
    struct log_key *log_key;
    struct used_key *used;
    struct key_ending *ending;
    struct delivery *delivery;             /* the sizes of each party rise */
    int64_t witnessed;                     /* the latest moment that anchors tell */
    struct table by_name, by_key;          /* member, key */
    struct table by_decision, by_proposal; /* under the id of the record that they are about */
};

/* Any key of that party, whatever its use and state, or NULL. */
const struct held_key *roster_key(const struct members *members, struct slice party, uint32_t key_id);

struct member *roster_find(const struct members *members, struct slice party, size_t *number); /* number may be NULL */
/* The array, grown if need be to hold one more; NULL when memory is out (the array stays). */
void *roster_room(void *array, size_t *room, size_t count, size_t size);
MUST_USE enum status roster_add_member(struct members *members, struct member **out, struct slice party, bool founder,
                                       uint64_t index, struct error *error);
MUST_USE enum status roster_add_key(struct members *members, const struct member *owner, enum key_use use,
                                    struct slice text, struct error *error);
MUST_USE enum status roster_set_recovery(struct members *members, const struct member *owner, struct slice text,
                                         struct error *error);

/* Does the key serve another use already? */
bool roster_used(const struct members *members, enum key_use use, const struct public_key *key);
MUST_USE enum status roster_use(struct members *members, enum key_use use, const struct public_key *key,
                                struct error *error);
MUST_USE enum status roster_set_log_key(struct members *members, uint64_t from, struct slice text, struct error *error);

/* A policy that may replace the one in force: not too many witnesses leave at once, and no key has another use. */
enum policy_fault { POLICY_FITS, POLICY_REMOVES_TOO_MANY, POLICY_KEY_USED };
MUST_USE enum status roster_policy_fits(const struct members *members, const struct json *body,
                                        enum policy_fault *fault, struct error *error);
MUST_USE enum status roster_set_policy(struct members *members, const struct json *body, struct error *error);

/* A record that takes effect at entry `index`; its body lives as long as the members. */
MUST_USE enum status roster_apply(struct members *members, uint64_t index, const struct json *body,
                                  struct error *error);

#endif
