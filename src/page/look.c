/* Who sees what of a record, before it is signed; and, where it is signed elsewhere, the text and the line that signs
 * it.
 */
#include "page/filing.h"

#include "page/asset.h"

#include <stdio.h>

static const char *const own_choices[] = {"~step", "~wide", "unsealed", NULL};

/* ---- who sees what */

static bool is_exact(const struct json *where)
{
    static const char *const ways[] = {"point", "line", "polygon", "bearing"};
    for (size_t i = 0; i < COUNT_OF(ways); i++)
        if (json_find(where, ways[i]) != NULL) return true;
    return false;
}

bool page_look_is_wide(const struct json *view)
{
    const struct json *everyone = json_find(view, "everyone"), *warnings = json_find(view, "warnings"),
                      *event = json_find(everyone, "event");
    return is_exact(json_find(everyone, "where")) || is_exact(json_find(event, "where")) ||
           json_find(everyone, "observer") != NULL || (warnings != NULL && warnings->first != NULL);
}

static void put_warnings(struct form *form, const struct json *warnings)
{
    struct html *html = &form->sheet.html;
    if (warnings == NULL || warnings->first == NULL) return;
    sheet_begin(&form->sheet, TAG_UL, "warnings");
    for (const struct json *w = warnings->first; w != NULL; w = w->next) {
        html_begin(html, TAG_LI);
        html_message(html, json_find_string(w, "message"));
        html_words(html, " ");
        sheet_hole(&form->sheet, hole(HOLE_CODE, json_find_string(w, "pointer")));
        html_end(html, TAG_LI);
    }
    html_end(html, TAG_UL);
}

static void put_sees(struct form *form, const struct json *sees)
{
    struct html *html = &form->sheet.html;
    sheet_begin(&form->sheet, TAG_DL, "fields");
    for (const struct json *s = sees == NULL ? NULL : sees->first; s != NULL; s = s->next) {
        html_begin(html, TAG_DT);
        sheet_hole(&form->sheet, hole(HOLE_CODE, json_find_string(s, "pointer")));
        html_words(html, " ");
        sheet_hole(&form->sheet, hole(HOLE_CODE, json_find_string(s, "level")));
        html_end(html, TAG_DT);
        html_begin(html, TAG_DD);
        sheet_value(&form->sheet, json_find_string(s, "pointer"), json_find(s, "value"));
        html_end(html, TAG_DD);
    }
    html_end(html, TAG_DL);
}

static void put_box(struct form *form, const char *name, const char *value, bool checked, bool needed)
{
    struct html *html = &form->sheet.html;
    html_begin(html, TAG_INPUT);
    html_set(html, ATTR_TYPE, "checkbox");
    html_set(html, ATTR_NAME, name);
    html_set(html, ATTR_VALUE, value);
    if (checked) html_flag(html, ATTR_CHECKED);
    if (needed) html_flag(html, ATTR_REQUIRED);
}

/* Each sealed field can be left in the clear, which is then confirmed like all that is. */
static void put_unsealing(struct form *form, const struct json *sealed)
{
    struct html *html = &form->sheet.html;
    const struct filing *filing = form->what->filing;
    for (const struct json *s = sealed == NULL ? NULL : sealed->first; s != NULL; s = s->next) {
        char pointer[128];
        snprintf(pointer, sizeof pointer, "%.*s", SLICE(json_find_string(s, "pointer")));
        if (filing_has(filing, "seal", pointer)) continue; /* chosen in this form, and there to be taken back */
        sheet_begin(&form->sheet, TAG_LABEL, "choice");
        put_box(form, "unsealed", pointer, false, false);
        html_begin(html, TAG_SPAN);
        SAY(&form->sheet, TR("Leave {0} in the clear, for everybody and for good"),
            hole(HOLE_CODE, slice_from(pointer)));
        html_end(html, TAG_SPAN);
        html_end(html, TAG_LABEL);
    }
}

static void put_left_open(struct form *form)
{
    const struct filing *filing = form->what->filing;
    struct html *html = &form->sheet.html;
    for (size_t i = 0; i < filing->pairs; i++) {
        if (strcmp(filing->pair[i].name, "unsealed") != 0) continue;
        sheet_begin(&form->sheet, TAG_LABEL, "choice");
        put_box(form, "unsealed", filing->pair[i].value, true, false);
        html_begin(html, TAG_SPAN);
        SAY(&form->sheet, TR("Leave {0} in the clear, for everybody and for good"),
            hole(HOLE_CODE, slice_from(filing->pair[i].value)));
        html_end(html, TAG_SPAN);
        html_end(html, TAG_LABEL);
    }
}

static void put_confirmation(struct form *form)
{
    struct html *html = &form->sheet.html;
    if (!page_look_is_wide(form->what->view)) return;
    sheet_begin(&form->sheet, TAG_LABEL, "choice confirm");
    put_box(form, "~wide", "yes", filing_has(form->what->filing, "~wide", "yes"), true);
    html_words_in(html, TAG_SPAN, NULL,
                  TR("Every reader of the register may see this place or person, for good. It cannot be taken back."));
    html_end(html, TAG_LABEL);
}

