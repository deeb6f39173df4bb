/* One incident: who told what of it and when, where each says it was and how far that may be wrong, what is one event
 * by whose link and under which reading, and the evidence with its custody. */
#include "page/sketch.h"
#include "page/told.h"
#include "tell/delivery.h"

#include "base/time.h"
#include <inttypes.h>
#include <stdio.h>

enum { SUGGESTED_MOST = 20, NAMED_MOST = 12 };

static const struct json *items(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
}

static void begin_cell(struct sheet *sheet, const char *head)
{
    html_begin(&sheet->html, TAG_TD);
    html_words_in(&sheet->html, TAG_SPAN, "cell-head", head);
}

/* ---- three times: when it was observed, when it was received, how long it was not known in between */

static void put_known(struct sheet *sheet, const struct json *member)
{
    int64_t to, received;
    bool told = time_parse(&to, json_find_string(member, "to"));
    if (!time_parse(&received, json_find_string(member, "received")) || !told) {
        html_words(&sheet->html, TR("since it was received"));
        return;
    }
    if (received >= to)
        SAY(sheet, TR("{0} after it ended"), hole_integer(HOLE_DURATION, received - to));
    else
        html_words(&sheet->html, TR("before the end that it tells of"));
}

static const struct json *where_of(const struct json *record)
{
    const struct json *told = json_find(json_find(record, "event"), "where");
    return told != NULL ? told : json_find(record, "where");
}

static const struct json *when_of(const struct json *record)
{
    const struct json *told = json_find(json_find(record, "event"), "when");
    return told != NULL ? told : json_find(record, "when");
}

static void put_where(struct sheet *sheet, const struct json *record, const struct json *member)
{
    const struct json *where = where_of(record);
    struct slice place = json_find_string(member, "place");
    char metres[24];
    int64_t radius = json_find_integer(json_find(member, "disc"), "radius_m", -1);
    if (where == NULL) {
        html_words_in(&sheet->html, TAG_SPAN, "quiet", TR("not said"));
        return;
    }
    told_value(sheet, slice_from("where"), where);
    if (place.size == 0 || radius < 0) return;
    snprintf(metres, sizeof metres, "%" PRId64, radius);
    SAY(sheet, TR(", a place that reaches {0} m around its middle"), hole(HOLE_NUMBER, slice_from(metres)));
}

/* What it says of it: the word of a response or finding, to whom a claim attributes it, the act that was observed. */
static void put_word(struct sheet *sheet, const struct json *record, struct slice kind)
{
    static const char *const words[][2] = {
        {"response", "response"}, {"finding", "finding"}, {"report", "act"}, {"passage", "step"}};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        const struct json *value = slice_is(kind, words[i][0]) ? json_find(record, words[i][1]) : NULL;
        if (value != NULL) sheet_value(sheet, slice_from(words[i][1]), value);
    }
    if (slice_is(kind, "claim"))
        told_attribution(sheet, json_find_string(record, "actor"), json_find_string(record, "by"));
}

static void put_member(struct sheet *sheet, const struct json *member, unsigned number)
{
    struct html *html = &sheet->html;
    struct slice id = json_find_string(member, "id"), kind = json_find_string(member, "kind");
    const struct json *record = records_get(sheet->page->records, id), *when = when_of(record);
    char digits[24];
    snprintf(digits, sizeof digits, "%u", number);
    html_begin(html, TAG_TR);
    html_data(html, "item", slice_from("yes"));
    html_begin(html, TAG_TH);
    html_set(html, ATTR_SCOPE, "row");
    SAY(sheet, TR("{0}. "), hole(HOLE_NUMBER, slice_from(digits)));
    told_link(sheet, slice_is(kind, "claim") ? "/claims" : "/records", kind, id);
    sheet_begin(sheet, TAG_SPAN, "under");
    sheet_party(sheet, json_find_string(member, "by"));
    html_end(html, TAG_SPAN);
    html_end(html, TAG_TH);
    begin_cell(sheet, TR("Says"));
    put_word(sheet, record, kind);
    html_end(html, TAG_TD);
    begin_cell(sheet, TR("Observed"));
    if (when != NULL)
        told_when(sheet, when);
    else if (json_find(member, "from") != NULL)
        told_when(sheet, member);
    else
        html_words_in(html, TAG_SPAN, "quiet", TR("not said"));
    html_end(html, TAG_TD);
    begin_cell(sheet, TR("Received"));
    sheet_hole(sheet, hole(HOLE_STAMP, json_find_string(member, "received")));
    html_end(html, TAG_TD);
    begin_cell(sheet, TR("Known"));
    put_known(sheet, member);
    html_end(html, TAG_TD);
    begin_cell(sheet, TR("Where"));
    put_where(sheet, record, member);
    html_end(html, TAG_TD);
    html_end(html, TAG_TR);
}

