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

/* One frame that holds the bytes as they are, in blocks that are not packed: packing would take most of the time, and
 * the unpacked text is what the reader judges. */
static size_t put_frame(uint8_t *out, const uint8_t *data, size_t size)
{
    enum { BLOCK = 1 << 16 };
    static const uint8_t magic[] = {0x28, 0xB5, 0x2F, 0xFD, 0xA0}; /* one segment, its size in four bytes */
    size_t at = sizeof magic, left = size;
    memcpy(out, magic, at);
    for (unsigned i = 0; i < 4; i++) out[at++] = (uint8_t)(size >> (8 * i));
    do {
        size_t block = left < BLOCK ? left : BLOCK;
        uint32_t head = (uint32_t)block << 3 | (block == left);
        for (unsigned i = 0; i < 3; i++) out[at++] = (uint8_t)(head >> (8 * i));
        if (block > 0) memcpy(out + at, data + (size - left), block);
        at += block;
        left -= block;
    } while (left > 0);
    return at;
}

/* What begins as a frame is one; anything else is what a frame holds. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t packed[1 << 20];
    if (size > sizeof packed / 2) return 0;
    if (size >= 4 && memcmp(data, "\x28\xB5\x2F\xFD", 4) == 0) {
        file = slice_of(data, size);
    } else {
        file = slice_of(packed, put_frame(packed, data, size));
        EXPECT(ZSTD_getFrameContentSize(packed, file.size) == size);
    }
    read_all();
    return 0;
}
