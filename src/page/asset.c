#include "page/asset.h"

const struct asset *page_asset(struct slice address)
{
    for (const struct asset *asset = assets; asset->address != NULL; asset++)
        if (slice_is(address, asset->address)) return asset;
    return NULL;
}
