/* Compliance: each term, day by day, as each reading counts it, with what was watched of the day and what kept others
 * from watching beside every count. Written for the days that are asked for alone, so that a long ceasefire costs no
 * more than a short one. */
#include "terms/compliance.h"
#include "terms/write.h"

#include "record/check.h"
#include <stdio.h>
#include <stdlib.h>

enum { DATE_SIZE = 16, RESTRICTIONS_MOST = 64 };

/* One term of one agreement, for the days from … to. */
struct sheet {
    struct json_writer *out;
    const struct compliance_query *query;
    struct matter *matter;
    size_t term;
    int64_t at;
    struct slice bound[BOUND_MOST];
    symbol symbols[BOUND_MOST];
    size_t bound_count;
    size_t told_first, told_count; /* of those, each that is told by itself */
    struct compliance *readings;   /* one a reading */
    const struct entry *restrictions[RESTRICTIONS_MOST];
    size_t restriction_count;
};

/* ---- days */

static void date_of(int64_t day, char out[DATE_SIZE])
{
    char text[TIME_TEXT_SIZE];
    time_format(day * 86400, text);
    snprintf(out, DATE_SIZE, "%.10s", text);
}

/* The last moment of its life: now, while it or one of its channels is in force; else the last at which any was. */
static int64_t life_ends(const struct matter *matter, int64_t at)
{
    int64_t last = EVER;
    for (size_t i = 0; i <= matter->agreement->channel_count; i++) {
        const struct course *course = i == 0 ? &matter->whole : &matter->channels[i - 1];
        const struct stage *stage = course_at(course, at);
        if (stage->stand == STAND_IN_FORCE) return at;
        while (stage > course->stages && stage->stand != STAND_IN_FORCE) stage--;
        if (stage->stand == STAND_IN_FORCE && stage[1].at - 1 > last) last = stage[1].at - 1;
    }
    return last == EVER ? at : last;
}

struct range {
    int64_t from, to; /* both in it */
};
static struct range range_of(const struct compliance_query *query, const struct matter *matter, const struct zone *zone,
                             int64_t at)
{
    struct range range = {query->from, query->to};
    int64_t today = zone_day(zone, at);
    if (!query->has_to) range.to = zone_day(zone, life_ends(matter, at));
    if (!query->has_to && query->has_from && range.to < range.from) range.to = range.from;
    if (range.to > today) range.to = today; /* nothing can be said of what has not come */
    if (!query->has_from) range.from = range.to - COMPLIANCE_DAYS + 1;
    if (!query->has_to && query->has_from && range.to - range.from >= COMPLIANCE_DAYS_MOST)
        range.to = range.from + COMPLIANCE_DAYS_MOST - 1;
    return range;
}

/* ---- whom a term binds: in the agreement's order, then in the term's */

static void bind(struct sheet *s, struct slice name)
{
    symbol number = view_symbol(s->matter->view, name);
    for (size_t i = 0; i < s->bound_count; i++)
        if (s->symbols[i] == number) return;
    if (number == 0 || s->bound_count == BOUND_MOST) return;
    s->bound[s->bound_count] = name;
    s->symbols[s->bound_count++] = number;
}

static void bind_names(struct sheet *s, const struct group *group)
{
    for (size_t i = 0; group->type == GROUP_NAMES && i < group->names.count; i++) bind(s, group->names.list[i]);
    for (size_t i = 0; group->type == GROUP_ANY && i < group->count; i++) bind_names(s, group->parts[i]);
}

static void find_bound(struct sheet *s, int64_t from, int64_t to)
{
    const struct wording *wording = &s->matter->agreement->terms[s->term].wordings[0];
    enum rule_type type = wording->rule->type;
    const struct json *parties = json_find(s->matter->record->body, "parties");
    s->bound_count = 0;
    if (wording->who == NULL || type == RULE_HELD || type == RULE_ALL || type == RULE_ANY) return;
    for (const struct json *p = parties == NULL ? NULL : parties->first; p != NULL; p = p->next) {
        symbol number = view_symbol(s->matter->view, p->string);
        if (number != 0 && group_has_during(s->matter, wording->who, number, from, to) != OUT) bind(s, p->string);
    }
    bind_names(s, wording->who);
}

/* Of which of them by itself; false: it is asked for somebody whom the term does not bind. */
static bool find_told(struct sheet *s)
{
    struct slice party = s->query->party;
    s->told_first = 0;
    s->told_count = slice_is(party, "*") ? 0 : s->bound_count;
    if (party.size == 0 || slice_is(party, "*")) return true;
    while (s->told_first < s->bound_count && !slice_equal(s->bound[s->told_first], party)) s->told_first++;
    s->told_count = s->told_first < s->bound_count;
    return s->told_count > 0;
}

