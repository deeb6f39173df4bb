/* Looking into trees, and pointers into them (RFC 6901). */
#include "json/json.h"

#include <inttypes.h>
#include <stdio.h>

const struct json *json_find(const struct json *object, const char *key)
{
    if (object == NULL || object->type != JSON_OBJECT) return NULL;
    for (const struct json *member = object->first; member != NULL; member = member->next)
        if (slice_is(member->key, key)) return member;
    return NULL;
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

/* Does the pointer's token, with its ~0 and ~1, spell this key? */
static bool token_is(struct slice token, struct slice key)
{
    size_t k = 0;
    for (size_t i = 0; i < token.size; i++, k++) {
        uint8_t c = token.data[i];
        if (c == '~') {
            if (++i == token.size || (token.data[i] != '0' && token.data[i] != '1')) return false;
            c = token.data[i] == '0' ? '~' : '/';
        }
        if (k == key.size || key.data[k] != c) return false;
    }
    return k == key.size;
}

static bool token_index(struct slice token, uint32_t *out)
{
    *out = 0;
    if (token.size == 0 || token.size > 9 || (token.size > 1 && token.data[0] == '0')) return false;
    for (size_t i = 0; i < token.size; i++) {
        if (token.data[i] < '0' || token.data[i] > '9') return false;
        *out = *out * 10 + (uint32_t)(token.data[i] - '0');
    }
    return true;
}

static const struct json *step(const struct json *value, struct slice token)
{
    uint32_t index = 0;
    bool array = value->type == JSON_ARRAY;
    if ((!array && value->type != JSON_OBJECT) || (array && !token_index(token, &index))) return NULL;
    for (const struct json *member = value->first; member != NULL; member = member->next, index--)
        if (array ? index == 0 : token_is(token, member->key)) return member;
    return NULL;
}

const struct json *json_at(const struct json *value, struct slice pointer)
{
    while (value != NULL && pointer.size > 0) {
        if (pointer.data[0] != '/') return NULL;
        size_t end = 1;
        while (end < pointer.size && pointer.data[end] != '/') end++;
        value = step(value, slice_part(pointer, 1, end - 1));
        pointer = slice_part(pointer, end, SIZE_MAX);
    }
    return value;
}

/* A path that no longer fits ends where it last did: a pointer in a sentence is for a person. Never half a character.
 */
static void put(struct json_path *path, const uint8_t *bytes, size_t size)
{
    if (path->size + size >= sizeof path->text) return;
    memcpy(path->text + path->size, bytes, size);
    path->size += size;
}

size_t json_path_push(struct json_path *path, struct slice key)
{
    size_t mark = path->size;
    put(path, (const uint8_t *)"/", 1);
    for (size_t i = 0; i < key.size;) {
        size_t size = 1;
        while (i + size < key.size && (key.data[i + size] & 0xC0) == 0x80) size++;
        if (key.data[i] == '~')
            put(path, (const uint8_t *)"~0", 2);
        else if (key.data[i] == '/')
            put(path, (const uint8_t *)"~1", 2);
        else
            put(path, key.data + i, size);
        i += size;
    }
    path->text[path->size] = '\0';
    return mark;
}

size_t json_path_push_index(struct json_path *path, size_t index)
{
    char text[24];
    int size = snprintf(text, sizeof text, "%zu", index);
    return json_path_push(path, slice_of(text, (size_t)size));
}

void json_path_pop(struct json_path *path, size_t mark)
{
    path->size = mark;
    path->text[mark] = '\0';
}
