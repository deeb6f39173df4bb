/* The agreement, clause by clause. No reading is put before the others unless the agreement says which decides;
 * channels and clauses stand in the agreement's own order. */
#include "page/days.h"
#include "page/result.h"
#include "page/sheet.h"
#include "tell/term.h"

#include <inttypes.h>
#include <stdio.h>

/* How many records are told of one clause here; the explanation has them all. */
enum { BECAUSE_MOST = 5, GLANCE_BYTES = 72 };

/* ---- an agreement and its channels */

/* "act, by: PARTY, record ID", for each act that made it stand so; of several the number first. */
static void put_acts(struct sheet *sheet, const struct json *by)
{
    struct html *html = &sheet->html;
    if (by == NULL || by->type != JSON_ARRAY || by->size == 0) return;
    if (by->size > 1) {
        html_begin(html, TAG_DETAILS);
        html_begin(html, TAG_SUMMARY);
        html_words(html, TR("Rests on: "));
        sheet_count(sheet, NOUN_RECORD, by->size);
        html_end(html, TAG_SUMMARY);
    }
    sheet_begin(sheet, TAG_UL, "acts");
    for (const struct json *id = by->first; id != NULL; id = id->next) {
        if (id->type != JSON_STRING) continue;
        const struct json *record = records_get(sheet->page->records, id->string);
        html_begin(html, TAG_LI);
        sheet_label(sheet, LABEL_ACT, json_find_string(record, "act"));
        SAY(sheet, TR(", by: {0}, record {1}"), hole(HOLE_PARTY, json_find_string(record, "by")),
            hole(HOLE_RECORD, id->string));
        html_end(html, TAG_LI);
    }
    html_end(html, TAG_UL);
    if (by->size > 1) html_end(html, TAG_DETAILS);
}

/* "STATE, since TIME" */
static void put_state(struct sheet *sheet, const struct json *thing, enum label_table table)
{
    struct slice since = json_find_string(thing, "since");
    sheet_begin(sheet, TAG_P, "stands");
    sheet_mark(sheet, table, json_find_string(thing, "standing"), "result");
    if (since.size > 0) SAY(sheet, TR(", since {0}"), hole(HOLE_TIME, since));
    html_end(&sheet->html, TAG_P);
    put_acts(sheet, json_find(thing, "by"));
}

static void put_channels(struct sheet *sheet, const struct json *channels)
{
    struct html *html = &sheet->html;
    if (channels == NULL || channels->size == 0) return;
    sheet_heading(sheet, TAG_H2, TR("Channels"));
    sheet_begin(sheet, TAG_UL, "channels");
    for (const struct json *channel = channels->first; channel != NULL; channel = channel->next) {
        html_begin(html, TAG_LI);
        html_begin(html, TAG_H3);
        sheet_hole(sheet, hole(HOLE_TEXT, tell_channel(sheet->agreement, json_find_string(channel, "id"))));
        html_end(html, TAG_H3);
        put_state(sheet, channel, LABEL_CHANNEL);
        html_end(html, TAG_LI);
    }
    html_end(html, TAG_UL);
}

/* ---- all clauses at a glance */

static void put_line(struct sheet *sheet, const struct json *term)
{
    struct html *html = &sheet->html;
    struct slice id = json_find_string(term, "id"), was = json_find_string(term, "was");
    struct slice clause = tell_clause(sheet->page->records, sheet->agreement, id);
    OWN(address_clear) struct address place;
    address_open(&place, "");
    address_place(&place, "term-", id);
    html_begin(html, TAG_LI);
    sheet_begin(sheet, TAG_SPAN, "how");
    sheet_mark(sheet, LABEL_VERDICT, json_find_string(term, "verdict"), "result");
    if (was.size > 0) {
        html_words(html, " ");
        sheet_begin(sheet, TAG_SPAN, "was");
        SAY(sheet, TR("before: {0}"), hole(HOLE_RESULT, was));
        html_end(html, TAG_SPAN);
    }
    html_end(html, TAG_SPAN);
    html_words(html, " ");
    html_begin(html, TAG_A);
    html_address(html, ATTR_HREF, &place);
    sheet_beginning(sheet, clause.size > 0 ? clause : id, words_arabic() ? GLANCE_BYTES * 7 / 4 : GLANCE_BYTES);
    html_end(html, TAG_A);
    html_end(html, TAG_LI);
}

static void put_glance(struct sheet *sheet, const struct json *terms)
{
    bool breached = false;
    sheet_begin(sheet, TAG_OL, "glance");
    for (const struct json *term = terms->first; term != NULL; term = term->next) {
        put_line(sheet, term);
        breached |= sheet_is_breached(term);
    }
    html_end(&sheet->html, TAG_OL);
    if (breached) sheet_not_a_finding(sheet);
}

