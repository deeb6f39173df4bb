/* What stands round every page: whose register it is, as of when, where else to go, and what a result here is not. */
#include "page/asset.h"
#include "page/sheet.h"
#include "tell/typed.h"
#include "tell/zone.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

static const struct {
    const char *path, *label;
    bool often; /* it is seen at once; others stand in a menu where there is little room */
} places[] = {
    [PLACE_TODAY] = {"/today", N_("Today"), true},
    [PLACE_HANDOVER] = {"/handover", N_("Handover")},
    [PLACE_STANDING] = {"/standing", N_("Agreement"), true},
    [PLACE_COMPLIANCE] = {"/compliance", N_("Compliance")},
    [PLACE_TEXTS] = {"/agreements", N_("Text of the agreement")},
    [PLACE_CLAIMS] = {"/claims", N_("Claims side by side")},
    [PLACE_INCIDENTS] = {"/incidents", N_("Incidents")},
    [PLACE_ACCESS] = {"/access", N_("Notices and access")},
    [PLACE_MAP] = {"/map", N_("Map and timeline")},
    [PLACE_RECORDS] = {"/records", N_("Records")},
    [PLACE_FILE] = {"/file", N_("File a record"), true},
    [PLACE_STATEMENTS] = {"/statements", N_("Statements")},
    [PLACE_OUTBOX] = {"/outbox", N_("Outbox")},
    [PLACE_PARTIES] = {"/parties", N_("Parties and keys")},
    [PLACE_INTEGRITY] = {"/integrity", N_("Integrity")},
};

/* ---- head */

static void put_meta(struct html *html, const char *name, const char *content)
{
    html_begin(html, TAG_META);
    html_set(html, ATTR_NAME, name);
    html_set(html, ATTR_CONTENT, content);
}

static void put_asset(struct html *html, const char *rel, const char *type, const char *address)
{
    OWN(address_clear) struct address href;
    address_open(&href, address);
    html_begin(html, TAG_LINK);
    html_set(html, ATTR_REL, rel);
    html_set(html, ATTR_TYPE, type);
    html_address(html, ATTR_HREF, &href);
}

static void put_script(struct html *html, const char *address)
{
    OWN(address_clear) struct address source;
    address_open(&source, address);
    html_script(html, &source);
}

static void put_head(struct sheet *sheet, struct slice title)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_HEAD);
    html_begin(html, TAG_META);
    html_set(html, ATTR_CHARSET, "utf-8");
    put_meta(html, "viewport", "width=device-width, initial-scale=1");
    put_meta(html, "color-scheme", "light dark");
    html_begin(html, TAG_TITLE);
    html_text(html, title);
    if (sheet->page->register_name != NULL) {
        html_words(html, " – ");
        html_text(html, slice_from(sheet->page->register_name));
    }
    html_end(html, TAG_TITLE);
    put_asset(html, "stylesheet", "text/css", asset_page_css);
    if (sheet->style != NULL) put_asset(html, "stylesheet", "text/css", sheet->style);
    put_asset(html, "icon", "image/svg+xml", asset_icon_svg);
    put_script(html, asset_room_js);
    if (sheet->script != NULL) put_script(html, sheet->script);
    html_end(html, TAG_HEAD);
}

/* ---- where else to go */

static void put_place(struct sheet *sheet, size_t which, enum place here)
{
    struct html *html = &sheet->html;
    OWN(address_clear) struct address address;
    address_open(&address, places[which].path);
    html_begin(html, TAG_LI);
    sheet_link(sheet, NULL, &address);
    html_data(html, "go", slice_from(places[which].path));
    if (here == (enum place)which) html_set(html, ATTR_ARIA_CURRENT, "page");
    html_words(html, truce_word(places[which].label));
    sheet_link_end(sheet);
    html_end(html, TAG_LI);
}

static void put_places(struct sheet *sheet, bool often, enum place here)
{
    html_begin(&sheet->html, TAG_UL);
    for (size_t i = 0; i < COUNT_OF(places); i++)
        if (places[i].often == often) put_place(sheet, i, here);
    html_end(&sheet->html, TAG_UL);
}

