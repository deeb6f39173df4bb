/* The list of incidents, in the order of their first records. */
#include "page/told.h"

static const struct json *items(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
}

/* Where the first of its records that tells of a time or place says it was. */
static void put_first_told(struct sheet *sheet, const struct json *members, const char *key, const char *none)
{
    const struct json *member = items(members);
    while (member != NULL && json_find(member, key) == NULL) member = member->next;
    if (member == NULL)
        html_words_in(&sheet->html, TAG_SPAN, "quiet", none);
    else if (strcmp(key, "from") == 0)
        told_when(sheet, member);
    else
        sheet_hole(sheet, hole(HOLE_TEXT,
                               tell_place(sheet->page->records, sheet->agreement, json_find_string(member, "place"))));
}

static void begin_cell(struct sheet *sheet, const char *head)
{
    html_begin(&sheet->html, TAG_TD);
    html_words_in(&sheet->html, TAG_SPAN, "cell-head", head);
}

/* How many more there are, one link away from each of them. */
static void put_others(struct sheet *sheet, struct slice first, size_t count)
{
    OWN(address_clear) struct address address;
    address_open(&address, "/incidents");
    address_part(&address, first);
    html_begin(&sheet->html, TAG_LI);
    sheet_link(sheet, NULL, &address);
    sheet_others(sheet, count);
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_LI);
}

static void put_members(struct sheet *sheet, struct slice first, const struct json *members)
{
    enum { MEMBERS_MOST = 6 };
    struct html *html = &sheet->html;
    size_t told = 0;
    sheet_begin(sheet, TAG_UL, "told");
    for (const struct json *member = items(members); member != NULL && told < MEMBERS_MOST;
         member = member->next, told++) {
        html_begin(html, TAG_LI);
        told_link(sheet, "/records", json_find_string(member, "kind"), json_find_string(member, "id"));
        html_words(html, TR(", "));
        sheet_party(sheet, json_find_string(member, "by"));
        html_end(html, TAG_LI);
    }
    if (members != NULL && members->size > told) put_others(sheet, first, members->size - told);
    html_end(html, TAG_UL);
}

static void put_row(struct sheet *sheet, const struct json *line)
{
    struct html *html = &sheet->html;
    const struct json *incident = json_find(line, "incident"), *members = json_find(incident, "members");
    struct slice first = json_find_string(incident, "first");
    struct slice gist = tell_gist(records_get(sheet->page->records, first));
    html_begin(html, TAG_TR);
    html_data(html, "item", slice_from("yes"));
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "row");
    told_link(sheet, "/incidents", (struct slice){NULL, 0}, first);
    sheet_begin(sheet, TAG_SPAN, "under");
    SAY(sheet, TR("Received: {0}"), hole(HOLE_STAMP, json_find_string(items(members), "received")));
    html_end(html, TAG_SPAN);
    html_end(html, TAG_TH);
    begin_cell(sheet, TR("When"));
    put_first_told(sheet, members, "from", TR("not said"));
    html_end(html, TAG_TD);
    begin_cell(sheet, TR("Where"));
    put_first_told(sheet, members, "place", TR("as in its records"));
    html_end(html, TAG_TD);
    begin_cell(sheet, TR("Told first"));
    sheet_beginning(sheet, gist, 160);
    html_end(html, TAG_TD);
    begin_cell(sheet, TR("Records"));
    put_members(sheet, first, members);
    html_end(html, TAG_TD);
    html_end(html, TAG_TR);
}

static void put_table(struct sheet *sheet, const struct page_events *list)
{
    struct html *html = &sheet->html;
    const char *const heads[] = {TR("Incident"), TR("When"), TR("Where"), TR("Told first"), TR("Records")};
    sheet_begin(sheet, TAG_TABLE, "events");
    sheet_heads(sheet, heads, COUNT_OF(heads));
    html_begin(html, TAG_TBODY);
    for (size_t i = 0; i < list->count; i++) put_row(sheet, list->lines[i]);
    html_end(html, TAG_TBODY);
    html_end(html, TAG_TABLE);
}

static void put_nothing(struct sheet *sheet)
{
    OWN(address_clear) struct address all;
    address_open(&all, "/incidents");
    html_begin(&sheet->html, TAG_P);
    html_words(&sheet->html, TR("No incident fits. With fewer filters there may be some: "));
    sheet_link(sheet, NULL, &all);
    html_words(&sheet->html, TR("all incidents"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

enum status page_incidents(struct buffer *out, const struct page *page, const struct page_events *list,
                           struct error *error)
{
    struct sheet sheet = {.page = page, .known_only = true};
    sheet.agreement = told_agreement(&sheet, slice_from(""));
    sheet_open(&sheet, out, PLACE_INCIDENTS, slice_from(TR("Incidents")));
    sheet_heading(&sheet, TAG_H1, TR("Incidents"));
    html_words_in(
        &sheet.html, TAG_P, "quiet",
        TR("Records are one incident where a link says so that some reading of an agreement follows. Accounts "
           "stay beside each other."));
    told_fault(&sheet, list);
    told_filters(&sheet, list, "/incidents", TOLD_INCIDENTS);
    if (list->wrong == NULL && list->count == 0) put_nothing(&sheet);
    if (list->wrong == NULL && list->count > 0) put_table(&sheet, list);
    told_onward(&sheet, list, "/incidents");
    return sheet_close(&sheet, error);
}
