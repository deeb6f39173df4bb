/* Claims with what was answered and found; and, beside what a party counted, what each reading counts by its term. */
#include "terms/account.h"
#include "terms/incident.h"
#include "terms/tally.h"
#include "terms/write.h"
#include <stdlib.h>

static bool among(const struct entries *entries, const struct entry *entry)
{
    for (size_t i = 0; i < entries->count; i++)
        if (entries->list[i] == entry) return true;
    return false;
}

/* ---- a claim */

struct claim {
    struct entries about, responses, findings;
};

static void add_naming(const struct view *view, const struct entry *entry, enum sort sort, struct entries *out)
{
    struct entries naming = {0};
    view_naming(view, entry, &naming);
    for (size_t i = 0; i < naming.count; i++)
        if (naming.list[i]->sort == sort && naming.list[i]->counts && !among(out, naming.list[i]))
            entries_put(out, naming.list[i]);
    out->full = out->full || naming.full;
    entries_clear(&naming);
}

/* What it speaks of, what was answered to it (and to what was answered or found), and what was found of either. */
static void find_claim(const struct view *view, const struct entry *entry, struct claim *out)
{
    for (size_t k = 0; k < entry->name_count; k++) {
        const struct entry *named = view_named(view, entry, k);
        if (named != NULL && named->counts && !among(&out->about, named)) entries_put(&out->about, named);
    }
    add_naming(view, entry, SORT_FINDING, &out->findings);
    for (size_t i = 0; i < out->about.count; i++) add_naming(view, out->about.list[i], SORT_FINDING, &out->findings);
    add_naming(view, entry, SORT_RESPONSE, &out->responses);
    for (size_t i = 0; i < out->findings.count; i++)
        add_naming(view, out->findings.list[i], SORT_RESPONSE, &out->responses);
    entries_sort(&out->about);
    entries_sort(&out->findings);
    entries_sort(&out->responses);
}

static void claim_clear(struct claim *claim)
{
    entries_clear(&claim->about);
    entries_clear(&claim->responses);
    entries_clear(&claim->findings);
}

static void put_said(struct json_writer *w, const char *key, const struct entries *entries, const char *word)
{
    json_put_key(w, key);
    json_put_array(w);
    for (size_t i = 0; i < entries->count; i++) {
        const struct entry *entry = entries->list[i];
        json_put_object(w);
        json_put_key(w, "by"), json_put_slice(w, entry->by);
        struct slice said = json_find_string(entry->body, word);
        bool first = strcmp(word, "id") < 0;
        if (first) json_put_key(w, word), json_put_slice(w, said);
        json_put_key(w, "id"), put_id(w, entry);
        put_time(w, "received", entry->received);
        if (!first) json_put_key(w, word), json_put_slice(w, said);
        json_put_close(w);
    }
    json_put_close(w);
}

static void put_ids(struct json_writer *w, const char *key, const struct entries *entries)
{
    json_put_key(w, key);
    json_put_array(w);
    for (size_t i = 0; i < entries->count; i++) put_id(w, entries->list[i]);
    json_put_close(w);
}

static void add_indexes(struct event_records *out, const struct entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        if (out->count == EVENT_RECORDS_MOST) out->more = true;
        if (out->count < EVENT_RECORDS_MOST) out->index[out->count++] = entries->list[i]->index;
    }
}

enum status claim_write(struct view *view, uint64_t index, struct json_writer *out, struct event_records *records,
                        struct error *error)
{
    const struct entry *entry = view_at(view, index);
    struct claim claim = {.about.count = 0};
    struct entries firsts = {0}, own = {0};
    find_claim(view, entry, &claim);
    enum status status = incident_firsts(view, entry, &firsts, error);
    if (status == STATUS_FAILED && error->code != NULL && strcmp(error->code, "incident-none") == 0)
        status = STATUS_DONE; /* of nothing that was reported */
    entries_put(&own, entry);
    put_ids(out, "about", &claim.about);
    put_said(out, "findings", &claim.findings, "finding");
    put_ids(out, "incidents", &firsts);
    put_said(out, "responses", &claim.responses, "response");
    *records = (struct event_records){.count = 0};
    add_indexes(records, &claim.about);
    add_indexes(records, &own);
    add_indexes(records, &claim.responses);
    add_indexes(records, &claim.findings);
    if (claim.about.full || claim.responses.full || claim.findings.full || firsts.full) status = arena_full(error);
    entries_clear(&own);
    entries_clear(&firsts);
    claim_clear(&claim);
    return status;
}

/* ---- what readings count */

enum { COUNTED_MOST = 200 };

static void put_number(struct json_writer *w, const char *key, int64_t number)
{
    json_put_key(w, key), json_put_integer(w, number);
}

/* Those that are counted, surely or perhaps: each event by its first record. */
static void put_counted(struct json_writer *w, const struct trial *trial, struct period period, int64_t at)
{
    size_t told = 0;
    struct cursor c = shelf_reaching(trial->shelf, period.from);
    json_put_key(w, "records");
    json_put_array(w);
    for (const struct match *match = shelf_next(&c); match != NULL && told < COUNTED_MOST; match = shelf_next(&c)) {
        int64_t lo = 0, hi = 0;
        enum tri time = match_within(trial, match, period, at);
        if (match->from > at || time == OUT) continue;
        match_count(trial, match, time, at, &lo, &hi);
        if (hi == 0) continue;
        put_id(w, match->entry);
        told++;
    }
    json_put_close(w);
}

