/* The agreements in front of the log, heard and kept up as records come. What is heard costs what it touches; a record
 * that governs others (a standing act, a designation, whom a party answers for, an area, a text) makes its agreement be
 * heard anew from the facts. */
#ifndef TRUCE_TERMS_COURT_H
#define TRUCE_TERMS_COURT_H

#include "terms/facts.h"

/* ---- for taking facts out of what was kept (keep.c) */
MUST_USE enum status view_grow(struct view *view, struct error *error); /* by a block of entries */
MUST_USE enum status view_known(struct view *view, struct entry *entry, struct error *error);
MUST_USE enum status view_body(struct view *view, const struct json *body, const struct json **out,
                               struct error *error);
MUST_USE enum status view_rooms(struct view *view, size_t mentions, size_t awaited, struct error *error);
MUST_USE enum status view_await_again(struct view *view, size_t mentions, size_t awaited, struct error *error);
size_t view_awaited_size(void);

struct court;
void court_close(struct court **court);

#endif
