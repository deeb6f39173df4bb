/* What people type for a day, a place, a number, as the library wants it. Decimal text becomes integers; no floating
 * point is involved. All answer whether the text made sense and write only then. */
#ifndef TRUCE_CLI_VALUES_H
#define TRUCE_CLI_VALUES_H

#include "base/slice.h"

/* "36.2021", "-0.5", "+37": degrees to units of 1e-7, rounded half away from nought beyond seven decimals. |degrees| is
 * at most `most`. */
bool value_degrees(int32_t *e7, struct slice text, int32_t most);
bool value_point(int32_t *lat_e7, int32_t *lon_e7, struct slice text); /* LAT,LON */
bool value_box(int32_t e7[4], struct slice text);                      /* W,S,E,N; S ≤ N */
bool value_number(uint64_t *number, struct slice text);                /* digits alone */

/* YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ. A day is its first second, or its last where it ends something. */
bool value_time(int64_t *seconds, struct slice text, bool end_of_day);

/* The shortest decimal of e7 units: 362021000 is "36.2021". */
enum { DEGREES_TEXT_SIZE = 16 };
void value_degrees_format(int32_t e7, char out[DEGREES_TEXT_SIZE]);

#endif
