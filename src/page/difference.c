/* What lies between a moment and now: how it stood, how the same date stands as known now, how it stands now; with the
 * records that made each difference, and the ways to the explanations of all three. */
#include "page/sheet.h"

#include "tell/names.h"

enum { RECORDS_MOST = 12, CLAUSE_BYTES = 96 };

static const struct json *items(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
}

/* ---- the three columns */

enum column { COLUMN_WAS, COLUMN_LEARNED, COLUMN_NOW, COLUMNS };
static const struct {
    const char *key, *by, *head;
} columns[COLUMNS] = {
    [COLUMN_WAS] = {"was", NULL, N_("As it was known then")},
    [COLUMN_LEARNED] = {"learned", "learned_by", N_("The same date, as known now")},
    [COLUMN_NOW] = {"now", "now_by", N_("Now")},
};

static void put_heads(struct sheet *sheet, const char *first)
{
    const char *heads[1 + COLUMNS] = {first};
    for (size_t i = 0; i < COLUMNS; i++) heads[1 + i] = truce_word(columns[i].head);
    sheet_heads(sheet, heads, COUNT_OF(heads));
}

static void put_cell(struct sheet *sheet, enum column column)
{
    html_begin(&sheet->html, TAG_TD);
    html_words_in(&sheet->html, TAG_SPAN, "cell-head", truce_word(columns[column].head));
}

static struct slice said(const struct json *row, enum column column)
{
    return json_find_string(row, columns[column].key);
}

/* ---- where it stands */

static enum label_table table_of(const struct json *row)
{
    if (json_find(row, "term") != NULL) return LABEL_VERDICT;
    return json_find(row, "channel") != NULL ? LABEL_CHANNEL : LABEL_STANDING;
}

/* Do two readings of a term differ in the same way, by the same records? The first row stands for both. */
static bool same_source(const struct json *a, const struct json *b, const char *key)
{
    const struct json *of_a = json_find(a, key), *of_b = json_find(b, key);
    return slice_equal(of_a == NULL ? (struct slice){NULL, 0} : of_a->source,
                       of_b == NULL ? (struct slice){NULL, 0} : of_b->source);
}

static bool goes_with(const struct json *a, const struct json *b)
{
    static const char *const told[] = {"agreement", "term", "was", "learned", "learned_by", "now", "now_by"};
    bool alike = json_find(a, "reading") != NULL && json_find(b, "reading") != NULL;
    for (size_t i = 0; i < COUNT_OF(told) && alike; i++) alike = same_source(a, b, told[i]);
    return alike;
}

/* The rows of a term's readings stand behind each other. */
static bool was_told(const struct json *first, const struct json *row)
{
    for (; first != row; first = first->next)
        if (goes_with(first, row)) return true;
    return false;
}

static void put_reading_names(struct sheet *sheet, const struct json *row)
{
    html_words(&sheet->html, TR("Reading: "));
    for (const struct json *r = row; r != NULL && same_source(r, row, "term"); r = r->next) {
        if (!goes_with(r, row)) continue;
        if (r != row) html_words(&sheet->html, TR("; "));
        sheet_hole(sheet, hole(HOLE_TEXT, tell_reading(sheet->agreement, json_find_string(r, "reading"))));
    }
}

/* The explanation at the moment of that column. */
static void put_why(struct sheet *sheet, const struct json *row, enum column column)
{
    struct html *html = &sheet->html;
    OWN(address_clear) struct address why;
    why_address(&why, json_find_string(row, "agreement"), json_find_string(row, "term"));
    if (json_find(row, "reading") != NULL) address_ask(&why, "reading", json_find_string(row, "reading"));
    html_begin(html, TAG_P);
    if (column == COLUMN_WAS) {
        sheet_link(sheet, NULL, &why);
    } else {
        if (column == COLUMN_LEARNED) address_ask(&why, "as-of", json_find_string(sheet->answer, "as_of"));
        html_begin(html, TAG_A);
        html_address(html, ATTR_HREF, &why);
    }
    html_words(html, TR("Why"));
    if (column == COLUMN_WAS)
        sheet_link_end(sheet);
    else
        html_end(html, TAG_A);
    html_end(html, TAG_P);
}

/* Records that the row before told of are named alone. */
static void put_makers(struct sheet *sheet, const struct json *before, const struct json *row, enum column column)
{
    const struct json *by = json_find(row, columns[column].by);
    if (by == NULL) return; /* not looked for */
    if (items(by) == NULL) {
        html_words_in(&sheet->html, TAG_P, "quiet", TR("By time alone"));
    } else if (before == NULL || !same_source(before, row, columns[column].by)) {
        sheet_records(sheet, by, RECORDS_MOST);
    } else {
        html_begin(&sheet->html, TAG_P);
        html_words(&sheet->html, TR("By: "));
        sheet_ids(sheet, by, RECORDS_MOST);
        html_end(&sheet->html, TAG_P);
    }
}

