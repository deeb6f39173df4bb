/* What each party counted, beside what every reading counts by the same term in the same time: a worksheet to go
 * through together, with room to write. Each count has its rule, the hours watched and what prevented watching beside
 * it. */
#include "page/told.h"

#include <inttypes.h>
#include <stdio.h>

static const struct json *items(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
}

static struct hole number_hole(char text[24], int64_t number)
{
    snprintf(text, 24, "%" PRId64, number);
    return hole(HOLE_NUMBER, slice_from(text));
}

/* ---- in every cell: who was watching, and what prevented it */

static void put_hours(struct sheet *sheet, int64_t watched_s, int64_t of_s)
{
    OWN(buffer_clear) struct buffer watched = {0}, all = {0};
    words_count(&watched, NOUN_HOUR, (uint64_t)(watched_s < 0 ? 0 : watched_s) / 3600);
    words_count(&all, NOUN_HOUR, (uint64_t)(of_s < 0 ? 0 : of_s) / 3600);
    SAY_P(sheet, NULL, TR("Hours watched: {0} of {1}."), hole(HOLE_WORDS, buffer_slice(&watched)),
          hole(HOLE_WORDS, buffer_slice(&all)));
}

static void put_restrictions(struct sheet *sheet, const struct json *ids)
{
    html_begin(&sheet->html, TAG_P);
    if (items(ids) == NULL) {
        html_words(&sheet->html, TR("Restrictions in that time: none recorded."));
    } else {
        html_words(&sheet->html, TR("Restrictions in that time: "));
        sheet_ids(sheet, ids, 12);
    }
    html_end(&sheet->html, TAG_P);
}

/* ---- what the party counted */

static void put_numbers(struct sheet *sheet, const struct json *tally, const char *field)
{
    const struct json *numbers = json_find(tally, field);
    if (numbers != NULL) told_value(sheet, slice_from(field), numbers);
}

static void put_own(struct sheet *sheet, const struct json *tally)
{
    struct html *html = &sheet->html;
    const struct json *watched = json_find(tally, "watched"), *rule = json_find(tally, "rule");
    html_begin(html, TAG_TD);
    html_words_in(html, TAG_SPAN, "cell-head", TR("Counted by the party"));
    html_begin(html, TAG_P);
    html_begin(html, TAG_STRONG);
    sheet_party(sheet, json_find_string(tally, "by"));
    html_end(html, TAG_STRONG);
    html_words(html, TR(", "));
    told_link(sheet, "/records", slice_from("tally"), json_find_string(tally, "id"));
    html_end(html, TAG_P);
    put_numbers(sheet, tally, "counts");
    put_numbers(sheet, tally, "casualties");
    html_begin(html, TAG_P);
    html_words(html, TR("Counting rule: "));
    sheet_text(sheet, rule);
    html_end(html, TAG_P);
    sheet_translator(sheet, rule, NULL);
    if (items(json_find(watched, "coverage")) == NULL)
        html_words_in(html, TAG_P, NULL, TR("Hours watched: this party recorded no watching in that time."));
    else
        put_hours(sheet, json_find_integer(watched, "watched_s", 0), json_find_integer(watched, "of_s", 0));
    put_restrictions(sheet, json_find(watched, "restrictions"));
    html_end(html, TAG_TD);
}

/* ---- what a reading counts */

static void put_count(struct sheet *sheet, const struct json *reading)
{
    char least[24], most[24];
    int64_t lo = json_find_integer(reading, "least", 0), hi = json_find_integer(reading, "most", 0);
    const struct json *records = json_find(reading, "records");
    html_begin(&sheet->html, TAG_P);
    if (lo == hi)
        SAY(sheet, TR("Counted: {0}."), number_hole(least, lo));
    else if (hi >= 1000000000)
        SAY(sheet, TR("Counted: at least {0}."), number_hole(least, lo));
    else
        SAY(sheet, TR("Counted: {0} to {1}."), number_hole(least, lo), number_hole(most, hi));
    if (items(records) != NULL) {
        html_words(&sheet->html, " ");
        html_words(&sheet->html, TR("Records: "));
        sheet_ids(sheet, records, 12);
    }
    html_end(&sheet->html, TAG_P);
}

static void put_watched(struct sheet *sheet, const struct json *reading)
{
    const struct json *watched = json_find(reading, "watched");
    int64_t of_s = json_find_integer(watched, "of_s", 0), permille = json_find_integer(watched, "watched_permille", 0);
    struct slice place = json_find_string(watched, "place");
    if (watched == NULL) {
        html_words_in(&sheet->html, TAG_P, NULL, TR("Hours watched: the term asks for none."));
        return;
    }
    put_hours(sheet, of_s / 1000 * permille + of_s % 1000 * permille / 1000, of_s);
    if (place.size > 0)
        SAY_P(sheet, "quiet", TR("Watched least at: {0}."),
              hole(HOLE_TEXT, tell_place(sheet->page->records, sheet->agreement, place)));
}

