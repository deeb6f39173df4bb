/* One record's text: what it tells of is drawn from the shares, its members stand in the order that canonical JSON
 * wants, and it is written once and straight. Reports lead; the other kinds are about what was said shortly before. */
#include "bench/making.h"
#include "bench/shares.h"
#include <inttypes.h>
#include <stdio.h>

enum { DAY_S = 86400 };

/* ---- the draft */

enum kind { REPORT, CLAIM, RESPONSE, COVERAGE, NOTICE, RECEIPT, QUESTION, ANSWER, KINDS };
static const uint16_t kind_shares[KINDS] = {[REPORT] = 640, [CLAIM] = 110,  [RESPONSE] = 60, [COVERAGE] = 90,
                                            [NOTICE] = 50,  [RECEIPT] = 36, [QUESTION] = 8,  [ANSWER] = 6};
static const char *const kind_names[KINDS] = {
    [REPORT] = "report",     [CLAIM] = "claim",   [RESPONSE] = "response",
    [COVERAGE] = "coverage", [NOTICE] = "notice", [RECEIPT] = "acknowledgement",
    [QUESTION] = "question", [ANSWER] = "answer"};

/* Of the cast, in its order (made.c): 0 secretariat, 1 and 2 guarantors, 3 and 4 sides, 5 monitor, 6 and 7 relief,
 * 8 the dataset, 9 press. */
enum { GUARANTOR = 1, SIDE = 3, MONITOR = 5, DATASET = 8 };
static const uint16_t reporters[CAST] = {0, 0, 0, 4, 4, 30, 8, 4, 40, 10};

struct draft {
    struct made *made;
    struct json_writer *w;
    enum kind kind;
    size_t by;
    struct telling telling;
    int64_t from, to, written;
    unsigned violence; /* of VIOLENCES */
    const struct made_earlier *about;
};

static int64_t below(struct draft *d, int64_t most)
{
    return (int64_t)chance_below(&d->made->chance, (uint64_t)most);
}

static const struct made_earlier *earlier(struct draft *d, const struct ring *ring)
{
    uint64_t held = ring->put < RECENT ? ring->put : RECENT;
    return held == 0 ? NULL : &ring->at[chance_below(&d->made->chance, held)];
}

/* The oldest that nobody took yet: a notice is acknowledged once. */
static const struct made_earlier *take(struct ring *ring)
{
    if (ring->taken + RECENT < ring->put) ring->taken = ring->put - RECENT;
    return ring->taken == ring->put ? NULL : &ring->at[ring->taken++ % RECENT];
}

static size_t other_of(struct draft *d, size_t by)
{
    static const uint16_t addressed[CAST] = {4, 6, 6, 6, 6, 2, 2, 2, 0, 0};
    size_t to;
    do to = chance_pick(&d->made->chance, addressed, CAST);
    while (to == by);
    return to;
}

/* ---- members */

static void put_text_member(struct json_writer *w, const char *key, const char *value)
{
    json_put_key(w, key);
    json_put_string(w, value);
}

static void put_number(struct json_writer *w, const char *key, int64_t number)
{
    json_put_key(w, key);
    json_put_integer(w, number);
}

static void put_time(struct json_writer *w, const char *key, int64_t seconds)
{
    char text[TIME_TEXT_SIZE];
    time_format(seconds, text);
    put_text_member(w, key, text);
}

static void put_id(struct json_writer *w, const char *key, const struct record_id *id)
{
    char hex[HASH_HEX_SIZE];
    hash_format(&id->hash, hex);
    put_text_member(w, key, hex);
}

static void put_by(struct draft *d)
{
    put_text_member(d->w, "by", d->made->cast[d->by].name);
}

static void put_key_and_kind(struct draft *d)
{
    char id[9];
    snprintf(id, sizeof id, "%08" PRIx32, d->made->cast[d->by].signer.verifier.id);
    put_text_member(d->w, "key", id);
    put_text_member(d->w, "kind", kind_names[d->kind]);
}

