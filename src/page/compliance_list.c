/* All commitments on a narrow screen, where no table of days has room: the days, the newest first; under a day each
 * commitment with what the day was, what was watched of it, and what each party's was. The table is in the same page,
 * so the newest days alone are written out: the others are a link away, each as a page of its own. */
#include "page/compliance.h"

enum { DAYS_MOST = 64, DAYS_WRITTEN = 2 };

static const struct json *items(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
}

static void put_parties(struct ledger *ledger, const struct json *term, const struct json *day)
{
    struct html *html = &ledger->sheet->html;
    sheet_begin(ledger->sheet, TAG_UL, NULL);
    for (const struct json *party = items(json_find(term, "bound")); party != NULL; party = party->next) {
        if (!compliance_has(ledger, party->string)) continue;
        html_begin(html, TAG_LI);
        compliance_line(ledger, term, day, party->string);
        html_end(html, TAG_LI);
    }
    html_end(html, TAG_UL);
}

static void put_term(struct ledger *ledger, const struct json *term, const struct json *day)
{
    struct html *html = &ledger->sheet->html;
    html_begin(html, TAG_LI);
    html_data(html, "item", slice_from("yes"));
    compliance_clause(ledger, term);
    compliance_bound(ledger, term);
    compliance_line(ledger, term, day, (struct slice){NULL, 0});
    if (compliance_by_party(ledger, term) && compliance_judges_each(day)) put_parties(ledger, term, day);
    html_end(html, TAG_LI);
}

static void put_day(struct ledger *ledger, const struct json *terms, struct slice date, bool opened)
{
    struct sheet *sheet = ledger->sheet;
    html_begin(&sheet->html, TAG_DETAILS);
    if (opened) html_flag(&sheet->html, ATTR_OPEN);
    html_begin(&sheet->html, TAG_SUMMARY);
    sheet_hole(sheet, hole(HOLE_TIME, date));
    html_end(&sheet->html, TAG_SUMMARY);
    sheet_begin(sheet, TAG_UL, "commitments");
    for (const struct json *term = terms->first; term != NULL; term = term->next) {
        const struct json *day = compliance_day(term, date);
        if (day != NULL) put_term(ledger, term, day);
    }
    html_end(&sheet->html, TAG_UL);
    html_end(&sheet->html, TAG_DETAILS);
}

static void put_day_link(struct ledger *ledger, struct slice date)
{
    struct sheet *sheet = ledger->sheet;
    OWN(address_clear) struct address open;
    compliance_address(&open, ledger, (struct asked_days){.party = ledger->party, .from = date, .to = date});
    html_begin(&sheet->html, TAG_LI);
    html_data(&sheet->html, "item", slice_from("yes"));
    sheet_link(sheet, NULL, &open);
    sheet_hole(sheet, hole(HOLE_TIME, date));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_LI);
}

static void put_earlier(struct ledger *ledger, const struct slice *dates, size_t count)
{
    if (count == 0) return;
    sheet_begin(ledger->sheet, TAG_UL, "earlier");
    for (size_t i = count; i > 0; i--) put_day_link(ledger, dates[i - 1]);
    html_end(&ledger->sheet->html, TAG_UL);
}

void compliance_list(struct ledger *ledger, const struct json *terms)
{
    struct sheet *sheet = ledger->sheet;
    struct slice dates[DAYS_MOST];
    size_t count = 0;
    for (const struct json *day = items(json_find(terms->first, "days")); day != NULL && count < DAYS_MOST;
         day = day->next)
        dates[count++] = json_find_string(day, "day");
    sheet_begin(sheet, TAG_SECTION, "by-day compliance");
    sheet_heading(sheet, TAG_H2, TR("Commitments, the newest day first"));
    html_words_in(&sheet->html, TAG_P, "quiet",
                  TR("A day opens; each result says what that day was, and opens its records."));
    size_t earlier = count > DAYS_WRITTEN ? count - DAYS_WRITTEN : 0;
    for (size_t i = count; i > earlier; i--) put_day(ledger, terms, dates[i - 1], i == count);
    put_earlier(ledger, dates, earlier);
    html_end(&sheet->html, TAG_SECTION);
}
