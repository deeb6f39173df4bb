#include "json/write.h"

#include "text/utf8.h"
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

void json_write_open(struct json_writer *w, struct buffer *out)
{
    *w = (struct json_writer){.out = out};
}

enum status json_write_finish(struct json_writer *w, struct error *error)
{
    assert(w->depth == 0 && w->level[0].any);
    return buffer_finish(w->out, error);
}

/* Before a value: the comma, and the rules of the place it stands in. */
static void before_value(struct json_writer *w)
{
    bool object = w->level[w->depth].object;
    assert(object ? w->level[w->depth].keyed : (w->depth > 0 || !w->level[0].any));
    if (!object && w->level[w->depth].any) buffer_put_byte(w->out, ',');
    w->level[w->depth].any = true;
    w->level[w->depth].keyed = false;
}

static void open_level(struct json_writer *w, bool object)
{
    before_value(w);
    assert(w->depth + 1 < JSON_WRITER_DEPTH);
    buffer_put_byte(w->out, object ? '{' : '[');
    w->depth++;
    w->level[w->depth].object = object;
    w->level[w->depth].any = w->level[w->depth].keyed = false;
    w->level[w->depth].key_size = 0;
}

void json_put_object(struct json_writer *w)
{
    open_level(w, true);
}

void json_put_array(struct json_writer *w)
{
    open_level(w, false);
}

void json_put_close(struct json_writer *w)
{
    assert(w->depth > 0 && !w->level[w->depth].keyed);
    buffer_put_byte(w->out, w->level[w->depth].object ? '}' : ']');
    w->depth--;
}

static void put_escaped(struct json_writer *w, struct slice string)
{
    static const char short_forms[] = "btnvfr"; /* from U+0008; U+000B has none */
    size_t from = 0;
    buffer_put_byte(w->out, '"');
    for (size_t i = 0; i < string.size; i++) {
        uint8_t c = string.data[i];
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        buffer_put(w->out, slice_part(string, from, i - from));
        if (c == '"' || c == '\\')
            buffer_print(w->out, "\\%c", c);
        else if (c >= 8 && c <= 13 && c != 11)
            buffer_print(w->out, "\\%c", short_forms[c - 8]);
        else
            buffer_print(w->out, "\\u%04x", c);
        from = i + 1;
    }
    buffer_put(w->out, slice_part(string, from, SIZE_MAX));
    buffer_put_byte(w->out, '"');
}

void json_put_key_slice(struct json_writer *w, struct slice key)
{
    unsigned d = w->depth;
    assert(w->level[d].object && !w->level[d].keyed);
    if (w->level[d].any && !w->out->failed) { /* escapes do not change the order: \" and \\ are compared as written */
        struct slice last = slice_part(buffer_slice(w->out), w->level[d].key_from, w->level[d].key_size);
        assert(memchr(last.data, '\\', last.size) != NULL || text_compare_utf16(last, key) < 0);
    }
    if (w->level[d].any) buffer_put_byte(w->out, ',');
    w->level[d].key_from = w->out->size + 1;
    put_escaped(w, key);
    w->level[d].key_size = w->out->size - w->level[d].key_from - 1;
    buffer_put_byte(w->out, ':');
    w->level[d].keyed = true;
}

void json_put_key(struct json_writer *w, const char *key)
{
    json_put_key_slice(w, slice_from(key));
}

void json_put_slice(struct json_writer *w, struct slice string)
{
    before_value(w);
    put_escaped(w, string);
}

void json_put_string(struct json_writer *w, const char *string)
{
    json_put_slice(w, slice_from(string));
}

void json_put_integer(struct json_writer *w, int64_t integer)
{
    assert(integer <= JSON_INTEGER_MOST && integer >= -JSON_INTEGER_MOST);
    before_value(w);
    buffer_print(w->out, "%" PRId64, integer);
}

void json_put_bool(struct json_writer *w, bool value)
{
    before_value(w);
    buffer_put_string(w->out, value ? "true" : "false");
}

void json_put_null(struct json_writer *w)
{
    before_value(w);
    buffer_put_string(w->out, "null");
}

void json_put_raw(struct json_writer *w, struct slice canonical)
{
    before_value(w);
    buffer_put(w->out, canonical);
}

static int by_key(const void *a, const void *b)
{
    return text_compare_utf16((*(const struct json *const *)a)->key, (*(const struct json *const *)b)->key);
}

static void put_sorted(struct json_writer *w, const struct json *object)
{
    const struct json *few[32],
        **members = object->size <= COUNT_OF(few) ? few : malloc(object->size * sizeof *members);
    size_t count = 0;
    if (members == NULL) {
        w->out->failed = true;
    } else {
        for (const struct json *m = object->first; m != NULL; m = m->next) members[count++] = m;
        qsort(members, count, sizeof *members, by_key);
    }
    for (size_t i = 0; i < count; i++) {
        json_put_key_slice(w, members[i]->key);
        json_put_tree(w, members[i]);
    }
    if (members != few) free(members);
}

void json_put_tree(struct json_writer *w, const struct json *tree)
{
    switch (tree->type) {
    case JSON_FALSE: json_put_bool(w, false); break;
    case JSON_TRUE: json_put_bool(w, true); break;
    case JSON_INTEGER: json_put_integer(w, tree->integer); break;
    case JSON_STRING: json_put_slice(w, tree->string); break;
    case JSON_ARRAY:
        json_put_array(w);
        for (const struct json *m = tree->first; m != NULL; m = m->next) json_put_tree(w, m);
        json_put_close(w);
        break;
    case JSON_OBJECT:
        json_put_object(w);
        put_sorted(w, tree);
        json_put_close(w);
        break;
    }
}
