/* Invariants: (1) an incident is what at least one reading of an agreement makes one event, so that no record stands in
 * two; how each reading parts it is told beside it; (2) nothing is joined because it looks alike: that is suggested. */
#include "terms/incident.h"

#include "terms/account.h"
#include "terms/write.h"
#include <stdlib.h>

enum { INCIDENT_SUGGESTED_MOST = 20 };

struct incident {
    struct view *view;
    const struct entry *entry; /* whose incident it is */
    struct cluster c;
    size_t *whole;      /* with whom each root is one event for some reading: the first of them */
    size_t top;         /* of the roots, the first of this incident */
    struct entries all; /* its roots, and what hangs on them */
};

static void incident_clear(struct incident *incident)
{
    entries_clear(&incident->all);
    cluster_clear(&incident->c);
    free(incident->whole);
}

static bool among(const struct entries *entries, const struct entry *entry)
{
    for (size_t i = 0; i < entries->count; i++)
        if (entries->list[i] == entry) return true;
    return false;
}

/* ---- which records */

static size_t whole_of(const struct incident *incident, size_t i)
{
    while (incident->whole[i] != i) i = incident->whole[i];
    return i;
}

static void make_whole(struct incident *incident, size_t a, size_t b)
{
    size_t one = whole_of(incident, a), other = whole_of(incident, b);
    incident->whole[one < other ? other : one] = one < other ? one : other;
}

static bool join_all(struct incident *incident, const struct court *court)
{
    for (size_t h = 0; h < court->count; h++) {
        const struct hearing *hearing = court->hearings[h];
        for (size_t r = 0; r < hearing->agreement->reading_count; r++) {
            if (!cluster_join(&hearing->matter, &hearing->agreement->readings[r], &incident->c)) return false;
            for (size_t i = 0; i < incident->c.roots.count; i++) make_whole(incident, i, cluster_top(&incident->c, i));
        }
    }
    return true;
}

/* The roots that are one with that one, and all that hangs on them. */
static void gather(const struct view *view, const struct incident *incident, size_t top, struct entries *out)
{
    for (size_t i = 0; i < incident->c.roots.count; i++)
        if (whole_of(incident, i) == top) entries_put(out, incident->c.roots.list[i]);
    event_hang(view, out);
}

static bool has_part(const struct view *view, const struct entries *all, const struct entry *entry)
{
    if (entry->sort != SORT_LINK) return among(all, entry);
    for (size_t k = 0; k < entry->name_count; k++)
        if (among(all, view_named(view, entry, k))) return true;
    return false;
}

/* The first incident of those that the entry is part of: a claim or finding may speak of several. */
static bool choose(const struct view *view, struct incident *incident, const struct entry *entry)
{
    for (size_t i = 0; i < incident->c.roots.count; i++) {
        if (whole_of(incident, i) != i) continue;
        entries_clear(&incident->all);
        gather(view, incident, i, &incident->all);
        incident->top = i;
        if (has_part(view, &incident->all, entry)) return true;
    }
    return false;
}

static enum status no_incident(struct error *error)
{
    return error_set(error, STATUS_FAILED, "incident-none",
                     "This record tells of no event that counts, so it is part of no incident.", NULL);
}

/* What *out holds is cleared by the caller in every case. */
static enum status find(struct view *view, const struct entry *entry, struct incident *out, struct error *error)
{
    struct court *court;
    TRY(court_sit(&court, view, error));
    entry = entry == NULL ? NULL : view_head(view, entry);
    if (entry == NULL || !entry->counts) return no_incident(error);
    if (!cluster_find(view, entry, &out->c)) return arena_full(error);
    out->whole = malloc((out->c.roots.count + 1) * sizeof *out->whole);
    if (out->whole == NULL) return arena_full(error);
    for (size_t i = 0; i < out->c.roots.count; i++) out->whole[i] = i;
    if (!join_all(out, court)) return arena_full(error);
    if (!choose(view, out, entry)) return no_incident(error);
    return out->all.full ? arena_full(error) : STATUS_DONE;
}

/* ---- where and when */

static const struct tale *tale_of(const struct entry *entry)
{
    const struct tale *own = entry->own, *told = entry->told;
    if (own == NULL || (told != NULL && entry->sort == SORT_CLAIM)) return told;
    return own;
}

