/* The tiles of a log that is being copied, written while it grows: each costs a sync, and publishing has only to wait
 * for those that are left. */
#ifndef TRUCE_PEER_FILLING_H
#define TRUCE_PEER_FILLING_H

#include "log/log.h"
#include <pthread.h>

struct filling {
    struct log *log;
    pthread_t thread;
    bool on;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed;
    bool grown, last;
};

/* It must stay where it is, and is ended before anybody publishes. Where no thread is to be had nothing is filled. */
void filling_begin(struct filling *filling, struct log *log);
void filling_grown(struct filling *filling);
/* What could not be written publishing writes, or says why. */
void filling_end(struct filling *filling);

#endif
