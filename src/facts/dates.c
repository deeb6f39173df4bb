/* At each token the shapes of a date are tried in a fixed order, each from there onwards over a bounded number of
 * tokens; the first that fits is taken and the search goes on behind it. */
#include "facts/dates.h"

#include "facts/moment.h"
#include "facts/numerals.h"
#include "facts/stretch.h"
#include "facts/vocabulary.h"

#include <assert.h>

enum { YEAR_LEAST = 1000, YEAR_MOST = 2999, BARE_YEAR_LEAST = 1800, BARE_YEAR_MOST = 2199, HIJRI_MOST = 1600 };

/* One date in the making: it begins at byte `skip` of token `first`, and token `end` is the one behind it. */
struct reading {
    const struct tokens *tokens;
    struct text_day published;
    size_t first, skip, end;
    struct found_date date;
};

/* ---- pieces of dates */

static size_t width(const struct tokens *tokens, size_t at)
{
    return tokens->token[at].to - tokens->token[at].from;
}

static bool is_between(const struct tokens *tokens, size_t at, uint32_t least, uint32_t most)
{
    return tokens_is_number(tokens, at) && tokens->token[at].number >= least && tokens->token[at].number <= most;
}

static bool is_adjacent(const struct tokens *tokens, size_t at)
{
    return at < tokens->count && !tokens->token[at].spaced;
}

/* 9th, 2nd: the letters of the ordinal. */
static size_t skip_suffix(const struct tokens *tokens, size_t at)
{
    static const char *const suffixes[] = {"st", "nd", "rd", "th"};
    if (!tokens_is_word(tokens, at) || !is_adjacent(tokens, at)) return at;
    for (size_t i = 0; i < COUNT_OF(suffixes); i++)
        if (slice_is(tokens_text(tokens, at), suffixes[i])) return at + 1;
    return at;
}

/* A day of a month: 9, 9th, ninth, التاسع. */
static bool read_day(const struct tokens *tokens, size_t at, int *day, size_t *skip, size_t *end)
{
    struct word_found found;
    *skip = 0;
    if (is_between(tokens, at, 1, 31) && width(tokens, at) <= 2) {
        *day = (int)tokens->token[at].number;
        *end = skip_suffix(tokens, at + 1);
        return true;
    }
    if (!vocabulary_find_behind(&found, tokens, at, WORD_ORDINAL)) return false;
    *day = (int)found.number;
    *skip = found.clitic.skip;
    *end = found.end;
    return true;
}

struct month_read {
    int month;
    enum date_calendar calendar;
    bool doubtful;
    size_t skip, end;
};

static bool read_name(struct month_read *out, const struct tokens *tokens, size_t at, bool behind)
{
    static const enum word_kind kinds[] = {WORD_MONTH, WORD_HIJRI};
    struct word_found found;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (!(behind ? vocabulary_find_behind : vocabulary_find)(&found, tokens, at, kinds[i])) continue;
        bool point = found.doubtful && tokens_is_mark(tokens, found.end, '.') && is_adjacent(tokens, found.end) &&
                     tokens_text(tokens, found.end - 1).data[0] < 0x80 &&
                     is_between(tokens, found.end + 1, 1, YEAR_MOST);
        *out = (struct month_read){(int)found.number, i == 0 ? DATE_GREGORIAN : DATE_ISLAMIC_UMALQURA, found.doubtful,
                                   found.clitic.skip, found.end + point};
        return true;
    }
    return false;
}

/* أيلول/سبتمبر, أيلول (سبتمبر): the same month said twice. */
static bool read_second_name(const struct tokens *tokens, const struct month_read *first, size_t *end)
{
    struct month_read second;
    size_t at = first->end;
    bool opened = tokens_is_mark(tokens, at, '('),
         joined = tokens_is_mark(tokens, at, '/') || tokens_is_mark(tokens, at, '-');
    if (!read_name(&second, tokens, at + (opened || joined), false)) return false;
    if (second.month != first->month || second.calendar != first->calendar) return false;
    if (opened && !tokens_is_mark(tokens, second.end, ')')) return false;
    *end = second.end + opened;
    return true;
}

