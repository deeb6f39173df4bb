/* Compliance: every commitment of an agreement in its rows, days in its columns. Each cell says by shape and word what
 * the day was, with the hours watched and what was restricted, and opens its records. */
#include "page/compliance.h"

#include "base/time.h"
#include <stdio.h>

enum { DAY_S = 86400, DAYS_SHOWN = 14, CLAUSE_BYTES = 72, ASKED_SIZE = 160 };

static const struct json *items(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
}

/* ---- what was asked for, as it was typed */

struct asked {
    char agreement[ASKED_SIZE], term[ASKED_SIZE], reading[ASKED_SIZE], from[ASKED_SIZE], to[ASKED_SIZE];
};

static void keep_asked(void *context, struct slice name, struct slice value)
{
    struct asked *asked = context;
    const struct {
        const char *name;
        char *to;
    } kept[] = {{"agreement", asked->agreement},
                {"term", asked->term},
                {"reading", asked->reading},
                {"from", asked->from},
                {"to", asked->to}};
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        if (slice_is(name, kept[i].name) && value.size < ASKED_SIZE)
            snprintf(kept[i].to, ASKED_SIZE, "%.*s", SLICE(value));
}

static struct asked asked_of(const struct page *page)
{
    struct asked asked = {0};
    address_pairs(page->query, keep_asked, &asked);
    return asked;
}

static const char *given(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

/* ---- the form */

static void put_day_field(struct sheet *sheet, const char *name, const char *label, const char *value, bool wrong)
{
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_LABEL, "field");
    html_words_in(html, TAG_SPAN, "label", label);
    html_begin(html, TAG_INPUT);
    html_set(html, ATTR_NAME, name);
    html_set(html, ATTR_TYPE, "text");
    html_set(html, ATTR_DIR, "ltr");
    html_set(html, ATTR_AUTOCOMPLETE, "off");
    html_set(html, ATTR_SPELLCHECK, "false");
    html_set(html, ATTR_VALUE, value);
    if (wrong) {
        html_set(html, ATTR_ARIA_INVALID, "true");
        html_set(html, ATTR_ARIA_DESCRIBEDBY, "fault");
    }
    html_words_in(html, TAG_SPAN, "hint", TR("A day: 2016-10-04."));
    html_end(html, TAG_LABEL);
}

static void put_option(struct sheet *sheet, struct slice value, struct slice name, const char *asked)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_OPTION);
    html_set_slice(html, ATTR_VALUE, value);
    if (slice_is(value, asked)) html_flag(html, ATTR_SELECTED);
    html_text(html, name);
    html_end(html, TAG_OPTION);
}

static void put_readings_field(struct sheet *sheet, const char *asked)
{
    struct html *html = &sheet->html;
    const struct json *readings = json_find(sheet->agreement, "readings");
    sheet_begin(sheet, TAG_LABEL, "field");
    html_words_in(html, TAG_SPAN, "label", TR("Reading"));
    html_begin(html, TAG_SELECT);
    html_set(html, ATTR_NAME, "reading");
    put_option(sheet, slice_from(""), slice_from(TR("all")), asked);
    for (const struct json *r = readings == NULL ? NULL : readings->first; r != NULL; r = r->next)
        put_option(sheet, r->key, tell_reading(sheet->agreement, r->key), asked);
    html_end(html, TAG_SELECT);
    html_end(html, TAG_LABEL);
}

static void put_form(struct sheet *sheet, const struct asked *asked, struct slice from, struct slice to,
                     const char *wrong)
{
    struct html *html = &sheet->html;
    char first[ASKED_SIZE], last[ASKED_SIZE];
    snprintf(first, sizeof first, "%.*s", SLICE(from));
    snprintf(last, sizeof last, "%.*s", SLICE(to));
    OWN(address_clear) struct address here;
    address_open(&here, "/compliance");
    sheet_begin(sheet, TAG_FORM, "filters");
    html_set(html, ATTR_METHOD, "get");
    html_address(html, ATTR_ACTION, &here);
    sheet_kept(sheet, "agreement", given(asked->agreement));
    sheet_kept(sheet, "term", given(asked->term));
    sheet_kept(sheet, "as-of", sheet->page->as_of);
    sheet_kept(sheet, "known", sheet->page->known);
    sheet_begin(sheet, TAG_DIV, "fields");
    put_day_field(sheet, "from", TR("First day"), wrong == NULL ? first : asked->from, wrong != NULL);
    put_day_field(sheet, "to", TR("Last day"), wrong == NULL ? last : asked->to, wrong != NULL);
    put_readings_field(sheet, asked->reading);
    html_end(html, TAG_DIV);
    sheet_submit(sheet, TR("Show"));
    html_end(html, TAG_FORM);
}

/* ---- other days */

