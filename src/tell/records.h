/* The records that an answer names by id, looked up once each, so that they can be told in their own words. */
#ifndef TRUCE_TELL_RECORDS_H
#define TRUCE_TELL_RECORDS_H

#include "json/json.h"
#include "truce.h"

enum { RECORDS_BUCKETS = 512 };

struct records {
    struct truce_register *reg; /* NULL: only what was put */
    struct arena arena;
    struct kept_record *first, *by_id[RECORDS_BUCKETS];
    struct kept_record *people, *agreements, *areas; /* genesis and party records, agreements, areas: oldest last */
    bool people_known, agreements_known, areas_known;
};

void records_open(struct records *records, struct truce_register *reg);
void records_close(struct records *records);

/* The record as `show --json` gives it, or NULL if there is none; valid until records_close. */
const struct json *records_get(struct records *records, struct slice id);
/* Makes a record known whose id is in it; it must stay valid. */
void records_put(struct records *records, const struct json *record);

/* The agreement's record, the last of that name; NULL if there is none. */
const struct json *records_agreement(struct records *records, struct slice name);
/* Agreements, or areas, the newest first; at most `room`. Returns how many. */
size_t records_agreements(struct records *records, const struct json **out, size_t room);
size_t records_areas(struct records *records, const struct json **out, size_t room);
/* The name (a text) that a party gives itself, or NULL. */
const struct json *records_party(struct records *records, struct slice party);
/* The ids of all parties, each once, founders first, then as they were enrolled; at most `room`. Returns how many. */
size_t records_parties(struct records *records, struct slice *parties, size_t room);

#endif
