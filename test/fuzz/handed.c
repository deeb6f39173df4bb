/* What a source hands a mirror and a courier brings: a bundle is cut into entries that lie in it one behind the other,
 * and a full copy's stamp has one form and is no other signed text. */
#include "fuzz.h"
#include "log/checkpoint.h"
#include "peer/far.h"
#include "register/arrivals.h"

static void bundle(struct slice bytes)
{
    struct slice rest = bytes, entry;
    size_t together = 0;
    while (far_entry(&rest, &entry)) {
        EXPECT(entry.data == bytes.data + together + 2);
        together += 2 + entry.size;
        EXPECT(together + rest.size == bytes.size);
    }
    EXPECT(rest.size < 2 || 2 + (size_t)(rest.data[0] << 8 | rest.data[1]) > rest.size);
}

static void stamp(struct slice text)
{
    struct arrival_stamp stamp;
    struct checkpoint checkpoint;
    struct promise promise;
    struct refusal refusal;
    struct error error;
    char at[25];
    if (arrival_parse(&stamp, text, &error) != STATUS_DONE) {
        EXPECT(error.code[0] != '\0');
        return;
    }
    EXPECT(stamp.origin.size > 0 && memcmp(text.data, stamp.origin.data, stamp.origin.size) == 0);
    received_format(stamp.at_ms, at); /* as it is told */
    EXPECT(strlen(at) < sizeof at);
    EXPECT(checkpoint_parse(&checkpoint, text, NULL) != STATUS_DONE);
    EXPECT(promise_parse(&promise, text, NULL) != STATUS_DONE && refusal_parse(&refusal, text, NULL) != STATUS_DONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bundle(slice_of(data, size));
    stamp(slice_of(data, size));
    return 0;
}
