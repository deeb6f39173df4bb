/* FIELD=VALUE from a command line to a record's JSON, each value typed by the field's own shape. */
#include "register/register.h"

#include "base/degrees.h"
#include "json/write.h"
#include "text/utf8.h"
#include <stdlib.h>

enum { TYPED_NODES = 2048, TYPED_DEPTH = 12 };

/* What the names spell: a tree of members, each with the field that its place gives it. */
struct typed {
    struct slice name;
    const struct field *field;  /* of the value that stands here; NULL inside trees and texts */
    bool item;                  /* one of a list: its field's count does not apply again */
    const char *value;          /* NULL for what has members */
    struct typed *first, *next; /* members in the order that canonical JSON wants */
};

struct typing {
    const struct record_kind *kind;
    struct arena *arena;
    struct error *error;
    size_t nodes;
    struct json_path *path; /* of the value that is put */
};

static const struct field *shape_field(const struct shape *shape, struct slice name)
{
    for (const struct field *field = shape == NULL ? NULL : shape->fields; field != NULL && field->name != NULL;
         field++)
        if (slice_is(name, field->name)) return field;
    return NULL;
}

static bool is_index(struct slice name)
{
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] < '0' || name.data[i] > '9') return false;
    return name.size > 0 && name.size < 5;
}

static bool comes_before(const struct typed *a, const struct typed *b, bool list)
{
    if (list && a->name.size != b->name.size) return a->name.size < b->name.size;
    return text_compare_utf16(a->name, b->name) < 0;
}

static enum status unknown_field(const struct typing *typing, struct slice name, const char *whole)
{
    return error_at(typing->error,
                    error_set(typing->error, STATUS_USAGE, "write-field",
                              "A record of kind \"{0}\" has no field \"{1}\"; truce help write {0} lists its fields.",
                              typing->kind->name, error_slice(name).text, NULL),
                    whole);
}

/* The member `name` of `parent`, made if it is not there. */
static enum status step(struct typing *typing, struct typed *parent, struct slice name, bool top, const char *whole,
                        struct typed **out)
{
    const struct field *of = parent->field, *field = NULL;
    bool list = of != NULL && of->count != FIELD_SINGLE && !parent->item;
    if (top) {
        field = shape_field(typing->kind->shape, name);
        if (field == NULL) field = shape_field(&shape_envelope, name);
    } else if (list) {
        field = is_index(name) ? of : NULL;
    } else if (of != NULL && of->type == FIELD_OBJECT) {
        field = shape_field(of->object, name);
    }
    bool free_form = !top && !list && (of == NULL || of->type == FIELD_TEXT || of->type == FIELD_TREE);
    if (field == NULL && !free_form) return unknown_field(typing, name, whole);
    struct typed fresh = {.name = name, .field = field, .item = list}, **at = &parent->first;
    while (*at != NULL && comes_before(*at, &fresh, list)) at = &(*at)->next;
    if (*at == NULL || !slice_equal((*at)->name, name)) {
        struct typed *made = typing->nodes++ < TYPED_NODES ? arena_get(typing->arena, sizeof *made) : NULL;
        if (made == NULL) return arena_full(typing->error);
        *made = fresh;
        made->next = *at;
        *at = made;
    }
    *out = *at;
    return STATUS_DONE;
}

static enum status bad_value(const struct typing *typing, const char *value, const char *sentence)
{
    return error_set(typing->error, STATUS_USAGE, "write-value", sentence, error_slice(slice_from(value)).text, NULL);
}

