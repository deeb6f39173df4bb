/* Confirming the receipt of a notice: what its sender wants read back is typed by whoever confirms, who does not see it
 * here; it is compared, and only what agrees can be signed. Receipt is neither agreement nor admission. */
#include "page/asset.h"
#include "page/sheet.h"

#include "base/time.h"
#include <inttypes.h>
#include <stdio.h>

static const char *typed_at(const struct page_confirm *confirm, const char *pointer)
{
    const char *value = confirm->typed == NULL ? NULL : confirm->typed(confirm->context, pointer);
    return value == NULL ? "" : value;
}

/* ---- what a leaf is called: the label of its last member, and which of several */

static struct slice last_step(struct slice pointer)
{
    size_t at = pointer.size;
    while (at > 0 && pointer.data[at - 1] != '/') at--;
    return slice_part(pointer, at, pointer.size);
}

static bool is_number(struct slice step)
{
    for (size_t i = 0; i < step.size; i++)
        if (step.data[i] < '0' || step.data[i] > '9') return false;
    return step.size > 0;
}

/* A beginning or an end is that of something. */
static void put_label(struct sheet *sheet, struct slice pointer, struct slice step)
{
    struct slice parent = last_step(slice_part(pointer, 0, pointer.size - step.size - 1));
    if ((slice_is(step, "from") || slice_is(step, "to")) && parent.size > 0) {
        sheet_label(sheet, LABEL_FIELD, parent);
        html_words(&sheet->html, TR(", "));
    }
    sheet_label(sheet, LABEL_FIELD, step);
}

/* "event/counts/0/n" is called by "n"; a step that is a number says which one, from 1. */
static void put_name(struct sheet *sheet, const struct json *field)
{
    struct slice pointer = json_find_string(field, "pointer"), about = json_find_string(field, "about");
    struct slice step = last_step(pointer);
    while (is_number(step) && step.size < pointer.size) {
        pointer = slice_part(pointer, 0, pointer.size - step.size - 1);
        step = last_step(pointer);
    }
    if (slice_is(step, "lat_e7"))
        html_words(&sheet->html, TR("Latitude, in degrees"));
    else if (slice_is(step, "lon_e7"))
        html_words(&sheet->html, TR("Longitude, in degrees"));
    else
        put_label(sheet, pointer, step);
    if (about.size == 0) return;
    html_words(&sheet->html, ": ");
    const char *word = tell_word(slice_from("kind"), about);
    sheet_hole(sheet, word != NULL ? hole_words(word) : hole(HOLE_TEXT, about));
}

static const struct json *items(const struct json *list)
{
    return list != NULL && list->type == JSON_ARRAY ? list->first : NULL;
}

static const struct json *field_of(const struct json *answer, struct slice pointer)
{
    const struct json *field = items(json_find(answer, "fields"));
    while (field != NULL && !slice_equal(json_find_string(field, "pointer"), pointer)) field = field->next;
    return field;
}

/* ---- what differs */

/* "Latitude: sent 36.2510, read back 36.1510, about 11 km apart." */
static void put_difference(struct sheet *sheet, const struct json *answer, const struct json *differs)
{
    struct slice pointer = json_find_string(differs, "pointer"), typed = json_find_string(differs, "typed");
    int64_t apart = json_find_integer(differs, "apart_m", -1);
    const struct json *field = field_of(answer, pointer);
    char number[24];
    html_begin(&sheet->html, TAG_LI);
    if (field != NULL) put_name(sheet, field);
    html_words(&sheet->html, ": ");
    if (typed.size == 0) {
        html_words(&sheet->html, TR("nothing was typed"));
    } else {
        SAY(sheet, TR("sent {0}, read back {1}"), hole(HOLE_CODE, json_find_string(differs, "sent")),
            hole(HOLE_CODE, typed));
        if (apart >= 0) {
            snprintf(number, sizeof number, "%" PRId64, apart < 1000 ? apart : (apart + 500) / 1000);
            html_words(&sheet->html, TR(", "));
            SAY(sheet, apart < 1000 ? TR("about {0} m apart") : TR("about {0} km apart"),
                hole(HOLE_NUMBER, slice_from(number)));
        }
    }
    html_end(&sheet->html, TAG_LI);
}

