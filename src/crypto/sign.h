/* Ed25519 by libsodium: the one verifier, for replicas must agree on every edge (canonical S, no small-order A or R,
 * cofactorless). Secrets live in struct secret and are wiped. */
#ifndef TRUCE_CRYPTO_SIGN_H
#define TRUCE_CRYPTO_SIGN_H

#include "base/error.h"

enum { PUBLIC_KEY_BYTES = 32, SIGNATURE_BYTES = 64, SEED_BYTES = 32 };

struct public_key {
    uint8_t bytes[PUBLIC_KEY_BYTES];
};
struct signature {
    uint8_t bytes[SIGNATURE_BYTES];
};
struct secret {
    uint8_t bytes[64]; /* libsodium's form: seed and public key */
};

/* Once, before anything else in this room; may be called again. */
MUST_USE enum status crypto_start(struct error *error);

void secret_random(struct secret *out);
void secret_from_seed(struct secret *out, const uint8_t seed[SEED_BYTES]);
void secret_public(const struct secret *secret, struct public_key *out);
void secret_clear(struct secret *secret); /* wipes; works with OWN() */

void sign(struct signature *out, const struct secret *secret, struct slice message);
MUST_USE bool sign_verify(const struct public_key *key, const struct signature *signature, struct slice message);
void crypto_wipe(void *data, size_t size);
void crypto_random(void *data, size_t size);

#endif
