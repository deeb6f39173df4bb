#include "facts/stretch.h"

#include "facts/numerals.h"

enum direction direction_read(const struct tokens *tokens, size_t at, size_t *end)
{
    static const struct {
        enum word_kind kind;
        enum direction towards;
    } ways[] = {{WORD_LAST, TOWARDS_PAST}, {WORD_NEXT, TOWARDS_FUTURE}, {WORD_THIS, TOWARDS_NOW}};
    struct word_found found;
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        if (!vocabulary_find(&found, tokens, at, ways[i].kind)) continue;
        *end = found.end;
        return ways[i].towards;
    }
    *end = at;
    return TOWARDS_NONE;
}

enum { UNIT_DAY = 1, UNIT_MONTH = 3, UNIT_YEAR = 4, VAGUE_WORDS_MOST = 4 };

/* الـ48: the article and digits, beside the unit. */
static bool take_article_and_digits(struct stretch *stretch, const struct tokens *tokens, size_t at)
{
    static const char article[] = "\xd8\xa7\xd9\x84";
    bool there = tokens_is_word(tokens, at) && slice_is(tokens_text(tokens, at), article) &&
                 tokens_is_number(tokens, at + 1) && !tokens->token[at + 1].spaced;
    if (there) stretch->end = at + 2;
    return there;
}

/* A word that may stand beside the unit; false if it is none. */
static bool take_beside(struct stretch *stretch, const struct tokens *tokens, size_t at)
{
    struct word_found found;
    struct amount amount;
    size_t end;
    enum direction towards = direction_read(tokens, at, &end);
    if (towards != TOWARDS_NONE) {
        bool exact =
            (vocabulary_find(&found, tokens, at, WORD_LAST) || vocabulary_find(&found, tokens, at, WORD_NEXT) ||
             vocabulary_find(&found, tokens, at, WORD_THIS)) &&
            !found.doubtful;
        stretch->few |= !exact;
        stretch->towards = towards;
        stretch->end = end;
        return true;
    }
    if (vocabulary_find(&found, tokens, at, WORD_FEW) || vocabulary_find(&found, tokens, at, WORD_ABOUT)) {
        stretch->few = true;
        stretch->end = found.end;
        return true;
    }
    if (take_article_and_digits(stretch, tokens, at)) return stretch->few = true;
    if (stretch->counted || !numeral_read(&amount, tokens, at, false)) return false;
    stretch->counted = true;
    stretch->count = amount.best;
    stretch->end = amount.end;
    return true;
}

/* العشرة, الأربع والعشرين: a number with its article, behind the unit. */
static bool take_definite_number(struct stretch *stretch, const struct tokens *tokens, size_t at)
{
    static const char *const articles[] = {"\xd8\xa7\xd9\x84" /* ال */, "\xd9\x88\xd8\xa7\xd9\x84" /* وال */};
    static const enum word_kind kinds[] = {WORD_DIGIT, WORD_TEEN, WORD_TEN};
    struct word_found found;
    if (!tokens_is_word(tokens, at)) return false;
    size_t i = 0, k = 0;
    while (i < COUNT_OF(articles) && !slice_starts(tokens_text(tokens, at), articles[i])) i++;
    if (i == COUNT_OF(articles)) return false;
    struct clitic behind = {(uint32_t)strlen(articles[i]), false};
    while (k < COUNT_OF(kinds) && !vocabulary_find_as(&found, tokens, at, behind, kinds[k])) k++;
    if (k < COUNT_OF(kinds)) stretch->end = found.end;
    return k < COUNT_OF(kinds);
}

bool stretch_read(struct stretch *out, const struct tokens *tokens, size_t at)
{
    struct word_found found;
    *out = (struct stretch){.cue_end = at, .end = at};
    if (vocabulary_find_behind(&found, tokens, at, WORD_WITHIN)) {
        out->within = true;
        out->cue_end = out->end = found.end;
        out->cue_skip = found.clitic.skip;
    }
    for (size_t i = 0; i < VAGUE_WORDS_MOST && take_beside(out, tokens, out->end); i++) continue;
    size_t unit = out->end;
    if (!(unit == at ? vocabulary_find_behind : vocabulary_find)(&out->unit, tokens, unit, WORD_UNIT)) return false;
    out->end = out->unit.end;
    bool latin = tokens_text(tokens, unit).data[0] < 0x80, counted = out->counted;
    out->counted = true; /* a number behind the unit is none of its: عام 2011 */
    for (size_t i = 0; i < VAGUE_WORDS_MOST && !latin; i++)
        if (!take_definite_number(out, tokens, out->end) && !take_beside(out, tokens, out->end)) break;
    out->counted = counted;
    if (vocabulary_find(&found, tokens, out->end, WORD_AGO)) {
        out->ago = true;
        out->exactly_ago = found.number == 1;
        out->end = found.end;
    }
    return out->within || out->ago || out->towards != TOWARDS_NONE;
}

/* Three days ago, قبل ثلاثة أيام: a day can be told, unless it is counted from something else (من الهجوم). */
bool stretch_is_days_ago(const struct stretch *stretch, const struct tokens *tokens)
{
    static const char before[] = "\xd9\x82\xd8\xa8\xd9\x84"; /* قبل */
    bool arabic =
        stretch->within && stretch->cue_end > 0 && slice_is(tokens_text(tokens, stretch->cue_end - 1), before);
    struct word_found of;
    if (vocabulary_find(&of, tokens, stretch->end, WORD_OF)) return false;
    return stretch->unit.number == UNIT_DAY && stretch->counted && !stretch->few && stretch->count < 366 &&
           stretch->towards == TOWARDS_NONE && (stretch->exactly_ago || arabic);
}

bool stretch_is_unit(const struct stretch *stretch)
{
    return !stretch->few && !stretch->counted && !stretch->ago && stretch->towards != TOWARDS_NONE &&
           !stretch->unit.doubtful && (stretch->unit.number == UNIT_MONTH || stretch->unit.number == UNIT_YEAR);
}

bool stretch_is_month(const struct stretch *stretch)
{
    return stretch->unit.number == UNIT_MONTH;
}
