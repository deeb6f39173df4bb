/* Signing in the page, on one's own server alone: whose key is unlocked, and how one is unlocked. All of it waits for
 * scripts; without them, and elsewhere, records are signed by `truce sign`. */
#include "page/sheet.h"

/* Two taps begin a watch, and two end it, from wherever one is. */
static void put_watch(struct sheet *sheet, const char *watch, const char *words)
{
    OWN(address_clear) struct address address;
    address_open(&address, "/file/coverage");
    address_ask(&address, "watch", slice_from(watch));
    sheet_link(sheet, NULL, &address);
    html_data(&sheet->html, "watch", slice_from(watch));
    html_words(&sheet->html, words);
    html_end(&sheet->html, TAG_A);
}

void sheet_signing(struct sheet *sheet)
{
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_P, "watch");
    put_watch(sheet, "start", TR("Start watch"));
    put_watch(sheet, "end", TR("End watch"));
    html_end(html, TAG_P);
    if (!sheet->page->own) return;
    sheet_begin(sheet, TAG_P, "signing");
    html_set(html, ATTR_ID, "signing");
    html_flag(html, ATTR_HIDDEN);
    html_begin(html, TAG_SPAN);
    html_words(html, TR("Signing key unlocked:"));
    html_words(html, " ");
    html_begin(html, TAG_BDI);
    html_end(html, TAG_BDI);
    html_end(html, TAG_SPAN);
    html_begin(html, TAG_BUTTON);
    html_set(html, ATTR_TYPE, "button");
    html_data(html, "lock", slice_from("now"));
    html_words(html, TR("Lock now"));
    html_words(html, " ");
    html_begin(html, TAG_KBD);
    html_set(html, ATTR_DIR, "ltr");
    html_words(html, "Esc Esc");
    html_end(html, TAG_KBD);
    html_end(html, TAG_BUTTON);
    html_end(html, TAG_P);
}

static void put_input(struct sheet *sheet, const char *label, const char *type, const char *autocomplete)
{
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_LABEL, "field");
    html_words_in(html, TAG_SPAN, "label", label);
    html_begin(html, TAG_INPUT);
    html_set(html, ATTR_TYPE, type);
    html_set(html, ATTR_AUTOCOMPLETE, autocomplete);
    html_flag(html, ATTR_REQUIRED);
    html_end(html, TAG_LABEL);
}

static void put_fault(struct sheet *sheet)
{
    sheet_begin(sheet, TAG_P, "fault");
    html_set(&sheet->html, ATTR_ROLE, "alert");
    html_flag(&sheet->html, ATTR_HIDDEN);
    html_end(&sheet->html, TAG_P);
}

static void put_button(struct html *html, const char *words, bool leaves)
{
    html_begin(html, TAG_BUTTON);
    html_set(html, ATTR_TYPE, "submit");
    if (leaves) html_flag(html, ATTR_FORMNOVALIDATE);
    html_words(html, words);
    html_end(html, TAG_BUTTON);
}

/* Never sent: the script takes it in hand, and a form of a dialog goes nowhere by itself. */
static void put_form(struct sheet *sheet)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_FORM);
    html_set(html, ATTR_METHOD, "dialog");
    put_fault(sheet);
    put_input(sheet, TR("Key file for the browser"), "file", "off");
    put_input(sheet, TR("Passphrase"), "password", "current-password");
    sheet_begin(sheet, TAG_P, "buttons");
    put_button(html, TR("Unlock"), false);
    put_button(html, TR("Cancel"), true);
    html_end(html, TAG_P);
    html_end(html, TAG_FORM);
}

void sheet_signing_words(struct sheet *sheet)
{
    if (!sheet->page->own) return;
    sheet_word(sheet, "key-form", TR("This is not a key file for the browser; truce key export --browser makes one."));
    sheet_word(sheet, "key-passphrase", TR("The passphrase does not open this key, or the file was changed."));
    sheet_word(sheet, "server-silent", TR("The server does not answer. Nothing was sent; what was typed is kept."));
    sheet_word(sheet, "locked", TR("Locked"));
    sheet_word(sheet, "locked-open", TR("Open the pages again"));
}

void sheet_unlock(struct sheet *sheet)
{
    struct html *html = &sheet->html;
    if (!sheet->page->own || sheet->page->records == NULL) return;
    html_begin(html, TAG_DIALOG);
    html_set(html, ATTR_ID, "unlock");
    html_set(html, ATTR_ARIA_LABELLEDBY, "unlock-title");
    html_begin(html, TAG_H2);
    html_set(html, ATTR_ID, "unlock-title");
    html_words(html, TR("Unlock the signing key"));
    html_end(html, TAG_H2);
    html_words_in(html, TAG_P, "quiet",
                  TR("The key stays in this browser until it is locked; the server never sees it."));
    put_form(sheet);
    html_end(html, TAG_DIALOG);
}

void sheet_notes_field(struct sheet *sheet)
{
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_LABEL, "field");
    html_words_in(html, TAG_SPAN, "label", TR("What it printed"));
    html_begin(html, TAG_TEXTAREA);
    html_set(html, ATTR_NAME, "notes");
    html_set(html, ATTR_DIR, "ltr");
    html_set(html, ATTR_ROWS, "6");
    html_set(html, ATTR_AUTOCOMPLETE, "off");
    html_set(html, ATTR_SPELLCHECK, "false");
    html_flag(html, ATTR_REQUIRED);
    html_end(html, TAG_TEXTAREA);
    html_end(html, TAG_LABEL);
}

void sheet_take_notes(struct sheet *sheet, const char *path)
{
    struct html *html = &sheet->html;
    OWN(address_clear) struct address action;
    address_open(&action, path);
    html_begin(html, TAG_FORM);
    html_set(html, ATTR_METHOD, "post");
    html_address(html, ATTR_ACTION, &action);
    sheet_notes_field(sheet);
    sheet_submit(sheet, TR("Hand in"));
    html_end(html, TAG_FORM);
}
