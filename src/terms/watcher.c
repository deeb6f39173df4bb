/* Where and when somebody was watching: coverage, less what its own author says prevented it. Invariants: (1) a moment
 * counts as watched by the best watch alone, never twice; (2) a restriction takes away from its author's watching only.
 */
#include "terms/world.h"

struct watch_span {
    int64_t from, to, permille;
    bool taken; /* a restriction: takes `by`'s watching away */
    struct slice by;
};
struct watched_place {
    const struct place *place;
    struct watch_span *spans;
    size_t count;
};
struct watcher {
    const struct watch *watch;
    struct watched_place *places;
};

static bool notices(const struct json *coverage, const struct selector *of)
{
    const struct json *acts = json_find(coverage, "acts");
    if (acts == NULL || of == NULL) return true;
    for (size_t i = 0; i < of->act.count; i++) {
        bool found = false;
        for (const struct json *m = acts->first; m != NULL; m = m->next)
            found |= slice_equal(m->string, of->act.list[i]);
        if (!found) return false;
    }
    for (size_t i = 0; i < of->count; i++)
        if (!notices(coverage, of->any[i])) return false;
    return of->act.count > 0 || of->count > 0;
}

static void note(struct watched_place *place, const struct entry *entry, bool taken)
{
    const struct json *when = json_find(entry->body, "when");
    struct watch_span span = {
        .permille = json_find_integer(entry->body, "uptime_permille", 1000), .taken = taken, .by = entry->by};
    if (!time_parse(&span.from, json_find_string(when, "from")) || !time_parse(&span.to, json_find_string(when, "to")))
        return;
    if (span.from < span.to) place->spans[place->count++] = span;
}

const struct watcher *watcher_make(struct matter *matter, const struct reading *reading, const struct wording *wording)
{
    const struct watch *watch = &wording->watch;
    struct watcher *watcher = matter_get(matter, sizeof *watcher);
    struct watched_place *places = matter_get(matter, (watch->count + 1) * sizeof *places);
    size_t room = 1;
    for (size_t i = 0; i < matter->few_count; i++)
        room += entry_is(matter->few[i], "coverage") || entry_is(matter->few[i], "restriction");
    if (watcher == NULL || places == NULL) return NULL;
    for (size_t p = 0; p < watch->count; p++) {
        places[p] = (struct watched_place){.place = watch->places[p],
                                           .spans = matter_get(matter, room * sizeof(struct watch_span))};
        if (places[p].spans == NULL) return NULL;
        for (size_t i = 0; i < matter->few_count; i++) {
            const struct entry *entry = matter->few[i];
            const struct json *where = json_find(entry->body, "where");
            bool watches = entry_is(entry, "coverage"), prevents = entry_is(entry, "restriction");
            if ((!watches && !prevents) || group_has(matter, reading->trust, entry->by, entry->written) != IN) continue;
            if (watches && place_within(matter, watch->places[p], where) && notices(entry->body, wording->rule->of))
                note(&places[p], entry, false);
            if (prevents && place_within(matter, watch->places[p], where)) note(&places[p], entry, true);
        }
    }
    *watcher = (struct watcher){watch, places};
    return watcher;
}

/* The next moment after `at` at which any span begins or ends. */
static int64_t next_edge(const struct watched_place *place, int64_t at, int64_t end)
{
    int64_t next = end;
    for (size_t i = 0; i < place->count; i++) {
        if (place->spans[i].from > at && place->spans[i].from < next) next = place->spans[i].from;
        if (place->spans[i].to > at && place->spans[i].to < next) next = place->spans[i].to;
    }
    return next;
}

static bool prevented(const struct watched_place *place, struct slice by, int64_t at)
{
    for (size_t i = 0; i < place->count; i++) {
        const struct watch_span *span = &place->spans[i];
        if (span->taken && span->from <= at && at < span->to && slice_equal(span->by, by)) return true;
    }
    return false;
}

static int64_t permille_at(const struct watched_place *place, int64_t at)
{
    int64_t best = 0;
    for (size_t i = 0; i < place->count; i++) {
        const struct watch_span *span = &place->spans[i];
        if (span->taken || span->from > at || at >= span->to || span->permille <= best) continue;
        if (!prevented(place, span->by, at)) best = span->permille;
    }
    return best;
}

struct watching watcher_look(const struct watcher *watcher, int64_t from, int64_t to)
{
    struct watching least = {.of_s = to - from, .watched_permille = 1000, .enough = true};
    least.needed_permille = watcher->watch->log ? 0 : watcher->watch->share[0] * 1000 / watcher->watch->share[1];
    for (size_t p = 0; p < watcher->watch->count; p++) {
        const struct watched_place *place = &watcher->places[p];
        int64_t sum = 0;
        for (int64_t at = from; at < to;) {
            int64_t next = next_edge(place, at, to);
            sum += (next - at) * permille_at(place, at);
            at = next;
        }
        bool enough = sum * watcher->watch->share[1] >= watcher->watch->share[0] * 1000 * (to - from);
        int64_t permille = to > from ? sum / (to - from) : 0;
        if (!enough) least.enough = false;
        if (p == 0 || permille < least.watched_permille)
            least.watched_permille = permille, least.place = place->place->name;
    }
    return least;
}

void watcher_gaps(const struct watcher *watcher, int64_t from, int64_t to, gap_visit *visit, void *context)
{
    for (size_t p = 0; p < watcher->watch->count; p++) {
        const struct watched_place *place = &watcher->places[p];
        int64_t dark_since = NEVER;
        for (int64_t at = from; at < to;) {
            int64_t next = next_edge(place, at, to);
            bool dark = permille_at(place, at) == 0;
            if (dark && dark_since == NEVER) dark_since = at;
            if (!dark && dark_since != NEVER) visit(context, place->place->name, dark_since, at), dark_since = NEVER;
            at = next;
        }
        if (dark_since != NEVER) visit(context, place->place->name, dark_since, to);
    }
}
