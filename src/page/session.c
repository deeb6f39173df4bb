/* The way in: what a member signs elsewhere and hands in here, or whose session there is. */
#include "page/sheet.h"

#include "base/time.h"

static void put_button(struct sheet *sheet, const char *words)
{
    sheet_submit(sheet, words);
    html_end(&sheet->html, TAG_FORM);
}

static void put_form(struct sheet *sheet, const char *action)
{
    OWN(address_clear) struct address address;
    address_open(&address, action);
    html_begin(&sheet->html, TAG_FORM);
    html_set(&sheet->html, ATTR_METHOD, "post");
    html_address(&sheet->html, ATTR_ACTION, &address);
}

static void put_session(struct sheet *sheet, const struct page_door *door)
{
    char time[TIME_TEXT_SIZE];
    time_format(door->until, time);
    SAY_P(sheet, NULL, TR("You came in for {0}. The session ends at {1}."), hole(HOLE_CODE, slice_from(door->party)),
          hole(HOLE_CODE, slice_from(time)));
    put_form(sheet, "/session/end");
    put_button(sheet, TR("End the session"));
}

static void put_challenge(struct sheet *sheet, const struct page_door *door)
{
    struct html *html = &sheet->html;
    html_words_in(
        html, TAG_P, NULL,
        TR("Only members read here. Whoever has a session key of a party signs this text with it and hands in "
           "what comes of it; that must be done within a minute."));
    html_begin(html, TAG_PRE);
    html_set(html, ATTR_DIR, "ltr");
    html_text(html, slice_from(door->challenge));
    html_end(html, TAG_PRE);
    html_words_in(html, TAG_P, NULL, TR("On the device with the key:"));
    html_begin(html, TAG_PRE);
    html_set(html, ATTR_DIR, "ltr");
    html_text(html, slice_from("truce session answer --session FILE --to "));
    html_text(html, slice_from(door->host));
    html_end(html, TAG_PRE);
    put_form(sheet, "/session");
    sheet_notes_field(sheet);
    put_button(sheet, TR("Come in"));
}

enum status page_session(struct buffer *out, const struct page *page, const struct page_door *door, struct error *error)
{
    struct sheet sheet = {.page = page};
    const char *title = TR("Coming in");
    sheet_open(&sheet, out, PLACE_NONE, slice_from(title));
    sheet_heading(&sheet, TAG_H1, title);
    if (door->party != NULL)
        put_session(&sheet, door);
    else
        put_challenge(&sheet, door);
    return sheet_close(&sheet, error);
}
