/* Places that a text names, out of a gazetteer: every candidate is offered, none is chosen. spec/facts.md has the
 * rules and the form of a gazetteer's file. */
#ifndef TRUCE_FACTS_PLACES_H
#define TRUCE_FACTS_PLACES_H

#include "facts/gazetteer.h"

struct place_candidate {
    const struct place *place; /* lives with the gazetteer */
    bool metonym;              /* a capital is named: this is its state */
    bool ordinary;             /* the name is also an ordinary word: it may name no place at all */
};

struct found_place {
    size_t start, end; /* bytes of the source, without letters that are written together before the name */
    const struct place_candidate *candidate;
    size_t candidates; /* at least 1 */
    bool joined;       /* the name was run together with another word */
};

struct place_list {
    const struct found_place *place; /* in the arena, in order of the text, none within another */
    size_t size;
};

/* The gazetteer must outlive *out. It may be used by many threads, but not while something is added to it. */
MUST_USE enum status places_find(struct place_list *out, const struct tokens *tokens, const struct gazetteer *gazetteer,
                                 struct arena *arena, struct error *error);

#endif
