/* Sets are sorted for the writer, who cannot be asked to sort hashes by hand. */
#include "record/arrange.h"
#include "record/check.h"
#include "text/utf8.h"

#include <stdlib.h>

static enum status put_value(struct json_writer *writer, const struct plan_field *field, const struct json *value,
                             struct arena *arena, struct error *error);

static int by_key(const void *a, const void *b)
{
    const struct json *const *left = a, *const *right = b;
    return text_compare_utf16((*left)->key, (*right)->key);
}

static enum status put_object(struct json_writer *writer, const struct plan *plan, const struct json *object,
                              struct arena *arena, struct error *error)
{
    const struct json **members = arena_get(arena, (object->size + 1) * sizeof *members);
    if (members == NULL) return arena_full(error);
    size_t count = 0;
    for (const struct json *member = object->first; member != NULL; member = member->next) members[count++] = member;
    qsort(members, count, sizeof *members, by_key);
    json_put_object(writer);
    for (size_t i = 0; i < count; i++) {
        unsigned at;
        json_put_key_slice(writer, members[i]->key);
        TRY(put_value(writer, plan_find(plan, members[i]->key, &at), members[i], arena, error));
    }
    json_put_close(writer);
    return STATUS_DONE;
}

static enum status put_item(struct json_writer *writer, const struct plan_field *field, const struct json *item,
                            struct arena *arena, struct error *error)
{
    if (field->object != NULL && item->type == JSON_OBJECT)
        return put_object(writer, field->object, item, arena, error);
    json_put_tree(writer, item);
    return STATUS_DONE;
}

static int by_bytes(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* Each item written by itself, then all put in the order of their bytes. */
static enum status put_set(struct json_writer *writer, const struct plan_field *field, const struct json *set,
                           struct arena *arena, struct error *error)
{
    struct slice *items = arena_get(arena, (set->size + 1) * sizeof *items);
    if (items == NULL) return arena_full(error);
    size_t count = 0;
    for (const struct json *item = set->first; item != NULL; item = item->next) {
        OWN(buffer_clear) struct buffer one = {0};
        struct json_writer inner;
        json_write_open(&inner, &one);
        TRY(put_item(&inner, field, item, arena, error));
        TRY(json_write_finish(&inner, error));
        items[count] = arena_copy(arena, buffer_slice(&one));
        if (items[count++].data == NULL) return arena_full(error);
    }
    qsort(items, count, sizeof *items, by_bytes);
    json_put_array(writer);
    for (size_t i = 0; i < count; i++) json_put_raw(writer, items[i]);
    json_put_close(writer);
    return STATUS_DONE;
}

static enum status put_value(struct json_writer *writer, const struct plan_field *field, const struct json *value,
                             struct arena *arena, struct error *error)
{
    if (field == NULL) {
        json_put_tree(writer, value); /* unknown: refused when it is read back, with its place */
        return STATUS_DONE;
    }
    if (field->field->count == FIELD_SINGLE || value->type != JSON_ARRAY)
        return put_item(writer, field, value, arena, error);
    if (field->field->count == FIELD_SET) return put_set(writer, field, value, arena, error);
    json_put_array(writer);
    for (const struct json *item = value->first; item != NULL; item = item->next)
        TRY(put_item(writer, field, item, arena, error));
    json_put_close(writer);
    return STATUS_DONE;
}

enum status arrange(struct buffer *out, const struct json *record, struct arena *arena, struct error *error)
{
    struct json_writer writer;
    const struct json *name = json_find(record, "kind");
    const struct record_kind *kind = name != NULL && name->type == JSON_STRING ? record_kind_find(name->string) : NULL;
    json_write_open(&writer, out);
    if (kind == NULL)
        json_put_tree(&writer, record); /* likewise */
    else
        TRY(put_object(&writer, plan_of_kind(kind), record, arena, error));
    return json_write_finish(&writer, error);
}
