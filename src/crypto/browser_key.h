/* A signing key as a browser's WebCrypto can open it: PBKDF2-HMAC-SHA-256 and AES-256-GCM about PKCS#8, by OpenSSL
 * (spec/browser-key.md). */
#ifndef TRUCE_CRYPTO_BROWSER_KEY_H
#define TRUCE_CRYPTO_BROWSER_KEY_H

#include "crypto/note.h"

enum {
    BROWSER_KEY_ITERATIONS = 1000000,
    BROWSER_KEY_SALT_BYTES = 16,
    BROWSER_KEY_IV_BYTES = 12,
    BROWSER_KEY_PKCS8_BYTES = 48,
    BROWSER_KEY_TAG_BYTES = 16,
    BROWSER_KEY_CIPHER_BYTES = BROWSER_KEY_PKCS8_BYTES + BROWSER_KEY_TAG_BYTES
};

struct browser_key {
    uint8_t salt[BROWSER_KEY_SALT_BYTES], iv[BROWSER_KEY_IV_BYTES];
    uint8_t cipher[BROWSER_KEY_CIPHER_BYTES]; /* the tag behind it */
};

/* Encrypts the signer's secret; its verifier key's text is authenticated beside it, so that a file cannot be given
 * another's name. The passphrase is not empty. key-export-use where it is no key that signs records. */
MUST_USE enum status browser_key_make(struct browser_key *out, const struct signer *signer, struct slice passphrase,
                                      struct error *error);

#endif
