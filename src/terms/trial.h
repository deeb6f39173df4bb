/* One term, in one wording, as one reading counts it: everything that does not depend on the as-of time is kept up as
 * records come; then a moment is asked for. */
#ifndef TRUCE_TERMS_TRIAL_H
#define TRUCE_TERMS_TRIAL_H

#include "terms/shelf.h"

enum { BECAUSE_MOST = 48 };

struct ruling {
    enum verdict verdict;
    enum reason reason;
    int64_t since;            /* when it came about, or EVER */
    int64_t lo, hi;           /* what was counted */
    int64_t need_lo, need_hi; /* of a floor: how many are needed */
    const struct entry *because[BECAUSE_MOST];
    size_t because_count;
};
void ruling_because(struct ruling *ruling, const struct entry *entry); /* in order, once, as many as fit */

/* A stretch of the window that is in force. */
struct segment {
    int64_t from, to; /* to is not in it; NEVER if open */
};
/* A local day of it, or what is left of one. */
struct piece {
    int64_t from, to;
    uint64_t dark; /* bit i: not enough watching for the i-th watcher */
};

struct reply {
    const struct entry *trigger, *answer;
    symbol to;
    int64_t start, due, answered; /* NEVER: not at all */
    bool sure;
};

/* What was ruled last: terms made of others ask again. */
struct ruled {
    uint64_t version;
    int64_t at;
    struct ruling ruling;
    uint64_t fast_version; /* the verdict alone, of terms made of others */
    int64_t fast_at;
    enum verdict fast;
    uint64_t walk; /* the last that came by */
};
struct settled_day; /* rule_held.c */

struct trial {
    struct matter *matter;
    const struct term *term;
    const struct wording *wording;
    const struct reading *reading;
    size_t reading_index;
    bool own_right;           /* as if it stood under no other term */
    bool excuses;             /* a count of notices: what comes late may excuse what was heard */
    struct trial **listeners; /* continuity clocks that count its days */
    size_t listener_count;

    /* what answers, as it was heard */
    struct shelf *shelf, kept; /* shelf: the kept one, or that of the same term in its own right */
    struct reply *replies;
    size_t reply_count, reply_room;
    bool replies_stale;

    /* what follows from it, as of this version of the matter */
    uint64_t version, shelf_seen, watch_seen;
    uint64_t changed; /* the version of the matter in which anything that it rests on last did */
    bool replies_new;
    int64_t cut_to;      /* as far as its days are cut */
    int64_t unjudged_at; /* from when there are more days than are judged; NEVER */
    bool begins, ends;   /* from, and by or until, are determined (or not asked for) */
    int64_t from, to;
    int64_t freed, freed_perhaps; /* the term that it stands under was broken then: it binds no longer; NEVER */
    const struct trial *under;    /* that term, in its own right, or NULL */
    const struct trial *base;     /* what a ratio is to, or NULL */
    const struct course *course;
    struct watchers watch;
    struct segment *segments;
    size_t segment_count;
    struct piece *pieces;
    size_t piece_count, piece_room;
    const struct trial **parts; /* of held, all, any: the same reading */

    /* A cap goes one way only: the moments from which it holds at least, or perhaps, too many, an exception, a day
     * judged and a dark day. NEVER: not at all. */
    int64_t lo_at, hi_at, excused_at, judged_at, dark_at;
    struct settled_day *days; /* of a continuity clock, as the pieces */
    struct ruled *ruled;
};

bool trials_open(struct matter *matter);
void trials_close(struct matter *matter);

/* ---- hearing */
bool trial_asks_of_events(const struct trial *trial);
/* Can one record that tells of that act alone answer it? */
bool trial_may_ask(const struct trial *trial, symbol act);
/* `heard`: how the same record alone fitted the same term before another reading, to which it is the same; or NULL. */
struct heard_fit {
    bool known;
    struct fit fit;
};
void trial_hear_event(struct trial *trial, const struct event *event, struct heard_fit *heard);
void trial_forget(struct trial *trial, int64_t from, const struct entry *entry);
/* A signed act came to count, or ceased to. */
void trials_hear_act(struct matter *matter, const struct entry *entry);
void trials_hear_acts(struct matter *matter); /* all that are there */

/* The event that a match is of; NULL: an act. */
const struct event *match_of(const struct trial *trial, const struct match *match, struct lone *lone);
const struct entry *match_excusing(const struct trial *trial, const struct match *match); /* or NULL */
/* As it would be heard; false if it does not answer at all. */
bool trial_match(const struct trial *trial, const struct event *event, struct heard_fit *heard, struct match *out);

/* ---- asking */

