/* What people type for a day, a place, a number, as the library wants it. Decimal text becomes integers; no floating
 * point is involved. All answer whether the text made sense and write only then. */
#ifndef TRUCE_TELL_TYPED_H
#define TRUCE_TELL_TYPED_H

#include "base/degrees.h"

bool value_point(int32_t *lat_e7, int32_t *lon_e7, struct slice text); /* LAT,LON */
bool value_box(int32_t e7[4], struct slice text);                      /* W,S,E,N; S ≤ N */
bool value_number(uint64_t *number, struct slice text);                /* digits alone */

/* YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ. A day is its first second, or its last where it ends something. */
bool value_time(int64_t *seconds, struct slice text, bool end_of_day);

/* A moment in UTC with its hour: "2016-10-03 17:00", with or without seconds, "T" and "Z"; digits of either script. */
bool value_moment(int64_t *seconds, struct slice text);

#endif
