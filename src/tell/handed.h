/* What became of what was written or handed in here, in the words that the command line and pages share. */
#ifndef TRUCE_TELL_HANDED_H
#define TRUCE_TELL_HANDED_H

#include "json/json.h"
#include "tell/words.h"

/* A line of truce_outbox: its receipt level, or what waits and why. A sentence's part, without a stop. */
void outbox_words(struct buffer *out, const struct json *line);

/* What a state of truce_promises means, for TR; {0} is the place of the evidence. NULL: there is none of that name. */
const char *promise_words(struct slice state);
/* The same of truce_arrivals. */
const char *arrival_words(struct slice state);

#endif
