#include "crypto/browser_key.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

enum { KEY_BYTES = 32 };

static enum status failed(struct error *error)
{
    return error_set(error, STATUS_FAILED, "key-export", "The key could not be encrypted for a browser.", NULL);
}

static bool pkcs8_of(const struct signer *signer, uint8_t out[BROWSER_KEY_PKCS8_BYTES])
{
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, signer->secret.bytes, SEED_BYTES);
    PKCS8_PRIV_KEY_INFO *info = key == NULL ? NULL : EVP_PKEY2PKCS8(key);
    uint8_t *at = out;
    bool fits = info != NULL && i2d_PKCS8_PRIV_KEY_INFO(info, NULL) == BROWSER_KEY_PKCS8_BYTES;
    bool done = fits && i2d_PKCS8_PRIV_KEY_INFO(info, &at) == BROWSER_KEY_PKCS8_BYTES;
    PKCS8_PRIV_KEY_INFO_free(info);
    EVP_PKEY_free(key);
    return done;
}

static bool encrypt(struct browser_key *out, EVP_CIPHER_CTX *gcm, const uint8_t key[KEY_BYTES], struct slice beside,
                    const uint8_t pkcs8[BROWSER_KEY_PKCS8_BYTES])
{
    int size;
    return EVP_EncryptInit_ex2(gcm, EVP_aes_256_gcm(), key, out->iv, NULL) == 1 &&
           EVP_EncryptUpdate(gcm, NULL, &size, beside.data, (int)beside.size) == 1 &&
           EVP_EncryptUpdate(gcm, out->cipher, &size, pkcs8, BROWSER_KEY_PKCS8_BYTES) == 1 &&
           size == BROWSER_KEY_PKCS8_BYTES && EVP_EncryptFinal_ex(gcm, out->cipher + size, &size) == 1 &&
           EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_GET_TAG, BROWSER_KEY_TAG_BYTES,
                               out->cipher + BROWSER_KEY_PKCS8_BYTES) == 1;
}

static bool make(struct browser_key *out, const struct signer *signer, struct slice passphrase)
{
    uint8_t key[KEY_BYTES], pkcs8[BROWSER_KEY_PKCS8_BYTES];
    char beside[VERIFIER_TEXT_SIZE];
    EVP_CIPHER_CTX *gcm = EVP_CIPHER_CTX_new();
    verifier_format(&signer->verifier, beside);
    crypto_random(out->salt, sizeof out->salt);
    crypto_random(out->iv, sizeof out->iv);
    bool done = gcm != NULL && pkcs8_of(signer, pkcs8) &&
                PKCS5_PBKDF2_HMAC((const char *)passphrase.data, (int)passphrase.size, out->salt, sizeof out->salt,
                                  BROWSER_KEY_ITERATIONS, EVP_sha256(), sizeof key, key) == 1 &&
                encrypt(out, gcm, key, slice_from(beside), pkcs8);
    EVP_CIPHER_CTX_free(gcm);
    crypto_wipe(key, sizeof key);
    crypto_wipe(pkcs8, sizeof pkcs8);
    return done;
}

enum status browser_key_make(struct browser_key *out, const struct signer *signer, struct slice passphrase,
                             struct error *error)
{
    if (signer->verifier.algorithm != NOTE_ED25519)
        return error_set(error, STATUS_USAGE, "key-export-use",
                         "This key cosigns signed heads; in a browser records are signed.", NULL);
    return make(out, signer, passphrase) ? STATUS_DONE : failed(error);
}
