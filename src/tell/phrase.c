#include "tell/phrase.h"

#include "base/time.h"
#include "tell/names.h"
#include <inttypes.h>
#include <stdio.h>

static bool is_string(const struct json *value)
{
    return value != NULL && value->type == JSON_STRING;
}

const struct json *table_find(const struct voice *voice, const char *table, struct slice name)
{
    return tell_entry(voice->records, voice->agreement, table, name);
}

void say_called(const struct voice *voice, struct slice name, enum hole_type otherwise)
{
    struct slice called = tell_called(voice->records, voice->agreement, name);
    voice->thing(voice->context, called.size > 0 ? hole(HOLE_TEXT, called) : hole(otherwise, name));
}

static void say_name(const struct voice *voice, const struct json *name)
{
    if (is_string(name)) say_called(voice, name->string, HOLE_CODE);
}

static void say_party(const struct voice *voice, const struct json *party)
{
    if (is_string(party)) say_called(voice, party->string, HOLE_PARTY);
}

void phrase_list(const struct voice *voice, const struct json *list, const char *between, phrase *of)
{
    const struct json *item = list == NULL || list->type != JSON_ARRAY ? NULL : list->first;
    for (; item != NULL; item = item->next) {
        say_hole(voice, hole_phrase(of, item));
        if (item->next != NULL) say_words(voice, between);
    }
}

/* ---- who */

static void say_role(const struct voice *voice, const struct json *role)
{
    if (is_string(role)) say_word(voice, "role", role->string);
}

static void group_by_condition(const struct voice *voice, const struct json *group)
{
    const struct json *role = json_find(group, "role"), *not = json_find(group, "not"),
                      *affiliate = json_find(group, "affiliate_of"), *answered = json_find(group, "answered_for");
    if (json_find_bool(group, "designated")) say_words(voice, TR("a designated group"));
    if (json_find_bool(group, "assented")) say_words(voice, TR("whoever has assented"));
    if (role != NULL) TELL(voice, TR("whoever has the role: {0}"), hole_phrase(say_role, role));
    if (affiliate != NULL) TELL(voice, TR("an affiliate of {0}"), hole_phrase(say_party, affiliate));
    if (answered != NULL) TELL(voice, TR("{0} and those for whom it answers"), hole_phrase(say_party, answered));
    if (not != NULL) TELL(voice, TR("anyone but {0}"), hole_phrase(phrase_group, not ));
}

static void say_group(const struct voice *voice, const struct json *group, const char *between, phrase *again)
{
    if (group == NULL) return;
    if (group->type == JSON_ARRAY) phrase_list(voice, group, between, again);
    if (group->type == JSON_OBJECT) group_by_condition(voice, group);
    if (group->type != JSON_STRING) return;
    const struct json *entry = table_find(voice, "groups", group->string);
    if (slice_is(group->string, "*"))
        say_words(voice, TR("anyone"));
    else if (entry != NULL)
        say_hole(voice, hole_phrase(again, entry));
    else
        say_party(voice, group);
}

void phrase_group(const struct voice *voice, const struct json *group)
{
    say_group(voice, group, TR(" or "), phrase_group);
}

void phrase_everyone_of(const struct voice *voice, const struct json *group)
{
    say_group(voice, group, TR("; "), phrase_everyone_of);
}

void phrase_names(const struct voice *voice, const struct json *names)
{
    if (is_string(names)) say_party(voice, names);
    phrase_list(voice, names, TR("; "), phrase_names);
}

/* ---- what: acts, weapons */

void say_called_word(const struct voice *voice, const char *field, struct slice word)
{
    if (tell_called(voice->records, voice->agreement, word).size > 0)
        say_called(voice, word, HOLE_CODE);
    else
        say_word(voice, field, word);
}

static void say_act(const struct voice *voice, const struct json *act)
{
    if (is_string(act)) say_called_word(voice, "act", act->string);
}

static void say_weapon(const struct voice *voice, const struct json *weapon)
{
    if (is_string(weapon)) say_called_word(voice, "class", weapon->string);
}

