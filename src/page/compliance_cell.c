/* A cell of the compliance tables. Nothing is counted by party: a cell says what the day was, by shape and word, and in
 * the same cell what was watched of it and what was restricted. */
#include "page/compliance.h"

#include <inttypes.h>
#include <stdio.h>

enum { RESULTS_MOST = 8, RESTRICTIONS_TOLD = 2, HATCH_SIZE = 32 };

static const struct json *items(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
}

void compliance_address(struct address *address, const struct ledger *ledger, struct asked_days asked)
{
    const struct {
        const char *name;
        struct slice value;
    } values[] = {{"agreement", json_find_string(ledger->of, "id")},
                  {"term", asked.term},
                  {"reading", ledger->reading},
                  {"party", asked.party},
                  {"from", asked.from},
                  {"to", asked.to}};
    address_open(address, "/compliance");
    for (size_t i = 0; i < COUNT_OF(values); i++)
        if (values[i].value.size > 0) address_ask(address, values[i].name, values[i].value);
}

/* ---- whom it binds */

struct slice compliance_party(const struct ledger *ledger)
{
    return slice_is(ledger->party, "*") ? (struct slice){NULL, 0} : ledger->party;
}

bool compliance_has(const struct ledger *ledger, struct slice party)
{
    return ledger->party.size == 0 || slice_equal(ledger->party, party);
}

static bool is_judged(const struct json *party)
{
    return json_find(party, "state") != NULL || json_find(party, "verdict") != NULL;
}

bool compliance_judges_each(const struct json *day)
{
    const struct json *readings = json_find(day, "readings");
    for (const struct json *r = readings == NULL ? NULL : readings->first; r != NULL; r = r->next)
        for (const struct json *party = items(json_find(r, "parties")); party != NULL; party = party->next)
            if (is_judged(party)) return true;
    return false;
}

bool compliance_by_party(const struct ledger *ledger, const struct json *term)
{
    const struct json *bound = json_find(term, "bound");
    if (slice_is(ledger->party, "*") || items(bound) == NULL || bound->size < 2) return false;
    for (const struct json *day = items(json_find(term, "days")); day != NULL; day = day->next)
        if (compliance_judges_each(day)) return true;
    return false;
}

void compliance_bound(struct ledger *ledger, const struct json *term)
{
    struct sheet *sheet = ledger->sheet;
    const struct json *bound = json_find(term, "bound");
    if (items(bound) == NULL || compliance_by_party(ledger, term)) return;
    sheet_begin(sheet, TAG_SPAN, "by");
    html_words(&sheet->html, TR("Whom it binds"));
    html_words(&sheet->html, TR(": "));
    sheet_parties(sheet, bound);
    html_end(&sheet->html, TAG_SPAN);
}

const struct json *compliance_day(const struct json *term, struct slice date)
{
    const struct json *day = items(json_find(term, "days"));
    while (day != NULL && !slice_equal(json_find_string(day, "day"), date)) day = day->next;
    return day;
}

/* ---- what it was */

struct result {
    enum label_table table;
    struct slice id;
};

static struct result result_of(const struct json *thing)
{
    struct slice state = json_find_string(thing, "state");
    return state.size > 0 ? (struct result){LABEL_DAY, state}
                          : (struct result){LABEL_VERDICT, json_find_string(thing, "verdict")};
}

static void put_result(struct ledger *ledger, struct result result)
{
    ledger->breached |= slice_is(result.id, "breached");
    sheet_mark(ledger->sheet, result.table, result.id, "result");
}

bool compliance_result(struct ledger *ledger, const struct json *thing)
{
    struct result result = result_of(thing);
    if (result.id.size > 0) put_result(ledger, result);
    return result.id.size > 0;
}

static const struct json *party_in(const struct json *reading, struct slice party)
{
    const struct json *list = json_find(reading, "parties");
    const struct json *found = list == NULL ? NULL : list->first;
    while (found != NULL && !slice_equal(json_find_string(found, "party"), party)) found = found->next;
    return found;
}

