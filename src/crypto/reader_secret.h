/* The secret half of a reader's key, and its file: as that of a key that signs, with ff ‖ "truce-reader/v1" ‖ secret.
 */
#ifndef TRUCE_CRYPTO_READER_SECRET_H
#define TRUCE_CRYPTO_READER_SECRET_H

#include "crypto/reader_key.h"
#include "crypto/seal.h"

struct reader_secret {
    struct reader_key key;
    uint8_t bytes[READER_KEY_BYTES];
};

MUST_USE enum status reader_secret_make(struct reader_secret *out, struct slice name,
                                        const uint8_t secret[READER_KEY_BYTES], struct error *error);
MUST_USE enum status reader_secret_random(struct reader_secret *out, struct slice name, struct error *error);
void reader_secret_clear(struct reader_secret *secret); /* wipes; works with OWN() */

/* The codes are those of signer_format and signer_parse. */
MUST_USE enum status reader_secret_format(const struct reader_secret *secret, struct slice passphrase,
                                          struct buffer *out, struct error *error);
MUST_USE enum status reader_secret_parse(struct reader_secret *out, struct slice text, struct slice passphrase,
                                         struct error *error);

_Static_assert((int)READER_KEY_BYTES == (int)SEAL_READER_BYTES, "boxes are for readers' keys");
static inline struct seal_reader reader_key_seal(const struct reader_key *key)
{
    struct seal_reader reader = {.id = key->id};
    memcpy(reader.key, key->bytes, sizeof reader.key);
    return reader;
}

/* The content key that a box of the file has for this reader. */
MUST_USE bool reader_secret_unbox(struct seal_key *out, const struct seal_file *file,
                                  const struct reader_secret *secret);

#endif
