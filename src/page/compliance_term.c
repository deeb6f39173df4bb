/* One commitment: its days as a table, party beside party; and one day of it, with the records that made it so. */
#include "page/compliance.h"

#include "base/time.h"
#include <inttypes.h>
#include <stdio.h>

enum { RECORDS_TOLD = 20, PARTY_IDS_TOLD = 6 };

static const struct json *items(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
}

/* ---- its head */

void compliance_term_head(struct ledger *ledger, const struct json *term)
{
    struct sheet *sheet = ledger->sheet;
    struct slice id = json_find_string(term, "id"), answers = json_find_string(term, "answers");
    const struct json *clause = tell_clause_text(sheet->page->records, sheet->agreement, id);
    html_begin(&sheet->html, TAG_H1);
    SAY(sheet, TR("Compliance: {0}"), hole(HOLE_CODE, id));
    html_end(&sheet->html, TAG_H1);
    sheet_moment(sheet);
    sheet_begin(sheet, TAG_P, "words");
    sheet_text(sheet, clause);
    html_end(&sheet->html, TAG_P);
    sheet_translator(sheet, clause, NULL);
    if (answers.size > 0) SAY_P(sheet, "quiet", TR("Answered for by: {0}"), hole(HOLE_PARTY, answers));
    if (slice_is(json_find_string(term, "watch"), "log"))
        html_words_in(&sheet->html, TAG_P, "quiet", TR("Hours watched: the term asks for none."));
}

/* ---- day by day, party by party */

static void put_heads(struct ledger *ledger, const struct json *bound)
{
    struct sheet *sheet = ledger->sheet;
    struct html *html = &sheet->html;
    html_begin(html, TAG_THEAD);
    html_begin(html, TAG_TR);
    for (int i = 0; i < 2; i++) {
        html_begin(html, TAG_TH);
        html_set(html, ATTR_SCOPE, "col");
        html_words(html, i == 0 ? TR("Day") : TR("All together"));
        html_end(html, TAG_TH);
    }
    for (const struct json *party = items(bound); party != NULL; party = party->next) {
        if (!compliance_has(ledger, party->string)) continue;
        html_begin(html, TAG_TH);
        html_set(html, ATTR_SCOPE, "col");
        sheet_party(sheet, party->string);
        html_end(html, TAG_TH);
    }
    html_end(html, TAG_TR);
    html_end(html, TAG_THEAD);
}

static void put_days(struct ledger *ledger, const struct json *term)
{
    struct sheet *sheet = ledger->sheet;
    struct html *html = &sheet->html;
    const struct json *bound = json_find(term, "bound");
    sheet_heading(sheet, TAG_H2, TR("Day by day, party by party"));
    html_words_in(html, TAG_P, "quiet",
                  TR("Each cell says what the day was, and opens its records. Nothing is added up by party."));
    sheet_begin(sheet, TAG_TABLE, "days compliance");
    put_heads(ledger, bound);
    html_begin(html, TAG_TBODY);
    for (const struct json *day = items(json_find(term, "days")); day != NULL; day = day->next) {
        html_begin(html, TAG_TR);
        html_data(html, "item", slice_from("yes"));
        html_begin(html, TAG_TH);
        html_set(html, ATTR_SCOPE, "row");
        sheet_hole(sheet, hole(HOLE_TIME, json_find_string(day, "day")));
        html_end(html, TAG_TH);
        compliance_cell(ledger, term, day, (struct slice){NULL, 0});
        for (const struct json *party = items(bound); party != NULL; party = party->next)
            if (compliance_has(ledger, party->string)) compliance_cell(ledger, term, day, party->string);
        html_end(html, TAG_TR);
    }
    html_end(html, TAG_TBODY);
    html_end(html, TAG_TABLE);
    if (ledger->breached) sheet_not_a_finding(sheet);
}

/* ---- one day: as a reading tells it */

/* The explanation as of the last moment of the day, or of the answer if that is earlier. */
static void put_why(struct ledger *ledger, const struct json *term, const struct json *day, struct slice reading)
{
    struct sheet *sheet = ledger->sheet;
    char moment[TIME_TEXT_SIZE];
    int64_t to, as_of;
    if (!time_parse(&to, json_find_string(day, "to")) || !time_parse(&as_of, json_find_string(sheet->answer, "as_of")))
        return;
    time_format(to - 1 < as_of ? to - 1 : as_of, moment);
    OWN(address_clear) struct address why;
    why_address(&why, json_find_string(ledger->of, "id"), json_find_string(term, "id"));
    address_ask(&why, "reading", reading);
    address_ask(&why, "as-of", slice_from(moment));
    if (sheet->page->known != NULL) address_ask(&why, "known", slice_from(sheet->page->known));
    html_words(&sheet->html, " ");
    html_begin(&sheet->html, TAG_A);
    html_address(&sheet->html, ATTR_HREF, &why);
    html_words(&sheet->html, TR("Why, as of the end of that day"));
    html_end(&sheet->html, TAG_A);
}

