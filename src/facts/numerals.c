#include "facts/numerals.h"

enum { THOUSANDTHS = 1000, DECIMALS_MOST = 2, GROUP_DIGITS = 3 };
#define AMOUNT_MOST INT64_C(1000000000000)

static bool is_adjacent(const struct tokens *tokens, size_t at)
{
    return at < tokens->count && !tokens->token[at].spaced;
}

static bool is_one_of(const struct tokens *tokens, size_t at, const uint32_t *marks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (tokens_is_mark(tokens, at, marks[i])) return true;
    return false;
}

static size_t digits(const struct tokens *tokens, size_t at)
{
    return tokens->token[at].to - tokens->token[at].from;
}

/* ---- digits */

static const uint32_t separators[] = {',', '.', 0x66b, 0x66c, 0x60c};
static const uint32_t decimal_marks[] = {',', '.', 0x66b};
static const uint32_t ties[] = {',', '.', 0x66b, 0x66c, 0x60c, ':', '/'};

static bool number_behind(const struct tokens *tokens, size_t at, const uint32_t *marks, size_t count)
{
    return is_adjacent(tokens, at) && is_one_of(tokens, at, marks, count) && is_adjacent(tokens, at + 1) &&
           tokens_is_number(tokens, at + 1);
}

static bool is_percent(const struct tokens *tokens, size_t at)
{
    return tokens_is_mark(tokens, at, '%') || tokens_is_mark(tokens, at, 0x66a);
}

bool numeral_stands_alone(const struct tokens *tokens, size_t at)
{
    bool before = at >= 2 && !tokens->token[at].spaced && is_one_of(tokens, at - 1, ties, COUNT_OF(ties)) &&
                  !tokens->token[at - 1].spaced && tokens_is_number(tokens, at - 2);
    return !before && !number_behind(tokens, at + 1, ties, COUNT_OF(ties)) && !is_percent(tokens, at + 1);
}

/* Digits in groups of three, or with a decimal part: in thousandths. */
static bool read_digits(const struct tokens *tokens, size_t at, int64_t *thousandths, size_t *end)
{
    if (at >= 2 && !tokens->token[at].spaced && number_behind(tokens, at - 1, ties, COUNT_OF(ties)) &&
        tokens_is_number(tokens, at - 2))
        return false;
    int64_t value = tokens->token[at].number;
    if (value == UINT32_MAX) return false;
    bool grouped = digits(tokens, at) <= GROUP_DIGITS && value > 0;
    for (at++; grouped && number_behind(tokens, at, separators, COUNT_OF(separators)) &&
               digits(tokens, at + 1) == GROUP_DIGITS && value < AMOUNT_MOST / THOUSANDTHS;
         at += 2)
        value = value * 1000 + tokens->token[at + 1].number;
    *thousandths = value * THOUSANDTHS;
    *end = at;
    if (!number_behind(tokens, at, ties, COUNT_OF(ties))) return !is_percent(tokens, at);
    if (!number_behind(tokens, at, decimal_marks, COUNT_OF(decimal_marks)) || digits(tokens, at + 1) > DECIMALS_MOST)
        return false;
    *thousandths += tokens->token[at + 1].number * (digits(tokens, at + 1) == 1 ? 100 : 10);
    *end = at + 2;
    return true;
}

/* ---- words */

/* How a word of a number stands to the one before it. */
enum tie { TIE_FIRST, TIE_BESIDE, TIE_AND };

struct numeral {
    const struct tokens *tokens;
    int64_t total, current; /* whole scales; what is below the next scale */
    int64_t below;          /* what is added must be less */
    int64_t scale_below;    /* and a scale must be */
    int64_t digit;          /* a digit that was just read, else 0 */
    int64_t digit_below;    /* `below` before it */
    bool latin;
};

static bool add(struct numeral *numeral, int64_t value, int64_t below)
{
    if (value >= numeral->below) return false;
    numeral->current += value;
    numeral->below = below;
    numeral->digit = 0;
    return true;
}

static bool add_digit(struct numeral *numeral, int64_t value, enum tie tie)
{
    int64_t before = numeral->below;
    if (tie == TIE_BESIDE && !numeral->latin) return false;
    if (!add(numeral, value, 1)) return false;
    numeral->digit = value;
    numeral->digit_below = before;
    return true;
}

/* ثلاثة عشر: the ten stands beside its digit. */
static bool add_teen(struct numeral *numeral, int64_t value, enum tie tie)
{
    if (tie == TIE_BESIDE && !numeral->latin && numeral->digit > 0 && value == 10 && numeral->digit_below > 19) {
        numeral->current += value;
        numeral->digit = 0;
        return true;
    }
    return (tie != TIE_BESIDE || numeral->latin) && add(numeral, value, 1);
}