static void put_prev(struct draft *d)
{
    if (d->made->cast[d->by].seq > 0) put_id(d->w, "prev", &d->made->cast[d->by].prev);
}

static void put_register(struct draft *d)
{
    put_text_member(d->w, "register", d->made->register_name);
}

static void put_seq(struct draft *d)
{
    put_number(d->w, "seq", d->made->cast[d->by].seq);
}

static void put_text(struct draft *d, enum topic topic)
{
    struct made *made = d->made;
    words_make(&made->english, &made->arabic, topic, &d->telling, &made->chance);
    json_put_key(d->w, "text");
    json_put_object(d->w);
    json_put_key(d->w, "ar");
    json_put_slice(d->w, buffer_slice(&made->arabic));
    json_put_key(d->w, "en");
    json_put_slice(d->w, buffer_slice(&made->english));
    bool english = d->by == DATASET;
    put_text_member(d->w, "original", english ? "en" : "ar");
    json_put_key(d->w, "translated_by");
    json_put_object(d->w);
    put_text_member(d->w, english ? "ar" : "en", made->cast[d->by].name);
    json_put_close(d->w);
    json_put_close(d->w);
}

static void put_version(struct draft *d)
{
    put_number(d->w, "v", 1);
}

static void put_point(struct json_writer *w, const char *key, int64_t lat_e7, int64_t lon_e7)
{
    if (key != NULL) json_put_key(w, key);
    json_put_object(w);
    put_number(w, "lat_e7", lat_e7);
    put_number(w, "lon_e7", lon_e7);
    json_put_close(w);
}

static void put_when(struct draft *d, const char *precision)
{
    json_put_key(d->w, "when");
    json_put_object(d->w);
    put_time(d->w, "from", d->from);
    put_text_member(d->w, "precision", precision);
    put_time(d->w, "to", d->to);
    json_put_close(d->w);
}

/* ---- where */

enum { NEAR_E7 = 90000 }; /* about a kilometre: observers give their own positions, not the town's */

static int64_t around(struct draft *d, int64_t e7)
{
    return e7 - NEAR_E7 / 2 + below(d, NEAR_E7);
}

static void put_where(struct draft *d, int64_t radius_m)
{
    const struct made_place *place = d->telling.place;
    bool town = d->by == DATASET;
    json_put_key(d->w, "where");
    json_put_object(d->w);
    put_text_member(d->w, "name", place->english);
    if (town)
        put_point(d->w, "point", place->lat_e7, place->lon_e7);
    else
        put_point(d->w, "point", around(d, place->lat_e7), around(d, place->lon_e7));
    put_number(d->w, "radius_m", radius_m);
    json_put_close(d->w);
}

/* What was heard: a direction from where the observer stood. */
static void put_bearing(struct draft *d)
{
    const struct made_place *place = d->telling.place;
    json_put_key(d->w, "where");
    json_put_object(d->w);
    json_put_key(d->w, "bearing");
    json_put_object(d->w);
    put_number(d->w, "degrees", below(d, 360));
    put_point(d->w, "from", around(d, place->lat_e7), around(d, place->lon_e7));
    put_number(d->w, "least_m", 500 + 500 * below(d, 4));
    put_number(d->w, "most_m", 3000 + 1000 * below(d, 8));
    json_put_close(d->w);
    put_text_member(d->w, "name", place->english);
    json_put_close(d->w);
}

static void put_watched(struct draft *d)
{
    const struct made_place *place = d->telling.place;
    json_put_key(d->w, "where");
    json_put_object(d->w);
    if (chance_permille(&d->made->chance, 300)) {
        int64_t south = around(d, place->lat_e7), west = around(d, place->lon_e7), side = 100000 + 10000 * below(d, 30);
        put_text_member(d->w, "name", place->english);
        json_put_key(d->w, "polygon");
        json_put_array(d->w);
        put_point(d->w, NULL, south, west);
        put_point(d->w, NULL, south, west + side);
        put_point(d->w, NULL, south + side, west + side);
        put_point(d->w, NULL, south + side, west);
        json_put_close(d->w);
    } else {
        put_text_member(d->w, "name", place->english);
        put_point(d->w, "point", around(d, place->lat_e7), around(d, place->lon_e7));
        put_number(d->w, "radius_m", 1000 + 500 * below(d, 10));
    }
    json_put_close(d->w);
}

