/* The steward publishes a checkpoint about every second while there is something new, and knows whether the log still
 * takes records. */
#ifndef TRUCE_API_STEWARD_H
#define TRUCE_API_STEWARD_H

#include "base/error.h"
#include "truce.h"
#include <pthread.h>

struct steward {
    struct truce_register *writer;
    pthread_mutex_t mutex;
    pthread_cond_t news;
    pthread_t thread;
    uint64_t size, published;
    bool resting, stopping;
    struct truce_error trouble; /* why the log takes no more; status DONE while it does */
};

MUST_USE enum status steward_open(struct steward *steward, struct truce_register *writer, uint64_t size,
                                  uint64_t published, struct error *error);
void steward_close(struct steward *steward);
void steward_grown(struct steward *steward, uint64_t size);
/* A submission failed so: if the log is closed by it, the server is not well. */
void steward_failed(struct steward *steward, const struct truce_error *error);

struct stewarded {
    uint64_t size, published;
    bool closed;
};
struct stewarded steward_tell(struct steward *steward);

#endif