/* Micrometres as millimetres, with as many decimals as there are. */
static void say_calibre(const struct voice *voice, const struct json *um)
{
    char text[32];
    if (um == NULL || um->type != JSON_INTEGER || um->integer < 0) return;
    int size = snprintf(text, sizeof text, "%" PRId64 ".%03" PRId64, um->integer / 1000, um->integer % 1000);
    while (size > 0 && text[size - 1] == '0') size--;
    if (size > 0 && text[size - 1] == '.') size--;
    voice->thing(voice->context, hole(HOLE_NUMBER, slice_of(text, (size_t)size)));
}

/* A list of words, or {any, um}. */
static void say_members(const struct voice *voice, const struct json *class, const char *between, phrase *member)
{
    const struct json *um = json_find(class, "um");
    phrase_list(voice, class->type == JSON_ARRAY ? class : json_find(class, "any"), between, member);
    if (um == NULL || um->type != JSON_ARRAY || um->size != 2) return;
    TELL(voice, TR("; calibre in mm: {0} to {1}"), hole_phrase(say_calibre, um->first),
         hole_phrase(say_calibre, um->first->next));
}

/* A class is told by its name and by all that is in it; in a list, names stand for themselves. */
static void say_class(const struct voice *voice, const struct json *class, const char *field, phrase *member)
{
    if (class == NULL) return;
    if (class->type != JSON_STRING) {
        say_members(voice, class, TR(" or "), member);
        return;
    }
    const struct json *entry = table_find(voice, "classes", class->string);
    bool known = entry != NULL && tell_word(slice_from("class"), class->string) != NULL;
    say_called_word(voice, known ? "class" : field, class->string);
    if (entry == NULL) return;
    say_words(voice, " (");
    say_members(voice, entry, TR(", "), member);
    say_words(voice, ")");
}

void phrase_acts(const struct voice *voice, const struct json *acts)
{
    say_class(voice, acts, "act", say_act);
}

void phrase_weapons(const struct voice *voice, const struct json *weapons)
{
    say_class(voice, weapons, "class", say_weapon);
}

/* ---- where */

static void say_point(const struct voice *voice, const struct json *point)
{
    char text[64];
    int64_t lat = json_find_integer(point, "lat_e7", 0), lon = json_find_integer(point, "lon_e7", 0);
    snprintf(text, sizeof text, "%s%" PRId64 ".%04" PRId64 ", %s%" PRId64 ".%04" PRId64, lat < 0 ? "-" : "",
             (lat < 0 ? -lat : lat) / 10000000, (lat < 0 ? -lat : lat) % 10000000 / 1000, lon < 0 ? "-" : "",
             (lon < 0 ? -lon : lon) / 10000000, (lon < 0 ? -lon : lon) % 10000000 / 1000);
    voice->thing(voice->context, hole(HOLE_NUMBER, slice_from(text)));
}

static const char *side_message(struct slice side)
{
    if (slice_is(side, "left")) return TR("within {0} m of {1}, on its left side");
    if (slice_is(side, "right")) return TR("within {0} m of {1}, on its right side");
    return TR("within {0} m of {1}");
}

static void say_buffer(const struct voice *voice, const struct json *place, const struct json *around)
{
    TELL(voice, side_message(json_find_string(place, "side")),
         hole_integer(HOLE_INTEGER, json_find_integer(place, "m", 0)), hole_phrase(phrase_place, around));
}

static void say_drawn(const struct voice *voice, const struct json *place)
{
    const struct json *point = json_find(place, "point"), *any = json_find(place, "any"),
                      *around = json_find(place, "buffer");
    struct slice area = json_find_string(place, "area"), name = tell_text(json_find(place, "name"));
    if (name.size > 0)
        voice->thing(voice->context, hole(HOLE_TEXT, name));
    else if (around != NULL)
        say_buffer(voice, place, around);
    else if (any != NULL)
        phrase_list(voice, any, TR(" or "), phrase_place);
    else if (area.size > 0)
        TELL(voice, TR("the area {0}, as last drawn"), hole_phrase(say_name, json_find(place, "area")));
    else if (point != NULL)
        say_point(voice, point);
    else if (json_find(place, "line") != NULL)
        say_words(voice, TR("a line drawn in the text"));
    else if (json_find(place, "polygon") != NULL)
        say_words(voice, TR("an area drawn in the text"));
    else if (json_find(place, "sealed") != NULL)
        say_words(voice, TR("a sealed place"));
}

