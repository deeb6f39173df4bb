/* Where the records of an event say it was, to scale: a circle for each place as far as it may be wrong, north, and a
 * bar. Nothing beneath it: no map is needed, and no border is drawn. */
#ifndef TRUCE_PAGE_SKETCH_H
#define TRUCE_PAGE_SKETCH_H

#include "page/sheet.h"

/* `members` as truce_incident gives them; each bears its number in that list. False: none of them tells where. */
bool sketch_put(struct sheet *sheet, const struct json *members);

#endif
