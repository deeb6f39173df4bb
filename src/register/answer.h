/* Answers that are computed from a view of the log at a moment. */
#ifndef TRUCE_REGISTER_ANSWER_H
#define TRUCE_REGISTER_ANSWER_H

#include "register/sight.h"

/* Members of an answer: RFC 3339 UTC, and 64 hex. */
void answer_put_time(struct json_writer *w, const char *key, int64_t time);
void answer_put_id(struct json_writer *w, const char *key, const struct record_id *id);

typedef enum status write_answer(struct truce_register *reg, const struct moment *moment, struct view *view,
                                 const void *question, struct buffer *out, struct error *error);
enum truce_status answer_at(struct truce_register *reg, const struct truce_moment *asked, write_answer *write,
                            const void *question, struct truce_buffer *answer, struct truce_error *error);

/* An object with the moment, the register and its root, and what `write` puts as one value under `key`. */
typedef enum status answer_value(struct truce_register *reg, const struct moment *moment, struct view *view,
                                 const void *question, struct json_writer *w, struct error *error);
enum truce_status answer_value_at(struct truce_register *reg, const struct truce_moment *asked, const char *key,
                                  answer_value *write, const void *question, struct truce_buffer *answer,
                                  struct truce_error *error);

/* What truce_why answers, of a log that ends where the moment's does: "later" is 0. */
MUST_USE enum status answer_why_alone(struct truce_register *reg, const struct truce_moment *asked, struct slice term,
                                      struct slice reading, struct buffer *out, struct error *error);

#endif