/* ---- one clause: its result */

static void put_rivals(struct sheet *sheet, const struct json *rivals)
{
    struct voice voice = sheet_voice(sheet);
    for (const struct json *rival = rivals == NULL ? NULL : rivals->first; rival != NULL; rival = rival->next) {
        struct slice was = json_find_string(rival, "was");
        sheet_begin(sheet, TAG_P, "rival");
        tell_rival_name(&voice, rival->key);
        SAY(sheet, ": {0}", hole(HOLE_RESULT, was.size > 0 ? was : json_find_string(rival, "verdict")));
        html_end(&sheet->html, TAG_P);
    }
}

static void put_next(struct sheet *sheet, const struct json *clock)
{
    struct slice at = json_find_string(clock, "at"), looked_to = json_find_string(clock, "looked_to");
    if (at.size == 0 && looked_to.size == 0) return;
    sheet_begin(sheet, TAG_P, "next");
    if (at.size > 0)
        SAY(sheet, words_label(LABEL_CHANGE, "time-will"), hole(HOLE_TIME, at),
            hole(HOLE_RESULT, json_find_string(clock, "becomes")));
    else
        SAY(sheet, words_label(LABEL_CHANGE, "time-may"), hole(HOLE_TIME, looked_to));
    html_end(&sheet->html, TAG_P);
}

/* What else would change the result. Out of force it is what is said of the agreement. */
static void put_would(struct sheet *sheet, const struct json *term)
{
    struct voice voice = sheet_voice(sheet);
    const struct json *would = json_find(json_find(term, "clock"), "would");
    if (would == NULL || would->type != JSON_ARRAY || would->size == 0) return;
    if (slice_is(json_find_string(term, "verdict"), "void")) return;
    sheet_begin(sheet, TAG_P, "next");
    html_words(&sheet->html, TR("What would change it:"));
    html_words(&sheet->html, " ");
    tell_would(&voice, would);
    html_end(&sheet->html, TAG_P);
}

/* What the term proposes now; what it rests on stands beside it. */
static void put_proposals(struct sheet *sheet, const struct json *standing, const struct json *term)
{
    struct voice voice = sheet_voice(sheet);
    const struct json *list = json_find(json_find(sheet->answer, "open"), "proposals");
    for (const struct json *p = list == NULL ? NULL : list->first; p != NULL; p = p->next) {
        if (!slice_equal(json_find_string(p, "agreement"), json_find_string(standing, "id")) ||
            !slice_equal(json_find_string(p, "term"), json_find_string(term, "id")))
            continue;
        sheet_begin(sheet, TAG_P, "proposal");
        tell_proposal(&voice, p);
        html_end(&sheet->html, TAG_P);
        if (p == list->first) html_words_in(&sheet->html, TAG_P, "quiet", proposals_note());
    }
}

static void put_because(struct sheet *sheet, const struct json *because)
{
    if (because == NULL || because->type != JSON_ARRAY || because->size == 0) return;
    sheet_begin(sheet, TAG_DETAILS, "because");
    html_begin(&sheet->html, TAG_SUMMARY);
    html_words(&sheet->html, TR("Rests on: "));
    sheet_count(sheet, NOUN_RECORD, because->size);
    html_end(&sheet->html, TAG_SUMMARY);
    sheet_records(sheet, because, BECAUSE_MOST);
    html_end(&sheet->html, TAG_DETAILS);
}

static void put_result(struct sheet *sheet, const struct json *standing, const struct json *term)
{
    struct html *html = &sheet->html;
    OWN(address_clear) struct address why;
    why_address(&why, json_find_string(standing, "id"), json_find_string(term, "id"));
    sheet_begin(sheet, TAG_DIV, "result-of");
    sheet_verdict(sheet, term);
    result_readings(sheet, term);
    put_rivals(sheet, json_find(term, "rivals"));
    put_next(sheet, json_find(term, "clock"));
    put_would(sheet, term);
    put_proposals(sheet, standing, term);
    if (result_speaks_of_breach(term)) sheet_not_a_finding(sheet);
    put_because(sheet, json_find(term, "because"));
    sheet_begin(sheet, TAG_P, "why");
    sheet_link(sheet, NULL, &why);
    html_words(html, TR("Why, reading by reading"));
    sheet_link_end(sheet);
    html_end(html, TAG_P);
    html_end(html, TAG_DIV);
}

/* ---- one clause: what it says */

