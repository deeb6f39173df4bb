/* The pieces of the page of map and timeline. Each works without a script and on paper. */
#ifndef TRUCE_PAGE_MAP_H
#define TRUCE_PAGE_MAP_H

#include "page/sheet.h"

/* The records of the answer in the order of time. */
struct drawn {
    const struct json **record;
    size_t count;
    struct arena arena;
};

/* One strip for each line that an agreement measures from (strip.c). */
void strips_put(struct sheet *sheet, const struct json *answer, const struct drawn *drawn);
/* What is within what of it; a name of the agreement's, in its own words. */
void strip_metres(struct sheet *sheet, int64_t metres);
void map_place_name(struct sheet *sheet, const struct json *agreement, struct slice place);
/* The same by the agreement that has it, of those in the answer. */
void map_named(struct sheet *sheet, const struct json *answer, struct slice place);

/* Days by kinds of records (timeline.c). */
void timeline_put(struct sheet *sheet, const struct json *answer, const struct drawn *drawn);

bool drawn_times(const struct json *record, int64_t *from, int64_t *to);

#endif
