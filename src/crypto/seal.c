#include "crypto/seal.h"

#include "crypto/sign.h"
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

static const char domain[] = "truce-seal/v1"; /* hashed with its NUL */
static const char head[] = "truce-sealed/v1 ";

enum { TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES, MARK = 0x80, CLASS_RATIO = 4 };

_Static_assert(SEAL_NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "the nonce of XChaCha20");
_Static_assert(SEAL_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the key of XChaCha20");
_Static_assert(SEAL_BOX_BYTES == 4 + crypto_box_SEALBYTES + SEAL_KEY_BYTES, "a sealed box");
_Static_assert(SEAL_OPENING_MOST == SEAL_CIPHER_MOST - SEAL_NONCE_BYTES - TAG - 1, "the largest class");

struct hash seal_commit(const uint8_t salt[SEAL_SALT_BYTES], struct slice value)
{
    const struct slice parts[] = {slice_of(domain, sizeof domain), slice_of(salt, SEAL_SALT_BYTES), value};
    return hash_of_parts(parts, COUNT_OF(parts));
}

void seal_key_random(struct seal_key *out)
{
    crypto_random(out->bytes, sizeof out->bytes);
}

void seal_key_clear(struct seal_key *key)
{
    crypto_wipe(key, sizeof *key);
}

/* ---- the cipher: nonce ‖ encrypted(opening ‖ 80 ‖ 00 …) ‖ tag, of one of few sizes */

static bool is_class(size_t size)
{
    for (size_t class = SEAL_CIPHER_LEAST; class <= SEAL_CIPHER_MOST; class *= CLASS_RATIO)
        if (size == class) return true;
    return false;
}

static size_t class_of(size_t opening_size)
{
    size_t class = SEAL_CIPHER_LEAST;
    while (class < SEAL_NONCE_BYTES + opening_size + 1 + TAG) class *= CLASS_RATIO;
    return class;
}

enum status seal_encrypt_with(struct buffer *cipher, struct slice opening, const struct hash *commitment,
                              const struct seal_key *key, const uint8_t nonce[SEAL_NONCE_BYTES], struct error *error)
{
    if (opening.size > SEAL_OPENING_MOST)
        return error_set(error, STATUS_REFUSED, "seal-large",
                         "A sealed value with its opening has at most {0} bytes; this has {1}.",
                         error_number(SEAL_OPENING_MOST).text, error_number((int64_t)opening.size).text, NULL);
    size_t size = class_of(opening.size), padded = size - SEAL_NONCE_BYTES - TAG;
    uint8_t *at = buffer_reserve(cipher, size);
    if (at == NULL) return buffer_finish(cipher, error);
    uint8_t *text = at + SEAL_NONCE_BYTES;
    memcpy(at, nonce, SEAL_NONCE_BYTES);
    memcpy(text, opening.data, opening.size);
    text[opening.size] = MARK;
    memset(text + opening.size + 1, 0, padded - opening.size - 1);
    crypto_aead_xchacha20poly1305_ietf_encrypt(text, NULL, text, padded, commitment->bytes, HASH_BYTES, NULL, nonce,
                                               key->bytes);
    buffer_advance(cipher, size);
    return STATUS_DONE;
}

enum status seal_encrypt(struct buffer *cipher, struct slice opening, const struct hash *commitment,
                         const struct seal_key *key, struct error *error)
{
    uint8_t nonce[SEAL_NONCE_BYTES];
    crypto_random(nonce, sizeof nonce);
    return seal_encrypt_with(cipher, opening, commitment, key, nonce, error);
}

static enum status not_the_cipher(struct error *error)
{
    return error_set(error, STATUS_UNVERIFIED, "seal-cipher",
                     "The sealed value cannot be decrypted with this key: it was changed, or the box holds another "
                     "key.",
                     NULL);
}

enum status seal_decrypt(struct buffer *opening, struct slice cipher, const struct hash *commitment,
                         const struct seal_key *key, struct error *error)
{
    if (!is_class(cipher.size)) return not_the_cipher(error);
    size_t padded = cipher.size - SEAL_NONCE_BYTES - TAG, size = padded;
    uint8_t *text = buffer_reserve(opening, padded);
    if (text == NULL) return buffer_finish(opening, error);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(text, NULL, NULL, cipher.data + SEAL_NONCE_BYTES,
                                                   cipher.size - SEAL_NONCE_BYTES, commitment->bytes, HASH_BYTES,
                                                   cipher.data, key->bytes) != 0)
        return not_the_cipher(error);
    while (size > 0 && text[size - 1] == 0) size--;
    /* One form for one opening: also the padding must be the smallest that there is. */
    if (size == 0 || text[size - 1] != MARK || class_of(size - 1) != cipher.size) {
        crypto_wipe(text, padded);
        return not_the_cipher(error);
    }
    buffer_advance(opening, size - 1);
    return STATUS_DONE;
}

/* ---- boxes */

static void put_id(uint8_t out[4], uint32_t id)
{
    for (unsigned i = 0; i < 4; i++) out[i] = (uint8_t)(id >> (24 - 8 * i));
}

