/* What the wire's small texts mean: targets, pairs, cookies, entity tags. Pure functions over slices; whatever is not
 * plainly right is refused, and what they write is never larger than what they read but for the NULs that are named. */
#ifndef TRUCE_HTTP_PARSE_H
#define TRUCE_HTTP_PARSE_H

#include "base/slice.h"

enum {
    HTTP_TARGET_BYTES = 4096, /* path and query as they came */
    HTTP_QUERY_PAIRS = 64,
    HTTP_FORM_PAIRS = 256,
    HTTP_TAGS = 64 /* of one If-Match or If-None-Match */
};

/* Splits a request's target ("/path?query", "http://host/path", "*") without decoding it. `query` is {NULL,0} where
 * there is no "?". */
bool parse_target(struct slice target, struct slice *path, struct slice *query);

/* Decodes a path once into out (path.size + 1 bytes, NUL-terminated). Refused: what is not UTF-8, NUL and other
 * controls, "/" and "\" in disguise, the segments "." and "..". */
bool parse_path(struct slice path, char *out, size_t *size);

/* Decodes "a=b&c=d" into "a\0b\0c\0d\0"; out has parse_pairs_room(text.size, most) bytes. Refused: more than `most`
 * pairs, an empty name, bad escapes, what is not UTF-8, controls other than tab and line ends. */
static inline size_t parse_pairs_room(size_t text_size, size_t most)
{
    return text_size + most + 1;
}
bool parse_pairs(struct slice text, size_t most, char *out, size_t *size);
/* The first value of the name; it is NUL-terminated. */
bool pairs_find(struct slice pairs, const char *name, struct slice *value);

/* The first value of the name in a Cookie header; false for a value that no cookie may have. */
bool parse_cookie(struct slice header, const char *name, struct slice *value);

/* If one of the entity tags of the list (or "*") is "tag". A weak one (W/"…") counts only if `weak`. */
bool parse_tags(struct slice list, const char *tag, bool weak);

/* A header field that can stand in a request: its name is a token, its value has no controls but tabs. */
bool parse_field(struct slice name, struct slice value);

bool parse_is_utf8(struct slice text);

/* Decimal digits alone, without overflow. */
bool parse_number(struct slice text, uint64_t *number);

/* If a header's value is `type`, whatever its parameters and case: "text/html; charset=utf-8" is "text/html". */
bool parse_type_is(struct slice value, const char *type);

#endif