/* A name is told as it is; what lies round something else is told besides. */
void phrase_place(const struct voice *voice, const struct json *place)
{
    if (place == NULL) return;
    if (place->type == JSON_OBJECT) say_drawn(voice, place);
    if (place->type != JSON_STRING) return;
    const struct json *entry = table_find(voice, "places", place->string), *around = json_find(entry, "buffer");
    struct slice name = tell_place(voice->records, voice->agreement, place->string);
    voice->thing(voice->context, hole(slice_equal(name, place->string) ? HOLE_CODE : HOLE_TEXT, name));
    if (around == NULL) return;
    say_words(voice, " (");
    say_buffer(voice, entry, around);
    say_words(voice, ")");
}

void phrase_places(const struct voice *voice, const struct json *places)
{
    phrase_list(voice, places, TR("; "), phrase_place);
}

/* ", at PLACE"; what lies round something else has its own word. */
static void say_where(const struct voice *voice, const struct json *place)
{
    const struct json *any = json_find(place, "any"), *first = any == NULL ? place : any->first;
    bool around = json_find(place, "name") == NULL && json_find(first, "buffer") != NULL;
    TELL(voice, around ? TR(", {0}") : TR(", at {0}"), hole_phrase(phrase_place, place));
}

/* ---- what is counted */

static void say_field_words(const struct voice *voice, const char *field, const struct json *words)
{
    if (is_string(words)) say_word(voice, field, words->string);
    const struct json *word = words == NULL || words->type != JSON_ARRAY ? NULL : words->first;
    for (; word != NULL; word = word->next) {
        if (is_string(word)) say_word(voice, field, word->string);
        if (word->next != NULL) say_words(voice, TR(" or "));
    }
}

static void say_result(const struct voice *voice, const struct json *words)
{
    say_field_words(voice, "result", words);
}

static void say_step(const struct voice *voice, const struct json *words)
{
    say_field_words(voice, "step", words);
}

static void say_receipt(const struct voice *voice, const struct json *words)
{
    say_field_words(voice, "receipt", words);
}

static void say_channel(const struct voice *voice, const struct json *channel)
{
    if (is_string(channel))
        voice->thing(voice->context, hole(HOLE_TEXT, tell_channel(voice->agreement, channel->string)));
}

static void say_kind(const struct voice *voice, struct slice kind, const struct json *acts)
{
    if (kind.size > 0) say_label(voice, LABEL_KIND, kind);
    if (kind.size > 0 && acts != NULL) say_words(voice, ": ");
    if (acts != NULL) say_hole(voice, hole_phrase(phrase_acts, acts));
    if (kind.size == 0 && acts == NULL) say_words(voice, TR("any act"));
}

void phrase_selector(const struct voice *voice, const struct json *selector)
{
    const struct json *any = json_find(selector, "any");
    const struct {
        const char *key, *message;
        phrase *phrase;
    } more[] = {
        {"step", ": {0}", say_step},
        {"result", ": {0}", say_result},
        {"receipt", ": {0}", say_receipt},
        {"actor", TR(", by {0}"), phrase_group},
        {"by", TR(", from {0}"), phrase_group},
        {"to", TR(", to {0}"), phrase_group},
        {"target", TR(", against {0}"), phrase_group},
        {"weapon", TR(", with {0}"), phrase_weapons},
        {"place", "{0}", say_where},
        {"channel", TR(", through the channel {0}"), say_channel},
    };
    if (selector == NULL || selector->type != JSON_OBJECT) return;
    if (any != NULL) {
        phrase_list(voice, any, TR("; or: "), phrase_selector);
        return;
    }
    say_kind(voice, json_find_string(selector, "kind"), json_find(selector, "act"));
    for (size_t i = 0; i < COUNT_OF(more); i++) {
        const struct json *value = json_find(selector, more[i].key);
        if (value != NULL) TELL(voice, more[i].message, hole_phrase(more[i].phrase, value));
    }
}

