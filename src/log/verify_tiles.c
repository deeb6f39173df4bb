/* The tiles' part of verifying: bundles against the lowest tiles, each tile against the full tiles below it, and the
 * names in the directory: nothing missing, nothing that does not belong. */
#include "log/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { BUNDLE_BYTES_MOST = TILE_WIDTH * (2 + LIMIT_ENTRY_BYTES) };

struct worker {
    struct buffer bundle;
};
static void worker_clear(void *context)
{
    struct worker *worker = context;
    buffer_clear(&worker->bundle);
}

/* The bundle taken apart: leaves, or the offset where it cannot be. */
static bool bundle_leaves(struct slice bytes, unsigned width, struct hash *leaves, size_t *starts, size_t *at)
{
    *at = 0;
    for (unsigned i = 0; i < width; i++) {
        if (bytes.size - *at < 2) return false;
        size_t size = (size_t)(bytes.data[*at] << 8 | bytes.data[*at + 1]);
        if (bytes.size - *at - 2 < size) return false;
        starts[i] = *at;
        leaves[i] = tree_leaf(slice_part(bytes, *at + 2, size));
        *at += 2 + size;
    }
    return *at == bytes.size;
}

static enum status bundle_read(struct verify *v, uint64_t n, unsigned width, struct buffer *out, bool *there,
                               struct error *error)
{
    char path[LOG_PATH_SIZE];
    tile_path(path, v->directory, TILE_ENTRIES, n, width);
    buffer_reset(out);
    enum status status = file_read_if_there(v->system, path, BUNDLE_BYTES_MOST, out, there, error);
    if (status == STATUS_REFUSED) { /* larger than any bundle */
        *there = true;
        return STATUS_DONE;
    }
    TRY(status);
    if (*there) return STATUS_DONE;
    return verify_fault(v, "log-bundle-missing", "The entry bundle {0} is missing.", path, "", -1);
}

/* A wrong lowest tile cannot judge its bundle, but the tile above it can. */
static enum status bundle_by_parent(struct verify *v, uint64_t n, const struct hash *leaves, bool *right,
                                    struct error *error)
{
    struct hash parent[TILE_WIDTH], root = tree_complete(leaves, TILE_WIDTH);
    uint64_t above = n / TILE_WIDTH;
    unsigned width = above < v->published >> 16 ? TILE_WIDTH : tile_width(v->published, 1);
    bool good;
    *right = true;
    if (n >= v->published / TILE_WIDTH) return STATUS_DONE;
    TRY(verify_tile(v, 1, above, width, parent, false, &good, error));
    *right = !good || hash_equal(&root, &parent[n % TILE_WIDTH]);
    return STATUS_DONE;
}

static enum status bundle_fault(struct verify *v, uint64_t n, unsigned width, uint64_t entry, size_t offset)
{
    char path[LOG_PATH_SIZE];
    tile_path(path, v->directory, TILE_ENTRIES, n, width);
    return verify_fault(v, "log-bundle-entry", "The entry bundle {0} does not hold entry {1} as it was appended.", path,
                        error_number((int64_t)entry).text, (int64_t)offset);
}

static enum status verify_bundle(struct verify *v, void *context, uint64_t n, struct error *error)
{
    struct worker *worker = context;
    struct hash tile[TILE_WIDTH], leaves[TILE_WIDTH];
    size_t starts[TILE_WIDTH], at;
    unsigned width = n < v->published / TILE_WIDTH ? TILE_WIDTH : tile_width(v->published, 0);
    bool there, good, right = true;
    TRY(verify_tile(v, 0, n, width, tile, true, &good, error));
    TRY(bundle_read(v, n, width, &worker->bundle, &there, error));
    if (!there) return STATUS_DONE;
    if (!bundle_leaves(buffer_slice(&worker->bundle), width, leaves, starts, &at))
        return bundle_fault(v, n, width, n * TILE_WIDTH, at);
    if (!good || verify_blamed(v, 0, n)) {
        TRY(bundle_by_parent(v, n, leaves, &right, error));
        return right ? STATUS_DONE : bundle_fault(v, n, width, n * TILE_WIDTH, 0);
    }
    for (unsigned i = 0; i < width; i++)
        if (!hash_equal(&leaves[i], &tile[i])) return bundle_fault(v, n, width, n * TILE_WIDTH + i, starts[i]);
    return STATUS_DONE;
}

/* ---- tiles above the lowest */

static enum status verify_parent(struct verify *v, unsigned level, uint64_t n, unsigned width, struct error *error)
{
    struct hash tile[TILE_WIDTH], below[TILE_WIDTH];
    char path[LOG_PATH_SIZE];
    bool good;
    TRY(verify_tile(v, level, n, width, tile, true, &good, error));
    if (!good) return STATUS_DONE;
    for (unsigned i = 0; i < width; i++) {
        uint64_t child = n * TILE_WIDTH + i;
        if (verify_blamed(v, level - 1, child)) continue;
        TRY(verify_tile(v, level - 1, child, TILE_WIDTH, below, true, &good, error));
        struct hash root = tree_complete(below, TILE_WIDTH);
        if (!good || hash_equal(&root, &tile[i])) continue;
        if (!verify_blame(v, level, n)) continue;
        tile_path(path, v->directory, (int)level, n, width);
        verify_fault(v, "log-tile-hash", "The tile {0} does not have the root of tile {1} below it.", path,
                     error_number((int64_t)child).text, (int64_t)i * HASH_BYTES);
    }
    return STATUS_DONE;
}

static uint64_t tiles_of(uint64_t size)
{
    return size / TILE_WIDTH + (size % TILE_WIDTH != 0);
}

static enum status verify_level(struct verify *v, void *worker, uint64_t n, struct error *error)
{
    (void)worker;
    uint64_t size = v->published >> (8 * v->level);
    return verify_parent(v, v->level, n, n < size / TILE_WIDTH ? TILE_WIDTH : (unsigned)(size % TILE_WIDTH), error);
}

enum status verify_tiles(struct verify *v, struct error *error)
{
    TRY(verify_all(v, tiles_of(v->published), verify_bundle, sizeof(struct worker), worker_clear, error));
    /* Level after level, so that a tile at fault is known before the one above is compared with it. */
    for (v->level = 1; v->level < TILE_LEVELS; v->level++)
        TRY(verify_all(v, tiles_of(v->published >> (8 * v->level)), verify_level, sizeof(struct worker), worker_clear,
                       error));
    return STATUS_DONE;
}
