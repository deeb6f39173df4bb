#include "peer/far.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { LEVELS = 8 };

enum status far_open(struct far *out, struct source *source, struct error *error)
{
    *out = (struct far){.source = source, .tiles = calloc(FAR_TILES, sizeof *out->tiles)};
    if (out->tiles != NULL) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "out-of-memory", "The log needs more memory than there is.", NULL);
}

void far_close(struct far *far)
{
    free(far->tiles);
    *far = (struct far){.tiles = NULL};
}

void far_at(struct far *far, uint64_t size)
{
    far->size = size;
    for (size_t i = 0; i < FAR_TILES; i++)
        if (far->tiles[i].width < LOG_TILE_WIDTH) far->tiles[i].width = 0;
}

void far_forget(struct far *far)
{
    for (size_t i = 0; i < FAR_TILES; i++) far->tiles[i].width = 0;
}

/* A partial one may have made way for the full one: its beginning is the same. *whole tells which came. */
static enum status get_tile(struct source *source, int level, uint64_t n, unsigned width, size_t most,
                            struct buffer *out, bool *whole, struct error *error)
{
    char path[LOG_TILE_PATH_SIZE];
    bool there;
    log_tile_path(path, level, n, width);
    TRY(source_get(source, path, most, out, &there, error));
    *whole = width == LOG_TILE_WIDTH;
    if (there) return STATUS_DONE;
    if (!*whole) {
        log_tile_path(path, level, n, LOG_TILE_WIDTH);
        TRY(source_get(source, path, most, out, &there, error));
        *whole = true;
        if (there) return STATUS_DONE;
        log_tile_path(path, level, n, width);
    }
    return error_set(error, STATUS_FAILED, "mirror-absent",
                     "{0} does not have {1}, which its checkpoint covers. It may have published a newer one meanwhile; "
                     "if this stays so, it withholds a part of its log.",
                     source_name(source), path, NULL);
}

static enum status tile_bad(struct source *source, int level, uint64_t n, unsigned width, struct error *error)
{
    char path[LOG_TILE_PATH_SIZE];
    log_tile_path(path, level, n, width);
    return error_set(error, STATUS_UNVERIFIED, "mirror-tile",
                     "The tile {1} at {0} has another size than its name says; nothing of it was used.",
                     source_name(source), path, NULL);
}

static enum status read_tile(struct far *far, unsigned level, uint64_t n, unsigned width, struct far_tile *out,
                             struct error *error)
{
    OWN(buffer_clear) struct buffer bytes = {0};
    bool whole;
    out->width = 0;
    TRY(get_tile(far->source, (int)level, n, width, LOG_TILE_WIDTH * HASH_BYTES, &bytes, &whole, error));
    unsigned has = whole ? LOG_TILE_WIDTH : width;
    if (bytes.size != (size_t)has * HASH_BYTES) return tile_bad(far->source, (int)level, n, has, error);
    memcpy(out->hash, bytes.data, bytes.size);
    out->level = level;
    out->n = n;
    out->width = has;
    return STATUS_DONE;
}

/* The root of a complete subtree of 2^height leaves, from the tile level at or below it. */
static enum status subtree(struct far *far, uint64_t from, unsigned height, struct hash *out, struct error *error)
{
    unsigned level = height / 8, within = height % 8;
    uint64_t first = from >> (8 * level), n = first / LOG_TILE_WIDTH, hashes = far->size >> (8 * level);
    size_t at = (size_t)(first % LOG_TILE_WIDTH), count = (size_t)1 << within;
    unsigned width = far_width(hashes, n);
    struct far_tile *tile = &far->tiles[(level * 5 + n) % FAR_TILES];
    if (tile->level != level || tile->n != n || tile->width < at + count)
        TRY(read_tile(far, level, n, width, tile, error));
    if (tile->width < at + count) return tile_bad(far->source, (int)level, n, width, error);
    *out = tree_complete(tile->hash + at, count);
    return STATUS_DONE;
}

static enum status far_nodes(void *context, uint64_t from, uint64_t count, struct hash *out, struct error *error)
{
    struct hash left[64];
    size_t lefts = 0;
    *out = tree_empty();
    while (count > 0) {
        unsigned height = 63U - (unsigned)__builtin_clzll(count);
        TRY(subtree(context, from, height, &left[lefts++], error));
        from += (uint64_t)1 << height;
        count -= (uint64_t)1 << height;
    }
    for (size_t i = lefts; i-- > 0;) *out = i == lefts - 1 ? left[i] : tree_node(&left[i], out);
    return STATUS_DONE;
}

enum status far_consistency(struct far *far, uint64_t from, struct log_proof *out, struct error *error)
{
    return tree_prove_consistency(from, far->size, far_nodes, far, out, error);
}

enum status far_root(struct far *far, uint64_t size, struct hash *out, struct error *error)
{
    return far_nodes(far, 0, size, out, error);
}

/* ---- entries */

bool far_entry(struct slice *rest, struct slice *entry)
{
    if (rest->size < 2) return false;
    size_t size = (size_t)(rest->data[0] << 8 | rest->data[1]);
    if (rest->size - 2 < size) return false;
    *entry = slice_part(*rest, 2, size);
    *rest = slice_part(*rest, 2 + size, SIZE_MAX);
    return true;
}

enum status far_bundle(struct source *source, uint64_t n, unsigned width, struct buffer *out, struct error *error)
{
    bool whole;
    size_t start = out->size;
    struct slice entry;
    TRY(get_tile(source, LOG_ENTRIES, n, width, LOG_BUNDLE_BYTES_MOST, out, &whole, error));
    struct slice rest = slice_part(buffer_slice(out), start, SIZE_MAX);
    unsigned has = whole ? LOG_TILE_WIDTH : width, count = 0;
    size_t wanted = start;
    while (count < has && far_entry(&rest, &entry))
        if (++count == width) wanted = out->size - rest.size;
    bool good = count == has && rest.size == 0;
    out->size = good ? wanted : start;
    if (good) return STATUS_DONE;
    char path[LOG_TILE_PATH_SIZE];
    log_tile_path(path, LOG_ENTRIES, n, has);
    return error_set(
        error, STATUS_UNVERIFIED, "mirror-bundle",
        "The bundle {1} at {0} does not hold just the {2} entries that its name says; nothing of it was used.",
        source_name(source), path, error_number(has).text, NULL);
}
