/* A latch that many wait at and that is opened once: one call of the kernel wakes them all, and none meets another at a
 * mutex on the way out. Whoever waits must not outlive the latch's memory unasked: it may go when all have passed. */
#ifndef TRUCE_SYSTEM_LATCH_H
#define TRUCE_SYSTEM_LATCH_H

#include <stdatomic.h>

struct latch {
    _Atomic int open;
};

void latch_wait(struct latch *latch);
void latch_open(struct latch *latch); /* everything done before it is seen by those who pass */

#endif
