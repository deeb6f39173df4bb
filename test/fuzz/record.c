/* Any bytes: as a note they are refused with a code, or are the one form of a record; as typed JSON they are refused,
 * or encode to a text that encodes to itself. */
#include "record/record.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define EXPECT(condition) ((condition) ? (void)0 : abort())

static void refused(const struct error *error)
{
    EXPECT(error->status == STATUS_REFUSED && error->code != NULL && error->sentence != NULL);
    EXPECT(error->pointer[0] == '\0' || error->pointer[0] == '/');
    EXPECT(memchr(error->pointer, '\0', sizeof error->pointer) != NULL);
}

static void as_note(struct slice bytes, struct arena *arena)
{
    struct record record;
    struct record_place place;
    struct error error = {.code = NULL};
    struct buffer again = {0};
    (void)!record_glance(&place, bytes);
    if (record_decode(&record, bytes, arena, &error) != STATUS_DONE) {
        refused(&error);
        return;
    }
    EXPECT(record.kind != NULL && record.by.size > 0 && record.has_prev == (record.seq > 0));
    EXPECT(record_glance(&place, bytes) && slice_equal(place.by, record.by) && place.key_id == record.key_id &&
           place.seq == record.seq);
    EXPECT(record_encode(&again, record.body, &error) == STATUS_DONE);
    EXPECT(slice_equal(buffer_slice(&again), record.text));
    buffer_clear(&again);
}

static void as_typed(struct slice bytes, struct arena *arena)
{
    const struct json *object, *own;
    struct error error = {.code = NULL};
    struct buffer text = {0}, again = {0};
    if (json_read(&object, bytes, JSON_RELAXED, arena, &error) != STATUS_DONE) return;
    if (record_encode(&text, object, &error) == STATUS_DONE) {
        struct slice line = slice_part(buffer_slice(&text), 0, text.size - 1);
        EXPECT(json_read(&own, line, JSON_CANONICAL, arena, &error) == STATUS_DONE);
        EXPECT(record_encode(&again, own, &error) == STATUS_DONE);
        EXPECT(slice_equal(buffer_slice(&again), buffer_slice(&text)));
    } else {
        refused(&error);
        EXPECT(text.size == 0);
    }
    buffer_clear(&text);
    buffer_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_of(data, size), note;
    struct arena arena;
    size_t cut = 0;
    arena_init(&arena, 64 << 20);
    as_note(rest, &arena);
    as_typed(rest, &arena);
    while (record_next_note(&rest, &note)) {
        EXPECT(note.data == data + cut && note.size > 0);
        cut += note.size;
        as_note(note, &arena);
    }
    EXPECT(cut == size);
    arena_clear(&arena);
    return 0;
}
