/* The agreement, clause by clause. No reading is put before the others unless the agreement says which decides;
 * channels and clauses stand in the agreement's own order. */
#include "page/days.h"
#include "page/sheet.h"

#include <inttypes.h>
#include <stdio.h>

/* How many records or days are told of one clause here; the explanation has them all. */
enum { BECAUSE_MOST = 5, DAYS_MOST = 28 };

/* ---- an agreement and its channels */

/* "STATE, since TIME", and by which acts. */
static void put_state(struct sheet *sheet, const struct json *thing, enum label_table table)
{
    struct html *html = &sheet->html;
    struct slice standing = json_find_string(thing, "standing"), since = json_find_string(thing, "since");
    const struct json *by = json_find(thing, "by");
    sheet_mark(sheet, table, standing, "state");
    if (since.size > 0) SAY(sheet, TR(", since {0}"), hole(HOLE_TIME, since));
    if (by == NULL || by->type != JSON_ARRAY || by->size == 0) return;
    sheet_begin(sheet, TAG_SPAN, "acts");
    for (const struct json *id = by->first; id != NULL; id = id->next) {
        if (id->type != JSON_STRING) continue;
        const struct json *record = records_get(sheet->page->records, id->string);
        html_words(html, " ");
        sheet_begin(sheet, TAG_SPAN, "act");
        sheet_label(sheet, LABEL_ACT, json_find_string(record, "act"));
        SAY(sheet, TR(", by: {0}, record {1}"), hole(HOLE_PARTY, json_find_string(record, "by")),
            hole(HOLE_RECORD, id->string));
        html_end(html, TAG_SPAN);
    }
    html_end(html, TAG_SPAN);
}

static void put_channels(struct sheet *sheet, const struct json *channels)
{
    struct html *html = &sheet->html;
    if (channels == NULL || channels->size == 0) return;
    sheet_heading(sheet, TAG_H2, TR("Channels"));
    sheet_begin(sheet, TAG_DL, "channels");
    for (const struct json *channel = channels->first; channel != NULL; channel = channel->next) {
        html_begin(html, TAG_DT);
        sheet_hole(sheet, hole(HOLE_TEXT, tell_channel(sheet->agreement, json_find_string(channel, "id"))));
        html_end(html, TAG_DT);
        html_begin(html, TAG_DD);
        put_state(sheet, channel, LABEL_CHANNEL);
        html_end(html, TAG_DD);
    }
    html_end(html, TAG_DL);
}

/* ---- one clause */

static void why_address(struct address *address, const struct json *standing, struct slice term)
{
    address_open(address, "/why");
    address_part(address, json_find_string(standing, "id"));
    address_part(address, term);
}

static void put_readings(struct sheet *sheet, const struct json *readings)
{
    struct html *html = &sheet->html;
    struct slice decides = json_find_string(sheet->agreement, "decides");
    sheet_begin(sheet, TAG_DL, "readings");
    for (const struct json *reading = readings->first; reading != NULL; reading = reading->next) {
        struct slice verdict = reading->type == JSON_STRING ? reading->string : json_find_string(reading, "verdict");
        html_begin(html, TAG_DT);
        sheet_hole(sheet, hole(HOLE_TEXT, tell_reading(sheet->agreement, reading->key)));
        if (decides.size > 0 && slice_equal(decides, reading->key)) SAY(sheet, TR(" (the reading that decides)"), {0});
        html_end(html, TAG_DT);
        html_begin(html, TAG_DD);
        sheet_mark(sheet, LABEL_VERDICT, verdict, "result");
        html_end(html, TAG_DD);
    }
    html_end(html, TAG_DL);
}

static void put_rivals(struct sheet *sheet, const struct json *rivals)
{
    for (const struct json *rival = rivals == NULL ? NULL : rivals->first; rival != NULL; rival = rival->next)
        SAY_P(sheet, "rival", TR("Under the rival transcription {0}: {1}"), hole(HOLE_TEXT, rival->key),
              hole(HOLE_RESULT, json_find_string(rival, "verdict")));
}

static void put_next(struct sheet *sheet, const struct json *clock)
{
    char label[80];
    struct slice at = json_find_string(clock, "at"), becomes = json_find_string(clock, "becomes");
    if (at.size == 0) return;
    sheet_begin(sheet, TAG_P, "next");
    SAY(sheet, tell_label(LABEL_CHANGE, slice_from("time-will"), label, sizeof label), hole(HOLE_TIME, at),
        hole(HOLE_RESULT, becomes));
    html_end(&sheet->html, TAG_P);
}

static void put_because(struct sheet *sheet, const struct json *because)
{
    if (because == NULL || because->size == 0) return;
    sheet_begin(sheet, TAG_DETAILS, "because");
    html_begin(&sheet->html, TAG_SUMMARY);
    html_words(&sheet->html, TR("The records that made it: "));
    sheet_count(sheet, NOUN_RECORD, because->size);
    html_end(&sheet->html, TAG_SUMMARY);
    sheet_records(sheet, because, BECAUSE_MOST);
    html_end(&sheet->html, TAG_DETAILS);
}

