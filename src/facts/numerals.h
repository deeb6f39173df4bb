/* Numbers as news writes them: digits with their separators, words in Arabic and English, and amounts that are told as
 * about, at least, at most, between, or as dozens. */
#ifndef TRUCE_FACTS_NUMERALS_H
#define TRUCE_FACTS_NUMERALS_H

#include "facts/tokens.h"

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
