/* A reader's key: an X25519 public key to which sealed fields are encrypted. It is written like a verifier key,
 * "name+hex8(id)+base64(FF ‖ "truce-reader/v1" ‖ key)": C2SP keeps FF for types that a longer identifier names. */
#ifndef TRUCE_CRYPTO_READER_KEY_H
#define TRUCE_CRYPTO_READER_KEY_H

#include "base/limits.h"
#include "crypto/hash.h"

#define READER_KEY_TYPE "\xFFtruce-reader/v1"
enum { READER_KEY_BYTES = 32, READER_KEY_TYPED = sizeof READER_KEY_TYPE - 1 + READER_KEY_BYTES };
enum { READER_KEY_TEXT_SIZE = LIMIT_ORIGIN_BYTES + 1 + 8 + 1 + BASE64_SIZE(READER_KEY_TYPED) };

struct reader_key {
    char name[LIMIT_ORIGIN_BYTES + 1];
    uint32_t id; /* first 4 bytes of SHA-256(name ‖ 0A ‖ FF ‖ "truce-reader/v1" ‖ key) */
    uint8_t bytes[READER_KEY_BYTES];
};

MUST_USE enum status reader_key_make(struct reader_key *out, struct slice name, const uint8_t bytes[READER_KEY_BYTES],
                                     struct error *error);
MUST_USE enum status reader_key_parse(struct reader_key *out, struct slice text, struct error *error);
void reader_key_format(const struct reader_key *key, char out[READER_KEY_TEXT_SIZE]);

#endif
