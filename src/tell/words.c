#include "tell/words.h"

#include "base/time.h"
#include "text/hijri.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define N_IN(context, message) message

static _Thread_local enum language language_now = LANGUAGE_ENGLISH;
static _Thread_local struct words_manner manner_now;

void words_language(enum language language)
{
    language_now = language;
    truce_language(language_code(language));
}

enum language words_language_now(void)
{
    return language_now;
}

void words_manner(struct words_manner manner)
{
    manner_now = manner;
}

struct words_manner words_manner_now(void)
{
    return manner_now;
}

const char *word_in(const char *context, const char *message)
{
    return catalogue_find_context(language_now, context, message);
}

void words_fill(struct buffer *out, const char *message, ...)
{
    const char *argument[ERROR_ARGUMENTS] = {NULL};
    va_list arguments;
    va_start(arguments, message);
    for (size_t i = 0; i < ERROR_ARGUMENTS && (argument[i] = va_arg(arguments, const char *)) != NULL;) i++;
    va_end(arguments);
    for (const char *in = message; *in != '\0';) {
        bool hole = in[0] == '{' && in[1] >= '0' && in[1] < '0' + ERROR_ARGUMENTS && in[2] == '}';
        if (hole && argument[in[1] - '0'] != NULL) buffer_put_string(out, argument[in[1] - '0']);
        if (!hole) buffer_put_byte(out, (uint8_t)*in);
        in += hole ? 3 : 1;
    }
}

void words_error(struct truce_error *out, const struct error *error)
{
    struct error said = *error;
    static const size_t spoken[] = {0, 2}; /* of "system": what was done, and what the system says */
    *out = (struct truce_error){.status = (enum truce_status)error->status, .offset = error->offset};
    for (size_t i = 0; i < COUNT_OF(spoken) && strcmp(error->code, "system") == 0; i++)
        snprintf(said.argument[spoken[i]], sizeof said.argument[spoken[i]], "%s",
                 word_in("argument", error->argument[spoken[i]]));
    snprintf(out->code, sizeof out->code, "%s", error->code);
    snprintf(out->pointer, sizeof out->pointer, "%s", error->pointer);
    error_format(&said, truce_word(error->sentence), out->message, sizeof out->message);
}

static const struct {
    const char *one, *many;
} nouns[] = {
    [NOUN_RECORD] = {N_MANY("{0} record", "{0} records")}, [NOUN_DAY] = {N_MANY("{0} day", "{0} days")},
    [NOUN_HOUR] = {N_MANY("{0} hour", "{0} hours")},       [NOUN_MINUTE] = {N_MANY("{0} minute", "{0} minutes")},
    [NOUN_NOTICE] = {N_MANY("{0} notice", "{0} notices")}, [NOUN_QUESTION] = {N_MANY("{0} question", "{0} questions")},
    [NOUN_FAULT] = {N_MANY("{0} fault", "{0} faults")},    [NOUN_ROW] = {N_MANY("{0} row", "{0} rows")},
    [NOUN_MATCH] = {N_MANY("{0} match", "{0} matches")},
};

void words_count(struct buffer *out, enum noun noun, uint64_t count)
{
    char digits[24];
    OWN(buffer_clear) struct buffer number = {0};
    snprintf(digits, sizeof digits, "%" PRIu64, count);
    words_digits(&number, slice_from(digits));
    buffer_put_byte(&number, '\0');
    words_fill(out, truce_words(nouns[noun].one, nouns[noun].many, count),
               number.failed ? digits : (const char *)number.data, NULL);
}

void words_digits(struct buffer *out, struct slice text)
{
    bool arabic = manner_now.arabic_digits && words_arabic();
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        bool digit = c >= '0' && c <= '9';
        if (digit && arabic) buffer_put_byte(out, 0xD9); /* U+0660 … U+0669 */
        buffer_put_byte(out, digit && arabic ? (uint8_t)(0xA0 + c - '0') : c);
    }
}

void words_isolate(struct buffer *out, struct slice text)
{
    if (words_arabic()) buffer_put_string(out, "\u2068");
    buffer_put(out, text);
    if (words_arabic()) buffer_put_string(out, "\u2069");
}

void words_time(struct buffer *out, struct slice time)
{
    int64_t seconds;
    struct slice whole = time;
    char second[TIME_TEXT_SIZE];
    if (time.size == 24 && time.data[19] == '.') { /* with milliseconds, as received is */
        snprintf(second, sizeof second, "%.*sZ", 19, (const char *)time.data);
        time = slice_from(second);
    }
    if (!time_parse(&seconds, time)) {
        buffer_put(out, whole);
        return;
    }
    bool whole_minute = slice_equal(slice_part(time, 17, 2), slice_from("00"));
    buffer_put(out, slice_part(time, 0, 10));
    buffer_put_byte(out, ' ');
    buffer_put(out, slice_part(time, 11, whole_minute ? 5 : 8));
    buffer_put_string(out, " UTC");
}

const char *words_month(unsigned month)
{
    static const char *const months[] = {
        N_IN("month", "January"),   N_IN("month", "February"), N_IN("month", "March"),    N_IN("month", "April"),
        N_IN("month", "May"),       N_IN("month", "June"),     N_IN("month", "July"),     N_IN("month", "August"),
        N_IN("month", "September"), N_IN("month", "October"),  N_IN("month", "November"), N_IN("month", "December"),
    };
    return month >= 1 && month <= COUNT_OF(months) ? word_in("month", months[month - 1]) : "";
}

void words_hijri(struct buffer *out, int64_t days)
{
    static const char *const months[] = {
        N_IN("Hijri month", "Muharram"), N_IN("Hijri month", "Safar"),        N_IN("Hijri month", "Rabi‘ I"),
        N_IN("Hijri month", "Rabi‘ II"), N_IN("Hijri month", "Jumada I"),     N_IN("Hijri month", "Jumada II"),
        N_IN("Hijri month", "Rajab"),    N_IN("Hijri month", "Sha‘ban"),      N_IN("Hijri month", "Ramadan"),
        N_IN("Hijri month", "Shawwal"),  N_IN("Hijri month", "Dhu al-Qa‘da"), N_IN("Hijri month", "Dhu al-Hijja"),
    };
    struct hijri date;
    char day[8], year[24];
    if (!hijri_of(days, &date) || date.month < 1 || (size_t)date.month > COUNT_OF(months)) return;
    snprintf(day, sizeof day, "%d", date.day);
    snprintf(year, sizeof year, "%" PRId64, date.year);
    OWN(buffer_clear) struct buffer whole = {0};
    words_fill(&whole, TR("{0} {1} {2} AH"), day, word_in("Hijri month", months[date.month - 1]), year, NULL);
    words_digits(out, buffer_slice(&whole));
}

void words_duration(struct buffer *out, int64_t seconds)
{
    uint64_t minutes = seconds < 0 ? 0 : (uint64_t)seconds / 60;
    const struct {
        enum noun noun;
        uint64_t count;
    } parts[] = {{NOUN_DAY, minutes / 1440}, {NOUN_HOUR, minutes / 60 % 24}, {NOUN_MINUTE, minutes % 60}};
    unsigned shown = 0;
    for (size_t i = 0; i < COUNT_OF(parts) && shown < 2; i++) {
        if (parts[i].count == 0 && (shown == 0 || i + 1 < COUNT_OF(parts)) && i + 1 < COUNT_OF(parts)) continue;
        if (parts[i].count == 0 && shown > 0) break;
        if (shown++ > 0) buffer_put_string(out, TR(" and "));
        words_count(out, parts[i].noun, parts[i].count);
    }
}
