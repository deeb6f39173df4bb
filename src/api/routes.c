/* The one table of routes, and what is said where none fits. */
#include "api/internal.h"
#include "api/outbox.h"

#include "tell/nearest.h"
#include <stdio.h>

static const char *const names_list[] = {"kind",   "by",   "from", "to",    "bbox",  "near",
                                         "within", "text", "term", "limit", "after", NULL};
static const char *const names_map[] = {"kind", "by", "from", "to", "bbox", "near", "within", "text", "term", NULL};
static const char *const names_file[] = {"correct", "of",      "about", "to",      "watch", "where", "act",
                                         "link",    "channel", "text",  "passage", "anew",  NULL};
static const char *const names_claims[] = {"by",   "against", "term",  "from",  "to", "bbox",
                                           "near", "within",  "limit", "after", NULL};
static const char *const names_incidents[] = {"by",   "against", "several", "from",  "to", "bbox",
                                              "near", "within",  "limit",   "after", NULL};
static const char *const names_today[] = {"party", NULL}, *const names_handover[] = {"party", "from", NULL};
static const char *const names_access[] = {"kind", "state", "party", "limit", "after", NULL};
static const char *const names_compliance[] = {"agreement", "term", "reading", "party", "from", "to", NULL};
static const char *const names_difference[] = {"back", NULL};
static const char *const names_why[] = {"reading", NULL};
static const char *const names_statements[] = {"day", NULL};
static const char *const names_events[] = {"after", NULL}, *const names_changes[] = {"after", NULL};

enum {
    NOTES_BODY_MOST = 16 * 1024 * 1024,
    SESSION_BODY_MOST = 16 * 1024,
    HEAD_BODY_MOST = 128 * 1024,
    DRAFT_BODY_MOST = 512 * 1024,
    SEALED_BODY_MOST = 2 * 1024 * 1024,
    STATEMENTS_BODY_MOST = 8 * 1024 * 1024,
    PACK_BODY_MOST = 64 * 1024
};

