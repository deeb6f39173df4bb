/* What people ask for by names and values, the same at the command line and in an address: the filters of list and
 * GET /records, and the moment of standing and why. Decimal text becomes integers; no floating point is involved. */
#ifndef TRUCE_TELL_ASK_H
#define TRUCE_TELL_ASK_H

#include "truce.h"

/* The value given for `name`, or NULL. It must outlive what is read. */
typedef const char *ask_value(void *context, const char *name);

/* What was wrong: a message in the reader's language with the hole {0} for the value, and the name it was given for. */
struct ask_fault {
    const char *message, *name, *value;
};

/* kind by from to bbox near within text term limit after */
bool ask_query(struct truce_query *out, ask_value *value, void *context, struct ask_fault *fault);
/* after: 0 if it is not given */
bool ask_after(uint64_t *out, ask_value *value, void *context, struct ask_fault *fault);
/* from: when a shift began */
bool ask_from(bool *has, int64_t *out, ask_value *value, void *context, struct ask_fault *fault);
/* as-of known */
bool ask_moment(struct truce_moment *out, ask_value *value, void *context, struct ask_fault *fault);
/* agreement term reading party from to; the days as they are written in a calendar */
bool ask_days(struct truce_days *out, ask_value *value, void *context, struct ask_fault *fault);

#endif
