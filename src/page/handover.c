/* Handover: what waits when a shift ends, and what was confirmed, tried and recorded in it; to be printed and signed by
 * hand, or signed as a notice to one's own party, whose receipt the next shift confirms. */
#include "page/asset.h"
#include "page/sheet.h"

#include "base/time.h"
#include <inttypes.h>
#include <stdio.h>

enum { HOUR_S = 3600, LISTED_MOST = 200 };

static const struct json *items(const struct json *list)
{
    return list != NULL && list->type == JSON_ARRAY ? list->first : NULL;
}

/* ---- when the shift began */

static void put_ago(struct sheet *sheet, int64_t as_of, int64_t hours)
{
    static const char *const without[] = {"from", "lang", NULL};
    char from[TIME_TEXT_SIZE];
    OWN(address_clear) struct address address;
    time_format(as_of - hours * HOUR_S, from);
    address_again(&address, sheet->page->address, sheet->page->query, without);
    address_ask(&address, "from", slice_from(from));
    html_begin(&sheet->html, TAG_LI);
    html_begin(&sheet->html, TAG_A);
    html_address(&sheet->html, ATTR_HREF, &address);
    sheet_count(sheet, NOUN_HOUR, (uint64_t)hours);
    html_end(&sheet->html, TAG_A);
    html_end(&sheet->html, TAG_LI);
}

static void put_beginnings(struct sheet *sheet)
{
    static const int64_t hours[] = {6, 8, 12, 24};
    int64_t as_of;
    if (!time_parse(&as_of, json_find_string(sheet->answer, "as_of"))) return;
    sheet_begin(sheet, TAG_DIV, "onward");
    html_words(&sheet->html, TR("The shift began before this moment by:"));
    sheet_begin(sheet, TAG_UL, "ways");
    for (size_t i = 0; i < COUNT_OF(hours); i++) put_ago(sheet, as_of, hours[i]);
    html_end(&sheet->html, TAG_UL);
    html_end(&sheet->html, TAG_DIV);
}

static void put_form(struct sheet *sheet, const struct json *shift)
{
    struct html *html = &sheet->html;
    OWN(address_clear) struct address here;
    address_open(&here, "/handover");
    sheet_begin(sheet, TAG_FORM, "as-party");
    html_set(html, ATTR_METHOD, "get");
    html_address(html, ATTR_ACTION, &here);
    sheet_whose(sheet, json_find(json_find(shift, "open"), "for"));
    sheet_line(sheet, &(struct line){.name = "from",
                                     .label = TR("The shift began"),
                                     .hint = TR("A day or a moment in UTC."),
                                     .value = json_find_string(shift, "from")});
    sheet_kept(sheet, "as-of", sheet->page->as_of);
    sheet_kept(sheet, "known", sheet->page->known);
    sheet_submit(sheet, TR("Show"));
    html_end(html, TAG_FORM);
}

/* ---- tables */

static void begin_table(struct sheet *sheet, const char *const *heads, size_t count)
{
    sheet_begin(sheet, TAG_TABLE, "events");
    sheet_heads(sheet, heads, count);
    html_begin(&sheet->html, TAG_TBODY);
}

static void end_table(struct sheet *sheet)
{
    html_end(&sheet->html, TAG_TBODY);
    html_end(&sheet->html, TAG_TABLE);
}

static void begin_cell(struct sheet *sheet, const char *head)
{
    html_begin(&sheet->html, TAG_TD);
    html_words_in(&sheet->html, TAG_SPAN, "cell-head", head);
}

static void end_cell(struct sheet *sheet)
{
    html_end(&sheet->html, TAG_TD);
}

/* The record that the row is about, by its kind and short id. */
static void put_row_head(struct sheet *sheet, struct slice id)
{
    struct html *html = &sheet->html;
    const struct json *record = records_get(sheet->page->records, id);
    html_begin(html, TAG_TR);
    html_data(html, "item", id);
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "row");
    if (record != NULL) sheet_label(sheet, LABEL_KIND, json_find_string(record, "kind"));
    html_words(html, " ");
    sheet_hole(sheet, hole(HOLE_RECORD, id));
    html_end(html, TAG_TH);
}

static void put_party_cell(struct sheet *sheet, const char *head, struct slice party)
{
    begin_cell(sheet, head);
    sheet_party(sheet, party);
    end_cell(sheet);
}

