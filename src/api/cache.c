#include "api/cache.h"

#include "api/counts.h"
#include <stdlib.h>
#include <string.h>

struct kept {
    char *key;
    struct buffer body;
    struct truce_error error; /* of the making that failed, for those who waited */
    uint64_t used;            /* at which turn */
    unsigned users;
    bool made, dropped;
};

void cache_open(struct cache *cache)
{
    *cache = (struct cache){.count = 0};
    pthread_mutex_init(&cache->mutex, NULL);
    pthread_cond_init(&cache->made, NULL);
}

static void kept_free(struct kept *kept)
{
    buffer_clear(&kept->body);
    free(kept->key);
    free(kept);
}

void cache_close(struct cache *cache)
{
    for (size_t i = 0; i < cache->count; i++) kept_free(cache->entry[i]);
    pthread_cond_destroy(&cache->made);
    pthread_mutex_destroy(&cache->mutex);
}

/* ---- all below under the mutex, but for the making */

static struct kept *find(const struct cache *cache, const char *key)
{
    for (size_t i = 0; i < cache->count; i++)
        if (strcmp(cache->entry[i]->key, key) == 0) return cache->entry[i];
    return NULL;
}

/* Off the list; freed by whoever uses it last. */
static void drop(struct cache *cache, struct kept *kept)
{
    for (size_t i = 0; i < cache->count; i++) {
        if (cache->entry[i] != kept) continue;
        cache->entry[i] = cache->entry[--cache->count];
        cache->bytes -= kept->body.size;
        kept->dropped = true;
        if (kept->users == 0) kept_free(kept);
        return;
    }
}

/* Makes room for one more; false if all that is kept is being made. */
static bool make_room(struct cache *cache)
{
    while (cache->count == CACHE_ENTRIES || cache->bytes > CACHE_BYTES) {
        struct kept *oldest = NULL;
        for (size_t i = 0; i < cache->count; i++)
            if (cache->entry[i]->made && (oldest == NULL || cache->entry[i]->used < oldest->used))
                oldest = cache->entry[i];
        if (oldest == NULL) return false;
        drop(cache, oldest);
    }
    return true;
}

static struct kept *add(struct cache *cache, const char *key)
{
    if (strlen(key) >= CACHE_KEY_SIZE || !make_room(cache)) return NULL;
    struct kept *kept = calloc(1, sizeof *kept);
    if (kept != NULL) kept->key = strdup(key);
    if (kept == NULL || kept->key == NULL) {
        free(kept);
        return NULL;
    }
    cache->entry[cache->count++] = kept;
    return kept;
}

static void make_kept(struct cache *cache, struct kept *kept, cache_make *make, void *context)
{
    struct buffer body = {0};
    struct truce_error error = {.offset = -1};
    pthread_mutex_unlock(&cache->mutex);
    enum truce_status status = make(context, &body, &error);
    pthread_mutex_lock(&cache->mutex);
    kept->body = body;
    kept->error = error;
    kept->error.status = status;
    kept->made = true;
    cache->bytes += body.size;
    if (status != TRUCE_DONE || body.size > CACHE_BYTES / 2) drop(cache, kept);
    pthread_cond_broadcast(&cache->made);
}

enum truce_status cache_get(struct cache *cache, const char *key, cache_make *make, void *context, struct buffer *out,
                            struct truce_error *error)
{
    pthread_mutex_lock(&cache->mutex);
    struct kept *kept = find(cache, key);
    bool fresh = kept == NULL;
    if (fresh) kept = add(cache, key);
    cache->hits += fresh ? 0 : 1;
    cache->misses += fresh ? 1 : 0;
    if (kept == NULL) { /* nothing can be kept now */
        pthread_mutex_unlock(&cache->mutex);
        return make(context, out, error);
    }
    kept->users++;
    if (fresh) make_kept(cache, kept, make, context);
    while (!kept->made) pthread_cond_wait(&cache->made, &cache->mutex);
    kept->used = ++cache->turn;
    pthread_mutex_unlock(&cache->mutex);
    enum truce_status status = kept->error.status;
    buffer_put(out, buffer_slice(&kept->body)); /* what is made never changes */
    if (status != TRUCE_DONE) *error = kept->error;
    pthread_mutex_lock(&cache->mutex);
    if (--kept->users == 0 && kept->dropped) kept_free(kept);
    pthread_mutex_unlock(&cache->mutex);
    return status;
}

void cache_counts(struct cache *cache, struct buffer *out)
{
    pthread_mutex_lock(&cache->mutex);
    metric_put(out, "truce_answers_kept_total", "counter", "Answers given that were kept", cache->hits);
    metric_put(out, "truce_answers_made_total", "counter", "Answers that had to be made", cache->misses);
    metric_put(out, "truce_answers_kept_bytes", "gauge", "Memory of the answers kept", cache->bytes);
    pthread_mutex_unlock(&cache->mutex);
}
