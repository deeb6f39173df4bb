/* What is asked of a log by path, and entries as others hand them on: a path has one spelling, gives a whole number of
 * hashes or entries, and never a byte of any other file; an entry has one form. */
#include "crash/disk.h"
#include "fuzz.h"
#include "log/log.h"
#include "record/record.h"

enum { ENTRIES = 700 };
static struct log *log_;

static void start(void)
{
    static const uint8_t seed[SEED_BYTES] = {1};
    static struct system system;
    static struct signer key;
    static char text[ENTRIES][16];
    static struct slice entries[ENTRIES];
    uint64_t first;
    if (log_ != NULL) return;
    system = disk_system(disk_open(1));
    EXPECT(crypto_start(NULL) == STATUS_DONE);
    EXPECT(signer_from_seed(&key, slice_from("l.example"), seed, NULL) == STATUS_DONE);
    for (size_t i = 0; i < ENTRIES; i++)
        entries[i] = slice_of(text[i], (size_t)snprintf(text[i], sizeof text[i], "entry %zu", i));
    EXPECT(log_create(&system, "/log", NULL) == STATUS_DONE);
    EXPECT(log_open(&log_, &system, "/log", LOG_WRITE, &key, NULL) == STATUS_DONE);
    EXPECT(log_append(log_, entries, ENTRIES, &first, NULL) == STATUS_DONE);
    EXPECT(log_publish(log_, NULL) == STATUS_DONE);
}

static void paths(struct slice path)
{
    struct error error;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = log_tile(log_, path, &out, &error);
    if (status != STATUS_DONE) {
        EXPECT(out.size == 0 && (strcmp(error.code, "tile-path") == 0 || strcmp(error.code, "tile-absent") == 0));
        return;
    }
    EXPECT(path.size < 40 && slice_starts(path, "tile/"));
    if (slice_starts(path, "tile/entries/"))
        EXPECT(out.size > 2 && out.data[0] == 0 && memcmp(out.data + 2, "entry ", 6) == 0);
    else
        EXPECT(out.size > 0 && out.size % HASH_BYTES == 0 && out.size <= 256 * (size_t)HASH_BYTES);
}

static void entries(struct slice bytes)
{
    int64_t received_ms;
    struct slice note;
    struct error error;
    OWN(buffer_clear) struct buffer again = {0};
    if (entry_parse(&received_ms, &note, bytes, &error) != STATUS_DONE) {
        EXPECT(error.status == STATUS_REFUSED);
        return;
    }
    entry_format(&again, received_ms, note);
    EXPECT(slice_equal(buffer_slice(&again), bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    start();
    paths(slice_of(data, size));
    entries(slice_of(data, size));
    return 0;
}
