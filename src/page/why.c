/* Why a clause has its result: the clause, the rule, and under each reading what counted, what did not and why, and
 * what would change it. Every record that is named is a link. */
#include "page/days.h"
#include "page/sheet.h"
#include "tell/term.h"

#include "base/time.h"
#include <inttypes.h>
#include <stdio.h>

/* How many records, gaps or days are told of each sort before the rest is only counted; the JSON has them all. */
enum { TOLD_MOST = 50, IDS_MOST = 8 };

/* ---- what the clause says */

static void put_term(struct sheet *sheet, const struct json *it)
{
    struct voice voice = sheet_voice(sheet);
    if (json_find(it, "rule") == NULL) return;
    sheet_begin(sheet, TAG_SECTION, "term-says");
    sheet_heading(sheet, TAG_H2, TR("How the term is counted"));
    tell_term(&voice, it);
    html_end(&sheet->html, TAG_SECTION);
}

static void put_head(struct sheet *sheet, const struct json *it)
{
    struct html *html = &sheet->html;
    struct slice decides = json_find_string(it, "decides");
    html_begin(html, TAG_H1);
    SAY(sheet, TR("Why: {0}"), hole(HOLE_CODE, json_find_string(it, "term")));
    html_end(html, TAG_H1);
    sheet_moment(sheet);
    sheet_begin(sheet, TAG_P, "words");
    sheet_text(sheet, json_find(it, "clause"));
    html_end(html, TAG_P);
    sheet_translator(sheet, json_find(it, "clause"), NULL);
    sheet_verdict(sheet, it);
    if (sheet_is_breached(it)) sheet_not_a_finding(sheet);
    if (decides.size > 0)
        SAY_P(sheet, NULL, TR("The reading that decides: {0}"),
              hole(HOLE_TEXT, tell_reading(sheet->agreement, decides)));
    else
        html_words_in(html, TAG_P, NULL, TR("The agreement names no reading that decides."));
    OWN(address_clear) struct address back;
    address_open(&back, "/standing");
    sheet_begin(sheet, TAG_P, "why ways-on");
    sheet_link_to(sheet, NULL, &back, "term-", json_find_string(it, "term"));
    html_words(html, TR("The clause among the others"));
    sheet_link_end(sheet);
    html_words(html, " ");
    OWN(address_clear) struct address texts;
    address_open(&texts, "/agreements");
    address_part(&texts, json_find_string(it, "agreement"));
    sheet_link_to(sheet, NULL, &texts, "clause-", json_find_string(it, "term"));
    html_words(html, TR("Its text in each language"));
    sheet_link_end(sheet);
    html_end(html, TAG_P);
}

/* ---- records */

static void put_others(struct sheet *sheet, size_t all)
{
    if (all <= TOLD_MOST) return;
    html_begin(&sheet->html, TAG_LI);
    sheet_others(sheet, all - TOLD_MOST);
    html_end(&sheet->html, TAG_LI);
}

/* Why, on which ground, how much, and what is told together with it. */
static void put_reason(struct sheet *sheet, const struct json *match, enum label_table table)
{
    struct html *html = &sheet->html;
    struct voice voice = sheet_voice(sheet);
    struct slice ground = json_find_string(match, "ground");
    const struct json *with = json_find(match, "with");
    sheet_begin(sheet, TAG_DIV, "because-of");
    sheet_label(sheet, table, json_find_string(match, "why"));
    if (ground.size > 0) {
        html_words(html, ": ");
        say_word(&voice, "ground", ground);
    }
    tell_amount(&voice, match);
    if (with != NULL) {
        html_words(html, TR("; told together with: "));
        sheet_ids(sheet, with, IDS_MOST);
    }
    html_end(html, TAG_DIV);
}

