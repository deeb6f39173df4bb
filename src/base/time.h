/* Time as truce writes it: whole seconds of UTC since 1970, "YYYY-MM-DDThh:mm:ssZ", and durations in one unit.
 * Pure arithmetic in the proleptic Gregorian calendar: no clock, no zone database, no locale. */
#ifndef TRUCE_BASE_TIME_H
#define TRUCE_BASE_TIME_H

#include "base/error.h"

enum { TIME_TEXT_SIZE = 21, DURATION_TEXT_SIZE = 24 }; /* both with the final NUL */

/* Years 1 to 9999. */
#define TIME_LEAST INT64_C(-62135596800)
#define TIME_MOST INT64_C(253402300799)

MUST_USE bool time_parse(int64_t *seconds, struct slice text);
void time_format(int64_t seconds, char out[TIME_TEXT_SIZE]); /* clamped to the range above */

/* "YYYY-MM-DD", as a typed day: its first second in UTC. */
MUST_USE bool time_parse_day(int64_t *seconds, struct slice text);

/* Exactly PnD, PTnH, PTnM or PTnS, n without leading zeros, in the largest exact unit (PT60S is PT1M). */
MUST_USE bool duration_parse(int64_t *seconds, struct slice text);
void duration_format(int64_t seconds, char out[DURATION_TEXT_SIZE]);

/* Days since 1970-01-01 of a civil date, and back. */
int64_t time_days_from_civil(int64_t year, unsigned month, unsigned day);
void time_civil_from_days(int64_t days, int64_t *year, unsigned *month, unsigned *day);

#endif
