/* Incidents: records of one event, as those make it one whose links some reading of an agreement follows; and what is
 * said of claims. The count of a tally's own term. Answers name records by their ids. */
#ifndef TRUCE_TERMS_INCIDENT_H
#define TRUCE_TERMS_INCIDENT_H

#include "geo/geo.h"
#include "terms/terms.h"

/* Entries by their place in the log, as many as there is room for. */
enum { EVENT_RECORDS_MOST = 64 };
struct event_records {
    uint64_t index[EVENT_RECORDS_MOST];
    size_t count;
    bool more;
};

/* The incident that a record is part of; incident-none where it tells of no event, or counts for nothing. Borrows the
 * view, to which nothing may be added meanwhile. */
struct incident;
MUST_USE enum status incident_open(struct incident **out, struct view *view, uint64_t index, struct error *error);
void incident_close(struct incident **incident);
void incident_records(const struct incident *incident, struct event_records *out);
/* As the object {"also","beside","first","links","members","readings","suggested"}; `beside` is put as it is. Without
 * `suggest` nothing is looked for that may be of the same event. */
MUST_USE enum status incident_put(struct incident *incident, struct slice beside, bool suggest, struct json_writer *w,
                                  struct error *error);

/* Why there is none: those of which it would be, itself among them, that their author withdrew or that have no effect;
 * and what names those and counts. None: it tells of no event. */
enum { INCIDENT_GONE_MOST = 16 };
struct incident_gone {
    struct {
        uint64_t index, cause; /* of the entry that made it so */
        const char *effect;    /* effect_name */
    } list[INCIDENT_GONE_MOST];
    size_t count;
    struct event_records naming;
};
MUST_USE enum status incident_gone(const struct view *view, uint64_t index, struct incident_gone *out,
                                   struct error *error);

struct entry;
struct entries;
/* The first records of the incidents that an entry is part of. */
MUST_USE enum status incident_firsts(struct view *view, const struct entry *entry, struct entries *out,
                                     struct error *error);

/* What is looked for among events: the author of any of the records, to whom it is attributed, when and where. */
struct sought {
    struct slice by, against;                          /* {NULL, 0}: any */
    bool has_from, has_to, has_near, has_box, several; /* several: more than one record tells of it */
    int64_t from, to, within_mm;
    struct point near;
    struct box box;
};
/* Does anything that the record or its event tells lie then and there, by all that is known of where that is? */
MUST_USE enum status sought_fits(struct view *view, uint64_t index, const struct sought *sought, bool *fits,
                                 struct error *error);

/* The first records of incidents in their order, from entry `after` on; `found` sets *on to false to end the walk. */
typedef enum status incident_found(void *context, uint64_t first, bool *on, struct error *error);
MUST_USE enum status incidents_walk(struct view *view, uint64_t after, const struct sought *sought,
                                    incident_found *found, void *context, struct error *error);
/* What was answered to a claim and found of it, as the members "about", "findings", "incidents" and "responses" of an
 * object that is open. Gives the entries too: what it is about, the claim, responses, findings. */
MUST_USE enum status claim_write(struct view *view, uint64_t index, struct json_writer *out,
                                 struct event_records *records, struct error *error);
/* Does the entry count, as evaluation sees it? Of kinds that it does not read: by their effect. */
bool view_counts(const struct view *view, uint64_t index);

/* What each reading counts in a time by a term's own rule, as objects {"agreement","readings","term"} of a list that is
 * open: none where no agreement has such a term, or its rule counts no events. */
struct span {
    int64_t from, to, as_of;
};
MUST_USE enum status tally_write(struct view *view, struct slice term, struct span span, struct json_writer *out,
                                 struct error *error);
/* Who was watching and what prevented it in a time, as {"of_s","restrictions","watched_s"}: the coverage that `by`
 * recorded, wherever, and the restrictions that anybody did. */
MUST_USE enum status watched_write(struct view *view, struct slice by, struct span span, struct json_writer *out,
                                   struct error *error);

#endif