static void put_members(struct sheet *sheet, const struct json *members)
{
    struct html *html = &sheet->html;
    const char *const heads[] = {TR("Record"), TR("Says"), TR("Observed"), TR("Received"), TR("Known"), TR("Where")};
    unsigned number = 0;
    sheet_heading(sheet, TAG_H2, TR("Observed, received, known"));
    sheet_begin(sheet, TAG_TABLE, "events");
    html_begin(html, TAG_THEAD);
    html_begin(html, TAG_TR);
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        html_begin(html, TAG_TH);
        html_set(html, ATTR_SCOPE, "col");
        html_words(html, heads[i]);
        html_end(html, TAG_TH);
    }
    html_end(html, TAG_TR);
    html_end(html, TAG_THEAD);
    html_begin(html, TAG_TBODY);
    for (const struct json *member = items(members); member != NULL; member = member->next)
        put_member(sheet, member, ++number);
    html_end(html, TAG_TBODY);
    html_end(html, TAG_TABLE);
}

static void put_place(struct sheet *sheet, const struct json *members)
{
    sheet_heading(sheet, TAG_H2, TR("Place"));
    if (!sketch_put(sheet, members)) {
        html_words_in(&sheet->html, TAG_P, NULL, TR("None of the records says where it was, or it is sealed."));
        return;
    }
    html_words_in(
        &sheet->html, TAG_P, "quiet",
        TR("A cross for each place, with the numbers of the records that tell it; a circle as far as it may be "
           "wrong, in dashes where a named place reaches as far. Nothing is drawn but what the records say."));
}

/* ---- links */

static void put_reading_name(struct sheet *sheet, const struct json *followed)
{
    const struct json *agreement = told_agreement(sheet, json_find_string(followed, "agreement"));
    sheet_hole(sheet, hole(HOLE_TEXT, tell_reading(agreement, json_find_string(followed, "reading"))));
}

static void put_followed(struct sheet *sheet, const struct json *followed)
{
    html_begin(&sheet->html, TAG_P);
    if (items(followed) == NULL)
        html_words(&sheet->html, TR("No reading of an agreement follows the links of this author: it joins and parts "
                                    "nothing."));
    else
        html_words(&sheet->html, TR("Readings that follow it: "));
    for (const struct json *one = items(followed); one != NULL; one = one->next) {
        put_reading_name(sheet, one);
        if (one->next != NULL) html_words(&sheet->html, TR(", "));
    }
    html_end(&sheet->html, TAG_P);
}

static void put_link(struct sheet *sheet, const struct json *link)
{
    struct html *html = &sheet->html;
    struct slice id = json_find_string(link, "id");
    const struct json *text = json_find(records_get(sheet->page->records, id), "text");
    const struct json *against = json_find(link, "contradicted_by");
    const char *word = tell_word(slice_from("link"), json_find_string(link, "link"));
    html_begin(html, TAG_LI);
    html_data(html, "item", slice_from("yes"));
    html_begin(html, TAG_H3);
    html_words(html, slice_is(json_find_string(link, "link"), "same") ? "= " : "≠ ");
    html_words(html, word == NULL ? "" : word);
    html_end(html, TAG_H3);
    html_begin(html, TAG_P);
    SAY(sheet, TR("By {0}, {1}, record {2}: "), hole(HOLE_PARTY, json_find_string(link, "by")),
        hole(HOLE_STAMP, json_find_string(link, "received")), hole(HOLE_RECORD, id));
    sheet_ids(sheet, json_find(link, "about"), NAMED_MOST);
    html_end(html, TAG_P);
    if (text != NULL) {
        html_begin(html, TAG_P);
        html_words(html, TR("Reason: "));
        sheet_text(sheet, text);
        html_end(html, TAG_P);
        sheet_translator(sheet, text, NULL);
    }
    put_followed(sheet, json_find(link, "followed_by"));
    if (items(against) != NULL) {
        sheet_begin(sheet, TAG_P, "differs");
        html_words(html, TR("≠ Contradicted by: "));
        sheet_ids(sheet, against, NAMED_MOST);
        html_end(html, TAG_P);
    }
    html_end(html, TAG_LI);
}

