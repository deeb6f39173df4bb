#include "tell/zone.h"

#include "base/time.h"

enum { AGREEMENTS_MOST = 64, AHEAD_MOST_S = 86400 };

static const struct json *only_zone(const struct json *agreement)
{
    const struct json *zones = json_find(agreement, "zones");
    return zones != NULL && zones->type == JSON_OBJECT && zones->size == 1 ? zones->first : NULL;
}

const struct json *zone_of(struct records *records, const struct json *agreement)
{
    const struct json *all[AGREEMENTS_MOST], *zone = NULL;
    if (json_find(agreement, "zones") != NULL) return only_zone(agreement);
    size_t count = records == NULL ? 0 : records_agreements(records, all, AGREEMENTS_MOST);
    for (size_t i = 0; i < count; i++) {
        const struct json *other = only_zone(all[i]);
        if (json_find(all[i], "zones") == NULL) continue;
        if (other == NULL || (zone != NULL && !slice_equal(other->key, zone->key))) return NULL;
        if (zone == NULL) zone = other;
    }
    return zone;
}

int64_t zone_ahead(const struct json *zone, int64_t at)
{
    const struct json *change = zone == NULL || zone->type != JSON_ARRAY ? NULL : zone->first;
    int64_t ahead = json_find_integer(change, "offset_s", 0), from;
    for (; change != NULL; change = change->next)
        if (time_parse(&from, json_find_string(change, "from")) && from <= at)
            ahead = json_find_integer(change, "offset_s", 0);
    return ahead < -AHEAD_MOST_S || ahead > AHEAD_MOST_S ? 0 : ahead;
}
