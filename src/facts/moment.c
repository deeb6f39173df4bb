#include "facts/moment.h"

#include "base/time.h"
#include "text/hijri.h"

#include <stdio.h>

/* A date without its year is the latest one that lies at most this far behind the day of the text: news tells mostly
 * what was, and announces what is near. */
enum { AHEAD_DAYS = 92, AHEAD_MONTHS = 3, WEEK = 7, MONTHS = 12 };

static const int month_days[] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* The day since 1970 of a whole date; false if the year has no such day. */
static bool day_of(int64_t *days, const struct moment *moment, int64_t year)
{
    if (moment->calendar == DATE_ISLAMIC_UMALQURA) return hijri_days(days, year, moment->month, moment->day);
    if (moment->month == 2 && moment->day == 29 && !is_leap(year)) return false;
    *days = time_days_from_civil(year, (unsigned)moment->month, (unsigned)moment->day);
    return true;
}

static bool exists(const struct moment *moment)
{
    int64_t days;
    if (moment->month < 0 || moment->month > MONTHS || moment->day < 0) return false;
    if (moment->calendar == DATE_ISLAMIC_UMALQURA) return moment->day <= 30;
    if (moment->month > 0 && moment->day > month_days[moment->month]) return false;
    return moment->day == 0 || moment->year == 0 || day_of(&days, moment, moment->year);
}

/* ---- telling */

static void print_civil(char out[DATE_TEXT_SIZE], int64_t days)
{
    int64_t year;
    unsigned month, day;
    time_civil_from_days(days, &year, &month, &day);
    snprintf(out, DATE_TEXT_SIZE, "%04d-%02u-%02u", (int)year, month, day);
}

static void print_month(char out[DATE_TEXT_SIZE], int64_t year, int month)
{
    snprintf(out, DATE_TEXT_SIZE, "%04d-%02d", (int)year, month);
}

static void print_year(char out[DATE_TEXT_SIZE], int64_t year)
{
    snprintf(out, DATE_TEXT_SIZE, "%04d", (int)year);
}

static void print_stated(char out[DATE_TEXT_SIZE], const struct moment *moment)
{
    int year = (int)moment->year, month = moment->month, day = moment->day;
    if (month == 0)
        print_year(out, year);
    else if (day == 0 && year == 0)
        snprintf(out, DATE_TEXT_SIZE, "--%02d", month);
    else if (day == 0)
        print_month(out, year, month);
    else if (year == 0)
        snprintf(out, DATE_TEXT_SIZE, "--%02d-%02d", month, day);
    else
        snprintf(out, DATE_TEXT_SIZE, "%04d-%02d-%02d", year, month, day);
}

/* ---- weekdays */

static int weekday_of(int64_t days)
{
    int64_t weekday = (days + 4) % WEEK; /* 1970-01-01 was a Thursday */
    return (int)(weekday < 0 ? weekday + WEEK : weekday);
}

static int64_t weekday_before(int weekday, int64_t days) /* at or before */
{
    return days - (weekday_of(days) - weekday + WEEK) % WEEK;
}

static void weigh_weekday(struct found_date *out, int64_t days, int weekday)
{
    out->weekday = weekday;
    if (weekday < 0 || weekday_of(days) == weekday) return;
    out->doubts |= DATE_WEEKDAY;
    out->certain = false;
    print_civil(out->other, weekday_before(weekday, days));
}

/* ---- days of a month */

static int64_t own_year(enum date_calendar calendar, int64_t days)
{
    int64_t year;
    unsigned month, day;
    struct hijri hijri;
    if (calendar == DATE_ISLAMIC_UMALQURA) return hijri_of(days, &hijri) ? hijri.year : 0;
    time_civil_from_days(days, &year, &month, &day);
    return year;
}

/* The year that a date without one is taken to have, and its day. The 29th of February may be four years away. */
static bool propose_day(int64_t *days, const struct moment *moment, int64_t today)
{
    enum { YEARS = 8 };
    int64_t most = moment->towards == TOWARDS_PAST ? today - 1 : today + AHEAD_DAYS;
    int64_t year = own_year(moment->calendar, today), from = moment->towards == TOWARDS_FUTURE ? -1 : 1;
    for (int64_t step = 0; step <= YEARS; step++) {
        if (!day_of(days, moment, year + from - from * step)) continue;
        if (moment->towards == TOWARDS_FUTURE ? *days > today : *days <= most) return true;
    }
    return false;
}

