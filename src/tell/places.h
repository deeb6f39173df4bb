/* Places by the words that people have for them: those that agreements and areas give a name, coordinates, and what an
 * observer has who heard something: "040° 5-7 km from TEAM SITE", in either language and either digits. */
#ifndef TRUCE_TELL_PLACES_H
#define TRUCE_TELL_PLACES_H

#include "base/buffer.h"
#include "tell/records.h"

enum { PLACES_MOST = 512 };

struct place_known {
    struct slice id, name;    /* name: in the reader's language, or the id */
    const struct json *where; /* point, line, polygon … as it was signed */
};

/* The newest of each name; at most `room`. */
size_t places_known(struct records *records, struct place_known *out, size_t room);
/* The one that is meant, however it was spelled; or NULL. */
const struct place_known *places_meant(const struct place_known *places, size_t count, struct slice typed);

/* What was typed, taken apart. Distances are metres. */
struct place_typed {
    enum { PLACE_AT_POINT, PLACE_AT_BEARING, PLACE_BY_NAME } way;
    int32_t lat_e7, lon_e7; /* of PLACE_AT_POINT */
    int degrees;
    int64_t least_m, most_m;
    struct slice from; /* of PLACE_AT_BEARING: a name or coordinates */
};
/* Any text is a name if it is nothing else; false for none, and for a bearing that makes no sense. */
MUST_USE bool places_read(struct place_typed *out, struct slice text);

/* What was typed as the `where` of a record, its words kept beside a bearing. Relaxed JSON as it is ({…}) passes.
 * STATUS_REFUSED with place-form, place-unknown or place-not-a-point. */
MUST_USE enum status places_write(struct buffer *where, const struct place_known *places, size_t count,
                                  struct slice text, struct error *error);

#endif
