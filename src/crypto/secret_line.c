#include "crypto/secret_line.h"

#include "crypto/hash.h"
#include "crypto/sign.h"
#include <inttypes.h>
#include <sodium.h>

static const char plain_head[] = "PRIVATE+KEY+", guarded_head[] = "TRUCE+ENCRYPTED+KEY+";

/* Interactive strength (a fraction of a second, 64 MiB): the file says what it was made with, so it can rise. Reading
 * accepts up to the sensitive limits, so that a planted file cannot take the machine's memory. */
#define OPS crypto_pwhash_argon2id_OPSLIMIT_MODERATE
#define MEMORY crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE

enum {
    SALT = crypto_pwhash_SALTBYTES,
    NONCE = crypto_secretbox_NONCEBYTES,
    MAC = crypto_secretbox_MACBYTES,
    BEFORE = SALT + NONCE,
    GUARDED_MOST = BEFORE + SECRET_LINE_MOST + MAC
};

void secret_line_clear(struct secret_line *line)
{
    crypto_wipe(line, sizeof *line);
}

enum status secret_line_wrong(struct error *error)
{
    return error_set(error, STATUS_FAILED, "key-file-form", "This is not a secret key file of truce.", NULL);
}

static enum status derive(uint8_t key[crypto_secretbox_KEYBYTES], struct slice passphrase, const uint8_t *salt,
                          unsigned long long ops, size_t memory, struct error *error)
{
    if (crypto_pwhash(key, crypto_secretbox_KEYBYTES, (const char *)passphrase.data, passphrase.size, salt, ops, memory,
                      crypto_pwhash_ALG_ARGON2ID13) == 0)
        return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "key-memory", "There is not enough memory to derive the key.", NULL);
}

static enum status guard(struct buffer *out, const struct secret_line *line, struct slice passphrase,
                         struct error *error)
{
    uint8_t guarded[GUARDED_MOST], key[crypto_secretbox_KEYBYTES];
    crypto_random(guarded, BEFORE);
    TRY(derive(key, passphrase, guarded, OPS, MEMORY, error));
    crypto_secretbox_easy(guarded + BEFORE, line->bytes, line->size, guarded + SALT, key);
    crypto_wipe(key, sizeof key);
    char base64[BASE64_SIZE(GUARDED_MOST)];
    base64_format(base64, sizeof base64, slice_of(guarded, BEFORE + line->size + MAC));
    buffer_print(out, "%s%.*s+%08" PRIx32 "+argon2id+%llu+%zu+%s\n", guarded_head, SLICE(line->name), line->id,
                 (unsigned long long)OPS, (size_t)MEMORY, base64);
    return STATUS_DONE;
}

enum status secret_line_format(struct buffer *out, const struct secret_line *line, struct slice passphrase,
                               struct error *error)
{
    if (passphrase.size > 0) {
        TRY(guard(out, line, passphrase, error));
    } else {
        char base64[BASE64_SIZE(SECRET_LINE_MOST)];
        base64_format(base64, sizeof base64, slice_of(line->bytes, line->size));
        buffer_print(out, "%s%.*s+%08" PRIx32 "+%s\n", plain_head, SLICE(line->name), line->id, base64);
        crypto_wipe(base64, sizeof base64);
    }
    return buffer_finish(out, error);
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

static enum status unguard(struct secret_line *out, struct slice rest, struct slice passphrase, struct error *error)
{
    unsigned long long ops, memory;
    uint8_t guarded[GUARDED_MOST], key[crypto_secretbox_KEYBYTES];
    size_t size;
    if (!slice_is(cut(&rest), "argon2id") || !number(&ops, cut(&rest), crypto_pwhash_argon2id_OPSLIMIT_SENSITIVE) ||
        !number(&memory, cut(&rest), crypto_pwhash_argon2id_MEMLIMIT_SENSITIVE) ||
        !base64_parse(guarded, sizeof guarded, &size, rest) || size <= BEFORE + MAC ||
        ops < crypto_pwhash_argon2id_OPSLIMIT_MIN || memory < crypto_pwhash_argon2id_MEMLIMIT_MIN)
        return secret_line_wrong(error);
    if (passphrase.size == 0)
        return error_set(error, STATUS_FAILED, "key-passphrase-needed", "This key is under a passphrase.", NULL);
    TRY(derive(key, passphrase, guarded, ops, (size_t)memory, error));
    int bad = crypto_secretbox_open_easy(out->bytes, guarded + BEFORE, size - BEFORE, guarded + SALT, key);
    crypto_wipe(key, sizeof key);
    out->size = size - BEFORE - MAC;
    if (bad != 0)
        return error_set(error, STATUS_FAILED, "key-passphrase-wrong",
                         "The passphrase does not open this key, or the file was changed.", NULL);
    return STATUS_DONE;
}

static bool id_parse(uint32_t *out, struct slice hex)
{
    uint8_t bytes[4];
    if (!hex_parse(bytes, sizeof bytes, hex)) return false;
    *out = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    return true;
}

enum status secret_line_parse(struct secret_line *out, struct slice text, struct slice passphrase, struct error *error)
{
    if (text.size > 0 && text.data[text.size - 1] == '\n') text.size--;
    bool plain = slice_starts(text, plain_head);
    if (!plain && !slice_starts(text, guarded_head)) return secret_line_wrong(error);
    struct slice rest = slice_part(text, plain ? sizeof plain_head - 1 : sizeof guarded_head - 1, SIZE_MAX);
    out->name = cut(&rest);
    if (!id_parse(&out->id, cut(&rest))) return secret_line_wrong(error);
    if (!plain) return unguard(out, rest, passphrase, error);
    return base64_parse(out->bytes, sizeof out->bytes, &out->size, rest) ? STATUS_DONE : secret_line_wrong(error);
}