static void put_time_cell(struct sheet *sheet, const char *head, struct slice time)
{
    begin_cell(sheet, head);
    if (time.size > 0) sheet_hole(sheet, hole(HOLE_TIME, time));
    end_cell(sheet);
}

/* ---- what waits */

/* Late by so much, or so much is left. */
static void put_left(struct sheet *sheet, struct slice due)
{
    int64_t now, at;
    if (!time_parse(&at, due) || !time_parse(&now, json_find_string(sheet->answer, "as_of"))) return;
    html_words(&sheet->html, now > at ? TR("Late by") : TR("Time left"));
    html_words(&sheet->html, ": ");
    sheet_duration(sheet, now > at ? now - at : at - now);
}

static void put_open(struct sheet *sheet, const struct json *waiting)
{
    struct slice due = json_find_string(waiting, "due"), next = json_find_string(waiting, "next");
    sheet->agreement = records_get(sheet->page->records, json_find_string(waiting, "agreement"));
    put_row_head(sheet, json_find_string(waiting, "id"));
    put_party_cell(sheet, TR("From"), json_find_string(waiting, "from"));
    put_party_cell(sheet, TR("To"), json_find_string(waiting, "to"));
    put_time_cell(sheet, TR("Due"), due);
    begin_cell(sheet, TR("State"));
    sheet_mark(sheet, LABEL_STATE, json_find_string(waiting, "state"), "result");
    html_begin(&sheet->html, TAG_DIV);
    put_left(sheet, due);
    html_end(&sheet->html, TAG_DIV);
    end_cell(sheet);
    begin_cell(sheet, TR("Attempts to reach"));
    sheet_ids(sheet, json_find(waiting, "attempts"), 8);
    if (next.size > 0) SAY_P(sheet, NULL, TR("Next alternate: {0}"), hole(HOLE_PARTY, next));
    end_cell(sheet);
    html_end(&sheet->html, TAG_TR);
    sheet->agreement = NULL;
}

static void put_clocks(struct sheet *sheet, const struct json *open)
{
    const struct json *const lists[] = {json_find(open, "notices"), json_find(open, "questions")};
    const char *const heads[] = {TR("Waits"), TR("From"), TR("To"), TR("Due"), TR("State"), TR("Attempts to reach")};
    sheet_heading(sheet, TAG_H2, TR("Open clocks"));
    if (items(lists[0]) == NULL && items(lists[1]) == NULL) {
        html_words_in(&sheet->html, TAG_P, NULL,
                      TR("Nothing: every notice was confirmed and every question answered."));
        return;
    }
    begin_table(sheet, heads, COUNT_OF(heads));
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        for (const struct json *waiting = items(lists[i]); waiting != NULL; waiting = waiting->next)
            put_open(sheet, waiting);
    end_table(sheet);
}

static void put_windows(struct sheet *sheet, const struct json *windows)
{
    struct html *html = &sheet->html;
    if (items(windows) == NULL) return;
    sheet_heading(sheet, TAG_H3, TR("Time limits that run out"));
    html_begin(html, TAG_UL);
    for (const struct json *window = items(windows); window != NULL; window = window->next) {
        sheet->agreement = records_agreement(sheet->page->records, json_find_string(window, "agreement"));
        html_begin(html, TAG_LI);
        sheet_hole(sheet, hole(HOLE_TIME, json_find_string(window, "at")));
        html_words(html, ": ");
        SAY(sheet, TR("the term {0}: {1}, then {2}"), hole(HOLE_TERM, json_find_string(window, "term")),
            hole(HOLE_RESULT, json_find_string(window, "verdict")),
            hole(HOLE_RESULT, json_find_string(window, "becomes")));
        html_end(html, TAG_LI);
        sheet->agreement = NULL;
    }
    html_end(html, TAG_UL);
    sheet_not_a_finding(sheet);
}

/* ---- what was done in the shift */