/* ---- writing */

static void put_word(struct json_writer *out, const char *key, const char *word)
{
    json_put_key(out, key);
    json_put_string(out, word);
}

static void put_name(struct json_writer *out, const char *key, struct slice name)
{
    if (name.size == 0) return;
    json_put_key(out, key);
    json_put_slice(out, name);
}

static void put_number(struct json_writer *out, const char *key, int64_t number)
{
    json_put_key(out, key);
    json_put_integer(out, number);
}

static void put_told(struct json_writer *out, const char *key, const struct told *told)
{
    if (told->count == 0) return;
    json_put_key(out, key);
    json_put_object(out);
    json_put_key(out, "ids");
    json_put_array(out);
    for (size_t i = 0; i < told->count && i < TOLD_MOST; i++) put_id(out, told->list[i]);
    json_put_close(out);
    put_number(out, "records", (int64_t)told->count);
    json_put_close(out);
}

static void put_watch(struct json_writer *out, const struct day_watch *watch)
{
    if (!watch->asked) return;
    json_put_key(out, "watched");
    json_put_object(out);
    json_put_key(out, "enough");
    json_put_bool(out, watch->enough);
    put_number(out, "needed_permille", watch->needed_permille);
    put_number(out, "of_s", watch->of_s);
    put_name(out, "place", watch->place);
    put_number(out, "watched_s", watch->watched_s);
    json_put_close(out);
}

static void put_clock_run(struct json_writer *out, const struct compliance_day *day)
{
    json_put_key(out, "run");
    json_put_object(out);
    put_number(out, "possible_s", day->possible_s);
    put_number(out, "sure_s", day->sure_s);
    json_put_close(out);
}

static void put_party(const struct sheet *s, const struct cell *cell, struct slice name)
{
    struct json_writer *out = s->out;
    json_put_object(out);
    put_told(out, "counted", &cell->counted);
    put_told(out, "excused", &cell->excused);
    put_name(out, "party", name);
    put_told(out, "perhaps", &cell->perhaps);
    if (cell->has_state) put_word(out, "state", day_name(cell->state));
    if (cell->has_verdict) put_word(out, "verdict", verdict_name(cell->verdict));
    json_put_close(out);
}

static void put_reading(const struct sheet *s, const struct compliance *reading, int64_t from, int64_t to)
{
    struct json_writer *out = s->out;
    struct compliance_day day;
    compliance_tell(reading, from, to, &day);
    json_put_object(out);
    put_told(out, "counted", &day.all.counted);
    put_told(out, "excused", &day.all.excused);
    json_put_key(out, "parties");
    json_put_array(out);
    for (size_t i = 0; i < s->told_count; i++) put_party(s, &day.party[i], s->bound[s->told_first + i]);
    json_put_close(out);
    put_told(out, "perhaps", &day.all.perhaps);
    if (day.has_run) put_clock_run(out, &day);
    if (day.all.has_state) put_word(out, "state", day_name(day.all.state));
    if (day.all.term != NULL) put_name(out, "term", day.all.term->id);
    put_word(out, "verdict", verdict_name(day.all.verdict));
    put_watch(out, &day.watch);
    json_put_close(out);
}

/* ---- restrictions, whoever was restricted */

static void keep_restriction(void *context, const struct entry *entry)
{
    struct sheet *s = context;
    for (size_t i = 0; i < s->restriction_count; i++)
        if (s->restrictions[i] == entry) return;
    size_t i = s->restriction_count;
    if (i == RESTRICTIONS_MOST) return;
    for (s->restriction_count++; i > 0 && entry_order(s->restrictions[i - 1], entry) > 0; i--)
        s->restrictions[i] = s->restrictions[i - 1];
    s->restrictions[i] = entry;
}

static void put_restrictions(struct sheet *s, int64_t from, int64_t to)
{
    const struct trial *t = s->readings[0].trial;
    s->restriction_count = 0;
    watchers_restrictions(&t->watch, from, to, keep_restriction, s);
    for (size_t i = 0; t->wording->rule->type == RULE_HELD && i < t->wording->rule->count; i++)
        watchers_restrictions(&t->parts[i]->watch, from, to, keep_restriction, s);
    json_put_key(s->out, "restrictions");
    json_put_array(s->out);
    for (size_t i = 0; i < s->restriction_count; i++) put_id(s->out, s->restrictions[i]);
    json_put_close(s->out);
}

/* ---- a day, a term */

static bool wanted(const struct sheet *s, size_t reading)
{
    struct slice only = s->query->reading;
    return only.size == 0 || slice_equal(only, s->matter->agreement->readings[reading].name);
}

