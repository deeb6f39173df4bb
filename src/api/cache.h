/* Answers kept for a moment of the log that has passed by for good: same log, same question, same bytes. Bounded in
 * number and bytes; the one not used for longest goes first. Many who ask the same at once wait for one evaluation. */
#ifndef TRUCE_API_CACHE_H
#define TRUCE_API_CACHE_H

#include "base/buffer.h"
#include "truce.h"
#include <pthread.h>

enum { CACHE_ENTRIES = 64, CACHE_BYTES = 8 * 1024 * 1024, CACHE_KEY_SIZE = 1024 };

struct cache {
    pthread_mutex_t mutex;
    pthread_cond_t made;
    struct kept *entry[CACHE_ENTRIES];
    size_t count, bytes;
    uint64_t turn;
    uint64_t hits, misses;
};

void cache_open(struct cache *cache);
void cache_close(struct cache *cache);

/* Makes what is not there; appends to `out`. */
typedef enum truce_status cache_make(void *context, struct buffer *out, struct truce_error *error);
/* Appends the answer of `key` to `out`, made by `make` if it is not kept. A key that is too long is not kept. */
enum truce_status cache_get(struct cache *cache, const char *key, cache_make *make, void *context, struct buffer *out,
                            struct truce_error *error);

/* For /metrics. */
void cache_counts(struct cache *cache, struct buffer *out);

#endif