/* ---- when */

/* "2025-10-11T00:00:00", by the clock on the wall there. */
static void say_local(const struct voice *voice, const struct json *moment, struct slice local)
{
    char text[32];
    const struct json *zone = json_find(moment, "zone");
    snprintf(text, sizeof text, "%.10s %.5s", (const char *)local.data, (const char *)local.data + 11);
    TELL(voice, is_string(zone) ? TR("{0} local time ({1})") : TR("{0} local time"),
         hole(HOLE_NUMBER, slice_from(text)), hole_phrase(say_name, zone));
}

static void say_event(const struct voice *voice, const struct json *moment, const struct json *event)
{
    int64_t nth = json_find_integer(moment, "nth", 1);
    TELL(voice, nth > 1 ? TR("occurrence number {1} of this: {0}") : TR("the time of this: {0}"),
         hole_phrase(phrase_selector, event), hole_integer(HOLE_INTEGER, nth));
}

static void say_base(const struct voice *voice, const struct json *moment)
{
    const struct json *of = json_find(moment, "of"), *event = json_find(moment, "event"),
                      *first = json_find(moment, "first"), *last = json_find(moment, "last");
    struct slice at = json_find_string(moment, "at"), local = json_find_string(moment, "local"),
                 done = json_find_string(moment, "done");
    if (at.size > 0) voice->thing(voice->context, hole(HOLE_TIME, at));
    if (local.size >= 16) say_local(voice, moment, local);
    if (of != NULL) say_hole(voice, hole_phrase(phrase_moment, of));
    if (event != NULL) say_event(voice, moment, event);
    if (done.size > 0) TELL(voice, TR("the time when the term {0} is reached"), hole(HOLE_TERM, done));
    if (first != NULL) say_words(voice, TR("the first of these times: "));
    if (last != NULL) say_words(voice, TR("the last of these times: "));
    phrase_list(voice, first != NULL ? first : last, TR("; "), phrase_moment);
}

void phrase_moment(const struct voice *voice, const struct json *moment)
{
    int64_t plus_s = 0, days = json_find_integer(moment, "days", 0);
    const struct json *renew = json_find(moment, "renew");
    if (is_string(moment)) {
        const struct json *anchor = table_find(voice, "anchors", moment->string);
        if (anchor != NULL)
            say_hole(voice, hole_phrase(phrase_moment, anchor));
        else
            say_name(voice, moment);
        return;
    }
    say_base(voice, moment);
    if (duration_parse(&plus_s, json_find_string(moment, "plus")))
        TELL(voice, TR(", plus {0}"), hole_integer(HOLE_DURATION, plus_s));
    if (days != 0)
        TELL(voice, days > 0 ? TR(", plus {0}") : TR(", less {0}"), hole_integer(HOLE_DAYS, days > 0 ? days : -days));
    if (renew != NULL)
        TELL(voice, TR(", or whatever later moment all of these renew it to: {0}"),
             hole_phrase(phrase_everyone_of, renew));
}

/* ---- and then */

void phrase_verdicts(const struct voice *voice, const struct json *on)
{
    if (is_string(on)) voice->thing(voice->context, hole(HOLE_RESULT, on->string));
    phrase_list(voice, on, TR(" or "), phrase_verdicts);
}

void phrase_effect(const struct voice *voice, const struct json *effect)
{
    const struct json *what = json_find(effect, "what"), *channel = json_find(what, "channel");
    struct slice term = json_find_string(what, "term"), party = json_find_string(what, "party");
    say_label(voice, LABEL_EFFECT, json_find_string(effect, "do"));
    if (json_find_bool(what, "whole")) say_words(voice, TR(", concerning the agreement as a whole"));
    if (channel != NULL) TELL(voice, TR(", concerning the channel {0}"), hole_phrase(say_channel, channel));
    if (term.size > 0) TELL(voice, TR(", concerning the term {0}"), hole(HOLE_TERM, term));
    if (party.size > 0) TELL(voice, TR(", concerning {0}"), hole(HOLE_PARTY, party));
}
