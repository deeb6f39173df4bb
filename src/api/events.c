/* GET /events: what comes into the log, as server-sent events. The id of an event is the entry's index. */
#include "api/internal.h"

#include "tell/typed.h"

/* Where to begin: behind Last-Event-ID, else at ?after= (as in GET /records), else with what is new. */
static bool begin_at(struct visit *visit, uint64_t *from)
{
    struct slice last = http_header(visit->request, "Last-Event-ID");
    const char *after = visit_value(visit, "after");
    *from = UINT64_MAX;
    if (last.size > 0 && value_number(from, last) && *from < UINT64_MAX) {
        ++*from;
        return true;
    }
    return last.size == 0 && (after == NULL || value_number(from, slice_from(after)));
}

void get_events(struct visit *visit)
{
    struct error why;
    uint64_t from, size = steward_tell(&visit->api->steward).size;
    if (!begin_at(visit, &from) || (from != UINT64_MAX && from > size)) {
        (void)!error_set(&why, STATUS_USAGE, "events-after",
                         "Events go on behind an entry of the log, which has {0}; this one is not among them.",
                         error_number((int64_t)size).text, NULL);
        visit_fault(visit, 0, &why);
        return;
    }
    struct listener *listener = listener_open(&visit->api->feed, from, &visit->api->gate, &visit->guest);
    if (listener == NULL) {
        (void)!arena_full(&why);
        visit_fault(visit, 0, &why);
        return;
    }
    visit_cache(visit, "no-store", NULL);
    http_add(visit->response, "X-Accel-Buffering", "no"); /* a proxy that gathers would hold the news back */
    http_stream(visit->response, "text/event-stream", FEED_BEAT_S, listener_source, listener_close, listener);
}