static bool disc_of(const struct view *view, const struct tale *tale, struct disc *out)
{
    if (tale == NULL || !tale->placed) return false;
    if (tale->where.told && tale->where.name == 0) {
        *out = tale->where.disc;
        return true;
    }
    for (size_t h = 0; view->court != NULL && h < view->court->count; h++)
        if (place_disc(&view->court->hearings[h]->matter, &tale->where, out)) return true;
    return false;
}

/* ---- writing */

static void put_ids(struct json_writer *w, const char *key, const struct entries *entries)
{
    json_put_key(w, key);
    json_put_array(w);
    for (size_t i = 0; i < entries->count; i++) put_id(w, entries->list[i]);
    json_put_close(w);
}

static void put_number(struct json_writer *w, const char *key, int64_t number)
{
    json_put_key(w, key), json_put_integer(w, number);
}

/* The first place that is told: what is drawn is drawn around it. */
static bool origin_of(const struct view *view, const struct entries *all, struct point *out)
{
    struct disc disc;
    for (size_t i = 0; i < all->count; i++)
        if (disc_of(view, tale_of(all->list[i]), &disc)) {
            *out = disc.centre;
            return true;
        }
    return false;
}

static int64_t aside(struct point from, struct point to, bool rises)
{
    int64_t metres = (geo_distance_mm(from, to) + 500) / 1000;
    return rises ? metres : -metres;
}

/* Where it was, how far that may be wrong, and how far east and north of the origin. */
static void put_disc(struct json_writer *w, const struct disc *disc, struct point origin)
{
    const struct point along = {origin.lat_e7, disc->centre.lon_e7}, up = {disc->centre.lat_e7, origin.lon_e7};
    json_put_key(w, "disc");
    json_put_object(w);
    put_number(w, "east_m", aside(origin, along, disc->centre.lon_e7 >= origin.lon_e7));
    put_number(w, "lat_e7", disc->centre.lat_e7);
    put_number(w, "lon_e7", disc->centre.lon_e7);
    put_number(w, "north_m", aside(origin, up, disc->centre.lat_e7 >= origin.lat_e7));
    put_number(w, "radius_m", (disc->radius_mm + 999) / 1000);
    json_put_close(w);
}

static void put_member(const struct view *view, struct json_writer *w, const struct entry *entry, struct point origin)
{
    const struct tale *tale = tale_of(entry);
    struct disc disc;
    json_put_object(w);
    json_put_key(w, "by"), json_put_slice(w, entry->by);
    if (disc_of(view, tale, &disc)) put_disc(w, &disc, origin);
    if (tale != NULL && tale->timed) put_time(w, "from", tale->from);
    json_put_key(w, "id"), put_id(w, entry);
    json_put_key(w, "kind"), json_put_string(w, entry->kind->name);
    if (tale != NULL && tale->placed && tale->where.name != 0)
        json_put_key(w, "place"), json_put_slice(w, symbols_name(&view->symbols, tale->where.name));
    put_time(w, "received", entry->received);
    if (tale != NULL && tale->timed) put_time(w, "to", tale->to);
    json_put_close(w);
}

static void put_reading_name(struct json_writer *w, const struct agreement *agreement, const struct reading *reading)
{
    json_put_object(w);
    json_put_key(w, "agreement"), json_put_slice(w, agreement->name);
    json_put_key(w, "reading"), json_put_slice(w, reading->name);
    json_put_close(w);
}

static void put_followed(struct json_writer *w, const struct court *court, const struct entry *link, const char *word)
{
    json_put_key(w, "followed_by");
    json_put_array(w);
    for (size_t h = 0; h < court->count; h++) {
        const struct hearing *hearing = court->hearings[h];
        struct slice last = {NULL, 0};
        for (size_t r = reading_next(hearing->agreement, &last); r != SIZE_MAX;
             r = reading_next(hearing->agreement, &last))
            if (links_so(&hearing->matter, &hearing->agreement->readings[r], link, word))
                put_reading_name(w, hearing->agreement, &hearing->agreement->readings[r]);
    }
    json_put_close(w);
}

static bool names_both(const struct view *view, const struct entry *a, const struct entry *b)
{
    size_t shared = 0;
    for (size_t i = 0; i < a->name_count; i++) {
        const struct entry *named = view_named(view, a, i);
        bool found = false;
        for (size_t k = 0; k < b->name_count && !found; k++) found = named != NULL && view_named(view, b, k) == named;
        shared += found;
    }
    return shared > 1;
}

