#include "crypto/hash.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

/* Fetching the digest costs more than hashing a record, so it is done once; a context is kept per thread. */
static EVP_MD *sha256;
static pthread_key_t context_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void free_context(void *context)
{
    EVP_MD_CTX_free(context);
}

/* A machine without SHA-256 or memory for one context cannot run truce at all. */
static void start(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (sha256 == NULL || pthread_key_create(&context_key, free_context) != 0) abort();
}

static EVP_MD_CTX *thread_context(void)
{
    pthread_once(&once, start);
    EVP_MD_CTX *context = pthread_getspecific(context_key);
    if (context != NULL) return context;
    context = EVP_MD_CTX_new();
    if (context == NULL || pthread_setspecific(context_key, context) != 0) abort();
    return context;
}

static void must(int done)
{
    if (done != 1) abort();
}

struct hash hash_of_parts(const struct slice *parts, size_t count)
{
    struct hash out;
    EVP_MD_CTX *context = thread_context();
    must(EVP_DigestInit_ex2(context, sha256, NULL));
    for (size_t i = 0; i < count; i++)
        if (parts[i].size > 0) must(EVP_DigestUpdate(context, parts[i].data, parts[i].size));
    must(EVP_DigestFinal_ex(context, out.bytes, NULL));
    return out;
}

struct hash hash_of(struct slice message)
{
    return hash_of_parts(&message, 1);
}

struct hasher {
    EVP_MD_CTX *context;
};

struct hasher *hasher_open(void)
{
    pthread_once(&once, start);
    struct hasher *hasher = malloc(sizeof *hasher);
    if (hasher == NULL) abort();
    hasher->context = EVP_MD_CTX_new();
    if (hasher->context == NULL) abort();
    must(EVP_DigestInit_ex2(hasher->context, sha256, NULL));
    return hasher;
}

void hasher_add(struct hasher *hasher, struct slice bytes)
{
    if (bytes.size > 0) must(EVP_DigestUpdate(hasher->context, bytes.data, bytes.size));
}

struct hash hasher_close(struct hasher **hasher)
{
    struct hash out;
    must(EVP_DigestFinal_ex((*hasher)->context, out.bytes, NULL));
    EVP_MD_CTX_free((*hasher)->context);
    free(*hasher);
    *hasher = NULL;
    return out;
}

void hex_format(char *out, struct slice bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.size; i++) {
        out[2 * i] = digits[bytes.data[i] >> 4];
        out[2 * i + 1] = digits[bytes.data[i] & 15];
    }
    out[2 * bytes.size] = '\0';
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

bool hex_parse(uint8_t *out, size_t size, struct slice text)
{
    if (text.size != 2 * size) return false;
    for (size_t i = 0; i < size; i++) {
        int high = hex_digit(text.data[2 * i]), low = hex_digit(text.data[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

void hash_format(const struct hash *hash, char out[HASH_HEX_SIZE])
{
    hex_format(out, slice_of(hash->bytes, HASH_BYTES));
}

bool hash_parse(struct hash *out, struct slice text)
{
    return hex_parse(out->bytes, HASH_BYTES, text);
}

void base64_format(char *out, size_t size, struct slice bytes)
{
    sodium_bin2base64(out, size, bytes.data, bytes.size, sodium_base64_VARIANT_ORIGINAL);
}

/* libsodium 1.0.18 takes some bytes above 127 for letters: two forms of one signature. */
static bool base64_alphabet(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        bool letter = (uint8_t)((c | 0x20U) - 'a') < 26 && c < 0x80, digit = (uint8_t)(c - '0') < 10;
        if (!letter && !digit && c != '+' && c != '/' && c != '=') return false;
    }
    return true;
}

/* libsodium refuses bad characters and padding; the round trip refuses stray bits behind the last byte, so that one
 * value has one text. */
bool base64_parse(uint8_t *out, size_t capacity, size_t *size, struct slice text)
{
    const char *end;
    if (text.size % 4 != 0 || !base64_alphabet(text)) return false;
    if (sodium_base642bin(out, capacity, (const char *)text.data, text.size, NULL, size, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    if (end != (const char *)text.data + text.size) return false;
    if (text.size == 0) return true;
    char last[5];
    size_t tail = *size % 3 == 0 ? 3 : *size % 3;
    base64_format(last, sizeof last, slice_of(out + *size - tail, tail));
    return memcmp(last, text.data + text.size - 4, 4) == 0;
}
