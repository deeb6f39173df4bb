#include "register/phrase.h"

/* The rest of 128 bits after division by 1000, and the quotient in their place, a byte at a time. */
static unsigned take_thousand(uint8_t number[16])
{
    unsigned rest = 0;
    for (unsigned i = 0; i < 16; i++) {
        unsigned value = rest << 8 | number[i];
        number[i] = (uint8_t)(value / 1000);
        rest = value % 1000;
    }
    return rest;
}

/* `mark` is hashed with its NUL. */
static void format(char out[PHRASE_SIZE], struct slice mark, struct slice register_name, uint64_t place,
                   const struct hash *of)
{
    uint8_t where[9] = {0}, number[16];
    for (unsigned i = 0; i < 8; i++) where[1 + i] = (uint8_t)(place >> (56 - 8 * i));
    const struct slice parts[] = {mark, register_name, slice_of(where, sizeof where), slice_of(of->bytes, HASH_BYTES)};
    struct hash hash = hash_of_parts(parts, COUNT_OF(parts));
    memcpy(number, hash.bytes, sizeof number);
    for (unsigned group = PHRASE_GROUPS; group-- > 0;) {
        unsigned value = take_thousand(number);
        char *digits = out + 4 * (size_t)group;
        digits[0] = (char)('0' + value / 100), digits[1] = (char)('0' + value / 10 % 10);
        digits[2] = (char)('0' + value % 10), digits[3] = ' ';
    }
    out[PHRASE_SIZE - 1] = '\0';
}

void phrase_format(char out[PHRASE_SIZE], struct slice register_name, uint64_t index, const struct hash *leaf)
{
    static const char mark[] = "truce-phrase/v1";
    format(out, slice_of(mark, sizeof mark), register_name, index, leaf);
}

void phrase_format_head(char out[PHRASE_SIZE], struct slice register_name, uint64_t size, const struct hash *root)
{
    static const char mark[] = "truce-head-phrase/v1";
    format(out, slice_of(mark, sizeof mark), register_name, size, root);
}
