/* JSON as truce signs it: RFC 8785 restricted to integers. A strict reader for what others signed, a relaxed reader for
 * what people typed, and trees that borrow from the text and live in the caller's arena. */
#ifndef TRUCE_JSON_JSON_H
#define TRUCE_JSON_JSON_H

#include "base/arena.h"
#include "base/error.h"

enum json_type { JSON_FALSE, JSON_TRUE, JSON_INTEGER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
    enum json_type type;
    uint32_t size;            /* members of an array or object */
    const struct json *next;  /* next sibling, or NULL; an object's members are in key order whatever the form */
    const struct json *first; /* first member, or NULL */
    struct slice key;         /* decoded, in an object; else empty */
    union {
        int64_t integer;     /* |n| < 2^53 */
        struct slice string; /* decoded */
    };
    struct slice source; /* the value's own bytes in the text: canonical text gives the canonical form of the value */
};

#define JSON_INTEGER_MOST ((INT64_C(1) << 53) - 1)

enum json_form {
    JSON_CANONICAL, /* exactly one byte form: anything else is refused */
    JSON_RELAXED /* white space, any key order, any escape, not yet NFC; still integers only, no duplicate keys, no null
                  */
};

/* Reads one value that fills `text`. The tree borrows from text and arena.
 * Refuses with json-… and text-… codes, error->pointer (JSON pointer) and error->offset set. Depth, nodes and size have
 * limits (json-limit). In both forms every string is checked by text/utf8.h; the relaxed form normalises instead of
 * refusing what is not NFC. */
MUST_USE enum status json_read(const struct json **out, struct slice text, enum json_form form, struct arena *arena,
                               struct error *error);

/* A tree of its own, strings and all, which may be changed; NULL when memory is out. */
struct json *json_copy(struct arena *arena, const struct json *value);

/* The member `key`, or NULL. `object` may be NULL or not an object: then NULL. */
const struct json *json_find(const struct json *object, const char *key);

/* Typed looks at a member: absent or of another type gives the fallback. For trees that a schema already checked. */
struct slice json_find_string(const struct json *object, const char *key); /* {NULL,0} if absent */
int64_t json_find_integer(const struct json *object, const char *key, int64_t fallback);
bool json_find_bool(const struct json *object, const char *key);

/* Cuts the next member off *rest, the inside of an object in canonical text that was read before: its key and value as
 * they stand there. false when none is left. For a look that needs no tree. */
bool json_next_member(struct slice *rest, struct slice *key, struct slice *value);

/* Resolves an RFC 6901 pointer ("" is the value itself); NULL if nothing is there. */
const struct json *json_at(const struct json *value, struct slice pointer);

/* A JSON pointer that grows and shrinks while a tree is walked; starts as {.size = 0}. When a token does not fit, text
 * stays the pointer of the last ancestor that did, and size is ERROR_POINTER_SIZE until it is popped. */
struct json_path {
    char text[ERROR_POINTER_SIZE];
    size_t size;
};
size_t json_path_push(struct json_path *path, struct slice key); /* returns what json_path_pop takes */
size_t json_path_push_index(struct json_path *path, size_t index);
void json_path_pop(struct json_path *path, size_t mark);

#endif
