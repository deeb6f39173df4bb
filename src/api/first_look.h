/* After a start over a large log, reads ahead of whoever asks first: what answers are computed from takes its time. */
#ifndef TRUCE_API_FIRST_LOOK_H
#define TRUCE_API_FIRST_LOOK_H

#include "api/readers.h"
#include "base/error.h"
#include <stdatomic.h>

struct first_look {
    struct readers *readers;
    pthread_t thread;
    bool running;
    atomic_bool stopping;
};

MUST_USE enum status first_look_open(struct first_look *look, struct readers *readers, uint64_t size,
                                     struct error *error);
void first_look_close(struct first_look *look);

#endif