static void put_watched(struct json_writer *w, const struct trial *trial, struct span span)
{
    int64_t to = span.to < span.as_of ? span.to : span.as_of;
    if (trial->wording->watch.log || to <= span.from) return;
    watchers_version(&trial->watch);
    struct watching watching = watchers_look(&trial->watch, span.from, to);
    json_put_key(w, "watched");
    json_put_object(w);
    json_put_key(w, "enough"), json_put_bool(w, watching.enough);
    put_number(w, "of_s", watching.of_s);
    if (watching.place.size > 0) json_put_key(w, "place"), json_put_slice(w, watching.place);
    put_number(w, "watched_permille", watching.watched_permille);
    json_put_close(w);
}

static enum status put_reading(struct json_writer *w, struct matter *matter, size_t term, size_t r, struct span span,
                               struct error *error)
{
    const struct trial *trial = trial_get(matter, term, r, 0);
    const struct period period = {.from = span.from, .to = span.to};
    if (trial == NULL) return arena_full(error);
    struct tally tally = tally_of(trial, period, span.as_of);
    json_put_object(w);
    put_number(w, "least", tally.lo);
    put_number(w, "most", tally.hi);
    json_put_key(w, "reading"), json_put_slice(w, matter->agreement->readings[r].name);
    put_counted(w, trial, period, span.as_of);
    put_watched(w, trial, span);
    json_put_close(w);
    return STATUS_DONE;
}

static enum status put_term(struct json_writer *w, struct hearing *hearing, size_t term, struct span span,
                            struct error *error)
{
    struct matter *matter = &hearing->matter;
    struct slice last = {NULL, 0};
    json_put_object(w);
    json_put_key(w, "agreement"), json_put_slice(w, hearing->agreement->name);
    json_put_key(w, "readings");
    json_put_array(w);
    for (size_t r = reading_next(hearing->agreement, &last); r != SIZE_MAX; r = reading_next(hearing->agreement, &last))
        TRY(put_reading(w, matter, term, r, span, error));
    json_put_close(w);
    json_put_key(w, "term"), json_put_slice(w, hearing->agreement->terms[term].id);
    json_put_close(w);
    return STATUS_DONE;
}

enum status tally_write(struct view *view, struct slice term, struct span span, struct json_writer *out,
                        struct error *error)
{
    struct court *court;
    struct slice name = term, of = {NULL, 0};
    TRY(court_sit(&court, view, error));
    for (size_t i = 0; i < term.size; i++)
        if (term.data[i] == '/') of = slice_part(term, 0, i), name = slice_part(term, i + 1, term.size);
    for (size_t h = 0; h < court->count; h++) {
        const struct agreement *agreement = court->hearings[h]->agreement;
        if (of.size > 0 && !slice_equal(of, agreement->name)) continue;
        for (size_t i = 0; i < agreement->term_count; i++) {
            enum rule_type type = agreement->terms[i].wordings[0].rule->type;
            bool counts = type == RULE_CAP || type == RULE_FLOOR || type == RULE_MAY;
            if (counts && slice_equal(agreement->terms[i].id, name))
                TRY(put_term(out, court->hearings[h], i, span, error));
        }
    }
    return STATUS_DONE;
}

/* ---- who was watching */

static bool overlaps(const struct entry *entry, struct span span, int64_t *from, int64_t *to)
{
    const struct json *when = json_find(entry->body, "when");
    if (!time_parse(from, json_find_string(when, "from")) || !time_parse(to, json_find_string(when, "to")))
        return false;
    if (*from < span.from) *from = span.from;
    if (*to > span.to) *to = span.to;
    return *from < *to;
}

struct stretch {
    int64_t from, to;
};

static int by_from(const void *a, const void *b)
{
    int64_t x = ((const struct stretch *)a)->from, y = ((const struct stretch *)b)->from;
    return (x > y) - (x < y);
}

/* Time that at least one of the coverages spans; they may overlap. */
static bool union_of(const struct entries *coverages, struct span span, int64_t *watched)
{
    struct stretch *stretches = malloc((coverages->count + 1) * sizeof *stretches);
    int64_t reached = INT64_MIN;
    if (stretches == NULL) return false;
    *watched = 0;
    for (size_t i = 0; i < coverages->count; i++)
        (void)overlaps(coverages->list[i], span, &stretches[i].from, &stretches[i].to);
    if (coverages->count > 1) qsort(stretches, coverages->count, sizeof *stretches, by_from);
    for (size_t i = 0; i < coverages->count; i++) {
        int64_t from = stretches[i].from > reached ? stretches[i].from : reached;
        if (stretches[i].to > from) *watched += stretches[i].to - from;
        if (stretches[i].to > reached) reached = stretches[i].to;
    }
    free(stretches);
    return true;
}

enum status watched_write(struct view *view, struct slice by, struct span span, struct json_writer *out,
                          struct error *error)
{
    struct entries coverages = {0}, restrictions = {0};
    int64_t from, to, watched = 0;
    if (span.to > span.as_of) span.to = span.as_of;
    for (size_t i = 0; i < view->others.count; i++) {
        const struct entry *entry = view->others.list[i];
        if (!entry->counts || !overlaps(entry, span, &from, &to)) continue;
        if (entry->sort == SORT_COVERAGE && slice_equal(entry->by, by)) entries_put(&coverages, entry);
        if (entry->sort == SORT_RESTRICTION) entries_put(&restrictions, entry);
    }
    json_put_object(out);
    put_ids(out, "coverage", &coverages);
    put_number(out, "of_s", span.to > span.from ? span.to - span.from : 0);
    put_ids(out, "restrictions", &restrictions);
    bool full = !union_of(&coverages, span, &watched) || coverages.full || restrictions.full;
    put_number(out, "watched_s", watched);
    json_put_close(out);
    entries_clear(&coverages);
    entries_clear(&restrictions);
    return full ? arena_full(error) : STATUS_DONE;
}