static enum status add_field(struct typing *typing, struct typed *root, const struct truce_field *given)
{
    struct typed *node = root;
    struct slice rest = slice_from(given->name);
    size_t bad;
    if (!utf8_valid(rest, &bad)) return bad_value(typing, given->name, "The value \"{0}\" is not UTF-8 text.");
    for (unsigned depth = 0; rest.size > 0; depth++) {
        size_t size = 0;
        while (size < rest.size && rest.data[size] != '.' && rest.data[size] != '/') size++;
        if (depth == TYPED_DEPTH || (size == 0 && depth > 0)) return unknown_field(typing, rest, given->name);
        if (size > 0) TRY(step(typing, node, slice_part(rest, 0, size), node == root, given->name, &node));
        rest = slice_part(rest, size + 1, SIZE_MAX);
    }
    if (node == root || node->first != NULL || node->value != NULL)
        return error_at(typing->error,
                        error_set(typing->error, STATUS_USAGE, "write-twice",
                                  "The field \"{0}\" is given twice, or has no name.", given->name, NULL),
                        given->name);
    node->value = given->value;
    return STATUS_DONE;
}

/* ---- values */

static enum status put_point(const struct typing *typing, const char *value, struct json_writer *w)
{
    struct slice text = slice_from(value);
    const uint8_t *comma = memchr(text.data, ',', text.size);
    int32_t lat, lon;
    size_t size = comma == NULL ? 0 : (size_t)(comma - text.data);
    if (comma == NULL || !degrees_parse(&lat, slice_part(text, 0, size), 90) ||
        !degrees_parse(&lon, slice_part(text, size + 1, SIZE_MAX), 180))
        return bad_value(typing, value, "The value \"{0}\" is no point: LAT,LON in decimal degrees is needed.");
    json_put_object(w);
    json_put_key(w, "lat_e7"), json_put_integer(w, lat);
    json_put_key(w, "lon_e7"), json_put_integer(w, lon);
    json_put_close(w);
    return STATUS_DONE;
}

static enum status put_integer(const struct typing *typing, const char *value, struct json_writer *w)
{
    char *end;
    long long number = strtoll(value, &end, 10);
    if (*value == '\0' || *end != '\0' || number > JSON_INTEGER_MOST || number < -JSON_INTEGER_MOST)
        return bad_value(typing, value, "The value \"{0}\" is no whole number.");
    json_put_integer(w, number);
    return STATUS_DONE;
}

static enum status put_bool(const struct typing *typing, const char *value, struct json_writer *w)
{
    bool yes = strcmp(value, "true") == 0;
    if (!yes && strcmp(value, "false") != 0)
        return bad_value(typing, value, "The value \"{0}\" is neither true nor false.");
    json_put_bool(w, yes);
    return STATUS_DONE;
}

static enum status put_tree(const struct typing *typing, const char *value, struct json_writer *w)
{
    const struct json *tree;
    TRY(json_read(&tree, slice_from(value), JSON_RELAXED, typing->arena, typing->error));
    json_put_tree(w, tree);
    return STATUS_DONE;
}

static enum status put_plain(const struct typing *typing, const struct field *field, const char *value,
                             struct json_writer *w)
{
    size_t bad;
    if (!utf8_valid(slice_from(value), &bad)) return bad_value(typing, value, "The value \"{0}\" is not UTF-8 text.");
    bool braces = value[0] == '{' || value[0] == '[';
    enum field_type type = field == NULL ? FIELD_STRING : field->type;
    if (type == FIELD_INTEGER) return put_integer(typing, value, w);
    if (type == FIELD_BOOL) return put_bool(typing, value, w);
    if (type == FIELD_OBJECT && field->object == &shape_point && !braces) return put_point(typing, value, w);
    if (type == FIELD_TREE || (braces && (type == FIELD_OBJECT || type == FIELD_TEXT)))
        return put_tree(typing, value, w);
    if (type == FIELD_TEXT || type == FIELD_OBJECT)
        return bad_value(typing, value,
                         "The value \"{0}\" is not enough: name a part of the field, as in text.en or where.point.");
    json_put_string(w, value);
    return STATUS_DONE;
}

