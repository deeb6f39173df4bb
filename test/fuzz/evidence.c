/* Evidence and policies from others: whatever is read is written back as the same bytes where it proves anything, and
 * every refusal says where. */
#include "fuzz.h"
#include "register/evidence.h"

static void evidences(struct slice text)
{
    struct arena arena;
    struct evidence evidence;
    struct error error;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    if (evidence_read(&evidence, text, &arena, &error) == STATUS_DONE) {
        struct buffer out = {0};
        enum status status = evidence_write(&out, &evidence, &error);
        EXPECT(status == STATUS_DONE || status == STATUS_UNVERIFIED);
        if (status == STATUS_DONE) EXPECT(slice_equal(buffer_slice(&out), text));
        buffer_clear(&out);
    }
    arena_clear(&arena);
}

static void policies(struct slice text)
{
    static struct trust policy;
    struct error error;
    if (trust_read(&policy, text, &error) == STATUS_DONE) {
        EXPECT(policy.none || policy.quorum < TRUST_WITNESSES_MOST + TRUST_GROUPS_MOST);
        return;
    }
    EXPECT(error.offset >= 0 && (size_t)error.offset <= text.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)!crypto_start(NULL);
    evidences(slice_of(data, size));
    policies(slice_of(data, size));
    return 0;
}
