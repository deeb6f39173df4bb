#include "page/sheet.h"
#include "tell/delivery.h"
#include "tell/zone.h"

#include "base/time.h"
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { SHORT_ID = 8, LABEL_SIZE = 80, GIST_BYTES = 400 };

void sheet_begin(struct sheet *sheet, enum html_tag tag, const char *class_name)
{
    html_begin(&sheet->html, tag);
    if (class_name != NULL) html_set(&sheet->html, ATTR_CLASS, class_name);
}

void sheet_heading(struct sheet *sheet, enum html_tag tag, const char *words)
{
    html_words_in(&sheet->html, tag, NULL, words);
}

/* ---- words for scripts */

void sheet_words_begin(struct sheet *sheet)
{
    html_begin(&sheet->html, TAG_UL);
    html_data(&sheet->html, "words", slice_from(""));
    html_flag(&sheet->html, ATTR_HIDDEN);
}

void sheet_word(struct sheet *sheet, const char *name, const char *words)
{
    html_begin(&sheet->html, TAG_LI);
    html_data(&sheet->html, "word", slice_from(name));
    html_words(&sheet->html, words);
    html_end(&sheet->html, TAG_LI);
}

void sheet_words_end(struct sheet *sheet)
{
    html_end(&sheet->html, TAG_UL);
}

/* ---- links */

static void keep_moment(struct sheet *sheet, struct address *address)
{
    const struct page *page = sheet->page;
    if (page->as_of != NULL) address_ask(address, "as-of", slice_from(page->as_of));
    if (page->known != NULL) address_ask(address, "known", slice_from(page->known));
}

static void begin_link(struct sheet *sheet, const char *class_name, const struct address *address)
{
    sheet_begin(sheet, TAG_A, class_name);
    html_address(&sheet->html, ATTR_HREF, address);
}

void sheet_link(struct sheet *sheet, const char *class_name, struct address *address)
{
    keep_moment(sheet, address);
    begin_link(sheet, class_name, address);
}

void sheet_link_to(struct sheet *sheet, const char *class_name, struct address *address, const char *prefix,
                   struct slice place)
{
    keep_moment(sheet, address);
    address_place(address, prefix, place);
    begin_link(sheet, class_name, address);
}

void sheet_link_end(struct sheet *sheet)
{
    html_end(&sheet->html, TAG_A);
}

void record_address(struct address *address, struct slice id)
{
    address_open(address, "/records");
    address_part(address, id);
}

/* ---- things in holes */

static void put_bdi(struct sheet *sheet, const char *dir, const char *class_name, struct slice text)
{
    sheet_begin(sheet, TAG_BDI, class_name);
    if (dir != NULL) html_set(&sheet->html, ATTR_DIR, dir);
    html_text(&sheet->html, text);
    html_end(&sheet->html, TAG_BDI);
}

static void put_code(struct sheet *sheet, struct slice text)
{
    put_bdi(sheet, "ltr", "code", text);
}

static void put_number(struct sheet *sheet, struct slice text)
{
    OWN(buffer_clear) struct buffer digits = {0};
    words_digits(&digits, text);
    put_bdi(sheet, "ltr", "number", buffer_slice(&digits));
}

/* UTC as "YYYY-MM-DDThh:mm:ssZ", from that or from one with milliseconds. */
static bool whole_second(char out[TIME_TEXT_SIZE], struct slice time, int64_t *seconds)
{
    snprintf(out, TIME_TEXT_SIZE, "%.*s", SLICE(slice_part(time, 0, TIME_TEXT_SIZE - 1)));
    if (time.size == 24 && time.data[19] == '.') out[19] = 'Z';
    return (time.size == 20 || time.size == 24) && time_parse(seconds, slice_from(out));
}

/* " (2 Muharram 1438 AH)", for who wants it. */
static void put_hijri(struct sheet *sheet, struct slice day)
{
    int64_t seconds;
    OWN(buffer_clear) struct buffer date = {0};
    if (!words_manner_now().hijri || !time_parse_day(&seconds, day)) return;
    words_hijri(&date, seconds / 86400);
    if (date.size == 0) return;
    html_words(&sheet->html, " (");
    sheet_begin(sheet, TAG_BDI, "hijri");
    html_words_slice(&sheet->html, buffer_slice(&date));
    html_end(&sheet->html, TAG_BDI);
    html_words(&sheet->html, ")");
}

