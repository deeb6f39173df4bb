/* The log's prefix as evaluation sees it, and one agreement set against it. Nothing here depends on the as-of time:
 * what is computed for an agreement holds for every moment, and a moment is asked for last. */
#ifndef TRUCE_TERMS_WORLD_H
#define TRUCE_TERMS_WORLD_H

#include "base/table.h"
#include "record/members.h"
#include "terms/model.h"
#include "terms/reason.h"

#define NEVER INT64_MAX
#define EVER INT64_MIN

/* Fields that evaluation asks of each record again and again, found once: in the record itself, and in the `event` that
 * it tells of. NULL where it says nothing. */
enum fact { FACT_ACT, FACT_ACTOR, FACT_TARGET, FACT_WEAPON, FACT_WHERE, FACT_WHEN, FACT_COUNTS, FACT_STEP, FACTS };
struct facts {
    const struct json *own[FACTS], *told[FACTS];
};

struct entry {
    uint64_t index;
    const struct record_kind *kind;
    const struct json *body;
    struct slice by;
    struct record_id id;
    int64_t received, written; /* seconds */
    int64_t last;              /* the latest moment it speaks of */
    int64_t act_time;          /* a signed act takes effect at the later of what it states and when it was received */
    struct facts facts;
};

struct view {
    struct arena arena;
    struct members *members;
    struct effects *effects;
    struct entry *entries; /* those that evaluation reads, in the order of the log */
    size_t count, room;
    struct table by_id;
    uint64_t size;
};

bool entry_is(const struct entry *entry, const char *kind);
const struct entry *view_find(const struct view *view, struct slice hex_id); /* NULL if it is not among the entries */
const struct entry *view_head(const struct view *view, const struct entry *entry); /* what stands in its place now */
bool view_counts(const struct view *view, const struct entry *entry);
int64_t entry_time(const struct entry *entry, const char *key); /* a field of time, or NEVER */

/* ---- standing */

enum stand { STAND_NOT_BEGUN, STAND_IN_FORCE, STAND_SUSPENDED, STAND_LAPSED, STAND_WITHDRAWN };
struct stage {
    int64_t at;
    enum stand stand;
    const struct entry *const *acts; /* that make it stand so */
    size_t count;
};
struct course {
    const struct stage *stages; /* the first from EVER */
    size_t count;
    bool assented; /* only the beginning is waited for */
};
const struct stage *course_at(const struct course *course, int64_t at);
const char *stand_name(enum stand stand);

/* ---- an agreement in front of the log */

struct matter {
    const struct view *view;
    const struct agreement *agreement;
    const struct entry *record;
    struct arena *arena;
    const struct entry *const *counted; /* entries that count, in order */
    size_t counted_count;
    const struct entry *const *few; /* those of them that are no events: they are looked through often */
    size_t few_count;
    struct course whole;
    struct course *channels;   /* as in the agreement */
    struct placed *placed;     /* what was measured last, by place and where: readings ask the same (place.c) */
    size_t placed_room;        /* a power of two */
    struct account **accounts; /* one a reading, made when asked for */
    struct trial **trials;     /* one a term, reading and wording */
    bool full;                 /* memory ran out: nothing that was computed may be used */
};

/* Sets up courses. `missing` tells that a part has not arrived. */
MUST_USE enum status matter_open(struct matter *out, const struct view *view, const struct agreement *agreement,
                                 const struct entry *record, bool missing, struct arena *arena, struct error *error);
void *matter_get(struct matter *matter, size_t size); /* zeroed, or NULL and `full` */

/* The end, carried on by the renewals of all of them, of that channel or (none) the whole. */
int64_t renewed_until(struct matter *matter, struct slice channel, const struct words *parties, int64_t until);

/* Where a term with this channel (or none) stands. */
const struct course *matter_course(const struct matter *matter, struct slice channel);

enum tri group_has(const struct matter *matter, const struct group *group, struct slice name, int64_t at);
/* Does `who` answer for `other` then (or is it)? */
bool answers_for(const struct matter *matter, struct slice who, struct slice other, int64_t at);
/* Do the object's `from` and `until` hold then? */
bool holds_then(const struct json *object, int64_t at);

/* ---- places: does what lies at `where` lie in the place, then? NULL: not told. */
enum tri place_has(const struct matter *matter, const struct place *place, const struct json *where, int64_t at);
bool places_open(struct matter *matter); /* false: memory is out */
/* Is the whole place watched by a watch at `where`? */
bool place_within(const struct matter *matter, const struct place *place, const struct json *where);

/* ---- events: what was reported or claimed, and what others say of it, as one reading counts it */

enum said { SAID_ROOT, SAID_CLAIM, SAID_FINDING, SAID_RESPONSE };
struct part {
    const struct entry *entry;
    enum said said;
    bool trusted, usable;
    const struct part *next;
};
struct event {
    struct part *parts; /* roots first, each in the order of the log */
    const struct entry *first;
    int64_t from, to;
    bool timed, reported, claimed, found, admitted, not_found, denied, credible;
    struct slice ground; /* of the justification that this reading accepts as made */
    const struct entry *justified;
};
struct account {
    const struct reading *reading;
    struct event *events;
    size_t count;
};
const struct account *account_get(struct matter *matter, size_t reading);
bool event_counts(const struct reading *reading, const struct event *event);

/* How an event or act answers a selector: the least of its fields, and the field that left it in doubt. */
struct fit {
    enum tri fits;
    enum reason doubt;
};
struct fit event_fits(const struct matter *matter, const struct reading *reading, const struct selector *selector,
                      const struct group *who, const struct event *event);
struct fit act_fits(const struct matter *matter, const struct selector *selector, const struct group *who,
                    const struct entry *entry);
/* Did those who decide find it so, as the rule asks? *ripe: from when that counts. */
bool event_decided(const struct matter *matter, const struct finding_rule *rule, const struct event *event,
                   int64_t *ripe);
struct slice event_actor(const struct event *event);
/* How many of `unit`, at least and at most. */
void event_amount(const struct event *event, struct slice unit, bool largest, int64_t *lo, int64_t *hi);

/* ---- watching */

struct watching {
    int64_t needed_permille, of_s, watched_permille; /* of the place that was watched least */
    struct slice place;
    bool enough;
};
struct watcher; /* the coverage that a reading trusts, for the places of one wording */
const struct watcher *watcher_make(struct matter *matter, const struct reading *reading, const struct wording *wording);
struct watching watcher_look(const struct watcher *watcher, int64_t from, int64_t to);
typedef void gap_visit(void *context, struct slice place, int64_t from, int64_t to);
void watcher_gaps(const struct watcher *watcher, int64_t from, int64_t to, gap_visit *visit, void *context);

#endif
