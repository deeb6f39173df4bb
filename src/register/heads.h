/* Signed heads that cover an entry, by how many stand behind them: the log alone, a quorum of cosigners, full copies
 * too. The newest of each are files; a receipt climbs as they grow. */
#ifndef TRUCE_REGISTER_HEADS_H
#define TRUCE_REGISTER_HEADS_H

#include "log/checkpoint.h"
#include "register/register.h"

enum head_level { HEAD_DURABLE, HEAD_CHECKPOINT, HEAD_COSIGNED, HEAD_MIRRORED };
const char *head_level_name(enum head_level level); /* as in receipts */

struct head {
    enum head_level level;
    struct buffer note;
    uint64_t size;
};
void head_clear(struct head *head);

/* The head of the highest level that covers entry `index`; HEAD_DURABLE, without a note, where none does. */
MUST_USE enum status heads_find(struct truce_register *reg, uint64_t index, struct head *out, struct error *error);
/* The newest head of that level; level HEAD_DURABLE if there is none. */
MUST_USE enum status heads_newest(struct truce_register *reg, enum head_level level, struct head *out,
                                  struct error *error);

#endif
