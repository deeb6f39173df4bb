#include "base/time.h"

#include <inttypes.h>
#include <stdio.h>

/* The calendar repeats every 400 years (an era of 146,097 days); years are counted from March, so that the leap day
 * comes last. */
enum { ERA_DAYS = 146097, DAYS_TO_1970 = 719468 };

int64_t time_days_from_civil(int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (int64_t)(month > 2 ? month - 3 : month + 9) + 2) / 5 + (int64_t)day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - DAYS_TO_1970;
}

void time_civil_from_days(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    days += DAYS_TO_1970;
    int64_t era = (days >= 0 ? days : days - (ERA_DAYS - 1)) / ERA_DAYS;
    int64_t day_of_era = days - era * ERA_DAYS;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    *day = (unsigned)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    *month = (unsigned)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

static bool digits(struct slice text, size_t from, size_t count, unsigned *out)
{
    unsigned number = 0;
    for (size_t i = from; i < from + count; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') return false;
        number = number * 10 + (unsigned)(text.data[i] - '0');
    }
    *out = number;
    return true;
}

static unsigned month_days(unsigned year, unsigned month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

bool time_parse_day(int64_t *seconds, struct slice text)
{
    unsigned year, month, day;
    if (text.size != 10 || text.data[4] != '-' || text.data[7] != '-') return false;
    if (!digits(text, 0, 4, &year) || !digits(text, 5, 2, &month) || !digits(text, 8, 2, &day)) return false;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > month_days(year, month)) return false;
    *seconds = time_days_from_civil(year, month, day) * 86400;
    return true;
}

bool time_parse(int64_t *seconds, struct slice text)
{
    unsigned hour, minute, second;
    int64_t midnight;
    if (text.size != 20 || text.data[10] != 'T' || text.data[13] != ':' || text.data[16] != ':') return false;
    if (text.data[19] != 'Z' || !time_parse_day(&midnight, slice_part(text, 0, 10))) return false;
    if (!digits(text, 11, 2, &hour) || !digits(text, 14, 2, &minute) || !digits(text, 17, 2, &second)) return false;
    if (hour > 23 || minute > 59 || second > 59) return false;
    *seconds = midnight + hour * 3600 + minute * 60 + second;
    return true;
}

void time_format(int64_t seconds, char out[TIME_TEXT_SIZE])
{
    if (seconds < TIME_LEAST) seconds = TIME_LEAST;
    if (seconds > TIME_MOST) seconds = TIME_MOST;
    int64_t days = (seconds >= 0 ? seconds : seconds - 86399) / 86400, year;
    unsigned of_day = (unsigned)(seconds - days * 86400), month, day;
    time_civil_from_days(days, &year, &month, &day);
    char text[64];
    snprintf(text, sizeof text, "%04" PRId64 "-%02u-%02uT%02u:%02u:%02uZ", year, month, day, of_day / 3600,
             of_day / 60 % 60, of_day % 60);
    memcpy(out, text, TIME_TEXT_SIZE - 1);
    out[TIME_TEXT_SIZE - 1] = '\0';
}

static const struct {
    char unit;
    bool clock;
    int64_t seconds;
} units[] = {{'D', false, 86400}, {'H', true, 3600}, {'M', true, 60}, {'S', true, 1}};

bool duration_parse(int64_t *seconds, struct slice text)
{
    if (text.size < 3 || text.data[0] != 'P') return false;
    bool clock = text.data[1] == 'T';
    size_t from = clock ? 2 : 1, last = text.size - 1;
    unsigned number;
    if (last <= from || last - from > 9 || !digits(text, from, last - from, &number)) return false;
    if (text.data[from] == '0' && last - from > 1) return false;
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        if ((char)text.data[last] != units[i].unit || clock != units[i].clock) continue;
        int64_t value = (int64_t)number * units[i].seconds;
        char largest[DURATION_TEXT_SIZE];
        duration_format(value, largest);
        if (!slice_is(text, largest)) return false;
        *seconds = value;
        return true;
    }
    return false;
}

void duration_format(int64_t seconds, char out[DURATION_TEXT_SIZE])
{
    size_t i = seconds == 0 ? COUNT_OF(units) - 1 : 0;
    while (seconds % units[i].seconds != 0) i++;
    snprintf(out, DURATION_TEXT_SIZE, "P%s%" PRId64 "%c", units[i].clock ? "T" : "", seconds / units[i].seconds,
             units[i].unit);
}
