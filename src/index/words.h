/* Private to the room: which words of a record can be looked for, and what somebody looks for. */
#ifndef TRUCE_INDEX_WORDS_H
#define TRUCE_INDEX_WORDS_H

#include "json/json.h"
#include "text/seek.h"

/* Calls for every text of a record that words are found in; setting `more` to false ends the walk. */
typedef enum status words_visit(void *context, struct slice text, bool *more, struct error *error);
MUST_USE enum status words_texts(const struct json *body, words_visit *visit, void *context, struct error *error);

/* `scratch` is memory that is kept between records. Appends all terms that the body's texts, names and exact words are
 * found by, with one space between them. */
MUST_USE enum status words_of_record(struct buffer *out, struct words *scratch, const struct json *body,
                                     struct error *error);

/* What a person typed. Words stand anywhere, words in quotation marks together. */
struct asked {
    struct buffer match; /* a query of FTS5 that finds all records in which it may stand */
    struct seek *phrase; /* what must besides be looked for in each of those */
    size_t phrases;
};
void asked_clear(struct asked *asked); /* works with OWN() */

/* STATUS_USAGE index-no-words if there is no word in it, index-words-many if there are too many. */
MUST_USE enum status asked_read(struct asked *out, struct slice typed, struct error *error);

/* Does a text of the record hold each of the phrases? */
MUST_USE enum status asked_holds(const struct asked *asked, struct words *scratch, const struct json *body, bool *holds,
                                 struct error *error);

#endif
