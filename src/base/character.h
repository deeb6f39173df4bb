/* Where one character of UTF-8 ends: for rooms that need to know no more of text than that. */
#ifndef TRUCE_BASE_CHARACTER_H
#define TRUCE_BASE_CHARACTER_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the well-formed sequence at p, of which `left` (at least 1) are there, or 0. */
size_t character_size(const uint8_t *p, size_t left);

#endif
