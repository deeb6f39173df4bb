/* Today: what waits, by who must act and the most urgent first: notices whose receipt is not confirmed, questions
 * without an answer, what the terms propose; and what time alone will change. */
#include "page/asset.h"
#include "page/sheet.h"
#include "tell/delivery.h"
#include "tell/phrase.h"
#include "tell/term.h"

#include "base/time.h"
#include <inttypes.h>
#include <stdio.h>

enum { PARTIES_MOST = 256, BECAUSE_MOST = 8 };

struct open {
    const struct json *notices, *questions, *proposals, *windows, *left_off;
};

static const struct json *items(const struct json *list)
{
    return list != NULL && list->type == JSON_ARRAY ? list->first : NULL;
}

/* ---- one thing that waits */

/* Beside what was true when the page was made: counted on by the server's time, where scripts run and it is of now. */
static void put_clock(struct sheet *sheet, struct slice until)
{
    if (sheet->page->as_of != NULL || sheet->page->known != NULL || sheet->page->exercise) return;
    html_words(&sheet->html, " ");
    sheet_begin(sheet, TAG_SPAN, "clock-left number");
    html_data(&sheet->html, "until", until);
    html_set(&sheet->html, ATTR_ROLE, "timer");
    html_end(&sheet->html, TAG_SPAN);
}

/* By how much it is late, or how much time is left. */
static void put_left(struct sheet *sheet, struct slice due)
{
    int64_t now = 0, due_at = 0;
    if (!time_parse(&now, json_find_string(sheet->answer, "as_of")) || !time_parse(&due_at, due) || now == due_at)
        return;
    sheet_field(sheet, now > due_at ? TR("Late by") : TR("Time left"));
    sheet_duration(sheet, now > due_at ? now - due_at : due_at - now);
    put_clock(sheet, due);
    sheet_field_end(sheet);
}

/* Whom, and the record that tells of it. */
static void put_attempts(struct sheet *sheet, const struct json *attempts)
{
    if (items(attempts) == NULL) return;
    sheet_field(sheet, TR("Attempts to reach"));
    sheet_begin(sheet, TAG_UL, "records");
    for (const struct json *id = items(attempts); id != NULL; id = id->next) {
        const struct json *record = records_get(sheet->page->records, id->string);
        html_begin(&sheet->html, TAG_LI);
        sheet_party(sheet, json_find_string(record, "to"));
        html_words(&sheet->html, ": ");
        sheet_record(sheet, id->string, (struct slice){NULL, 0});
        html_end(&sheet->html, TAG_LI);
    }
    html_end(&sheet->html, TAG_UL);
    sheet_field_end(sheet);
}

static void put_fields(struct sheet *sheet, const struct json *waiting)
{
    const struct json *agreement = records_get(sheet->page->records, json_find_string(waiting, "agreement"));
    const struct json *attempts = json_find(waiting, "attempts"), *delivered = json_find(waiting, "delivered");
    sheet->agreement = agreement; /* its clocks are those of the place */
    struct slice channel = json_find_string(waiting, "channel");
    const struct notice_told told = {.from = json_find_string(waiting, "from"),
                                     .given = json_find_string(waiting, "at"),
                                     .due = json_find_string(waiting, "due")};
    sheet_begin(sheet, TAG_DL, "fields");
    sheet_field(sheet, TR("State"));
    sheet_mark(sheet, LABEL_STATE, json_find_string(waiting, "state"), "result");
    sheet_field_end(sheet);
    sheet_notice_fields(sheet, &told);
    put_left(sheet, told.due);
    if (channel.size > 0) {
        sheet_field(sheet, words_label(LABEL_FIELD, "channel"));
        sheet_hole(sheet, hole(HOLE_TEXT, tell_channel(agreement, channel)));
        sheet_field_end(sheet);
    }
    if (delivered != NULL) {
        sheet_field(sheet, TR("Delivery"));
        sheet_hole(sheet, hole_phrase(phrase_delivered, delivered));
        sheet_field_end(sheet);
    }
    put_attempts(sheet, attempts);
    html_end(&sheet->html, TAG_DL);
}

