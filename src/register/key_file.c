/* Secret key files: mode 0600, one line, never in arguments. */
#include "register/register.h"

#include "crypto/reader_secret.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { KEY_FILE_MOST = 8192, PASSPHRASE_MOST = 1024 };

/* A key that others may read is not a secret: it is refused rather than quietly used. */
static enum status check_mode(const char *path, struct error *error)
{
    struct stat about;
    if (stat(path, &about) != 0) return STATUS_DONE; /* reading it gives the better sentence */
    if ((about.st_mode & 077) == 0) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_FAILED, "key-permissions",
                              "The secret key file {0} may be read or written by others; run chmod 600 on it.", path,
                              NULL),
                    path);
}

void secret_wipe(struct buffer *buffer)
{
    if (buffer->data != NULL) crypto_wipe(buffer->data, buffer->capacity);
    buffer_clear(buffer);
}

static enum status is_session(const char *path, struct error *error)
{
    return error_set(error, STATUS_USAGE, "key-session",
                     "The key in {0} is a session key: it opens the door of a server, and signs nothing else.", path,
                     NULL);
}

/* What a secret file is read as: a key that signs, or one that reads. */
typedef enum status secret_parse(void *out, struct slice text, struct slice passphrase, struct error *error);

static enum status parse_signer(void *out, struct slice text, struct slice passphrase, struct error *error)
{
    return signer_parse(out, text, passphrase, error);
}

static enum status parse_reader(void *out, struct slice text, struct slice passphrase, struct error *error)
{
    return reader_secret_parse(out, text, passphrase, error);
}

static enum status open_with_passphrase(secret_parse *parse, struct slice text, const char *path, truce_passphrase *ask,
                                        void *context, void *out, struct error *error)
{
    char passphrase[PASSPHRASE_MOST];
    long size = ask(context, path, passphrase, sizeof passphrase);
    if (size < 0 || size >= PASSPHRASE_MOST) size = 0;
    enum status status = parse(out, text, slice_of(passphrase, (size_t)size), error);
    crypto_wipe(passphrase, sizeof passphrase);
    return status;
}

enum status secret_file_read(const struct system *system, const char *path, struct buffer *out, struct error *error)
{
    TRY(check_mode(path, error));
    return file_read_all(system, path, KEY_FILE_MOST, out, error);
}

static enum status read_secret(const struct system *system, const char *path, secret_parse *parse,
                               truce_passphrase *ask, void *context, void *out, struct error *error)
{
    OWN(secret_wipe) struct buffer text = {0};
    struct error why;
    TRY(secret_file_read(system, path, &text, error));
    if (slice_starts(buffer_slice(&text), SESSION_FILE_HEAD)) return error_at(error, is_session(path, error), path);
    enum status status = parse(out, buffer_slice(&text), slice_from(""), &why);
    if (status != STATUS_DONE && ask != NULL && strcmp(why.code, "key-passphrase-needed") == 0)
        status = open_with_passphrase(parse, buffer_slice(&text), path, ask, context, out, &why);
    if (status == STATUS_DONE) return STATUS_DONE;
    if (error != NULL) *error = why;
    return error_at(error, status, path);
}

enum status key_file_read(const struct system *system, const char *path, truce_passphrase *ask, void *context,
                          struct signer *out, struct error *error)
{
    return read_secret(system, path, parse_signer, ask, context, out, error);
}

enum status reader_file_read(const struct system *system, const char *path, truce_passphrase *ask, void *context,
                             struct reader_secret *out, struct error *error)
{
    return read_secret(system, path, parse_reader, ask, context, out, error);
}

enum status key_file_create(const struct system *system, const char *path, const struct signer *signer,
                            struct slice passphrase, struct error *error)
{
    OWN(secret_wipe) struct buffer text = {0};
    TRY(signer_format(signer, passphrase, &text, error));
    return file_create(system, path, buffer_slice(&text), 0600, error);
}

/* ---- public */

static enum status verifier_answer(const struct signer *signer, struct truce_buffer *out, struct error *error)
{
    char text[VERIFIER_TEXT_SIZE];
    OWN(buffer_clear) struct buffer answer = {0};
    verifier_format(&signer->verifier, text);
    buffer_put_string(&answer, text);
    return public_buffer(out, &answer, error);
}

static enum status reader_new(const char *name, const char *path, const char *passphrase, struct truce_buffer *key,
                              struct error *error)
{
    OWN(reader_secret_clear) struct reader_secret secret;
    OWN(secret_wipe) struct buffer line = {0};
    OWN(buffer_clear) struct buffer answer = {0};
    char text[READER_KEY_TEXT_SIZE];
    TRY(reader_secret_random(&secret, slice_from(name), error));
    TRY(reader_secret_format(&secret, slice_from(passphrase == NULL ? "" : passphrase), &line, error));
    TRY(file_create(&system_real, path, buffer_slice(&line), 0600, error));
    reader_key_format(&secret.key, text);
    buffer_put_string(&answer, text);
    return public_buffer(key, &answer, error);
}

