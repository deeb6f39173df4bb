/* One record, field by field: labels for people, values as they were signed; then what proves it. */
#include "page/sheet.h"

#include "base/degrees.h"
#include <inttypes.h>
#include <stdio.h>

enum { FIELDS_DEPTH_MOST = 8, ID_SIZE = 64 };

/* Members that are told first, and those that are only for programs. */
static const char *const first[] = {"by", "written", "received", "index", "id"};
static const char *const never[] = {"kind", "v", "register", "key", "seq", "prev", "void"};

static bool among(const char *const *names, size_t count, struct slice key)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(key, names[i])) return true;
    return false;
}

/* ---- values */

static bool is_text(const struct json *value)
{
    return value->type == JSON_OBJECT && (json_find(value, "ar") != NULL || json_find(value, "en") != NULL);
}

static bool is_point(const struct json *value)
{
    return json_find(value, "lat_e7") != NULL && json_find(value, "lon_e7") != NULL;
}

static bool is_plain(const struct json *value)
{
    return (value->type != JSON_OBJECT && value->type != JSON_ARRAY) || is_point(value);
}

static bool is_hex_id(struct slice text)
{
    if (text.size != ID_SIZE) return false;
    for (size_t i = 0; i < text.size; i++)
        if (memchr("0123456789abcdef", text.data[i], 16) == NULL) return false;
    return true;
}

/* Both languages: the signed original first, then the other with whose translation it is. */
static void put_text(struct sheet *sheet, const struct json *text)
{
    struct html *html = &sheet->html;
    struct slice original = json_find_string(text, "original");
    for (int pass = 0; pass < 2; pass++)
        for (const struct json *words = text->first; words != NULL; words = words->next) {
            bool is_original = slice_equal(words->key, original);
            if (words->type != JSON_STRING || slice_is(words->key, "original") || is_original != (pass == 0)) continue;
            sheet_begin(sheet, TAG_P, is_original ? "original" : "translation");
            html_set(html, ATTR_DIR, "auto");
            html_set_slice(html, ATTR_LANG, words->key);
            html_text(html, words->string);
            html_end(html, TAG_P);
            struct slice by = json_find_string(json_find(text, "translated_by"), "en");
            by = json_find(text, "translated_by") == NULL ? by : by;
            sheet_begin(sheet, TAG_P, "translator");
            if (is_original)
                html_words(html, TR("Original"));
            else
                html_words(html, TR("(unofficial translation)"));
            html_end(html, TAG_P);
        }
}

static void put_point(struct sheet *sheet, const struct json *point)
{
    char lat[DEGREES_TEXT_SIZE], lon[DEGREES_TEXT_SIZE], both[2 * DEGREES_TEXT_SIZE + 4];
    degrees_format((int32_t)json_find_integer(point, "lat_e7", 0), lat);
    degrees_format((int32_t)json_find_integer(point, "lon_e7", 0), lon);
    snprintf(both, sizeof both, "%s, %s", lat, lon);
    sheet_hole(sheet, hole(HOLE_CODE, slice_from(both)));
}

static void put_plain(struct sheet *sheet, const struct json *value)
{
    char number[24];
    if (is_point(value)) {
        put_point(sheet, value);
    } else if (value->type == JSON_INTEGER) {
        snprintf(number, sizeof number, "%" PRId64, value->integer);
        sheet_hole(sheet, hole(HOLE_CODE, slice_from(number)));
    } else if (value->type != JSON_STRING) {
        html_words(&sheet->html, value->type == JSON_TRUE ? TR("yes") : TR("no"));
    } else if (is_hex_id(value->string) && records_get(sheet->page->records, value->string) != NULL) {
        sheet_record(sheet, value->string, (struct slice){NULL, 0});
    } else {
        sheet_hole(sheet, hole(HOLE_TEXT, value->string));
    }
}

static void put_value(struct sheet *sheet, const struct json *value, unsigned depth);

static void put_members(struct sheet *sheet, const struct json *object, unsigned depth)
{
    char label[80];
    sheet_begin(sheet, TAG_DL, "fields");
    for (const struct json *member = object->first; member != NULL; member = member->next) {
        sheet_field(sheet, tell_label(LABEL_FIELD, member->key, label, sizeof label));
        put_value(sheet, member, depth + 1);
        sheet_field_end(sheet);
    }
    html_end(&sheet->html, TAG_DL);
}

