/* A mirror's file of arrivals that holds anything: it is read, or named as damaged and left as it is; and what was read
 * can be written to and read again. The input is the file; where it begins with 'S', what follows are sound items, each
 * a byte of length and so many bytes of payload. */
#include "crash/disk.h"
#include "fuzz.h"
#include "register/arrivals.h"
#include <fcntl.h>

static void build(struct buffer *out, struct slice script)
{
    if (script.size == 0 || script.data[0] != 'S') {
        buffer_put(out, script);
        return;
    }
    for (size_t at = 1; at < script.size;) {
        struct slice payload = slice_part(script, at + 1, script.data[at]);
        struct hash digest = hash_of(payload);
        at += 1 + script.data[at];
        buffer_put_u32be(out, (uint32_t)payload.size);
        buffer_put(out, slice_of(digest.bytes, HASH_BYTES));
        buffer_put(out, payload);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct disk *disk = disk_open(1);
    struct system system = disk_system(disk);
    struct buffer file = {0}, after = {0};
    struct arrivals arrivals, again;
    struct error error;
    (void)!crypto_start(NULL);
    build(&file, slice_of(data, size));
    EXPECT(directory_make(&system, "/peers", NULL) == STATUS_DONE);
    EXPECT(file_create(&system, "/peers/arrivals", buffer_slice(&file), 0644, NULL) == STATUS_DONE);
    enum status status = arrivals_open(&arrivals, &system, "", true, &error);
    if (status != STATUS_DONE) {
        EXPECT(status == STATUS_UNVERIFIED && error.offset >= 0 && (size_t)error.offset <= file.size);
        EXPECT(file_read_all(&system, "/peers/arrivals", SIZE_MAX / 2, &after, NULL) == STATUS_DONE);
        EXPECT(slice_equal(buffer_slice(&after), buffer_slice(&file)));
    } else {
        for (size_t i = 0; i < arrivals.count; i++)
            EXPECT(arrivals_stamp(&arrivals, i).size == arrivals.at[i].stamp_size &&
                   arrivals_note(&arrivals, i).size == arrivals.at[i].note_size);
        EXPECT(arrivals_open(&again, &system, "", false, &error) == STATUS_DONE);
        EXPECT(again.count == arrivals.count && again.bytes.size == arrivals.bytes.size);
        arrivals_close(&again);
        arrivals_close(&arrivals);
    }
    buffer_clear(&file);
    buffer_clear(&after);
    disk_close(&disk);
    return 0;
}
