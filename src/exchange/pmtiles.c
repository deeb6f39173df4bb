/* PMTiles version 3, as its specification has it (github.com/protomaps/PMTiles, spec/v3): a header of 127 bytes, a root
 * directory, leaf directories, tiles. Tiles are numbered along a Hilbert curve, zoom by zoom; a directory's entry is a
 * run of numbers with one content, or a leaf.
 *
 * Invariants: no byte is read outside the parts that the header names, which lie inside the file; what a directory says
 * decides how much is read, never how much is believed (limits below). */
#include "exchange/pmtiles.h"
#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    HEADER_BYTES = 127,
    DIRECTORY_BYTES = 16 * 1024 * 1024, /* packed or not */
    TILE_BYTES = 8 * 1024 * 1024,
    DEPTH_MOST = 4,
    ENTRY_LEAST_BYTES = 4, /* of a directory: a number for each of four columns */
    GZIP_WINDOW = 15 + 16
};
enum packing { PACKING_UNKNOWN, PACKING_NONE, PACKING_GZIP };

struct part {
    uint64_t at, size;
};
struct entry {
    uint64_t first; /* number of its first tile */
    uint64_t run;   /* so many tiles with one content; 0: a leaf */
    struct part part;
};
struct directory {
    struct entry *entries;
    size_t count;
};

struct pmtiles {
    const struct system *system;
    int file;
    uint8_t packing;
    struct part root, leaves, data;
    struct pmtiles_about about;
    struct directory top;
};

static void directory_clear(struct directory *directory)
{
    free(directory->entries);
    *directory = (struct directory){NULL, 0};
}

static enum status not_so(struct error *error, const char *what)
{
    return error_set(error, STATUS_REFUSED, "tiles-format", "This is no PMTiles archive of version 3: {0}.", what,
                     NULL);
}

/* ---- bytes of the file */

static enum status read_part(const struct pmtiles *tiles, struct part part, size_t most, struct buffer *out,
                             struct error *error)
{
    if (part.size > most) return not_so(error, "a piece of it is too large");
    uint8_t *room = buffer_reserve(out, (size_t)part.size);
    if (room == NULL) return buffer_finish(out, error);
    ssize_t got = file_read_at(tiles->system, tiles->file, room, (size_t)part.size, (off_t)part.at);
    if (got < 0) return error_system(error, "read", "tiles", errno);
    if ((uint64_t)got != part.size) return not_so(error, "it breaks off");
    buffer_advance(out, (size_t)got);
    return STATUS_DONE;
}

static bool inside(struct part part, uint64_t size)
{
    return part.at <= size && part.size <= size - part.at;
}

/* A piece that is counted from the beginning of `whole`. */
static enum status part_of(struct part *piece, struct part whole, struct error *error)
{
    if (!inside(*piece, whole.size)) return not_so(error, "a directory leads out of it");
    piece->at += whole.at;
    return STATUS_DONE;
}

static enum status unpack(struct slice packed, struct buffer *out, struct error *error)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)packed.data, .avail_in = (uInt)packed.size};
    if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK) return arena_full(error);
    int state = Z_OK;
    while (state == Z_OK && out->size <= DIRECTORY_BYTES) {
        enum { STEP = 64 * 1024 };
        uint8_t *room = buffer_reserve(out, STEP);
        if (room == NULL) break;
        stream.next_out = room;
        stream.avail_out = STEP;
        state = inflate(&stream, Z_NO_FLUSH);
        buffer_advance(out, STEP - stream.avail_out);
    }
    (void)inflateEnd(&stream);
    TRY(buffer_finish(out, error));
    return state == Z_STREAM_END ? STATUS_DONE : not_so(error, "a directory cannot be unpacked");
}

/* ---- directories */

static bool take_number(struct slice *rest, uint64_t *out)
{
    uint64_t number = 0;
    for (unsigned shift = 0; rest->size > 0 && shift < 64; shift += 7) {
        uint8_t byte = rest->data[0];
        *rest = slice_part(*rest, 1, rest->size);
        if (shift == 63 && byte > 1) return false;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *out = number;
            return true;
        }
    }
    return false;
}

