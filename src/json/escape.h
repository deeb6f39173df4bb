/* One step through the inside of a JSON string as it is written. For src/json alone. */
#ifndef TRUCE_JSON_ESCAPE_H
#define TRUCE_JSON_ESCAPE_H

#include "base/slice.h"

/* Decodes the escape at text.data[*at], which is a backslash, and steps past it (both halves of a surrogate pair at
 * once). False, with *at unmoved, if it is no escape of RFC 8259 or half of a pair. */
bool json_unescape(struct slice text, size_t *at, uint32_t *code_point);

#endif
