#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buffer_clear(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

void buffer_reset(struct buffer *buffer)
{
    buffer->size = 0;
    buffer->failed = false;
}

uint8_t *buffer_reserve(struct buffer *buffer, size_t size)
{
    if (buffer->failed) return NULL;
    if (size > SIZE_MAX / 4 || buffer->size > SIZE_MAX / 4) {
        buffer->failed = true;
        return NULL;
    }
    if (buffer->capacity - buffer->size < size || buffer->data == NULL) {
        size_t capacity = buffer->capacity < 256 ? 256 : buffer->capacity;
        while (capacity < buffer->size + size) capacity *= 2;
        uint8_t *data = realloc(buffer->data, capacity);
        if (data == NULL) {
            buffer->failed = true;
            return NULL;
        }
        buffer->data = data;
        buffer->capacity = capacity;
    }
    return buffer->data + buffer->size;
}

void buffer_advance(struct buffer *buffer, size_t size)
{
    if (!buffer->failed) buffer->size += size;
}

void buffer_put(struct buffer *buffer, struct slice bytes)
{
    uint8_t *room = buffer_reserve(buffer, bytes.size);
    if (room == NULL || bytes.size == 0) return;
    memcpy(room, bytes.data, bytes.size);
    buffer->size += bytes.size;
}

void buffer_put_string(struct buffer *buffer, const char *string)
{
    buffer_put(buffer, slice_from(string));
}

void buffer_put_byte(struct buffer *buffer, uint8_t byte)
{
    buffer_put(buffer, slice_of(&byte, 1));
}

static void put_big_endian(struct buffer *buffer, uint64_t number, size_t bytes)
{
    uint8_t *room = buffer_reserve(buffer, bytes);
    if (room == NULL) return;
    for (size_t i = 0; i < bytes; i++) room[i] = (uint8_t)(number >> (8 * (bytes - 1 - i)));
    buffer->size += bytes;
}

void buffer_put_u16be(struct buffer *buffer, uint16_t number)
{
    put_big_endian(buffer, number, 2);
}

void buffer_put_u32be(struct buffer *buffer, uint32_t number)
{
    put_big_endian(buffer, number, 4);
}

void buffer_put_u64be(struct buffer *buffer, uint64_t number)
{
    put_big_endian(buffer, number, 8);
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    uint8_t *room = size < 0 ? NULL : buffer_reserve(buffer, (size_t)size + 1);
    if (room != NULL) {
        vsnprintf((char *)room, (size_t)size + 1, format, again);
        buffer->size += (size_t)size;
    } else {
        buffer->failed = true;
    }
    va_end(again);
}

enum status buffer_finish(const struct buffer *buffer, struct error *error)
{
    if (!buffer->failed) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "out-of-memory", "The input needs more memory than is allowed for it.",
                     NULL);
}
