/* A slice borrows bytes; it never owns them. Whoever returns one says whose bytes they are. */
#ifndef TRUCE_BASE_SLICE_H
#define TRUCE_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const uint8_t *data;
    size_t size;
};

static inline struct slice slice_of(const void *data, size_t size)
{
    return (struct slice){(const uint8_t *)data, size};
}

static inline struct slice slice_from(const char *string)
{
    return slice_of(string, strlen(string));
}

/* The part of s from byte `from` (at most s.size) of `size` bytes, cut to what is there. */
static inline struct slice slice_part(struct slice s, size_t from, size_t size)
{
    if (from > s.size) from = s.size;
    if (size > s.size - from) size = s.size - from;
    return (struct slice){s.data == NULL ? NULL : s.data + from, size};
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool slice_is(struct slice a, const char *string)
{
    return slice_equal(a, slice_from(string));
}

/* Bytewise order: less than, equal to or greater than 0, like memcmp; a prefix comes first. */
static inline int slice_compare(struct slice a, struct slice b)
{
    size_t size = a.size < b.size ? a.size : b.size;
    int order = size == 0 ? 0 : memcmp(a.data, b.data, size);
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static inline bool slice_starts(struct slice s, const char *prefix)
{
    size_t size = strlen(prefix);
    return s.size >= size && memcmp(s.data, prefix, size) == 0;
}

/* printf("%.*s", SLICE(s)) */
#define SLICE(s) (int)(s).size, (const char *)(s).data

#endif