/* One row a route; what stands behind {id} and its like goes to visit.segment. */
const struct route routes[] = {
    {HTTP_GET, "/", HTTP_HERE, 0, FORM_HTML, NULL, ACCESS_ALL, false, get_root},
    {HTTP_GET, "/welcome", HTTP_ASIDE, 0, FORM_HTML, NULL, ACCESS_ALL, false, get_welcome},
    {HTTP_POST, "/welcome", HTTP_HERE, SESSION_BODY_MOST, FORM_HTML, NULL, ACCESS_ALL, false, post_welcome},
    {HTTP_GET, "/standing", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true, get_standing},
    {HTTP_GET, "/agreements", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true, get_agreements},
    {HTTP_GET, "/agreements/{id}", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true, get_agreement},
    {HTTP_GET, "/today", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, names_today, ACCESS_READ, true, get_today},
    {HTTP_GET, "/handover", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, names_handover, ACCESS_READ, true, get_handover},
    {HTTP_GET, "/changes", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, names_changes, ACCESS_READ, true, get_changes},
    {HTTP_GET, "/compliance", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, names_compliance, ACCESS_READ, true,
     get_compliance},
    {HTTP_GET, "/difference", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, names_difference, ACCESS_READ, true,
     get_difference},
    {HTTP_GET, "/why/{term}", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, names_why, ACCESS_READ, true, get_why},
    {HTTP_GET, "/why/{agreement}/{term}", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, names_why, ACCESS_READ, true, get_why},
    {HTTP_GET, "/why/{agreement}/{term}/bundle", HTTP_ASIDE, 0, FORM_TEXT, names_why, ACCESS_READ, true, get_bundle},
    {HTTP_GET, "/claims", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, names_claims, ACCESS_READ, true, get_claims},
    {HTTP_GET, "/claims/tallies", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true, get_tallies},
    {HTTP_GET, "/claims/{id}", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true, get_claim},
    {HTTP_GET, "/incidents", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, names_incidents, ACCESS_READ, true, get_incidents},
    {HTTP_GET, "/incidents/{id}", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true, get_incident},
    {HTTP_GET, "/access", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, names_access, ACCESS_READ, true, get_access},
    {HTTP_GET, "/access/{id}", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true, get_access_one},
    {HTTP_GET, "/records", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML | FORM_CSV | FORM_GEOJSON, names_list, ACCESS_READ,
     true, get_records},
    {HTTP_GET, "/map", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML | FORM_GEOJSON, names_map, ACCESS_READ, true, get_map},
    {HTTP_GET, "/map/tiles/{zoom}/{x}/{y}", HTTP_ASIDE, 0, FORM_TEXT, NULL, ACCESS_READ, false, get_map_tile},
    {HTTP_POST, "/records", HTTP_ASIDE, NOTES_BODY_MOST, FORM_JSON | FORM_HTML, NULL, ACCESS_MEMBER, false,
     post_records},
    {HTTP_GET, "/file", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true, get_file},
    {HTTP_GET, "/file/{kind}", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, names_file, ACCESS_READ, true, get_file_kind},
    {HTTP_POST, "/file/{kind}", HTTP_ASIDE, DRAFT_BODY_MOST, FORM_HTML, NULL, ACCESS_MEMBER, true, post_file_kind},
    {HTTP_POST, "/draft", HTTP_ASIDE, DRAFT_BODY_MOST, FORM_JSON, NULL, ACCESS_MEMBER, true, post_draft},
    {HTTP_POST, "/draft/view", HTTP_ASIDE, DRAFT_BODY_MOST, FORM_JSON, NULL, ACCESS_MEMBER, true, post_draft_view},
    {HTTP_POST, "/outbox", HTTP_ASIDE, DRAFT_BODY_MOST, FORM_JSON | FORM_HTML, NULL, ACCESS_MEMBER, true, post_outbox},
    {HTTP_GET, "/records/{id}", HTTP_HERE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true, get_record},
    {HTTP_GET, "/records/{id}/note", HTTP_HERE, 0, FORM_TEXT, NULL, ACCESS_READ, true, get_record_note},
    {HTTP_GET, "/records/{id}/proof", HTTP_HERE, 0, FORM_TEXT, NULL, ACCESS_READ, true, get_record_proof},
    {HTTP_GET, "/records/{id}/receipt", HTTP_HERE, 0, FORM_JSON, NULL, ACCESS_READ, true, get_record_receipt},
    {HTTP_GET, "/notices/{id}/confirm", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true, get_confirm},
    {HTTP_POST, "/notices/{id}/confirm", HTTP_ASIDE, SESSION_BODY_MOST, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true,
     post_confirm},
    {HTTP_POST, "/sealed", HTTP_ASIDE, SEALED_BODY_MOST, FORM_JSON, NULL, ACCESS_MEMBER, true, post_sealed},
    {HTTP_GET, "/sealed/{cipher}", HTTP_ASIDE, 0, FORM_TEXT, NULL, ACCESS_MEMBER, true, get_sealed},
    {HTTP_GET, "/statements", HTTP_ASIDE, 0, FORM_HTML, NULL, ACCESS_READ, true, get_statements},
    {HTTP_POST, "/statements", HTTP_ASIDE, STATEMENTS_BODY_MOST, FORM_JSON | FORM_HTML, names_statements, ACCESS_MEMBER,
     true, post_statements},
    {HTTP_GET, "/outbox", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true, get_outbox},
    {HTTP_POST, "/outbox/send", HTTP_ASIDE, PACK_BODY_MOST, FORM_JSON | FORM_HTML, NULL, ACCESS_MEMBER, true,
     post_outbox_send},
    {HTTP_POST, "/outbox/pouch", HTTP_ASIDE, PACK_BODY_MOST, FORM_TEXT, NULL, ACCESS_MEMBER, true, post_pouch_pack},
    {HTTP_POST, "/outbox/open", HTTP_ASIDE, POUCH_BODY_MOST, FORM_JSON | FORM_HTML, NULL, ACCESS_MEMBER, true,
     post_pouch_open},
    {HTTP_GET, "/events", HTTP_HERE, 0, FORM_EVENTS, names_events, ACCESS_READ, false, get_events},
    {HTTP_GET, "/checkpoint", HTTP_HERE, 0, FORM_TEXT, NULL, ACCESS_READ, true, get_checkpoint},
    {HTTP_GET, "/cosigned", HTTP_HERE, 0, FORM_TEXT, NULL, ACCESS_READ, true, get_cosigned_head},
    {HTTP_GET, "/mirrored", HTTP_HERE, 0, FORM_TEXT, NULL, ACCESS_READ, true, get_mirrored_head},
    {HTTP_GET, "/parties", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true, get_parties},
    {HTTP_GET, "/parties/{name}", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true, get_parties},
    {HTTP_GET, "/integrity", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true, get_integrity},
    {HTTP_GET, "/heads", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_READ, true, get_heads},
    {HTTP_POST, "/cosignatures", HTTP_ASIDE, HEAD_BODY_MOST, FORM_JSON, NULL, ACCESS_MEMBER, false, post_cosignatures},
    {HTTP_GET, "/tile/{path...}", HTTP_HERE, 0, FORM_TEXT, NULL, ACCESS_READ, true, get_tile},
    {HTTP_GET, "/assets/{name}", HTTP_HERE, 0, FORM_TEXT, NULL, ACCESS_ALL, false, get_asset},
    {HTTP_GET, "/healthz", HTTP_HERE, 0, FORM_JSON, NULL, ACCESS_ALL, false, get_healthz},
    {HTTP_GET, "/metrics", HTTP_ASIDE, 0, FORM_TEXT, NULL, ACCESS_MEMBER, true, get_metrics},
    {HTTP_GET, "/session", HTTP_ASIDE, 0, FORM_JSON | FORM_HTML, NULL, ACCESS_ALL, false, get_session},
    {HTTP_POST, "/session", HTTP_ASIDE, SESSION_BODY_MOST, FORM_JSON | FORM_HTML, NULL, ACCESS_ALL, false,
     post_session},
    {HTTP_GET, "/session/challenge", HTTP_HERE, 0, FORM_TEXT, NULL, ACCESS_ALL, false, get_session_challenge},
    {HTTP_POST, "/session/end", HTTP_HERE, SESSION_BODY_MOST, FORM_JSON | FORM_HTML, NULL, ACCESS_ALL, false,
     post_session_end},
    {.pattern = NULL},
};

