/* Where and when somebody was watching: coverage, less what its own author says prevented it. Invariants: (1) a moment
 * counts as watched by the best watch alone, never twice; (2) a restriction takes away from its author's watching only.
 * What several terms ask of one place, of one reading and for the same acts, is found once: as steps in time, with what
 * was watched up to each. */
#include "terms/world.h"

#include <stdlib.h>

struct watch_span {
    int64_t from, to, permille;
    bool taken; /* a restriction: takes `by`'s watching away */
    symbol by;
};
/* From here to the next step. */
struct watch_step {
    int64_t at, permille;
    int64_t before; /* seconds by permille up to here */
};
/* What watches a whole place, for some acts; whom to trust is each reading's. */
struct post {
    struct post *next;
    const struct place *place;
    const struct selector *of;
    struct entries watches;
};
struct watcher {
    struct watcher *next;
    struct matter *matter;
    const struct reading *reading;
    const struct post *post;
    struct watch_step *steps;
    size_t step_count;
    uint64_t version;
    bool stale;
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

/* Do both ask for the same acts, so that whoever can notice the one can notice the other? */
static bool same_acts(const struct selector *a, const struct selector *b)
{
    if (a == b) return true;
    if (a == NULL || b == NULL || a->act.count != b->act.count || a->count != b->count) return false;
    for (size_t i = 0; i < a->act.count; i++)
        if (!slice_equal(a->act.list[i], b->act.list[i])) return false;
    for (size_t i = 0; i < a->count; i++)
        if (!same_acts(a->any[i], b->any[i])) return false;
    return true;
}

static bool same_place(const struct place *a, const struct place *b)
{
    return a == b || (a->name.size > 0 && slice_equal(a->name, b->name));
}

static bool concerns(const struct matter *matter, const struct post *post, const struct entry *entry)
{
    return place_within(matter, post->place, json_find(entry->body, "where")) &&
           (entry->sort != SORT_COVERAGE || notices(entry->body, post->of));
}

static struct post *find_post(struct matter *matter, const struct place *place, const struct selector *of)
{
    for (struct post *p = matter->posts; p != NULL; p = p->next)
        if (same_place(p->place, place) && same_acts(p->of, of)) return p;
    struct post *post = matter_get(matter, sizeof *post);
    if (post == NULL) return NULL;
    *post = (struct post){.next = matter->posts, .place = place, .of = of};
    for (size_t i = 0; i < matter->watches.count; i++)
        if (concerns(matter, post, matter->watches.list[i]) && !entries_put(&post->watches, matter->watches.list[i]))
            matter->full = true;
    return matter->posts = post;
}

static struct watcher *find_watcher(struct matter *matter, const struct reading *reading, const struct place *place,
                                    const struct selector *of)
{
    const struct post *post = find_post(matter, place, of);
    for (struct watcher *w = matter->watchers; w != NULL; w = w->next)
        if (w->reading == reading && w->post == post) return w;
    struct watcher *watcher = matter_get(matter, sizeof *watcher);
    if (watcher == NULL) return NULL;
    *watcher =
        (struct watcher){.next = matter->watchers, .matter = matter, .reading = reading, .post = post, .stale = true};
    return matter->watchers = watcher;
}

bool watchers_find(struct matter *matter, const struct reading *reading, const struct wording *wording,
                   struct watchers *out)
{
    *out = (struct watchers){.watch = &wording->watch,
                             .of = matter_get(matter, (wording->watch.count + 1) * sizeof(struct watcher *))};
    for (size_t i = 0; out->of != NULL && i < wording->watch.count; i++)
        out->of[i] = find_watcher(matter, reading, wording->watch.places[i], wording->rule->of);
    return !matter->full;
}

void watchers_close(struct matter *matter)
{
    for (struct watcher *w = matter->watchers; w != NULL; w = w->next) free(w->steps);
    for (struct post *p = matter->posts; p != NULL; p = p->next) entries_clear(&p->watches);
}

/* ---- the steps */

static bool trusted(const struct watcher *w, const struct entry *entry)
{
    return group_has(w->matter, w->reading->trust, entry->author, entry->written) == IN;
}

static bool among(const struct entries *entries, const struct entry *entry)
{
    for (size_t i = entries->count; i > 0; i--)
        if (entries->list[i - 1] == entry) return true;
    return false;
}

void watchers_changed(struct matter *matter, const struct entry *entry)
{
    for (struct post *p = matter->posts; p != NULL; p = p->next) {
        bool known = !entry->counts && among(&p->watches, entry);
        if (!known && !concerns(matter, p, entry)) continue;
        if (entry->counts && !entries_put(&p->watches, entry)) matter->full = true;
        for (struct watcher *w = matter->watchers; w != NULL; w = w->next)
            if (w->post == p && trusted(w, entry)) w->stale = true;
    }
}

static bool read_span(struct watch_span *out, const struct entry *entry)
{
    const struct json *when = json_find(entry->body, "when");
    *out = (struct watch_span){.permille = json_find_integer(entry->body, "uptime_permille", 1000),
                               .taken = entry->sort == SORT_RESTRICTION,
                               .by = entry->author};
    return time_parse(&out->from, json_find_string(when, "from")) &&
           time_parse(&out->to, json_find_string(when, "to")) && out->from < out->to;
}

static int by_beginning(const void *a, const void *b)
{
    const struct watch_span *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool prevented(const struct watch_span *spans, const size_t *open, size_t count, symbol by)
{
    for (size_t i = 0; i < count; i++)
        if (spans[open[i]].taken && spans[open[i]].by == by) return true;
    return false;
}

static int64_t best_of(const struct watch_span *spans, const size_t *open, size_t count)
{
    int64_t best = 0;
    for (size_t i = 0; i < count; i++) {
        const struct watch_span *span = &spans[open[i]];
        if (!span->taken && span->permille > best && !prevented(spans, open, count, span->by)) best = span->permille;
    }
    return best;
}

/* Walks the edges in time with the spans that are open between them. */
static void take_steps(struct watcher *w, const struct watch_span *spans, size_t count, int64_t *edges, size_t *open)
{
    size_t open_count = 0, next = 0;
    for (size_t i = 0; i < count; i++) edges[2 * i] = spans[i].from, edges[2 * i + 1] = spans[i].to;
    if (count > 0) qsort(edges, 2 * count, sizeof *edges, by_number);
    w->step_count = 0;
    for (size_t i = 0; i < 2 * count; i++) {
        int64_t at = edges[i];
        if (i > 0 && edges[i - 1] == at) continue;
        size_t kept = 0;
        for (size_t k = 0; k < open_count; k++)
            if (spans[open[k]].to > at) open[kept++] = open[k];
        open_count = kept;
        while (next < count && spans[next].from <= at) open[open_count++] = next++;
        struct watch_step *last = w->step_count > 0 ? &w->steps[w->step_count - 1] : NULL;
        w->steps[w->step_count++] =
            (struct watch_step){.at = at,
                                .permille = best_of(spans, open, open_count),
                                .before = last == NULL ? 0 : last->before + (at - last->at) * last->permille};
    }
}

static void put_together(struct watcher *w)
{
    const struct entries *watches = &w->post->watches;
    size_t room = watches->count + 1, count = 0;
    struct watch_span *spans = malloc(room * sizeof *spans);
    int64_t *edges = malloc(2 * room * sizeof *edges);
    size_t *open = malloc(room * sizeof *open);
    struct watch_step *steps = realloc(w->steps, 2 * room * sizeof *steps);
    if (steps != NULL) w->steps = steps;
    if (spans == NULL || edges == NULL || open == NULL || steps == NULL) {
        w->matter->full = true;
    } else {
        for (size_t i = 0; i < watches->count; i++) {
            const struct entry *entry = watches->list[i];
            if (entry->counts && trusted(w, entry)) count += read_span(&spans[count], entry);
        }
        if (count > 0) qsort(spans, count, sizeof *spans, by_beginning);
        take_steps(w, spans, count, edges, open);
    }
    free(spans);
    free(edges);
    free(open);
    w->stale = false;
    w->version++;
}

uint64_t watchers_version(const struct watchers *watchers)
{
    uint64_t version = 0;
    for (size_t i = 0; i < watchers->watch->count; i++) {
        if (watchers->of[i]->stale) put_together(watchers->of[i]);
        version += watchers->of[i]->version;
    }
    return version;
}

/* ---- asked */

/* The step in which a moment lies, or SIZE_MAX before the first. */
static size_t step_at(const struct watcher *w, int64_t at)
{
    size_t low = 0, high = w->step_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (w->steps[middle].at <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? SIZE_MAX : low - 1;
}

static int64_t watched_up_to(const struct watcher *w, int64_t at)
{
    size_t i = step_at(w, at);
    return i == SIZE_MAX ? 0 : w->steps[i].before + (at - w->steps[i].at) * w->steps[i].permille;
}

int64_t watchers_last(const struct watchers *watchers, int64_t at)
{
    for (size_t p = 0; p < watchers->watch->count; p++) {
        const struct watcher *w = watchers->of[p];
        if (w->step_count > 0 && w->steps[w->step_count - 1].at > at) at = w->steps[w->step_count - 1].at;
    }
    return at;
}

struct watching watchers_look(const struct watchers *watchers, int64_t from, int64_t to)
{
    const struct watch *watch = watchers->watch;
    struct watching least = {.of_s = to - from, .watched_permille = 1000, .watched_s = to - from, .enough = true};
    least.needed_permille = watch->log ? 0 : watch->share[0] * 1000 / watch->share[1];
    for (size_t p = 0; p < watch->count; p++) {
        const struct watcher *w = watchers->of[p];
        int64_t sum = from < to ? watched_up_to(w, to) - watched_up_to(w, from) : 0;
        bool enough = sum * watch->share[1] >= watch->share[0] * 1000 * (to - from);
        int64_t permille = to > from ? sum / (to - from) : 0;
        if (!enough) least.enough = false;
        if (p == 0 || permille < least.watched_permille)
            least.watched_permille = permille, least.watched_s = sum / 1000, least.place = watch->places[p]->name;
    }
    return least;
}

void watchers_restrictions(const struct watchers *watchers, int64_t from, int64_t to, restriction_visit *visit,
                           void *context)
{
    for (size_t p = 0; p < watchers->watch->count; p++) {
        const struct entries *watches = &watchers->of[p]->post->watches;
        for (size_t i = 0; i < watches->count; i++) {
            const struct entry *entry = watches->list[i];
            struct watch_span span;
            if (entry->sort != SORT_RESTRICTION || !entry->counts || !read_span(&span, entry)) continue;
            if (span.from < to && span.to > from) visit(context, entry);
        }
    }
}

void watchers_gaps(const struct watchers *watchers, int64_t from, int64_t to, gap_visit *visit, void *context)
{
    for (size_t p = 0; p < watchers->watch->count; p++) {
        const struct watcher *w = watchers->of[p];
        struct slice name = watchers->watch->places[p]->name;
        int64_t dark_since = NEVER;
        size_t i = step_at(w, from);
        for (int64_t at = from; at < to;) {
            int64_t permille = i == SIZE_MAX ? 0 : w->steps[i].permille;
            size_t following = i == SIZE_MAX ? 0 : i + 1;
            int64_t next = following < w->step_count && w->steps[following].at < to ? w->steps[following].at : to;
            if (permille == 0 && dark_since == NEVER) dark_since = at;
            if (permille > 0 && dark_since != NEVER) visit(context, name, dark_since, at), dark_since = NEVER;
            at = next;
            i = following;
        }
        if (dark_since != NEVER) visit(context, name, dark_since, to);
    }
}
