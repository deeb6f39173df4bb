/* The Hijri calendar of Umm al-Qura, as ICU has it. Days are counted since 1970-01-01, as in base/time.h. */
#ifndef TRUCE_TEXT_HIJRI_H
#define TRUCE_TEXT_HIJRI_H

#include <stdbool.h>
#include <stdint.h>

/* The day on which that date falls by the calendar's tables (a sighting of the moon may have moved it by a day). False
 * for a month or a day that does not exist, and outside the years 1300 … 1600, for which there are tables. */
bool hijri_days(int64_t *days, int64_t year, int month, int day);

struct hijri {
    int64_t year;
    int month, day; /* from 1 */
};
/* The date of a day. False outside those years. */
bool hijri_of(int64_t days, struct hijri *out);

#endif
