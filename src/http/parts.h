/* Forms that bring files, part by part. */
#ifndef TRUCE_HTTP_PARTS_H
#define TRUCE_HTTP_PARTS_H

#include "base/slice.h"

/* A body of multipart/form-data (RFC 7578), part by part, without copying: as browsers send it, and nothing looser. */
enum { HTTP_BOUNDARY_MOST = 70, HTTP_PARTS = 4096, HTTP_PART_HEAD_BYTES = 2048 };
struct http_parts {
    struct slice rest, boundary;
    size_t count;
    bool begun, ended, bad; /* ended: the last part was given; bad: it is not of this form, or breaks off */
};
struct http_part {
    struct slice name;
    bool is_file; /* it came with a file's name, which nobody here needs */
    struct slice bytes;
};
/* False where the type is another one or names no boundary. */
bool http_parts_open(struct http_parts *parts, struct slice type, struct slice body);
/* False behind the last one, and where `bad` is set. */
bool http_parts_next(struct http_parts *parts, struct http_part *out);

#endif