/* What somebody wrote, and who translated it. */
static void put_words(struct sheet *sheet, const struct json *text)
{
    if (text == NULL) return;
    sheet_begin(sheet, TAG_P, "words");
    sheet_text(sheet, text);
    html_end(&sheet->html, TAG_P);
    sheet_translator(sheet, text, NULL);
}

/* Where it is told that somebody was tried, and what came of it. */
static void put_attempt(struct sheet *sheet, const struct json *waiting, struct slice whom, const char *words)
{
    struct slice channel = json_find_string(waiting, "channel");
    OWN(address_clear) struct address address;
    address_open(&address, "/file/attempt");
    address_ask(&address, "of", json_find_string(waiting, "id"));
    address_ask(&address, "to", whom);
    if (channel.size > 0) address_ask(&address, "channel", channel);
    sheet_link(sheet, "button attempt", &address);
    html_words(&sheet->html, words);
    sheet_link_end(sheet);
}

/* Where a receipt is confirmed, and where it is told that the addressee was tried. */
static void put_ways(struct sheet *sheet, const struct json *waiting)
{
    OWN(address_clear) struct address address;
    address_open(&address, "/notices");
    address_part(&address, json_find_string(waiting, "id"));
    address_part(&address, slice_from("confirm"));
    sheet_begin(sheet, TAG_P, "confirm");
    sheet_link(sheet, "button", &address);
    html_words(&sheet->html, TR("Confirm receipt"));
    sheet_link_end(sheet);
    html_words(&sheet->html, " ");
    put_attempt(sheet, waiting, json_find_string(waiting, "to"), TR("Log an attempt to reach"));
    html_end(&sheet->html, TAG_P);
}

/* Who is to be reached when the time is over: the first alternate that nobody has tried, whom a script shows when it
 * runs out. */
static void put_alternate(struct sheet *sheet, const struct json *waiting)
{
    struct slice next = json_find_string(waiting, "next");
    if (next.size == 0) return;
    sheet_begin(sheet, TAG_DIV, "next-alternate");
    if (!slice_is(json_find_string(waiting, "state"), "overdue")) html_flag(&sheet->html, ATTR_HIDDEN);
    SAY_P(sheet, NULL, TR("Its time is over. Next alternate: {0}"), hole(HOLE_PARTY, next));
    html_begin(&sheet->html, TAG_P);
    put_attempt(sheet, waiting, next, TR("Log an attempt to reach the alternate"));
    html_end(&sheet->html, TAG_P);
    html_end(&sheet->html, TAG_DIV);
}

static void put_waiting(struct sheet *sheet, const struct json *waiting, const char *what, bool notice)
{
    struct html *html = &sheet->html;
    struct slice id = json_find_string(waiting, "id");
    const struct json *text = json_find(records_get(sheet->page->records, id), "text");
    OWN(address_clear) struct address address;
    record_address(&address, id);
    html_begin(html, TAG_LI);
    html_data(html, "item", id);
    if (notice) html_data(html, "due", json_find_string(waiting, "due"));
    html_begin(html, TAG_H3);
    sheet_link(sheet, NULL, &address);
    SAY(sheet, what, hole(HOLE_CODE, slice_part(id, 0, 8)));
    sheet_link_end(sheet);
    html_end(html, TAG_H3);
    sheet_begin(sheet, TAG_DIV, "says");
    if (!notice || json_find(records_get(sheet->page->records, id), "read_back") == NULL) put_words(sheet, text);
    if (notice) {
        put_alternate(sheet, waiting);
        put_ways(sheet, waiting);
    }
    html_end(html, TAG_DIV);
    put_fields(sheet, waiting);
    html_end(html, TAG_LI);
}

/* ---- what is proposed */

static bool asks(const struct json *proposal, struct slice party)
{
    const struct json *name = items(json_find(proposal, "ask"));
    while (name != NULL && !(name->type == JSON_STRING && slice_equal(name->string, party))) name = name->next;
    return name != NULL;
}

