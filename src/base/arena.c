#include "base/arena.h"

#include <stdlib.h>

enum { BLOCK_BYTES = 16384, ALIGN = 16 };

struct arena_block {
    struct arena_block *next;
    size_t used, size;
    _Alignas(16) uint8_t data[];
};

void arena_init(struct arena *arena, size_t cap_bytes)
{
    *arena = (struct arena){.cap_bytes = cap_bytes};
}

static void free_blocks(struct arena_block *block)
{
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_clear(struct arena *arena)
{
    free_blocks(arena->blocks);
    arena->blocks = NULL;
    arena->used_bytes = 0;
}

void arena_reset(struct arena *arena)
{
    struct arena_block *block = arena->blocks;
    if (block == NULL) return;
    free_blocks(block->next);
    block->next = NULL;
    block->used = 0;
    arena->used_bytes = block->size;
}

static struct arena_block *block_add(struct arena *arena, size_t bytes)
{
    if (bytes > arena->cap_bytes - arena->used_bytes) return NULL;
    struct arena_block *block = malloc(sizeof *block + bytes);
    if (block == NULL) return NULL;
    *block = (struct arena_block){.next = arena->blocks, .size = bytes};
    arena->blocks = block;
    arena->used_bytes += bytes;
    return block;
}

bool arena_reserve(struct arena *arena, size_t size)
{
    return size <= SIZE_MAX / 2 && block_add(arena, size) != NULL;
}

void *arena_get(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2) return NULL;
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    struct arena_block *block = arena->blocks;
    if (block == NULL || block->size - block->used < size) {
        size_t bytes = size > BLOCK_BYTES ? size : BLOCK_BYTES;
        if (bytes > arena->cap_bytes - arena->used_bytes) bytes = size;
        block = block_add(arena, bytes);
        if (block == NULL) return NULL;
    }
    void *out = block->data + block->used;
    block->used += size;
    return size == 0 ? out : memset(out, 0, size);
}

struct slice arena_copy(struct arena *arena, struct slice s)
{
    uint8_t *copy = arena_get(arena, s.size + 1);
    if (copy == NULL) return (struct slice){NULL, 0};
    if (s.size > 0) memcpy(copy, s.data, s.size);
    return slice_of(copy, s.size);
}

enum status arena_full(struct error *error)
{
    return error_set(error, STATUS_FAILED, "out-of-memory", "The input needs more memory than is allowed for it.",
                     NULL);
}
