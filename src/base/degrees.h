/* Degrees as people write them, in integers: no float is ever made of a place. */
#ifndef TRUCE_BASE_DEGREES_H
#define TRUCE_BASE_DEGREES_H

#include "base/macro.h"
#include "base/slice.h"

/* "36.2021", "-0.5", "+37": degrees to units of 1e-7, rounded half away from nought beyond seven decimals. |degrees| is
 * at most `most`. */
MUST_USE bool degrees_parse(int32_t *e7, struct slice text, int32_t most);

enum { DEGREES_TEXT_SIZE = 16 };
void degrees_format(int32_t e7, char out[DEGREES_TEXT_SIZE]); /* the shortest text that reads back the same */

#endif
