/* Sealed values: what is sealed opens for its readers alone, in one form, and no change of a byte is missed. */
#include "check.h"
#include "crypto/note.h"
#include "crypto/reader_secret.h"
#include "crypto/seal.h"
#include "geo/cell.h"
#include "random.h"
#include "record/coarse.h"

static struct reader_secret reader_of(const char *name)
{
    struct reader_secret secret;
    struct hash seed = hash_of(slice_from(name));
    CHECK(crypto_start(NULL) == STATUS_DONE);
    CHECK(reader_secret_make(&secret, slice_from(name), seed.bytes, NULL) == STATUS_DONE);
    return secret;
}

static const struct hash commitment = {{1, 2, 3}};
static const char opening_text[] = "{\"level\":\"exact\",\"pointer\":\"/text\",\"salt\":\"00\",\"value\":1}";

static void seal_for(struct buffer *file, struct slice opening, const struct reader_secret *readers, size_t count)
{
    OWN(buffer_clear) struct buffer cipher = {0}, boxes = {0};
    OWN(seal_key_clear) struct seal_key key;
    seal_key_random(&key);
    CHECK(seal_encrypt(&cipher, opening, &commitment, &key, NULL) == STATUS_DONE);
    for (size_t i = 0; i < count; i++) {
        uint8_t box[SEAL_BOX_BYTES];
        const struct seal_reader whom = reader_key_seal(&readers[i].key);
        CHECK(seal_box(box, &whom, &key));
        buffer_put(&boxes, slice_of(box, sizeof box));
    }
    CHECK(seal_file_format(file, buffer_slice(&cipher), buffer_slice(&boxes), NULL) == STATUS_DONE);
}

static bool opens(struct slice file, const struct reader_secret *reader, const struct hash *hash, struct buffer *out)
{
    struct seal_file parsed;
    struct seal_key key;
    return seal_file_next(&parsed, &file, NULL) == STATUS_DONE && file.size == 0 &&
           reader_secret_unbox(&key, &parsed, reader) &&
           seal_decrypt(out, parsed.cipher, hash, &key, NULL) == STATUS_DONE;
}

static void opens_for_its_readers(void)
{
    OWN(buffer_clear) struct buffer file = {0}, text = {0};
    const struct reader_secret readers[] = {reader_of("office"), reader_of("liaison"), reader_of("stranger")};
    seal_for(&file, slice_from(opening_text), readers, 2);
    CHECK_INT(file.size, sizeof "truce-sealed/v1 256 2\n" - 1 + 256 + 2 * SEAL_BOX_BYTES);
    for (size_t i = 0; i < 2; i++) {
        buffer_reset(&text);
        CHECK(opens(buffer_slice(&file), &readers[i], &commitment, &text));
        CHECK(slice_is(buffer_slice(&text), opening_text));
    }
    CHECK(!opens(buffer_slice(&file), &readers[2], &commitment, &text));
    struct hash other = commitment;
    other.bytes[31] ^= 1;
    CHECK(!opens(buffer_slice(&file), &readers[0], &other, &text)); /* the record's hash is bound to it */
}

/* Nothing that is changed opens. A change among the other reader's box leaves this one's. */
static void no_byte_can_change(void)
{
    OWN(buffer_clear) struct buffer file = {0};
    const struct reader_secret reader = reader_of("office");
    seal_for(&file, slice_from(opening_text), &reader, 1);
    for (size_t i = 0; i < file.size; i++) {
        OWN(buffer_clear) struct buffer text = {0};
        file.data[i] ^= 1;
        CHECK(!opens(buffer_slice(&file), &reader, &commitment, &text));
        file.data[i] ^= 1;
    }
    for (size_t size = 0; size < file.size; size++) {
        OWN(buffer_clear) struct buffer text = {0};
        CHECK(!opens(slice_of(file.data, size), &reader, &commitment, &text));
    }
}

