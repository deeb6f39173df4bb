/* Readers of the register: a loop has one of its own, since it never waits; those who answer aside share a few, since
 * more of them would only take turns at the processor. Readers are opened when they are first needed. */
#ifndef TRUCE_API_READERS_H
#define TRUCE_API_READERS_H

#include "truce.h"
#include <pthread.h>

/* So many may wait for one: the other workers are kept for those who hand records in. */
enum { READERS_MOST = 4, READERS_WAITING = 24 };

struct readers {
    struct truce_register *writer;
    pthread_mutex_t mutex;
    pthread_cond_t given;
    struct truce_register *idle[READERS_MOST];
    unsigned idle_count, open, waiting;
};

void readers_open(struct readers *readers, struct truce_register *writer);
void readers_close(struct readers *readers);

/* One of those shared; waits for its turn. serve-busy where too many wait already. */
enum truce_status readers_take(struct readers *readers, struct truce_register **out, struct truce_error *error);
void readers_give(struct readers *readers, struct truce_register *reader);

#endif
