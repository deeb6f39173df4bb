/* Long answers: a pump thread reads them from the register a piece at a time, a loop sends them. A client that takes
 * its time holds one piece in memory, and neither a thread nor the index. */
#ifndef TRUCE_API_PUMP_H
#define TRUCE_API_PUMP_H

#include "api/readers.h"
#include "http/http.h"

enum { PUMP_THREADS = 2, PIECE_BYTES = 256 * 1024 };

enum flow_state { FLOW_ON, FLOW_ENDED, FLOW_BROKEN };

/* The first member of what flows. */
struct flow {
    /* In a pump thread: appends the next piece, of about PIECE_BYTES. */
    enum flow_state (*fill)(struct flow *flow, struct truce_register *reader, struct buffer *out);
    void (*free)(struct flow *flow);
    struct pump *pump;
    struct flow *next;   /* in the queue */
    struct buffer ready; /* what was read and not sent */
    enum flow_state state;
    bool wanted, running, closed;
};

struct pump {
    struct truce_register *writer;
    void (*wake)(void *context); /* something is ready */
    void *context;
    pthread_mutex_t mutex;
    pthread_cond_t work;
    pthread_t thread[PUMP_THREADS];
    unsigned threads;
    struct flow *first, *last;
    bool stopping;
};

MUST_USE enum status pump_open(struct pump *pump, struct truce_register *writer, void (*wake)(void *context),
                               void *context, struct error *error);
/* All flows are closed by then. */
void pump_close(struct pump *pump);

void flow_open(struct flow *flow, struct pump *pump);
/* In a loop: moves what is ready to `out` and has more read. FLOW_ENDED and FLOW_BROKEN once all before was sent. */
enum flow_state flow_take(struct flow *flow, struct buffer *out);
/* Has more read; for those who fill a flow anew after it ended. False while it is being filled. */
bool flow_again(struct flow *flow);
/* Frees it, once it is not being filled. */
void flow_close(struct flow *flow);

#endif
