/* Tokens: what a member shows at a server's door. 256 random bits need no slow hash: nobody finds them by trying. */
#include "register/register.h"

#include <stdio.h>
#include <string.h>

enum { TOKEN_BYTES = 32, CREDENTIALS_MOST = 1024 };

static void token_hash(struct slice token, char hash[TRUCE_TOKEN_HASH_SIZE])
{
    struct hash of_token = hash_of(token);
    hash_format(&of_token, hash);
}

enum status token_new(struct truce_buffer *token, char hash[TRUCE_TOKEN_HASH_SIZE], struct error *error)
{
    uint8_t bytes[TOKEN_BYTES];
    char text[BASE64_SIZE(TOKEN_BYTES)];
    OWN(buffer_clear) struct buffer out = {0};
    TRY(crypto_start(error));
    crypto_random(bytes, sizeof bytes);
    base64_format(text, sizeof text, slice_of(bytes, sizeof bytes));
    for (char *c = text; *c != '\0'; c++) *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
    *strchr(text, '=') = '\0';
    token_hash(slice_from(text), hash);
    buffer_put_string(&out, text);
    crypto_wipe(bytes, sizeof bytes);
    crypto_wipe(text, sizeof text);
    return public_buffer(token, &out, error);
}

enum truce_status truce_token_new(struct truce_buffer *token, char hash[TRUCE_TOKEN_HASH_SIZE],
                                  struct truce_error *error)
{
    struct error why;
    return public_status(token_new(token, hash, &why), &why, error);
}

enum truce_status truce_token_say(const char *name, const char *token, struct truce_buffer *authorization,
                                  struct truce_error *error)
{
    struct error why;
    char pair[CREDENTIALS_MOST], text[BASE64_SIZE(CREDENTIALS_MOST)];
    OWN(buffer_clear) struct buffer out = {0};
    int size =
        name == NULL ? snprintf(pair, sizeof pair, "%s", token) : snprintf(pair, sizeof pair, "%s:%s", name, token);
    if (size < 0 || (size_t)size >= sizeof pair)
        return public_status(error_set(&why, STATUS_USAGE, "token-form", "This is no token of a member.", NULL), &why,
                             error);
    base64_format(text, sizeof text, slice_of(pair, (size_t)size));
    buffer_print(&out, "%s %s", name == NULL ? "Bearer" : "Basic", name == NULL ? pair : text);
    crypto_wipe(pair, sizeof pair);
    crypto_wipe(text, sizeof text);
    return public_status(public_buffer(authorization, &out, &why), &why, error);
}

/* The scheme's name in any case, and what stands behind it. */
static bool scheme(struct slice said, const char *name, struct slice *rest)
{
    size_t size = strlen(name);
    if (said.size < size || strncasecmp((const char *)said.data, name, size) != 0) return false;
    while (size < said.size && said.data[size] == ' ') size++;
    *rest = slice_part(said, size, said.size);
    while (rest->size > 0 && rest->data[rest->size - 1] == ' ') rest->size--;
    return true;
}

static bool read_basic(struct slice text, char name[TRUCE_TOKEN_NAME_SIZE], char hash[TRUCE_TOKEN_HASH_SIZE])
{
    uint8_t pair[CREDENTIALS_MOST];
    size_t size;
    if (text.size > CREDENTIALS_MOST || !base64_parse(pair, sizeof pair, &size, text)) return false;
    const uint8_t *colon = size == 0 ? NULL : memchr(pair, ':', size);
    size_t length = colon == NULL ? 0 : (size_t)(colon - pair);
    bool good = colon != NULL && length < TRUCE_TOKEN_NAME_SIZE && memchr(pair, '\0', length) == NULL;
    if (good) {
        memcpy(name, pair, length);
        name[length] = '\0';
        token_hash(slice_of(colon + 1, size - length - 1), hash);
    }
    crypto_wipe(pair, sizeof pair);
    return good;
}

bool truce_token_read(const char *authorization, size_t size, char name[TRUCE_TOKEN_NAME_SIZE],
                      char hash[TRUCE_TOKEN_HASH_SIZE])
{
    struct slice rest;
    if (scheme(slice_of(authorization, size), "Basic ", &rest)) return read_basic(rest, name, hash);
    if (!scheme(slice_of(authorization, size), "Bearer ", &rest)) return false;
    name[0] = '\0';
    token_hash(rest, hash);
    return true;
}

bool truce_token_equal(const char a[TRUCE_TOKEN_HASH_SIZE], const char b[TRUCE_TOKEN_HASH_SIZE])
{
    volatile unsigned differs = 0;
    for (size_t i = 0; i < TRUCE_TOKEN_HASH_SIZE - 1; i++) differs |= (unsigned)(a[i] ^ b[i]);
    return differs == 0;
}