/* "3 October 2016, 17:10 UTC", or the day alone. */
static void put_long(struct sheet *sheet, const char *second, struct slice clock)
{
    struct slice year = slice_of(second, 4), day = slice_of(second + 8, 2);
    unsigned month = (unsigned)((second[5] - '0') * 10 + second[6] - '0');
    if (day.data[0] == '0') day = slice_part(day, 1, 1);
    const char *message = clock.size > 0 ? TR("{0} {1} {2}, {3}") : TR("{0} {1} {2}");
    SAY(sheet, message, hole(HOLE_NUMBER, day), hole_words(words_month(month)), hole(HOLE_NUMBER, year),
        hole(HOLE_NUMBER, clock));
    put_hijri(sheet, slice_of(second, 10));
}

/* " (20:10 local time)", where an agreement names the zone of its place; with the day where that is another. */
static void put_local(struct sheet *sheet, int64_t seconds)
{
    char utc[TIME_TEXT_SIZE], local[TIME_TEXT_SIZE];
    const struct json *zone = zone_of(sheet->page->records, sheet->agreement);
    int64_t there = seconds + zone_ahead(zone, seconds);
    if (zone == NULL || there < TIME_LEAST || there > TIME_MOST) return;
    time_format(seconds, utc);
    time_format(there, local);
    const struct hole clock = hole(HOLE_NUMBER, slice_of(local + 11, memcmp(local + 17, "00", 2) == 0 ? 5 : 8)),
                      day = hole(HOLE_NUMBER, slice_of(local + (local[8] == '0' ? 9 : 8), local[8] == '0' ? 1 : 2)),
                      month = hole_words(words_month((unsigned)((local[5] - '0') * 10 + local[6] - '0')));
    html_words(&sheet->html, " (");
    if (memcmp(utc, local, 10) == 0)
        SAY(sheet, TR("{0} local time"), clock);
    else
        SAY(sheet, TR("{0} {1}, {2} local time"), day, month, clock);
    html_words(&sheet->html, ")");
}

static void put_day(struct sheet *sheet, struct slice day)
{
    char text[TIME_TEXT_SIZE];
    snprintf(text, sizeof text, "%.*s", SLICE(day));
    html_begin(&sheet->html, TAG_TIME);
    html_set(&sheet->html, ATTR_DATETIME, text);
    put_long(sheet, text, (struct slice){NULL, 0});
    html_end(&sheet->html, TAG_TIME);
}

static void put_time(struct sheet *sheet, struct slice time, bool in_prose)
{
    char second[TIME_TEXT_SIZE];
    int64_t seconds;
    OWN(buffer_clear) struct buffer stamp = {0};
    if (in_prose && time_parse_day(&seconds, time)) {
        put_day(sheet, time);
        return;
    }
    if (!whole_second(second, time, &seconds)) {
        put_code(sheet, time);
        return;
    }
    words_time(&stamp, time);
    html_begin(&sheet->html, TAG_TIME);
    html_set(&sheet->html, ATTR_DATETIME, second);
    if (in_prose)
        put_long(sheet, second, slice_part(buffer_slice(&stamp), 11, stamp.size));
    else
        put_number(sheet, buffer_slice(&stamp));
    html_end(&sheet->html, TAG_TIME);
    if (in_prose) put_local(sheet, seconds);
}

static void put_short_id(struct sheet *sheet, struct slice id)
{
    OWN(address_clear) struct address address;
    record_address(&address, id);
    sheet_link(sheet, NULL, &address);
    put_code(sheet, slice_part(id, 0, SHORT_ID));
    sheet_link_end(sheet);
}

void sheet_label(struct sheet *sheet, enum label_table table, struct slice id)
{
    char label[LABEL_SIZE];
    const char *words = tell_label(table, id, label, sizeof label);
    if (words == label)
        put_bdi(sheet, NULL, NULL, id);
    else
        html_words(&sheet->html, words);
}

void sheet_party(struct sheet *sheet, struct slice party)
{
    put_bdi(sheet, NULL, NULL, tell_party(sheet->page->records, party));
}