static bool read_month(struct month_read *out, const struct tokens *tokens, size_t at, bool behind)
{
    if (!read_name(out, tokens, at, behind)) return false;
    if (read_second_name(tokens, out, &out->end)) out->doubtful = false;
    return true;
}

/* What counts people is no year. */
static bool counts_something(const struct tokens *tokens, size_t at)
{
    struct word_found found;
    return vocabulary_find(&found, tokens, at, WORD_PERSON) || vocabulary_find(&found, tokens, at, WORD_HARM) ||
           vocabulary_find(&found, tokens, at, WORD_THING) || vocabulary_find(&found, tokens, at, WORD_SCALE);
}

static bool read_era(const struct tokens *tokens, size_t at, enum date_calendar *calendar, size_t *end)
{
    struct word_found era;
    if (vocabulary_find(&era, tokens, at, WORD_ERA_HIJRI))
        *calendar = DATE_ISLAMIC_UMALQURA;
    else if (vocabulary_find(&era, tokens, at, WORD_ERA))
        *calendar = DATE_GREGORIAN;
    else
        return false;
    *end = era.end;
    return true;
}

/* A year of four digits and the era behind it, if any. */
static bool read_year_number(const struct tokens *tokens, size_t at, struct moment *moment, size_t *end)
{
    enum date_calendar calendar = moment->calendar;
    if (!is_between(tokens, at, YEAR_LEAST, YEAR_MOST) || width(tokens, at) != 4) return false;
    if (!numeral_stands_alone(tokens, at)) return false;
    bool era = read_era(tokens, at + 1, &calendar, end);
    if (!era) *end = at + 1;
    if (!era && counts_something(tokens, at + 1)) return false;
    if (moment->month != 0 && calendar != moment->calendar) return false;
    if (calendar == DATE_ISLAMIC_UMALQURA && tokens->token[at].number > HIJRI_MOST) return false;
    moment->year = tokens->token[at].number;
    moment->calendar = calendar;
    return true;
}

/* The year behind a month: 2016; , 2016; من عام 2016; of 2016. */
static size_t read_year(const struct tokens *tokens, size_t at, struct moment *moment)
{
    size_t end, from = at;
    struct word_found cue;
    if (tokens_is_mark(tokens, from, ',') && is_adjacent(tokens, from)) from++;
    if (vocabulary_find(&cue, tokens, from, WORD_OF)) from = cue.end;
    if (vocabulary_find(&cue, tokens, from, WORD_YEAR_CUE) && !cue.doubtful)
        from = cue.end; /* not: 9 May, since 2014 */
    return read_year_number(tokens, from, moment, &end) ? end : at;
}

/* Does a word of that kind end right before the token? */
static bool stands_before(const struct tokens *tokens, size_t at, enum word_kind kind)
{
    struct word_found found;
    for (size_t back = 1; back <= 2 && back <= at; back++)
        if (vocabulary_find_behind(&found, tokens, at - back, kind) && found.end == at) return true;
    return false;
}

/* ---- shapes: each gives true and sets reading->end and reading->date */

typedef bool shape(struct reading *reading, size_t at);

static bool tell(struct reading *reading, const struct moment *moment, size_t end)
{
    moment_tell(&reading->date, moment, reading->published);
    reading->end = end;
    return true;
}

/* Three numbers with one mark between them. */
static bool three_numbers(const struct tokens *tokens, size_t at, uint32_t mark)
{
    for (size_t i = 0; i < 5; i++) {
        bool right = i % 2 == 0 ? tokens_is_number(tokens, at + i) : tokens_is_mark(tokens, at + i, mark);
        if (!right || (i > 0 && !is_adjacent(tokens, at + i))) return false;
    }
    bool before = at > 0 && !tokens->token[at].spaced && tokens_is_mark(tokens, at - 1, mark);
    bool behind =
        is_adjacent(tokens, at + 5) && tokens_is_mark(tokens, at + 5, mark) && tokens_is_number(tokens, at + 6);
    return !before && !behind;
}

