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
    char agreement[ASKED_SIZE], term[ASKED_SIZE], reading[ASKED_SIZE], party[ASKED_SIZE], from[ASKED_SIZE],
        to[ASKED_SIZE];
};

static void keep_asked(void *context, struct slice name, struct slice value)
{
    struct asked *asked = context;
    const struct {
        const char *name;
        char *to;
    } kept[] = {{"agreement", asked->agreement}, {"term", asked->term}, {"reading", asked->reading},
                {"party", asked->party},         {"from", asked->from}, {"to", asked->to}};
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

/* `wrong`: what makes no sense, by the field's own name or by the code of an error, which is about these. NULL:
 * nothing. */
static bool is_wrong(const char *wrong, const char *field)
{
    static const char *const about[][2] = {{"party-unknown", "party"},   {"reading-unknown", "reading"},
                                           {"compliance-order", "from"}, {"compliance-order", "to"},
                                           {"compliance-days", "from"},  {"compliance-days", "to"}};
    if (wrong == NULL) return false;
    for (size_t i = 0; i < COUNT_OF(about); i++)
        if (strcmp(wrong, about[i][0]) == 0 && strcmp(field, about[i][1]) == 0) return true;
    return strcmp(wrong, field) == 0;
}

static void put_day_field(struct sheet *sheet, const char *name, const char *label, struct slice value,
                          const char *wrong)
{
    sheet_line(sheet, &(struct line){.name = name,
                                     .label = label,
                                     .hint = TR("A day: 2016-10-04."),
                                     .value = value,
                                     .is_wrong = is_wrong(wrong, name)});
}

static void begin_choice(struct sheet *sheet, const char *name, const char *label, const char *wrong)
{
    sheet_choice(sheet, name, label);
    if (is_wrong(wrong, name)) sheet_mark_wrong(sheet);
}

static void put_readings_field(struct sheet *sheet, struct slice asked, const char *wrong)
{
    const struct json *readings = json_find(sheet->agreement, "readings");
    begin_choice(sheet, "reading", TR("Reading"), wrong);
    bool found = sheet_option(sheet, slice_from(""), TR("all"), (struct slice){NULL, 0}, asked);
    for (const struct json *r = readings == NULL ? NULL : readings->first; r != NULL; r = r->next)
        found |= sheet_option(sheet, r->key, NULL, tell_reading(sheet->agreement, r->key), asked);
    if (!found) sheet_option(sheet, asked, NULL, asked, asked);
    sheet_choice_end(sheet, NULL);
}

/* Each party by itself, none, or one. */
static void put_parties_field(struct sheet *sheet, struct slice asked, const char *wrong)
{
    const struct slice none = {NULL, 0};
    begin_choice(sheet, "party", TR("Party"), wrong);
    sheet_option(sheet, slice_from(""), TR("each by itself"), none, asked);
    bool together = sheet_option(sheet, slice_from("*"), TR("all together only"), none, asked);
    sheet_party_options(sheet, together ? none : asked);
    sheet_choice_end(sheet, NULL);
}

/* The days that are told; where something is wrong, those that were typed. */
static void put_form(struct sheet *sheet, const struct asked *asked, struct slice from, struct slice to,
                     const char *wrong)
{
    struct html *html = &sheet->html;
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
    put_day_field(sheet, "from", TR("First day"), from, wrong);
    put_day_field(sheet, "to", TR("Last day"), to, wrong);
    put_parties_field(sheet, slice_from(asked->party), wrong);
    put_readings_field(sheet, slice_from(asked->reading), wrong);
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
    compliance_address(&days, ledger,
                       (struct asked_days){term, ledger->party, slice_of(first, 10), slice_of(last, 10)});
    sheet_link(ledger->sheet, NULL, &days);
    html_words(&ledger->sheet->html, words);
    sheet_link_end(ledger->sheet);
}

static void put_last_days(struct ledger *ledger)
{
    OWN(address_clear) struct address last;
    compliance_address(&last, ledger, (struct asked_days){.party = ledger->party});
    sheet_link(ledger->sheet, NULL, &last);
    html_words(&ledger->sheet->html, TR("The last days"));
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
    if (term.size > 0)
        put_days_link(ledger, (struct slice){NULL, 0}, from, to, TR("All commitments"));
    else if (length == 1)
        put_last_days(ledger);
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

void compliance_clause(struct ledger *ledger, const struct json *term)
{
    struct sheet *sheet = ledger->sheet;
    struct slice id = json_find_string(term, "id"), clause = tell_clause(sheet->page->records, sheet->agreement, id);
    OWN(address_clear) struct address open;
    compliance_address(&open, ledger,
                       (struct asked_days){id, compliance_party(ledger), json_find_string(ledger->of, "from"),
                                           json_find_string(ledger->of, "to")});
    sheet_link(sheet, NULL, &open);
    sheet_beginning(sheet, clause.size > 0 ? clause : id, words_arabic() ? CLAUSE_BYTES * 7 / 4 : CLAUSE_BYTES);
    sheet_link_end(sheet);
    sheet_begin(sheet, TAG_SPAN, "by");
    sheet_hole(sheet, hole(HOLE_CODE, id));
    html_end(&sheet->html, TAG_SPAN);
}

/* `scope`: of its row alone, or of those of its parties too. */
static void put_commitment(struct ledger *ledger, const struct json *term, const char *scope)
{
    struct html *html = &ledger->sheet->html;
    html_begin(html, TAG_TR);
    html_data(html, "item", slice_from("yes"));
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, scope);
    compliance_clause(ledger, term);
    compliance_bound(ledger, term);
    if (slice_is(json_find_string(term, "watch"), "log"))
        html_words_in(html, TAG_SPAN, "by", TR("Hours watched: the term asks for none."));
    html_end(html, TAG_TH);
    for (const struct json *day = items(json_find(term, "days")); day != NULL; day = day->next)
        compliance_cell(ledger, term, day, (struct slice){NULL, 0});
    html_end(html, TAG_TR);
}

static void put_party(struct ledger *ledger, const struct json *term, struct slice party)
{
    struct html *html = &ledger->sheet->html;
    html_begin(html, TAG_TR);
    html_set(html, ATTR_CLASS, "one-party");
    html_data(html, "item", slice_from("yes"));
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "row");
    sheet_party(ledger->sheet, party);
    html_end(html, TAG_TH);
    for (const struct json *day = items(json_find(term, "days")); day != NULL; day = day->next)
        compliance_cell(ledger, term, day, party);
    html_end(html, TAG_TR);
}

