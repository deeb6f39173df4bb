/* A pouch on a disk with every bad luck: after any power cut or failed call, under its name stands nothing, what stood
 * there before, or the whole new pouch; and what was said to be finished is there. A disk that cannot be read gives no
 * pouch, and none that is not whole. */
#include "check.h"
#include "disk.h"
#include "peer/pouch_file.h"

#include <errno.h>
#include <limits.h>

enum { SECTIONS = 12 };

static struct slice section_of(unsigned generation, unsigned i, char text[9000])
{
    unsigned size = (i * 733 + generation * 31) % 8900; /* some larger than a sector, one empty */
    for (unsigned k = 0; k < size; k++) text[k] = (char)('a' + (k * k + i + generation) % 26);
    return slice_of(text, size);
}

static enum status pack(const struct system *system, unsigned generation, struct error *error)
{
    struct pouch_writer *writer = NULL;
    static char text[9000];
    enum status status = pouch_create(&writer, system, "/stick/office.pouch", slice_from("example.org#0123"), error);
    for (unsigned i = 0; status == STATUS_DONE && i < SECTIONS; i++) {
        const struct pouch_section section = {.kind = i % 3 == 0 ? POUCH_ENTRIES : POUCH_NOTE,
                                              .number = i % 3 == 0 ? i : 0,
                                              .bytes = section_of(generation, i, text)};
        status = pouch_put(writer, &section, error);
    }
    if (status == STATUS_DONE) status = pouch_finish(writer, error);
    pouch_writer_close(&writer);
    return status;
}

/* Which generation's pouch is there: 0 for none, UINT_MAX for one that is not whole. */
static unsigned found(const struct system *system)
{
    struct pouch_reader *reader = NULL;
    struct pouch_section section;
    struct error error;
    static char text[9000];
    bool more = true;
    unsigned which = 0, count = 0;
    enum status status = pouch_open_file(&reader, system, "/stick/office.pouch", &error);
    if (status == STATUS_FAILED) return 0;
    if (status == STATUS_DONE && !slice_is(pouch_register(reader), "example.org#0123")) which = UINT_MAX;
    while (status == STATUS_DONE && which != UINT_MAX) {
        status = pouch_next(reader, &section, &more, &error);
        if (status != STATUS_DONE || !more) break;
        for (unsigned generation = 1; which == 0 && generation < 3; generation++)
            if (slice_equal(section.bytes, section_of(generation, count, text))) which = generation;
        if (which == 0 || !slice_equal(section.bytes, section_of(which, count, text)) ||
            section.kind != (count % 3 == 0 ? POUCH_ENTRIES : POUCH_NOTE) ||
            section.number != (count % 3 == 0 ? count : 0))
            which = UINT_MAX;
        count++;
    }
    pouch_reader_close(&reader);
    return status == STATUS_DONE && count == SECTIONS ? which : UINT_MAX;
}

static struct disk *opened(uint64_t seed, struct system *system, bool before)
{
    struct disk *disk = disk_open(seed);
    struct error error;
    *system = disk_system(disk);
    CHECK(directory_make(system, "/stick", &error) == STATUS_DONE);
    CHECK(directory_sync(system, "/", &error) == STATUS_DONE);
    if (before) CHECK(pack(system, 1, &error) == STATUS_DONE && found(system) == 1);
    return disk;
}

static void every_power_cut(void)
{
    bool reached = true;
    uint64_t cuts = 0;
    for (uint64_t n = 1; reached; n++)
        for (unsigned loss = DISK_LOSES; loss < DISK_LOSSES; loss++)
            for (unsigned before = 0; before < 2; before++)
                for (uint64_t seed = 0; seed < 20; seed++) {
                    struct system system;
                    struct error error;
                    struct disk *disk = opened(seed, &system, before);
                    disk_stop_at(disk, n);
                    enum status status = pack(&system, 2, &error);
                    reached = disk_stopped(disk);
                    disk_crash(disk, (enum disk_loss)loss);
                    disk_stop_at(disk, 0);
                    unsigned which = found(&system);
                    if (status == STATUS_DONE) CHECK_INT(which, 2);
                    CHECK(which == 2 || which == before);
                    CHECK(pack(&system, 2, &error) == STATUS_DONE && found(&system) == 2);
                    disk_close(&disk);
                    cuts++;
                }
    CHECK(cuts > 500);
}

