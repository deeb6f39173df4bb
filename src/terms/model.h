/* An agreement as it was read: names resolved, times and places in numbers, every limit kept. Lives in an arena and
 * borrows its text from the records. Nothing in it depends on the log. */
#ifndef TRUCE_TERMS_MODEL_H
#define TRUCE_TERMS_MODEL_H

#include "base/time.h"
#include "geo/geo.h"
#include "record/schema.h"
#include "terms/symbols.h"
#include "terms/terms.h"

enum {
    TERMS_MOST = 256,
    TERM_NODES_MOST = 64,
    TERM_DEPTH_MOST = 8,
    READINGS_MOST = 16,
    RIVALS_MOST = 4,
    CHANNELS_MOST = 64,
    NAMES_MOST = 256, /* of one group, class or list */
    PIECES_MOST = 3660,
    PARTS_MOST = 64,
    HIDDEN_MOST = 512 /* counts without a name: behind an event's moment, a ratio, a notified exception */
};

enum verdict {
    VERDICT_PENDING,
    VERDICT_MET,
    VERDICT_BREACHED,
    VERDICT_DISPUTED,
    VERDICT_EXCUSED,
    VERDICT_NOT_OBSERVED,
    VERDICT_VOID,
    VERDICT_COUNT
};
const char *verdict_name(enum verdict verdict);

/* Whether something holds. Both hold: the lesser. One of two holds: the greater. */
enum tri { OUT, MAYBE, IN };

static inline enum tri tri_both(enum tri a, enum tri b)
{
    return a < b ? a : b;
}
static inline enum tri tri_either(enum tri a, enum tri b)
{
    return a > b ? a : b;
}
static inline enum tri tri_not(enum tri a)
{
    return a == IN ? OUT : a == OUT ? IN : MAYBE;
}
static inline enum tri tri_of(bool held)
{
    return held ? IN : OUT;
}

struct words {
    const struct slice *list;
    const symbol *symbols; /* NULL when it was read for checking alone */
    size_t count;
};
static inline bool words_have(const struct words *words, symbol name)
{
    for (size_t i = 0; i < words->count; i++)
        if (words->symbols[i] == name) return true;
    return false;
}

enum group_type {
    GROUP_NAMES,
    GROUP_ALL,
    GROUP_DESIGNATED,
    GROUP_ASSENTED,
    GROUP_ROLE,
    GROUP_NOT,
    GROUP_ANY,
    GROUP_AFFILIATE,
    GROUP_ANSWERED
};
struct group {
    enum group_type type;
    struct words names;               /* GROUP_NAMES; one for GROUP_AFFILIATE and GROUP_ANSWERED */
    enum role role;                   /* GROUP_ROLE */
    const struct group *const *parts; /* GROUP_NOT (one), GROUP_ANY */
    size_t count;
};

enum place_type { PLACE_POINT, PLACE_LINE, PLACE_POLYGON, PLACE_BUFFER, PLACE_ANY, PLACE_AREA, PLACE_SEALED };
enum place_side { SIDE_BOTH, SIDE_LEFT, SIDE_RIGHT };
struct place {
    enum place_type type;
    struct slice name; /* in the agreement's table; empty if it stands in a term */
    symbol number, area_number;
    struct slice area; /* PLACE_AREA: whichever `area` record of that name holds then */
    const struct point *points;
    size_t count;     /* of points or parts; a sealed place has its cell's centre, or none */
    int64_t reach_mm; /* radius of a point, width of a line, metres of a buffer */
    enum place_side side;
    bool moves;                       /* an area is part of it: where it lies depends on when */
    const struct place *const *parts; /* PLACE_BUFFER (one), PLACE_ANY */
};

struct class
{
    struct words names;
    bool sized;
    int64_t least_um, most_um;
};

struct zone {
    struct slice name;
    const int64_t *from, *offset_s;
    size_t count;
};

enum moment_type { MOMENT_AT, MOMENT_DONE, MOMENT_FIRST, MOMENT_LAST };
struct moment {
    enum moment_type type;
    int64_t at;
    size_t term;                       /* MOMENT_DONE; an event's is that of a floor without a name */
    struct words renew;                /* whose renewals carry it on */
    const struct moment *const *parts; /* MOMENT_FIRST, MOMENT_LAST */
    size_t count;
    int64_t plus_s, days;
    const struct zone *zone; /* in which the days are counted */
};

/* What to look for. NULL or an empty list: not asked. */
struct selector {
    struct slice kind; /* empty: what was reported or claimed */
    unsigned sort;     /* of that kind, as facts.h has them */
    struct words act, step, result, receipt;
    const struct class *weapon;
    const struct group *actor, *target, *to, *by;
    const struct place *place;
    struct slice channel;
    const struct selector *const *any;
    size_t count;
};

