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
/* What truce_heads answers (trust.c). */
MUST_USE enum status heads_told(struct truce_register *reg, struct buffer *out, struct error *error);

/* ---- gathering them */

/* What is being gathered: heads of late, with the cosigners' lines that came so far. One of an opened register; of a
 * reader beside a writer, the writer's. */
struct heads;
MUST_USE enum status heads_open(struct heads **out, struct error *error);
void heads_close(struct heads **heads);

/* Somebody brings a signed head of this log with cosigners' lines. Lines of the policy's witnesses and full copies are
 * added to what is known of that head, and the newest of each cosigner kept (peers/cosigners/); once a quorum stands
 * behind it, it becomes peers/cosigned, with enough full copies peers/mirrored; neither ever goes back. From any
 * thread. heads-other: signed by the log's key, and of another history than this log, which is then evidence;
 * heads-form, heads-unsigned, heads-unknown (no line is of the policy's), heads-bad (a line does not hold). */
MUST_USE enum status heads_offer(struct truce_register *reg, struct slice note, struct error *error);
/* The same without gathering: is it signed, and of this log's history? */
MUST_USE enum status heads_check(struct truce_register *reg, struct slice note, struct error *error);

#endif
