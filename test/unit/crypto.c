#include "check.h"
#include "crypto/note.h"
#include "crypto/reader_key.h"

static struct signer example(const char *name)
{
    struct signer signer;
    struct hash seed = hash_of(slice_from(name));
    CHECK(crypto_start(NULL) == STATUS_DONE);
    CHECK(signer_from_seed(&signer, slice_from(name), seed.bytes, NULL) == STATUS_DONE);
    return signer;
}

static void hashes_are_sha256(void)
{
    char hex[HASH_HEX_SIZE];
    struct hash hash = hash_of(slice_from("abc"));
    hash_format(&hash, hex);
    CHECK_STRING(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    struct slice parts[] = {slice_from("a"), slice_from(""), slice_from("bc")};
    struct hash again = hash_of_parts(parts, 3);
    CHECK(hash_equal(&hash, &again));
    struct hasher *hasher = hasher_open();
    hasher_add(hasher, slice_from("ab"));
    hasher_add(hasher, slice_from("c"));
    again = hasher_close(&hasher);
    CHECK(hash_equal(&hash, &again));
    CHECK(hash_parse(&again, slice_from(hex)) && hash_equal(&hash, &again));
    hex[0] = 'B';
    CHECK(!hash_parse(&again, slice_from(hex)));
}

static void base64_has_one_form(void)
{
    uint8_t out[8];
    size_t size;
    CHECK(base64_parse(out, sizeof out, &size, slice_from("QQ==")) && size == 1 && out[0] == 'A');
    CHECK(base64_parse(out, sizeof out, &size, slice_from("")) && size == 0);
    static const char *const bad[] = {"QR==", "QQ=", "QQ", "QQ==\n", " QQ==", "Q-==", "QQ==QQ=="};
    for (size_t i = 0; i < COUNT_OF(bad); i++) CHECK(!base64_parse(out, sizeof out, &size, slice_from(bad[i])));
    for (unsigned byte = 0x80; byte <= 0xFF; byte++) {
        uint8_t text[8] = {'Q', (uint8_t)byte, 'Q', 'Q', 'Q', 'Q', 'Q', 'Q'};
        CHECK(!base64_parse(out, sizeof out, &size, slice_of(text, sizeof text)));
    }
}

/* What is read is what would be written for it, and everything that is written is read. */
static bool one_form(struct slice text)
{
    uint8_t out[8];
    char again[16];
    size_t size;
    if (!base64_parse(out, sizeof out, &size, text)) return false;
    base64_format(again, sizeof again, slice_of(out, size));
    CHECK(slice_is(text, again));
    return true;
}

static void base64_reads_what_it_writes(void)
{
    unsigned long read[3] = {0};
    for (unsigned a = 0; a < 256; a++)
        for (unsigned b = 0; b < 256; b++) {
            const uint8_t ends[3][8] = {{'Q', 'Q', '/', '+', (uint8_t)a, (uint8_t)b, '=', '='},
                                        {'Q', (uint8_t)a, '0', '9', 'z', 'Z', (uint8_t)b, '='},
                                        {(uint8_t)b, 'a', '0', (uint8_t)a, 'z', 'Z', 'A', 'A'}};
            for (size_t i = 0; i < COUNT_OF(ends); i++) read[i] += one_form(slice_of(ends[i], sizeof ends[i]));
        }
    CHECK_INT(read[0], 256);         /* each byte at the end has one text */
    CHECK_INT(read[1], 64 * 64 / 4); /* two bits of the last letter are 0 */
    CHECK_INT(read[2], 64 * 64);
    for (unsigned digit = 0; digit < 256; digit++) {
        uint8_t byte, text[2] = {'0', (uint8_t)digit};
        bool is = (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
        CHECK(hex_parse(&byte, 1, slice_of(text, 2)) == is && hex_is(slice_of(text, 2)) == is);
    }
}

/* The key and note of the C2SP signed-note text, also found in the documentation of Go's sumdb/note. */
static void reads_what_go_signs(void)
{
    static const char vkey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    static const char text[] = "If you think cryptography is the answer to your problem,\n"
                               "then you don't know what your problem is.\n\n"
                               "— PeterNeumann "
                               "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyB"
                               "wJnAM=\n";
    struct verifier verifier;
    struct note note;
    bool present;
    CHECK(verifier_parse(&verifier, slice_from(vkey), NULL) == STATUS_DONE);
    char back[VERIFIER_TEXT_SIZE];
    verifier_format(&verifier, back);
    CHECK_STRING(back, vkey);
    CHECK(note_parse(&note, slice_from(text), NULL) == STATUS_DONE);
    CHECK(note_verify(&note, &verifier, &present) && present);
    OWN(buffer_clear) struct buffer changed = {0};
    buffer_put_string(&changed, text);
    changed.data[3] ^= 1;
    CHECK(note_parse(&note, buffer_slice(&changed), NULL) == STATUS_DONE);
    CHECK(!note_verify(&note, &verifier, &present) && present);
}

static void notes_are_strict(void)
{
    struct signer signer = example("un-monitor");
    OWN(buffer_clear) struct buffer signed_note = {0};
    CHECK(note_sign(&signed_note, slice_from("{}\n"), &signer, NULL) == STATUS_DONE);
    CHECK(note_sign(&signed_note, slice_from("{}"), &signer, NULL) == STATUS_REFUSED);
    struct note note;
    bool present;
    CHECK(note_parse(&note, buffer_slice(&signed_note), NULL) == STATUS_DONE && note.signatures == 1);
    CHECK(slice_is(note.text, "{}\n"));
    CHECK(note_verify(&note, &signer.verifier, &present));
    struct signer other = example("other");
    CHECK(!note_verify(&note, &other.verifier, &present) && !present);
    static const struct {
        const char *text, *code;
    } bad[] = {{"", "note-empty"},
               {"x", "note-form"},
               {"x\n", "note-form"},
               {"x\n\n", "note-unsigned"},
               {"x\n\n— a AAAAAAA=", "note-signature-form"},
               {"x\n\n— a AAAAAAA=\ngarbage\n", "note-signature-form"},
               {"x\n\n— a+b AAAAAAA=\n", "note-signature-form"},
               {"x\n\n— a AAA\n", "note-signature-form"},
               {"x\n\n- a AAAAAAA=\n", "note-signature-form"},
               {"x\r\n\n— a AAAAAAA=\n", "note-control"}};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct error error;
        CHECK(note_parse(&note, slice_from(bad[i].text), &error) == STATUS_REFUSED);
        CHECK_STRING(error.code, bad[i].code);
    }
}

static void verifiers_are_strict(void)
{
    struct verifier verifier;
    static const char *const bad[] = {"",
                                      "PeterNeumann",
                                      "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                                      "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                                      "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                                      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T=",
                                      "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK(verifier_parse(&verifier, slice_from(bad[i]), NULL) == STATUS_REFUSED);
}

static void secret_files_open_again(void)
{
    struct signer signer = example("russia"), back;
    struct error error;
    OWN(buffer_clear) struct buffer plain = {0}, sealed = {0};
    CHECK(signer_format(&signer, slice_from(""), &plain, NULL) == STATUS_DONE);
    CHECK(slice_starts(buffer_slice(&plain), "PRIVATE+KEY+russia+"));
    CHECK(signer_parse(&back, buffer_slice(&plain), slice_from(""), NULL) == STATUS_DONE);
    CHECK(memcmp(&back.secret, &signer.secret, sizeof back.secret) == 0);
    CHECK(signer_format(&signer, slice_from("open sesame"), &sealed, NULL) == STATUS_DONE);
    CHECK(memmem(sealed.data, sealed.size, plain.data + 30, 20) == NULL);
    CHECK(signer_parse(&back, buffer_slice(&sealed), slice_from("open sesame"), NULL) == STATUS_DONE);
    CHECK(memcmp(&back.secret, &signer.secret, sizeof back.secret) == 0);
    CHECK(signer_parse(&back, buffer_slice(&sealed), slice_from("open sesami"), &error) == STATUS_FAILED);
    CHECK_STRING(error.code, "key-passphrase-wrong");
    CHECK(signer_parse(&back, buffer_slice(&sealed), slice_from(""), &error) == STATUS_FAILED);
    CHECK_STRING(error.code, "key-passphrase-needed");
    for (size_t i = 0; i < plain.size;
         i++) { /* a changed name, id, type or seed is another key: never this one's name */
        plain.data[i] ^= 1;
        if (signer_parse(&back, buffer_slice(&plain), slice_from(""), NULL) == STATUS_DONE)
            CHECK(back.verifier.id != signer.verifier.id);
        plain.data[i] ^= 1;
    }
}

/* The message that c2sp.org/tlog-cosignature gives, put together by hand. */
static void cosignatures_are_c2sp(void)
{
    static const char text[] = "example.com/log\n7\nAAAA\n";
    struct signer witness, again, other = example("example.com/witness");
    struct hash seed = hash_of(slice_from("a witness"));
    CHECK(cosigner_from_seed(&witness, slice_from("example.com/witness"), seed.bytes, NULL) == STATUS_DONE);
    CHECK(witness.verifier.id ==
          note_key_id(slice_from("example.com/witness"), NOTE_COSIGNATURE, &witness.verifier.key));
    OWN(buffer_clear) struct buffer bytes = {0}, file = {0}, none = {0};
    buffer_put_string(&bytes, text);
    buffer_put_string(&bytes, "\n");
    CHECK(note_cosign_line(&bytes, slice_from(text), 1679315147, &witness, NULL) == STATUS_DONE);
    struct note note;
    CHECK(note_parse(&note, buffer_slice(&bytes), NULL) == STATUS_DONE && note.signatures == 1);
    CHECK(note.signature[0].size == 72);
    static const uint8_t when[8] = {0, 0, 0, 0, 0x64, 0x18, 0x50, 0xCB};
    CHECK(memcmp(note.signature[0].bytes, when, sizeof when) == 0);
    struct signature signature;
    memcpy(signature.bytes, note.signature[0].bytes + 8, sizeof signature.bytes);
    CHECK(sign_verify(&witness.verifier.key, &signature,
                      slice_from("cosignature/v1\ntime 1679315147\nexample.com/log\n7\nAAAA\n")));
    bool present;
    int64_t time;
    CHECK(note_cosigned(&note, &witness.verifier, &present, &time) && present && time == 1679315147);
    note.signature[0].bytes[7] ^= 1; /* another time */
    CHECK(!note_cosigned(&note, &witness.verifier, &present, &time) && present);
    note.signature[0].bytes[7] ^= 1;
    CHECK(!note_verify(&note, &witness.verifier, &present) && present); /* a cosignature is no signature */
    CHECK(!note_cosigned(&note, &other.verifier, &present, &time) && !present);
    struct error error;
    CHECK(note_sign(&none, slice_from(text), &witness, &error) == STATUS_USAGE);
    CHECK_STRING(error.code, "key-use");
    CHECK(note_cosign_line(&none, slice_from(text), 1, &other, &error) == STATUS_USAGE);
    CHECK_STRING(error.code, "key-use");
    CHECK(signer_format(&witness, slice_from(""), &file, NULL) == STATUS_DONE);
    CHECK(signer_parse(&again, buffer_slice(&file), slice_from(""), NULL) == STATUS_DONE);
    CHECK(again.verifier.algorithm == NOTE_COSIGNATURE && again.verifier.id == witness.verifier.id);
}

/* The text was made by another program. */
static void reader_keys_have_one_form(void)
{
    static const char text[] = "south+dd915c0f+/3RydWNlLXJlYWRlci92MQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
    struct reader_key key, made;
    struct verifier verifier;
    struct error error;
    char back[READER_KEY_TEXT_SIZE], wrong[sizeof text];
    CHECK(reader_key_parse(&key, slice_from(text), NULL) == STATUS_DONE);
    CHECK(key.id == 0xdd915c0f && strcmp(key.name, "south") == 0 && key.bytes[31] == 31);
    reader_key_format(&key, back);
    CHECK_STRING(back, text);
    CHECK(reader_key_make(&made, slice_from("south"), key.bytes, NULL) == STATUS_DONE && made.id == key.id);
    CHECK(reader_key_make(&made, slice_from("so+uth"), key.bytes, &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "key-name");
    CHECK(verifier_parse(&verifier, slice_from(text), NULL) == STATUS_REFUSED); /* it is no key to verify with */
    memcpy(wrong, text, sizeof wrong);
    wrong[6] = wrong[6] == '0' ? '1' : '0';
    CHECK(reader_key_parse(&key, slice_from(wrong), &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "key-id");
    memcpy(wrong, text, sizeof wrong);
    wrong[sizeof wrong - 3] ^= 1; /* the key, and so its id */
    CHECK(reader_key_parse(&key, slice_from(wrong), NULL) == STATUS_REFUSED);
    memcpy(wrong, text, sizeof wrong);
    wrong[sizeof "south+01234567+" + 3] ^= 1; /* another type, under the id of this one */
    CHECK(reader_key_parse(&key, slice_from(wrong), &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "key-form");
    CHECK(reader_key_parse(&key, slice_part(slice_from(text), 0, sizeof text - 5), &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "key-form");
}

TESTS(reader_keys_have_one_form, hashes_are_sha256, cosignatures_are_c2sp, base64_has_one_form,
      base64_reads_what_it_writes, reads_what_go_signs, notes_are_strict, verifiers_are_strict, secret_files_open_again)