static bool day_of(int64_t *day, struct slice text)
{
    int64_t seconds;
    if (!time_parse_day(&seconds, text)) return false;
    *day = seconds / DAY_S;
    return true;
}

static void put_days_link(struct ledger *ledger, struct slice term, int64_t from, int64_t to, const char *words)
{
    char first[TIME_TEXT_SIZE], last[TIME_TEXT_SIZE];
    time_format(from * DAY_S, first);
    time_format(to * DAY_S, last);
    OWN(address_clear) struct address days;
    compliance_address(&days, ledger, term, slice_of(first, 10), slice_of(last, 10));
    sheet_link(ledger->sheet, NULL, &days);
    html_words(&ledger->sheet->html, words);
    sheet_link_end(ledger->sheet);
}

static void put_other_days(struct ledger *ledger, struct slice term)
{
    struct sheet *sheet = ledger->sheet;
    int64_t from, to, now;
    struct slice as_of = json_find_string(sheet->answer, "as_of");
    if (!day_of(&from, json_find_string(ledger->of, "from")) || !day_of(&to, json_find_string(ledger->of, "to")))
        return;
    int64_t length = to - from + 1;
    if (length < 1) return;
    sheet_begin(sheet, TAG_P, "ways-on onward");
    put_days_link(ledger, term, from - length, from - 1, TR("The days before"));
    if (day_of(&now, slice_part(as_of, 0, 10)) && to < now)
        put_days_link(ledger, term, to + 1, to + length, TR("The days after"));
    if (term.size > 0) put_days_link(ledger, (struct slice){NULL, 0}, from, to, TR("All commitments"));
    html_end(&sheet->html, TAG_P);
}

/* ---- all commitments */

static void put_heads(struct sheet *sheet, const struct json *days)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_THEAD);
    html_begin(html, TAG_TR);
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "col");
    html_words(html, TR("Commitment"));
    html_end(html, TAG_TH);
    for (const struct json *day = items(days); day != NULL; day = day->next) {
        html_begin(html, TAG_TH);
        html_set(html, ATTR_SCOPE, "col");
        sheet_hole(sheet, hole(HOLE_NUMBER, json_find_string(day, "day")));
        html_end(html, TAG_TH);
    }
    html_end(html, TAG_TR);
    html_end(html, TAG_THEAD);
}

static void put_row(struct ledger *ledger, const struct json *term, struct slice from, struct slice to)
{
    struct sheet *sheet = ledger->sheet;
    struct html *html = &sheet->html;
    struct slice id = json_find_string(term, "id"), clause = tell_clause(sheet->page->records, sheet->agreement, id);
    OWN(address_clear) struct address open;
    compliance_address(&open, ledger, id, from, to);
    html_begin(html, TAG_TR);
    html_data(html, "item", slice_from("yes"));
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "row");
    sheet_link(sheet, NULL, &open);
    sheet_beginning(sheet, clause.size > 0 ? clause : id, words_arabic() ? CLAUSE_BYTES * 7 / 4 : CLAUSE_BYTES);
    sheet_link_end(sheet);
    sheet_begin(sheet, TAG_SPAN, "by");
    sheet_hole(sheet, hole(HOLE_CODE, id));
    html_end(html, TAG_SPAN);
    if (slice_is(json_find_string(term, "watch"), "log"))
        html_words_in(html, TAG_SPAN, "by", TR("Hours watched: the term asks for none."));
    html_end(html, TAG_TH);
    for (const struct json *day = items(json_find(term, "days")); day != NULL; day = day->next)
        compliance_cell(ledger, term, day, (struct slice){NULL, 0});
    html_end(html, TAG_TR);
}

/* Wider than a screen: it moves within a region that a keyboard reaches too. */
static void put_table(struct ledger *ledger, const struct json *terms, struct slice from, struct slice to)
{
    struct sheet *sheet = ledger->sheet;
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_SECTION, "across");
    sheet_heading(sheet, TAG_H2, TR("Commitments, day by day"));
    html_words_in(
        html, TAG_P, "quiet",
        TR("Each cell says what the day was by itself, where the term can be judged for a day, and the result "
           "by its end; it opens its records. A commitment opens party by party."));
    sheet_begin(sheet, TAG_DIV, "wide");
    html_set(html, ATTR_ROLE, "region");
    html_set(html, ATTR_ARIA_LABEL, TR("Commitments, day by day"));
    html_set(html, ATTR_TABINDEX, "0");
    sheet_begin(sheet, TAG_TABLE, "compliance matrix");
    put_heads(sheet, json_find(terms->first, "days"));
    html_begin(html, TAG_TBODY);
    for (const struct json *term = terms->first; term != NULL; term = term->next) put_row(ledger, term, from, to);
    html_end(html, TAG_TBODY);
    html_end(html, TAG_TABLE);
    html_end(html, TAG_DIV);
    html_end(html, TAG_SECTION);
    if (ledger->breached) sheet_not_a_finding(sheet);
}

