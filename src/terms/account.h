/* One reading's account of what happened, kept up as records come: which records make one event, and which terms each
 * event answers. */
#ifndef TRUCE_TERMS_ACCOUNT_H
#define TRUCE_TERMS_ACCOUNT_H

#include "terms/trial.h"

/* May this record hang on that one: a claim, finding or response on what it speaks of? */
bool hangs_on(const struct entry *entry, const struct entry *target);
/* Adds all that counts and hangs on these records, and puts them in order. */
void event_hang(const struct view *view, struct entries *roots);
/* The event of these records, for a reading. NULL: memory is out. */
struct event *event_make(struct matter *matter, const struct reading *reading, const struct entries *all);

bool accounts_open(struct matter *matter); /* after the trials were made */
void accounts_close(struct matter *matter);
/* Everything that counts, from the beginning. */
void accounts_hear_all(struct matter *matter);
/* A record that tells of events, or links them, came to count or ceased to. */
void accounts_hear(struct matter *matter, const struct entry *entry);

/* Walks the events of a reading in the order of their first records, including those that it does not use. */
typedef void event_visit(void *context, const struct event *event);
void account_walk(const struct matter *matter, size_t reading, event_visit *visit, void *context);

#endif