/* The justification or notice that excuses it. */
static void put_excuse(struct sheet *sheet, const struct json *match)
{
    struct slice by = json_find_string(match, "excused_by");
    bool sure = slice_is(json_find_string(match, "why"), "excused");
    if (by.size == 0) return;
    sheet_begin(sheet, TAG_DIV, "because-of");
    html_words(&sheet->html, sure ? TR("Excused by: ") : TR("Perhaps excused by: "));
    sheet_record(sheet, by, (struct slice){NULL, 0});
    html_end(&sheet->html, TAG_DIV);
}

static void put_match(struct sheet *sheet, const struct json *match, enum label_table table)
{
    html_begin(&sheet->html, TAG_LI);
    sheet_record(sheet, json_find_string(match, "id"), json_find_string(match, "at"));
    put_reason(sheet, match, table);
    put_excuse(sheet, match);
    html_end(&sheet->html, TAG_LI);
}

static void put_matches(struct sheet *sheet, const struct json *matches, const char *heading, enum label_table table)
{
    size_t told = 0;
    if (matches == NULL || matches->size == 0) return;
    sheet_heading(sheet, TAG_H3, heading);
    sheet_begin(sheet, TAG_UL, "records");
    for (const struct json *match = matches->first; match != NULL && told < TOLD_MOST; match = match->next, told++)
        put_match(sheet, match, table);
    put_others(sheet, matches->size);
    html_end(&sheet->html, TAG_UL);
}

static void put_reply(struct sheet *sheet, const struct json *reply)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_LI);
    sheet_record(sheet, json_find_string(reply, "id"), json_find_string(reply, "at"));
    sheet_begin(sheet, TAG_DIV, "because-of");
    SAY(sheet, TR("To: {0}"), hole(HOLE_PARTY, json_find_string(reply, "to")));
    SAY(sheet, TR(". Due: {0}; "), hole(HOLE_TIME, json_find_string(reply, "due")));
    sheet_label(sheet, LABEL_COUNTED, json_find_string(reply, "why"));
    if (json_find(reply, "answer") != NULL) {
        html_words(html, ": ");
        sheet_record(sheet, json_find_string(reply, "answer"), json_find_string(reply, "answered"));
    }
    html_end(html, TAG_DIV);
    html_end(html, TAG_LI);
}

static void put_replies(struct sheet *sheet, const struct json *replies)
{
    size_t told = 0;
    if (replies == NULL || replies->size == 0) return;
    sheet_heading(sheet, TAG_H3, TR("What asked for an answer:"));
    sheet_begin(sheet, TAG_UL, "records");
    for (const struct json *reply = replies->first; reply != NULL && told < TOLD_MOST; reply = reply->next, told++)
        put_reply(sheet, reply);
    put_others(sheet, replies->size);
    html_end(&sheet->html, TAG_UL);
}

/* ---- time: window, watching, the continuity clock */

static struct slice place_of(struct sheet *sheet, const struct json *of)
{
    return tell_place(sheet->page->records, sheet->agreement, json_find_string(of, "place"));
}

static void put_span(struct sheet *sheet, enum html_tag tag, const char *sentence, const struct json *span)
{
    html_begin(&sheet->html, tag);
    SAY(sheet, sentence, hole(HOLE_TIME, json_find_string(span, "from")), hole(HOLE_TIME, json_find_string(span, "to")),
        hole(HOLE_TEXT, place_of(sheet, span)));
    html_end(&sheet->html, tag);
}

static void put_gaps(struct sheet *sheet, const struct json *gaps)
{
    size_t told = 0;
    if (gaps == NULL || gaps->size == 0) return;
    sheet_begin(sheet, TAG_UL, "gaps");
    for (const struct json *gap = gaps->first; gap != NULL && told < TOLD_MOST; gap = gap->next, told++)
        put_span(sheet, TAG_LI, TR("Not watched: {0} to {1}, {2}"), gap);
    put_others(sheet, gaps->size);
    html_end(&sheet->html, TAG_UL);
}

