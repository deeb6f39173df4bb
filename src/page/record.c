/* One record, field by field: labels for people, values as they were signed; then what proves it. */
#include "page/asset.h"
#include "page/check.h"
#include "page/told.h"

#include "base/degrees.h"
#include "base/time.h"
#include "tell/delivery.h"
#include "tell/typed.h"
#include <inttypes.h>
#include <stdio.h>

enum { FIELDS_DEPTH_MOST = 8, ITEMS_MOST = 200, ID_SIZE = 64 };

/* Members that are told first, those that are told last, and those that are only for programs (the note has them). */
static const char *const first[] = {"by", "to", "act", "at", "when", "where"};
static const char *const last[] = {"basis", "written", "received", "index", "id"};
static const char *const never[] = {"kind", "v", "register", "key", "seq", "prev", "void", "marks", "delivery"};
/* Members that name parties. */
static const char *const parties[] = {"by",   "to", "party", "actor",      "addressed",
                                      "from", "of", "whom",  "alternates", "target"};

static bool among(const char *const *names, size_t count, struct slice key)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(key, names[i])) return true;
    return false;
}

/* ---- texts */

static void put_language(struct sheet *sheet, const struct json *text, const struct json *words, bool original)
{
    struct html *html = &sheet->html;
    char language[16];
    snprintf(language, sizeof language, "%.*s", SLICE(words->key));
    sheet_begin(sheet, TAG_DIV, original ? "original" : "translation");
    if (original) SAY_P(sheet, "translator", TR("Original ({0})"), hole(HOLE_CODE, words->key));
    sheet_translator(sheet, text, language);
    sheet_begin(sheet, TAG_P, "words");
    html_set(html, ATTR_LANG, language);
    html_set(html, ATTR_DIR, "auto");
    html_text(html, words->string);
    html_end(html, TAG_P);
    html_end(html, TAG_DIV);
}

static bool is_language(const struct json *member)
{
    return member->type == JSON_STRING && !slice_is(member->key, "original");
}

/* Every language: the signed original first, then the others with whose translation each is. */
static void put_text(struct sheet *sheet, const struct json *text)
{
    struct slice original = json_find_string(text, "original");
    sheet_begin(sheet, TAG_DIV, "text");
    for (int others = 0; others < 2; others++)
        for (const struct json *words = text->first; words != NULL; words = words->next)
            if (is_language(words) && slice_equal(words->key, original) != others)
                put_language(sheet, text, words, others == 0);
    html_end(&sheet->html, TAG_DIV);
}

/* ---- plain values */

static bool is_text(const struct json *value)
{
    return value->type == JSON_OBJECT && json_find(value, "original") != NULL &&
           (json_find(value, "ar") != NULL || json_find(value, "en") != NULL);
}

static bool is_point(const struct json *value)
{
    return json_find(value, "lat_e7") != NULL && json_find(value, "lon_e7") != NULL;
}

static bool is_plain(const struct json *value)
{
    return (value->type != JSON_OBJECT && value->type != JSON_ARRAY) || is_point(value);
}

static bool is_id(struct slice text)
{
    if (text.size != ID_SIZE) return false;
    for (size_t i = 0; i < text.size; i++)
        if (memchr("0123456789abcdef", text.data[i], 16) == NULL) return false;
    return true;
}

/* Begins "YYYY-MM-DDT": a time, as whole records have them. */
static bool is_time(struct slice text)
{
    int64_t seconds;
    struct slice whole = text;
    char second[24];
    if (text.size == 24 && text.data[19] == '.') {
        snprintf(second, sizeof second, "%.19sZ", (const char *)text.data);
        whole = slice_from(second);
    }
    return whole.size == 20 && value_time(&seconds, whole, false);
}

static void put_point(struct sheet *sheet, const struct json *point)
{
    char lat[DEGREES_TEXT_SIZE], lon[DEGREES_TEXT_SIZE], both[2 * DEGREES_TEXT_SIZE + 4];
    degrees_format((int32_t)json_find_integer(point, "lat_e7", 0), lat);
    degrees_format((int32_t)json_find_integer(point, "lon_e7", 0), lon);
    snprintf(both, sizeof both, "%s, %s", lat, lon);
    sheet_hole(sheet, hole(HOLE_CODE, slice_from(both)));
}

