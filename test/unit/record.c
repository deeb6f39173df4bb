/* What the vectors cannot tell: the doors of the room, and the sentences. */
#include "check.h"
#include "record/admission.h"
#include "record/effect.h"
#include "record_random.h"

static const char answer[] = "{\"kind\":\"answer\", \"v\":1, \"register\":\"truce.example/a#0123456789abcdef\", "
                             "\"by\":\"north\", \"key\":\"%08x\","
                             "\"seq\":0, \"written\":\"2016-09-12T08:00:00Z\", \"at\":\"2016-09-12T08:00:00Z\", \"%s\":"
                             "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"%s}";

static struct arena arena;
static struct error error;

static const struct json *typed(const struct signer *signer, const char *of, const char *more)
{
    char text[2048];
    const struct json *object;
    snprintf(text, sizeof text, answer, signer->verifier.id, of, more);
    struct slice kept = arena_copy(&arena, slice_from(text));
    if (json_read(&object, kept, JSON_RELAXED, &arena, &error) != STATUS_DONE) abort();
    return object;
}

static void says(const char *sentence)
{
    char message[512];
    error_format(&error, NULL, message, sizeof message);
    CHECK_STRING(message, sentence);
}

static void signs_only_its_own(void)
{
    struct signer north, other, tablet;
    OWN(buffer_clear) struct buffer note = {0};
    random_signer(&north, "north", "sign");
    random_signer(&tablet, "north", "tablet");
    random_signer(&other, "south", "sign");
    CHECK(record_sign(&note, typed(&north, "of", ""), &other, &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "record-name");
    CHECK(record_sign(&note, typed(&north, "of", ""), &tablet, &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "record-key");
    CHECK_INT(note.size, 0);
    CHECK(record_sign(&note, typed(&north, "of", ""), &north, &error) == STATUS_DONE);
    struct record record;
    CHECK(record_decode(&record, buffer_slice(&note), &arena, &error) == STATUS_DONE);
    CHECK(record_verify(&record, &north.verifier));
    CHECK(!record_verify(&record, &tablet.verifier) && !record_verify(&record, &other.verifier));
    struct verifier cosigner = north.verifier;
    cosigner.algorithm = NOTE_COSIGNATURE;
    CHECK(!record_verify(&record, &cosigner));
    struct verifier mislabelled = north.verifier;
    mislabelled.id ^= 1;
    CHECK(!record_verify(&record, &mislabelled));
    signer_clear(&north);
    signer_clear(&other);
    signer_clear(&tablet);
}

static void suggests_what_was_meant(void)
{
    struct signer north;
    OWN(buffer_clear) struct buffer text = {0};
    random_signer(&north, "north", "sign");
    CHECK(record_encode(&text, typed(&north, "off", ""), &error) == STATUS_REFUSED);
    says("There is no field \"off\" in \"answer\". Did you mean \"of\"?");
    CHECK(record_encode(&text, typed(&north, "of", ",\"baiss\":{\"kind\":\"own\"}"), &error) == STATUS_REFUSED);
    says("There is no field \"baiss\" in \"answer\". Did you mean \"basis\"?");
    CHECK(record_encode(&text, typed(&north, "of", ",\"basis\":{\"kind\":\"sorced\"}"), &error) == STATUS_REFUSED);
    says("\"sorced\" is no word for the field \"kind\". Did you mean \"sourced\"?");
    CHECK(record_encode(&text, typed(&north, "of", ",\"zebra\":1"), &error) == STATUS_REFUSED);
    says("There is no field \"zebra\" in \"answer\".");
    CHECK(record_encode(&text, typed(&north, "of", ",\"zebra\":1"), NULL) == STATUS_REFUSED);
    CHECK_INT(text.size, 0);
    signer_clear(&north);
}

#define HEX(c)                                                                                                         \
    c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c  \
        c c c c c c c
static void sorts_sets(void)
{
    struct signer north;
    struct record record;
    OWN(buffer_clear) struct buffer note = {0};
    random_signer(&north, "north", "sign");
    const struct json *object = typed(&north, "of", ",\"about\":[\"" HEX("c") "\",\"" HEX("a") "\",\"" HEX("b") "\"]");
    CHECK(record_sign(&note, object, &north, &error) == STATUS_DONE);
    CHECK(record_decode(&record, buffer_slice(&note), &arena, &error) == STATUS_DONE);
    const struct json *first = json_find(record.body, "about")->first;
    CHECK(first->string.data[0] == 'a' && first->next->string.data[0] == 'b' &&
          first->next->next->string.data[0] == 'c');
    signer_clear(&north);
}

static void entries(void)
{
    static const char *const bad[] = {"",
                                      "received",
                                      "received 1",
                                      "received \n",
                                      "received 01\nx",
                                      "received -1\nx",
                                      "received 1 \nx",
                                      "Received 1\nx",
                                      "received 99999999999999999999\nx",
                                      "received 253402300800000\nx"};
    int64_t received = 7;
    struct slice note = {NULL, 0};
    OWN(buffer_clear) struct buffer out = {0};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        CHECK(entry_parse(&received, &note, slice_from(bad[i]), &error) == STATUS_REFUSED && received == 7);
        CHECK_STRING(error.code, "entry-received");
    }
    entry_format(&out, INT64_C(1473667200123), slice_from("the note\n"));
    CHECK(slice_is(buffer_slice(&out), "received 1473667200123\nthe note\n"));
    CHECK(entry_parse(&received, &note, buffer_slice(&out), &error) == STATUS_DONE);
    CHECK(received == INT64_C(1473667200123) && slice_is(note, "the note\n"));
    CHECK(entry_parse(&received, &note, slice_from("received 0\n"), &error) == STATUS_DONE && received == 0);
    if (buffer_reserve(&out, 65536) != NULL) buffer_advance(&out, 65536);
    CHECK(entry_parse(&received, &note, buffer_slice(&out), &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "entry-size");
}

static void cuts_notes(void)
{
    struct slice note, rest = slice_from("{}\n\n\xE2\x80\x94 a x\n{}\n\n\xE2\x80\x94 b y\n\xE2\x80\x94 c z\nrest");
    CHECK(record_next_note(&rest, &note) && slice_is(note, "{}\n\n\xE2\x80\x94 a x\n"));
    CHECK(record_next_note(&rest, &note) && slice_is(note, "{}\n\n\xE2\x80\x94 b y\n\xE2\x80\x94 c z\n"));
    CHECK(record_next_note(&rest, &note) && slice_is(note, "rest") && rest.size == 0);
    CHECK(!record_next_note(&rest, &note));
}

static void effects_in_order(void)
{
    struct signer north;
    struct record record;
    struct effects *effects;
    OWN(buffer_clear) struct buffer note = {0};
    random_signer(&north, "north", "sign");
    CHECK(record_sign(&note, typed(&north, "of", ""), &north, &error) == STATUS_DONE);
    CHECK(record_decode(&record, buffer_slice(&note), &arena, &error) == STATUS_DONE);
    CHECK(effects_open(&effects, &error) == STATUS_DONE);
    CHECK(effects_add(effects, 1, &record, false, &error) == STATUS_USAGE);
    CHECK_STRING(error.code, "effect-order");
    CHECK(effects_add(effects, 0, &record, false, &error) == STATUS_DONE);
    CHECK_INT(effects_size(effects), 1);
    CHECK(effects_of(effects, 0, NULL) == EFFECT_WAITING);
    effects_close(&effects);
    CHECK(effects == NULL);
    signer_clear(&north);
}

/* No register: nothing to say, and no crash. */
static void members_before_the_genesis(void)
{
    struct members *members;
    CHECK(members_open(&members, &error) == STATUS_DONE);
    CHECK(!members_founded(members) && members_log_key(members) == NULL && members_register(members).data == NULL);
    CHECK(members_count(members) == 0 && members_at(members, 0) == NULL);
    CHECK(members_find(members, slice_from("north")) == NULL && members_key(members, slice_from("north"), 1) == NULL);
    members_close(&members);
}

int main(void)
{
    arena_init(&arena, 64U << 20);
    CHECK(crypto_start(&error) == STATUS_DONE);
    signs_only_its_own();
    suggests_what_was_meant();
    sorts_sets();
    entries();
    cuts_notes();
    effects_in_order();
    members_before_the_genesis();
    arena_clear(&arena);
    return check_end(__FILE__);
}
