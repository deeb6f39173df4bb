#include "text/hijri.h"

#include <unicode/ucal.h>

enum { YEAR_LEAST = 1300, YEAR_MOST = 1600 };
#define DAY_MS 86400000.0

/* UTC and no locale: what it gives depends on nothing but the calendar's own tables. */
static UCalendar *open_calendar(void)
{
    static const UChar zone[] = {'U', 'T', 'C', 0};
    UErrorCode failure = U_ZERO_ERROR;
    UCalendar *calendar = ucal_open(zone, 3, "@calendar=islamic-umalqura", UCAL_TRADITIONAL, &failure);
    return U_FAILURE(failure) ? NULL : calendar;
}

static bool set_date(UCalendar *calendar, int64_t *days, int64_t year, int month, int day)
{
    UErrorCode failure = U_ZERO_ERROR;
    ucal_clear(calendar);
    ucal_set(calendar, UCAL_EXTENDED_YEAR, (int32_t)year);
    ucal_set(calendar, UCAL_MONTH, month - 1);
    ucal_set(calendar, UCAL_DATE, day);
    ucal_setAttribute(calendar, UCAL_LENIENT, 0);
    UDate when = ucal_getMillis(calendar, &failure);
    if (U_FAILURE(failure)) return false;
    *days = (int64_t)(when / DAY_MS); /* midnight exactly, so that nothing is cut off */
    return true;
}

bool hijri_days(int64_t *days, int64_t year, int month, int day)
{
    if (year < YEAR_LEAST || year > YEAR_MOST || month < 1 || month > 12 || day < 1 || day > 30) return false;
    UCalendar *calendar = open_calendar();
    if (calendar == NULL) return false;
    bool found = set_date(calendar, days, year, month, day);
    ucal_close(calendar);
    return found;
}

bool hijri_of(int64_t days, struct hijri *out)
{
    UErrorCode failure = U_ZERO_ERROR;
    UCalendar *calendar = open_calendar();
    if (calendar == NULL) return false;
    ucal_setMillis(calendar, (double)days * DAY_MS, &failure);
    struct hijri date = {.year = ucal_get(calendar, UCAL_EXTENDED_YEAR, &failure),
                         .month = ucal_get(calendar, UCAL_MONTH, &failure) + 1,
                         .day = ucal_get(calendar, UCAL_DATE, &failure)};
    ucal_close(calendar);
    if (U_FAILURE(failure) || date.year < YEAR_LEAST || date.year > YEAR_MOST) return false;
    *out = date;
    return true;
}
