/* The structural writer: malformed or non-canonical JSON cannot be written with it. It puts commas, escapes and keys in
 * place, and treats a key out of order, a value without its key or an unclosed container as a bug (assert). Text given
 * to it is valid UTF-8; it escapes as RFC 8785 says. */
#ifndef TRUCE_JSON_WRITE_H
#define TRUCE_JSON_WRITE_H

#include "base/buffer.h"
#include "json/json.h"

enum { JSON_WRITER_DEPTH = 48 };

struct json_writer {
    struct buffer *out;
    unsigned depth;
    struct {
        bool object, any, keyed;
        size_t key_from, key_size; /* the last key's raw bytes in out, to check the order */
    } level[JSON_WRITER_DEPTH];
};

void json_write_open(struct json_writer *writer, struct buffer *out);
MUST_USE enum status json_write_finish(struct json_writer *writer,
                                       struct error *error); /* all closed; memory held out */

void json_put_object(struct json_writer *writer); /* opens {; members follow in UTF-16 order of their keys */
void json_put_array(struct json_writer *writer);  /* opens [ */
void json_put_close(struct json_writer *writer);  /* closes the innermost */
void json_put_key(struct json_writer *writer, const char *key);
void json_put_key_slice(struct json_writer *writer, struct slice key);
void json_put_string(struct json_writer *writer, const char *string);
void json_put_slice(struct json_writer *writer, struct slice string);
void json_put_integer(struct json_writer *writer, int64_t integer);
void json_put_bool(struct json_writer *writer, bool value);

/* null stands only in answers (a receipt without its proof), never in a record. */
void json_put_null(struct json_writer *writer);

/* A whole tree, keys sorted: relaxed input becomes canonical output. */
void json_put_tree(struct json_writer *writer, const struct json *tree);

/* Canonical JSON that was made by this writer or checked by json_read, put as a value as it is. */
void json_put_raw(struct json_writer *writer, struct slice canonical);

#endif
