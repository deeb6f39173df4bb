/* Single values: their type, form and range. */
#include "base/time.h"
#include "crypto/note.h"
#include "crypto/reader_key.h"
#include "record/check.h"

static const char *const type_sentences[] = {
    [FIELD_BOOL] = "The field \"{0}\" must be true or false.",
    [FIELD_INTEGER] = "The field \"{0}\" must be an integer.",
    [FIELD_STRING] = MUST_BE_STRING,
    [FIELD_SLUG] = MUST_BE_STRING,
    [FIELD_TERM] = MUST_BE_STRING,
    [FIELD_POINTER] = MUST_BE_STRING,
    [FIELD_HASH] = MUST_BE_STRING,
    [FIELD_ID] = MUST_BE_STRING,
    [FIELD_KEY_ID] = MUST_BE_STRING,
    [FIELD_VERIFIER] = MUST_BE_STRING,
    [FIELD_ANY_KEY] = MUST_BE_STRING,
    [FIELD_TIME] = MUST_BE_STRING,
    [FIELD_DURATION] = MUST_BE_STRING,
    [FIELD_WORD] = MUST_BE_STRING,
    [FIELD_TEXT] = MUST_BE_OBJECT,
    [FIELD_OBJECT] = MUST_BE_OBJECT,
};

static enum status type_wrong(const struct field *field, struct error *error)
{
    return error_set(error, STATUS_REFUSED, "record-type", type_sentences[field->type], field->name, NULL);
}

static bool slug_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-';
}

bool is_slug(struct slice text)
{
    if (text.size == 0 || text.size > LIMIT_NAME_BYTES) return false;
    for (size_t i = 0; i < text.size; i++)
        if (!slug_byte(text.data[i])) return false;
    return true;
}

bool is_language(struct slice text)
{
    if (text.size < 2 || text.size > 3) return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 'a' || text.data[i] > 'z') return false;
    return true;
}

bool key_id_parse(uint32_t *out, struct slice hex)
{
    uint8_t id[4];
    if (!hex_parse(id, sizeof id, hex)) return false;
    *out = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
    return true;
}

static bool is_term(struct slice text)
{
    const uint8_t *slash = text.size == 0 ? NULL : memchr(text.data, '/', text.size);
    if (slash == NULL) return is_slug(text);
    size_t size = (size_t)(slash - text.data);
    return is_slug(slice_part(text, 0, size)) && is_slug(slice_part(text, size + 1, SIZE_MAX));
}

/* RFC 6901: "" or "/…", where ~ stands only as ~0 or ~1. */
static bool is_pointer(struct slice text)
{
    if (text.size >= ERROR_POINTER_SIZE || (text.size > 0 && text.data[0] != '/')) return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == '~' && (i + 1 == text.size || (text.data[i + 1] != '0' && text.data[i + 1] != '1')))
            return false;
    return true;
}

static enum status integer_check(const struct field *field, const struct json *value, struct error *error)
{
    if (value->type != JSON_INTEGER) return type_wrong(field, error);
    if (value->integer >= field->least && value->integer <= field->most) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "record-range", "\"{0}\" is {1}; it must lie between {2} and {3}.",
                     field->name, error_number(value->integer).text, error_number(field->least).text,
                     error_number(field->most).text, NULL);
}

static enum status length_check(const struct field *field, const struct json *value, struct error *error)
{
    int64_t most = field->most != 0 ? field->most : LIMIT_STRING_BYTES;
    if (value->string.size >= 1 && (int64_t)value->string.size <= most) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "record-length", "\"{0}\" must have 1 to {1} bytes; it has {2}.",
                     field->name, error_number(most).text, error_number((int64_t)value->string.size).text, NULL);
}

static enum status word_check(const struct field *field, const struct json *value, struct error *error)
{
    struct slice word = value->string;
    uint8_t first = word.size == 0 ? 0 : word.data[0];
    for (unsigned i = 0; field->words[i] != NULL; i++)
        if ((uint8_t)field->words[i][0] == first && slice_is(word, field->words[i])) return STATUS_DONE;
    struct suggestion near = {.typed = value->string};
    for (unsigned i = 0; field->words[i] != NULL; i++) suggestion_consider(&near, field->words[i]);
    struct error_text typed = error_slice(value->string);
    if (near.best != NULL)
        return error_set(error, STATUS_REFUSED, "record-word",
                         "\"{0}\" is no word for the field \"{1}\". Did you mean \"{2}\"?", typed.text, field->name,
                         near.best, NULL);
    return error_set(error, STATUS_REFUSED, "record-word", "\"{0}\" is no word for the field \"{1}\".", typed.text,
                     field->name, NULL);
}

