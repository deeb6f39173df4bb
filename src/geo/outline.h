/* The outline of what lies within a distance of a line, for drawing: whether a place is within it is judged by
 * geo_line_distance_mm and its like, never by this. */
#ifndef TRUCE_GEO_OUTLINE_H
#define TRUCE_GEO_OUTLINE_H

#include "geo/geo.h"

enum outline_side { OUTLINE_BOTH, OUTLINE_LEFT, OUTLINE_RIGHT };
enum { OUTLINE_STEPS = 8 }; /* of a quarter of a circle */

/* At most so many points for a line of `count`. */
static inline size_t outline_points(size_t count)
{
    return 8 * count + 4 * OUTLINE_STEPS + 8;
}

/* The ring around what lies within `reach_mm` of a line of two or more points, on one side of it or both, round at its
 * ends; a side ends where the line would go straight on. Returns how many points were written; `out` has room for
 * outline_points(count). Where two points are the same the second is passed over; 0 if all are. */
size_t geo_outline(const struct point *line, size_t count, int64_t reach_mm, enum outline_side side, struct point *out);

/* The middle direction of the left side, seen along the line from its first point to its last: an eighth of the
 * compass, 0 for north, 1 for north-east … */
unsigned geo_left_faces(const struct point *line, size_t count);

#endif
