/* One record, field by field: labels for people, values as they were signed. */
#include "cli/tell.h"
#include "tell/delivery.h"
#include "tell/typed.h"
#include "tell/words.h"

#include <inttypes.h>
#include <stdio.h>

static void put_label(struct doc *doc, struct slice key)
{
    char id[ERROR_POINTER_SIZE + 32];
    snprintf(id, sizeof id, "%.*s", SLICE(key));
    buffer_put_string(doc_text(doc), words_label(LABEL_FIELD, id));
    buffer_put_string(doc_text(doc), ": ");
}

static bool is_text(const struct json *value)
{
    return value->type == JSON_OBJECT && (json_find(value, "ar") != NULL || json_find(value, "en") != NULL);
}

static bool is_point(const struct json *value)
{
    return value->type == JSON_OBJECT && value->size == 2 && json_find(value, "lat_e7") != NULL &&
           json_find(value, "lon_e7") != NULL;
}

/* The reader's language; beside a translation, whose it is: a person's, a machine's, and never the signed original. */
static void put_text(struct buffer *out, const struct json *text)
{
    const char *language = language_code(words_language_now());
    struct slice original = json_find_string(text, "original");
    buffer_put(out, tell_text(text));
    if (json_find(text, language) == NULL || original.data == NULL || slice_is(original, language)) return;
    const struct json *translators = json_find(text, "translated_by");
    struct slice by = json_find_string(translators, language);
    char name[220];
    buffer_put_byte(out, ' ');
    snprintf(name, sizeof name, "%.*s", SLICE(by));
    words_fill(out, by.size > 0 ? TR("(translated by: {0})") : TR("(unofficial translation)"), name, NULL);
}

static void put_plain(struct buffer *out, const struct json *value)
{
    OWN(buffer_clear) struct buffer text = {0};
    char lat[DEGREES_TEXT_SIZE], lon[DEGREES_TEXT_SIZE];
    if (is_point(value)) {
        degrees_format((int32_t)json_find_integer(value, "lat_e7", 0), lat);
        degrees_format((int32_t)json_find_integer(value, "lon_e7", 0), lon);
        buffer_print(&text, "%s, %s", lat, lon);
    } else if (value->type == JSON_STRING) {
        words_time(&text, value->string);
    } else if (value->type == JSON_INTEGER) {
        buffer_print(&text, "%" PRId64, value->integer);
    } else {
        buffer_put_string(&text, value->type == JSON_TRUE ? TR("yes") : TR("no"));
    }
    words_isolate(out, buffer_slice(&text));
}

static bool is_plain(const struct json *value)
{
    return (value->type != JSON_OBJECT && value->type != JSON_ARRAY) || is_point(value);
}

static bool all_plain(const struct json *array)
{
    for (const struct json *item = array->first; item != NULL; item = item->next)
        if (!is_plain(item)) return false;
    return true;
}

static void put_members(struct doc *doc, unsigned depth, const struct json *object);

/* "/where/point (exact): for un-monitor, liaison" */
static void put_sealed_line(struct doc *doc, unsigned depth, const struct json *item)
{
    OWN(buffer_clear) struct buffer readers = {0};
    char pointer[ERROR_POINTER_SIZE], level[16];
    const struct json *list = json_find(item, "readers");
    snprintf(pointer, sizeof pointer, "%.*s", SLICE(json_find_string(item, "pointer")));
    snprintf(level, sizeof level, "%.*s", SLICE(json_find_string(item, "level")));
    for (const struct json *r = list == NULL ? NULL : list->first; r != NULL; r = r->next) {
        words_isolate(&readers, r->string);
        if (r->next != NULL) buffer_put_string(&readers, TR(", "));
    }
    buffer_put_byte(&readers, '\0');
    if (readers.failed) return;
    words_fill(doc_text(doc), list == NULL ? TR("{0} ({1}): it is not said who can open it") : TR("{0} ({1}): for {2}"),
               pointer, level, (const char *)readers.data, NULL);
    doc_line(doc, depth);
}

static void put_member(struct doc *doc, unsigned depth, const struct json *member)
{
    put_label(doc, member->key);
    if (slice_is(member->key, "sealed") && member->type == JSON_ARRAY) {
        doc_line(doc, depth);
        for (const struct json *item = member->first; item != NULL; item = item->next)
            put_sealed_line(doc, depth + 1, item);
    } else if (is_text(member)) {
        put_text(doc_text(doc), member);
        doc_line(doc, depth);
    } else if (is_plain(member)) {
        put_plain(doc_text(doc), member);
        doc_line(doc, depth);
    } else if (member->type == JSON_ARRAY && all_plain(member)) {
        for (const struct json *item = member->first; item != NULL; item = item->next) {
            put_plain(doc_text(doc), item);
            if (item->next != NULL) buffer_put_string(doc_text(doc), TR(", "));
        }
        doc_line(doc, depth);
    } else {
        doc_line(doc, depth);
        for (const struct json *item = member->first; member->type == JSON_ARRAY && item != NULL; item = item->next) {
            put_members(doc, depth + 1, item);
            if (item->next != NULL) doc_say_line(doc, depth + 1, "·");
        }
        if (member->type == JSON_OBJECT) put_members(doc, depth + 1, member);
    }
}

