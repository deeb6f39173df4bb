/* The mirror's copy at every operation of its history on a disk that loses, tears, reorders, doubles or keeps what
 * was not synced, that fails, runs full and cannot be read: it goes on afterwards and ends with the same bytes (C1, C2
 * of src/peer/copy.h; L1 … L4). The host's log lies on the real disk: only the mirror has bad luck here. */
#include "crash/disk.h"
#include "peer/copy.h"
#include "check.h"
#include "scratch.h"
#include <errno.h>

static struct signer key;
static const uint64_t stages[] = {3, 5, 300, 601, 1030}; /* sizes that the host publishes */
static char *host[COUNT_OF(stages)];                     /* as it stood at each */

enum { ENTRY_SIZE = 64 };

static struct slice entry_of(uint64_t i, char text[ENTRY_SIZE])
{
    int size = snprintf(text, ENTRY_SIZE, "entry %llu %.*s", (unsigned long long)i, (int)(i % 40),
                        "........................................");
    return slice_of(text, (size_t)size);
}

static void grow(struct log *log, uint64_t to)
{
    struct error error;
    char text[ENTRY_SIZE];
    uint64_t first;
    while (log_size(log) < to) {
        uint64_t i = log_size(log);
        struct slice entry = entry_of(i, text);
        CHECK(log_append(log, &entry, 1, &first, &error) == STATUS_DONE);
    }
}

static void starts(void)
{
    struct error error;
    struct log *log;
    static const uint8_t bytes[SEED_BYTES] = {7};
    CHECK(crypto_start(&error) == STATUS_DONE);
    CHECK(signer_from_seed(&key, slice_from("example.org/log"), bytes, &error) == STATUS_DONE);
    for (size_t i = 0; i < COUNT_OF(stages); i++) {
        host[i] = scratch("mirror-host");
        CHECK(log_create(&system_real, host[i], &error) == STATUS_DONE);
        CHECK(log_open(&log, &system_real, host[i], LOG_WRITE, &key, &error) == STATUS_DONE);
        grow(log, stages[i]);
        log_close(&log);
    }
}

struct world {
    struct disk *disk;
    struct system system;
    uint64_t published; /* of the mirror, as it last said */
};

static void world_open(struct world *w, uint64_t seed)
{
    *w = (struct world){.disk = disk_open(seed)};
    w->system = disk_system(w->disk);
}

/* One run of a mirror's process up to a stage of the host. */
static enum status run(struct world *w, size_t stage, struct error *error)
{
    struct log *log = NULL;
    struct source *source = NULL;
    struct copy copy;
    const struct source_options options = {.where = host[stage]};
    TRY(directory_make(&w->system, "/m", error));
    TRY(log_create_following(&w->system, "/m/log", slice_from(key.verifier.name), error));
    TRY(log_open(&log, &w->system, "/m/log", LOG_FOLLOW, NULL, error));
    enum status status = source_open(&source, &system_real, &options, error);
    if (status == STATUS_DONE) status = copy_open(&copy, &w->system, "/m", log, source, error);
    if (status == STATUS_DONE) {
        CHECK(copy.published.there || w->published == 0);
        if (copy.published.there) CHECK(copy.published.checkpoint.size >= w->published); /* what was said stays */
        status = copy_look(&copy, &key.verifier, error);
        if (status == STATUS_DONE) status = copy_take(&copy, error);
        if (status == STATUS_DONE) status = copy_publish(&copy, &key.verifier, error);
        if (status == STATUS_DONE) w->published = log_published(log);
        copy_close(&copy);
    }
    source_close(&source);
    log_close(&log);
    return status;
}

static void history(struct world *w, size_t from)
{
    struct error error;
    for (size_t i = from; i < COUNT_OF(stages) && !disk_stopped(w->disk); i++)
        if (run(w, i, &error) != STATUS_DONE) CHECK(disk_stopped(w->disk) || disk_failed(w->disk));
}

static void fault(void *context, const struct error *fault_)
{
    char text[600];
    error_format(fault_, NULL, text, sizeof text);
    fprintf(stderr, "  fault: %s %s\n", fault_->code, text);
    (void)context;
}

static enum status same_entry(void *context, uint64_t index, struct slice entry, struct error *error)
{
    char text[ENTRY_SIZE];
    (void)context;
    (void)error;
    CHECK(slice_equal(entry, entry_of(index, text)));
    return STATUS_DONE;
}

/* As a reader finds it: whole, of the host's entries alone, and what is beyond the checkpoint is covered by the target.
 */
static void check_reader(struct world *w)
{
    struct error error;
    struct log *log;
    struct source *source = NULL;
    struct copy copy;
    const struct source_options options = {.where = host[COUNT_OF(stages) - 1]};
    if (log_open(&log, &w->system, "/m/log", LOG_READ, &key, &error) != STATUS_DONE) {
        CHECK_STRING(error.code, "log-missing");
        return;
    }
    if (!CHECK(log_verify(&w->system, "/m/log", &key.verifier, 1, fault, NULL, &error) == STATUS_DONE))
        fault(NULL, &error);
    CHECK(log_published(log) >= w->published);
    CHECK(log_walk(log, 0, log_size(log), same_entry, NULL, &error) == STATUS_DONE);
    CHECK(source_open(&source, &system_real, &options, &error) == STATUS_DONE);
    CHECK(copy_open(&copy, &w->system, "/m", log, source, &error) == STATUS_DONE);
    if (log_size(log) > log_published(log)) CHECK(copy.target.there && copy.target.checkpoint.size >= log_size(log));
    copy_close(&copy);
    source_close(&source);
    log_close(&log);
}

