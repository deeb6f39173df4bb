/* One day of one term as one reading counts it: of all that it binds together, and of each. */
#ifndef TRUCE_TERMS_COMPLIANCE_H
#define TRUCE_TERMS_COMPLIANCE_H

#include "terms/trial.h"

enum { BOUND_MOST = 32, TOLD_MOST = 20 };

/* Records, the first of them in time; `count` of all. */
struct told {
    const struct entry *list[TOLD_MOST];
    size_t count;
};
/* What is said of a day. A state where the day is judged by itself; a verdict where a party is judged for itself. */
struct cell {
    bool has_state, has_verdict, is_excused;
    enum day_state state;
    enum verdict verdict;
    int64_t lo, hi;
    const struct term *term; /* of a continuity clock: which of its terms made it so, or NULL */
    struct told counted, perhaps, excused;
};
struct day_watch {
    bool asked, enough; /* asked: not where the log itself shows it, and not before the day began */
    int64_t of_s, watched_s, needed_permille;
    struct slice place;
};
struct compliance_day {
    struct cell all, party[BOUND_MOST];
    bool has_run; /* of a continuity clock: how long it had run at the day's end, surely and at most */
    int64_t sure_s, possible_s;
    struct day_watch watch;
};

/* What a reading has to tell of the days from … to, as of a moment; gathered once, asked day by day. */
struct compliance {
    const struct trial *trial;
    int64_t from, to, at;
    const symbol *bound;
    size_t bound_count;
    struct found {
        const struct match *match;
        uint8_t by[BOUND_MOST]; /* enum tri: by each of the bound */
    } * found;
    struct day *days; /* of a continuity clock */
    size_t found_count, found_room, day_count, day_room;
    bool full;
};
/* False: memory is out. Close it in every case. */
bool compliance_gather(struct compliance *out, const struct trial *trial, int64_t from, int64_t to, int64_t at,
                       const symbol *bound, size_t bound_count);
void compliance_close(struct compliance *compliance);
void compliance_tell(const struct compliance *compliance, int64_t from, int64_t to, struct compliance_day *out);

#endif
