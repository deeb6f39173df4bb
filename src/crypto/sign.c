#include "crypto/sign.h"

#include <sodium.h>

enum status crypto_start(struct error *error)
{
    if (sodium_init() >= 0) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "crypto-start", "The cryptographic library could not start.", NULL);
}

void secret_from_seed(struct secret *out, const uint8_t seed[SEED_BYTES])
{
    uint8_t public_half[PUBLIC_KEY_BYTES];
    crypto_sign_seed_keypair(public_half, out->bytes, seed);
}

void secret_random(struct secret *out)
{
    uint8_t seed[SEED_BYTES];
    randombytes_buf(seed, sizeof seed);
    secret_from_seed(out, seed);
    crypto_wipe(seed, sizeof seed);
}

void secret_public(const struct secret *secret, struct public_key *out)
{
    crypto_sign_ed25519_sk_to_pk(out->bytes, secret->bytes);
}

void secret_clear(struct secret *secret)
{
    crypto_wipe(secret, sizeof *secret);
}

void sign(struct signature *out, const struct secret *secret, struct slice message)
{
    crypto_sign_detached(out->bytes, NULL, message.data, message.size, secret->bytes);
}

bool sign_verify(const struct public_key *key, const struct signature *signature, struct slice message)
{
    return crypto_sign_verify_detached(signature->bytes, message.data, message.size, key->bytes) == 0;
}

void crypto_wipe(void *data, size_t size)
{
    sodium_memzero(data, size);
}

void crypto_random(void *data, size_t size)
{
    randombytes_buf(data, size);
}
