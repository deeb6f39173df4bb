#include "register/shown.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    SHARDS = 16, /* each with a mutex of its own */
    SLOTS = 4096,
    SHARD_BYTES_MOST = 2 * 1024 * 1024,
    TEXT_BYTES_MOST = 16 * 1024 /* longer ones are rare, and would push many out */
};

struct kept {
    struct kept *younger;
    struct record_id id;
    size_t size;
    uint8_t text[];
};

struct shard {
    pthread_mutex_t mutex;
    size_t bytes;
    struct kept *oldest, *youngest;
    struct kept *slot[SLOTS];
};

struct shown {
    struct shard shard[SHARDS];
};

/* Ids are hashes: any of their bytes will do. */
static struct shard *shard_of(struct shown *shown, const struct record_id *id)
{
    return &shown->shard[id->hash.bytes[0] % SHARDS];
}
static struct kept **slot_of(struct shard *shard, const struct record_id *id)
{
    return &shard->slot[(id->hash.bytes[1] << 8 | id->hash.bytes[2]) % SLOTS];
}

enum status shown_open(struct shown **out, struct error *error)
{
    struct shown *shown = calloc(1, sizeof *shown);
    if (shown == NULL) return arena_full(error);
    for (size_t i = 0; i < SHARDS; i++) pthread_mutex_init(&shown->shard[i].mutex, NULL);
    *out = shown;
    return STATUS_DONE;
}

/* One whose slot another took stays in the row until its turn comes. */
static void drop_oldest(struct shard *shard)
{
    struct kept *oldest = shard->oldest, **slot = slot_of(shard, &oldest->id);
    if (*slot == oldest) *slot = NULL;
    shard->oldest = oldest->younger;
    if (shard->oldest == NULL) shard->youngest = NULL;
    shard->bytes -= oldest->size;
    free(oldest);
}

void shown_close(struct shown **shown)
{
    struct shown *s = *shown;
    *shown = NULL;
    if (s == NULL) return;
    for (size_t i = 0; i < SHARDS; i++) {
        while (s->shard[i].oldest != NULL) drop_oldest(&s->shard[i]);
        pthread_mutex_destroy(&s->shard[i].mutex);
    }
    free(s);
}

bool shown_get(struct shown *shown, const struct record_id *id, struct buffer *out)
{
    struct shard *shard = shard_of(shown, id);
    pthread_mutex_lock(&shard->mutex);
    const struct kept *kept = *slot_of(shard, id);
    bool found = kept != NULL && record_id_equal(&kept->id, id);
    if (found) buffer_put(out, slice_of(kept->text, kept->size));
    pthread_mutex_unlock(&shard->mutex);
    return found;
}

void shown_put(struct shown *shown, const struct record_id *id, struct slice text)
{
    struct shard *shard = shard_of(shown, id);
    struct kept *kept = text.size > TEXT_BYTES_MOST ? NULL : malloc(sizeof *kept + text.size);
    if (kept == NULL) return;
    *kept = (struct kept){.id = *id, .size = text.size};
    memcpy(kept->text, text.data, text.size);
    pthread_mutex_lock(&shard->mutex);
    while (shard->oldest != NULL && shard->bytes + text.size > SHARD_BYTES_MOST) drop_oldest(shard);
    *slot_of(shard, id) = kept;
    if (shard->youngest == NULL)
        shard->oldest = kept;
    else
        shard->youngest->younger = kept;
    shard->youngest = kept;
    shard->bytes += text.size;
    pthread_mutex_unlock(&shard->mutex);
}