/* The menu stands open where there is room for all. */
static void put_navigation(struct sheet *sheet, enum place here)
{
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_NAV, "places");
    html_set(html, ATTR_ARIA_LABEL, TR("Pages"));
    put_places(sheet, true, here);
    sheet_begin(sheet, TAG_DETAILS, "menu");
    html_words_in(html, TAG_SUMMARY, NULL, TR("More pages"));
    put_places(sheet, false, here);
    html_end(html, TAG_DETAILS);
    html_end(html, TAG_NAV);
}

/* The other language, by its own name. */
static void put_language(struct sheet *sheet)
{
    static const char *const without[] = {"lang", NULL};
    const char *code = words_arabic() ? "en" : "ar";
    OWN(address_clear) struct address address;
    address_again(&address, sheet->page->address, sheet->page->query, without);
    address_ask(&address, "lang", slice_from(code));
    sheet_begin(sheet, TAG_A, "language");
    html_address(&sheet->html, ATTR_HREF, &address);
    html_set(&sheet->html, ATTR_HREFLANG, code);
    html_set(&sheet->html, ATTR_LANG, code);
    html_words(&sheet->html, words_arabic() ? "English" : "العربية");
    html_end(&sheet->html, TAG_A);
}

/* ---- the form for paper */

static void put_print_link(struct sheet *sheet, const char *class_name, const char *languages, const char *words)
{
    static const char *const without[] = {"lang", "print", NULL};
    OWN(address_clear) struct address address;
    address_again(&address, sheet->page->address, sheet->page->query, without);
    if (languages != NULL) address_ask(&address, "print", slice_from(languages));
    sheet_begin(sheet, TAG_A, class_name);
    html_address(&sheet->html, ATTR_HREF, &address);
    html_words(&sheet->html, words);
    html_end(&sheet->html, TAG_A);
}

/* Above the form for paper, on a screen alone. */
static void put_print_ways(struct sheet *sheet)
{
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_NAV, "paper-ways");
    html_set(html, ATTR_ARIA_LABEL, TR("Print"));
    html_begin(html, TAG_BUTTON);
    html_set(html, ATTR_TYPE, "button");
    html_data(html, "print", slice_from(""));
    html_flag(html, ATTR_HIDDEN);
    html_words(html, TR("Print"));
    html_end(html, TAG_BUTTON);
    put_print_link(sheet, NULL, "ar", TR("in Arabic"));
    put_print_link(sheet, NULL, "en", TR("in English"));
    put_print_link(sheet, NULL, words_arabic() ? "ar,en" : "en,ar", TR("in both languages, one after the other"));
    put_print_link(sheet, NULL, NULL, TR("Back to the page"));
    html_end(html, TAG_NAV);
    html_words_in(html, TAG_P, "quiet paper-ways",
                  TR("This is the page as it goes to paper: the browser's own command prints it."));
}

/* ---- the moment: what was asked for, and how to ask for another */

static struct slice asked(const char *value)
{
    return slice_from(value == NULL ? "" : value);
}

static void put_hidden(struct html *html, struct slice name, struct slice value)
{
    if (slice_is(name, "lang")) return;
    html_begin(html, TAG_INPUT);
    html_set(html, ATTR_TYPE, "hidden");
    html_set_slice(html, ATTR_NAME, name);
    html_set_slice(html, ATTR_VALUE, value);
}

static void put_kept(void *context, struct slice name, struct slice value)
{
    if (slice_is(name, "as-of") || slice_is(name, "known")) return;
    put_hidden(context, name, value);
}

