#include "register/recent.h"

#include <stdlib.h>

void recent_open(struct recent *recent, uint64_t first)
{
    *recent = (struct recent){.first = first};
    pthread_mutex_init(&recent->mutex, NULL);
}

void recent_close(struct recent *recent)
{
    table_clear(&recent->by_id);
    free(recent->id);
    pthread_mutex_destroy(&recent->mutex);
    *recent = (struct recent){0};
}

/* Ids are hashes already. */
static uint32_t hash_of_id(const struct record_id *id)
{
    uint32_t hash;
    memcpy(&hash, id->hash.bytes, sizeof hash);
    return hash;
}

static enum status add(struct recent *recent, const struct record_id *id, struct error *error)
{
    if (recent->count == recent->room) {
        size_t room = recent->room == 0 ? 64 : 2 * recent->room;
        struct record_id *grown = realloc(recent->id, room * sizeof *grown);
        if (grown == NULL) return arena_full(error);
        recent->id = grown;
        recent->room = room;
    }
    TRY(table_put(&recent->by_id, hash_of_id(id), (uint32_t)recent->count, error));
    recent->id[recent->count++] = *id;
    return STATUS_DONE;
}

enum status recent_add(struct recent *recent, const struct record_id *id, struct error *error)
{
    pthread_mutex_lock(&recent->mutex);
    enum status status = add(recent, id, error);
    pthread_mutex_unlock(&recent->mutex);
    return status;
}

bool recent_find(struct recent *recent, const struct record_id *id, uint64_t *entry)
{
    bool found = false;
    pthread_mutex_lock(&recent->mutex);
    size_t at = 0;
    for (uint32_t i; !found && (i = table_next(&recent->by_id, hash_of_id(id), &at)) != TABLE_NONE;) {
        /* What was taken back may stand in the table still. */
        found = i < recent->count && hash_equal(&recent->id[i].hash, &id->hash);
        if (found) *entry = recent->first + i;
    }
    pthread_mutex_unlock(&recent->mutex);
    return found;
}

size_t recent_count(struct recent *recent)
{
    pthread_mutex_lock(&recent->mutex);
    size_t count = recent->count;
    pthread_mutex_unlock(&recent->mutex);
    return count;
}

/* The table forgets nothing, so it is filled anew: only when half of what it holds may go, which keeps the cost of an
 * entry constant. */
void recent_drop_below(struct recent *recent, uint64_t entry)
{
    pthread_mutex_lock(&recent->mutex);
    size_t gone = entry <= recent->first ? 0 : (size_t)(entry - recent->first);
    if (gone > recent->count) gone = recent->count;
    if (gone > 0 && gone * 2 >= recent->count) {
        size_t kept = recent->count - gone;
        memmove(recent->id, recent->id + gone, kept * sizeof *recent->id);
        recent->first += gone;
        recent->count = kept;
        table_reset(&recent->by_id);
        for (size_t i = 0; i < kept; i++)
            (void)!table_put(&recent->by_id, hash_of_id(&recent->id[i]), (uint32_t)i, NULL);
    }
    pthread_mutex_unlock(&recent->mutex);
}

void recent_take_back(struct recent *recent, uint64_t entry)
{
    pthread_mutex_lock(&recent->mutex);
    if (entry < recent->first + recent->count)
        recent->count = entry < recent->first ? 0 : (size_t)(entry - recent->first);
    pthread_mutex_unlock(&recent->mutex);
}
