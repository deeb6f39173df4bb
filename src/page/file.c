/* What can be filed: four tiles for what is filed often, the other kinds under More; drafts of this browser; watches.
 */
#include "page/filing.h"

#include "page/asset.h"

#include <stdio.h>

static const struct {
    const char *kind, *title, *says;
} tiles[] = {
    {"report", N_("Report"), N_("What was seen or heard: when, where, what.")},
    {"coverage", N_("Watch"), N_("Where and when somebody was watching; without it silence tells nothing.")},
    {"restriction", N_("Restriction"), N_("Where watching was denied, delayed or too dangerous.")},
    {"notice", N_("Notice"), N_("What others must be told, and by when they confirm that they were.")},
};
/* Not written by hand: the first record, and what machines tell. */
static const char *const never[] = {"genesis", "anchor", "acknowledgement"};

static bool is_tile(struct slice kind)
{
    for (size_t i = 0; i < COUNT_OF(tiles); i++)
        if (slice_is(kind, tiles[i].kind)) return true;
    for (size_t i = 0; i < COUNT_OF(never); i++)
        if (slice_is(kind, never[i])) return true;
    return false;
}

static void begin_kind(struct sheet *sheet, const char *class_name, struct slice kind)
{
    OWN(address_clear) struct address address;
    address_open(&address, "/file");
    address_part(&address, kind);
    sheet_link(sheet, class_name, &address);
}

static void put_tile(struct sheet *sheet, size_t i)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_LI);
    html_data(html, "item", slice_from("tile"));
    begin_kind(sheet, "tile", slice_from(tiles[i].kind));
    html_words_in(html, TAG_STRONG, NULL, truce_word(tiles[i].title));
    html_words_in(html, TAG_SPAN, NULL, truce_word(tiles[i].says));
    html_end(html, TAG_A);
    html_end(html, TAG_LI);
}

static void put_more(struct sheet *sheet, const struct json *kinds)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_DETAILS);
    html_words_in(html, TAG_SUMMARY, NULL, TR("More"));
    sheet_begin(sheet, TAG_UL, "kinds");
    for (const struct json *k = kinds == NULL ? NULL : kinds->first; k != NULL; k = k->next) {
        struct slice kind = json_find_string(k, "kind");
        if (is_tile(kind)) continue;
        html_begin(html, TAG_LI);
        begin_kind(sheet, NULL, kind);
        sheet_label(sheet, LABEL_KIND, kind);
        html_end(html, TAG_A);
        html_end(html, TAG_LI);
    }
    html_end(html, TAG_UL);
    html_end(html, TAG_DETAILS);
}

/* Filled by the script; without a key nothing can be read here. */
static void put_drafts(struct sheet *sheet)
{
    struct html *html = &sheet->html;
    if (!sheet->page->own) return;
    html_begin(html, TAG_SECTION);
    html_set(html, ATTR_ID, "drafts");
    html_flag(html, ATTR_HIDDEN);
    sheet_heading(sheet, TAG_H2, TR("Drafts in this browser"));
    html_words_in(
        html, TAG_P, "quiet",
        TR("Encrypted under the signing key. Locking keeps them, and nobody can read them until it is unlocked."));
    html_begin(html, TAG_UL);
    html_end(html, TAG_UL);
    html_end(html, TAG_SECTION);
    html_begin(html, TAG_P);
    html_set(html, ATTR_ID, "drafts-locked");
    html_flag(html, ATTR_HIDDEN);
    html_begin(html, TAG_BUTTON);
    html_set(html, ATTR_TYPE, "button");
    html_data(html, "unlock", slice_from("drafts"));
    html_words(html, TR("Unlock the signing key"));
    html_end(html, TAG_BUTTON);
    html_end(html, TAG_P);
}

enum status page_file(struct buffer *out, const struct page *page, const struct page_filing *filing,
                      struct error *error)
{
    struct sheet sheet = {.page = page, .script = asset_file_js};
    const char *title = TR("File a record");
    sheet_open(&sheet, out, PLACE_FILE, slice_from(title));
    sheet_heading(&sheet, TAG_H1, title);
    put_drafts(&sheet);
    sheet_begin(&sheet, TAG_UL, "tiles");
    for (size_t i = 0; i < COUNT_OF(tiles); i++) put_tile(&sheet, i);
    html_end(&sheet.html, TAG_UL);
    put_more(&sheet, filing->kinds);
    return sheet_close(&sheet, error);
}

/* ---- watches that go on */

static void put_watch(struct sheet *sheet, const struct json *coverage)
{
    OWN(address_clear) struct address address;
    struct html *html = &sheet->html;
    address_open(&address, "/file/coverage");
    address_ask(&address, "correct", json_find_string(coverage, "id"));
    address_ask(&address, "watch", slice_from("end"));
    html_begin(html, TAG_LI);
    html_data(html, "item", slice_from("watch"));
    sheet_party(sheet, json_find_string(coverage, "by"));
    html_words(html, TR(", "));
    sheet_hole(sheet, hole(HOLE_TIME, tell_when(coverage)));
    html_words(html, " ");
    sheet_link(sheet, NULL, &address);
    html_words(html, TR("End watch"));
    html_end(html, TAG_A);
    html_end(html, TAG_LI);
}

enum status page_watches(struct buffer *out, const struct page *page, const struct json *const *coverage, size_t count,
                         struct error *error)
{
    struct sheet sheet = {.page = page, .script = asset_file_js};
    const char *title = TR("End watch");
    sheet_open(&sheet, out, PLACE_FILE, slice_from(title));
    sheet_heading(&sheet, TAG_H1, title);
    if (count == 0) {
        html_words_in(&sheet.html, TAG_P, NULL,
                      TR("No watch was begun in the last two days that has not ended. One is begun by Start watch."));
    } else {
        html_words_in(&sheet.html, TAG_P, NULL, TR("Watches that were begun and have not ended:"));
        html_begin(&sheet.html, TAG_UL);
        for (size_t i = 0; i < count; i++) put_watch(&sheet, coverage[i]);
        html_end(&sheet.html, TAG_UL);
    }
    return sheet_close(&sheet, error);
}
