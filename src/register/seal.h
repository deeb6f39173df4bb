/* Sealing what somebody writes: what policy names for its kind, and what the writer names besides, is taken out of the
 * record before it is signed, and encrypted to its readers. */
#ifndef TRUCE_REGISTER_SEAL_H
#define TRUCE_REGISTER_SEAL_H

#include "crypto/seal.h"
#include "record/coarse.h"
#include "register/register.h"

enum { SEAL_REQUESTS_MOST = 64, SEAL_READERS_MOST = 64 };

/* What is to be sealed, at which level, to whom. */
struct seal_request {
    struct slice pointer;
    const char *level;
    struct slice reader[SEAL_READERS_MOST];
    size_t readers;
    bool must;   /* the writer named it: it has to stand in the record */
    bool others; /* has readers of its own, so that --reader adds none */
};

struct sealer {
    const struct members *members;
    struct slice author;
    struct seal_request request[SEAL_REQUESTS_MOST];
    size_t requests;
    /* What the last record sealed, made anew with each try to write it. */
    struct buffer files;    /* one after the other */
    struct buffer openings; /* a JSON array: {"level","pointer","readers","value"} */
};

/* From policy and the writer's options (may be NULL). seal-request, seal-reader, seal-unsealed. */
MUST_USE enum status sealer_open(struct sealer *out, const struct members *members, struct slice author,
                                 const struct record_kind *kind, const struct truce_write_options *options,
                                 struct error *error);
void sealer_clear(struct sealer *sealer); /* wipes; works with OWN() */

/* *whole, a complete record, becomes the record as it is to be signed. */
MUST_USE enum status seal_record(struct sealer *sealer, const struct record_kind *kind, const struct json **whole,
                                 struct arena *arena, struct error *error);
/* What was sealed, durable in the store. */
MUST_USE enum status seal_keep(const struct sealer *sealer, const struct truce_register *reg, struct error *error);

/* A box for each key that the party reads with now. */
MUST_USE enum status seal_boxes_for(struct buffer *boxes, const struct members *members, struct slice party,
                                    const struct seal_key *key, struct error *error);

/* The same for those of its keys that have none among `boxes`. */
MUST_USE enum status seal_boxes_missing(struct buffer *out, const struct members *members, struct slice party,
                                        struct slice boxes, const struct seal_key *key, struct error *error);

/* ---- on their way between registers (seal_carry.c) */

/* Does an admitted record name this cipher? */
MUST_USE enum status seal_is_named(struct truce_register *reg, const struct hash *cipher, bool *named,
                                   struct error *error);
/* The files of what this note seals, as far as they lie in the store, one after the other; what was erased does not. */
struct seal_store;
MUST_USE enum status seal_gather(const struct seal_store *store, struct slice note, struct buffer *out,
                                 struct error *error);

/* Who sees what: {"everyone":{…},"readers":[{"reader","sees":[…]}],"warnings":[…]}. `text`: the record's line. */
MUST_USE enum status seal_view(const struct sealer *sealer, struct slice text, struct buffer *out, struct error *error);

#endif