/* ---- patterns */

/* Moves *pattern and *path behind a segment; false if they differ. `out` gets what stands where the pattern is open. */
static bool segment_fits(const char **pattern, struct slice *path, char *out, bool *open)
{
    size_t size = 0, pattern_size = strcspn(*pattern, "/");
    *open = (*pattern)[0] == '{';
    bool rest = *open && pattern_size > 4 && strncmp(*pattern + pattern_size - 4, "...}", 4) == 0;
    while (size < path->size && (rest || path->data[size] != '/')) size++;
    struct slice segment = slice_part(*path, 0, size);
    if (*open ? segment.size == 0 || segment.size >= SEGMENT_SIZE
              : segment.size != pattern_size || memcmp(segment.data, *pattern, pattern_size) != 0)
        return false;
    if (*open) snprintf(out, SEGMENT_SIZE, "%.*s", SLICE(segment));
    *pattern += pattern_size;
    *path = slice_part(*path, size, path->size);
    return true;
}

bool pattern_fits(const char *pattern, struct slice path, char segment[SEGMENTS_MOST][SEGMENT_SIZE])
{
    size_t segments = 0;
    while (*pattern == '/' && path.size > 0 && path.data[0] == '/') {
        bool open;
        pattern++;
        path = slice_part(path, 1, path.size);
        if (*pattern == '\0') break;
        if (segments == SEGMENTS_MOST || !segment_fits(&pattern, &path, segment[segments], &open)) return false;
        segments += open ? 1 : 0;
    }
    return *pattern == '\0' && path.size == 0;
}