static bool tell_digits(struct reading *reading, size_t at, int64_t year, int month, int day)
{
    struct moment moment = {.year = year, .month = month, .day = day, .weekday = -1};
    if (month < 1 || month > 12 || day < 1) return false;
    if (year < YEAR_LEAST || year > YEAR_MOST) return false;
    if (year > 1300 && year < HIJRI_MOST) moment.calendar = DATE_ISLAMIC_UMALQURA;
    enum date_calendar era = moment.calendar;
    size_t end = at + 5;
    if (read_era(reading->tokens, end, &era, &end)) moment.calendar = era;
    return tell(reading, &moment, end);
}

/* Which of two numbers up to twelve is the month cannot be seen: the day first, and the other way as a second reading.
 */
static bool offer_other_order(struct reading *reading, size_t at, int64_t year, int first, int second)
{
    struct reading other = *reading;
    if (first == second || !tell_digits(&other, at, year, first, second)) return true;
    reading->date.doubts |= DATE_ORDER;
    reading->date.certain = false;
    memcpy(reading->date.other, other.date.value, sizeof other.date.value);
    return true;
}

/* 2016-09-09 2016/9/9 9/9/2016 9.9.2016 9-9-2016 */
static bool shape_digits(struct reading *reading, size_t at)
{
    static const uint32_t marks[] = {'-', '/', '.', 0x2010, 0x2011, 0x2013};
    const struct token *token = reading->tokens->token + at;
    size_t i = 0;
    while (i < COUNT_OF(marks) && !three_numbers(reading->tokens, at, marks[i])) i++;
    if (i == COUNT_OF(marks)) return false;
    int64_t first = token[0].number, third = token[4].number;
    int second = token[2].number > 31 ? 0 : (int)token[2].number;
    if (width(reading->tokens, at) == 4) return third <= 31 && tell_digits(reading, at, first, second, (int)third);
    if (first > 31 || width(reading->tokens, at + 4) != 4) return false;
    if (second > 12) return tell_digits(reading, at, third, (int)first, second);
    if (!tell_digits(reading, at, third, second, (int)first)) return false;
    return first > 12 || offer_other_order(reading, at, third, (int)first, second);
}

static bool finish_month(struct reading *reading, struct moment *moment, size_t end)
{
    size_t behind;
    if (moment->year == 0) end = read_year(reading->tokens, end, moment);
    enum direction towards = moment->year == 0 ? direction_read(reading->tokens, end, &behind) : TOWARDS_NONE;
    if (towards != TOWARDS_NONE && tokens_text(reading->tokens, end).data[0] >= 0x80) { /* behind it in Arabic alone */
        moment->towards = towards;
        end = behind;
    }
    return tell(reading, moment, end);
}

/* A day and what stands between it and its month; the day alone if another day follows: 9 و10 سبتمبر. */
static bool read_day_month(const struct tokens *tokens, size_t at, struct moment *moment, size_t *skip, size_t *end)
{
    struct word_found of;
    struct month_read month;
    int day;
    if (!read_day(tokens, at, &day, skip, end)) return false;
    if (tokens_is_number(tokens, at) && !numeral_stands_alone(tokens, at)) return false;
    if (vocabulary_find(&of, tokens, *end, WORD_OF)) *end = of.end;
    if (tokens_is_mark(tokens, *end, '-') && is_adjacent(tokens, *end) && is_adjacent(tokens, *end + 1)) ++*end;
    if (!read_month(&month, tokens, *end, false)) return false;
    moment->day = day;
    moment->month = month.month;
    moment->calendar = month.calendar;
    *end = month.end;
    return true;
}

static bool shape_day_month(struct reading *reading, size_t at)
{
    struct moment moment = {.weekday = reading->date.weekday};
    size_t end;
    return read_day_month(reading->tokens, at, &moment, &reading->skip, &end) && finish_month(reading, &moment, end);
}