/* What it is about, who did it and when, and what came of it. */
static void put_done(struct sheet *sheet, struct slice id, bool attempt)
{
    const struct json *record = records_get(sheet->page->records, id);
    const struct json *about = records_get(sheet->page->records, json_find_string(record, "of"));
    const char *field = attempt ? "result" : "receipt";
    sheet->agreement = records_get(sheet->page->records, json_find_string(about, "agreement"));
    put_row_head(sheet, id);
    begin_cell(sheet, TR("About"));
    if (about != NULL) {
        sheet_label(sheet, LABEL_KIND, json_find_string(about, "kind"));
        html_words(&sheet->html, " ");
        sheet_hole(sheet, hole(HOLE_RECORD, json_find_string(about, "id")));
    }
    end_cell(sheet);
    put_party_cell(sheet, TR("By"), json_find_string(record, "by"));
    if (attempt) put_party_cell(sheet, TR("To"), json_find_string(record, "to"));
    put_time_cell(sheet, TR("When"), json_find_string(record, "at"));
    begin_cell(sheet, TR("Result"));
    sheet_value(sheet, slice_from(field), json_find(record, field));
    if (attempt) {
        html_words(&sheet->html, TR(", "));
        sheet_value(sheet, slice_from("means"), json_find(record, "means"));
    }
    end_cell(sheet);
    html_end(&sheet->html, TAG_TR);
    sheet->agreement = NULL;
}

static void put_others(struct sheet *sheet, const struct json *shift, const char *list)
{
    int64_t others = json_find_integer(json_find(shift, "without"), list, 0);
    if (others <= 0) return;
    html_begin(&sheet->html, TAG_P);
    sheet_others(sheet, (size_t)others);
    html_end(&sheet->html, TAG_P);
}

static void put_acts(struct sheet *sheet, const struct json *shift, bool attempts)
{
    const char *const by[] = {TR("Record"), TR("About"), TR("By"), TR("When"), TR("Result")};
    const char *const to[] = {TR("Record"), TR("About"), TR("By"), TR("To"), TR("When"), TR("Result")};
    const char *list = attempts ? "attempts" : "confirmed";
    const struct json *id = items(json_find(shift, list));
    sheet_heading(sheet, TAG_H2, attempts ? TR("Attempts to reach") : TR("Confirmed in this shift"));
    if (id == NULL) {
        html_words_in(&sheet->html, TAG_P, NULL,
                      attempts ? TR("No attempt was logged in this shift.")
                               : TR("Nothing was confirmed in this shift."));
        return;
    }
    begin_table(sheet, attempts ? to : by, attempts ? COUNT_OF(to) : COUNT_OF(by));
    for (; id != NULL; id = id->next) put_done(sheet, id->string, attempts);
    end_table(sheet);
    put_others(sheet, shift, list);
}