/* The name that a party gives itself, and the id that was signed. */
static void put_party(struct sheet *sheet, struct slice party)
{
    struct slice name = tell_party(sheet->page->records, party);
    sheet_hole(sheet, hole(HOLE_TEXT, name));
    if (slice_equal(name, party)) return;
    html_words(&sheet->html, " ");
    sheet_begin(sheet, TAG_SPAN, "quiet");
    sheet_hole(sheet, hole(HOLE_CODE, party));
    html_end(&sheet->html, TAG_SPAN);
}

/* A word of a closed list by its label, a party by its own name, a record by a link; else as it was signed. */
static void put_string(struct sheet *sheet, struct slice field, struct slice string)
{
    const char *label = tell_word(field, string);
    if (label != NULL)
        html_words(&sheet->html, label);
    else if (slice_is(field, "channel"))
        sheet_hole(sheet, hole(HOLE_TEXT, tell_channel(sheet->agreement, string)));
    else if (slice_is(field, "term"))
        sheet_term(sheet, string);
    else if (slice_is(field, "source") && (slice_is(string, "D") || slice_is(string, "E")))
        told_source(sheet, string);
    else if (is_id(string) && !slice_is(field, "id") && records_get(sheet->page->records, string) != NULL)
        sheet_record(sheet, string, (struct slice){NULL, 0});
    else if (is_id(string))
        sheet_hole(sheet, hole(HOLE_CODE, string));
    else if (is_time(string))
        sheet_hole(sheet, hole(HOLE_TIME, string));
    else if (among(parties, COUNT_OF(parties), field))
        put_party(sheet, string);
    else
        sheet_hole(sheet, hole(HOLE_TEXT, string));
}

static void put_plain(struct sheet *sheet, struct slice field, const struct json *value)
{
    char number[24];
    if (is_point(value)) {
        put_point(sheet, value);
    } else if (value->type == JSON_STRING) {
        put_string(sheet, field, value->string);
    } else if (value->type == JSON_INTEGER) {
        snprintf(number, sizeof number, "%" PRId64, value->integer);
        const char *label = tell_word(field, slice_from(number));
        bool compared = slice_is(field, "calibre_um") || slice_is(field, "lat_e7") || slice_is(field, "lon_e7");
        sheet_hole(sheet,
                   label != NULL ? hole_words(label) : hole(compared ? HOLE_CODE : HOLE_NUMBER, slice_from(number)));
    } else {
        html_words(&sheet->html, value->type == JSON_TRUE ? TR("yes") : TR("no"));
    }
}

/* ---- values within values */

static void put_value(struct sheet *sheet, struct slice field, const struct json *value, unsigned depth);

static void put_field(struct sheet *sheet, const struct json *object, const struct json *member, unsigned depth)
{
    struct html *html = &sheet->html;
    int64_t radius = json_find_integer(object, "radius_m", -1);
    char metres[24];
    html_begin(html, TAG_DT);
    sheet_label(sheet, LABEL_FIELD, member->key);
    html_end(html, TAG_DT);
    html_begin(html, TAG_DD);
    put_value(sheet, member->key, member, depth);
    if (is_point(member) && radius >= 0) {
        snprintf(metres, sizeof metres, "%" PRId64, radius);
        SAY(sheet, TR(", with an error of up to {0} m"), hole(HOLE_NUMBER, slice_from(metres)));
    }
    html_end(html, TAG_DD);
}

static void put_members(struct sheet *sheet, const struct json *object, unsigned depth)
{
    bool has_point = is_point(object), placed = false;
    for (const struct json *member = object->first; member != NULL; member = member->next) placed |= is_point(member);
    sheet_begin(sheet, TAG_DL, "fields");
    for (const struct json *member = object->first; member != NULL && !has_point; member = member->next)
        if (!placed || !slice_is(member->key, "radius_m")) put_field(sheet, object, member, depth + 1);
    html_end(&sheet->html, TAG_DL);
}

static void put_items(struct sheet *sheet, struct slice field, const struct json *list, unsigned depth)
{
    struct html *html = &sheet->html;
    size_t told = 0;
    sheet_begin(sheet, TAG_UL, "values");
    for (const struct json *item = list->first; item != NULL && told < ITEMS_MOST; item = item->next, told++) {
        html_begin(html, TAG_LI);
        put_value(sheet, field, item, depth + 1);
        html_end(html, TAG_LI);
    }
    if (list->size > told) {
        html_begin(html, TAG_LI);
        sheet_others(sheet, list->size - told);
        html_end(html, TAG_LI);
    }
    html_end(html, TAG_UL);
}

