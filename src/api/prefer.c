#include "api/prefer.h"

#include <strings.h>

enum { WEIGHT_MOST = 1000 };

static bool blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

static struct slice trim(struct slice s)
{
    while (s.size > 0 && blank(s.data[0])) s = slice_part(s, 1, s.size);
    while (s.size > 0 && blank(s.data[s.size - 1])) s.size--;
    return s;
}

/* Cuts what stands before the next `mark` off *rest. */
static struct slice cut(struct slice *rest, uint8_t mark)
{
    size_t size = 0;
    while (size < rest->size && rest->data[size] != mark) size++;
    struct slice out = slice_part(*rest, 0, size);
    *rest = slice_part(*rest, size < rest->size ? size + 1 : size, rest->size);
    return trim(out);
}

/* "0.875" in thousandths; what is no weight is none. */
static unsigned weight_parse(struct slice text)
{
    unsigned weight = 0, unit = WEIGHT_MOST;
    for (size_t i = 0; i < text.size && i < 5; i++) {
        if (i == 1 && text.data[i] == '.') continue;
        if (text.data[i] < '0' || text.data[i] > '9') return 0;
        weight += (unsigned)(text.data[i] - '0') * unit;
        unit /= 10;
    }
    return weight > WEIGHT_MOST ? WEIGHT_MOST : weight;
}

/* The next range of a list and its weight. */
static bool next_range(struct slice *rest, struct slice *range, unsigned *weight)
{
    if (rest->size == 0) return false;
    struct slice item = cut(rest, ',');
    *range = cut(&item, ';');
    *weight = WEIGHT_MOST;
    while (item.size > 0) {
        struct slice parameter = cut(&item, ';');
        if (parameter.size >= 2 && (parameter.data[0] | 0x20) == 'q' && parameter.data[1] == '=')
            *weight = weight_parse(slice_part(parameter, 2, parameter.size));
    }
    return true;
}

static bool same(struct slice a, const char *b, size_t size)
{
    return a.size == size && strncasecmp((const char *)a.data, b, size) == 0;
}

/* How special a range is that takes the type: 3 itself, 2 its family, 1 anything, 0 it does not. */
static unsigned fits(struct slice range, const char *type)
{
    size_t family = (size_t)(strchr(type, '/') - type) + 1;
    if (same(range, type, strlen(type))) return 3;
    if (range.size == family + 1 && range.data[family] == '*' && same(slice_part(range, 0, family), type, family))
        return 2;
    return slice_is(range, "*/*") || slice_is(range, "*") ? 1 : 0;
}

unsigned prefer_type(struct slice accept, const char *type)
{
    struct slice range;
    unsigned weight, best = 0, out = 0;
    while (next_range(&accept, &range, &weight)) {
        unsigned special = fits(range, type);
        if (special <= best) continue;
        best = special;
        out = weight;
    }
    return out;
}

bool prefer_language(enum language *out, struct slice accept)
{
    struct slice range;
    unsigned weight, best = 0;
    while (next_range(&accept, &range, &weight)) {
        enum language language;
        struct slice primary = cut(&range, '-');
        if (weight <= best || !language_parse(&language, primary)) continue;
        best = weight;
        *out = language;
    }
    return best > 0;
}

bool prefer_gzip(struct slice accept)
{
    struct slice range;
    unsigned weight, best = 0, any = 0;
    bool named = false;
    while (next_range(&accept, &range, &weight)) {
        if (same(range, "gzip", 4)) named = true, best = weight;
        if (slice_is(range, "*")) any = weight;
    }
    return (named ? best : any) > 0;
}
