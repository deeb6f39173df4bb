/* Numbers as news writes them: digits with their separators, words in Arabic and English, and amounts that are told as
 * about, at least, at most, between, or as dozens. */
#ifndef TRUCE_FACTS_NUMERALS_H
#define TRUCE_FACTS_NUMERALS_H

#include "facts/vocabulary.h"

/* What a numeral in words begins with, and what an amount may begin with besides. */
#define NUMERAL_KINDS                                                                                                  \
    (WORD_KIND(WORD_TEEN) | WORD_KIND(WORD_DIGIT) | WORD_KIND(WORD_TEN) | WORD_KIND(WORD_HUNDRED) |                    \
     WORD_KIND(WORD_DUAL_SCALE) | WORD_KIND(WORD_SCALE))
#define AMOUNT_KINDS                                                                                                   \
    (NUMERAL_KINDS | WORD_KIND(WORD_MANY) | WORD_KIND(WORD_ABOUT) | WORD_KIND(WORD_LEAST) | WORD_KIND(WORD_MOST) |     \
     WORD_KIND(WORD_BETWEEN))

enum { AMOUNT_UNKNOWN = -1 };

struct amount {
    int64_t low, best, high; /* AMOUNT_UNKNOWN where the text gives none */
    size_t first, skip;      /* where it begins: byte `skip` of that token, behind letters written together with it */
    size_t end;              /* the token behind it */
    bool words;              /* it is written in words, or rounded by them */
};

/* A whole number that begins at token `at`. With `behind`, letters may be written together before it. */
bool numeral_read(struct amount *out, const struct tokens *tokens, size_t at, bool behind);

/* The same with what limits it: about 20, at least 20, 10 to 20, dozens. */
bool amount_read(struct amount *out, const struct tokens *tokens, size_t at);

/* Is the number at token `at` alone: no part of a decimal, a date in digits, a time or a percentage? */
bool numeral_stands_alone(const struct tokens *tokens, size_t at);

#endif
