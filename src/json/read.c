/* One reader for both forms: the strict one refuses whatever the writer would not have written. */
#include "json/json.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "text/utf8.h"
#include <stdlib.h>

enum { RELAXED_NODES = 2000000 };

struct reader {
    struct slice text;
    size_t at;
    enum json_form form;
    struct arena *arena;
    struct error *error;
    size_t nodes, nodes_most;
    unsigned depth;
    struct json_path path;
};

static enum status refuse_at(struct reader *r, size_t offset, const char *code, const char *sentence)
{
    (void)error_at(r->error, error_set(r->error, STATUS_REFUSED, code, sentence, NULL), r->path.text);
    return error_at_offset(r->error, STATUS_REFUSED, (int64_t)offset);
}

static enum status refuse(struct reader *r, const char *code, const char *sentence)
{
    return refuse_at(r, r->at, code, sentence);
}

static enum status syntax(struct reader *r)
{
    if (r->at >= r->text.size) return refuse(r, "json-syntax", "The JSON ends too early.");
    return refuse(r, "json-syntax", "This is not JSON.");
}

static int peek(const struct reader *r)
{
    return r->at < r->text.size ? r->text.data[r->at] : -1;
}

static bool is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Between tokens: nothing in canonical form, any white space in the relaxed one. */
static enum status space(struct reader *r)
{
    if (!is_space(peek(r))) return STATUS_DONE;
    if (r->form == JSON_CANONICAL)
        return refuse(r, "json-whitespace", "Canonical JSON holds no white space between its parts.");
    while (is_space(peek(r))) r->at++;
    return STATUS_DONE;
}

/* ---- strings */

static bool hex4(const struct reader *r, size_t at, uint32_t *out)
{
    *out = 0;
    if (r->text.size - at < 4) return false;
    for (size_t i = at; i < at + 4; i++) {
        uint8_t c = r->text.data[i], lower = c | 0x20;
        bool digit = c >= '0' && c <= '9';
        if (!digit && (lower < 'a' || lower > 'f')) return false;
        *out = *out << 4 | (uint32_t)(digit ? c - '0' : lower - 'a' + 10);
    }
    return true;
}

static enum status bad_escape(struct reader *r)
{
    return refuse(r, "json-escape", "This escape may not stand in a record's JSON.");
}

/* r->at is at the backslash. */
static enum status escape(struct reader *r, struct buffer *out)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    uint32_t unit, second;
    int c = r->at + 1 < r->text.size ? r->text.data[r->at + 1] : -1;
    if (c == '"' || c == '\\') {
        buffer_put_byte(out, (uint8_t)c);
        r->at += 2;
        return STATUS_DONE;
    }
    /* Controls may not stand in a record, so canonical form needs no other escape than these two. */
    if (r->form == JSON_CANONICAL) return bad_escape(r);
    const char *letter = c > 0 ? strchr(letters, c) : NULL;
    if (letter != NULL) {
        buffer_put_byte(out, (uint8_t)meant[letter - letters]);
        r->at += 2;
        return STATUS_DONE;
    }
    if (c != 'u' || !hex4(r, r->at + 2, &unit)) return bad_escape(r);
    size_t next = r->at + 6;
    if (unit >= 0xD800 && unit <= 0xDBFF && next + 6 <= r->text.size && r->text.data[next] == '\\' &&
        r->text.data[next + 1] == 'u' && hex4(r, next + 2, &second) && second >= 0xDC00 && second <= 0xDFFF) {
        unit = 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00);
        next += 6;
    }
    if (unit >= 0xD800 && unit <= 0xDFFF) return bad_escape(r);
    utf8_put(out, unit);
    r->at = next;
    return STATUS_DONE;
}

/* r->at is behind the opening quote; on return behind the closing one. */
static enum status unescape(struct reader *r, struct buffer *out)
{
    for (;;) {
        size_t from = r->at;
        while (r->at < r->text.size && r->text.data[r->at] != '"' && r->text.data[r->at] != '\\') r->at++;
        buffer_put(out, slice_part(r->text, from, r->at - from));
        if (r->at >= r->text.size) return syntax(r);
        if (r->text.data[r->at] == '"') {
            r->at++;
            return buffer_finish(out, r->error);
        }
        TRY(escape(r, out));
    }
}

static enum status check_text(struct reader *r, struct slice text, size_t from)
{
    struct error why;
    enum status status = text_check(text, &why);
    if (status == STATUS_DONE) return STATUS_DONE;
    if (r->error != NULL) *r->error = why;
    (void)error_at(r->error, status, r->path.text);
    return error_at_offset(r->error, status, (int64_t)from + why.offset);
}

