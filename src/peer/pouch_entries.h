/* The entries in a pouch beside those of a log: read once, in the order of the file, before anything is believed. What
 * the log has must be the same; what continues it is good for nothing until the root that a signed head names was
 * computed over it. Memory grows by 32 bytes for each entry that the log has not. */
#ifndef TRUCE_PEER_POUCH_ENTRIES_H
#define TRUCE_PEER_POUCH_ENTRIES_H

#include "log/checkpoint.h"
#include "log/tree.h"
#include "peer/pouch_file.h"
#include "register/register.h"

enum { POUCH_HEADS_MOST = 16 };

struct pouch_head {
    struct buffer note;
    struct checkpoint checkpoint; /* borrows from note */
    bool reached;                 /* the entries in the pouch lead to its root */
};
struct pouch_entries {
    struct truce_register *reg;
    uint64_t size; /* of the register's log when this began */
    struct pouch_head head[POUCH_HEADS_MOST];
    size_t heads;
    struct members *then; /* as the pouch's entries leave them, so that the log's key may change on the way */
    bool differs;         /* the pouch has another entry where the log has one: `base` is the first */
    bool gap;             /* what would come next is not in it */
    bool broken;          /* a section is no row of entries, or two contradict each other */
    uint64_t base;
    struct buffer leaves;  /* leaf hashes of the pouch's entries from `base` on */
    struct tree_edge edge; /* of the log's entries before `base`, and these */
};

/* `reg` stays the caller's and knows its members. */
MUST_USE enum status pouch_entries_open(struct pouch_entries *out, struct truce_register *reg, struct error *error);
void pouch_entries_close(struct pouch_entries *entries); /* works with OWN() */
/* Heads and entries of the pouch, as they come; a head counts for the entries behind it. */
MUST_USE enum status pouch_entries_see(struct pouch_entries *entries, const struct pouch_section *section,
                                       struct error *error);

/* The largest head that the entries lead to and that the log's key for its size signed; NULL if there is none. */
const struct pouch_head *pouch_entries_head(const struct pouch_entries *entries, struct verifier *key);
static inline const struct hash *pouch_entries_leaf(const struct pouch_entries *entries, uint64_t index)
{
    return (const struct hash *)(const void *)entries->leaves.data + (index - entries->base);
}

/* The head is of another history than what was signed for this log before: both heads go to peers/evidence. *kept is
 * false where no head of ours can be held against it. */
MUST_USE enum status pouch_entries_fork(const struct pouch_entries *entries, const struct pouch_head *head,
                                        const struct verifier *key, bool *kept, struct error *error);

#endif