enum measure { MEASURE_EVENTS, MEASURE_SUM, MEASURE_MAX };
enum rule_type { RULE_CAP, RULE_FLOOR, RULE_HELD, RULE_REPLY, RULE_ALL, RULE_ANY, RULE_MAY };
enum unwatched { UNWATCHED_STOP, UNWATCHED_RESET, UNWATCHED_COUNT };
struct rule {
    enum rule_type type;
    int64_t n;
    const struct selector *of, *with; /* with: the answer that a reply waits for */
    int64_t times[2];                 /* a ratio to what `base` counts, instead of n; {0, 0}: none */
    size_t base;
    enum measure measure;
    struct slice unit; /* the kind of count lines that is summed */
    symbol unit_number;
    int64_t held_s, within_s;
    bool stated;         /* the trigger's own due time goes first */
    const size_t *terms; /* held, all, any */
    size_t count;
    enum unwatched unwatched;
    bool void_resets;
};

struct watch {
    bool log; /* the log itself shows it */
    int64_t share[2];
    int64_t grace_s;
    const struct place *const *places;
    size_t count;
};

/* What may excuse: a justification on that ground, an event that also fits, or notice given so long before. */
enum exception_type { EXCEPTION_JUSTIFIED, EXCEPTION_IF, EXCEPTION_NOTIFIED };
struct exception {
    enum exception_type type;
    struct slice ground;
    symbol ground_number;
    const struct selector *selector; /* EXCEPTION_IF */
    size_t notices;                  /* EXCEPTION_NOTIFIED: the count of them */
    int64_t lead_s;
};

/* Who decides whether an event counts, by what standard, how many of them, and how long they are answered first. */
enum standard { STANDARD_NONE, STANDARD_PLAUSIBLE, STANDARD_PROBABLE, STANDARD_HIGHLY };
struct finding_rule {
    const struct group *by; /* NULL: the readings alone decide */
    enum standard standard;
    int64_t quorum, reply_s;
};

/* What a rival text may change: all that is evaluated. */
struct wording {
    struct slice name; /* empty for the agreement's own */
    const struct group *who;
    const struct rule *rule;
    const struct moment *from, *until, *by;
    int64_t every_s;
    struct watch watch;
    const struct exception *exceptions;
    size_t exception_count;
    struct finding_rule finding;
    size_t while_term; /* SIZE_MAX: none */
    bool each;
    bool anywhere;   /* a count without a name: in no window, whatever is in force */
    bool shown_only; /* the text of a language that does not prevail: evaluated, and does not decide */
};

/* What is proposed, and to whom, when the joint verdict is one of `on`. */
struct proposal {
    unsigned on; /* bits by enum verdict */
    struct slice act;
    const struct group *ask;
    const struct json *what;
};

struct term {
    struct slice id;
    const struct json *clause, *json;
    struct slice channel, answers; /* or empty */
    const struct zone *zone;
    const struct wording *wordings; /* the first is the agreement's own */
    size_t count;
    const struct proposal *proposals;
    size_t proposal_count;
};

enum { NEED_REPORT = 1, NEED_CLAIM = 2, NEED_FOUND = 4, NEED_ADMITTED = 8 };
enum { UNLESS_NOT_FOUND = 1, UNLESS_DENY = 2 };
enum excuse { EXCUSE_NEVER, EXCUSE_CLAIMED, EXCUSE_FOUND };
struct reading {
    struct slice name;
    const struct group *trust, *links;
    unsigned need, unless;
    enum tri conflict; /* what a contradiction counts as */
    enum excuse excuse;
};

struct force {
    struct words assent;
    const struct moment *from, *until;
    const struct group *suspend, *withdraw;
};

struct channel {
    struct slice name;
    const struct group *suspend, *withdraw;
};

struct agreement {
    struct slice name;
    const struct json *record;         /* the agreement's own */
    const struct json *const *sources; /* it and its parts */
    size_t source_count;
    const struct zone *zones;
    size_t zone_count;
    const struct channel *channels;
    size_t channel_count;
    const struct reading *readings;
    size_t reading_count;
    const struct reading *decides;
    const struct term *terms;
    size_t term_count;
    const struct term *const *hidden; /* counts without a name; as terms they are numbered from TERMS_MOST */
    size_t hidden_count;
    struct force force;
};

static inline const struct term *agreement_term(const struct agreement *agreement, size_t term)
{
    return term < TERMS_MOST ? &agreement->terms[term] : agreement->hidden[term - TERMS_MOST];
}

/* Reads the tables of an agreement and of its parts. Every fault goes to `fault` (may be NULL); *faults counts them.
 * `whole` is false when parts may be missing: then an unknown name is no fault. `symbols` may be NULL: then what was
 * read can be told about, and not be evaluated. */
MUST_USE enum status agreement_read(const struct agreement **out, const struct json *const *sources, size_t count,
                                    bool whole, terms_fault *fault, void *context, size_t *faults,
                                    struct symbols *symbols, struct arena *arena, struct error *error);

/* The offset of a zone at a moment, and the local civil day (days since 1970) and its bounds. */
int64_t zone_offset(const struct zone *zone, int64_t at);
int64_t zone_day(const struct zone *zone, int64_t at);
int64_t zone_day_start(const struct zone *zone, int64_t day);
/* At the same time by the clock on the wall, so many days later. */
int64_t zone_days_later(const struct zone *zone, int64_t at, int64_t days);

#endif