static void put_moment_form(struct sheet *sheet)
{
    static const char *const nothing[] = {NULL};
    struct html *html = &sheet->html;
    OWN(address_clear) struct address here;
    address_again(&here, sheet->page->address, "", nothing);
    sheet_begin(sheet, TAG_DETAILS, "moment");
    html_words_in(html, TAG_SUMMARY, NULL, TR("Another moment"));
    html_begin(html, TAG_FORM);
    html_set(html, ATTR_METHOD, "get");
    html_address(html, ATTR_ACTION, &here);
    sheet_line(sheet, &(struct line){.name = "as-of",
                                     .label = TR("As of"),
                                     .hint = TR("A day or a moment in UTC; empty: now."),
                                     .value = asked(sheet->page->as_of)});
    sheet_line(sheet, &(struct line){.name = "known",
                                     .label = TR("As known on"),
                                     .hint = TR("A day, a moment in UTC or a number of records; empty: all."),
                                     .value = asked(sheet->page->known)});
    address_pairs(sheet->page->query, put_kept, html);
    sheet_submit(sheet, TR("Show"));
    html_end(html, TAG_FORM);
    html_end(html, TAG_DETAILS);
}

/* ---- how numbers and days are written */

static void put_choice(struct sheet *sheet, const char *name, const char *label, const char *const options[2][2],
                       bool second)
{
    sheet_choice(sheet, name, label);
    for (size_t i = 0; i < 2; i++)
        sheet_option(sheet, slice_from(options[i][0]), truce_word(options[i][1]), (struct slice){NULL, 0},
                     slice_from(options[second ? 1 : 0][0]));
    sheet_choice_end(sheet, NULL);
}

static void put_kept_choice(void *context, struct slice name, struct slice value)
{
    if (slice_is(name, "digits") || slice_is(name, "calendar")) return;
    put_hidden(context, name, value);
}

static void put_manner_form(struct sheet *sheet)
{
    static const char *const nothing[] = {NULL};
    static const char *const digits[2][2] = {{"latn", "0123456789"}, {"arab", "٠١٢٣٤٥٦٧٨٩"}};
    static const char *const calendars[2][2] = {{"gregory", N_("as in the records")}, {"hijri", N_("Hijri as well")}};
    const struct words_manner manner = words_manner_now();
    const struct json *zone = zone_of(sheet->page->records, sheet->agreement);
    struct html *html = &sheet->html;
    OWN(address_clear) struct address here;
    address_again(&here, sheet->page->address, "", nothing);
    sheet_begin(sheet, TAG_DETAILS, "moment");
    html_words_in(html, TAG_SUMMARY, NULL, TR("Numbers and days"));
    html_begin(html, TAG_FORM);
    html_set(html, ATTR_METHOD, "get");
    html_address(html, ATTR_ACTION, &here);
    if (words_arabic()) put_choice(sheet, "digits", TR("Digits"), digits, manner.arabic_digits);
    put_choice(sheet, "calendar", TR("Calendar"), calendars, manner.hijri);
    address_pairs(sheet->page->query, put_kept_choice, html);
    sheet_submit(sheet, TR("Show"));
    html_end(html, TAG_FORM);
    if (zone != NULL)
        SAY_P(sheet, "quiet", TR("Local time is that of the agreement's zone {0}."), hole(HOLE_CODE, zone->key));
    html_end(html, TAG_DETAILS);
}

static void put_now_link(struct sheet *sheet)
{
    static const char *const without[] = {"as-of", "known", "lang", NULL};
    OWN(address_clear) struct address address;
    address_again(&address, sheet->page->address, sheet->page->query, without);
    html_begin(&sheet->html, TAG_A);
    html_address(&sheet->html, ATTR_HREF, &address);
    html_words(&sheet->html, TR("Show now"));
    html_end(&sheet->html, TAG_A);
}

/* ---- from a moment's page to its difference from now, and back */

static const char difference_path[] = "/difference";
enum { BACK_BYTES_MOST = 500 };

static void find_back(void *context, struct slice name, struct slice value)
{
    struct buffer *back = context;
    if (!slice_is(name, "back") || back->size > 0) return;
    buffer_put(back, value);
    buffer_put_byte(back, '\0');
}

/* The page from which the difference was asked for, which the address names; whatever else stands there becomes an
 * address of this site too. */
