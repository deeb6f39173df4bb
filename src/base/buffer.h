/* A growing run of bytes, with sticky failure: write many times, check once with buffer_finish. */
#ifndef TRUCE_BASE_BUFFER_H
#define TRUCE_BASE_BUFFER_H

#include "base/error.h"

struct buffer {
    uint8_t *data;
    size_t size, capacity;
    bool failed;
};

void buffer_clear(struct buffer *buffer); /* frees; the buffer may be used again. Works with OWN(). */
void buffer_reset(struct buffer *buffer); /* empties and keeps the memory */

void buffer_put(struct buffer *buffer, struct slice bytes);
void buffer_put_string(struct buffer *buffer, const char *string);
void buffer_put_byte(struct buffer *buffer, uint8_t byte);
void buffer_put_u16be(struct buffer *buffer, uint16_t number);
void buffer_put_u32be(struct buffer *buffer, uint32_t number);
void buffer_put_u64be(struct buffer *buffer, uint64_t number);
void buffer_print(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);

/* Room for `size` more bytes at the end, not yet counted, or NULL (sticky); buffer_advance counts them. */
uint8_t *buffer_reserve(struct buffer *buffer, size_t size);
void buffer_advance(struct buffer *buffer, size_t size);

static inline struct slice buffer_slice(const struct buffer *buffer)
{
    return (struct slice){buffer->data, buffer->size};
}

MUST_USE enum status buffer_finish(const struct buffer *buffer, struct error *error);

#endif
