/* What was looked for, marked in the text where it stands: each word or phrase of a search by the rules of
 * spec/text.md.
 */
#ifndef TRUCE_PAGE_FOUND_H
#define TRUCE_PAGE_FOUND_H

#include "page/sheet.h"
#include "text/seek.h"

enum { FOUND_WORDS_MOST = 16 };

struct found {
    struct seek seek[FOUND_WORDS_MOST];
    size_t count;
    struct words words;
};

/* `asked` is what was typed, or NULL: then nothing is marked. Words in quotation marks are one phrase. */
void found_open(struct found *found, const char *asked);
void found_clear(struct found *found); /* works with OWN() */

/* The text, isolated, with what was found in <mark>. */
void found_put(struct found *found, struct sheet *sheet, struct slice text);

#endif
