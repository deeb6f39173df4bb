/* What a writer leaves out is filled in, and the result is signed: one way for `write`, `sign`, import and worked
 * cases; and for drafts, which are signed elsewhere. */
#include "register/seal.h"

#include "json/write.h"
#include "text/utf8.h"
#include <stdio.h>
#include <stdlib.h>

struct completing {
    const struct completion *what;
    struct arena *arena;
    struct error *error;
};

static enum status put_value(const struct completing *c, const struct json *value, struct json_writer *w);

static int by_key(const void *a, const void *b)
{
    return text_compare_utf16((*(const struct json *const *)a)->key, (*(const struct json *const *)b)->key);
}

static enum status put_string(const struct completing *c, const struct json *value, struct json_writer *w)
{
    OWN(buffer_clear) struct buffer replaced = {0};
    bool other = c->what->string != NULL && c->what->string(c->what->context, value->string, &replaced);
    TRY(buffer_finish(&replaced, c->error));
    json_put_slice(w, other ? buffer_slice(&replaced) : value->string);
    return STATUS_DONE;
}

static enum status put_members(const struct completing *c, const struct json **members, size_t count,
                               struct json_writer *w)
{
    qsort(members, count, sizeof(const struct json *), by_key);
    json_put_object(w);
    for (size_t i = 0; i < count; i++) {
        json_put_key_slice(w, members[i]->key);
        TRY(put_value(c, members[i], w));
    }
    json_put_close(w);
    return STATUS_DONE;
}

static enum status put_object(const struct completing *c, const struct json *object, struct json_writer *w)
{
    size_t count = 0;
    const struct json **members = arena_get(c->arena, (object->size + 1) * sizeof *members);
    if (members == NULL) return arena_full(c->error);
    for (const struct json *member = object->first; member != NULL; member = member->next) members[count++] = member;
    return put_members(c, members, count, w);
}

static enum status put_array(const struct completing *c, const struct json *array, struct json_writer *w)
{
    json_put_array(w);
    for (const struct json *member = array->first; member != NULL; member = member->next) TRY(put_value(c, member, w));
    json_put_close(w);
    return STATUS_DONE;
}

static enum status put_value(const struct completing *c, const struct json *value, struct json_writer *w)
{
    if (value->type == JSON_STRING) return put_string(c, value, w);
    if (value->type == JSON_ARRAY) return put_array(c, value, w);
    if (value->type == JSON_OBJECT) return put_object(c, value, w);
    json_put_tree(w, value);
    return STATUS_DONE;
}

/* ---- the envelope */

static struct json text_member(const char *key, struct slice text)
{
    return (struct json){.type = JSON_STRING, .key = slice_from(key), .string = text};
}

static struct json number_member(const char *key, int64_t number)
{
    return (struct json){.type = JSON_INTEGER, .key = slice_from(key), .integer = number};
}

static bool json_same(const struct json *a, const struct json *b)
{
    if (a->type != b->type) return false;
    return a->type == JSON_INTEGER ? a->integer == b->integer : slice_equal(a->string, b->string);
}

/* A member that the writer gave must say what we would have said; `key` follows the signer, `written` the writer. */
static enum status check_given(const struct json *given, const struct json *filled, struct error *error)
{
    char pointer[80];
    if (json_same(given, filled)) return STATUS_DONE;
    snprintf(pointer, sizeof pointer, "/%.*s", SLICE(filled->key));
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "write-envelope",
                              "The record says otherwise than its signer, register or chain: \"{0}\". Leave it out.",
                              error_slice(filled->key).text, NULL),
                    pointer);
}

enum { ENVELOPE_MOST = 8 };

static size_t envelope(const struct completion *what, struct json out[ENVELOPE_MOST], char key[9],
                       char prev[HASH_HEX_SIZE])
{
    size_t count = 0;
    snprintf(key, 9, "%08x", what->author->id);
    out[count++] = number_member("v", 1);
    out[count++] = text_member("register", what->register_name);
    out[count++] = text_member("kind", slice_from(what->kind->name));
    out[count++] = text_member("by", slice_from(what->author->name));
    out[count++] = text_member("key", slice_of(key, 8));
    out[count++] = number_member("seq", what->seq);
    out[count++] = text_member("written", what->written);
    if (what->seq > 0) {
        hash_format(&what->prev.hash, prev);
        out[count++] = text_member("prev", slice_of(prev, 64));
    }
    return count;
}

static bool keeps_given(const struct json *filled)
{
    return slice_is(filled->key, "written");
}

enum status complete(struct buffer *out, const struct completion *what, struct arena *arena, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    const struct completing c = {what, arena, error};
    struct json filled[ENVELOPE_MOST];
    char key[9], prev[HASH_HEX_SIZE];
    size_t envelope_count = envelope(what, filled, key, prev), count = 0;
    const struct json *whole;
    if (what->object->type != JSON_OBJECT)
        return error_set(error, STATUS_REFUSED, "write-object", "A record is a JSON object.", NULL);
    const struct json **members = arena_get(arena, (what->object->size + ENVELOPE_MOST) * sizeof *members);
    if (members == NULL) return arena_full(error);
    for (size_t i = 0; i < envelope_count; i++) {
        const struct json *given = json_find(what->object, (const char *)filled[i].key.data);
        bool is_key = slice_is(filled[i].key, "key");
        if (given != NULL && !keeps_given(&filled[i]) && !is_key) TRY(check_given(given, &filled[i], error));
        if (given == NULL || !keeps_given(&filled[i])) members[count++] = &filled[i];
    }
    for (const struct json *member = what->object->first; member != NULL; member = member->next) {
        bool replaced = what->string != NULL && slice_starts(member->key, "$"); /* the case loader's own */
        for (size_t i = 0; i < envelope_count; i++)
            replaced = replaced || (slice_equal(member->key, filled[i].key) && !keeps_given(&filled[i]));
        if (!replaced) members[count++] = member;
    }
    struct json_writer w;
    json_write_open(&w, &text);
    TRY(put_members(&c, members, count, &w));
    TRY(json_write_finish(&w, error));
    TRY(json_read(&whole, buffer_slice(&text), JSON_RELAXED, arena, error));
    if (what->sealer != NULL) TRY(seal_record(what->sealer, what->kind, &whole, arena, error));
    return record_encode(out, whole, error);
}

enum status complete_and_sign(struct buffer *note, const struct completion *completion, const struct signer *signer,
                              struct arena *arena, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct completion what = *completion;
    what.author = &signer->verifier;
    TRY(complete(&text, &what, arena, error));
    return note_sign(note, buffer_slice(&text), signer, error);
}