/* ---- reports */

static const char *const violence_acts[VIOLENCES] = {"state-based-violence", "state-based-violence-summary",
                                                     "non-state-violence",   "non-state-violence-summary",
                                                     "one-sided-violence",   "one-sided-violence-summary"};
static const char *const seen_acts[] = {"shelling", "air-strike", "small-arms-fire", "fire", "presence", "obstruction"};

static const char *act_of(const struct draft *d)
{
    return d->by == DATASET ? violence_acts[d->violence]
                            : seen_acts[(d->telling.dyad + d->violence) % COUNT_OF(seen_acts)];
}

/* Which side of the dyad is a member: the first seven are shared out among the two sides. */
static size_t side_of(const struct draft *d)
{
    return SIDE + d->telling.dyad % 2;
}

static void put_dead(struct draft *d, int64_t low, int64_t best, int64_t high, const char *of)
{
    json_put_object(d->w);
    put_number(d->w, "best", best);
    if (of == NULL) put_number(d->w, "high", high);
    put_text_member(d->w, "kind", "killed");
    if (of == NULL)
        put_number(d->w, "low", low);
    else
        put_text_member(d->w, "of", of);
    json_put_close(d->w);
}

static int64_t draw_best(struct draft *d)
{
    size_t step = chance_below(&d->made->chance, QUANTILES_BEST + 1);
    return step < QUANTILES_BEST ? best_deaths[step] : best_deaths_last[below(d, QUANTILES)];
}

static void put_casualties(struct draft *d)
{
    static const char *const of[DEATHS] = {"side-a", "side-b", "civilians", "unknown"};
    int64_t best = draw_best(d), low = best, high = best;
    if (below(d, SHARED_EVENTS) < SHARED_LOW_HIGH) {
        size_t step = (size_t)below(d, QUANTILES);
        low = best * low_percents[step] / 100;
        high = best * high_percents[QUANTILES - 1 - step] / 100;
    }
    json_put_key(d->w, "casualties");
    json_put_array(d->w);
    put_dead(d, low, best, high, NULL);
    if (d->by == DATASET)
        for (size_t i = 0; i < DEATHS; i++)
            put_dead(d, 0, below(d, SHARED_EVENTS) < death_shares[i] ? (best + 1) / 2 : 0, 0, of[i]);
    json_put_close(d->w);
}

static void put_basis(struct draft *d)
{
    char source[64];
    snprintf(source, sizeof source, "made for measuring, event %" PRIu64, d->made->made);
    json_put_key(d->w, "basis");
    json_put_object(d->w);
    put_text_member(d->w, "kind", d->by == DATASET ? "sourced" : "own");
    if (d->by == DATASET) put_text_member(d->w, "source", source);
    json_put_close(d->w);
}

static void put_source(struct draft *d)
{
    char row[24], hex[HASH_HEX_SIZE];
    snprintf(row, sizeof row, "%" PRIu64, d->made->made);
    struct hash hash = hash_of(slice_from(row));
    hash_format(&hash, hex);
    json_put_key(d->w, "source");
    json_put_object(d->w);
    put_text_member(d->w, "name", "made-events");
    put_text_member(d->w, "row", row);
    put_text_member(d->w, "sha256", hex);
    json_put_close(d->w);
}

static void put_counts(struct draft *d)
{
    static const char *const kinds[] = {"explosion", "burst", "shot"};
    static const char *const exactness[] = {"at-least", "about", "exact"};
    json_put_key(d->w, "counts");
    json_put_array(d->w);
    json_put_object(d->w);
    put_text_member(d->w, "exactness", exactness[below(d, COUNT_OF(exactness))]);
    put_text_member(d->w, "kind", kinds[below(d, COUNT_OF(kinds))]);
    put_number(d->w, "n", d->telling.number);
    json_put_close(d->w);
    json_put_close(d->w);
}

