#include "crypto/reader_secret.h"

#include "crypto/secret_line.h"
#include "crypto/sign.h"
#include <sodium.h>

static const char type[] = READER_KEY_TYPE;

enum { TYPE = sizeof type - 1, KEPT = READER_KEY_TYPED };

void reader_secret_clear(struct reader_secret *secret)
{
    crypto_wipe(secret, sizeof *secret);
}

enum status reader_secret_make(struct reader_secret *out, struct slice name, const uint8_t secret[READER_KEY_BYTES],
                               struct error *error)
{
    uint8_t key[SEAL_READER_BYTES];
    crypto_scalarmult_base(key, secret);
    TRY(reader_key_make(&out->key, name, key, error));
    memcpy(out->bytes, secret, sizeof out->bytes);
    return STATUS_DONE;
}

enum status reader_secret_random(struct reader_secret *out, struct slice name, struct error *error)
{
    uint8_t key[SEAL_READER_BYTES], secret[READER_KEY_BYTES];
    crypto_box_keypair(key, secret);
    enum status status = reader_secret_make(out, name, secret, error);
    crypto_wipe(secret, sizeof secret);
    return status;
}

enum status reader_secret_format(const struct reader_secret *secret, struct slice passphrase, struct buffer *out,
                                 struct error *error)
{
    OWN(secret_line_clear) struct secret_line line = {slice_from(secret->key.name), secret->key.id, KEPT, {0}};
    memcpy(line.bytes, type, TYPE);
    memcpy(line.bytes + TYPE, secret->bytes, SEAL_READER_BYTES);
    return secret_line_format(out, &line, passphrase, error);
}

enum status reader_secret_parse(struct reader_secret *out, struct slice text, struct slice passphrase,
                                struct error *error)
{
    OWN(secret_line_clear) struct secret_line line = {0};
    TRY(secret_line_parse(&line, text, passphrase, error));
    if (line.size != KEPT || memcmp(line.bytes, type, TYPE) != 0)
        return error_set(error, STATUS_FAILED, "key-file-use",
                         "This is not a reader's key: \"truce key new NAME --out FILE --read\" makes one.", NULL);
    TRY(reader_secret_make(out, line.name, line.bytes + TYPE, error));
    if (out->key.id == line.id) return STATUS_DONE;
    reader_secret_clear(out);
    return secret_line_wrong(error);
}

bool reader_secret_unbox(struct seal_key *out, const struct seal_file *file, const struct reader_secret *secret)
{
    const struct seal_reader reader = reader_key_seal(&secret->key);
    return seal_file_unbox(out, file, &reader, secret->bytes);
}