/* Links that say the opposite of two records that this one names as well. */
static void put_contradicting(const struct view *view, struct json_writer *w, const struct entries *links,
                              const struct entry *link)
{
    struct slice word = json_find_string(link->body, "link");
    json_put_key(w, "contradicted_by");
    json_put_array(w);
    for (size_t i = 0; i < links->count; i++) {
        const struct entry *other = links->list[i];
        if (other->counts && !slice_equal(json_find_string(other->body, "link"), word) && names_both(view, link, other))
            put_id(w, other);
    }
    json_put_close(w);
}

static void put_link(const struct view *view, const struct court *court, struct json_writer *w,
                     const struct entries *links, const struct entry *link)
{
    struct entries named = {0};
    bool same = slice_is(json_find_string(link->body, "link"), "same");
    for (size_t k = 0; k < link->name_count; k++) {
        const struct entry *entry = view_named(view, link, k);
        if (entry != NULL && !among(&named, entry)) entries_put(&named, entry);
    }
    json_put_object(w);
    put_ids(w, "about", &named);
    json_put_key(w, "by"), json_put_slice(w, link->by);
    put_contradicting(view, w, links, link);
    put_followed(w, court, link, same ? "same" : "distinct");
    json_put_key(w, "id"), put_id(w, link);
    json_put_key(w, "link"), json_put_string(w, same ? "same" : "distinct");
    put_time(w, "received", link->received);
    json_put_close(w);
    entries_clear(&named);
}

static void put_links(const struct view *view, const struct court *court, struct json_writer *w,
                      const struct incident *incident)
{
    const struct entries *links = &incident->c.links;
    json_put_key(w, "links");
    json_put_array(w);
    for (size_t i = 0; i < links->count; i++)
        if (links->list[i]->counts && has_part(view, &incident->all, links->list[i]))
            put_link(view, court, w, links, links->list[i]);
    json_put_close(w);
}

/* How a reading parts the incident's records. */
static bool put_reading(struct json_writer *w, const struct hearing *hearing, size_t r, struct incident *incident)
{
    struct cluster *c = &incident->c;
    if (!cluster_join(&hearing->matter, &hearing->agreement->readings[r], c)) return false;
    json_put_object(w);
    json_put_key(w, "agreement"), json_put_slice(w, hearing->agreement->name);
    json_put_key(w, "events");
    json_put_array(w);
    for (size_t i = 0; i < c->roots.count; i++) {
        if (cluster_top(c, i) != i || whole_of(incident, i) != incident->top) continue;
        json_put_array(w);
        for (size_t k = i; k < c->roots.count; k++)
            if (cluster_top(c, k) == i) put_id(w, c->roots.list[k]);
        json_put_close(w);
    }
    json_put_close(w);
    json_put_key(w, "reading"), json_put_slice(w, hearing->agreement->readings[r].name);
    json_put_close(w);
    return true;
}

static bool put_readings(const struct court *court, struct json_writer *w, struct incident *incident)
{
    json_put_key(w, "readings");
    json_put_array(w);
    for (size_t h = 0; h < court->count; h++) {
        const struct hearing *hearing = court->hearings[h];
        struct slice last = {NULL, 0};
        for (size_t r = reading_next(hearing->agreement, &last); r != SIZE_MAX;
             r = reading_next(hearing->agreement, &last))
            if (!put_reading(w, hearing, r, incident)) return false;
    }
    json_put_close(w);
    return true;
}

/* ---- what may tell of the same: at the same time and place within their errors, and no link says either way */

static bool may_be_same(const struct view *view, const struct entry *a, const struct entry *b, int64_t *apart_mm)
{
    const struct tale *x = tale_of(a), *y = tale_of(b);
    struct disc one, other;
    if (x == NULL || y == NULL || !x->timed || !y->timed || x->from > y->to || y->from > x->to) return false;
    if (!x->placed || !y->placed) return false;
    *apart_mm = 0;
    if (x->where.name != 0 && x->where.name == y->where.name) return true;
    if (!disc_of(view, x, &one) || !disc_of(view, y, &other)) return false;
    *apart_mm = geo_distance_mm(one.centre, other.centre);
    return *apart_mm <= one.radius_mm + other.radius_mm + geo_error_mm(*apart_mm);
}

static bool linked(const struct view *view, const struct incident *incident, const struct entry *other)
{
    for (size_t i = 0; i < incident->c.links.count; i++) {
        const struct entry *link = incident->c.links.list[i];
        bool named = false;
        for (size_t k = 0; link->counts && k < link->name_count && !named; k++)
            named = view_named(view, link, k) == other;
        if (named && has_part(view, &incident->all, link)) return true;
    }
    return false;
}

