/* What the files that take words apart know of each other. For src/text alone. */
#ifndef TRUCE_TEXT_LETTERS_H
#define TRUCE_TEXT_LETTERS_H

#include "text/words.h"

/* From this value on an entry of words.known is one of those that it was told. */
#define WORDS_TOLD UINT32_C(0x80000000)

/* Does this folded word stand in the text by itself, or was it told? */
bool words_known(const struct words *words, struct slice word, uint32_t hash);

/* The letter of the text that the folded one at byte `at` was made of. */
uint32_t words_source_letter(const struct words *words, uint32_t at);

#endif