static void put_links(struct sheet *sheet, const struct json *links)
{
    sheet_heading(sheet, TAG_H2, TR("Links decided"));
    if (items(links) == NULL) {
        html_words_in(&sheet->html, TAG_P, NULL, TR("Nobody linked these records or held them apart so far."));
        return;
    }
    sheet_begin(sheet, TAG_UL, "links");
    for (const struct json *link = items(links); link != NULL; link = link->next) put_link(sheet, link);
    html_end(&sheet->html, TAG_UL);
}

/* "Monitor: one event: 1a2b, 3c4d" */
static void put_reading(struct sheet *sheet, const struct json *reading)
{
    struct html *html = &sheet->html;
    html_begin(html, TAG_LI);
    put_reading_name(sheet, reading);
    html_words(html, TR(": "));
    for (const struct json *event = items(json_find(reading, "events")); event != NULL; event = event->next) {
        html_words(html, TR("one event: "));
        sheet_ids(sheet, event, NAMED_MOST);
        if (event->next != NULL) html_words(html, TR("; "));
    }
    html_end(html, TAG_LI);
}

static void put_readings(struct sheet *sheet, const struct json *readings)
{
    if (items(readings) == NULL) return;
    sheet_heading(sheet, TAG_H2, TR("What each reading takes for one event"));
    sheet_begin(sheet, TAG_UL, "values");
    for (const struct json *reading = items(readings); reading != NULL; reading = reading->next)
        put_reading(sheet, reading);
    html_end(&sheet->html, TAG_UL);
}

/* ---- what may be linked */

static void put_decide(struct sheet *sheet, const struct json *about, const char *link, const char *words)
{
    OWN(address_clear) struct address address;
    OWN(buffer_clear) struct buffer ids = {0};
    for (const struct json *id = items(about); id != NULL; id = id->next) {
        buffer_put(&ids, id->string);
        if (id->next != NULL) buffer_put_byte(&ids, ',');
    }
    address_open(&address, "/file/link");
    address_ask(&address, "link", slice_from(link));
    address_ask(&address, "about", buffer_slice(&ids));
    sheet_link(sheet, "decide", &address);
    html_words(&sheet->html, words);
    sheet_link_end(sheet);
}

static void put_suggestion(struct sheet *sheet, const struct json *suggestion)
{
    struct html *html = &sheet->html;
    const struct json *about = json_find(suggestion, "about"), *one = items(about),
                      *other = one == NULL ? NULL : one->next;
    char metres[24];
    if (other == NULL) return;
    snprintf(metres, sizeof metres, "%" PRId64, json_find_integer(suggestion, "apart_m", 0));
    html_begin(html, TAG_LI);
    html_data(html, "item", slice_from("yes"));
    html_begin(html, TAG_P);
    sheet_record(sheet, other->string, (struct slice){NULL, 0});
    html_end(html, TAG_P);
    SAY_P(sheet, NULL, TR("Beside {0}; between the places: {1} m."), hole(HOLE_RECORD, one->string),
          hole(HOLE_NUMBER, slice_from(metres)));
    sheet_begin(sheet, TAG_P, "ways-on");
    put_decide(sheet, about, "same", TR("File a link: the same incident"));
    html_words(html, " ");
    put_decide(sheet, about, "distinct", TR("File a link: distinct incidents"));
    html_end(html, TAG_P);
    html_end(html, TAG_LI);
}

static void put_suggested(struct sheet *sheet, const struct json *suggested)
{
    sheet_heading(sheet, TAG_H2, TR("Links suggested"));
    if (items(suggested) == NULL) {
        html_words_in(&sheet->html, TAG_P, NULL,
                      TR("No other record tells of the same time and place that nobody linked or held apart."));
        return;
    }
    html_words_in(
        &sheet->html, TAG_P, "quiet",
        TR("At the same time and place within what is told of their errors. A suggestion joins nothing: whoever "
           "may link decides."));
    sheet_begin(sheet, TAG_UL, "values");
    for (const struct json *one = items(suggested); one != NULL; one = one->next) put_suggestion(sheet, one);
    html_end(&sheet->html, TAG_UL);
}