void sheet_term(struct sheet *sheet, struct slice term)
{
    struct slice agreement = json_find_string(sheet->agreement, "agreement");
    OWN(address_clear) struct address why;
    why_address(&why, agreement, term);
    if (agreement.size > 0) sheet_link(sheet, NULL, &why);
    put_code(sheet, term);
    if (agreement.size > 0) sheet_link_end(sheet);
}

static void put_thing(struct sheet *sheet, struct hole hole)
{
    switch (hole.type) {
    case HOLE_TEXT: put_bdi(sheet, NULL, NULL, hole.text); return;
    case HOLE_NUMBER: put_number(sheet, hole.text); return;
    case HOLE_CODE: put_code(sheet, hole.text); return;
    case HOLE_TIME: put_time(sheet, hole.text, true); return;
    case HOLE_STAMP: put_time(sheet, hole.text, false); return;
    case HOLE_PARTY: sheet_party(sheet, hole.text); return;
    case HOLE_RECORD: put_short_id(sheet, hole.text); return;
    case HOLE_TERM: sheet_term(sheet, hole.text); return;
    case HOLE_RESULT: sheet_mark(sheet, LABEL_VERDICT, hole.text, "result"); return;
    case HOLE_NONE:
    case HOLE_WORDS:
    case HOLE_TERMS:
    case HOLE_INTEGER:
    case HOLE_DURATION:
    case HOLE_DAYS:
    case HOLE_PHRASE: return; /* said, not shown */
    }
}

/* ---- messages */

static void voice_words(void *context, struct slice words)
{
    struct sheet *sheet = context;
    html_words_slice(&sheet->html, words);
}

static void voice_thing(void *context, struct hole hole)
{
    put_thing(context, hole);
}

static enum html_tag tag_of(enum manner manner)
{
    switch (manner) {
    case MANNER_LINE:
    case MANNER_NOTE: return TAG_P;
    case MANNER_LIST: return TAG_UL;
    case MANNER_ITEM: return TAG_LI;
    case MANNER_MORE: return TAG_DIV;
    }
    return TAG_P;
}

static void voice_begin(void *context, enum manner manner)
{
    static const char *const classes[] = {[MANNER_LINE] = NULL,
                                          [MANNER_LIST] = "parts",
                                          [MANNER_ITEM] = NULL,
                                          [MANNER_MORE] = "more",
                                          [MANNER_NOTE] = "quiet"};
    sheet_begin(context, tag_of(manner), classes[manner]);
}

static void voice_end(void *context, enum manner manner)
{
    struct sheet *sheet = context;
    html_end(&sheet->html, tag_of(manner));
}

struct voice sheet_voice(struct sheet *sheet)
{
    return (struct voice){.context = sheet,
                          .records = sheet->page->records,
                          .agreement = sheet->agreement,
                          .words = voice_words,
                          .thing = voice_thing,
                          .begin = voice_begin,
                          .end = voice_end};
}

void sheet_hole(struct sheet *sheet, struct hole hole)
{
    struct voice voice = sheet_voice(sheet);
    say_hole(&voice, hole);
}

void sheet_say(struct sheet *sheet, const char *message, const struct hole holes[ERROR_ARGUMENTS])
{
    struct voice voice = sheet_voice(sheet);
    say_message(&voice, message, holes);
}

/* ---- counts and lengths of time */

void sheet_count(struct sheet *sheet, enum noun noun, uint64_t count)
{
    OWN(buffer_clear) struct buffer words = {0};
    words_count(&words, noun, count);
    html_words_slice(&sheet->html, buffer_slice(&words));
}

void sheet_duration(struct sheet *sheet, int64_t seconds)
{
    OWN(buffer_clear) struct buffer words = {0};
    words_duration(&words, seconds);
    html_words_slice(&sheet->html, buffer_slice(&words));
}

/* ---- what records and parties say */

static void put_gist(struct sheet *sheet, const struct json *record)
{
    struct slice gist = tell_gist(record);
    if (gist.size == 0) return;
    html_words(&sheet->html, ": ");
    sheet_beginning(sheet, gist, GIST_BYTES);
}

