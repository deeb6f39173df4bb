/* What the files of this room share: the server as it runs, and the routes' handlers. */
#ifndef TRUCE_API_INTERNAL_H
#define TRUCE_API_INTERNAL_H

#include "api/api.h"
#include "api/cache.h"
#include "api/counts.h"
#include "api/gate.h"
#include "api/feed.h"
#include "api/first_look.h"
#include "api/pump.h"
#include "api/readers.h"
#include "api/steward.h"
#include "api/visit.h"
#include <stdatomic.h>

struct api {
    struct truce_register *reg;
    struct http_server *_Atomic server; /* NULL until it listens */
    const char *called;                 /* the Host by which clients call the server, or NULL: it is known without */
    bool tls, loopback;
    char host[64]; /* as an address shows it */
    struct gate gate;
    struct readers readers;
    struct pump pump;
    struct feed feed;
    struct steward steward;
    struct first_look first_look;
    struct cache cache;
    struct counts counts;
    const struct truce_tiles *tiles; /* or NULL */
    const char *tiles_by;
    int64_t began_ns;
    int parts;
    _Atomic uint64_t grown_to; /* the log's size when it was last told */
    pthread_mutex_t now_lock;
    struct now now; /* as last asked for; size 0: not yet */
};

/* What a loop keeps between its requests. */
struct seat {
    struct truce_register *reader;
};

/* ---- routes.c */

extern const struct route routes[]; /* ended by a NULL pattern */
struct http_plan visit_begin(void *api, const struct http_request *request, struct http_response *response);
void visit_answer(void *api, const struct http_request *request, struct http_response *response);
void visit_refuse(void *api, unsigned status, const struct http_request *request, struct http_response *response);

const struct route *route_of(const struct http_request *request, char segment[SEGMENTS_MOST][SEGMENT_SIZE]);
/* Is there a route for the visit, or OPTIONS of one? If not, 404 or 405 is answered. */
bool route_find(struct visit *visit);
void route_options(struct visit *visit);
/* Does a path fit a pattern? Fills the segments. */
bool pattern_fits(const char *pattern, struct slice path, char segment[SEGMENTS_MOST][SEGMENT_SIZE]);

/* ---- problem.c: an error as a line of JSON; gives the HTTP status that it has */
unsigned problem_put(struct buffer *out, const struct truce_error *error);
unsigned problem_status(const struct truce_error *error);

/* ---- the handlers */

void get_root(struct visit *visit);
void get_welcome(struct visit *visit);
void post_welcome(struct visit *visit);
void get_asset(struct visit *visit);
void get_records(struct visit *visit);
void get_map(struct visit *visit);
void get_map_tile(struct visit *visit);
void post_records(struct visit *visit);
void post_outbox(struct visit *visit);
void get_file(struct visit *visit);
void get_file_kind(struct visit *visit);
void post_file_kind(struct visit *visit);
void post_draft(struct visit *visit);
void post_draft_view(struct visit *visit);
void get_record(struct visit *visit);
void get_record_note(struct visit *visit);
void get_record_proof(struct visit *visit);
void post_sealed(struct visit *visit);
void get_sealed(struct visit *visit);
void get_record_receipt(struct visit *visit);
void get_standing(struct visit *visit);
void get_agreements(struct visit *visit);
void get_agreement(struct visit *visit);
void get_today(struct visit *visit);
void get_compliance(struct visit *visit);
void get_handover(struct visit *visit);
void get_changes(struct visit *visit);
void get_difference(struct visit *visit);
void get_why(struct visit *visit);
void get_bundle(struct visit *visit);
void get_claims(struct visit *visit);
void get_claim(struct visit *visit);
void get_tallies(struct visit *visit);
void get_incidents(struct visit *visit);
void get_incident(struct visit *visit);
void get_access(struct visit *visit);
void get_access_one(struct visit *visit);
void get_checkpoint(struct visit *visit);
void get_cosigned_head(struct visit *visit);
void get_mirrored_head(struct visit *visit);
void get_heads(struct visit *visit);
void get_integrity(struct visit *visit);
void post_cosignatures(struct visit *visit);
void get_tile(struct visit *visit);
void get_events(struct visit *visit);
void get_confirm(struct visit *visit);
void post_confirm(struct visit *visit);
void get_session(struct visit *visit);
void post_session(struct visit *visit);
void get_session_challenge(struct visit *visit);
void post_session_end(struct visit *visit);
void get_statements(struct visit *visit);
void post_statements(struct visit *visit);
void get_outbox(struct visit *visit);
void get_parties(struct visit *visit);
void post_outbox_send(struct visit *visit);
void post_pouch_pack(struct visit *visit);
void post_pouch_open(struct visit *visit);
void get_healthz(struct visit *visit);
void get_metrics(struct visit *visit);

/* ---- tiles.c */

/* What a page with a map must know of it; false if there is none. */
bool tiles_about(const struct api *api, struct page_tiles *out);

#endif
