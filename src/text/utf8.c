#include "text/utf8.h"

#include "text/decode.h"

bool utf8_valid(struct slice text, size_t *offset)
{
    size_t at = 0;
    while (at < text.size) {
        uint32_t code_point;
        size_t size = decode_one(text.data + at, text.size - at, &code_point);
        if (size == 0) {
            *offset = at;
            return false;
        }
        at += size;
        if (size == 1) at = (size_t)(skip_printable(text.data + at, text.data + text.size) - text.data);
    }
    return true;
}

uint32_t utf8_next(struct slice text, size_t *at)
{
    uint32_t code_point = 0xFFFD;
    size_t size = decode_one(text.data + *at, text.size - *at, &code_point);
    *at += size == 0 ? 1 : size;
    return code_point;
}

void utf8_put(struct buffer *out, uint32_t code_point)
{
    uint8_t bytes[4];
    size_t size = 0;
    if (code_point < 0x80) {
        bytes[size++] = (uint8_t)code_point;
    } else {
        if (code_point < 0x800) {
            bytes[size++] = (uint8_t)(0xC0U | code_point >> 6);
        } else {
            if (code_point < 0x10000) {
                bytes[size++] = (uint8_t)(0xE0U | code_point >> 12);
            } else {
                bytes[size++] = (uint8_t)(0xF0U | code_point >> 18);
                bytes[size++] = (uint8_t)(0x80U | (code_point >> 12 & 0x3FU));
            }
            bytes[size++] = (uint8_t)(0x80U | (code_point >> 6 & 0x3FU));
        }
        bytes[size++] = (uint8_t)(0x80U | (code_point & 0x3FU));
    }
    buffer_put(out, slice_of(bytes, size));
}

/* UTF-16 orders as the bytes of UTF-8 do, but for the code points past U+FFFF: their surrogates stand before U+E000. So
 * the first differing byte decides, with the leads of U+E000 … U+FFFF lifted over all others. */
static int rank_utf16(uint8_t byte)
{
    return byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte;
}

int text_compare_utf16(struct slice a, struct slice b)
{
    size_t size = a.size < b.size ? a.size : b.size;
    for (size_t i = 0; i < size; i++)
        if (a.data[i] != b.data[i]) return rank_utf16(a.data[i]) < rank_utf16(b.data[i]) ? -1 : 1;
    return (a.size > b.size) - (a.size < b.size);
}
