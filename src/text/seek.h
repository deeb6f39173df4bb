/* Where a text says what is looked for: all places, as bytes of the text itself. A query is a phrase: its words stand
 * together in this order, each by any of its forms (words.h), however they are spaced. */
#ifndef TRUCE_TEXT_SEEK_H
#define TRUCE_TEXT_SEEK_H

#include "text/words.h"

struct seek {
    struct words words; /* of the query */
    struct buffer typed, parts;
    size_t count; /* words it has */
};
void seek_clear(struct seek *seek); /* works with OWN() */

/* Refuses text-no-words (STATUS_USAGE) where there is none, text-query-long (STATUS_USAGE), and what text_fold refuses.
 */
MUST_USE enum status seek_compile(struct seek *seek, struct slice query, struct error *error);

/* A place: bytes of the text, from … to, on its UTF-8 boundaries. A status other than STATUS_DONE ends the search. */
typedef enum status seek_visit(void *context, size_t from, size_t to, struct error *error);

/* Takes the text apart into `words` and gives every place, in order, none inside another. Linear in the text. */
MUST_USE enum status seek_all(const struct seek *seek, struct words *words, struct slice text, seek_visit *visit,
                              void *context, struct error *error);
/* Is there one? */
MUST_USE enum status seek_any(const struct seek *seek, struct words *words, struct slice text, bool *found,
                              struct error *error);

#endif