void sheet_record(struct sheet *sheet, struct slice id, struct slice time)
{
    const struct json *record = records_get(sheet->page->records, id);
    OWN(address_clear) struct address address;
    record_address(&address, id);
    sheet_link(sheet, NULL, &address);
    if (record != NULL) {
        sheet_label(sheet, LABEL_KIND, json_find_string(record, "kind"));
        html_words(&sheet->html, " ");
    }
    put_code(sheet, slice_part(id, 0, SHORT_ID));
    sheet_link_end(sheet);
    if (record == NULL) return;
    html_words(&sheet->html, TR(", "));
    sheet_party(sheet, json_find_string(record, "by"));
    html_words(&sheet->html, TR(", "));
    put_time(sheet, time.size > 0 ? time : tell_when(record), true);
    put_gist(sheet, record);
}

void sheet_beginning(struct sheet *sheet, struct slice text, size_t most_bytes)
{
    size_t size = most_bytes;
    if (text.size <= most_bytes) {
        put_bdi(sheet, NULL, NULL, text);
        return;
    }
    while (size > most_bytes / 2 && text.data[size] != ' ') size--;
    while (size > 0 && (text.data[size] & 0xC0) == 0x80) size--;
    html_begin(&sheet->html, TAG_BDI);
    html_text(&sheet->html, slice_part(text, 0, size));
    html_words(&sheet->html, " …");
    html_end(&sheet->html, TAG_BDI);
}

void sheet_others(struct sheet *sheet, size_t count)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", count);
    SAY(sheet, TR("… and others; number of others: {0}"), hole(HOLE_NUMBER, slice_from(number)));
}

void sheet_records(struct sheet *sheet, const struct json *ids, size_t most)
{
    size_t told = 0;
    if (ids == NULL || ids->type != JSON_ARRAY || ids->size == 0) return;
    sheet_begin(sheet, TAG_UL, "records");
    for (const struct json *id = ids->first; id != NULL && told < most; id = id->next, told++) {
        html_begin(&sheet->html, TAG_LI);
        if (id->type == JSON_STRING) sheet_record(sheet, id->string, (struct slice){NULL, 0});
        html_end(&sheet->html, TAG_LI);
    }
    if (ids->size > told) {
        html_begin(&sheet->html, TAG_LI);
        sheet_others(sheet, ids->size - told);
        html_end(&sheet->html, TAG_LI);
    }
    html_end(&sheet->html, TAG_UL);
}

void sheet_ids(struct sheet *sheet, const struct json *ids, size_t most)
{
    size_t shown = 0;
    const struct json *id = ids == NULL || ids->type != JSON_ARRAY ? NULL : ids->first;
    for (; id != NULL; id = id->next) {
        if (id->type != JSON_STRING) continue;
        if (shown == most) {
            html_words(&sheet->html, " …");
            return;
        }
        if (shown++ > 0) html_words(&sheet->html, TR(", "));
        put_short_id(sheet, id->string);
    }
}

void sheet_parties(struct sheet *sheet, const struct json *names)
{
    if (names == NULL) return;
    if (names->type == JSON_STRING) sheet_party(sheet, names->string);
    for (const struct json *name = names->type == JSON_ARRAY ? names->first : NULL; name != NULL; name = name->next) {
        if (name->type == JSON_STRING) sheet_party(sheet, name->string);
        if (name->next != NULL) html_words(&sheet->html, TR(", "));
    }
}

void sheet_text(struct sheet *sheet, const struct json *text)
{
    put_bdi(sheet, NULL, NULL, tell_text(text));
}

void sheet_translator(struct sheet *sheet, const struct json *text, const char *language)
{
    char key[LABEL_SIZE];
    struct slice original = json_find_string(text, "original"), shown = tell_text(text);
    if (text == NULL || text->type != JSON_OBJECT || original.data == NULL) return;
    for (const struct json *words = text->first; words != NULL && language == NULL; words = words->next) {
        if (words->type != JSON_STRING || words->string.data != shown.data) continue;
        snprintf(key, sizeof key, "%.*s", SLICE(words->key));
        language = key;
    }
    if (language == NULL || slice_is(original, language)) return;
    struct slice by = json_find_string(json_find(text, "translated_by"), language);
    if (by.size > 0)
        SAY_P(sheet, "translator", TR("Unofficial translation, made by: {0}"), hole(HOLE_TEXT, by));
    else
        html_words_in(&sheet->html, TAG_P, "translator", TR("Unofficial translation, made by a machine"));
}

/* ---- fields */

void sheet_field(struct sheet *sheet, const char *label)
{
    html_words_in(&sheet->html, TAG_DT, NULL, label);
    html_begin(&sheet->html, TAG_DD);
}

