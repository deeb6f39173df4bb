/* A pouch packed from a register, and one opened into it. */
#ifndef TRUCE_PEER_POUCH_H
#define TRUCE_PEER_POUCH_H

#include "peer/pouch_file.h"
#include "register/register.h"

/* What a pouch held, or holds. */
struct pouch_counts {
    uint64_t heads, notes, proofs, entries, evidence, sealed, arrivals;
};

/* The chains of the authors in a pouch: which of their records are neither here nor in it. */
struct chains;
struct chains_gap {
    struct slice by;
    uint32_t key_id;
    int64_t from, to; /* seq, both missing, with all between */
};
MUST_USE enum status chains_open(struct chains **out, struct error *error);
void chains_close(struct chains **chains);
/* A record of the pouch; `reg` is asked for the author's head when the chain is met first, before anything is admitted.
 */
MUST_USE enum status chains_add(struct chains *chains, struct truce_register *reg, const struct record *record,
                                struct error *error);
typedef enum status chains_visit(void *context, const struct chains_gap *gap, struct error *error);
MUST_USE enum status chains_gaps(struct chains *chains, chains_visit *visit, void *context, struct error *error);

#endif