static enum status keep(struct reader *r, struct slice text, struct slice *out)
{
    *out = arena_copy(r->arena, text);
    return out->data == NULL ? arena_full(r->error) : STATUS_DONE;
}

/* A string with escapes, or one that may have to be normalised. */
static enum status string_slow(struct reader *r, size_t from, struct slice *out)
{
    OWN(buffer_clear) struct buffer plain = {0}, normal = {0};
    size_t bad;
    r->at = from;
    TRY(unescape(r, &plain));
    if (r->form == JSON_RELAXED && utf8_valid(buffer_slice(&plain), &bad)) {
        TRY(text_normalise(&normal, buffer_slice(&plain), r->error));
        TRY(check_text(r, buffer_slice(&normal), from));
        return keep(r, buffer_slice(&normal), out);
    }
    TRY(check_text(r, buffer_slice(&plain), from));
    return keep(r, buffer_slice(&plain), out);
}

/* r->at is at the opening quote. Most strings are plain and are borrowed from the text as they stand. */
static enum status read_string(struct reader *r, struct slice *out)
{
    size_t from = r->at + 1, at = from;
    while (at < r->text.size && r->text.data[at] != '"' && r->text.data[at] != '\\') at++;
    if (at >= r->text.size || r->text.data[at] == '\\' || r->form == JSON_RELAXED) return string_slow(r, from, out);
    *out = slice_part(r->text, from, at - from);
    r->at = at + 1;
    return check_text(r, *out, from);
}

/* ---- numbers and words */

static enum status read_integer(struct reader *r, struct json *out)
{
    size_t from = r->at;
    bool negative = peek(r) == '-';
    if (negative) r->at++;
    size_t digits = r->at;
    int64_t value = 0;
    for (; peek(r) >= '0' && peek(r) <= '9'; r->at++)
        if (value <= JSON_INTEGER_MOST) value = value * 10 + (peek(r) - '0');
    size_t count = r->at - digits;
    int next = peek(r);
    if (count == 0) return syntax(r);
    if (next == '.' || next == 'e' || next == 'E')
        return refuse_at(r, from, "json-number", "Numbers are whole: no fraction, no exponent.");
    if ((count > 1 && r->text.data[digits] == '0') || (negative && value == 0))
        return refuse_at(r, from, "json-number", "A number has no leading zeros and no minus zero.");
    if (count > 16 || value > JSON_INTEGER_MOST)
        return refuse_at(r, from, "json-range", "A number lies between -(2^53 - 1) and 2^53 - 1.");
    out->type = JSON_INTEGER;
    out->integer = negative ? -value : value;
    return STATUS_DONE;
}

static enum status read_word(struct reader *r, struct json *out)
{
    struct slice rest = slice_part(r->text, r->at, SIZE_MAX);
    if (slice_starts(rest, "true")) {
        out->type = JSON_TRUE;
        r->at += 4;
    } else if (slice_starts(rest, "false")) {
        out->type = JSON_FALSE;
        r->at += 5;
    } else if (slice_starts(rest, "null")) {
        return refuse(r, "json-null", "There is no null in a record: leave the field out.");
    } else {
        return syntax(r);
    }
    return STATUS_DONE;
}

/* ---- containers */

static enum status read_value(struct reader *r, struct json *out);

static enum status new_node(struct reader *r, struct json **out)
{
    if (r->nodes == r->nodes_most) return refuse(r, "json-limit", "The JSON has too many values.");
    r->nodes++;
    *out = arena_get(r->arena, sizeof **out);
    return *out == NULL ? arena_full(r->error) : STATUS_DONE;
}

static enum status enter(struct reader *r)
{
    if (r->depth == LIMIT_JSON_DEPTH) return refuse(r, "json-depth", "The JSON is nested too deeply.");
    r->depth++;
    r->at++;
    return space(r);
}

/* After a member: a comma (more = true) or the closing bracket. */
static enum status next_member(struct reader *r, char closing, bool *more)
{
    TRY(space(r));
    *more = peek(r) == ',';
    if (!*more && peek(r) != closing) return syntax(r);
    r->at++;
    if (!*more) {
        r->depth--;
        return STATUS_DONE;
    }
    return space(r);
}

static bool empty(struct reader *r, char closing)
{
    if (peek(r) != closing) return false;
    r->at++;
    r->depth--;
    return true;
}

