#include "terms/shelf.h"

#include <stdlib.h>

enum { LONG_S = 2 * 86400 };

void shelf_clear(struct shelf *shelf)
{
    for (size_t r = 0; r < SHELF_ROWS; r++) {
        for (size_t i = 0; i < shelf->rows[r].block_count; i++) free(shelf->rows[r].blocks[i]);
        free(shelf->rows[r].blocks);
    }
    *shelf = (struct shelf){.count = 0};
}

/* NULL: before all that begin then. */
static bool before(const struct match *match, int64_t from, const struct entry *entry)
{
    if (match->from != from) return match->from < from;
    return entry != NULL && entry_order(match->entry, entry) < 0;
}

/* The last block that begins before it, or the first. Most come in the order of time. */
static size_t block_of(const struct shelf_row *row, int64_t from, const struct entry *entry)
{
    if (row->block_count > 0 && before(&row->blocks[row->block_count - 1]->matches[0], from, entry))
        return row->block_count - 1;
    size_t low = 0, high = row->block_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (before(&row->blocks[middle]->matches[0], from, entry))
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
    if (high > 0 && before(&block->matches[high - 1], from, entry)) return high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (before(&block->matches[middle], from, entry))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct shelf_block *add_block(struct shelf_row *row, size_t at)
{
    if (row->block_count == row->room) {
        size_t room = row->room == 0 ? 4 : row->room * 2;
        struct shelf_block **blocks = realloc(row->blocks, room * sizeof(struct shelf_block *));
        if (blocks == NULL) return NULL;
        row->blocks = blocks;
        row->room = room;
    }
    struct shelf_block *block = malloc(sizeof *block);
    if (block == NULL) return NULL;
    block->count = 0;
    block->summed = false;
    memmove(&row->blocks[at + 1], &row->blocks[at], (row->block_count - at) * sizeof(struct shelf_block *));
    row->blocks[at] = block;
    row->block_count++;
    return block;
}

/* A full block that grows at its end gives way to a new one; else it is parted in the middle. */
static bool part(struct shelf_row *row, size_t at, size_t place)
{
    struct shelf_block *block = row->blocks[at], *next = add_block(row, at + 1);
    size_t kept = place == SHELF_BLOCK ? SHELF_BLOCK : SHELF_BLOCK / 2;
    if (next == NULL) return false;
    next->count = block->count - kept;
    memcpy(next->matches, &block->matches[kept], next->count * sizeof *next->matches);
    block->count = kept;
    block->summed = false;
    return true;
}

static size_t row_of(int64_t length_s)
{
    return length_s > LONG_S ? SHELF_LONG : SHELF_SHORT;
}

bool shelf_put(struct shelf *shelf, const struct match *match)
{
    struct shelf_row *row = &shelf->rows[row_of(match->to - match->from)];
    if (row->block_count == 0 && add_block(row, 0) == NULL) return false;
    size_t at = block_of(row, match->from, match->entry);
    size_t place = place_of(row->blocks[at], match->from, match->entry);
    if (row->blocks[at]->count == SHELF_BLOCK) {
        if (!part(row, at, place)) return false;
        size_t kept = row->blocks[at]->count;
        if (place > kept || kept == SHELF_BLOCK) at++, place -= kept;
    }
    struct shelf_block *block = row->blocks[at];
    memmove(&block->matches[place + 1], &block->matches[place], (block->count - place) * sizeof *block->matches);
    block->matches[place] = *match;
    block->count++;
    block->summed = false;
    shelf->count++;
    shelf->version++;
    if (match->to - match->from > row->longest_s) row->longest_s = match->to - match->from;
    return true;
}

static bool take_from(struct shelf_row *row, int64_t from, const struct entry *entry, struct match *out)
{
    if (row->block_count == 0) return false;
    size_t at = block_of(row, from, entry), place = place_of(row->blocks[at], from, entry);
    if (place == row->blocks[at]->count && at + 1 < row->block_count) at++, place = 0;
    struct shelf_block *block = row->blocks[at];
    if (place >= block->count || block->matches[place].entry != entry || block->matches[place].from != from)
        return false;
    *out = block->matches[place];
    block->count--;
    memmove(&block->matches[place], &block->matches[place + 1], (block->count - place) * sizeof *block->matches);
    block->summed = false;
    if (block->count > 0) return true;
    free(block);
    row->block_count--;
    memmove(&row->blocks[at], &row->blocks[at + 1], (row->block_count - at) * sizeof(struct shelf_block *));
    return true;
}

bool shelf_take(struct shelf *shelf, int64_t from, const struct entry *entry, struct match *out)
{
    for (size_t r = 0; r < SHELF_ROWS; r++)
        if (take_from(&shelf->rows[r], from, entry, out)) {
            shelf->count--;
            shelf->version++;
            return true;
        }
    return false;
}

/* ---- reading */

static void begin_at(struct cursor *c, size_t r, int64_t from)
{
    const struct shelf_row *row = &c->shelf->rows[r];
    if (row->block_count == 0) return;
    c->block[r] = block_of(row, from, NULL);
    c->i[r] = place_of(row->blocks[c->block[r]], from, NULL);
}

struct cursor shelf_from(const struct shelf *shelf, int64_t from)
{
    struct cursor c = {.shelf = shelf};
    for (size_t r = 0; r < SHELF_ROWS; r++) begin_at(&c, r, from);
    return c;
}

struct cursor shelf_reaching(const struct shelf *shelf, int64_t from)
{
    struct cursor c = {.shelf = shelf};
    for (size_t r = 0; r < SHELF_ROWS; r++) {
        int64_t longest_s = shelf->rows[r].longest_s;
        begin_at(&c, r, from <= EVER + longest_s ? EVER : from - longest_s);
    }
    return c;
}

static const struct match *peek(struct cursor *c, size_t r, block_holds *holds)
{
    const struct shelf_row *row = &c->shelf->rows[r];
    while (c->block[r] < row->block_count) {
        struct shelf_block *block = row->blocks[c->block[r]];
        if (c->i[r] < block->count && (holds == NULL || holds(shelf_sums(block)))) return &block->matches[c->i[r]];
        c->block[r]++;
        c->i[r] = 0;
    }
    return NULL;
}

const struct match *shelf_next_of(struct cursor *c, block_holds *holds)
{
    const struct match *a = peek(c, SHELF_SHORT, holds), *b = peek(c, SHELF_LONG, holds);
    bool takes_long = a == NULL || (b != NULL && before(b, a->from, a->entry));
    c->i[takes_long ? SHELF_LONG : SHELF_SHORT]++;
    return takes_long ? b : a;
}

const struct match *shelf_next(struct cursor *c)
{
    return shelf_next_of(c, NULL);
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

int64_t shelf_last(const struct shelf *shelf, int64_t least)
{
    for (size_t r = 0; r < SHELF_ROWS; r++)
        for (size_t b = 0; b < shelf->rows[r].block_count; b++) {
            const struct shelf_block *block = shelf_sums(shelf->rows[r].blocks[b]);
            if (block->last_to > least) least = block->last_to;
        }
    return least;
}
