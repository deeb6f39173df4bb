/* Any bytes: an archive opens or is refused in words, and every tile of it is read, absent or refused, inside the file.
 */
#include "exchange/pmtiles.h"
#include "memory.h"

static void tiles(const struct pmtiles *archive)
{
    struct pmtiles_about about;
    pmtiles_about(archive, &about);
    EXPECT(about.type != NULL && about.zoom_least <= about.zoom_most && about.zoom_most <= PMTILES_ZOOM_MOST);
    for (unsigned zoom = 0; zoom <= PMTILES_ZOOM_MOST + 1u; zoom++) {
        for (uint32_t i = 0; i < 8; i++) {
            OWN(buffer_clear) struct buffer out = {0};
            struct error error;
            uint32_t x = zoom < 3 ? i % (1u << zoom) : i * ((1u << (zoom & 31)) / 8), y = zoom < 3 ? i >> zoom : x ^ i;
            enum status status = pmtiles_read(archive, (uint8_t)zoom, x, y, &out, &error);
            EXPECT(status == STATUS_DONE || (status == STATUS_REFUSED && strcmp(error.code, "tiles-format") == 0));
            EXPECT(out.size <= memory_file[0].bytes.size);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pmtiles *archive = NULL;
    struct error error = {0};
    memory_empty();
    memory_file[0].path[0] = 't', memory_file[0].path[1] = '\0';
    buffer_put(&memory_file[0].bytes, slice_of(data, size));
    enum status status = pmtiles_open(&archive, &memory_system, "t", &error);
    if (status == STATUS_DONE) {
        tiles(archive);
        pmtiles_close(&archive);
    } else {
        EXPECT(status == STATUS_REFUSED && error.code != NULL && strncmp(error.code, "tiles-", 6) == 0);
    }
    return 0;
}