static enum status verifier_check(struct slice text, struct error *error)
{
    struct verifier ignored;
    if (verifier_parse(&ignored, text, error) == STATUS_DONE) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "record-verifier",
                     "\"{0}\" is no verifier key (name+8 hex digits+base64, the digits being the key's id).",
                     error_slice(text).text, NULL);
}

static enum status any_key_check(struct slice text, struct error *error)
{
    struct reader_key ignored;
    return reader_key_parse(&ignored, text, NULL) == STATUS_DONE ? STATUS_DONE : verifier_check(text, error);
}

static enum status time_check(struct slice text, struct error *error)
{
    int64_t seconds;
    if (time_parse(&seconds, text)) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "record-time",
                     "\"{0}\" is no time. Write YYYY-MM-DDThh:mm:ssZ, in UTC, on a day that exists.",
                     error_slice(text).text, NULL);
}

static enum status duration_check(struct slice text, struct error *error)
{
    int64_t seconds;
    if (duration_parse(&seconds, text)) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "record-duration",
                     "\"{0}\" is no duration. Write PnD, PTnH, PTnM or PTnS, in the largest unit that is exact.",
                     error_slice(text).text, NULL);
}

static enum status slug_check(const struct field *field, struct slice text, struct error *error)
{
    if (is_slug(text)) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "record-slug",
                     "\"{0}\" cannot be the name in \"{1}\": a name is 1 to 64 of a-z, 0-9 and -.",
                     error_slice(text).text, field->name, NULL);
}

static enum status hex_check(const struct field *field, struct slice text, size_t size, struct error *error)
{
    if (text.size == size && hex_is(text)) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "record-hash", "\"{0}\" must have exactly {1} digits of 0-9 and a-f.",
                     field->name, error_number((int64_t)size).text, NULL);
}

static enum status string_check(const struct field *field, const struct json *value, struct error *error)
{
    struct slice text = value->string;
    switch (field->type) {
    case FIELD_STRING: return length_check(field, value, error);
    case FIELD_SLUG: return slug_check(field, text, error);
    case FIELD_TERM:
        if (is_term(text)) return STATUS_DONE;
        return error_set(error, STATUS_REFUSED, "record-term", "\"{0}\" names no term. Write TERM or AGREEMENT/TERM.",
                         error_slice(text).text, NULL);
    case FIELD_POINTER:
        if (is_pointer(text)) return STATUS_DONE;
        return error_set(error, STATUS_REFUSED, "record-pointer", "\"{0}\" is no JSON pointer.", error_slice(text).text,
                         NULL);
    case FIELD_HASH:
    case FIELD_ID: return hex_check(field, text, 64, error);
    case FIELD_KEY_ID: return hex_check(field, text, 8, error);
    case FIELD_VERIFIER: return verifier_check(text, error);
    case FIELD_ANY_KEY: return any_key_check(text, error);
    case FIELD_TIME: return time_check(text, error);
    case FIELD_DURATION: return duration_check(text, error);
    case FIELD_WORD: return word_check(field, value, error);
    case FIELD_BOOL:
    case FIELD_INTEGER:
    case FIELD_TEXT:
    case FIELD_TREE:
    case FIELD_OBJECT: break;
    }
    return type_wrong(field, error);
}

enum status value_check(const struct field *field, const struct json *value, struct error *error)
{
    switch (field->type) {
    case FIELD_BOOL:
        return value->type == JSON_TRUE || value->type == JSON_FALSE ? STATUS_DONE : type_wrong(field, error);
    case FIELD_INTEGER: return integer_check(field, value, error);
    case FIELD_TREE: return STATUS_DONE;
    case FIELD_TEXT: return value->type == JSON_OBJECT ? text_object_check(value, error) : type_wrong(field, error);
    case FIELD_STRING:
    case FIELD_SLUG:
    case FIELD_TERM:
    case FIELD_POINTER:
    case FIELD_HASH:
    case FIELD_ID:
    case FIELD_KEY_ID:
    case FIELD_VERIFIER:
    case FIELD_ANY_KEY:
    case FIELD_TIME:
    case FIELD_DURATION:
    case FIELD_WORD: return value->type == JSON_STRING ? string_check(field, value, error) : type_wrong(field, error);
    case FIELD_OBJECT: break;
    }
    return type_wrong(field, error);
}