/* Column by column: first tiles as steps, runs, sizes, and places, where 0 is "behind the one before". */
static bool take_columns(struct directory *directory, struct slice rest)
{
    struct entry *e = directory->entries;
    size_t count = directory->count;
    uint64_t number, first = 0;
    for (size_t i = 0; i < count; i++, first = e[i - 1].first) {
        if (!take_number(&rest, &number) || number > UINT64_MAX - first || (i > 0 && number == 0)) return false;
        e[i].first = first + number;
    }
    for (size_t i = 0; i < count; i++)
        if (!take_number(&rest, &e[i].run)) return false;
    for (size_t i = 0; i < count; i++)
        if (!take_number(&rest, &e[i].part.size) || e[i].part.size == 0) return false;
    for (size_t i = 0; i < count; i++) {
        if (!take_number(&rest, &number) || (number == 0 && i == 0)) return false;
        if (number == 0 && e[i - 1].part.at > UINT64_MAX - e[i - 1].part.size) return false;
        e[i].part.at = number == 0 ? e[i - 1].part.at + e[i - 1].part.size : number - 1;
    }
    return true;
}

static enum status directory_decode(struct directory *out, struct slice bytes, struct error *error)
{
    uint64_t count;
    if (!take_number(&bytes, &count) || count == 0 || count > bytes.size / ENTRY_LEAST_BYTES)
        return not_so(error, "a directory makes no sense");
    struct directory made = {calloc((size_t)count, sizeof(struct entry)), (size_t)count};
    if (made.entries == NULL) return arena_full(error);
    if (!take_columns(&made, bytes)) {
        directory_clear(&made);
        return not_so(error, "a directory makes no sense");
    }
    *out = made;
    return STATUS_DONE;
}

static enum status directory_read(const struct pmtiles *tiles, struct part part, struct directory *out,
                                  struct error *error)
{
    OWN(buffer_clear) struct buffer bytes = {0}, plain = {0};
    TRY(read_part(tiles, part, DIRECTORY_BYTES, &bytes, error));
    if (tiles->packing == PACKING_NONE) return directory_decode(out, buffer_slice(&bytes), error);
    TRY(unpack(buffer_slice(&bytes), &plain, error));
    return directory_decode(out, buffer_slice(&plain), error);
}

/* The last entry that begins at or before the tile, or NULL. */
static const struct entry *entry_before(const struct directory *directory, uint64_t tile)
{
    size_t low = 0, high = directory->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (directory->entries[middle].first <= tile)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? NULL : &directory->entries[low - 1];
}

/* ---- the header */

static uint64_t number_at(const uint8_t *bytes, size_t at)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < 8; i++) number |= (uint64_t)bytes[at + i] << (8 * i);
    return number;
}

static enum status check_kind(const uint8_t *header, struct pmtiles *tiles, struct error *error)
{
    static const char *const types[] = {NULL, NULL, "image/png", "image/jpeg", "image/webp", "image/avif"};
    uint8_t packed_tiles = header[98], type = header[99];
    tiles->packing = header[97];
    tiles->about = (struct pmtiles_about){type < COUNT_OF(types) ? types[type] : NULL, header[100], header[101]};
    if (tiles->packing != PACKING_NONE && tiles->packing != PACKING_GZIP)
        return error_set(error, STATUS_REFUSED, "tiles-packed",
                         "The directories of these tiles are packed otherwise than by gzip, which is not read.", NULL);
    if (tiles->about.type == NULL || packed_tiles > PACKING_NONE)
        return error_set(error, STATUS_REFUSED, "tiles-kind",
                         "These tiles are no pictures (PNG, JPEG, WebP or AVIF); tiles of shapes are not drawn.", NULL);
    if (tiles->about.zoom_least > tiles->about.zoom_most || tiles->about.zoom_most > PMTILES_ZOOM_MOST)
        return not_so(error, "its zooms make no sense");
    return STATUS_DONE;
}

