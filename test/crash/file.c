/* Whole files (src/system/file.c) on a disk with every bad luck: under a name stands nothing, the old or the new, and
 * never a part; what was said to be written is there. Before that, whether the disk is as bad as it says. */
#include "check.h"
#include "crash/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>

enum { BYTES = 1500 };

static struct slice text_of(char letter, char text[BYTES])
{
    memset(text, letter, BYTES);
    return slice_of(text, BYTES);
}

/* ---- the disk itself */

/* A byte written three times, never synced: what the crash leaves of it, and whether a second file has its bytes. */
static char left_by(enum disk_loss loss, uint64_t seed)
{
    struct disk *disk = disk_open(seed);
    struct system system = disk_system(disk);
    struct error error;
    char found = '\0';
    CHECK(file_put(&system, "/a", slice_from("0"), 0644, &error) == STATUS_DONE);
    CHECK(directory_sync(&system, "/", &error) == STATUS_DONE);
    int file = system.open(system.context, "/a", O_RDWR, 0);
    for (const char *letter = "123"; *letter != '\0'; letter++)
        CHECK(system.write(system.context, file, letter, 1, 0) == 1);
    disk_crash(disk, loss);
    file = system.open(system.context, "/a", O_RDONLY, 0);
    CHECK(system.read(system.context, file, &found, 1, 0) == 1);
    disk_close(&disk);
    return found;
}

static void the_disk_is_bad(void)
{
    unsigned seen[DISK_LOSSES]['4'] = {{0}};
    for (unsigned loss = DISK_LOSES; loss < DISK_LOSSES; loss++)
        for (uint64_t seed = 0; seed < 200; seed++) seen[loss][(unsigned char)left_by((enum disk_loss)loss, seed)]++;
    CHECK_INT(seen[DISK_LOSES]['0'], 200);
    CHECK_INT(seen[DISK_KEEPS]['3'], 200);
    for (unsigned loss = DISK_TEARS; loss < DISK_LOSSES;
         loss++) /* an older one on top of a newer one, or the last lost */
        CHECK(seen[loss]['1'] > 0 && seen[loss]['2'] > 0 && seen[loss]['3'] > 0);
    CHECK(seen[DISK_REORDERS]['1'] > 40 && seen[DISK_DUPLICATES]['1'] > 20);
}

/* ---- whole files */

typedef enum status write_whole(const struct system *system, const char *path, struct slice data, mode_t mode,
                                struct error *error);

/* 0 for none, UINT_MAX for one that is not whole, else its letter. */
static unsigned found(const struct system *system)
{
    OWN(buffer_clear) struct buffer bytes = {0};
    struct error error;
    char text[BYTES];
    bool there;
    CHECK(file_read_if_there(system, "/d/f", SIZE_MAX / 2, &bytes, &there, &error) == STATUS_DONE);
    if (!there) return 0;
    for (unsigned letter = 'a'; letter <= 'b'; letter++)
        if (slice_equal(buffer_slice(&bytes), text_of((char)letter, text))) return letter;
    return UINT_MAX;
}

static struct disk *opened(uint64_t seed, struct system *system, bool before)
{
    struct disk *disk = disk_open(seed);
    struct error error;
    char text[BYTES];
    *system = disk_system(disk);
    CHECK(directory_make(system, "/d", &error) == STATUS_DONE);
    if (before) CHECK(file_create(system, "/d/f", text_of('a', text), 0644, &error) == STATUS_DONE);
    return disk;
}

/* Operation n is the last before the cut, or, with an error number, fails before it. False once n is beyond the last.
 */
static bool cut_at(write_whole *write, bool before, uint64_t n, int error_number, enum disk_loss loss, uint64_t seed)
{
    struct system system;
    struct error error;
    char text[BYTES];
    struct disk *disk = opened(seed, &system, before);
    if (error_number == 0)
        disk_stop_at(disk, n);
    else
        disk_fail_at(disk, n, error_number);
    bool done = write(&system, "/d/f", text_of('b', text), 0644, &error) == STATUS_DONE;
    bool reached = disk_stopped(disk) || disk_failed(disk);
    CHECK(done || reached);
    for (unsigned cut = 0; cut < 2; cut++) {
        unsigned which = found(&system);
        CHECK(which == 'b' || (!done && which == (before ? 'a' : 0)));
        if (cut == 0) disk_crash(disk, loss);
    }
    disk_fail_at(disk, 0, 0);
    CHECK(file_replace(&system, "/d/f", text_of('b', text), 0644, &error) == STATUS_DONE);
    CHECK(file_create(&system, "/d/f", text_of('a', text), 0644, &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "file-exists");
    CHECK_INT(found(&system), 'b');
    disk_close(&disk);
    return reached;
}

static void every_operation(write_whole *write, bool before)
{
    static const int errors[] = {0, ENOSPC, EIO};
    uint64_t n = 1;
    for (bool reached = true; reached; n++)
        for (size_t e = 0; e < COUNT_OF(errors); e++)
            for (unsigned loss = DISK_LOSES; loss < DISK_LOSSES; loss++)
                for (uint64_t seed = 0; seed < 20; seed++)
                    reached = cut_at(write, before, n, errors[e], (enum disk_loss)loss, seed);
    CHECK(n > 4);
}

static void files_are_whole(void)
{
    every_operation(file_create, false);
    every_operation(file_replace, false);
    every_operation(file_replace, true);
}

/* What a crash left half written under a name that is wanted again stands in nobody's way. */
static void remains_are_in_nobodys_way(void)
{
    struct system system;
    struct error error;
    char text[BYTES], names[400];
    OWN(buffer_clear) struct buffer list = {0};
    struct disk *disk = opened(1, &system, false);
    for (unsigned i = 0; i < 3; i++) {
        disk_stop_at(disk, 3); /* beside it, some of it, and no sync */
        CHECK(file_create(&system, "/d/f", text_of('b', text), 0644, &error) == STATUS_FAILED);
        disk_crash(disk, DISK_KEEPS);
    }
    CHECK(file_create(&system, "/d/f", text_of('b', text), 0644, &error) == STATUS_DONE);
    CHECK_INT(found(&system), 'b');
    CHECK(system.list(system.context, "/d", &list) == 0);
    unsigned unfinished = 0, whole = 0;
    for (size_t at = 0; at < list.size; at += strlen(names) + 1) {
        snprintf(names, sizeof names, "%s", (const char *)list.data + at);
        unfinished += file_is_unfinished(names);
        whole += !file_is_unfinished(names);
    }
    CHECK(unfinished == 3 && whole == 1);
    CHECK(!file_is_unfinished(".new") && !file_is_unfinished("new") && file_is_unfinished("x.new"));
    disk_close(&disk);
}

TESTS(the_disk_is_bad, files_are_whole, remains_are_in_nobodys_way)
