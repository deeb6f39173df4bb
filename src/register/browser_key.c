/* A signing key for the page of one's own server: spec/browser-key.md. */
#include "crypto/browser_key.h"

#include "json/write.h"
#include "register/register.h"
#include "text/utf8.h"
#include <inttypes.h>
#include <stdio.h>

static void put_base64(struct json_writer *w, const char *name, const uint8_t *bytes, size_t size)
{
    char text[BASE64_SIZE(BROWSER_KEY_CIPHER_BYTES)];
    base64_format(text, sizeof text, slice_of(bytes, size));
    json_put_key(w, name), json_put_string(w, text);
}

static enum status put_file(struct buffer *out, const struct signer *signer, const struct browser_key *key,
                            struct error *error)
{
    char verifier[VERIFIER_TEXT_SIZE], id[9];
    struct json_writer w;
    verifier_format(&signer->verifier, verifier);
    snprintf(id, sizeof id, "%08" PRIx32, signer->verifier.id);
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "cipher"), json_put_string(&w, "AES-256-GCM");
    json_put_key(&w, "form"), json_put_string(&w, "truce-browser-key/1");
    json_put_key(&w, "id"), json_put_string(&w, id);
    json_put_key(&w, "iterations"), json_put_integer(&w, BROWSER_KEY_ITERATIONS);
    put_base64(&w, "iv", key->iv, sizeof key->iv);
    json_put_key(&w, "kdf"), json_put_string(&w, "PBKDF2-HMAC-SHA-256");
    json_put_key(&w, "name"), json_put_string(&w, signer->verifier.name);
    put_base64(&w, "salt", key->salt, sizeof key->salt);
    put_base64(&w, "sealed", key->cipher, sizeof key->cipher);
    json_put_key(&w, "verifier"), json_put_string(&w, verifier);
    json_put_close(&w);
    TRY(json_write_finish(&w, error));
    buffer_put_byte(out, '\n');
    return buffer_finish(out, error);
}

/* Two keyboards may write one letter in two ways. */
static enum status export(const struct signer *signer, struct slice passphrase, const char *path, struct error *error) {
    OWN(secret_wipe) struct buffer normal = {0}; OWN(buffer_clear) struct buffer text = {0}; struct browser_key key;
    if (passphrase.size == 0) return error_set(error, STATUS_USAGE, "key-passphrase-none",
                                               "A key for a browser needs a passphrase.", NULL);
    TRY(text_normalise(&normal, passphrase, error));
    TRY(browser_key_make(&key, signer, buffer_slice(&normal), error));
    TRY(put_file(&text, signer, &key, error));
    return file_create(&system_real, path, buffer_slice(&text), 0600, error);
}

enum truce_status truce_key_export(const struct truce_key *key, const char *passphrase, const char *path,
                                   struct truce_error *error)
{
    struct error why;
    return public_status(export(&key->signer, slice_from(passphrase), path, &why), &why, error);
}