static enum status read_header(struct pmtiles *tiles, struct error *error)
{
    static const char magic[] = "PMTiles\3";
    OWN(buffer_clear) struct buffer bytes = {0};
    off_t size = tiles->system->size(tiles->system->context, tiles->file);
    if (size < 0) return error_system(error, "read", "tiles", errno);
    if (size < HEADER_BYTES) return not_so(error, "it is too short");
    TRY(read_part(tiles, (struct part){0, HEADER_BYTES}, HEADER_BYTES, &bytes, error));
    const uint8_t *header = bytes.data;
    if (memcmp(header, magic, sizeof magic - 1) != 0) return not_so(error, "it begins otherwise");
    struct part *const parts[] = {&tiles->root, NULL, &tiles->leaves, &tiles->data};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (parts[i] == NULL) continue; /* what it says of itself, in JSON */
        *parts[i] = (struct part){number_at(header, 8 + 16 * i), number_at(header, 16 + 16 * i)};
        if (!inside(*parts[i], (uint64_t)size)) return not_so(error, "it breaks off");
    }
    TRY(check_kind(header, tiles, error));
    return directory_read(tiles, tiles->root, &tiles->top, error);
}

/* ---- open, close, read */

enum status pmtiles_open(struct pmtiles **out, const struct system *system, const char *path, struct error *error)
{
    struct pmtiles *tiles = calloc(1, sizeof *tiles);
    if (tiles == NULL) return arena_full(error);
    tiles->system = system;
    tiles->file = system->open(system->context, path, O_RDONLY | O_CLOEXEC, 0);
    enum status status = tiles->file < 0 ? error_system(error, "open", path, errno) : read_header(tiles, error);
    if (status == STATUS_DONE)
        *out = tiles;
    else
        pmtiles_close(&tiles);
    return status == STATUS_REFUSED ? error_at(error, status, path) : status;
}

void pmtiles_close(struct pmtiles **tiles)
{
    struct pmtiles *t = *tiles;
    if (t != NULL) {
        if (t->file >= 0) (void)t->system->close(t->system->context, t->file);
        directory_clear(&t->top);
    }
    free(t);
    *tiles = NULL;
}

void pmtiles_about(const struct pmtiles *tiles, struct pmtiles_about *out)
{
    *out = tiles->about;
}

/* Its number: all tiles of smaller zooms come before, then those of its zoom along a Hilbert curve. */
static uint64_t tile_number(uint8_t zoom, uint32_t x, uint32_t y)
{
    uint64_t number = ((UINT64_C(1) << (2 * zoom)) - 1) / 3;
    for (uint32_t side = (UINT32_C(1) << zoom) / 2; side > 0; side /= 2) {
        uint32_t right = (x & side) != 0, down = (y & side) != 0;
        number += (uint64_t)side * side * ((3 * right) ^ down);
        if (down == 0) {
            uint32_t before = right ? side - 1 - x : x;
            x = right ? side - 1 - y : y;
            y = before;
        }
    }
    return number;
}

enum status pmtiles_read(const struct pmtiles *tiles, uint8_t zoom, uint32_t x, uint32_t y, struct buffer *out,
                         struct error *error)
{
    if (zoom < tiles->about.zoom_least || zoom > tiles->about.zoom_most) return STATUS_DONE;
    if (x >> zoom != 0 || y >> zoom != 0) return STATUS_DONE;
    uint64_t tile = tile_number(zoom, x, y);
    OWN(directory_clear) struct directory leaf = {NULL, 0};
    const struct directory *directory = &tiles->top;
    for (unsigned depth = 0; depth < DEPTH_MOST; depth++) {
        const struct entry *entry = entry_before(directory, tile);
        if (entry == NULL) return STATUS_DONE;
        struct part part = entry->part;
        if (entry->run > 0) {
            if (tile - entry->first >= entry->run) return STATUS_DONE;
            TRY(part_of(&part, tiles->data, error));
            return read_part(tiles, part, TILE_BYTES, out, error);
        }
        TRY(part_of(&part, tiles->leaves, error));
        directory_clear(&leaf);
        TRY(directory_read(tiles, part, &leaf, error));
        directory = &leaf;
    }
    return not_so(error, "its directories lead too deep");
}
