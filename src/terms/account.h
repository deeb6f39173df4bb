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

/* Records that tell events and that links, whoever's, have to do with each other. */
struct cluster {
    struct entries roots; /* that count, in order */
    struct entries links; /* that name any of them, in order; those too that do not count */
    size_t *parent;       /* once joined: with whom each root is one event */
};
/* Around what this record tells of; false: memory is out. */
bool cluster_find(const struct view *view, const struct entry *entry, struct cluster *out);
void cluster_clear(struct cluster *cluster);
/* Which of the roots are one event for a reading; false: memory is out. */
bool cluster_join(const struct matter *matter, const struct reading *reading, struct cluster *cluster);
size_t cluster_top(const struct cluster *cluster, size_t i); /* the first of those that i is one with */
/* Does the link count, say that word, and does the reading follow its author's? */
bool links_so(const struct matter *matter, const struct reading *reading, const struct entry *link, const char *word);

/* Walks the events of a reading in the order of their first records, including those that it does not use. */
typedef void event_visit(void *context, const struct event *event);
void account_walk(const struct matter *matter, size_t reading, event_visit *visit, void *context);

#endif
