/* An operator's base map, for whoever draws. */
#include "exchange/pmtiles.h"
#include "register/register.h"

enum truce_status truce_tiles_open(struct truce_tiles **out, const char *path, struct truce_error *error)
{
    struct error why;
    struct pmtiles *tiles = NULL;
    enum status status = pmtiles_open(&tiles, &system_real, path, &why);
    if (status == STATUS_DONE) *out = (struct truce_tiles *)tiles;
    return public_status(status, &why, error);
}

void truce_tiles_close(struct truce_tiles **tiles)
{
    struct pmtiles *own = (struct pmtiles *)*tiles;
    pmtiles_close(&own);
    *tiles = NULL;
}

void truce_tiles_about(const struct truce_tiles *tiles, struct truce_tiles_about *out)
{
    struct pmtiles_about about;
    pmtiles_about((const struct pmtiles *)tiles, &about);
    *out = (struct truce_tiles_about){about.type, about.zoom_least, about.zoom_most};
}

enum truce_status truce_tiles_read(const struct truce_tiles *tiles, unsigned zoom, uint32_t x, uint32_t y,
                                   struct truce_buffer *tile, struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = STATUS_DONE;
    if (zoom <= PMTILES_ZOOM_MOST)
        status = pmtiles_read((const struct pmtiles *)tiles, (uint8_t)zoom, x, y, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(tile, &out, &why);
    return public_status(status, &why, error);
}