void sheet_field_end(struct sheet *sheet)
{
    html_end(&sheet->html, TAG_DD);
}

static void put_time_field(struct sheet *sheet, const char *label, struct slice time)
{
    if (time.size == 0) return;
    sheet_field(sheet, label);
    sheet_hole(sheet, hole(HOLE_TIME, time));
    sheet_field_end(sheet);
}

static void put_parties_field(struct sheet *sheet, const char *label, const struct json *names)
{
    if (names == NULL) return;
    sheet_field(sheet, label);
    sheet_parties(sheet, names);
    sheet_field_end(sheet);
}

void sheet_notice_fields(struct sheet *sheet, const struct notice_told *notice)
{
    sheet_field(sheet, TR("From"));
    sheet_party(sheet, notice->from);
    sheet_field_end(sheet);
    put_parties_field(sheet, TR("To"), notice->to);
    put_parties_field(sheet, TR("Alternates"), notice->alternates);
    put_time_field(sheet, TR("Given"), notice->given);
    put_time_field(sheet, TR("Due"), notice->due);
}

void sheet_verdict(struct sheet *sheet, const struct json *thing)
{
    struct slice was = json_find_string(thing, "was");
    sheet_begin(sheet, TAG_P, "verdict");
    sheet_mark(sheet, LABEL_VERDICT, json_find_string(thing, "verdict"), "result");
    if (was.size > 0) {
        html_words(&sheet->html, " ");
        sheet_begin(sheet, TAG_SPAN, "was");
        SAY(sheet, TR("before: {0}"), hole(HOLE_RESULT, was));
        html_end(&sheet->html, TAG_SPAN);
    }
    html_end(&sheet->html, TAG_P);
}

void sheet_moment(struct sheet *sheet)
{
    OWN(buffer_clear) struct buffer known = {0};
    if (sheet->page->as_of != NULL || sheet->page->known != NULL) return; /* the banner says so */
    words_count(&known, NOUN_RECORD, (uint64_t)json_find_integer(sheet->answer, "known", 0));
    SAY_P(sheet, "quiet", TR("As of {0}. Known: {1}."), hole(HOLE_TIME, json_find_string(sheet->answer, "as_of")),
          hole(HOLE_WORDS, buffer_slice(&known)));
}

void why_address(struct address *address, struct slice agreement, struct slice term)
{
    address_open(address, "/why");
    address_part(address, agreement);
    address_part(address, term);
}

bool sheet_is_breached(const struct json *thing)
{
    return slice_is(json_find_string(thing, "verdict"), "breached") ||
           slice_is(json_find_string(thing, "was"), "breached");
}

void sheet_protective(struct sheet *sheet, bool confirmed)
{
    html_words_in(&sheet->html, TAG_P, "protective",
                  confirmed ? TR("Receipt was confirmed. This does not make a place or journey safe. The law protects "
                                 "it whether or not it is listed here.")
                            : TR("A confirmed receipt does not make a place or journey safe. The law protects it "
                                 "whether or not it is listed here."));
}

void sheet_not_a_finding(struct sheet *sheet)
{
    html_words_in(&sheet->html, TAG_P, "not-a-finding",
                  TR("Computed from signed records; not a finding of responsibility."));
}

/* ---- tables */

void sheet_heads(struct sheet *sheet, const char *const *heads, size_t count)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_THEAD);
    html_begin(html, TAG_TR);
    for (size_t i = 0; i < count; i++) {
        html_begin(html, TAG_TH);
        html_set(html, ATTR_SCOPE, "col");
        html_words(html, heads[i]);
        html_end(html, TAG_TH);
    }
    html_end(html, TAG_TR);
    html_end(html, TAG_THEAD);
}

enum { MARKED_MOST = 50 };

void sheet_marked(struct sheet *sheet, const struct json *marked)
{
    for (const char *const *mark = mark_names; *mark != NULL && marked != NULL; mark++) {
        const struct json *list = json_find(marked, *mark);
        if (list == NULL || list->size == 0) continue;
        sheet_heading(sheet, TAG_H2, mark_heading(*mark));
        sheet_begin(sheet, TAG_DIV, "marked");
        sheet_records(sheet, list, MARKED_MOST);
        html_end(&sheet->html, TAG_DIV);
    }
}
