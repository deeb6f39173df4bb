/* The small texts of a request, all read from the same bytes: nothing is read or written beyond its room, what is taken
 * is clean, and what is refused leaves no trace. */
#include "fuzz.h"

#include "base/macro.h"
#include "http/parse.h"

static bool is_clean(const char *text, size_t size, bool path)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == 0x7F || (c < ' ' && (path || (c != '\t' && c != '\n' && c != '\r')))) return false;
        if (path && c == '\\') return false;
    }
    return parse_is_utf8(slice_of(text, size)) && text[size] == '\0';
}

static void try_path(struct slice text)
{
    char *out = malloc(text.size + 1);
    size_t size;
    if (parse_path(text, out, &size)) {
        EXPECT(size <= text.size && is_clean(out, size, true));
        EXPECT(strstr(out, "/../") == NULL && strstr(out, "/./") == NULL);
        EXPECT(size < 3 || strcmp(out + size - 3, "/..") != 0);
    }
    free(out);
}

static void try_pairs(struct slice text, size_t most)
{
    size_t room = parse_pairs_room(text.size, most), size, pairs = 0;
    char *out = malloc(room);
    struct slice value;
    if (parse_pairs(text, most, out, &size)) {
        EXPECT(size <= room);
        for (const char *at = out; at < out + size; pairs++) {
            const char *name = at, *found = name + strlen(name) + 1;
            EXPECT(name[0] != '\0' && found < out + size);
            EXPECT(is_clean(name, strlen(name), false) && is_clean(found, strlen(found), false));
            EXPECT(pairs_find(slice_of(out, size), name, &value) && (const char *)value.data <= found);
            EXPECT(value.data[value.size] == '\0');
            at = found + strlen(found) + 1;
            EXPECT(at <= out + size);
        }
        EXPECT(pairs <= most);
        EXPECT(!pairs_find(slice_of(out, size), "", &value));
    }
    free(out);
}

static void try_target(struct slice text)
{
    struct slice path, query;
    if (!parse_target(text, &path, &query)) return;
    EXPECT(text.size <= HTTP_TARGET_BYTES && path.size + query.size <= text.size + 1);
    EXPECT(path.size > 0 && (path.data[0] == '/' || path.data[0] == '*'));
    EXPECT(memchr(path.data, '?', path.size) == NULL);
    try_path(path);
    try_pairs(query, HTTP_QUERY_PAIRS);
}

static void try_cookie(struct slice text)
{
    static const char *const names[] = {"a", "", "session", "="};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct slice value;
        if (!parse_cookie(text, names[i], &value)) continue;
        EXPECT(value.data >= text.data && value.data + value.size <= text.data + text.size);
        for (size_t k = 0; k < value.size; k++) EXPECT(value.data[k] > ' ' && strchr("\",;\\", value.data[k]) == NULL);
    }
}

static void try_rest(struct slice text)
{
    static const char *const tags[] = {"", "a", "v1", "0123456789abcdef", ","};
    uint64_t number;
    for (size_t i = 0; i < COUNT_OF(tags); i++)
        EXPECT(!parse_tags(text, tags[i], false) || parse_tags(text, tags[i], true));
    if (parse_number(text, &number)) {
        char copy[64] = {0};
        EXPECT(text.data[0] == '0' || text.size <= 20);
        if (text.size < sizeof copy) {
            memcpy(copy, text.data, text.size);
            EXPECT(strtoull(copy, NULL, 10) == number);
        }
    }
    struct slice name = slice_part(text, 0, text.size / 2), value = slice_part(text, text.size / 2, text.size);
    if (parse_field(name, value))
        EXPECT(name.size > 0 && memchr(name.data, ':', name.size) == NULL &&
               memchr(name.data, ' ', name.size) == NULL &&
               (value.size == 0 || memchr(value.data, '\n', value.size) == NULL));
    (void)parse_type_is(text, "application/x-www-form-urlencoded");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size);
    try_path(text);
    try_pairs(text, HTTP_QUERY_PAIRS);
    try_pairs(text, HTTP_FORM_PAIRS);
    try_target(text);
    try_cookie(text);
    try_rest(text);
    return 0;
}
