/* Signing keys, and what their secret files keep: algorithm ‖ seed. */
#include "crypto/note.h"

#include "crypto/reader_key.h"
#include "crypto/secret_line.h"

enum { KEPT = 1 + SEED_BYTES };

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

enum status signer_format(const struct signer *signer, struct slice passphrase, struct buffer *out, struct error *error)
{
    OWN(secret_line_clear)
    struct secret_line line = {slice_from(signer->verifier.name), signer->verifier.id, KEPT, {0}};
    line.bytes[0] = (uint8_t)signer->verifier.algorithm;
    memcpy(line.bytes + 1, signer->secret.bytes, SEED_BYTES); /* libsodium's secret begins with the seed */
    return secret_line_format(out, &line, passphrase, error);
}

enum status signer_parse(struct signer *out, struct slice text, struct slice passphrase, struct error *error)
{
    OWN(secret_line_clear) struct secret_line line = {0};
    TRY(secret_line_parse(&line, text, passphrase, error));
    bool known = line.bytes[0] == NOTE_ED25519 || line.bytes[0] == NOTE_COSIGNATURE;
    if (line.size == READER_KEY_TYPED && line.bytes[0] == (uint8_t)READER_KEY_TYPE[0])
        return error_set(error, STATUS_FAILED, "key-file-use", "This is a reader's key: it opens, and signs nothing.",
                         NULL);
    if (line.size != KEPT || !known) return secret_line_wrong(error);
    TRY(make(out, line.name, (enum note_algorithm)line.bytes[0], line.bytes + 1, error));
    if (out->verifier.id == line.id) return STATUS_DONE;
    signer_clear(out);
    return secret_line_wrong(error);
}
