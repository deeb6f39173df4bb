/* Checkpoints, proofs, promises and refusals: what is accepted has one form, and a promise is never a checkpoint. */
#include "fuzz.h"
#include "log/checkpoint.h"

static void checkpoints(struct slice text)
{
    struct checkpoint checkpoint;
    struct error error;
    if (checkpoint_parse(&checkpoint, text, &error) != STATUS_DONE) {
        EXPECT(error.offset >= 0 && (size_t)error.offset <= text.size);
        return;
    }
    struct buffer out = {0};
    checkpoint_format(&out, &checkpoint);
    EXPECT(slice_equal(buffer_slice(&out), slice_part(text, 0, out.size))); /* extension lines may follow */
    buffer_clear(&out);
}

static void proofs(struct slice text)
{
    uint64_t index;
    struct log_proof proof;
    struct slice note;
    struct error error;
    if (proof_parse(&index, &proof, &note, text, &error) != STATUS_DONE) {
        EXPECT(error.offset >= 0 && (size_t)error.offset <= text.size);
        return;
    }
    struct buffer out = {0};
    proof_format(&out, index, &proof, note);
    if (memmem(text.data, text.size, "extra ", 6) == NULL) EXPECT(slice_equal(buffer_slice(&out), text));
    buffer_clear(&out);
}

static void others(struct slice text)
{
    struct checkpoint checkpoint;
    struct promise promise;
    struct refusal refusal;
    bool promised = promise_parse(&promise, text, NULL) == STATUS_DONE;
    bool refused = refusal_parse(&refusal, text, NULL) == STATUS_DONE;
    EXPECT(!promised || promise.merge_by_ms >= promise.received_ms);
    EXPECT(!refused || refusal.code.size > 0);
    EXPECT(!(promised && refused));
    if (promised || refused) EXPECT(checkpoint_parse(&checkpoint, text, NULL) != STATUS_DONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size);
    checkpoints(text);
    proofs(text);
    others(text);
    return 0;
}
