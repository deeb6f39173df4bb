/* Values taken out of a record before it is signed, and the coarser account that stays: a place leaves its cell, a time
 * its whole days. spec/sealed.md has the rules. */
#ifndef TRUCE_RECORD_COARSE_H
#define TRUCE_RECORD_COARSE_H

#include "base/limits.h"
#include "record/schema.h"

/* One value at one level of disclosure. */
struct taken {
    struct slice pointer;
    const char *level;
    const struct json *value;
    unsigned request; /* what it was taken for: the caller's number */
};
struct taking {
    const struct record_kind *kind;
    const struct json *whole; /* as it was */
    struct json *left;        /* what stays */
    struct arena *arena;
    struct taken taken[LIMIT_SEALED];
    size_t count;
};

/* `whole` is a complete record in canonical form; everything lives in the arena. */
MUST_USE enum status taking_begin(struct taking *out, const struct record_kind *kind, const struct json *whole,
                                  struct arena *arena, struct error *error);

/* Takes what stands at the pointer: a field that may be sealed; a whole place or time gives its parts. Level 1km or
 * 10km gives the cell's centre of a point, and takes nothing else. *found: something stood there to be taken. What was
 * taken at that level before is taken once. seal-level, seal-many. */
MUST_USE enum status taking_take(struct taking *taking, struct slice pointer, const char *level, unsigned request,
                                 bool *found, struct error *error);

/* A member of the record itself among what stays; the value is the taking's from here on. */
MUST_USE enum status taking_put(struct taking *taking, const char *key, const struct json *value, struct error *error);

const char *level_find(struct slice word); /* "exact", "1km", "10km" or "hash"; NULL */
bool level_is_cell(const char *level);

#endif
