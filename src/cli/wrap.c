#include "cli/wrap.h"

#include "text/utf8.h"

/* How many bytes of text fit into `columns`: at least one character, so that every line gets on; *broken tells whether
 * the text goes on and was not cut at a newline. */
static size_t fitting(struct slice text, size_t columns, size_t *last_space)
{
    size_t at = 0, used = 0;
    *last_space = 0;
    while (at < text.size && text.data[at] != '\n') {
        size_t from = at;
        if (text.data[at] == ' ') *last_space = at;
        utf8_next(text, &at);
        used += text_columns(slice_part(text, from, at - from));
        if (used > columns && from > 0) return from;
    }
    *last_space = 0; /* all of it fits: no need to cut */
    return at;
}

bool wrap_next(struct slice *rest, size_t columns, struct slice *line)
{
    size_t last_space;
    if (rest->size == 0) return false;
    size_t size = fitting(*rest, columns, &last_space);
    bool at_space = size < rest->size && rest->data[size] == ' ';
    if (size < rest->size && rest->data[size] != '\n' && !at_space && last_space > 0) {
        size = last_space;
        at_space = true;
    }
    *line = slice_part(*rest, 0, size);
    if (at_space || (size < rest->size && rest->data[size] == '\n')) size++;
    *rest = slice_part(*rest, size, rest->size);
    return true;
}

void wrap_cut(struct buffer *out, struct slice text, size_t columns)
{
    size_t last_space, size = fitting(text, columns, &last_space);
    if (size < text.size && columns > 0) size = fitting(text, columns - 1, &last_space);
    buffer_put(out, slice_part(text, 0, size));
    if (size < text.size) buffer_put_string(out, "…");
}

void wrap_spaces(struct buffer *out, size_t count)
{
    while (count-- > 0) buffer_put_byte(out, ' ');
}

void wrap_put(struct buffer *out, struct slice text, size_t width, size_t indent, const char *first)
{
    struct slice line, mark = slice_from(first);
    size_t columns = width > indent + 20 ? width - indent : 20, marked = text_columns(mark);
    for (bool top = true; wrap_next(&text, columns, &line); top = false) {
        wrap_spaces(out, top && marked <= indent ? indent - marked : indent);
        if (top) buffer_put(out, mark);
        buffer_put(out, line);
        buffer_put_byte(out, '\n');
    }
}