static void put_day(struct sheet *s, const struct zone *zone, int64_t day)
{
    struct json_writer *out = s->out;
    struct slice last = {NULL, 0};
    int64_t from = zone_day_start(zone, day), to = zone_day_start(zone, day + 1);
    int64_t end = to - 1 < s->at ? to - 1 : s->at;
    char date[DATE_SIZE];
    if (from > s->at) return;
    date_of(day, date);
    json_put_object(out);
    put_word(out, "day", date);
    put_time(out, "from", from);
    json_put_key(out, "readings");
    json_put_object(out);
    for (size_t r = reading_next(s->matter->agreement, &last); r != SIZE_MAX;
         r = reading_next(s->matter->agreement, &last)) {
        if (!wanted(s, r)) continue;
        json_put_key_slice(out, last);
        put_reading(s, &s->readings[r], from, to);
    }
    json_put_close(out);
    put_restrictions(s, from, to);
    put_time(out, "to", to);
    put_word(out, "verdict", verdict_name(term_verdict(s->matter, s->term, end)));
    json_put_close(out);
}

static const char *rule_name(enum rule_type type)
{
    static const char *const names[] = {
        [RULE_CAP] = "cap", [RULE_FLOOR] = "floor", [RULE_HELD] = "held", [RULE_REPLY] = "reply",
        [RULE_ALL] = "all", [RULE_ANY] = "any",     [RULE_MAY] = "may"};
    return names[type];
}

/* Of a continuity clock: do its terms? */
static bool asks_watching(const struct trial *t)
{
    bool asks = !t->wording->watch.log && t->wording->watch.count > 0;
    for (size_t i = 0; t->wording->rule->type == RULE_HELD && i < t->wording->rule->count; i++)
        asks |= asks_watching(t->parts[i]);
    return asks;
}

static void put_term(struct sheet *s, struct range range)
{
    struct json_writer *out = s->out;
    const struct term *term = &s->matter->agreement->terms[s->term];
    json_put_object(out);
    put_name(out, "answers", term->answers);
    json_put_key(out, "bound");
    json_put_array(out);
    for (size_t i = 0; i < s->bound_count; i++) json_put_slice(out, s->bound[i]);
    json_put_close(out);
    put_name(out, "channel", term->channel);
    json_put_key(out, "days");
    json_put_array(out);
    for (int64_t day = range.from; day <= range.to; day++) put_day(s, term->zone, day);
    json_put_close(out);
    if (term->wordings[0].rule->type == RULE_HELD) put_number(out, "held_s", term->wordings[0].rule->held_s);
    put_name(out, "id", term->id);
    put_word(out, "rule", rule_name(term->wordings[0].rule->type));
    put_word(out, "watch", asks_watching(s->readings[0].trial) ? "places" : "log");
    put_name(out, "zone", term->zone == NULL ? slice_from("") : term->zone->name);
    json_put_close(out);
}

static void write_term(struct sheet *s, struct range range)
{
    const struct agreement *a = s->matter->agreement;
    const struct zone *zone = a->terms[s->term].zone;
    int64_t from = zone_day_start(zone, range.from), to = zone_day_start(zone, range.to + 1);
    struct compliance readings[READINGS_MOST] = {0};
    find_bound(s, from, to);
    if (!find_told(s)) return;
    s->readings = readings;
    for (size_t r = 0; r < a->reading_count && !s->matter->full; r++) {
        const struct trial *trial = trial_get(s->matter, s->term, r, 0);
        if (trial == NULL) break;
        if (!compliance_gather(&readings[r], trial, from, to, s->at, s->symbols + s->told_first, s->told_count))
            s->matter->full = true;
    }
    if (!s->matter->full) put_term(s, range);
    for (size_t r = 0; r < a->reading_count; r++) compliance_close(&readings[r]);
}

/* ---- agreements */

static bool asks_for(const struct compliance_query *query, const struct hearing *hearing, int64_t at)
{
    const struct entry *record = hearing->record;
    bool known = record->received <= at || entry_time(record, "written") <= at;
    return known && (query->agreement.size == 0 || slice_equal(query->agreement, hearing->agreement->name));
}