static void sizes_tell_a_class_alone(void)
{
    OWN(buffer_clear) struct buffer long_text = {0}, too_long = {0};
    static const struct {
        size_t opening, cipher;
    } classes[] = {{0, 256},    {215, 256},     {216, 1024},    {983, 1024},
                   {984, 4096}, {16343, 16384}, {16344, 65536}, {65495, 65536}};
    for (size_t i = 0; i < 65496; i++) buffer_put_byte(&long_text, i % 7 == 0 ? 0x80 : 0); /* like padding */
    struct seal_key key;
    seal_key_random(&key);
    for (size_t i = 0; i < COUNT_OF(classes); i++) {
        OWN(buffer_clear) struct buffer cipher = {0}, back = {0};
        struct slice opening = slice_of(long_text.data, classes[i].opening);
        CHECK(seal_encrypt(&cipher, opening, &commitment, &key, NULL) == STATUS_DONE);
        CHECK_INT(cipher.size, classes[i].cipher);
        CHECK(seal_decrypt(&back, buffer_slice(&cipher), &commitment, &key, NULL) == STATUS_DONE);
        CHECK(slice_equal(buffer_slice(&back), opening));
    }
    struct error error;
    CHECK(seal_encrypt(&too_long, buffer_slice(&long_text), &commitment, &key, &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "seal-large");
}

/* Boxes stand sorted, each once, whatever order they came in. */
static void boxes_have_one_order(void)
{
    OWN(buffer_clear) struct buffer a = {0}, b = {0}, boxes = {0}, cipher = {0};
    struct error error;
    uint8_t box[SEAL_BOX_BYTES] = {0};
    for (size_t i = 0; i < SEAL_CIPHER_LEAST; i++) buffer_put_byte(&cipher, (uint8_t)i);
    for (unsigned i = 0; i < 4; i++) {
        box[0] = (uint8_t)(i * 37);
        buffer_put(&boxes, slice_of(box, sizeof box));
    }
    CHECK(seal_file_format(&a, buffer_slice(&cipher), buffer_slice(&boxes), NULL) == STATUS_DONE);
    OWN(buffer_clear) struct buffer turned = {0};
    for (size_t i = 4; i-- > 0;) buffer_put(&turned, slice_of(boxes.data + i * SEAL_BOX_BYTES, SEAL_BOX_BYTES));
    buffer_put(&turned, buffer_slice(&boxes));
    CHECK(seal_file_format(&b, buffer_slice(&cipher), buffer_slice(&turned), NULL) == STATUS_DONE);
    CHECK(slice_equal(buffer_slice(&a), buffer_slice(&b)));
    for (uint8_t i = 1; i <= 4; i++) { /* with the first, five of one key */
        memset(box, 0, sizeof box);
        box[40] = i;
        buffer_put(&boxes, slice_of(box, sizeof box));
    }
    buffer_reset(&a);
    CHECK(seal_file_format(&a, buffer_slice(&cipher), buffer_slice(&boxes), &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "seal-boxes");
    CHECK_INT(a.size, 0);
}

static void heads_have_one_form(void)
{
    OWN(buffer_clear) struct buffer cipher = {0};
    static const char *const bad[] = {
        "truce-sealed/v1 0256 0\n", "truce-sealed/v1 256 00\n",         "truce-sealed/v1 257 0\n",
        "truce-sealed/v1 256 0",    "truce-sealed/v1 256  0\n",         "truce-sealed/v2 256 0\n",
        "truce-sealed/v1 128 0\n",  "truce-sealed/v1 256 1\n",          "truce-sealed/v1 256 +0\n",
        "truce-sealed/v1 256 0 \n", "truce-sealed/v1 999999999256 0\n", ""};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct seal_file file;
        buffer_reset(&cipher);
        buffer_put_string(&cipher, bad[i]);
        for (size_t k = 0; k < 256; k++) buffer_put_byte(&cipher, 7);
        struct slice rest = buffer_slice(&cipher);
        CHECK(seal_file_next(&file, &rest, NULL) == STATUS_REFUSED);
        CHECK(rest.size == cipher.size); /* nothing was cut off */
    }
}

/* A file of either sort is told apart, with and without a passphrase. */
static void readers_keys_are_kept_as_others_are(void)
{
    OWN(buffer_clear) struct buffer line = {0}, guarded = {0};
    const struct reader_secret secret = reader_of("liaison");
    struct reader_secret back;
    struct signer signer;
    struct error error;
    CHECK(reader_secret_format(&secret, slice_from(""), &line, NULL) == STATUS_DONE);
    CHECK(reader_secret_parse(&back, buffer_slice(&line), slice_from(""), NULL) == STATUS_DONE);
    CHECK(memcmp(&back, &secret, sizeof back) == 0);
    CHECK(signer_parse(&signer, buffer_slice(&line), slice_from(""), &error) == STATUS_FAILED);
    CHECK_STRING(error.code, "key-file-use");
    CHECK(reader_secret_format(&secret, slice_from("open"), &guarded, NULL) == STATUS_DONE);
    CHECK(reader_secret_parse(&back, buffer_slice(&guarded), slice_from(""), &error) == STATUS_FAILED);
    CHECK_STRING(error.code, "key-passphrase-needed");
    CHECK(reader_secret_parse(&back, buffer_slice(&guarded), slice_from("shut"), &error) == STATUS_FAILED);
    CHECK_STRING(error.code, "key-passphrase-wrong");
    CHECK(reader_secret_parse(&back, buffer_slice(&guarded), slice_from("open"), NULL) == STATUS_DONE);
    CHECK(memcmp(&back, &secret, sizeof back) == 0);
    CHECK(signer_random(&signer, slice_from("liaison"), NULL) == STATUS_DONE);
    buffer_reset(&line);
    CHECK(signer_format(&signer, slice_from(""), &line, NULL) == STATUS_DONE);
    CHECK(reader_secret_parse(&back, buffer_slice(&line), slice_from(""), &error) == STATUS_FAILED);
    CHECK_STRING(error.code, "key-file-use");
    signer_clear(&signer);
}

/* ---- cells */

static void cells_hold_their_points(void)
{
    struct random random = {2016};
    static const struct {
        enum cell_size size;
        int64_t most_mm;
    } sizes[] = {{CELL_1_KM, 710000}, {CELL_10_KM, 7100000}};
    for (unsigned i = 0; i < 200000; i++) {
        struct point p = {(int32_t)random_below(&random, 1800000001) - 900000000,
                          (int32_t)random_below(&random, 3600000001) - 1800000000};
        if (i < 4) p.lat_e7 = i % 2 == 0 ? 900000000 : -900000000, p.lon_e7 = i < 2 ? 1800000000 : -1800000000;
        for (size_t s = 0; s < COUNT_OF(sizes); s++) {
            struct cell cell = cell_of(p, sizes[s].size), again = cell_of(cell.centre, sizes[s].size);
            if (p.lat_e7 < 850000000 && p.lat_e7 > -850000000)
                CHECK(geo_distance_mm(p, cell.centre) <= sizes[s].most_mm);
            CHECK(memcmp(&cell, &again, sizeof cell) == 0); /* the centre lies in its own cell */
        }
    }
}

/* Worked by hand from the rule in spec/sealed.md. */
static void cells_are_those_of_the_rule(void)
{
    struct cell aleppo = cell_of((struct point){362000000, 371600000}, CELL_10_KM);
    CHECK_INT(aleppo.centre.lat_e7, 362397500);
    CHECK_INT(aleppo.centre.lon_e7, 371958904);
    CHECK_INT(aleppo.reach_m, 7100);
    struct cell equator = cell_of((struct point){0, 0}, CELL_1_KM);
    CHECK_INT(equator.centre.lat_e7, -32750);
    CHECK_INT(equator.centre.lon_e7, -20750);
    CHECK_INT(equator.reach_m, 710);
}

/* ---- what is taken out of a record */

static void a_record_gives_up_so_many_values(void)
{
    static char levels[LIMIT_SEALED + 1][8];
    struct arena arena;
    struct taking taking;
    struct error error;
    const struct json *whole;
    bool found;
    arena_init(&arena, 1 << 20);
    CHECK(json_read(&whole, slice_from("{\"act\":\"shot\",\"actor\":\"north\"}"), JSON_CANONICAL, &arena, NULL) ==
          STATUS_DONE);
    CHECK(taking_begin(&taking, record_kind_find(slice_from("report")), whole, &arena, NULL) == STATUS_DONE);
    for (size_t i = 0; i <= LIMIT_SEALED; i++) {
        snprintf(levels[i], sizeof levels[i], "%zu", i);
        enum status status = taking_take(&taking, slice_from("/actor"), levels[i], 0, &found, &error);
        CHECK(status == (i < LIMIT_SEALED ? STATUS_DONE : STATUS_REFUSED));
    }
    CHECK_STRING(error.code, "seal-many");
    CHECK(json_find(taking.left, "actor") == NULL && json_find(taking.left, "act") != NULL);
    CHECK(json_find(whole, "actor") != NULL); /* what it was stays as it was */
    arena_clear(&arena);
}

/* A line and a bearing leave a cell that reaches over all of them; a name leaves none. */
static void cells_reach_over_what_is_taken(void)
{
    static const struct {
        const char *where;
        int64_t reach_m;
    } cases[] = {
        {"{\"point\":{\"lat_e7\":362000000,\"lon_e7\":371600000}}", 7100},
        {"{\"point\":{\"lat_e7\":362000000,\"lon_e7\":371600000},\"radius_m\":1001}", 9100},
        {"{\"line\":[{\"lat_e7\":362000000,\"lon_e7\":371600000},{\"lat_e7\":362900000,\"lon_e7\":371600000}]}", 12100},
        {"{\"bearing\":{\"degrees\":90,\"from\":{\"lat_e7\":362000000,\"lon_e7\":371600000},\"least_m\":1000,"
         "\"most_m\":3000}}",
         9100},
        {"{\"place\":\"castello\"}", -1},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[400];
        struct arena arena;
        struct taking taking;
        const struct json *whole;
        bool found;
        arena_init(&arena, 1 << 20);
        snprintf(text, sizeof text, "{\"where\":%s}", cases[i].where);
        CHECK(json_read(&whole, slice_from(text), JSON_RELAXED, &arena, NULL) == STATUS_DONE);
        CHECK(taking_begin(&taking, record_kind_find(slice_from("report")), whole, &arena, NULL) == STATUS_DONE);
        CHECK(taking_take(&taking, slice_from("/where"), "exact", 0, &found, NULL) == STATUS_DONE && found);
        const struct json *where = json_find(taking.left, "where"), *left = json_find(where, "cell");
        CHECK_INT(where->size, cases[i].reach_m < 0 ? 0 : 1);
        CHECK_INT(json_find_integer(left, "reach_m", -1), cases[i].reach_m);
        arena_clear(&arena);
    }
}

TESTS(a_record_gives_up_so_many_values, cells_reach_over_what_is_taken, opens_for_its_readers, no_byte_can_change,
      sizes_tell_a_class_alone, boxes_have_one_order, heads_have_one_form, readers_keys_are_kept_as_others_are,
      cells_hold_their_points, cells_are_those_of_the_rule)