/* خمسة وعشرون: the ten is added to its digit; twenty-five: the digit to its ten. */
static bool add_ten(struct numeral *numeral, int64_t value, enum tie tie)
{
    if (tie == TIE_AND && !numeral->latin && numeral->digit > 0 && numeral->digit_below > 99) {
        numeral->current += value;
        numeral->digit = 0;
        return true;
    }
    return (tie != TIE_BESIDE || numeral->latin) && add(numeral, value, 10);
}

static bool add_hundred(struct numeral *numeral, int64_t value, enum tie tie)
{
    if (tie == TIE_BESIDE && numeral->digit > 0 && value == 100 && numeral->digit_below > 999) {
        numeral->current += numeral->digit * 99;
        numeral->below = 100;
        numeral->digit = 0;
        return true;
    }
    return (tie != TIE_BESIDE || numeral->latin) && add(numeral, value, 100);
}

static bool add_scale(struct numeral *numeral, int64_t scale, int64_t times, enum tie tie)
{
    bool alone = numeral->current == 0;
    if (scale >= numeral->scale_below || (tie == TIE_AND && !alone)) return false;
    numeral->total += (alone ? times : numeral->current) * scale;
    numeral->current = 0;
    numeral->below = numeral->scale_below = scale;
    numeral->digit = 0;
    return true;
}

static bool add_word(struct numeral *numeral, enum word_kind kind, int64_t value, enum tie tie)
{
    switch ((int)kind) {
    case WORD_DIGIT: return add_digit(numeral, value, tie);
    case WORD_TEEN: return add_teen(numeral, value, tie);
    case WORD_TEN: return add_ten(numeral, value, tie);
    case WORD_HUNDRED: return add_hundred(numeral, value, tie);
    case WORD_DUAL_SCALE: return numeral->current == 0 && add_scale(numeral, value, 2, tie);
    default: return add_scale(numeral, value, 1, tie);
    }
}

/* Of two-of-scale and scale the first is tried first: مليونا is two million unless a number stands before it. */
static const enum word_kind parts[] = {WORD_TEEN, WORD_DIGIT, WORD_TEN, WORD_HUNDRED, WORD_DUAL_SCALE, WORD_SCALE};

static bool take_part(struct numeral *numeral, size_t at, enum tie tie, bool behind, struct word_found *found)
{
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        bool here = behind ? vocabulary_find_behind(found, numeral->tokens, at, parts[i])
                           : vocabulary_find(found, numeral->tokens, at, parts[i]);
        if (here && add_word(numeral, parts[i], found->number, tie)) return true;
    }
    return false;
}

static bool is_waw(struct slice word)
{
    return slice_starts(word, "\xd9\x88");
}

/* The next word of the number: beside, behind a hyphen, behind `and`, or with و written before it. */
static bool take_next(struct numeral *numeral, size_t at, struct word_found *found)
{
    const struct tokens *tokens = numeral->tokens;
    if (tokens_is_mark(tokens, at, '-') && is_adjacent(tokens, at) && is_adjacent(tokens, at + 1) && numeral->latin)
        return take_part(numeral, at + 1, TIE_BESIDE, false, found);
    if (vocabulary_find(found, tokens, at, WORD_AND)) return take_part(numeral, found->end, TIE_AND, false, found);
    if (!tokens_is_word(tokens, at)) return false;
    if (take_part(numeral, at, TIE_BESIDE, false, found)) return true;
    if (is_waw(tokens_text(tokens, at)) && tokens_text(tokens, at).size == 2)
        return take_part(numeral, at + 1, TIE_AND, false, found);
    struct numeral before = *numeral;
    if (!is_waw(tokens_text(tokens, at)) || !take_part(numeral, at, TIE_AND, true, found)) return false;
    if (found->clitic.skip == 2 && !found->clitic.article) return true;
    *numeral = before;
    return false;
}

static struct numeral numeral_start(const struct tokens *tokens, size_t at)
{
    return (struct numeral){.tokens = tokens,
                            .below = AMOUNT_MOST,
                            .scale_below = AMOUNT_MOST,
                            .latin = tokens_text(tokens, at).data[0] < 0x80};
}

static struct amount exactly(int64_t value, size_t first, size_t skip, size_t end, bool words)
{
    return (struct amount){value, value, value, first, skip, end, words};
}

static bool read_words(struct amount *out, const struct tokens *tokens, size_t at, bool behind)
{
    struct word_found found;
    struct numeral numeral = numeral_start(tokens, at);
    if (!take_part(&numeral, at, TIE_FIRST, behind, &found)) return false;
    size_t skip = found.clitic.skip, end = found.end;
    while (take_next(&numeral, end, &found)) end = found.end;
    *out = exactly(numeral.total + numeral.current, at, skip, end, true);
    return true;
}

