/* The list of records, and its filters as a form. */
#include "page/filters.h"
#include "page/found.h"
#include "tell/labels.h"

#include <inttypes.h>
#include <stdio.h>

static const char *asked(const struct page_list *list, const char *name)
{
    return list->asked == NULL ? NULL : list->asked(list->context, name);
}

static bool is_wrong(const struct page_list *list, const char *name)
{
    return list->wrong != NULL && list->wrong_name != NULL && strcmp(list->wrong_name, name) == 0;
}

/* ---- the form */

static const char *const often[] = {"kind", "by", "from", "to", "text"}, *const rare[] = {"term", "near", "within",
                                                                                          "bbox"};

bool filters_have(const char *name)
{
    for (size_t i = 0; name != NULL && i < COUNT_OF(often); i++)
        if (strcmp(often[i], name) == 0) return true;
    for (size_t i = 0; name != NULL && i < COUNT_OF(rare); i++)
        if (strcmp(rare[i], name) == 0) return true;
    return false;
}

static const char *wrong_of(const struct page_list *list, const char *name)
{
    return is_wrong(list, name) ? list->wrong : NULL;
}

static struct slice value_of(const struct page_list *list, const char *name)
{
    const char *value = asked(list, name);
    return slice_from(value == NULL ? "" : value);
}

static void put_input(struct sheet *sheet, const struct page_list *list, const char *name, const char *label,
                      const char *hint)
{
    bool words = strcmp(name, "text") == 0;
    sheet_line(sheet, &(struct line){.name = name,
                                     .label = label,
                                     .hint = hint,
                                     .value = value_of(list, name),
                                     .words = words,
                                     .searched = words,
                                     .is_wrong = is_wrong(list, name),
                                     .wrong = wrong_of(list, name)});
}

/* What was asked for stays in the form, even if it is none of the choices. */
static void put_kinds(struct sheet *sheet, const struct page_list *list)
{
    const struct slice none = {NULL, 0}, kind = value_of(list, "kind");
    sheet_choice(sheet, "kind", TR("Kind"));
    bool found = sheet_option(sheet, slice_from(""), TR("any"), none, kind);
    for (const struct label *label = labels_of(LABEL_KIND); label->id != NULL; label++)
        found |= sheet_option(sheet, slice_from(label->id), words_label(LABEL_KIND, label->id), none, kind);
    if (!found) sheet_option(sheet, kind, NULL, kind, kind);
    sheet_choice_end(sheet, wrong_of(list, "kind"));
}

static void put_authors(struct sheet *sheet, const struct page_list *list)
{
    struct slice by = value_of(list, "by");
    sheet_choice(sheet, "by", TR("Author"));
    sheet_option(sheet, slice_from(""), TR("any"), (struct slice){NULL, 0}, by);
    sheet_party_options(sheet, by);
    sheet_choice_end(sheet, wrong_of(list, "by"));
}

void filters_form(struct sheet *sheet, const struct page_list *list)
{
    struct html *html = &sheet->html;
    OWN(address_clear) struct address here;
    static const char *const nothing[] = {NULL};
    bool opened = false;
    for (size_t i = 0; i < COUNT_OF(rare); i++) opened |= asked(list, rare[i]) != NULL || is_wrong(list, rare[i]);
    address_again(&here, sheet->page->address, "", nothing);
    sheet_begin(sheet, TAG_FORM, "filters");
    html_set(html, ATTR_METHOD, "get");
    html_address(html, ATTR_ACTION, &here);
    sheet_begin(sheet, TAG_DIV, "fields");
    put_kinds(sheet, list);
    put_authors(sheet, list);
    put_input(sheet, list, "from", TR("From"), TR("a day, or a moment in UTC"));
    put_input(sheet, list, "to", TR("To"), NULL);
    put_input(sheet, list, "text", TR("Words in the text"), NULL);
    html_end(html, TAG_DIV);
    html_begin(html, TAG_DETAILS);
    if (opened) html_flag(html, ATTR_OPEN);
    html_words_in(html, TAG_SUMMARY, NULL, TR("More filters"));
    sheet_begin(sheet, TAG_DIV, "fields");
    put_input(sheet, list, "term", TR("Term"), NULL);
    put_input(sheet, list, "near", TR("Near the place"), TR("latitude, longitude: 36.2021,37.1343"));
    put_input(sheet, list, "within", TR("Within, in metres"), NULL);
    put_input(sheet, list, "bbox", TR("Inside the box"), TR("west, south, east, north"));
    html_end(html, TAG_DIV);
    html_end(html, TAG_DETAILS);
    sheet_kept(sheet, "as-of", sheet->page->as_of);
    sheet_kept(sheet, "known", sheet->page->known);
    sheet_submit(sheet, TR("Search"));
    html_end(html, TAG_FORM);
}

/* ---- the records */