static void put_value(struct sheet *sheet, const struct json *value, unsigned depth)
{
    struct html *html = &sheet->html;
    if (is_plain(value)) {
        put_plain(sheet, value);
    } else if (depth >= FIELDS_DEPTH_MOST) { /* deeper than a page can show: as it was signed */
        sheet_hole(sheet, hole(HOLE_CODE, value->source));
    } else if (is_text(value)) {
        put_text(sheet, value);
    } else if (value->type == JSON_OBJECT) {
        put_members(sheet, value, depth);
    } else {
        sheet_begin(sheet, TAG_UL, "values");
        for (const struct json *item = value->first; item != NULL; item = item->next) {
            html_begin(html, TAG_LI);
            put_value(sheet, item, depth + 1);
            html_end(html, TAG_LI);
        }
        html_end(html, TAG_UL);
    }
}

static void put_field(struct sheet *sheet, const struct json *member)
{
    char label[80];
    sheet_field(sheet, tell_label(LABEL_FIELD, member->key, label, sizeof label));
    if (slice_is(member->key, "by"))
        sheet_parties(sheet, member);
    else
        put_value(sheet, member, 0);
    sheet_field_end(sheet);
}

static void put_fields(struct sheet *sheet, const struct json *record)
{
    sheet_begin(sheet, TAG_DL, "fields");
    for (size_t i = 0; i < COUNT_OF(first); i++)
        if (json_find(record, first[i]) != NULL) put_field(sheet, json_find(record, first[i]));
    for (const struct json *member = record->first; member != NULL; member = member->next)
        if (!among(first, COUNT_OF(first), member->key) && !among(never, COUNT_OF(never), member->key))
            put_field(sheet, member);
    html_end(&sheet->html, TAG_DL);
}

/* ---- proof */

static void put_part_link(struct sheet *sheet, struct slice id, const char *part, const char *words)
{
    OWN(address_clear) struct address address;
    record_address(&address, id);
    address_part(&address, slice_from(part));
    html_begin(&sheet->html, TAG_P);
    html_begin(&sheet->html, TAG_A);
    html_address(&sheet->html, ATTR_HREF, &address);
    html_words(&sheet->html, words);
    html_end(&sheet->html, TAG_A);
    html_end(&sheet->html, TAG_P);
}

static void put_pre(struct sheet *sheet, struct slice text)
{
    html_begin(&sheet->html, TAG_PRE);
    html_set(&sheet->html, ATTR_DIR, "ltr");
    html_text(&sheet->html, text);
    html_end(&sheet->html, TAG_PRE);
}

static void put_proof(struct sheet *sheet, struct slice id, struct slice note, struct slice proof)
{
    sheet_heading(sheet, TAG_H2, TR("Proof"));
    sheet_heading(sheet, TAG_H3, TR("The note as it was signed"));
    put_pre(sheet, note);
    put_part_link(sheet, id, "note", TR("The note, byte for byte"));
    if (proof.data == NULL) {
        html_words_in(&sheet->html, TAG_P, NULL, TR("No signed head covers this record yet."));
        return;
    }
    sheet_heading(sheet, TAG_H3, TR("The proof that it is in the log"));
    put_pre(sheet, proof);
    put_part_link(sheet, id, "proof", TR("The proof, byte for byte"));
}

enum status page_record(struct buffer *out, const struct page *page, const struct json *record, struct slice note,
                        struct slice proof, struct error *error)
{
    static const char *const protective[] = {"notice", "site", "passage"};
    struct sheet sheet;
    struct slice kind = json_find_string(record, "kind"), id = json_find_string(record, "id");
    char label[80];
    const char *title = tell_label(LABEL_KIND, kind, label, sizeof label);
    sheet_open(&sheet, out, page, NULL, PLACE_RECORDS, slice_from(title));
    html_begin(&sheet.html, TAG_H1);
    sheet_label(&sheet, LABEL_KIND, kind);
    html_words(&sheet.html, " ");
    sheet_hole(&sheet, hole(HOLE_CODE, slice_part(id, 0, 8)));
    html_end(&sheet.html, TAG_H1);
    if (json_find_bool(record, "void"))
        html_words_in(&sheet.html, TAG_P, "fault", TR("void: not admissible at its place"));
    put_fields(&sheet, record);
    if (among(protective, COUNT_OF(protective), kind))
        html_words_in(&sheet.html, TAG_P, "protective",
                      TR("This does not make a place or journey safe. The law protects it whether or not it is "
                         "listed here."));
    put_proof(&sheet, id, note, proof);
    return sheet_close(&sheet, error);
}
