/* A vote for a change of host, and whom a witness trusts: what is taken has one form, is no other signed text, and
 * shows what it says. */
#include "fuzz.h"
#include "log/checkpoint.h"
#include "peer/ballot.h"
#include "peer/witness_internal.h"

static struct signer witness;

static void start(void)
{
    static const uint8_t seed[SEED_BYTES] = {1};
    if (witness.verifier.name[0] != '\0') return;
    EXPECT(crypto_start(NULL) == STATUS_DONE);
    EXPECT(cosigner_from_seed(&witness, slice_from("w.example"), seed, NULL) == STATUS_DONE);
}

static void votes(struct slice text)
{
    struct vote vote;
    struct note note;
    struct checkpoint checkpoint;
    struct promise promise;
    struct error error;
    OWN(buffer_clear) struct buffer again = {0};
    if (vote_read(&vote, text, &error) != STATUS_DONE) {
        EXPECT(error.status == STATUS_REFUSED && vote.checkpoint.data == NULL);
        return;
    }
    EXPECT(note_parse(&note, text, NULL) == STATUS_DONE);
    EXPECT(checkpoint_parse(&checkpoint, note.text, NULL) != STATUS_DONE);
    EXPECT(promise_parse(&promise, note.text, NULL) != STATUS_DONE);
    EXPECT((vote.size > 0) == (vote.checkpoint.size > 0));
    EXPECT(vote_sign(&again, &vote, 1, &witness, NULL) == STATUS_DONE);
    EXPECT(slice_equal(slice_part(buffer_slice(&again), 0, note.text.size), note.text));
    EXPECT(vote_check(&vote, text, &witness.verifier, &error) == STATUS_DONE || error.status == STATUS_UNVERIFIED);
    vote_clear(&vote);
}

/* The text under a signature of ours: no fuzzer finds one by itself. Signing takes longer than all the rest, so only
 * what begins as a vote gets one. */
static void signed_votes(struct slice text)
{
    OWN(buffer_clear) struct buffer note = {0};
    const uint8_t *line = text.size == 0 ? NULL : memchr(text.data, '\n', text.size);
    size_t size = line == NULL ? 0 : (size_t)(line - text.data);
    if (size < 8 || memcmp(line - 8, "/vote/v1", 8) != 0 || text.data[text.size - 1] != '\n') return;
    buffer_put(&note, text);
    buffer_put_byte(&note, '\n');
    if (note_cosign_line(&note, text, 1, &witness, NULL) == STATUS_DONE) votes(buffer_slice(&note));
}

static void policies(struct slice text)
{
    struct trusted trusted = {0};
    struct error error;
    if (trusted_read(&trusted, text, &error) == STATUS_DONE)
        for (size_t i = 0; i < trusted.count; i++)
            EXPECT(trusted.logs[i].key_count > 0 &&
                   trusted_find(&trusted, slice_from(trusted.logs[i].origin)) == &trusted.logs[i]);
    else
        EXPECT(error.code[0] != '\0');
    trusted_clear(&trusted);
}

/* Several in a file are cut one way. */
static void ballots(struct slice text)
{
    static struct ballot ballot;
    size_t together = 0;
    if (ballot_read(&ballot, text, NULL) == STATUS_DONE) {
        for (size_t i = 0; i < ballot.votes; i++) together += ballot.vote[i].note.size;
        EXPECT(together == text.size);
    }
    ballot_clear(&ballot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size);
    start();
    votes(text);
    signed_votes(text);
    policies(text);
    ballots(text);
    return 0;
}
