#include "peer/ahead.h"

/* The mutex is held, but while it is fetched. */
static void fetch_next(struct ahead *ahead)
{
    uint64_t n = ahead->next++;
    struct ahead_slot *slot = &ahead->slot[n % AHEAD_SLOTS];
    slot->ready = false;
    buffer_reset(&slot->bytes);
    pthread_mutex_unlock(&ahead->mutex);
    enum status status = far_bundle(ahead->source, n, far_width(ahead->size, n), &slot->bytes, &slot->error);
    pthread_mutex_lock(&ahead->mutex);
    slot->status = status;
    slot->ready = true;
    pthread_cond_broadcast(&ahead->changed);
}

static bool may_fetch(const struct ahead *ahead)
{
    return ahead->next < ahead->end && ahead->next < ahead->taken + AHEAD_SLOTS;
}

static void *fetch(void *context)
{
    struct ahead *ahead = context;
    pthread_mutex_lock(&ahead->mutex);
    while (!ahead->stop && ahead->next < ahead->end) {
        if (may_fetch(ahead))
            fetch_next(ahead);
        else
            pthread_cond_wait(&ahead->changed, &ahead->mutex);
    }
    pthread_mutex_unlock(&ahead->mutex);
    return NULL;
}

void ahead_open(struct ahead *ahead, struct source *source, uint64_t first, uint64_t size)
{
    uint64_t end = (size + LOG_TILE_WIDTH - 1) / LOG_TILE_WIDTH;
    *ahead = (struct ahead){.source = source, .size = size, .next = first, .taken = first, .end = end};
    pthread_mutex_init(&ahead->mutex, NULL);
    pthread_cond_init(&ahead->changed, NULL);
    unsigned wanted = source_is_server(source) ? AHEAD_THREADS : 1;
    if (end - first < 2) wanted = 0; /* who takes it fetches it */
    while (ahead->threads < wanted && pthread_create(&ahead->thread[ahead->threads], NULL, fetch, ahead) == 0)
        ahead->threads++;
}

enum status ahead_take(struct ahead *ahead, struct buffer *out, struct error *error)
{
    pthread_mutex_lock(&ahead->mutex);
    struct ahead_slot *slot = &ahead->slot[ahead->taken % AHEAD_SLOTS];
    if (ahead->next == ahead->taken) fetch_next(ahead); /* nobody has begun it */
    while (!slot->ready) pthread_cond_wait(&ahead->changed, &ahead->mutex);
    struct buffer before = *out;
    *out = slot->bytes;
    slot->bytes = before;
    slot->ready = false;
    enum status status = slot->status;
    if (status != STATUS_DONE && error != NULL) *error = slot->error;
    ahead->taken++;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
    return status;
}

void ahead_close(struct ahead *ahead)
{
    pthread_mutex_lock(&ahead->mutex);
    ahead->stop = true;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
    while (ahead->threads > 0) pthread_join(ahead->thread[--ahead->threads], NULL);
    for (size_t i = 0; i < AHEAD_SLOTS; i++) buffer_clear(&ahead->slot[i].bytes);
    pthread_cond_destroy(&ahead->changed);
    pthread_mutex_destroy(&ahead->mutex);
}
