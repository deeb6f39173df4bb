/* One agreement set against the facts: where it stands, who belongs to what, where places lie, what happened as each
 * reading counts it, and who was watching. Nothing here depends on the as-of time: what is computed holds for every
 * moment, and a moment is asked for last. */
#ifndef TRUCE_TERMS_WORLD_H
#define TRUCE_TERMS_WORLD_H

#include "terms/facts.h"
#include "terms/model.h"
#include "terms/reason.h"

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

/* What the secretariat said of a group: listed or not, or whose affiliate it is. */
struct listing {
    symbol group, affiliate_of;
    bool designates, is_in;
    int64_t from, until;
};
struct answering {
    symbol who, other;
    int64_t from, until;
};
struct assenting {
    symbol who;
    int64_t from, until; /* until it withdrew with the right to, or NEVER */
};
struct drawn {
    symbol area;
    struct place shape;
    struct ground where;
    int64_t from, until;
    bool agreed; /* by the secretariat: a party cannot move a line by drawing it */
};

/* What governs others: when one of these comes or goes, the agreement is heard anew. */
struct governing {
    struct entries standings, approvals;
    struct listing *listings;
    struct answering *answers;
    struct drawn *areas;
    struct assenting *assents;
    int64_t *turns; /* rising: the moments at which any of these begins or ends */
    size_t listing_count, answer_count, area_count, assent_count, turn_count;
};

struct matter {
    struct view *view;
    const struct agreement *agreement;
    const struct entry *record;
    struct arena *arena;
    struct governing governing;
    struct entries watches; /* coverage and restrictions */
    struct entries acts;    /* signed acts that may be asked for, in the order of the log */
    struct course whole;
    struct course *channels; /* as in the agreement */
    struct placed *placed;   /* what was measured last (place.c) */
    struct account *accounts;
    struct heard_fit *heard; /* of one record: a slot for each term that may ask of it */
    struct trial **trials;   /* one a term, reading and wording; twice, if others stand under it */
    size_t trial_count;
    struct trial **act_trials; /* those that hear of signed acts */
    size_t act_trial_count;
    struct watcher *watchers;
    struct post *posts;
    uint64_t walk;    /* of those through terms that are made of others */
    uint64_t version; /* grows with every change that was heard */
    bool full;        /* memory ran out: nothing that was computed may be used */
    bool unsettled;   /* what came changes what was heard before: the agreement must be heard anew */
};

void *matter_get(struct matter *matter, size_t size); /* zeroed, or NULL and `full` */

/* standing.c: from what governs; `missing` tells that a part has not arrived. */
bool courses_find(struct matter *matter, bool missing);
/* Has its author the right to what it does? Only suspending and withdrawing take one. */
bool act_has_right(const struct matter *matter, const struct entry *act);
/* group.c */
bool governing_find(struct matter *matter);

/* The end, carried on by the renewals of all of them, of that channel or (none) the whole. */
int64_t renewed_until(const struct matter *matter, struct slice channel, const struct words *parties, int64_t until);

/* Where a term with this channel (or none) stands. */
const struct course *matter_course(const struct matter *matter, struct slice channel);

enum tri group_has(const struct matter *matter, const struct group *group, symbol name, int64_t at);
/* At some time from `from` to `to`: who belongs to it only for a part of that perhaps does. */
enum tri group_has_during(const struct matter *matter, const struct group *group, symbol name, int64_t from,
                          int64_t to);
/* The first change of what governs that comes later; NEVER. */
int64_t governing_turn(const struct matter *matter, int64_t after);
/* Does `who` answer for `other` then (or is it)? */
bool answers_for(const struct matter *matter, symbol who, symbol other, int64_t at);

/* ---- places: does what lies there lie in the place, at some time from `from` to `to`? */
enum tri place_has(const struct matter *matter, const struct place *place, const struct ground *where, int64_t from,
                   int64_t to);
