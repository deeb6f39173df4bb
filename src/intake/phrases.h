/* Many phrases looked for at once in folded text, in one pass whatever their number (Aho and Corasick 1975). */
#ifndef TRUCE_INTAKE_PHRASES_H
#define TRUCE_INTAKE_PHRASES_H

#include "base/slice.h"

struct phrases;

struct phrases *phrases_new(void); /* NULL when memory is out */
void phrases_free(struct phrases *phrases);

/* `folded` is one phrase; `open` lets its last word go on. `value` is given back with a find. False: memory is out. */
bool phrases_add(struct phrases *phrases, struct slice folded, bool open, unsigned value);
bool phrases_build(struct phrases *phrases); /* once, after the last phrases_add */

/* Calls `found` for each phrase that ends at `end` of `text` (which begins and ends between words), in order of ends.
 * Ends are checked here: a phrase ends where a word does unless it is open. Where it begins is the caller's to check. */
void phrases_find(const struct phrases *phrases, struct slice text,
                  void (*found)(void *context, size_t from, size_t end, unsigned value), void *context);

#endif
