/* Any node of the tree. A tile level's hashes lie in full published tiles on disk; the rest, from the last tile
 * boundary of what is published, is kept here: 32 bytes an entry not yet published. Who appends much publishes now and
 * then. */
#include "log/internal.h"

#include <stdlib.h>

static enum status level_push(struct level *level, const struct hash *hash, struct error *error)
{
    if (level->count == level->capacity) {
        size_t capacity = level->capacity == 0 ? TILE_WIDTH : 2 * level->capacity;
        struct hash *grown = realloc(level->hash, capacity * sizeof *grown);
        if (grown == NULL)
            return error_set(error, STATUS_FAILED, "out-of-memory", "The log needs more memory than there is.", NULL);
        level->hash = grown;
        level->capacity = capacity;
    }
    level->hash[level->count++] = *hash;
    return STATUS_DONE;
}

static void level_drop(struct level *level, uint64_t first)
{
    size_t gone = (size_t)(first - level->first);
    if (gone == 0) return;
    memmove(level->hash, level->hash + gone, (level->count - gone) * sizeof *level->hash);
    level->count -= gone;
    level->first = first;
}

enum status levels_add(struct log *log, const struct hash *leaf, struct error *error)
{
    struct hash node = *leaf;
    for (unsigned l = 0; l < TILE_LEVELS; l++) {
        struct level *level = &log->level[l];
        TRY(level_push(level, &node, error));
        if (level->count % TILE_WIDTH != 0) break;
        node = tree_complete(level->hash + level->count - TILE_WIDTH, TILE_WIDTH);
    }
    tree_edge_add(&log->edge, leaf);
    return STATUS_DONE;
}

void levels_trim(struct log *log, uint64_t published)
{
    for (unsigned l = 0; l < TILE_LEVELS; l++)
        level_drop(&log->level[l], published >> (8 * l) & ~(uint64_t)(TILE_WIDTH - 1));
}

/* The right edge of a published tree, from its partial tiles alone. */
enum status levels_load(struct log *log, uint64_t size, struct error *error)
{
    for (unsigned l = 0; l < TILE_LEVELS; l++) {
        struct level *level = &log->level[l];
        unsigned width = tile_width(size, l);
        struct hash hash[TILE_WIDTH];
        level->first = size >> (8 * l) & ~(uint64_t)(TILE_WIDTH - 1);
        level->count = 0;
        if (width > 0) TRY(tile_read(log->system, log->directory, l, level->first / TILE_WIDTH, width, hash, error));
        for (unsigned i = 0; i < width; i++) TRY(level_push(level, &hash[i], error));
    }
    log->edge.size = size;
    uint64_t from = 0;
    size_t count = 0;
    for (unsigned bit = 64; bit-- > 0;) {
        uint64_t part = size & (uint64_t)1 << bit;
        if (part == 0) continue;
        TRY(nodes_root(log, from, part, &log->edge.node[count++], error));
        from += part;
    }
    return STATUS_DONE;
}

static bool level_holds(const struct level *level, uint64_t first, size_t count)
{
    return first >= level->first && first + count <= level->first + level->count;
}

static enum status tile_cached(struct log *log, unsigned level, uint64_t n, struct tile_cache **out,
                               struct error *error)
{
    struct tile_cache **slot = &log->cache[level][n % TILES_CACHED];
    *out = *slot;
    if (*slot != NULL && (*slot)->n == n) return STATUS_DONE;
    struct tile_cache *fresh = *slot != NULL ? *slot : malloc(sizeof *fresh);
    if (fresh == NULL)
        return error_set(error, STATUS_FAILED, "out-of-memory", "The log needs more memory than there is.", NULL);
    *slot = NULL; /* until it is whole */
    enum status status = tile_read(log->system, log->directory, level, n, TILE_WIDTH, fresh->hash, error);
    if (status != STATUS_DONE) {
        free(fresh);
        return status;
    }
    fresh->n = n;
    *out = *slot = fresh;
    return STATUS_DONE;
}

enum status nodes_get(struct log *log, unsigned level, uint64_t first, size_t count, struct hash *out,
                      struct error *error)
{
    const struct level *recent = &log->level[level];
    if (level_holds(recent, first, count)) {
        memcpy(out, recent->hash + (first - recent->first), count * sizeof *out);
        return STATUS_DONE;
    }
    struct tile_cache *cache = NULL;
    TRY(tile_cached(log, level, first / TILE_WIDTH, &cache, error));
    memcpy(out, cache->hash + first % TILE_WIDTH, count * sizeof *out);
    return STATUS_DONE;
}

/* Hashes [tree->width, width) of the tile come in, and every node that they complete. */
static void tree_grow(struct tile_tree *tree, const struct hash *hashes, unsigned width)
{
    memcpy(tree->node[0] + tree->width, hashes, (width - tree->width) * sizeof *hashes);
    for (unsigned h = 1; h < COUNT_OF(tree->node); h++)
        for (unsigned i = tree->width >> h; i < width >> h; i++)
            tree->node[h][i] = tree_node(&tree->node[h - 1][2 * i], &tree->node[h - 1][2 * i + 1]);
    tree->width = width;
}

/* The tree of tile n of a level with at least its first `width` hashes. */
static enum status tree_get(struct log *log, unsigned level, uint64_t n, unsigned width, struct tile_tree **out,
                            struct error *error)
{
    struct tile_tree **slot = &log->tree[level][n % TILE_TREES];
    const struct level *recent = &log->level[level];
    uint64_t first = n * TILE_WIDTH;
    struct hash hash[TILE_WIDTH];
    if (*slot == NULL && (*slot = calloc(1, sizeof **slot)) == NULL)
        return error_set(error, STATUS_FAILED, "out-of-memory", "The log needs more memory than there is.", NULL);
    struct tile_tree *tree = *out = *slot;
    if (tree->n != n) tree->width = 0;
    tree->n = n;
    if (tree->width >= width) return STATUS_DONE;
    if (first >= recent->first) { /* all that is there, for the next will ask for it */
        uint64_t there = recent->first + recent->count - first;
        if (there > width) width = there < TILE_WIDTH ? (unsigned)there : TILE_WIDTH;
    } else {
        width = TILE_WIDTH;
    }
    TRY(nodes_get(log, level, first + tree->width, width - tree->width, hash, error));
    tree_grow(tree, hash, width);
    return STATUS_DONE;
}

/* The root of a complete subtree of 2^height leaves, from the tile level at or below it. */
static enum status subtree(struct log *log, uint64_t from, unsigned height, struct hash *out, struct error *error)
{
    struct tile_tree *tree = NULL;
    unsigned level = height / 8, within = height % 8;
    uint64_t first = from >> (8 * level);
    unsigned at = (unsigned)(first % TILE_WIDTH);
    TRY(tree_get(log, level, first / TILE_WIDTH, at + (1U << within), &tree, error));
    *out = tree->node[within][at >> within];
    return STATUS_DONE;
}

enum status nodes_root(struct log *log, uint64_t from, uint64_t count, struct hash *out, struct error *error)
{
    struct hash left[64];
    size_t lefts = 0;
    *out = tree_empty();
    while (count > 0) {
        unsigned height = 63U - (unsigned)__builtin_clzll(count);
        TRY(subtree(log, from, height, &left[lefts++], error));
        from += (uint64_t)1 << height;
        count -= (uint64_t)1 << height;
    }
    for (size_t i = lefts; i-- > 0;) *out = i == lefts - 1 ? left[i] : tree_node(&left[i], out);
    return STATUS_DONE;
}
