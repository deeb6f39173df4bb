#include "tell/typed.h"

#include "base/time.h"
static bool digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* Cuts what stands before the next comma off *rest. */
static struct slice part(struct slice *rest)
{
    size_t size = 0;
    while (size < rest->size && rest->data[size] != ',') size++;
    struct slice out = slice_part(*rest, 0, size);
    *rest = slice_part(*rest, size < rest->size ? size + 1 : size, rest->size);
    return out;
}

static size_t commas(struct slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++) count += text.data[i] == ',';
    return count;
}

bool value_point(int32_t *lat_e7, int32_t *lon_e7, struct slice text)
{
    int32_t lat, lon;
    if (commas(text) != 1 || !degrees_parse(&lat, part(&text), 90) || !degrees_parse(&lon, text, 180)) return false;
    *lat_e7 = lat;
    *lon_e7 = lon;
    return true;
}

bool value_box(int32_t e7[4], struct slice text)
{
    int32_t box[4];
    if (commas(text) != 3) return false;
    for (size_t i = 0; i < 4; i++)
        if (!degrees_parse(&box[i], part(&text), i % 2 == 0 ? 180 : 90)) return false;
    if (box[1] > box[3]) return false;
    memcpy(e7, box, sizeof box);
    return true;
}

bool value_number(uint64_t *number, struct slice text)
{
    uint64_t out = 0;
    if (text.size == 0) return false;
    for (size_t i = 0; i < text.size; i++) {
        uint64_t units = (uint64_t)text.data[i] - '0';
        if (!digit(text.data[i]) || out > (UINT64_MAX - units) / 10) return false;
        out = out * 10 + units;
    }
    *number = out;
    return true;
}

bool value_time(int64_t *seconds, struct slice text, bool end_of_day)
{
    int64_t day;
    if (time_parse(seconds, text)) return true;
    if (!time_parse_day(&day, text)) return false;
    *seconds = day + (end_of_day ? 86399 : 0);
    return true;
}
