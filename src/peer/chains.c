#include "base/table.h"
#include "peer/pouch.h"

#include <stdlib.h>

struct place { /* one record of the pouch, in one chain */
    uint32_t chain;
    int64_t seq;
};
struct chain {
    struct slice by;
    uint32_t key_id;
    int64_t next; /* the seq behind those that were here before */
};
struct chains {
    struct arena arena; /* the names */
    struct table by_author;
    struct chain *chain;
    struct place *place;
    size_t count, room, places, places_room;
};

enum { CHAINS_MOST = 1 << 20, PLACES_MOST = 1 << 27 };

enum status chains_open(struct chains **out, struct error *error)
{
    struct chains *chains = calloc(1, sizeof *chains);
    if (chains == NULL) return arena_full(error);
    arena_init(&chains->arena, LIMIT_REQUEST_BYTES);
    *out = chains;
    return STATUS_DONE;
}

void chains_close(struct chains **chains)
{
    if (*chains == NULL) return;
    arena_clear(&(*chains)->arena);
    table_clear(&(*chains)->by_author);
    free((*chains)->chain);
    free((*chains)->place);
    free(*chains);
    *chains = NULL;
}

static uint32_t author_hash(const struct record_place *record)
{
    uint32_t hash = 2166136261u ^ record->key_id;
    for (size_t i = 0; i < record->by.size; i++) hash = (hash ^ record->by.data[i]) * 16777619u;
    return hash;
}

static void *grown(void *array, size_t *room, size_t count, size_t size, size_t most)
{
    if (count < *room) return array;
    size_t wanted = *room == 0 ? 64 : *room * 2;
    void *more = wanted > most ? NULL : realloc(array, wanted * size);
    if (more != NULL) *room = wanted;
    return more;
}

static uint32_t chain_of(const struct chains *chains, const struct record_place *record)
{
    uint32_t hash = author_hash(record), chain;
    size_t at = 0;
    while ((chain = table_next(&chains->by_author, hash, &at)) != TABLE_NONE)
        if (chains->chain[chain].key_id == record->key_id && slice_equal(chains->chain[chain].by, record->by)) break;
    return chain;
}

bool chains_know(const struct chains *chains, const struct record_place *record)
{
    return chain_of(chains, record) != TABLE_NONE;
}

static enum status chain_find(struct chains *chains, struct truce_register *reg, const struct record_place *record,
                              uint32_t *out, struct error *error)
{
    uint32_t hash = author_hash(record);
    struct record_id id;
    int64_t seq = 0;
    bool found;
    *out = chain_of(chains, record);
    if (*out != TABLE_NONE) return STATUS_DONE;
    struct chain *more = grown(chains->chain, &chains->room, chains->count, sizeof *more, CHAINS_MOST);
    if (more == NULL) return arena_full(error);
    chains->chain = more;
    TRY(index_find_head(reg->index, record->by, record->key_id, &found, &seq, &id, error));
    *out = (uint32_t)chains->count;
    TRY(table_put(&chains->by_author, hash, *out, error));
    chains->chain[chains->count++] = (struct chain){
        .by = arena_copy(&chains->arena, record->by), .key_id = record->key_id, .next = found ? seq + 1 : 0};
    return STATUS_DONE;
}

enum status chains_add(struct chains *chains, struct truce_register *reg, const struct record_place *record,
                       struct error *error)
{
    uint32_t chain;
    TRY(chain_find(chains, reg, record, &chain, error));
    struct place *more =
        grown(chains->place, &chains->places_room, chains->places, sizeof *more, PLACES_MOST / sizeof *more);
    if (more == NULL) return arena_full(error);
    chains->place = more;
    chains->place[chains->places++] = (struct place){.chain = chain, .seq = record->seq};
    return STATUS_DONE;
}

static int by_chain_and_seq(const void *a, const void *b)
{
    const struct place *left = a, *right = b;
    if (left->chain != right->chain) return left->chain < right->chain ? -1 : 1;
    return (left->seq > right->seq) - (left->seq < right->seq);
}

enum status chains_gaps(struct chains *chains, chains_visit *visit, void *context, struct error *error)
{
    if (chains->places > 0) qsort(chains->place, chains->places, sizeof *chains->place, by_chain_and_seq);
    for (size_t i = 0; i < chains->places; i++) {
        struct place place = chains->place[i];
        struct chain *chain = &chains->chain[place.chain];
        if (place.seq < chain->next) continue;
        const struct chains_gap gap = {
            .by = chain->by, .key_id = chain->key_id, .from = chain->next, .to = place.seq - 1};
        if (place.seq > chain->next) TRY(visit(context, &gap, error));
        chain->next = place.seq + 1;
    }
    return STATUS_DONE;
}