static void put_observer(struct draft *d)
{
    char function[32];
    snprintf(function, sizeof function, "patrol %d", 1 + (int)below(d, 12));
    json_put_key(d->w, "observer");
    json_put_object(d->w);
    put_text_member(d->w, "function", function);
    json_put_close(d->w);
}

static void put_report(struct draft *d)
{
    static const char *const methods[] = {"seen", "heard", "told", "imagery"};
    static const char *const precisions[DATE_PRECISIONS] = {"day", "week", "week", "month", "year"};
    static const int64_t radius_m[PLACE_PRECISIONS] = {5000, 25000, 50000, 150000, 150000, 500000, 1000000};
    struct chance *chance = &d->made->chance;
    bool dataset = d->by == DATASET, names = !dataset && chance_permille(chance, 300);
    const char *method = dataset ? "compiled" : methods[chance_below(chance, COUNT_OF(methods))];
    bool heard = strcmp(method, "heard") == 0 && chance_permille(chance, 300);
    size_t precision = chance_pick(chance, date_precision_shares, DATE_PRECISIONS);
    if (dataset && precision > 0) d->to += (int64_t)span_days[below(d, QUANTILES)] * DAY_S;
    if (d->written < d->to) d->written = d->to + 3600;
    put_text_member(d->w, "act", act_of(d));
    if (names) put_text_member(d->w, "actor", d->made->cast[side_of(d)].name);
    put_basis(d);
    put_by(d);
    if (dataset || chance_permille(chance, 400)) put_casualties(d);
    if (!dataset) put_counts(d);
    put_key_and_kind(d);
    put_text_member(d->w, "method", method);
    if (!dataset) put_observer(d);
    put_prev(d);
    put_register(d);
    put_seq(d);
    if (dataset) put_source(d);
    put_text(d, TOPIC_REPORT);
    put_version(d);
    put_when(d, dataset ? precisions[precision] : "exact");
    if (heard)
        put_bearing(d);
    else
        put_where(d, dataset ? radius_m[chance_pick(chance, place_precision_shares, PLACE_PRECISIONS)]
                             : 50 + 50 * below(d, 20));
    put_time(d->w, "written", d->written);
}

/* ---- the others */

static void put_about(struct draft *d)
{
    json_put_key(d->w, "about");
    json_put_array(d->w);
    char hex[HASH_HEX_SIZE];
    hash_format(&d->about->id.hash, hex);
    json_put_string(d->w, hex);
    json_put_close(d->w);
}

/* What stands behind the kind's own members; `term` and `to` where they are not NULL. */
static void put_end(struct draft *d, enum topic topic, const char *term, const char *to)
{
    put_seq(d);
    if (term != NULL) put_text_member(d->w, "term", term);
    put_text(d, topic);
    if (to != NULL) {
        json_put_key(d->w, "to");
        json_put_array(d->w);
        json_put_string(d->w, to);
        json_put_close(d->w);
    }
    put_version(d);
    put_time(d->w, "written", d->written);
}

static void put_claim(struct draft *d)
{
    static const char *const confidence[] = {"low", "medium", "high"};
    static const char *const terms[] = {"calm", "made/no-attacks", "made/watch", NULL};
    put_about(d);
    put_text_member(d->w, "act", act_of(d));
    put_text_member(d->w, "actor", d->made->cast[side_of(d)].name);
    put_by(d);
    put_text_member(d->w, "confidence", confidence[below(d, COUNT_OF(confidence))]);
    json_put_key(d->w, "event");
    json_put_object(d->w);
    put_counts(d);
    put_when(d, "hour");
    put_where(d, 500);
    json_put_close(d->w);
    put_key_and_kind(d);
    put_prev(d);
    put_register(d);
    put_end(d, TOPIC_CLAIM, terms[below(d, COUNT_OF(terms))], NULL);
}

static void put_response(struct draft *d)
{
    static const char *const responses[] = {"deny", "deny", "deny", "partly", "admit"};
    put_by(d);
    put_key_and_kind(d);
    put_id(d->w, "of", &d->about->id);
    put_prev(d);
    put_register(d);
    put_text_member(d->w, "response", responses[below(d, COUNT_OF(responses))]);
    put_end(d, TOPIC_RESPONSE, NULL, NULL);
}