/* Each different one once, in the order of the readings; the one that stands for all first, if there is such a one. */
struct results {
    struct result list[RESULTS_MOST];
    size_t count;
    struct result joint;
};

static void add_result(struct results *results, struct result result)
{
    if (result.id.size == 0) return;
    for (size_t i = 0; i < results->count; i++)
        if (results->list[i].table == result.table && slice_equal(results->list[i].id, result.id)) return;
    if (results->count < RESULTS_MOST) results->list[results->count++] = result;
}

static struct results gather(const struct ledger *ledger, const struct json *day, struct slice party)
{
    const struct json *readings = json_find(day, "readings");
    struct slice decides = json_find_string(ledger->of, "decides");
    struct results out = {.joint = {LABEL_VERDICT, slice_from("disputed")}};
    bool judged = false;
    for (const struct json *r = readings == NULL ? NULL : readings->first; r != NULL; r = r->next) {
        struct result result = result_of(party.size > 0 ? party_in(r, party) : r);
        add_result(&out, result);
        judged |= result.table == LABEL_DAY;
        if (decides.size > 0 && slice_equal(decides, r->key) && result.id.size > 0) out.joint = result;
    }
    if (!judged && party.size == 0 && ledger->reading.size == 0)
        out.joint = (struct result){LABEL_VERDICT, json_find_string(day, "verdict")};
    return out;
}

static void put_results(struct ledger *ledger, const struct results *results)
{
    struct html *html = &ledger->sheet->html;
    if (results->count == 0) {
        html_words(html, "–");
        html_words_in(html, TAG_SPAN, "heard", TR("not judged by itself"));
        return;
    }
    put_result(ledger, results->count == 1 ? results->list[0] : results->joint);
    if (results->count == 1) return;
    sheet_begin(ledger->sheet, TAG_SPAN, "apart");
    for (size_t i = 0; i < results->count; i++) {
        html_words(html, i == 0 ? " (" : TR("; "));
        put_result(ledger, results->list[i]);
    }
    html_words(html, ")");
    html_end(html, TAG_SPAN);
}

/* ---- what was watched */

static void format_hours(char out[24], int64_t seconds)
{
    int64_t minutes = (seconds < 0 ? 0 : seconds) / 60;
    if (minutes % 60 == 0)
        snprintf(out, 24, "%" PRId64, minutes / 60);
    else
        snprintf(out, 24, "%" PRId64 ":%02d", minutes / 60, (int)(minutes % 60));
}

static void put_hours(struct sheet *sheet, int64_t least_s, int64_t most_s, int64_t of_s)
{
    char least[24], most[24], of[24];
    format_hours(least, least_s);
    format_hours(most, most_s);
    format_hours(of, of_s);
    if (least_s == most_s)
        SAY(sheet, TR("Hours watched: {0} of {1}."), hole(HOLE_NUMBER, slice_from(least)),
            hole(HOLE_NUMBER, slice_from(of)));
    else
        SAY(sheet, TR("Hours watched, by reading: {0} to {1} of {2}."), hole(HOLE_NUMBER, slice_from(least)),
            hole(HOLE_NUMBER, slice_from(most)), hole(HOLE_NUMBER, slice_from(of)));
}

void compliance_hours(struct sheet *sheet, const struct json *reading)
{
    const struct json *watched = json_find(reading, "watched");
    int64_t watched_s = json_find_integer(watched, "watched_s", 0);
    if (watched != NULL) put_hours(sheet, watched_s, watched_s, json_find_integer(watched, "of_s", 0));
}