static void put_stand(struct sheet *sheet, const struct json *before, const struct json *row, enum column column)
{
    struct html *html = &sheet->html;
    struct slice id = said(row, column);
    bool same = column != COLUMN_WAS && slice_equal(id, said(row, column - 1));
    put_cell(sheet, column);
    if (same) {
        html_words_in(html, TAG_SPAN, "quiet", TR("No difference"));
    } else if (id.size == 0) {
        html_words_in(html, TAG_SPAN, "quiet", TR("Not there yet"));
    } else {
        sheet_mark(sheet, table_of(row), id, "result");
        if (column != COLUMN_WAS) put_makers(sheet, before, row, column);
    }
    if (id.size > 0 && table_of(row) == LABEL_VERDICT) put_why(sheet, row, column);
    html_end(html, TAG_TD);
}

static void put_subject(struct sheet *sheet, const struct json *row)
{
    struct html *html = &sheet->html;
    struct slice term = json_find_string(row, "term"), channel = json_find_string(row, "channel"),
                 reading = json_find_string(row, "reading");
    struct slice clause = tell_clause(sheet->page->records, sheet->agreement, term);
    if (term.size > 0)
        sheet_term(sheet, term);
    else if (channel.size > 0)
        SAY(sheet, TR("the channel {0}"), hole(HOLE_TEXT, tell_channel(sheet->agreement, channel)));
    else
        html_words(html, TR("the agreement"));
    if (term.size == 0) return;
    sheet_begin(sheet, TAG_SPAN, "under");
    if (reading.size > 0)
        put_reading_names(sheet, row);
    else
        sheet_beginning(sheet, clause, words_arabic() ? CLAUSE_BYTES * 7 / 4 : CLAUSE_BYTES);
    html_end(html, TAG_SPAN);
}

static void put_row(struct sheet *sheet, const struct json *before, const struct json *row)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_TR);
    html_data(html, "item", slice_from("yes"));
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "row");
    put_subject(sheet, row);
    html_end(html, TAG_TH);
    for (size_t i = 0; i < COLUMNS; i++) put_stand(sheet, before, row, (enum column)i);
    html_end(html, TAG_TR);
}

static bool tells_of_breach(const struct json *row, struct slice agreement)
{
    for (; row != NULL && slice_equal(json_find_string(row, "agreement"), agreement); row = row->next)
        for (size_t i = 0; i < COLUMNS; i++)
            if (slice_is(said(row, (enum column)i), "breached")) return true;
    return false;
}

/* One agreement's rows; gives the first of the next one's. */
static const struct json *put_agreement(struct sheet *sheet, const struct json *row)
{
    struct html *html = &sheet->html;
    struct slice agreement = json_find_string(row, "agreement");
    sheet->agreement = records_agreement(sheet->page->records, agreement);
    struct slice title = tell_text(json_find(sheet->agreement, "title"));
    html_begin(html, TAG_H2);
    sheet_hole(sheet, hole(HOLE_TEXT, title.size > 0 ? title : agreement));
    html_end(html, TAG_H2);
    if (tells_of_breach(row, agreement)) sheet_not_a_finding(sheet);
    sheet_begin(sheet, TAG_TABLE, "events difference");
    put_heads(sheet, TR("What differs"));
    html_begin(html, TAG_TBODY);
    const struct json *term = row, *before = NULL; /* where a term's rows begin; the last row */
    for (; row != NULL && slice_equal(json_find_string(row, "agreement"), agreement); row = row->next) {
        if (!same_source(term, row, "term")) term = row;
        if (was_told(term, row)) continue;
        put_row(sheet, before, row);
        before = row;
    }
    html_end(html, TAG_TBODY);
    html_end(html, TAG_TABLE);
    return row;
}

/* ---- what waits */

static void put_state(struct sheet *sheet, const struct json *asked, enum column column)
{
    struct slice state = said(asked, column);
    bool same = column != COLUMN_WAS && slice_equal(state, said(asked, column - 1));
    put_cell(sheet, column);
    if (same)
        html_words_in(&sheet->html, TAG_SPAN, "quiet", TR("No difference"));
    else if (state.size > 0)
        sheet_mark(sheet, LABEL_STATE, state, "result");
    else
        html_words(&sheet->html, column == COLUMN_WAS ? TR("Not there yet") : TR("Waits no longer"));
    html_end(&sheet->html, TAG_TD);
}

