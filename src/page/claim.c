/* One claim beside what it is about, what was answered and what was found: columns of equal width, a row for each
 * field. What differs is marked by sign and word, and nothing is merged. */
#include "page/told.h"

#include <stdio.h>

static const struct json *items(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
}

/* ---- head: a column a record */

static void put_columns(struct sheet *sheet, const struct json *columns)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_THEAD);
    html_begin(html, TAG_TR);
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "col");
    html_words(html, TR("Field"));
    html_end(html, TAG_TH);
    for (const struct json *column = items(columns); column != NULL; column = column->next) {
        html_begin(html, TAG_TH);
        html_set(html, ATTR_SCOPE, "col");
        told_link(sheet, "/records", json_find_string(column, "kind"), json_find_string(column, "id"));
        sheet_begin(sheet, TAG_SPAN, "under");
        sheet_party(sheet, json_find_string(column, "by"));
        html_end(html, TAG_SPAN);
        sheet_begin(sheet, TAG_SPAN, "under");
        SAY(sheet, TR("Received: {0}"), hole(HOLE_STAMP, json_find_string(column, "received")));
        html_end(html, TAG_SPAN);
        html_end(html, TAG_TH);
    }
    html_end(html, TAG_TR);
    html_end(html, TAG_THEAD);
}

/* ---- rows */

static size_t stated(const struct json *field)
{
    size_t count = 0;
    for (const struct json *cell = items(json_find(field, "values")); cell != NULL; cell = cell->next)
        count += json_find(cell, "value") != NULL;
    return count;
}

static void put_row_head(struct sheet *sheet, const struct json *field)
{
    struct html *html = &sheet->html;
    struct slice name = json_find_string(field, "field");
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "row");
    if (slice_is(name, "actor"))
        html_words(html, TR("Attribution"));
    else if (slice_is(name, "text"))
        html_words(html, TR("Exact words"));
    else if (slice_is(name, "evidence"))
        html_words(html, words_label(LABEL_KIND, "evidence"));
    else
        sheet_label(sheet, LABEL_FIELD, name);
    if (json_find_bool(field, "differs"))
        html_words_in(html, TAG_SPAN, "differs", TR("≠ differs"));
    else if (json_find_bool(field, "compared") && stated(field) > 1)
        html_words_in(html, TAG_SPAN, "under", TR("= the same"));
    html_end(html, TAG_TH);
}

/* On a phone there are no columns: each value bears its own head. */
static void put_cell_head(struct sheet *sheet, const struct json *column)
{
    sheet_begin(sheet, TAG_SPAN, "cell-head");
    sheet_label(sheet, LABEL_KIND, json_find_string(column, "kind"));
    html_words(&sheet->html, TR(", "));
    sheet_party(sheet, json_find_string(column, "by"));
    html_end(&sheet->html, TAG_SPAN);
}

/* As they were signed; and where that is not the reader's language, a translation with whose it is. */
static void put_exact(struct sheet *sheet, const struct json *text)
{
    struct slice original = json_find_string(text, "original"), shown = tell_text(text);
    for (const struct json *words = text->first; words != NULL; words = words->next) {
        char language[16];
        if (!slice_equal(words->key, original)) continue;
        snprintf(language, sizeof language, "%.*s", SLICE(original));
        sheet_begin(sheet, TAG_BLOCKQUOTE, "original");
        html_begin(&sheet->html, TAG_P);
        html_set(&sheet->html, ATTR_LANG, language);
        html_set(&sheet->html, ATTR_DIR, "auto");
        html_text(&sheet->html, words->string);
        html_end(&sheet->html, TAG_P);
        html_end(&sheet->html, TAG_BLOCKQUOTE);
        if (slice_equal(words->string, shown)) return;
    }
    sheet_translator(sheet, text, NULL);
    sheet_begin(sheet, TAG_P, "translation");
    sheet_text(sheet, text);
    html_end(&sheet->html, TAG_P);
}

static void put_value(struct sheet *sheet, struct slice name, const struct json *column, const struct json *value)
{
    sheet->by = json_find_string(column, "by");
    if (slice_is(name, "actor"))
        SAY(sheet, TR("to {0} (according to {1})"), hole(HOLE_PARTY, value->string),
            hole(HOLE_PARTY, json_find_string(column, "by")));
    else if (slice_is(name, "text"))
        put_exact(sheet, value);
    else
        told_value(sheet, name, value);
    sheet->by = (struct slice){NULL, 0};
}

