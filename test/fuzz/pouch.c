/* A pouch from anywhere: what stands in the frame, and the frame itself. The reader ends, within its limits, and never
 * calls a pouch whole that does not say so. */
#include "fuzz.h"
#include "peer/pouch_file.h"

#include <errno.h>
#include <zstd.h>

/* One file that is read. */
static struct slice file;

static int file_open(void *context, const char *path, int flags, mode_t mode)
{
    (void)context, (void)path, (void)flags, (void)mode;
    return 3;
}
static int file_close(void *context, int descriptor)
{
    (void)context, (void)descriptor;
    return 0;
}
static ssize_t file_read(void *context, int descriptor, void *out, size_t size, off_t at)
{
    (void)context, (void)descriptor;
    struct slice rest = slice_part(file, (size_t)at, size);
    if (rest.size > 0) memcpy(out, rest.data, rest.size);
    return (ssize_t)rest.size;
}

static void read_all(void)
{
    const struct system system = {.open = file_open, .close = file_close, .read = file_read};
    struct pouch_reader *reader = NULL;
    struct pouch_section section;
    struct error error;
    bool more = true;
    size_t bytes = 0;
    enum status status = pouch_open_file(&reader, &system, "x", &error);
    while (status == STATUS_DONE && more) {
        status = pouch_next(reader, &section, &more, &error);
        if (status == STATUS_DONE && more) {
            EXPECT(section.kind < POUCH_KINDS);
            for (size_t i = 0; i < section.bytes.size; i += 97) bytes += section.bytes.data[i];
        }
    }
    EXPECT(status == STATUS_DONE || status == STATUS_REFUSED);
    if (status == STATUS_REFUSED) EXPECT(error.offset >= 0);
    pouch_reader_close(&reader);
    EXPECT(bytes < SIZE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t packed[1 << 21];
    file = slice_of(data, size);
    read_all();
    if (size > sizeof packed / 2) return 0;
    size_t made = ZSTD_compress(packed, sizeof packed, data, size, 1);
    EXPECT(!ZSTD_isError(made));
    file = slice_of(packed, made);
    read_all();
    return 0;
}