bool places_open(struct matter *matter); /* false: memory is out */
/* What lies there as a disc around it, by the agreement's places and areas; false: nobody said where that is. */
bool place_disc(const struct matter *matter, const struct ground *where, struct disc *out);
/* Is the whole place watched by a watch at `where`? */
bool place_within(const struct matter *matter, const struct place *place, const struct json *where);
/* The area that a record draws, as a place. */
bool place_drawn(struct matter *matter, struct place *out, const struct json *where);

/* ---- events: what was reported or claimed, and what others say of it, as one reading counts it */

enum said { SAID_ROOT, SAID_CLAIM, SAID_FINDING, SAID_RESPONSE };
struct part {
    const struct entry *entry;
    enum said said;
    bool trusted, usable;
};
struct event {
    struct part *parts; /* roots first, each in the order of the log */
    size_t part_count;
    const struct entry *first;
    int64_t from, to; /* from TIME_LEAST: nobody tells when */
    bool reported, claimed, found, admitted, not_found, denied, credible;
    bool borne_out; /* found or admitted as it was reported, and not only in what a finding or admission states */
    bool hearsay;   /* the reading uses nothing of it: it is judged as it is told */
};
/* An event of one record alone takes no memory of its own. */
struct lone {
    struct event event;
    struct part part;
};
/* What several records tell, for one reading. */
struct account {
    const struct reading *reading;
    struct event **several; /* by the number of its first record; `merged` for the others that tell events */
    size_t room;
    struct trial **trials; /* of this reading, those that hear of events */
    size_t trial_count;
    struct trial ***by_act; /* of one record alone: those that ask for its act, by symbol */
    size_t *by_act_count;
    size_t act_room;
};
/* The event that this record is alone. */
const struct event *event_lone(const struct matter *matter, const struct reading *reading, const struct entry *entry,
                               struct lone *out);
/* The event whose first record this is: kept, or put together in *lone. */
const struct event *event_of(const struct matter *matter, size_t reading, const struct entry *first, struct lone *lone);
bool event_counts(const struct reading *reading, const struct event *event);
/* The first justification on this ground that the reading accepts, or NULL. */
const struct entry *event_justified(const struct matter *matter, const struct reading *reading,
                                    const struct event *event, symbol ground);

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
/* Is it attributed to this one? */
enum tri event_done_by(const struct matter *matter, const struct reading *reading, const struct event *event,
                       symbol name);
symbol event_actor(const struct event *event);
/* How many of `unit`, at least and at most. */
void event_amount(const struct event *event, symbol unit, bool largest, int64_t *lo, int64_t *hi);

/* ---- watching */

struct watching {
    int64_t needed_permille, of_s, watched_permille, watched_s; /* of the place that was watched least */
    struct slice place;
    bool enough;
};
struct watcher; /* what a reading trusts to have watched one place */
struct watchers {
    const struct watch *watch;
    struct watcher **of; /* one a place of the watch */
};
bool watchers_find(struct matter *matter, const struct reading *reading, const struct wording *wording,
                   struct watchers *out);
void watchers_close(struct matter *matter);
void watchers_changed(struct matter *matter, const struct entry *entry); /* coverage or a restriction came or went */
uint64_t watchers_version(const struct watchers *watchers);
struct watching watchers_look(const struct watchers *watchers, int64_t from, int64_t to);
int64_t watchers_last(const struct watchers *watchers, int64_t at); /* the last change, or `at` if that is later */
/* Each restriction of one of its places that reaches into that time, whoever wrote it; perhaps more than once. */
typedef void restriction_visit(void *context, const struct entry *restriction);
void watchers_restrictions(const struct watchers *watchers, int64_t from, int64_t to, restriction_visit *visit,
                           void *context);
typedef void gap_visit(void *context, struct slice place, int64_t from, int64_t to);
void watchers_gaps(const struct watchers *watchers, int64_t from, int64_t to, gap_visit *visit, void *context);

#endif
