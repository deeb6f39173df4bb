/* Votes for a change of host: one that is read is no other signed text, its head has the size that it says, and a file
 * of them is cut one way. */
#include "fuzz.h"
#include "log/checkpoint.h"
#include "peer/ballot.h"

static void one(struct slice bytes)
{
    OWN(vote_clear) struct vote vote = {.size = 0};
    struct note note;
    struct checkpoint checkpoint;
    struct promise promise;
    if (note_parse(&note, bytes, NULL) != STATUS_DONE || vote_read(&vote, bytes, NULL) != STATUS_DONE) return;
    EXPECT(checkpoint_parse(&checkpoint, note.text, NULL) != STATUS_DONE);
    EXPECT(promise_parse(&promise, note.text, NULL) != STATUS_DONE);
    EXPECT((vote.size == 0) == (vote.checkpoint.size == 0));
    EXPECT(memcmp(&vote.old_key.key, &vote.new_key.key, sizeof vote.old_key.key) != 0);
    (void)!vote_check(&vote, bytes, &vote.old_key, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ballot ballot;
    one(slice_of(data, size));
    size_t together = 0;
    if (ballot_read(&ballot, slice_of(data, size), NULL) == STATUS_DONE) {
        for (size_t i = 0; i < ballot.votes; i++) together += ballot.vote[i].note.size;
        EXPECT(together == size);
    }
    ballot_clear(&ballot);
    return 0;
}
