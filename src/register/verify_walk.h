/* Every entry judged again, from the log alone: decoded and its signature checked on all threads, then judged in the
 * order of the log by what came before it, and handed on. */
#ifndef TRUCE_REGISTER_VERIFY_WALK_H
#define TRUCE_REGISTER_VERIFY_WALK_H

#include "register/register.h"
#include "terms/terms.h"
#include <pthread.h>

/* What judging asks of the entries before, kept from one walk to the next: those walked are in memory, those before the
 * first of them in an index that stands still. */
struct walk_memory;
/* `known` is in a read view that holds just the first `from` entries, and stays the caller's; NULL where from is 0. */
MUST_USE enum status walk_memory_open(struct walk_memory **out, uint64_t from, struct index *known,
                                      struct error *error);
void walk_memory_close(struct walk_memory **memory);
uint64_t walk_memory_entries(const struct walk_memory *memory); /* those in memory */

struct verify_walk {
    struct truce_register *reg; /* its log is read */
    uint64_t from, to;          /* entries */
    struct members *members;    /* as of `from`; on return as of `to` */
    pthread_rwlock_t *shared;   /* held while members change, for others who look at them; NULL: there are none */
    struct walk_memory *memory; /* the same */
    unsigned threads;
    struct view *view;   /* gets every entry; may be NULL */
    struct index *index; /* gets the entries below `indexed`; may be NULL */
    uint64_t indexed;
    /* All are called from the calling thread, in order. found_again, which may be NULL: this entry has author, key and
     * place in its chain in common with an earlier one, and is another record. */
    void (*found_void)(void *context, uint64_t entry, const struct error *why);
    void (*found_again)(void *context, uint64_t earlier, uint64_t entry);
    /* The entry counts, and the time that it bears cannot be (received.h). May be NULL. */
    void (*found_time)(void *context, uint64_t entry, const struct error *why);
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
};
MUST_USE enum status verify_walk(const struct verify_walk *walk, struct error *error);

#endif