/* The published log is the same bytes as the host's. */
static void check_same(struct world *w, const char *path)
{
    struct error error;
    struct log *log, *whole;
    OWN(buffer_clear) struct buffer mine = {0}, theirs = {0};
    CHECK(log_open(&log, &w->system, "/m/log", LOG_READ, &key, &error) == STATUS_DONE);
    CHECK(log_open(&whole, &system_real, host[COUNT_OF(stages) - 1], LOG_READ, &key, &error) == STATUS_DONE);
    CHECK(log_tile(log, slice_from(path), &mine, &error) == STATUS_DONE);
    CHECK(log_tile(whole, slice_from(path), &theirs, &error) == STATUS_DONE);
    CHECK(slice_equal(buffer_slice(&mine), buffer_slice(&theirs)));
    log_close(&log);
    log_close(&whole);
}

static void check_whole(struct world *w)
{
    static const char *const paths[] = {"tile/0/003", "tile/0/004.p/6", "tile/1/000.p/4", "tile/entries/000",
                                        "tile/entries/004.p/6"};
    struct error error;
    OWN(buffer_clear) struct buffer mine = {0}, theirs = {0};
    char path[600];
    if (!CHECK(run(w, COUNT_OF(stages) - 1, &error) == STATUS_DONE)) fault(NULL, &error);
    check_reader(w);
    for (size_t i = 0; i < COUNT_OF(paths); i++) check_same(w, paths[i]);
    snprintf(path, sizeof path, "%s/checkpoint", host[COUNT_OF(stages) - 1]);
    CHECK(file_read_all(&w->system, "/m/log/checkpoint", 65536, &mine, &error) == STATUS_DONE);
    CHECK(file_read_all(&system_real, path, 65536, &theirs, &error) == STATUS_DONE);
    CHECK(slice_equal(buffer_slice(&mine), buffer_slice(&theirs)));
}

/* ---- */

static void cut_at(uint64_t n, enum disk_loss loss, int error_number)
{
    struct world w;
    unsigned long failed = check_failed;
    world_open(&w, n);
    disk_stop_at(w.disk, error_number == 0 ? n : n + 1);
    if (error_number != 0) disk_fail_at(w.disk, n, error_number);
    history(&w, 0);
    disk_kill(w.disk);
    disk_stop_at(w.disk, 0);
    check_reader(&w); /* the process died, the machine did not */
    disk_crash(w.disk, loss);
    check_reader(&w);
    if (n % 3 == 0) { /* the way back is cut short, too */
        disk_stop_at(w.disk, 1 + n % 23);
        history(&w, COUNT_OF(stages) - 1);
        disk_crash(w.disk, (enum disk_loss)(n / 3 % DISK_LOSSES));
        check_reader(&w);
    }
    check_whole(&w);
    disk_crash(w.disk, DISK_LOSES);
    check_whole(&w);
    if (check_failed != failed)
        fprintf(stderr, "  cut at %llu, loss %d, error %d\n", (unsigned long long)n, (int)loss, error_number);
    disk_close(&w.disk);
}

static void every_power_cut(void)
{
    struct world w;
    world_open(&w, 1);
    history(&w, 0);
    uint64_t length = disk_operations(w.disk);
    check_whole(&w);
    disk_close(&w.disk);
    CHECK(length > 60);
    for (uint64_t n = 1; n <= length && check_failed < 20; n++) {
        for (unsigned loss = DISK_LOSES; loss < DISK_LOSSES; loss++) cut_at(n, (enum disk_loss)loss, 0);
        cut_at(n, DISK_TEARS, EIO);
    }
}

/* One operation fails, the process lives: it says so, is asked again, and ends with the same. */
static void every_failure(void)
{
    static const int errors[] = {ENOSPC, EIO};
    bool reached = true;
    for (uint64_t n = 1; reached && check_failed < 20; n++)
        for (size_t e = 0; e < COUNT_OF(errors); e++) {
            struct world w;
            unsigned long failed = check_failed;
            world_open(&w, n);
            disk_fail_at(w.disk, n, errors[e]);
            history(&w, 0);
            reached = disk_failed(w.disk);
            disk_fail_at(w.disk, 0, 0);
            check_reader(&w);
            check_whole(&w);
            disk_crash(w.disk, (enum disk_loss)(n % DISK_LOSSES));
            check_whole(&w);
            if (check_failed != failed)
                fprintf(stderr, "  operation %llu failed with %d\n", (unsigned long long)n, errors[e]);
            disk_close(&w.disk);
        }
}

/* One look fails: the mirror says so and goes on when it is asked again. */
static void every_look_that_fails(void)
{
    uint64_t looks = 1;
    for (bool reached = true; reached && check_failed < 20; looks += 1 + looks / 16) {
        struct world w;
        unsigned long failed = check_failed;
        world_open(&w, looks);
        disk_fail_look_at(w.disk, looks);
        history(&w, 0);
        reached = disk_failed(w.disk);
        disk_fail_look_at(w.disk, 0);
        check_reader(&w);
        check_whole(&w);
        if (check_failed != failed) fprintf(stderr, "  look %llu failed\n", (unsigned long long)looks);
        disk_close(&w.disk);
    }
    CHECK(looks > 60);
}

static void a_full_disk(void)
{
    for (uint64_t room = 0; room < 60000; room += 1777) {
        struct world w;
        struct error error;
        world_open(&w, room);
        disk_room(w.disk, room);
        for (size_t i = 0; i < COUNT_OF(stages); i++) (void)!run(&w, i, &error);
        disk_room(w.disk, UINT64_MAX);
        check_reader(&w);
        check_whole(&w);
        disk_close(&w.disk);
    }
}

static void ends(void)
{
    for (size_t i = 0; i < COUNT_OF(stages); i++) scratch_remove(host[i]);
}

TESTS(starts, every_power_cut, every_failure, every_look_that_fails, a_full_disk, ends)