static void put_watched(struct sheet *sheet, const struct json *watched)
{
    char share[32], needed[32];
    OWN(buffer_clear) struct buffer hours = {0};
    if (watched == NULL) return;
    int64_t permille = json_find_integer(watched, "watched_permille", 0),
            need = json_find_integer(watched, "needed_permille", 0), all_s = json_find_integer(watched, "of_s", 0);
    snprintf(share, sizeof share, "%" PRId64 ".%u%%", permille / 10, (unsigned)(permille < 0 ? 0 : permille % 10));
    snprintf(needed, sizeof needed, "%" PRId64 ".%u%%", need / 10, (unsigned)(need < 0 ? 0 : need % 10));
    words_count(&hours, NOUN_HOUR, (uint64_t)(all_s < 0 ? 0 : all_s) / 3600);
    SAY_P(sheet, NULL, TR("Watched: {0} of {1}; needed: {2}; least at: {3}."), hole(HOLE_NUMBER, slice_from(share)),
          hole(HOLE_WORDS, buffer_slice(&hours)), hole(HOLE_NUMBER, slice_from(needed)),
          hole(HOLE_TEXT, place_of(sheet, watched)));
    put_gaps(sheet, json_find(watched, "gaps"));
}

static void put_length(struct sheet *sheet, const char *sentence, const struct json *run, const char *key)
{
    OWN(buffer_clear) struct buffer length = {0};
    words_duration(&length, json_find_integer(run, key, 0));
    SAY_P(sheet, NULL, sentence, hole(HOLE_WORDS, buffer_slice(&length)));
}

static void put_run(struct sheet *sheet, const struct json *run)
{
    struct html *html = &sheet->html;
    if (run == NULL) return;
    put_length(sheet, TR("Surely continuous so far: {0}."), run, "sure_s");
    put_length(sheet, TR("At most continuous so far, if what was not watched was quiet: {0}."), run, "possible_s");
    put_length(sheet, TR("The longest sure run: {0}."), run, "longest_s");
    if (json_find(run, "complete_at") != NULL)
        SAY_P(sheet, NULL, TR("Complete since: {0}."), hole(HOLE_TIME, json_find_string(run, "complete_at")));
    if (json_find(run, "reset_at") == NULL) return;
    html_begin(html, TAG_P);
    SAY(sheet, TR("Last reset: {0}, by: "), hole(HOLE_TIME, json_find_string(run, "reset_at")));
    sheet_record(sheet, json_find_string(run, "reset_by"), (struct slice){NULL, 0});
    html_end(html, TAG_P);
}

/* ---- one reading */

static void put_terms(struct sheet *sheet, const struct json *terms)
{
    struct html *html = &sheet->html;
    if (terms == NULL || terms->size == 0) return;
    sheet_begin(sheet, TAG_UL, "parts");
    for (const struct json *term = terms->first; term != NULL; term = term->next) {
        html_begin(html, TAG_LI);
        sheet_term(sheet, json_find_string(term, "id"));
        SAY(sheet, ": {0}. ", hole(HOLE_RESULT, json_find_string(term, "verdict")));
        sheet_label(sheet, LABEL_REASON, json_find_string(term, "reason"));
        html_end(html, TAG_LI);
    }
    html_end(html, TAG_UL);
}

static void put_change(struct sheet *sheet, const struct json *change)
{
    struct html *html = &sheet->html;
    const struct json *records = json_find(change, "records");
    char code[80];
    html_begin(html, TAG_LI);
    SAY(sheet, tell_label(LABEL_CHANGE, json_find_string(change, "code"), code, sizeof code),
        hole(HOLE_TIME, json_find_string(change, "at")), hole(HOLE_RESULT, json_find_string(change, "becomes")));
    if (records != NULL && records->size > 0) {
        html_words(html, " (");
        sheet_ids(sheet, records, IDS_MOST);
        html_words(html, ")");
    }
    html_end(html, TAG_LI);
}

