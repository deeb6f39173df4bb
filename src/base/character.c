#include "base/character.h"

size_t character_size(const uint8_t *p, size_t left)
{
    size_t size = *p < 0x80 ? 1 : *p < 0xC2 ? 0 : *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : *p < 0xF5 ? 4 : 0;
    if (size > left || (*p == 0xE0 && p[1] < 0xA0) || (*p == 0xED && p[1] > 0x9F) || (*p == 0xF0 && p[1] < 0x90) ||
        (*p == 0xF4 && p[1] > 0x8F))
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((p[i] & 0xC0U) != 0x80) return 0;
    return size;
}
