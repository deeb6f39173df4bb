/* Who stands behind the log: the heads that cosigners and full copies signed, and who was silent since when. */
#include "page/sheet.h"

#include "tell/heads.h"

enum status page_heads(struct buffer *out, const struct page *page, const struct json *heads, struct error *error)
{
    struct sheet sheet = {.page = page, .known_only = true};
    const char *title = TR("Who stands behind the log");
    sheet_open(&sheet, out, PLACE_NONE, slice_from(title));
    sheet_heading(&sheet, TAG_H1, title);
    const struct voice voice = sheet_voice(&sheet);
    tell_heads(&voice, heads);
    html_words_in(&sheet.html, TAG_P, "quiet",
                  TR("A cosigner confirms that the log only grew since it saw it last; it says nothing about what the "
                     "records say. This page is the host's word: truce verify on a copy of one's own asks nobody."));
    return sheet_close(&sheet, error);
}
