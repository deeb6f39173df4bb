/* Recovery of a journal that holds anything: readers, writers and log_verify agree whether it is sound, and a writer
 * that opened it leaves a log that verifies. The input is a script, for no fuzzer finds a SHA-256 by itself:
 * 'g' N SIZE: a group of N % 8 + 1 entries of SIZE bytes as it should follow; 'o': the same, with an index that does
 * not follow; 'r' N: the next N bytes as they are; 'c' N: a group of which only N bytes are there. */
#include "crash/disk.h"
#include "fuzz.h"
#include "log/internal.h"
#include <fcntl.h>

static const char directory[] = "/log", journal[] = "/log/journal";

static void put_group(struct buffer *out, uint64_t *next, bool follows, unsigned count, unsigned size, size_t most)
{
    static const uint8_t bytes[256];
    struct slice entries[8];
    struct hash leaves[8];
    struct buffer group = {0};
    for (unsigned i = 0; i < count; i++) entries[i] = slice_of(bytes, size);
    group_encode(&group, follows ? *next : *next + 3, entries, count, leaves);
    buffer_put(out, slice_part(buffer_slice(&group), 0, most));
    buffer_clear(&group);
    if (follows && most == SIZE_MAX) *next += count;
}

static void build(struct buffer *out, struct slice script)
{
    uint64_t next = 0;
    for (size_t at = 0; at + 3 <= script.size;) {
        const uint8_t *step = script.data + at;
        unsigned count = step[1] % 8 + 1, size = step[2];
        at += 3;
        if (*step == 'g' || *step == 'o') put_group(out, &next, *step == 'g', count, size, SIZE_MAX);
        if (*step == 'c') put_group(out, &next, true, 3, size, step[1]);
        if (*step != 'r') continue;
        buffer_put(out, slice_part(script, at, step[1]));
        at += step[1];
    }
}

static void fault(void *context, const struct error *error)
{
    EXPECT(error->code != NULL && error->sentence != NULL);
    ++*(unsigned *)context;
}

static enum status count_visit(void *context, uint64_t index, struct slice entry, struct error *error)
{
    (void)index;
    (void)entry;
    (void)error;
    ++*(uint64_t *)context;
    return STATUS_DONE;
}

static void check(const struct system *system, const struct signer *key)
{
    struct log *log;
    unsigned faults = 0, none = 0;
    uint64_t walked = 0, size = 0;
    enum status verified = log_verify(system, directory, &key->verifier, 1, fault, &faults, NULL);
    enum status read = log_open(&log, system, directory, LOG_READ, key, NULL);
    EXPECT(verified == (faults == 0 ? STATUS_DONE : STATUS_UNVERIFIED) && read == verified);
    if (read == STATUS_DONE) {
        size = log_size(log);
        EXPECT(log_walk(log, 0, size, count_visit, &walked, NULL) == STATUS_DONE && walked == size);
        log_close(&log);
    }
    EXPECT(log_open(&log, system, directory, LOG_WRITE, key, NULL) == read);
    if (read != STATUS_DONE) return;
    struct slice entry = slice_from("more");
    uint64_t first;
    EXPECT(log_append(log, &entry, 1, &first, NULL) == STATUS_DONE && first == size);
    log_close(&log);
    EXPECT(log_verify(system, directory, &key->verifier, 1, fault, &none, NULL) == STATUS_DONE && none == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t seed[SEED_BYTES] = {1};
    struct signer key;
    struct log *log;
    struct disk *disk = disk_open(1);
    struct system system = disk_system(disk);
    struct buffer bytes = {0};
    EXPECT(crypto_start(NULL) == STATUS_DONE);
    EXPECT(signer_from_seed(&key, slice_from("example.org/log"), seed, NULL) == STATUS_DONE);
    EXPECT(log_create(&system, directory, NULL) == STATUS_DONE);
    EXPECT(log_open(&log, &system, directory, LOG_WRITE, &key, NULL) == STATUS_DONE);
    log_close(&log);
    build(&bytes, slice_of(data, size));
    int file = system.open(system.context, journal, O_RDWR, 0);
    EXPECT(file_write_all(&system, file, journal, buffer_slice(&bytes), 0, NULL) == STATUS_DONE);
    system.close(system.context, file);
    check(&system, &key);
    buffer_clear(&bytes);
    disk_close(&disk);
    return 0;
}