static void put_value(struct sheet *sheet, struct slice field, const struct json *value, unsigned depth)
{
    if (is_plain(value))
        put_plain(sheet, field, value);
    else if (depth >= FIELDS_DEPTH_MOST) /* deeper than a page can show: as it was signed */
        sheet_hole(sheet, hole(HOLE_CODE, value->source));
    else if (is_text(value))
        put_text(sheet, value);
    else if (value->type == JSON_OBJECT)
        put_members(sheet, value, depth);
    else
        put_items(sheet, field, value, depth);
}

/* ---- the whole */

static bool left_out(const char *const *without, struct slice key)
{
    for (; *without != NULL; without++)
        if (slice_is(key, *without)) return true;
    return false;
}

static void put_named(struct sheet *sheet, const struct json *record, const char *const *names, size_t count,
                      const char *const *without)
{
    for (size_t i = 0; i < count; i++)
        if (json_find(record, names[i]) != NULL && !left_out(without, slice_from(names[i])))
            put_field(sheet, record, json_find(record, names[i]), 0);
}

static void put_fields(struct sheet *sheet, const struct json *record, const char *const *without)
{
    sheet_begin(sheet, TAG_DL, "fields whole");
    put_named(sheet, record, first, COUNT_OF(first), without);
    for (const struct json *member = record->first; member != NULL; member = member->next)
        if (!slice_is(member->key, "text") && !among(first, COUNT_OF(first), member->key) &&
            !among(last, COUNT_OF(last), member->key) && !among(never, COUNT_OF(never), member->key) &&
            !left_out(without, member->key))
            put_field(sheet, record, member, 0);
    put_named(sheet, record, last, COUNT_OF(last), without);
    html_end(&sheet->html, TAG_DL);
}

void sheet_record_fields(struct sheet *sheet, const struct json *record, const char *const *without)
{
    const struct json *text = json_find(record, "text");
    if (text != NULL && is_text(text)) put_text(sheet, text);
    put_fields(sheet, record, without);
}

void sheet_value(struct sheet *sheet, struct slice field, const struct json *value)
{
    put_value(sheet, field, value, 1);
}

/* Was it received after the moment until which things are taken as known? */
static bool not_known_then(const struct page *page, const struct json *record)
{
    uint64_t count;
    int64_t until, received;
    char second[TIME_TEXT_SIZE];
    struct slice known = slice_from(page->known == NULL ? "" : page->known);
    if (value_number(&count, known)) return (uint64_t)json_find_integer(record, "index", 0) >= count;
    struct slice received_text = slice_part(json_find_string(record, "received"), 0, 19);
    snprintf(second, sizeof second, "%.*sZ", SLICE(received_text));
    return value_time(&until, known, true) && time_parse(&received, slice_from(second)) && received > until;
}

/* What its author did to it since. */
static void put_fate(struct sheet *sheet, const struct json *named_by)
{
    const struct json *list = json_find(named_by, "named_by");
    for (const struct json *other = list == NULL ? NULL : list->first; other != NULL; other = other->next) {
        bool withdrawn = slice_is(json_find_string(other, "kind"), "retraction"),
             replaced = json_find_bool(other, "replaces");
        if (!withdrawn && !replaced) continue;
        sheet_begin(sheet, TAG_P, "fault");
        html_words(&sheet->html, withdrawn ? TR("Its author withdrew it: ") : TR("Its author replaced it: "));
        sheet_record(sheet, json_find_string(other, "id"), json_find_string(other, "received"));
        html_end(&sheet->html, TAG_P);
    }
}

static void put_named_by(struct sheet *sheet, const struct json *named_by)
{
    const struct json *list = json_find(named_by, "named_by");
    if (list == NULL || list->first == NULL) return;
    sheet_heading(sheet, TAG_H2, TR("Records that name it"));
    sheet_begin(sheet, TAG_UL, "records");
    for (const struct json *other = list->first; other != NULL; other = other->next) {
        html_begin(&sheet->html, TAG_LI);
        sheet_record(sheet, json_find_string(other, "id"), json_find_string(other, "received"));
        html_end(&sheet->html, TAG_LI);
    }
    html_end(&sheet->html, TAG_UL);
    if (json_find_bool(named_by, "truncated")) html_words_in(&sheet->html, TAG_P, "quiet", TR("There are more."));
}