static void put_changes(struct sheet *sheet, const struct json *changes)
{
    const struct json *change = changes == NULL ? NULL : changes->first;
    while (change != NULL && !change_is_told(change)) change = change->next;
    if (change == NULL) return;
    sheet_heading(sheet, TAG_H3, TR("What would change it:"));
    sheet_begin(sheet, TAG_UL, "changes");
    for (; change != NULL; change = change->next)
        if (change_is_told(change)) put_change(sheet, change);
    html_end(&sheet->html, TAG_UL);
}

static void put_reading(struct sheet *sheet, const struct json *reading)
{
    struct voice voice = sheet_voice(sheet);
    struct html *html = &sheet->html;
    struct slice verdict = json_find_string(reading, "verdict");
    sheet_begin(sheet, TAG_SECTION, "reading");
    html_begin(html, TAG_H2);
    tell_reading_names(&voice, reading);
    SAY(sheet, ": {0}", hole(HOLE_RESULT, verdict));
    html_end(html, TAG_H2);
    html_begin(html, TAG_P);
    sheet_label(sheet, LABEL_REASON, json_find_string(reading, "reason"));
    html_end(html, TAG_P);
    if (json_find(reading, "since") != NULL)
        SAY_P(sheet, NULL, TR("Since: {0}"), hole(HOLE_TIME, json_find_string(reading, "since")));
    if (json_find(reading, "was") != NULL)
        SAY_P(sheet, NULL, TR("Result before: {0}"), hole(HOLE_RESULT, json_find_string(reading, "was")));
    const struct json *window = json_find(reading, "window");
    bool ends = json_find(window, "to") != NULL;
    if (window != NULL)
        put_span(sheet, TAG_P,
                 ends ? TR("The term's time: {0} to {1}.") : TR("The term's time: from {0}, no end so far."), window);
    put_watched(sheet, json_find(reading, "watched"));
    put_run(sheet, json_find(reading, "run"));
    put_terms(sheet, json_find(reading, "terms"));
    tell_count(&voice, reading);
    put_matches(sheet, json_find(reading, "counted"), TR("Counted:"), LABEL_COUNTED);
    put_matches(sheet, json_find(reading, "not_counted"), TR("Not counted, and why:"), LABEL_NOT_COUNTED);
    tell_suggested(&voice, json_find(reading, "suggested"));
    put_replies(sheet, json_find(reading, "replies"));
    put_changes(sheet, json_find(reading, "changes"));
    if (sheet_is_breached(reading)) sheet_not_a_finding(sheet);
    html_end(html, TAG_SECTION);
}

/* ---- the page */

static void put_rival(struct sheet *sheet, const struct json *it, const struct json *rival)
{
    struct voice voice = sheet_voice(sheet);
    const struct json *readings = json_find(rival, "readings");
    bool breached = sheet_is_breached(rival);
    sheet_begin(sheet, TAG_SECTION, "reading");
    html_begin(&sheet->html, TAG_H2);
    tell_rival_name(&voice, rival->key);
    html_end(&sheet->html, TAG_H2);
    tell_rival(&voice, it, rival);
    sheet_verdict(sheet, rival);
    bool agree = tell_readings_agree(readings, json_find_string(rival, "verdict"));
    if (agree) html_words_in(&sheet->html, TAG_P, "quiet", TR("The same under every reading."));
    for (const struct json *r = readings == NULL ? NULL : readings->first; r != NULL; r = r->next) {
        struct slice verdict = r->type == JSON_STRING ? r->string : json_find_string(r, "verdict");
        breached |= slice_is(verdict, "breached") || sheet_is_breached(r);
        if (agree) continue;
        SAY_P(sheet, NULL, "{0}: {1}", hole(HOLE_TEXT, tell_reading(sheet->agreement, r->key)),
              hole(HOLE_RESULT, verdict));
    }
    if (breached) sheet_not_a_finding(sheet);
    html_end(&sheet->html, TAG_SECTION);
}

static void put_rivals(struct sheet *sheet, const struct json *it)
{
    const struct json *rivals = json_find(it, "rival");
    for (const struct json *rival = rivals == NULL ? NULL : rivals->first; rival != NULL; rival = rival->next)
        put_rival(sheet, it, rival);
}

