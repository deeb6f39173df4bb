/* Signing keys and the one line of their secret files. */
#include "crypto/note.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

static const char plain_head[] = "PRIVATE+KEY+", sealed_head[] = "TRUCE+ENCRYPTED+KEY+";

/* Interactive strength (a fraction of a second, 64 MiB): the file says what it was made with, so it can rise. Reading
 * accepts up to the sensitive limits, so that a planted file cannot take the machine's memory. */
#define OPS crypto_pwhash_argon2id_OPSLIMIT_MODERATE
#define MEMORY crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE

enum {
    SALT = crypto_pwhash_SALTBYTES,
    NONCE = crypto_secretbox_NONCEBYTES,
    PLAIN = 1 + SEED_BYTES,
    BOX = PLAIN + crypto_secretbox_MACBYTES,
    SEALED = SALT + NONCE + BOX
};

static enum status make(struct signer *out, struct slice name, enum note_algorithm algorithm,
                        const uint8_t seed[SEED_BYTES], struct error *error)
{
    struct public_key key;
    secret_from_seed(&out->secret, seed);
    secret_public(&out->secret, &key);
    enum status status = verifier_make(&out->verifier, name, algorithm, &key, error);
    if (status != STATUS_DONE) signer_clear(out);
    return status;
}

static enum status make_random(struct signer *out, struct slice name, enum note_algorithm algorithm,
                               struct error *error)
{
    uint8_t seed[SEED_BYTES];
    crypto_random(seed, sizeof seed);
    enum status status = make(out, name, algorithm, seed, error);
    crypto_wipe(seed, sizeof seed);
    return status;
}

enum status signer_from_seed(struct signer *out, struct slice name, const uint8_t seed[SEED_BYTES], struct error *error)
{
    return make(out, name, NOTE_ED25519, seed, error);
}

enum status signer_random(struct signer *out, struct slice name, struct error *error)
{
    return make_random(out, name, NOTE_ED25519, error);
}

enum status cosigner_from_seed(struct signer *out, struct slice name, const uint8_t seed[SEED_BYTES],
                               struct error *error)
{
    return make(out, name, NOTE_COSIGNATURE, seed, error);
}

enum status cosigner_random(struct signer *out, struct slice name, struct error *error)
{
    return make_random(out, name, NOTE_COSIGNATURE, error);
}

void signer_clear(struct signer *signer)
{
    crypto_wipe(signer, sizeof *signer);
}

static enum status derive(uint8_t key[crypto_secretbox_KEYBYTES], struct slice passphrase, const uint8_t *salt,
                          unsigned long long ops, size_t memory, struct error *error)
{
    if (crypto_pwhash(key, crypto_secretbox_KEYBYTES, (const char *)passphrase.data, passphrase.size, salt, ops, memory,
                      crypto_pwhash_ALG_ARGON2ID13) == 0)
        return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "key-memory", "There is not enough memory to derive the key.", NULL);
}

static enum status seal(const uint8_t plain[PLAIN], const char *name, uint32_t id, struct slice passphrase,
                        struct buffer *out, struct error *error)
{
    uint8_t sealed[SEALED], key[crypto_secretbox_KEYBYTES];
    crypto_random(sealed, SALT + NONCE);
    TRY(derive(key, passphrase, sealed, OPS, MEMORY, error));
    crypto_secretbox_easy(sealed + SALT + NONCE, plain, PLAIN, sealed + SALT, key);
    crypto_wipe(key, sizeof key);
    char base64[BASE64_SIZE(SEALED)];
    base64_format(base64, sizeof base64, slice_of(sealed, SEALED));
    buffer_print(out, "%s%s+%08x+argon2id+%llu+%zu+%s\n", sealed_head, name, id, (unsigned long long)OPS,
                 (size_t)MEMORY, base64);
    return STATUS_DONE;
}

