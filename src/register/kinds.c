/* What can be written: the kinds and their fields as the schema has them, for help texts and forms. */
#include "json/write.h"
#include "register/register.h"

static const char *const type_names[] = {
    [FIELD_BOOL] = "bool",         [FIELD_INTEGER] = "integer",   [FIELD_STRING] = "string",   [FIELD_SLUG] = "slug",
    [FIELD_TERM] = "term",         [FIELD_POINTER] = "pointer",   [FIELD_HASH] = "hash",       [FIELD_ID] = "id",
    [FIELD_KEY_ID] = "key-id",     [FIELD_VERIFIER] = "verifier", [FIELD_ANY_KEY] = "any-key", [FIELD_TIME] = "time",
    [FIELD_DURATION] = "duration", [FIELD_WORD] = "word",         [FIELD_TEXT] = "text",       [FIELD_TREE] = "tree",
    [FIELD_OBJECT] = "object",
};
static const char *const need_names[] = {
    [FIELD_OPTIONAL] = "may", [FIELD_REQUIRED] = "must", [FIELD_PICK] = "one-of", [FIELD_SOME] = "some-of"};
static const char *const count_names[] = {[FIELD_SINGLE] = "one", [FIELD_LIST] = "list", [FIELD_SET] = "set"};

static void put_word(struct json_writer *w, const char *key, const char *word)
{
    json_put_key(w, key), json_put_string(w, word);
}

static void put_shape(struct json_writer *w, const struct shape *shape)
{
    json_put_array(w);
    for (const struct field *field = shape->fields; field->name != NULL; field++) {
        json_put_object(w);
        put_word(w, "count", count_names[field->count]);
        if (field->type == FIELD_OBJECT) {
            json_put_key(w, "fields");
            put_shape(w, field->object);
        }
        if (field->type == FIELD_INTEGER) {
            json_put_key(w, "least"), json_put_integer(w, field->least);
            json_put_key(w, "most"), json_put_integer(w, field->most);
        }
        put_word(w, "name", field->name);
        put_word(w, "need", need_names[field->need]);
        put_word(w, "type", type_names[field->type]);
        if (field->type == FIELD_WORD) {
            json_put_key(w, "words"), json_put_array(w);
            for (const char *const *word = field->words; *word != NULL; word++) json_put_string(w, *word);
            json_put_close(w);
        }
        json_put_close(w);
    }
    json_put_close(w);
}

static enum status kinds_json(struct buffer *out, struct error *error)
{
    struct json_writer w;
    json_write_open(&w, out);
    json_put_array(&w);
    for (const struct record_kind *kind = record_kinds; kind->name != NULL; kind++) {
        json_put_object(&w);
        json_put_key(&w, "fields");
        put_shape(&w, kind->shape);
        put_word(&w, "kind", kind->name);
        json_put_key(&w, "roles"), json_put_array(&w);
        for (unsigned role = ROLE_PARTY; role < ROLE_ANY; role <<= 1)
            if ((kind->roles & role) != 0) json_put_string(&w, role_name((enum role)role));
        json_put_close(&w);
        json_put_close(&w);
    }
    json_put_close(&w);
    return json_write_finish(&w, error);
}

enum truce_status truce_kinds(struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = kinds_json(&out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