/* 40 ألف, 1.5 million: digits and a scale, quotation marks between them or not. */
static bool read_digits_and_scale(struct amount *out, const struct tokens *tokens, size_t at)
{
    int64_t thousandths;
    size_t end, first = at;
    struct word_found scale;
    if (!read_digits(tokens, at, &thousandths, &end)) return false;
    bool quoted = tokens_is_mark(tokens, end, '"');
    if (thousandths < AMOUNT_MOST && vocabulary_find(&scale, tokens, end + quoted, WORD_SCALE)) {
        *out = exactly(thousandths * (scale.number / THOUSANDTHS), first, 0, scale.end, false);
        return true;
    }
    if (thousandths % THOUSANDTHS != 0) return false;
    *out = exactly(thousandths / THOUSANDTHS, first, 0, end, false);
    return true;
}

bool numeral_read(struct amount *out, const struct tokens *tokens, size_t at, bool behind)
{
    if (tokens_is_number(tokens, at)) return read_digits_and_scale(out, tokens, at);
    return tokens_is_word(tokens, at) && read_words(out, tokens, at, behind);
}

/* ---- amounts */

static bool read_many(struct amount *out, const struct tokens *tokens, size_t at, bool behind)
{
    struct word_found many;
    bool found =
        behind ? vocabulary_find_behind(&many, tokens, at, WORD_MANY) : vocabulary_find(&many, tokens, at, WORD_MANY);
    if (found)
        *out = (struct amount){many.number, AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, at, many.clitic.skip, many.end, true};
    return found;
}

static bool read_bare(struct amount *out, const struct tokens *tokens, size_t at, bool behind)
{
    return read_many(out, tokens, at, behind) || numeral_read(out, tokens, at, behind);
}

static bool is_bare_waw(const struct tokens *tokens, size_t at)
{
    return tokens_is_word(tokens, at) && is_waw(tokens_text(tokens, at)) && tokens_text(tokens, at).size == 2;
}

/* The second number of a range: behind a dash or `to`; behind `and` only if `between` opened it. */
static bool read_upper(struct amount *upper, const struct tokens *tokens, size_t at, bool between)
{
    struct word_found word;
    if (tokens_is_mark(tokens, at, '-') || tokens_is_mark(tokens, at, 0x2013))
        return numeral_read(upper, tokens, at + 1, false);
    if (vocabulary_find(&word, tokens, at, WORD_TO)) return numeral_read(upper, tokens, word.end, false);
    if (!between) return false;
    if (vocabulary_find(&word, tokens, at, WORD_AND)) return numeral_read(upper, tokens, word.end, false);
    if (is_bare_waw(tokens, at)) return numeral_read(upper, tokens, at + 1, false);
    return tokens_is_word(tokens, at) && is_waw(tokens_text(tokens, at)) && numeral_read(upper, tokens, at, true);
}

/* 10 to 20 thousand: the scale of the second is the first's too. */
static void extend_to(struct amount *amount, const struct amount *upper)
{
    if (upper->best <= amount->best) return;
    amount->high = upper->best;
    amount->best = AMOUNT_UNKNOWN;
    amount->end = upper->end;
}

static const enum word_kind limits[] = {WORD_ABOUT, WORD_LEAST, WORD_MOST, WORD_BETWEEN};

static void limit(struct amount *amount, enum word_kind kind)
{
    if (amount->best == AMOUNT_UNKNOWN) return;
    if (kind == WORD_ABOUT || kind == WORD_MOST) amount->low = AMOUNT_UNKNOWN;
    if (kind == WORD_ABOUT || kind == WORD_LEAST) amount->high = AMOUNT_UNKNOWN;
    if (kind == WORD_LEAST || kind == WORD_MOST) amount->best = AMOUNT_UNKNOWN;
}

bool amount_read(struct amount *out, const struct tokens *tokens, size_t at)
{
    struct word_found word;
    struct amount amount, upper;
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        if (!vocabulary_find_behind(&word, tokens, at, limits[i])) continue;
        if (!read_bare(&amount, tokens, word.end, false)) continue;
        bool between = limits[i] == WORD_BETWEEN;
        if (between && !read_upper(&upper, tokens, amount.end, true)) continue;
        if (between) extend_to(&amount, &upper);
        limit(&amount, limits[i]);
        amount.first = at;
        amount.skip = word.clitic.skip;
        *out = amount;
        return true;
    }
    if (!read_bare(&amount, tokens, at, true)) return false;
    if (amount.best != AMOUNT_UNKNOWN && read_upper(&upper, tokens, amount.end, false)) extend_to(&amount, &upper);
    *out = amount;
    return true;
}