struct asked_reading {
    const struct json *readings;
    struct slice name;
};

/* One that the answer has: nothing that only an address says becomes part of a command. */
static void find_reading(void *context, struct slice name, struct slice value)
{
    struct asked_reading *asked = context;
    if (!slice_is(name, "reading")) return;
    for (const struct json *r = asked->readings == NULL ? NULL : asked->readings->first; r != NULL; r = r->next)
        if (slice_equal(r->key, value)) asked->name = r->key;
}

/* All that the result was computed from, in a file, and how it is checked without asking anybody. */
static void put_bundle(struct sheet *sheet, const struct json *answer, const struct json *it)
{
    struct html *html = &sheet->html;
    struct slice agreement = json_find_string(it, "agreement"), term = json_find_string(it, "term"),
                 as_of = json_find_string(answer, "as_of");
    char known[24];
    OWN(buffer_clear) struct buffer verify = {0}, make = {0};
    struct asked_reading reading = {.readings = json_find(it, "readings")};
    OWN(address_clear) struct address address;
    address_pairs(sheet->page->query, find_reading, &reading);
    snprintf(known, sizeof known, "%" PRId64, json_find_integer(answer, "known", 0));
    why_address(&address, agreement, term);
    address_part(&address, slice_from("bundle"));
    address_ask(&address, "as-of", as_of);
    if (sheet->page->known != NULL) address_ask(&address, "known", slice_from(known));
    if (reading.name.size > 0) address_ask(&address, "reading", reading.name);
    buffer_print(&verify, "truce verify %.*s.bundle", SLICE(term));
    buffer_print(&make, "truce why %.*s/%.*s --as-of %.*s --known %s", SLICE(agreement), SLICE(term), SLICE(as_of),
                 known);
    if (reading.name.size > 0) buffer_print(&make, " --reading %.*s", SLICE(reading.name));
    buffer_print(&make, " --bundle %.*s.bundle", SLICE(term));
    sheet_begin(sheet, TAG_SECTION, "bundle");
    sheet_heading(sheet, TAG_H2, TR("Check it yourself"));
    html_words_in(
        html, TAG_P, NULL,
        TR("The bundle holds this explanation, every record that the log had by then, and the signed head that "
           "they lead to. Whoever has it computes the result again without a network and without asking the "
           "host."));
    sheet_begin(sheet, TAG_P, "ways-on");
    html_begin(html, TAG_A);
    html_address(html, ATTR_HREF, &address);
    html_words(html, TR("Download the bundle"));
    html_end(html, TAG_A);
    html_end(html, TAG_P);
    SAY_P(sheet, NULL, TR("To verify it: {0}"), hole(HOLE_CODE, buffer_slice(&verify)));
    SAY_P(sheet, NULL, TR("The same out of a copy of one's own: {0}"), hole(HOLE_CODE, buffer_slice(&make)));
    html_end(html, TAG_SECTION);
}

enum status page_why(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    const struct json *it = json_find(answer, "why"), *readings = json_find(it, "readings");
    struct sheet sheet = {.page = page, .answer = answer};
    sheet_open(&sheet, out, PLACE_STANDING, json_find_string(it, "term"));
    sheet.agreement = records_agreement(page->records, json_find_string(it, "agreement"));
    put_head(&sheet, it);
    put_term(&sheet, it);
    days_table(&sheet, readings);
    sheet_begin(&sheet, TAG_DIV, "beside");
    for (const struct json *reading = readings == NULL ? NULL : readings->first; reading != NULL;
         reading = reading->next)
        if (!reading_was_told(readings, reading)) put_reading(&sheet, reading);
    put_rivals(&sheet, it);
    html_end(&sheet.html, TAG_DIV);
    sheet_marked(&sheet, json_find(answer, "marked"));
    put_bundle(&sheet, answer, it);
    return sheet_close(&sheet, error);
}
