/* A text in one or several languages: which is the original, and who or what made each of the others. */
#include "record/check.h"

enum { TRANSLATOR_BYTES = 200 };

static enum status refuse(struct error *error, struct slice key, const char *sentence, struct slice what)
{
    enum status status = error_set(error, STATUS_REFUSED, "record-text", sentence, error_slice(what).text, NULL);
    return key.data == NULL ? status : error_under(error, status, key);
}

static enum status language_check(const struct json *member, struct error *error)
{
    if (!is_language(member->key)) {
        struct error_text key = error_slice(member->key);
        return error_under(error,
                           error_set(error, STATUS_REFUSED, "record-unknown-field",
                                     "A text has language codes (ar, en …), original, translated_by and machine; "
                                     "\"{0}\" is none of them.",
                                     key.text, NULL),
                           member->key);
    }
    if (member->type != JSON_STRING)
        return error_under(error, error_set(error, STATUS_REFUSED, "record-type", MUST_BE_STRING, "text", NULL),
                           member->key);
    if (member->string.size >= 1 && member->string.size <= LIMIT_TEXT_BYTES) return STATUS_DONE;
    return error_under(
        error,
        error_set(error, STATUS_REFUSED, "record-length", "\"{0}\" must have 1 to {1} bytes; it has {2}.", "text",
                  error_number(LIMIT_TEXT_BYTES).text, error_number((int64_t)member->string.size).text, NULL),
        member->key);
}

static const struct json *member_of(const struct json *object, struct slice key)
{
    if (object == NULL) return NULL;
    for (const struct json *member = object->first; member != NULL; member = member->next)
        if (slice_equal(member->key, key)) return member;
    return NULL;
}

/* A language that stands in the text and is not the original. */
static bool is_translation(const struct json *text, struct slice original, struct slice language)
{
    return is_language(language) && !slice_equal(language, original) && member_of(text, language) != NULL;
}

static enum status translators_check(const struct json *text, struct slice original, const struct json *made,
                                     struct error *error)
{
    struct slice at = slice_from("translated_by");
    if (made->type != JSON_OBJECT || made->first == NULL)
        return refuse(error, at, "\"translated_by\" names a translator for each language: {\"ar\":\"…\"}.", at);
    for (const struct json *who = made->first; who != NULL; who = who->next) {
        enum status status = STATUS_DONE;
        if (!is_translation(text, original, who->key))
            status = refuse(error, who->key, "\"{0}\" is no translation in this text.", who->key);
        else if (who->type != JSON_STRING || who->string.size < 1 || who->string.size > TRANSLATOR_BYTES)
            status =
                refuse(error, who->key, "The translator into \"{0}\" must be a string of 1 to 200 bytes.", who->key);
        if (status != STATUS_DONE) return error_under(error, status, at);
    }
    return STATUS_DONE;
}

static enum status machines_check(const struct json *text, struct slice original, const struct json *machine,
                                  struct error *error)
{
    struct slice at = slice_from("machine"), last = {NULL, 0};
    if (machine->type != JSON_ARRAY || machine->first == NULL)
        return refuse(error, at, "\"machine\" lists the languages that a machine translated.", at);
    size_t index = 0;
    for (const struct json *language = machine->first; language != NULL; language = language->next, index++) {
        enum status status = STATUS_DONE;
        struct slice code = language->type == JSON_STRING ? language->string : (struct slice){NULL, 0};
        if (!is_translation(text, original, code))
            status = refuse(error, (struct slice){NULL, 0}, "\"{0}\" is no translation in this text.", code);
        else if (slice_compare(last, code) >= 0)
            status = refuse(error, (struct slice){NULL, 0}, "The languages in \"machine\" must rise; \"{0}\" does not.",
                            code);
        if (status != STATUS_DONE) return error_under(error, error_under_index(error, status, index), at);
        last = code;
    }
    return STATUS_DONE;
}

static bool in_list(const struct json *list, struct slice code)
{
    for (const struct json *item = list == NULL ? NULL : list->first; item != NULL; item = item->next)
        if (slice_equal(item->string, code)) return true;
    return false;
}

/* Each translation says once who made it. */
static enum status provenance_check(const struct json *text, struct slice original, const struct json *translated,
                                    const struct json *machine, struct error *error)
{
    for (const struct json *member = text->first; member != NULL; member = member->next) {
        if (!is_translation(text, original, member->key)) continue;
        bool person = member_of(translated, member->key) != NULL, made = in_list(machine, member->key);
        if (person == made)
            return refuse(error, member->key,
                          person ? "Both a person and a machine translated \"{0}\": only one can stand."
                                 : "Nobody is named who translated \"{0}\": say so in translated_by or machine.",
                          member->key);
    }
    return STATUS_DONE;
}

enum status text_object_check(const struct json *text, struct error *error)
{
    const struct json *original = NULL, *translated = NULL, *machine = NULL;
    for (const struct json *member = text->first; member != NULL; member = member->next) {
        if (slice_is(member->key, "original"))
            original = member;
        else if (slice_is(member->key, "translated_by"))
            translated = member;
        else if (slice_is(member->key, "machine"))
            machine = member;
        else
            TRY(language_check(member, error));
    }
    struct slice at = slice_from("original");
    if (original == NULL)
        return error_under(
            error,
            error_set(error, STATUS_REFUSED, "record-missing", "The field \"{0}\" is missing.", "original", NULL), at);
    if (original->type != JSON_STRING || !is_language(original->string) || member_of(text, original->string) == NULL)
        return refuse(error, at, "\"original\" must be the code of a language that stands in the text.", at);
    if (translated != NULL) TRY(translators_check(text, original->string, translated, error));
    if (machine != NULL) TRY(machines_check(text, original->string, machine, error));
    return provenance_check(text, original->string, translated, machine, error);
}
