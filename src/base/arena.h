/* An arena: memory with one lifetime, given back whole. Everything a request decodes lives in one.
 * Invariant: memory handed out is zeroed, aligned for any object, and valid until arena_clear. */
#ifndef TRUCE_BASE_ARENA_H
#define TRUCE_BASE_ARENA_H

#include "base/error.h"

struct arena_block;
struct arena {
    struct arena_block *blocks;
    size_t used_bytes, cap_bytes;
};

void arena_init(struct arena *arena, size_t cap_bytes); /* no memory is taken yet */
void arena_clear(struct arena *arena);                  /* gives all back; the arena may be used again */

/* Keeps the first block for the next use, so that a loop over many records allocates once. */
void arena_reset(struct arena *arena);

/* Room for `size` bytes in one block, which every reset keeps; none of it is touched yet. False when the cap is reached
 * or memory is out. For an arena that holds nothing. */
bool arena_reserve(struct arena *arena, size_t size);

/* `size` zeroed bytes, or NULL when the cap is reached or memory is out. */
void *arena_get(struct arena *arena, size_t size);

/* A copy of s that lives in the arena; {NULL, 0} when there was no room and s was not empty. */
struct slice arena_copy(struct arena *arena, struct slice s);

/* "out-of-memory": what to return when arena_get gave NULL. */
MUST_USE enum status arena_full(struct error *error);

#endif