static void put_others(struct form *form, const struct json *readers)
{
    for (const struct json *r = readers == NULL ? NULL : readers->first; r != NULL; r = r->next) {
        html_begin(&form->sheet.html, TAG_H3);
        SAY(&form->sheet, TR("Besides, {0} will see:"), hole(HOLE_PARTY, json_find_string(r, "reader")));
        html_end(&form->sheet.html, TAG_H3);
        put_sees(form, json_find(r, "sees"));
    }
}

void fill_view(struct form *form)
{
    static const char *const quiet[] = {"sealed", "written", NULL};
    const struct json *view = form->what->view, *everyone = json_find(view, "everyone");
    const struct json *where = json_find(everyone, "where");
    struct html *html = &form->sheet.html;
    sheet_begin(&form->sheet, TAG_DIV, "view");
    html_set(html, ATTR_ID, "view");
    sheet_heading(&form->sheet, TAG_H2, TR("Who sees what"));
    sheet_outline(&form->sheet, where != NULL ? where : json_find(json_find(everyone, "event"), "where"));
    sheet_heading(&form->sheet, TAG_H3, TR("Everybody will see:"));
    sheet_record_fields(&form->sheet, everyone, quiet);
    put_others(form, json_find(view, "readers"));
    put_unsealing(form, json_find(everyone, "sealed"));
    put_left_open(form);
    put_warnings(form, json_find(view, "warnings"));
    put_confirmation(form);
    html_end(html, TAG_DIV);
}

static void begin_form(struct form *form, const char *path, const char *part)
{
    struct html *html = &form->sheet.html;
    OWN(address_clear) struct address action;
    address_open(&action, path);
    if (part != NULL) address_part(&action, slice_from(part));
    html_begin(html, TAG_FORM);
    html_set(html, ATTR_METHOD, "post");
    html_address(html, ATTR_ACTION, &action);
}

/* Of the record about to be signed: "Report: who sees what". */
static void open_page(struct form *form, struct buffer *out, const char *message)
{
    OWN(buffer_clear) struct buffer title = {0};
    words_fill(&title, message, words_label(LABEL_KIND, form->what->kind), NULL);
    sheet_open(&form->sheet, out, PLACE_FILE, buffer_slice(&title));
    html_begin(&form->sheet.html, TAG_H1);
    html_message(&form->sheet.html, buffer_slice(&title));
    html_end(&form->sheet.html, TAG_H1);
}

enum status page_look(struct buffer *out, const struct page *page, const struct page_filing *filing,
                      struct error *error)
{
    struct form form;
    fill_open(&form, page, filing);
    open_page(&form, out, TR("{0}: before it is signed"));
    fill_fault(&form);
    begin_form(&form, "/file", filing->kind);
    fill_hidden(&form, own_choices);
    fill_view(&form);
    sheet_begin(&form.sheet, TAG_P, "buttons");
    fill_button(&form, "text", TR("Make the text to be signed"), "main");
    fill_button(&form, "look", TR("Show again who sees what"), NULL);
    html_end(&form.sheet.html, TAG_P);
    html_end(&form.sheet.html, TAG_FORM);
    begin_form(&form, "/file", filing->kind);
    fill_hidden(&form, own_choices);
    sheet_begin(&form.sheet, TAG_P, "buttons");
    fill_button(&form, "form", TR("Go on writing"), NULL);
    html_end(&form.sheet.html, TAG_P);
    html_end(&form.sheet.html, TAG_FORM);
    enum status status = sheet_close(&form.sheet, error);
    fill_close(&form);
    return status;
}

/* ---- the text to be signed */

static void put_code(struct form *form, struct slice code)
{
    html_begin(&form->sheet.html, TAG_PRE);
    html_set(&form->sheet.html, ATTR_DIR, "ltr");
    html_text(&form->sheet.html, code);
    html_end(&form->sheet.html, TAG_PRE);
}

/* One paste in a shell: the text is one line, and what stands between the marks is not looked at by the shell. */
static void put_command(struct form *form)
{
    OWN(buffer_clear) struct buffer line = {0};
    buffer_print(&line, "truce sign --key %s.key <<'TRUCE'\n", form->what->filing->by);
    buffer_put(&line, form->what->text);
    buffer_put_string(&line, "TRUCE\n");
    html_words_in(&form->sheet.html, TAG_P, NULL,
                  TR("Where the key is, this signs the text; the name of the key's file may be another:"));
    put_code(form, buffer_slice(&line));
    html_words_in(&form->sheet.html, TAG_P, NULL, TR("Or the text is kept in a file and signed from there:"));
    OWN(buffer_clear) struct buffer file = {0};
    buffer_print(&file, "truce sign --key %s.key %s.json\n", form->what->filing->by, form->what->kind);
    put_code(form, buffer_slice(&file));
}

enum status page_sign(struct buffer *out, const struct page *page, const struct page_filing *filing,
                      struct error *error)
{
    struct form form;
    fill_open(&form, page, filing);
    open_page(&form, out, TR("{0}: to be signed"));
    html_words_in(
        &form.sheet.html, TAG_P, NULL,
        TR("Nothing is signed yet. This is the text, to the last byte. If another record of its author comes first, "
           "the text must be made again."));
    put_code(&form, filing->text);
    put_command(&form);
    sheet_take_notes(&form.sheet, page->own ? "/outbox" : "/records");
    enum status status = sheet_close(&form.sheet, error);
    fill_close(&form);
    return status;
}
