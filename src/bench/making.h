/* The inside of made: what its files share. */
#ifndef TRUCE_BENCH_MAKING_H
#define TRUCE_BENCH_MAKING_H

#include "base/arena.h"
#include "bench/made.h"
#include "crypto/note.h"
#include "json/write.h"
#include "record/record.h"

/* ---- chance: SplitMix64, integers alone, so that every machine makes the same */

struct chance {
    uint64_t state;
};
uint64_t chance_next(struct chance *chance);
uint64_t chance_below(struct chance *chance, uint64_t most);
bool chance_permille(struct chance *chance, unsigned permille);
/* A place in the list, by its weights. */
size_t chance_pick(struct chance *chance, const uint16_t *weights, size_t count);

/* ---- places: as many as the dataset has, spread over its cells, with names of its manner */

struct made_place {
    int32_t lat_e7, lon_e7;
    const char *english, *arabic;
};
struct made_places {
    struct made_place *place;
    size_t count, first[246]; /* first[i] … first[i + 1]: those of cell i */
    uint32_t *until;          /* weights within a cell, summed up */
};
MUST_USE enum status places_make(struct made_places *out, struct chance chance, struct arena *arena,
                                 struct error *error);
const struct made_place *places_pick(const struct made_places *places, struct chance *chance);

/* ---- words */

enum topic { TOPIC_REPORT, TOPIC_CLAIM, TOPIC_RESPONSE, TOPIC_COVERAGE, TOPIC_NOTICE, TOPIC_RECEIPT, TOPIC_QUESTION };
struct telling {
    const struct made_place *place, *other;
    int64_t at; /* seconds */
    unsigned dyad, number;
};
/* Some sentences in both languages. */
void words_make(struct buffer *english, struct buffer *arabic, enum topic topic, const struct telling *telling,
                struct chance *chance);

/* ---- who speaks */

enum { CAST = FOUNDING, RECENT = 64 }; /* each of the cast has a founding record */
/* Each of the cast, and who plays it in the worked case. */
struct made_role {
    const char *name, *in_case;
    enum role role;
};
extern const struct made_role made_cast[CAST];
extern const char made_origin[];

struct made_author {
    const char *name;
    struct signer signer;
    int64_t seq;
    struct record_id prev;
};

/* What a later record can be about. */
struct made_earlier {
    struct record_id id;
    const struct made_place *place;
    size_t by, to; /* of the cast */
    int64_t from, to_time;
    unsigned dyad, violence;
};
struct ring {
    struct made_earlier at[RECENT];
    uint64_t put, taken;
};

/* What the dataset calls an event: a group of them shares place, day and dyad. */
struct made_event {
    const struct made_place *place;
    int64_t day;
    unsigned dyad, left;
};

struct made {
    struct made_options options;
    struct chance chance;
    struct arena arena;
    struct made_places places;
    struct made_author cast[CAST];
    struct signer log_key;
    char register_name[LIMIT_ORIGIN_BYTES + 18];
    uint64_t made;       /* notes so far */
    uint64_t *day_until; /* weights of the days, summed up */
    int64_t first_day;
    size_t days;
    struct made_event event;
    struct ring reports, claims, notices, questions;
    struct buffer english, arabic; /* kept between records */
};

/* A key that follows from the seed, for one use ("key", "log", "recovery"). */
MUST_USE enum status made_signer(const struct made *made, const char *what, const char *name, struct signer *out,
                                 struct error *error);
/* Appends the note of a text. */
MUST_USE enum status notes_sign(struct notes *out, struct slice text, const struct signer *signer, struct error *error);

/* The next record's text (the canonical line), appended, and whose it is. */
void record_make(struct made *made, struct buffer *text, size_t *author);

#endif
