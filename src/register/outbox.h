/* The outbox: records that were signed here, or brought by hand, and are not in the log yet. One file a record,
 * outbox/NAME.KEYID.SEQ.note, so that two writers with one key cannot take one place of its chain. */
#ifndef TRUCE_REGISTER_OUTBOX_H
#define TRUCE_REGISTER_OUTBOX_H

#include "register/register.h"

MUST_USE enum status outbox_path(char out[REGISTER_PATH_SIZE], struct truce_register *reg,
                                 const struct verifier *author, int64_t seq, struct error *error);

/* One process writes at a time: from looking which seq is next until its note is there and known not to be late, nobody
 * else may build upon it. Held, on outbox.lock, until it is let go or the process ends. */
MUST_USE enum status outbox_hold(struct truce_register *reg, int *held, struct error *error);
void outbox_let_go(struct truce_register *reg, int held);

/* Steps over what the outbox holds already: a record written offline follows the one before it. */
MUST_USE enum status outbox_head(struct truce_register *reg, const struct verifier *author, int64_t *next_seq,
                                 struct record_id *prev, struct error *error);

/* Keeps somebody's note until it can be handed in; durable on return. */
enum outbox_kept {
    OUTBOX_KEPT,
    OUTBOX_HELD, /* it was here before */
    OUTBOX_OTHER /* another note of the same author, key and seq is: `other` gets it, and this one is not kept */
};
MUST_USE enum status outbox_keep(struct truce_register *reg, const struct record *record, enum outbox_kept *kept,
                                 struct buffer *other, struct error *error);

/* Every note in it, by name: an author's in the order of seq. */
typedef enum status outbox_visit(void *context, struct slice note, struct error *error);
MUST_USE enum status outbox_walk(struct truce_register *reg, outbox_visit *visit, void *context, struct error *error);

/* What the log has, the outbox no longer needs. Best effort: a copy that stays is recognised as a duplicate. */
void outbox_remove(struct truce_register *reg, const struct record *record);

#endif
