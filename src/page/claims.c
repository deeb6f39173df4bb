/* The list of claims, by the time at which they were received: to whom each attributes what, what was answered and what
 * was found. */
#include "page/told.h"

static const struct json *items(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
}

/* "Russian Federation: denial (3f2a91c0)" */
static void put_said(struct sheet *sheet, const struct json *said, const char *field)
{
    const char *label = tell_word(slice_from(field), json_find_string(said, field));
    SAY(sheet, TR("{0}: {1} ({2})"), hole(HOLE_PARTY, json_find_string(said, "by")),
        label != NULL ? hole_words(label) : hole(HOLE_TEXT, json_find_string(said, field)),
        hole(HOLE_RECORD, json_find_string(said, "id")));
}

static void put_all_said(struct sheet *sheet, const struct json *list, const char *field, const char *head,
                         const char *none)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_TD);
    html_words_in(html, TAG_SPAN, "cell-head", head);
    if (items(list) == NULL) {
        html_words_in(html, TAG_SPAN, "quiet", none);
    } else {
        sheet_begin(sheet, TAG_UL, "told");
        for (const struct json *said = items(list); said != NULL; said = said->next) {
            html_begin(html, TAG_LI);
            put_said(sheet, said, field);
            html_end(html, TAG_LI);
        }
        html_end(html, TAG_UL);
    }
    html_end(html, TAG_TD);
}

static void put_what(struct sheet *sheet, const struct json *claim)
{
    struct html *html = &sheet->html;
    struct slice act = json_find_string(claim, "act"), id = json_find_string(claim, "id");
    const struct json *text = json_find(records_get(sheet->page->records, id), "text");
    html_begin(html, TAG_TD);
    html_words_in(html, TAG_SPAN, "cell-head", TR("What it says"));
    html_begin(html, TAG_P);
    told_attribution(sheet, json_find_string(claim, "actor"), json_find_string(claim, "by"));
    html_end(html, TAG_P);
    if (act.size > 0) {
        html_begin(html, TAG_P);
        sheet_value(sheet, slice_from("act"), json_find(claim, "act"));
        html_end(html, TAG_P);
    }
    if (text != NULL) {
        sheet_begin(sheet, TAG_P, "quiet");
        sheet_beginning(sheet, tell_text(text), 160);
        html_end(html, TAG_P);
    }
    html_end(html, TAG_TD);
}

static void put_row(struct sheet *sheet, const struct json *line)
{
    struct html *html = &sheet->html;
    const struct json *claim = json_find(line, "claim"), *with = json_find(line, "with");
    html_begin(html, TAG_TR);
    html_data(html, "item", slice_from("yes"));
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "row");
    told_link(sheet, "/claims", slice_from("claim"), json_find_string(claim, "id"));
    sheet_begin(sheet, TAG_SPAN, "under");
    SAY(sheet, TR("Received: {0}"), hole(HOLE_STAMP, json_find_string(claim, "received")));
    html_end(html, TAG_SPAN);
    html_end(html, TAG_TH);
    put_what(sheet, claim);
    put_all_said(sheet, json_find(with, "responses"), "response", TR("Responses"), TR("No response so far."));
    put_all_said(sheet, json_find(with, "findings"), "finding", TR("Findings"), TR("No finding so far."));
    html_end(html, TAG_TR);
}

static void put_table(struct sheet *sheet, const struct page_events *list)
{
    struct html *html = &sheet->html;
    const char *const heads[] = {TR("Claim"), TR("What it says"), TR("Responses"), TR("Findings")};
    sheet_begin(sheet, TAG_TABLE, "events");
    sheet_heads(sheet, heads, COUNT_OF(heads));
    html_begin(html, TAG_TBODY);
    for (size_t i = 0; i < list->count; i++) put_row(sheet, list->lines[i]);
    html_end(html, TAG_TBODY);
    html_end(html, TAG_TABLE);
}

static void put_nothing(struct sheet *sheet)
{
    OWN(address_clear) struct address all, reports;
    address_open(&all, "/claims");
    address_open(&reports, "/records");
    address_ask(&reports, "kind", slice_from("report"));
    html_begin(&sheet->html, TAG_P);
    html_words(&sheet->html,
               TR("No claim fits. With fewer filters there may be some; what was observed is in the reports."));
    html_words(&sheet->html, " ");
    sheet_link(sheet, NULL, &all);
    html_words(&sheet->html, TR("All claims"));
    sheet_link_end(sheet);
    html_words(&sheet->html, TR(", "));
    sheet_link(sheet, NULL, &reports);
    html_words(&sheet->html, TR("reports"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

static void put_tallies_link(struct sheet *sheet)
{
    OWN(address_clear) struct address address;
    address_open(&address, "/claims/tallies");
    sheet_begin(sheet, TAG_P, "ways-on");
    sheet_link(sheet, NULL, &address);
    html_words(&sheet->html, TR("What each party counted, as a worksheet"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

enum status page_claims(struct buffer *out, const struct page *page, const struct page_events *list,
                        struct error *error)
{
    struct sheet sheet = {.page = page, .known_only = true};
    sheet_open(&sheet, out, PLACE_CLAIMS, slice_from(TR("Claims side by side")));
    sheet_heading(&sheet, TAG_H1, TR("Claims side by side"));
    html_words_in(&sheet.html, TAG_P, "quiet",
                  TR("A claim is what its author says. Responses and findings stand beside it, never in its place."));
    told_fault(&sheet, list);
    told_filters(&sheet, list, "/claims", TOLD_CLAIMS);
    put_tallies_link(&sheet);
    if (list->wrong == NULL && list->count == 0) put_nothing(&sheet);
    if (list->wrong == NULL && list->count > 0) put_table(&sheet, list);
    told_onward(&sheet, list, "/claims");
    return sheet_close(&sheet, error);
}
