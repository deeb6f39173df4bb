#include "log/frames.h"

#include "base/arena.h"

enum { DIGESTED = FRAME_HEADER - HASH_BYTES };

static const uint8_t magic[8] = {0xFF, 'w', 'i', 't', 'n', 's', 1, '\n'};

static uint64_t number_at(const uint8_t *bytes, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++) number = number << 8 | bytes[i];
    return number;
}

static void number_put(uint8_t *out, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++) out[i] = (uint8_t)(number >> (8 * (size - 1 - i)));
}

bool frame_read(struct frame *out, struct slice bytes)
{
    if (bytes.size < FRAME_HEADER || memcmp(bytes.data, magic, sizeof magic) != 0) return false;
    uint64_t size = number_at(bytes.data + 24, 4);
    if (size > FRAME_MOST || size > bytes.size - FRAME_HEADER) return false;
    struct slice items = slice_part(bytes, FRAME_HEADER, (size_t)size);
    struct slice parts[] = {slice_part(bytes, 0, DIGESTED), items};
    struct hash digest = hash_of_parts(parts, COUNT_OF(parts));
    uint64_t stamp = number_at(bytes.data + 16, 8);
    if (memcmp(digest.bytes, bytes.data + DIGESTED, HASH_BYTES) != 0 || stamp > INT64_MAX) return false;
    *out = (struct frame){number_at(bytes.data + 8, 8), (int64_t)stamp, items, FRAME_HEADER + (size_t)size};
    return true;
}

void frame_begin(struct buffer *out)
{
    static const uint8_t nothing[FRAME_HEADER] = {0};
    buffer_put(out, slice_of(nothing, FRAME_HEADER));
}

enum status frame_end(struct buffer *out, uint64_t number, int64_t stamp_ms, struct error *error)
{
    TRY(buffer_finish(out, error));
    if (out->size - FRAME_HEADER > FRAME_MOST) return arena_full(error);
    memcpy(out->data, magic, sizeof magic);
    number_put(out->data + 8, number, 8);
    number_put(out->data + 16, (uint64_t)stamp_ms, 8);
    number_put(out->data + 24, out->size - FRAME_HEADER, 4);
    struct slice parts[] = {slice_of(out->data, DIGESTED), slice_part(buffer_slice(out), FRAME_HEADER, SIZE_MAX)};
    struct hash digest = hash_of_parts(parts, COUNT_OF(parts));
    memcpy(out->data + DIGESTED, digest.bytes, HASH_BYTES);
    return STATUS_DONE;
}

static bool sound_behind(struct slice bytes, size_t at)
{
    struct frame frame;
    while (at < bytes.size) {
        const uint8_t *found = memmem(bytes.data + at, bytes.size - at, magic, sizeof magic);
        if (found == NULL) return false;
        at = (size_t)(found - bytes.data);
        if (frame_read(&frame, slice_part(bytes, at, SIZE_MAX))) return true;
        at++;
    }
    return false;
}

enum status frames_walk(struct slice bytes, frame_take *take, void *context, bool *damaged, size_t *where,
                        struct error *error)
{
    struct frame frame;
    uint64_t number = 0;
    size_t at = 0;
    while (frame_read(&frame, slice_part(bytes, at, SIZE_MAX)) && frame.number == number) {
        TRY(take(context, &frame, at, error));
        at += frame.size;
        number++;
    }
    /* The file begins whole, or is not there: its first frame is put in place by a rename. */
    *damaged = at == 0 || (at < bytes.size && sound_behind(bytes, at));
    *where = at;
    return STATUS_DONE;
}