/* ---- evidence */

static void put_part(struct sheet *sheet, const struct json *record, const char *field)
{
    const struct json *value = json_find(record, field);
    if (value == NULL) return;
    html_begin(&sheet->html, TAG_DT);
    sheet_label(sheet, LABEL_FIELD, slice_from(field));
    html_end(&sheet->html, TAG_DT);
    html_begin(&sheet->html, TAG_DD);
    told_value(sheet, slice_from(field), value);
    html_end(&sheet->html, TAG_DD);
}

static void put_one_evidence(struct sheet *sheet, struct slice id)
{
    static const char *const fields[] = {"by", "sha256", "media_type", "size_bytes", "when", "where"};
    struct html *html = &sheet->html;
    const struct json *record = records_get(sheet->page->records, id), *custody = json_find(record, "custody");
    html_begin(html, TAG_LI);
    html_data(html, "item", slice_from("yes"));
    html_begin(html, TAG_H3);
    told_link(sheet, "/records", slice_from("evidence"), id);
    html_end(html, TAG_H3);
    sheet_begin(sheet, TAG_DL, "fields");
    for (size_t i = 0; i < COUNT_OF(fields); i++) put_part(sheet, record, fields[i]);
    html_end(html, TAG_DL);
    html_words_in(html, TAG_H4, NULL, TR("Chain of custody"));
    if (items(custody) == NULL)
        html_words_in(html, TAG_P, NULL, TR("No custody is told: who had it, and since when, is not known."));
    else
        sheet_value(sheet, slice_from("custody"), custody);
    html_end(html, TAG_LI);
}

static void put_evidence(struct sheet *sheet, const struct json *ids)
{
    sheet_heading(sheet, TAG_H2, TR("Evidence and custody"));
    if (items(ids) == NULL) {
        html_words_in(
            &sheet->html, TAG_P, NULL,
            TR("No evidence is named by these records so far. It is filed as a record that names one of them, "
               "with the hash of the file."));
        return;
    }
    sheet_begin(sheet, TAG_UL, "values");
    for (const struct json *id = items(ids); id != NULL; id = id->next) put_one_evidence(sheet, id->string);
    html_end(&sheet->html, TAG_UL);
}

/* ---- the page */

static void put_also(struct sheet *sheet, const struct json *also)
{
    if (items(also) == NULL) return;
    html_begin(&sheet->html, TAG_P);
    html_words(&sheet->html, TR("This record speaks of other incidents as well: "));
    for (const struct json *id = items(also); id != NULL; id = id->next) {
        told_link(sheet, "/incidents", (struct slice){NULL, 0}, id->string);
        if (id->next != NULL) html_words(&sheet->html, TR(", "));
    }
    html_end(&sheet->html, TAG_P);
}

/* ---- one that is no more */

/* Since when, by which record, and with which reason. */
static void put_withdrawn(struct sheet *sheet, struct slice cause)
{
    const struct json *record = records_get(sheet->page->records, cause), *text = json_find(record, "text");
    sheet_begin(sheet, TAG_P, "differs");
    SAY(sheet, TR("Withdrawn by its author, {0}, {1}: record {2}."), hole(HOLE_PARTY, json_find_string(record, "by")),
        hole(HOLE_TIME, json_find_string(record, "received")), hole(HOLE_RECORD, cause));
    html_end(&sheet->html, TAG_P);
    if (text == NULL) return;
    html_begin(&sheet->html, TAG_P);
    html_words(&sheet->html, TR("Reason: "));
    sheet_text(sheet, text);
    html_end(&sheet->html, TAG_P);
    sheet_translator(sheet, text, NULL);
}

