/* What everybody should have read before using a register; it goes on when that is confirmed. */
#include "page/sheet.h"
#include "tell/first_run.h"

enum status page_welcome(struct buffer *out, const struct page *page, struct error *error)
{
    struct sheet sheet = {.page = page};
    struct html *html = &sheet.html;
    const char *title = TR("Before the first use");
    OWN(address_clear) struct address address;
    address_open(&address, "/welcome");
    sheet_open(&sheet, out, PLACE_NONE, slice_from(title));
    sheet_heading(&sheet, TAG_H1, title);
    sheet_begin(&sheet, TAG_DIV, "first-run");
    for (const char *const *words = first_run_paragraphs; *words != NULL; words++)
        html_words_in(html, TAG_P, NULL, truce_word(*words));
    html_end(html, TAG_DIV);
    html_begin(html, TAG_FORM);
    html_set(html, ATTR_METHOD, "post");
    html_address(html, ATTR_ACTION, &address);
    sheet_submit(&sheet, TR("Read; go on"));
    html_end(html, TAG_FORM);
    return sheet_close(&sheet, error);
}
