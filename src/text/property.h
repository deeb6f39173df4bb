/* What the rules of text say about one code point, asked of ICU once and then remembered. For src/text alone.
 *
 * The memory is a flat table of two bytes a code point, untouched (and so without memory of its own) where no text
 * went. An entry is 0 until it is learned; threads that race write the same value, so a relaxed atomic is enough. */
#ifndef TRUCE_TEXT_PROPERTY_H
#define TRUCE_TEXT_PROPERTY_H

#include <stdatomic.h>
#include <stdint.h>

enum property_class {
    PROPERTY_UNKNOWN,      /* not yet learned; or ICU has no data to learn it from */
    PROPERTY_PLAIN,        /* nothing to say: starts anew, never changed by NFC */
    PROPERTY_MARK,         /* belongs to what stands before it; NFC may reorder it */
    PROPERTY_MAYBE,        /* NFC may also compose it with what stands before it */
    PROPERTY_FOREIGN,      /* never occurs in NFC, starts anew */
    PROPERTY_FOREIGN_MARK, /* never occurs in NFC, belongs to what stands before it */
    PROPERTY_ISOLATE,
    PROPERTY_ISOLATE_END,
    PROPERTY_CONTROL, /* from here on never allowed */
    PROPERTY_OVERRIDE,
    PROPERTY_UNASSIGNED
};

enum { CODE_POINTS = 0x110000 };

extern _Atomic uint16_t property_table[CODE_POINTS]; /* class in the low byte, combining class in the high one */

uint16_t property_learn(uint32_t code_point);

static inline uint16_t property_of(uint32_t code_point)
{
    uint16_t property = atomic_load_explicit(&property_table[code_point], memory_order_relaxed);
    return property != 0 ? property : property_learn(code_point);
}

static inline enum property_class property_class(uint16_t property)
{
    return (enum property_class)(property & 0xFFU);
}

static inline uint8_t property_combining(uint16_t property)
{
    return (uint8_t)(property >> 8);
}

#endif