/* A Hijri month of 29 days has no thirtieth. */
static bool is_short_month(const struct moment *moment)
{
    int64_t days;
    struct moment before = *moment;
    before.day--;
    return day_of(&days, &before, moment->year);
}

static void tell_day(struct found_date *out, const struct moment *moment, struct text_day published)
{
    int64_t days;
    if (moment->year != 0) {
        if (!day_of(&days, moment, moment->year)) {
            if (is_short_month(moment)) out->doubts |= DATE_ABSENT;
            return;
        }
        out->certain = true;
    } else {
        out->doubts |= DATE_NO_YEAR;
        if (!published.known || !propose_day(&days, moment, published.days)) {
            if (moment->calendar == DATE_GREGORIAN) print_stated(out->value, moment);
            return;
        }
    }
    print_civil(out->value, days);
    weigh_weekday(out, days, moment->weekday);
}

/* ---- months and years */

static int64_t months_of(int64_t days)
{
    int64_t year;
    unsigned month, day;
    time_civil_from_days(days, &year, &month, &day);
    return year * MONTHS + month - 1;
}

static int64_t propose_month(const struct moment *moment, int64_t today)
{
    int64_t now = months_of(today), month = now - now % MONTHS + moment->month - 1;
    if (moment->towards == TOWARDS_NOW) return month;
    if (moment->towards == TOWARDS_FUTURE) return month > now ? month : month + MONTHS;
    int64_t most = moment->towards == TOWARDS_PAST ? now - 1 : now + AHEAD_MONTHS;
    month += MONTHS;
    while (month > most) month -= MONTHS;
    return month;
}

static void tell_month(struct found_date *out, const struct moment *moment, struct text_day published)
{
    if (moment->calendar == DATE_ISLAMIC_UMALQURA) return; /* its days lie in two or three months of ours */
    if (moment->year == 0) out->doubts |= DATE_NO_YEAR;
    out->certain = moment->year != 0;
    if (moment->year != 0 || !published.known) {
        print_stated(out->value, moment);
        return;
    }
    int64_t month = propose_month(moment, published.days);
    print_month(out->value, month / MONTHS, (int)(month % MONTHS) + 1);
}

void moment_tell(struct found_date *out, const struct moment *moment, struct text_day published)
{
    out->kind = DATE_STATED;
    out->calendar = moment->calendar;
    out->weekday = moment->weekday;
    print_stated(out->stated, moment);
    if (!exists(moment))
        out->doubts |= DATE_ABSENT;
    else if (moment->day != 0)
        tell_day(out, moment, published);
    else if (moment->month != 0)
        tell_month(out, moment, published);
    else if (moment->calendar == DATE_GREGORIAN) {
        print_year(out->value, moment->year);
        out->certain = true;
    }
}

void moment_tell_relative(struct found_date *out, int64_t offset, int weekday, struct text_day published)
{
    out->kind = DATE_RELATIVE;
    out->weekday = weekday;
    if (!published.known) return;
    out->certain = true;
    print_civil(out->value, published.days + offset);
    weigh_weekday(out, published.days + offset, weekday);
}

void moment_tell_weekday(struct found_date *out, int weekday, enum direction towards, struct text_day published)
{
    out->kind = DATE_RELATIVE;
    out->weekday = weekday;
    out->doubts = DATE_NEAREST;
    if (!published.known) return;
    int64_t day = weekday_before(weekday, published.days);
    if (towards == TOWARDS_FUTURE) day += WEEK;
    if (towards == TOWARDS_PAST && day == published.days) day -= WEEK;
    print_civil(out->value, day);
}

void moment_tell_unit(struct found_date *out, bool month, enum direction towards, struct text_day published)
{
    out->kind = DATE_RELATIVE;
    if (!published.known) return;
    int64_t step = towards == TOWARDS_PAST ? -1 : towards == TOWARDS_FUTURE ? 1 : 0;
    int64_t months = months_of(published.days) + step * (month ? 1 : MONTHS);
    out->certain = true;
    if (month)
        print_month(out->value, months / MONTHS, (int)(months % MONTHS) + 1);
    else
        print_year(out->value, months / MONTHS);
}
