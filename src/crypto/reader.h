/* Readers' keys: for whom sealed values are encrypted. X25519, apart from every key that signs. In text
 * "name+hex8(id)+base64(ff ‖ "truce-reader/v1" ‖ key)", id = first 4 bytes of SHA-256(name ‖ 0A ‖ the same bytes). */
#ifndef TRUCE_CRYPTO_READER_H
#define TRUCE_CRYPTO_READER_H

#include "base/buffer.h"
#include "base/limits.h"
#include "crypto/seal.h"

struct reader_key {
    char name[LIMIT_ORIGIN_BYTES + 1];
    uint32_t id;
    uint8_t bytes[SEAL_READER_BYTES];
};
enum { READER_KEY_TEXT_SIZE = LIMIT_ORIGIN_BYTES + 1 + 8 + 1 + 64 + 1 };

/* key-name, key-form, key-algorithm and key-id, as of verifier keys. */
MUST_USE enum status reader_key_make(struct reader_key *out, struct slice name, const uint8_t key[SEAL_READER_BYTES],
                                     struct error *error);
MUST_USE enum status reader_key_parse(struct reader_key *out, struct slice text, struct error *error);
void reader_key_format(const struct reader_key *key, char out[READER_KEY_TEXT_SIZE]);

static inline struct seal_reader reader_key_seal(const struct reader_key *key)
{
    struct seal_reader reader = {.id = key->id};
    memcpy(reader.key, key->bytes, sizeof reader.key);
    return reader;
}

#endif
