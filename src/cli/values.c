#include "cli/values.h"

#include "base/time.h"
#include <inttypes.h>
#include <stdio.h>

enum { E7 = 10000000, E7_DIGITS = 7 };

static bool digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

bool value_degrees(int32_t *e7, struct slice text, int32_t most)
{
    size_t at = 0, whole_digits = 0, digits = 0;
    bool negative = text.size > 0 && text.data[0] == '-', up = false;
    int64_t number = 0;
    if (negative || (text.size > 0 && text.data[0] == '+')) at++;
    for (; at < text.size && digit(text.data[at]); at++, whole_digits++) {
        if (whole_digits == 3) return false;
        number = number * 10 + (text.data[at] - '0');
    }
    if (whole_digits == 0) return false;
    if (at < text.size && text.data[at] == '.') {
        for (at++; at < text.size && digit(text.data[at]); at++, digits++) {
            if (digits < E7_DIGITS) number = number * 10 + (text.data[at] - '0');
            if (digits == E7_DIGITS) up = text.data[at] >= '5';
        }
        if (digits == 0) return false;
    }
    if (at != text.size) return false;
    for (; digits < E7_DIGITS; digits++) number *= 10;
    number += up;
    if (number > (int64_t)most * E7) return false;
    *e7 = (int32_t)(negative ? -number : number);
    return true;
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
    if (commas(text) != 1 || !value_degrees(&lat, part(&text), 90) || !value_degrees(&lon, text, 180)) return false;
    *lat_e7 = lat;
    *lon_e7 = lon;
    return true;
}

bool value_box(int32_t e7[4], struct slice text)
{
    int32_t box[4];
    if (commas(text) != 3) return false;
    for (size_t i = 0; i < 4; i++)
        if (!value_degrees(&box[i], part(&text), i % 2 == 0 ? 180 : 90)) return false;
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

void value_degrees_format(int32_t e7, char out[DEGREES_TEXT_SIZE])
{
    int64_t size = e7 < 0 ? -(int64_t)e7 : e7;
    char text[32];
    int length = snprintf(text, sizeof text, "%s%" PRId64 ".%07" PRId64, e7 < 0 ? "-" : "", size / E7, size % E7);
    while (length > 0 && text[length - 1] == '0') length--;
    if (length > 0 && text[length - 1] == '.') length--;
    text[length] = '\0';
    memcpy(out, text, (size_t)length + 1);
}