static enum status key_new(const char *name, enum truce_use use, const char *path, const char *passphrase,
                           struct truce_buffer *verifier, struct error *error)
{
    OWN(signer_clear) struct signer signer;
    TRY(crypto_start(error));
    if (use == TRUCE_USE_READ) return reader_new(name, path, passphrase, verifier, error);
    if (use == TRUCE_USE_COSIGN)
        TRY(cosigner_random(&signer, slice_from(name), error));
    else
        TRY(signer_random(&signer, slice_from(name), error));
    TRY(key_file_create(&system_real, path, &signer, slice_from(passphrase == NULL ? "" : passphrase), error));
    return verifier_answer(&signer, verifier, error);
}

enum truce_status truce_key_new(const char *name, enum truce_use use, const char *path, const char *passphrase,
                                struct truce_buffer *verifier, struct truce_error *error)
{
    struct error why;
    return public_status(key_new(name, use, path, passphrase, verifier, &why), &why, error);
}

enum truce_status truce_key_open(struct truce_key **out, const char *path, truce_passphrase *ask, void *context,
                                 struct truce_error *error)
{
    struct error why;
    struct truce_key *key = calloc(1, sizeof *key);
    if (key == NULL) return public_status(arena_full(&why), &why, error);
    enum status status = crypto_start(&why);
    if (status == STATUS_DONE) status = key_file_read(&system_real, path, ask, context, &key->signer, &why);
    if (status == STATUS_DONE)
        *out = key;
    else
        truce_key_close(&key);
    return public_status(status, &why, error);
}

enum truce_status truce_key_public(const struct truce_key *key, struct truce_buffer *verifier,
                                   struct truce_error *error)
{
    struct error why;
    return public_status(verifier_answer(&key->signer, verifier, &why), &why, error);
}

void truce_key_close(struct truce_key **key)
{
    if (*key != NULL) signer_clear(&(*key)->signer);
    free(*key);
    *key = NULL;
}

/* ---- whose it is */

bool key_file_names(const struct system *system, const char *path, char name[LIMIT_ORIGIN_BYTES + 1], uint32_t *id)
{
    static const char *const heads[] = {"PRIVATE+KEY+", "TRUCE+ENCRYPTED+KEY+"};
    struct buffer text = {0};
    unsigned long number = 0;
    bool there = false;
    if (secret_file_read(system, path, &text, NULL) != STATUS_DONE) return false;
    buffer_put_byte(&text, '\0');
    for (size_t i = 0; i < COUNT_OF(heads) && !there && !text.failed; i++) {
        struct slice rest = buffer_slice(&text);
        if (!slice_starts(rest, heads[i])) continue;
        rest = slice_part(rest, strlen(heads[i]), rest.size);
        size_t size = strcspn((const char *)rest.data, "+");
        if (size == 0 || size > LIMIT_ORIGIN_BYTES || rest.data[size] != '+') continue;
        memcpy(name, rest.data, size);
        name[size] = '\0';
        char hex[9] = {0}, *end;
        memcpy(hex, rest.data + size + 1, strnlen((const char *)rest.data + size + 1, 8));
        number = strtoul(hex, &end, 16);
        there = end == hex + 8 && rest.data[size + 9] == '+';
    }
    *id = (uint32_t)number;
    secret_wipe(&text);
    return there;
}

enum { KEYS_MOST = 256 };

enum status register_keys(struct truce_register *reg, key_visit *visit, void *context, struct error *error)
{
    char folder[REGISTER_PATH_SIZE], path[REGISTER_PATH_SIZE], name[LIMIT_ORIGIN_BYTES + 1];
    const struct system *s = reg->system;
    OWN(buffer_clear) struct buffer names = {0};
    uint32_t id;
    size_t keys = 0;
    TRY(register_path(folder, reg->directory, "keys", error));
    if (s->list(s->context, folder, &names) != 0)
        return errno == ENOENT ? STATUS_DONE : error_system(error, "list", folder, errno);
    TRY(buffer_finish(&names, error));
    for (size_t at = 0; at < names.size && keys < KEYS_MOST; at += strlen((const char *)names.data + at) + 1) {
        TRY(register_path(path, folder, (const char *)names.data + at, error));
        if (!key_file_names(s, path, name, &id)) continue;
        keys++;
        TRY(visit(context, name, id, error));
    }
    return STATUS_DONE;
}