/* What stands before everything else about some records. */
static void put_warnings(struct sheet *sheet, const struct json *record)
{
    struct slice kind = json_find_string(record, "kind");
    if (not_known_then(sheet->page, record))
        html_words_in(&sheet->html, TAG_P, "fault",
                      TR("This record was not known then: it was received after the moment asked for."));
    if (json_find_bool(record, "void"))
        html_words_in(&sheet->html, TAG_P, "fault",
                      TR("Void: at its place in the log this record was not admissible, so nothing counts it. The host "
                         "let it in and answers for that; it shows nothing about its author."));
    const struct json *marks = json_find(record, "marks");
    for (const struct json *mark = marks == NULL ? NULL : marks->first; mark != NULL; mark = mark->next)
        if (mark_sentence(mark->string) != NULL)
            html_words_in(&sheet->html, TAG_P, "fault", mark_sentence(mark->string));
    if (slice_is(kind, "statement"))
        SAY_P(sheet, "quiet",
              TR("The speaker's own verb is shown; the act is how the author of the record ({0}) "
                 "classified it."),
              hole(HOLE_PARTY, json_find_string(record, "by")));
    if (slice_is(kind, "claim"))
        html_words_in(
            &sheet->html, TAG_P, "quiet",
            TR("A claim is what its author says. Responses and findings stand beside it, never in its place."));
}

/* Is it part of an incident: does it tell of an event, or speak of a record that does? */
static bool tells_event(struct sheet *sheet, const struct json *record, unsigned hops)
{
    struct slice kind = json_find_string(record, "kind");
    const struct json *about = json_find(record, "about");
    static const char *const hanging[] = {"claim", "response", "finding", "link"};
    if (slice_is(kind, "report")) return true;
    if (hops == 0 || !among(hanging, COUNT_OF(hanging), kind)) return false;
    if (slice_is(kind, "claim") && about == NULL)
        return json_find(record, "act") != NULL && json_find(record, "event") != NULL;
    for (const struct json *id = about == NULL ? NULL : about->first; id != NULL; id = id->next)
        if (tells_event(sheet, records_get(sheet->page->records, id->string), hops - 1)) return true;
    struct slice of = json_find_string(record, "of");
    return of.size > 0 && tells_event(sheet, records_get(sheet->page->records, of), hops - 1);
}

static void put_place_to(struct sheet *sheet, const char *path, struct slice id, const char *words)
{
    OWN(address_clear) struct address address;
    address_open(&address, path);
    address_part(&address, id);
    html_begin(&sheet->html, TAG_LI);
    sheet_link(sheet, NULL, &address);
    html_words(&sheet->html, words);
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_LI);
}

/* The claim that it makes or answers, beside what others say; and the incident. */
static void put_places(struct sheet *sheet, const struct json *record)
{
    enum { HOPS_MOST = 4 };
    struct slice id = json_find_string(record, "id"), of = json_find_string(record, "of");
    bool claims = slice_is(json_find_string(record, "kind"), "claim"),
         answers = slice_is(json_find_string(record, "kind"), "response") &&
                   slice_is(json_find_string(records_get(sheet->page->records, of), "kind"), "claim"),
         tells = tells_event(sheet, record, HOPS_MOST), moves = slice_is(json_find_string(record, "kind"), "passage"),
         stands = slice_is(json_find_string(record, "kind"), "site");
    if (json_find_bool(record, "void") || (!claims && !answers && !tells && !moves && !stands)) return;
    sheet_begin(sheet, TAG_UL, "ways-on");
    if (claims || answers)
        put_place_to(sheet, "/claims", claims ? id : of, TR("The claim beside responses and findings"));
    if (tells) put_place_to(sheet, "/incidents", id, TR("The incident"));
    if (moves || stands) put_place_to(sheet, "/access", id, TR("Its states, and who was told of it"));
    html_end(&sheet->html, TAG_UL);
}