static void put_recorded(struct sheet *sheet, const struct json *shift)
{
    const struct json *records = json_find(shift, "records");
    char after[24];
    sheet_heading(sheet, TAG_H2, TR("New records in this shift"));
    if (items(records) == NULL) {
        html_words_in(&sheet->html, TAG_P, NULL, TR("The log received no record in this shift."));
        return;
    }
    sheet_records(sheet, records, LISTED_MOST);
    put_others(sheet, shift, "records");
    snprintf(after, sizeof after, "%" PRId64, json_find_integer(shift, "after", 0));
    OWN(address_clear) struct address address;
    address_open(&address, "/records");
    address_ask(&address, "after", slice_from(after));
    sheet_begin(sheet, TAG_P, "onward");
    sheet_link(sheet, NULL, &address);
    html_words(&sheet->html, TR("All records since then, as a list"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

/* ---- signing */

/* Where the very same is found again, whatever is recorded later. */
static void put_fixed_address(struct buffer *out, const struct json *answer, const struct json *shift,
                              struct slice party)
{
    OWN(address_clear) struct address address;
    char known[24];
    snprintf(known, sizeof known, "%" PRId64, json_find_integer(answer, "known", 0));
    address_open(&address, "/handover");
    address_ask(&address, "party", party);
    address_ask(&address, "from", json_find_string(shift, "from"));
    address_ask(&address, "as-of", json_find_string(answer, "as_of"));
    address_ask(&address, "known", slice_from(known));
    buffer_put(out, buffer_slice(&address.text));
    buffer_put_byte(out, '\0');
}

/* Text that is signed has no marks in it that cannot be seen: without the isolates round what filled a message. */
static void put_without_isolates(struct buffer *out, struct slice text)
{
    static const char first[] = "\u2068", last[] = "\u2069";
    for (size_t at = 0; at < text.size;) {
        struct slice rest = slice_part(text, at, text.size);
        bool isolate = slice_starts(rest, first) || slice_starts(rest, last);
        if (!isolate) buffer_put_byte(out, text.data[at]);
        at += isolate ? sizeof first - 1 : 1;
    }
}

/* The words of the notice: from when to when, of how many records, and their root. */
static void put_notice_words(struct buffer *out, const struct json *answer, const struct json *shift,
                             struct slice party)
{
    OWN(buffer_clear) struct buffer address = {0}, filled = {0};
    char span[2 * TIME_TEXT_SIZE + 4], known[24];
    put_fixed_address(&address, answer, shift, party);
    snprintf(span, sizeof span, "%.*s – %.*s", SLICE(json_find_string(shift, "from")),
             SLICE(json_find_string(answer, "as_of")));
    snprintf(known, sizeof known, "%" PRId64, json_find_integer(answer, "known", 0));
    words_fill(&filled, TR("Handover of the shift: {0}. Records: {1}. Root: {2}. {3}"), span, known,
               error_slice(json_find_string(answer, "root")).text, (const char *)address.data, NULL);
    put_without_isolates(out, buffer_slice(&filled));
}

static void put_signing(struct sheet *sheet, const struct json *shift)
{
    const struct json *whose = items(json_find(json_find(shift, "open"), "for"));
    OWN(buffer_clear) struct buffer words = {0};
    sheet_begin(sheet, TAG_SECTION, "onward");
    sheet_heading(sheet, TAG_H2, TR("Signing the handover"));
    if (whose == NULL) {
        html_words_in(&sheet->html, TAG_P, NULL,
                      TR("On paper both shifts sign below it. As a record it is signed for a party, which is chosen "
                         "above."));
    } else {
        put_notice_words(&words, sheet->answer, shift, whose->string);
        html_words_in(&sheet->html, TAG_P, NULL,
                      TR("On paper both shifts sign below it. As a record it is a notice to the party itself, whose "
                         "receipt the next shift confirms; it bears root and address, by which this page is found "
                         "again. Every reader of the register sees that notice."));
        OWN(address_clear) struct address address;
        address_open(&address, "/file/notice");
        address_ask(&address, "to", whose->string);
        address_ask(&address, "text", buffer_slice(&words));
        html_begin(&sheet->html, TAG_P);
        sheet_link(sheet, "button", &address);
        html_words(&sheet->html, TR("Sign the handover as a notice"));
        sheet_link_end(sheet);
        html_end(&sheet->html, TAG_P);
    }
    html_end(&sheet->html, TAG_SECTION);
}

/* Lines to write on, on paper alone. */
static void put_lines(struct sheet *sheet)
{
    const char *const who[] = {TR("Handed over by"), TR("Taken over by")};
    const char *const what[] = {TR("Name"), TR("Time (UTC)"), TR("Signature")};
    sheet_begin(sheet, TAG_DIV, "signatures");
    for (size_t i = 0; i < COUNT_OF(who); i++) {
        sheet_begin(sheet, TAG_SECTION, NULL);
        sheet_heading(sheet, TAG_H2, who[i]);
        for (size_t n = 0; n < COUNT_OF(what); n++) html_words_in(&sheet->html, TAG_P, "line", what[n]);
        html_end(&sheet->html, TAG_SECTION);
    }
    html_end(&sheet->html, TAG_DIV);
}

enum status page_handover(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    const struct json *shift = json_find(answer, "shift"), *open = json_find(shift, "open");
    struct sheet sheet = {.page = page, .answer = answer};
    sheet_open(&sheet, out, PLACE_HANDOVER, slice_from(TR("Handover")));
    sheet_heading(&sheet, TAG_H1, TR("Handover"));
    sheet_moment(&sheet);
    SAY_P(&sheet, NULL, TR("Shift: from {0} to {1}."), hole(HOLE_TIME, json_find_string(shift, "from")),
          hole(HOLE_TIME, json_find_string(answer, "as_of")));
    put_form(&sheet, shift);
    put_beginnings(&sheet);
    put_clocks(&sheet, open);
    put_windows(&sheet, json_find(open, "windows"));
    put_acts(&sheet, shift, false);
    put_acts(&sheet, shift, true);
    put_recorded(&sheet, shift);
    put_signing(&sheet, shift);
    put_lines(&sheet);
    return sheet_close(&sheet, error);
}
