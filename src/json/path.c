#include "json/json.h"

#include <inttypes.h>
#include <stdio.h>

/* A path that has no room for its next token stays at the last one that fit, and says so with a full size, so that what
 * follows is not put at the wrong place. */
static const size_t full = ERROR_POINTER_SIZE;

size_t json_path_push(struct json_path *path, struct slice key)
{
    size_t mark = path->size, at = mark;
    size_t need = 1 + key.size;
    for (size_t i = 0; i < key.size; i++) need += key.data[i] == '~' || key.data[i] == '/';
    if (need >= full - at) {
        path->size = full;
        return mark;
    }
    path->text[at++] = '/';
    for (size_t i = 0; i < key.size; i++) {
        char c = (char)key.data[i];
        bool escaped = c == '~' || c == '/';
        path->text[at++] = escaped ? '~' : c;
        if (escaped) path->text[at++] = c == '~' ? '0' : '1';
    }
    path->text[at] = '\0';
    path->size = at;
    return mark;
}

size_t json_path_push_index(struct json_path *path, size_t index)
{
    char token[24];
    int size = snprintf(token, sizeof token, "%zu", index);
    return json_path_push(path, slice_of(token, (size_t)size));
}

void json_path_pop(struct json_path *path, size_t mark)
{
    path->size = mark;
    if (mark < full) path->text[mark] = '\0';
}