/* NULL when memory is out (matter->full). `own_right`: as if it stood under no other term. */
const struct trial *trial_get(struct matter *matter, size_t term, size_t reading, size_t wording);
/* The same term and reading, in another of its texts. */
const struct trial *trial_sibling(const struct trial *trial, size_t wording);
const struct trial *trial_get_own(struct matter *matter, size_t term, size_t reading);

/* The verdict at a moment while in force; and with `void` laid over it. */
struct ruling trial_rule(const struct trial *trial, int64_t at);
/* The verdict of trial_rule alone, found faster: clocks ask it at many moments. */
enum verdict trial_verdict(const struct trial *trial, int64_t at);
enum verdict trial_stand_verdict(const struct trial *trial, int64_t at);
struct ruling trial_stand(const struct trial *trial, int64_t at, bool *was_known, struct ruling *was);

/* When it was completed, or NEVER: what `done` means. */
int64_t trial_done(const struct trial *trial);
/* From when a cap or floor is broken, surely and perhaps; NEVER. */
void trial_broken(const struct trial *trial, int64_t *surely, int64_t *perhaps);

/* Where a match lies in the window up to `at`. */
enum tri match_time(const struct trial *trial, const struct match *match, int64_t at);
/* `at`: as of when; it does not count yet while the accused may answer. */
void match_count(const struct trial *trial, const struct match *match, enum tri time, int64_t at, int64_t *lo,
                 int64_t *hi);

/* Of those in `who`, by this one (0: by any)? An act is its author's. */
enum tri match_done_by(const struct trial *trial, const struct match *match, symbol name);
/* What a floor with `each`, or a rule of replies, is for one of those that it binds; while in force. */
enum verdict floor_verdict_of(const struct trial *trial, symbol name, int64_t at);
enum verdict reply_verdict_of(const struct trial *trial, symbol name, int64_t at);

struct ruling rule_cap(const struct trial *trial, int64_t at);
struct ruling rule_floor(const struct trial *trial, int64_t at);
struct ruling rule_held(const struct trial *trial, int64_t at);
struct ruling rule_reply(const struct trial *trial, int64_t at);
struct ruling rule_terms(const struct trial *trial, int64_t at);
struct ruling rule_may(const struct trial *trial, int64_t at);
void cap_thresholds(struct trial *trial);
enum verdict cap_verdict(const struct trial *trial, int64_t at);
enum verdict floor_verdict(const struct trial *trial, int64_t at);
enum verdict held_verdict(const struct trial *trial, int64_t at);
enum verdict terms_verdict(const struct trial *trial, int64_t at);
/* The days that a match lies in may have changed; or (SIZE_MAX) those from the first on. */
void held_unsettle(struct trial *trial, int64_t from, int64_t to);
bool held_room(struct trial *trial, size_t kept); /* as many days as pieces; the first `kept` stay */
/* When it is reached, of each name that owes it, in the whole window or its first period. */
struct moments;
void floor_moments(const struct trial *trial, int64_t after,
                   void (*put)(struct moments *moments, int64_t at, int64_t after), struct moments *moments);
int64_t floor_done(const struct trial *trial);
void floor_broken(const struct trial *trial, int64_t *surely, int64_t *perhaps);
/* After the last that it counts, is measured to or is watched, or after `at`, one period is as the other. */
int64_t floor_last(const struct trial *trial, int64_t at);
int64_t held_done(const struct trial *trial);
void replies_find(struct trial *trial);
void replies_hear(struct trial *trial, const struct entry *entry);
/* Was it asked in the window, while in force? */
bool reply_bound(const struct trial *trial, const struct reply *reply);

/* ---- the continuity clock, day by day */

enum day_state { DAY_MET, DAY_BREACHED, DAY_UNWATCHED, DAY_DOUBTED, DAY_EXCUSED, DAY_RUNNING };
struct day {
    int64_t from, to;
    enum day_state state;
    int64_t sure_s, possible_s; /* the runs at its end */
    const struct entry *by[4];  /* what broke it or leaves it in doubt */
    size_t by_count;
    const struct term *term; /* which of the terms */
};
typedef void day_visit(void *context, const struct day *day);
struct run {
    int64_t sure_s, possible_s, longest_s; /* at the moment; the longest sure run so far */
    int64_t sure_done, possible_done;      /* or NEVER */
    int64_t reset_at;                      /* of the last breach, or EVER */
    const struct entry *reset_by;
};
struct run held_run(const struct trial *trial, int64_t at, day_visit *visit, void *context);
const char *day_name(enum day_state state);

/* ---- the candidates for a clock: every moment after `after` at which the verdict can change with the same records */
struct moments {
    int64_t *list;
    size_t count, room;
    uint64_t cost; /* at most so many matches and days are looked at to judge one of them */
};
void trial_moments(const struct trial *trial, int64_t after, struct moments *moments);

#endif
