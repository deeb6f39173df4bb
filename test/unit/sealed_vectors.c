/* Replays spec/vectors/sealed.json: what any implementation of spec/sealed.md must compute, open and refuse. */
#include "check.h"
#include "crypto/reader_secret.h"
#include "geo/cell.h"
#include "hex.h"
#include "record/opening.h"

static struct arena arena;
static const char *at_case = "";

static bool same(struct slice got, struct slice wanted, const char *what)
{
    bool good = CHECK(slice_equal(got, wanted));
    if (!good) fprintf(stderr, "    %s: %s\n", at_case, what);
    return good;
}

static struct slice hex_of(const struct json *one, const char *key)
{
    return hex_bytes(&arena, json_find_string(one, key));
}

static struct reader_secret reader_at(const struct json *one)
{
    struct reader_secret secret;
    char text[READER_KEY_TEXT_SIZE];
    CHECK(reader_secret_make(&secret, json_find_string(one, "name"), hex_of(one, "secret").data, NULL) == STATUS_DONE);
    reader_key_format(&secret.key, text);
    same(slice_from(text), json_find_string(one, "text"), "a reader's key");
    return secret;
}

/* Made from what is told, it has the same bytes. */
static void made_alike(const struct json *one)
{
    OWN(buffer_clear) struct buffer text = {0}, cipher = {0};
    const struct sealed_by by = {json_find_string(one, "register"), json_find_string(one, "by"),
                                 json_find_integer(one, "seq", -1)};
    struct opening opening = {
        json_find_string(one, "level"), json_find_string(one, "pointer"), {0}, json_find(one, "value")};
    struct seal_key key;
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    memcpy(opening.salt, hex_of(one, "salt").data, sizeof opening.salt);
    memcpy(key.bytes, hex_of(one, "content_key").data, sizeof key.bytes);
    CHECK(opening_commit(&hash, &by, &opening, NULL) == STATUS_DONE);
    hash_format(&hash, hex);
    same(slice_from(hex), json_find_string(one, "hash"), "the hash");
    CHECK(opening_write(&text, &opening, NULL) == STATUS_DONE);
    same(buffer_slice(&text), json_find_string(one, "opening"), "the opening");
    CHECK(seal_encrypt_with(&cipher, buffer_slice(&text), &hash, &key, hex_of(one, "nonce").data, NULL) == STATUS_DONE);
    hash = hash_of(buffer_slice(&cipher));
    hash_format(&hash, hex);
    same(slice_from(hex), json_find_string(one, "cipher"), "the cipher");
    CHECK_INT(cipher.size, json_find_integer(one, "size", 0));
}

/* Each reader that it is for opens it, and the stranger does not. */
static void opened(const struct json *one, const struct json *readers)
{
    struct slice file = vector_bytes(&arena, one, "file_base64"), rest = file;
    struct seal_file parsed;
    struct hash hash;
    unsigned number = 0;
    OWN(buffer_clear) struct buffer again = {0};
    if (!CHECK(seal_file_next(&parsed, &rest, NULL) == STATUS_DONE && rest.size == 0)) return;
    CHECK(seal_file_format(&again, parsed.cipher, parsed.boxes, NULL) == STATUS_DONE);
    same(buffer_slice(&again), file, "the file");
    CHECK(hash_parse(&hash, json_find_string(one, "hash")));
    for (const struct json *r = readers->first; r != NULL; r = r->next, number++) {
        OWN(buffer_clear) struct buffer text = {0};
        const struct reader_secret secret = reader_at(r);
        struct seal_key key;
        bool unboxed = reader_secret_unbox(&key, &parsed, &secret);
        CHECK(unboxed == (number < 3));
        if (!unboxed) continue;
        CHECK(seal_decrypt(&text, parsed.cipher, &hash, &key, NULL) == STATUS_DONE);
        same(buffer_slice(&text), json_find_string(one, "opening"), "what it opened");
    }
}

static void values_are_those_told(void)
{
    const struct json *all = vector_file(&arena, "spec/vectors/sealed.json");
    CHECK(crypto_start(NULL) == STATUS_DONE);
    for (const struct json *one = json_find(all, "values")->first; one != NULL; one = one->next) {
        at_case = (const char *)arena_copy(&arena, json_find_string(one, "name")).data;
        made_alike(one);
        opened(one, json_find(all, "readers"));
    }
}

static void other_files_are_refused(void)
{
    const struct json *all = vector_file(&arena, "spec/vectors/sealed.json");
    for (const struct json *one = json_find(all, "bad_files")->first; one != NULL; one = one->next) {
        struct slice rest = vector_bytes(&arena, one, "file_base64");
        struct seal_file file;
        struct error error;
        if (!CHECK(seal_file_next(&file, &rest, &error) == STATUS_REFUSED || rest.size > 0))
            fprintf(stderr, "    %.*s\n", SLICE(json_find_string(one, "name")));
    }
}

static void other_ciphers_do_not_open(void)
{
    const struct json *all = vector_file(&arena, "spec/vectors/sealed.json");
    for (const struct json *one = json_find(all, "bad_ciphers")->first; one != NULL; one = one->next) {
        OWN(buffer_clear) struct buffer text = {0};
        struct seal_key key;
        struct hash hash;
        struct error error;
        memcpy(key.bytes, hex_of(one, "content_key").data, sizeof key.bytes);
        CHECK(hash_parse(&hash, json_find_string(one, "hash")));
        bool opened =
            seal_decrypt(&text, vector_bytes(&arena, one, "cipher_base64"), &hash, &key, &error) == STATUS_DONE;
        if (!CHECK(!opened && text.size == 0)) fprintf(stderr, "    %.*s\n", SLICE(json_find_string(one, "name")));
        CHECK_STRING(error.code, "seal-cipher");
    }
}

static void check_cell(const struct json *one, const char *key, enum cell_size size)
{
    const struct json *centre = json_find(one, key);
    const struct point p = {(int32_t)json_find_integer(one, "lat_e7", 0), (int32_t)json_find_integer(one, "lon_e7", 0)};
    struct cell cell = cell_of(p, size);
    CHECK_INT(cell.centre.lat_e7, json_find_integer(centre, "lat_e7", 0));
    CHECK_INT(cell.centre.lon_e7, json_find_integer(centre, "lon_e7", 0));
}

static void cells_are_those_told(void)
{
    const struct json *all = vector_file(&arena, "spec/vectors/sealed.json");
    for (const struct json *one = json_find(all, "cells")->first; one != NULL; one = one->next) {
        check_cell(one, "1km", CELL_1_KM);
        check_cell(one, "10km", CELL_10_KM);
    }
}

static void begin(void)
{
    arena_init(&arena, 64 * 1024 * 1024);
    CHECK(arena_get(&arena, 1) != NULL);
}

TESTS(begin, values_are_those_told, other_files_are_refused, other_ciphers_do_not_open, cells_are_those_told)
