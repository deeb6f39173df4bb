#include "json/write.h"

#include "json/escape.h"
#include "json/sort.h"
#include "text/utf8.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

void json_write_open(struct json_writer *writer, struct buffer *out)
{
    *writer = (struct json_writer){.out = out};
}

enum status json_write_finish(struct json_writer *writer, struct error *error)
{
    assert(writer->depth == 0 && writer->level[0].any); /* one whole value */
    return buffer_finish(writer->out, error);
}

/* level[depth] is the innermost open container; level[0] stands for the text, which takes one value. */
static void before_value(struct json_writer *writer)
{
    bool within = writer->depth > 0, object = writer->level[writer->depth].object;
    if (object) {
        assert(writer->level[writer->depth].keyed); /* a member's value follows its key */
        writer->level[writer->depth].keyed = false;
        return;
    }
    assert(within || !writer->level[0].any);
    if (writer->level[writer->depth].any) buffer_put_byte(writer->out, ',');
    writer->level[writer->depth].any = true;
}

static void open_container(struct json_writer *writer, bool object)
{
    before_value(writer);
    assert(writer->depth + 1 < JSON_WRITER_DEPTH);
    writer->depth++;
    memset(&writer->level[writer->depth], 0, sizeof writer->level[writer->depth]);
    writer->level[writer->depth].object = object;
    buffer_put_byte(writer->out, object ? '{' : '[');
}

void json_put_object(struct json_writer *writer)
{
    open_container(writer, true);
}

void json_put_array(struct json_writer *writer)
{
    open_container(writer, false);
}

void json_put_close(struct json_writer *writer)
{
    assert(writer->depth > 0 && !writer->level[writer->depth].keyed);
    buffer_put_byte(writer->out, writer->level[writer->depth].object ? '}' : ']');
    writer->depth--;
}

static void put_escape(struct buffer *out, uint8_t c)
{
    static const char letters[] = "\"\\bfnrt", meanings[] = "\"\\\b\f\n\r\t";
    const char *found = c == 0 ? NULL : strchr(meanings, c);
    if (found == NULL) {
        buffer_print(out, "\\u%04x", c);
        return;
    }
    buffer_put_byte(out, '\\');
    buffer_put_byte(out, (uint8_t)letters[found - meanings]);
}

static void put_quoted(struct buffer *out, struct slice string)
{
    size_t bad, from = 0;
    assert(utf8_valid(string, &bad));
    buffer_put_byte(out, '"');
    for (size_t i = 0; i < string.size; i++) {
        uint8_t c = string.data[i];
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        buffer_put(out, slice_part(string, from, i - from));
        put_escape(out, c);
        from = i + 1;
    }
    buffer_put(out, slice_part(string, from, string.size - from));
    buffer_put_byte(out, '"');
}

/* Code points in the order of their UTF-16: the surrogates of those past U+FFFF stand before U+E000. */
static uint32_t rank_utf16(uint32_t code_point)
{
    return code_point >= 0xE000 && code_point <= 0xFFFF ? code_point + 0x110000 : code_point;
}

/* Does `key` sort after the key that stands escaped in `written`? Escapes sort by what they mean. */
static bool sorts_after(struct slice written, struct slice key)
{
    size_t at_written = 0, at_key = 0;
    while (at_written < written.size && at_key < key.size) {
        uint32_t a, b = utf8_next(key, &at_key);
        if (written.data[at_written] != '\\' || !json_unescape(written, &at_written, &a))
            a = utf8_next(written, &at_written);
        if (a != b) return rank_utf16(a) < rank_utf16(b);
    }
    return at_key < key.size;
}

void json_put_key_slice(struct json_writer *writer, struct slice key)
{
    assert(writer->depth > 0 && writer->level[writer->depth].object && !writer->level[writer->depth].keyed);
    size_t from = writer->level[writer->depth].key_from, size = writer->level[writer->depth].key_size;
    if (writer->level[writer->depth].any) {
        assert(writer->out->failed || sorts_after(slice_part(buffer_slice(writer->out), from, size), key));
        buffer_put_byte(writer->out, ',');
    }
    from = writer->out->size;
    put_quoted(writer->out, key);
    size = writer->out->size - from;
    writer->level[writer->depth].key_from = from + 1;
    writer->level[writer->depth].key_size = size > 1 ? size - 2 : 0;
    writer->level[writer->depth].any = true;
    writer->level[writer->depth].keyed = true;
    buffer_put_byte(writer->out, ':');
}

void json_put_key(struct json_writer *writer, const char *key)
{
    json_put_key_slice(writer, slice_from(key));
}

void json_put_slice(struct json_writer *writer, struct slice string)
{
    before_value(writer);
    put_quoted(writer->out, string);
}

void json_put_string(struct json_writer *writer, const char *string)
{
    json_put_slice(writer, slice_from(string));
}

void json_put_integer(struct json_writer *writer, int64_t integer)
{
    assert(integer >= -JSON_INTEGER_MOST && integer <= JSON_INTEGER_MOST);
    before_value(writer);
    buffer_print(writer->out, "%" PRId64, integer);
}

void json_put_bool(struct json_writer *writer, bool value)
{
    before_value(writer);
    buffer_put_string(writer->out, value ? "true" : "false");
}

void json_put_null(struct json_writer *writer)
{
    before_value(writer);
    buffer_put_string(writer->out, "null");
}

void json_put_raw(struct json_writer *writer, struct slice canonical)
{
    assert(canonical.size > 0);
    before_value(writer);
    buffer_put(writer->out, canonical);
}

static void put_member(struct json_writer *writer, const struct json *member)
{
    json_put_key_slice(writer, member->key);
    json_put_tree(writer, member);
}

static void put_members(struct json_writer *writer, const struct json *object)
{
    if (json_is_sorted(object)) {
        for (const struct json *member = object->first; member != NULL; member = member->next)
            put_member(writer, member);
        return;
    }
    const struct json **members = json_sorted(object);
    for (size_t i = 0; members != NULL && i < object->size; i++) put_member(writer, members[i]);
    if (members == NULL) writer->out->failed = true;
    free(members);
}

/* As deep as the tree, which JSON_WRITER_DEPTH bounds. */
void json_put_tree(struct json_writer *writer, const struct json *tree)
{
    switch (tree->type) {
    case JSON_FALSE: json_put_bool(writer, false); return;
    case JSON_TRUE: json_put_bool(writer, true); return;
    case JSON_INTEGER: json_put_integer(writer, tree->integer); return;
    case JSON_STRING: json_put_slice(writer, tree->string); return;
    case JSON_ARRAY:
        json_put_array(writer);
        for (const struct json *item = tree->first; item != NULL; item = item->next) json_put_tree(writer, item);
        break;
    case JSON_OBJECT:
        json_put_object(writer);
        put_members(writer, tree);
        break;
    }
    json_put_close(writer);
}
