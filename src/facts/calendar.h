/* The Hijri calendar of Umm al-Qura, as ICU has it. Days are counted since 1970-01-01, as in base/time.h. */
#ifndef TRUCE_FACTS_CALENDAR_H
#define TRUCE_FACTS_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* The day on which that date falls by the calendar's tables (a sighting of the moon may have moved it by a day). False
 * for a month or a day that does not exist, and outside the years 1300 … 1600, for which there are tables. */
bool calendar_days_from_hijri(int64_t *days, int64_t year, int month, int day);

/* The Hijri year in which a day lies, or 0 outside those years. */
int64_t calendar_hijri_year(int64_t days);

#endif
