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

/* A digit's value with the bit 16; 0 for what is no digit. */
static const uint8_t hex_values[256] = {
    ['0'] = 16, ['1'] = 17, ['2'] = 18, ['3'] = 19, ['4'] = 20, ['5'] = 21, ['6'] = 22, ['7'] = 23,
    ['8'] = 24, ['9'] = 25, ['a'] = 26, ['b'] = 27, ['c'] = 28, ['d'] = 29, ['e'] = 30, ['f'] = 31};

bool hex_parse(uint8_t *out, size_t size, struct slice text)
{
    unsigned all = 16;
    if (text.size != 2 * size) return false;
    for (size_t i = 0; i < size; i++) {
        unsigned high = hex_values[text.data[2 * i]], low = hex_values[text.data[2 * i + 1]];
        out[i] = (uint8_t)(high << 4 | (low & 15));
        all &= high & low;
    }
    return all != 0;
}

bool hex_is(struct slice text)
{
    unsigned all = 16;
    for (size_t i = 0; i < text.size; i++) all &= hex_values[text.data[i]];
    return all != 0;
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

/* 0 … 63, or a number below 0 for what is no letter of base64. Without a table or a branch: secret keys are read by it.
 */
static int32_t base64_value(uint8_t byte)
{
    int32_t c = byte, value = -1;
    value += (((64 - c) & (c - 91)) >> 8) & (c - 64);  /* A-Z */
    value += (((96 - c) & (c - 123)) >> 8) & (c - 70); /* a-z */
    value += (((47 - c) & (c - 58)) >> 8) & (c + 5);   /* 0-9 */
    value += (((42 - c) & (c - 44)) >> 8) & 63;        /* + */
    value += (((46 - c) & (c - 48)) >> 8) & 64;        /* / */
    return value;
}

/* Four letters as 24 bits; what is no letter makes it negative. */
static int32_t base64_four(const uint8_t *text)
{
    int32_t a = base64_value(text[0]), b = base64_value(text[1]), c = base64_value(text[2]), d = base64_value(text[3]);
    return (a & 63) << 18 | (b & 63) << 12 | (c & 63) << 6 | (d & 63) | ((a | b | c | d) & INT32_MIN);
}

/* Padding stands at the end alone, and the bits behind the last byte are 0, so that one value has one text. Not by
 * libsodium: 1.0.18 takes some bytes above 127 for letters, and two forms of one signature must not be. */
bool base64_parse(uint8_t *out, size_t capacity, size_t *size, struct slice text)
{
    size_t padding = 0, at = 0;
    int32_t seen = 0;
    uint8_t last[4] = {'A', 'A', 'A', 'A'};
    if (text.size % 4 != 0) return false;
    while (padding < 2 && padding < text.size && text.data[text.size - 1 - padding] == '=') padding++;
    *size = text.size / 4 * 3 - padding;
    if (*size > capacity) return false;
    for (size_t i = 0; i + 4 < text.size; i += 4, at += 3) {
        int32_t bits = base64_four(text.data + i);
        seen |= bits;
        out[at] = (uint8_t)(bits >> 16);
        out[at + 1] = (uint8_t)(bits >> 8);
        out[at + 2] = (uint8_t)bits;
    }
    if (text.size == 0) return true;
    memcpy(last, text.data + text.size - 4, 4 - padding);
    int32_t bits = base64_four(last);
    for (int shift = 16; at < *size; shift -= 8) out[at++] = (uint8_t)(bits >> shift);
    return (seen | bits) >= 0 && (bits & ((1 << 8 * padding) - 1)) == 0;
}
