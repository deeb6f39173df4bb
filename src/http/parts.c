/* Forms that bring files: multipart/form-data, as RFC 7578 and the HTML standard have browsers write it. */
#include "http/parts.h"

#include "http/parse.h"

#include <strings.h>

static bool begins_caseless(struct slice text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size >= size && strncasecmp((const char *)text.data, prefix, size) == 0;
}

static void drop_blanks(struct slice *text)
{
    while (text->size > 0 && (text->data[0] == ' ' || text->data[0] == '\t')) *text = slice_part(*text, 1, text->size);
}

/* One parameter, "; name=value" or "; name="value"", without what backslashes might mean: browsers write %22 instead.
 */
static bool next_parameter(struct slice *rest, struct slice *name, struct slice *value)
{
    drop_blanks(rest);
    if (rest->size == 0 || rest->data[0] != ';') return false;
    *rest = slice_part(*rest, 1, rest->size);
    drop_blanks(rest);
    const uint8_t *equals = rest->size == 0 ? NULL : memchr(rest->data, '=', rest->size);
    if (equals == NULL) return false;
    *name = slice_part(*rest, 0, (size_t)(equals - rest->data));
    *rest = slice_part(*rest, name->size + 1, rest->size);
    bool quoted = rest->size > 0 && rest->data[0] == '"';
    size_t from = quoted ? 1 : 0, size = from;
    while (size < rest->size && (quoted ? rest->data[size] != '"' : rest->data[size] != ';')) size++;
    if (quoted && size == rest->size) return false;
    *value = slice_part(*rest, from, size - from);
    *rest = slice_part(*rest, size + from, rest->size);
    return true;
}

/* ---- the boundary */

static bool is_boundary(struct slice boundary)
{
    for (size_t i = 0; i < boundary.size; i++) {
        uint8_t c = boundary.data[i];
        bool good = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
                    (c != '\0' && strchr("'()+_,-./:=?", c) != NULL);
        if (!good) return false;
    }
    return boundary.size > 0 && boundary.size <= HTTP_BOUNDARY_MOST;
}

bool http_parts_open(struct http_parts *parts, struct slice type, struct slice body)
{
    struct slice rest = type, name, value;
    *parts = (struct http_parts){.rest = body};
    if (!parse_type_is(type, "multipart/form-data")) return false;
    while (rest.size > 0 && rest.data[0] != ';') rest = slice_part(rest, 1, rest.size);
    while (next_parameter(&rest, &name, &value))
        if (name.size == 8 && begins_caseless(name, "boundary")) parts->boundary = value;
    return is_boundary(parts->boundary);
}

/* Takes "--boundary" off the front. */
static bool take_delimiter(struct slice *rest, struct slice boundary)
{
    if (!slice_starts(*rest, "--") || !slice_equal(slice_part(*rest, 2, boundary.size), boundary)) return false;
    *rest = slice_part(*rest, 2 + boundary.size, rest->size);
    return true;
}

/* The bytes before the next CR LF "--boundary"; SIZE_MAX if there is none. */
static size_t find_delimiter(struct slice text, struct slice boundary)
{
    size_t at = 0;
    while (at < text.size) {
        const uint8_t *found = memchr(text.data + at, '\r', text.size - at);
        if (found == NULL) return SIZE_MAX;
        at = (size_t)(found - text.data);
        struct slice rest = slice_part(text, at + 2, text.size);
        if (text.size - at >= 2 && found[1] == '\n' && take_delimiter(&rest, boundary)) return at;
        at++;
    }
    return SIZE_MAX;
}

/* ---- one part */

static bool take_line(struct slice *rest, struct slice *line)
{
    for (size_t i = 0; i + 1 < rest->size && i < HTTP_PART_HEAD_BYTES; i++) {
        if (rest->data[i] != '\r' || rest->data[i + 1] != '\n') continue;
        *line = slice_part(*rest, 0, i);
        *rest = slice_part(*rest, i + 2, rest->size);
        return true;
    }
    return false;
}

static bool read_disposition(struct slice rest, struct http_part *out)
{
    static const char form_data[] = "form-data";
    struct slice name, value;
    drop_blanks(&rest);
    if (!begins_caseless(rest, form_data)) return false;
    rest = slice_part(rest, sizeof form_data - 1, rest.size);
    while (next_parameter(&rest, &name, &value)) {
        if (slice_is(name, "name")) out->name = value;
        out->is_file = out->is_file || slice_is(name, "filename") || slice_is(name, "filename*");
    }
    return rest.size == 0 && out->name.size > 0;
}

/* Content-Disposition must be there; what says that the bytes are encoded once more is refused. */
static bool take_head(struct slice *rest, struct http_part *out)
{
    static const char disposition[] = "content-disposition:", encoding[] = "content-transfer-encoding:";
    struct slice line;
    bool named = false;
    size_t before = rest->size;
    *out = (struct http_part){.is_file = false};
    while (take_line(rest, &line) && before - rest->size <= HTTP_PART_HEAD_BYTES) {
        if (line.size == 0) return named;
        if (begins_caseless(line, encoding)) return false;
        if (!begins_caseless(line, disposition)) continue;
        if (named || !read_disposition(slice_part(line, sizeof disposition - 1, line.size), out)) return false;
        named = true;
    }
    return false;
}

/* Behind a delimiter: "--" and the end, or CR LF and another part. */
static bool take_turn(struct http_parts *parts)
{
    struct slice *rest = &parts->rest;
    if (slice_starts(*rest, "--")) {
        *rest = slice_part(*rest, 2, rest->size);
        parts->ended = rest->size == 0 || slice_is(*rest, "\r\n");
        return parts->ended;
    }
    if (!slice_starts(*rest, "\r\n")) return false;
    *rest = slice_part(*rest, 2, rest->size);
    return true;
}

static bool take_part(struct http_parts *parts, struct http_part *out)
{
    if (!take_head(&parts->rest, out)) return false;
    size_t size = find_delimiter(parts->rest, parts->boundary);
    if (size == SIZE_MAX) return false;
    out->bytes = slice_part(parts->rest, 0, size);
    parts->rest = slice_part(parts->rest, size + 4 + parts->boundary.size, parts->rest.size);
    return take_turn(parts);
}

bool http_parts_next(struct http_parts *parts, struct http_part *out)
{
    if (parts->ended || parts->bad) return false;
    if (!parts->begun) {
        parts->begun = true;
        if (!take_delimiter(&parts->rest, parts->boundary) || !take_turn(parts)) parts->bad = true;
        if (parts->bad || parts->ended) return false;
    }
    parts->bad = ++parts->count > HTTP_PARTS || !take_part(parts, out);
    return !parts->bad;
}