/* The first of two days of one month: its own span is the number alone. */
static bool shape_first_day(struct reading *reading, size_t at)
{
    const struct tokens *tokens = reading->tokens;
    struct word_found to;
    struct reading second = *reading;
    struct moment moment = {.weekday = -1};
    size_t next = at + 1, skip, end;
    if (!is_between(tokens, at, 1, 31) || width(tokens, at) > 2) return false;
    bool dash = tokens_is_mark(tokens, next, '-') || tokens_is_mark(tokens, next, 0x2013);
    bool waw = tokens_is_word(tokens, next) && slice_is(tokens_text(tokens, next), "\xd9\x88");
    if (vocabulary_find(&to, tokens, next, WORD_TO) || vocabulary_find(&to, tokens, next, WORD_AND))
        next = to.end;
    else if (dash || waw)
        next++;
    else
        return false;
    if (!is_between(tokens, next, 1, 31) || !read_day_month(tokens, next, &moment, &skip, &end)) return false;
    if (!finish_month(&second, &moment, end)) return false;
    moment.day = (int)tokens->token[at].number;
    return tell(reading, &moment, at + 1);
}

/* September 9, 2016; Sept. 9 */
static bool shape_month_day(struct reading *reading, size_t at)
{
    const struct tokens *tokens = reading->tokens;
    struct month_read month;
    struct moment moment = {.weekday = reading->date.weekday};
    if (!tokens_is_word(tokens, at) || tokens_text(tokens, at).data[0] >= 0x80) return false;
    if (!read_month(&month, tokens, at, false)) return false;
    size_t day = month.end;
    if (!is_between(tokens, day, 1, 31) || width(tokens, day) > 2 || !tokens->token[day].spaced) return false;
    if (!numeral_stands_alone(tokens, day) && !tokens_is_mark(tokens, day + 1, ',')) return false;
    moment.month = month.month;
    moment.calendar = month.calendar;
    moment.day = (int)tokens->token[day].number;
    return finish_month(reading, &moment, skip_suffix(tokens, day + 1));
}

/* September 2016, سبتمبر الماضي, last September; a doubtful name needs a word that speaks for it. */
static bool shape_month(struct reading *reading, size_t at)
{
    const struct tokens *tokens = reading->tokens;
    struct month_read month;
    size_t from;
    struct moment moment = {.weekday = -1, .towards = direction_read(tokens, at, &from)};
    if (!read_month(&month, tokens, from, from == at)) return false;
    moment.month = month.month;
    moment.calendar = month.calendar;
    bool spoken_for = !month.doubtful || from > at || stands_before(tokens, at, WORD_MONTH_CUE);
    bool told = finish_month(reading, &moment, month.end);
    reading->skip = month.skip;
    return told && (spoken_for || moment.year != 0 || moment.towards != TOWARDS_NONE);
}

/* أمس, أمس الاثنين, yesterday */
static bool shape_relative(struct reading *reading, size_t at)
{
    struct word_found day, weekday;
    const struct tokens *tokens = reading->tokens;
    if (!vocabulary_find_behind(&day, tokens, at, WORD_RELATIVE)) return false;
    if (day.clitic.skip > 2 || (day.clitic.skip == 2 && !day.clitic.article && tokens_text(tokens, at).size < 10 &&
                                !slice_starts(tokens_text(tokens, at), "\xd9\x88")))
        return false; /* لامس is a verb */
    reading->skip = day.clitic.skip;
    reading->end = day.end;
    int named = vocabulary_find(&weekday, tokens, day.end, WORD_WEEKDAY) ? (int)weekday.number : -1;
    if (named >= 0) reading->end = weekday.end;
    moment_tell_relative(&reading->date, day.number, named, reading->published);
    return true;
}

