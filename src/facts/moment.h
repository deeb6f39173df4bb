/* What a date that stands in a text comes to: years that are missing, relative days, the Hijri calendar. For
 * facts/dates.c alone; no text is read here. */
#ifndef TRUCE_FACTS_MOMENT_H
#define TRUCE_FACTS_MOMENT_H

#include "facts/dates.h"

enum direction { TOWARDS_NONE, TOWARDS_PAST, TOWARDS_NOW, TOWARDS_FUTURE };

/* As far as it stands: 0 where a part is missing. A month may lack its day; a day never lacks its month. */
struct moment {
    enum date_calendar calendar;
    int64_t year;
    int month, day;
    enum direction towards; /* last, this, next */
    int weekday;            /* beside it, or -1 */
};

/* Fills what a date says and comes to: all but where it stands. */
void moment_tell(struct found_date *out, const struct moment *moment, struct text_day published);

/* A day counted from the day of the text, with the weekday that stands beside it or -1. */
void moment_tell_relative(struct found_date *out, int64_t offset, int weekday, struct text_day published);

/* A weekday alone, or with last or next. */
void moment_tell_weekday(struct found_date *out, int weekday, enum direction towards, struct text_day published);

/* Last, this or next month or year (`month` false). */
void moment_tell_unit(struct found_date *out, bool month, enum direction towards, struct text_day published);

#endif
