/* Random records of every kind: encoding gives one form, decoding gives it back, and any change of a byte is noticed.
 */
#include "record_random.h"
#include "check.h"
#include "record/record.h"

#include <time.h>

static uint64_t seed;
static struct arena arena;

static bool sign_random(struct buffer *note, struct random_author *author, const struct record_kind *kind)
{
    OWN(buffer_clear) struct buffer typed = {0};
    const struct json *object;
    struct error error = {.code = ""};
    bool genesis = strcmp(kind->name, "genesis") == 0;
    int64_t seq = genesis ? 0 : (int64_t)random_below(&author->random, 3);
    author->register_name = genesis ? "truce.example/property" : "truce.example/property#0123456789abcdef";
    random_record(&typed, author, kind, seq);
    bool good = json_read(&object, buffer_slice(&typed), JSON_RELAXED, &arena, &error) == STATUS_DONE &&
                record_sign(note, object, author->signer, &error) == STATUS_DONE;
    if (!CHECK(good)) {
        char message[512];
        error_format(&error, NULL, message, sizeof message);
        fprintf(stderr, "    seed %" PRIu64 ", %s: %s at %s: %s\n    %.*s\n", seed, kind->name, error.code,
                error.pointer, message, SLICE(buffer_slice(&typed)));
    }
    return good;
}

/* decode ∘ encode is the identity on bytes, encode ∘ decode on records. */
static void round_trip(const struct signer *signer, struct slice note, struct record *record)
{
    OWN(buffer_clear) struct buffer text = {0};
    OWN(buffer_clear) struct buffer again = {0};
    struct error error;
    if (!CHECK(record_decode(record, note, &arena, &error) == STATUS_DONE)) return;
    CHECK(record_verify(record, &signer->verifier));
    CHECK(record_encode(&text, record->body, &error) == STATUS_DONE);
    CHECK(slice_equal(buffer_slice(&text), record->text));
    CHECK(record_sign(&again, record->body, signer, &error) == STATUS_DONE);
    CHECK(slice_equal(buffer_slice(&again), note)); /* Ed25519 signs the same bytes the same way */
}

/* One changed byte: refused, or another record that the signature does not hold for. */
static void tampered(struct random *random, const struct signer *signer, struct slice note, const struct record *record)
{
    struct record other;
    struct error error;
    struct slice copy = arena_copy(&arena, note);
    uint8_t *bytes = arena_get(&arena, note.size);
    if (bytes == NULL || copy.data == NULL) abort();
    memcpy(bytes, note.data, note.size);
    bytes[random_below(random, note.size)] ^= (uint8_t)(1U << random_below(random, 8));
    if (record_decode(&other, slice_of(bytes, note.size), &arena, &error) != STATUS_DONE) {
        CHECK(error.status == STATUS_REFUSED && error.code != NULL && error.code[0] != '\0');
        return;
    }
    if (!CHECK(!record_verify(&other, &signer->verifier)))
        fprintf(stderr, "    seed %" PRIu64 ", one bit changed, and it still holds:\n%.*s", seed, (int)note.size,
                (const char *)bytes);
    CHECK(!record_id_equal(&other.id, &record->id) ||
          memcmp(&other.signature, &record->signature, sizeof other.signature) != 0);
}

static void every_kind(void)
{
    struct signer signer;
    random_signer(&signer, "north", "sign");
    struct random_author author = {.random = {seed}, .signer = &signer};
    for (const struct record_kind *kind = record_kinds; kind->name != NULL; kind++)
        for (unsigned i = 0; i < 40; i++) {
            OWN(buffer_clear) struct buffer note = {0};
            struct record record;
            arena_reset(&arena);
            if (!sign_random(&note, &author, kind)) return;
            round_trip(&signer, buffer_slice(&note), &record);
            for (unsigned j = 0; j < 10; j++) tampered(&author.random, &signer, buffer_slice(&note), &record);
        }
    signer_clear(&signer);
}

/* Notes one after another come apart as they were put together. */
static void notes_in_a_file(void)
{
    struct signer signer;
    OWN(buffer_clear) struct buffer file = {0};
    struct slice notes[32], rest, note;
    size_t from[33] = {0};
    random_signer(&signer, "north", "sign");
    struct random_author author = {.random = {seed + 1}, .signer = &signer};
    for (unsigned i = 0; i < 31; i++) {
        arena_reset(&arena);
        if (!sign_random(&file, &author, &record_kinds[i])) return;
        from[i + 1] = file.size;
    }
    for (unsigned i = 0; i < 31; i++) notes[i] = slice_part(buffer_slice(&file), from[i], from[i + 1] - from[i]);
    rest = buffer_slice(&file);
    for (unsigned i = 0; i < 31; i++) CHECK(record_next_note(&rest, &note) && slice_equal(note, notes[i]));
    CHECK(!record_next_note(&rest, &note));
    signer_clear(&signer);
}

int main(int count, char **arguments)
{
    struct error error;
    seed = count > 1 ? strtoull(arguments[1], NULL, 10) : (uint64_t)time(NULL);
    printf("seed %" PRIu64 "\n", seed);
    arena_init(&arena, 64U << 20);
    CHECK(crypto_start(&error) == STATUS_DONE);
    every_kind();
    notes_in_a_file();
    arena_clear(&arena);
    return check_end(__FILE__);
}
