#include "json/escape.h"

static bool read_hex4(struct slice text, size_t at, uint32_t *unit)
{
    if (text.size < 4 || at > text.size - 4) return false;
    *unit = 0;
    for (size_t i = at; i < at + 4; i++) {
        uint8_t c = text.data[i];
        uint32_t digit;
        if (c >= '0' && c <= '9')
            digit = c - (uint32_t)'0';
        else if ((c | 0x20U) >= 'a' && (c | 0x20U) <= 'f')
            digit = (c | 0x20U) - (uint32_t)'a' + 10;
        else
            return false;
        *unit = *unit << 4 | digit;
    }
    return true;
}

/* \uXXXX at `at`; a high half takes the low half that must follow. */
static bool read_unicode(struct slice text, size_t *at, uint32_t *code_point)
{
    uint32_t high, low;
    if (!read_hex4(text, *at + 2, &high)) return false;
    if (high < 0xD800 || high > 0xDFFF) {
        *code_point = high;
        *at += 6;
        return true;
    }
    if (high > 0xDBFF || *at + 8 > text.size || text.data[*at + 6] != '\\' || text.data[*at + 7] != 'u') return false;
    if (!read_hex4(text, *at + 8, &low) || low < 0xDC00 || low > 0xDFFF) return false;
    *code_point = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    *at += 12;
    return true;
}

bool json_unescape(struct slice text, size_t *at, uint32_t *code_point)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (*at + 1 >= text.size) return false;
    uint8_t letter = text.data[*at + 1];
    if (letter == 'u') return read_unicode(text, at, code_point);
    const char *found = letter == 0 ? NULL : strchr(letters, letter);
    if (found == NULL) return false;
    *code_point = (uint32_t)meanings[found - letters];
    *at += 2;
    return true;
}
