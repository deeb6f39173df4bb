/* The decoding step of UTF-8, inlined where it is hot. For src/text and the reader of JSON. */
#ifndef TRUCE_TEXT_DECODE_H
#define TRUCE_TEXT_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline bool is_continuation(uint8_t byte)
{
    return (byte & 0xC0U) == 0x80U;
}

/* Three and four bytes. The bounds on the second byte keep out overlong forms, surrogates and what is past U+10FFFF. */
static inline size_t decode_long(const uint8_t *at, size_t left, uint32_t *code_point)
{
    uint8_t lead = at[0];
    if (left < 3 || !is_continuation(at[1]) || !is_continuation(at[2])) return 0;
    if (lead < 0xF0) {
        if ((lead == 0xE0 && at[1] < 0xA0) || (lead == 0xED && at[1] > 0x9F)) return 0;
        *code_point = (lead & 0x0FU) << 12 | (at[1] & 0x3FU) << 6 | (at[2] & 0x3FU);
        return 3;
    }
    if (left < 4 || !is_continuation(at[3]) || lead > 0xF4) return 0;
    if ((lead == 0xF0 && at[1] < 0x90) || (lead == 0xF4 && at[1] > 0x8F)) return 0;
    *code_point = (lead & 0x07U) << 18 | (at[1] & 0x3FU) << 12 | (at[2] & 0x3FU) << 6 | (at[3] & 0x3FU);
    return 4;
}

/* Bytes taken (1 … 4), or 0 when no character is well formed here. `left` is at least 1. */
static inline size_t decode_one(const uint8_t *at, size_t left, uint32_t *code_point)
{
    uint8_t lead = at[0];
    if (lead < 0x80) {
        *code_point = lead;
        return 1;
    }
    if (lead >= 0xE0) return decode_long(at, left, code_point);
    if (lead < 0xC2 || left < 2 || !is_continuation(at[1])) return 0;
    *code_point = (lead & 0x1FU) << 6 | (at[1] & 0x3FU);
    return 2;
}

/* Eight bytes at a time, as they stand in memory: the first in the lowest byte. */
static inline uint64_t load_eight(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* Steps over bytes 0x20 … 0x7E, eight at a time, then one by one. */
static inline const uint8_t *skip_printable(const uint8_t *at, const uint8_t *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    while (end - at >= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        /* A byte under 0x20 borrows into its high bit, 0x7F carries into it, and past ASCII has it: none must. */
        if (((word | (word - ones * 0x20) | (word + ones)) & ones * 0x80) != 0) break;
        at += 8;
    }
    while (at < end && *at >= 0x20 && *at < 0x7F) at++;
    return at;
}

/* Steps over printable ASCII and the letters U+0621 … U+063A and U+0641 … U+064A, which are nearly all of Arabic text:
 * eight bytes at a time and without a branch for each, since words end where no processor foresees it. These letters
 * start anew and NFC never changes them alone, and by Unicode's stability policy never will. Each flag is the high bit
 * of its byte. */
static inline const uint8_t *skip_letters(const uint8_t *at, const uint8_t *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones * 0x80;
#define AT_LEAST(x, n) ((((x) | high) - ones * (n)) & high) /* of bytes below 0x80 */
    uint64_t open = 0, open_d9 = 0; /* the last byte was a first byte, D8 or D9; that it was D9 */
    for (; end - at >= 8; at += 8) {
        uint64_t word = load_eight(at), other = word & high, low = word & ~high;
        uint64_t first = other & ~AT_LEAST(low ^ (ones * 0x58), 2), second = other & ~(low << 1);
        uint64_t d9 = first & (low << 7), after = first << 8 | open, after_d9 = d9 << 8 | open_d9;
        uint64_t in_d8 = AT_LEAST(low, 0x21) & ~AT_LEAST(low, 0x3B), in_d9 = AT_LEAST(low, 0x01) & ~AT_LEAST(low, 0x0B);
        uint64_t bad = (other & ~(first | second)) | (second ^ after) | (after_d9 & ~in_d9) |
                       (after & ~after_d9 & ~in_d8) | (~other & high & (~AT_LEAST(low, 0x20) | AT_LEAST(low, 0x7F)));
        if (bad != 0) break;
        open = first >> 56;
        open_d9 = d9 >> 56;
    }
#undef AT_LEAST
    return open != 0 ? at - 1 : at;
}

#endif
