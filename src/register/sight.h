/* What the register sees of its log: the facts that evaluation reads. Those of the whole log are kept from one question
 * to the next, so that a new record costs what it touches; any earlier prefix is seen afresh and forgotten. */
#ifndef TRUCE_REGISTER_SIGHT_H
#define TRUCE_REGISTER_SIGHT_H

#include "register/register.h"
#include "terms/terms.h"

struct sight;
MUST_USE enum status sight_open(struct sight **out, struct error *error);
void sight_close(struct sight **sight);

/* One question's look. */
struct look {
    struct moment moment;
    struct view *view;
    struct sight *held; /* the kept one, until look_end; or NULL: a view of its own */
};
MUST_USE enum status look_begin(struct truce_register *reg, const struct truce_moment *asked, struct look *out,
                                struct error *error);
void look_end(struct look *look);

#endif