/* The page as it was while the record still counted: what was known stays known. */
static void put_as_known_before(struct sheet *sheet, struct slice id, struct slice cause)
{
    OWN(address_clear) struct address address;
    char known[24];
    int64_t index = json_find_integer(records_get(sheet->page->records, cause), "index", 0);
    if (index == 0) return;
    snprintf(known, sizeof known, "%" PRId64, index);
    address_open(&address, "/incidents");
    address_part(&address, id);
    address_ask(&address, "known", slice_from(known));
    sheet_begin(sheet, TAG_P, "ways-on");
    html_begin(&sheet->html, TAG_A);
    html_address(&sheet->html, ATTR_HREF, &address);
    html_words(&sheet->html, TR("The incident as it was known until then"));
    html_end(&sheet->html, TAG_A);
    html_end(&sheet->html, TAG_P);
}

static const char *without_effect(struct slice effect)
{
    if (slice_is(effect, "unvouched")) return mark_sentence(effect);
    if (slice_is(effect, "waiting"))
        return TR("It names a record that is not in this log, and says nothing without it. Nothing counts it.");
    return TR("It has no effect where it stands in the log. Nothing counts it.");
}

static void put_gone_one(struct sheet *sheet, const struct json *gone)
{
    struct slice id = json_find_string(gone, "id"), effect = json_find_string(gone, "effect"),
                 cause = json_find_string(gone, "cause");
    html_begin(&sheet->html, TAG_LI);
    html_data(&sheet->html, "gone", effect);
    html_begin(&sheet->html, TAG_P);
    sheet_record(sheet, id, (struct slice){NULL, 0});
    html_end(&sheet->html, TAG_P);
    if (slice_is(effect, "retracted"))
        put_withdrawn(sheet, cause);
    else
        html_words_in(&sheet->html, TAG_P, "differs", without_effect(effect));
    if (cause.size > 0) put_as_known_before(sheet, id, cause);
    html_end(&sheet->html, TAG_LI);
}

static void put_gone(struct sheet *sheet, const struct json *incident)
{
    const struct json *named = json_find(incident, "named_by");
    html_words_in(
        &sheet->html, TAG_P, NULL,
        TR("No record that counts tells of this incident any more. Nothing was deleted: what stood here can be "
           "read, and what was known before stays as it was known."));
    sheet_begin(sheet, TAG_UL, "links");
    for (const struct json *one = items(json_find(incident, "gone")); one != NULL; one = one->next)
        put_gone_one(sheet, one);
    html_end(&sheet->html, TAG_UL);
    if (items(named) == NULL) return;
    sheet_heading(sheet, TAG_H2, TR("What others say of it"));
    sheet_records(sheet, named, NAMED_MOST);
}

/* ---- the whole */

static void put_incident(struct sheet *sheet, const struct json *incident)
{
    const struct json *members = json_find(incident, "members");
    html_words_in(
        &sheet->html, TAG_P, "quiet",
        TR("Records are one incident where a link says so that some reading of an agreement follows. Accounts "
           "stay beside each other."));
    put_also(sheet, json_find(incident, "also"));
    put_members(sheet, members);
    put_place(sheet, members);
    put_links(sheet, json_find(incident, "links"));
    put_readings(sheet, json_find(incident, "readings"));
    put_suggested(sheet, json_find(incident, "suggested"));
}

enum status page_incident(struct buffer *out, const struct page *page, const struct json *answer, struct error *error)
{
    struct sheet sheet = {.page = page, .answer = answer};
    const struct json *incident = json_find(answer, "incident"),
                      *evidence = json_find(json_find(incident, "beside"), "evidence");
    bool gone = items(json_find(incident, "gone")) != NULL;
    struct slice id = slice_part(json_find_string(incident, "first"), 0, 8);
    OWN(buffer_clear) struct buffer title = {0};
    buffer_put_string(&title, TR("Incident"));
    buffer_put_byte(&title, ' ');
    buffer_put(&title, id);
    sheet.agreement = told_agreement(&sheet, slice_from(""));
    sheet_open(&sheet, out, PLACE_INCIDENTS, buffer_slice(&title));
    html_begin(&sheet.html, TAG_H1);
    SAY(&sheet, TR("Incident {0}"), hole(HOLE_CODE, id));
    html_end(&sheet.html, TAG_H1);
    sheet_moment(&sheet);
    if (gone)
        put_gone(&sheet, incident);
    else
        put_incident(&sheet, incident);
    if (!gone || items(evidence) != NULL) put_evidence(&sheet, evidence);
    return sheet_close(&sheet, error);
}