static void put_told(struct sheet *sheet, const struct json *thing, const char *key, const char *heading)
{
    const struct json *told = json_find(thing, key);
    int64_t records = json_find_integer(told, "records", 0);
    if (told == NULL) return;
    sheet_heading(sheet, TAG_H3, heading);
    sheet_records(sheet, json_find(told, "ids"), RECORDS_TOLD);
    if (records > RECORDS_TOLD) {
        html_begin(&sheet->html, TAG_P);
        sheet_others(sheet, (size_t)records - RECORDS_TOLD);
        html_end(&sheet->html, TAG_P);
    }
}

static void put_party_told(struct sheet *sheet, const struct json *party, const char *key, const char *words)
{
    const struct json *told = json_find(party, key);
    if (told == NULL) return;
    html_words(&sheet->html, TR(". "));
    html_words(&sheet->html, words);
    sheet_ids(sheet, json_find(told, "ids"), PARTY_IDS_TOLD);
}

static void put_parties(struct ledger *ledger, const struct json *reading)
{
    struct sheet *sheet = ledger->sheet;
    const struct json *list = json_find(reading, "parties");
    if (items(list) == NULL) return;
    sheet_heading(sheet, TAG_H3, TR("Party by party"));
    sheet_begin(sheet, TAG_UL, "told");
    for (const struct json *party = items(list); party != NULL; party = party->next) {
        html_begin(&sheet->html, TAG_LI);
        sheet_party(sheet, json_find_string(party, "party"));
        html_words(&sheet->html, TR(": "));
        if (!compliance_result(ledger, party)) html_words(&sheet->html, TR("not judged by itself"));
        put_party_told(sheet, party, "counted", TR("Counted: "));
        put_party_told(sheet, party, "perhaps", TR("May count: "));
        put_party_told(sheet, party, "excused", TR("Excepted: "));
        html_end(&sheet->html, TAG_LI);
    }
    html_end(&sheet->html, TAG_UL);
}

/* Of the party that is asked for alone, in full; of all together there is the result alone. */
static void put_records(struct ledger *ledger, const struct json *reading)
{
    struct sheet *sheet = ledger->sheet;
    const struct json *of = compliance_party(ledger).size > 0 ? items(json_find(reading, "parties")) : reading;
    if (of != NULL && of != reading) {
        html_begin(&sheet->html, TAG_P);
        sheet_party(sheet, ledger->party);
        html_words(&sheet->html, TR(": "));
        if (!compliance_result(ledger, of)) html_words(&sheet->html, TR("not judged by itself"));
        html_end(&sheet->html, TAG_P);
    }
    put_told(sheet, of, "counted", TR("Records that counted"));
    put_told(sheet, of, "perhaps", TR("Records that may count"));
    put_told(sheet, of, "excused", TR("Records under an exception"));
    if (json_find(of, "counted") == NULL && json_find(of, "perhaps") == NULL && json_find(of, "excused") == NULL)
        html_words_in(&sheet->html, TAG_P, "quiet", TR("No record counts on that day."));
}

static void put_watched(struct sheet *sheet, const struct json *reading)
{
    const struct json *watched = json_find(reading, "watched");
    struct slice place = json_find_string(watched, "place");
    char needed[24];
    if (watched == NULL) return;
    snprintf(needed, sizeof needed, "%" PRId64, json_find_integer(watched, "needed_permille", 0) / 10);
    html_begin(&sheet->html, TAG_P);
    compliance_hours(sheet, reading);
    html_words(&sheet->html, " ");
    SAY(sheet, TR("The term asks for {0} % of the time."), hole(HOLE_NUMBER, slice_from(needed)));
    if (place.size > 0) {
        html_words(&sheet->html, " ");
        SAY(sheet, TR("Watched least at: {0}."),
            hole(HOLE_TEXT, tell_place(sheet->page->records, sheet->agreement, place)));
    }
    html_end(&sheet->html, TAG_P);
}