static void put_none(struct ledger *ledger)
{
    struct sheet *sheet = ledger->sheet;
    OWN(address_clear) struct address last;
    compliance_address(&last, ledger, (struct slice){NULL, 0}, (struct slice){NULL, 0}, (struct slice){NULL, 0});
    html_begin(&sheet->html, TAG_P);
    html_words(&sheet->html, TR("Nothing can be told of these days: they have not come yet, or the agreement has no "
                                "terms."));
    html_words(&sheet->html, " ");
    sheet_link(sheet, NULL, &last);
    html_words(&sheet->html, TR("The last days"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

static void put_agreement(struct ledger *ledger, const struct asked *asked)
{
    static const enum label_table both[] = {LABEL_DAY, LABEL_VERDICT};
    struct sheet *sheet = ledger->sheet;
    struct slice from = json_find_string(ledger->of, "from"), to = json_find_string(ledger->of, "to");
    const struct json *terms = json_find(ledger->of, "terms"), *title;
    sheet->agreement = records_get(sheet->page->records, json_find_string(ledger->of, "record"));
    title = json_find(sheet->agreement, "title");
    bool one = asked->term[0] != '\0' && items(terms) != NULL;
    if (one) {
        compliance_term_head(ledger, terms->first);
    } else {
        html_begin(&sheet->html, TAG_P);
        sheet_hole(sheet,
                   hole(HOLE_TEXT, tell_text(title).size > 0 ? tell_text(title) : json_find_string(ledger->of, "id")));
        html_end(&sheet->html, TAG_P);
    }
    put_form(sheet, asked, from, to, NULL);
    put_other_days(ledger, one ? json_find_string(terms->first, "id") : (struct slice){NULL, 0});
    if (items(terms) == NULL || items(json_find(terms->first, "days")) == NULL) {
        put_none(ledger);
        return;
    }
    mark_legends(sheet, both, COUNT_OF(both));
    if (one) {
        compliance_term(ledger, terms->first);
        return;
    }
    for (const struct json *term = terms->first; term != NULL; term = term->next) compliance_clock(ledger, term);
    put_table(ledger, terms, from, to);
}

/* ---- the page */

static void put_title(struct sheet *sheet)
{
    sheet_heading(sheet, TAG_H1, TR("Compliance"));
    if (sheet->answer != NULL) sheet_moment(sheet);
}

enum status page_compliance(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    const struct json *agreements = json_find(answer, "agreements");
    const struct asked asked = asked_of(page);
    struct sheet sheet = {.page = page, .answer = answer};
    sheet_open(&sheet, out, PLACE_COMPLIANCE, slice_from(TR("Compliance")));
    if (asked.term[0] == '\0') put_title(&sheet);
    if (items(agreements) == NULL) {
        html_words_in(&sheet.html, TAG_P, NULL, TR("The register holds no agreement yet."));
        html_words_in(
            &sheet.html, TAG_P, NULL,
            TR("Once the secretariat has written it and the parties have assented, its commitments stand here "
               "day by day."));
    }
    for (const struct json *one = items(agreements); one != NULL; one = one->next) {
        struct ledger ledger = {.sheet = &sheet, .of = one, .reading = slice_from(asked.reading)};
        put_agreement(&ledger, &asked);
    }
    sheet_marked(&sheet, json_find(answer, "marked"));
    return sheet_close(&sheet, error);
}

enum status page_compliance_refused(struct buffer *out, const struct page *page, const char *wrong, struct error *error)
{
    const struct asked asked = asked_of(page);
    const struct json *last = NULL;
    struct sheet sheet = {.page = page};
    if (page->records != NULL) (void)records_agreements(page->records, &last, 1);
    sheet.agreement = last;
    sheet_open(&sheet, out, PLACE_COMPLIANCE, slice_from(TR("Compliance")));
    put_title(&sheet);
    sheet_begin(&sheet, TAG_P, "fault");
    html_set(&sheet.html, ATTR_ID, "fault");
    html_message(&sheet.html, slice_from(wrong));
    html_end(&sheet.html, TAG_P);
    put_form(&sheet, &asked, slice_from(""), slice_from(""), wrong);
    OWN(address_clear) struct address all;
    address_open(&all, "/compliance");
    sheet_begin(&sheet, TAG_P, "ways-on");
    sheet_link(&sheet, NULL, &all);
    html_words(&sheet.html, TR("The last days"));
    sheet_link_end(&sheet);
    html_end(&sheet.html, TAG_P);
    return sheet_close(&sheet, error);
}