/* The accounts of one field are told apart by letters: those that say the very same have the same one. */
static void put_account(struct sheet *sheet, int64_t like)
{
    char letter[2] = {(char)('A' + (like >= 0 && like < 26 ? like : 25)), '\0'};
    sheet_begin(sheet, TAG_SPAN, "account");
    SAY(sheet, TR("≠ account {0}"), hole(HOLE_CODE, slice_from(letter)));
    html_end(&sheet->html, TAG_SPAN);
}

/* How many of the accounts before it say something else. */
static int64_t account_of(const struct json *field, int64_t like)
{
    int64_t account = 0, at = 0;
    for (const struct json *cell = items(json_find(field, "values")); cell != NULL && at < like;
         cell = cell->next, at++)
        account += json_find_integer(cell, "like", -1) == at;
    return account;
}

static void put_cell(struct sheet *sheet, const struct json *field, const struct json *column, const struct json *cell)
{
    struct html *html = &sheet->html;
    const struct json *value = json_find(cell, "value");
    bool sealed = json_find_bool(cell, "sealed"), blank = value == NULL && !json_find_bool(field, "compared");
    sheet_begin(sheet, TAG_TD, value != NULL || sealed ? NULL : blank ? "unsaid blank" : "unsaid");
    put_cell_head(sheet, column);
    if (value != NULL && json_find_bool(field, "differs"))
        put_account(sheet, account_of(field, json_find_integer(cell, "like", 0)));
    if (value != NULL) {
        sheet_begin(sheet, TAG_DIV, "value");
        put_value(sheet, json_find_string(field, "field"), column, value);
        html_end(html, TAG_DIV);
    }
    if (sealed) html_words_in(html, TAG_SPAN, "quiet", TR("sealed"));
    if (value == NULL && !sealed) {
        bool asked = json_find_bool(field, "compared"); /* what is each author's own need not be said by others */
        html_words_in(html, TAG_SPAN, asked ? "quiet" : "heard", TR("not said"));
    }
    html_end(html, TAG_TD);
}

static void put_field(struct sheet *sheet, const struct json *columns, const struct json *field)
{
    const struct json *column = items(columns);
    html_begin(&sheet->html, TAG_TR);
    html_data(&sheet->html, "item", slice_from("yes"));
    put_row_head(sheet, field);
    for (const struct json *cell = items(json_find(field, "values")); cell != NULL && column != NULL;
         cell = cell->next, column = column->next)
        put_cell(sheet, field, column, cell);
    html_end(&sheet->html, TAG_TR);
}

static void put_table(struct sheet *sheet, const struct json *claim)
{
    struct html *html = &sheet->html;
    const struct json *columns = json_find(claim, "columns");
    sheet_begin(sheet, TAG_DIV, "wide");
    html_set(html, ATTR_ROLE, "region");
    html_set(html, ATTR_TABINDEX, "0");
    html_set(html, ATTR_ARIA_LABEL, TR("Claims side by side"));
    sheet_begin(sheet, TAG_TABLE, "beside-each-other");
    put_columns(sheet, columns);
    html_begin(html, TAG_TBODY);
    for (const struct json *field = items(json_find(claim, "fields")); field != NULL; field = field->next)
        put_field(sheet, columns, field);
    html_end(html, TAG_TBODY);
    html_end(html, TAG_TABLE);
    html_end(html, TAG_DIV);
}

/* ---- round it */

/* What was said of it in public: the speaker's own verb first, the act as somebody classified it beside it. */
static void put_statement(struct sheet *sheet, struct slice id)
{
    const struct json *record = records_get(sheet->page->records, id), *words = json_find(record, "words");
    struct slice cue = json_find_string(record, "cue"), speaker = json_find_string(record, "speaker");
    const char *act = tell_word(slice_from("act"), json_find_string(record, "act"));
    if (speaker.size == 0) speaker = json_find_string(record, "organisation");
    html_begin(&sheet->html, TAG_LI);
    told_link(sheet, "/records", slice_from("statement"), id);
    html_words(&sheet->html, TR(": "));
    sheet_hole(sheet, hole(HOLE_TEXT, speaker));
    html_words(&sheet->html, " ");
    if (cue.size > 0) sheet_hole(sheet, hole(HOLE_TEXT, cue));
    html_begin(&sheet->html, TAG_BLOCKQUOTE);
    html_begin(&sheet->html, TAG_P);
    sheet_hole(sheet, hole(HOLE_TEXT, json_find_string(words, "exact")));
    html_end(&sheet->html, TAG_P);
    html_end(&sheet->html, TAG_BLOCKQUOTE);
    SAY_P(sheet, "quiet", TR("Classified by {0}: {1}"), hole(HOLE_PARTY, json_find_string(record, "by")),
          act != NULL ? hole_words(act) : hole(HOLE_TEXT, json_find_string(record, "act")));
    html_end(&sheet->html, TAG_LI);
}