/* One call fails, and later the power is cut as well. False once n is beyond the last. */
static bool failure_at(uint64_t n, int error_number, unsigned before, enum disk_loss loss)
{
    struct system system;
    struct error error;
    struct disk *disk = opened(n, &system, before == 1);
    disk_fail_at(disk, n, error_number);
    enum status status = pack(&system, 2, &error);
    bool reached = disk_failed(disk);
    CHECK(reached || status == STATUS_DONE);
    for (unsigned cut = 0; cut < 2; cut++) {
        unsigned which = found(&system);
        if (status == STATUS_DONE)
            CHECK_INT(which, 2);
        else
            CHECK(which == before || which == 2); /* the directory's sync may have failed */
        if (cut == 0) disk_crash(disk, loss);
    }
    disk_fail_at(disk, 0, 0);
    CHECK(pack(&system, 2, &error) == STATUS_DONE && found(&system) == 2);
    disk_close(&disk);
    return reached;
}

static void every_failure(void)
{
    static const int errors[] = {ENOSPC, EIO};
    bool reached = true;
    for (uint64_t n = 1; reached; n++)
        for (size_t e = 0; e < COUNT_OF(errors); e++)
            for (unsigned before = 0; before < 2; before++)
                for (unsigned loss = DISK_LOSES; loss < DISK_LOSSES; loss++)
                    reached = failure_at(n, errors[e], before, (enum disk_loss)loss);
}

static void every_look_that_fails(void)
{
    struct system system;
    uint64_t looks = 1;
    struct disk *disk = opened(1, &system, true);
    for (bool reached = true; reached; looks++) {
        disk_fail_look_at(disk, looks);
        unsigned which = found(&system);
        reached = disk_failed(disk);
        if (reached)
            CHECK(which == 0 || which == UINT_MAX);
        else
            CHECK_INT(which, 1);
        disk_fail_look_at(disk, 0);
        CHECK_INT(found(&system), 1);
    }
    CHECK(looks > 3);
    disk_close(&disk);
}

/* A stick that went bad, or was pulled out: no prefix of a pouch passes for a whole one, and what is read after a byte
 * changed is what was packed (zstd has bits that mean nothing). */
static void every_cut_and_bit(void)
{
    struct system system;
    struct error error;
    OWN(buffer_clear) struct buffer whole = {0};
    struct disk *disk = opened(1, &system, true);
    CHECK(file_read_all(&system, "/stick/office.pouch", 1 << 20, &whole, &error) == STATUS_DONE);
    for (size_t size = 0; size < whole.size; size++) {
        CHECK(file_replace(&system, "/stick/office.pouch", slice_part(buffer_slice(&whole), 0, size), 0666, &error) ==
              STATUS_DONE);
        CHECK_INT(found(&system), UINT_MAX);
    }
    unsigned harmless = 0;
    for (size_t i = 0; i < whole.size; i++) {
        whole.data[i] ^= (uint8_t)(1u << i % 8);
        CHECK(file_replace(&system, "/stick/office.pouch", buffer_slice(&whole), 0666, &error) == STATUS_DONE);
        unsigned which = found(&system);
        CHECK(which == UINT_MAX || which == 1);
        harmless += which == 1;
        whole.data[i] ^= (uint8_t)(1u << i % 8);
    }
    CHECK(harmless < 8);
    buffer_put_byte(&whole, '\n');
    CHECK(file_replace(&system, "/stick/office.pouch", buffer_slice(&whole), 0666, &error) == STATUS_DONE);
    CHECK_INT(found(&system), UINT_MAX);
    disk_close(&disk);
}

static void sections_have_limits(void)
{
    struct system system;
    struct error error;
    struct disk *disk = opened(1, &system, false);
    struct pouch_writer *writer = NULL;
    OWN(buffer_clear) struct buffer large = {0};
    CHECK(buffer_reserve(&large, 70000) != NULL);
    buffer_advance(&large, 70000);
    CHECK(pouch_create(&writer, &system, "/stick/office.pouch", slice_from("example.org#0123"), &error) == STATUS_DONE);
    const struct pouch_section section = {.kind = POUCH_NOTE, .bytes = buffer_slice(&large)};
    CHECK(pouch_put(writer, &section, &error) == STATUS_USAGE);
    CHECK_STRING(error.code, "pouch-section");
    pouch_writer_close(&writer);
    CHECK_INT(found(&system), 0);
    disk_close(&disk);
}

TESTS(every_power_cut, every_failure, every_look_that_fails, every_cut_and_bit, sections_have_limits)
