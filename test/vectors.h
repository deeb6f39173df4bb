/* Reading spec/vectors and other files of the source tree in tests. */
#ifndef TRUCE_TEST_VECTORS_H
#define TRUCE_TEST_VECTORS_H

#include "base/buffer.h"
#include "crypto/note.h"
#include "json/json.h"

#include <stdio.h>
#include <stdlib.h>

static inline struct slice source_file(struct arena *arena, const char *path)
{
    char whole[1024];
    snprintf(whole, sizeof whole, "%s/%s", SOURCE_ROOT, path);
    FILE *file = fopen(whole, "rb");
    if (file == NULL) {
        fprintf(stderr, "cannot read %s\n", whole);
        exit(1);
    }
    OWN(buffer_clear) struct buffer all = {0};
    size_t got;
    do {
        uint8_t *room = buffer_reserve(&all, 65536);
        if (room == NULL) abort();
        got = fread(room, 1, 65536, file);
        buffer_advance(&all, got);
    } while (got > 0);
    fclose(file);
    return arena_copy(arena, buffer_slice(&all));
}

static inline const struct json *vector_file(struct arena *arena, const char *path)
{
    const struct json *out;
    struct error error;
    if (json_read(&out, source_file(arena, path), JSON_RELAXED, arena, &error) == STATUS_DONE) return out;
    fprintf(stderr, "%s: %s at %s, byte %lld\n", path, error.code, error.pointer, (long long)error.offset);
    exit(1);
}

static inline struct slice vector_base64(struct arena *arena, struct slice text)
{
    size_t size = 0, room = text.size / 4 * 3 + 3;
    uint8_t *bytes = arena_get(arena, room);
    if (bytes == NULL || !base64_parse(bytes, room, &size, text)) abort();
    return slice_of(bytes, size);
}

static inline struct slice vector_bytes(struct arena *arena, const struct json *object, const char *key)
{
    return vector_base64(arena, json_find_string(object, key));
}

#endif