static void open_back(const struct page *page, struct address *out)
{
    static const char *const without[] = {"as-of", "as_of", "known", "back", NULL};
    OWN(buffer_clear) struct buffer back = {0};
    address_pairs(page->query, find_back, &back);
    if (back.failed || back.size == 0) {
        address_open(out, "/standing");
        return;
    }
    char *path = (char *)back.data, *query = strchr(path, '?');
    if (query != NULL) *query++ = '\0';
    address_again(out, path, query == NULL ? "" : query, without);
}

static void open_difference(const struct page *page, struct address *out)
{
    static const char *const without[] = {"as-of", "as_of", "known", "lang", "print", NULL};
    OWN(address_clear) struct address here;
    address_again(&here, page->address, page->query, without);
    address_open(out, difference_path);
    if (here.text.size <= BACK_BYTES_MOST) address_ask(out, "back", buffer_slice(&here.text));
}

/* One key away, and with the same key back (script/keys.js). */
static void put_difference_link(struct sheet *sheet)
{
    bool there = strcmp(sheet->page->address, difference_path) == 0;
    OWN(address_clear) struct address address;
    if (there)
        open_back(sheet->page, &address);
    else
        open_difference(sheet->page, &address);
    sheet_link(sheet, NULL, &address);
    html_data(&sheet->html, "key", slice_from("difference"));
    html_words(&sheet->html, there ? TR("Back to the page") : TR("The difference from now"));
    sheet_link_end(sheet);
}

/* "As of {T}, as known on {K}." A number of records is known by its number. */
static void put_asked(struct sheet *sheet, struct slice as_of, const char *known)
{
    uint64_t count;
    OWN(buffer_clear) struct buffer records = {0};
    if (known == NULL) {
        SAY(sheet, TR("As of {0}, as known now."), hole(HOLE_TIME, as_of));
        return;
    }
    bool counted = value_number(&count, slice_from(known));
    if (counted) words_count(&records, NOUN_RECORD, count);
    const struct hole what = counted ? hole(HOLE_WORDS, buffer_slice(&records)) : hole(HOLE_TIME, slice_from(known));
    if (as_of.size == 0)
        SAY(sheet, counted ? TR("Known: {0}.") : TR("As known on {0}."), what);
    else
        SAY(sheet, counted ? TR("As of {0}. Known: {1}.") : TR("As of {0}, as known on {1}."), hole(HOLE_TIME, as_of),
            what);
}

/* … "Later records not shown: {n}. [Show now]" */
static void put_banner(struct sheet *sheet)
{
    const struct page *page = sheet->page;
    struct slice as_of = json_find_string(sheet->answer, "as_of");
    int64_t later = json_find_integer(sheet->answer, "later", 0);
    char number[24];
    if (page->as_of == NULL && page->known == NULL) return;
    if (as_of.size == 0 && page->as_of != NULL) as_of = slice_from(page->as_of);
    sheet_begin(sheet, TAG_P, "as-known");
    html_set(&sheet->html, ATTR_ROLE, "note");
    put_asked(sheet, as_of, page->known);
    html_words(&sheet->html, " ");
    if (sheet->known_only && page->known != NULL) {
        html_words(&sheet->html, TR("Records that were received later are not shown here."));
    } else if (sheet->answer == NULL) {
        html_words(&sheet->html, TR("This page shows what the register holds now."));
    } else if (later > 0) {
        snprintf(number, sizeof number, "%" PRId64, later);
        SAY(sheet, TR("Later records not shown: {0}."), hole(HOLE_NUMBER, slice_from(number)));
    }
    html_words(&sheet->html, " ");
    put_now_link(sheet);
    if (page->records != NULL) {
        html_words(&sheet->html, " · ");
        put_difference_link(sheet);
    }
    html_end(&sheet->html, TAG_P);
}

/* ---- what scripts find on every page */

static void put_number_data(struct html *html, const char *name, int64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, number);
    html_data(html, name, slice_from(digits));
}

