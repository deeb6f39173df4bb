/* Addresses of this site: a path and a query, put together from parts that are percent-encoded one by one. They begin
 * with a single "/" (or are a place in the same page, "#…"), so nothing that others wrote becomes a scheme, a host or
 * another path. */
#ifndef TRUCE_PAGE_ADDRESS_H
#define TRUCE_PAGE_ADDRESS_H

#include "base/buffer.h"

struct address {
    struct buffer text;
    bool asks; /* a query has begun */
    bool lost; /* a part that cannot stand in a path: the address leads nowhere and is left out */
};

/* `path` is the program's own: "/records", or "" where only a place in the page follows. */
void address_open(struct address *address, const char *path);
void address_clear(struct address *address); /* works with OWN() */

void address_part(struct address *address, struct slice part); /* one more step of the path, before any query */
void address_ask(struct address *address, const char *name, struct slice value);
void address_place(struct address *address, const char *prefix, struct slice id); /* "#", prefix, id: the last */

/* RFC 3986's unreserved characters, and those of `besides`, stand as they are; all else is escaped. */
void address_encode(struct buffer *out, struct slice text, const char *besides);

/* An address that came from outside, encoded: taken apart and put together anew, without the names of `without` (ended
 * by NULL) in its query. */
void address_again(struct address *address, const char *path, const char *query, const char *const *without);

/* Calls `pair` for each pair of an encoded query: decoded, valid UTF-8; others are passed over. */
typedef void address_pair(void *context, struct slice name, struct slice value);
void address_pairs(const char *query, address_pair *pair, void *context);

#endif
