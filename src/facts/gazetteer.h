/* Places and their names, out of files that people can edit. spec/facts.md has the form of a file. */
#ifndef TRUCE_FACTS_GAZETTEER_H
#define TRUCE_FACTS_GAZETTEER_H

#include "base/arena.h"
#include "facts/phrases.h"

struct place {
    struct slice id;               /* "sy", "sy/aleppo" */
    struct slice kind;             /* country, capital, seat, city, town, governorate, region, site */
    struct slice country;          /* ISO 3166-1 alpha-2, or "" */
    struct slice within;           /* the id of what it lies in, or "" */
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

/* ---- for facts/places.c alone */

/* Names that words were run together at have four letters at least: shorter ones lie within other words by chance. */
enum { NAME_JOINED_BYTES = 8, BETWEEN_LEAST_BYTES = 6, JOINED_MOST = PHRASE_BYTES };

struct name {
    uint32_t place;
    bool metonym;  /* it is the name of the capital, and this is the state */
    bool doubtful; /* it is also an ordinary word: a word such as "town" or "in" must stand before it */
    bool capitals; /* it stands in capital letters throughout */
};

struct gazetteer {
    struct arena texts;
    struct buffer places, names;
    struct table ids;
    struct phrases phrases, together; /* the second without blanks */
    struct phrases between;           /* words that names are run together with */
    struct sieve starts;              /* the first NAME_JOINED_BYTES of each of the second */
    struct sieve between_starts;      /* the first BETWEEN_LEAST_BYTES of each of those words */
};

const struct name *gazetteer_name(const struct gazetteer *gazetteer, uint32_t i);

/* Is every letter Latin? Has it a small one? */
bool name_is_latin(struct slice text);
bool name_has_small_letter(struct slice text);

#endif
