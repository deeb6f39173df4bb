/* What forms are made of: a line to type in, a choice, the button that sends them; and whom one may choose. */
#include "page/sheet.h"

#include "text/collate.h"
#include <stdlib.h>

enum { PARTIES_MOST = 256 };

static void begin_field(struct sheet *sheet, const char *label)
{
    sheet_begin(sheet, TAG_LABEL, "field");
    html_words_in(&sheet->html, TAG_SPAN, "label", label);
}

void sheet_mark_wrong(struct sheet *sheet)
{
    html_set(&sheet->html, ATTR_ARIA_INVALID, "true");
    html_set(&sheet->html, ATTR_ARIA_DESCRIBEDBY, "fault");
}

void sheet_line(struct sheet *sheet, const struct line *line)
{
    struct html *html = &sheet->html;
    begin_field(sheet, line->label);
    html_begin(html, TAG_INPUT);
    html_set(html, ATTR_NAME, line->name);
    html_set(html, ATTR_TYPE, "text");
    html_set(html, ATTR_DIR, line->words ? "auto" : "ltr");
    if (line->searched) html_data(html, "search", slice_from(line->name));
    html_set(html, ATTR_AUTOCOMPLETE, "off");
    html_set(html, ATTR_SPELLCHECK, "false");
    html_set_slice(html, ATTR_VALUE, line->value);
    if (line->is_wrong) sheet_mark_wrong(sheet);
    if (line->hint != NULL) html_words_in(html, TAG_SPAN, "hint", line->hint);
    if (line->is_wrong && line->wrong != NULL) sheet_fault(sheet, line->wrong);
    html_end(html, TAG_LABEL);
}

void sheet_fault(struct sheet *sheet, const char *wrong)
{
    sheet_begin(sheet, TAG_SPAN, "fault");
    html_set(&sheet->html, ATTR_ID, "fault");
    html_message(&sheet->html, slice_from(wrong));
    html_end(&sheet->html, TAG_SPAN);
}

/* ---- a choice */

void sheet_choice(struct sheet *sheet, const char *name, const char *label)
{
    begin_field(sheet, label);
    html_begin(&sheet->html, TAG_SELECT);
    html_set(&sheet->html, ATTR_NAME, name);
}

bool sheet_option(struct sheet *sheet, struct slice value, const char *words, struct slice text, struct slice asked)
{
    struct html *html = &sheet->html;
    bool selected = slice_equal(value, asked);
    html_begin(html, TAG_OPTION);
    html_set_slice(html, ATTR_VALUE, value);
    if (selected) html_flag(html, ATTR_SELECTED);
    if (words != NULL)
        html_words(html, words);
    else
        html_text(html, text);
    html_end(html, TAG_OPTION);
    return selected;
}

void sheet_choice_end(struct sheet *sheet, const char *wrong)
{
    html_end(&sheet->html, TAG_SELECT);
    if (wrong != NULL) sheet_fault(sheet, wrong);
    html_end(&sheet->html, TAG_LABEL);
}

/* ---- whom */

struct party {
    struct slice id, name;
};

static int by_name(const void *a, const void *b)
{
    return collate_compare(words_language_now(), ((const struct party *)a)->name, ((const struct party *)b)->name);
}

void sheet_party_options(struct sheet *sheet, struct slice asked)
{
    struct slice ids[PARTIES_MOST];
    struct party parties[PARTIES_MOST];
    size_t count = records_parties(sheet->page->records, ids, PARTIES_MOST);
    bool found = asked.size == 0;
    for (size_t i = 0; i < count; i++) parties[i] = (struct party){ids[i], tell_party(sheet->page->records, ids[i])};
    if (count > 1) qsort(parties, count, sizeof parties[0], by_name);
    for (size_t i = 0; i < count; i++) found |= sheet_option(sheet, parties[i].id, NULL, parties[i].name, asked);
    if (!found) sheet_option(sheet, asked, NULL, asked, asked);
}

void sheet_whose(struct sheet *sheet, const struct json *whose)
{
    bool one = whose != NULL && whose->type == JSON_ARRAY && whose->first != NULL;
    struct slice asked = one ? whose->first->string : slice_from("");
    sheet_choice(sheet, "party", TR("As party (with those it answers for)"));
    sheet_option(sheet, slice_from(""), TR("everybody"), (struct slice){NULL, 0}, asked);
    sheet_party_options(sheet, asked);
    sheet_choice_end(sheet, NULL);
}

/* ---- what is not seen, and the end */

void sheet_kept(struct sheet *sheet, const char *name, const char *value)
{
    if (value == NULL) return;
    html_begin(&sheet->html, TAG_INPUT);
    html_set(&sheet->html, ATTR_TYPE, "hidden");
    html_set(&sheet->html, ATTR_NAME, name);
    html_set(&sheet->html, ATTR_VALUE, value);
}

void sheet_submit(struct sheet *sheet, const char *words)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_P);
    html_begin(html, TAG_BUTTON);
    html_set(html, ATTR_TYPE, "submit");
    html_words(html, words);
    html_end(html, TAG_BUTTON);
    html_end(html, TAG_P);
}
