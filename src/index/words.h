/* Private to the room: which words of a record can be looked for. */
#ifndef TRUCE_INDEX_WORDS_H
#define TRUCE_INDEX_WORDS_H

#include "base/buffer.h"
#include "json/json.h"

/* All words of the body's texts, names and exact words, folded, with one space between them. */
MUST_USE enum status words_of_record(struct buffer *out, struct buffer *scratch, const struct json *body,
                                     struct error *error);

/* What a person typed as a query of FTS5: every word in quotes. STATUS_USAGE index-no-words if there is none. */
MUST_USE enum status words_of_query(struct buffer *out, struct buffer *scratch, struct slice typed,
                                    struct error *error);

#endif
