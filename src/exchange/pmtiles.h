/* The base map that an operator brings: PMTiles version 3, tiles that are pictures. An archive is read where it lies, a
 * piece at a time; nothing of it is trusted. */
#ifndef TRUCE_EXCHANGE_PMTILES_H
#define TRUCE_EXCHANGE_PMTILES_H

#include "base/buffer.h"
#include "system/system.h"

enum { PMTILES_ZOOM_MOST = 26 };

struct pmtiles;

struct pmtiles_about {
    const char *type; /* "image/png" … */
    uint8_t zoom_least, zoom_most;
};

/* STATUS_REFUSED: tiles-format for what is no such archive, tiles-kind for tiles that are no pictures or are packed in
 * a way that is not read here. The file stays open until it is closed. */
MUST_USE enum status pmtiles_open(struct pmtiles **out, const struct system *system, const char *path,
                                  struct error *error);
void pmtiles_close(struct pmtiles **tiles);
void pmtiles_about(const struct pmtiles *tiles, struct pmtiles_about *out);

/* Adds the tile's bytes to `out`; nothing where the archive has none. For any thread. */
MUST_USE enum status pmtiles_read(const struct pmtiles *tiles, uint8_t zoom, uint32_t x, uint32_t y, struct buffer *out,
                                  struct error *error);

#endif
