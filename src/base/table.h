/* An open-addressing hash table of 32-bit numbers. Keys stay with the caller: the table keeps their hash and gives back
 * the candidates; the caller compares. Nothing is ever removed but all at once, and nothing may depend on the order of
 * its slots. */
#ifndef TRUCE_BASE_TABLE_H
#define TRUCE_BASE_TABLE_H

#include "base/error.h"

#define TABLE_NONE UINT32_MAX

struct table {
    struct table_slot {
        uint32_t hash, value; /* value + 1; 0 is an empty slot */
    } * slots;
    size_t used, capacity; /* capacity is 0 or a power of two */
};

void table_clear(struct table *table); /* frees; the table may be used again */
void table_reset(struct table *table); /* empties and keeps the memory */

/* `value` below TABLE_NONE. The same hash may be put many times. */
MUST_USE enum status table_put(struct table *table, uint32_t hash, uint32_t value, struct error *error);

/* Walks the values that were put under `hash`: *at starts at 0; TABLE_NONE ends the walk. */
uint32_t table_next(const struct table *table, uint32_t hash, size_t *at);

uint32_t table_hash(struct slice key); /* FNV-1a with a final mix */

#endif
