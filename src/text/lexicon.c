#include "text/lexicon.h"

#include <assert.h>

static struct slice cut_blanks(struct slice s)
{
    while (s.size > 0 && (s.data[0] == ' ' || s.data[0] == '\t')) s = slice_part(s, 1, s.size);
    while (s.size > 0 && (s.data[s.size - 1] == ' ' || s.data[s.size - 1] == '\t' || s.data[s.size - 1] == '\r'))
        s.size--;
    return s;
}

/* What stands before the next `end`, and the rest behind it. */
static struct slice cut(struct slice *rest, char end)
{
    const uint8_t *found = memchr(rest->data, end, rest->size);
    size_t size = found == NULL ? rest->size : (size_t)(found - rest->data);
    struct slice part = cut_blanks(slice_part(*rest, 0, size));
    *rest = slice_part(*rest, size + 1, rest->size);
    return part;
}

struct slice lexicon_get(const char *path)
{
    for (const struct lexicon_file *file = lexicon_files; file->path != NULL; file++)
        if (strcmp(file->path, path) == 0) return slice_of(file->data, file->size);
    assert(!"a file of the lexicon that was not built in");
    return (struct slice){NULL, 0};
}

bool lexicon_line(struct slice *rest, struct slice *line)
{
    while (rest->size > 0) {
        *line = cut(rest, '\n');
        if (line->size > 0 && line->data[0] != '#') return true;
    }
    return false;
}

bool lexicon_column(struct slice *line, struct slice *column)
{
    if (line->size == 0) return false;
    *column = cut(line, '|');
    return true;
}
