#include "http/parse.h"

#include "base/character.h"

#include <strings.h>

static int hex(uint8_t c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte at text[*at], unescaped; *at moves on behind it. -1: half an escape. */
static int next_byte(struct slice text, size_t *at)
{
    uint8_t c = text.data[(*at)++];
    if (c != '%') return c;
    if (text.size - *at < 2) return -1;
    int high = hex(text.data[*at]), low = hex(text.data[*at + 1]);
    *at += 2;
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool parse_is_utf8(struct slice text)
{
    for (size_t i = 0, size; i < text.size; i += size) {
        size = character_size(text.data + i, text.size - i);
        if (size == 0) return false;
    }
    return true;
}

static bool has_prefix_caseless(struct slice text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size >= size && strncasecmp((const char *)text.data, prefix, size) == 0;
}

/* The absolute form names scheme and host; only what follows them concerns this server. */
static struct slice without_authority(struct slice target)
{
    size_t at = has_prefix_caseless(target, "http://") ? 7 : has_prefix_caseless(target, "https://") ? 8 : 0;
    if (at == 0) return target;
    while (at < target.size && target.data[at] != '/' && target.data[at] != '?') at++;
    return slice_part(target, at, target.size);
}

bool parse_target(struct slice target, struct slice *path, struct slice *query)
{
    if (target.size > HTTP_TARGET_BYTES) return false;
    for (size_t i = 0; i < target.size; i++)
        if (target.data[i] <= ' ' || target.data[i] == 0x7F || target.data[i] == '#') return false;
    struct slice rest = without_authority(target);
    bool absolute = rest.size != target.size;
    const uint8_t *mark = rest.size == 0 ? NULL : memchr(rest.data, '?', rest.size);
    size_t path_size = mark == NULL ? rest.size : (size_t)(mark - rest.data);
    *path = slice_part(rest, 0, path_size);
    *query = mark == NULL ? (struct slice){0} : slice_part(rest, path_size + 1, rest.size);
    if (path_size == 0 && absolute) *path = slice_from("/");
    return slice_is(*path, "*") ? !absolute && mark == NULL : slice_starts(*path, "/");
}

static bool has_dot_segment(const char *path)
{
    for (const char *segment = path;; segment++) {
        size_t size = strcspn(segment, "/");
        if ((size == 1 && segment[0] == '.') || (size == 2 && segment[0] == '.' && segment[1] == '.')) return true;
        segment += size;
        if (*segment == '\0') return false;
    }
}

bool parse_path(struct slice path, char *out, size_t *size)
{
    size_t used = 0;
    for (size_t i = 0; i < path.size;) {
        bool escaped = path.data[i] == '%';
        int byte = next_byte(path, &i);
        if (byte < 0x20 || byte == 0x7F || byte == '\\' || (escaped && byte == '/')) return false;
        out[used++] = (char)byte;
    }
    out[used] = '\0';
    *size = used;
    return parse_is_utf8(slice_of(out, used)) && !has_dot_segment(out);
}

/* One side of a pair; its NUL is put behind it. */
static bool decode_part(struct slice part, char *out, size_t *used)
{
    size_t from = *used;
    for (size_t i = 0; i < part.size;) {
        bool plus = part.data[i] == '+';
        int byte = next_byte(part, &i);
        if (byte <= 0 || byte == 0x7F || (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r')) return false;
        out[(*used)++] = plus ? ' ' : (char)byte;
    }
    bool good = parse_is_utf8(slice_of(out + from, *used - from));
    out[(*used)++] = '\0';
    return good;
}

bool parse_pairs(struct slice text, size_t most, char *out, size_t *size)
{
    size_t used = 0, pairs = 0;
    for (size_t at = 0; at < text.size;) {
        struct slice rest = slice_part(text, at, text.size);
        const uint8_t *end = memchr(rest.data, '&', rest.size);
        struct slice pair = slice_part(rest, 0, end == NULL ? rest.size : (size_t)(end - rest.data));
        at += pair.size + 1;
        if (pair.size == 0) continue;
        const uint8_t *equals = memchr(pair.data, '=', pair.size);
        size_t name_size = equals == NULL ? pair.size : (size_t)(equals - pair.data);
        if (name_size == 0 || ++pairs > most || !decode_part(slice_part(pair, 0, name_size), out, &used) ||
            !decode_part(slice_part(pair, name_size + 1, pair.size), out, &used))
            return false;
    }
    *size = used;
    return true;
}

bool pairs_find(struct slice pairs, const char *name, struct slice *value)
{
    if (pairs.size == 0) return false;
    const char *at = (const char *)pairs.data, *end = at + pairs.size;
    while (at < end) {
        const char *found = at + strlen(at) + 1;
        size_t size = strlen(found);
        if (strcmp(at, name) == 0) {
            *value = slice_of(found, size);
            return true;
        }
        at = found + size + 1;
    }
    return false;
}

static struct slice trim(struct slice text)
{
    while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) text = slice_part(text, 1, text.size);
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t')) text.size--;
    return text;
}

/* What RFC 6265 lets a value consist of. */
static bool is_cookie_value(struct slice value)
{
    for (size_t i = 0; i < value.size; i++) {
        uint8_t c = value.data[i];
        if (c <= ' ' || c >= 0x7F || c == '"' || c == ',' || c == ';' || c == '\\') return false;
    }
    return true;
}

bool parse_cookie(struct slice header, const char *name, struct slice *value)
{
    size_t name_size = strlen(name);
    while (header.size > 0) {
        const uint8_t *end = memchr(header.data, ';', header.size);
        size_t size = end == NULL ? header.size : (size_t)(end - header.data);
        struct slice pair = trim(slice_part(header, 0, size));
        header = slice_part(header, size + 1, header.size);
        if (pair.size <= name_size || memcmp(pair.data, name, name_size) != 0 || pair.data[name_size] != '=') continue;
        struct slice found = slice_part(pair, name_size + 1, pair.size);
        if (found.size >= 2 && found.data[0] == '"' && found.data[found.size - 1] == '"')
            found = slice_part(found, 1, found.size - 2);
        if (!is_cookie_value(found)) return false;
        *value = found;
        return true;
    }
    return false;
}

/* One entity tag at the list's beginning: what stands in its quotes, and what follows it. */
static bool next_tag(struct slice *list, struct slice *tag, bool *weak)
{
    struct slice rest = *list;
    *weak = slice_starts(rest, "W/");
    if (*weak) rest = slice_part(rest, 2, rest.size);
    if (rest.size < 2 || rest.data[0] != '"') return false;
    const uint8_t *end = memchr(rest.data + 1, '"', rest.size - 1);
    if (end == NULL) return false;
    *tag = slice_part(rest, 1, (size_t)(end - rest.data) - 1);
    *list = trim(slice_part(rest, tag->size + 2, rest.size));
    return true;
}

bool parse_tags(struct slice list, const char *tag, bool weak)
{
    list = trim(list);
    if (slice_is(list, "*")) return true;
    for (size_t i = 0; i < HTTP_TAGS && list.size > 0; i++) {
        struct slice one;
        bool is_weak;
        if (list.data[0] == ',') {
            list = trim(slice_part(list, 1, list.size));
            continue;
        }
        if (!next_tag(&list, &one, &is_weak) || (list.size > 0 && list.data[0] != ',')) return false;
        if (slice_is(one, tag) && (weak || !is_weak)) return true;
    }
    return false;
}

static bool is_token_byte(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

bool parse_field(struct slice name, struct slice value)
{
    for (size_t i = 0; i < name.size; i++)
        if (!is_token_byte(name.data[i])) return false;
    for (size_t i = 0; i < value.size; i++)
        if ((value.data[i] < ' ' && value.data[i] != '\t') || value.data[i] == 0x7F) return false;
    return name.size > 0;
}

bool parse_number(struct slice text, uint64_t *number)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned digit = (unsigned)text.data[i] - '0';
        if (digit > 9 || sum > (UINT64_MAX - digit) / 10) return false;
        sum = sum * 10 + digit;
    }
    *number = sum;
    return text.size > 0;
}

bool parse_type_is(struct slice value, const char *type)
{
    const uint8_t *end = value.size == 0 ? NULL : memchr(value.data, ';', value.size);
    struct slice plain = trim(slice_part(value, 0, end == NULL ? value.size : (size_t)(end - value.data)));
    return plain.size == strlen(type) && has_prefix_caseless(plain, type);
}
