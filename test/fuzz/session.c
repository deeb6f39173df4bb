/* The letter of a session key and a door's challenge: each has one form, neither is ever the other, and none is a
 * checkpoint, a promise or a refusal. Notes that are handed in are cut one way. */
#include "fuzz.h"
#include "log/checkpoint.h"
#include "register/session.h"

static void texts(struct slice text)
{
    struct letter letter;
    struct challenge challenge;
    struct checkpoint checkpoint;
    struct promise promise;
    struct refusal refusal;
    OWN(buffer_clear) struct buffer out = {0};
    bool is_letter = letter_parse(&letter, text, NULL) == STATUS_DONE;
    bool is_challenge = challenge_parse(&challenge, text, NULL) == STATUS_DONE;
    if (!is_letter && !is_challenge) return;
    EXPECT(!(is_letter && is_challenge));
    EXPECT(checkpoint_parse(&checkpoint, text, NULL) != STATUS_DONE);
    EXPECT(promise_parse(&promise, text, NULL) != STATUS_DONE && refusal_parse(&refusal, text, NULL) != STATUS_DONE);
    if (is_letter)
        letter_format(&out, &letter);
    else
        challenge_format(&out, &challenge);
    EXPECT(slice_equal(buffer_slice(&out), text));
}

static void hosts(struct slice text)
{
    char once[SESSION_HOST_SIZE], twice[SESSION_HOST_SIZE];
    if (!session_host(once, text)) return;
    EXPECT(session_host(twice, slice_from(once)) && strcmp(once, twice) == 0);
}

static void notes(struct slice rest)
{
    struct slice note, before = rest;
    while (note_next(&rest, &note)) {
        EXPECT(note.data == before.data && note.size + rest.size == before.size);
        before = rest;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size);
    texts(text);
    hosts(text);
    notes(text);
    return 0;
}
