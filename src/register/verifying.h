/* What the files of a verification share: faults found, and the policy by which heads are trusted. */
#ifndef TRUCE_REGISTER_VERIFYING_H
#define TRUCE_REGISTER_VERIFYING_H

#include "register/evidence.h"
#include "register/phrase.h"
#include "register/register.h"

struct verifying {
    const struct truce_verify_options *options;
    truce_line *line;
    truce_progress *progress;
    void *context;
    uint64_t faults;
    struct error stopped; /* the caller wants no more */
    bool has_policy;
    struct buffer policy_text; /* what the policy borrows from */
    struct trust policy;
    uint64_t cosigned; /* size of the largest head that satisfies the policy */
    size_t cosignatures;
    bool trusted; /* there is such a head */
};

/* A fault, told and counted; `place` is where. */
void verify_found(void *verifying, const struct error *fault);
void verify_found_at(struct verifying *v, const struct error *fault, const char *place);
void verify_found_new(struct verifying *v, const char *place, const char *code, const char *sentence,
                      const char *argument);

/* What a verification sums up. */
struct verified {
    char genesis[HASH_HEX_SIZE], root[HASH_HEX_SIZE], standing[HASH_HEX_SIZE];
    char phrase[PHRASE_SIZE]; /* of the published head; empty where there is none */
    uint64_t entries, published;
    struct buffer bundle; /* canonical JSON of what a bundle was asked; empty where it is none */
    char verdict[32];     /* … and its answer's */
};
/* An opened log: entries, index, standing. */
MUST_USE enum status verify_opened(struct verifying *v, struct truce_register *reg, unsigned threads,
                                   struct verified *out, struct error *error);
/* The log's key is the genesis's; the genesis is believed because its hash was compared out of band, or not at all. */
MUST_USE enum status verify_genesis_key(struct truce_register *reg, struct verifier *key, char genesis[HASH_HEX_SIZE],
                                        struct error *error);
void verify_genesis(struct verifying *v, const struct verified *out);

/* ---- verify_bundle.c */
MUST_USE enum status verify_bundle(struct verifying *v, struct verified *out, struct error *error);

/* ---- verify_files.c: `reg` may be NULL where the register could not be opened */
void verify_files(struct verifying *v, struct truce_register *reg);
MUST_USE enum status verify_evidence_open(struct evidence *out, const char *path, struct arena *arena,
                                          struct error *error);
MUST_USE enum status verify_policy_open(struct verifying *v, struct error *error);
/* By the policy given, or where the genesis was compared by the one that follows from it. */
bool verify_trusts(const struct verifying *v, const struct truce_register *reg, const struct note *head,
                   size_t *cosignatures);
/* With a policy, the register is worth as much as the largest head that it trusts. */
void verify_policy(struct verifying *v, struct truce_register *reg, const char *log);

#endif