/* A weekday, with a date behind it or alone. */
static bool shape_weekday(struct reading *reading, size_t at)
{
    const struct tokens *tokens = reading->tokens;
    struct word_found found, cue;
    size_t from, behind;
    enum direction towards = direction_read(tokens, at, &from);
    if (!(from == at ? vocabulary_find_behind : vocabulary_find)(&found, tokens, from, WORD_WEEKDAY)) return false;
    size_t next = found.end;
    if (found.doubtful && tokens_is_mark(tokens, next, '.') && is_adjacent(tokens, next)) next++;
    if (tokens_is_mark(tokens, next, ',') || tokens_is_mark(tokens, next, 0x60c)) next++;
    if (vocabulary_find(&cue, tokens, next, WORD_DAY_CUE)) next = cue.end;
    reading->date.weekday = (int)found.number;
    if (shape_day_month(reading, next) || shape_month_day(reading, next)) {
        reading->skip = found.clitic.skip;
        return true;
    }
    reading->skip = found.clitic.skip;
    reading->date.weekday = -1;
    if (found.doubtful) return false;
    reading->end = found.end;
    if (towards == TOWARDS_NONE && tokens_text(tokens, from).data[0] >= 0x80) {
        towards = direction_read(tokens, found.end, &behind);
        reading->end = behind;
    }
    moment_tell_weekday(&reading->date, (int)found.number, towards, reading->published);
    return true;
}

/* ---- what is vague */

static bool shape_stretch(struct reading *reading, size_t at)
{
    const struct tokens *tokens = reading->tokens;
    struct stretch stretch;
    if (!stretch_read(&stretch, tokens, at)) return false;
    if (stretch.end == stretch.unit.end && tokens_is_number(tokens, stretch.end)) return false;
    bool cue_belongs = stretch.towards == TOWARDS_NONE && stretch.within;
    if (!cue_belongs && stretch.within) reading->first = stretch.cue_end;
    if (cue_belongs) reading->skip = stretch.cue_skip;
    if (reading->first == stretch.unit.end - 1) reading->skip = stretch.unit.clitic.skip;
    reading->end = stretch.end;
    if (stretch_is_unit(&stretch))
        moment_tell_unit(&reading->date, stretch_is_month(&stretch), stretch.towards, reading->published);
    else if (stretch_is_days_ago(&stretch, tokens))
        moment_tell_relative(&reading->date, -stretch.count, -1, reading->published);
    else
        reading->date.kind = DATE_VAGUE;
    return true;
}

static bool shape_vague(struct reading *reading, size_t at)
{
    struct word_found found;
    if (!vocabulary_find_behind(&found, reading->tokens, at, WORD_VAGUE)) return false;
    reading->date.kind = DATE_VAGUE;
    reading->skip = found.clitic.skip;
    reading->end = found.end;
    return true;
}

#define DIRECTIONS (WORD_KIND(WORD_LAST) | WORD_KIND(WORD_NEXT) | WORD_KIND(WORD_THIS))
#define STRETCHES                                                                                                      \
    (WORD_KIND(WORD_WITHIN) | DIRECTIONS | WORD_KIND(WORD_FEW) | WORD_KIND(WORD_ABOUT) | NUMERAL_KINDS |               \
     WORD_KIND(WORD_UNIT))
#define FROM_TODAY (WORD_KIND(WORD_RELATIVE) | WORD_KIND(WORD_VAGUE) | STRETCHES)

/* What a shape may begin with: a number, or a word of one of these kinds. At anything else it is not tried. */
struct way {
    shape *read;
    bool number;
    word_kinds kinds;
};

static bool may_begin(const struct way *way, const struct tokens *tokens, size_t at)
{
    return (way->number && tokens_is_number(tokens, at)) || vocabulary_may_begin(tokens, at, way->kinds);
}

/* Of a relative day and a stretch of time the longer one is meant: the day before yesterday, اليوم المقبل. */
static bool shape_from_today(struct reading *reading, size_t at)
{
    static const struct way ways[] = {{shape_relative, false, WORD_KIND(WORD_RELATIVE)},
                                      {shape_vague, false, WORD_KIND(WORD_VAGUE)},
                                      {shape_stretch, true, STRETCHES}};
    size_t longest = at;
    struct reading given = *reading;
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        if (!may_begin(&ways[i], given.tokens, at)) continue;
        struct reading way = given;
        if (!ways[i].read(&way, at) || way.end <= longest) continue;
        *reading = way;
        longest = way.end;
    }
    return longest > at;
}

/* ---- years */

