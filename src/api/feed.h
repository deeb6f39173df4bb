/* The news of the log, read once for all who listen: a ring of the newest events, each ready to be sent, and who is
 * behind it reads on from the log by a flow until it has come up. An event says that a record came, from whom and of
 * which kind: never what it says, and no place. While nobody listens nothing is read. */
#ifndef TRUCE_API_FEED_H
#define TRUCE_API_FEED_H

#include "api/gate.h"
#include "api/pump.h"
#include "base/arena.h"

enum { FEED_EVENTS = 4096, EVENT_SIZE = 384, FEED_BEAT_S = 15, FEED_CHUNK_BYTES = 64 * 1024 };

struct feed {
    struct pump *pump; /* wakes the loops */
    struct truce_register *writer;
    pthread_mutex_t mutex;
    pthread_cond_t news;
    pthread_t thread;
    uint64_t size;       /* of the log, as far as is known */
    uint64_t base, next; /* the ring holds entries base … next - 1 */
    char (*ring)[EVENT_SIZE];
    unsigned streams;
    bool stopping;
};

MUST_USE enum status feed_open(struct feed *feed, struct truce_register *writer, uint64_t size, struct pump *pump,
                               struct error *error);
void feed_close(struct feed *feed);
void feed_grown(struct feed *feed, uint64_t size); /* the log has; from any thread */

/* One who listens, from entry `from` on; UINT64_MAX: what is new. NULL if memory is out. It ends when what let the
 * guest in holds no more. */
struct listener;
struct listener *listener_open(struct feed *feed, uint64_t from, struct gate *gate, const struct guest *guest);
enum http_stream listener_source(void *listener, bool beat, struct buffer *out);
void listener_close(void *listener);

/* The event of a record as truce_find gives it. */
bool event_format(struct buffer *out, struct slice record, struct arena *arena, uint64_t *entry);

#endif
