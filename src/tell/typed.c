#include "tell/typed.h"

#include "base/time.h"
#include <stdio.h>

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

/* Digits as keyboards of either script write them, as ASCII; blanks at the ends are gone. False: longer than any
 * moment. */
static bool plain_digits(struct slice text, char out[TIME_TEXT_SIZE])
{
    size_t size = 0;
    while (text.size > 0 && text.data[0] == ' ') text = slice_part(text, 1, text.size);
    while (text.size > 0 && text.data[text.size - 1] == ' ') text.size--;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i], next = i + 1 < text.size ? text.data[i + 1] : 0;
        bool arabic = c == 0xD9 && next >= 0xA0 && next <= 0xA9, persian = c == 0xDB && next >= 0xB0 && next <= 0xB9;
        if (size + 1 == TIME_TEXT_SIZE) return false;
        out[size++] = arabic ? (char)('0' + next - 0xA0) : persian ? (char)('0' + next - 0xB0) : (char)c;
        i += arabic || persian;
    }
    out[size] = '\0';
    return true;
}

bool value_moment(int64_t *seconds, struct slice text)
{
    char digits[TIME_TEXT_SIZE], whole[TIME_TEXT_SIZE];
    if (!plain_digits(text, digits)) return false;
    size_t size = strlen(digits);
    if (size > 0 && digits[size - 1] == 'Z') digits[--size] = '\0';
    if ((size != 16 && size != 19) || (digits[10] != ' ' && digits[10] != 'T')) return false;
    memcpy(whole, digits, size);
    memcpy(whole + size, size == 16 ? ":00Z" : "Z", size == 16 ? 5 : 2);
    whole[10] = 'T';
    return time_parse(seconds, slice_from(whole));
}
