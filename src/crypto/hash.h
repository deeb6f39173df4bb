/* SHA-256, through OpenSSL's EVP with the digest fetched once (SHA-NI where the machine has it). */
#ifndef TRUCE_CRYPTO_HASH_H
#define TRUCE_CRYPTO_HASH_H

#include "base/error.h"

enum { HASH_BYTES = 32, HASH_HEX_SIZE = 65 };

struct hash {
    uint8_t bytes[HASH_BYTES];
};

/* The pieces one after the other, hashed as one message. Thread-safe. */
struct hash hash_of(struct slice message);
struct hash hash_of_parts(const struct slice *parts, size_t count);

/* A long message in pieces. */
struct hasher;
struct hasher *hasher_open(void);
void hasher_add(struct hasher *hasher, struct slice bytes);
struct hash hasher_close(struct hasher **hasher); /* frees */

static inline bool hash_equal(const struct hash *a, const struct hash *b)
{
    return memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

/* Lower-case hexadecimal, and base64 with padding, both strict when parsed (one form for one value). */
void hex_format(char *out, struct slice bytes); /* 2 * size characters and a NUL */
MUST_USE bool hex_parse(uint8_t *out, size_t size, struct slice text);
MUST_USE bool hex_is(struct slice text); /* nothing but digits */
void hash_format(const struct hash *hash, char out[HASH_HEX_SIZE]);
MUST_USE bool hash_parse(struct hash *out, struct slice text);

#define BASE64_SIZE(bytes) (((bytes) + 2) / 3 * 4 + 1) /* with NUL */
void base64_format(char *out, size_t size, struct slice bytes);
MUST_USE bool base64_parse(uint8_t *out, size_t capacity, size_t *size, struct slice text);

#endif
