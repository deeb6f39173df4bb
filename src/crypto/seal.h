/* Sealed values: a hash that binds whoever wrote it, a cipher that is stored and carried, and its key in a box for each
 * reader. spec/sealed.md has the bytes. What an opening says is another room's; here it is bytes. */
#ifndef TRUCE_CRYPTO_SEAL_H
#define TRUCE_CRYPTO_SEAL_H

#include "base/buffer.h"
#include "crypto/hash.h"

enum {
    SEAL_SALT_BYTES = 32,
    SEAL_KEY_BYTES = 32,
    SEAL_READER_BYTES = 32,                        /* an X25519 key, either half */
    SEAL_BOX_BYTES = 4 + 32 + 16 + SEAL_KEY_BYTES, /* reader's key id ‖ box: a fresh key, its tag, the content key */
    SEAL_BOXES_MOST = 256,
    SEAL_BOXES_EACH_MOST = 4, /* of one key id: what nobody can open cannot crowd out what somebody can */
    SEAL_CIPHER_LEAST = 256,
    SEAL_CIPHER_MOST = 65536,
    SEAL_OPENING_MOST = SEAL_CIPHER_MOST - 24 - 16 - 1,
    SEAL_FILE_MOST = SEAL_CIPHER_MOST + SEAL_BOXES_MOST * SEAL_BOX_BYTES + 64
};

/* The hash that stands in the record: SHA-256("truce-seal/v1" ‖ 00 ‖ salt ‖ value), `value` being canonical JSON of
 * [register, by, seq, pointer, value]. */
struct hash seal_commit(const uint8_t salt[SEAL_SALT_BYTES], struct slice value);

struct seal_key {
    uint8_t bytes[SEAL_KEY_BYTES];
};
void seal_key_random(struct seal_key *out);
void seal_key_clear(struct seal_key *key); /* wipes; works with OWN() */

/* The opening, padded to a class of sizes and encrypted, with the record's hash bound to it. seal-large. The nonce is
 * random; the second form takes it, for vectors alone. */
MUST_USE enum status seal_encrypt(struct buffer *cipher, struct slice opening, const struct hash *commitment,
                                  const struct seal_key *key, struct error *error);
enum { SEAL_NONCE_BYTES = 24 };
MUST_USE enum status seal_encrypt_with(struct buffer *cipher, struct slice opening, const struct hash *commitment,
                                       const struct seal_key *key, const uint8_t nonce[SEAL_NONCE_BYTES],
                                       struct error *error);
/* seal-cipher: not what was encrypted under this key for this hash. */
MUST_USE enum status seal_decrypt(struct buffer *opening, struct slice cipher, const struct hash *commitment,
                                  const struct seal_key *key, struct error *error);

/* The content key for one reader, and out again. False: the box is not for this key, or was changed. */
struct seal_reader {
    uint32_t id; /* of the reader's key */
    uint8_t key[SEAL_READER_BYTES];
};
MUST_USE bool seal_box(uint8_t out[SEAL_BOX_BYTES], const struct seal_reader *reader, const struct seal_key *key);
MUST_USE bool seal_unbox(struct seal_key *out, const uint8_t box[SEAL_BOX_BYTES], const struct seal_reader *reader,
                         const uint8_t secret[SEAL_READER_BYTES]);

uint32_t seal_box_id(const uint8_t box[SEAL_BOX_BYTES]); /* of the key that it is for */

/* A sealed file: one line, the cipher, and the boxes sorted by their bytes, each once. Everything borrows. */
struct seal_file {
    struct slice cipher, boxes; /* boxes one after the other */
};
/* Cuts the next file off *rest, in which several may follow each other: seal-file. */
MUST_USE enum status seal_file_next(struct seal_file *out, struct slice *rest, struct error *error);
/* Boxes in any order, each as often as may be: seal-boxes if they are too many. */
MUST_USE enum status seal_file_format(struct buffer *out, struct slice cipher, struct slice boxes, struct error *error);
/* The content key that one of its boxes has for this reader. */
MUST_USE bool seal_file_unbox(struct seal_key *out, const struct seal_file *file, const struct seal_reader *reader,
                              const uint8_t secret[SEAL_READER_BYTES]);

#endif
