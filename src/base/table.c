#include "base/table.h"

#include <stdlib.h>
#include <string.h>

void table_clear(struct table *table)
{
    free(table->slots);
    *table = (struct table){0};
}

void table_reset(struct table *table)
{
    if (table->capacity > 0) memset(table->slots, 0, table->capacity * sizeof *table->slots);
    table->used = 0;
}

static void place(struct table *table, struct table_slot slot)
{
    size_t mask = table->capacity - 1, i = slot.hash & mask;
    while (table->slots[i].value != 0) i = (i + 1) & mask;
    table->slots[i] = slot;
}

static bool grow(struct table *table)
{
    struct table bigger = {.used = table->used, .capacity = table->capacity == 0 ? 64 : table->capacity * 2};
    if (bigger.capacity > SIZE_MAX / sizeof *bigger.slots) return false;
    bigger.slots = calloc(bigger.capacity, sizeof *bigger.slots);
    if (bigger.slots == NULL) return false;
    for (size_t i = 0; i < table->capacity; i++)
        if (table->slots[i].value != 0) place(&bigger, table->slots[i]);
    free(table->slots);
    *table = bigger;
    return true;
}

enum status table_put(struct table *table, uint32_t hash, uint32_t value, struct error *error)
{
    if (table->used * 2 >= table->capacity && !grow(table))
        return error_set(error, STATUS_FAILED, "out-of-memory", "The input needs more memory than is allowed for it.",
                         NULL);
    place(table, (struct table_slot){hash, value + 1});
    table->used++;
    return STATUS_DONE;
}

uint32_t table_next(const struct table *table, uint32_t hash, size_t *at)
{
    if (table->capacity == 0) return TABLE_NONE;
    size_t mask = table->capacity - 1;
    for (; *at < table->capacity; (*at)++) {
        const struct table_slot *slot = &table->slots[(hash + *at) & mask];
        if (slot->value == 0) break;
        if (slot->hash != hash) continue;
        (*at)++;
        return slot->value - 1;
    }
    return TABLE_NONE;
}

uint32_t table_hash(struct slice key)
{
    uint32_t hash = UINT32_C(2166136261);
    for (size_t i = 0; i < key.size; i++) hash = (hash ^ key.data[i]) * UINT32_C(16777619);
    hash ^= hash >> 15;
    return hash * UINT32_C(0x85ebca6b);
}
