/* A moment by the clocks of the place: zones stand in agreements, with their offsets (spec/terms.md), and no zone
 * database is asked, as evaluation asks none. */
#ifndef TRUCE_TELL_ZONE_H
#define TRUCE_TELL_ZONE_H

#include "tell/records.h"

/* The agreement's only zone, its key its name; without an agreement that of all agreements there are, where they name
 * the same. NULL where there is none, or several. */
const struct json *zone_of(struct records *records, const struct json *agreement);
/* How far its clocks are ahead of UTC then, in seconds. */
int64_t zone_ahead(const struct json *zone, int64_t at);

#endif