static const struct entry *nearest_of(const struct view *view, const struct incident *incident,
                                      const struct entry *other, int64_t *apart_mm)
{
    const struct entry *best = NULL;
    for (size_t i = 0; i < incident->all.count; i++) {
        int64_t apart;
        if (!incident->all.list[i]->tells_event || !may_be_same(view, incident->all.list[i], other, &apart)) continue;
        if (best == NULL || apart < *apart_mm) best = incident->all.list[i], *apart_mm = apart;
    }
    return best;
}

static void put_suggested(const struct view *view, struct json_writer *w, const struct incident *incident)
{
    size_t told = 0;
    json_put_key(w, "suggested");
    json_put_array(w);
    for (size_t i = 0; i < view->count && told < INCIDENT_SUGGESTED_MOST; i++) {
        const struct entry *other = view_entry(view, i);
        int64_t apart_mm = 0;
        if (!other->tells_event || !other->counts || among(&incident->all, other)) continue;
        const struct entry *nearest = nearest_of(view, incident, other, &apart_mm);
        if (nearest == NULL || linked(view, incident, other)) continue;
        json_put_object(w);
        json_put_key(w, "about");
        json_put_array(w);
        put_id(w, nearest);
        put_id(w, other);
        json_put_close(w);
        put_number(w, "apart_m", apart_mm / 1000);
        json_put_close(w);
        told++;
    }
    json_put_close(w);
}

/* ---- the whole */

/* The first records of the incidents that it is part of. */
static void find_firsts(const struct view *view, const struct incident *incident, const struct entry *entry,
                        struct entries *out)
{
    for (size_t i = 0; i < incident->c.roots.count; i++) {
        struct entries all = {0};
        if (whole_of(incident, i) != i) continue;
        gather(view, incident, i, &all);
        if (has_part(view, &all, entry)) entries_put(out, incident->c.roots.list[i]);
        entries_clear(&all);
    }
}

enum status incident_firsts(struct view *view, const struct entry *entry, struct entries *out, struct error *error)
{
    struct incident incident = {.top = 0};
    enum status status = find(view, entry, &incident, error);
    if (status == STATUS_DONE) find_firsts(view, &incident, entry, out);
    incident_clear(&incident);
    return status;
}

static void put_also(const struct view *view, struct json_writer *w, const struct incident *incident,
                     const struct entry *entry)
{
    struct entries firsts = {0};
    find_firsts(view, incident, entry, &firsts);
    json_put_key(w, "also");
    json_put_array(w);
    for (size_t i = 0; i < firsts.count; i++)
        if (firsts.list[i] != incident->c.roots.list[incident->top]) put_id(w, firsts.list[i]);
    json_put_close(w);
    entries_clear(&firsts);
}

enum status incident_open(struct incident **out, struct view *view, uint64_t index, struct error *error)
{
    struct incident *incident = calloc(1, sizeof *incident);
    const struct entry *entry = view_at(view, index);
    if (incident == NULL) return arena_full(error);
    incident->view = view;
    incident->entry = entry == NULL ? NULL : view_head(view, entry);
    enum status status = find(view, entry, incident, error);
    if (status != STATUS_DONE) incident_close(&incident);
    *out = incident;
    return status;
}

void incident_close(struct incident **incident)
{
    if (*incident == NULL) return;
    incident_clear(*incident);
    free(*incident);
    *incident = NULL;
}

void incident_records(const struct incident *incident, struct event_records *out)
{
    *out = (struct event_records){.more = incident->all.count > EVENT_RECORDS_MOST};
    for (size_t i = 0; i < incident->all.count && i < EVENT_RECORDS_MOST; i++)
        out->index[out->count++] = incident->all.list[i]->index;
}

enum status incident_put(struct incident *incident, struct slice beside, bool suggest, struct json_writer *w,
                         struct error *error)
{
    const struct view *view = incident->view;
    struct point origin = {0, 0};
    json_put_object(w);
    put_also(view, w, incident, incident->entry);
    if (beside.size > 0) json_put_key(w, "beside"), json_put_raw(w, beside);
    json_put_key(w, "first"), put_id(w, incident->all.list[0]);
    put_links(view, view->court, w, incident);
    json_put_key(w, "members");
    json_put_array(w);
    (void)origin_of(view, &incident->all, &origin);
    for (size_t i = 0; i < incident->all.count; i++) put_member(view, w, incident->all.list[i], origin);
    json_put_close(w);
    if (!put_readings(view->court, w, incident)) return arena_full(error);
    if (suggest) put_suggested(view, w, incident);
    json_put_close(w);
    return STATUS_DONE;
}