/* data-live: the page is of what is known; "now" where it is of this moment, so that its clocks count. */
static void put_body(struct sheet *sheet)
{
    const struct page *page = sheet->page;
    struct html *html = &sheet->html;
    html_begin(html, TAG_BODY);
    if (page->register_name == NULL) return;
    html_data(html, "register", slice_from(page->register_name));
    put_number_data(html, "size", (int64_t)page->size);
    if (page->print != NULL) html_set(html, ATTR_CLASS, "paper");
    if (page->known == NULL && page->print == NULL)
        html_data(html, "live", slice_from(page->as_of == NULL ? "now" : "known"));
    if (page->own) html_data(html, "own", slice_from("yes"));
}

/* The keys, shown by "?" where scripts run. */
static const struct {
    const char *key, *what;
} keys[] = {
    {"/", N_("search")},
    {"j", N_("the next of a list")},
    {"k", N_("the one before")},
    {"o", N_("opens the one that is chosen, as Enter does")},
    {"d", N_("the difference from now")},
    {"?", N_("these keys")},
};

static void put_keys(struct sheet *sheet)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_DIALOG);
    html_set(html, ATTR_ID, "keys");
    html_set(html, ATTR_ARIA_LABELLEDBY, "keys-title");
    html_begin(html, TAG_H2);
    html_set(html, ATTR_ID, "keys-title");
    html_words(html, TR("Keys"));
    html_end(html, TAG_H2);
    html_words_in(html, TAG_P, "quiet", TR("By their place on the keyboard, in whatever layout."));
    sheet_begin(sheet, TAG_DL, "fields");
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        html_begin(html, TAG_DT);
        html_begin(html, TAG_KBD);
        html_set(html, ATTR_DIR, "ltr");
        html_words(html, keys[i].key);
        html_end(html, TAG_KBD);
        html_end(html, TAG_DT);
        html_words_in(html, TAG_DD, NULL, truce_word(keys[i].what));
    }
    html_end(html, TAG_DL);
    html_begin(html, TAG_FORM);
    html_set(html, ATTR_METHOD, "dialog");
    sheet_begin(sheet, TAG_LABEL, "choice");
    html_begin(html, TAG_INPUT);
    html_set(html, ATTR_TYPE, "checkbox");
    html_words_in(html, TAG_SPAN, NULL, TR("Keys are used"));
    html_end(html, TAG_LABEL);
    sheet_submit(sheet, TR("Close"));
    html_end(html, TAG_FORM);
    html_end(html, TAG_DIALOG);
}

static void put_words(struct sheet *sheet)
{
    sheet_words_begin(sheet);
    sheet_word(sheet, "news", TR("New records: {0}"));
    sheet_word(sheet, "cut-off", TR("The server is not heard; this page may be behind."));
    sheet_signing_words(sheet);
    sheet_words_end(sheet);
}

static void put_news(struct sheet *sheet)
{
    sheet_begin(sheet, TAG_P, "news");
    html_set(&sheet->html, ATTR_ID, "news");
    html_set(&sheet->html, ATTR_ROLE, "status");
    html_end(&sheet->html, TAG_P);
}

/* ---- open */

static void put_header(struct sheet *sheet, enum place here)
{
    struct html *html = &sheet->html;
    OWN(address_clear) struct address main_part;
    address_open(&main_part, "");
    address_place(&main_part, "main", (struct slice){NULL, 0});
    sheet_begin(sheet, TAG_A, "skip");
    html_address(html, ATTR_HREF, &main_part);
    html_words(html, TR("Go to the content"));
    html_end(html, TAG_A);
    html_begin(html, TAG_HEADER);
    if (sheet->page->exercise) {
        sheet_begin(sheet, TAG_P, "exercise");
        html_set(html, ATTR_ROLE, "note");
        html_words(html, TR("Exercise data"));
        html_end(html, TAG_P);
    }
    if (sheet->page->print != NULL) {
        put_print_ways(sheet);
        put_banner(sheet);
        html_end(html, TAG_HEADER);
        return;
    }
    sheet_begin(sheet, TAG_DIV, "top");
    put_navigation(sheet, here);
    if (sheet->page->records != NULL)
        put_print_link(sheet, "language", language_code(words_language_now()), TR("Print"));
    put_language(sheet);
    html_end(html, TAG_DIV);
    if (sheet->page->records != NULL) {
        put_banner(sheet);
        sheet_begin(sheet, TAG_DIV, "choices");
        put_moment_form(sheet);
        put_manner_form(sheet);
        html_end(html, TAG_DIV);
        put_news(sheet);
        sheet_signing(sheet);
    }
    html_end(html, TAG_HEADER);
}

