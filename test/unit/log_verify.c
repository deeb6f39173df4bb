/* L9: any changed bit, cut, lost or foreign file of a log is found, and in its place. */
#include "log/internal.h"
#include "check.h"
#include "scratch.h"
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <sys/stat.h>

static struct signer key;
static uint64_t seed = 20160909;

static uint64_t draw(uint64_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % below;
}

static char paths[4096][256];
static size_t path_count;
static int collect(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)walk;
    if (kind != FTW_F || about->st_size == 0 || strstr(path, "index") != NULL || strstr(path, "lock") != NULL) return 0;
    if (path_count < COUNT_OF(paths)) snprintf(paths[path_count++], sizeof paths[0], "%s", path);
    return 0;
}

struct seen {
    size_t count;
    struct error first;
};
static void fault(void *context, const struct error *error)
{
    struct seen *seen = context;
    if (seen->count++ == 0) seen->first = *error;
}

static enum status verify(const char *directory, struct seen *seen)
{
    struct error error;
    *seen = (struct seen){.count = 0};
    return log_verify(&system_real, directory, &key.verifier, 2, fault, seen, &error);
}

static void write_file(const char *path, struct slice bytes)
{
    struct error error;
    int file = system_real.open(NULL, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    CHECK(file >= 0 && file_write_all(&system_real, file, path, bytes, 0, &error) == STATUS_DONE);
    system_real.close(NULL, file);
}

static char *make(uint64_t size, size_t group, uint64_t again)
{
    struct error error;
    struct log *log;
    char *directory = scratch("verify");
    uint64_t first;
    CHECK(log_create(&system_real, directory, &error) == STATUS_DONE);
    CHECK(log_open(&log, &system_real, directory, LOG_WRITE, &key, &error) == STATUS_DONE);
    for (uint64_t done = 0; done < size;) {
        struct slice entries[300];
        static char text[300][40];
        size_t count = size - done < group ? (size_t)(size - done) : group;
        for (size_t i = 0; i < count; i++)
            entries[i] = slice_of(text[i], (size_t)snprintf(text[i], 40, "%llu:%llu", (unsigned long long)(done + i),
                                                            (unsigned long long)draw(1000000)));
        CHECK(log_append(log, entries, count, &first, &error) == STATUS_DONE);
        done += count;
        if (again != 0 && done % again == 0) CHECK(log_publish(log, &error) == STATUS_DONE);
    }
    log_close(&log);
    return directory;
}

static const struct {
    uint64_t size;
    size_t group;
    uint64_t again;
    size_t flips; /* a file; 0: every byte */
} logs[] = {{1, 1, 0, 0}, {3, 2, 0, 0}, {256, 100, 0, 8}, {257, 1, 50, 8}, {700, 300, 300, 12}, {66000, 300, 0, 1}};

static void finds_every_change(void)
{
    for (size_t l = 0; l < COUNT_OF(logs); l++) {
        char *directory = make(logs[l].size, logs[l].group, logs[l].again);
        struct seen seen;
        CHECK(verify(directory, &seen) == STATUS_DONE && seen.count == 0);
        path_count = 0;
        nftw(directory, collect, 16, FTW_PHYS);
        CHECK(path_count >= 4);
        for (size_t p = 0; p<path_count; p += path_count> 100 ? 1 + draw(40) : 1) {
            struct error error;
            OWN(buffer_clear) struct buffer bytes = {0};
            CHECK(file_read_all(&system_real, paths[p], 1 << 27, &bytes, &error) == STATUS_DONE);
            size_t flips = logs[l].flips == 0 ? bytes.size : logs[l].flips;
            for (size_t f = 0; f < flips; f++) {
                size_t at = logs[l].flips == 0 ? f : (size_t)draw(bytes.size);
                uint8_t bit = (uint8_t)(1U << draw(8));
                bytes.data[at] ^= bit;
                write_file(paths[p], buffer_slice(&bytes));
                bool found = verify(directory, &seen) == STATUS_UNVERIFIED && seen.count > 0;
                if (!CHECK(found) || strcmp(seen.first.pointer, paths[p]) != 0)
                    CHECK_STRING(seen.first.pointer, paths[p]);
                if (seen.count > 2) CHECK_INT(seen.count, 1);
                bytes.data[at] ^= bit;
            }
            write_file(paths[p], slice_of(bytes.data, (size_t)draw(bytes.size)));
            CHECK(verify(directory, &seen) == STATUS_UNVERIFIED && seen.count > 0);
            remove(paths[p]);
            CHECK(verify(directory, &seen) == STATUS_UNVERIFIED && seen.count > 0);
            if (strstr(paths[p], "journal") == NULL) {
                uint8_t more = 0;
                size_t size = bytes.size;
                buffer_put_byte(&bytes, more);
                write_file(paths[p], buffer_slice(&bytes));
                CHECK(verify(directory, &seen) == STATUS_UNVERIFIED && seen.count > 0);
                bytes.size = size;
            }
            write_file(paths[p], buffer_slice(&bytes));
        }
        CHECK(verify(directory, &seen) == STATUS_DONE && seen.count == 0);
        scratch_remove(directory);
    }
}

static void a_torn_tail_is_no_fault_but_damage_is(void)
{
    char *directory = make(300, 10, 0);
    struct seen seen;
    struct error error;
    struct log *log;
    OWN(buffer_clear) struct buffer journal = {0};
    snprintf(paths[0], sizeof paths[0], "%s/journal", directory);
    CHECK(file_read_all(&system_real, paths[0], 1 << 20, &journal, &error) == STATUS_DONE);
    size_t size = journal.size;
    /* L8: half of a group behind the last one */
    buffer_put(&journal, slice_of(journal.data, 100));
    write_file(paths[0], buffer_slice(&journal));
    CHECK(verify(directory, &seen) == STATUS_DONE);
    CHECK(log_open(&log, &system_real, directory, LOG_WRITE, &key, &error) == STATUS_DONE);
    CHECK_INT(log_size(log), 300);
    log_close(&log);
    buffer_reset(&journal);
    CHECK(file_read_all(&system_real, paths[0], 1 << 20, &journal, &error) == STATUS_DONE);
    CHECK_INT(journal.size, size);
    /* below the checkpoint: opening for writing refuses and changes nothing, even without its offsets */
    journal.data[size - 5] ^= 1;
    write_file(paths[0], buffer_slice(&journal));
    CHECK(log_open(&log, &system_real, directory, LOG_WRITE, &key, &error) == STATUS_UNVERIFIED);
    CHECK_STRING(error.code, "log-damaged");
    snprintf(paths[1], sizeof paths[1], "%s/offsets.index", directory);
    CHECK(remove(paths[1]) == 0);
    CHECK(log_open(&log, &system_real, directory, LOG_WRITE, &key, &error) == STATUS_UNVERIFIED);
    CHECK(log_open(&log, &system_real, directory, LOG_READ, NULL, &error) == STATUS_UNVERIFIED);
    CHECK(verify(directory, &seen) == STATUS_UNVERIFIED);
    CHECK_STRING(seen.first.code, "log-journal-entry");
    CHECK(seen.first.offset < (int64_t)size - 5 && seen.first.offset > (int64_t)size - 40);
    scratch_remove(directory);
}

static void foreign_files_are_named(void)
{
    static const char *const foreign[] = {"more", "tile/9", "tile/entries/0", "tile/0/000.p/256", "tile/0/x000/000"};
    char *directory = make(20, 3, 3);
    char path[512];
    struct seen seen;
    CHECK(verify(directory, &seen) == STATUS_DONE);
    for (size_t i = 0; i < COUNT_OF(foreign); i++) {
        snprintf(path, sizeof path, "%s/%s", directory, foreign[i]);
        for (char *slash = path + strlen(directory) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
            *slash = '\0';
            mkdir(path, 0755);
            *slash = '/';
        }
        write_file(path, slice_from("x"));
        CHECK(verify(directory, &seen) == STATUS_UNVERIFIED);
        CHECK_STRING(seen.first.code, "log-unexpected-file");
        remove(path);
        rmdir(dirname(path));
        CHECK(verify(directory, &seen) == STATUS_DONE);
    }
    scratch_remove(directory);
    directory = scratch("verify");
    CHECK(verify(directory, &seen) == STATUS_FAILED && seen.count == 0);
    scratch_remove(directory);
}

/* A crash may bring back the partial tile of a size published before, with another file's bytes: it is never read. */
static void a_narrower_tile_is_not_read(void)
{
    static const char *const tiles[] = {"tile/entries/000.p/5", "tile/0/000.p/5", "tile/0/000.p/50"};
    char *directory = make(20, 3, 3);
    char path[512];
    struct seen seen;
    struct error error;
    struct log *log;
    OWN(buffer_clear) struct buffer before = {0}, now = {0};
    CHECK(log_open(&log, &system_real, directory, LOG_READ, NULL, &error) == STATUS_DONE);
    for (size_t i = 0; i < COUNT_OF(tiles); i++) {
        bool wider = i == 2;
        buffer_reset(&before);
        buffer_reset(&now);
        CHECK((log_tile(log, slice_from(tiles[i]), &before, &error) == STATUS_DONE) == !wider);
        snprintf(path, sizeof path, "%s/%s", directory, tiles[i]);
        write_file(path, slice_from("of another file"));
        CHECK(verify(directory, &seen) == STATUS_DONE && seen.count == 0);
        CHECK((log_tile(log, slice_from(tiles[i]), &now, &error) == STATUS_DONE) == !wider);
        CHECK(wider || (before.size > 0 && slice_equal(buffer_slice(&before), buffer_slice(&now))));
    }
    log_close(&log);
    CHECK(log_open(&log, &system_real, directory, LOG_WRITE, &key, &error) == STATUS_DONE);
    log_close(&log);
    scratch_remove(directory);
}

static void starts(void)
{
    struct error error;
    static const uint8_t bytes[SEED_BYTES] = {7};
    printf("seed %llu\n", (unsigned long long)seed);
    CHECK(crypto_start(&error) == STATUS_DONE);
    CHECK(signer_from_seed(&key, slice_from("example.org/log"), bytes, &error) == STATUS_DONE);
}

TESTS(starts, finds_every_change, a_torn_tail_is_no_fault_but_damage_is, foreign_files_are_named,
      a_narrower_tile_is_not_read)