static void put_verdict(struct sheet *sheet, const struct json *term)
{
    struct slice was = json_find_string(term, "was");
    sheet_begin(sheet, TAG_P, "verdict");
    sheet_mark(sheet, LABEL_VERDICT, json_find_string(term, "verdict"), "result");
    if (was.size > 0) {
        html_words(&sheet->html, " ");
        sheet_begin(sheet, TAG_SPAN, "was");
        SAY(sheet, TR("before: {0}"), hole(HOLE_RESULT, was));
        html_end(&sheet->html, TAG_SPAN);
    }
    html_end(&sheet->html, TAG_P);
}

/* Is any result of the clause a breach: the joint one, one reading's, or one before? */
static bool speaks_of_breach(const struct json *term)
{
    static const char *const members[] = {"readings", "was_readings"};
    if (slice_is(json_find_string(term, "verdict"), "breached") || slice_is(json_find_string(term, "was"), "breached"))
        return true;
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        const struct json *readings = json_find(term, members[i]);
        for (const struct json *r = readings == NULL ? NULL : readings->first; r != NULL; r = r->next)
            if (r->type == JSON_STRING && slice_is(r->string, "breached")) return true;
    }
    return false;
}

static void put_term(struct sheet *sheet, const struct json *standing, const struct json *term)
{
    struct html *html = &sheet->html;
    struct slice id = json_find_string(term, "id"), answers = json_find_string(term, "answers");
    const struct json *readings = json_find(term, "readings"), *was = json_find(term, "was_readings");
    OWN(address_clear) struct address why;
    why_address(&why, standing, id);
    sheet_begin(sheet, TAG_ARTICLE, "clause");
    html_begin(html, TAG_H3);
    sheet_hole(sheet, hole(HOLE_CODE, id));
    html_end(html, TAG_H3);
    sheet_begin(sheet, TAG_P, "words");
    sheet_text(sheet, tell_clause_text(sheet->page->records, sheet->agreement, id));
    html_end(html, TAG_P);
    put_verdict(sheet, term);
    if (answers.size > 0) SAY_P(sheet, "quiet", TR("Answered for by: {0}"), hole(HOLE_PARTY, answers));
    if (was != NULL) readings = was;
    if (readings != NULL && !tell_readings_agree(readings, json_find_string(term, was != NULL ? "was" : "verdict")))
        put_readings(sheet, readings);
    put_rivals(sheet, json_find(term, "rivals"));
    put_next(sheet, json_find(term, "clock"));
    put_because(sheet, json_find(term, "because"));
    if (speaks_of_breach(term)) sheet_not_a_finding(sheet);
    sheet_begin(sheet, TAG_P, "why");
    sheet_link(sheet, NULL, &why);
    html_words(html, TR("Why, reading by reading"));
    sheet_link_end(sheet);
    html_end(html, TAG_P);
    html_end(html, TAG_ARTICLE);
}

/* ---- the page */

static void put_agreement(struct sheet *sheet, const struct json *standing)
{
    struct html *html = &sheet->html;
    const struct json *terms = json_find(standing, "terms"), *fault = json_find(standing, "fault");
    sheet->agreement = records_get(sheet->page->records, json_find_string(standing, "record"));
    html_begin(html, TAG_H1);
    sheet_text(sheet, json_find(standing, "title"));
    html_end(html, TAG_H1);
    sheet_begin(sheet, TAG_P, "stands");
    put_state(sheet, standing, LABEL_STANDING);
    html_end(html, TAG_P);
    if (fault != NULL)
        SAY_P(sheet, "fault", TR("The agreement's text cannot be evaluated whole: {0}, at {1}."),
              hole(HOLE_CODE, json_find_string(fault, "code")), hole(HOLE_CODE, json_find_string(fault, "pointer")));
    put_channels(sheet, json_find(standing, "channels"));
    if (terms == NULL || terms->size == 0) return;
    sheet_heading(sheet, TAG_H2, TR("Terms"));
    for (const struct json *term = terms->first; term != NULL; term = term->next) put_term(sheet, standing, term);
}

enum status page_standing(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    const struct json *agreements = json_find(answer, "agreements");
    struct sheet sheet;
    sheet_open(&sheet, out, page, answer, PLACE_STANDING, slice_from(TR("Agreement")));
    if (agreements == NULL || agreements->size == 0)
        html_words_in(&sheet.html, TAG_P, NULL, TR("The register holds no agreement yet."));
    for (const struct json *standing = agreements == NULL ? NULL : agreements->first; standing != NULL;
         standing = standing->next)
        put_agreement(&sheet, standing);
    return sheet_close(&sheet, error);
}