/* On every notice, site and passage, and on every confirmation of receipt. */
static void put_protective(struct sheet *sheet, const struct json *record)
{
    static const char *const protective[] = {"notice", "site", "passage"};
    struct slice kind = json_find_string(record, "kind"), receipt = json_find_string(record, "receipt");
    bool confirms = slice_is(receipt, "received") || slice_is(receipt, "read-back");
    if (slice_is(kind, "acknowledgement"))
        html_words_in(&sheet->html, TAG_P, "quiet",
                      TR("This confirms receipt only. It is neither agreement nor admission."));
    if (slice_is(kind, "acknowledgement") && confirms) sheet_protective(sheet, true);
    if (among(protective, COUNT_OF(protective), kind)) sheet_protective(sheet, false);
}

/* Each who was addressed: whether their full copy had it, and whether they read it back. */
static void put_delivery(struct sheet *sheet, const struct json *delivery)
{
    if (delivery == NULL) return;
    sheet_heading(sheet, TAG_H2, TR("Delivery"));
    sheet_begin(sheet, TAG_DL, "fields");
    for (const struct json *to = delivery->first; to != NULL; to = to->next) {
        const struct json *delivered = json_find(to, "delivered"), *read = json_find(to, "read");
        html_begin(&sheet->html, TAG_DT);
        sheet_party(sheet, json_find_string(to, "to"));
        html_end(&sheet->html, TAG_DT);
        html_begin(&sheet->html, TAG_DD);
        if (delivered != NULL) sheet_hole(sheet, hole_phrase(phrase_delivered, delivered));
        if (delivered != NULL && read != NULL) html_words(&sheet->html, " ");
        if (read != NULL) sheet_hole(sheet, hole_phrase(phrase_read, read));
        if (delivered == NULL && read == NULL)
            html_words(&sheet->html, TR("The log does not tell that it was delivered or read."));
        html_end(&sheet->html, TAG_DD);
    }
    html_end(&sheet->html, TAG_DL);
}

/* ---- proof */

/* Without its text ({NULL, 0}) it is one link away. */
static void put_part(struct sheet *sheet, const char *heading, struct slice text, struct slice id, const char *part,
                     const char *link)
{
    struct html *html = &sheet->html;
    OWN(address_clear) struct address address;
    record_address(&address, id);
    address_part(&address, slice_from(part));
    sheet_begin(sheet, TAG_DETAILS, "proof");
    html_words_in(html, TAG_SUMMARY, NULL, heading);
    if (text.data != NULL) {
        html_begin(html, TAG_PRE);
        html_set(html, ATTR_DIR, "ltr");
        html_text(html, text);
        html_end(html, TAG_PRE);
    }
    html_begin(html, TAG_P);
    html_begin(html, TAG_A);
    html_address(html, ATTR_HREF, &address);
    html_words(html, link);
    html_end(html, TAG_A);
    html_end(html, TAG_P);
    html_end(html, TAG_DETAILS);
}

static void put_commands(struct sheet *sheet, struct slice id)
{
    struct html *html = &sheet->html;
    OWN(buffer_clear) struct buffer commands = {0};
    buffer_print(&commands, "truce show %.*s --note\ntruce show %.*s --proof\ntruce verify", SLICE(id), SLICE(id));
    html_words_in(html, TAG_P, NULL,
                  TR("A page of the host proves nothing by itself. On a full copy of the register these commands show "
                     "the note and the proof, and check every signature, hash and result anew:"));
    html_begin(html, TAG_PRE);
    html_set(html, ATTR_DIR, "ltr");
    html_text(html, buffer_slice(&commands));
    html_end(html, TAG_PRE);
}

static void put_proof(struct sheet *sheet, const struct json *record, struct slice id, struct slice note,
                      struct slice proof)
{
    sheet_heading(sheet, TAG_H2, TR("Proof"));
    if (proof.data == NULL)
        html_words_in(&sheet->html, TAG_P, NULL,
                      TR("The host keeps this record durably; no signed head covers it yet."));
    else
        html_words_in(&sheet->html, TAG_P, NULL, TR("This record is covered by a signed head of the log."));
    put_commands(sheet, id);
    if (proof.data != NULL) check_put(sheet, record);
    /* what is not shown above is not printed below */
    bool kept = told_source_is_kept(sheet, json_find_string(json_find(record, "grade"), "source"));
    if (note.data != NULL)
        put_part(sheet, TR("The note as it was signed"), kept ? (struct slice){NULL, 0} : note, id, "note",
                 TR("The note, byte for byte"));
    if (proof.data != NULL)
        put_part(sheet, TR("The proof that it is in the log"), proof, id, "proof", TR("The proof, byte for byte"));
}

