/* Bundles of another's log fetched ahead of who takes them, by a few threads: a network's way there and back is waited
 * for once, not for each. They are given in order. */
#ifndef TRUCE_PEER_AHEAD_H
#define TRUCE_PEER_AHEAD_H

#include "peer/far.h"
#include <pthread.h>

enum { AHEAD_SLOTS = 8, AHEAD_THREADS = 4 };

struct ahead {
    struct source *source;
    uint64_t size;         /* of the far log */
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed;
    uint64_t next, taken, end; /* bundles: to be fetched, to be taken, behind the last */
    bool stop;
    struct ahead_slot {
        bool ready;
        struct buffer bytes;
        enum status status;
        struct error error;
    } slot[AHEAD_SLOTS]; /* of bundle n: n % AHEAD_SLOTS */
    pthread_t thread[AHEAD_THREADS];
    unsigned threads;
};

/* From bundle `first` to the end of a log of this size. It must stay where it is; close it in every case. */
void ahead_open(struct ahead *ahead, struct source *source, uint64_t first, uint64_t size);
/* The next bundle in place of what `out` held; not beyond the last. */
MUST_USE enum status ahead_take(struct ahead *ahead, struct buffer *out, struct error *error);
void ahead_close(struct ahead *ahead);

#endif
