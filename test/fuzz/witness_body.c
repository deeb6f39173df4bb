/* What a witness is asked, or hears from a peer, whatever it is. The first byte chooses: the rest is the body as it
 * came
 * ('b'), or the lines of one whose checkpoint text is signed here ('s'), for no fuzzer finds a signature by itself; or
 * a peer's head as it came ('p'), or signed here by the log and by the witness itself ('h'). */
#include "crash/disk.h"
#include "fuzz.h"
#include "peer/witness_internal.h"

static struct signer key, log_key;
static char logs[600];

static void once(void)
{
    static const uint8_t seed[SEED_BYTES] = {1}, log_seed[SEED_BYTES] = {2};
    char text[VERIFIER_TEXT_SIZE];
    if (logs[0] != '\0') return;
    EXPECT(crypto_start(NULL) == STATUS_DONE);
    EXPECT(cosigner_from_seed(&key, slice_from("w.example"), seed, NULL) == STATUS_DONE);
    EXPECT(signer_from_seed(&log_key, slice_from("l.example"), log_seed, NULL) == STATUS_DONE);
    verifier_format(&log_key.verifier, text);
    snprintf(logs, sizeof logs, "log %s\n", text);
}

/* A new witness for each input, as far as that can be told: one that wrote nothing is as new for the next. */
static struct witness *fresh(void)
{
    static struct witness *witness;
    static struct disk *disk;
    static struct system system;
    static uint64_t operations;
    if (witness != NULL && disk_operations(disk) == operations) return witness;
    if (witness != NULL) {
        witness_close(&witness);
        disk_close(&disk);
    }
    once();
    disk = disk_open(1);
    system = disk_system(disk);
    const struct witness_options options = {
        .system = &system, .directory = "/w", .key = &key, .logs = slice_from(logs), .override = true};
    EXPECT(witness_open(&witness, &options, NULL) == STATUS_DONE);
    operations = disk_operations(disk);
    return witness;
}

/* Lines up to the first empty one as they are, then the text with its signature. */
static void put_signed(struct buffer *out, struct slice rest)
{
    const uint8_t *split = rest.data == NULL || rest.size == 0 ? NULL : memmem(rest.data, rest.size, "\n\n", 2);
    size_t head = split == NULL ? 0 : (size_t)(split - rest.data) + 2;
    buffer_put(out, slice_part(rest, 0, head));
    if (note_sign(out, slice_part(rest, head, SIZE_MAX), &log_key, NULL) != STATUS_DONE) buffer_reset(out);
}

static void judge(struct witness *witness, struct slice body)
{
    struct witness_answer answer = {0};
    const struct witness_log *log = &witness->trusted.logs[0];
    uint64_t before = log->head.size;
    int64_t time_s = log->head.time_s;
    witness_judge(witness, body, &answer);
    EXPECT(answer.status == 200 || answer.status == 400 || answer.status == 403 || answer.status == 404 ||
           answer.status == 409 || answer.status == 422);
    EXPECT(answer.type != NULL && answer.body.size > 0);
    EXPECT(log->head.size >= before && log->head.time_s >= time_s);
    EXPECT(answer.status == 200 || log->head.size == before);
    buffer_clear(&answer.body);
}

static void hear(struct witness *witness, struct slice note)
{
    struct error error;
    const struct witness_log *log = &witness->trusted.logs[0];
    uint64_t before = log->head.size;
    int64_t time_s = log->head.time_s;
    enum status status = witness_hear(witness, 0, note, &error);
    EXPECT(log->head.size >= before && log->head.time_s >= time_s);
    EXPECT(status == STATUS_DONE || (log->head.size == before && error.code != NULL));
}

static void put_head(struct buffer *out, struct slice text)
{
    if (note_sign(out, text, &log_key, NULL) != STATUS_DONE ||
        note_cosign_line(out, text, 1000, &key, NULL) != STATUS_DONE)
        buffer_reset(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer body = {0};
    struct witness *witness = fresh();
    struct slice rest = slice_part(slice_of(data, size), 1, SIZE_MAX);
    if (size > 0 && data[0] == 's')
        put_signed(&body, rest);
    else if (size > 0 && data[0] == 'h')
        put_head(&body, rest);
    else
        buffer_put(&body, rest);
    for (int i = 0; i < 2; i++) /* once more, from what the first left */
        if (size > 0 && (data[0] == 'p' || data[0] == 'h'))
            hear(witness, buffer_slice(&body));
        else
            judge(witness, buffer_slice(&body));
    buffer_clear(&body);
    return 0;
}
