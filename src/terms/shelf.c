#include "terms/shelf.h"

#include <stdlib.h>

void shelf_clear(struct shelf *shelf)
{
    for (size_t i = 0; i < shelf->block_count; i++) free(shelf->blocks[i]);
    free(shelf->blocks);
    *shelf = (struct shelf){.ripest = EVER};
}

/* NULL: before all that begin then. */
static bool before(const struct match *match, int64_t from, const struct entry *entry)
{
    if (match->from != from) return match->from < from;
    return entry != NULL && entry_order(match->entry, entry) < 0;
}

/* The last block that begins before it, or the first. */
static size_t block_of(const struct shelf *shelf, int64_t from, const struct entry *entry)
{
    size_t low = 0, high = shelf->block_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (before(&shelf->blocks[middle]->matches[0], from, entry))
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? 0 : low - 1;
}

/* Where in its block it stands, or would. */
static size_t place_of(const struct shelf_block *block, int64_t from, const struct entry *entry)
{
    size_t low = 0, high = block->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (before(&block->matches[middle], from, entry))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct shelf_block *add_block(struct shelf *shelf, size_t at)
{
    if (shelf->block_count == shelf->room) {
        size_t room = shelf->room == 0 ? 4 : shelf->room * 2;
        struct shelf_block **blocks = realloc(shelf->blocks, room * sizeof(struct shelf_block *));
        if (blocks == NULL) return NULL;
        shelf->blocks = blocks;
        shelf->room = room;
    }
    struct shelf_block *block = malloc(sizeof *block);
    if (block == NULL) return NULL;
    block->count = 0;
    block->summed = false;
    memmove(&shelf->blocks[at + 1], &shelf->blocks[at], (shelf->block_count - at) * sizeof(struct shelf_block *));
    shelf->blocks[at] = block;
    shelf->block_count++;
    return block;
}

/* A full block that grows at its end gives way to a new one; else it is parted in the middle. */
static bool part(struct shelf *shelf, size_t at, size_t place)
{
    struct shelf_block *block = shelf->blocks[at], *next = add_block(shelf, at + 1);
    size_t kept = place == SHELF_BLOCK ? SHELF_BLOCK : SHELF_BLOCK / 2;
    if (next == NULL) return false;
    next->count = block->count - kept;
    memcpy(next->matches, &block->matches[kept], next->count * sizeof *next->matches);
    block->count = kept;
    block->summed = false;
    return true;
}

bool shelf_put(struct shelf *shelf, const struct match *match)
{
    if (shelf->block_count == 0 && add_block(shelf, 0) == NULL) return false;
    size_t at = block_of(shelf, match->from, match->entry);
    size_t place = place_of(shelf->blocks[at], match->from, match->entry);
    if (shelf->blocks[at]->count == SHELF_BLOCK) {
        if (!part(shelf, at, place)) return false;
        size_t kept = shelf->blocks[at]->count;
        if (place >= kept && (place > kept || kept == SHELF_BLOCK)) at++, place -= kept;
    }
    struct shelf_block *block = shelf->blocks[at];
    memmove(&block->matches[place + 1], &block->matches[place], (block->count - place) * sizeof *block->matches);
    block->matches[place] = *match;
    block->count++;
    block->summed = false;
    shelf->count++;
    shelf->version++;
    if (match->to - match->from > shelf->longest_s) shelf->longest_s = match->to - match->from;
    if (match->ripe > shelf->ripest) shelf->ripest = match->ripe;
    return true;
}

bool shelf_take(struct shelf *shelf, int64_t from, const struct entry *entry, struct match *out)
{
    if (shelf->block_count == 0) return false;
    size_t at = block_of(shelf, from, entry), place = place_of(shelf->blocks[at], from, entry);
    if (place == shelf->blocks[at]->count && at + 1 < shelf->block_count) at++, place = 0;
    struct shelf_block *block = shelf->blocks[at];
    if (place >= block->count || block->matches[place].entry != entry || block->matches[place].from != from)
        return false;
    *out = block->matches[place];
    block->count--;
    memmove(&block->matches[place], &block->matches[place + 1], (block->count - place) * sizeof *block->matches);
    block->summed = false;
    shelf->count--;
    shelf->version++;
    if (block->count > 0) return true;
    free(block);
    shelf->block_count--;
    memmove(&shelf->blocks[at], &shelf->blocks[at + 1], (shelf->block_count - at) * sizeof(struct shelf_block *));
    return true;
}

struct cursor shelf_from(const struct shelf *shelf, int64_t from)
{
    if (shelf->block_count == 0) return (struct cursor){shelf, 0, 0};
    size_t at = block_of(shelf, from, NULL);
    return (struct cursor){shelf, at, place_of(shelf->blocks[at], from, NULL)};
}

/* As it stands by itself: where it lies in the window is for others to say. */
static void sum(struct shelf_block *block, const struct match *match)
{
    bool sure = match->fit.fits == IN && match_sure(match, NEVER), heard = match->counts || match->credible;
    if (match->to > block->last_to) block->last_to = match->to;
    if (match->ripe != EVER) block->plain = false;
    if (match->excused == IN) {
        block->excused += match->fit.fits == IN && match->counts;
        return;
    }
    if (!heard) return;
    if (sure) {
        block->lo_sum += match->lo;
        if (match->lo > block->lo_most) block->lo_most = match->lo;
        block->sure += match->lo > 0;
    }
    block->hi_sum += match->hi;
    if (match->hi > block->hi_most) block->hi_most = match->hi;
    block->doubted += !sure || match->hi > match->lo;
}

const struct shelf_block *shelf_sums(struct shelf_block *block)
{
    if (block->summed) return block;
    block->last_to = EVER;
    block->lo_sum = block->hi_sum = block->lo_most = block->hi_most = 0;
    block->sure = block->doubted = block->excused = 0;
    block->plain = true;
    for (size_t i = 0; i < block->count; i++) sum(block, &block->matches[i]);
    block->summed = true;
    return block;
}