static void put_statements(struct sheet *sheet, const struct json *ids)
{
    if (items(ids) == NULL) return;
    sheet_heading(sheet, TAG_H2, TR("Statements about it"));
    sheet_begin(sheet, TAG_UL, "values");
    for (const struct json *id = items(ids); id != NULL; id = id->next) put_statement(sheet, id->string);
    html_end(&sheet->html, TAG_UL);
}

static void put_incidents(struct sheet *sheet, const struct json *ids)
{
    html_begin(&sheet->html, TAG_P);
    html_words(&sheet->html, items(ids) == NULL ? TR("It names no event that was reported.") : TR("Incident: "));
    for (const struct json *id = items(ids); id != NULL; id = id->next) {
        told_link(sheet, "/incidents", (struct slice){NULL, 0}, id->string);
        if (id->next != NULL) html_words(&sheet->html, TR(", "));
    }
    html_end(&sheet->html, TAG_P);
}

/* Prefilled: who answers, or finds, need not copy an id. */
static void put_file(struct sheet *sheet, const char *path, const char *name, struct slice id, const char *words)
{
    OWN(address_clear) struct address address;
    address_open(&address, path);
    address_ask(&address, name, id);
    html_begin(&sheet->html, TAG_LI);
    sheet_link(sheet, NULL, &address);
    html_words(&sheet->html, words);
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_LI);
}

static void put_ways_on(struct sheet *sheet, struct slice id)
{
    sheet_heading(sheet, TAG_H2, TR("Say something of it"));
    sheet_begin(sheet, TAG_UL, "ways-on");
    put_file(sheet, "/file/response", "of", id, TR("File a response to this claim"));
    put_file(sheet, "/file/finding", "about", id, TR("File a finding on this claim"));
    html_end(&sheet->html, TAG_UL);
}

static const struct json *claim_column(const struct json *claim)
{
    const struct json *column = items(json_find(claim, "columns"));
    size_t about = 0;
    const struct json *list = json_find(json_find(claim, "with"), "about");
    if (list != NULL) about = list->size;
    for (size_t i = 0; i < about && column != NULL; i++) column = column->next;
    return column;
}

static void put_head(struct sheet *sheet, const struct json *claim, const struct json *column)
{
    struct html *html = &sheet->html;
    const struct json *with = json_find(claim, "with");
    html_begin(html, TAG_H1);
    sheet_label(sheet, LABEL_KIND, slice_from("claim"));
    html_words(html, " ");
    sheet_hole(sheet, hole(HOLE_CODE, slice_part(json_find_string(column, "id"), 0, 8)));
    html_end(html, TAG_H1);
    html_words_in(html, TAG_P, "quiet",
                  TR("A claim is what its author says. Responses and findings stand beside it, never in its place."));
    put_incidents(sheet, json_find(with, "incidents"));
    if (items(json_find(with, "responses")) == NULL) html_words_in(html, TAG_P, NULL, TR("No response so far."));
    if (items(json_find(with, "findings")) == NULL) html_words_in(html, TAG_P, NULL, TR("No finding so far."));
    if (json_find_bool(claim, "more"))
        html_words_in(html, TAG_P, NULL, TR("More records than fit here speak of it; the incident has them all."));
}

enum status page_claim(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    struct sheet sheet = {.page = page, .answer = answer};
    const struct json *claim = json_find(answer, "claim"), *column = claim_column(claim);
    OWN(buffer_clear) struct buffer title = {0};
    buffer_put_string(&title, TR("Claims side by side"));
    buffer_put_byte(&title, ' ');
    buffer_put(&title, slice_part(json_find_string(column, "id"), 0, 8));
    sheet.agreement = told_agreement(&sheet, slice_from(""));
    sheet_open(&sheet, out, PLACE_CLAIMS, buffer_slice(&title));
    put_head(&sheet, claim, column);
    put_table(&sheet, claim);
    put_statements(&sheet, json_find(claim, "statements"));
    put_ways_on(&sheet, json_find_string(column, "id"));
    return sheet_close(&sheet, error);
}
