/* What the text says of a statement: who said it, with which verb, and the days, people and places in it. */
#include "page/intake.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- what the text says */

void intake_value(const struct intake *in, const char *label, struct slice value)
{
    if (value.size == 0) return;
    sheet_field(in->sheet, label);
    sheet_hole(in->sheet, hole(HOLE_TEXT, value));
    sheet_field_end(in->sheet);
}

static void put_act(const struct intake *in, const struct json *statement)
{
    char id[40];
    snprintf(id, sizeof id, "act=%.*s", SLICE(json_find_string(statement, "act")));
    intake_value(in, TR("Verb"), json_find_string(statement, "cue"));
    sheet_field(in->sheet, TR("Classified by truce"));
    html_words(&in->sheet->html, words_label(LABEL_VALUE, id));
    sheet_field_end(in->sheet);
}

static void put_speaker(const struct intake *in, const struct json *statement)
{
    struct slice name = json_find_string(statement, "speaker_name"), called = json_find_string(statement, "speaker");
    if (name.size == 0 && called.size == 0) {
        sheet_field(in->sheet, TR("Speaker"));
        html_words(&in->sheet->html, TR("not named"));
        sheet_field_end(in->sheet);
    }
    intake_value(in, TR("Speaker"), name.size > 0 ? name : called);
    intake_value(in, TR("Perhaps another spelling of"), json_find_string(statement, "perhaps"));
    intake_value(in, TR("Role"), json_find_string(statement, "role"));
    intake_value(in, TR("Organisation"), json_find_string(statement, "organisation"));
    intake_value(in, TR("Addressed or accused"), json_find_string(statement, "target"));
}

/* A day that is not certain says so; one of another calendar as it stands there too. */
static void put_date(const struct intake *in, const struct json *date)
{
    struct slice value = json_find_string(date, "value"), stated = json_find_string(date, "stated");
    struct sheet *sheet = in->sheet;
    if (value.size == 0 && stated.size == 0) {
        html_words(&sheet->html, TR("no certain day"));
        return;
    }
    sheet_hole(sheet, hole(HOLE_CODE, value.size > 0 ? value : stated));
    html_words(&sheet->html, " ");
    if (!slice_is(json_find_string(date, "calendar"), "gregorian"))
        SAY(sheet, TR("(Hijri, Umm al-Qura: {0})"), hole(HOLE_CODE, stated));
    if (!json_find_bool(date, "certain")) html_words(&sheet->html, TR("(proposed)"));
}

static void put_count(const struct intake *in, const struct json *count)
{
    char text[64];
    int64_t low = json_find_integer(count, "low", -1), best = json_find_integer(count, "best", -1),
            high = json_find_integer(count, "high", -1);
    if (best >= 0)
        snprintf(text, sizeof text, "%" PRId64, best);
    else if (high < 0)
        snprintf(text, sizeof text, "≥%" PRId64, low);
    else
        snprintf(text, sizeof text, "%" PRId64 "–%" PRId64, low < 0 ? 0 : low, high);
    sheet_hole(in->sheet, hole(HOLE_NUMBER, slice_from(text)));
}

/* Every candidate is named: nothing is chosen. */
static void put_place(const struct intake *in, const struct json *place)
{
    const struct json *candidates = json_find(place, "candidates");
    for (const struct json *c = candidates == NULL ? NULL : candidates->first; c != NULL; c = c->next) {
        struct slice name = json_find_string(json_find(c, "names"), words_arabic() ? "ar" : "en");
        if (c != candidates->first) {
            html_words(&in->sheet->html, " ");
            html_words(&in->sheet->html, TR("or"));
            html_words(&in->sheet->html, " ");
        }
        sheet_hole(in->sheet, hole(HOLE_TEXT, name.size > 0 ? name : json_find_string(c, "id")));
    }
}

static void put_named(const struct intake *in, const char *label, const struct json *positions,
                      const struct json **list, size_t size,
                      void (*put)(const struct intake *in, const struct json *one))
{
    if (positions == NULL || positions->first == NULL) return;
    sheet_field(in->sheet, label);
    for (const struct json *p = positions->first; p != NULL; p = p->next) {
        if (p != positions->first) html_words(&in->sheet->html, TR(", "));
        if (p->type == JSON_INTEGER && p->integer >= 0 && (uint64_t)p->integer < size) put(in, list[p->integer]);
    }
    sheet_field_end(in->sheet);
}

static void put_offered_places(const struct intake *in, const char *label, const struct json *list, const char *member)
{
    if (list == NULL || list->first == NULL) return;
    sheet_field(in->sheet, label);
    for (const struct json *one = list->first; one != NULL; one = one->next) {
        const struct json *agreement = records_agreement(in->sheet->page->records, json_find_string(one, "agreement"));
        struct slice id = json_find_string(one, member);
        if (one != list->first) html_words(&in->sheet->html, TR(", "));
        bool channel = strcmp(member, "channel") == 0;
        sheet_hole(in->sheet, channel ? hole(HOLE_TEXT, tell_channel(agreement, id)) : hole(HOLE_CODE, id));
    }
    sheet_field_end(in->sheet);
}

void intake_facts(const struct intake *in, const struct json *statement)
{
    const struct json *offers = json_find(statement, "offers");
    sheet_begin(in->sheet, TAG_DL, "fields");
    put_act(in, statement);
    put_speaker(in, statement);
    put_named(in, TR("Dates"), json_find(statement, "dates"), in->date, in->dates, put_date);
    put_named(in, TR("Numbers of people"), json_find(statement, "counts"), in->count, in->counts, put_count);
    put_named(in, TR("Places"), json_find(statement, "places"), in->place, in->places, put_place);
    put_offered_places(in, TR("Perhaps on the channel"), json_find(offers, "channels"), "channel");
    put_offered_places(in, TR("Perhaps on the term"), json_find(offers, "terms"), "term");
    html_end(&in->sheet->html, TAG_DL);
}
