/* Places that a text names, out of a gazetteer: every candidate is offered, none is chosen. spec/intake.md has the
 * rules and the form of a gazetteer's file. */
#ifndef TRUCE_INTAKE_PLACES_H
#define TRUCE_INTAKE_PLACES_H

#include "base/arena.h"
#include "intake/tokens.h"

struct place {
    struct slice id;      /* "sy", "sy/aleppo" */
    struct slice kind;    /* country, capital, seat, city, town, village, governorate, district, region, site */
    struct slice country; /* ISO 3166-1 alpha-2, or "" */
    struct slice within;  /* the id of what it lies in, or "" */
    struct slice name_ar, name_en; /* the first name of each language, or "" */
    bool has_point;
    int32_t lat_e7, lon_e7;
};

struct gazetteer;

MUST_USE enum status gazetteer_open(struct gazetteer **out, struct error *error); /* an empty one */
void gazetteer_close(struct gazetteer **gazetteer);

/* Adds the places of one file to those that are there; `text` is copied. Refuses lexicon-place with the line, and the
 * gazetteer is then to be closed. Ids that are there already are refused too; names may be shared. */
MUST_USE enum status gazetteer_add(struct gazetteer *gazetteer, struct slice text, struct error *error);

/* lexicon/any/places.txt, read once for the process and never closed. */
MUST_USE enum status gazetteer_builtin(const struct gazetteer **out, struct error *error);

size_t gazetteer_size(const struct gazetteer *gazetteer);
const struct place *gazetteer_place(const struct gazetteer *gazetteer, size_t i); /* in the order of the files */

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
