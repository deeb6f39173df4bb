/* Files of sealed values, openings and readers' keys: what is accepted has one form, and a file that was put together
 * from its parts is the same. */
#include "crypto/reader_secret.h"
#include "fuzz.h"
#include "record/opening.h"

static void files(struct slice text)
{
    struct slice rest = text;
    struct seal_file file;
    struct error error;
    struct buffer again = {0};
    while (rest.size > 0) {
        size_t before = rest.size;
        if (seal_file_next(&file, &rest, &error) != STATUS_DONE) {
            EXPECT(error.status == STATUS_REFUSED && rest.size == before);
            break;
        }
        EXPECT(rest.size < before && file.cipher.size >= SEAL_CIPHER_LEAST);
        EXPECT(seal_file_format(&again, file.cipher, file.boxes, NULL) == STATUS_DONE);
    }
    EXPECT(again.size == text.size - rest.size);
    EXPECT(again.size == 0 || memcmp(again.data, text.data, again.size) == 0);
    buffer_clear(&again);
}

/* With a key that everybody has, so that what is inside is met as well. */
static void ciphers(struct slice text)
{
    static const struct seal_key key = {{1}};
    static const struct hash hash = {{2}};
    struct buffer cipher = {0}, back = {0};
    if (text.size <= 4096 && seal_encrypt(&cipher, text, &hash, &key, NULL) == STATUS_DONE) {
        EXPECT(seal_decrypt(&back, buffer_slice(&cipher), &hash, &key, NULL) == STATUS_DONE);
        EXPECT(slice_equal(buffer_slice(&back), text));
    }
    buffer_reset(&back);
    EXPECT(seal_decrypt(&back, text, &hash, &key, NULL) != STATUS_DONE);
    buffer_clear(&cipher);
    buffer_clear(&back);
}

static void openings(struct slice text)
{
    struct arena arena;
    struct opening opening;
    struct error error;
    struct buffer again = {0};
    arena_init(&arena, 1 << 24);
    if (opening_read(&opening, text, &arena, &error) == STATUS_DONE) {
        EXPECT(opening_write(&again, &opening, NULL) == STATUS_DONE);
        EXPECT(slice_equal(buffer_slice(&again), text));
    } else {
        EXPECT(error.status == STATUS_REFUSED);
    }
    buffer_clear(&again);
    arena_clear(&arena);
}

static void readers(struct slice text)
{
    struct reader_key key;
    struct reader_secret secret;
    struct buffer line = {0};
    char back[READER_KEY_TEXT_SIZE];
    if (reader_key_parse(&key, text, NULL) == STATUS_DONE) {
        reader_key_format(&key, back);
        EXPECT(slice_is(text, back));
    }
    if (reader_secret_parse(&secret, text, slice_from(""), NULL) == STATUS_DONE) {
        EXPECT(reader_secret_format(&secret, slice_from(""), &line, NULL) == STATUS_DONE);
        EXPECT(memcmp(line.data, text.data, line.size - 1) == 0);
    }
    buffer_clear(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size);
    if (crypto_start(NULL) != STATUS_DONE) return 0;
    files(text);
    ciphers(text);
    openings(text);
    readers(text);
    return 0;
}
