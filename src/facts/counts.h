/* How many people a text says were killed, injured, displaced …: numbers in digits and words, in Arabic and English.
 * spec/facts.md has the rules. Nothing is added up, and two counts of one event stay two. */
#ifndef TRUCE_FACTS_COUNTS_H
#define TRUCE_FACTS_COUNTS_H

#include "base/arena.h"
#include "facts/tokens.h"

enum count_of {               /* in the order of the names in vocabulary.c */
                COUNT_PEOPLE, /* people, and nothing beside them says what was done to them */
                COUNT_KILLED,
                COUNT_INJURED,
                COUNT_MISSING,
                COUNT_DISPLACED,
                COUNT_DETAINED,
                COUNT_ABDUCTED
};

struct found_count {
    size_t start, end;         /* bytes of the source: the number with what limits it and who is counted */
    size_t cue_start, cue_end; /* the word that says what was done; both 0 if it lies within, or there is none */
    int64_t low, best, high;   /* -1 where the text gives none: "at least 10" has low alone, "dozens" low 20 */
    enum count_of of;
};

struct count_list {
    const struct found_count *count; /* in the arena, in order of the text */
    size_t size;
};

MUST_USE enum status counts_find(struct count_list *out, const struct tokens *tokens, struct arena *arena,
                                 struct error *error);

const char *count_of_name(enum count_of of); /* people, killed, injured … */

#endif