static void put_words(struct sheet *sheet, const struct json *term)
{
    struct html *html = &sheet->html;
    struct slice id = json_find_string(term, "id"), answers = json_find_string(term, "answers"),
                 channel = json_find_string(term, "channel");
    const struct json *clause = tell_clause_text(sheet->page->records, sheet->agreement, id);
    sheet_begin(sheet, TAG_DIV, "says");
    html_begin(html, TAG_H3);
    sheet_hole(sheet, hole(HOLE_CODE, id));
    html_end(html, TAG_H3);
    sheet_begin(sheet, TAG_P, "words");
    sheet_text(sheet, clause);
    html_end(html, TAG_P);
    sheet_translator(sheet, clause, NULL);
    if (answers.size > 0) SAY_P(sheet, "quiet", TR("Answered for by: {0}"), hole(HOLE_PARTY, answers));
    if (channel.size > 0)
        SAY_P(sheet, "quiet", TR("Channel: {0}"), hole(HOLE_TEXT, tell_channel(sheet->agreement, channel)));
    html_end(html, TAG_DIV);
}

static void put_term(struct sheet *sheet, const struct json *standing, const struct json *term)
{
    char id[160];
    struct slice name = json_find_string(term, "id");
    snprintf(id, sizeof id, "term-%.*s", SLICE(name));
    sheet_begin(sheet, TAG_ARTICLE, "clause");
    html_set(&sheet->html, ATTR_ID, id);
    put_words(sheet, term);
    put_result(sheet, standing, term);
    days_figure(sheet, json_find_string(standing, "id"), name, json_find(term, "clock"), json_find(term, "days"));
    html_end(&sheet->html, TAG_ARTICLE);
}

/* ---- the page */

static void put_changes_link(struct sheet *sheet)
{
    OWN(address_clear) struct address changes;
    address_open(&changes, "/changes");
    sheet_begin(sheet, TAG_P, "why");
    sheet_link(sheet, NULL, &changes);
    html_words(&sheet->html, TR("How it came to stand so: every change, and the record that made it"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

static void put_texts_link(struct sheet *sheet, const struct json *standing)
{
    OWN(address_clear) struct address texts;
    address_open(&texts, "/agreements");
    address_part(&texts, json_find_string(standing, "record"));
    sheet_begin(sheet, TAG_P, "why");
    sheet_link(sheet, NULL, &texts);
    html_words(&sheet->html, TR("The text in each language, clause by clause, with amendments and rival texts"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

static void put_agreement(struct sheet *sheet, const struct json *standing)
{
    struct html *html = &sheet->html;
    const struct json *terms = json_find(standing, "terms"), *fault = json_find(standing, "fault");
    const struct json *title = json_find(standing, "title");
    sheet->agreement = records_get(sheet->page->records, json_find_string(standing, "record"));
    html_begin(html, TAG_H1);
    sheet_hole(sheet, hole(HOLE_TEXT, tell_text(title).size > 0 ? tell_text(title) : json_find_string(standing, "id")));
    html_end(html, TAG_H1);
    sheet_translator(sheet, title, NULL);
    put_state(sheet, standing, LABEL_STANDING);
    put_texts_link(sheet, standing);
    if (fault != NULL)
        SAY_P(sheet, "fault", TR("The agreement's text cannot be evaluated whole: {0}, at {1}."),
              hole(HOLE_CODE, json_find_string(fault, "code")), hole(HOLE_CODE, json_find_string(fault, "pointer")));
    put_channels(sheet, json_find(standing, "channels"));
    if (terms == NULL || terms->size == 0) return;
    sheet_heading(sheet, TAG_H2, TR("Terms"));
    put_glance(sheet, terms);
    mark_legend(sheet, LABEL_VERDICT);
    for (const struct json *term = terms->first; term != NULL; term = term->next) put_term(sheet, standing, term);
}

enum status page_standing(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    const struct json *agreements = json_find(answer, "agreements");
    struct sheet sheet = {.page = page, .answer = answer};
    sheet_open(&sheet, out, PLACE_STANDING, slice_from(TR("Agreement")));
    sheet_moment(&sheet);
    if (agreements == NULL || agreements->size == 0) {
        sheet_heading(&sheet, TAG_H1, TR("Agreement"));
        html_words_in(&sheet.html, TAG_P, NULL, TR("The register holds no agreement yet."));
        html_words_in(&sheet.html, TAG_P, NULL,
                      TR("Once the secretariat has written it and the parties have assented, it stands here clause by "
                         "clause."));
    }
    if (agreements != NULL && agreements->size > 0) put_changes_link(&sheet);
    for (const struct json *standing = agreements == NULL ? NULL : agreements->first; standing != NULL;
         standing = standing->next)
        put_agreement(&sheet, standing);
    sheet_marked(&sheet, json_find(answer, "marked"));
    return sheet_close(&sheet, error);
}