static enum status read_array(struct reader *r, struct json *out)
{
    const struct json **end = &out->first;
    bool more = true;
    out->type = JSON_ARRAY;
    TRY(enter(r));
    if (empty(r, ']')) return STATUS_DONE;
    while (more) {
        struct json *member;
        size_t mark = json_path_push_index(&r->path, out->size);
        TRY(new_node(r, &member));
        TRY(read_value(r, member));
        json_path_pop(&r->path, mark);
        *end = member;
        end = &member->next;
        out->size++;
        TRY(next_member(r, ']', &more));
    }
    return STATUS_DONE;
}

static enum status check_order(struct reader *r, const struct json *last, const struct json *member, size_t from)
{
    int order = last == NULL ? -1 : text_compare_utf16(last->key, member->key);
    if (order == 0) return refuse_at(r, from, "json-duplicate-key", "A key stands twice in one object.");
    if (order > 0 && r->form == JSON_CANONICAL)
        return refuse_at(r, from, "json-key-order", "The keys of an object are not in their order.");
    return STATUS_DONE;
}

static int by_key(const void *a, const void *b)
{
    return text_compare_utf16((*(const struct json *const *)a)->key, (*(const struct json *const *)b)->key);
}

/* In the relaxed form keys come in any order: duplicates are found by sorting. */
static enum status check_unique(struct reader *r, const struct json *object)
{
    if (r->form == JSON_CANONICAL || object->size < 2) return STATUS_DONE;
    const struct json **members = malloc(object->size * sizeof *members);
    size_t count = 0;
    if (members == NULL) return arena_full(r->error);
    for (const struct json *m = object->first; m != NULL; m = m->next) members[count++] = m;
    qsort(members, count, sizeof *members, by_key);
    struct slice twice = {NULL, 0};
    for (size_t i = 1; i < count && twice.data == NULL; i++)
        if (slice_equal(members[i - 1]->key, members[i]->key)) twice = members[i]->key;
    free(members);
    if (twice.data == NULL) return STATUS_DONE;
    size_t mark = json_path_push(&r->path, twice);
    enum status status = refuse(r, "json-duplicate-key", "A key stands twice in one object.");
    json_path_pop(&r->path, mark);
    return status;
}

static enum status read_member(struct reader *r, const struct json *last, struct json *member)
{
    size_t from = r->at;
    if (peek(r) != '"') return syntax(r);
    TRY(read_string(r, &member->key));
    size_t mark = json_path_push(&r->path, member->key);
    TRY(check_order(r, last, member, from));
    TRY(space(r));
    if (peek(r) != ':') return syntax(r);
    r->at++;
    TRY(space(r));
    TRY(read_value(r, member));
    json_path_pop(&r->path, mark);
    return STATUS_DONE;
}

static enum status read_object(struct reader *r, struct json *out)
{
    const struct json **end = &out->first, *last = NULL;
    bool more = true;
    out->type = JSON_OBJECT;
    TRY(enter(r));
    if (empty(r, '}')) return STATUS_DONE;
    while (more) {
        struct json *member;
        TRY(new_node(r, &member));
        TRY(read_member(r, last, member));
        last = *end = member;
        end = &member->next;
        out->size++;
        TRY(next_member(r, '}', &more));
    }
    return check_unique(r, out);
}

static enum status read_value(struct reader *r, struct json *out)
{
    size_t from = r->at;
    enum status status;
    int c = peek(r);
    if (c == '{') {
        status = read_object(r, out);
    } else if (c == '[') {
        status = read_array(r, out);
    } else if (c == '"') {
        out->type = JSON_STRING;
        status = read_string(r, &out->string);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
        status = read_integer(r, out);
    } else {
        status = read_word(r, out);
    }
    out->source = slice_part(r->text, from, r->at - from);
    return status;
}

enum status json_read(const struct json **out, struct slice text, enum json_form form, struct arena *arena,
                      struct error *error)
{
    struct reader r = {.text = text,
                       .form = form,
                       .arena = arena,
                       .error = error,
                       .nodes_most = form == JSON_CANONICAL ? LIMIT_JSON_NODES : RELAXED_NODES};
    struct json *root;
    if (text.size > (form == JSON_CANONICAL ? (size_t)LIMIT_RECORD_TEXT_BYTES : (size_t)LIMIT_JSON_BYTES))
        return refuse(&r, "json-limit", "The JSON is too large.");
    TRY(space(&r));
    TRY(new_node(&r, &root));
    TRY(read_value(&r, root));
    TRY(space(&r));
    if (r.at != text.size) return refuse(&r, "json-trailing", "Something follows the end of the JSON.");
    *out = root;
    return STATUS_DONE;
}