/* A commitment of all together; below it, where several are judged each by itself, a row for each. Of a single one, or
 * where nothing is said of one alone, the head says whom it binds: rows that say the same again help nobody. */
static void put_rows(struct ledger *ledger, const struct json *term)
{
    struct html *html = &ledger->sheet->html;
    bool by_party = compliance_by_party(ledger, term);
    html_begin(html, TAG_TBODY);
    put_commitment(ledger, term, by_party ? "rowgroup" : "row");
    for (const struct json *party = items(json_find(term, "bound")); party != NULL && by_party; party = party->next)
        if (compliance_has(ledger, party->string)) put_party(ledger, term, party->string);
    html_end(html, TAG_TBODY);
}

/* Wider than a screen: it moves within a region that a keyboard reaches too. */
static void put_table(struct ledger *ledger, const struct json *terms)
{
    struct sheet *sheet = ledger->sheet;
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_SECTION, "across");
    sheet_heading(sheet, TAG_H2, TR("Commitments, day by day"));
    html_words_in(
        html, TAG_P, "quiet",
        TR("Each cell says what the day was by itself, where the term can be judged for a day, and the result "
           "by its end; it opens its records. Nothing is added up by party."));
    sheet_begin(sheet, TAG_DIV, "wide");
    html_set(html, ATTR_ROLE, "region");
    html_set(html, ATTR_ARIA_LABEL, TR("Commitments, day by day"));
    html_set(html, ATTR_TABINDEX, "0");
    sheet_begin(sheet, TAG_TABLE, "compliance matrix");
    put_heads(sheet, json_find(terms->first, "days"));
    for (const struct json *term = terms->first; term != NULL; term = term->next) put_rows(ledger, term);
    html_end(html, TAG_TABLE);
    html_end(html, TAG_DIV);
    html_end(html, TAG_SECTION);
}

static void put_none(struct ledger *ledger)
{
    struct sheet *sheet = ledger->sheet;
    bool bound = items(json_find(ledger->of, "terms")) != NULL || compliance_party(ledger).size == 0;
    OWN(address_clear) struct address last;
    compliance_address(&last, ledger, (struct asked_days){.party = bound ? ledger->party : (struct slice){NULL, 0}});
    html_begin(&sheet->html, TAG_P);
    if (bound)
        html_words(&sheet->html,
                   TR("Nothing can be told of these days: they have not come yet, or the agreement has no "
                      "terms."));
    else
        SAY(sheet, TR("No commitment that is asked for binds this party in these days: {0}."),
            hole(HOLE_PARTY, ledger->party));
    html_words(&sheet->html, " ");
    sheet_link(sheet, NULL, &last);
    html_words(&sheet->html, bound ? TR("The last days") : TR("All commitments"));
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
    if (compliance_party(ledger).size > 0)
        SAY_P(sheet, "quiet", TR("Of one party alone: {0}"), hole(HOLE_PARTY, ledger->party));
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
    put_table(ledger, terms);
    compliance_list(ledger, terms);
    if (ledger->breached) sheet_not_a_finding(sheet);
}

/* ---- the page */

/* Is a term asked for, and told of by any agreement? Then its head is the page's. */
static bool is_of_one(const struct json *agreements, const struct asked *asked)
{
    const struct json *one = asked->term[0] == '\0' ? NULL : items(agreements);
    while (one != NULL && items(json_find(one, "terms")) == NULL) one = one->next;
    return one != NULL;
}

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
    bool one_term = is_of_one(agreements, &asked);
    if (!one_term) put_title(&sheet);
    if (items(agreements) == NULL) {
        html_words_in(&sheet.html, TAG_P, NULL, TR("The register holds no agreement yet."));
        html_words_in(
            &sheet.html, TAG_P, NULL,
            TR("Once the secretariat has written it and the parties have assented, its commitments stand here "
               "day by day."));
    }
    for (const struct json *one = items(agreements); one != NULL; one = one->next) {
        struct ledger ledger = {
            .sheet = &sheet, .of = one, .reading = slice_from(asked.reading), .party = slice_from(asked.party)};
        if (one_term && items(json_find(one, "terms")) == NULL) continue; /* it is another agreement's */
        put_agreement(&ledger, &asked);
    }
    sheet_marked(&sheet, json_find(answer, "marked"));
    return sheet_close(&sheet, error);
}

enum status page_compliance_refused(struct buffer *out, const struct page *page, const char *what, const char *wrong,
                                    struct error *error)
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
    put_form(&sheet, &asked, slice_from(asked.from), slice_from(asked.to), what);
    OWN(address_clear) struct address all;
    address_open(&all, "/compliance");
    sheet_begin(&sheet, TAG_P, "ways-on");
    sheet_link(&sheet, NULL, &all);
    html_words(&sheet.html, TR("The last days"));
    sheet_link_end(&sheet);
    html_end(&sheet.html, TAG_P);
    return sheet_close(&sheet, error);
}