/* A year alone, behind عام, سنة, in, since. */
static bool shape_year(struct reading *reading, size_t at)
{
    const struct tokens *tokens = reading->tokens;
    struct moment moment = {.weekday = -1};
    size_t end;
    if (!tokens_is_number(tokens, at) || !stands_before(tokens, at, WORD_YEAR_CUE)) return false;
    if (!read_year_number(tokens, at, &moment, &end)) return false;
    bool likely = moment.calendar == DATE_ISLAMIC_UMALQURA || is_between(tokens, at, BARE_YEAR_LEAST, BARE_YEAR_MOST);
    return likely && tell(reading, &moment, end);
}

/* A year with its era needs nothing before it: 1438هـ. */
static bool shape_era_year(struct reading *reading, size_t at)
{
    const struct tokens *tokens = reading->tokens;
    struct moment moment = {.weekday = -1};
    enum date_calendar calendar;
    size_t end;
    if (!tokens_is_number(tokens, at) || !read_era(tokens, at + 1, &calendar, &end)) return false;
    return read_year_number(tokens, at, &moment, &end) && tell(reading, &moment, end);
}

/* ---- all of them */

#define MONTHS (WORD_KIND(WORD_MONTH) | WORD_KIND(WORD_HIJRI))
#define ANY_SHAPE (FROM_TODAY | MONTHS | WORD_KIND(WORD_WEEKDAY) | WORD_KIND(WORD_ORDINAL))

static const struct way shapes[] = {
    {shape_digits, true, 0},
    {shape_weekday, false, DIRECTIONS | WORD_KIND(WORD_WEEKDAY)},
    {shape_first_day, true, 0},
    {shape_day_month, true, WORD_KIND(WORD_ORDINAL)},
    {shape_month_day, false, MONTHS},
    {shape_month, false, DIRECTIONS | MONTHS},
    {shape_from_today, true, FROM_TODAY},
    {shape_year, true, 0},
    {shape_era_year, true, 0},
};

static bool read_date(struct reading *out, const struct tokens *tokens, size_t at, struct text_day published)
{
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        if (!may_begin(&shapes[i], tokens, at)) continue;
        struct reading reading = {.tokens = tokens, .published = published, .first = at, .date = {.weekday = -1}};
        if (!shapes[i].read(&reading, at)) continue;
        struct span span = tokens_span(tokens, reading.first, reading.skip, reading.end - 1);
        reading.date.start = span.start;
        reading.date.end = span.end;
        *out = reading;
        return true;
    }
    return false;
}

enum status dates_find(struct date_list *out, const struct tokens *tokens, struct text_day published,
                       struct arena *arena, struct error *error)
{
    OWN(buffer_clear) struct buffer found = {0};
    struct reading reading;
    assert(tokens->begins != NULL && "words that were looked up");
    for (size_t at = 0; at < tokens->count;) {
        bool likely = tokens_is_number(tokens, at) || vocabulary_may_begin(tokens, at, ANY_SHAPE);
        bool here = likely && read_date(&reading, tokens, at, published);
        if (here) buffer_put(&found, slice_of(&reading.date, sizeof reading.date));
        at = here ? reading.end : at + 1;
    }
    TRY(buffer_finish(&found, error));
    struct slice kept = arena_copy(arena, buffer_slice(&found));
    if (kept.data == NULL && found.size > 0) return arena_full(error);
    *out = (struct date_list){(const struct found_date *)(const void *)kept.data, found.size / sizeof reading.date};
    return STATUS_DONE;
}

const char *date_kind_name(enum date_kind kind)
{
    static const char *const names[] = {"stated", "relative", "vague"};
    return names[kind];
}

const char *date_calendar_name(enum date_calendar calendar)
{
    static const char *const names[] = {"gregorian", "islamic-umalqura"};
    return names[calendar];
}

const char *date_doubt_name(size_t i, enum date_doubt *bit)
{
    static const char *const names[] = {"no-year", "order", "weekday", "nearest", "absent"};
    if (i >= COUNT_OF(names)) return NULL;
    *bit = (enum date_doubt)(1U << i);
    return names[i];
}