static void put_run(struct sheet *sheet, const struct json *term, const struct json *reading)
{
    const struct json *run = json_find(reading, "run");
    struct slice by = json_find_string(reading, "term");
    OWN(buffer_clear) struct buffer sure = {0}, most = {0}, wanted = {0};
    if (run == NULL) return;
    words_duration(&sure, json_find_integer(run, "sure_s", 0));
    words_duration(&most, json_find_integer(run, "possible_s", 0));
    words_duration(&wanted, json_find_integer(term, "held_s", 0));
    SAY_P(sheet, NULL, TR("Continuous by the end of the day: surely {0}, at most {1}, of {2}."),
          hole(HOLE_WORDS, buffer_slice(&sure)), hole(HOLE_WORDS, buffer_slice(&most)),
          hole(HOLE_WORDS, buffer_slice(&wanted)));
    if (by.size > 0) SAY_P(sheet, NULL, TR("The day is so by the term {0}."), hole(HOLE_TERM, by));
}

/* "READING, READING": those that tell the very same. */
static void put_names(struct ledger *ledger, const struct json *first)
{
    struct sheet *sheet = ledger->sheet;
    struct slice decides = json_find_string(ledger->of, "decides");
    for (const struct json *r = first; r != NULL; r = r->next) {
        if (r != first && !slice_equal(r->source, first->source)) continue;
        if (r != first) html_words(&sheet->html, TR(", "));
        sheet_hole(sheet, hole(HOLE_TEXT, tell_reading(sheet->agreement, r->key)));
        if (decides.size > 0 && slice_equal(decides, r->key))
            html_words(&sheet->html, TR(" (the reading that decides)"));
    }
}

static void put_reading(struct ledger *ledger, const struct json *term, const struct json *day,
                        const struct json *reading)
{
    struct sheet *sheet = ledger->sheet;
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_SECTION, "reading");
    html_begin(html, TAG_H2);
    put_names(ledger, reading);
    html_end(html, TAG_H2);
    sheet_begin(sheet, TAG_P, "verdict");
    if (compliance_party(ledger).size > 0) {
        html_words(html, TR("All together"));
        html_words(html, TR(": "));
    }
    if (json_find(reading, "state") != NULL) {
        compliance_result(ledger, reading);
        html_words(html, TR(". "));
    }
    SAY(sheet, TR("Result by the end of the day: {0}."), hole(HOLE_RESULT, json_find_string(reading, "verdict")));
    ledger->breached |= sheet_is_breached(reading);
    put_why(ledger, term, day, reading->key);
    html_end(html, TAG_P);
    put_watched(sheet, reading);
    put_run(sheet, term, reading);
    put_records(ledger, reading);
    if (compliance_party(ledger).size == 0) put_parties(ledger, reading);
    html_end(html, TAG_SECTION);
}

static bool was_told(const struct json *readings, const struct json *reading)
{
    const struct json *r = readings->first;
    while (r != reading && !slice_equal(r->source, reading->source)) r = r->next;
    return r != reading;
}

static void put_ways(struct ledger *ledger, const struct json *term, const struct json *day)
{
    struct sheet *sheet = ledger->sheet;
    struct slice id = json_find_string(term, "id");
    OWN(address_clear) struct address all;
    compliance_address(&all, ledger, (struct asked_days){.term = id, .party = ledger->party});
    sheet_begin(sheet, TAG_P, "ways-on");
    sheet_link(sheet, NULL, &all);
    html_words(&sheet->html, TR("The commitment day by day"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
    SAY_P(sheet, NULL, TR("The day of {0}: from {1} to {2}."), hole(HOLE_TIME, json_find_string(day, "day")),
          hole(HOLE_STAMP, json_find_string(day, "from")), hole(HOLE_STAMP, json_find_string(day, "to")));
}

static void put_day(struct ledger *ledger, const struct json *term, const struct json *day)
{
    struct sheet *sheet = ledger->sheet;
    const struct json *readings = json_find(day, "readings"), *restrictions = json_find(day, "restrictions");
    put_ways(ledger, term, day);
    sheet_heading(sheet, TAG_H2, TR("Restrictions in that time"));
    if (items(restrictions) == NULL)
        html_words_in(&sheet->html, TAG_P, NULL, TR("Restrictions in that time: none recorded."));
    else
        sheet_records(sheet, restrictions, RECORDS_TOLD);
    sheet_begin(sheet, TAG_DIV, "beside");
    for (const struct json *r = readings == NULL ? NULL : readings->first; r != NULL; r = r->next)
        if (!was_told(readings, r)) put_reading(ledger, term, day, r);
    html_end(&sheet->html, TAG_DIV);
    if (ledger->breached) sheet_not_a_finding(sheet);
}

void compliance_term(struct ledger *ledger, const struct json *term)
{
    const struct json *days = json_find(term, "days");
    if (items(days) == NULL) return;
    if (days->size == 1) {
        put_day(ledger, term, days->first);
        return;
    }
    compliance_clock(ledger, term);
    put_days(ledger, term);
}