static void put_watched(struct sheet *sheet, const struct json *day)
{
    const struct json *readings = json_find(day, "readings");
    int64_t least = 0, most = 0, of = 0;
    bool any = false;
    for (const struct json *r = readings == NULL ? NULL : readings->first; r != NULL; r = r->next) {
        const struct json *watched = json_find(r, "watched");
        int64_t s = json_find_integer(watched, "watched_s", 0);
        if (watched == NULL) continue;
        if (!any || s < least) least = s;
        if (!any || s > most) most = s;
        of = json_find_integer(watched, "of_s", 0);
        any = true;
    }
    if (!any) return;
    sheet_begin(sheet, TAG_SPAN, "by");
    put_hours(sheet, least, most, of);
    html_end(&sheet->html, TAG_SPAN);
}

static void put_restrictions(struct sheet *sheet, const struct json *ids)
{
    if (items(ids) == NULL) return;
    sheet_begin(sheet, TAG_SPAN, "by");
    html_words(&sheet->html, TR("Restrictions: "));
    sheet_ids(sheet, ids, RESTRICTIONS_TOLD);
    html_end(&sheet->html, TAG_SPAN);
}

/* By the end of the day, where that is another thing than what the day was. */
static void put_by_then(struct ledger *ledger, const struct json *day, bool day_itself)
{
    const struct json *readings = json_find(day, "readings");
    bool one = ledger->reading.size > 0 && readings != NULL && readings->first != NULL;
    struct slice verdict = json_find_string(one ? readings->first : day, "verdict");
    if (!day_itself || verdict.size == 0) return;
    ledger->breached |= slice_is(verdict, "breached");
    sheet_begin(ledger->sheet, TAG_SPAN, "by");
    SAY(ledger->sheet, TR("Result by then: {0}"), hole(HOLE_RESULT, verdict));
    html_end(&ledger->sheet->html, TAG_SPAN);
}

/* ---- the cell */

/* The class that goes with a shape: "day-broken". */
static void name_hatch(char hatch[HATCH_SIZE], const struct results *results)
{
    struct result shown = results->count == 1 ? results->list[0] : results->joint;
    const char *shape = results->count == 0 ? NULL : mark_shape(shown.table, shown.id);
    snprintf(hatch, HATCH_SIZE, "day-%s", shape == NULL ? "none" : shape);
}

static void put_whose(struct ledger *ledger, struct slice party)
{
    if (party.size > 0)
        sheet_party(ledger->sheet, party);
    else
        html_words(&ledger->sheet->html, TR("All together"));
    html_words(&ledger->sheet->html, TR(": "));
}

static void put_link(struct ledger *ledger, const struct json *term, const struct json *day, struct slice party,
                     const struct results *results)
{
    struct slice date = json_find_string(day, "day");
    OWN(address_clear) struct address open;
    compliance_address(&open, ledger, (struct asked_days){json_find_string(term, "id"), party, date, date});
    sheet_link(ledger->sheet, NULL, &open);
    put_results(ledger, results);
    sheet_link_end(ledger->sheet);
}

static void put_all(struct ledger *ledger, const struct json *day, const struct results *results)
{
    put_restrictions(ledger->sheet, json_find(day, "restrictions"));
    put_by_then(ledger, day, results->count > 0 && results->list[0].table == LABEL_DAY);
}

void compliance_cell(struct ledger *ledger, const struct json *term, const struct json *day, struct slice party)
{
    struct sheet *sheet = ledger->sheet;
    struct results results = gather(ledger, day, party);
    char hatch[HATCH_SIZE];
    name_hatch(hatch, &results);
    sheet_begin(sheet, TAG_TD, hatch);
    sheet_begin(sheet, TAG_SPAN, "cell-head");
    put_whose(ledger, party);
    html_end(&sheet->html, TAG_SPAN);
    put_link(ledger, term, day, party, &results);
    put_watched(sheet, day);
    if (party.size == 0) put_all(ledger, day, &results);
    html_end(&sheet->html, TAG_TD);
}

