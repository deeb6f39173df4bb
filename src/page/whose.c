/* "As party": a page for it and those it answers for. */
#include "page/sheet.h"

enum { PARTIES_MOST = 256 };

static void put_choice(struct sheet *sheet, struct slice party, struct slice asked)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_OPTION);
    html_set_slice(html, ATTR_VALUE, party);
    if (slice_equal(party, asked)) html_flag(html, ATTR_SELECTED);
    if (party.size == 0)
        html_words(html, TR("everybody"));
    else
        html_text(html, tell_party(sheet->page->records, party));
    html_end(html, TAG_OPTION);
}

void sheet_whose(struct sheet *sheet, const struct json *whose)
{
    struct html *html = &sheet->html;
    struct slice parties[PARTIES_MOST], asked = {NULL, 0};
    size_t count = records_parties(sheet->page->records, parties, PARTIES_MOST);
    if (whose != NULL && whose->type == JSON_ARRAY && whose->first != NULL) asked = whose->first->string;
    sheet_begin(sheet, TAG_LABEL, "field");
    html_words_in(html, TAG_SPAN, "label", TR("As party (with those it answers for)"));
    html_begin(html, TAG_SELECT);
    html_set(html, ATTR_NAME, "party");
    put_choice(sheet, (struct slice){NULL, 0}, asked);
    for (size_t i = 0; i < count; i++) put_choice(sheet, parties[i], asked);
    html_end(html, TAG_SELECT);
    html_end(html, TAG_LABEL);
}
