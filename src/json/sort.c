#include "json/sort.h"

#include "text/utf8.h"

#include <stdlib.h>

bool json_is_sorted(const struct json *object)
{
    const struct json *last = object->first;
    if (last == NULL) return true;
    for (const struct json *member = last->next; member != NULL; last = member, member = member->next)
        if (text_compare_utf16(last->key, member->key) > 0) return false;
    return true;
}

static int compare_members(const void *left, const void *right)
{
    const struct json *a = *(const struct json *const *)left, *b = *(const struct json *const *)right;
    int order = text_compare_utf16(a->key, b->key);
    return order != 0 ? order : (a->source.data > b->source.data) - (a->source.data < b->source.data);
}

const struct json **json_sorted(const struct json *object)
{
    const struct json **members = malloc(((size_t)object->size + 1) * sizeof *members);
    if (members == NULL) return NULL;
    size_t size = 0;
    for (const struct json *member = object->first; member != NULL; member = member->next) members[size++] = member;
    qsort(members, size, sizeof(const struct json *), compare_members);
    return members;
}
