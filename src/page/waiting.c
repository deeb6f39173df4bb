/* What waits, by who must act: notices whose receipt is not confirmed, questions without an answer, and what the terms
 * propose. */
#include "page/sheet.h"
#include "tell/delivery.h"
#include "tell/phrase.h"
#include "tell/term.h"

#include "base/time.h"
#include <inttypes.h>
#include <stdio.h>

enum { PARTIES_MOST = 256, BECAUSE_MOST = 8 };

struct open {
    const struct json *notices, *questions, *proposals;
};

static const struct json *items(const struct json *list)
{
    return list != NULL && list->type == JSON_ARRAY ? list->first : NULL;
}

/* ---- one thing that waits */

/* What is due when, and by how much it is late, or how much time is left. */
static void put_due(struct sheet *sheet, struct slice due)
{
    int64_t now = 0, due_at = 0;
    if (due.size == 0) return;
    sheet_field(sheet, TR("Due"));
    sheet_hole(sheet, hole(HOLE_TIME, due));
    sheet_field_end(sheet);
    if (!time_parse(&now, json_find_string(sheet->answer, "as_of")) || !time_parse(&due_at, due) || now == due_at)
        return;
    sheet_field(sheet, now > due_at ? TR("Late by") : TR("Time left"));
    sheet_duration(sheet, now > due_at ? now - due_at : due_at - now);
    sheet_field_end(sheet);
}

static void put_fields(struct sheet *sheet, const struct json *waiting)
{
    const struct json *agreement = records_get(sheet->page->records, json_find_string(waiting, "agreement"));
    const struct json *attempts = json_find(waiting, "attempts"), *delivered = json_find(waiting, "delivered");
    struct slice at = json_find_string(waiting, "at"), channel = json_find_string(waiting, "channel");
    sheet_begin(sheet, TAG_DL, "fields");
    sheet_field(sheet, TR("State"));
    sheet_mark(sheet, LABEL_STATE, json_find_string(waiting, "state"), "result");
    sheet_field_end(sheet);
    sheet_field(sheet, TR("From"));
    sheet_party(sheet, json_find_string(waiting, "from"));
    sheet_field_end(sheet);
    sheet_field(sheet, TR("Given"));
    sheet_hole(sheet, hole(HOLE_TIME, at));
    sheet_field_end(sheet);
    put_due(sheet, json_find_string(waiting, "due"));
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
    if (attempts != NULL && attempts->type == JSON_ARRAY) {
        sheet_field(sheet, TR("Attempts to reach"));
        sheet_records(sheet, attempts, 8);
        sheet_field_end(sheet);
    }
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

static void put_waiting(struct sheet *sheet, const struct json *waiting, const char *what)
{
    struct html *html = &sheet->html;
    struct slice id = json_find_string(waiting, "id");
    const struct json *text = json_find(records_get(sheet->page->records, id), "text");
    OWN(address_clear) struct address address;
    record_address(&address, id);
    html_begin(html, TAG_LI);
    html_begin(html, TAG_H3);
    sheet_link(sheet, NULL, &address);
    SAY(sheet, what, hole(HOLE_CODE, slice_part(id, 0, 8)));
    sheet_link_end(sheet);
    html_end(html, TAG_H3);
    sheet_begin(sheet, TAG_DIV, "says");
    put_words(sheet, text);
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

static void put_list(struct sheet *sheet, const struct json *list, struct slice party, const char *what)
{
    for (const struct json *waiting = items(list); waiting != NULL; waiting = waiting->next)
        if (slice_equal(json_find_string(waiting, "to"), party)) put_waiting(sheet, waiting, what);
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
    put_list(sheet, open->notices, party, TR("Notice {0}: receipt not confirmed"));
    put_list(sheet, open->questions, party, TR("Question {0}: no answer so far"));
    put_proposals(sheet, open->proposals, party);
    html_end(&sheet->html, TAG_UL);
    html_end(&sheet->html, TAG_SECTION);
}

/* ---- the page */

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

enum status page_waiting(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    const struct json *waits = json_find(answer, "open");
    const struct open open = {json_find(waits, "notices"), json_find(waits, "questions"),
                              json_find(waits, "proposals")};
    struct slice names[PARTIES_MOST];
    struct sheet sheet = {.page = page, .answer = answer};
    sheet_open(&sheet, out, PLACE_TODAY, slice_from(TR("What waits")));
    sheet_heading(&sheet, TAG_H1, TR("What waits"));
    sheet_moment(&sheet);
    if (items(open.proposals) != NULL) html_words_in(&sheet.html, TAG_P, "quiet", proposals_note());
    size_t count = put_order(&sheet, &open, names);
    for (size_t i = 0; i < count; i++) put_party(&sheet, &open, names[i]);
    if (items(open.notices) == NULL && items(open.questions) == NULL && items(open.proposals) == NULL)
        put_nothing(&sheet);
    return sheet_close(&sheet, error);
}
