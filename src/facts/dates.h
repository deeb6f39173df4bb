/* Dates that a text states, in Arabic and English: where, as far as it states them, and what they come to.
 * spec/facts.md has the rules. Pure: no clock, no locale; what is relative needs the day on which the text was
 * published. */
#ifndef TRUCE_FACTS_DATES_H
#define TRUCE_FACTS_DATES_H

#include "base/arena.h"
#include "facts/tokens.h"

enum date_kind {
    DATE_STATED,   /* a day, month or year is named */
    DATE_RELATIVE, /* yesterday, on Monday, last month: counted from the day of the text */
    DATE_VAGUE     /* in recent days, within weeks: no value is given */
};

enum date_calendar { DATE_GREGORIAN, DATE_ISLAMIC_UMALQURA };

/* Bits: the year is a proposal, by the day of the text; 9/10/2016, of which `other` has the second reading; the weekday
 * beside it is another one, and `other` has the last such day before it; a weekday alone, of which the nearest day is a
 * proposal; there is no such day (30 February). */
enum date_doubt { DATE_NO_YEAR = 1, DATE_ORDER = 2, DATE_WEEKDAY = 4, DATE_NEAREST = 8, DATE_ABSENT = 16 };

enum { DATE_TEXT_SIZE = 16 };

struct found_date {
    size_t start, end; /* bytes of the source, end exclusive */
    enum date_kind kind;
    enum date_calendar calendar;
    char stated[DATE_TEXT_SIZE]; /* in `calendar`, as far as it stands there: 2016-09-09 --09-09 2016-09 --09 2016 */
    char value[DATE_TEXT_SIZE];  /* Gregorian, as far as it can be told; "" if it cannot */
    char other[DATE_TEXT_SIZE];  /* a second reading, or "" */
    unsigned doubts;             /* of enum date_doubt */
    bool certain;                /* `value` follows from the words (and the day of the text) without a proposal */
    int weekday;                 /* that stands beside it, Sunday 0 … Saturday 6; or -1 */
};

struct date_list {
    const struct found_date *date; /* in the arena, in order of the text, none within another */
    size_t count;
};

/* The day on which the text was published, in days since 1970-01-01 (time_days_from_civil). */
struct text_day {
    bool known;
    int64_t days;
};

MUST_USE enum status dates_find(struct date_list *out, const struct tokens *tokens, struct text_day published,
                                struct arena *arena, struct error *error);

/* "no-year", "order", "weekday", "nearest", "absent"; NULL behind the last. */
const char *date_doubt_name(size_t i, enum date_doubt *bit);

const char *date_kind_name(enum date_kind kind);             /* stated, relative, vague */
const char *date_calendar_name(enum date_calendar calendar); /* gregorian, islamic-umalqura */

#endif