/* a,b,c for a list of plain values. */
static enum status put_list(const struct typing *typing, const struct field *field, const char *value,
                            struct json_writer *w)
{
    if (value[0] == '[') return put_tree(typing, value, w);
    struct slice rest = slice_from(value);
    json_put_array(w);
    do {
        size_t size = 0;
        while (size < rest.size && rest.data[size] != ',') size++;
        struct slice piece = arena_copy(typing->arena, slice_part(rest, 0, size));
        if (piece.data == NULL) return arena_full(typing->error);
        TRY(put_plain(typing, field, (const char *)piece.data, w)); /* arena_copy ends with a NUL */
        rest = slice_part(rest, size + 1, SIZE_MAX);
    } while (rest.size > 0);
    json_put_close(w);
    return STATUS_DONE;
}

static struct slice only_language(const struct typed *text)
{
    struct slice only = {NULL, 0};
    for (const struct typed *member = text->first; member != NULL; member = member->next) {
        if (member->name.size > 3 || only.data != NULL) return (struct slice){NULL, 0};
        only = member->name;
    }
    return only;
}

static enum status put_typed(const struct typing *typing, const struct typed *node, struct json_writer *w);

static enum status put_member(const struct typing *typing, const struct typed *member, struct json_writer *w)
{
    size_t mark = json_path_push(typing->path, member->name);
    enum status status = put_typed(typing, member, w);
    json_path_pop(typing->path, mark);
    return status;
}

static enum status put_value(const struct typing *typing, const struct typed *node, bool list, struct json_writer *w)
{
    enum status status =
        list ? put_list(typing, node->field, node->value, w) : put_plain(typing, node->field, node->value, w);
    return status == STATUS_DONE ? status : error_at(typing->error, status, typing->path->text);
}

static enum status put_typed(const struct typing *typing, const struct typed *node, struct json_writer *w)
{
    const struct field *field = node->field;
    bool list = field != NULL && field->count != FIELD_SINGLE && !node->item;
    if (node->value != NULL) return put_value(typing, node, list, w);
    if (list)
        json_put_array(w);
    else
        json_put_object(w);
    for (const struct typed *member = node->first; member != NULL; member = member->next) {
        if (!list) json_put_key_slice(w, member->name);
        TRY(put_member(typing, member, w));
    }
    /* A text in one language is its own original ("original" sorts behind every language of two or three letters that
     * begins before o; where it does not, the writer says it). */
    struct slice only = field != NULL && field->type == FIELD_TEXT ? only_language(node) : (struct slice){NULL, 0};
    if (only.data != NULL && slice_compare(only, slice_from("original")) < 0) {
        json_put_key(w, "original");
        json_put_slice(w, only);
    }
    json_put_close(w);
    return STATUS_DONE;
}

static enum status object_from(const char *kind, const struct truce_field *fields, size_t count, struct arena *arena,
                               struct buffer *out, struct error *error)
{
    struct json_path path = {.size = 0};
    struct typing typing = {record_kind_find(slice_from(kind)), arena, error, 0, &path};
    struct typed root = {.name = {NULL, 0}};
    struct json_writer w;
    if (typing.kind == NULL)
        return error_set(error, STATUS_USAGE, "write-kind",
                         "There is no kind of record \"{0}\"; truce help write lists them.", kind, NULL);
    for (size_t i = 0; i < count; i++) TRY(add_field(&typing, &root, &fields[i]));
    json_write_open(&w, out);
    TRY(put_typed(&typing, &root, &w));
    return json_write_finish(&w, error);
}

enum truce_status truce_object(const char *kind, const struct truce_field *fields, size_t count,
                               struct truce_buffer *object, struct truce_error *error)
{
    struct error why;
    struct arena arena;
    OWN(buffer_clear) struct buffer out = {0};
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = object_from(kind, fields, count, &arena, &out, &why);
    arena_clear(&arena);
    if (status == STATUS_DONE) status = public_buffer(object, &out, &why);
    return public_status(status, &why, error);
}