static void put_reason(struct sheet *sheet, const struct json *proposal)
{
    const struct json *because = json_find(proposal, "because"), *ask = json_find(proposal, "ask");
    struct slice since = json_find_string(proposal, "since");
    sheet_begin(sheet, TAG_DL, "fields");
    sheet_field(sheet, TR("Reason"));
    SAY(sheet, TR("the term {0}; its result: {1}"), hole(HOLE_TERM, json_find_string(proposal, "term")),
        hole(HOLE_RESULT, json_find_string(proposal, "on")));
    sheet_field_end(sheet);
    if (since.size > 0) {
        sheet_field(sheet, TR("Since"));
        sheet_hole(sheet, hole(HOLE_TIME, since));
        sheet_field_end(sheet);
    }
    if (ask != NULL && ask->size > 1) {
        sheet_field(sheet, TR("Proposed to"));
        sheet_hole(sheet, hole_phrase(phrase_names, ask));
        sheet_field_end(sheet);
    }
    if (items(because) != NULL) {
        sheet_field(sheet, TR("Records"));
        sheet_records(sheet, because, BECAUSE_MOST);
        sheet_field_end(sheet);
    }
    html_end(&sheet->html, TAG_DL);
}

static void put_proposal(struct sheet *sheet, const struct json *proposal)
{
    struct html *html = &sheet->html;
    struct slice term = json_find_string(proposal, "term");
    sheet->agreement = records_agreement(sheet->page->records, json_find_string(proposal, "agreement"));
    const struct json *clause = tell_clause_text(sheet->page->records, sheet->agreement, term);
    html_begin(html, TAG_LI);
    html_begin(html, TAG_H3);
    SAY(sheet, TR("Proposal: {0}"), hole_phrase(phrase_effect, proposal));
    html_end(html, TAG_H3);
    sheet_begin(sheet, TAG_DIV, "says");
    put_words(sheet, clause);
    if (slice_is(json_find_string(proposal, "on"), "breached")) sheet_not_a_finding(sheet);
    html_end(html, TAG_DIV);
    put_reason(sheet, proposal);
    html_end(html, TAG_LI);
    sheet->agreement = NULL;
}

static void put_proposals(struct sheet *sheet, const struct json *list, struct slice party)
{
    for (const struct json *proposal = items(list); proposal != NULL; proposal = proposal->next)
        if (asks(proposal, party)) put_proposal(sheet, proposal);
}

/* ---- whoever must act */

static bool any_proposed(const struct json *list, struct slice party)
{
    const struct json *proposal = items(list);
    while (proposal != NULL && !asks(proposal, party)) proposal = proposal->next;
    return proposal != NULL;
}

static bool any_for(const struct json *list, struct slice party)
{
    const struct json *waiting = items(list);
    while (waiting != NULL && !slice_equal(json_find_string(waiting, "to"), party)) waiting = waiting->next;
    return waiting != NULL;
}

static void put_list(struct sheet *sheet, const struct json *list, struct slice party, const char *what, bool notices)
{
    for (const struct json *waiting = items(list); waiting != NULL; waiting = waiting->next)
        if (slice_equal(json_find_string(waiting, "to"), party)) put_waiting(sheet, waiting, what, notices);
}

/* No count stands beside a party's name: it would be read as a score. */
static void put_party(struct sheet *sheet, const struct open *open, struct slice party)
{
    if (!any_for(open->notices, party) && !any_for(open->questions, party) && !any_proposed(open->proposals, party))
        return;
    sheet_begin(sheet, TAG_SECTION, "party");
    html_begin(&sheet->html, TAG_H2);
    sheet_party(sheet, party);
    html_end(&sheet->html, TAG_H2);
    sheet_begin(sheet, TAG_UL, "waits");
    put_list(sheet, open->notices, party, TR("Notice {0}: receipt not confirmed"), true);
    put_list(sheet, open->questions, party, TR("Question {0}: no answer so far"), false);
    put_proposals(sheet, open->proposals, party);
    html_end(&sheet->html, TAG_UL);
    html_end(&sheet->html, TAG_SECTION);
}

