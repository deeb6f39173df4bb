/* What the files of the change of host share (spec/take-over.md).
 *
 *     votes → base → entries up to it, as they are → its head, as the votes have it → the rest into the outbox
 *           → records that put the new key in force → a head signed by it → the log is written to here
           → what waits is handed in
 *
 * T1  Entries before the base are those of the copy, byte for byte, and nothing of what stood behind it comes in but
 *     through admission.
 * T2  Until the new key has signed, the directory is a copy that follows; cut short anywhere, the same call goes on.
 * T3  No record of the copy is lost: what is not before the base waits in the outbox, or is told. */
#ifndef TRUCE_PEER_TAKE_OVER_H
#define TRUCE_PEER_TAKE_OVER_H

#include "peer/ballot.h"
#include "peer/pouch.h"

struct take_over {
    const struct system *system;
    const struct truce_take_over *options;
    struct truce_register *copy, *reg; /* what is taken over from; what it becomes */
    struct ballot ballot;
    struct chains *chains;             /* of what waits in the outbox */
    uint64_t waiting, is_void, beside; /* beside: another record holds that place of the chain */
    uint64_t entries;                  /* of the log, before those were handed in */
    uint64_t receipts, refused;        /* of what waited, once it could be handed in here */
};

/* The records that put the new key in force, behind the base; its head; and the directory is a host's
 * (take_over_key.c). */
MUST_USE enum status take_over_key(struct take_over *t, struct error *error);

/* All but the handing in: on return the directory is a copy, or with a key the host's. take_over_end frees. */
MUST_USE enum status take_over_directory(struct take_over *t, const struct system *system,
                                         const struct truce_take_over *options, struct error *error);
void take_over_end(struct take_over *t);

#endif