static void put_differences(struct sheet *sheet, const struct json *answer)
{
    const struct json *differs = items(json_find(answer, "differs"));
    if (differs == NULL) return;
    sheet_begin(sheet, TAG_DIV, "fault");
    html_set(&sheet->html, ATTR_ROLE, "alert");
    html_words_in(&sheet->html, TAG_P, NULL,
                  TR("What was read back differs from what was sent. Nothing was signed; what was typed is kept."));
    html_begin(&sheet->html, TAG_UL);
    for (; differs != NULL; differs = differs->next) put_difference(sheet, answer, differs);
    html_end(&sheet->html, TAG_UL);
    html_end(&sheet->html, TAG_DIV);
}

/* ---- the form */

static void put_hint(struct sheet *sheet, struct slice type)
{
    sheet_begin(sheet, TAG_SPAN, "hint");
    if (slice_is(type, "degrees"))
        SAY(sheet, TR("decimal, as {0}; south and west with a minus"), hole(HOLE_CODE, slice_from("36.2021")));
    else if (slice_is(type, "time"))
        SAY(sheet, TR("in UTC, as {0}"), hole(HOLE_CODE, slice_from("2016-09-13 16:00")));
    else
        html_words(&sheet->html, slice_is(type, "integer") ? TR("in digits") : TR("word for word"));
    html_end(&sheet->html, TAG_SPAN);
}

static void put_input(struct sheet *sheet, const struct page_confirm *confirm, const struct json *field, unsigned n)
{
    struct html *html = &sheet->html;
    char pointer[256], id[24];
    struct slice type = json_find_string(field, "type");
    snprintf(pointer, sizeof pointer, "%.*s", SLICE(json_find_string(field, "pointer")));
    snprintf(id, sizeof id, "back-%u", n);
    sheet_begin(sheet, TAG_LABEL, "field");
    sheet_begin(sheet, TAG_SPAN, "label");
    put_name(sheet, field);
    html_end(html, TAG_SPAN);
    html_begin(html, TAG_INPUT);
    html_set(html, ATTR_ID, id);
    html_set(html, ATTR_NAME, pointer);
    html_set(html, ATTR_TYPE, "text");
    html_set(html, ATTR_DIR, slice_is(type, "words") ? "auto" : "ltr");
    html_set(html, ATTR_AUTOCOMPLETE, "off");
    html_set(html, ATTR_SPELLCHECK, "false");
    html_set(html, ATTR_VALUE, typed_at(confirm, pointer));
    put_hint(sheet, type);
    html_end(html, TAG_LABEL);
}

static void put_form(struct sheet *sheet, const struct page_confirm *confirm)
{
    struct html *html = &sheet->html;
    unsigned n = 0;
    OWN(address_clear) struct address here;
    static const char *const nothing[] = {NULL};
    address_again(&here, sheet->page->address, "", nothing);
    html_begin(html, TAG_FORM);
    html_set(html, ATTR_METHOD, "post");
    html_address(html, ATTR_ACTION, &here);
    const struct json *field = items(json_find(confirm->answer, "fields"));
    if (field != NULL) sheet_heading(sheet, TAG_H2, TR("Read back"));
    for (; field != NULL; field = field->next) put_input(sheet, confirm, field, n++);
    sheet_submit(sheet, n > 0 ? TR("Compare") : TR("Go on"));
    html_end(html, TAG_FORM);
}

/* ---- signing what agrees */

static void put_object(struct sheet *sheet, const struct json *object)
{
    html_begin(&sheet->html, TAG_PRE);
    html_set(&sheet->html, ATTR_DIR, "ltr");
    html_text(&sheet->html, object->source);
    html_end(&sheet->html, TAG_PRE);
}

/* On another machine, or without scripts. */
static void put_by_hand(struct sheet *sheet, const struct json *object)
{
    struct html *html = &sheet->html;
    html_words_in(html, TAG_P, NULL,
                  TR("Without a key in this page it is signed where the key is: this text goes into a file,"));
    put_object(sheet, object);
    html_words_in(html, TAG_P, NULL, TR("and this signs it and hands it in:"));
    html_begin(html, TAG_PRE);
    html_set(html, ATTR_DIR, "ltr");
    html_words(html, "truce write acknowledgement --from FILE --key FILE --submit");
    html_end(html, TAG_PRE);
}

