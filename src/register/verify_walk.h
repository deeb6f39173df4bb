/* Every entry judged again, from the log alone: decoded and its signature checked on all threads, then judged in the
 * order of the log by what came before it, and handed on. */
#ifndef TRUCE_REGISTER_VERIFY_WALK_H
#define TRUCE_REGISTER_VERIFY_WALK_H

#include "register/register.h"
#include "terms/terms.h"

struct verify_walk {
    struct truce_register *reg; /* its log is read; its members, open and empty, are filled */
    unsigned threads;
    struct view *view;   /* gets every entry */
    struct index *index; /* gets the entries below `indexed`; may be NULL */
    uint64_t indexed;
    /* Both are called from the calling thread, in order. */
    void (*found_void)(void *context, uint64_t entry, const struct error *why);
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
};
MUST_USE enum status verify_walk(const struct verify_walk *walk, struct error *error);

#endif
