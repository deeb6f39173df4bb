/* What is known of a code point, from ICU, kept in pages that are filled when they are first asked for: most texts use
 * three or four of them, and asking ICU for each character would cost more than all the rest of a check. */
#ifndef TRUCE_TEXT_PROPERTY_H
#define TRUCE_TEXT_PROPERTY_H

#include <stdint.h>

enum property {
    PROPERTY_PLAIN = 0,      /* may stand; NFC keeps it whatever its neighbours are */
    PROPERTY_COMPOSES = 1,   /* may stand; NFC has to look at it with its neighbours */
    PROPERTY_CONTROL = 2,    /* C0, DEL, C1 */
    PROPERTY_OVERRIDE = 3,   /* U+202A … 202E */
    PROPERTY_UNASSIGNED = 4, /* not in Unicode 15.0, or never to be: noncharacters, surrogates, private use */
    PROPERTY_OPENS = 5,      /* isolates: U+2066 … 2068 */
    PROPERTY_CLOSES = 6      /* U+2069 */
};

/* Safe for many threads. */
enum property property_of(uint32_t code_point);

#endif