enum status signer_format(const struct signer *signer, struct slice passphrase, struct buffer *out, struct error *error)
{
    uint8_t plain[PLAIN] = {(uint8_t)signer->verifier.algorithm};
    memcpy(plain + 1, signer->secret.bytes, SEED_BYTES); /* libsodium's secret begins with the seed */
    enum status status = STATUS_DONE;
    if (passphrase.size > 0) {
        status = seal(plain, signer->verifier.name, signer->verifier.id, passphrase, out, error);
    } else {
        char base64[BASE64_SIZE(PLAIN)];
        base64_format(base64, sizeof base64, slice_of(plain, PLAIN));
        buffer_print(out, "%s%s+%08x+%s\n", plain_head, signer->verifier.name, signer->verifier.id, base64);
        crypto_wipe(base64, sizeof base64);
    }
    crypto_wipe(plain, sizeof plain);
    TRY(status);
    return buffer_finish(out, error);
}

static enum status not_a_key(struct error *error)
{
    return error_set(error, STATUS_FAILED, "key-file-form", "This is not a secret key file of truce.", NULL);
}

static struct slice cut(struct slice *rest)
{
    const uint8_t *plus = rest->size == 0 ? NULL : memchr(rest->data, '+', rest->size);
    size_t size = plus == NULL ? rest->size : (size_t)(plus - rest->data);
    struct slice piece = slice_part(*rest, 0, size);
    *rest = slice_part(*rest, size + 1, SIZE_MAX);
    return piece;
}

static bool number(unsigned long long *out, struct slice text, unsigned long long most)
{
    *out = 0;
    if (text.size == 0 || text.size > 12) return false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') return false;
        *out = *out * 10 + (unsigned long long)(text.data[i] - '0');
    }
    return *out <= most;
}

static enum status unseal(uint8_t plain[PLAIN], struct slice rest, struct slice passphrase, struct error *error)
{
    unsigned long long ops, memory;
    uint8_t sealed[SEALED], key[crypto_secretbox_KEYBYTES];
    size_t size;
    if (!slice_is(cut(&rest), "argon2id") || !number(&ops, cut(&rest), crypto_pwhash_argon2id_OPSLIMIT_SENSITIVE) ||
        !number(&memory, cut(&rest), crypto_pwhash_argon2id_MEMLIMIT_SENSITIVE) ||
        !base64_parse(sealed, sizeof sealed, &size, rest) || size != SEALED ||
        ops < crypto_pwhash_argon2id_OPSLIMIT_MIN || memory < crypto_pwhash_argon2id_MEMLIMIT_MIN)
        return not_a_key(error);
    if (passphrase.size == 0)
        return error_set(error, STATUS_FAILED, "key-passphrase-needed", "This key is under a passphrase.", NULL);
    TRY(derive(key, passphrase, sealed, ops, (size_t)memory, error));
    int bad = crypto_secretbox_open_easy(plain, sealed + SALT + NONCE, BOX, sealed + SALT, key);
    crypto_wipe(key, sizeof key);
    if (bad != 0)
        return error_set(error, STATUS_FAILED, "key-passphrase-wrong",
                         "The passphrase does not open this key, or the file was changed.", NULL);
    return STATUS_DONE;
}

enum status signer_parse(struct signer *out, struct slice text, struct slice passphrase, struct error *error)
{
    if (text.size > 0 && text.data[text.size - 1] == '\n') text.size--;
    bool plain_file = slice_starts(text, plain_head);
    if (!plain_file && !slice_starts(text, sealed_head)) return not_a_key(error);
    struct slice rest = slice_part(text, plain_file ? sizeof plain_head - 1 : sizeof sealed_head - 1, SIZE_MAX);
    struct slice name = cut(&rest), hex = cut(&rest);
    uint8_t plain[PLAIN];
    size_t size;
    if (plain_file) {
        if (!base64_parse(plain, sizeof plain, &size, rest) || size != PLAIN) return not_a_key(error);
    } else {
        TRY(unseal(plain, rest, passphrase, error));
    }
    bool known = plain[0] == NOTE_ED25519 || plain[0] == NOTE_COSIGNATURE;
    enum status status = known ? make(out, name, (enum note_algorithm)plain[0], plain + 1, error) : not_a_key(error);
    crypto_wipe(plain, sizeof plain);
    TRY(status);
    char id[9];
    snprintf(id, sizeof id, "%08" PRIx32, out->verifier.id);
    if (slice_is(hex, id)) return STATUS_DONE;
    signer_clear(out);
    return not_a_key(error);
}
