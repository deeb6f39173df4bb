/* What the list of convoys and protected sites and the page of one have in common. */
#ifndef TRUCE_PAGE_ACCESS_H
#define TRUCE_PAGE_ACCESS_H

#include "page/told.h"

bool access_is_site(const struct json *access);
/* The state as a shape and a word, since when, and whose record says so. */
void access_put_state(struct sheet *sheet, const struct json *access);
/* Where it is, as far as that is told. */
void access_put_where(struct sheet *sheet, const struct json *access);
/* How many confirmed, how often somebody tried, with how many silence lasts: leads to those records. */
void access_put_counts(struct sheet *sheet, const struct json *access);
/* A site asks near its end: renew, move, erase. */
bool access_asks(const struct json *access);
void access_put_asks(struct sheet *sheet, const struct json *access);
/* Where a notice of it is filed. */
void access_put_notify(struct sheet *sheet, const struct json *access);

#endif
