/* What a host said of records that were handed in to it. A promise is kept, one file each in peers/promises, until a
 * signed head shows the entry in its place, or shows that it is not there: then promise and head become evidence. A
 * signed refusal is evidence from the beginning. */
#ifndef TRUCE_REGISTER_PROMISES_H
#define TRUCE_REGISTER_PROMISES_H

#include "register/register.h"

/* The note that a line of receipts or refusals has in this member, appended. It has newlines, which no string of a
 * record may have, so that no tree is read; of escapes it can only need these. False where there is none. */
MUST_USE bool said_note(struct slice line, const char *member, struct buffer *out);

/* Is what stands in this file a promise of this log's key? */
MUST_USE enum status promise_check(struct truce_register *reg, const char *path, struct error *error);

#endif