static void put_asked(struct sheet *sheet, const struct json *asked)
{
    struct html *html = &sheet->html;
    const struct json *by = json_find(asked, "by");
    html_begin(html, TAG_TR);
    html_data(html, "item", slice_from("yes"));
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "row");
    sheet_record(sheet, json_find_string(asked, "id"), json_find_string(asked, "at"));
    sheet_begin(sheet, TAG_SPAN, "under");
    SAY(sheet, TR("To: {0}"), hole(HOLE_PARTY, json_find_string(asked, "to")));
    html_end(html, TAG_SPAN);
    if (items(by) != NULL) {
        sheet_begin(sheet, TAG_SPAN, "under");
        html_words(html, TR("Came since: "));
        sheet_ids(sheet, by, RECORDS_MOST);
        html_end(html, TAG_SPAN);
    }
    html_end(html, TAG_TH);
    for (size_t i = 0; i < COLUMNS; i++) put_state(sheet, asked, (enum column)i);
    html_end(html, TAG_TR);
}

static void put_waiting(struct sheet *sheet, const struct json *waiting, const char *kind, const char *title)
{
    const struct json *list = json_find(waiting, kind);
    int64_t without = json_find_integer(json_find(waiting, "without"), kind, 0);
    struct html *html = &sheet->html;
    if (items(list) == NULL) return;
    sheet_heading(sheet, TAG_H2, title);
    sheet_begin(sheet, TAG_TABLE, "events difference");
    put_heads(sheet, TR("What waits"));
    html_begin(html, TAG_TBODY);
    for (const struct json *asked = items(list); asked != NULL; asked = asked->next) put_asked(sheet, asked);
    html_end(html, TAG_TBODY);
    html_end(html, TAG_TABLE);
    if (without > 0)
        SAY_P(sheet, "quiet", TR("Not shown here: {0}. Programs are given all of them."),
              hole_integer(HOLE_INTEGER, without));
}

/* ---- the page */

static void put_now(struct sheet *sheet, const struct json *answer)
{
    const struct json *now = json_find(answer, "now");
    OWN(buffer_clear) struct buffer before = {0}, after = {0};
    words_count(&before, NOUN_RECORD, (uint64_t)json_find_integer(answer, "known", 0));
    words_count(&after, NOUN_RECORD, (uint64_t)json_find_integer(now, "known", 0));
    SAY_P(sheet, NULL, TR("From {0}, with {1} known, to {2}, with {3}."),
          hole(HOLE_TIME, json_find_string(answer, "as_of")), hole(HOLE_WORDS, buffer_slice(&before)),
          hole(HOLE_TIME, json_find_string(now, "as_of")), hole(HOLE_WORDS, buffer_slice(&after)));
    html_words_in(&sheet->html, TAG_P, "quiet",
                  TR("The second column shows what became known since about that very date; the third what happened "
                     "since. A reading has a row of its own where it differs otherwise than its term."));
    if (!json_find_bool(answer, "makers"))
        html_words_in(&sheet->html, TAG_P, NULL,
                      TR("Many records came since. Which of them made each difference is not looked for here: choose a "
                         "moment nearer to now to be told."));
}

/* Without a moment there is nothing to be different from. */
static void put_none_asked(struct sheet *sheet)
{
    OWN(address_clear) struct address changes;
    address_open(&changes, "/changes");
    html_words_in(&sheet->html, TAG_P, NULL,
                  TR("No moment is chosen. Under “Another moment” a date can be set; what differs from now is shown "
                     "here then. All changes, one after the other, have a page of their own:"));
    sheet_begin(sheet, TAG_P, "ways-on");
    sheet_link(sheet, NULL, &changes);
    html_words(&sheet->html, TR("How it came to stand so"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

static void put_all(struct sheet *sheet, const struct json *answer)
{
    const struct json *row = items(json_find(answer, "standing")), *waiting = json_find(answer, "waiting");
    const struct json *notices = json_find(waiting, "notices"), *questions = json_find(waiting, "questions");
    put_now(sheet, answer);
    if (row == NULL && items(notices) == NULL && items(questions) == NULL)
        html_words_in(&sheet->html, TAG_P, NULL,
                      TR("Nothing differs: every agreement, channel and term stands as it did, and the same waits."));
    while (row != NULL) row = put_agreement(sheet, row);
    put_waiting(sheet, waiting, "notices", TR("Notices"));
    put_waiting(sheet, waiting, "questions", TR("Questions"));
}

enum status page_difference(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    struct sheet sheet = {.page = page, .answer = answer};
    sheet_open(&sheet, out, PLACE_NONE, slice_from(TR("The difference from now")));
    sheet_heading(&sheet, TAG_H1, TR("The difference from now"));
    if (page->as_of == NULL && page->known == NULL)
        put_none_asked(&sheet);
    else
        put_all(&sheet, answer);
    return sheet_close(&sheet, error);
}
