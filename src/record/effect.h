/* What does it count for? At known = N, a pure function of entries 0 … N-1: replaced, retracted, out of place, waiting
 * for a target that has not arrived. Kept apart from admission, so that nothing that arrives late can undo a receipt.
 */
#ifndef TRUCE_RECORD_EFFECT_H
#define TRUCE_RECORD_EFFECT_H

#include "record/members.h"

enum effect {
    EFFECT_COUNTS,
    EFFECT_VOID,        /* not admissible at its position: the host's fault */
    EFFECT_REPLACED,    /* by a later version of its author */
    EFFECT_RETRACTED,   /* by its author */
    EFFECT_UNVOUCHED,   /* came after its key was called compromised, and nobody vouched for it */
    EFFECT_WAITING,     /* names a record that has not arrived, without which it means nothing */
    EFFECT_OUT_OF_PLACE /* an acknowledgement by nobody it was addressed to, a retraction of another's record … */
};

struct effects;
MUST_USE enum status effects_open(struct effects **out, struct error *error);
void effects_close(struct effects **effects);

/* Takes over which keys have ended by now; before an entry is added, by the members who know all up to it. */
MUST_USE enum status effects_follow(struct effects *effects, const struct members *members, struct error *error);

/* Entries in order from 0, each with whether admission found it void. */
MUST_USE enum status effects_add(struct effects *effects, uint64_t index, const struct record *record, bool is_void,
                                 struct error *error);

/* Everything that was added, kept in bytes that only this make of the program reads; and taken out of them into what is
 * empty. A sink or source that gives false ends it. */
typedef bool effects_sink(void *context, const void *data, size_t size);
typedef bool effects_source(void *context, void *out, size_t size);
bool effects_keep(const struct effects *effects, effects_sink *sink, void *context);
MUST_USE enum status effects_take(struct effects *effects, effects_source *source, void *context, struct error *error);

uint64_t effects_size(const struct effects *effects);
/* `cause` (may be NULL): the entry that made it so, or its own index. For a replaced record: its chain's head. */
enum effect effects_of(const struct effects *effects, uint64_t index, uint64_t *cause);

/* What a reader should know besides: it came after its key was retired; or it was written after the moment since which
 * its key is called compromised, and nobody vouched for it. Neither changes what it counts for. */
enum { EFFECT_LATE = 1, EFFECT_CONTESTED = 2 };
bool effects_any_ended(const struct effects *effects); /* else nothing is marked, nor unvouched */
unsigned effects_marks(const struct effects *effects, uint64_t index);

/* The entries that took effect with the last one added because somebody vouched for them, in order; false behind the
 * last. *target is the entry that such a one retracts or is about, if it is here: else its own. */
bool effects_restored(const struct effects *effects, size_t n, uint64_t *index, uint64_t *target);

/* The head of its chain of versions, which may be itself; whatever became of either. */
uint64_t effects_head(const struct effects *effects, uint64_t index);

/* Two records with one seq by one key: the author's equivocation; and gaps. Called once each, in order of index. */
enum chain_fault { CHAIN_EQUIVOCATION, CHAIN_GAP, CHAIN_PREV };
typedef void chain_visit(void *context, enum chain_fault fault, uint64_t index, uint64_t other);
void effects_chains(const struct effects *effects, chain_visit *visit, void *context);
/* Entries that are void, in order of index. Both cost what they find. */
typedef void void_visit(void *context, uint64_t index);
void effects_voids(const struct effects *effects, void_visit *visit, void *context);

const char *effect_name(enum effect effect); /* "counts", "void", "replaced" … */

#endif
