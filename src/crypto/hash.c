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

/* Eight letters of base64, the first in the lowest byte, as two numbers of 24 bits. Without a table or a branch, for
 * secret keys are read by it too. False if any is no letter. */
static bool base64_eight(uint64_t word, uint32_t out[2])
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones * 0x80, low = word & ~high;
#define AT_LEAST(n) (((low | high) - ones * (n)) & high) /* the high bit of each byte that is */
#define RANGE(from, to) (AT_LEAST(from) & ~AT_LEAST((to) + 1))
#define MUCH(flags, n) ((((flags) >> 7) * 0xFF) & (ones * (n))) /* n in each such byte */
    uint64_t upper = RANGE('A', 'Z'), lower = RANGE('a', 'z'), digit = RANGE('0', '9');
    uint64_t plus = RANGE('+', '+'), slash = RANGE('/', '/');
    uint64_t value = low - MUCH(upper, 'A') - MUCH(lower, 'a' - 26) + MUCH(digit, 52 - '0') + MUCH(plus, 62 - '+') +
                     MUCH(slash, 63 - '/');
#undef AT_LEAST
#undef RANGE
#undef MUCH
    const uint64_t bytes = UINT64_C(0x00FF00FF00FF00FF), pairs = UINT64_C(0x0000FFFF0000FFFF);
    uint64_t two = (value & bytes) << 6 | (value >> 8 & bytes), four = (two & pairs) << 12 | (two >> 16 & pairs);
    out[0] = (uint32_t)four;
    out[1] = (uint32_t)(four >> 32);
    return ((upper | lower | digit | plus | slash) & ~word & high) == high;
}

/* At most eight letters; what is missing is taken for A, which is 0. */
static uint64_t base64_load(const uint8_t *text, size_t size)
{
    uint8_t eight[8] = {'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A'};
    uint64_t word;
    if (size < 8) memcpy(eight, text, size);
    memcpy(&word, size < 8 ? eight : text, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* Padding stands at the end alone, and the bits behind the last byte are 0, so that one value has one text. Not by
 * libsodium: 1.0.18 takes some bytes above 127 for letters, and two forms of one signature must not be. */
bool base64_parse(uint8_t *out, size_t capacity, size_t *size, struct slice text)
{
    size_t padding = 0, at = 0, letters;
    bool good = true;
    uint8_t left = 0;
    if (text.size % 4 != 0) return false;
    while (padding < 2 && padding < text.size && text.data[text.size - 1 - padding] == '=') padding++;
    *size = text.size / 4 * 3 - padding;
    letters = text.size - padding;
    if (*size > capacity) return false;
    for (size_t i = 0; i < letters; i += 8) {
        uint32_t four[2];
        uint8_t six[6];
        good = base64_eight(base64_load(text.data + i, letters - i), four) && good;
        for (size_t k = 0; k < 6; k++) six[k] = (uint8_t)(four[k / 3] >> (16 - 8 * (k % 3)));
        size_t count = *size - at < 6 ? *size - at : 6;
        memcpy(out + at, six, count);
        at += count;
        for (size_t k = count; k < 6; k++) left |= six[k];
    }
    return good && left == 0;
}
