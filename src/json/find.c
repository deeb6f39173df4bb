#include "json/json.h"

static const struct json *find_slice(const struct json *object, struct slice key)
{
    if (object == NULL || object->type != JSON_OBJECT) return NULL;
    const struct json *member = object->first;
    while (member != NULL && !slice_equal(member->key, key)) member = member->next;
    return member;
}

const struct json *json_find(const struct json *object, const char *key)
{
    return find_slice(object, slice_from(key));
}

struct slice json_find_string(const struct json *object, const char *key)
{
    const struct json *member = json_find(object, key);
    return member != NULL && member->type == JSON_STRING ? member->string : (struct slice){NULL, 0};
}

int64_t json_find_integer(const struct json *object, const char *key, int64_t fallback)
{
    const struct json *member = json_find(object, key);
    return member != NULL && member->type == JSON_INTEGER ? member->integer : fallback;
}

bool json_find_bool(const struct json *object, const char *key)
{
    const struct json *member = json_find(object, key);
    return member != NULL && member->type == JSON_TRUE;
}

/* Does the key, escaped as RFC 6901 says, read as `token`? A "~" before anything but 0 or 1 reads as nothing. */
static bool token_is(struct slice token, struct slice key)
{
    size_t at = 0;
    for (size_t i = 0; i < key.size; i++) {
        struct slice rest = slice_part(token, at, token.size);
        uint8_t c = key.data[i];
        bool escaped = c == '~' || c == '/';
        if (escaped ? !slice_starts(rest, c == '~' ? "~0" : "~1") : rest.size == 0 || rest.data[0] != c) return false;
        at += escaped ? 2 : 1;
    }
    return at == token.size;
}

static const struct json *member_at(const struct json *object, struct slice token)
{
    const struct json *member = object->first;
    while (member != NULL && !token_is(token, member->key)) member = member->next;
    return member;
}

static const struct json *item_at(const struct json *array, struct slice token)
{
    if (token.size == 0 || token.size > 9 || (token.data[0] == '0' && token.size > 1)) return NULL;
    size_t index = 0;
    for (size_t i = 0; i < token.size; i++) {
        if (token.data[i] < '0' || token.data[i] > '9') return NULL;
        index = index * 10 + (size_t)(token.data[i] - '0');
    }
    const struct json *item = array->first;
    while (item != NULL && index-- > 0) item = item->next;
    return item;
}

const struct json *json_at(const struct json *value, struct slice pointer)
{
    size_t at = 0;
    while (value != NULL && at < pointer.size) {
        if (pointer.data[at++] != '/') return NULL;
        size_t end = at;
        while (end < pointer.size && pointer.data[end] != '/') end++;
        struct slice token = slice_part(pointer, at, end - at);
        bool is_array = value->type == JSON_ARRAY;
        if (!is_array && value->type != JSON_OBJECT) return NULL;
        value = is_array ? item_at(value, token) : member_at(value, token);
        at = end;
    }
    return value;
}

/* Behind the quoted string that begins at `at`. */
static size_t string_end(struct slice text, size_t at)
{
    for (at++; at < text.size && text.data[at] != '"'; at++)
        if (text.data[at] == '\\') at++;
    return at + 1;
}

/* Behind the value that begins at `at`: strings are stepped over, brackets counted. */
static size_t value_end(struct slice text, size_t at)
{
    for (size_t depth = 0; at < text.size;) {
        uint8_t byte = text.data[at];
        if (byte == '"') {
            at = string_end(text, at);
            if (depth == 0) return at;
            continue;
        }
        if (depth == 0 && (byte == ',' || byte == '}')) return at;
        if (byte == '{' || byte == '[') depth++;
        if ((byte == '}' || byte == ']') && --depth == 0) return at + 1;
        at++;
    }
    return text.size;
}

bool json_next_member(struct slice *rest, struct slice *key, struct slice *value)
{
    if (rest->size < 4 || rest->data[0] != '"') return false;
    size_t colon = string_end(*rest, 0), end = value_end(*rest, colon + 1);
    if (end > rest->size) return false;
    *key = slice_part(*rest, 1, colon - 2);
    *value = slice_part(*rest, colon + 1, end - colon - 1);
    *rest = slice_part(*rest, end + 1, SIZE_MAX);
    return true;
}

struct json *json_copy(struct arena *arena, const struct json *value)
{
    struct json *copy = arena_get(arena, sizeof *copy);
    if (copy == NULL) return NULL;
    *copy = *value;
    copy->next = NULL;
    copy->key = arena_copy(arena, value->key);
    if (value->type == JSON_STRING) copy->string = arena_copy(arena, value->string);
    if (value->type != JSON_ARRAY && value->type != JSON_OBJECT) return copy;
    const struct json **link = &copy->first;
    *link = NULL;
    for (const struct json *m = value->first; m != NULL; m = m->next) {
        struct json *member = json_copy(arena, m);
        if (member == NULL) return NULL;
        *link = member;
        link = &member->next;
    }
    return copy;
}