/* ---- looking for some */

static bool is_there(const struct sought *sought, struct disc disc)
{
    if (sought->has_near) {
        int64_t apart = geo_distance_mm(disc.centre, sought->near);
        if (apart - geo_error_mm(apart) > sought->within_mm + disc.radius_mm) return false;
    }
    if (!sought->has_box || geo_box_contains(sought->box, disc.centre)) return true;
    struct point edge = disc.centre;
    const struct box *box = &sought->box;
    if (edge.lat_e7 < box->south_e7) edge.lat_e7 = box->south_e7;
    if (edge.lat_e7 > box->north_e7) edge.lat_e7 = box->north_e7;
    if (edge.lon_e7 < box->west_e7) edge.lon_e7 = box->west_e7;
    if (edge.lon_e7 > box->east_e7) edge.lon_e7 = box->east_e7;
    return geo_box_contains(*box, edge) && geo_distance_mm(edge, disc.centre) <= disc.radius_mm;
}

static bool tells_so(const struct view *view, const struct sought *sought, const struct entry *entry)
{
    const struct tale *tale = tale_of(entry);
    struct disc disc;
    bool timed = sought->has_from || sought->has_to;
    if (timed && (tale == NULL || !tale->timed)) return false;
    if (sought->has_from && tale->to < sought->from) return false;
    if (sought->has_to && tale->from > sought->to) return false;
    if (!sought->has_near && !sought->has_box) return true;
    return disc_of(view, tale, &disc) && is_there(sought, disc);
}

static bool all_fit(const struct view *view, const struct sought *sought, const struct entries *all)
{
    symbol against = view_symbol(view, sought->against);
    bool told = false, by = sought->by.size == 0, attributed = sought->against.size == 0;
    if (!attributed && against == 0) return false;
    for (size_t i = 0; i < all->count; i++) {
        const struct entry *entry = all->list[i];
        told = told || tells_so(view, sought, entry);
        by = by || slice_equal(entry->by, sought->by);
        attributed = attributed || (entry->own != NULL && entry->own->actor == against) ||
                     (entry->told != NULL && entry->told->actor == against);
    }
    return told && by && attributed && (!sought->several || all->count > 1);
}

enum status sought_fits(struct view *view, uint64_t index, const struct sought *sought, bool *fits, struct error *error)
{
    struct incident incident = {.top = 0};
    struct entries alone = {0};
    const struct entry *entry = view_at(view, index);
    struct court *court;
    *fits = false;
    TRY(court_sit(&court, view, error)); /* it knows where named places are */
    enum status status = entry == NULL ? STATUS_DONE : find(view, entry, &incident, NULL);
    if (entry != NULL && status == STATUS_DONE) *fits = all_fit(view, sought, &incident.all);
    if (entry != NULL && status != STATUS_DONE && entries_put(&alone, entry)) *fits = all_fit(view, sought, &alone);
    entries_clear(&alone);
    incident_clear(&incident);
    return STATUS_DONE;
}

static enum status consider(struct view *view, const struct entry *entry, const struct sought *sought, bool *fits,
                            struct error *error)
{
    struct incident incident = {.top = 0};
    struct entries alone = {0};
    *fits = false;
    if (entry->mentions == 0 && !entry->has_replaces) {
        entries_put(&alone, entry);
        *fits = all_fit(view, sought, &alone);
        entries_clear(&alone);
        return STATUS_DONE;
    }
    enum status status = find(view, entry, &incident, error);
    if (status == STATUS_DONE) *fits = incident.all.list[0] == entry && all_fit(view, sought, &incident.all);
    incident_clear(&incident);
    return status;
}

enum status incidents_walk(struct view *view, uint64_t after, const struct sought *sought, incident_found *found,
                           void *context, struct error *error)
{
    struct court *court;
    bool on = true;
    TRY(court_sit(&court, view, error));
    for (size_t i = 0; i < view->count && on; i++) {
        const struct entry *entry = view_entry(view, i);
        bool fits;
        if (entry->index < after || !entry->tells_event || !entry->counts) continue;
        TRY(consider(view, entry, sought, &fits, error));
        if (fits) TRY(found(context, entry->index, &on, error));
    }
    return STATUS_DONE;
}

bool view_counts(const struct view *view, uint64_t index)
{
    return index < view->size && effects_of(view->effects, index, NULL) == EFFECT_COUNTS;
}
