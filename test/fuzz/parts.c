/* A form with files, whose type is the first line and whose body the rest: what is given lies in the body, in order,
 * and is what stood between two boundaries. */
#include "fuzz.h"

#include "http/parts.h"

static void try_parts(struct slice type, struct slice body)
{
    struct http_parts parts;
    struct http_part part;
    const uint8_t *last = body.data;
    size_t count = 0;
    if (!http_parts_open(&parts, type, body)) return;
    EXPECT(parts.boundary.size > 0 && parts.boundary.size <= HTTP_BOUNDARY_MOST);
    while (http_parts_next(&parts, &part)) {
        EXPECT(part.name.size > 0 && ++count <= HTTP_PARTS);
        EXPECT(part.name.data >= last && part.bytes.data >= part.name.data + part.name.size);
        last = part.bytes.data + part.bytes.size;
        EXPECT(last + 4 + parts.boundary.size <= body.data + body.size);
        EXPECT(memcmp(last, "\r\n--", 4) == 0 && memcmp(last + 4, parts.boundary.data, parts.boundary.size) == 0);
    }
    EXPECT(parts.bad != parts.ended);
    EXPECT(!http_parts_next(&parts, &part));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size);
    const uint8_t *end = size == 0 ? NULL : memchr(data, '\n', size);
    size_t line = end == NULL ? size : (size_t)(end - data);
    try_parts(slice_part(text, 0, line), slice_part(text, line + 1, size));
    try_parts(slice_from("multipart/form-data; boundary=x"), text);
    return 0;
}
