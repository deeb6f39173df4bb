/* A state file that holds anything: opening says it is damaged and leaves it alone, or opens, and then opens again to
 * the same memory. The input is a script, for no fuzzer finds a SHA-256 by itself: 'f' N: a frame as it should follow,
 * of the next N bytes; 'n' N: the same with a wrong number; 'r' N: the next N bytes as they are; 'h' S: a frame with
 * the checkpoint of size S; 'k': one with the witness's key; 'c' N: N bytes are cut off the end. */
#include "memory.h"
#include "peer/witness_internal.h"

static const char path[] = "/w/peers/witness";
static struct signer key, log_key;
static char logs[600], key_text[VERIFIER_TEXT_SIZE];

static void start(void)
{
    static const uint8_t seed[SEED_BYTES] = {1}, log_seed[SEED_BYTES] = {2};
    char text[VERIFIER_TEXT_SIZE];
    if (logs[0] != '\0') return;
    EXPECT(crypto_start(NULL) == STATUS_DONE);
    EXPECT(cosigner_from_seed(&key, slice_from("w.example"), seed, NULL) == STATUS_DONE);
    EXPECT(signer_from_seed(&log_key, slice_from("l.example"), log_seed, NULL) == STATUS_DONE);
    verifier_format(&key.verifier, key_text);
    verifier_format(&log_key.verifier, text);
    snprintf(logs, sizeof logs, "log %s\n", text);
}

static void put_frame(struct buffer *out, uint64_t number, struct slice items)
{
    struct buffer head = {0};
    buffer_put(&head, slice_of("\xFFwitns\x01\n", 8));
    buffer_put_u64be(&head, number);
    buffer_put_u64be(&head, 5);
    buffer_put_u32be(&head, (uint32_t)items.size);
    struct slice parts[] = {buffer_slice(&head), items};
    struct hash digest = hash_of_parts(parts, 2);
    buffer_put(out, buffer_slice(&head));
    buffer_put(out, slice_of(digest.bytes, HASH_BYTES));
    buffer_put(out, items);
    buffer_clear(&head);
}

static void put_item(struct buffer *out, char what, struct slice bytes)
{
    buffer_put_byte(out, (uint8_t)what);
    buffer_put_u32be(out, (uint32_t)bytes.size);
    buffer_put(out, bytes);
}

/* Signed once for each size: that takes longer than all the rest. */
static void put_head(struct buffer *out, uint8_t size)
{
    static struct buffer heads[UINT8_MAX + 1];
    struct buffer *bytes = &heads[size], text = {0};
    if (bytes->size == 0) {
        const struct checkpoint checkpoint = {slice_from("l.example"), size, {{size / 2}}};
        checkpoint_format(&text, &checkpoint);
        buffer_put_u64be(bytes, 1000);
        EXPECT(note_sign(bytes, buffer_slice(&text), &log_key, NULL) == STATUS_DONE);
        buffer_clear(&text);
    }
    put_item(out, 'H', buffer_slice(bytes));
}

static void build(struct buffer *out, struct slice script)
{
    uint64_t next = 0;
    for (size_t at = 0; at + 2 <= script.size;) {
        struct buffer items = {0};
        uint8_t what = script.data[at], n = script.data[at + 1];
        struct slice bytes = slice_part(script, at + 2, n);
        at += 2;
        if (what == 'r')
            buffer_put(out, bytes);
        else if (what == 'c')
            out->size -= n < out->size ? n : out->size;
        if (what == 'k') put_item(&items, 'K', slice_from(key_text));
        if (what == 'h') put_head(&items, n);
        if (what == 'f' || what == 'n') buffer_put(&items, bytes);
        if (what == 'f' || what == 'n' || what == 'h' || what == 'k')
            put_frame(out, what == 'n' ? next + 1 : next++, buffer_slice(&items));
        if (what == 'f' || what == 'n' || what == 'r') at += bytes.size;
        buffer_clear(&items);
    }
}

static enum status open_it(struct witness **out, const struct system *system)
{
    const struct witness_options options = {
        .system = system, .directory = "/w", .key = &key, .logs = slice_from(logs), .override = true};
    return witness_open(out, &options, NULL);
}

static void check(const struct system *system, struct slice bytes)
{
    struct witness *witness;
    struct buffer after = {0}, again = {0};
    enum status status = open_it(&witness, system);
    if (status != STATUS_DONE) {
        EXPECT(status == STATUS_UNVERIFIED || status == STATUS_REFUSED);
        EXPECT(file_read_all(system, path, 1 << 20, &after, NULL) == STATUS_DONE);
        EXPECT(slice_equal(buffer_slice(&after), bytes));
        buffer_clear(&after);
        return;
    }
    EXPECT(witness_about(witness, &after, NULL) == STATUS_DONE);
    witness_close(&witness);
    EXPECT(open_it(&witness, system) == STATUS_DONE);
    EXPECT(witness_about(witness, &again, NULL) == STATUS_DONE);
    EXPECT(slice_equal(buffer_slice(&after), buffer_slice(&again)));
    witness_close(&witness);
    buffer_clear(&after);
    buffer_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct buffer bytes;
    start();
    memory_empty();
    buffer_reset(&bytes);
    build(&bytes, slice_of(data, size));
    EXPECT(file_put(&memory_system, path, buffer_slice(&bytes), 0600, NULL) == STATUS_DONE);
    check(&memory_system, buffer_slice(&bytes));
    return 0;
}