static void put_coverage(struct draft *d)
{
    static const char *const how[] = {"post", "patrol", "camera", "flight"};
    d->to = d->from + 3600 * (1 + below(d, 12));
    d->written = d->to + 1800;
    put_by(d);
    put_text_member(d->w, "how", how[below(d, COUNT_OF(how))]);
    put_key_and_kind(d);
    put_prev(d);
    put_register(d);
    put_seq(d);
    put_text(d, TOPIC_COVERAGE);
    put_number(d->w, "uptime_permille", 500 + below(d, 501));
    put_version(d);
    put_when(d, "exact");
    put_watched(d);
    put_time(d->w, "written", d->written);
}

static void put_notice(struct draft *d, const char *to)
{
    put_time(d->w, "acknowledge_by", d->written + 3600);
    put_text_member(d->w, "act", "convoy");
    put_time(d->w, "at", d->written);
    put_by(d);
    json_put_key(d->w, "event");
    json_put_object(d->w);
    put_text_member(d->w, "act", "convoy");
    put_when(d, "hour");
    put_where(d, 500);
    json_put_close(d->w);
    put_key_and_kind(d);
    put_prev(d);
    put_register(d);
    put_end(d, TOPIC_NOTICE, NULL, to);
}

static void put_question(struct draft *d, const char *to)
{
    put_time(d->w, "answer_by", d->written + DAY_S);
    put_time(d->w, "at", d->written);
    put_by(d);
    put_key_and_kind(d);
    put_prev(d);
    put_register(d);
    put_end(d, TOPIC_QUESTION, NULL, to);
}

/* An acknowledgement or an answer. */
static void put_reply(struct draft *d)
{
    put_time(d->w, "at", d->written);
    put_by(d);
    put_key_and_kind(d);
    put_id(d->w, "of", &d->about->id);
    put_prev(d);
    if (d->kind == RECEIPT) put_text_member(d->w, "receipt", "received");
    put_register(d);
    put_end(d, TOPIC_RECEIPT, NULL, NULL);
}

/* ---- the next record */

