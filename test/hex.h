/* Bytes of a vector that are written in hexadecimal, whole ("hex") or in parts that repeat ("parts"). */
#ifndef TRUCE_TEST_HEX_H
#define TRUCE_TEST_HEX_H

#include "vectors.h"

static inline unsigned hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f') return (unsigned)(c - 'a' + 10);
    fprintf(stderr, "a vector is not in lower-case hexadecimal\n");
    exit(1);
}

static inline void put_hex(struct buffer *out, struct slice hex)
{
    for (size_t i = 0; i + 1 < hex.size; i += 2)
        buffer_put_byte(out, (uint8_t)(hex_digit(hex.data[i]) << 4 | hex_digit(hex.data[i + 1])));
}

static inline struct slice hex_bytes(struct arena *arena, struct slice hex)
{
    OWN(buffer_clear) struct buffer out = {0};
    put_hex(&out, hex);
    return arena_copy(arena, buffer_slice(&out));
}

/* The bytes of one vector, in its own member `key` or in "parts". */
static inline struct slice hex_vector(struct arena *arena, const struct json *one, const char *key)
{
    const struct json *parts = json_find(one, "parts");
    if (parts == NULL || strcmp(key, "hex") != 0) return hex_bytes(arena, json_find_string(one, key));
    OWN(buffer_clear) struct buffer out = {0};
    for (const struct json *part = parts->first; part != NULL; part = part->next)
        for (int64_t times = json_find_integer(part, "times", 0); times > 0; times--)
            put_hex(&out, json_find_string(part, "hex"));
    return arena_copy(arena, buffer_slice(&out));
}

#endif
