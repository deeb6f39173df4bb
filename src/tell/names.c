#include "tell/names.h"

#include <stdio.h>

struct slice tell_text(const struct json *text)
{
    char original[8];
    if (text == NULL) return (struct slice){NULL, 0};
    if (text->type == JSON_STRING) return text->string;
    struct slice words = json_find_string(text, language_code(words_language_now()));
    if (words.data != NULL) return words;
    snprintf(original, sizeof original, "%.*s", SLICE(json_find_string(text, "original")));
    words = json_find_string(text, original);
    for (const struct json *member = text->first; words.data == NULL && member != NULL; member = member->next)
        if (member->type == JSON_STRING && !slice_is(member->key, "original")) words = member->string;
    return words;
}

const char *tell_word(struct slice field, struct slice word)
{
    char id[64];
    if (word.size == 0 || field.size + word.size + 2 > sizeof id) return NULL;
    snprintf(id, sizeof id, "%.*s=%.*s", SLICE(field), SLICE(word));
    const char *label = words_label(LABEL_VALUE, id);
    if (label == id) label = words_label(LABEL_EVENT, id);
    return label == id ? NULL : label;
}

struct slice tell_gist(const struct json *record)
{
    static const char *const texts[] = {"title", "text", "names"};
    static const char *const names[] = {"act",  "step",  "finding", "response", "receipt", "result",  "change",
                                        "link", "group", "site",    "area",     "party",   "decision"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct slice text = tell_text(json_find(record, texts[i]));
        if (text.size > 0) return text;
    }
    struct slice exact = json_find_string(json_find(record, "words"), "exact");
    for (size_t i = 0; i < COUNT_OF(names) && exact.size == 0; i++) {
        exact = json_find_string(record, names[i]);
        const char *label = tell_word(slice_from(names[i]), exact);
        if (label != NULL) return slice_from(label);
    }
    return exact;
}

struct slice tell_when(const struct json *record)
{
    struct slice when = json_find_string(json_find(record, "when"), "from");
    if (when.data == NULL) when = json_find_string(json_find(json_find(record, "event"), "when"), "from");
    if (when.data == NULL) when = json_find_string(record, "at");
    return when.data != NULL ? when : json_find_string(record, "written");
}

const char *text_of(struct buffer *buffer)
{
    buffer_put_byte(buffer, '\0');
    return buffer->failed ? "" : (const char *)buffer->data;
}

const char *text_of_slice(struct buffer *buffer, struct slice text)
{
    buffer_put(buffer, text);
    return text_of(buffer);
}

const char *tell_label(enum label_table table, struct slice id, char *copy, size_t size)
{
    snprintf(copy, size, "%.*s", SLICE(id));
    return words_label(table, copy);
}

/* ---- names */

struct slice tell_party(struct records *records, struct slice party)
{
    struct slice name = records == NULL ? (struct slice){NULL, 0} : tell_text(records_party(records, party));
    return name.size > 0 ? name : party;
}

const struct json *tell_entry(struct records *records, const struct json *agreement, const char *table,
                              struct slice name)
{
    const struct json *tables = agreement, *parts = json_find(agreement, "parts");
    const struct json *part = parts == NULL || parts->type != JSON_ARRAY ? NULL : parts->first;
    while (tables != NULL) {
        const struct json *entries = json_find(tables, table);
        for (const struct json *entry = entries == NULL ? NULL : entries->first; entry != NULL; entry = entry->next)
            if (slice_equal(entry->key, name)) return entry;
        tables = NULL;
        for (; part != NULL && tables == NULL; part = part->next)
            tables = part->type == JSON_STRING ? records_get(records, part->string) : NULL;
    }
    return NULL;
}

struct slice tell_called(struct records *records, const struct json *agreement, struct slice name)
{
    return tell_text(tell_entry(records, agreement, "names", name));
}

struct slice tell_place(struct records *records, const struct json *agreement, struct slice place)
{
    struct slice called = tell_called(records, agreement, place);
    if (called.size == 0) called = tell_text(json_find(tell_entry(records, agreement, "places", place), "name"));
    return called.size > 0 ? called : place;
}

static struct slice named_in(const struct json *agreement, const char *table, struct slice id)
{
    const struct json *names = json_find(agreement, table);
    for (const struct json *entry = names == NULL ? NULL : names->first; entry != NULL; entry = entry->next) {
        struct slice name = slice_equal(entry->key, id) ? tell_text(json_find(entry, "name")) : (struct slice){NULL, 0};
        if (name.size > 0) return name;
    }
    return id;
}

struct slice tell_channel(const struct json *agreement, struct slice channel)
{
    return named_in(agreement, "channels", channel);
}

struct slice tell_reading(const struct json *agreement, struct slice reading)
{
    return named_in(agreement, "readings", reading);
}

void tell_names(struct buffer *out, struct records *records, const struct json *names)
{
    if (names == NULL) return;
    if (names->type == JSON_STRING) words_isolate(out, tell_party(records, names->string));
    for (const struct json *name = names->type == JSON_ARRAY ? names->first : NULL; name != NULL; name = name->next) {
        words_isolate(out, tell_party(records, name->string));
        if (name->next != NULL) buffer_put_string(out, TR(", "));
    }
}

void tell_ids(struct buffer *out, const struct json *ids, size_t most)
{
    size_t shown = 0;
    for (const struct json *id = ids == NULL ? NULL : ids->first; id != NULL; id = id->next) {
        if (shown++ == most) {
            buffer_put_string(out, " …");
            return;
        }
        if (shown > 1) buffer_put_string(out, TR(", "));
        words_isolate(out, slice_part(id->string, 0, 8));
    }
}

void tell_readings(struct buffer *out, const struct json *agreement, const struct json *readings)
{
    char verdict[80];
    for (const struct json *reading = readings->first; reading != NULL; reading = reading->next) {
        struct slice id = reading->type == JSON_OBJECT ? json_find_string(reading, "verdict") : reading->string;
        words_isolate(out, tell_reading(agreement, reading->key));
        buffer_put_string(out, ": ");
        buffer_put_string(out, tell_label(LABEL_VERDICT, id, verdict, sizeof verdict));
        if (reading->next != NULL) buffer_put_string(out, TR("; "));
    }
}

/* ---- terms */

static const struct json *clause_in(const struct json *tables, struct slice id)
{
    const struct json *terms = json_find(tables, "terms");
    for (const struct json *term = terms == NULL ? NULL : terms->first; term != NULL; term = term->next)
        if (slice_equal(json_find_string(term, "id"), id)) return json_find(term, "clause");
    return NULL;
}

const struct json *tell_clause_text(struct records *records, const struct json *agreement, struct slice id)
{
    const struct json *clause = clause_in(agreement, id), *parts = json_find(agreement, "parts");
    for (const struct json *part = parts == NULL ? NULL : parts->first; part != NULL && clause == NULL;
         part = part->next)
        clause = clause_in(records_get(records, part->string), id);
    return clause;
}

struct slice tell_clause(struct records *records, const struct json *agreement, struct slice id)
{
    return tell_text(tell_clause_text(records, agreement, id));
}

bool tell_readings_agree(const struct json *readings, struct slice verdict)
{
    for (const struct json *reading = readings == NULL ? NULL : readings->first; reading != NULL;
         reading = reading->next)
        if (!slice_equal(reading->type == JSON_OBJECT ? json_find_string(reading, "verdict") : reading->string,
                         verdict))
            return false;
    return true;
}
