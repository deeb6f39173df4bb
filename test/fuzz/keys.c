/* Notes, verifier keys and secret files: what is accepted has one form; a changed signature never holds. */
#include "crypto/note.h"
#include "crypto/reader_key.h"
#include "fuzz.h"

static void notes(struct slice text)
{
    static struct note note; /* large */
    struct error error;
    if (note_parse(&note, text, &error) != STATUS_DONE) {
        EXPECT(error.status == STATUS_REFUSED && error.offset >= 0 && (size_t)error.offset <= text.size);
        return;
    }
    EXPECT(note.signatures > 0 && note.signatures <= LIMIT_NOTE_SIGNATURES);
    struct buffer again = {0};
    buffer_put(&again, note.text);
    buffer_put_byte(&again, '\n');
    for (size_t i = 0; i < note.signatures; i++) {
        buffer_put(&again, note.signature[i].line);
        buffer_put_byte(&again, '\n');
    }
    EXPECT(slice_equal(buffer_slice(&again), text));
    buffer_clear(&again);
}

static void verifiers(struct slice text)
{
    struct verifier verifier;
    char back[VERIFIER_TEXT_SIZE];
    if (verifier_parse(&verifier, text, NULL) != STATUS_DONE) return;
    verifier_format(&verifier, back);
    EXPECT(slice_is(text, back));
}

static void readers(struct slice text)
{
    struct reader_key key;
    char back[READER_KEY_TEXT_SIZE];
    if (reader_key_parse(&key, text, NULL) != STATUS_DONE) return;
    reader_key_format(&key, back);
    EXPECT(slice_is(text, back));
}

/* Without a passphrase: deriving a key takes 64 MiB and a good part of a second by design. */
static void secrets(struct slice text)
{
    struct signer signer;
    struct error error;
    struct buffer back = {0};
    if (signer_parse(&signer, text, slice_from(""), &error) == STATUS_DONE) {
        EXPECT(signer_format(&signer, slice_from(""), &back, NULL) == STATUS_DONE);
        EXPECT(back.size - 1 == text.size || back.size == text.size);
        EXPECT(memcmp(back.data, text.data, back.size - 1) == 0);
        signer_clear(&signer);
    } else {
        EXPECT(error.status == STATUS_FAILED || error.status == STATUS_REFUSED);
    }
    buffer_clear(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size);
    if (crypto_start(NULL) != STATUS_DONE) return 0;
    notes(text);
    verifiers(text);
    readers(text);
    secrets(text);
    return 0;
}
