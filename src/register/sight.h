/* What the register sees of its log: the facts that evaluation reads. Those of the whole log are kept from one question
 * to the next, so that a new record costs what it touches; so are those of the earlier prefix that was asked for last.
 */
#ifndef TRUCE_REGISTER_SIGHT_H
#define TRUCE_REGISTER_SIGHT_H

#include "json/write.h"
#include "register/register.h"
#include "terms/terms.h"

#include <pthread.h>

struct sight;
MUST_USE enum status sight_open(struct sight **out, struct error *error);
/* Keeps the facts in a file, if that is worth it: `reg` is the register, its log still open. */
void sight_close(struct sight **sight, struct truce_register *reg);

/* One question's look. */
struct look {
    struct moment moment;
    struct view *view;
    pthread_mutex_t *held; /* of a kept view, until look_end; or NULL: a view of its own */
};
MUST_USE enum status look_begin(struct truce_register *reg, const struct truce_moment *asked, struct look *out,
                                struct error *error);
void look_end(struct look *look);

/* ---- what every answer says of itself (answer.c), in the order of keys: as_of … later; register; root */
void answer_put_moment(struct truce_register *reg, const struct moment *moment, struct json_writer *w);
void answer_put_register(struct truce_register *reg, struct json_writer *w);
MUST_USE enum status answer_put_root(struct truce_register *reg, uint64_t size, struct json_writer *w,
                                     struct error *error);

/* ---- one entry after the other */
struct seen {
    struct record_id id; /* zero if it is no record */
    int64_t received_ms;
};
MUST_USE enum status sight_entry(struct truce_register *reg, uint64_t index, struct seen *out, struct error *error);
/* A view of one's own, of the first `size` entries; and the next entry into it. */
MUST_USE enum status sight_own(struct truce_register *reg, uint64_t size, struct view **out, struct error *error);
MUST_USE enum status sight_add(struct truce_register *reg, struct view *view, struct error *error);

/* ---- facts kept beside the log (kept.c), which may be deleted at any time */

/* Those of some prefix of at most `most` entries, or NULL. Members are known up to it through the index. */
struct view *kept_read(struct truce_register *reg, uint64_t most);
void kept_write(struct truce_register *reg, const struct view *view); /* as well as it can */

#endif
