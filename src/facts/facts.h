/* All that is found in one text, together, and as members of an answer. */
#ifndef TRUCE_FACTS_FACTS_H
#define TRUCE_FACTS_FACTS_H

#include "base/arena.h"
#include "json/write.h"
#include "text/fold.h"

struct facts;

/* `folded` and `map` are what text_fold made of `source`. `day`: the text's own day in days since 1970-01-01, or NULL
 * if it is not known. All live in the arena; the gazetteer is the built-in one. */
MUST_USE enum status facts_find(struct facts **out, struct slice source, struct slice folded,
                                const struct fold_map *map, const int64_t *day, struct arena *arena,
                                struct error *error);

enum fact_sort { FACT_COUNTS, FACT_DATES, FACT_PLACES, FACT_SORTS }; /* in the order of their members' keys */
extern const char *const fact_names[FACT_SORTS];                     /* "counts", "dates", "places" */

/* The member of one sort: its key and an array of findings, in the order of the text. */
void facts_put(struct json_writer *writer, const struct facts *facts, enum fact_sort sort);
/* The member of one sort for a part of the text: the key and the positions in that array of what begins from `start` on
 * and before `end`; nothing at all if there is none. */
void facts_put_within(struct json_writer *writer, const struct facts *facts, enum fact_sort sort, size_t start,
                      size_t end);

/* Ids of the states that are named between `start` and `end`, by their own names or their capitals', each once; at most
 * `most`, how many. They live with the gazetteer. */
size_t facts_states(const struct facts *facts, size_t start, size_t end, struct slice *out, size_t most);

#endif
