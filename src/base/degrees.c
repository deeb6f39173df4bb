#include "base/degrees.h"

#include <inttypes.h>
#include <stdio.h>

enum { E7 = 10000000, E7_DIGITS = 7 };

static bool digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

bool degrees_parse(int32_t *e7, struct slice text, int32_t most)
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

void degrees_format(int32_t e7, char out[DEGREES_TEXT_SIZE])
{
    int64_t size = e7 < 0 ? -(int64_t)e7 : e7;
    char text[32];
    int length = snprintf(text, sizeof text, "%s%" PRId64 ".%07" PRId64, e7 < 0 ? "-" : "", size / E7, size % E7);
    while (length > 0 && text[length - 1] == '0') length--;
    if (length > 0 && text[length - 1] == '.') length--;
    text[length] = '\0';
    memcpy(out, text, (size_t)length + 1);
}