static void put_row(struct sheet *sheet, const struct json *record, struct found *found)
{
    struct html *html = &sheet->html;
    struct slice id = json_find_string(record, "id");
    char number[24];
    OWN(address_clear) struct address address;
    record_address(&address, id);
    snprintf(number, sizeof number, "%" PRId64, json_find_integer(record, "index", 0));
    html_begin(html, TAG_TR);
    html_data(html, "item", id);
    sheet_begin(sheet, TAG_TD, "number");
    sheet_hole(sheet, hole(HOLE_NUMBER, slice_from(number)));
    html_end(html, TAG_TD);
    sheet_begin(sheet, TAG_TD, "date");
    sheet_hole(sheet, hole(HOLE_STAMP, tell_when(record)));
    html_end(html, TAG_TD);
    sheet_begin(sheet, TAG_TD, "kind");
    sheet_link(sheet, NULL, &address);
    sheet_label(sheet, LABEL_KIND, json_find_string(record, "kind"));
    html_words(html, " ");
    sheet_hole(sheet, hole(HOLE_CODE, slice_part(id, 0, 8)));
    sheet_link_end(sheet);
    if (json_find_bool(record, "void")) html_words_in(html, TAG_SPAN, "void", TR("void: not counted"));
    const struct json *marks = json_find(record, "marks");
    for (const struct json *mark = marks == NULL ? NULL : marks->first; mark != NULL; mark = mark->next)
        html_words_in(html, TAG_SPAN, "void", tell_word(slice_from("marks"), mark->string));
    html_end(html, TAG_TD);
    sheet_begin(sheet, TAG_TD, "by");
    sheet_party(sheet, json_find_string(record, "by"));
    html_end(html, TAG_TD);
    sheet_begin(sheet, TAG_TD, "gist");
    found_put(found, sheet, tell_gist(record));
    html_end(html, TAG_TD);
    html_end(html, TAG_TR);
}

static void put_table(struct sheet *sheet, const struct page_list *list)
{
    struct html *html = &sheet->html;
    OWN(found_clear) struct found found = {.count = 0};
    const char *const heads[] = {TR("No."), TR("Date"), TR("Kind"), TR("By"), TR("What it says")};
    sheet_begin(sheet, TAG_TABLE, "list");
    sheet_heads(sheet, heads, COUNT_OF(heads));
    html_begin(html, TAG_TBODY);
    found_open(&found, asked(list, "text"));
    for (size_t i = 0; i < list->count; i++) put_row(sheet, list->records[i], &found);
    html_end(html, TAG_TBODY);
    html_end(html, TAG_TABLE);
}

/* The same question in another form, or further on. */
static void put_again(struct sheet *sheet, const char *name, const char *value, const char *words)
{
    static const char *const without[] = {"f", "after", "lang", NULL};
    OWN(address_clear) struct address address;
    address_again(&address, "/records", sheet->page->query, without);
    address_ask(&address, name, slice_from(value));
    html_begin(&sheet->html, TAG_A);
    html_address(&sheet->html, ATTR_HREF, &address);
    html_words(&sheet->html, words);
    html_end(&sheet->html, TAG_A);
}

static void put_ways_on(struct sheet *sheet, const struct page_list *list)
{
    char next[24];
    snprintf(next, sizeof next, "%" PRIu64, list->next);
    if (list->more) {
        sheet_begin(sheet, TAG_P, "onward");
        put_again(sheet, "after", next, TR("Next records"));
        html_end(&sheet->html, TAG_P);
    }
    sheet_begin(sheet, TAG_P, "forms");
    html_words(&sheet->html, TR("The same as a file: "));
    put_again(sheet, "f", "csv", "CSV");
    html_words(&sheet->html, TR(", "));
    put_again(sheet, "f", "geojson", "GeoJSON");
    html_end(&sheet->html, TAG_P);
}

static void put_nothing(struct sheet *sheet)
{
    OWN(address_clear) struct address all;
    address_open(&all, "/records");
    html_begin(&sheet->html, TAG_P);
    html_words(&sheet->html, TR("No record fits."));
    html_words(&sheet->html, " ");
    html_words(&sheet->html, TR("With fewer filters there may be some: "));
    sheet_link(sheet, NULL, &all);
    html_words(&sheet->html, TR("all records"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

enum status page_records(struct buffer *out, const struct page *page, const struct page_list *list, struct error *error)
{
    struct sheet sheet = {.page = page, .known_only = true};
    sheet_open(&sheet, out, PLACE_RECORDS, slice_from(TR("Records")));
    sheet_heading(&sheet, TAG_H1, TR("Records"));
    if (list->wrong != NULL && !filters_have(list->wrong_name)) {
        html_begin(&sheet.html, TAG_DIV);
        sheet_fault(&sheet, list->wrong);
        html_end(&sheet.html, TAG_DIV);
    }
    filters_form(&sheet, list);
    if (list->wrong == NULL) {
        sheet_begin(&sheet, TAG_P, "shown");
        html_words(&sheet.html, TR("Shown here: "));
        sheet_count(&sheet, NOUN_RECORD, list->count);
        html_end(&sheet.html, TAG_P);
        if (list->count == 0)
            put_nothing(&sheet);
        else
            put_table(&sheet, list);
        put_ways_on(&sheet, list);
    }
    return sheet_close(&sheet, error);
}