/* ---- finding */

static bool fits_method(const struct route *route, enum http_method method)
{
    return route->method == (method == HTTP_HEAD ? HTTP_GET : method);
}

const struct route *route_of(const struct http_request *request, char segment[SEGMENTS_MOST][SEGMENT_SIZE])
{
    for (const struct route *route = routes; route->pattern != NULL; route++)
        if (fits_method(route, http_method(request)) && pattern_fits(route->pattern, http_path(request), segment))
            return route;
    return NULL;
}

/* The methods that the path takes; "" if it is none. */
static void put_allow(struct buffer *out, struct slice path)
{
    char segment[SEGMENTS_MOST][SEGMENT_SIZE];
    for (const struct route *route = routes; route->pattern != NULL; route++)
        if (pattern_fits(route->pattern, path, segment))
            buffer_print(out, "%s%s", out->size > 0 ? ", " : "", route->method == HTTP_GET ? "GET, HEAD" : "POST");
    if (out->size > 0) buffer_put_string(out, ", OPTIONS");
    buffer_put_byte(out, '\0');
}

static const char anything[] = "*"; /* OPTIONS of the server itself */

void route_options(struct visit *visit)
{
    OWN(buffer_clear) struct buffer allow = {0};
    bool all = slice_is(http_path(visit->request), anything);
    put_allow(&allow, all ? slice_from("/records") : http_path(visit->request));
    http_status(visit->response, 204);
    if (!allow.failed) http_add(visit->response, "Allow", (const char *)allow.data);
}

/* The first segment of a path or pattern, with its slash. */
static struct slice first_segment(struct slice path)
{
    size_t size = 1;
    while (size < path.size && path.data[size] != '/') size++;
    return slice_part(path, 0, size);
}

static const char *nearest_route(struct slice path)
{
    struct error_text typed = error_slice(first_segment(path));
    struct nearest near = {.typed = typed.text};
    for (const struct route *route = routes; route->pattern != NULL; route++) {
        struct slice pattern = slice_from(route->pattern);
        if (slice_equal(first_segment(pattern), first_segment(path))) return route->pattern;
        if (first_segment(pattern).size == pattern.size) nearest_consider(&near, route->pattern);
    }
    return near.best;
}

bool route_find(struct visit *visit)
{
    struct error why;
    OWN(buffer_clear) struct buffer allow = {0};
    struct slice path = http_path(visit->request);
    bool asks = http_method(visit->request) == HTTP_OPTIONS;
    if (visit->route != NULL || (asks && slice_is(path, anything))) return true;
    put_allow(&allow, path);
    bool there = allow.size > 1;
    if (there && asks) return true;
    if (there && !allow.failed) http_add(visit->response, "Allow", (const char *)allow.data);
    const char *near = there ? NULL : nearest_route(path);
    struct error_text typed = error_slice(path);
    if (there)
        (void)!error_set(&why, STATUS_USAGE, "route-method",
                         "This method is not taken at {0}; the header Allow names those that are.", typed.text, NULL);
    else if (near != NULL)
        (void)!error_set(&why, STATUS_FAILED, "route-absent", "There is nothing at {0}. Did you mean {1}?", typed.text,
                         near, NULL);
    else
        (void)!error_set(&why, STATUS_FAILED, "route-absent", "There is nothing at {0}.", typed.text, NULL);
    visit_fault(visit, there ? 405 : 404, &why);
    return false;
}
