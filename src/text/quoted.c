#include "text/quoted.h"

#include "base/macro.h"

static const struct {
    const char *open, *close;
} quotes[] = {{"\"", "\""}, {"“", "”"}, {"«", "»"}};

static size_t find_bytes(struct slice text, const char *bytes)
{
    const uint8_t *found = text.size == 0 ? NULL : memmem(text.data, text.size, bytes, strlen(bytes));
    return found == NULL ? SIZE_MAX : (size_t)(found - text.data);
}

bool quoted_next(struct slice *rest, struct slice *before, struct slice *inside)
{
    size_t from = SIZE_MAX, which = 0;
    for (size_t i = 0; i < COUNT_OF(quotes); i++) {
        size_t open = find_bytes(*rest, quotes[i].open);
        if (open >= from) continue;
        struct slice behind = slice_part(*rest, open + strlen(quotes[i].open), SIZE_MAX);
        if (find_bytes(behind, quotes[i].close) == SIZE_MAX) continue;
        from = open;
        which = i;
    }
    if (from == SIZE_MAX) return false;
    *before = slice_part(*rest, 0, from);
    struct slice behind = slice_part(*rest, from + strlen(quotes[which].open), SIZE_MAX);
    size_t size = find_bytes(behind, quotes[which].close);
    *inside = slice_part(behind, 0, size);
    *rest = slice_part(behind, size + strlen(quotes[which].close), SIZE_MAX);
    return true;
}