static void put_signing(struct sheet *sheet, const struct json *object)
{
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_DIV, "agrees");
    html_set(html, ATTR_ROLE, "status");
    html_words_in(html, TAG_P, NULL, TR("What was read back is what was sent."));
    html_end(html, TAG_DIV);
    html_begin(html, TAG_P);
    html_begin(html, TAG_BUTTON);
    html_set(html, ATTR_TYPE, "button");
    html_set(html, ATTR_ID, "confirm");
    html_data(html, "object", object->source);
    html_flag(html, ATTR_HIDDEN); /* until there is a script that signs */
    html_words(html, TR("Confirm receipt (not agreement, not admission)"));
    html_end(html, TAG_BUTTON);
    html_end(html, TAG_P);
    sheet_begin(sheet, TAG_P, "fault");
    html_set(html, ATTR_ID, "confirm-fault");
    html_set(html, ATTR_ROLE, "alert");
    html_flag(html, ATTR_HIDDEN);
    html_end(html, TAG_P);
    sheet_begin(sheet, TAG_DIV, NULL);
    html_set(html, ATTR_ID, "by-hand");
    put_by_hand(sheet, object);
    html_end(html, TAG_DIV);
}

/* ---- the page */

/* Who asks whom and until when: nothing of what is to be read back. */
static void put_about(struct sheet *sheet, const struct json *notice)
{
    struct slice channel = json_find_string(notice, "channel");
    const struct json *agreement = records_get(sheet->page->records, json_find_string(notice, "agreement"));
    const struct notice_told told = {.from = json_find_string(notice, "by"),
                                     .given = json_find_string(notice, "at"),
                                     .due = json_find_string(notice, "acknowledge_by"),
                                     .to = json_find(notice, "to"),
                                     .alternates = json_find(notice, "alternates")};
    sheet_begin(sheet, TAG_DL, "fields");
    sheet_notice_fields(sheet, &told);
    if (channel.size > 0) {
        sheet_field(sheet, words_label(LABEL_FIELD, "channel"));
        sheet_hole(sheet, hole(HOLE_TEXT, tell_channel(agreement, channel)));
        sheet_field_end(sheet);
    }
    html_end(&sheet->html, TAG_DL);
}

static void put_words(struct sheet *sheet)
{
    sheet_words_begin(sheet);
    sheet_word(sheet, "confirmed", TR("Receipt was confirmed: record no. {0}. Check phrase: {1}"));
    sheet_word(sheet, "confirm-key", TR("No key was unlocked. Nothing was signed."));
    sheet_words_end(sheet);
}

enum status page_confirm(struct buffer *out, const struct page *page, const struct page_confirm *confirm,
                         struct error *error)
{
    struct sheet sheet = {.page = page, .script = asset_confirm_js};
    const struct json *notice = confirm->notice, *object = json_find(confirm->answer, "object");
    struct slice id = json_find_string(notice, "id");
    OWN(address_clear) struct address address;
    sheet_open(&sheet, out, PLACE_TODAY, slice_from(TR("Confirm receipt")));
    html_begin(&sheet.html, TAG_H1);
    SAY(&sheet, TR("Confirm receipt of notice {0}"), hole(HOLE_CODE, slice_part(id, 0, 8)));
    html_end(&sheet.html, TAG_H1);
    sheet_begin(&sheet, TAG_P, "protective");
    html_data(&sheet.html, "hold",
              slice_from("")); /* the same address shows a form again: news do not take this away */
    html_words(
        &sheet.html,
        TR("This confirms receipt only. It is neither agreement nor admission. What is asked for is typed as it was "
           "received, without looking at the notice."));
    html_end(&sheet.html, TAG_P);
    put_about(&sheet, notice);
    put_differences(&sheet, confirm->answer);
    if (object != NULL)
        put_signing(&sheet, object);
    else
        put_form(&sheet, confirm);
    record_address(&address, id);
    html_begin(&sheet.html, TAG_P);
    sheet_link(&sheet, "quiet", &address);
    html_words(&sheet.html, TR("The notice itself (then it is read back by looking)"));
    sheet_link_end(&sheet);
    html_end(&sheet.html, TAG_P);
    put_words(&sheet);
    return sheet_close(&sheet, error);
}