bool seal_box(uint8_t out[SEAL_BOX_BYTES], const struct seal_reader *reader, const struct seal_key *key)
{
    put_id(out, reader->id);
    return crypto_box_seal(out + 4, key->bytes, SEAL_KEY_BYTES, reader->key) == 0;
}

uint32_t seal_box_id(const uint8_t box[SEAL_BOX_BYTES])
{
    return (uint32_t)box[0] << 24 | (uint32_t)box[1] << 16 | (uint32_t)box[2] << 8 | box[3];
}

bool seal_unbox(struct seal_key *out, const uint8_t box[SEAL_BOX_BYTES], const struct seal_reader *reader,
                const uint8_t secret[SEAL_READER_BYTES])
{
    return seal_box_id(box) == reader->id &&
           crypto_box_seal_open(out->bytes, box + 4, SEAL_BOX_BYTES - 4, reader->key, secret) == 0;
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, SEAL_BOX_BYTES);
}

/* Sorted already: each once, and of one key id no more than may be. */
static bool boxes_good(struct slice boxes)
{
    size_t alike = 1;
    for (size_t at = SEAL_BOX_BYTES; at < boxes.size; at += SEAL_BOX_BYTES) {
        const uint8_t *box = boxes.data + at, *before = box - SEAL_BOX_BYTES;
        if (memcmp(before, box, SEAL_BOX_BYTES) >= 0) return false;
        alike = memcmp(before, box, 4) == 0 ? alike + 1 : 1;
        if (alike > SEAL_BOXES_EACH_MOST) return false;
    }
    return true;
}

/* ---- the file */

static enum status not_a_file(struct error *error)
{
    return error_set(error, STATUS_REFUSED, "seal-file",
                     "This is not a sealed value as truce keeps them, or not in the one form that it has.", NULL);
}

static enum status too_many_boxes(struct error *error)
{
    return error_set(error, STATUS_REFUSED, "seal-boxes",
                     "A sealed value has boxes for at most {0} keys, and at most {1} for one.",
                     error_number(SEAL_BOXES_MOST).text, error_number(SEAL_BOXES_EACH_MOST).text, NULL);
}

/* A decimal number in its one form, and the byte behind it. */
static bool cut_number(struct slice *rest, uint8_t end, size_t most, size_t *out)
{
    size_t at = 0, number = 0;
    while (at < rest->size && at < 6 && rest->data[at] >= '0' && rest->data[at] <= '9')
        number = number * 10 + (size_t)(rest->data[at++] - '0');
    bool good = at > 0 && (at == 1 || rest->data[0] != '0') && at < rest->size && rest->data[at] == end;
    *rest = slice_part(*rest, at + 1, SIZE_MAX);
    *out = number;
    return good && number <= most;
}

enum status seal_file_next(struct seal_file *out, struct slice *rest, struct error *error)
{
    size_t size, count;
    if (!slice_starts(*rest, head)) return not_a_file(error);
    struct slice body = slice_part(*rest, sizeof head - 1, SIZE_MAX);
    if (!cut_number(&body, ' ', SEAL_CIPHER_MOST, &size) || !cut_number(&body, '\n', SEAL_BOXES_MOST, &count))
        return not_a_file(error);
    size_t boxes = count * SEAL_BOX_BYTES;
    if (!is_class(size) || body.size < size + boxes) return not_a_file(error);
    struct seal_file file = {slice_part(body, 0, size), slice_part(body, size, boxes)};
    if (!boxes_good(file.boxes)) return not_a_file(error);
    *rest = slice_part(body, size + boxes, SIZE_MAX);
    *out = file;
    return STATUS_DONE;
}

enum status seal_file_format(struct buffer *out, struct slice cipher, struct slice boxes, struct error *error)
{
    uint8_t *sorted = malloc(boxes.size + 1);
    size_t count = boxes.size / SEAL_BOX_BYTES, kept = 0;
    if (sorted == NULL) return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
    if (boxes.size > 0) memcpy(sorted, boxes.data, boxes.size);
    qsort(sorted, count, SEAL_BOX_BYTES, by_bytes);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *box = sorted + i * SEAL_BOX_BYTES;
        if (kept > 0 && memcmp(box, sorted + (kept - 1) * SEAL_BOX_BYTES, SEAL_BOX_BYTES) == 0) continue;
        memmove(sorted + kept++ * SEAL_BOX_BYTES, box, SEAL_BOX_BYTES);
    }
    struct slice each = slice_of(sorted, kept * SEAL_BOX_BYTES);
    bool good = kept <= SEAL_BOXES_MOST && boxes_good(each);
    if (good) {
        buffer_print(out, "%s%zu %zu\n", head, cipher.size, kept);
        buffer_put(out, cipher);
        buffer_put(out, each);
    }
    free(sorted);
    return good ? buffer_finish(out, error) : too_many_boxes(error);
}

bool seal_file_unbox(struct seal_key *out, const struct seal_file *file, const struct seal_reader *reader,
                     const uint8_t secret[SEAL_READER_BYTES])
{
    for (size_t at = 0; at + SEAL_BOX_BYTES <= file->boxes.size; at += SEAL_BOX_BYTES)
        if (seal_unbox(out, file->boxes.data + at, reader, secret)) return true;
    return false;
}
