/* How much of what answers a rule lies in a period, at least and at most: by the sums of whole blocks where they can be
 * used, else one by one. */
#ifndef TRUCE_TERMS_TALLY_H
#define TRUCE_TERMS_TALLY_H

#include "terms/trial.h"

struct period {
    int64_t from, to; /* to is not in it */
    bool by_end;      /* what ended in it lies in it, whenever it began */
};
struct tally {
    int64_t lo, hi;
    bool excused;
    int64_t since, until; /* the moments between which it is the same, with the same records; until is not in it */
};

/* Does it lie in the period, wherever that lies; and in the window too, as of `at`? */
enum tri period_has(struct period period, const struct match *match);
enum tri match_within(const struct trial *trial, const struct match *match, struct period period, int64_t at);

static inline void tally_turns(struct tally *tally, int64_t turn, int64_t at)
{
    if (turn <= at && turn > tally->since) tally->since = turn;
    if (turn > at && turn < tally->until) tally->until = turn;
}
void tally_one(const struct trial *trial, const struct match *match, struct period period, int64_t at,
               struct tally *tally);
struct tally tally_of(const struct trial *trial, struct period period, int64_t at);

#endif