void compliance_line(struct ledger *ledger, const struct json *term, const struct json *day, struct slice party)
{
    struct sheet *sheet = ledger->sheet;
    struct results results = gather(ledger, day, party);
    char hatch[HATCH_SIZE];
    name_hatch(hatch, &results);
    sheet_begin(sheet, TAG_DIV, hatch);
    if (party.size > 0) put_whose(ledger, party);
    put_link(ledger, term, day, party, &results);
    if (party.size == 0) {
        put_watched(sheet, day);
        put_all(ledger, day, &results);
    }
    html_end(&sheet->html, TAG_DIV);
}

/* ---- the continuity clock */

static const struct json *in_reading(const struct json *day, struct slice reading)
{
    const struct json *readings = json_find(day, "readings");
    const struct json *found = readings == NULL ? NULL : readings->first;
    while (found != NULL && !slice_equal(found->key, reading)) found = found->next;
    return found;
}

static void put_shape(struct ledger *ledger, const struct json *term, const struct json *day, struct slice reading)
{
    struct sheet *sheet = ledger->sheet;
    struct slice date = json_find_string(day, "day"), state = json_find_string(in_reading(day, reading), "state");
    if (state.size == 0) return;
    OWN(address_clear) struct address open;
    ledger->breached |= slice_is(state, "breached");
    compliance_address(&open, ledger,
                       (struct asked_days){.term = json_find_string(term, "id"), .from = date, .to = date});
    html_begin(&sheet->html, TAG_LI);
    sheet_link(sheet, NULL, &open);
    mark_put(&sheet->html, LABEL_DAY, state);
    sheet_begin(sheet, TAG_SPAN, "heard"); /* the word, for whoever does not see the shape */
    SAY(sheet, "{0}: ", hole(HOLE_NUMBER, date));
    sheet_label(sheet, LABEL_DAY, state);
    html_end(&sheet->html, TAG_SPAN);
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_LI);
}

static void put_run(struct ledger *ledger, const struct json *term, struct slice reading)
{
    struct sheet *sheet = ledger->sheet;
    const struct json *run = NULL, *days = json_find(term, "days");
    OWN(buffer_clear) struct buffer sure = {0}, wanted = {0};
    for (const struct json *day = days->first; day != NULL; day = day->next) {
        const struct json *next = json_find(in_reading(day, reading), "run");
        if (next != NULL) run = next;
    }
    words_duration(&sure, json_find_integer(run, "sure_s", 0));
    words_duration(&wanted, json_find_integer(term, "held_s", 0));
    sheet_begin(sheet, TAG_DIV, "run");
    if (run != NULL)
        SAY_P(sheet, NULL, TR("Continuous under \"{0}\": {1} of {2}."),
              hole(HOLE_TEXT, tell_reading(sheet->agreement, reading)), hole(HOLE_WORDS, buffer_slice(&sure)),
              hole(HOLE_WORDS, buffer_slice(&wanted)));
    else
        SAY_P(sheet, NULL, TR("Not counting under \"{0}\" in these days."),
              hole(HOLE_TEXT, tell_reading(sheet->agreement, reading)));
    sheet_begin(sheet, TAG_OL, "strip");
    for (const struct json *day = days->first; day != NULL; day = day->next) put_shape(ledger, term, day, reading);
    html_end(&sheet->html, TAG_OL);
    html_end(&sheet->html, TAG_DIV);
}

void compliance_clock(struct ledger *ledger, const struct json *term)
{
    struct sheet *sheet = ledger->sheet;
    const struct json *days = json_find(term, "days");
    const struct json *readings = days == NULL ? NULL : json_find(days->first, "readings");
    if (!slice_is(json_find_string(term, "rule"), "held") || readings == NULL) return;
    sheet_heading(sheet, TAG_H2, TR("The continuity clock, reading by reading"));
    sheet_begin(sheet, TAG_SECTION, "clock");
    SAY_P(sheet, "quiet", TR("{0}: each shape is a day; it opens the records of that day."),
          hole(HOLE_TERM, json_find_string(term, "id")));
    for (const struct json *r = readings->first; r != NULL; r = r->next) put_run(ledger, term, r->key);
    html_end(&sheet->html, TAG_SECTION);
}
