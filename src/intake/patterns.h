/* Many phrases looked for at once in folded text, in one pass whatever their number (Aho and Corasick 1975). */
#ifndef TRUCE_INTAKE_PATTERNS_H
#define TRUCE_INTAKE_PATTERNS_H

#include "base/slice.h"

struct patterns;

struct patterns *patterns_new(void); /* NULL when memory is out */
void patterns_free(struct patterns *patterns);

/* `folded` is one phrase; `open` lets its last word go on. `value` is given back with a find. False: memory is out. */
bool patterns_add(struct patterns *patterns, struct slice folded, bool open, unsigned value);
bool patterns_build(struct patterns *patterns); /* once, after the last patterns_add */

/* Calls `found` for each phrase that ends at `end` of `text` (which begins and ends between words), in order of ends.
 * Ends are checked here: a phrase ends where a word does unless it is open. Where it begins is the caller's to check.
 */
void patterns_find(const struct patterns *patterns, struct slice text,
                   void (*found)(void *context, size_t from, size_t end, unsigned value), void *context);

#endif