/* ---- what its author may do about it */

static void put_way(struct sheet *sheet, const char *kind, const char *name, struct slice id, const char *words)
{
    OWN(address_clear) struct address address;
    address_open(&address, "/file");
    address_part(&address, slice_from(kind));
    address_ask(&address, name, id);
    sheet_link(sheet, NULL, &address);
    html_words(&sheet->html, words);
    html_end(&sheet->html, TAG_A);
}

/* From a text of an agreement, or an act about it, to all its texts. */
static void put_texts_way(struct sheet *sheet, const struct json *record)
{
    struct slice kind = json_find_string(record, "kind");
    bool text = slice_is(kind, "agreement"), part = slice_is(kind, "part"), act = slice_is(kind, "standing");
    if (!text && !part && !act) return;
    OWN(address_clear) struct address address;
    address_open(&address, "/agreements");
    address_part(&address, json_find_string(record, text ? "id" : "agreement"));
    sheet_begin(sheet, TAG_P, "watch");
    sheet_link(sheet, NULL, &address);
    html_words(&sheet->html, TR("The agreement's text in each language, clause by clause"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

/* A later record takes the place of what is said; who belongs to the register, and what is taken back, stays. */
static void put_ways(struct sheet *sheet, const struct json *record)
{
    static const char *const final[] = {"genesis", "party",     "key",        "policy", "approval",
                                        "anchor",  "agreement", "retraction", "reveal", "vouch"};
    struct slice id = json_find_string(record, "id"), kind = json_find_string(record, "kind");
    char name[80];
    if (among(final, COUNT_OF(final), kind) || json_find_bool(record, "void")) return;
    snprintf(name, sizeof name, "%.*s", SLICE(kind));
    sheet_begin(sheet, TAG_P, "watch");
    html_words_in(&sheet->html, TAG_SPAN, "quiet", TR("For its author:"));
    put_way(sheet, name, "correct", id, TR("Correct this record"));
    put_way(sheet, "retraction", "of", id, TR("Withdraw my record"));
    html_end(&sheet->html, TAG_P);
}

/* ---- the page */

static void put_head(struct sheet *sheet, const struct json *record)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_H1);
    sheet_label(sheet, LABEL_KIND, json_find_string(record, "kind"));
    html_words(html, " ");
    sheet_hole(sheet, hole(HOLE_CODE, slice_part(json_find_string(record, "id"), 0, 8)));
    html_end(html, TAG_H1);
    sheet_begin(sheet, TAG_P, "quiet");
    sheet_party(sheet, json_find_string(record, "by"));
    html_words(html, TR(", "));
    sheet_hole(sheet, hole(HOLE_TIME, tell_when(record)));
    html_end(html, TAG_P);
}

enum status page_record(struct buffer *out, const struct page *page, const struct page_shown *shown,
                        struct error *error)
{
    const struct json *record = shown->record;
    struct sheet sheet = {.page = page, .agreement = records_get(page->records, json_find_string(record, "agreement"))};
    if (check_is_here(page)) sheet.script = asset_check_js;
    static const char *const nothing[] = {NULL};
    const struct json *text = json_find(record, "text");
    struct slice id = json_find_string(record, "id");
    sheet.by = json_find_string(record, "by");
    OWN(buffer_clear) struct buffer title = {0};
    char label[80];
    buffer_put_string(&title, tell_label(LABEL_KIND, json_find_string(record, "kind"), label, sizeof label));
    buffer_put_byte(&title, ' ');
    buffer_put(&title, slice_part(id, 0, 8));
    sheet_open(&sheet, out, PLACE_RECORDS, buffer_slice(&title));
    put_head(&sheet, record);
    put_warnings(&sheet, record);
    put_fate(&sheet, shown->named_by);
    if (text != NULL && is_text(text)) put_text(&sheet, text);
    put_places(&sheet, record);
    put_protective(&sheet, record);
    put_fields(&sheet, record, nothing);
    put_delivery(&sheet, json_find(record, "delivery"));
    put_texts_way(&sheet, record);
    put_named_by(&sheet, shown->named_by);
    put_ways(&sheet, record);
    put_proof(&sheet, record, id, shown->note, shown->proof);
    return sheet_close(&sheet, error);
}
