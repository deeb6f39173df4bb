#include "cli/tell.h"

#include "base/time.h"
#include "cli/words.h"
#include <inttypes.h>
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

struct slice tell_gist(const struct json *record)
{
    static const char *const texts[] = {"text", "title", "names"};
    static const char *const names[] = {"act",  "step",  "finding", "response", "receipt", "result",  "change",
                                        "link", "group", "site",    "area",     "party",   "decision"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct slice text = tell_text(json_find(record, texts[i]));
        if (text.size > 0) return text;
    }
    struct slice exact = json_find_string(json_find(record, "words"), "exact");
    for (size_t i = 0; i < COUNT_OF(names) && exact.size == 0; i++) exact = json_find_string(record, names[i]);
    return exact;
}

struct slice tell_when(const struct json *record)
{
    struct slice when = json_find_string(json_find(record, "when"), "from");
    if (when.data == NULL) when = json_find_string(json_find(json_find(record, "event"), "when"), "from");
    if (when.data == NULL) when = json_find_string(record, "at");
    return when.data != NULL ? when : json_find_string(record, "written");
}

void tell_value(struct doc *doc, unsigned depth, const char *label, struct slice value)
{
    OWN(buffer_clear) struct buffer copy = {0};
    if (value.size == 0) return;
    buffer_put(&copy, value);
    buffer_put_byte(&copy, '\0');
    if (copy.failed) return;
    words_fill(doc_text(doc), label, (const char *)copy.data, NULL);
    doc_line(doc, depth);
}

void tell_moment(struct doc *doc, const struct json *answer)
{
    OWN(buffer_clear) struct buffer time = {0}, known = {0}, later = {0};
    int64_t later_records = json_find_integer(answer, "later", 0);
    words_time(&time, json_find_string(answer, "as_of"));
    words_count(&known, NOUN_RECORD, (uint64_t)json_find_integer(answer, "known", 0));
    words_count(&later, NOUN_RECORD, (uint64_t)later_records);
    buffer_put_byte(&time, '\0'), buffer_put_byte(&known, '\0'), buffer_put_byte(&later, '\0');
    if (time.failed || known.failed || later.failed) return;
    if (json_find_bool(answer, "exercise")) doc_say_note(doc, 0, TR("Exercise data"));
    words_fill(doc_text(doc), TR("As of {0}. Known: {1}."), (const char *)time.data, (const char *)known.data, NULL);
    if (later_records > 0) {
        buffer_put_byte(doc_text(doc), ' ');
        words_fill(doc_text(doc), TR("Later records are not shown: {0}."), (const char *)later.data, NULL);
    }
    doc_line(doc, 0);
}