static enum status write_agreement(const struct compliance_query *query, struct hearing *hearing, int64_t at,
                                   struct json_writer *out, struct error *error)
{
    const struct agreement *a = hearing->agreement;
    struct sheet sheet = {.out = out, .query = query, .matter = &hearing->matter, .at = at};
    const struct zone *zone = a->term_count == 0 ? NULL : a->terms[0].zone;
    struct range range = range_of(query, &hearing->matter, zone, at);
    char date[DATE_SIZE];
    json_put_object(out);
    if (a->decides != NULL) put_name(out, "decides", a->decides->name);
    date_of(range.from, date), put_word(out, "from", date);
    put_name(out, "id", a->name);
    json_put_key(out, "record"), put_id(out, hearing->record);
    json_put_key(out, "terms");
    json_put_array(out);
    for (sheet.term = 0; sheet.term < a->term_count && !hearing->matter.full; sheet.term++)
        if (query->term.size == 0 || slice_equal(query->term, a->terms[sheet.term].id)) write_term(&sheet, range);
    json_put_close(out);
    date_of(range.to, date), put_word(out, "to", date);
    json_put_close(out);
    return hearing->matter.full ? arena_full(error) : STATUS_DONE;
}

/* ---- what is asked for must be there */

static bool has_term(const struct agreement *a, struct slice term)
{
    for (size_t i = 0; i < a->term_count; i++)
        if (slice_equal(a->terms[i].id, term)) return true;
    return term.size == 0;
}

static bool has_reading(const struct agreement *a, struct slice reading)
{
    for (size_t i = 0; i < a->reading_count; i++)
        if (slice_equal(a->readings[i].name, reading)) return true;
    return reading.size == 0;
}

static bool group_names(const struct group *group, struct slice name)
{
    bool found = false;
    for (size_t i = 0; group->type == GROUP_NAMES && i < group->names.count; i++)
        found = found || slice_equal(group->names.list[i], name);
    for (size_t i = 0; group->type == GROUP_ANY && i < group->count; i++)
        found = found || group_names(group->parts[i], name);
    return found;
}

/* Whoever takes part in the register or the agreement, or is named by a term. */
static bool has_party(const struct hearing *hearing, struct slice party)
{
    const struct agreement *a = hearing->agreement;
    const struct members *members = hearing->matter.view->members;
    const struct json *parties = json_find(hearing->matter.record->body, "parties");
    bool found = party.size == 0 || slice_is(party, "*");
    for (size_t i = 0; i < members_count(members) && !found; i++)
        found = slice_equal(members_at(members, i)->party, party);
    for (const struct json *p = parties == NULL ? NULL : parties->first; p != NULL && !found; p = p->next)
        found = slice_equal(p->string, party);
    for (size_t i = 0; i < a->term_count && !found; i++)
        found = a->terms[i].wordings[0].who != NULL && group_names(a->terms[i].wordings[0].who, party);
    return found;
}

static enum status check(const struct court *court, const struct compliance_query *query, int64_t at,
                         struct error *error)
{
    bool agreement = query->agreement.size == 0, term = query->term.size == 0, reading = query->reading.size == 0;
    bool party = query->party.size == 0;
    for (size_t i = 0; i < court->count; i++) {
        if (!asks_for(query, court->hearings[i], at)) continue;
        agreement = true;
        term = term || has_term(court->hearings[i]->agreement, query->term);
        reading = reading || has_reading(court->hearings[i]->agreement, query->reading);
        party = party || has_party(court->hearings[i], query->party);
    }
    if (!agreement)
        return error_set(error, STATUS_USAGE, "agreement-unknown", "There is no agreement \"{0}\".",
                         error_slice(query->agreement).text, NULL);
    if (!term)
        return error_set(error, STATUS_USAGE, "term-unknown", "There is no term \"{0}\".",
                         error_slice(query->term).text, NULL);
    if (!reading)
        return error_set(error, STATUS_USAGE, "reading-unknown", "The agreement has no reading \"{0}\".",
                         error_slice(query->reading).text, NULL);
    if (!party)
        return error_set(error, STATUS_USAGE, "party-unknown", "There is no party \"{0}\".",
                         error_slice(query->party).text, NULL);
    if (query->has_from && query->has_to && query->to < query->from)
        return error_set(error, STATUS_USAGE, "compliance-order", "The last day lies before the first.", NULL);
    if (query->has_from && query->has_to && query->to - query->from >= COMPLIANCE_DAYS_MOST)
        return error_set(error, STATUS_USAGE, "compliance-days", "At most {0} days are told at once.",
                         error_number(COMPLIANCE_DAYS_MOST).text, NULL);
    return STATUS_DONE;
}

enum status compliance_write(struct view *view, const struct compliance_query *query, int64_t as_of,
                             struct json_writer *out, struct error *error)
{
    struct court *court;
    TRY(court_sit(&court, view, error));
    TRY(check(court, query, as_of, error));
    json_put_array(out);
    for (size_t i = 0; i < court->count; i++)
        if (asks_for(query, court->hearings[i], as_of))
            TRY(write_agreement(query, court->hearings[i], as_of, out, error));
    json_put_close(out);
    return STATUS_DONE;
}
