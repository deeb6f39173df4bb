/* Records made up for measuring: seeded, so that the same seed gives the same bytes everywhere; spread over places,
 * days and groups as the events of the UCDP dataset are (shares.h); in Arabic and English, about 1 KiB of signed text
 * each. They tell of nothing that happened. */
#ifndef TRUCE_BENCH_MADE_H
#define TRUCE_BENCH_MADE_H

#include "base/buffer.h"

struct made;

struct made_options {
    uint64_t seed;
    uint64_t total;           /* over so many notes the days are spread, in the order of time */
    int64_t from_day, to_day; /* days since 1970, both in it; 0, 0: all that the dataset has, 2016 to 2019 */
};
MUST_USE enum status made_open(struct made **out, const struct made_options *options, struct error *error);
void made_close(struct made **made);

enum { FOUNDING = 10 }; /* entries before the made ones */
/* A register for them: the directory is made, with log key, genesis and members that follow from the seed. */
MUST_USE enum status made_found(struct made *made, const char *directory, struct error *error);
/* Or one that is there: a loaded case, whose members' keys lie in DIRECTORY/keys. */
MUST_USE enum status made_join(struct made *made, const char *directory, struct error *error);

/* Signed notes, one behind the other in `bytes`. */
struct notes {
    struct buffer bytes;
    struct buffer ends; /* of uint64_t: where each ends in `bytes` */
    size_t count;
};
void notes_clear(struct notes *notes);
struct slice notes_at(const struct notes *notes, size_t i);
struct slice notes_part(const struct notes *notes, size_t from, size_t count);

/* The next `count` notes, appended; signed on all cores. Found or join first. */
MUST_USE enum status made_notes(struct made *made, size_t count, struct notes *out, struct error *error);

#endif