/* ---- in which order */

static void put_name(struct slice name, struct slice *names, size_t *count)
{
    for (size_t i = 0; i < *count; i++)
        if (slice_equal(names[i], name)) return;
    if (*count < PARTIES_MOST) names[(*count)++] = name;
}

static void put_names(const struct json *list, struct slice *names, size_t *count)
{
    for (const struct json *name = items(list); name != NULL; name = name->next)
        if (name->type == JSON_STRING) put_name(name->string, names, count);
}

static void put_agreement_parties(const struct json *agreement, struct slice *names, size_t *count)
{
    put_names(json_find(agreement, "parties"), names, count);
}

/* Parties in the order of the agreement that is spoken of, then whoever else is addressed. */
static size_t put_order(struct sheet *sheet, const struct open *open, struct slice *names)
{
    const struct json *const lists[] = {open->notices, open->questions};
    struct records *records = sheet->page->records;
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        for (const struct json *waiting = items(lists[i]); waiting != NULL; waiting = waiting->next)
            put_agreement_parties(records_get(records, json_find_string(waiting, "agreement")), names, &count);
    for (const struct json *p = items(open->proposals); p != NULL; p = p->next)
        put_agreement_parties(records_agreement(records, json_find_string(p, "agreement")), names, &count);
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        for (const struct json *waiting = items(lists[i]); waiting != NULL; waiting = waiting->next)
            put_name(json_find_string(waiting, "to"), names, &count);
    for (const struct json *p = items(open->proposals); p != NULL; p = p->next)
        put_names(json_find(p, "ask"), names, &count);
    return count;
}

