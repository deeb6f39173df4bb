/* GET /map/tiles/ZOOM/X/Y: the base map that an operator brought, a picture at a time. */
#include "api/internal.h"

#include "tell/typed.h"
#include <string.h>

bool tiles_about(const struct api *api, struct page_tiles *out)
{
    struct truce_tiles_about about;
    if (api->tiles == NULL) return false;
    truce_tiles_about(api->tiles, &about);
    *out = (struct page_tiles){about.zoom_least, about.zoom_most, api->tiles_by};
    return true;
}

static void give_absent(struct visit *visit)
{
    struct error why;
    struct error_text typed = error_slice(http_path(visit->request));
    (void)!error_set(&why, STATUS_FAILED, "route-absent", "There is nothing at {0}.", typed.text, NULL);
    visit_fault(visit, 404, &why);
}

void get_map_tile(struct visit *visit)
{
    const struct truce_tiles *tiles = visit->api->tiles;
    struct truce_tiles_about about;
    struct truce_buffer tile = {0};
    struct truce_error error;
    uint64_t number[3];
    bool good = tiles != NULL;
    for (size_t i = 0; i < COUNT_OF(number) && good; i++)
        good = value_number(&number[i], slice_from(visit->segment[i])) && number[i] < UINT32_MAX;
    if (!good) {
        give_absent(visit);
        return;
    }
    if (truce_tiles_read(tiles, (unsigned)number[0], (uint32_t)number[1], (uint32_t)number[2], &tile, &error) !=
        TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    truce_tiles_about(tiles, &about);
    if (tile.size == 0) http_status(visit->response, 204); /* nothing is drawn there, and nothing is wrong */
    visit_cache(visit, "private, max-age=86400", NULL);
    visit_give_answer(visit, about.type, &tile);
}
