/* The words of dates and counts, out of lexicon/ar and lexicon/en, each with its kind and number. Both languages are
 * always known: they share no letters, and a text may quote the other. Built once; read-only. */
#ifndef TRUCE_FACTS_VOCABULARY_H
#define TRUCE_FACTS_VOCABULARY_H

#include "facts/tokens.h"

enum word_kind { /* the names in the files are in vocabulary.c; what `number` means stands in lexicon/README.md */
                 WORD_MONTH,
                 WORD_HIJRI,
                 WORD_WEEKDAY,
                 WORD_ORDINAL,
                 WORD_RELATIVE,
                 WORD_LAST,
                 WORD_THIS,
                 WORD_NEXT,
                 WORD_FEW,
                 WORD_UNIT,
                 WORD_AGO,
                 WORD_WITHIN,
                 WORD_VAGUE,
                 WORD_ERA,
                 WORD_ERA_HIJRI,
                 WORD_YEAR_CUE,
                 WORD_MONTH_CUE,
                 WORD_DAY_CUE,
                 WORD_OF,
                 WORD_TO,
                 WORD_DIGIT,
                 WORD_TEEN,
                 WORD_TEN,
                 WORD_HUNDRED,
                 WORD_SCALE,
                 WORD_DUAL_SCALE,
                 WORD_AND,
                 WORD_MANY,
                 WORD_ABOUT,
                 WORD_LEAST,
                 WORD_MOST,
                 WORD_BETWEEN,
                 WORD_PERSON,
                 WORD_PERSON_PAIR,
                 WORD_HARM,
                 WORD_HARM_ONE,
                 WORD_HARM_PAIR,
                 WORD_HARM_BEFORE,
                 WORD_HARM_AFTER,
                 WORD_LIGHT,
                 WORD_THING,
                 WORD_PLACE_CUE,
                 WORD_KINDS
};

struct word_found {
    int64_t number;
    bool doubtful; /* it is also an ordinary word, or not exactly one unit: lexicon/README.md */
    size_t end;    /* the token behind it */
    struct clitic clitic;
};

/* Looks up every word of the text once. To be done before any of the questions below is asked. */
void vocabulary_look_up(struct tokens *tokens);

typedef uint64_t word_kinds;
#define WORD_KIND(kind) (UINT64_C(1) << (kind))
_Static_assert(WORD_KINDS <= 64, "a bit for each kind");

/* May a phrase of one of those kinds begin at token `at`, with letters before it or without? If not, none does; most
 * words of a text are asked no further. */
static inline bool vocabulary_may_begin(const struct tokens *tokens, size_t at, word_kinds kinds)
{
    const struct token *token = &tokens->token[at];
    return ((tokens->begins[token->word] | tokens->begins[token->behind]) & kinds) != 0;
}

/* The longest phrase of that kind that begins at token `at`, read as `clitic` says. */
bool vocabulary_find_as(struct word_found *out, const struct tokens *tokens, size_t at, struct clitic clitic,
                        enum word_kind kind);
/* The same, read as it stands. */
bool vocabulary_find_whole(struct word_found *out, const struct tokens *tokens, size_t at, enum word_kind kind);
static inline bool vocabulary_find(struct word_found *out, const struct tokens *tokens, size_t at, enum word_kind kind)
{
    if (at >= tokens->count || (tokens->begins[tokens->token[at].word] & WORD_KIND(kind)) == 0) return false;
    return vocabulary_find_whole(out, tokens, at, kind);
}
/* The same, with the letters before it that Arabic writes together with it (or without). */
bool vocabulary_find_any(struct word_found *out, const struct tokens *tokens, size_t at, enum word_kind kind);
static inline bool vocabulary_find_behind(struct word_found *out, const struct tokens *tokens, size_t at,
                                          enum word_kind kind)
{
    if (at >= tokens->count || !vocabulary_may_begin(tokens, at, WORD_KIND(kind))) return false;
    return vocabulary_find_any(out, tokens, at, kind);
}

#endif