static void put_members(struct doc *doc, unsigned depth, const struct json *object)
{
    if (depth > DOC_DEPTH_MOST) { /* deeper than a page can show: as it was signed */
        words_isolate(doc_text(doc), object->source);
        doc_line(doc, depth);
        return;
    }
    if (object->type != JSON_OBJECT) {
        if (is_plain(object)) put_plain(doc_text(doc), object);
        for (const struct json *item = object->first; item != NULL && object->type == JSON_ARRAY; item = item->next)
            put_members(doc, depth + 1, item);
        doc_line(doc, depth);
        return;
    }
    for (const struct json *member = object->first; member != NULL; member = member->next)
        put_member(doc, depth, member);
}

/* Members that are told first, and those that are only for programs (see show --json). */
static const char *const first[] = {"id", "index", "by", "written", "received", "void"};
static const char *const never[] = {"kind", "v", "register", "key", "seq", "prev", "marks"};

static bool among(const char *const *names, size_t count, struct slice key)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(key, names[i])) return true;
    return false;
}

void tell_members(struct doc *doc, unsigned depth, const struct json *record)
{
    for (const struct json *member = record->first; member != NULL; member = member->next)
        if (!among(never, COUNT_OF(never), member->key)) put_member(doc, depth, member);
}

static const struct {
    const char *state, *sentence;
} unopened[] = {
    {"not-to-you", N_("{0} ({1}): not sealed to this key")},
    {"absent", N_("{0} ({1}): what is sealed is not kept here")},
    {"not-kept", N_("{0} ({1}): its author kept the opening to itself")},
    {"erased", N_("{0} ({1}): erased here")},
    {"broken", N_("{0} ({1}): what is kept is not what the record sealed")},
};

/* A field that was opened: its value stands under its pointer and level. */
static void put_opened(struct doc *doc, unsigned depth, const struct json *field, const struct json *value)
{
    struct json shown = *value;
    char pointer[ERROR_POINTER_SIZE], level[16], label[ERROR_POINTER_SIZE + 32];
    snprintf(pointer, sizeof pointer, "%.*s", SLICE(json_find_string(field, "pointer")));
    snprintf(level, sizeof level, "%.*s", SLICE(json_find_string(field, "level")));
    snprintf(label, sizeof label, "%s (%s)", pointer, level);
    shown.key = slice_from(label);
    put_member(doc, depth, &shown);
}

void tell_opened(struct doc *doc, unsigned depth, const struct json *fields)
{
    for (const struct json *field = fields == NULL ? NULL : fields->first; field != NULL; field = field->next) {
        const struct json *value = json_find(field, "value");
        char pointer[ERROR_POINTER_SIZE], level[16];
        if (value != NULL) put_opened(doc, depth, field, value);
        snprintf(pointer, sizeof pointer, "%.*s", SLICE(json_find_string(field, "pointer")));
        snprintf(level, sizeof level, "%.*s", SLICE(json_find_string(field, "level")));
        for (size_t i = 0; value == NULL && i < COUNT_OF(unopened); i++) {
            if (!slice_is(json_find_string(field, "state"), unopened[i].state)) continue;
            words_fill(doc_text(doc), truce_word(unopened[i].sentence), pointer, level, NULL);
            doc_line(doc, depth);
        }
    }
}

void tell_record(struct doc *doc, const struct json *record)
{
    static const char *const protective[] = {"notice", "site", "passage"};
    char kind[80];
    struct slice kind_slice = json_find_string(record, "kind");
    snprintf(kind, sizeof kind, "%.*s", SLICE(kind_slice));
    doc_say_heading(doc, 1, words_label(LABEL_KIND, kind));
    for (size_t i = 0; i < COUNT_OF(first); i++)
        if (json_find(record, first[i]) != NULL) put_member(doc, 0, json_find(record, first[i]));
    for (const struct json *member = record->first; member != NULL; member = member->next)
        if (!among(first, COUNT_OF(first), member->key) && !among(never, COUNT_OF(never), member->key))
            put_member(doc, 0, member);
    const struct json *marks = json_find(record, "marks");
    for (const struct json *mark = marks == NULL ? NULL : marks->first; mark != NULL; mark = mark->next)
        if (mark_sentence(mark->string) != NULL) doc_say_note(doc, 0, mark_sentence(mark->string));
    if (among(protective, COUNT_OF(protective), kind_slice))
        doc_say_note(doc, 0,
                     TR("This does not make a place or journey safe. The law protects it whether or not it is "
                        "listed here."));
}