static void put_readings(struct sheet *sheet, const struct json *counted)
{
    struct html *html = &sheet->html;
    const struct json *before = sheet->agreement;
    sheet->agreement = told_agreement(sheet, json_find_string(counted, "agreement"));
    SAY_P(sheet, NULL, TR("Counting rule: the term {0}, as each reading counts it."),
          hole(HOLE_TERM, json_find_string(counted, "term")));
    for (const struct json *reading = items(json_find(counted, "readings")); reading != NULL; reading = reading->next) {
        sheet_begin(sheet, TAG_DIV, "counted");
        html_begin(html, TAG_P);
        html_begin(html, TAG_STRONG);
        sheet_hole(sheet, hole(HOLE_TEXT, tell_reading(sheet->agreement, json_find_string(reading, "reading"))));
        html_end(html, TAG_STRONG);
        html_end(html, TAG_P);
        put_count(sheet, reading);
        put_watched(sheet, reading);
        html_end(html, TAG_DIV);
    }
    sheet->agreement = before;
}

static void put_beside(struct sheet *sheet, const struct json *tally)
{
    struct html *html = &sheet->html;
    const struct json *counted = json_find(tally, "counted");
    html_begin(html, TAG_TD);
    html_words_in(html, TAG_SPAN, "cell-head", TR("Counted by the readings of the agreement"));
    if (items(counted) == NULL)
        html_words_in(html, TAG_P, NULL,
                      TR("No term whose rule counts events is named, so no count can stand beside this one."));
    for (const struct json *one = items(counted); one != NULL; one = one->next) put_readings(sheet, one);
    if (items(counted) != NULL) put_restrictions(sheet, json_find(json_find(tally, "watched"), "restrictions"));
    html_end(html, TAG_TD);
}

/* ---- the worksheet */

static void put_row(struct sheet *sheet, const struct json *tally)
{
    struct html *html = &sheet->html;
    struct slice actor = json_find_string(tally, "actor"), term = json_find_string(tally, "term");
    html_begin(html, TAG_TR);
    html_data(html, "item", slice_from("yes"));
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "row");
    told_when(sheet, json_find(tally, "when"));
    if (actor.size > 0) {
        sheet_begin(sheet, TAG_SPAN, "under");
        SAY(sheet, TR("Attributed to: {0}"), hole(HOLE_PARTY, actor));
        html_end(html, TAG_SPAN);
    }
    if (term.size > 0) {
        sheet_begin(sheet, TAG_SPAN, "under");
        SAY(sheet, TR("Term: {0}"), hole(HOLE_TERM, term));
        html_end(html, TAG_SPAN);
    }
    html_end(html, TAG_TH);
    put_own(sheet, tally);
    put_beside(sheet, tally);
    sheet_begin(sheet, TAG_TD, "remarks");
    html_words_in(html, TAG_SPAN, "cell-head", TR("Remarks"));
    html_words_in(html, TAG_SPAN, "heard", TR("to be written by hand on the printed sheet"));
    html_end(html, TAG_TD);
    html_end(html, TAG_TR);
}

static void put_table(struct sheet *sheet, const struct json *tallies)
{
    struct html *html = &sheet->html;
    const char *const heads[] = {TR("Time, attribution, term"), TR("Counted by the party"),
                                 TR("Counted by the readings of the agreement"), TR("Remarks")};
    sheet_begin(sheet, TAG_TABLE, "events worksheet");
    html_begin(html, TAG_THEAD);
    html_begin(html, TAG_TR);
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        html_begin(html, TAG_TH);
        html_set(html, ATTR_SCOPE, "col");
        html_words(html, heads[i]);
        html_end(html, TAG_TH);
    }
    html_end(html, TAG_TR);
    html_end(html, TAG_THEAD);
    html_begin(html, TAG_TBODY);
    for (const struct json *tally = items(tallies); tally != NULL; tally = tally->next) put_row(sheet, tally);
    html_end(html, TAG_TBODY);
    html_end(html, TAG_TABLE);
}

enum status page_tallies(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    struct sheet sheet = {.page = page, .answer = answer};
    const struct json *tallies = json_find(answer, "tallies");
    sheet.agreement = told_agreement(&sheet, slice_from(""));
    sheet_open(&sheet, out, PLACE_CLAIMS, slice_from(TR("What each party counted")));
    sheet_heading(&sheet, TAG_H1, TR("What each party counted"));
    sheet_moment(&sheet);
    html_words_in(&sheet.html, TAG_P, NULL,
                  TR("The counts are not merged. They follow different rules, and more is seen where more is watched; "
                     "a count says nothing of who is responsible."));
    if (items(tallies) == NULL)
        html_words_in(&sheet.html, TAG_P, NULL,
                      TR("No party signed a tally so far. A tally is filed as a record, with the rule by which it was "
                         "counted."));
    else
        put_table(&sheet, tallies);
    return sheet_close(&sheet, error);
}
