/* A load of our own, on this machine alone: so many connections that stay open, each with one request at a time, so
 * many requests in all, within a time that is given. One thread with epoll, so that it takes as little as it can from
 * what is measured. */
#ifndef TRUCE_BENCH_LOAD_H
#define TRUCE_BENCH_LOAD_H

#include "base/buffer.h"

struct load {
    uint16_t port; /* of 127.0.0.1 */
    unsigned connections;
    uint64_t requests;
    void (*make)(void *context, uint64_t i, struct buffer *out); /* the i-th request, whole */
    void *context;
};
/* Every answer must be of class 2xx: bench-load says what came instead, or that it took too long. */
MUST_USE enum status load_run(const struct load *load, double *seconds, struct error *error);

/* Streams of server-sent events, all held open. */
struct streams;
MUST_USE enum status streams_open(struct streams **out, uint16_t port, const char *path, unsigned count,
                                  struct error *error);
void streams_close(struct streams **streams);
/* Waits until every stream got this text since the last wait, at most `most_s`; gives how many did. */
MUST_USE enum status streams_wait(struct streams *streams, const char *text, double most_s, unsigned *got,
                                  struct error *error);

#endif