void sheet_open(struct sheet *sheet, struct buffer *out, enum place place, struct slice title)
{
    struct html *html = &sheet->html;
    html_open(html, out);
    html_begin(html, TAG_HTML);
    html_set(html, ATTR_LANG, language_code(words_language_now()));
    html_set(html, ATTR_DIR, words_arabic() ? "rtl" : "ltr");
    put_head(sheet, title);
    put_body(sheet);
    mark_all(html);
    put_header(sheet, place);
    html_begin(html, TAG_MAIN);
    html_set(html, ATTR_ID, "main");
    html_set(html, ATTR_TABINDEX, "-1");
}

/* ---- close: what to cite */

/* Until when things were known, where that was asked for. */
static void put_cited_known(struct sheet *sheet)
{
    const char *known = sheet->page->known;
    uint64_t count;
    if (known == NULL || value_number(&count, slice_from(known))) return;
    html_words(&sheet->html, " ");
    SAY(sheet, TR("As known on {0}."), hole(HOLE_STAMP, slice_from(known)));
}

/* Where the same is found again: the address, without what only says how it is shown. */
static void put_cited_address(struct sheet *sheet)
{
    static const char *const without[] = {"lang", "print", "digits", "calendar", "back", NULL};
    OWN(address_clear) struct address address;
    if (sheet->page->records == NULL) return;
    address_again(&address, sheet->page->address, sheet->page->query, without);
    html_words(&sheet->html, " ");
    SAY(sheet, TR("Address: {0}."), hole(HOLE_CODE, buffer_slice(&address.text)));
}

static void put_citation(struct sheet *sheet)
{
    const struct page *page = sheet->page;
    const struct json *answer = sheet->answer;
    struct slice root = json_find_string(answer, "root"), as_of = json_find_string(answer, "as_of");
    char size[24];
    if (page->register_name == NULL) return;
    if (root.size == 0 && page->root != NULL) root = slice_from(page->root);
    snprintf(size, sizeof size, "%" PRIu64, (uint64_t)json_find_integer(answer, "known", (int64_t)page->size));
    sheet_begin(sheet, TAG_P, "citation");
    SAY(sheet, TR("Register: {0}. Records: {1}."), hole(HOLE_CODE, slice_from(page->register_name)),
        hole(HOLE_NUMBER, slice_from(size)));
    html_words(&sheet->html, " ");
    if (root.size > 0) SAY(sheet, TR("Root: {0}."), hole(HOLE_CODE, root));
    html_words(&sheet->html, " ");
    if (as_of.size > 0) SAY(sheet, TR("As of: {0}."), hole(HOLE_STAMP, as_of));
    put_cited_known(sheet);
    put_cited_address(sheet);
    OWN(address_clear) struct address heads;
    address_open(&heads, "/integrity");
    html_words(&sheet->html, " ");
    sheet_link(sheet, "onward", &heads);
    html_words(&sheet->html, TR("Who stands behind the log"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

enum status sheet_close(struct sheet *sheet, struct error *error)
{
    struct html *html = &sheet->html;
    html_end(html, TAG_MAIN);
    html_begin(html, TAG_FOOTER);
    html_words_in(html, TAG_P, NULL,
                  TR("This register keeps what each party has signed and computes what the agreement's own rules say "
                     "about it. It decides nothing; a result here is not a judgment."));
    put_citation(sheet);
    html_end(html, TAG_FOOTER);
    put_keys(sheet);
    sheet_unlock(sheet);
    put_words(sheet);
    html_end(html, TAG_BODY);
    html_end(html, TAG_HTML);
    return html_finish(html, error);
}