static size_t day_at(const struct made *made, uint64_t i)
{
    uint64_t sum = made->day_until[made->days - 1], total = made->options.total;
    uint64_t part = i >= total ? sum - 1 : sum * i / total;
    size_t low = 0, high = made->days - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (made->day_until[middle] <= part)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Some of the groups that the dataset has come about by chance, here as there: so many fewer are made on purpose. */
enum { MET_ANYWAY = 150 };

static void next_event(struct made *made)
{
    struct made_event *event = &made->event;
    if (event->left == 0) {
        event->left = 1 + (unsigned)chance_pick(&made->chance, group_shares, GROUPS);
        if (event->left > 1 && chance_permille(&made->chance, MET_ANYWAY)) event->left = 1;
        event->day = made->first_day + (int64_t)day_at(made, made->made);
        event->place = places_pick(&made->places, &made->chance);
        event->dyad = (unsigned)chance_pick(&made->chance, dyad_shares, DYADS);
    }
    event->left--;
}

/* Whom and when: a report tells of the next event, anything else of an earlier one. */
static void draw_report(struct draft *d)
{
    struct made *made = d->made;
    next_event(made);
    d->by = chance_pick(&made->chance, reporters, CAST);
    d->violence = (unsigned)chance_pick(&made->chance, violence_shares, VIOLENCES);
    d->telling.place = made->event.place;
    d->telling.dyad = made->event.dyad;
    d->from = made->event.day * DAY_S + (d->by == DATASET ? 0 : below(d, DAY_S - 7200));
    d->to = d->by == DATASET ? d->from + DAY_S - 1 : d->from + 60 * below(d, 120);
    d->written = d->to + 300 + below(d, d->by == DATASET ? 30 * DAY_S : DAY_S);
}

/* What it is about, or NULL if nothing fits; and who says it. */
static const struct made_earlier *draw_about(struct draft *d)
{
    struct made *made = d->made;
    static const uint16_t claimants[CAST] = {0, 2, 2, 6, 6, 0, 0, 0, 0, 3},
                          callers[CAST] = {1, 3, 3, 4, 4, 0, 3, 3, 0, 0};
    const struct made_earlier *about = NULL;
    switch (d->kind) {
    case CLAIM: about = earlier(d, &made->reports), d->by = chance_pick(&made->chance, claimants, CAST); break;
    case RESPONSE: about = earlier(d, &made->claims), d->by = GUARANTOR + (size_t)below(d, 4); break;
    case COVERAGE: about = earlier(d, &made->reports), d->by = MONITOR; break;
    case NOTICE: about = earlier(d, &made->reports), d->by = chance_pick(&made->chance, callers, CAST); break;
    case QUESTION: about = earlier(d, &made->reports), d->by = GUARANTOR + (size_t)below(d, 2); break;
    case RECEIPT: about = take(&made->notices); break;
    case ANSWER: about = take(&made->questions); break;
    case REPORT:
    case KINDS: break;
    }
    if (about != NULL && (d->kind == RECEIPT || d->kind == ANSWER)) d->by = about->to;
    return about;
}

static void draw(struct draft *d)
{
    d->kind = (enum kind)chance_pick(&d->made->chance, kind_shares, KINDS);
    if (d->kind != REPORT) d->about = draw_about(d);
    if (d->about == NULL) {
        d->kind = REPORT;
        draw_report(d);
    } else {
        d->telling.place = d->about->place;
        d->telling.dyad = d->about->dyad;
        d->violence = d->about->violence;
        d->from = d->about->from;
        d->to = d->about->to_time;
        d->written = d->to + 600 + below(d, 2 * DAY_S);
    }
    d->telling.other = places_pick(&d->made->places, &d->made->chance);
    d->telling.at = d->from;
    d->telling.number = 2 + (unsigned)below(d, 30);
}

static void put_draft(struct draft *d, size_t to)
{
    const char *name = d->made->cast[to].name;
    json_put_object(d->w);
    switch (d->kind) {
    case REPORT: put_report(d); break;
    case CLAIM: put_claim(d); break;
    case RESPONSE: put_response(d); break;
    case COVERAGE: put_coverage(d); break;
    case NOTICE: put_notice(d, name); break;
    case QUESTION: put_question(d, name); break;
    case RECEIPT:
    case ANSWER: put_reply(d); break;
    case KINDS: break;
    }
    json_put_close(d->w);
}

static void remember(struct draft *d, const struct record_id *id, size_t to)
{
    struct made *made = d->made;
    struct ring *ring = d->kind == REPORT     ? &made->reports
                        : d->kind == CLAIM    ? &made->claims
                        : d->kind == NOTICE   ? &made->notices
                        : d->kind == QUESTION ? &made->questions
                                              : NULL;
    if (ring == NULL) return;
    ring->at[ring->put++ % RECENT] = (struct made_earlier){.id = *id,
                                                           .place = d->telling.place,
                                                           .by = d->by,
                                                           .to = to,
                                                           .from = d->from,
                                                           .to_time = d->to,
                                                           .dyad = d->telling.dyad,
                                                           .violence = d->violence};
}

void record_make(struct made *made, struct buffer *text, size_t *author)
{
    struct json_writer w;
    struct draft draft = {.made = made, .w = &w};
    size_t from = text->size;
    json_write_open(&w, text);
    draw(&draft);
    size_t to = draft.kind == NOTICE || draft.kind == QUESTION ? other_of(&draft, draft.by) : 0;
    put_draft(&draft, to);
    buffer_put_byte(text, '\n');
    if (text->failed) return; /* told when the batch is finished */
    struct made_author *by = &made->cast[draft.by];
    by->prev.hash = hash_of(slice_part(buffer_slice(text), from, SIZE_MAX));
    by->seq++;
    remember(&draft, &by->prev, to);
    made->made++;
    *author = draft.by;
}
