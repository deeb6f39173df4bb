/* The follower: a thread that brings what is derived (index, published tiles) up behind the log, so that a writer waits
 * for the log alone. Entries that this process admitted were judged and are not judged again.
 *
 * States: following (behind or level with the log), rebuilding (its file was deleted: it is made anew, and who has the
 * old one open goes on asking that), stopped. */
#ifndef TRUCE_REGISTER_FOLLOW_H
#define TRUCE_REGISTER_FOLLOW_H

#include "register/register.h"

struct follower;

/* `reg` is open for writing and its index holds the whole log. */
MUST_USE enum status follow_start(struct follower **out, struct truce_register *reg, struct error *error);
/* Brings the index up to the log, as far as that can be done, and ends the thread. */
void follow_stop(struct follower **follower);

/* The log has grown. */
void follow_wake(struct follower *follower);

struct followed {
    uint64_t applied;    /* entries that the index has */
    unsigned generation; /* of its file: whoever opened an earlier one opens it again */
};
/* Waits until the index has `wanted` entries, but not longer than `most_ms`, nor where it cannot be written now; and
 * not while it is made anew, if most_ms is not FOLLOW_PATIENTLY. */
enum { FOLLOW_PATIENTLY = -1 };
struct followed follow_wait(struct follower *follower, uint64_t wanted, int64_t most_ms);

/* Puts entries from … to, which were judged on their way in, into an index that stands at `from`. */
MUST_USE enum status follow_add(struct truce_register *reg, struct index *index, uint64_t from, uint64_t to,
                                struct error *error);

/* Publishes a checkpoint of all that is in the log now. */
MUST_USE enum status follow_publish(struct follower *follower, struct error *error);

#endif