static void put_nothing(struct sheet *sheet)
{
    OWN(address_clear) struct address standing;
    address_open(&standing, "/standing");
    html_words_in(&sheet->html, TAG_P, NULL, TR("Nothing: every notice was confirmed and every question answered."));
    html_begin(&sheet->html, TAG_P);
    html_words(&sheet->html, TR("What the agreement's terms wait for stands with each of them: "));
    sheet_link(sheet, NULL, &standing);
    html_words(&sheet->html, TR("Agreement"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

/* ---- what time alone will change */

static void put_window(struct sheet *sheet, const struct json *window)
{
    struct html *html = &sheet->html;
    struct slice term = json_find_string(window, "term"), at = json_find_string(window, "at");
    sheet->agreement = records_agreement(sheet->page->records, json_find_string(window, "agreement"));
    html_begin(html, TAG_LI);
    html_data(html, "item", term);
    sheet_begin(sheet, TAG_SPAN, "window-at");
    sheet_hole(sheet, hole(HOLE_TIME, at));
    put_clock(sheet, at);
    html_end(html, TAG_SPAN);
    sheet_begin(sheet, TAG_SPAN, "window-says");
    SAY(sheet, TR("the term {0}: {1}, then {2}"), hole(HOLE_TERM, term),
        hole(HOLE_RESULT, json_find_string(window, "verdict")), hole(HOLE_RESULT, json_find_string(window, "becomes")));
    html_end(html, TAG_SPAN);
    html_end(html, TAG_LI);
    sheet->agreement = NULL;
}

static bool is_unwatched(const struct json *window)
{
    return slice_is(json_find_string(window, "becomes"), "not-observed");
}

static void put_windows(struct sheet *sheet, const struct json *list, bool unwatched, const char *heading,
                        const char *note)
{
    bool any = false;
    for (const struct json *window = items(list); window != NULL; window = window->next) {
        if (is_unwatched(window) != unwatched) continue;
        if (!any) {
            sheet_begin(sheet, TAG_SECTION, "windows");
            sheet_heading(sheet, TAG_H2, heading);
            html_words_in(&sheet->html, TAG_P, "quiet", note);
            html_begin(&sheet->html, TAG_UL);
        }
        any = true;
        put_window(sheet, window);
    }
    if (!any) return;
    html_end(&sheet->html, TAG_UL);
    html_end(&sheet->html, TAG_SECTION);
}

/* ---- for whom */

static void put_as_party(struct sheet *sheet, const struct json *whose)
{
    struct html *html = &sheet->html;
    OWN(address_clear) struct address here;
    address_open(&here, "/today");
    sheet_begin(sheet, TAG_FORM, "as-party");
    html_set(html, ATTR_METHOD, "get");
    html_address(html, ATTR_ACTION, &here);
    sheet_whose(sheet, whose);
    sheet_kept(sheet, "as-of", sheet->page->as_of);
    sheet_kept(sheet, "known", sheet->page->known);
    sheet_submit(sheet, TR("Show"));
    html_end(html, TAG_FORM);
}

/* ---- the page */

/* No count beside a party: it is of all, and of what this page has no room for. */
static void put_left_off(struct sheet *sheet, const struct json *left_off)
{
    OWN(buffer_clear) struct buffer notices = {0}, questions = {0};
    int64_t n = json_find_integer(left_off, "notices", 0), q = json_find_integer(left_off, "questions", 0);
    if (n == 0 && q == 0) return;
    words_count(&notices, NOUN_NOTICE, (uint64_t)n);
    words_count(&questions, NOUN_QUESTION, (uint64_t)q);
    SAY_P(sheet, "quiet", TR("The most urgent are shown. Besides: {0}, {1}."), hole(HOLE_WORDS, buffer_slice(&notices)),
          hole(HOLE_WORDS, buffer_slice(&questions)));
}

static void put_sound(struct sheet *sheet)
{
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_P, "sound");
    html_set(html, ATTR_ID, "sound");
    html_data(html, "keep", slice_from("")); /* it stays when news refresh the page */
    html_flag(html, ATTR_HIDDEN);            /* until there is a script that sounds */
    html_begin(html, TAG_BUTTON);
    html_set(html, ATTR_TYPE, "button");
    html_words(html, TR("Sound on (a test is heard)"));
    html_end(html, TAG_BUTTON);
    html_words_in(html, TAG_SPAN, "hint", TR("Sound is off: a notice that is due would not be heard."));
    html_end(html, TAG_P);
    sheet_words_begin(sheet);
    sheet_word(sheet, "sound-on",
               TR("Sound is on: a notice due within the hour sounds until its receipt is confirmed."));
    sheet_words_end(sheet);
}

static void put_everything(struct sheet *sheet, const struct open *open)
{
    struct slice names[PARTIES_MOST];
    size_t count = put_order(sheet, open, names);
    if (items(open->proposals) != NULL) html_words_in(&sheet->html, TAG_P, "quiet", proposals_note());
    for (size_t i = 0; i < count; i++) put_party(sheet, open, names[i]);
    put_left_off(sheet, open->left_off);
    if (items(open->notices) == NULL && items(open->questions) == NULL && items(open->proposals) == NULL)
        put_nothing(sheet);
    put_windows(sheet, open->windows, false, TR("Time limits that run out"),
                TR("What a result becomes by time alone, if nothing is recorded before."));
    put_windows(sheet, open->windows, true, TR("Where watching is missing"),
                TR("If nobody says until then that they were watching, these cannot be decided: silence is not "
                   "compliance."));
}

enum status page_today(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    const struct json *waits = json_find(answer, "waiting");
    const struct open open = {json_find(waits, "notices"), json_find(waits, "questions"), json_find(waits, "proposals"),
                              json_find(waits, "windows"), json_find(waits, "left_off")};
    struct sheet sheet = {.page = page, .answer = answer, .script = asset_today_js};
    sheet_open(&sheet, out, PLACE_TODAY, slice_from(TR("Today")));
    sheet_heading(&sheet, TAG_H1, TR("What waits"));
    sheet_moment(&sheet);
    put_as_party(&sheet, json_find(waits, "for"));
    put_sound(&sheet);
    put_everything(&sheet, &open);
    return sheet_close(&sheet, error);
}
